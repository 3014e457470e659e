"""Everything geolyft raises or warns: one family, stable codes.

A message says what, how much, and the way out, and never shows a person's data.
"""

from __future__ import annotations

from typing import ClassVar, Final

CODES: Final[dict[str, str]] = {}
"""Every stable code and what it means; the page of errors in docs/ is made from it."""


class GeolyftWarning(UserWarning):
    """Something the reader of the result has to know, though the work went on."""


class GeolyftError(Exception):
    """A refusal: the input, the request or the destination has to change.

    Parameters
    ----------
    code
        Stable, documented in ``CODES``; scripts may rely on it.
    what
        What is wrong and how much of it, with values cut short and never personal.
    remedy
        The way out, as an instruction.
    where
        File, row and column as far as they are known.

    Examples
    --------
    >>> str(GeolyftError("join-outside", "40 of 40 points fall outside every area",
    ...                  remedy="check the CRS", where="residents.csv"))
    'residents.csv: 40 of 40 points fall outside every area; check the CRS'
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, what: str, *, remedy: str, where: str = "") -> None:
        self.code = code
        self.what = what
        self.remedy = remedy
        self.where = where
        super().__init__(f"{where}: {what}; {remedy}" if where else f"{what}; {remedy}")


class ReadError(GeolyftError):
    """A file cannot be understood, or is understood and not acceptable."""


class AreaError(GeolyftError):
    """Polygons, codes or crosswalks that cannot carry statistics."""


class JoinError(GeolyftError):
    """Points or totals that cannot be placed on the areas."""


class CatalogueError(GeolyftError):
    """An indicator catalogue that contradicts itself."""


class ConfigError(GeolyftError):
    """A run file that cannot be run."""


class IndexComputationError(GeolyftError):
    """An index that is not defined for these numbers."""


class DisclosureError(GeolyftError):
    """Refused: publishing this could reveal something about a person."""

    exit_code: ClassVar[int] = 3


class OutputError(GeolyftError):
    """The delivery could not be written; nothing is left at its final path."""

    exit_code: ClassVar[int] = 4


def brief(value: object, limit: int = 30) -> str:
    """Cut a value short for a message.

    Examples
    --------
    >>> brief("Möllevången")
    "'Möllevången'"
    >>> brief("x" * 50, limit=5)
    "'xxxxx…'"
    """
    text = str(value)
    return repr(text if len(text) <= limit else text[:limit] + "…")

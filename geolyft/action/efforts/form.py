"""The register's tables as ``form.toml`` declares them: one form to read, check and write by."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.indicators.catalogue import Catalogue

Kind = Literal["text", "choice", "list", "date", "clock", "share", "amount"]
EFFORTS: Final = "insatser"
PLACES: Final = "platser"
TIMES: Final = "tider"
KEY: Final = "rad_id"
"""The key of a row of efforts, which places and times name."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the register; its keys are explained in ``form.toml``."""

    name: str
    kind: Kind
    sv: str
    en: str
    required: bool = False
    free: bool = False
    choices: tuple[str, ...] = ()
    catalogue: Literal["dimension", "indicator"] | None = None

    def values(self, catalogue: Catalogue) -> dict[str, str]:
        """Return what a cell may hold, small letters to the value that is kept.

        Dimensions may be given by their names too.

        Examples
        --------
        >>> from geolyft.indicators.catalogue import load_catalogue
        >>> theme = tables()["insatser"]["tema"].values(load_catalogue())
        >>> theme["trygghet"], theme["boende"], "hälsa" in theme
        ('trygghet', 'boende', False)
        """
        known = {each.casefold(): each for each in self.choices}
        if self.catalogue == "dimension":
            for each in catalogue.dimensions:
                known |= {text.casefold(): each.code for text in (each.name, each.code)}
        if self.catalogue == "indicator":
            known |= {code.casefold(): code for code in catalogue.codes}
        return known


@cache
def tables() -> Mapping[str, Mapping[str, Column]]:
    """Return the columns of each table, in order.

    Examples
    --------
    >>> list(tables()), list(tables()["tider"])[:2]
    (['insatser', 'platser', 'tider'], ['rad_id', 'veckodag'])
    """
    text = files(__package__).joinpath("form.toml").read_text(encoding="utf-8")
    return {
        table: {name: _column(name, form) for name, form in columns.items()}
        for table, columns in tomllib.loads(text).items()
    }


def _column(name: str, form: dict[str, object]) -> Column:
    choices = form.pop("choices", [])
    if not isinstance(choices, list):
        raise TypeError(f"choices of {name} are no list")
    return Column(name=name, choices=tuple(map(str, choices)), **form)  # type: ignore[arg-type]

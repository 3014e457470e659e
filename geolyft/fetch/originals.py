"""The publishers' original boundaries, downloaded when asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from geolyft.divisions.areas import declared
from geolyft.errors import AreaError, brief
from geolyft.fetch.cache import Fetched, Wanted, keep

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

MALMO: Final = "1280"
"""The municipality whose areas are asked of SCB by default."""

BASE_URLS: Final[dict[str, str]] = {
    "malmo": "https://opendata-api.malmo.se",
    "scb": "https://geodata.scb.se",
    "val": "https://www.val.se",
}
"""Each publisher's server."""

_MAGIC: Final = {"gpkg": b"SQLite format 3\x00", "zip": b"PK\x03\x04"}


@dataclass(frozen=True, kw_only=True)
class Original:
    """One file a publisher offers.

    Parameters
    ----------
    title, publisher, licence
        What it is, whose (a key of ``BASE_URLS``), and on which terms.
    path
        The address on the publisher's server. ``{filter}`` stands for one municipality.
    page
        Where a person finds it by hand.
    listed
        The path answers with CKAN's description of the data set, which holds the file's address.
    """

    title: str
    publisher: str
    licence: str
    path: str
    kind: Literal["gpkg", "zip"]
    page: str
    listed: bool = False


ORIGINALS: Final[dict[str, Original]] = {
    name: Original(**form) for name, form in declared("original").items()
}
"""What can be fetched, by name."""


def fetch(
    names: Sequence[str] = (),
    *,
    cache: str | os.PathLike[str] | None = None,
    base_urls: Mapping[str, str] | None = None,
    update: bool = False,
    kommun: str | None = MALMO,
) -> list[Fetched]:
    """Download the publishers' originals, or find them in the cache.

    Parameters
    ----------
    names
        Keys of ``ORIGINALS``; all of them by default.
    cache
        Folder to keep them in; by default the user's cache folder.
    base_urls
        Other servers than ``BASE_URLS``, for a mirror.
    update
        Download again, and accept a file the publisher has changed.
    kommun
        Ask SCB for this municipality only; None asks for the whole country.

    Returns
    -------
    list[Fetched]
        One per name, in the order asked for.

    Raises
    ------
    AreaError
        ``fetch-name``, ``fetch-extra``, ``fetch-network``, ``fetch-content``, ``fetch-changed`` or
        ``fetch-register``. Nothing half-written is left, and what was cached stays.

    Examples
    --------
    >>> from geolyft.errors import AreaError
    >>> try:
    ...     fetch(["regso2018"])
    ... except AreaError as refusal:
    ...     refusal.remedy
    'choose among delomraden, deso2025, regso2025, valdistrikt2022'
    """
    unknown = [name for name in names if name not in ORIGINALS]
    if unknown:
        what = f"no original is called {brief(unknown[0])}"
        raise AreaError("fetch-name", what, remedy=f"choose among {', '.join(ORIGINALS)}")
    if kommun is not None and not (kommun.isascii() and kommun.isdecimal()):
        what = f"{brief(kommun)} is no municipality code"
        raise AreaError("fetch-name", what, remedy="give four digits, such as 1280")
    bases = {**BASE_URLS, **(base_urls or {})}
    kept = {
        name: keep(_wanted(name, bases[ORIGINALS[name].publisher], kommun), cache, update=update)
        for name in names or ORIGINALS
    }
    return [replace(one, name=name) for name, one in kept.items()]


def _wanted(name: str, base: str, kommun: str | None) -> Wanted:
    original = ORIGINALS[name]
    one = kommun is not None and "{filter}" in original.path
    wish = quote(f"kommunkod='{kommun}'", safe="")
    return Wanted(
        title=original.title,
        page=original.page,
        file=f"{name}{f'_{kommun}' if one else ''}.{original.kind}",
        url=base + original.path.replace("{filter}", f"&CQL_FILTER={wish}" if one else ""),
        kind=original.kind,
        begins=(_MAGIC[original.kind],),
        update=f"geolyft boundaries fetch {name} --update",
        listed=_in_metres if original.listed else None,
    )


def _in_metres(listing: bytes) -> str | None:
    """Return the address of the GeoPackage in a CKAN listing, in metres where there are several."""
    try:
        resources = json.loads(listing)["result"]["resources"]
        fitting = [str(r["url"]) for r in resources if str(r["url"]).endswith(".gpkg")]
    except (ValueError, KeyError, TypeError):
        return None
    # The city offers the same in degrees; metres are what the rest of geolyft needs.
    return min(fitting, key=lambda address: ("3008" not in address, address), default=None)

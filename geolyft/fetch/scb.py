"""A table of SCB's statistical database, as its programming interface (PxWebApi 2) gives it."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, Literal, get_args
from urllib.parse import quote, urlencode

from geolyft.errors import AreaError, brief
from geolyft.fetch.cache import Fetched, Wanted, keep

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

API: Final = "https://statistikdatabasen.scb.se/api/v2"
"""SCB's server."""

Kind = Literal["json", "px", "csv", "xlsx"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_ASKED_AS: Final[dict[Kind, str]] = {"json": "json-stat2", "px": "px", "csv": "csv", "xlsx": "xlsx"}
_BEGINS: Final[dict[Kind, tuple[bytes, ...]]] = {
    "json": (b"{",),
    "px": (b"CHARSET", b"AXIS-VERSION"),
    "csv": (b'"', b'\xef\xbb\xbf"'),
    "xlsx": (b"PK\x03\x04",),
}
_TABLE: Final = re.compile(r"TAB[0-9]{1,8}")
_NAME: Final = re.compile(r"[A-Za-z0-9ÅÄÖåäö_-]{1,80}")


def fetch_table(
    table: str,
    *,
    select: Mapping[str, Sequence[str]],
    kind: Kind = "json",
    name: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    update: bool = False,
    api: str = API,
) -> Fetched:
    """Download a table of SCB's, or find it in the cache; its query stands in the register.

    Parameters
    ----------
    table
        Its number, such as ``TAB6638``.
    select
        For each variable its values; ``1280*`` is every region of Malmö. What SCB does with a
        variable that is not named, its own page of the table says.
    kind
        JSON-stat 2 says most of what its figures are, and is read as it is.
    name
        What to call the file, without its ending; by default the table and a few signs of the
        query.
    cache
        Folder to keep it in; by default the user's cache folder.
    update
        Download again, and accept a file that SCB has changed, or another query under this name.
    api
        Another server than ``API``.

    Raises
    ------
    AreaError
        ``fetch-name`` for what is no table, variable or file name, ``fetch-changed`` also for a
        name that another query has; and as `geolyft.fetch.cache.keep`.

    Examples
    --------
    >>> from geolyft.errors import AreaError
    >>> try:
    ...     fetch_table("Befolkning", select={"Region": ["1280*"]})
    ... except AreaError as refusal:
    ...     refusal.remedy
    'give the number that SCB shows beside the table, such as TAB6638'
    """
    if not _TABLE.fullmatch(table):
        remedy = "give the number that SCB shows beside the table, such as TAB6638"
        raise AreaError("fetch-name", f"{brief(table)} is no table of SCB's", remedy=remedy)
    if not select or not all(v and values and all(values) for v, values in select.items()):
        remedy = "name variables and their values, such as Region=1280* and Tid=2025"
        raise AreaError("fetch-name", "nothing of the table is asked for", remedy=remedy)
    wishes = [(f"valueCodes[{v}]", ",".join(values)) for v, values in sorted(select.items())]
    query = urlencode(
        [("lang", "sv"), ("outputFormat", _ASKED_AS[kind]), *wishes], safe="*,", quote_via=quote
    )
    url = f"{api}/tables/{table}/data?{query}"
    name = name or f"{table}_{hashlib.sha256(query.encode()).hexdigest()[:8]}"
    if not _NAME.fullmatch(name):
        remedy = "use letters, digits, _ and -"
        raise AreaError("fetch-name", f"{brief(name)} is no name of a file", remedy=remedy)
    return keep(_wanted(table, url, name, kind), cache, update=update)


def _wanted(table: str, url: str, name: str, kind: Kind) -> Wanted:
    return Wanted(
        title=f"SCB's table {table}",
        page=f"https://www.statistikdatabasen.scb.se ({table})",
        file=f"{name}.{kind}",
        url=url,
        kind=kind,
        begins=_BEGINS[kind],
        update="the same command with --update",
    )

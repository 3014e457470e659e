"""The publishers' original boundaries, downloaded when asked, kept and checksummed.

The only part of geolyft that uses the network. A file once fetched is used as it is; its SHA-256
stands in ``register.json`` beside it, and other bytes under the same name are refused until the
caller says ``update``.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote, urlsplit

from geolyft.divisions.areas import declared
from geolyft.errors import AreaError, brief
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MALMO: Final = "1280"
"""The municipality whose areas are asked of SCB by default."""

TIMEOUT: Final = (10, 120)
"""Seconds to wait for a connection, and for the next bytes."""

BASE_URLS: Final[dict[str, str]] = {
    "malmo": "https://opendata-api.malmo.se",
    "scb": "https://geodata.scb.se",
    "val": "https://www.val.se",
}
"""Each publisher's server."""

_MAGIC: Final = {"gpkg": b"SQLite format 3\x00", "zip": b"PK\x03\x04"}
_REGISTER: Final = "register.json"


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


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An original in the cache."""

    name: str
    path: Path
    sha256: str
    url: str


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
    folder = Path(cache) if cache is not None else _user_cache()
    bases = {**BASE_URLS, **(base_urls or {})}
    return [
        _fetch_one(name, folder, bases[ORIGINALS[name].publisher], update=update, kommun=kommun)
        for name in names or ORIGINALS
    ]


def _fetch_one(name: str, folder: Path, base: str, *, update: bool, kommun: str | None) -> Fetched:
    original = ORIGINALS[name]
    one = kommun is not None and "{filter}" in original.path
    target = folder / f"{name}{f'_{kommun}' if one else ''}.{original.kind}"
    wish = quote(f"kommunkod='{kommun}'", safe="")
    url = base + original.path.replace("{filter}", f"&CQL_FILTER={wish}" if one else "")
    known = _read_register(folder).get(target.name)
    if target.is_file() and not update:
        known = known or _adopt(original, target)
        if _sha256(target) == known["sha256"]:
            return Fetched(name=name, path=target, sha256=known["sha256"], url=known["url"])
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename and nothing is ever half there.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
        if original.listed:
            url = _listed_url(url, Path(scratch) / "listing", original, target)
        part = Path(scratch) / "part"
        _download(url, part, original, target)
        _check_content(part, original, target)
        digest = _sha256(part)
        if known and not update and digest != known["sha256"]:
            raise _changed(name, target, known)
        part.replace(target)
    _write_register(folder, target.name, {"sha256": digest, "url": url})
    return Fetched(name=name, path=target, sha256=digest, url=url)


def _adopt(original: Original, target: Path) -> dict[str, str]:
    """Register a file that a person downloaded and put in the cache."""
    _check_content(target, original, target)
    entry = {"sha256": _sha256(target), "url": original.page}
    _write_register(target.parent, target.name, entry)
    return entry


def _download(url: str, part: Path, original: Original, target: Path) -> None:
    pooch, requests = _optional("pooch"), _optional("requests")
    # Not streamed: a few megabytes, and pooch leaves a streamed connection open when it fails.
    download = pooch.HTTPDownloader(timeout=TIMEOUT, chunk_size=1 << 16, stream=False)
    try:
        download(url, str(part), None)
    except requests.RequestException as failure:
        response = getattr(failure, "response", None)
        reason = f"status {response.status_code}" if response is not None else _kind(failure)
        what = f"{urlsplit(url).hostname} did not deliver {original.title} ({reason})"
        raise AreaError("fetch-network", what, remedy=_by_hand(original, target)) from None


def _kind(failure: Exception) -> str:
    name = type(failure).__name__
    return {
        "ConnectionError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "ChunkedEncodingError": "the download broke off",
    }.get(name, name)


def _by_hand(original: Original, target: Path) -> str:
    return (
        f"try again later, or open {original.page}, download it as {original.kind} and put it at "
        f"{target}"
    )


def _listed_url(url: str, listing: Path, original: Original, target: Path) -> str:
    _download(url, listing, original, target)
    try:
        resources = json.loads(listing.read_bytes())["result"]["resources"]
        fitting = [str(r["url"]) for r in resources if str(r["url"]).endswith(".gpkg")]
    except (ValueError, KeyError, TypeError):
        fitting = []
    # The city offers the same in degrees; metres are what the rest of geolyft needs.
    metric = sorted(fitting, key=lambda address: ("3008" not in address, address))
    if not metric or urlsplit(metric[0]).scheme not in ("http", "https"):
        what = f"{urlsplit(url).hostname} lists no GeoPackage of {original.title}"
        raise AreaError("fetch-content", what, remedy=_by_hand(original, target))
    return metric[0]


def _check_content(part: Path, original: Original, target: Path) -> None:
    magic = _MAGIC[original.kind]
    with part.open("rb") as file:
        start = file.read(len(magic))
    if start != magic:
        # A WFS answers a request it does not like with XML and status 200.
        what = f"what came for {original.title} is no {original.kind} file"
        raise AreaError("fetch-content", what, remedy=_by_hand(original, target))


def _changed(name: str, target: Path, known: Mapping[str, str]) -> AreaError:
    return AreaError(
        "fetch-changed",
        f"the publisher's file is not the one fetched {known.get('fetched', 'before')} "
        f"(SHA-256 {known['sha256'][:12]}…)",
        remedy=f"look at what changed, then: geolyft boundaries fetch {name} --update",
        where=target.name,
    )


def _read_register(folder: Path) -> dict[str, dict[str, str]]:
    register = folder / _REGISTER
    if not register.is_file():
        return {}
    try:
        known: dict[str, dict[str, str]] = json.loads(register.read_text(encoding="utf-8"))
        if all(isinstance(entry["sha256"] + entry["url"], str) for entry in known.values()):
            return known
    except (ValueError, AttributeError, KeyError, TypeError):
        pass
    what = "is not the register of fetched files"
    remedy = "move it away; the files are then fetched and registered anew"
    raise AreaError("fetch-register", what, remedy=remedy, where=str(register.name))


def _write_register(folder: Path, file: str, entry: dict[str, str]) -> None:
    today = datetime.now(tz=UTC).date().isoformat()
    known = _read_register(folder) | {file: {**entry, "fetched": today}}
    text = json.dumps(known, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    handle, part = tempfile.mkstemp(dir=folder, prefix=".register-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(part).replace(folder / _REGISTER)


def _sha256(path: Path) -> str:
    return str(_optional("pooch").file_hash(str(path), alg="sha256"))


def _user_cache() -> Path:
    return Path(str(_optional("pooch").os_cache("geolyft")))


def _optional(module: str) -> Any:  # noqa: ANN401 - modules that may be absent have no type
    return optional(
        module,
        "fetch",
        error=AreaError,
        code="fetch-extra",
        what="downloading needs the optional package pooch",
        remedy="pip install 'geolyft[fetch]'",
    )

"""A publisher's file, downloaded when asked, kept, and checksummed.

A file once fetched is used as it is; its SHA-256 stands in ``register.json`` beside it, and other
bytes under the same name are refused until the caller says ``update``.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geolyft.errors import AreaError, OutputError
from geolyft.optional import optional

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

TIMEOUT: Final = (10, 120)
"""Seconds to wait for a connection, and for the next bytes."""

_REGISTER: Final = "register.json"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A publisher's file in the cache."""

    name: str
    path: Path
    sha256: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file that is to be in the cache.

    Parameters
    ----------
    title, page
        What it is, and where a person finds it by hand.
    file
        Its name in the cache.
    url
        Its address.
    kind, begins
        What it has to be, and the bytes that such a file can begin with.
    update
        The command that accepts a file which the publisher has changed.
    listed
        Reads the file's own address out of what lies at `url`, if that is a list of files.
    """

    title: str
    page: str
    file: str
    url: str
    kind: str
    begins: tuple[bytes, ...]
    update: str
    listed: Callable[[bytes], str | None] | None = None


def keep(wanted: Wanted, cache: str | os.PathLike[str] | None, *, update: bool) -> Fetched:
    """Return a file of the cache, downloaded where it is not there yet.

    Raises
    ------
    AreaError
        ``fetch-extra``, ``fetch-network``, ``fetch-content``, ``fetch-changed`` or
        ``fetch-register``. Nothing half-written is left, and what was cached stays.
    OutputError
        ``output-write``.
    """
    folder = Path(cache) if cache is not None else _user_cache()
    with _refused(folder.name):
        return _kept(wanted, folder, update=update)


@contextmanager
def _refused(where: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        what = f"the folder of fetched files cannot be used ({problem.strerror or 'disk error'})"
        remedy = "check free space and rights, or choose another --cache"
        raise OutputError("output-write", what, remedy=remedy, where=where) from problem


def _kept(wanted: Wanted, folder: Path, *, update: bool) -> Fetched:
    target = folder / wanted.file
    known = _read_register(folder).get(target.name)
    if target.is_file() and not update:
        known = known or _adopt(wanted, target)
        if wanted.listed is None and known["url"] not in (wanted.url, wanted.page):
            raise _another(wanted, target)
        if _sha256(target) == known["sha256"]:
            return Fetched(name=wanted.file, path=target, sha256=known["sha256"], url=known["url"])
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the last step is a rename and nothing is ever half there.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
        part, url = Path(scratch) / "part", wanted.url
        if wanted.listed is not None:
            url = _listed_url(wanted, wanted.listed, part, target)
        _download(url, part, wanted, target)
        _check_content(part, wanted, target)
        digest = _sha256(part)
        if known and not update and digest != known["sha256"]:
            raise _changed(wanted, target, known)
        part.replace(target)
    _write_register(folder, target.name, {"sha256": digest, "url": url})
    return Fetched(name=wanted.file, path=target, sha256=digest, url=url)


def _adopt(wanted: Wanted, target: Path) -> dict[str, str]:
    """Register a file that a person downloaded and put in the cache."""
    _check_content(target, wanted, target)
    entry = {"sha256": _sha256(target), "url": wanted.page}
    _write_register(target.parent, target.name, entry)
    return entry


def _download(url: str, part: Path, wanted: Wanted, target: Path) -> None:
    pooch, requests = _optional("pooch"), _optional("requests")
    # Not streamed: a few megabytes, and pooch leaves a streamed connection open when it fails.
    download = pooch.HTTPDownloader(timeout=TIMEOUT, chunk_size=1 << 16, stream=False)
    try:
        download(url, str(part), None)
    except requests.RequestException as failure:
        response = getattr(failure, "response", None)
        reason = f"status {response.status_code}" if response is not None else _kind(failure)
        what = f"{urlsplit(url).hostname} did not deliver {wanted.title} ({reason})"
        raise AreaError("fetch-network", what, remedy=_by_hand(wanted, target)) from None


def _kind(failure: Exception) -> str:
    name = type(failure).__name__
    return {
        "ConnectionError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "ChunkedEncodingError": "the download broke off",
    }.get(name, name)


def _by_hand(wanted: Wanted, target: Path) -> str:
    return (
        f"try again later, or open {wanted.page}, download it as {wanted.kind} and put it at "
        f"{target}"
    )


def _listed_url(
    wanted: Wanted, listed: Callable[[bytes], str | None], part: Path, target: Path
) -> str:
    _download(wanted.url, part, wanted, target)
    url = listed(part.read_bytes())
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        what = f"{urlsplit(wanted.url).hostname} lists no {wanted.kind} of {wanted.title}"
        raise AreaError("fetch-content", what, remedy=_by_hand(wanted, target))
    return url


def _check_content(part: Path, wanted: Wanted, target: Path) -> None:
    with part.open("rb") as file:
        start = file.read(max(map(len, wanted.begins)))
    if not start.startswith(wanted.begins):
        # A server may answer a request it does not like with XML and status 200.
        what = f"what came for {wanted.title} is no {wanted.kind} file"
        raise AreaError("fetch-content", what, remedy=_by_hand(wanted, target))


def _changed(wanted: Wanted, target: Path, known: Mapping[str, str]) -> AreaError:
    return AreaError(
        "fetch-changed",
        f"the publisher's file is not the one fetched {known.get('fetched', 'before')} "
        f"(SHA-256 {known['sha256'][:12]}…)",
        remedy=f"look at what changed, then: {wanted.update}",
        where=target.name,
    )


def _another(wanted: Wanted, target: Path) -> AreaError:
    return AreaError(
        "fetch-changed",
        "the file of that name was fetched with another query",
        remedy=f"choose another name, or replace it: {wanted.update}",
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
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
        part = Path(scratch) / _REGISTER
        part.write_text(text, encoding="utf-8")
        part.replace(folder / _REGISTER)


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

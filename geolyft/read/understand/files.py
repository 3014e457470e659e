"""Which file it is and what its first bytes say: nothing is parsed before this has agreed."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyogrio.util import vsi_path

from geolyft.errors import ReadError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_SQLITE_HEADER: Final = 72
_PEEK: Final = 4096

_MAGIC: Final = (
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
    (b"PK\x03\x04", "excel"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"\0\0\x27\x0a", "shapefile"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x89PNG", "a picture's"),
    (b"\xff\xd8\xff", "a picture's"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "old Excel or password-protected"),
)
_GIVE: Final = (
    "give CSV, Excel .xlsx, PX, JSON-stat 2, Parquet, GeoPackage, Shapefile, GeoJSON or "
    "FlatGeobuf, under its own file ending"
)
_WAYS_OUT: Final = {
    "gzip": "unpack it (gunzip) and give what is in it",
    **dict.fromkeys(["zip", "7z", "RAR", "xz", "zstd"], "unpack it and give the file in it"),
    "OpenDocument (.ods)": "save it as .xlsx in the program it came from",
    "old Excel or password-protected": "save it as .xlsx, without a password, in Excel",
}
"""What to do with a file that is whole, and none that is read."""
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument"
_EXPECTED: Final = {
    ".csv": {"csv"},
    ".skv": {"csv"},
    ".tsv": {"csv"},
    ".txt": {"csv"},
    ".px": {"px"},
    ".json": {"json-stat", "geojson"},
    ".geojson": {"geojson"},
    ".parquet": {"parquet"},
    ".geoparquet": {"parquet"},
    ".gpkg": {"geopackage"},
    ".fgb": {"flatgeobuf"},
    ".shp": {"shapefile"},
    ".xlsx": {"excel"},
    ".xlsm": {"excel"},
}
VECTOR: Final = frozenset({"geopackage", "shapefile", "geojson", "flatgeobuf"})
_LONGEST_PATH: Final = 2000
"""Bytes of a path that GDAL and the SQLite in it read; from about 3 000 on they do not."""


def refuse_remote(path: str) -> None:
    """Refuse what is no path of a disk.

    Raises
    ------
    ReadError
        ``read-remote``.
    """
    # Two letters or more before the colon: C:\\ is a drive, everything else a way out of the disk.
    if re.match(r"[A-Za-z][\w+.-]+:[/\\]|[/\\]+vsi", path):
        what = "the path is a URL or one of GDAL's virtual paths"
        remedy = "download or unpack the file and give its path on disk"
        raise ReadError("read-remote", what, remedy=remedy)


def local_file(path: str | os.PathLike[str]) -> Path:
    """Return the path of a readable, non-empty local file, or refuse it."""
    text = os.fspath(path)
    refuse_remote(text)
    file = Path(text)
    where = file.name
    if file.is_dir():
        raise ReadError("read-directory", "is a folder", remedy="name a file in it", where=where)
    if file.exists() and not file.is_file():
        what, remedy = "is no file but a device or a pipe", "write what comes from it to a file"
        raise ReadError("read-format", what, remedy=remedy, where=where)
    if not file.is_file():
        beside = [each.name for each in file.parent.iterdir()] if file.parent.is_dir() else []
        what = "there is no such file" + nearest(file.name, beside)
        raise ReadError("read-missing-file", what, remedy="check the path", where=where)
    if not os.access(file, os.R_OK):
        what = "may not be read by this user"
        remedy = "change its permissions, or close the program that locks it"
        raise ReadError("read-unreadable", what, remedy=remedy, where=where)
    if file.stat().st_size == 0:
        raise ReadError("read-empty", "is empty", remedy="give a file with a table", where=where)
    return file.absolute()


def kind_of(file: Path) -> str:
    """Say what a file is by its content, and refuse one whose name says something else."""
    with file.open("rb") as opened:
        head = opened.read(_PEEK)
    kind = _kind_of_bytes(head, file.suffix.lower())
    allowed = _EXPECTED.get(file.suffix.lower())
    if kind not in (allowed or {kind}) or kind not in set().union(*_EXPECTED.values()):
        named = f"is named {file.suffix} but " if allowed else ""
        what, remedy = f"{named}holds {kind} data", _WAYS_OUT.get(kind, _GIVE)
        raise ReadError("read-format", what, remedy=remedy, where=file.name)
    objection = objection_to(file, longest=_LONGEST_PATH) if kind in VECTOR else ""
    if objection:
        remedy = "move it to a folder with a plain name"
        raise ReadError("read-path", objection, remedy=remedy, where=file.name)
    return kind


def objection_to(path: Path, *, longest: int) -> str:
    """Say what keeps GDAL from an absolute path; nothing where it is taken as it is.

    Examples
    --------
    >>> objection_to(Path("/home/maps/areas.gpkg"), longest=100)
    ''
    >>> objection_to(Path("/home/maps!/areas.gpkg"), longest=100)
    'the path has a sign with a meaning to GDAL, such as ! or ; or a line break'
    """
    try:
        size, taken = len(str(path).encode()), vsi_path(str(path))
    except ValueError:  # no UTF-8, or no address where it looks like one
        size, taken = 0, ""
    if size > longest:
        return f"the path is {size} bytes long, and may be {longest}"
    if size == 0:
        return "the path is no text in UTF-8"
    if taken != str(path):
        return "the path has a sign with a meaning to GDAL, such as ! or ; or a line break"
    return ""


def _kind_of_bytes(head: bytes, suffix: str) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            if kind == "excel":
                return _kind_of_zip(head, suffix)
            return _kind_of_sqlite(head) if kind == "sqlite" else kind
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return "geojson" if re.search(rb'"type"\s*:\s*"Feature', text) else "json-stat"
    if re.match(rb"<[?!A-Za-z]", text):
        return "XML or HTML"
    if suffix == ".px" or re.match(rb"(CHARSET|AXIS-VERSION)\s*=", text):
        return "px"
    return "csv"


def _kind_of_zip(head: bytes, suffix: str) -> str:
    if _OPEN_DOCUMENT in head:
        return "OpenDocument (.ods)"
    if b"word/" in head and b"xl/" not in head:
        return "Word"
    # Of a whole workbook the parts have these names; what else it lacks is told when it is opened.
    is_book = suffix in (".xlsx", ".xlsm") or b"[Content_Types].xml" in head or b"xl/" in head
    return "excel" if is_book else "zip"


def _kind_of_sqlite(head: bytes) -> str:
    # The application id that the GeoPackage standard puts at byte 68.
    return "geopackage" if head[68:_SQLITE_HEADER] in (b"GPKG", b"GP10", b"GP11") else "SQLite"


def sha256_of(file: Path, kind: str) -> str:
    """Return the digest of a file, or of all parts of a shapefile in order of their names."""
    parts = [file]
    if kind == "shapefile":
        parts = sorted(each for each in file.parent.glob(f"{file.stem}.*") if each.is_file())
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


Stamp = tuple[tuple[int, ...], ...]
"""Of each part of a file: its size, when it and what is said of it were written, and its number."""
_TICK: Final = 0.015
"""Seconds within which two writes may bear one time: the system's clock for files ticks slowly."""


def stamp_of(file: Path) -> Stamp:
    """Return the stamp of a file, by which it is known to be what it was.

    A file of this very moment is looked at a tick later: what is written to it after that, be it of
    the same size, has another time. On a disk whose times are coarser, such as FAT's, it may not.
    """
    parts = [file]
    if file.suffix.lower() == ".shp":
        parts = sorted(file.parent.glob(f"{file.stem}.*"))
    age = time.time() - max((part.stat().st_mtime for part in parts), default=0)
    if 0 <= age < _TICK:
        time.sleep(_TICK - age)
    each = [part.stat() for part in parts]
    return tuple((s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for s in each)


def check_unchanged(file: Path, stamp: Stamp | None) -> None:
    """Refuse a file that was written to after it was looked at."""
    try:
        now = stamp_of(file)
    except OSError:
        now = None
    if now != stamp:
        raise changed(file.name)


@contextmanager
def one_state(file: Path) -> Iterator[Stamp]:
    """Read a file, of which all that is read and counted has to be one state.

    Whatever is wrong with one that was written to meanwhile, that is what is said of it.

    Raises
    ------
    ReadError
        ``read-changed``.
    """
    stamp = stamp_of(file)
    try:
        yield stamp
    finally:
        check_unchanged(file, stamp)


def changed(where: str) -> ReadError:
    """Return the refusal of a file that was written to while it was read."""
    remedy = "wait until nothing writes to it, and start again"
    return ReadError("read-changed", "was changed while it was read", remedy=remedy, where=where)

"""A delivery is a folder that is whole or not there: written aside, moved into place at the end."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
import unicodedata
import warnings
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geolyft.errors import GeolyftWarning, OutputError, ReadError, brief
from geolyft.export.aside import folder_aside
from geolyft.read.delivery import MANIFEST, Delivery, sealed, sha256
from geolyft.read.geopackage import content_of, let_go
from geolyft.read.understand.files import objection_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

# 255 bytes is what most disks allow; what is written aside has a longer name.
_LONGEST_NAME: Final = 200
_LONGEST_PATH: Final = 450
"""Bytes: SQLite takes 512, with the names of what is written aside and of its journal."""
_USUAL_MODE: Final = 0o755
_OF_THE_DISK: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    | {sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOLFS}
)
"""What SQLite says of a disk, and not of what it was asked."""
_HELD: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Of Linux's renameat2(2).
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


@contextmanager
def new_delivery(final: Path) -> Iterator[Path]:
    """Give a folder to write in, and move it to `final` when nothing went wrong.

    An earlier delivery at `final` is replaced whole, but for a project or a GeoPackage that
    somebody has worked in since: that is kept beside the new one, under the day of its last change.
    Anything else there is refused before any work is done.

    Raises
    ------
    OutputError
        As `check_destination`; ``output-write`` also when the folder cannot be written.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with new_delivery(Path(folder) / "out") as aside:
    ...         _ = (aside / "a.txt").write_text("a")
    ...     (Path(folder) / "out" / "a.txt").read_text()
    'a'
    """
    check_destination(final)
    final = _absolute(final)
    with writing(final.name):
        final.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(final) as aside:
            yield aside
            _keep_own_work(final, aside)
            settle(aside)
            # The work took its time: what came to `final` meanwhile is somebody's too.
            check_destination(final)
            aside.chmod(stat.S_IMODE(final.stat().st_mode) if final.exists() else _USUAL_MODE)
            _swap(aside, final)


@contextmanager
def new_file(final: Path) -> Iterator[Path]:
    """Give a file to write, and move it to `final` when nothing went wrong.

    Who may read the one that it replaces may read it. Other files that are written in the draft's
    folder are gone afterwards.

    Raises
    ------
    OutputError
        ``output-write``, ``output-open``.
    """
    with writing(final.name):
        final.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(final) as aside:
            draft = aside / final.name
            yield draft
            if final.exists():
                draft.chmod(stat.S_IMODE(final.stat().st_mode))
            settle(aside)
            os.replace(draft, final)  # noqa: PTH105 - the one call that replaces at once everywhere


def check_destination(final: Path, inputs: Collection[Path] = ()) -> None:
    """Refuse a destination that cannot be written, or where something would be lost.

    Parameters
    ----------
    inputs
        Files and folders the delivery is made from; none may lie where it goes.

    Raises
    ------
    OutputError
        ``output-occupied`` when `final` is something else than an empty folder or an earlier
        delivery with nothing added, or when an input lies inside it; ``output-open`` when another
        program has its GeoPackage open; ``output-write`` when its name or its parent makes writing
        impossible.
    """
    final = _absolute(final)
    check_place(final)
    check_gdal_takes(final / MANIFEST, where=final.name)
    with writing(final.name):
        inside = sum(path.resolve().is_relative_to(final.resolve()) for path in inputs)
        if inside:
            raise _occupied(final, f"holds {inside} of the run's input files")
        if os.path.lexists(final):
            _check_replaceable(final)


def check_place(path: Path) -> None:
    """Refuse a path whose name or nearest existing parent makes writing impossible.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    path = _absolute(path)
    parent = next((each for each in path.parents if os.path.lexists(each)), path)
    named = [part for part in path.relative_to(parent).parts if not _is_name(part)]
    if named:
        what = "is no name for a file: too long, or with control characters"
        remedy = f"use a name of at most {_LONGEST_NAME} bytes"
    elif not parent.is_dir():
        what, remedy = f"cannot be written: {brief(parent.name)} is no folder", "choose another"
    elif not os.access(parent, os.W_OK | os.X_OK):
        what = f"cannot be written: folder {brief(parent.name)} may not be written by this user"
        remedy = "choose another, or have its rights changed"
    else:
        return
    where = brief(named[0]) if named else path.name
    raise OutputError("output-write", what, remedy=remedy, where=where)


def check_gdal_takes(path: Path, *, where: str) -> None:
    """Refuse a file that GDAL or SQLite would take for another, or not at all.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    path = _absolute(path)
    objection = objection_to(path, longest=_LONGEST_PATH)
    if objection:
        what, remedy = f"cannot be written: {objection}", "choose another folder and name"
        raise OutputError("output-write", what, remedy=remedy, where=brief(where))


def dated(folder: Path, day: date) -> Path:
    """Return the name beside `folder` that a delivery of this day gets; one nobody has yet.

    Names sort as they came: the second of a day ends in ``_02``.

    Examples
    --------
    >>> from datetime import date
    >>> dated(Path("out/malmo"), date(2026, 3, 1)).name
    'malmo_2026-03-01'
    """
    folder = _absolute(folder)
    if not folder.name:  # the root, which is refused for what it is
        return folder
    first = folder.with_name(f"{folder.name}_{day.isoformat()}")
    later = (first.with_name(f"{first.name}_{n:02}") for n in count(2))
    return next(path for path in chain([first], later) if not os.path.lexists(path))


@contextmanager
def writing(where: str) -> Iterator[None]:
    """Turn what the system, GDAL and SQLite say of a file that is written into a refusal.

    Raises
    ------
    OutputError
        ``output-write``, ``output-open`` where another program holds a database.
    """
    try:
        yield
    except (OSError, sqlite3.Error, DataSourceError, DataLayerError, FeatureError) as problem:
        kind = _kind_of(problem) if isinstance(problem, sqlite3.Error) else sqlite3.SQLITE_IOERR
        if kind in _HELD:
            raise _open(where) from problem
        if kind not in _OF_THE_DISK:
            raise
        # GDAL's own words may quote values; the operating system's do not.
        reason = problem.strerror if isinstance(problem, OSError) else None
        raise OutputError(
            "output-write",
            f"cannot be written ({reason or type(problem).__name__})",
            remedy="check free space, rights and whether another program has it open",
            where=where,
        ) from problem


def _kind_of(problem: sqlite3.Error) -> int:
    # The lowest byte is the kind of error, those above say more.
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link at the end


def _is_name(part: str) -> bool:
    control = any(unicodedata.category(sign) == "Cc" for sign in part)
    return not control and len(os.fsencode(part)) <= _LONGEST_NAME


def _check_replaceable(final: Path) -> None:
    """Refuse what is neither an empty folder nor a delivery to which nothing was added."""
    if final.is_symlink() or not final.is_dir():
        raise _occupied(final, "exists and is no earlier delivery")
    if not any(final.iterdir()):
        return
    try:
        earlier = Delivery(final)
        listed = {Path(MANIFEST), *map(Path, earlier.listed), *map(Path, earlier.kept)}
    except ReadError:
        raise _occupied(final, "is a folder with files and no earlier delivery") from None
    _check_let_go(final, listed)
    folders = {parent for path in listed for parent in path.parents}
    present = {path.relative_to(final) for path in final.rglob("*")}
    added = sorted(path.as_posix() for path in present - listed - folders)
    if added:
        what = f"holds {len(added)} files that are not of the delivery, first {brief(added[0])}"
        raise _occupied(final, what)


def _check_let_go(final: Path, listed: Collection[Path]) -> None:
    """Refuse a delivery whose GeoPackage a program holds; what one left beside it goes in."""
    for package in (path for path in listed if path.suffix == ".gpkg"):
        check_let_go(final / package, where=f"{final.name}: {brief(package.name)}")


def check_let_go(package: Path, *, where: str) -> None:
    """Bring what a program left beside a GeoPackage into it, and refuse one that is still held.

    Raises
    ------
    OutputError
        ``output-open``.
    """
    if not let_go(package):
        raise _open(where)


def _open(where: str) -> OutputError:
    what = "is open in another program (QGIS is one that keeps it so), which may have unsaved work"
    remedy = "save and close it there, or choose another --out"
    return OutputError("output-open", what, remedy=remedy, where=where)


def _occupied(final: Path, what: str) -> OutputError:
    return OutputError(
        "output-occupied",
        what,
        remedy="choose another --out, or move it away yourself",
        where=final.name,
    )


def _keep_own_work(final: Path, aside: Path) -> None:
    """Copy what somebody has worked in into a new delivery, and name it in the manifest."""
    if not (final / MANIFEST).exists() or not (aside / MANIFEST).exists():
        return
    earlier = Delivery(final)
    kept = [name for name in earlier.kept if (final / name).exists()]
    copies = [(final / name, name) for name in kept]
    for file in earlier.edited():
        day = datetime.fromtimestamp(file.stat().st_mtime).date()  # noqa: DTZ006 - as its owner has it
        name = _free(f"{file.stem}_{day.isoformat()}", file.suffix, taken=[n for _, n in copies])
        copies.append((file, name))
        what = f"{file.name} was changed after it was delivered, and is kept as {name}"
        warnings.warn(what, GeolyftWarning, stacklevel=4)
    if not copies:
        return
    for file, name in copies:
        shutil.copy2(file, aside / name)
    manifest = json.loads((aside / MANIFEST).read_text(encoding="utf-8"))
    del manifest["sha256"]  # of what it said before
    _write_sealed(aside / MANIFEST, {**manifest, "kept": sorted(name for _, name in copies)})


def _free(stem: str, suffix: str, *, taken: Collection[str]) -> str:
    names = chain([f"{stem}{suffix}"], (f"{stem}_{n}{suffix}" for n in count(2)))
    return next(name for name in names if name not in taken)


def settle(folder: Path) -> None:
    """Make sure every file's bytes are on the disk before the folder gets its name."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())


def _swap(aside: Path, final: Path) -> None:
    """Move a folder into place; an earlier one is afterwards where it was, or gone."""
    if not final.exists():
        aside.rename(final)
    elif not _exchange(aside, final):
        _replace(aside, final)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system has no such step."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    names = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    return bool(rename(*names, _RENAME_EXCHANGE) == 0)


def _replace(aside: Path, final: Path) -> None:
    earlier = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".old", dir=final.parent))
    final.rename(earlier / final.name)
    try:
        aside.rename(final)
    except OSError:
        # Back to where it was; should that fail too, the earlier delivery stays beside it.
        (earlier / final.name).rename(final)
        earlier.rmdir()
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def write_manifest(folder: Path, content: Mapping[str, object]) -> None:
    """Write ``manifest.json``: who wrote it, the content, and every file with size and SHA-256.

    Its last entry is its own SHA-256, with zeros in that entry's place.
    """
    outputs = [
        {
            "path": file.relative_to(folder).as_posix(),
            "bytes": file.stat().st_size,
            "sha256": sha256(file),
            # Looking at it may change its bytes, and is no edit.
            **_content(file),
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != folder / MANIFEST
    ]
    _write_sealed(folder / MANIFEST, {"geolyft": version("geolyft"), **content, "outputs": outputs})


def _content(file: Path) -> dict[str, str]:
    try:
        return {"content": content_of(file)} if file.suffix == ".gpkg" else {}
    except sqlite3.Error:  # it has that name and is no database: its bytes are what it is
        return {}


def _write_sealed(path: Path, content: Mapping[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(sealed(text), encoding="utf-8")

"""A GeoPackage beside programs that have it open: what they left behind, and whether it is edited.

A program that only looks at a GeoPackage may change bytes of it. What counts is what it holds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final

from geolyft.allowed import allowed
from geolyft.read.understand.limits import MOST_ROWS, MOST_STEPS, check_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEPS: Final = 1_000_000
_VIEWS: Final = (
    "SELECT name FROM sqlite_master JOIN gpkg_contents ON lower(name) = lower(table_name)"
    " WHERE type = 'view'"
)
LEFT_BEHIND: Final = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database while it is open."""
_BOOKKEEPING: Final = ("sqlite_", "rtree_", "gpkg_contents", "gpkg_ogr_contents")
"""Tables in which times and counts are kept, and indices made of others."""


def content_of(path: Path) -> str:
    """Return a fingerprint of what a GeoPackage holds, whatever its bytes.

    Raises
    ------
    sqlite3.Error
        When it is damaged, or another program writes in it.
    """
    found = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        tables = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        for name, made in tables:
            if str(name).startswith(_BOOKKEEPING):
                continue
            found.update(f"{name}\0{made}\0".encode())
            quoted = str(name).replace('"', '""')
            for row in database.execute(f'SELECT * FROM "{quoted}" ORDER BY rowid'):  # noqa: S608
                found.update(repr(row).encode())
    return found.hexdigest()


def check_views(path: Path) -> None:
    """Refuse a GeoPackage with a layer that is a view and has no end: GDAL would look for it.

    Raises
    ------
    ReadError
        ``read-size``.
    """
    most, rows = MOST_STEPS // _STEPS, 0
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        try:
            for (name,) in database.execute(_VIEWS).fetchall():
                # What SQLite is asked it stops, without a clock, after so many steps.
                database.set_progress_handler(partial(_is_over, count(1), most), _STEPS)
                quoted = str(name).replace('"', '""')
                asked = f'SELECT count(*) FROM (SELECT * FROM "{quoted}" LIMIT ?)'  # noqa: S608
                limit = (int(allowed(MOST_ROWS)) + 1,)
                rows = max(rows, *database.execute(asked, limit).fetchone())
        except (sqlite3.DatabaseError, UnicodeDecodeError) as problem:
            if getattr(problem, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                return  # damaged, which GDAL says
            rows = int(allowed(MOST_ROWS)) + 1
    check_size("rows of a view", rows, MOST_ROWS, where=path.name)


def _is_over(steps: Iterator[int], most: int) -> bool:
    return next(steps) > allowed(most)


def let_go(path: Path) -> bool:
    """Bring what a program left beside a GeoPackage into it; say whether no program holds it.

    Examples
    --------
    >>> from pathlib import Path
    >>> let_go(Path("no such file.gpkg"))
    True
    """
    left = [path.with_name(f"{path.name}{ending}") for ending in LEFT_BEHIND]
    if not path.exists() or not any(each.exists() for each in left):
        return True
    try:
        with closing(sqlite3.connect(path, timeout=0)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            # Only who is alone with it may do this.
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error:
        return False
    return str(mode) == "delete"

"""The ledger of releases: one SQLite file with what was published, and never what it was made of.

A key lies beside it. Fingerprints of sources are made with the key, so that the ledger alone tells
nobody whether a guessed table is the one a city has.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.allowed import check_ends, open_file
from geolyft.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "release": {
        "release": "TEXT",
        "title": "TEXT",
        "periods": "TEXT",
        "threshold": "INTEGER",
        "base": "INTEGER",
        "added": "TEXT",
        "withdrawn": "TEXT",
    },
    "level": {"release": "TEXT", "level": "TEXT", "crs": "TEXT"},
    "area": {"release": "TEXT", "level": "TEXT", "area": "TEXT", "shape": "BLOB"},
    "source": {
        "release": "TEXT",
        "source": "TEXT",
        "reference": "TEXT",
        "columns": "TEXT",
        "key": "TEXT",
        "mark": "TEXT",
    },
    "definition": {
        "release": "TEXT",
        "source": "TEXT",
        "reference": "TEXT",
        "what": "TEXT",
        "definition": "TEXT",
    },
    "count": {
        "release": "TEXT",
        "level": "TEXT",
        "area": "TEXT",
        "period": "TEXT",
        "reference": "TEXT",
        "sex": "TEXT",
        "indicator": "TEXT",
        "grouping": "TEXT",
        "label": "TEXT",
        "source": "TEXT",
        "numerator": "REAL",
        "denominator": "REAL",
        "status": "TEXT",
    },
}
"""Every table of the ledger, with its columns.

``release``: one row each; ``withdrawn`` is empty or the reason. ``level``: a shipped division by
its code, or a fingerprint of a user's own, whose polygons are in ``area``. ``source``: what a
release counted and of which year; ``mark`` is the keyed fingerprint of its rows. ``definition``:
who is counted. ``count``: published counts, empty where they were hidden.
"""
VERSION: Final = 1
_MADE_UP: Final = "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')"
"""What is no table of ours, and could go on without end."""
_TYPES: Final = {"TEXT": "str", "INTEGER": "int64", "REAL": "float64", "BLOB": "object"}


@dataclass(frozen=True)
class Ledger:
    """What a ledger of releases holds: its tables by name, see ``TABLES``.

    Examples
    --------
    >>> Ledger.empty()["release"].empty
    True
    """

    tables: Mapping[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        return self.tables[name]

    @classmethod
    def empty(cls) -> Ledger:
        """Return a ledger without releases."""
        return cls({name: pd.DataFrame(columns=list(of)) for name, of in TABLES.items()}).typed()

    def typed(self) -> Ledger:
        """Return the same with every column of its type."""
        kinds = {name: {c: _TYPES[t] for c, t in of.items()} for name, of in TABLES.items()}
        return Ledger({name: self.tables[name].astype(kinds[name]) for name in TABLES})


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; one that is not there yet has no releases.

    What a killed process had half added is taken out again.

    Raises
    ------
    ReadError
        ``releases-file`` when it is something else, or of a later version; ``read-open`` while
        another program writes to it.
    """
    try:
        if not path.exists():
            return Ledger.empty()
        check_ends(path)
        # Only who may write can undo what was half written; its journal lies beside.
        mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)) as opened:
            (version,) = opened.execute("PRAGMA user_version").fetchone()
            if path.stat().st_size == 0:
                return Ledger.empty()
            if version == VERSION and not opened.execute(_MADE_UP).fetchall():
                found = Ledger({name: _table(name, opened) for name in TABLES}).typed()
                found["release"]["periods"].map(lambda said: ", ".join(json.loads(said)))
                return found
    except sqlite3.OperationalError as problem:
        if getattr(problem, "sqlite_errorcode", 0) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            what, remedy = "is being written to by another program", "try again when it is done"
            raise ReadError("read-open", what, remedy=remedy, where=path.name) from None
    except (sqlite3.Error, pd.errors.DatabaseError, ValueError, TypeError, OSError):
        pass
    raise _unreadable(path, "is no ledger of releases that this version can read")


def _table(name: str, opened: sqlite3.Connection) -> pd.DataFrame:
    columns = ", ".join(TABLES[name])
    return pd.read_sql_query(f'SELECT {columns} FROM "{name}"', opened)  # noqa: S608 - our own names


def key_file(path: Path) -> Path:
    """Return where the key of a ledger lies.

    Examples
    --------
    >>> from pathlib import Path
    >>> key_file(Path("out/releases.sqlite")).name
    'releases.sqlite.key'
    """
    return path.with_name(f"{path.name}.key")


def read_key(path: Path) -> bytes | None:
    """Return the key of a ledger, or nothing where it was lost or there never was one.

    Raises
    ------
    ReadError
        ``releases-file``.
    """
    try:
        with open_file(key_file(path)) as opened:
            return opened.read() or None
    except FileNotFoundError:
        return None
    except OSError:
        raise _unreadable(key_file(path), "cannot be read") from None


def _unreadable(path: Path, what: str) -> ReadError:
    remedy = "get the file from your backup, or name another in [releases]"
    return ReadError("releases-file", what, remedy=remedy, where=path.name)

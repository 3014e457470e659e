"""The ledger of releases: a release is added whole or not at all, and none is removed."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from geolyft.errors import ReadError
from geolyft.export.delivery import new_file, writing
from geolyft.read.releases import TABLES, VERSION, Ledger, key_file, read_key, read_ledger

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

_KEY_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600


def own_key(path: Path) -> bytes:
    """Return the key of a ledger, made now where there is none; only its owner may read it.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    key = read_key(path)
    if key is not None:
        return key
    file, key = key_file(path), secrets.token_bytes(_KEY_BYTES)
    # Whole or not there: marks that are made with a part of it are known to nobody.
    with new_file(file) as draft:
        file.unlink(missing_ok=True)  # one that is empty has rights that others may have given it
        # Never readable by others, not even between making the file and changing its rights.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(draft, flags, _OWNER_ONLY), "wb") as opened:
            opened.write(key)
    return key


def add_to_ledger(path: Path, release: Ledger, *, known: Container[str] | None = None) -> bool:
    """Add a release, and say whether it was new; one that is there stays as it is.

    Parameters
    ----------
    known
        Releases that it was held against. With any other in the ledger it is not added.

    Raises
    ------
    ReadError
        ``releases-file`` when the file is something else, ``releases-meanwhile``.
    OutputError
        ``output-write``.
    """
    read_ledger(path)
    name = release["release"]["release"].item()
    with _opened(path) as ledger:
        for table, columns in TABLES.items():
            said = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            ledger.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({said})')
        there = [each for (each,) in ledger.execute("SELECT release FROM release")]
        if name in there:
            return False
        if known is not None:
            _refuse_others([each for each in there if each not in known], path)
        for table, columns in TABLES.items():
            cells = release[table][list(columns)].astype("object")
            rows = cells.where(cells.notna(), None).itertuples(index=False, name=None)
            places = ", ".join("?" * len(columns))
            ledger.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)  # noqa: S608 - our own names
        ledger.execute(f"PRAGMA user_version = {VERSION}")
    return True


def _refuse_others(others: list[str], path: Path) -> None:
    """Refuse what was made while others were released: it was held against none of them."""
    if others:
        what = (
            f"release {', '.join(others)} was added while this one was made, and not held against"
        )
        remedy = "make it again: it is then audited with what was added; do not publish this one"
        raise ReadError("releases-meanwhile", what, remedy=remedy, where=path.name)


def withdraw(path: Path, release: str, reason: str) -> None:
    """Note that a release was withdrawn, and why. It stays: what was public is known.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    with _opened(path) as ledger:
        ledger.execute("UPDATE release SET withdrawn = ? WHERE release = ?", (reason, release))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the ledger for one change, which is done whole or not at all."""
    with writing(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as ledger, ledger:
            ledger.execute("BEGIN IMMEDIATE")
            yield ledger

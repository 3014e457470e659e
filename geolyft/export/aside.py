"""Files are written aside, where nobody else reads them, and nothing of it is left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX: Final = ".part"
_NEW: Final = 60
"""Seconds in which a folder may not have its lock yet."""


@contextlib.contextmanager
def folder_aside(final: Path) -> Iterator[Path]:
    """Give an empty folder beside `final` that this user alone can read; it is gone afterwards.

    What a killed process left there goes too. Whoever writes holds a lock on the folder, which the
    system takes back when the process ends, however it ends.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with folder_aside(Path(folder) / "out") as aside:
    ...         aside.parent == Path(folder), aside.exists()
    ...     aside.exists()
    (True, True)
    False
    """
    for left in _beside(final):
        with contextlib.suppress(OSError), _locked(left):
            shutil.rmtree(left)
    made = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=_SUFFIX, dir=final.parent))
    try:
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):  # a disk without locks keeps what is left
                held.enter_context(_locked(made))
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def one_by_one(file: Path) -> Iterator[None]:
    """Let one process after another read a file and write it again, so that none loses the other's.

    On a disk without locks they are not held apart.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            held.enter_context(_locked(file.resolve().parent, wait=True))
        yield


def _beside(final: Path) -> list[Path]:
    """Return the folders of others for the same destination that are not made just now."""
    start, old = f".{final.name}.", time.time() - _NEW
    found = []
    for each in final.parent.iterdir():
        if each.name.startswith(start) and each.name.endswith(_SUFFIX):
            with contextlib.suppress(OSError):
                if each.lstat().st_mtime < old and each.is_dir() and not each.is_symlink():
                    found.append(each)
    return found


@contextlib.contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a folder's lock; raises OSError where another process does, or there are no locks.

    Parameters
    ----------
    wait
        Until the other process lets it go.
    """
    try:
        import fcntl  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        raise OSError("no locks") from None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)

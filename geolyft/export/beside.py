"""Work that a second process does while this one goes on; where there can be none, in turn."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from typing import TYPE_CHECKING

from geolyft.join.area_lookup import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do work that only writes files while the block runs; both are done when it ends.

    The second process is a copy of this one, which costs nothing to make and shares all that is in
    memory. What fails there is done again here, so that its error is an ordinary one.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "a.txt")
    ...     with beside(lambda: print("a", file=file.open("w"))):
    ...         pathlib.Path(folder, "b.txt").touch()
    ...     sorted(each.name for each in pathlib.Path(folder).iterdir())
    ['a.txt', 'b.txt']
    """
    second = _fork(work) if _can_fork() else None
    try:
        yield
    except BaseException:
        if second is not None:
            os.kill(second, signal.SIGTERM)
            os.waitpid(second, 0)
        raise
    if second is None or os.waitpid(second, 0)[1] != 0:
        work()


def _can_fork() -> bool:
    # Elsewhere systems have no fork, or libraries that do not bear it. What other threads of
    # Python hold at that moment nobody would give back in the copy; ours alone are at rest.
    return sys.platform == "linux" and threading.active_count() == 1 and processors() > 1


def _fork(work: Callable[[], None]) -> int:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        # Python 3.12 warns of threads of any kind, also of libraries that are ready for this.
        second = os.fork()
    if second:
        return second
    failed = 1
    try:
        work()
        failed = 0
    finally:
        # Not sys.exit: what this process has still to do when it ends, the other one does.
        os._exit(failed)

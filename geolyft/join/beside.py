"""Work that a second process does while this one goes on; where there can be none, in turn."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from geolyft.join.area_lookup import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Part = TypeVar("Part")
Done = TypeVar("Done")


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
            _stop(second)
        raise
    if second is None or os.waitpid(second, 0)[1] != 0:
        work()


@contextlib.contextmanager
def shared(
    work: Callable[[Part], Done],
    parts: Sequence[Part],
    *,
    there: Callable[[Part], Done] | None = None,
) -> Iterator[Iterator[Done]]:
    """Give what is made of each part, in the parts' order; a second process makes every other one.

    It makes them ahead of their turn, and what it warned of is told when that has come. From a part
    that fails there on, all are made here: so warnings and the first error are those of work that
    is done in turn.

    Parameters
    ----------
    there
        What the second process does instead, such as the same without telling anybody.

    Examples
    --------
    >>> with shared(lambda part: part * 10, [1, 2, 3]) as made:
    ...     list(made)
    [10, 20, 30]
    """
    if len(parts) < 2 or not _can_fork():  # noqa: PLR2004 - one has nothing beside it
        yield map(work, parts)
        return
    answers, sent = os.pipe()
    second = _fork(partial(_send, there or work, parts[1::2], answers, sent))
    os.close(sent)
    try:
        with os.fdopen(answers, "rb") as received:
            yield _in_order(work, parts, received)
    finally:
        _stop(second)


def _send(work: Callable[[Part], Done], parts: Sequence[Part], answers: int, sent: int) -> None:
    os.close(answers)
    with os.fdopen(sent, "wb") as out:
        for part in parts:
            with warnings.catch_warnings(record=True, action="always") as warned:
                done = work(part)
            said = [(each.message, each.category, each.filename, each.lineno) for each in warned]
            out.write(pickle.dumps((done, said), protocol=pickle.HIGHEST_PROTOCOL))
            out.flush()


def _in_order(
    work: Callable[[Part], Done], parts: Sequence[Part], received: BinaryIO
) -> Iterator[Done]:
    for n, part in enumerate(parts):
        told = _receive(received) if n % 2 else None
        if told is None:
            yield work(part)
            continue
        done, warned = told
        for each in warned:
            warnings.warn_explicit(*each)
        yield done


def _receive(received: BinaryIO) -> Any:  # noqa: ANN401 - what was sent
    """Return what was sent next, and what it warned of; nothing where the second process failed."""
    try:
        return pickle.load(received)  # noqa: S301 - a copy of this process wrote it
    except (EOFError, pickle.UnpicklingError):
        return None


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


def _stop(second: int) -> None:
    # It has nothing to clean up, and a signal that Python answers is lost while it is being copied.
    os.kill(second, signal.SIGKILL)
    os.waitpid(second, 0)

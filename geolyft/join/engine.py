"""Who does the parts of the work: this process, or workers of a dask scheduler.

A part is a range of a file's rows; what is done with it is the same function everywhere, and its
results add up. So where it runs changes nothing but the time.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from geolyft.errors import ConfigError
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Progress = Callable[[str, float], None]
"""Told what comes next, and how much of the work is done (0 to 1)."""
EngineName = Literal["local", "dask"]
PART_ROWS: Final = 4_000_000
"""Rows of a part: seconds of work, and a result that is small beside what it was made from."""
_AHEAD: Final = 3
"""Parts that wait for each worker, so that none is idle and few results wait."""

Plan = TypeVar("Plan")
Part = TypeVar("Part")
Result = TypeVar("Result")


def no_progress(_step: str, _share: float) -> None:
    """Tell nobody."""


class Engine(Protocol):
    """Does a plan's parts, and yields their results in the parts' order."""

    def map(
        self, function: Callable[[Plan, Part], Result], plan: Plan, parts: Sequence[Part]
    ) -> Iterator[Result]:
        """Yield ``function(plan, part)`` for each part."""
        ...


class Local:
    """Work in this process, one part after the other; each uses all processors.

    Examples
    --------
    >>> list(Local().map(lambda plan, part: plan * part, 10, [1, 2]))
    [10, 20]
    """

    def map(
        self, function: Callable[[Plan, Part], Result], plan: Plan, parts: Sequence[Part]
    ) -> Iterator[Result]:
        """Yield ``function(plan, part)`` for each part."""
        for part in parts:
            yield function(plan, part)


class _Dask:
    def __init__(self, client: Any) -> None:  # noqa: ANN401 - dask is optional
        self._client = client

    def map(
        self, function: Callable[[Plan, Part], Result], plan: Plan, parts: Sequence[Part]
    ) -> Iterator[Result]:
        everywhere = self._client.scatter(plan, broadcast=True, hash=False)
        ahead = _AHEAD * max(1, len(self._client.nthreads()))
        waiting: deque[Any] = deque()
        for part in parts:
            waiting.append(self._client.submit(function, everywhere, part, pure=False))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def check_engine(name: EngineName, scheduler: str | None, *, where: str = "") -> None:
    """Refuse a scheduler that nobody would ask.

    Raises
    ------
    ConfigError
        ``engine-scheduler``.
    """
    if name == "local" and scheduler is not None:
        what = "a scheduler is named, and the engine is local"
        raise ConfigError("engine-scheduler", what, remedy='use engine = "dask"', where=where)


@contextmanager
def open_engine(name: EngineName = "local", scheduler: str | None = None) -> Iterator[Engine]:
    """Give the engine of that name, and leave nothing of it running.

    Parameters
    ----------
    scheduler
        The address of a dask scheduler, such as ``tcp://10.0.0.5:8786``, whose workers have
        geolyft and see the files under the same paths. Without it a cluster of this machine's
        processors is started and stopped.

    Raises
    ------
    ConfigError
        ``engine-package`` without dask, ``engine-scheduler`` when none answers at the address, or
        an address is given to the local engine.
    """
    check_engine(name, scheduler)
    if name == "local":
        yield Local()
        return
    distributed = optional(
        "distributed",
        "dask",
        error=ConfigError,
        code="engine-package",
        what="the engine dask needs the package distributed",
    )
    with _cluster(distributed, scheduler) as address:
        client = _client(distributed, address)
        if client is None:
            # What is left of a client that found nobody stops its loop when it is collected. Were
            # that while another client starts one, distributed would wait for itself.
            gc.collect()
            raise ConfigError(
                "engine-scheduler",
                "no dask scheduler answers at the address",
                remedy="check the address (tcp://host:8786), or leave scheduler out",
            )
        with client:
            yield _Dask(client)


def _client(distributed: Any, address: str) -> Any:  # noqa: ANN401 - dask is optional
    """Return a client of the scheduler, or None when nobody answers."""
    try:
        return distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        return None


@contextmanager
def _cluster(distributed: Any, scheduler: str | None) -> Iterator[str]:  # noqa: ANN401
    """Give the address of a scheduler: the one named, or one that is ours."""
    if scheduler is not None:
        yield scheduler
        return
    with distributed.LocalCluster(
        threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield str(cluster.scheduler_address)

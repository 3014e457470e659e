"""GDAL stamps what it writes with the time of writing, and the same input gives the same bytes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pyogrio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

GDAL_DATE: Final = "2026-01-01T00:00:00.000Z"
# No layer waits for the disk: whoever writes the file brings it there whole, at the end.
_OPTIONS: Final = {"OGR_CURRENT_DATE": GDAL_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}


class _Clock:
    """Who is writing, and what GDAL was told before the first of them."""

    def __init__(self) -> None:
        self._lock, self._writers = threading.Lock(), 0
        self._before: dict[str, object] = {}

    @contextmanager
    def stopped(self) -> Iterator[None]:
        with self._lock:
            if not self._writers:
                self._before = {name: pyogrio.get_gdal_config_option(name) for name in _OPTIONS}
                pyogrio.set_gdal_config_options(_OPTIONS)
            self._writers += 1
        try:
            yield
        finally:
            with self._lock:
                self._writers -= 1
                if not self._writers:
                    pyogrio.set_gdal_config_options(self._before)


_CLOCK: Final = _Clock()


def same_date() -> AbstractContextManager[None]:
    """Let GDAL write one date in all threads that are at it, and its own when the last is done."""
    return _CLOCK.stopped()

"""What a process has only one of is changed by one thread at a time."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.errors import GeolyftWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUNS, _REMARKS = threading.RLock(), threading.RLock()
_TEXTS: Final = ("mode.string_storage", "python")


@contextmanager
def own_texts() -> Iterator[None]:
    """Work alone in this process, with texts of Python's own.

    A run's frames are many and small: in those, texts of Arrow's take longer. How texts are kept is
    one setting for all threads and shows in what is written, so runs take turns.
    """
    with _RUNS, pd.option_context(*_TEXTS):
        yield


@contextmanager
def remarks() -> Iterator[list[str]]:
    """Keep what other packages remark on; what geolyft warns of goes on its way afterwards.

    Python has one list of filters for all threads, and one that puts them back puts back those of
    all.

    Examples
    --------
    >>> with remarks() as said:
    ...     warnings.warn("a field was cut", RuntimeWarning)
    >>> said
    ['a field was cut']
    """
    said: list[str] = []
    with _REMARKS:
        with warnings.catch_warnings(record=True, action="always") as warned:
            try:
                yield said
            finally:
                ours = [each for each in warned if issubclass(each.category, GeolyftWarning)]
                said += [str(each.message) for each in warned if each not in ours]
        for each in ours:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)

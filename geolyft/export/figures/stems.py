"""File names from area codes: a code may hold anything, a file name may not."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

RESERVED: Final = frozenset({"index", "alla"})
"""Our own pages in the same folder."""
# What Windows takes for a device, whatever follows the first dot.
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 40


def file_stems(codes: Iterable[str]) -> dict[str, str]:
    """Return each code's file name without its ending, each another one on every system.

    A code of plain letters and digits is its own name. Any other gets what is plain of it and a
    short checksum, so that a path, a device or another code's name can never come of it.

    Examples
    --------
    >>> file_stems(["1", "128E10"])
    {'1': '1', '128E10': '128E10'}
    >>> file_stems(["../x", "a", "A"])["../x"]
    'x-d6b96a97'
    >>> len(set(name.lower() for name in file_stems(["a", "A", "index"]).values()))
    3
    """
    known = list(codes)
    # Windows and macOS keep one file for names that differ only in case.
    times = Counter(code.lower() for code in known)
    return {
        code: code if times[code.lower()] == 1 and _is_plain(code) else _marked(code)
        for code in known
    }


def _is_plain(code: str) -> bool:
    return bool(
        _PLAIN.fullmatch(code) and not _DEVICE.fullmatch(code) and code.lower() not in RESERVED
    )


def _marked(code: str) -> str:
    readable = _OTHER.sub("-", code).strip("-")[:_LONGEST]
    # A lone surrogate is no UTF-8, and a code may hold one.
    digest = hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable or 'omrade'}-{digest}"

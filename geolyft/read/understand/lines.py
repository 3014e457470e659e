"""What the bytes of whole lines prove: that every one of them is a row, and a row of data.

Where a line could be anything else it is parsed, and where the answer is not the plain one the
proof is given up: `UnusualError`. The careful reader then says what the file is.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.read.understand.rows import SUMS, is_sum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Positions = NDArray[np.int64]

_LINE, _RETURN, _QUOTE = b'\n\r"'
_BOM: Final = b"\xef\xbb\xbf"
_VISIBLE, _SEVEN_BITS = 0x21, 0x7F


class UnusualError(Exception):
    """The bytes do not prove what the careful reader would say."""


def check_lines(block: bytes, separator: str, *, sums: bool) -> int:
    """Return how many rows some whole lines of UTF-8 are, or raise `UnusualError`.

    What is left to the parser is that all of them have the header's width, and are as many rows: a
    line's end within quotes ends none.

    Parameters
    ----------
    sums
        Whether rows that name a sum are to be found.
    """
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == _LINE)
    if not len(ends) or ends[-1] != len(data) - 1 or block.startswith(_BOM):
        raise UnusualError
    # A return that ends no line is a line's end to Python.
    if block.count(b"\r") != np.count_nonzero(data[ends - 1] == _RETURN):
        raise UnusualError
    if b'"' in block:
        _check_quotes(data, ord(separator))
    starts = np.append(0, ends[:-1] + 1)
    if (ends - starts).max() >= csv.field_size_limit():
        raise UnusualError
    odd = _odd_starts(data, starts, ord(separator), sums=sums)
    for row in _rows(block, starts[odd], ends[odd], separator):
        if (sums and is_sum(row)) or not any(cell.strip() for cell in row):
            raise UnusualError
    return len(ends)


def _check_quotes(data: Bytes, separator: int) -> None:
    """Raise where a quotation mark does anything but enclose all of a cell."""
    quotes = np.flatnonzero(data == _QUOTE)
    before = np.append(np.uint8(_LINE), data)[quotes]
    after = data[quotes[1::2] + 1] if len(quotes) % 2 == 0 else np.zeros(0)
    opened = np.isin(before[0::2], (_LINE, separator))
    closed = np.isin(after, (_LINE, _RETURN, separator))
    if len(opened) != len(closed) or not (opened.all() and closed.all()):
        raise UnusualError


def _odd_starts(data: Bytes, starts: Positions, separator: int, *, sums: bool) -> Any:  # noqa: ANN401
    """Return which lines may be blank or name a sum, by the first two bytes within quotes."""
    padded = np.append(data, np.zeros(3, dtype=np.uint8))
    at = starts + (padded[starts] == _QUOTE)
    first, second = padded[at], padded[at + 1]
    odd = (first < _VISIBLE) | (first >= _SEVEN_BITS) | (first == _QUOTE) | (first == separator)
    if sums:
        letters = [{ord(s) for name in SUMS for s in (name[n], name[n].upper())} for n in (0, 1)]
        named = np.isin(second, [*letters[1]]) | (second >= _SEVEN_BITS)
        odd |= np.isin(first, [*letters[0]]) & named
    return odd


def _rows(block: bytes, starts: Positions, ends: Positions, separator: str) -> Iterator[list[str]]:
    pairs = zip(starts.tolist(), ends.tolist(), strict=True)
    lines = (block[start : end + 1].decode("utf-8") for start, end in pairs)
    try:
        yield from csv.reader(lines, delimiter=separator, strict=True)
    except csv.Error:
        raise UnusualError from None

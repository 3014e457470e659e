"""Numbers that are written plainly, as nearly all are: found by their bytes, without a pattern.

Plain is a cell of digits, with or without a minus before them and one ``,`` or ``.`` between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geolyft.frames import Floats

    Positions = NDArray[np.int64]

PLAIN: Final = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_GROUP: Final = 3
_FIRST, _LAST = 0x21, 0x7E
"""The signs that can be seen, of the seven-bit ones."""


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """Which cells are plain numbers, and which signs these have.

    Parameters
    ----------
    whole
        The numbers without a decimal sign.
    signs
        Those with ``,`` and those with ``.``.
    unclear
        Those whose sign could also part thousands, such as ``1,234``.
    """

    whole: NDArray[np.bool_]
    signs: dict[str, NDArray[np.bool_]]
    unclear: NDArray[np.bool_]

    def plain(self, signs: Iterable[str]) -> NDArray[np.bool_]:
        """Return which cells are whole numbers, or numbers with one of these signs."""
        found = self.whole.copy()
        for sign in signs:
            found |= self.signs[sign]
        return found


def shapes_of(cells: Any) -> Shapes:  # noqa: ANN401 - pyarrow is not typed
    """Return the shapes of tidy cells."""
    edges, data = _bytes_of(cells)
    start, stop = edges[:-1], edges[1:]
    # Below "0" the difference wraps around, so that one comparison finds what is no digit.
    odd = np.flatnonzero((data - np.uint8(ord("0"))) > 9)  # noqa: PLR2004
    minus = _signs_at(data, start, start < stop) == ord("-")
    count, at = _odd_of_each(odd, start, stop)
    count -= minus
    digits = stop - start - minus
    before, after = at - start - minus, stop - at - 1
    parted = (count == 1) & (before > 0) & (after > 0)
    sign = _signs_at(data, at, parted)
    leading = _signs_at(data, start + minus, parted)
    grouped = (after == _GROUP) & (before <= _GROUP) & (leading != ord("0"))
    return Shapes(
        whole=(count == 0) & (digits > 0),
        signs={each: sign == ord(each) for each in ",."},
        unclear=parted & grouped,
    )


def _odd_of_each(odd: Positions, start: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """Return how many bytes of each cell are no digits, and where the last of them is."""
    if len(odd) == len(start) and ((start <= odd) & (odd < stop)).all():
        return np.ones(len(odd), dtype=np.int64), odd
    cell = np.searchsorted(stop, odd, side="right")
    last = np.zeros(len(start), dtype=np.int64)
    last[cell] = odd  # of several that stand in one cell, the last is kept
    return np.bincount(cell, minlength=len(start)), last


def numbers_of(cells: Any) -> Floats:  # noqa: ANN401 - pyarrow is not typed
    """Return plain cells as the numbers they are; those too large are infinite."""
    edges, data = _bytes_of(cells)
    pointed = np.where(data == ord(","), np.uint8(ord(".")), data)
    buffers = [None, pa.py_buffer(edges - edges[0]), pa.py_buffer(pointed)]
    texts = pa.Array.from_buffers(pa.large_string(), len(edges) - 1, buffers)
    return np.asarray(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False))


def is_tidy(cells: Any) -> bool:  # noqa: ANN401 - pyarrow is not typed
    """Say whether no cell has a space, a per cent or a sign beyond seven bits to be tidied away."""
    data = _bytes_of(cells)[1]
    seen = not data.size or bool(data.min() >= _FIRST and data.max() <= _LAST)
    return seen and not (data == ord("%")).any()


def _bytes_of(cells: Any) -> tuple[Positions, NDArray[np.uint8]]:  # noqa: ANN401
    """Return where each cell begins in all cells' bytes, which end the last, and the bytes."""
    one = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if not len(one):
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    _, edges, data = one.buffers()
    edges = np.frombuffer(edges, dtype=np.int64)[one.offset : one.offset + len(one) + 1]
    data = np.frombuffer(data or b"", dtype=np.uint8)[edges[0] : edges[-1]]
    return edges - edges[0], data


def _signs_at(
    data: NDArray[np.uint8], at: Positions, where: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return the bytes at some positions, and 0 where there is none to be asked for."""
    return np.append(data, np.uint8(0))[np.where(where, at, len(data))]

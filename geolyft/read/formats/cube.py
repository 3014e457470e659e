"""A cube of statistics becomes a long table: the last dimension varies fastest."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from geolyft.errors import ReadError, brief
from geolyft.read.understand.grid import Column, TextGrid, strings
from geolyft.read.understand.limits import MOST_CELLS, MOST_TEXT, check_size
from geolyft.read.understand.rows import choose, clean_header

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

VALUE: Final = "value"
"""The column of a long table that holds its numbers."""

_FIRST: Final = 3
_LONGEST: Final = 40


class Dimension(NamedTuple):
    """A name, its codes in order, and a label for each code where the file has them."""

    name: str
    codes: list[str]
    labels: list[str]

    def labelled(self) -> dict[str, str]:
        """Return the label of each code that has one."""
        pairs = zip(self.codes, self.labels, strict=False)
        return {code: label for code, label in pairs if label not in {code, ""}}

    def said(self) -> str:
        """Return how many values there are, and the first of them."""
        pairs = zip(self.codes, self.labels or self.codes, strict=True)
        first = [code if label in {code, ""} else f"{code} {label}" for code, label in pairs]
        more = ", …" if len(first) > _FIRST else ""
        return f"{len(first)} values ({', '.join(map(_line, first[:_FIRST]))}{more})"


def size_of(dimensions: Sequence[Dimension], *, where: str) -> int:
    """Return the number of cells, or refuse a cube that no table should be made of."""
    size = math.prod(len(dimension.codes) for dimension in dimensions)
    # Of a code every cell has one, however long it is.
    signs = sum(size // len(d.codes) * sum(map(len, d.codes)) for d in dimensions if d.codes)
    check_size("cells", size, MOST_CELLS, where=where, code="read-cube-size")
    check_size("signs of codes", signs, MOST_TEXT, where=where, code="read-cube-size")
    return size


def cube_grid(
    dimensions: Sequence[Dimension],
    values: Column,
    grid: TextGrid,
    *,
    numbers: Collection[str],
    columns: Collection[str] | None,
) -> TextGrid:
    """Fill a grid with a cube's codes and values; rows are counted from 1 in the cube's order."""
    size = size_of(dimensions, where=grid.name)
    if size != len(values.text):
        what = f"the dimensions have {size} cells and the data {len(values.text)}"
        remedy = "fetch the file again, it is incomplete"
        raise ReadError("read-cube-size", what, remedy=remedy, where=grid.name)
    names = clean_header([*(dimension.name for dimension in dimensions), VALUE], where=grid.name)
    wanted = choose(names, numbers=numbers, columns=columns, where=grid.name)
    filled = {}
    for name in wanted:
        at = names.index(name)
        filled[name] = values if name == VALUE else _repeated(dimensions, at, size)
    said = {dimension.name: dimension.said() for dimension in dimensions}
    # A column is called by the cleaned name, as in the header.
    labels = {n: each.labelled() for n, each in zip(names, dimensions, strict=False)}
    rows = np.arange(1, size + 1)
    return replace(grid, columns=filled, rows=rows, dimensions=said, labels=labels)


def _line(text: str) -> str:
    return brief(" ".join(text.split()), _LONGEST)[1:-1]


def _repeated(dimensions: Sequence[Dimension], at: int, size: int) -> Column:
    codes = dimensions[at].codes
    inner = math.prod(len(dimension.codes) for dimension in dimensions[at + 1 :])
    positions = np.tile(np.repeat(np.arange(len(codes)), inner), size // (inner * len(codes)))
    return Column(text=strings(codes).take(pa.array(positions)))

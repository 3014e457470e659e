"""How large what a file holds may be: far more than statistics need is refused before it is made.

A file of a kilobyte can say that it holds a billion cells, by mistake or on purpose. Each limit has
its reason, and all of them are raised together by whoever has such a file and means it.
"""

from __future__ import annotations

from typing import Final

from geolyft.allowed import allowed
from geolyft.errors import ReadError

MOST_COLUMNS: Final = 4_000
"""Of a table: ages in years by sex and twenty years, side by side."""
MOST_SHEET: Final = 20_000_000
"""Cells of a sheet, empty ones between others too: a million rows of twenty columns."""
MOST_BLANK: Final = 10_000
"""Lines without a sign above a header; a letter's head has a dozen."""
MOST_CELLS: Final = 50_000_000
"""Of a cube: all DeSO by age in years, sex and twenty years are 25 million."""
FREE_CELLS, CELLS_OF_A_BYTE = 500_000, 10
"""Of a cube that names only some of its cells: of the others a tenth is there, a byte each."""
MOST_TEXT: Final = 1_000_000_000
"""Signs of codes repeated for every cell of a cube: twenty for each of the most cells."""
MOST_UNPACKED, MOST_RATIO = 40_000_000, 250
"""Bytes of a Parquet file, and how many times its size: text that repeats packs to a sixtieth."""
FREE_ROWS, ROWS_OF_A_BYTE = 10_000_000, 50
"""Of a Parquet file of constants; a register of ten million has more, and bytes for each row."""
MOST_STEPS: Final = 20_000_000
"""Of SQLite's machine, until a view has told its rows: a second or two. Tables have none."""
MOST_ROWS: Final = 2_000_000
"""Of a view: more than its steps let a sensible one have."""
MOST_TILE: Final = 1 << 26
"""Cells of a raster that are packed together, and in memory at once: 8 000 by 8 000."""
FREE_RASTER, RASTER_OF_A_BYTE = 1 << 30, 1000
"""Cells of a raster: Malmö in cells of half a metre; constant ones pack to a thousandth."""


def check_size(what: str, size: float, most: float, *, where: str, code: str = "read-size") -> None:
    """Refuse a file that holds more of something than is read.

    Raises
    ------
    ReadError
        ``read-size``, or the code that is given.

    Examples
    --------
    >>> check_size("rows", 150, 20, where="a.parquet")
    Traceback (most recent call last):
    ...
    geolyft.errors.ReadError: a.parquet: has or makes 150 rows, and at most 20 are read; give a \
smaller file, or raise the limits (--limits 8) if it is what it should be
    """
    if size > allowed(most):
        said = f"has or makes {size:.0f} {what}, and at most {allowed(most):.0f} are read"
        times = -(-size // most)
        remedy = f"give a smaller file, or raise the limits (--limits {times:.0f}) if it is "
        raise ReadError(code, said, remedy=f"{remedy}what it should be", where=where)

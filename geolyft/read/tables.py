"""One door for every format of table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.read.formats.csv import read_csv
from geolyft.read.formats.cube import VALUE
from geolyft.read.formats.excel import read_excel
from geolyft.read.formats.jsonstat import read_jsonstat
from geolyft.read.formats.px import read_px
from geolyft.read.formats.typed import read_parquet, typed_table
from geolyft.read.formats.vector import read_attributes
from geolyft.read.postgis.rows import read_rows
from geolyft.read.postgis.table import DatabaseTable
from geolyft.read.understand.files import kind_of, local_file, one_state
from geolyft.read.understand.grid import build
from geolyft.read.understand.model import Table, TextOptions
from geolyft.read.values.codes import as_codes

if TYPE_CHECKING:
    import os
    from collections.abc import Collection
    from pathlib import Path


def read_table(
    path: str | os.PathLike[str] | DatabaseTable,
    *,
    numbers: Collection[str] = (),
    columns: Collection[str] | None = None,
    options: TextOptions | None = None,
    sheet: str | None = None,
) -> Table:
    r"""Read a table of text codes and numbers.

    Parameters
    ----------
    path
        CSV, Excel, PX, JSON-stat 2 or Parquet, or a vector file or a table of a database, whose
        geometry is left out.
    numbers
        The columns that have to be numbers; every other column is text, so that ``0180``, ``NA``
        and ``128E10`` are what they were in the file, and a code that a file keeps as a number is
        the same text in every format: ``12800101``, never ``12800101.0``. PX and JSON-stat become
        long tables with a column of codes per dimension and the numbers in ``value``, which is
        always one of these.
    columns
        The columns to read, in this order; all of them by default.
    options
        How to read text; found out by default.
    sheet
        Which sheet of an Excel file, or layer of a vector file, where there are several.

    Returns
    -------
    Table
        The frame, why its empty numbers are empty, and what the file was understood to be.

    Raises
    ------
    ReadError
        When the file cannot be read in one way only. The message says where and the way out.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "income.csv"
    ...     _ = file.write_text("area;median\n0180;1 234,5\nNA;..\n", encoding="utf-8")
    ...     table = read_table(file, numbers=["median"])
    >>> table.frame
       area  median
    0  0180  1234.5
    1    NA     NaN
    >>> table.marks["median"].tolist()
    ['', 'hidden']
    """
    chosen = options or TextOptions()
    file = path if isinstance(path, DatabaseTable) else local_file(path)
    table = table_of(file, numbers=numbers, columns=columns, options=chosen, sheet=sheet)
    numeric, index = set(table.marks.columns), table.frame.index
    cells = {
        name: column if name in numeric else as_codes(column)
        for name, column in table.frame.items()
    }
    return replace(table, frame=pd.DataFrame(cells, index=index, copy=False))


def table_of(
    file: Path | DatabaseTable,
    *,
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
    sheet: str | None = None,
) -> Table:
    """Read a table from a path that was checked, or from a database."""
    if isinstance(file, DatabaseTable):
        rows = read_rows(file, numbers=numbers, columns=columns)
        return typed_table(rows.table, rows.grid, numbers=numbers, options=options)
    with one_state(file):
        return _table_of(file, numbers=numbers, columns=columns, options=options, sheet=sheet)


def _table_of(
    file: Path,
    *,
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
    sheet: str | None,
) -> Table:
    kind = kind_of(file)
    if kind in ("px", "json-stat"):
        cube = read_px if kind == "px" else read_jsonstat
        grid = cube(file, numbers=numbers, columns=columns, options=options)
        return build(grid, numbers={*numbers, VALUE}, options=options)
    if kind == "csv":
        grid = read_csv(file, numbers=numbers, columns=columns, options=options)
        return build(grid, numbers=numbers, options=options)
    if kind == "excel":
        grid = read_excel(file, numbers=numbers, columns=columns, options=options, sheet=sheet)
        return build(grid, numbers=numbers, options=options)
    if kind == "parquet":
        return read_parquet(file, numbers=numbers, columns=columns, options=options)
    return read_attributes(
        file, kind, numbers=numbers, columns=columns, options=options, layer=sheet
    )

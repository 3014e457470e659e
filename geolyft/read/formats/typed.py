"""Formats whose columns have types: numbers are checked, everything else is left as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geolyft.errors import ReadError
from geolyft.read.understand.files import sha256_of
from geolyft.read.understand.grid import Column, TextGrid, build
from geolyft.read.understand.limits import (
    FREE_ROWS,
    MOST_RATIO,
    MOST_UNPACKED,
    ROWS_OF_A_BYTE,
    check_size,
)
from geolyft.read.understand.rows import choose, clean_header

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from geolyft.read.understand.model import Table, TextOptions

# A column without a single value is one of empty texts: its file knows no more of it.
_TEXTS: Final = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_null,
)
_NULLABLE: Final = {"int": pd.Int64Dtype(), "uin": pd.Int64Dtype(), "boo": pd.BooleanDtype()}
_NUMBERS: Final = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_null)


def read_parquet(
    file: Path, *, numbers: Collection[str], columns: Collection[str] | None, options: TextOptions
) -> Table:
    """Read the asked columns of a Parquet file, and no other column of it; never its geometry."""
    opened = open_parquet(file)
    schema = opened.schema_arrow
    geometries = geometry_columns(schema)
    names = [name for name in schema.names if name not in geometries]
    clean_header(names, where=file.name)
    wanted = choose(names, numbers=numbers, columns=columns, where=file.name)
    try:
        table = opened.read(columns=wanted).select(wanted)
    except (pa.ArrowException, OSError):
        raise damaged(file.name) from None
    kind = "geoparquet" if geometries else "parquet"
    grid = TextGrid(
        name=file.name, kind=kind, sha256=sha256_of(file, "parquet"), columns={}, rows=()
    )
    return typed_table(table, grid, numbers=numbers, options=options)


def open_parquet(file: Path, *, streamed: bool = False) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return a Parquet file whose footer could be read, to be read at once or in batches."""
    try:
        # Read ahead, a row group would be in memory whole; mapped, its pages are the system's.
        opened = pq.ParquetFile(file, memory_map=streamed, pre_buffer=not streamed)
        size, about = file.stat().st_size, opened.metadata
        groups = [about.row_group(n) for n in range(about.num_row_groups)]
    except (pa.ArrowException, OSError):
        raise damaged(file.name) from None
    unpacked = sum(each.total_byte_size for each in groups)
    most = max(MOST_UNPACKED, MOST_RATIO * size)
    check_size("bytes", unpacked, most, where=file.name)
    check_size("rows", about.num_rows, max(FREE_ROWS, ROWS_OF_A_BYTE * size), where=file.name)
    return opened


def geometry_columns(schema: Any) -> list[str]:  # noqa: ANN401 - pyarrow is not typed
    """Return the names of a GeoParquet schema's geometries, the primary one first."""
    metadata = (schema.metadata or {}).get(b"geo")
    if metadata is None:
        return []
    try:
        geo = json.loads(metadata)
        first = str(geo["primary_column"])
        others = [name for name in geo["columns"] if name != first]
        whole = first in schema.names and isinstance(geo["columns"][first], dict)
    except (KeyError, TypeError, ValueError, RecursionError):
        return []
    return [first, *others] if whole else []


def geometry_of(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow is not typed
    """Return what a GeoParquet schema says of its primary geometry."""
    geo: dict[str, Any] = json.loads(schema.metadata[b"geo"])
    return dict(geo["columns"].get(geo["primary_column"], {}))


def damaged(where: str) -> ReadError:
    """Return the refusal of a file that breaks off or does not hold what it says."""
    remedy = "fetch it again, or open it in the program it came from and save it again"
    return ReadError("read-damaged", "is damaged or incomplete", remedy=remedy, where=where)


def typed_table(
    table: Any,  # noqa: ANN401 - pyarrow is not typed
    grid: TextGrid,
    *,
    numbers: Collection[str],
    options: TextOptions,
    first_row: int = 1,
    evidence: frozenset[tuple[str, str]] | None = None,
) -> Table:
    """Make the table of typed columns; an empty cell is missing whatever the marks say.

    Of a part of a file, `first_row` is its row in it, and `evidence` what the whole file shows.
    """
    if not table.num_rows:
        what = "has columns and no rows"
        raise ReadError("read-header-only", what, remedy="give a file with data", where=grid.name)
    asked = {
        name: _column(table, name, grid.name) for name in table.column_names if name in numbers
    }
    grid = replace(grid, columns=asked, rows=range(first_row, first_row + table.num_rows))
    marks = options.marks if "" in options.marks else {**options.marks, "": "missing"}
    parsed = build(grid, numbers=numbers, options=replace(options, marks=marks), evidence=evidence)
    others = table.drop_columns(list(asked)) if asked else table
    frame = pd.concat([parsed.frame, plain_frame(others)], axis="columns")[table.column_names]
    understood = replace(parsed.understood, columns=tuple(table.column_names))
    return replace(parsed, frame=frame, understood=understood)


def _column(table: Any, name: str, where: str) -> Column:  # noqa: ANN401
    cells = decoded(table.column(name))
    if is_text(cells.type):
        return Column(text=pc.cast(cells, pa.large_string()))
    if not is_numeric(cells.type):
        what = f"the column holds {cells.type} values where numbers should stand"
        remedy = "store the column as numbers, or name the texts that count (one_of, where)"
        raise ReadError("read-not-a-number", what, remedy=remedy, where=f"{where}, column {name}")
    typed = pc.fill_null(pc.cast(cells, pa.float64(), safe=False), np.nan)
    return Column(text=None, typed=typed.to_numpy())


def is_numeric(kind: Any) -> bool:  # noqa: ANN401
    """Say whether an Arrow type is one of numbers."""
    return any(is_one(kind) for is_one in _NUMBERS)


def is_text(kind: Any) -> bool:  # noqa: ANN401
    """Say whether an Arrow type is one of text."""
    return any(is_one(kind) for is_one in _TEXTS)


def decoded(cells: Any) -> Any:  # noqa: ANN401
    """Return cells without a dictionary: categories are how a file is packed, not what it says."""
    return cells.cast(cells.type.value_type) if pa.types.is_dictionary(cells.type) else cells


def plain_frame(table: Any) -> pd.DataFrame:  # noqa: ANN401
    """Return columns as pandas has them: an empty cell makes no other type of a column."""
    frame = {}
    for name in table.column_names:
        cells = decoded(table.column(name))
        # A whole number stays one beside an empty cell: the code 1280 never becomes 1280.0.
        # Nor does a truth value become an object: what a column means is not up to its nulls.
        nullable = _NULLABLE.get(str(cells.type)[:3]) if cells.null_count else None
        frame[name] = (
            pd.Series(cells.to_pandas(), dtype="str")
            if is_text(cells.type)
            else cells.to_pandas(types_mapper=lambda _, to=nullable: to)
        )
    return pd.DataFrame(frame, index=pd.RangeIndex(table.num_rows))

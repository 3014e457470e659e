"""Points with the code of their area, for the one who already has the points."""

from __future__ import annotations

import io
import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geolyft.errors import OutputError
from geolyft.export.delivery import check_gdal_takes, check_let_go, check_place, new_file
from geolyft.export.geo.dated import same_date
from geolyft.export.layers.excel import clean_text, timeless
from geolyft.export.layers.tables import PLAIN, TextForm, write_rows
from geolyft.optional import optional

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from pyproj import CRS

ENDINGS: Final = (".parquet", ".csv", ".gpkg", ".xlsx")
PLACE: Final = (" x", " y")
"""The last columns of every table, east and north: shapes are made of them, and no column. No
column of a file begins with a space."""
_GROUP: Final = 1 << 18
"""Rows of a row group, and of what is written at once; it decides bytes, batches do not."""
_WHOLE: Final = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}
_LAYER: Final = "punkter"
_SHEET_ROWS: Final = 1 << 20
_GEOPACKAGE_OWN: Final = frozenset({"fid", "geom", "geometry"})


def check_file(path: Path, inputs: Collection[Path] = ()) -> None:
    """Refuse a file that cannot be written, or that would replace what must stay.

    Parameters
    ----------
    inputs
        Files that are read; the output may be none of them.

    Raises
    ------
    OutputError
        ``output-format`` for an ending that names no format, ``output-write`` as
        `geolyft.export.delivery.check_place`, ``output-occupied`` for a folder or an input,
        ``format-extra`` for a workbook without openpyxl.
    """
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(
            "output-format",
            f"ending {path.suffix or 'missing'} is not written",
            remedy=f"use {', '.join(ENDINGS)}",
            where=path.name,
        )
    if path.suffix.lower() == ".xlsx":
        optional("openpyxl", "excel", path.name, error=OutputError, code="format-extra")
    check_place(path)
    if path.suffix.lower() == ".gpkg":
        check_gdal_takes(path, where=path.name)
        check_let_go(path, where=path.name)
    if path.is_dir() or path.resolve() in {each.resolve() for each in inputs}:
        raise OutputError(
            "output-occupied",
            "is a folder" if path.is_dir() else "is one of the files that are read",
            remedy="choose another --out",
            where=path.name,
        )


def own_columns(path: Path) -> frozenset[str]:
    """Return the column names, in small letters, that the file's format needs for itself."""
    return _GEOPACKAGE_OWN if path.suffix.lower() == ".gpkg" else frozenset()


def write_points(
    tables: Iterable[Any],
    path: Path,
    *,
    schema: Any,  # noqa: ANN401 - pyarrow is not typed
    crs: CRS,
    form: TextForm = PLAIN,
) -> None:
    """Write points with their area, by the path's ending; the file is whole or not there.

    However the points are cut into tables, the same points give the same bytes.

    Parameters
    ----------
    tables
        Arrow tables of `schema` and then `PLACE`, in `crs`. What goes wrong while they are made
        leaves nothing behind.
    schema
        Of what is written as columns.
    form
        How to write text, for CSV.

    Raises
    ------
    OutputError
        As `check_file`.
    """
    check_file(path)
    with new_file(path) as draft:
        kind, groups = path.suffix.lower(), _groups(tables)
        if kind == ".gpkg":
            _write_geopackage(groups, draft, schema, crs)
        elif kind == ".csv":
            _write_csv(groups, draft, schema, form)
        else:
            _WRITERS[kind](groups, draft, schema)


def _groups(tables: Iterable[Any]) -> Iterator[Any]:
    """Yield the rows of all tables again, in tables of one size."""
    held: list[Any] = []
    for table in tables:
        held.append(table)
        while sum(each.num_rows for each in held) >= _GROUP:
            joined = pa.concat_tables(held)
            yield joined.slice(0, _GROUP).combine_chunks()
            held = [joined.slice(_GROUP)]
    if sum(each.num_rows for each in held):
        yield pa.concat_tables(held).combine_chunks()


def _write_parquet(groups: Iterable[Any], path: Path, schema: Any) -> None:  # noqa: ANN401
    # Packing a group takes as long as placing the next one, and needs nothing of Python.
    # Numbers seldom repeat: looking for those that do takes longer than all other packing, and
    # makes the file larger.
    texts = [each.name for each in schema if not pa.types.is_primitive(each.type)]
    with (
        pq.ParquetWriter(path, _for_pandas(schema), use_dictionary=texts) as writer,
        ThreadPoolExecutor(1) as beside,
    ):
        packed: Future[None] | None = None
        for group in groups:
            if packed is not None:
                packed.result()
            table = group.select(schema.names).cast(writer.schema)
            packed = beside.submit(writer.write_table, table, row_group_size=_GROUP)
        if packed is not None:
            packed.result()


def _for_pandas(schema: Any) -> Any:  # noqa: ANN401
    """Say in the schema that whole numbers and truth values may be missing, not NaN or objects."""
    frame = schema.empty_table().to_pandas(types_mapper=_PANDAS.get)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).schema


def _write_csv(groups: Iterable[Any], path: Path, schema: Any, form: TextForm) -> None:  # noqa: ANN401
    with path.open("w", encoding=form.encoding, newline="") as file:
        empty = schema.empty_table().to_pandas(types_mapper=_PANDAS.get)
        write_rows(empty, file, form=form)
        for group in groups:
            # A time of day that happens to be midnight in one group is still written.
            columns = [_as_text(group.column(name)) for name in schema.names]
            plain = pa.table(columns, names=schema.names).to_pandas(types_mapper=_PANDAS.get)
            write_rows(plain, file, form=form, header=False)


def _write_sheet(groups: Iterable[Any], path: Path, schema: Any) -> None:  # noqa: ANN401
    """Write a sheet, which is whole in memory: it has no more rows than Excel can show."""
    # Both need openpyxl, which `check_file` has asked for.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.worksheet._writer import WorksheetWriter  # noqa: PLC0415

    class Beside(WorksheetWriter):
        def cleanup(self) -> None:
            """Leave the rows where they are: the draft's folder goes, whatever happens."""

    book = Workbook(write_only=True)
    page = book.create_sheet(_LAYER)
    # openpyxl would keep the rows where all programs do, and nobody cleans after a killed one.
    page._writer = Beside(page, str(path.with_name("rows.xml")))  # noqa: SLF001
    page._writer.write_top()  # noqa: SLF001
    with closing(page):
        page.append([_cell(page, name) for name in schema.names])
        rows = 1
        for group in groups:
            rows += group.num_rows
            if rows > _SHEET_ROWS:
                what = f"has more than the {_SHEET_ROWS} rows that a sheet can have"
                remedy = "use .csv or .parquet"
                raise OutputError("output-format", what, remedy=remedy, where=path.name)
            columns = [group.column(name).to_pylist() for name in schema.names]
            for row in zip(*columns, strict=True):
                page.append([_cell(page, value) for value in row])
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(timeless(raw.getvalue()))


def _cell(page: Any, value: object) -> object:  # noqa: ANN401 - a sheet of an optional package
    """Return a cell; a text is one also when it begins like a formula, and stays one if edited."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above

    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # a sheet has no time zones
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | date | time):
        return value
    cell = WriteOnlyCell(page, clean_text(str(value)))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _as_text(column: Any) -> Any:  # noqa: ANN401
    return column.cast(pa.large_string()) if pa.types.is_timestamp(column.type) else column


def _write_geopackage(groups: Iterable[Any], path: Path, schema: Any, crs: CRS) -> None:  # noqa: ANN401
    failed: list[BaseException] = []
    # A layer has no type for a column without a single value.
    kinds = [(each.name, _held(each.type)) for each in schema]
    shaped = pa.schema([*kinds, ("geom", pa.binary())])

    def batches() -> Iterator[Any]:
        # GDAL asks for the batches, and would swallow what goes wrong while they are made.
        try:
            for group in groups:
                yield from _with_shapes(group, shaped).to_batches()
        except BaseException as problem:  # noqa: BLE001 - raised below
            failed.append(problem)

    try:
        with same_date():
            pyogrio.write_arrow(
                pa.RecordBatchReader.from_batches(shaped, batches()),
                path,
                layer=_LAYER,
                driver="GPKG",
                geometry_name="geom",
                geometry_type="Point",
                crs=crs.to_wkt() if crs.to_authority() is None else ":".join(crs.to_authority()),
                dataset_options={"VERSION": "1.3"},
                layer_options={"GEOMETRY_NAME": "geom"},
            )
    finally:
        if failed:
            raise failed[0]


def _with_shapes(group: Any, schema: Any) -> Any:  # noqa: ANN401
    x, y = (group.column(axis).to_numpy() for axis in PLACE)
    # No shape, not a point at NaN, is what other programs take for "no place".
    shapes = np.where(np.isnan(x) | np.isnan(y), None, shapely.points(x, y))
    columns = [group.column(each.name).cast(each.type) for each in schema if each.name != "geom"]
    return pa.table([*columns, pa.array(shapely.to_wkb(shapes), pa.binary())], schema=schema)


def _held(kind: Any) -> Any:  # noqa: ANN401
    return pa.large_string() if pa.types.is_null(kind) else kind


_PANDAS: Final = {
    pa.large_string(): pd.StringDtype(na_value=np.nan),
    pa.bool_(): pd.BooleanDtype(),
    **_WHOLE,
}
_WRITERS: Final = {".parquet": _write_parquet, ".xlsx": _write_sheet}

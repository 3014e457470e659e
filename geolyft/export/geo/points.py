"""Points with the code of their area, for the one who already has the points."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geolyft.errors import OutputError
from geolyft.export.delivery import GDAL_DATE, check_place, writing
from geolyft.export.layers.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from concurrent.futures import Future

    from pyproj import CRS

ENDINGS: Final = (".parquet", ".csv", ".gpkg")
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
        `geolyft.export.delivery.check_place`, ``output-occupied`` for a folder or an input.
    """
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(
            "output-format",
            f"ending {path.suffix or 'missing'} is not written",
            remedy=f"use {', '.join(ENDINGS)}",
            where=path.name,
        )
    check_place(path)
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


def write_points(tables: Iterable[Any], path: Path, *, schema: Any, crs: CRS) -> None:  # noqa: ANN401 - pyarrow is not typed
    """Write points with their area, by the path's ending; the file is whole or not there.

    However the points are cut into tables, the same points give the same bytes.

    Parameters
    ----------
    tables
        Arrow tables of `schema`. What goes wrong while they are made leaves nothing behind.
    schema
        Of all tables: columns ``x`` and ``y`` in `crs`, ``area`` and whatever else is to be kept.

    Raises
    ------
    OutputError
        As `check_file`.
    """
    check_file(path)
    with writing(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as aside:
            draft = Path(aside) / path.name
            _WRITERS[path.suffix.lower()](_groups(tables), draft, schema, crs)
            os.replace(draft, path)  # noqa: PTH105 - the one call that replaces at once everywhere


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


def _write_parquet(groups: Iterable[Any], path: Path, schema: Any, _crs: CRS) -> None:  # noqa: ANN401
    # Packing a group takes as long as placing the next one, and needs nothing of Python.
    with pq.ParquetWriter(path, _for_pandas(schema)) as writer, ThreadPoolExecutor(1) as beside:
        packed: Future[None] | None = None
        for group in groups:
            if packed is not None:
                packed.result()
            table = group.cast(writer.schema)
            packed = beside.submit(writer.write_table, table, row_group_size=_GROUP)
        if packed is not None:
            packed.result()


def _for_pandas(schema: Any) -> Any:  # noqa: ANN401
    """Say in the schema that whole numbers and truth values may be missing, not NaN or objects."""
    frame = schema.empty_table().to_pandas(types_mapper=_PANDAS.get)
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).schema


def _write_csv(groups: Iterable[Any], path: Path, schema: Any, _crs: CRS) -> None:  # noqa: ANN401
    write_csv(schema.empty_table().to_pandas(types_mapper=_PANDAS.get), path)
    for group in groups:
        # A time of day that happens to be midnight in one group is still written.
        plain = pa.table([_as_text(column) for column in group.columns], names=schema.names)
        write_csv(plain.to_pandas(types_mapper=_PANDAS.get), path, append=True)


def _as_text(column: Any) -> Any:  # noqa: ANN401
    return column.cast(pa.large_string()) if pa.types.is_timestamp(column.type) else column


def _write_geopackage(groups: Iterable[Any], path: Path, schema: Any, crs: CRS) -> None:  # noqa: ANN401
    failed: list[BaseException] = []
    shaped = pa.schema([each for each in schema if each.name not in ("x", "y")])
    shaped = shaped.append(pa.field("geom", pa.binary()))

    def batches() -> Iterator[Any]:
        # GDAL asks for the batches, and would swallow what goes wrong while they are made.
        try:
            for group in groups:
                yield from _with_shapes(group, shaped).to_batches()
        except BaseException as problem:  # noqa: BLE001 - raised below
            failed.append(problem)

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": GDAL_DATE})
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(shaped, batches()),
            path,
            layer="punkter",
            driver="GPKG",
            geometry_name="geom",
            geometry_type="Point",
            crs=crs.to_wkt() if crs.to_authority() is None else ":".join(crs.to_authority()),
            dataset_options={"VERSION": "1.3"},
            layer_options={"GEOMETRY_NAME": "geom"},
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
        if failed:
            raise failed[0]


def _with_shapes(group: Any, schema: Any) -> Any:  # noqa: ANN401
    x, y = (group.column(axis).to_numpy() for axis in ("x", "y"))
    # No shape, not a point at NaN, is what other programs take for "no place".
    shapes = np.where(np.isnan(x) | np.isnan(y), None, shapely.points(x, y))
    columns = [group.column(name) for name in schema.names if name != "geom"]
    return pa.table([*columns, pa.array(shapely.to_wkb(shapes), pa.binary())], schema=schema)


_PANDAS: Final = {
    pa.large_string(): pd.StringDtype(na_value=np.nan),
    pa.bool_(): pd.BooleanDtype(),
    **_WHOLE,
}
_WRITERS: Final = {".parquet": _write_parquet, ".csv": _write_csv, ".gpkg": _write_geopackage}

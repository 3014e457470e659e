"""A file of points is looked at before it is read: what can be refused is refused here.

Which signs a file's numbers show is found out from all of them, before the first batch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyogrio
import pyproj

from geolyft.read.formats.csv import open_csv
from geolyft.read.formats.csv_blocks import look_at_blocks
from geolyft.read.formats.typed import (
    damaged,
    decoded,
    geometry_columns,
    geometry_of,
    is_text,
    open_parquet,
)
from geolyft.read.formats.vector import (
    asked_of_gdal,
    attributes_of,
    check_parts,
    gdal,
    is_crs_only_assumed,
    layer_of,
)
from geolyft.read.points import read_points, settled_columns
from geolyft.read.postgis.table import DatabaseTable
from geolyft.read.stream import BATCH, PointFile, ogr_tables, parquet_tables
from geolyft.read.understand.files import VECTOR, kind_of, local_file, stamp_of
from geolyft.read.understand.model import TextOptions
from geolyft.read.understand.rows import choose, clean_header
from geolyft.read.values.crs import settle_crs
from geolyft.read.values.numbers import decide_style, shown_together, style_evidence, tidy

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Sequence

    from geolyft.read.formats.csv import CsvFile
    from geolyft.read.understand.model import Points


def open_points(
    path: str | os.PathLike[str] | DatabaseTable,
    *,
    x: str | None = None,
    y: str | None = None,
    crs: int | str | None = None,
    numbers: Collection[str] = (),
    columns: Collection[str] | None = None,
    layer: str | None = None,
    options: TextOptions | None = None,
) -> PointFile:
    """Look at a file of points, and refuse what can be refused before it is read.

    CSV, Parquet, GeoParquet with WKB or points, and layers are read in batches; other formats,
    which hold no more than a table for people, are read whole. The parameters are those of
    `geolyft.read.read_points`.

    Raises
    ------
    ReadError
        As `geolyft.read.read_points`.
    """
    options = options or TextOptions()
    if isinstance(path, DatabaseTable):
        return _open_database(
            path, crs=crs, x=x, y=y, numbers=numbers, columns=columns, options=options
        )
    file = local_file(path)
    kind, stamp = kind_of(file), stamp_of(file)
    settled_crs = settled_columns(file, kind, x=x, y=y, crs=crs)
    asked = _Asked(
        file=file,
        kind=kind,
        place=(x, y) if x is not None and y is not None else None,
        crs=crs if settled_crs is None else settled_crs,
        numbers=numbers,
        columns=columns,
        layer=layer,
        # What goes to another process is plain.
        options=replace(options, marks=dict(options.marks)),
    )
    if kind == "parquet" and (asked.place or _is_plain(file)):
        seen = _open_parquet_points(asked)
    elif kind == "csv" and asked.place:
        seen = _open_text(asked, asked.place)
    elif kind in VECTOR and not asked.place:
        seen = _open_layer(asked)
    else:
        seen = _open_whole(replace(asked, crs=crs))
    return replace(seen, told=crs is not None, stamp=stamp)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What `open_points` was told; `crs` is settled where coordinates are columns."""

    file: Path
    kind: str
    place: tuple[str, str] | None
    crs: Any
    numbers: Collection[str]
    columns: Collection[str] | None
    layer: str | None
    options: TextOptions

    def numeric(self) -> list[str]:
        """Return the columns that are numbers, those of coordinates last."""
        return [*dict.fromkeys([*self.numbers, *(self.place or ())])]

    def read(self) -> list[str] | None:
        """Return the columns to read; nothing for all of them."""
        if self.columns is None:
            return None
        return [*dict.fromkeys([*self.columns, *self.numeric()])]

    def dropped(self) -> Collection[str]:
        """Return the columns of coordinates that nobody asked for as columns."""
        kept = self.columns
        return [name for name in self.place or () if kept is None or name not in kept]

    def keep(self) -> tuple[str, ...] | None:
        """Return the columns that were asked for."""
        return None if self.columns is None else tuple(self.columns)


def _open_whole(asked: _Asked) -> PointFile:
    x, y = asked.place or (None, None)
    read = read_points(
        asked.file,
        x=x,
        y=y,
        crs=asked.crs,
        numbers=asked.numbers,
        columns=asked.columns,
        layer=asked.layer,
        options=asked.options,
    )
    return _whole(asked.file, asked.kind, read, asked.place)


def _open_database(
    table: DatabaseTable,
    *,
    crs: int | str | None,
    x: str | None,
    y: str | None,
    **asked: Any,  # noqa: ANN401 - of read_points
) -> PointFile:
    read = read_points(table, crs=crs, x=x, y=y, **asked)
    place = (x, y) if x is not None and y is not None else None
    return replace(_whole(Path(table.name), "postgis", read, place), told=crs is not None)


def _whole(file: Path, kind: str, read: Points, place: tuple[str, str] | None) -> PointFile:
    schema = pa.Schema.from_pandas(read.frame, preserve_index=False)
    # Of shapes, x and y are ours.
    shaped = [each for each in schema if each.name not in {"x", "y"}]
    return PointFile(
        file=file,
        kind=kind,
        crs=read.crs,
        rows=len(read.frame),
        schema=schema,
        own=pa.schema(shaped) if read.written is None else read.written.schema,
        place=place,
        whole=read,
    )


def _open_parquet_points(asked: _Asked) -> PointFile:
    file, crs, named = asked.file, asked.crs, asked.place
    opened = open_parquet(file)
    schema = opened.schema_arrow
    geometries = geometry_columns(schema)
    numeric = asked.numeric()
    names = clean_header([n for n in schema.names if n not in geometries], where=file.name)
    wanted = choose(names, numbers=numeric, columns=asked.read(), where=file.name)
    points = PointFile(
        file=file,
        kind="parquet",
        crs=crs if named else settle_crs(_own_crs(schema, crs, file.name), crs, where=file.name),
        rows=opened.metadata.num_rows,
        schema=_frame_schema(schema, wanted, numeric, drop=asked.dropped()),
        own=_own_schema(schema, wanted),
        groups=opened.metadata.num_row_groups,
        wanted=tuple(wanted),
        numbers=tuple(numeric),
        keep=asked.keep(),
        place=named,
        geometry=None if named else geometries[0],
        options=asked.options,
    )
    texts = [name for name in wanted if name in numeric and is_text(schema.field(name).type)]
    return _with_evidence(points, texts)


def _open_text(asked: _Asked, place: tuple[str, str]) -> PointFile:
    """Look at all of a text file: only its end tells where the rows stop, and how numbers look."""
    file, options, numeric = asked.file, asked.options, asked.numeric()
    text = open_csv(file, numbers=numeric, columns=asked.read(), options=options)
    blocks = look_at_blocks(text, numeric)
    rows, evidence = (blocks.rows, blocks.evidence) if blocks else _look_carefully(text, numeric)
    decimal = options.decimal or (
        decide_style(evidence, separator=text.separator, where=file.name).decimal
    )
    kinds = pa.schema([(name, pa.large_string()) for name in text.wanted])
    return PointFile(
        file=file,
        kind="csv",
        crs=asked.crs,
        rows=rows,
        schema=_frame_schema(kinds, text.wanted, numeric, drop=asked.dropped()),
        own=kinds,
        numbers=tuple(numeric),
        keep=asked.keep(),
        place=place,
        options=options,
        evidence=None if options.decimal else evidence,
        text=text,
        groups=len(blocks) if blocks else 1,
        # Who asks for every column gives the file back, as it was written.
        blocks=replace(blocks, decimal=decimal or ",", verbatim=asked.columns is None)
        if blocks
        else None,
    )


def _look_carefully(
    text: CsvFile, numbers: Sequence[str]
) -> tuple[int, frozenset[tuple[str, str]]]:
    """Return how many rows a text file has, and what its numbers show of their signs."""
    evidence: dict[str, frozenset[tuple[str, str]]] = dict.fromkeys(numbers, frozenset())
    rows = 0
    for grid in text.grids():
        rows += len(grid.rows)
        for name in numbers:
            evidence[name] |= style_evidence(tidy(grid.columns[name].text))
    return rows, shown_together(evidence.values())


def _open_layer(asked: _Asked) -> PointFile:
    file, kind, crs, numbers = asked.file, asked.kind, asked.crs, asked.numbers
    if kind == "shapefile":
        check_parts(file)
    name, read = layer_of(file, asked.layer, spatial=True), asked.read()
    wanted = choose(
        attributes_of(file, name),
        numbers=(),
        columns=None if read is None else [each for each in read if each != "geometry"],
        where=file.name,
    )
    with gdal(file.name):
        info = pyogrio.read_info(file, layer=name)
        asked_for = asked_of_gdal(file, name, wanted)
        with pyogrio.open_arrow(file, layer=name, **asked_for, use_pyarrow=True) as (meta, got):
            schema = got.schema
    in_file = None if info["crs"] is None or is_crs_only_assumed(file, kind, crs) else info["crs"]
    in_file = None if in_file is None else pyproj.CRS.from_user_input(in_file)
    points = PointFile(
        file=file,
        kind=kind,
        crs=settle_crs(in_file, crs, where=file.name),
        rows=max(0, int(info["features"])),
        schema=_frame_schema(schema, wanted, numbers, drop=()),
        own=_own_schema(schema, wanted),
        wanted=tuple(wanted),
        numbers=tuple(numbers),
        geometry=meta["geometry_name"] or "wkb_geometry",
        layer=name,
        options=asked.options,
    )
    texts = [each for each in wanted if each in numbers and is_text(schema.field(each).type)]
    return _with_evidence(points, texts)


def _with_evidence(points: PointFile, texts: Sequence[str]) -> PointFile:
    """Find out how numbers that are text are written, from all of them, unless it was said."""
    if not texts or points.options.decimal is not None:
        return points
    evidence = _evidence(points, texts)
    decide_style(evidence, separator=None, where=points.file.name)
    return replace(points, evidence=evidence)


def _evidence(points: PointFile, texts: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return what all number columns that are text show of their signs."""
    styles: frozenset[tuple[str, str]] = frozenset()
    lone = replace(points, wanted=tuple(texts), geometry=None)
    tables = (
        ogr_tables(lone, BATCH)
        if points.kind in VECTOR
        else parquet_tables(
            open_parquet(points.file, streamed=True),
            points.file.name,
            range(points.groups),
            texts,
            BATCH,
        )
    )
    for table in tables:
        for name in texts:
            styles |= style_evidence(tidy(decoded(table.column(name)).cast(pa.large_string())))
    return styles


def _frame_schema(
    schema: Any,  # noqa: ANN401 - pyarrow is not typed
    wanted: Sequence[str],
    numbers: Collection[str],
    *,
    drop: Collection[str],
) -> Any:  # noqa: ANN401
    """Return the types of a batch's frame, from those of the file."""
    fields = [(name, _kept(schema.field(name).type, number=name in numbers)) for name in wanted]
    kept = [(name, kind) for name, kind in fields if name not in drop and name not in ("x", "y")]
    return pa.schema([*kept, ("x", pa.float64()), ("y", pa.float64())])


def _own_schema(schema: Any, wanted: Sequence[str]) -> Any:  # noqa: ANN401 - pyarrow is not typed
    return pa.schema([(name, _kept(schema.field(name).type, number=False)) for name in wanted])


def _kept(kind: Any, *, number: bool) -> Any:  # noqa: ANN401
    if number:
        return pa.float64()
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.large_string() if is_text(kind) and not pa.types.is_null(kind) else kind


def _is_plain(file: Path) -> bool:
    """Tell whether a file's shapes are WKB, or points whose coordinates are columns."""
    schema = open_parquet(file).schema_arrow
    if not geometry_columns(schema):
        return False
    return geometry_of(schema).get("encoding") in {"WKB", "point"}


def _own_crs(
    schema: Any,  # noqa: ANN401 - pyarrow is not typed
    declared: int | str | None,
    where: str,
) -> pyproj.CRS | None:
    # Degrees that only the standard says give way to what is declared.
    crs = geometry_of(schema).get("crs", "OGC:CRS84" if declared is None else None)
    try:
        return None if crs is None else pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise damaged(where) from None

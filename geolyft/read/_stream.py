"""Rows with a place from a file of any size, a batch at a time, with every guard of the whole.

What only the whole file can tell is added up: which signs its numbers show is found out before the
first batch, where most of its places can be is refused after the last.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyogrio
import pyproj
import shapely

from geolyft.errors import ReadError
from geolyft.read._csv import CsvFile, open_csv
from geolyft.read._files import VECTOR, kind_of, local_file, sha256_of
from geolyft.read._grid import Grid, build
from geolyft.read._model import Points, TextOptions, Understood
from geolyft.read._numbers import decide_style, style_evidence, tidy
from geolyft.read._places import Votes, check_votes, settle_crs, votes_of
from geolyft.read._points import from_columns, from_shapes, read_points, settled_columns
from geolyft.read._rows import choose, clean_header
from geolyft.read._typed import (
    damaged,
    decoded,
    geometry_columns,
    is_text,
    open_parquet,
    typed_table,
)
from geolyft.read._vector import (
    attributes_of,
    check_letters,
    check_parts,
    gdal,
    is_crs_only_assumed,
    layer_of,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

BATCH: Final = 1 << 18
"""Rows of a batch: some tens of megabytes, whatever the file."""
_OGR_BATCH: Final = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What batches have shown; those of several are added."""

    said: Understood | None = None
    votes: Votes = field(default_factory=Votes)

    def __add__(self, other: Seen) -> Seen:
        """Return what both have shown, in this order."""
        if self.said is None or other.said is None:
            return replace(self, said=self.said or other.said, votes=self.votes + other.votes)
        marks = dict(self.said.marks)
        for mark, count in other.said.marks.items():
            marks[mark] = marks.get(mark, 0) + count
        said = replace(
            self.said,
            rows=self.said.rows + other.said.rows,
            footer_rows=self.said.footer_rows + other.said.footer_rows,
            marks=marks,
        )
        return Seen(said=said, votes=self.votes + other.votes)


def seen_in(batch: Points) -> Seen:
    """Return what one batch shows."""
    east, north = batch.frame["x"].to_numpy(), batch.frame["y"].to_numpy()
    return Seen(said=batch.understood, votes=votes_of(east, north, batch.crs))


@dataclass(frozen=True, kw_only=True)
class PointFile:
    """A file of points that was looked at and not read.

    Parameters
    ----------
    crs
        Of its coordinates.
    rows
        How many it says to have; 0 when it does not say.
    schema
        Of the frames of its batches: what the file says of the columns, not what a batch happens
        to hold.
    groups
        The row groups of a Parquet file, which workers can share; of other files 1.
    """

    file: Path
    kind: str
    crs: pyproj.CRS
    rows: int
    schema: Any
    groups: int = 1
    wanted: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    keep: tuple[str, ...] | None = None
    place: tuple[str, str] | None = None
    geometry: str | None = None
    layer: str | None = None
    options: TextOptions = field(default_factory=TextOptions)
    evidence: frozenset[tuple[str, str]] | None = None
    text: CsvFile | None = None
    whole: Points | None = None

    def parts(self, rows: int) -> list[range | None]:
        """Return the parts of the file that can be read on their own, each of about so many rows.

        None is the whole file.
        """
        count = min(self.groups, -(-self.rows // rows))
        if count <= 1:
            return [None]
        edges = [round(n * self.groups / count) for n in range(count + 1)]
        return [range(first, stop) for first, stop in pairwise(edges)]

    def batches(
        self, groups: Sequence[int] | None = None, *, rows: int | None = None
    ) -> Iterator[Points]:
        """Yield the points in the file's order, at most so many rows at a time.

        Parameters
        ----------
        groups
            The row groups to read; all of them by default.
        rows
            `BATCH` by default; it changes nothing but the memory used.

        Raises
        ------
        ReadError
            As `geolyft.read.read_points`, but for what `finish` says.
        """
        if self.whole is not None:
            yield self.whole
            return
        if self.text is not None:
            yield from self._points_of_text(self.text)
            return
        first_row, rows = 1, rows or BATCH
        if self.kind in VECTOR:
            tables = _ogr_tables(self, rows)
        else:
            opened = open_parquet(self.file, streamed=True)
            chosen = range(self.groups) if groups is None else groups
            before = range(min(chosen, default=0))
            first_row += sum(opened.metadata.row_group(each).num_rows for each in before)
            tables = _parquet_tables(opened, self.file.name, chosen, self._columns(), rows)
        for table in tables:
            if table.num_rows:
                yield self._points(table, first_row)
                first_row += table.num_rows

    def finish(self, seen: Seen) -> Understood:
        """Return what the file was understood to be, once all of its batches were seen.

        Raises
        ------
        ReadError
            When it has no rows, or most places cannot be in its CRS.
        """
        if seen.said is None:
            what, remedy = "has columns and no rows", "give a file with data"
            raise ReadError("read-header-only", what, remedy=remedy, where=self.file.name)
        check_votes(seen.votes, self.crs, where=self.file.name)
        digest = seen.said.sha256 or sha256_of(self.file, self.kind)
        return replace(seen.said, sha256=digest)

    def _points_of_text(self, text: CsvFile) -> Iterator[Points]:
        assert self.place is not None  # noqa: S101 - text has no shapes
        for grid in text.grids():
            made = build(grid, numbers=self.numbers, options=self.options, evidence=self.evidence)
            yield from_columns(made, self.place, self.crs, keep=self.keep)

    def _columns(self) -> list[str]:
        return [*self.wanted, *([self.geometry] if self.geometry else [])]

    def _points(self, table: Any, first_row: int) -> Points:  # noqa: ANN401 - pyarrow is not typed
        name = "geoparquet" if self.kind == "parquet" and self.geometry else self.kind
        grid = Grid(
            name=self.file.name, kind=name, sha256="", columns={}, rows=(), layer=self.layer
        )
        made = typed_table(
            table.select(list(self.wanted)),
            grid,
            numbers=self.numbers,
            options=self.options,
            first_row=first_row,
            evidence=self.evidence,
        )
        if self.place is not None:
            return from_columns(made, self.place, self.crs, keep=self.keep)
        if self.kind == "shapefile":
            check_letters(made.frame, self.file.name)
        with gdal(self.file.name):
            shapes = shapely.from_wkb(table.column(self.geometry).to_numpy(zero_copy_only=False))
        return from_shapes(made, shapes, self.crs)


def open_points(
    path: str | os.PathLike[str],
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

    CSV, Parquet, GeoParquet with WKB and layers are read in batches; other formats, which hold no
    more than a table for people, are read whole. The parameters are those of
    `geolyft.read.read_points`.

    Raises
    ------
    ReadError
        As `geolyft.read.read_points`.
    """
    file = local_file(path)
    kind = kind_of(file)
    options = options or TextOptions()
    # What goes to another process is plain.
    options = replace(options, marks=dict(options.marks))
    found = settled_columns(file, kind, x=x, y=y, crs=crs)
    if kind == "parquet" and (found is not None or _is_wkb(file)):
        return _open_parquet_points(file, (x, y), found or crs, numbers, columns, options)
    if kind == "csv" and found is not None and x is not None and y is not None:
        return _open_text(file, (x, y), found, numbers, columns, options)
    if kind in VECTOR and found is None:
        return _open_layer(file, kind, crs, numbers, columns, layer, options)
    read = read_points(
        file, x=x, y=y, crs=crs, numbers=numbers, columns=columns, layer=layer, options=options
    )
    schema = pa.Schema.from_pandas(read.frame, preserve_index=False)
    return PointFile(
        file=file, kind=kind, crs=read.crs, rows=len(read.frame), schema=schema, whole=read
    )


def _open_parquet_points(
    file: Path,
    place: tuple[str | None, str | None],
    crs: Any,  # noqa: ANN401 - found, or as it was said
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
) -> PointFile:
    opened = open_parquet(file)
    schema = opened.schema_arrow
    geometries = geometry_columns(schema)
    x, y = place
    named = (x, y) if x is not None and y is not None else None
    numeric = [*numbers, *(named or ())]
    names = clean_header([n for n in schema.names if n not in geometries], where=file.name)
    asked = None if columns is None else [*dict.fromkeys([*columns, *numeric])]
    wanted = choose(names, numbers=numeric, columns=asked, where=file.name)
    made = PointFile(
        file=file,
        kind="parquet",
        crs=crs if named else settle_crs(_own_crs(schema, file.name), crs, where=file.name),
        rows=opened.metadata.num_rows,
        schema=_frame_schema(schema, wanted, numeric, drop=_dropped(named, columns)),
        groups=opened.metadata.num_row_groups,
        wanted=tuple(wanted),
        numbers=tuple(numeric),
        keep=None if columns is None else tuple(columns),
        place=named,
        geometry=None if named else geometries[0],
        options=options,
    )
    texts = [name for name in wanted if name in numeric and is_text(schema.field(name).type)]
    return _with_evidence(made, texts)


def _open_text(
    file: Path,
    place: tuple[str, str],
    crs: pyproj.CRS,
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
) -> PointFile:
    """Look at all of a text file: only its end tells where the rows stop, and how numbers look."""
    numeric = [*dict.fromkeys([*numbers, *place])]
    asked = None if columns is None else [*dict.fromkeys([*columns, *numeric])]
    text = open_csv(file, numbers=numeric, columns=asked, options=options)
    evidence: frozenset[tuple[str, str]] = frozenset()
    rows = 0
    for grid in text.grids():
        rows += len(grid.rows)
        for name in numeric if options.decimal is None else ():
            evidence |= style_evidence(tidy(grid.columns[name].text))
    decide_style(evidence, separator=text.separator, where=file.name)
    kinds = pa.schema([(name, pa.large_string()) for name in text.wanted])
    return PointFile(
        file=file,
        kind="csv",
        crs=crs,
        rows=rows,
        schema=_frame_schema(kinds, text.wanted, numeric, drop=_dropped(place, columns)),
        numbers=tuple(numeric),
        keep=None if columns is None else tuple(columns),
        place=place,
        options=options,
        evidence=None if options.decimal else evidence,
        text=text,
    )


def _open_layer(  # noqa: PLR0917 - what open_points was told
    file: Path,
    kind: str,
    crs: int | str | None,
    numbers: Collection[str],
    columns: Collection[str] | None,
    layer: str | None,
    options: TextOptions,
) -> PointFile:
    if kind == "shapefile":
        check_parts(file)
    name = layer_of(file, layer, spatial=True)
    asked = None if columns is None else [*dict.fromkeys([*columns, *numbers])]
    wanted = choose(
        attributes_of(file, name),
        numbers=(),
        columns=None if asked is None else [each for each in asked if each != "geometry"],
        where=file.name,
    )
    with gdal(file.name):
        said = pyogrio.read_info(file, layer=name)
        with pyogrio.open_arrow(file, layer=name, columns=wanted, use_pyarrow=True) as (meta, got):
            schema = got.schema
    own = None if said["crs"] is None or is_crs_only_assumed(file, kind, crs) else said["crs"]
    own = None if own is None else pyproj.CRS.from_user_input(own)
    made = PointFile(
        file=file,
        kind=kind,
        crs=settle_crs(own, crs, where=file.name),
        rows=max(0, int(said["features"])),
        schema=_frame_schema(schema, wanted, numbers, drop=()),
        wanted=tuple(wanted),
        numbers=tuple(numbers),
        geometry=meta["geometry_name"] or "wkb_geometry",
        layer=name,
        options=options,
    )
    texts = [each for each in wanted if each in numbers and is_text(schema.field(each).type)]
    return _with_evidence(made, texts)


def _ogr_tables(points: PointFile, rows: int) -> Iterator[Any]:
    where = points.file.name
    with contextlib.ExitStack() as stack:
        with gdal(where):
            opened = pyogrio.open_arrow(
                points.file,
                layer=points.layer,
                columns=list(points.wanted),
                batch_size=min(rows, _OGR_BATCH),
                use_pyarrow=True,
            )
            _, reader = stack.enter_context(opened)
        while True:
            # Not around the yield: what others warn of between two batches is theirs.
            with gdal(where):
                batch = next(reader, None)
            if batch is None:
                return
            yield pa.Table.from_batches([batch])


def _parquet_tables(
    opened: Any,  # noqa: ANN401 - pyarrow is not typed
    where: str,
    groups: Sequence[int],
    columns: Sequence[str],
    rows: int,
) -> Iterator[Any]:
    try:
        for batch in opened.iter_batches(rows, row_groups=list(groups), columns=list(columns)):
            yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError):
        raise damaged(where) from None


def _with_evidence(points: PointFile, texts: Sequence[str]) -> PointFile:
    """Find out how numbers that are text are written, from all of them, unless it was said."""
    if not texts or points.options.decimal is not None:
        return points
    evidence = _evidence(points, texts)
    decide_style(evidence, separator=None, where=points.file.name)
    return replace(points, evidence=evidence)


def _evidence(points: PointFile, texts: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Return what all number columns that are text show of their signs."""
    found: frozenset[tuple[str, str]] = frozenset()
    lone = replace(points, wanted=tuple(texts), geometry=None)
    tables = (
        _ogr_tables(lone, BATCH)
        if points.kind in VECTOR
        else _parquet_tables(
            open_parquet(points.file, streamed=True),
            points.file.name,
            range(points.groups),
            texts,
            BATCH,
        )
    )
    for table in tables:
        for name in texts:
            found |= style_evidence(tidy(decoded(table.column(name)).cast(pa.large_string())))
    return found


def _frame_schema(
    schema: Any,  # noqa: ANN401 - pyarrow is not typed
    wanted: Sequence[str],
    numbers: Collection[str],
    *,
    drop: Collection[str],
) -> Any:  # noqa: ANN401
    """Return the types of a batch's frame, from those of the file."""
    fields = [(name, _kept(schema.field(name).type, name in numbers)) for name in wanted]
    kept = [(name, kind) for name, kind in fields if name not in drop and name not in ("x", "y")]
    return pa.schema([*kept, ("x", pa.float64()), ("y", pa.float64())])


def _kept(kind: Any, number: bool) -> Any:  # noqa: ANN401, FBT001 - private
    if number:
        return pa.float64()
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.large_string() if is_text(kind) else kind


def _dropped(place: tuple[str, str] | None, columns: Collection[str] | None) -> Collection[str]:
    return [name for name in place or () if columns is None or name not in columns]


def _geo(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow is not typed
    found: dict[str, Any] = json.loads(schema.metadata[b"geo"])
    return dict(found["columns"].get(found["primary_column"], {}))


def _is_wkb(file: Path) -> bool:
    schema = open_parquet(file).schema_arrow
    return bool(geometry_columns(schema)) and _geo(schema).get("encoding") == "WKB"


def _own_crs(schema: Any, where: str) -> pyproj.CRS | None:  # noqa: ANN401 - pyarrow is not typed
    said = _geo(schema).get("crs", "OGC:CRS84")
    try:
        return None if said is None else pyproj.CRS.from_user_input(said)
    except pyproj.exceptions.CRSError:
        raise damaged(where) from None

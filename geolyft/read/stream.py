"""Rows with a place from a file of any size, a batch at a time, with every guard of the whole.

What only the whole file can tell is added up: where most of its places can be is refused after the
last batch.
"""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely

from geolyft.errors import ReadError
from geolyft.read.formats.csv_blocks import in_order
from geolyft.read.formats.typed import damaged, open_parquet, typed_table
from geolyft.read.formats.vector import asked_of_gdal, check_letters, gdal
from geolyft.read.points import from_columns, from_shapes
from geolyft.read.understand.files import VECTOR, check_unchanged, sha256_of
from geolyft.read.understand.grid import TextGrid, build
from geolyft.read.understand.model import Points, TextOptions, Understood
from geolyft.read.values.places import Votes, check_votes, votes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import pyproj

    from geolyft.frames import Floats
    from geolyft.read.formats.csv import CsvFile
    from geolyft.read.formats.csv_blocks import Blocks
    from geolyft.read.understand.files import Stamp
    from geolyft.read.values.crs import Transform

BATCH: Final = 1 << 18
"""Rows of a batch: some tens of megabytes, whatever the file."""
_OGR_BATCH: Final = 1 << 16


@dataclass(frozen=True, kw_only=True)
class FileSeen:
    """What batches have shown; those of several are added.

    Parameters
    ----------
    plain
        The number columns of which a batch has numbers other than zero, none of them a per cent.
    """

    understood: Understood | None = None
    votes: Votes = field(default_factory=Votes)
    plain: frozenset[str] = frozenset()

    def __add__(self, other: FileSeen) -> FileSeen:
        """Return what both have shown, in this order."""
        if self.understood is None or other.understood is None:
            return other if self.understood is None else self
        marks = dict(self.understood.marks)
        for mark, count in other.understood.marks.items():
            marks[mark] = marks.get(mark, 0) + count
        understood = replace(
            self.understood,
            rows=self.understood.rows + other.understood.rows,
            footer_rows=self.understood.footer_rows + other.understood.footer_rows,
            blank_rows=self.understood.blank_rows + other.understood.blank_rows,
            per_cent=tuple(dict.fromkeys(self.understood.per_cent + other.understood.per_cent)),
            marks=marks,
        )
        votes, plain = self.votes + other.votes, self.plain | other.plain
        return FileSeen(understood=understood, votes=votes, plain=plain)


def seen_in(batch: Points) -> FileSeen:
    """Return what one batch shows."""
    east, north = batch.frame["x"].to_numpy(), batch.frame["y"].to_numpy()
    read = batch.understood
    others = batch.marks.columns.difference([*read.per_cent, "x", "y"])
    plain = frozenset(name for name in others if (np.abs(batch.frame[name]) > 0).any())
    return FileSeen(understood=read, votes=votes_of(east, north, batch.crs), plain=plain)


@dataclass(frozen=True, kw_only=True)
class PointFile:
    """A file of points that was looked at and not read.

    Parameters
    ----------
    file
        Where it is; of a table of a database, what it is called.
    crs
        Of its coordinates.
    rows
        How many it says to have; 0 when it does not say.
    schema
        Of the frames of its batches: what the file says of the columns, not what a batch happens
        to hold.
    own
        The file's own columns, in its order: what `Points.written` has.
    groups
        The row groups of a Parquet file or the blocks of a text file, which workers can share; of
        other files 1.
    told
        Somebody has said which CRS it is.
    onto
        The way to the areas' CRS, where that is another.
    stamp
        Of the file when it was looked at.
    """

    file: Path
    kind: str
    crs: pyproj.CRS
    rows: int
    schema: Any
    own: Any
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
    blocks: Blocks | None = None
    whole: Points | None = None
    told: bool = False
    onto: Transform | None = None
    stamp: Stamp | None = None

    def there(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where places of this file lie in the areas' CRS."""
        return (x, y) if self.onto is None else self.onto.moved(x, y)

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
            yield from self._points_of_text(self.text, groups)
            return
        first_row, rows = 1, rows or BATCH
        if self.kind in VECTOR:
            tables = ogr_tables(self, rows)
        else:
            opened = open_parquet(self.file, streamed=True)
            chosen = range(self.groups) if groups is None else groups
            before = range(min(chosen, default=0))
            first_row += sum(opened.metadata.row_group(each).num_rows for each in before)
            tables = parquet_tables(opened, self.file.name, chosen, self._columns(), rows)
        for table in tables:
            if table.num_rows:
                yield self._points(table, first_row)
                first_row += table.num_rows

    def finish(self, seen: FileSeen, *, digest: bool = True) -> Understood:
        """Return what the file was understood to be, once all of its batches were seen.

        Parameters
        ----------
        digest
            Whether its bytes are to be known again; that reads the file once more.

        Raises
        ------
        ReadError
            When it has no rows, most places cannot be in its CRS, or a column is in two units.
        """
        if seen.understood is None:
            what, remedy = "has columns and no rows", "give a file with data"
            raise ReadError("read-header-only", what, remedy=remedy, where=self.file.name)
        self._refuse_two_units(seen.plain.intersection(seen.understood.per_cent))
        check_votes(seen.votes, self.crs, where=self.file.name)
        sha256 = seen.understood.sha256
        if digest and not sha256:
            sha256 = sha256_of(self.file, self.kind)
        check_unchanged(self.file, self.stamp)
        way = self.onto.sentence() if self.onto else None
        return replace(seen.understood, sha256=sha256, transformed=way)

    def _refuse_two_units(self, columns: Collection[str]) -> None:
        mixed = sorted(name for name in columns if name not in self.options.units)
        if not mixed:
            return
        if self.text is not None:
            self._read_carefully(self.text)
        what = "some numbers say per cent and others do not"
        where = f"{self.file.name}, column {mixed[0]}"
        raise ReadError("read-unit-mixed", what, remedy="write all of them alike", where=where)

    def _read_carefully(self, text: CsvFile) -> None:
        """Let the careful reader say of its own chunks which row is wrong, and how many are."""
        deque(map(self._points_of_grid, text.grids()), maxlen=0)

    def _points_of_text(self, text: CsvFile, groups: Sequence[int] | None) -> Iterator[Points]:
        if self.blocks is None:
            yield from map(self._points_of_grid, text.grids())
            return
        chosen = range(self.groups) if groups is None else groups
        try:
            for batches in in_order(self._points_of_block, chosen):
                yield from batches
        except ReadError:
            check_unchanged(text.file, text.stamp)
            self._read_carefully(text)
            raise

    def _points_of_block(self, at: int) -> list[Points]:
        assert self.blocks is not None  # noqa: S101 - only such files have groups
        return list(map(self._points_of_grid, self.blocks.grids(at)))

    def _points_of_grid(self, grid: TextGrid) -> Points:
        assert self.place is not None  # noqa: S101 - text has no shapes
        table = build(grid, numbers=self.numbers, options=self.options, evidence=self.evidence)
        points = from_columns(table, self.place, self.crs, keep=self.keep)
        texts = {name: column.text for name, column in grid.columns.items()}
        whole = all(cells is not None for cells in texts.values())
        return replace(points, written=pa.table(texts)) if whole else points

    def _columns(self) -> list[str]:
        return [*self.wanted, *([self.geometry] if self.geometry else [])]

    def _points(self, table: Any, first_row: int) -> Points:  # noqa: ANN401 - pyarrow is not typed
        name = "geoparquet" if self.kind == "parquet" and self.geometry else self.kind
        grid = TextGrid(
            name=self.file.name, kind=name, sha256="", columns={}, rows=(), layer=self.layer
        )
        written = table.select(list(self.wanted))
        read = typed_table(
            written,
            grid,
            numbers=self.numbers,
            options=self.options,
            first_row=first_row,
            evidence=self.evidence,
        )
        if self.place is not None:
            points = from_columns(read, self.place, self.crs, keep=self.keep)
            return replace(points, written=written)
        if self.kind == "shapefile":
            check_letters(read.frame, self.file.name)
        with gdal(self.file.name):
            shapes = _shapes(table.column(self.geometry))
        return replace(from_shapes(read, shapes, self.crs), written=written)


def _shapes(column: Any) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return WKB, or points as GeoParquet 1.1 has them, as shapes."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):  # where a package for GeoArrow is loaded
        column = column.cast(kind.storage_type)
    if pa.types.is_struct(column.type):
        return shapely.points(*(pc.struct_field(column, axis).to_numpy() for axis in "xy"))
    return shapely.from_wkb(column.to_numpy(zero_copy_only=False))


def ogr_tables(points: PointFile, rows: int) -> Iterator[Any]:
    """Yield the tables of a layer, at most so many rows at a time."""
    where = points.file.name
    with contextlib.ExitStack() as stack:
        with gdal(where):
            opened = pyogrio.open_arrow(
                points.file,
                layer=points.layer,
                **asked_of_gdal(points.file, points.layer or "", list(points.wanted)),
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


def parquet_tables(
    opened: Any,  # noqa: ANN401 - pyarrow is not typed
    where: str,
    groups: Sequence[int],
    columns: Sequence[str],
    rows: int,
) -> Iterator[Any]:
    """Yield the tables of some row groups, at most so many rows at a time."""
    try:
        for batch in opened.iter_batches(rows, row_groups=list(groups), columns=list(columns)):
            yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError):
        raise damaged(where) from None

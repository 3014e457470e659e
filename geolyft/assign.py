"""A file of points, or columns of coordinates, gets the codes of its areas."""

from __future__ import annotations

import functools
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from geolyft.divisions.areas import is_shipped, load_areas
from geolyft.errors import GeolyftWarning, ReadError, brief
from geolyft.export.geo.points import PLACE, check_file, own_columns, write_points
from geolyft.export.layers.tables import PLAIN, TextForm
from geolyft.frames import check_areas
from geolyft.join.area_lookup import AreaGrid, grid_of
from geolyft.join.engine import (
    PART_ROWS,
    Engine,
    EngineName,
    Local,
    Progress,
    no_progress,
    open_engine,
)
from geolyft.join.placed import (
    Places,
    PointAudit,
    check_placed,
    look_at,
    no_places,
    placed_again,
    placed_swapped,
    texts_at,
    warn_of_defaults,
    with_positions,
)
from geolyft.join.points import check_share, lead_onto
from geolyft.read import (
    FileSeen,
    PointFile,
    Points,
    Understood,
    open_points,
    rows_said,
    seen_in,
)
from geolyft.read.formats.typed import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray


def assign_file(  # noqa: PLR0913 - the options of a command, by name
    points: str | Path,
    *,
    areas: str,
    out: str | Path,
    layer: str | None = None,
    points_layer: str | None = None,
    code: str | None = None,
    name: str | None = None,
    areas_crs: int | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: int | None = None,
    max_outside: float = 0.05,
    engine: EngineName = "local",
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> PointAudit:
    """Write a file of points again with the column ``area``: the code of the area each lies in.

    What is written has the points' own columns, and is as sensitive as they are. CSV, Parquet,
    GeoParquet and layers are read and written in batches: they may be larger than memory.

    Parameters
    ----------
    points
        CSV, Excel, Parquet, GeoParquet or any vector file.
    areas
        A shipped division, or a file of polygons.
    out
        ``.parquet``, ``.csv``, ``.gpkg`` or ``.xlsx``. From CSV to CSV the file comes back as it
        was written: columns, separator, decimal sign, letters. Where the points have shapes and
        the output has none, ``x`` and ``y`` are their coordinates.
    points_layer
        The layer of the points' file, or the sheet of a workbook.
    layer, code, name, areas_crs
        Of the areas' file: its layer, the columns of codes and names, its CRS if it says none.
    x, y, crs
        Of points without geometry: the columns of coordinates, and their EPSG code. Points whose
        CRS is declared are placed also when it is not the areas'; what is written are the
        coordinates that came in.
    max_outside
        See `geolyft.assign_points`.
    engine, scheduler
        Who places the points, see `geolyft.join.engine.open_engine`; the file is the same.
    progress
        Called with the file's name and the share of its points that are written.

    Raises
    ------
    GeolyftError
        Whatever the readers, the join and the writer refuse; ``assign-column`` when the points
        have a column whose name the output needs: ``area``, in GeoPackage also ``fid`` and the
        geometry's.
    """
    points, out = Path(points), Path(out)
    check_file(out, inputs=[points] if is_shipped(areas) else [points, Path(areas)])
    polygons = check_areas(_areas(areas, layer=layer, code=code, name=name, crs=areas_crs))
    check_share(max_outside, where=points.name)
    file = lead_onto(open_points(points, x=x, y=y, crs=crs, layer=points_layer), polygons)
    schema = _schema(file, out)
    _check_columns(schema.names, out, where=points.name)
    form = _text_form(file, polygons.index)
    with open_engine(engine, scheduler) as workers:
        work = _Work(file, polygons, workers, lambda share: progress(points.name, share))
        tables = work.tables(schema, max_outside=max_outside)
        write_points(tables, out, schema=schema, crs=file.crs, form=form)
    return work.places.audit()


def _schema(file: PointFile, out: Path) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return the columns that are written: the file's own and the area.

    Coordinates that are text in the file are text in a text file only, and those of shapes are
    columns where the output has no shapes.
    """
    kind = out.suffix.lower()
    numbers = file.place if file.kind == "csv" and kind != ".csv" else None
    fields = [
        pa.field(each.name, pa.float64() if each.name in (numbers or ()) else each.type)
        for each in file.own
    ]
    shapes = file.place is None and kind != ".gpkg"
    places = [pa.field(axis, pa.float64()) for axis in ("x", "y") if shapes]
    return pa.schema([*fields, *places, pa.field("area", pa.large_string())])


def _text_form(file: PointFile, codes: pd.Index[str]) -> TextForm:
    """Return how the points' own file writes text, if it is one and can write the codes."""
    if file.text is None or file.text.separator is None:
        return PLAIN
    form = TextForm(
        separator=file.text.separator,
        encoding=file.text.scan.encoding,
        line_end=file.text.line_end(),
        columns=tuple(zip(file.text.names, file.text.header, strict=True)),
    )
    try:
        "".join(codes).encode(form.encoding)
    except UnicodeEncodeError:
        what = f"its encoding {form.encoding} cannot hold the letters of the areas' codes"
        remedy = "save the points as UTF-8"
        raise ReadError("read-encoding", what, remedy=remedy, where=file.file.name) from None
    return form


@dataclass(frozen=True, kw_only=True)
class PlacePlan:
    """What a worker needs to place a part of a file: the file, and the polygons as WKB."""

    file: PointFile
    shapes: tuple[bytes, ...]

    def grid(self) -> AreaGrid:
        """Return the areas' grid, built once in each process."""
        return grid_of(self.shapes, max(self.file.rows, 1))


def place_part(
    plan: PlacePlan, groups: Sequence[int] | None
) -> tuple[NDArray[np.int32], Places, FileSeen]:
    """Return where the points of some row groups lie, and what they show."""
    grid, places, seen = plan.grid(), no_places(), FileSeen()
    positions = [np.empty(0, dtype=np.int32)]
    for batch in plan.file.batches(groups):
        position, of_batch = _place(plan.file, grid, batch)
        positions.append(position)
        places, seen = places + of_batch, seen + seen_in(batch)
    return np.concatenate(positions), places, seen


class _Work:
    """The file's points, each batch placed here or by workers, as tables to be written."""

    def __init__(
        self,
        file: PointFile,
        areas: gpd.GeoDataFrame,
        engine: Engine,
        told: Callable[[float], None],
    ) -> None:
        shapes = tuple(shapely.to_wkb(areas.geometry.to_numpy()))
        self._plan = PlacePlan(file=file, shapes=shapes)
        self._codes, self._engine, self._told = areas.index, engine, told
        self.places, self._seen = no_places(), FileSeen()

    def tables(self, schema: Any, *, max_outside: float) -> Iterator[Any]:  # noqa: ANN401 - pyarrow is not typed
        """Yield the points with their areas; refuse at the end what only all of them tell."""
        file, where, done = self._plan.file, self._plan.file.file.name, 0
        placed = self._here() if isinstance(self._engine, Local) else self._elsewhere()
        for batch, position in placed:
            area = texts_at(position, self._codes)
            yield _rows(batch, area, schema, file)
            done += len(area)
            self._told(done / max(file.rows, done))
        _say(file.finish(self._seen, digest=False), where)
        grid = self._plan.grid()
        swapped = functools.partial(placed_swapped, file, grid)
        check_placed(self.places, max_outside=max_outside, where=where, swapped=swapped)
        warn_of_defaults(self.places, placed_again(file, grid), where=where)

    def _here(self) -> Iterator[tuple[Points, NDArray[np.int32]]]:
        grid = self._plan.grid()
        for batch in self._plan.file.batches():
            position, places = _place(self._plan.file, grid, batch)
            self._add(places, seen_in(batch))
            yield batch, position

    def _elsewhere(self) -> Iterator[tuple[Points, NDArray[np.int32]]]:
        """Read each part here once its positions, which are all that travels, have come."""
        file = self._plan.file
        parts = file.parts(PART_ROWS)
        placed = self._engine.map(place_part, self._plan, parts)
        for part, (positions, places, seen) in zip(parts, placed, strict=True):
            self._add(places, seen)
            start = 0
            for batch in file.batches(part):
                stop = start + len(batch.frame)
                yield batch, positions[start:stop]
                start = stop

    def _add(self, places: Places, seen: FileSeen) -> None:
        self.places, self._seen = self.places + places, self._seen + seen


def _rows(batch: Points, area: Any, schema: Any, file: PointFile) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return the rows as the file has them, with their areas and last their places."""
    frame, columns = batch.frame, []
    at = dict(zip(file.place or (), ("x", "y"), strict=False))
    for each in schema.remove(len(schema) - 1):
        # Coordinates of a text file that become numbers, and those of shapes, are in the frame.
        is_own = file.own.get_field_index(each.name) >= 0 and each == file.own.field(each.name)
        if is_own and batch.written is not None:
            columns.append(decoded(batch.written.column(each.name)).cast(each.type))
        else:
            cells = frame[at.get(each.name, each.name)]
            columns.append(pa.array(cells, each.type, from_pandas=True))
    places = [pa.array(frame[axis], pa.float64(), from_pandas=True) for axis in ("x", "y")]
    columns += [area, *places]
    return pa.table(columns, names=[*schema.names, *PLACE])


def _say(read: Understood, where: str) -> None:
    """Say what was done with the points on the way that their rows do not show."""
    said = rows_said(read.as_dict())
    if read.transformed:
        said.append(f"placed by coordinates transformed {read.transformed}")
    for each in said:
        warnings.warn(f"{where}: {each}", GeolyftWarning, stacklevel=4)


def _place(file: PointFile, grid: AreaGrid, batch: Points) -> tuple[NDArray[np.int32], Places]:
    xs, ys = batch.frame["x"].to_numpy(), batch.frame["y"].to_numpy()
    position = grid.positions(*file.there(xs, ys))
    return position, with_positions(look_at(xs, ys, where=batch.understood.path), position)


def _check_columns(names: list[str], out: Path, *, where: str) -> None:
    """Refuse a column that the output would replace; most programs do not tell case apart."""
    times = Counter(name.casefold() for name in names)
    taken = [n for n in names if times[n.casefold()] > 1 or n.casefold() in own_columns(out)]
    if taken:
        what = f"has a column called {brief(taken[0])}, which the output needs for itself"
        raise ReadError("assign-column", what, remedy="rename it", where=where)


def _areas(
    areas: str, *, layer: str | None, code: str | None, name: str | None, crs: int | None
) -> gpd.GeoDataFrame:
    if is_shipped(areas):
        return load_areas(areas)
    return load_areas(Path(areas), code=code, name=name, layer=layer, crs=crs)

"""Areas, points and drawn places whose shapes, codes or coordinates are not what they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
from shapely import (
    GeometryCollection,
    LineString,
    MultiPoint,
    Point,
    Polygon,
    affinity,
    box,
)
from whole_files import EAST, NORTH, areas, layer, people, point

from bad_inputs.case import Bad, edits, nothing, replaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

    Change = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]
    Make = Callable[[], gpd.GeoDataFrame]

ASSIGN: Final = (
    "assign", "points.gpkg", "--areas", "areas.gpkg", "--code", "kod", "--name", "namn",
    "--out", "placed.csv",
)  # fmt: skip
PLACE: Final = ("place", "drawn.gpkg", "run.toml", "--out", "place")
SQUARE: Final = box(EAST, NORTH, EAST + 1000, NORTH + 1000)
BOW_TIE: Final = Polygon(
    [(EAST, NORTH), (EAST + 1000, NORTH + 1000), (EAST + 1000, NORTH), (EAST, NORTH + 1000)]
)


def _first(shape: object) -> Change:
    """Put another shape in place of the first area's."""
    return lambda frame: frame.set_geometry([shape, *frame.geometry[1:]], crs=frame.crs)


def _codes(*codes: object) -> Change:
    return lambda frame: frame.assign(kod=list(codes))


AREAS: Final[dict[str, tuple[str, Change]]] = {
    "no areas": ("read-header-only", lambda frame: frame.head(0)),
    "an area of nothing": ("areas-geometry", _first(None)),
    "an empty area": ("areas-geometry", _first(Polygon())),
    "a bow-tie": ("areas-geometry", _first(BOW_TIE)),
    "a point among areas": ("areas-geometry", _first(Point(EAST, NORTH))),
    "a line among areas": (
        "areas-geometry", _first(LineString([(EAST, NORTH), (EAST + 9, NORTH)]))),
    "a collection among areas": (
        "areas-geometry", _first(GeometryCollection([SQUARE, Point(EAST, NORTH)]))),
    "a hole outside its area": (
        "areas-geometry",
        _first(Polygon(SQUARE.exterior, [box(EAST - 500, NORTH, EAST, NORTH + 9).exterior]))),
    "a spike": ("areas-geometry", _first(Polygon(
        [(EAST, NORTH), (EAST + 1000, NORTH), (EAST + 1000, NORTH + 1000), (EAST, NORTH + 1000),
         (EAST - 500, NORTH + 1000), (EAST, NORTH + 1000)]))),
    "an infinite corner": ("read-places-infinite", _first(Polygon(
        [(EAST, NORTH), (np.inf, NORTH), (EAST + 1000, NORTH + 1000)]))),
    "areas that overlap": ("areas-overlap", _first(SQUARE.buffer(50, join_style="mitre"))),
    "an area twice under two codes": ("areas-overlap", lambda frame: frame.set_geometry(
        [SQUARE, SQUARE, *frame.geometry[2:]], crs=frame.crs)),
    "a code twice": ("areas-code", _codes("1", "1", "3", "4")),
    "a code missing": ("areas-code", _codes("1", None, "3", "4")),
    "an empty code": ("areas-code", _codes("1", "", "3", "4")),
    "codes with spaces": ("areas-code", _codes("1 ", "2", "3", "4")),
    "codes in halves": ("areas-code", _codes(1.5, 2.0, 3.0, 4.0)),
    "a code that is reserved": ("areas-code", _codes("city", "2", "3", "4")),
    "a code that is a formula": ("areas-code", _codes("=1+1", "2", "3", "4")),
    "a code of two lines": ("areas-code", _codes("1\n1", "2", "3", "4")),
    "a code that is a list": ("areas-code", _codes("1;5", "2", "3", "4")),
    "codes of other areas": ("join-unknown", _codes("11", "12", "13", "14")),
    "no column of codes": ("areas-column", lambda frame: frame.drop(columns="kod")),
    "no column of names": ("areas-column", lambda frame: frame.rename(columns={"namn": "Namn2"})),
    "no CRS": ("read-crs-missing", lambda frame: frame.set_crs(None, allow_override=True)),
    "degrees": ("areas-crs", lambda frame: frame.to_crs(4326)),
    "feet": ("read-places-outside", lambda frame: frame.to_crs(2263)),
    "local metres named national": ("read-places-outside", lambda frame: frame.set_crs(
        3006, allow_override=True)),
    "metres named degrees": ("read-places-metres", lambda frame: frame.set_crs(
        4326, allow_override=True)),
    "degrees named metres": ("read-places-degrees", lambda frame: frame.to_crs(4326).set_crs(
        3008, allow_override=True)),
    "x and y swapped": ("read-places-swapped", lambda frame: frame.set_geometry(
        [affinity.affine_transform(g, [0, 1, 1, 0, 0, 0]) for g in frame.geometry], crs=3008)),
    "columns equal but for case": ("read-header-duplicate", None),
    "one area alone": ("join-unknown", lambda frame: frame.head(1)),
}  # fmt: skip

POINTS: Final[dict[str, tuple[str, Make]]] = {
    "no points": ("read-header-only", lambda: _points().head(0)),
    "polygons": ("read-points-geometry", lambda: layer([SQUARE], a=["x"])),
    "lines": ("read-points-geometry", lambda: layer(
        [LineString([(EAST, NORTH), (EAST + 9, NORTH)])], a=["x"])),
    "several points in one": ("read-points-geometry", lambda: layer(
        [MultiPoint([(EAST, NORTH), (EAST + 9, NORTH)])], a=["x"])),
    "points and polygons": (
        "read-points-geometry", lambda: layer([SQUARE, point(1, 1)], a=["x", "y"])),
    "shapes that are missing": ("join-unplaced", lambda: layer([None, None], a=["x", "y"])),
    "shapes that are empty": ("join-unplaced", lambda: layer([Point(), Point()], a=["x", "y"])),
    "no CRS": ("read-crs-missing", lambda: _points().set_crs(None, allow_override=True)),
    "another zone": ("join-crs", lambda: _points().to_crs(3006)),
    "degrees": ("join-crs", lambda: _points().to_crs(4326)),
    "local metres named national": (
        "read-places-outside", lambda: _points().set_crs(3006, allow_override=True)),
    "all in another town": ("join-outside", lambda: layer([point(40_000, 0)] * 20, a=["x"] * 20)),
    "infinite": ("join-coordinates", lambda: layer([Point(np.inf, NORTH)] * 3, a=["x"] * 3)),
    "a column the output needs": ("assign-column", lambda: _points().assign(area="1")),
    "a column of a coordinate's name": ("assign-column", lambda: _points().assign(x=1.0)),
}  # fmt: skip

DRAWN: Final[dict[str, tuple[str, Make]]] = {
    "no place": ("read-header-only", lambda: layer([SQUARE], namn=["a"]).head(0)),
    "a point": ("place-shape", lambda: layer([point(5, 5)], namn=["a"])),
    "a line": (
        "place-shape", lambda: layer([LineString([(EAST, NORTH), (EAST + 9, NORTH)])], namn=["a"])),
    "a bow-tie": ("place-shape", lambda: layer([BOW_TIE], namn=["a"])),
    "an empty shape": ("place-shape", lambda: layer([Polygon()], namn=["a"])),
    "a place elsewhere": (
        "place-outside", lambda: layer([affinity.translate(SQUARE, 9000)], namn=["a"])),
    "most of it outside": (
        "place-outside", lambda: layer([affinity.translate(SQUARE, -800)], namn=["a"])),
    "too many": ("place-many", lambda: layer([SQUARE] * 101, namn=["a"] * 101)),
    "no CRS": ("read-crs-missing", lambda: layer([SQUARE], crs=None, namn=["a"])),
    "degrees named metres": ("read-places-degrees", lambda: layer(
        [SQUARE], namn=["a"]).to_crs(4326).set_crs(3008, allow_override=True)),
}  # fmt: skip


def layers() -> Iterator[Bad]:
    """Yield every bad layer."""
    for name, (code, change) in AREAS.items():
        spoil = _changed(change) if change else _equal_but_for_case
        yield Bad(f"areas.gpkg: {name}", code, spoil)
    for name, (code, make) in POINTS.items():
        yield Bad(f"points.gpkg: {name}", code, _made("points.gpkg", make), ASSIGN)
    for name, (code, make) in DRAWN.items():
        yield Bad(f"drawn.gpkg: {name}", code, _made("drawn.gpkg", make), PLACE)
    yield from edits("run.toml", NAMED)
    for name, (code, options) in COMMANDS.items():
        command = ("assign", "people.csv", *options)
        exit_code = 4 if code.startswith("output-") else 2
        yield Bad(f"assign: {name}", code, nothing, command, exit_code)


NAMED: Final = {
    "a layer that is not there": (
        "read-layer", 'file = "areas.gpkg"', 'file = "areas.gpkg"\nlayer = "x"'),
    "a CRS that contradicts the file's": (
        "read-crs-contradiction", 'file = "areas.gpkg"', 'file = "areas.gpkg"\ncrs = 3006'),
    "a folder for areas": ("read-directory", '"areas.gpkg"', '"."'),
    "areas that are not there": ("read-missing-file", '"areas.gpkg"', '"area.gpkg"'),
}  # fmt: skip
_OF: Final = ("--areas", "areas.gpkg", "--code", "kod", "--name", "namn")
_AT: Final = ("--x", "x", "--y", "y", "--crs", "3008")
_TO: Final = ("--out", "placed.csv")
COMMANDS: Final = {
    "no areas": ("usage", (*_AT, *_TO)),
    "no output": ("usage", (*_OF, *_AT)),
    "areas nobody ships": ("areas-unknown", ("--areas", "gesoo", *_AT, *_TO)),
    "a CRS in words": ("usage", (*_OF, "--x", "x", "--y", "y", "--crs", "SWEREF", *_TO)),
    "a CRS nobody knows": ("read-crs-unknown", (*_OF, "--x", "x", "--y", "y", "--crs", "1", *_TO)),
    "no CRS": ("read-crs-missing", (*_OF, "--x", "x", "--y", "y", *_TO)),
    "no columns": ("read-points-columns", (*_OF, *_TO)),
    "a column that is not there": (
        "read-column-missing", (*_OF, "--x", "lon", "--y", "lat", "--crs", "3008", *_TO)),
    "a column of names": (
        "read-not-a-number", (*_OF, "--x", "namn", "--y", "y", "--crs", "3008", *_TO)),
    "an ending nobody writes": ("output-format", (*_OF, *_AT, "--out", "placed.shp")),
    "a share above 1": ("usage", (*_OF, *_AT, "--max-outside", "5", *_TO)),
    "a code that is not there": (
        "areas-column", ("--areas", "areas.gpkg", "--code", "id", "--name", "namn", *_AT, *_TO)),
}  # fmt: skip


def _points() -> gpd.GeoDataFrame:
    rows = people()
    places = gpd.points_from_xy(rows["x"], rows["y"])
    return layer(list(places), namn=rows["namn"].tolist())


def _changed(change: Change) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "areas.gpkg").unlink()
        change(areas()).to_file(folder / "areas.gpkg", engine="pyogrio")

    return spoil


def _made(file: str, make: Make) -> Spoil:
    return lambda folder: make().to_file(folder / file, engine="pyogrio")


def _equal_but_for_case(folder: Path) -> None:
    file = folder / "areas.parquet"
    areas().assign(KOD="x").to_parquet(file)
    replaces("run.toml", "areas.gpkg", "areas.parquet")(folder)

"""Areas, points, places to be asked of and rasters, whose shapes or places are not what they should be."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
from needs import module
from shapely import (
    GeometryCollection,
    LineString,
    MultiPoint,
    Point,
    Polygon,
    affinity,
    box,
)
from whole_files import CANARY, EAST, NORTH, areas, layer, people, point

from bad_inputs.case import CHECK, Bad, edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

rasterio = module("rasterio")

Change = "Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]"

ASSIGN: Final = (
    "assign", "points.gpkg", "--areas", "areas.gpkg", "--code", "kod", "--name", "namn",
    "--out", "placed.csv",
)  # fmt: skip
PLACE: Final = ("place", "drawn.gpkg", "run.toml", "--out", "place")
SQUARE: Final = box(EAST, NORTH, EAST + 1000, NORTH + 1000)
BOW_TIE: Final = Polygon(
    [(EAST, NORTH), (EAST + 1000, NORTH + 1000), (EAST + 1000, NORTH), (EAST, NORTH + 1000)]
)


def _first(shape: Any) -> Change:
    """Put another shape in place of the first area's."""
    return lambda frame: frame.set_geometry([shape, *frame.geometry[1:]], crs=frame.crs)


def _codes(*codes: object) -> Change:
    return lambda frame: frame.assign(kod=list(codes))


def _moved(x: float, y: float, crs: int = 3008) -> Change:
    return lambda frame: frame.translate(x, y).to_frame("geometry").join(
        frame.drop(columns="geometry")).set_crs(crs, allow_override=True)  # fmt: skip


AREAS: Final[dict[str, tuple[str, Change]]] = {
    "no areas": ("read-header-only", lambda frame: frame.head(0)),
    "an area of nothing": ("areas-geometry", _first(None)),
    "an empty area": ("areas-geometry", _first(Polygon())),
    "a bow-tie": ("areas-geometry", _first(BOW_TIE)),
    "a point among areas": ("areas-geometry", _first(Point(EAST, NORTH))),
    "a line among areas": ("areas-geometry", _first(LineString([(EAST, NORTH), (EAST + 9, NORTH)]))),
    "a collection among areas": (
        "areas-geometry", _first(GeometryCollection([SQUARE, Point(EAST, NORTH)]))),
    "a hole outside its area": (
        "areas-geometry",
        _first(Polygon(SQUARE.exterior, [box(EAST - 500, NORTH, EAST - 400, NORTH + 100).exterior]))),
    "a spike": ("areas-geometry", _first(Polygon(
        [(EAST, NORTH), (EAST + 1000, NORTH), (EAST + 1000, NORTH + 1000), (EAST, NORTH + 1000),
         (EAST - 500, NORTH + 1000), (EAST, NORTH + 1000)]))),
    "an infinite corner": ("areas-geometry", _first(Polygon(
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
    "a code that is a path": ("areas-code", _codes("../1", "2", "3", "4")),
    "codes of other areas": ("join-unknown", _codes("11", "12", "13", "14")),
    "no column of codes": ("areas-column", lambda frame: frame.drop(columns="kod")),
    "no column of names": ("areas-column", lambda frame: frame.rename(columns={"namn": "Namn2"})),
    "no CRS": ("read-crs-missing", lambda frame: frame.set_crs(None, allow_override=True)),
    "degrees": ("areas-crs", lambda frame: frame.to_crs(4326)),
    "feet": ("areas-crs", lambda frame: frame.to_crs(2263)),
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

POINTS: Final[dict[str, tuple[str, Callable[[], gpd.GeoDataFrame]]]] = {
    "no points": ("read-header-only", lambda: _points().head(0)),
    "polygons": ("read-points-geometry", lambda: layer([SQUARE], a=["x"])),
    "lines": ("read-points-geometry", lambda: layer(
        [LineString([(EAST, NORTH), (EAST + 9, NORTH)])], a=["x"])),
    "several points in one": ("read-points-geometry", lambda: layer(
        [MultiPoint([(EAST, NORTH), (EAST + 9, NORTH)])], a=["x"])),
    "points and polygons": ("read-points-geometry", lambda: layer([SQUARE, point(1, 1)], a=["x", "y"])),
    "shapes that are missing": ("join-unplaced", lambda: layer([None, None], a=["x", "y"])),
    "shapes that are empty": ("join-unplaced", lambda: layer([Point(), Point()], a=["x", "y"])),
    "no CRS": ("read-crs-missing", lambda: _points().set_crs(None, allow_override=True)),
    "another zone": ("join-crs", lambda: _points().to_crs(3006)),
    "degrees": ("join-crs", lambda: _points().to_crs(4326)),
    "local metres named national": (
        "read-places-outside", lambda: _points().set_crs(3006, allow_override=True)),
    "all in another town": ("join-outside", lambda: layer([point(40_000, 0)] * 20, a=["x"] * 20)),
    "infinite": ("read-places-infinite", lambda: layer([Point(np.inf, NORTH)] * 3, a=["x"] * 3)),
    "a column the output needs": ("assign-column", lambda: _points().assign(area="1")),
    "a column of a coordinate's name": ("read-points-columns", lambda: _points().assign(x=1.0)),
}  # fmt: skip

DRAWN: Final[dict[str, tuple[str, Callable[[], gpd.GeoDataFrame]]]] = {
    "no place": ("read-header-only", lambda: layer([SQUARE], namn=["a"]).head(0)),
    "a point": ("place-shape", lambda: layer([point(5, 5)], namn=["a"])),
    "a line": ("place-shape", lambda: layer([LineString([(EAST, NORTH), (EAST + 9, NORTH)])], namn=["a"])),
    "a bow-tie": ("place-shape", lambda: layer([BOW_TIE], namn=["a"])),
    "an empty shape": ("place-shape", lambda: layer([Polygon()], namn=["a"])),
    "a place elsewhere": ("place-outside", lambda: layer([affinity.translate(SQUARE, 9000)], namn=["a"])),
    "most of it outside": ("place-outside", lambda: layer([affinity.translate(SQUARE, -800)], namn=["a"])),
    "too many": ("place-many", lambda: layer([SQUARE] * 100, namn=["a"] * 100)),
    "no CRS": ("read-crs-missing", lambda: layer([SQUARE], crs=None, namn=["a"])),
    "degrees named metres": ("read-places-degrees", lambda: layer(
        [SQUARE], namn=["a"]).to_crs(4326).set_crs(3008, allow_override=True)),
}  # fmt: skip


def layers() -> Iterator[Bad]:
    """Yield every bad layer and raster."""
    for name, (code, change) in AREAS.items():
        spoil = _changed(change) if change else _equal_but_for_case
        yield Bad(f"areas.gpkg: {name}", code, spoil)
    for name, (code, make) in POINTS.items():
        yield Bad(f"points.gpkg: {name}", code, _made("points.gpkg", make), ASSIGN)
    for name, (code, make) in DRAWN.items():
        yield Bad(f"drawn.gpkg: {name}", code, _made("drawn.gpkg", make), PLACE)
    for name, (code, file, write) in FILES.items():
        yield Bad(f"{file}: {name}", code, _areas_of(file, write))
    yield from edits("run.toml", NAMED)
    for name, (code, options) in COMMANDS.items():
        yield Bad(f"assign: {name}", code, lambda _: None, ("assign", "people.csv", *options))
    for name, (code, made) in RASTERS.items():
        yield Bad(f"noise.tif: {name}", code, _raster(**made))


NAMED: Final = {
    "a layer that is not there": ("read-layer", 'file = "areas.gpkg"', 'file = "areas.gpkg"\nlayer = "x"'),
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
    "a column of names": ("read-not-a-number", (*_OF, "--x", "namn", "--y", "y", "--crs", "3008", *_TO)),
    "an ending nobody writes": ("output-format", (*_OF, *_AT, "--out", "placed.shp")),
    "a share above 1": ("usage", (*_OF, *_AT, "--max-outside", "5", *_TO)),
    "a code that is not there": (
        "areas-column", ("--areas", "areas.gpkg", "--code", "id", "--name", "namn", *_AT, *_TO)),
    "areas that are points": ("areas-geometry", ("--areas", "points.fgb", *_OF[2:], *_AT, *_TO)),
}  # fmt: skip
COMMANDS.pop("areas that are points")


def _points() -> gpd.GeoDataFrame:
    rows = people()
    places = gpd.points_from_xy(rows["x"], rows["y"])
    return layer(list(places), namn=rows["namn"].tolist())


def _changed(change: Change) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        (folder / "areas.gpkg").unlink()
        change(areas()).to_file(folder / "areas.gpkg", engine="pyogrio")

    return spoil


def _made(file: str, make: Callable[[], gpd.GeoDataFrame]) -> Callable[[Path], object]:
    return lambda folder: make().to_file(folder / file, engine="pyogrio")


def _equal_but_for_case(folder: Path) -> None:
    file = folder / "areas.parquet"
    areas().assign(KOD="x").to_parquet(file)
    _named(folder, "areas.parquet")


def _named(folder: Path, file: str) -> None:
    text = (folder / "run.toml").read_text(encoding="utf-8").replace("areas.gpkg", file)
    (folder / "run.toml").write_text(text, encoding="utf-8")


def _areas_of(file: str, write: Callable[[Path], object]) -> Callable[[Path], object]:
    """Let the run read its areas from another file."""

    def spoil(folder: Path) -> None:
        write(folder / file)
        _named(folder, file)

    return spoil


def _geojson(**changes: Any) -> Callable[[Path], object]:
    ring = [[13.0, 55.6], [13.01, 55.6], [13.01, 55.61], [13.0, 55.6]]
    shape = {"type": "Polygon", "coordinates": [ring], **changes}
    feature = {"type": "Feature", "properties": {"kod": "1", "namn": "a"}, "geometry": shape}
    said = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return lambda file: file.write_text(said, encoding="utf-8")


def _shapefile(*leave: str, prj: bytes | None = None) -> Callable[[Path], object]:
    def write(file: Path) -> None:
        areas().to_file(file)
        for ending in leave:
            file.with_suffix(ending).unlink()
        if prj is not None:
            file.with_suffix(".prj").write_bytes(prj)

    return write


def _packed(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("areas.shp", b"\0\0\x27\x0a" + bytes(96))


def _cut(ending: str, keep: float) -> Callable[[Path], object]:
    def write(file: Path) -> None:
        if ending == "parquet":
            areas().to_parquet(file)
        else:
            areas().to_file(file)
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * keep)])

    return write


def _of_database(*statements: str) -> Callable[[Path], object]:
    def write(file: Path) -> None:
        areas().to_file(file)
        with closing(sqlite3.connect(file)) as database, database:
            for statement in statements:
                database.execute(statement)

    return write


def _two_layers(file: Path) -> None:
    areas().to_file(file, layer="nya")
    areas().to_file(file, layer="gamla", mode="a")


def _geoparquet_without_crs(file: Path) -> None:
    areas().set_crs(None, allow_override=True).to_parquet(file)


FILES: Final[dict[str, tuple[str, str, Callable[[Path], object]]]] = {
    "two layers and none named": ("read-layer", "layers.gpkg", _two_layers),
    "cut in half": ("read-damaged", "cut.gpkg", _cut("gpkg", 0.5)),
    "a byte left": ("read-damaged", "short.gpkg", _cut("gpkg", 0.001)),
    "cut FlatGeobuf": ("read-damaged", "cut.fgb", _cut("fgb", 0.5)),
    "cut Parquet": ("read-damaged", "cut.parquet", _cut("parquet", 0.5)),
    "cut GeoJSON": ("read-damaged", "cut.geojson", _cut("geojson", 0.7)),
    "no table of contents": (
        "read-damaged", "bare.gpkg", _of_database("DROP TABLE gpkg_contents")),
    "a layer that is not in the file": (
        "read-damaged", "gone.gpkg", _of_database("DROP TABLE gone")),
    "shapes that are no shapes": (
        "read-damaged", "blobs.gpkg", _of_database("UPDATE blobs SET geom = x'00112233'")),
    "shapes that are texts": (
        "read-damaged", "texts.gpkg", _of_database("UPDATE texts SET geom = 'POLYGON EMPTY'")),
    "no .dbf": ("read-shapefile-parts", "nodbf.shp", _shapefile(".dbf")),
    "no .shx": ("read-shapefile-parts", "noshx.shp", _shapefile(".shx")),
    "no .prj": ("read-crs-missing", "noprj.shp", _shapefile(".prj")),
    "an empty .prj": ("read-crs-missing", "emptyprj.shp", _shapefile(prj=b"")),
    "a .prj of words": ("read-crs-missing", "wordsprj.shp", _shapefile(prj=b"SWEREF 99 13 30")),
    "a zipped shapefile": ("read-format", "areas.zip", _packed),
    "GeoJSON of metres": ("read-places-metres", "metres.geojson", _geojson(
        coordinates=[[[EAST, NORTH], [EAST + 9, NORTH], [EAST + 9, NORTH + 9], [EAST, NORTH]]])),
    "GeoJSON in degrees": ("areas-crs", "degrees.geojson", _geojson()),
    "GeoJSON of lines": ("areas-geometry", "lines.geojson", _geojson(
        type="LineString", coordinates=[[13.0, 55.6], [13.01, 55.6]])),
    "GeoJSON without coordinates": ("areas-geometry", "none.geojson", _geojson(coordinates=[])),
    "GeoJSON of texts": ("areas-geometry", "texts.geojson", _geojson(coordinates="POLYGON EMPTY")),
    "GeoJSON of no shape anybody knows": ("areas-geometry", "ring.geojson", _geojson(type="Ring")),
    "GeoParquet without a CRS": ("read-crs-missing", "nocrs.parquet", _geoparquet_without_crs),
    "a table for areas": ("read-format", "further.csv", lambda file: file),
    "KML": ("read-format", "areas.kml", lambda file: file.write_text("<kml/>")),
    "GML": ("read-format", "areas.gml", lambda file: file.write_text("<?xml version='1.0'?><a/>")),
    "DXF": ("read-format", "areas.dxf", lambda file: file.write_text("0\nSECTION\n2\nHEADER\n")),
    "MapInfo": ("read-format", "areas.tab", lambda file: file.write_text("!table\n!version 300\n")),
}  # fmt: skip

_NOISE: Final = """\
[[source]]
name = "Buller"
file = "noise.tif"
kind = "raster"

[[source.measure]]
indicator = "A"
statistic = "share_over"
limit = 55
"""


def _raster(
    *, bands: int = 1, kind: str = "float32", said: str = _NOISE, content: bytes | None = None,
    value: float = 40.0, **of: Any,
) -> Callable[[Path], object]:  # fmt: skip
    """Let the run read a raster in place of its table."""

    def spoil(folder: Path) -> None:
        text = (folder / "run.toml").read_text(encoding="utf-8").partition("[[source]]")[0]
        (folder / "run.toml").write_text(text + said, encoding="utf-8")
        if content is not None:
            (folder / "noise.tif").write_bytes(content)
            return
        place = rasterio.Affine(100, 0, EAST, 0, -100, NORTH + 2000)
        options = {"crs": "EPSG:3008", "transform": place, "nodata": -9999, **of}
        cells = np.full((bands, 20, 20), value).astype(kind)
        cells[:, :7] = 60
        with rasterio.open(folder / "noise.tif", "w", driver="GTiff", width=20, height=20,
                           count=bands, dtype=kind, **options) as written:  # fmt: skip
            written.write(cells)

    return spoil


_PLACED: Final = (100, 0, EAST, 0, -100, NORTH + 2000)


def _at(*transform: float) -> dict[str, Any]:
    return {"transform": rasterio.Affine(*transform)}


RASTERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "a text": ("raster-format", {"content": b"ncols 20\nnrows 20\n"}),
    "a picture": ("raster-format", {"content": b"\x89PNG\r\n\x1a\n"}),
    "a head and no more": ("raster-format", {"content": b"II*\0\x08\0\0\0"}),
    "no CRS": ("raster-crs", {"crs": None}),
    "degrees": ("raster-crs", {"crs": "EPSG:4326", **_at(0.001, 0, 13, 0, -0.001, 55.7)}),
    "another CRS than the areas": ("raster-crs", {"crs": "EPSG:3006"}),
    "no place": ("raster-grid", _at(1, 0, 0, 0, 1, 0)),
    "rotated": ("raster-grid", _at(100, 20, EAST, 20, -100, NORTH + 2000)),
    "south up": ("raster-grid", _at(100, 0, EAST, 0, 100, NORTH)),
    "elsewhere": ("raster-overlap", _at(100, 0, EAST + 90_000, 0, -100, NORTH + 2000)),
    "two bands and none named": ("raster-band", {"bands": 2}),
    "complex numbers": ("raster-band", {"kind": "complex64", "nodata": None}),
    "nodata that is not said": ("raster-nodata", {"nodata": None, "value": -9999.0}),
    "nodata said in two ways": ("raster-nodata", {
        "said": _NOISE.replace('kind = "raster"', 'kind = "raster"\nraster = { nodata = 0 }')}),
    "a band that is not there": ("raster-band", {
        "said": _NOISE.replace('kind = "raster"', 'kind = "raster"\nraster = { band = 3 }')}),
    "per cents above 100": ("raster-statistic", {
        "said": _NOISE.replace('"share_over"\nlimit = 55', '"mean"'), "value": 140.0}),
    "a share over nothing": ("run-form", {"said": _NOISE.replace("limit = 55\n", "")}),
    "a statistic nobody knows": ("run-form", {"said": _NOISE.replace("share_over", "median")}),
    "weights that are not there": ("run-path", {
        "said": _NOISE.replace('kind = "raster"', 'kind = "raster"\nraster = { weights = "w.tif" }')}),
    "weights below 0": ("raster-weights", {
        "said": _NOISE.replace('kind = "raster"', 'kind = "raster"\nprotected_by = "x"\nraster = { weights = "noise.tif" }'),
        "value": -1.0}),
}  # fmt: skip

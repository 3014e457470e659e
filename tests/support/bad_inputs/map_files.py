"""Files of areas that break off, lack a part, or are of another kind."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Final

from whole_files import EAST, NORTH, areas

from bad_inputs.case import Bad, replaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

    Write = Callable[[Path], object]


def map_files() -> Iterator[Bad]:
    """Yield every bad file of areas."""
    for name, (code, file, write) in FILES.items():
        yield Bad(f"{file}: {name}", code, _areas_of(file, write))


def _areas_of(file: str, write: Write) -> Spoil:
    """Let the run read its areas from another file."""

    def spoil(folder: Path) -> None:
        write(folder / file)
        replaces("run.toml", "areas.gpkg", file)(folder)

    return spoil


def _geojson(**changes: object) -> Write:
    ring = [[13.0, 55.6], [13.01, 55.6], [13.01, 55.61], [13.0, 55.6]]
    shape = {"type": "Polygon", "coordinates": [ring], **changes}
    feature = {"type": "Feature", "properties": {"kod": "1", "namn": "a"}, "geometry": shape}
    said = json.dumps({"type": "FeatureCollection", "features": [feature]})
    return lambda file: file.write_text(said, encoding="utf-8")


def _shapefile(*leave: str, prj: bytes | None = None) -> Write:
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


def _cut(ending: str, keep: float) -> Write:
    def write(file: Path) -> None:
        if ending == "parquet":
            areas().to_parquet(file)
        else:
            areas().to_file(file)
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * keep)])

    return write


def _of_database(*statements: str) -> Write:
    def write(file: Path) -> None:
        areas().to_file(file)
        with closing(sqlite3.connect(file)) as database, database:
            triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in triggers.fetchall():
                database.execute(f'DROP TRIGGER "{name[0]}"')
            for statement in statements:
                database.execute(statement)

    return write


def _two_layers(file: Path) -> None:
    areas().to_file(file, layer="nya")
    areas().to_file(file, layer="gamla", mode="a")


def _geoparquet_without_crs(file: Path) -> None:
    areas().set_crs(None, allow_override=True).to_parquet(file)


FILES: Final[dict[str, tuple[str, str, Write]]] = {
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
        "areas-geometry", "blobs.gpkg", _of_database("UPDATE blobs SET geom = x'00112233'")),
    "shapes that are texts": (
        "areas-geometry", "texts.gpkg", _of_database("UPDATE texts SET geom = 'POLYGON EMPTY'")),
    "no .dbf": ("read-shapefile-parts", "nodbf.shp", _shapefile(".dbf")),
    "no .shx": ("read-shapefile-parts", "noshx.shp", _shapefile(".shx")),
    "no .prj": ("read-crs-missing", "noprj.shp", _shapefile(".prj")),
    "an empty .prj": ("read-crs-missing", "emptyprj.shp", _shapefile(prj=b"")),
    "a .prj of words": ("read-crs-missing", "wordsprj.shp", _shapefile(prj=b"SWEREF 99 13 30")),
    "a zipped shapefile": ("read-format", "areas.zip", _packed),
    "GeoJSON of metres": ("read-places-metres", "metres.geojson", _geojson(
        coordinates=[[[EAST, NORTH], [EAST + 9, NORTH], [EAST + 9, NORTH + 9], [EAST, NORTH]]])),
    "GeoJSON in degrees": ("areas-crs", "degrees.geojson", _geojson()),
    "GeoJSON of lines": ("areas-crs", "lines.geojson", _geojson(
        type="LineString", coordinates=[[13.0, 55.6], [13.01, 55.6]])),
    "GeoJSON without coordinates": ("areas-crs", "none.geojson", _geojson(coordinates=[])),
    "GeoJSON of texts": ("areas-crs", "texts.geojson", _geojson(coordinates="POLYGON EMPTY")),
    "GeoJSON of no shape anybody knows": ("areas-crs", "ring.geojson", _geojson(type="Ring")),
    "GeoParquet without a CRS": ("read-crs-missing", "nocrs.parquet", _geoparquet_without_crs),
    "a table for areas": ("read-format", "further.csv", lambda file: file),
    "KML": ("read-format", "areas.kml", lambda file: file.write_text("<kml/>")),
    "GML": ("read-format", "areas.gml", lambda file: file.write_text("<?xml version='1.0'?><a/>")),
    "DXF": ("read-format", "areas.dxf", lambda file: file.write_text("0\nSECTION\n2\nHEADER\n")),
    "MapInfo": ("read-format", "areas.tab", lambda file: file.write_text("!table\n!version 300\n")),
}  # fmt: skip

"""One whole file of every kind that is read, from which broken ones are made."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from bad_inputs.cubes import CUBE, PX
from efforts_register import KNOWN, effort, register
from efforts_register import place as located
from needs import module
from shapely import Point
from whole_files import EAST, NORTH, VOTES, areas, layer, people, write_whole_files

import geolyft
from geolyft.action.effects.plan import read_plan
from geolyft.action.effects.registered import register_plan
from geolyft.action.efforts.template import write_template
from geolyft.export.releases import add_to_ledger
from geolyft.read.releases import TABLES, Ledger

if TYPE_CHECKING:
    from pathlib import Path

openpyxl, rasterio = module("openpyxl"), module("rasterio")


def write_fuzzed_files(folder: Path) -> Path:
    """Write the files into a folder, and return it."""
    write_whole_files(folder)
    _write_tables(folder)
    _write_layers(folder)
    _write_action(folder)
    run = (folder / "run.toml").read_text(encoding="utf-8")
    continued = run.replace('["2024"]', '["2025"]\nearlier = "delivery"')
    (folder / "continued.toml").write_text(continued, encoding="utf-8")
    return folder


def _write_tables(folder: Path) -> None:
    rows = pd.read_csv(io.StringIO(VOTES), sep=";", dtype={"kod": "str"})
    rows.to_parquet(folder / "votes.parquet")
    book = openpyxl.Workbook()
    for row in [[*rows], *rows.to_numpy().tolist()]:
        book.active.append(row)
    book.save(folder / "votes.xlsx")
    (folder / "votes.csv.gz").write_bytes(gzip.compress(VOTES.encode(), mtime=0))
    with zipfile.ZipFile(folder / "votes.ods", "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<office:document-content/>")
    (folder / "cube.json").write_text(json.dumps(CUBE), encoding="utf-8")
    (folder / "cube.px").write_text(PX, encoding="utf-8")


def _write_layers(folder: Path) -> None:
    rows, squares = people(), areas()
    rows.to_parquet(folder / "people.parquet")
    places = zip(rows["x"], rows["y"], strict=True)
    shapes = [Point(*place) for place in places]
    of = {"kon": rows["kon"].tolist(), "alder": rows["alder"].tolist()}
    layer(shapes, **of).to_file(folder / "people.gpkg")
    squares.to_parquet(folder / "areas.parquet")
    squares.to_file(folder / "areas.shp", encoding="utf-8")
    squares.to_file(folder / "areas.fgb")
    squares.to_crs(4326).to_file(folder / "areas.geojson")
    place = rasterio.Affine(100, 0, EAST, 0, -100, NORTH + 2000)
    with rasterio.open(
        folder / "noise.tif", "w", driver="GTiff", width=20, height=20, count=1, dtype="float32",
        crs="EPSG:3008", transform=place, nodata=-9999, compress="deflate",
    ) as written:  # fmt: skip
        written.write(np.linspace(30, 80, 400, dtype="float32").reshape(1, 20, 20))


def _write_action(folder: Path) -> None:
    efforts = [effort("X", start="2024", kostnad="5", kostnad_enhet="tkr"), effort("Y")]
    places = [located("X", "1"), located("Y", "2")]
    known = register(folder, efforts, places)
    catalogue = geolyft.load_catalogue()
    write_template(folder / "insatser.xlsx", catalogue=catalogue, known=KNOWN, register=known)
    plan = read_plan(folder / "plan.toml")
    for name in ("lasa", "skriva"):
        said = plan.model_copy(update={"id": name})
        register_plan(folder / "planer.jsonl", said, dt.date(2024, 1, 1))
    row = {column: 1 if kind == "INTEGER" else "a" for column, kind in TABLES["release"].items()}
    row["periods"] = '["2024"]'
    released = Ledger({**Ledger.empty().tables, "release": pd.DataFrame([row])}).typed()
    add_to_ledger(folder / "releases.sqlite", released)

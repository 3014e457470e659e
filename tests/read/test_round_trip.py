"""What one library writes, geolyft reads as the same codes and numbers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from needs import marked, module
from shapely import Point

from geolyft.read import read_layer, read_points, read_table

if TYPE_CHECKING:
    from pathlib import Path

openpyxl = module("openpyxl")

CODES = ["0180", "128E10", "NA", "Möllevången", "1e5", "-", "TRUE", "null"]
NUMBERS = [1.5, -2.25, 1234567.0, 0.0, np.nan, 3.0, 0.001, 12.0]
EAST = [118000.0 + n for n in range(8)]
NORTH = [6163000.0 + n / 2 for n in range(8)]


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({"code": CODES, "share": NUMBERS, "east": EAST, "north": NORTH})


@pytest.fixture
def places(table: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries.from_xy(table["east"], table["north"], crs=3008)
    return gpd.GeoDataFrame(table[["code", "share"]], geometry=points)


def write_csv(table: pd.DataFrame, path: Path, **options: object) -> None:
    table.to_csv(path, index=False, **options)


def write_excel(table: pd.DataFrame, path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(table.columns))
    for row in table.itertuples(index=False):
        book.active.append([None if isinstance(v, float) and np.isnan(v) else v for v in row])
    book.save(path)


TABLES = {
    "utf8.csv": write_csv,
    "bom.csv": lambda t, p: write_csv(t, p, encoding="utf-8-sig", sep=";"),
    "swedish.csv": lambda t, p: write_csv(t, p, encoding="cp1252", sep=";", decimal=","),
    "utf16.txt": lambda t, p: write_csv(t, p, encoding="utf-16", sep="\t", decimal=","),
    "quoted.csv": lambda t, p: write_csv(t, p, sep=",", decimal=",", quoting=2),
    "mac.csv": lambda t, p: write_csv(t, p, sep=";", lineterminator="\r"),
    "book.xlsx": write_excel,
    "plain.parquet": lambda t, p: t.to_parquet(p),
    "category.parquet": lambda t, p: t.astype({"code": "category"}).to_parquet(p),
}
LAYERS = {
    "layer.gpkg": lambda g, p: g.to_file(p),
    "layer.shp": lambda g, p: g.to_file(p, encoding="utf-8"),
    "layer.fgb": lambda g, p: g.to_file(p, SPATIAL_INDEX="NO"),
    "layer.geojson": lambda g, p: g.to_crs(4326).to_file(p, COORDINATE_PRECISION=15),
    "layer.parquet": lambda g, p: g.to_parquet(p),
    "geom.geoparquet": lambda g, p: g.rename_geometry("geom").to_parquet(p),
}


@pytest.mark.parametrize("name", marked(TABLES, {"book.xlsx": "openpyxl"}))
def test_a_table_comes_back_as_the_same_codes_and_numbers(
    tmp_path: Path, table: pd.DataFrame, name: str
) -> None:
    TABLES[name](table, tmp_path / name)
    read = read_table(tmp_path / name, numbers=["share"], columns=["code", "share"])
    pd.testing.assert_frame_equal(
        read.frame, pd.DataFrame({"code": pd.Series(CODES, dtype="str"), "share": NUMBERS})
    )
    assert read.marks["share"].tolist() == ["", "", "", "", "missing", "", "", ""]
    assert read.understood.columns == ("code", "share")
    assert read.understood.marks == {"": 1}
    json.dumps(read.understood.as_dict())
    assert read.understood.sentence().startswith(f"{name}: ")


@pytest.mark.parametrize("name", marked(TABLES, {"book.xlsx": "openpyxl"}))
def test_places_in_two_columns_come_back(tmp_path: Path, table: pd.DataFrame, name: str) -> None:
    TABLES[name](table, tmp_path / name)
    read = read_points(tmp_path / name, x="east", y="north", crs=3008, columns=["code"])
    assert list(read.frame) == ["code", "x", "y"]
    assert read.frame["x"].tolist() == EAST
    assert read.frame["y"].tolist() == NORTH
    assert read.crs.to_epsg() == 3008


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_comes_back_as_features_and_as_points(
    tmp_path: Path, places: gpd.GeoDataFrame, name: str
) -> None:
    LAYERS[name](places, tmp_path / name)
    layer = read_layer(tmp_path / name)
    assert layer.frame["code"].tolist() == CODES
    assert layer.frame.geometry.name == "geometry"
    back = layer.frame.to_crs(3008).geometry
    np.testing.assert_allclose(back.x, EAST, atol=1e-4)
    points = read_points(tmp_path / name, numbers=["share"], columns=["code"])
    assert list(points.frame) == ["code", "share", "x", "y"]
    np.testing.assert_array_equal(points.frame["share"], NUMBERS)
    np.testing.assert_array_equal(points.frame["y"], layer.frame.geometry.y)


@pytest.mark.parametrize("name", LAYERS)
def test_the_attributes_of_a_layer_are_a_table(
    tmp_path: Path, places: gpd.GeoDataFrame, name: str
) -> None:
    LAYERS[name](places, tmp_path / name)
    read = read_table(tmp_path / name, numbers=["share"])
    assert list(read.frame) == ["code", "share"]
    assert read.frame["code"].tolist() == CODES
    np.testing.assert_array_equal(read.frame["share"], NUMBERS)


PX = """CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="{codepage}";
TITLE="Folkmängd; efter DATA=region";
TITLE[en]="Population";
STUB="region","kön";
HEADING="år";
VALUES("region")="Malmö","Stockholms
 län";
VALUES("kön")="män","kvinnor";
VALUES("år")="2022","2023";
CODES("region")="1280",
"0180";
CODES("kön")="1","2";
DATA=
1 2.5
-3 ".."
"-" 6
"." 8
;
"""


@pytest.mark.parametrize("codepage", ["windows-1252", "utf-8", "iso-8859-15"])
def test_a_px_cube_becomes_a_long_table_of_codes(tmp_path: Path, codepage: str) -> None:
    (tmp_path / "cube.px").write_bytes(PX.format(codepage=codepage).encode(codepage))
    read = read_table(tmp_path / "cube.px")
    assert list(read.frame) == ["region", "kön", "år", "value"]
    assert read.frame["region"].tolist() == ["1280"] * 4 + ["0180"] * 4
    assert read.frame["kön"].tolist() == ["1", "1", "2", "2"] * 2
    assert read.frame["år"].tolist() == ["2022", "2023"] * 4
    np.testing.assert_array_equal(read.frame["value"], [1, 2.5, -3, np.nan, 0, 6, np.nan, 8])
    assert read.marks["value"].tolist() == ["", "", "", "hidden", "", "", "missing", ""]
    assert read.understood.marks == {"..": 1, "-": 1, ".": 1}


def cube(**changes: object) -> dict[str, Any]:
    return {
        "version": "2.0",
        "class": "dataset",
        "id": ["region", "tid"],
        "size": [2, 2],
        "dimension": {
            "region": {"category": {"index": {"0180": 1, "1280": 0}, "label": {}}},
            "tid": {"category": {"index": ["2022", "2023"]}},
        },
        "value": [1, None, 3.5, None],
        "status": {"1": ".."},
    } | changes


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"value": {"0": 1, "2": 3.5}},
        {"status": ["", "..", "", ""]},
    ],
)
def test_a_json_stat_cube_becomes_a_long_table_of_codes(
    tmp_path: Path, same: dict[str, Any]
) -> None:
    (tmp_path / "cube.json").write_text(json.dumps(cube(**same)), encoding="utf-8")
    read = read_table(tmp_path / "cube.json")
    assert read.frame["region"].tolist() == ["1280", "1280", "0180", "0180"]
    assert read.frame["tid"].tolist() == ["2022", "2023"] * 2
    np.testing.assert_array_equal(read.frame["value"], [1, np.nan, 3.5, np.nan])
    assert read.marks["value"].tolist() == ["", "hidden", "", "missing"]


def test_only_the_asked_columns_of_a_parquet_file_are_read(
    tmp_path: Path, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    plain = pq.ParquetFile.read

    def watch(self: pq.ParquetFile, columns: list[str] | None = None, **options: object) -> object:
        asked.append(columns)
        return plain(self, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "read", watch)
    table.to_parquet(tmp_path / "a.parquet")
    read_table(tmp_path / "a.parquet", columns=["code"])
    assert asked == [["code"]]


def test_a_whole_number_code_stays_whole_beside_an_empty_cell(tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": pd.array([1280, None], dtype="Int64"), "n": [1, 2]})
    frame.to_parquet(tmp_path / "a.parquet")
    read = read_table(tmp_path / "a.parquet", numbers=["n"])
    assert str(read.frame["code"].iloc[0]) == "1280"
    assert read.frame["n"].dtype == "float64"


def test_a_layer_without_crs_takes_the_declared_one(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(118000, 6163000)]).to_parquet(
        tmp_path / "a.parquet"
    )
    assert read_layer(tmp_path / "a.parquet", crs=3008).frame.crs.to_epsg() == 3008


def test_geojson_in_metres_takes_the_declared_crs(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"a": "1"},
        "geometry": {"type": "Point", "coordinates": [118000, 6163000]},
    }
    said = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "a.geojson").write_text(json.dumps(said), encoding="utf-8")
    assert read_layer(tmp_path / "a.geojson", crs=3008).frame.crs.to_epsg() == 3008

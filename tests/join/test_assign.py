"""`geolyft assign` gives a file back as it was, with the area of each point."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely
from pyproj.enums import WktVersion
from small_run import write_small_run

from geolyft.assign import assign_file
from geolyft.errors import GeolyftError, GeolyftWarning, JoinError, OutputError, ReadError
from geolyft.export.geo import points as points_module
from geolyft.pipeline.dry_run import check
from geolyft.pipeline.run import run
from geolyft.read import open_points
from geolyft.read.values.crs import same_crs

if TYPE_CHECKING:
    from pathlib import Path

EAST, NORTH = 118_000.0, 6_163_000.0
PLACES = [(EAST + 500, NORTH + 500), (EAST + 1500, NORTH + 500), (EAST + 5000, NORTH)]
AREAS = ["1", "2", None]
NOON = dt.datetime(2025, 1, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def areas(tmp_path: Path) -> str:
    shapes = [
        shapely.box(EAST + n * 1000, NORTH, EAST + (n + 1) * 1000, NORTH + 1000) for n in (0, 1)
    ]
    path = tmp_path / "areas.gpkg"
    gpd.GeoDataFrame({"kod": ["1", "2"]}, geometry=shapes, crs=3008).to_file(path)
    return str(path)


def elsewhere(crs: object) -> list[tuple[float, float]]:
    move = pyproj.Transformer.from_crs(3008, crs, always_xy=True)
    return [move.transform(x, y) for x, y in PLACES]


def layer(crs: object, places: list[tuple[float, ...]] | None = None) -> gpd.GeoDataFrame:
    points = [shapely.Point(place) for place in places or elsewhere(crs)]
    return gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=points, crs=crs)


def found(path: Path) -> list[str | None]:
    read = {
        ".csv": lambda: pd.read_csv(path, dtype="str"),
        ".parquet": lambda: pd.read_parquet(path),
        ".gpkg": lambda: gpd.read_file(path),
        ".xlsx": lambda: pd.read_excel(path, dtype="str"),
    }[path.suffix]()
    return [None if pd.isna(area) else area for area in read["area"]]


# ------------------------------------------------------------------------------ as it was written


TEXT = 'löpnr;öst;norr;"not;ering";tal\n1;118500,50;6163500,0;"a;b";1,50\n2;119500;6 163 500;;-3\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_file_comes_back_byte_for_byte_with_a_column_more(
    areas: str, tmp_path: Path, encoding: str, line_end: str
) -> None:
    path, out = tmp_path / "p.csv", tmp_path / "o.csv"
    path.write_bytes(TEXT.replace("\n", line_end).encode(encoding))
    assign_file(path, areas=areas, out=out, x="öst", y="norr", crs=3008)
    head, first, second, _ = TEXT.split("\n")
    expected = line_end.join([f"{head};area", f"{first};1", f"{second};2", ""])
    assert out.read_bytes() == expected.encode(encoding)


@pytest.mark.parametrize("rows", [1, 3000])
def test_columns_without_a_name_come_back_without_one(
    areas: str, tmp_path: Path, rows: int
) -> None:
    path, out = tmp_path / "p.csv", tmp_path / "o.csv"
    points = [f"{n};;{118_050 + n % 900};6163500;a;" for n in range(rows)]
    path.write_text("\n".join([";;x;y;;", *points, ""]), encoding="utf-8")
    assign_file(path, areas=areas, out=out, x="x", y="y", crs=3008)
    expected = "\n".join([";;x;y;;;area", *(f"{point};1" for point in points), ""])
    assert out.read_text(encoding="utf-8") == expected


def test_rows_below_the_points_are_said_and_not_written(areas: str, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id;x;y\na;118500;6163500\n\nKälla: staden\n", encoding="utf-8")
    with pytest.warns(GeolyftWarning) as seen:
        assign_file(tmp_path / "p.csv", areas=areas, out=tmp_path / "o.csv", x="x", y="y", crs=3008)
    said = {str(each.message).partition(": ")[2] for each in seen}
    assert said == {"1 note or sum rows after the table set aside", "1 blank rows set aside"}
    assert (tmp_path / "o.csv").read_text(encoding="utf-8") == "id;x;y;area\na;118500;6163500;1\n"


def test_codes_that_the_files_letters_cannot_write_are_refused(tmp_path: Path) -> None:
    shape = shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000)
    gpd.GeoDataFrame({"kod": ["Ł1"]}, geometry=[shape], crs=3008).to_file(tmp_path / "a.gpkg")
    (tmp_path / "p.csv").write_bytes("namn;x;y\nå;118500;6163500\n".encode("cp1252"))
    with pytest.raises(ReadError) as refusal:
        assign_file(
            tmp_path / "p.csv", areas=str(tmp_path / "a.gpkg"), out=tmp_path / "o.csv",
            x="x", y="y", crs=3008,
        )  # fmt: skip
    assert refusal.value.code == "read-encoding"
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    "ending", [".parquet", ".gpkg", pytest.param(".xlsx", marks=pytest.mark.needs("openpyxl"))]
)
def test_coordinates_that_were_text_are_numbers_where_columns_have_types(
    areas: str, tmp_path: Path, ending: str
) -> None:
    (tmp_path / "p.csv").write_text(TEXT, encoding="utf-8")
    out = tmp_path / f"o{ending}"
    assign_file(tmp_path / "p.csv", areas=areas, out=out, x="öst", y="norr", crs=3008)
    made = {
        ".parquet": pd.read_parquet,
        ".gpkg": lambda path: pd.DataFrame(gpd.read_file(path).drop(columns="geometry")),
        ".xlsx": lambda path: pd.read_excel(path, dtype={"area": "str", "löpnr": "str"}),
    }[ending](out)
    assert list(made) == ["löpnr", "öst", "norr", "not;ering", "tal", "area"]
    assert made["öst"].tolist() == [118500.5, 119500.0]
    assert made["tal"].tolist() == ["1,50", "-3"]
    assert found(out) == AREAS[:2]


def test_columns_of_a_typed_file_keep_their_order_and_types(areas: str, tmp_path: Path) -> None:
    table = pa.table(
        {
            "norr": pa.array([6163500, 6163500], pa.int32()),
            "n": pa.array([1, None], pa.int8()),
            "öst": pa.array(["118500,5", "119500"]),
            "dag": pa.array([dt.date(2025, 1, 1), None]),
            "tom": pa.nulls(2),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet")
    out = tmp_path / "o.parquet"
    assign_file(tmp_path / "p.parquet", areas=areas, out=out, x="öst", y="norr", crs=3008)
    made = pq.read_table(out)
    assert made.column_names == [*table.column_names, "area"]
    assert [str(kind) for kind in made.schema.types] == [
        "int32", "int8", "large_string", "date32[day]", "null", "large_string",
    ]  # fmt: skip
    assert made.drop_columns(["area"]).to_pydict() == table.to_pydict()


def test_a_column_without_a_value_is_an_empty_text_column_of_a_layer(
    areas: str, tmp_path: Path
) -> None:
    table = pa.table({"x": [118500.0], "y": [6163500.0], "anm": pa.nulls(1)})
    pq.write_table(table, tmp_path / "p.parquet")
    out = tmp_path / "o.gpkg"
    assign_file(tmp_path / "p.parquet", areas=areas, out=out, x="x", y="y", crs=3008)
    info = pyogrio.read_info(out)
    kinds = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert kinds["anm"] == "object"
    assert gpd.read_file(out)["anm"].isna().all()


def test_a_primary_key_that_the_sender_named_is_a_column(areas: str, tmp_path: Path) -> None:
    points = layer(3008).assign(nummer=[31, 7, 5])
    pyogrio.write_dataframe(points, tmp_path / "p.gpkg", layer_options={"FID": "nummer"})
    assign_file(tmp_path / "p.gpkg", areas=areas, out=tmp_path / "o.csv", max_outside=1)
    made = pd.read_csv(tmp_path / "o.csv", dtype="str")
    assert sorted(zip(made["nummer"], made["id"], strict=True)) == [
        ("31", "a"), ("5", "c"), ("7", "b"),
    ]  # fmt: skip


def test_a_workbook_has_texts_no_sheet_takes_for_formulas_and_the_same_bytes_twice(
    areas: str, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table = pa.table(
        {
            "text": ["=1+1", "a\x00b", "_x0041_"],
            "n": [1, None, 3],
            "när": pa.array([NOON, None, None], pa.timestamp("us", "UTC")),
            "sant": [True, None, False],
            "x": [x for x, _ in PLACES],
            "y": [y for _, y in PLACES],
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "p.parquet")
    place = {"areas": areas, "x": "x", "y": "y", "crs": 3008, "max_outside": 1.0}
    made = []
    for _ in range(2):
        assign_file(tmp_path / "p.parquet", out=tmp_path / "o.xlsx", **place)
        made.append((tmp_path / "o.xlsx").read_bytes())
    assert made[0] == made[1]
    page = openpyxl.load_workbook(tmp_path / "o.xlsx").active
    rows = list(page.iter_rows())
    assert [cell.value for cell in rows[0]] == [*table.column_names, "area"]
    assert (rows[1][0].value, rows[1][0].data_type, rows[1][0].quotePrefix) == ("=1+1", "s", True)
    assert rows[2][0].value == "ab"
    assert [cell.value for cell in rows[1][1:4]] == [1, NOON.replace(tzinfo=None), True]
    assert [row[-1].value for row in rows[1:]] == AREAS


@pytest.mark.needs("openpyxl")
def test_more_rows_than_a_sheet_holds_are_refused(
    areas: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points_module, "_SHEET_ROWS", 3)
    pd.DataFrame(PLACES, columns=["x", "y"]).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(OutputError) as refusal:
        assign_file(
            tmp_path / "p.parquet", areas=areas, out=tmp_path / "o.xlsx", x="x", y="y", crs=3008,
            max_outside=1,
        )  # fmt: skip
    assert refusal.value.code == "output-format"
    assert not (tmp_path / "o.xlsx").exists()


# ------------------------------------------------------------------------------------ another CRS


@pytest.mark.parametrize("crs", [4326, 3006, 4258, 3857, 25833])
def test_points_whose_crs_is_declared_are_placed_and_written_as_they_came(
    areas: str, tmp_path: Path, crs: int
) -> None:
    table = pd.DataFrame(elsewhere(crs), columns=["x", "y"]).astype("str")
    table.to_csv(tmp_path / "p.csv", index=False)
    out = tmp_path / "o.csv"
    with pytest.warns(
        GeolyftWarning, match=rf"transformed from EPSG:{crs} to EPSG:3008 by .*to 0|1"
    ):
        audit = assign_file(
            tmp_path / "p.csv", areas=areas, out=out, x="x", y="y", crs=crs, max_outside=1
        )
    assert found(out) == AREAS
    assert (audit.placed, audit.outside) == (2, 1)
    assert pd.read_csv(out, dtype="str")[["x", "y"]].equals(table.astype("str"))


@pytest.mark.parametrize("name", ["p.gpkg", "p.parquet", "p.geojson", "p.shp"])
def test_a_file_that_says_another_crs_is_moved_once_somebody_says_so_too(
    areas: str, tmp_path: Path, name: str
) -> None:
    points, out = layer(4326), tmp_path / "o.gpkg"
    path = tmp_path / name
    _ = points.to_parquet(path) if name == "p.parquet" else points.to_file(path)
    with pytest.raises(JoinError, match="give crs = 4326") as refusal:
        assign_file(path, areas=areas, out=out, max_outside=1)
    assert refusal.value.code == "join-crs"
    with pytest.warns(GeolyftWarning, match="accurate to 1 m"):
        assign_file(path, areas=areas, out=out, max_outside=1, crs=4326)
    made = gpd.read_file(out)
    assert found(out) == AREAS
    assert made.crs.to_epsg() == 4326
    assert made.geometry.x.tolist() == pytest.approx(points.geometry.x.tolist())


def test_places_the_other_crs_has_no_coordinates_for_are_outside(
    areas: str, tmp_path: Path
) -> None:
    places = [*elsewhere(4326)[:2], (-90.0, 89.0), (np.nan, np.nan)]
    pd.DataFrame(places, columns=["x", "y"]).to_parquet(tmp_path / "p.parquet")
    with pytest.warns(GeolyftWarning, match="transformed"):
        audit = assign_file(
            tmp_path / "p.parquet", areas=areas, out=tmp_path / "o.csv", x="x", y="y", crs=4326,
            max_outside=1,
        )  # fmt: skip
    assert (audit.placed, audit.outside, audit.unplaced) == (2, 1, 1)


def test_a_wrong_declared_crs_places_nobody(areas: str, tmp_path: Path) -> None:
    pd.DataFrame(PLACES, columns=["x", "y"]).to_parquet(tmp_path / "p.parquet")
    for crs in (3006, 3011):
        with pytest.raises(GeolyftError) as refusal:
            assign_file(
                tmp_path / "p.parquet", areas=areas, out=tmp_path / "o.csv", x="x", y="y", crs=crs
            )
        assert refusal.value.code in {"join-outside", "read-places-outside"}
        assert not (tmp_path / "o.csv").exists()


def test_heights_are_no_other_place(areas: str, tmp_path: Path) -> None:
    points = layer(5847, [(x, y, 7.0) for x, y in PLACES])
    points.to_file(tmp_path / "p.gpkg")
    assign_file(tmp_path / "p.gpkg", areas=areas, out=tmp_path / "o.gpkg", max_outside=1)
    assert found(tmp_path / "o.gpkg") == AREAS


NAMES = {
    "ESRI": (WktVersion.WKT1_ESRI, "SWEREF99_13_30"),
    "GDAL": (WktVersion.WKT1_GDAL, "SWEREF99 13 30"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_crs_spelled_out_under_another_name_is_recognised(
    areas: str, tmp_path: Path, kind: str
) -> None:
    version, name = NAMES[kind]
    text = pyproj.CRS(3008).to_wkt(version)
    text = text.replace(',AUTHORITY["EPSG","3008"]', "").replace(f'"{name}"', '"Malmö lokal"')
    crs = pyproj.CRS.from_wkt(text)
    assert not crs.equals(pyproj.CRS(3008), ignore_axis_order=True)
    layer(3008).set_crs(crs, allow_override=True).to_parquet(tmp_path / "p.parquet")
    file = open_points(tmp_path / "p.parquet")
    assert file.crs.to_epsg() == 3008
    assign_file(tmp_path / "p.parquet", areas=areas, out=tmp_path / "o.csv", max_outside=1)
    assert found(tmp_path / "o.csv") == AREAS


@pytest.mark.parametrize("name", ["SWEREF99_13_30", "Malmö lokal"])
@pytest.mark.parametrize(
    "changed",
    [("13.5", "13.6"), ("150000", "150001"), ("D_SWEREF99", "Eget"), ("6378137", "6378138")],
)
def test_a_projection_that_is_only_alike_is_another(name: str, changed: tuple[str, str]) -> None:
    text = pyproj.CRS(3008).to_wkt(WktVersion.WKT1_ESRI).replace(*changed)
    assert text != pyproj.CRS(3008).to_wkt(WktVersion.WKT1_ESRI)
    own = pyproj.CRS.from_wkt(text.replace("SWEREF99_13_30", name))
    assert not same_crs(own, pyproj.CRS(3008))


def without_crs(points: gpd.GeoDataFrame, path: Path) -> None:
    """Write GeoParquet whose metadata has no CRS, which the standard takes for degrees."""
    points.to_parquet(path)
    table = pq.read_table(path)
    said = json.loads(table.schema.metadata[b"geo"])
    del said["columns"]["geometry"]["crs"]
    metadata = {**table.schema.metadata, b"geo": json.dumps(said).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_degrees_that_only_the_standard_says_give_way_to_what_is_declared(
    areas: str, tmp_path: Path
) -> None:
    path = tmp_path / "p.parquet"
    without_crs(layer(3008), path)
    with pytest.raises(ReadError, match="such as crs = 3008") as refusal:
        assign_file(path, areas=areas, out=tmp_path / "o.csv", max_outside=1)
    assert refusal.value.code == "read-places-metres"
    assign_file(path, areas=areas, out=tmp_path / "o.csv", max_outside=1, crs=3008)
    assert found(tmp_path / "o.csv") == AREAS


# ------------------------------------------------------------------------------------------- runs


def residents_in(crs: int, folder: Path) -> None:
    """Give the residents of the small run in another CRS, to a tenth of a millimetre."""
    move = pyproj.Transformer.from_crs(3008, crs, always_xy=True)
    for path in folder.glob("people_*.csv"):
        table = pd.read_csv(path, sep=";", decimal=",", encoding="cp1252")
        # Off the borders: what lies on one would be beside it once it has been rounded.
        table["x"], table["y"] = move.transform(table["x"] + 0.03, table["y"] + 0.03)
        table.round({"x": 9, "y": 9}).replace(np.inf, np.nan).to_csv(
            path, sep=";", decimal=",", encoding="cp1252", index=False
        )
    run_file = folder / "run.toml"
    text = run_file.read_text(encoding="utf-8").replace("crs = 3008", f"crs = {crs}")
    run_file.write_text(text, encoding="utf-8")


def test_a_run_counts_the_same_people_from_another_crs(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    metric = write_small_run(tmp_path / "metric", squares)
    degrees = write_small_run(tmp_path / "degrees", squares)
    residents_in(3008, metric.parent)
    residents_in(4326, degrees.parent)
    with warnings.catch_warnings(action="ignore"):
        here, there = (run(file).publication for file in (metric, degrees))
        said = check(degrees)
    pd.testing.assert_frame_equal(here.observations, there.observations)
    files = [each for each in there.provenance["inputs"] if each["source"] == "Register"]
    assert {each["crs"] for each in files} == {"EPSG:4326"}
    assert all(each["transformed"].endswith("accurate to 1 m") for each in files)
    assert all("transformed" not in each for each in here.provenance["inputs"])
    assert "transformed from EPSG:4326 to EPSG:3008" in said[0]


def test_a_run_says_how_borders_were_closed(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    file = write_small_run(tmp_path / "run", squares)
    path = file.parent / "areas.gpkg"
    areas = gpd.read_file(path)
    areas.loc[0, "geometry"] = areas.geometry[0].buffer(0.003, join_style="mitre")
    areas.to_file(path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        made = run(file).publication
    assert any("were closed" in str(each.message) for each in said)
    assert made.provenance["division"]["mended"]["overlaps"] > 0
    assert shapely.coverage_is_valid(made.areas.geometry.to_numpy())


@pytest.mark.needs("openpyxl")
def test_a_sheet_of_people_is_written_nowhere_else(
    areas: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    file = tmp_path / "people.csv"
    file.write_text(f"namn;x;y\nEtt;{EAST + 500};{NORTH + 500}\n")
    assign_file(file, areas=areas, code="kod", x="x", y="y", crs=3008, out=tmp_path / "a.xlsx")
    assert pd.read_excel(tmp_path / "a.xlsx", dtype=str)["area"].tolist() == ["1"]

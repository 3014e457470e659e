"""A layer is the same in every format: codes, letters, types, what is missing, and where it is."""

from __future__ import annotations

import json
import math
import re
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from needs import marked, module
from web_publication import publish

from geolyft.errors import OutputError
from geolyft.export.figures.classes import change_classes, score_classes
from geolyft.export.figures.palette import SCALE
from geolyft.export.figures.themes import Shade, Theme
from geolyft.export.formats import FORMATS, OutputFormat, check_formats
from geolyft.export.formats.origo import origo_config
from geolyft.export.formats.webstyles import hajk_config
from geolyft.export.formats.workbook.sheets import legal_name
from geolyft.export.layer import Field, Layer
from geolyft.export.layers.build import all_layers
from geolyft.export.layers.tables import SYNTHETIC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo
    from pathlib import Path

    from geolyft.export.publication import Publication
    from geolyft.indicators.catalogue import Direction

    Rows = dict[str, dict[str, Any]]

duckdb, openpyxl = module("duckdb"), module("openpyxl")

HOSTILE = [
    "=1+1",
    "+46701",
    "-5",
    "@SUM(A1)",
    "#N/A",
    "_x0041_",
    "</script><b>å & ä",
    "a\x07b",
    "ÅÄÖ",
]
CODES = ["01", "02", "10"]
FIELDS = (
    Field(name="geso_kod", kind="text", alias="Områdeskod", comment="Alltid text."),
    Field(name="geso_namn", kind="text", alias="Område", comment="Namn på området."),
    Field(name="index", kind="number", alias="Index", comment="100 = staden."),
    Field(name="andel", kind="number", alias="Andel", comment="Andel, 0–1.", decimals=2),
    Field(name="befolkning", kind="whole", alias="Invånare", comment="Antal."),
    Field(name="sakert_skild", kind="truth", alias="Säkert skild", comment="Sant eller falskt."),
    Field(name="tom_text", kind="text", alias="Tom text", comment="Saknas överallt."),
    Field(name="tomt_tal", kind="number", alias="Tomt tal", comment="Saknas överallt."),
    Field(name="tomt_antal", kind="whole", alias="Tomt antal", comment="Saknas överallt."),
    Field(name="tom_sanning", kind="truth", alias="Tom sanning", comment="Saknas överallt."),
    Field(name="status", kind="text", alias="Status", comment="Vad som ska vägas in."),
)
ROWS: Rows = {
    "01": {
        "geso_namn": "Västra hamnen åäö",
        "index": 84.96,
        "andel": 0.125,
        "befolkning": 24_680,
        "sakert_skild": True,
        "status": "ok",
    },
    "02": {"geso_namn": "=1+1", "index": None, "befolkning": None, "status": "hidden"},
    "10": {
        "geso_namn": "Ön",
        "index": -0.04,
        "andel": 0.0,
        "befolkning": 0,
        "sakert_skild": False,
        "status": "stale+partial",
    },
}
EMPTY = ("tom_text", "tomt_tal", "tomt_antal", "tom_sanning")
NEEDED = {"duckdb": "duckdb", "excel": "openpyxl", "pdf": "pango", "pictures": "matplotlib"}
SPATIAL = ("geoparquet", "flatgeobuf", "geojson")


def areas() -> list[shapely.MultiPolygon]:
    """Three squares side by side; one has a hole, one two parts, and one runs clockwise."""
    west, south = 118_000, 6_160_000
    boxes = [shapely.box(west + n, south, west + n + 1000, south + 1000) for n in (0, 1000, 2000)]
    hole = shapely.box(west + 1200, south + 200, west + 1400, south + 400)
    island = shapely.box(west + 4000, south, west + 4100, south + 100)
    clockwise = shapely.Polygon(list(boxes[0].exterior.coords)[::-1])
    return [
        shapely.MultiPolygon([clockwise]),
        shapely.MultiPolygon([boxes[1].difference(hole)]),
        shapely.MultiPolygon([boxes[2], island]),
    ]


def index_layer(**changes: object) -> Layer:
    named = [field.name for field in FIELDS]
    rows = [{"geso_kod": code, **ROWS[code]} for code in CODES]
    frame = pd.DataFrame([[row.get(name) for name in named] for row in rows], columns=named)
    # As the layers of a run are typed.
    dtypes = {"text": "str", "number": "float64", "whole": "Int64", "truth": "boolean"}
    frame = frame.astype({field.name: dtypes[field.kind] for field in FIELDS})
    made = Layer(
        name="geso_index",
        about="index",
        level="geso",
        period="2024",
        title="Malmö: index per GeSO 2024",
        abstract="100 = hela staden. Källor: SCB.",
        frame=gpd.GeoDataFrame(frame, geometry=areas(), crs=3008),
        fields=FIELDS,
    )
    return replace(made, **changes)


def border_layer() -> Layer:
    line = shapely.MultiLineString([[(119_000, 6_160_000), (119_000, 6_161_000)]])
    return replace(
        index_layer(),
        name="geso_granser",
        about="granser",
        title="Malmö: gränser",
        frame=gpd.GeoDataFrame({"kod_1": ["01"], "index": [20.0]}, geometry=[line], crs=3008),
        fields=(
            Field(name="kod_1", kind="text", alias="Kod 1", comment="Ena sidan."),
            Field(name="index", kind="number", alias="Skillnad", comment="Poäng."),
        ),
    )


def table(name: str = "observationer", **changes: object) -> Layer:
    made = replace(
        index_layer(),
        name=name,
        about=name,
        level="",
        period="",
        title=f"Malmö: {name}",
        frame=pd.DataFrame({"area": ["01", "city"], "value": [12.5, None]}),
        fields=(
            Field(name="area", kind="text", alias="Områdeskod", comment="Alltid text."),
            Field(name="value", kind="number", alias="Andel (%)", comment="Procent."),
        ),
    )
    return replace(made, **changes)


@pytest.fixture(scope="module")
def publication() -> Publication:
    return publish()


def write(name: str, folder: Path, layers: list[Layer], publication: Publication) -> Path:
    FORMATS[name].write(layers, folder, publication)
    return folder


def read_geoparquet(folder: Path) -> tuple[Rows, gpd.GeoSeries]:
    path = folder / "geoparquet" / "geso_index.parquet"
    return rows_of(pq.read_table(path)), gpd.read_parquet(path).geometry


def read_duckdb(folder: Path) -> tuple[Rows, gpd.GeoSeries]:
    path = folder / "geoparquet" / "geso_index.parquet"
    columns = ", ".join(f'"{field.name}"' for field in FIELDS)
    with duckdb.connect() as database:
        relation = database.sql(f"SELECT {columns} FROM read_parquet('{path}')")  # noqa: S608
        made = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return {row["geso_kod"]: row for row in made}, gpd.read_parquet(path).geometry


def read_flatgeobuf(folder: Path) -> tuple[Rows, gpd.GeoSeries]:
    path = folder / "flatgeobuf" / "geso_index.fgb"
    rows = rows_of(pyogrio.read_arrow(path)[1])
    # The index has its own order.
    frame = pyogrio.read_dataframe(path).set_index("geso_kod").loc[CODES]
    return rows, frame.geometry


def read_geojson(folder: Path) -> tuple[Rows, gpd.GeoSeries]:
    path = folder / "geojson" / "geso_index.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    rows = {feature["properties"]["geso_kod"]: feature["properties"] for feature in features}
    return rows, gpd.GeoSeries(shapes, crs=pyogrio.read_info(path)["crs"])


def rows_of(read: pa.Table) -> Rows:
    kept = read.select([field.name for field in FIELDS])
    return {row["geso_kod"]: row for row in kept.to_pylist()}


def read_excel(folder: Path) -> tuple[Rows, None]:
    page = openpyxl.load_workbook(folder / "omradeslyft.xlsx")["Index 2024"]
    head, *body = page.iter_rows(values_only=True)
    assert list(head) == [field.alias for field in FIELDS]
    names = [field.name for field in FIELDS]
    return {row[0]: dict(zip(names, row, strict=True)) for row in body}, None


READERS: dict[str, tuple[str, Callable[[Path], tuple[Rows, gpd.GeoSeries | None]], bool]] = {
    # The writer, a reader, and whether numbers are rounded as they are shown.
    "geoparquet": ("geoparquet", read_geoparquet, False),
    "duckdb": ("geoparquet", read_duckdb, False),
    "flatgeobuf": ("flatgeobuf", read_flatgeobuf, False),
    "geojson": ("geojson", read_geojson, True),
    "excel": ("excel", read_excel, False),
}


@pytest.mark.parametrize("name", marked(READERS, NEEDED))
def test_every_cell_comes_back(name: str, tmp_path: Path, publication: Publication) -> None:
    writer, read, is_rounded = READERS[name]
    rows, _ = read(write(writer, tmp_path, [index_layer()], publication))
    assert sorted(rows) == CODES
    for code, row in rows.items():
        for field in FIELDS[1:-1]:
            expected = ROWS[code].get(field.name)
            if is_rounded and field.kind == "number" and expected is not None:
                expected = round(expected, field.decimals)
            assert row[field.name] == expected, (code, field.name)
            assert type(row[field.name]) is not bool or field.kind == "truth"
    assert rows["01"]["sakert_skild"] is True
    assert rows["10"]["sakert_skild"] is False


@pytest.mark.parametrize("name", marked([name for name in READERS if name != "excel"], NEEDED))
def test_a_status_is_the_code_that_scripts_know(
    name: str, tmp_path: Path, publication: Publication
) -> None:
    writer, read, _ = READERS[name]
    rows, _ = read(write(writer, tmp_path, [index_layer()], publication))
    assert {code: row["status"] for code, row in rows.items()} == {
        code: row["status"] for code, row in ROWS.items()
    }


@pytest.mark.parametrize(
    ("name", "crs", "tolerance"),
    [
        ("geoparquet", 3008, 0.0),
        pytest.param("duckdb", 3008, 0.0, marks=pytest.mark.needs("duckdb")),
        ("flatgeobuf", 3008, 0.0),
        ("geojson", 4326, 1e-7),
    ],
)
def test_areas_are_where_they_were(
    name: str, crs: int, tolerance: float, tmp_path: Path, publication: Publication
) -> None:
    writer, read, _ = READERS[name]
    _, geometry = read(write(writer, tmp_path, [index_layer()], publication))
    assert geometry is not None
    assert geometry.crs.to_epsg() == crs
    assert set(geometry.geom_type) == {"MultiPolygon"}
    expected = gpd.GeoSeries(areas(), crs=3008).to_crs(crs)
    for found, known in zip(geometry, expected, strict=True):
        found, known = shapely.normalize(found), shapely.normalize(known)  # noqa: PLW2901
        assert shapely.equals_exact(found, known, tolerance=tolerance)


@pytest.mark.parametrize("epsg", [3006, 4326])
@pytest.mark.parametrize("name", ["geoparquet", "flatgeobuf"])
def test_a_layer_is_written_in_the_crs_it_has(
    name: str, epsg: int, tmp_path: Path, publication: Publication
) -> None:
    layer = index_layer()
    layer = layer.with_frame(layer.frame.to_crs(epsg))
    writer, read, _ = READERS[name]
    _, geometry = read(write(writer, tmp_path, [layer], publication))
    assert geometry is not None
    assert geometry.crs.to_epsg() == epsg
    west, south, _, _ = geometry.total_bounds
    assert (west, south) == pytest.approx(tuple(layer.frame.total_bounds[:2]))


def test_an_empty_column_keeps_its_type(tmp_path: Path, publication: Publication) -> None:
    write("geoparquet", tmp_path, [index_layer()], publication)
    write("flatgeobuf", tmp_path, [index_layer()], publication)
    schema = pq.read_schema(tmp_path / "geoparquet" / "geso_index.parquet")
    assert [str(schema.field(name).type) for name in EMPTY] == ["string", "double", "int64", "bool"]
    info = pyogrio.read_info(tmp_path / "flatgeobuf" / "geso_index.fgb")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert [types[name] for name in EMPTY] == [
        "OFTString",
        "OFTReal",
        "OFTInteger64",
        "OFTInteger",
    ]
    assert dict(zip(info["fields"], info["ogr_subtypes"], strict=True))["tom_sanning"] == (
        "OFSTBoolean"
    )


def test_a_format_is_a_writer_and_one_line_that_names_it(
    tmp_path: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = """
from geolyft.errors import OutputError
def write_names(layers, folder, publication):
    (folder / "names.txt").write_text(" ".join(layer.name for layer in layers))
def write_title(publication, folder):
    (folder / "title.txt").write_text(publication.title)
def require_toy():
    raise OutputError("format-extra", "needs the package toy", remedy="install it")
"""
    (tmp_path / "toy_writers.py").write_text(writers)
    monkeypatch.syspath_prepend(tmp_path)
    toys = {
        "names": OutputFormat(writer="toy_writers:write_names"),
        "title": OutputFormat(
            writer="toy_writers:write_title", of_layers=False, requires="toy_writers:require_toy"
        ),
    }
    monkeypatch.setattr("geolyft.export.formats.FORMATS", toys)
    for toy in toys.values():
        toy.write([index_layer(), table()], tmp_path, publication)
    assert (tmp_path / "names.txt").read_text() == f"{index_layer().name} {table().name}"
    assert (tmp_path / "title.txt").read_text() == publication.title
    check_formats(["names"])
    with pytest.raises(OutputError, match="toy"):
        check_formats(["names", "title"])


@pytest.mark.parametrize("name", marked(FORMATS, NEEDED))
def test_the_same_layers_give_the_same_bytes(
    name: str, tmp_path: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = [index_layer(), *([] if name == "webstyles" else [border_layer()]), table()]
    layers = real_layers(publication) if name == "webstyles" else layers
    once, again = tmp_path / "1", tmp_path / "2"
    for folder, hour in ((once, 3), (again, 17)):
        folder.mkdir()
        stop_clock(monkeypatch, hour)
        write(name, folder, layers, publication)
    files = [file.relative_to(once) for file in sorted(once.rglob("*")) if file.is_file()]
    assert files
    for file in files:
        assert (once / file).read_bytes() == (again / file).read_bytes(), file


def stop_clock(monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    """Let the clock stand at an hour, for openpyxl and for zip files."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2031, 5, 6, hour, tzinfo=tz or UTC)

    if openpyxl:
        monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Stopped)
    monkeypatch.setattr("time.time", lambda: 1_900_000_000.0 + hour * 3600)


def real_layers(publication: Publication) -> list[Layer]:
    return all_layers(publication)


@pytest.mark.parametrize("name", SPATIAL)
def test_only_layers_with_geometry_are_files_for_maps(
    name: str, tmp_path: Path, publication: Publication
) -> None:
    write(name, tmp_path, [index_layer(), border_layer(), table()], publication)
    assert sorted(file.stem for file in (tmp_path / name).iterdir()) == [
        "geso_granser",
        "geso_index",
    ]


@pytest.mark.parametrize("name", SPATIAL)
def test_borders_stay_lines(name: str, tmp_path: Path, publication: Publication) -> None:
    write(name, tmp_path, [border_layer()], publication)
    (file,) = (tmp_path / name).iterdir()
    read = gpd.read_parquet(file) if name == "geoparquet" else pyogrio.read_dataframe(file)
    assert set(read.geom_type) == {"MultiLineString"}


@pytest.mark.parametrize("name", marked([*SPATIAL, "excel"], NEEDED))
def test_a_layer_without_rows_is_written(
    name: str, tmp_path: Path, publication: Publication
) -> None:
    layer = index_layer()
    write(name, tmp_path, [layer.with_frame(layer.frame.iloc[:0])], publication)
    if name == "geoparquet":
        assert gpd.read_parquet(tmp_path / name / "geso_index.parquet").empty
    elif name == "flatgeobuf":
        assert pyogrio.read_arrow(tmp_path / name / "geso_index.fgb")[1].num_rows == 0
    elif name == "geojson":
        assert READERS[name][1](tmp_path)[0] == {}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", marked(READERS, NEEDED))
def test_a_hostile_name_stays_the_text_it_is(
    name: str, text: str, tmp_path: Path, publication: Publication
) -> None:
    layer = index_layer()
    layer = layer.with_frame(layer.frame.assign(geso_namn=text))
    writer, read, _ = READERS[name]
    rows, _ = read(write(writer, tmp_path, [layer], publication))
    if name == "excel":
        # A sheet can hold no control character, and Excel would read _x0041_ as A.
        text = text.replace("\x07", "").replace("_x0041_", "_x005F_x0041_")
    assert {row["geso_namn"] for row in rows.values()} == {text}


@pytest.mark.parametrize("name", SPATIAL)
def test_invented_figures_are_said_to_be_so(name: str, tmp_path: Path) -> None:
    write(name, tmp_path, [index_layer()], publish(synthetic=True))
    (file,) = (tmp_path / name).iterdir()
    if name == "geoparquet":
        title = json.loads(pq.read_schema(file).metadata[b"geolyft"])["title"]
    elif name == "flatgeobuf":
        title = pyogrio.read_info(file)["layer_metadata"]["TITLE"]
    else:
        title = json.loads(file.read_text("utf-8"))["title"]
    assert title == f"{SYNTHETIC}. Malmö: index per GeSO 2024"


def test_geoparquet_says_what_it_is(tmp_path: Path, publication: Publication) -> None:
    write("geoparquet", tmp_path, [index_layer()], publication)
    file = pq.ParquetFile(tmp_path / "geoparquet" / "geso_index.parquet")
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["MultiPolygon"])
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 3008}
    assert column["bbox"] == [118_000, 6_160_000, 122_100, 6_161_000]
    assert column["covering"]["bbox"]["ymax"] == ["bbox", "ymax"]
    assert file.read(["bbox"])["bbox"][0].as_py() == {
        "xmin": 118_000.0,
        "ymin": 6_160_000.0,
        "xmax": 119_000.0,
        "ymax": 6_161_000.0,
    }
    packed = file.metadata.row_group(0)
    assert {packed.column(n).compression for n in range(packed.num_columns)} == {"ZSTD"}


def test_geoparquet_leaves_out_what_lies_elsewhere(
    tmp_path: Path, publication: Publication
) -> None:
    write("geoparquet", tmp_path, [index_layer()], publication)
    path = tmp_path / "geoparquet" / "geso_index.parquet"
    found = gpd.read_parquet(path, bbox=(121_000.5, 6_160_000, 130_000, 6_161_000))
    assert found["geso_kod"].tolist() == ["10"]


def test_titles_and_meanings_travel_with_the_fields(
    tmp_path: Path, publication: Publication
) -> None:
    write("geoparquet", tmp_path, [index_layer()], publication)
    write("flatgeobuf", tmp_path, [index_layer()], publication)
    write("geojson", tmp_path, [index_layer()], publication)
    schema = pq.read_schema(tmp_path / "geoparquet" / "geso_index.parquet")
    said = json.loads(schema.metadata[b"geolyft"])
    assert (said["title"], said["period"]) == ("Malmö: index per GeSO 2024", "2024")
    assert said["fields"]["andel"] == {"alias": "Andel", "comment": "Andel, 0–1.", "decimals": 2}
    titles = pyogrio.read_arrow(tmp_path / "flatgeobuf" / "geso_index.fgb")[1].schema
    for known in (schema, titles):
        told = {key.decode(): text.decode() for key, text in known.field("index").metadata.items()}
        assert told["GDAL:OGR:alternative_name"] == "Index"
        assert told["GDAL:OGR:comment"] == "100 = staden."
    web = json.loads((tmp_path / "geojson" / "geso_index.geojson").read_text("utf-8"))
    assert web["geolyft"]["fields"] == said["fields"]


def test_flatgeobuf_has_an_index_a_title_and_a_description(
    tmp_path: Path, publication: Publication
) -> None:
    write("flatgeobuf", tmp_path, [index_layer()], publication)
    info = pyogrio.read_info(tmp_path / "flatgeobuf" / "geso_index.fgb")
    assert info["capabilities"]["fast_spatial_filter"]
    assert (info["layer_name"], info["geometry_type"]) == ("geso_index", "MultiPolygon")
    assert info["layer_metadata"] == {
        "TITLE": "Malmö: index per GeSO 2024",
        "DESCRIPTION": "100 = hela staden. Källor: SCB.",
    }


def test_geojson_is_as_the_standard_has_it(tmp_path: Path, publication: Publication) -> None:
    write("geojson", tmp_path, [index_layer()], publication)
    raw = (tmp_path / "geojson" / "geso_index.geojson").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8")
    content = json.loads(text)
    assert "crs" not in content
    west, south, east, north = content["bbox"]
    assert 12 < west < east < 14
    assert 55 < south < north < 56
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in content["features"]]
    assert content["bbox"] == list(shapely.total_bounds(shapes))
    for part in shapely.get_parts(shapes):
        assert part.exterior.is_ccw
        assert all(not ring.is_ccw for ring in part.interiors)
    numbers = re.findall(r"-?\d+\.(\d+)", text.split('"coordinates"', 1)[1])
    assert max(map(len, numbers)) <= 7


def test_geojson_has_the_numbers_that_are_shown(tmp_path: Path, publication: Publication) -> None:
    write("geojson", tmp_path, [index_layer()], publication)
    rows, _ = read_geojson(tmp_path)
    assert (rows["01"]["index"], rows["01"]["andel"]) == (85.0, 0.12)
    # Rounding leaves no minus on a zero.
    assert math.copysign(1, rows["10"]["index"]) == 1


# Excel ----------------------------------------------------------------------------------------


def book_of(folder: Path, layers: list[Layer], publication: Publication) -> Any:  # noqa: ANN401 - openpyxl's
    return openpyxl.load_workbook(write("excel", folder, layers, publication) / "omradeslyft.xlsx")


@pytest.mark.needs("openpyxl")
def test_the_workbook_has_a_sheet_per_period_and_table(
    tmp_path: Path, publication: Publication
) -> None:
    layers = [
        index_layer(),
        index_layer(name="geso_index_2022", period="2022"),
        index_layer(name="geso_indikatorer", about="indikatorer"),
        index_layer(name="geso_forandring", about="forandring", period=""),
        border_layer(),
        index_layer(name="deso_index", level="deso"),
        table(),
        table("granskning"),
        table("granskning_filer", about="granskning"),
        table("tabell_bidrag", about="tabell"),
    ]
    assert book_of(tmp_path, layers, publication).sheetnames == [
        "Läs mig",
        "Index 2024",
        "Index 2022",
        "Index DeSO 2024",
        "Indikatorer 2024",
        "Förändring",
        "Observationer",
        "Granskning",
        "Granskning filer",
    ]


@pytest.mark.needs("openpyxl")
def test_what_is_missing_is_an_empty_cell(tmp_path: Path, publication: Publication) -> None:
    page = book_of(tmp_path, [index_layer()], publication)["Index 2024"]
    hidden = {field.name: page.cell(3, n).value for n, field in enumerate(FIELDS, start=1)}
    assert hidden["geso_kod"] == "02"
    assert [hidden[name] for name in ("index", "andel", "befolkning", *EMPTY)] == [None] * 7
    # A zero that is one is written.
    assert page.cell(4, 5).value == 0


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x07" not in text])
@pytest.mark.needs("openpyxl")
def test_no_text_in_the_workbook_is_a_formula(
    text: str, tmp_path: Path, publication: Publication
) -> None:
    layer = index_layer(title=text, fields=(replace(FIELDS[0], alias=text), *FIELDS[1:]))
    layer = layer.with_frame(layer.frame.assign(geso_namn=text))
    book = book_of(tmp_path, [layer], replace(publication, title=text, warnings=(text,)))
    texts = [cell for page in book for row in page.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in texts if isinstance(cell.value, str)} == {"s"}
    # Excel would make a formula of it when somebody edits the cell, but for this.
    assert all(cell.quotePrefix for cell in texts if cell.value == text)
    with zipfile.ZipFile(tmp_path / "omradeslyft.xlsx") as package:
        assert not any(b"<f>" in package.read(part) for part in package.namelist())


@pytest.mark.needs("openpyxl")
def test_numbers_are_shown_as_they_are_meant(tmp_path: Path, publication: Publication) -> None:
    page = book_of(tmp_path, [index_layer()], publication)["Index 2024"]
    formats = {field.name: page.cell(2, n).number_format for n, field in enumerate(FIELDS, start=1)}
    assert formats["geso_kod"] == "@"
    assert (formats["index"], formats["andel"]) == ("#,##0.0", "#,##0.00")
    assert formats["befolkning"] == "#,##0"


@pytest.mark.needs("openpyxl")
def test_headings_stay_in_sight_and_filter(tmp_path: Path, publication: Publication) -> None:
    book = book_of(tmp_path, [index_layer(), table()], publication)
    assert (book["Index 2024"].freeze_panes, book["Observationer"].freeze_panes) == ("C2", "A2")
    assert book["Index 2024"].auto_filter.ref == "A1:K4"
    widths = [book["Index 2024"].column_dimensions[letter].width for letter in "ABCD"]
    assert widths[1] > len("Västra hamnen åäö") > widths[2]


@pytest.mark.needs("openpyxl")
def test_a_status_is_said_in_words(tmp_path: Path, publication: Publication) -> None:
    page = book_of(tmp_path, [index_layer()], publication)["Index 2024"]
    said = [page.cell(row, len(FIELDS)).value for row in (2, 3, 4)]
    assert said == [
        "utan anmärkning",
        "dolt av sekretesskäl",
        "äldre uppgift, ofullständigt underlag",
    ]


@pytest.mark.needs("openpyxl")
def test_the_first_sheet_says_what_this_is(tmp_path: Path) -> None:
    book = book_of(tmp_path, [index_layer(), table()], publish(synthetic=True))
    lines = [[text for text in row if text] for row in book["Läs mig"].iter_rows(values_only=True)]
    assert lines[0] == ["Index för socioekonomiska utmaningar"]
    assert lines[1][0].startswith(SYNTHETIC)
    assert ["Perioder", "2022, 2024"] in lines
    assert ["U1: ordet ”lägst” är inte avgjort."] in lines
    source = ["Riksdagsval 2022", "Valmyndigheten", "öppna data", "2022", "D1"]
    assert [*source, "Onsdagsräkningen ingår inte."] in lines
    assert ["Index", "100 = staden.", "index", "Index 2024"] in lines
    assert ["Observationer", "Malmö: observationer"] in lines
    # Also on paper, and at the foot of the window.
    assert book["Index 2024"].oddHeader.center.text == SYNTHETIC
    assert book["Index 2024"].sheet_properties.tabColor


@pytest.mark.needs("openpyxl")
def test_the_workbook_is_in_the_language_of_the_run(tmp_path: Path) -> None:
    book = book_of(tmp_path, [index_layer()], publish(lang="en"))
    assert book.sheetnames == ["Read me", "Index 2024"]


@pytest.mark.needs("openpyxl")
def test_the_workbook_says_no_time_of_writing(tmp_path: Path, publication: Publication) -> None:
    write("excel", tmp_path, [index_layer()], publication)
    with zipfile.ZipFile(tmp_path / "omradeslyft.xlsx") as package:
        assert {part.date_time for part in package.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r">(\d{4}-[^<]+)<", core)) == {"2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Index 2024", (), "Index 2024"),
        ("Index 2024", ("index 2024",), "Index 2024 (2)"),
        ("Index 2024", ("index 2024", "index 2024 (2)"), "Index 2024 (3)"),
        ("a[b]:*?/\\c", (), "a b      c"),
        ("'x'", (), "x"),
        ("", (), "-"),
        ("å" * 40, (), "å" * 31),
        ("å" * 40, ("å" * 31,), "å" * 27 + " (2)"),
        ("History", ("history",), "History (2)"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(
    wanted: str, taken: tuple[str, ...], name: str
) -> None:
    assert legal_name(wanted, taken) == name
    assert len(name) <= 31


def test_without_openpyxl_the_workbook_is_refused_before_any_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, publication: Publication
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    check_formats(["geojson", "geoparquet"])
    with pytest.raises(OutputError) as refusal:
        check_formats(["geojson", "excel"])
    assert refusal.value.code == "format-extra"
    assert 'pip install "geolyft[excel]"' in refusal.value.remedy
    with pytest.raises(OutputError):
        write("excel", tmp_path, [index_layer()], publication)
    assert not any(tmp_path.iterdir())


# Styles for web maps --------------------------------------------------------------------------

LABELS = {"missing": "saknas", "hidden": "dold", "partial": "ofullständig", "unsure": "osäker"}


def score_theme(**changes: object) -> Theme:
    shades = tuple(
        Shade(label=f"klass {place}", colour=colour, low=low, high=high)
        for place, (colour, (low, high)) in enumerate(
            zip(SCALE, score_classes().ranges(), strict=True)
        )
    )
    made = Theme(
        code="index",
        title="Index 2024",
        layer="geso_index",
        column="index",
        shades=shades,
        status="status",
        partial="some",
        labels=LABELS,
    )
    return replace(made, **changes)


def coloured(values: list[float | None], statuses: list[str], **more: list[bool | None]) -> Layer:
    """A layer of squares with these figures."""
    count = len(values)
    fields = [
        Field(name="geso_kod", kind="text", alias="Kod", comment=""),
        Field(name="index", kind="number", alias="Index", comment=""),
        Field(name="status", kind="text", alias="Status", comment=""),
        *(Field(name=name, kind="truth", alias=name, comment="") for name in more),
    ]
    frame = pd.DataFrame({"geso_kod": map(str, range(count)), "index": values, "status": statuses})
    frame = frame.astype({"index": "float64"}).assign(
        **{name: pd.array(cells, dtype="boolean") for name, cells in more.items()}
    )
    squares = [shapely.MultiPolygon([shapely.box(n, 0, n + 1, 1)]) for n in range(count)]
    return index_layer(
        frame=gpd.GeoDataFrame(frame, geometry=squares, crs=3008), fields=tuple(fields)
    )


def drawn(
    theme: Theme, layer: Layer, publication: Publication, folder: Path
) -> list[Mapping[str, Any]]:
    """Return the entry that Origo draws each feature of the layer's GeoJSON with."""
    write("geojson", folder, [layer], publication)
    content = json.loads((folder / "geojson" / "geso_index.geojson").read_text("utf-8"))
    return [met(theme, layer, publication, each["properties"]) for each in content["features"]]


def met(
    theme: Theme, layer: Layer, publication: Publication, properties: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the first entry whose filter a feature meets."""
    config: Any = origo_config([theme], [layer], publication)
    (entries,) = config["styles"].values()
    return next(entry for (entry,) in entries if origo_meets(entry["filter"], properties))


def origo_meets(condition: str, properties: Mapping[str, Any]) -> bool:
    """Do as Origo does with a filter: a search in a text, or comparisons joined by AND."""
    if search := re.fullmatch(r"\[(.+)\] == '/(.+)/'", condition):
        return re.search(search[2], str(properties[search[1]])) is not None
    return all(compare(part, properties) for part in condition.split(" AND "))


def compare(part: str, properties: Mapping[str, Any]) -> bool:
    found = re.fullmatch(r"\[(\w+)\] (==|!=|>=|<) (.+)", part)
    assert found, part
    value, sign, literal = properties[found[1]], found[2], found[3]
    if sign in ("==", "!="):
        # In script, null and truth stand there as texts; no number equals a text.
        text = {None: "null", True: "true", False: "false"}.get(value, value)
        return (text == literal.strip("'")) == (sign == "==")
    if not isinstance(value, float):
        return False
    return value >= float(literal) if sign == ">=" else value < float(literal)


@pytest.mark.parametrize("direction", ["high", "low"])
def test_origo_colours_every_value_as_the_other_maps_do(
    direction: Direction, tmp_path: Path, publication: Publication
) -> None:
    values = [-20.0, 84.94, 84.949999, 84.96, 85.0, 94.94, 94.96, 100, 104.94, 105, 114.94, 114.96]
    classes = replace(score_classes(), direction=direction)
    shades = tuple(
        Shade(label="", colour=colour, low=low, high=high)
        for colour, (low, high) in zip(SCALE, classes.ranges(), strict=True)
    )
    layer = coloured([*values], ["ok"] * len(values))
    theme = score_theme(shades=shades)
    expected = [SCALE[classes.place(value)] for value in values]
    entries = drawn(theme, layer, publication, tmp_path)
    assert [entry["fill"]["color"] for entry in entries] == expected
    # A server may give the same layer with numbers that nobody has rounded.
    exact = [{"index": float(value), "status": "ok"} for value in values]
    entries = [met(theme, layer, publication, properties) for properties in exact]
    assert [entry["fill"]["color"] for entry in entries] == expected


def test_what_has_no_value_has_no_colour_of_the_scale(
    tmp_path: Path, publication: Publication
) -> None:
    statuses = ["missing", "hidden", "hidden+synthetic", "partial+missing", "stale"]
    layer = coloured([None] * 5, statuses)
    entries = drawn(score_theme(), layer, publication, tmp_path)
    labels = [entry["label"] for entry in entries]
    assert labels == ["saknas", "dold", "dold", "saknas", "saknas"]
    assert not {entry["fill"]["color"] for entry in entries}.intersection(SCALE)
    assert entries[0]["stroke"]["lineDash"] != entries[1]["stroke"]["lineDash"]


def test_a_partial_value_keeps_its_class_and_shows_that_it_is_partial(
    tmp_path: Path, publication: Publication
) -> None:
    layer = coloured([80, 80, 100], ["stale+partial", "ok", "partial"])
    entries = drawn(score_theme(), layer, publication, tmp_path)
    assert [entry["label"] for entry in entries] == [
        "klass 0, ofullständig",
        "klass 0",
        "klass 2, ofullständig",
    ]
    assert [entry["fill"]["color"] for entry in entries] == [SCALE[0], SCALE[0], SCALE[2]]
    assert ["lineDash" in entry["stroke"] for entry in entries] == [True, False, True]


def test_a_change_within_its_uncertainty_is_pale_however_large(
    tmp_path: Path, publication: Publication
) -> None:
    shades = tuple(
        Shade(label=f"klass {place}", colour=colour, low=low, high=high)
        for place, (colour, (low, high)) in enumerate(
            zip(SCALE, change_classes().ranges(), strict=True)
        )
    )
    theme = score_theme(shades=shades, status="", sure="saker", neutral=2)
    layer = coloured(
        [-9, -9, 0.2, 0.2, 9, None, None],
        ["ok"] * 7,
        saker=[True, False, True, False, None, None, True],
    )
    entries = drawn(theme, layer, publication, tmp_path)
    pale, absent = SCALE[2], "#eef0f1"
    assert [entry["fill"]["color"] for entry in entries] == [
        SCALE[0], pale, pale, pale, pale, absent, absent,
    ]  # fmt: skip


def test_what_is_not_surely_apart_is_marked(tmp_path: Path, publication: Publication) -> None:
    layer = coloured([80, 80, 80], ["ok", "ok", "partial"], skild=[True, False, None])
    theme = score_theme(unsure="skild")
    labels = [entry["label"] for entry in drawn(theme, layer, publication, tmp_path)]
    assert labels == ["klass 0", "klass 0, osäker", "klass 0, ofullständig, osäker"]


def test_borders_are_drawn_by_their_contrast(publication: Publication) -> None:
    shades = (
        Shade(label="svag", colour="#3d3d3d", low=None, high=5.0, width=0.3),
        Shade(label="stark", colour="#3d3d3d", low=5.0, high=None, width=2.6),
    )
    theme = score_theme(
        code="granser", layer="geso_granser", shades=shades, status="", labels={"missing": "kant"}
    )
    config: Any = origo_config([theme], [border_layer()], publication)
    entries = [entry for (entry,) in config["styles"]["geso_granser_granser"]]
    assert [entry["label"] for entry in entries] == ["svag", "stark", "kant"]
    assert [entry["stroke"]["width"] for entry in entries][:2] == [1.1, 9.3]
    assert not any("fill" in entry for entry in entries)


def test_origo_finds_the_layers_and_their_styles(publication: Publication) -> None:
    themes = [score_theme(), score_theme(code="boende", title="Boende")]
    config: Any = origo_config(themes, [index_layer()], publication)
    for layer in config["layers"]:
        assert layer["style"] in config["styles"]
        assert layer["group"] == config["groups"][0]["name"]
        assert (layer["type"], layer["projection"]) == ("GEOJSON", "EPSG:4326")
        assert layer["source"] == "geojson/geso_index.geojson"
    assert [layer["visible"] for layer in config["layers"]] == [True, False]
    shown = [attribute["name"] for attribute in config["layers"][0]["attributes"]]
    assert shown == ["geso_kod", "geso_namn", "index", "status"]


def test_no_name_becomes_script_in_origo(publication: Publication) -> None:
    evil = "<img src=x onerror=alert(1)>' AND alert(1)"
    layer = coloured([80.0], ["partial+'); alert(1); ('"])
    layer = replace(
        layer, abstract=evil, fields=tuple(replace(f, alias=evil) for f in layer.fields)
    )
    shades = tuple(replace(shade, label=evil) for shade in score_theme().shades)
    theme = score_theme(title=evil, shades=shades, labels=dict.fromkeys(LABELS, evil))
    config = origo_config([theme], [layer], replace(publication, title=evil))
    text = json.dumps(config)
    assert "<img" not in text
    filters = re.findall(r'"filter": "([^"]*)"', text)
    assert filters
    assert not any("alert" in condition for condition in filters)


def test_hajk_is_told_the_name_of_the_style_in_its_sld() -> None:
    config: Any = hajk_config([score_theme()], [index_layer()])
    (layer,) = config["vectorlayers"]
    name = re.search(r"UserStyle><[^>]*Name>([^<]+)<", layer["sldText"])
    assert name
    assert layer["sldStyle"] == name[1]
    assert (layer["layer"], layer["projection"]) == ("geso_index", "EPSG:3008")


def test_every_theme_of_a_run_has_a_style(tmp_path: Path, publication: Publication) -> None:
    layers = real_layers(publication)
    write("webstyles", tmp_path, layers, publication)
    config = json.loads((tmp_path / "webbstilar" / "origo.json").read_text("utf-8"))
    names = [layer["name"] for layer in config["layers"]]
    assert len(set(names)) == len(names)
    assert names[0] == "geso_index_index"
    files = {file.stem for file in (tmp_path / "webbstilar").glob("*.sld")}
    assert files == set(names) == set(config["styles"])

"""Bad input is refused by code, with the file's name, the place and the way out."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from needs import marked, module
from shapely import MultiPoint, Point, box

import geolyft.read
from geolyft.errors import CODES, ReadError
from geolyft.indicators.measures import Condition
from geolyft.read import TextOptions, read_layer, read_points, read_table
from geolyft.run_file.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

openpyxl = module("openpyxl")

VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>b.csv</SrcDataSource>'


def refused(read: Callable[..., object], path: Path | str, **options: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(path, **options)
    assert caught.value.code in CODES
    assert caught.value.remedy
    assert str(Path(path).parent) not in str(caught.value) or str(Path(path).parent) == "."
    return caught.value


TEXTS = {
    "decimal sign unknown": ("c;n\na;1,234\n", "read-decimal-ambiguous"),
    "thousands beside whole numbers": ("c,n\na,1.020\nb,30\n", "read-decimal-ambiguous"),
    "stop among decimal commas": ("c;n\na;1.234\nb;1,5\n", "read-decimal-ambiguous"),
    "both decimal signs": ("c;n\na;1.5\nb;1,5\n", "read-decimal-mixed"),
    "text for a number": ("c;n\na;many\n", "read-not-a-number"),
    "code for a number": ("c;n\na;128E10\n", "read-not-a-number"),
    "date for a number": ("c;n\na;2024-01-01\n", "read-not-a-number"),
    "broken groups": ("c;n\na;12 34\n", "read-not-a-number"),
    "unknown mark": ("c;n\na;?\n", "read-not-a-number"),
    "not a number": ("c;n\na;NaN\n", "read-not-a-number"),
    "infinite": ("c;n\na;-inf\n", "read-infinite"),
    "beyond all numbers": ("c;n\na;1,5e+999\n", "read-infinite"),
    "two separators": ("c;n,m\na;1,2\n", "read-separator"),
    "mojibake": ("c;n\nMÃ¶ll;1\n", "read-mojibake"),
    "replacement signs": ("c;n\nM\ufffdll;1\n", "read-mojibake"),
    "trailing separators": ("c;n\na;1;\nb;2;\n", "read-trailing-separator"),
    "one row too long": ("c;n\na;1\nb;2;3\n", "read-ragged"),
    "one row too short": ("c;n;m\na;1;2\nb;2\n", "read-ragged"),
    "cut off": ("c;n\na;1\nb\n", "read-ragged"),
    "quote never closed": ('c;n\na;1\n"b;2\nc;3\n', "read-quotes"),
    "quote closed rows later": ('c;n\na;"1\nb;2\nc;3"\n', "read-quotes"),
    "quote closed early": ('c;n\n"a"b;1\n', "read-quotes"),
    "same name twice": ("c;n;n\na;1;2\n", "read-header-duplicate"),
    "names equal but for case": ("c;n;N\na;1;2\n", "read-header-duplicate"),
    "no column with a name": (";;\na;1;2\n", "read-header-empty"),
    "name of a column that has none, far down": (
        "c;n;\n" + "a;1;\n" * 99 + "a;1;2\n",
        "read-header-empty",
    ),
    "two rows of names": ("c;2023;\n;men;women\na;1;2\n", "read-header-empty"),
    "no such column": ("c;m\na;1\n", "read-column-missing"),
    "title above": ("Folkmängd 2024\nc;n\na;1\nb;2\n", "read-header-title"),
    "only spaces": (" \n\n", "read-empty"),
    "header only": ("c;n\n", "read-header-only"),
    "header and notes": ("c;n\n\nKälla: SCB\n", "read-header-only"),
    "sum among the data": ("c;n\nTotalt;3\na;1\nb;2\n", "read-sum-row"),
    "sums at the end, several": ("c;n\na;1\nSumma;1\nb;2\nSumma;2\n", "read-sum-row"),
    "web page": ("<!DOCTYPE html><p>Error", "read-format"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text_that_can_be_read_in_two_ways_or_none_is_refused(tmp_path: Path, case: str) -> None:
    text, code = TEXTS[case]
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    error = refused(read_table, tmp_path / "a.csv", numbers=["n"])
    assert error.code == code
    assert error.where.startswith("a.csv")


@pytest.mark.parametrize("cell", ["20 år", "85+", "20 procent", "20 st", "?"])
def test_a_text_for_a_number_is_refused_with_what_a_run_file_can_say(
    tmp_path: Path, cell: str
) -> None:
    (tmp_path / "a.csv").write_text(f"c;n\na;19\nb;{cell}\n", encoding="utf-8")
    error = refused(read_table, tmp_path / "a.csv", numbers=["n"])
    assert error.code == "read-not-a-number"
    keys = re.findall(r"marks|one_of|where", error.remedy)
    assert keys == ["marks", "one_of", "where"]
    assert set(keys) <= {*Source.model_fields, *Condition.model_fields}


BYTES = {
    "nothing": ("a.csv", b"", "read-empty"),
    "two encodings": ("a.csv", "å;b\n".encode() + b"\xe5;1\n", "read-mojibake"),
    "dos": ("a.csv", "c;n\nMöllevången;1\n".encode("cp850"), "read-mojibake"),
    "no letter of cp1252": ("a.csv", b"c;n\n\x81;1\n", "read-encoding"),
    "binary": ("a.csv", b"c;n\n\0\0;1\n", "read-format"),
    "vrt named gpkg": ("a.gpkg", VRT.encode(), "read-format"),
    "csv named gpkg": ("a.gpkg", b"a;b\n1;2\n", "read-format"),
    "json named shp": ("a.shp", b"{}", "read-format"),
    "csv named parquet": ("a.parquet", b"a;b\n1;2\n", "read-format"),
    "parquet named csv": ("a.csv", b"PAR1....PAR1", "read-format"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "read-format"),
    "vrt": ("a.vrt", VRT.encode(), "read-format"),
    "other sqlite": ("a.gpkg", b"SQLite format 3\0" + bytes(100), "read-format"),
    "cut parquet": ("a.parquet", b"PAR1 and no more", "read-damaged"),
    "cut excel": ("a.xlsx", b"PK\x03\x04 and no more", "read-damaged"),
    "cut json": ("a.json", b'{"class": "dataset", ', "read-damaged"),
    "deep json": ("a.json", b'{"a":' * 100_000, "read-damaged"),
    "cut geopackage": ("a.gpkg", b"SQLite format 3\0" + bytes(52) + b"GPKG  ", "read-damaged"),
    "px without data": ("a.px", b'CHARSET="ANSI";', "read-px"),
    "px without dimensions": ("a.px", b'CHARSET="ANSI";DATA=1 2;', "read-px"),
    "sparse px": ("a.px", b'STUB="a";VALUES("a")="1","2";KEYS("a")=VALUES;DATA="1",2;', "read-px"),
    "short px": ("a.px", b'STUB="a";VALUES("a")="1","2";DATA=1;', "read-cube-size"),
    "text in px": ("a.px", b'STUB="a";VALUES("a")="1","2";DATA=1 "?";', "read-not-a-number"),
}  # fmt: skip


@pytest.mark.parametrize("case", marked(BYTES, {"cut excel": "openpyxl"}))
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, case: str) -> None:
    name, data, code = BYTES[case]
    (tmp_path / name).write_bytes(data)
    error = refused(read_table, tmp_path / name)
    assert error.code == code
    assert error.where.startswith(name)


def dataset(**changes: object) -> dict[str, Any]:
    said = {
        "class": "dataset",
        "id": ["a"],
        "size": [2],
        "dimension": {"a": {"category": {"index": ["1", "2"]}}},
        "value": [1, 2],
    }
    return said | changes


CUBES = {
    "version 1": ({"dataset": dataset()}, "read-json-stat"),
    "collection": (dataset(**{"class": "collection"}), "read-json-stat"),
    "too few values": (dataset(value=[1]), "read-json-stat"),
    "wrong size": (dataset(size=[3]), "read-json-stat"),
    "no dimension": (dataset(dimension={}), "read-json-stat"),
    "unknown status": (dataset(value=[1, None], status={"1": "?!"}), "read-not-a-number"),
    "infinite": (dataset(value=[1, float("inf")]), "read-infinite"),
    "endless": (dataset(value=[1, 10**400]), "read-json-stat"),
    "huge": (
        {
            "class": "dataset",
            "id": ["a", "b", "c"],
            "size": [1000] * 3,
            "dimension": {n: {"category": {"index": [str(i) for i in range(1000)]}} for n in "abc"},
            "value": {},
        },
        "read-cube-size",
    ),
}


@pytest.mark.parametrize("case", CUBES)
def test_a_cube_that_lacks_a_part_is_refused(tmp_path: Path, case: str) -> None:
    said, code = CUBES[case]
    (tmp_path / "a.json").write_text(json.dumps(said), encoding="utf-8")
    assert refused(read_table, tmp_path / "a.json").code == code


def merged(sheet: Worksheet) -> None:
    sheet.append(["code", "n"])
    sheet.append(["a", 1])
    sheet.append([None, 2])
    sheet.merge_cells("A2:A3")


def two_row_header(sheet: Worksheet) -> None:
    sheet.append(["code", "2023", None])
    sheet.append([None, "män", "kvinnor"])
    sheet.append(["a", 1, 2])


def rows_of(*rows: list[Any]) -> Callable[[Any], object]:
    return lambda sheet: [sheet.append(row) for row in rows]


def million_rows(sheet: Worksheet) -> None:
    sheet.append(["code", "n"])
    sheet.cell(1_000_000, 1).number_format = "0000"


SHEETS = {
    "merged cells": (merged, "read-excel-merged"),
    "two-row header": (two_row_header, "read-header-empty"),
    "title": (rows_of(["Folkmängd"], ["code", "n"], ["a", 1]), "read-header-title"),
    "formula without result": (rows_of(["code", "n"], ["a", "=1+1"]), "read-excel-formula"),
    "error": (rows_of(["code", "n"], ["a", "#REF!"]), "read-excel-error"),
    "truth": (rows_of(["code", "n"], ["a", True]), "read-excel-error"),
    "auto-dated code": (
        rows_of(["code", "n"], ["2-3", 1], [dt.date(2026, 3, 4), 2]),
        "read-excel-date",
    ),
    "date for a number": (rows_of(["code", "n"], ["a", dt.date(2026, 3, 4)]), "read-not-a-number"),
    "text for a number": (rows_of(["code", "n"], ["a", "Anna"]), "read-not-a-number"),
    "sum": (rows_of(["code", "n"], ["Summa", 1], ["a", 1]), "read-sum-row"),
    "nothing": (rows_of(), "read-empty"),
    "header": (rows_of(["code", "n"]), "read-header-only"),
    "header and a million blank rows": (million_rows, "read-header-only"),
    "no such column": (rows_of(["code", "m"], ["a", 1]), "read-column-missing"),
}


@pytest.mark.parametrize("case", SHEETS)
@pytest.mark.needs("openpyxl")
def test_what_excel_does_to_tables_is_refused(tmp_path: Path, case: str) -> None:
    fill, code = SHEETS[case]
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(tmp_path / "a.xlsx")
    error = refused(read_table, tmp_path / "a.xlsx", numbers=["n"])
    assert error.code == code
    assert "Anna" not in str(error)


@pytest.mark.needs("openpyxl")
def test_a_workbook_with_several_sheets_needs_a_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.active.append(["a"])
    book.create_sheet("Data").append(["code"])
    book["Data"].append(["b"])
    book.save(tmp_path / "a.xlsx")
    assert refused(read_table, tmp_path / "a.xlsx").code == "read-excel-sheet"
    assert "'Data'" in str(refused(read_table, tmp_path / "a.xlsx", sheet="data"))
    table = read_table(tmp_path / "a.xlsx", sheet="Data")
    assert table.frame["code"].tolist() == ["b"]
    assert table.understood.sheet == "Data"


@pytest.mark.needs("openpyxl")
def test_excel_numbers_stored_as_text_or_shown_with_zeros_are_what_they_show(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    rows_of(["code", "n"], [180, "1 234,5"], [128, 1.234], ["NA", ".."], [None, None])(book.active)
    book.active["A2"].number_format = "0000"
    book.active.append(["Källa: SCB"])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx", numbers=["n"])
    assert table.frame["code"].tolist() == ["0180", "128", "NA"]
    np.testing.assert_array_equal(table.frame["n"], [1234.5, 1.234, np.nan])
    assert table.understood.footer_rows == 1


@pytest.mark.needs("openpyxl")
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(50_000_000))
    assert refused(read_table, tmp_path / "a.xlsx").code == "read-excel-size"


@pytest.mark.needs("openpyxl")
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    error = refused(read_table, tmp_path / "a.xlsx")
    assert error.code == "read-needs-package"
    assert 'pip install "geolyft[excel]"' in str(error)


@pytest.mark.parametrize("read", [read_table, read_points, read_layer])
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("https://example.org/a.gpkg", "read-remote"),
        ("s3://bucket/a.parquet", "read-remote"),
        ("file:///etc/passwd", "read-remote"),
        ("zip://a.zip!b.shp", "read-remote"),
        ("/vsicurl/https://example.org/a.gpkg", "read-remote"),
        ("/vsizip/a.zip/a.shp", "read-remote"),
        ("//vsimem/a", "read-remote"),
        ("none.gpkg", "read-missing-file"),
        (".", "read-directory"),
    ],
)
def test_only_files_on_disk_are_read(
    read: Callable[..., object], path: Path | str, code: str
) -> None:
    assert refused(read, path).code == code


def test_a_file_nearly_named_so_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "income.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    assert "did you mean 'income.csv'?" in str(refused(read_table, tmp_path / "incom.csv"))


def test_a_column_nearly_named_so_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Kod;antal\na;1\n", encoding="utf-8")
    assert "did you mean 'Kod'?" in str(refused(read_table, tmp_path / "a.csv", columns=["kod"]))


def test_a_wrong_byte_late_in_the_file_is_reported_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a;b\n" + b"1;2\n" * 99_999 + b"\xe5;1\n")
    options = TextOptions(encoding="utf-8")
    error = refused(read_table, tmp_path / "a.csv", options=options)
    assert (error.code, error.where) == ("read-encoding", "a.csv, row 100001")
    unknown = TextOptions(encoding="swedish")
    assert refused(read_table, tmp_path / "a.csv", options=unknown).code == "read-encoding"


OPTIONS = {
    "no encoding": ({"encoding": "swedish"}, "read-encoding"),
    "encoding with a NUL": ({"encoding": "utf-8\0"}, "read-encoding"),
    "encoding of no text": ({"encoding": "hex"}, "read-encoding"),
    "no separator": ({"separator": ""}, "read-options"),
    "two separators": ({"separator": ";;"}, "read-options"),
    "a quotation mark": ({"separator": '"'}, "read-options"),
    "a line break": ({"separator": "\n"}, "read-options"),
    "a digit between thousands": ({"thousands": "0"}, "read-options"),
    "a letter between thousands": ({"thousands": " e"}, "read-options"),
    "a sign between thousands": ({"thousands": "-"}, "read-options"),
    "a NUL between thousands": ({"thousands": "\0"}, "read-options"),
    "more rows above than there are": ({"skip_rows": 10**30}, "read-empty"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_an_option_that_cannot_be_meant_is_refused(tmp_path: Path, case: str) -> None:
    options, code = OPTIONS[case]
    (tmp_path / "a.csv").write_text("c;n\na;1 000\n", encoding="utf-8")
    said = TextOptions(**options)
    assert refused(read_table, tmp_path / "a.csv", numbers=["n"], options=said).code == code


@pytest.mark.needs("openpyxl")
def test_more_rows_above_than_a_sheet_has_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.save(tmp_path / "a.xlsx")
    options = TextOptions(skip_rows=5)
    assert refused(read_table, tmp_path / "a.xlsx", options=options).code == "read-empty"


def test_a_line_for_excel_that_names_no_separator_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=\nc;n\na;1\n", encoding="utf-8")
    assert read_table(path, numbers=["n"]).frame["n"].tolist() == [1]
    path.write_text('sep="\nc;n\na;1\n', encoding="utf-8")
    assert refused(read_table, path).code == "read-options"
    path.write_text("sep=", encoding="utf-8")
    assert refused(read_table, path).code == "read-empty"


@pytest.mark.parametrize(
    "row",
    ["191212121212;K;34;118531", "19121212-1212;Anna;Malmö;ja", "Anna;34;118531.17;6164797.76",
     "anna@example.org;K;Malmö;ja", "Anna;1984-03-12;K;ja"],
)  # fmt: skip
def test_a_file_without_a_header_does_not_show_its_first_person(tmp_path: Path, row: str) -> None:
    (tmp_path / "a.csv").write_text(f"{row}\n{row}\n", encoding="utf-8")
    error = refused(read_table, tmp_path / "a.csv", columns=["Ann"])
    assert error.code == "read-column-missing"
    assert "looks like data" in str(error)
    assert not any(cell in str(error) for cell in row.split(";"))


def test_a_missing_header_that_repeats_a_value_does_not_show_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Anna;Anna;191212121212\n1;2;3\n", encoding="utf-8")
    error = refused(read_table, tmp_path / "a.csv")
    assert error.code == "read-header-duplicate"
    assert "Anna" not in str(error)
    assert "looks like data" in str(error)


def test_years_and_classes_of_age_are_names_of_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("kod;2023;2024;16-64;65+\na;1;2;3;4\n", encoding="utf-8")
    error = refused(read_table, tmp_path / "a.csv", columns=["code"])
    assert "2023, 2024, 16-64, 65+" in str(error)


MALMO = [Point(118000 + n, 6163000 + n) for n in range(5)]


def save(
    folder: Path, name: str, geometry: list[Any], crs: int | None = 3008, **options: object
) -> Path:
    frame = gpd.GeoDataFrame({"code": [str(n) for n in range(len(geometry))]}, geometry=geometry)
    frame = frame.set_crs(crs) if crs else frame
    frame.to_parquet(folder / name) if name.endswith("parquet") else frame.to_file(
        folder / name, **options
    )
    return folder / name


def geojson(folder: Path, x: float, y: float) -> Path:
    geometry = {"type": "Point", "coordinates": [x, y]}
    feature = {"type": "Feature", "properties": {"code": "1"}, "geometry": geometry}
    said = {"type": "FeatureCollection", "features": [feature]}
    (folder / "a.geojson").write_text(json.dumps(said), encoding="utf-8")
    return folder / "a.geojson"


def test_a_layer_without_crs_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.parquet", MALMO, crs=None)
    assert refused(read_layer, path).code == "read-crs-missing"
    assert refused(read_layer, path, crs="EPSG:1").code == "read-crs-unknown"


def test_a_declared_crs_that_contradicts_the_file_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.gpkg", MALMO)
    assert refused(read_layer, path, crs=3006).code == "read-crs-contradiction"
    assert read_layer(path, crs=3008).understood.crs == "EPSG:3008"


def test_geojson_in_metres_is_refused(tmp_path: Path) -> None:
    assert refused(read_layer, geojson(tmp_path, 118000, 6163000)).code == "read-places-metres"


def test_geojson_in_degrees_cannot_be_declared_metric(tmp_path: Path) -> None:
    assert refused(read_layer, geojson(tmp_path, 13.0, 55.6), crs=3008).code == (
        "read-places-degrees"
    )


def test_geojson_may_be_declared_what_it_is(tmp_path: Path) -> None:
    assert read_layer(geojson(tmp_path, 13.0, 55.6), crs=4326).frame.crs.to_epsg() == 4326


def test_malmo_labelled_with_the_national_grid_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.gpkg", MALMO, crs=3006)
    error = refused(read_layer, path)
    assert error.code == "read-places-outside"
    assert "5 of 5" in str(error)


def test_several_layers_need_a_name_and_those_there_are_are_listed(tmp_path: Path) -> None:
    save(tmp_path, "a.gpkg", MALMO, layer="one")
    path = save(tmp_path, "a.gpkg", MALMO, layer="two", mode="a")
    assert refused(read_layer, path).code == "read-layer"
    error = refused(read_layer, path, layer="On")
    assert error.code == "read-layer"
    assert "'one', 'two'" in str(error)
    assert read_layer(path, layer="two").understood.layer == "two"


def test_a_table_is_no_layer(tmp_path: Path) -> None:
    pd.DataFrame({"a": ["1"]}).to_parquet(tmp_path / "a.parquet")
    assert refused(read_layer, tmp_path / "a.parquet").code == "read-format"


def test_a_shapefile_needs_its_parts_and_its_letters(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": ["Möllevången"]}, geometry=MALMO[:1], crs=3008)
    frame.to_file(tmp_path / "a.shp", encoding="utf-8")
    (tmp_path / "a.cpg").write_text("ISO-8859-1", encoding="ascii")
    assert refused(read_layer, tmp_path / "a.shp").code == "read-mojibake"
    (tmp_path / "a.dbf").unlink()
    assert refused(read_layer, tmp_path / "a.shp").code == "read-shapefile-parts"


def test_a_layer_without_features_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.gpkg", [])
    assert refused(read_layer, path).code == "read-header-only"


def test_polygons_and_true_multipoints_are_no_points(tmp_path: Path) -> None:
    path = save(tmp_path, "a.gpkg", [box(118000, 6163000, 118001, 6163001)])
    assert refused(read_points, path).code == "read-points-geometry"
    path = save(tmp_path, "b.gpkg", [MultiPoint(MALMO)])
    assert refused(read_points, path).code == "read-points-geometry"


def test_a_multipoint_of_one_point_is_a_point_and_none_is_unplaced(tmp_path: Path) -> None:
    path = save(tmp_path, "a.gpkg", [MultiPoint(MALMO[:1]), None])
    points = read_points(path)
    np.testing.assert_array_equal(points.frame["x"], [118000, np.nan])
    assert points.marks["x"].tolist() == ["", "missing"]


PLACES = {
    "degrees": ("13,01;55,6", "read-places-degrees"),
    "swapped": ("6163000;118000", "read-places-swapped"),
    "another zone": ("118000;616300", "read-places-outside"),
    "infinite": ("inf;6163000", "read-infinite"),
}


@pytest.mark.parametrize("case", PLACES)
def test_coordinates_that_cannot_be_in_the_crs_are_refused(tmp_path: Path, case: str) -> None:
    cells, code = PLACES[case]
    (tmp_path / "a.csv").write_text("x;y\n" + f"{cells}\n" * 3 + "0;0\n", encoding="utf-8")
    error = refused(read_points, tmp_path / "a.csv", x="x", y="y", crs=3008)
    assert error.code == code
    assert code == "read-infinite" or "3 of 3 places" in str(error)


def test_metres_labelled_degrees_and_infinite_places_are_refused(tmp_path: Path) -> None:
    pd.DataFrame({"x": [118000.0], "y": [6163000.0]}).to_parquet(tmp_path / "a.parquet")
    options = {"x": "x", "y": "y"}
    error = refused(read_points, tmp_path / "a.parquet", crs=4326, **options)
    assert error.code == "read-places-metres"
    path = save(tmp_path, "b.parquet", [Point(118000, np.inf)])
    assert refused(read_points, path).code == "read-places-infinite"


def test_columns_for_the_places_and_their_crs_are_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y;e\n118000;6163000;1\n", encoding="utf-8")
    path = tmp_path / "a.csv"
    assert refused(read_points, path).code == "read-points-columns"
    assert refused(read_points, path, x="x").code == "read-points-columns"
    assert refused(read_points, path, x="x", y="x", crs=3008).code == "read-points-columns"
    assert refused(read_points, path, x="x", y="y").code == "read-crs-missing"
    assert refused(read_points, path, x="e", y="y", crs=3008).code == "read-points-columns"


def test_rows_without_a_place_are_kept_and_single_wrong_ones_too(tmp_path: Path) -> None:
    rows = "118000;6163000\n" * 3 + "0;0\n118000;\n..;..\n13;55\n"
    (tmp_path / "a.csv").write_text("e;n\n" + rows, encoding="utf-8")
    points = read_points(tmp_path / "a.csv", x="e", y="n", crs="EPSG:3008")
    assert points.frame["x"].isna().tolist() == [False] * 4 + [True, True, False]
    assert points.frame["y"].isna().tolist() == [False] * 4 + [True, True, False]
    assert points.marks["y"].tolist() == ["", "", "", "", "missing", "hidden", ""]
    assert list(points.frame) == ["x", "y"]


def test_every_code_that_is_raised_is_explained_and_the_other_way_round() -> None:
    folder = Path(geolyft.read.__file__).parent
    files = [*folder.rglob("*.py"), folder.parent / "optional.py"]
    source = "".join(each.read_text(encoding="utf-8") for each in files)
    raised = set(re.findall(r'"(read-[a-z0-9-]+)"', source))
    assert raised == {code for code in CODES if code.startswith("read-")}


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    monkeypatch.setattr("os.access", lambda *_: False)
    assert refused(read_table, tmp_path / "a.csv").code == "read-unreadable"

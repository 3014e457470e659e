"""Numbers are read in the unit their cells say, and codes are text in every format."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import module
from shapely import Point

from geolyft.errors import ReadError
from geolyft.read import FileSeen, TextOptions, open_points, read_layer, read_table, seen_in
from geolyft.read.values.codes import as_codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

openpyxl = module("openpyxl")


def text(folder: Path, cells: list[str]) -> Path:
    rows = "".join(f"A{n};{cell}\n" for n, cell in enumerate(cells))
    (folder / "a.csv").write_text("kod;andel\n" + rows, encoding="utf-8")
    return folder / "a.csv"


def sheet(folder: Path, cells: list[tuple[Any, str]]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["kod", "andel"])
    for n, (value, form) in enumerate(cells):
        book.active.append([f"A{n}", value])
        book.active.cell(n + 2, 2).number_format = form
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def shares(path: Path, unit: Literal["fraction", "per cent"] | None = None) -> list[float]:
    options = TextOptions(units={"andel": unit} if unit else {})
    return read_table(path, numbers=["andel"], options=options).frame["andel"].tolist()


@pytest.mark.parametrize("unit", [None, "per cent"])
def test_a_per_cent_sign_in_text_says_per_cent(
    tmp_path: Path, unit: Literal["per cent"] | None
) -> None:
    path = text(tmp_path, ["20,5 %", "7%", "−1,25\u00a0%", "0"])
    assert shares(path, unit) == [20.5, 7, -1.25, 0]
    known = read_table(path, numbers=["andel"]).understood
    assert known.per_cent == ("andel",)
    assert "per cent in andel" in known.sentence()


@pytest.mark.parametrize(
    ("form", "per_cent"),
    [("0%", 7.0), ("0.0 %", 7.0), ('0.0"%"', 0.07), (r"0\%", 0.07), ("#,##0.0%;[Red]-0%", 7.0)],
)
@pytest.mark.needs("openpyxl")
def test_what_excel_shows_as_per_cent_is_per_cent(
    tmp_path: Path, form: str, per_cent: float
) -> None:
    path = sheet(tmp_path, [(0.07, form), ("..", "General"), (0, "General")])
    assert shares(path)[0] == per_cent
    assert read_table(path, numbers=["andel"]).understood.per_cent == ("andel",)


@pytest.mark.needs("openpyxl")
def test_per_cents_and_plain_numbers_in_one_column_are_refused_unless_declared(
    tmp_path: Path,
) -> None:
    for path in (
        text(tmp_path, ["20 %", "30 %", "25"]),
        sheet(tmp_path, [(0.2, "0%"), (0.3, "0%"), (25, "General")]),
    ):
        with pytest.raises(ReadError, match=r"row 4, .*2 numbers .* and 1 do not") as said:
            shares(path)
        assert said.value.code == "read-unit-mixed"
        assert shares(path, "per cent") == [20, 30, 25]
        with pytest.raises(ReadError, match="row 2, ") as said:
            shares(path, "fraction")
        assert said.value.code == "read-unit-contradiction"


def test_two_units_in_two_parts_of_a_file_are_refused(tmp_path: Path) -> None:
    cells = [*(["20 %"] * 10), *([None, "0"] * 5), *(["30"] * 10)]
    east, north = [118_000.0 + n for n in range(30)], [6_163_000.0] * 30
    path = tmp_path / "p.parquet"
    pd.DataFrame({"x": east, "y": north, "andel": cells}).to_parquet(path, row_group_size=10)
    file = open_points(path, x="x", y="y", crs=3008, numbers=["andel"])
    seen = sum((seen_in(batch) for batch in file.batches(rows=10)), FileSeen())
    with pytest.raises(ReadError, match="some numbers say per cent and others do not") as refusal:
        file.finish(seen)
    assert refusal.value.code == "read-unit-mixed"


def test_declared_fractions_become_per_cents(tmp_path: Path) -> None:
    assert shares(text(tmp_path, ["0,25", "..", "1"]), "fraction")[::2] == [25, 100]


OPEN_DOCUMENT = (
    b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
)
WHOLE = [12800101, 12800102, 10**15, 7]


def save(folder: Path, name: str, codes: pd.Series | list[Any]) -> Path:
    frame = pd.DataFrame({"kod": codes, "n": range(len(codes))})
    if name.endswith("parquet"):
        frame.to_parquet(folder / name)
    elif name.endswith("gpkg"):
        places = [Point(118000, 6163000)] * len(frame)
        gpd.GeoDataFrame(frame, geometry=places, crs=3008).to_file(folder / name)
    elif name.endswith("csv"):
        frame.to_csv(folder / name, index=False)
    else:
        frame.to_excel(folder / name, index=False)
    return folder / name


FORMATS = ["a.csv", "a.parquet", "a.gpkg"]
EXCEL = pytest.param("a.xlsx", marks=pytest.mark.needs("openpyxl"))


@pytest.mark.parametrize("name", [*FORMATS, EXCEL])
@pytest.mark.parametrize("kind", ["int64", "float64", "str", "object"])
def test_a_code_is_the_same_text_in_every_format_and_type(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = save(tmp_path, name, pd.Series(WHOLE).astype(kind))
    assert read_table(path, numbers=["n"]).frame["kod"].tolist() == [str(code) for code in WHOLE]


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", EXCEL])
def test_a_truth_value_is_the_same_text_in_every_format(tmp_path: Path, name: str) -> None:
    path = save(tmp_path, name, [True, False])
    assert read_table(path, numbers=["n"]).frame["kod"].tolist() == ["true", "false"]


@given(st.lists(st.integers(0, 10**15), min_size=1))
def test_whole_numbers_are_the_same_codes_with_and_without_decimals(codes: list[int]) -> None:
    expected = [str(code) for code in codes]
    for column in (pd.Series(codes), pd.Series(codes, dtype="float64"), pd.Series(expected)):
        assert as_codes(column).tolist() == expected
    assert as_codes(pd.Series([f"{code}.0" for code in codes])).tolist() == expected


def test_texts_that_are_no_whole_numbers_stay_as_they_are() -> None:
    for texts in (["1.0", "A"], ["0180", "128E10"], ["1.5", "2.0"], ["", ""]):
        assert as_codes(pd.Series(texts, dtype="str")).tolist() == texts
    days = pd.Series([dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4, 5)])  # noqa: DTZ001
    assert as_codes(days).tolist() == ["2026-03-04", "2026-03-04T05:00:00"]


def test_a_column_without_a_value_is_empty_text(tmp_path: Path) -> None:
    path = save(tmp_path, "a.parquet", [None, None])
    read = read_table(path, numbers=["n"])
    assert read.frame["kod"].isna().all()
    assert str(read.frame["kod"].dtype) == "str"
    assert read_table(path, numbers=["kod"]).frame["kod"].isna().all()


def test_a_column_of_points_without_a_value_is_empty_text(tmp_path: Path) -> None:
    place = {"x": [118000.0], "y": [6163000.0]}
    pd.DataFrame({"anm": [None], **place}).to_parquet(tmp_path / "a.parquet")
    file = open_points(tmp_path / "a.parquet", x="x", y="y", crs=3008)
    (batch,) = file.batches()
    assert str(batch.frame["anm"].dtype) == "str"


@pytest.mark.parametrize(
    ("name", "data", "kind", "way_out"),
    [
        ("a.ods", OPEN_DOCUMENT, "OpenDocument", "save it as .xlsx in the program it came from"),
        ("a.xlsx", OPEN_DOCUMENT, "OpenDocument", "save it as .xlsx in the program it came from"),
        ("a.csv", b"\x1f\x8b\x08\x00", "gzip", "gunzip"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00", "gzip", "gunzip"),
        ("a.zip", b"PK\x03\x04", "zip", "unpack it"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "old Excel", "save it as .xlsx, without a password"),
    ],
)
@pytest.mark.parametrize("read", [read_table, read_layer, partial(open_points, crs=3008)])
def test_a_file_of_no_known_format_is_called_by_its_name_with_the_way_out(
    tmp_path: Path, name: str, data: bytes, kind: str, way_out: str, read: Callable[[Path], object]
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=kind) as said:
        read(tmp_path / name)
    assert said.value.code == "read-format"
    assert way_out in said.value.remedy

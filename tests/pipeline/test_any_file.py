"""A figure does not depend on the file: one table, however it is written, gives the same counts."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box
from small_run import ONE_EDITION

import geolyft
from geolyft.disclosure.raw import opened
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.counting.ledger import CountedAreas
from geolyft.pipeline.levels import read_areas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODES = ["12800101", "12800102", "12800103", "12800104"]
BASE = 1000
"""Persons of every area, so that a share with one decimal is its count to the person."""

SOURCE = """
[[source]]
name = "Provkälla"
file = "{file}"
kind = "totals"
area = "{area}"
protected_by = "SCB"
{how}

[[source.measure]]
indicator = "B3"
{what}
"""
COUNTS = 'numerator = "ägda"\ndenominator = "alla"'
SHARES = 'share = "andel"\ndenominator = "alla"'
ROWS = """
numerator = { column = "KOLUMN", where = { "upplåtelse" = ["ägda"] } }
denominator = { column = "KOLUMN", where = { "upplåtelse" = ["ägda", "hyrda"] } }
"""


@dataclass(frozen=True)
class Drawn:
    """What the table holds, and how carelessly it is written."""

    owned: list[int]
    spaces: bool
    decomposed: bool
    footer: bool
    total: bool
    blank: bool


drawn = st.builds(
    Drawn,
    owned=st.lists(st.integers(20, 980), min_size=4, max_size=4),
    spaces=st.booleans(),
    decomposed=st.booleans(),
    footer=st.booleans(),
    total=st.booleans(),
    blank=st.booleans(),
)


def table(it: Drawn) -> pd.DataFrame:
    """Return the table as it is meant, the municipality's row last where it has one."""
    rows = pd.DataFrame({"kod": CODES, "ägda": it.owned, "alla": BASE})
    if it.total:
        rows.loc[4] = ["1280", sum(it.owned), 4 * BASE]
    return rows.assign(andel=rows["ägda"] / rows["alla"] * 100)


def text(it: Drawn, name: str) -> str:
    padded = f"  {name} " if it.spaces else name
    return unicodedata.normalize("NFD", padded) if it.decomposed else padded


def delimited(it: Drawn, columns: dict[str, list[str]], separator: str) -> str:
    """Write columns of texts with the drawn blemishes."""
    rows = [[text(it, name) for name in columns], *zip(*columns.values(), strict=True)]
    lines = [separator.join(row) for row in rows]
    if it.blank:
        lines.append("")
    if it.footer:
        lines += ["", f"Källa: SCB{separator} uppdaterad 2025", "* reviderad"]
    return "\n".join(lines) + "\n"


def padded_codes(it: Drawn, codes: list[str]) -> list[str]:
    return [f" {code}" if it.spaces else code for code in codes]


def csv_with(
    separator: str, encoding: str, decimal: str
) -> Callable[[Drawn, Path], dict[str, str]]:
    def write(it: Drawn, folder: Path) -> dict[str, str]:
        rows = table(it)
        shares = [f"{value:.1f} %".replace(".", decimal) for value in rows["andel"]]
        numbers = {name: rows[name].map(str).tolist() for name in ("ägda", "alla")}
        codes = padded_codes(it, rows["kod"].tolist())
        content = delimited(it, {"kod": codes, **numbers, "andel": shares}, separator)
        if encoding == "cp1252":  # which has no letters in two parts
            content = unicodedata.normalize("NFC", content)
        (folder / "t.csv").write_text(content, encoding=encoding)
        return {"file": "t.csv", "area": "kod"}

    return write


def excel(it: Drawn, folder: Path) -> dict[str, str]:
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([text(it, name) for name in ("kod", "ägda", "alla", "andel")])
    for code, owned, everyone, share in table(it).itertuples(index=False):
        sheet.append([int(code), owned, everyone, share / 100])
        sheet.cell(sheet.max_row, 4).number_format = "0.0%"
    if it.blank:
        sheet.append([])
        sheet.cell(sheet.max_row + 2, 1).value = "Källa: SCB"
    book.save(folder / "t.xlsx")
    return {"file": "t.xlsx", "area": "kod"}


def parquet(it: Drawn, folder: Path) -> dict[str, str]:
    rows = table(it)
    rows.assign(kod=rows["kod"].astype("int64")).to_parquet(folder / "t.parquet")
    return {"file": "t.parquet", "area": "kod", "unit": 'unit = "per cent"'}


def geopackage(it: Drawn, folder: Path) -> dict[str, str]:
    rows = table(it).astype({"kod": "float64" if it.spaces else "int64"})
    places = [Point(118_000, 6_163_000)] * len(rows)
    gpd.GeoDataFrame(rows, geometry=places, crs=3008).to_file(folder / "t.gpkg")
    return {"file": "t.gpkg", "area": "kod", "unit": 'unit = "per cent"'}


def fractions(it: Drawn, folder: Path) -> dict[str, str]:
    rows = table(it)
    rows.assign(andel=rows["andel"] / 100).to_csv(
        folder / "t.csv", index=False, sep=";", decimal=","
    )
    return {"file": "t.csv", "area": "kod", "unit": 'unit = "fraction"'}


def long(it: Drawn) -> pd.DataFrame:
    rows = table(it).assign(hyrda=lambda t: t["alla"] - t["ägda"])
    return rows.melt("kod", ["ägda", "hyrda"], "upplåtelse", "value")


def long_csv(it: Drawn, folder: Path) -> dict[str, str]:
    rows = long(it)
    columns = {
        "kod": padded_codes(it, rows["kod"].tolist()),
        "upplåtelse": [text(it, each) for each in rows["upplåtelse"]],
        "value": rows["value"].map(str).tolist(),
    }
    content = delimited(it, columns, ";")
    (folder / "t.csv").write_text(content, encoding="utf-8")
    return {"file": "t.csv", "area": "kod", "rows": "value"}


def json_stat(it: Drawn, folder: Path) -> dict[str, str]:
    rows = long(it)
    codes = rows["kod"].unique().tolist()
    regions = [f"{code} (område)" if it.spaces else code for code in codes]
    cube = {
        "version": "2.0",
        "class": "dataset",
        "id": ["kod", "upplåtelse"],
        "size": [len(codes), 2],
        "dimension": {
            "kod": {"category": {"index": regions}},
            "upplåtelse": {"category": {"index": ["ägda", "hyrda"]}},
        },
        "value": [int(each) for each in rows.pivot(index="kod", columns="upplåtelse",
                  values="value").loc[codes, ["ägda", "hyrda"]].to_numpy().ravel()],
    }  # fmt: skip
    (folder / "t.json").write_text(json.dumps(cube, ensure_ascii=it.decomposed), encoding="utf-8")
    return {"file": "t.json", "area": "kod", "rows": "value"}


def px(it: Drawn, folder: Path) -> dict[str, str]:
    rows = long(it)
    codes = rows["kod"].unique().tolist()
    cells = rows.pivot(index="kod", columns="upplåtelse", values="value").loc[codes]
    quoted = ",".join(f'"{code}"' for code in codes)
    data = "\n".join(f"{owned} {rented}" for owned, rented in cells[["ägda", "hyrda"]].to_numpy())
    note = 'NOTE="Källa: SCB; reviderad = ja";\n' if it.footer else ""
    content = (
        'CHARSET="ANSI";\nAXIS-VERSION="2013";\nCODEPAGE="utf-8";\n'
        f'{note}STUB="kod";\nHEADING="upplåtelse";\n'
        f'VALUES("kod")={quoted};\nVALUES("upplåtelse")="ägda","hyrda";\n'
        f'CODES("kod")={quoted};\nCODES("upplåtelse")="ägda","hyrda";\nDATA=\n{data};\n'
    )
    (folder / "t.px").write_text(content, encoding="utf-8")
    return {"file": "t.px", "area": "kod", "rows": "value"}


WRITERS = {
    "csv of a Swedish office": csv_with(";", "utf-8", ","),
    "csv of Excel": csv_with(";", "utf-8-sig", ","),
    "csv of a program": csv_with(",", "utf-8", "."),
    "csv of an old program": csv_with("\t", "cp1252", ","),
    "csv of fractions": fractions,
    "excel": excel,
    "parquet": parquet,
    "geopackage": geopackage,
    "long csv": long_csv,
    "json-stat": json_stat,
    "px": px,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with four areas that have the table's codes."""
    made = tmp_path_factory.mktemp("any_file")
    shapes = [box(118_000 + n, 6_163_000, 118_001 + n, 6_163_001) for n in range(4)]
    areas = gpd.GeoDataFrame({"kod": CODES, "namn": CODES}, geometry=shapes, crs=3008)
    areas.to_file(made / "areas.gpkg")
    return made


def counts(folder: Path, said: dict[str, str], what: str) -> pd.DataFrame:
    """Return what a run counts of the file, by area."""
    if "rows" in said:
        what = ROWS.replace("KOLUMN", said["rows"])
    elif what == SHARES:
        what += "\n" + said.get("unit", "")
    run = ONE_EDITION + SOURCE.replace("{file}", said["file"]).replace("{area}", said["area"])
    run = run.replace("{how}", "").replace("{what}", what)
    (folder / "run.toml").write_text(run, encoding="utf-8")
    config = geolyft.load_config(folder / "run.toml")
    (gathered,) = gather(config, [CountedAreas(name="", areas=read_areas(config))])
    (made,) = map(opened, gathered.counts)
    return made.set_index("area")[["numerator", "denominator"]]


@pytest.mark.needs("openpyxl")
@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.filterwarnings("ignore::geolyft.GeolyftWarning")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(it=drawn)
def test_a_table_gives_its_counts_whatever_file_it_is_in(
    name: str, it: Drawn, folder: Path
) -> None:
    said = WRITERS[name](it, folder)
    wanted = np.array([*it.owned, 0.0])
    for what in (COUNTS, SHARES):
        made = counts(folder, said, what)
        assert made.index.tolist() == [*CODES, "residual"]
        np.testing.assert_allclose(made["numerator"], wanted, rtol=1e-9)
        assert made["denominator"].tolist() == [BASE] * 4 + [0]

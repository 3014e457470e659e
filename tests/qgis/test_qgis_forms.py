"""One row in real QGIS: tabs, words for codes, the rows of an area in tables, and its profile."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from efforts_register import effort, place, write_register
from qgis_check import ask
from small_run import write_small_run

from geolyft import load_config
from geolyft.errors import GeolyftWarning
from geolyft.export.figures.palette import SCALE
from geolyft.export.qgis.drawn.looks import GROUND
from geolyft.pipeline.run import run

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = pytest.mark.needs("qgis")
AREAS, SURE, MATRIX = "Områden med namn", "osakerhet", "behov_matris"
ASKED = '[efforts]\nfile = "insatser.csv"\n\n[[source]]'


@pytest.fixture(scope="module")
def folder(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_file = write_small_run(tmp_path_factory.mktemp("forms"), squares)
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", ASKED, 1)
    run_file.write_text(said, encoding="utf-8")
    write_register(run_file.parent, [effort("a", tema="vardag")], [place("a", "1")])
    out = tmp_path_factory.mktemp("made") / "en mapp"
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(load_config(run_file), out=out)
    return out


def test_an_office_s_logo_case_and_author_are_printed_once_somebody_fills_them_in(
    folder: Path, tmp_path: Path
) -> None:
    logo = tmp_path / "logo.svg"
    drawn = '<rect width="40" height="20" fill="#ff00ff"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{drawn}</svg>'
    logo.write_text(svg, encoding="utf-8")
    filled = {
        "geolyft_logotyp": str(logo),
        "geolyft_diarienummer": "STK-1-[% 1 + 1 %]",
        "geolyft_handlaggare": "Stadskontoret",
    }
    pages = [
        {"do": "layout", "name": "Karta A4 liggande"},
        {"do": "atlas", "name": "Områden, ett per sida", "page": 2},
    ]
    steps = [
        {**page, "variables": variables, "to": str(tmp_path / f"{n}-{len(variables)}.png")}
        for variables in ({}, filled)
        for n, page in enumerate(pages)
    ]
    (answer,) = ask([{"open": str(folder / "omradeslyft.qgz"), "steps": steps}])
    before, after = answer["steps"][:2], answer["steps"][2:]
    for page in before:
        assert "#ff00ff" not in page["colours"]
        assert printed(page).count("\n") == 1
    for page in after:
        assert page["colours"]["#ff00ff"] > 100
        assert printed(page).endswith("STK-1-[% 1 + 1 %] · Stadskontoret")
    # The small map of the whole fills the page's own area, and has the others in grey.
    small = [item for item in after[1]["items"] if item["id"] == "läge"]
    assert len(small) == 1
    assert after[1]["colours"][GROUND] > 100


def test_the_temporal_controller_plays_the_years(folder: Path) -> None:
    years = {year: [f"{year}-02-01", f"{year}-11-30"] for year in ("2023", "2024", "1999")}
    name = "Index och dimensioner, alla perioder"
    steps = [{"do": "layer", "name": name, "time": days} for days in years.values()]
    project, of_year = ask(
        [
            {"open": str(folder / "omradeslyft.qgz"), "steps": steps},
            {
                "open": str(folder / "omradeslyft.gpkg"),
                "layers": ["stadsdel_index_2023", "stadsdel_index"],
                "steps": [
                    {"do": "layer", "name": layer}
                    for layer in ("stadsdel_index_2023", "stadsdel_index")
                ],
            },
        ]
    )
    assert project["project"]["time"] == ["2023-01-01", "2024-12-31"]
    played, alone = ([step["colours"] for step in each["steps"]] for each in (project, of_year))
    whole = sum(n for colour, n in alone[0].items() if colour in SCALE) / 4
    # How many of the four areas have each colour; names cover a little of some.
    areas = [
        {colour: round(n / whole) for colour, n in each.items() if colour in SCALE}
        for each in (*played, *alone)
    ]
    assert areas[0] == areas[3]
    assert areas[1] == areas[4]
    assert areas[2] == {}
    assert sum(areas[0].values()) == 4


def printed(page: dict[str, Any]) -> str:
    (text,) = (item["text"] for item in page["items"] if item["id"] == "utskriven")
    return str(text)


@pytest.fixture(scope="module")
def said(folder: Path) -> list[Any]:
    tables = ("Tabell bakom indexet osakerhet", "Behov och insatser per tema (tabell_behov_matris)")
    steps = [{"do": "form", "layer": name} for name in (AREAS, *tables, "Indikatorer 2024")]
    theme = {"do": "layout", "name": "Karta A4 liggande", "theme": "Insatser"}
    (answer,) = ask([{"open": str(folder / "omradeslyft.qgz"), "steps": [*steps, theme]}])
    assert all(layer["valid"] for layer in answer["layers"])
    return [*answer["steps"], answer["project"]]


def test_an_area_leads_to_its_rows_of_its_period_in_every_table(
    folder: Path, said: list[Any]
) -> None:
    found = said[0]["relations"]
    assert all(each["valid"] for each in found.values())
    met = {}
    for path in sorted((folder / "tabeller").glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        column = "area" if "area" in table else "stadsdel_kod"
        if column in table:
            rows = table[table[column] == said[0]["values"]["stadsdel_kod"]]
            rows = rows[rows["period"] == "2024"] if "period" in rows else rows
            met[f"tabell_{path.stem}"] = len(rows)
    by_table = {
        name.rpartition(" ")[2].strip("()").removeprefix("tabell_"): each["rows"]
        for name, each in found.items()
    }
    assert {name: by_table[name.removeprefix("tabell_")] for name in met} == met
    # All observations are a table too.
    assert len(found) == len(met) + 1


def test_fields_stand_on_the_tab_of_what_they_are_of(said: list[Any]) -> None:
    tabs = said[0]["tabs"]
    assert list(tabs) == ["Området", "Vardag", "Medborgare", "Tabeller"]
    assert tabs["Vardag"][:2] == ["vardag", "vardag_status"]
    assert "index" in tabs["Området"]
    assert len(tabs["Tabeller"]) == len(said[0]["relations"])
    indicators = said[3]["tabs"]["Vardag"]
    # What is of one indicator stands together, whenever it came.
    assert indicators == sorted(indicators, key=lambda name: name.partition("_")[0])
    fields = [name for tab in said[0]["tabs"].values() for name in tab]
    assert {*said[0]["values"]} - {"fid"} == {f for f in fields if not f.startswith("relation")}


def test_codes_statuses_and_certainty_are_read_in_words(said: list[Any]) -> None:
    areas, sure, cells, _ = said[:4]
    assert areas["values"]["status"] in ("uppgift finns", "äldre uppgift")
    assert areas["values"]["sakert_skild"] in ("ja", "nej")
    assert sure["values"]["area"].strip() not in ("", "city", "1")
    assert sure["display"].startswith(sure["values"]["area"])
    assert cells["values"]["tema"] == "Vardag"
    assert " · Vardag" in cells["display"]


def test_an_action_opens_the_page_that_lies_beside_the_project(
    folder: Path, said: list[Any]
) -> None:
    (address,) = said[0]["actions"].values()
    assert address == f"file://{folder}/omraden/1.html"
    assert (folder / "omraden" / "1.html").exists()


def test_a_server_is_told_a_name_terms_and_whose_it_is(folder: Path, said: list[Any]) -> None:
    assert said[0]["short_name"] == "stadsdel_index_outline"
    assert "Provstad" in said[0]["keywords"]
    assert said[0]["attribution"] == "Register, Val"
    assert folder.exists()


def test_efforts_are_drawn_over_the_index_and_both_are_named(said: list[Any]) -> None:
    texts = {item["id"]: item.get("text") for item in said[4]["items"]}
    assert texts["tema"] == "Insatser · Index 2024 · Provstad"
    assert "en yta för varje insats och område" in texts["läsning"]
    themes = said[5]["themes"]
    assert "Insatser: teman med lucka" in themes
    assert len(themes["Insatser"]) == len(themes["Index"]) + 1

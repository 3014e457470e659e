"""A stage says in one place what it gives, and every output has it from there."""

from __future__ import annotations

import json
import re
import sqlite3
import warnings
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import pytest
import toy_stage
import web_browser
from qgis_check import ask
from small_run import write_small_run
from web_browser import Window, assert_quiet, violations

from geolyft import load_config
from geolyft.errors import GeolyftWarning
from geolyft.export.figures.classes import Classes
from geolyft.export.figures.palette import SCALE
from geolyft.findings import stages
from geolyft.pipeline.run import Result, run

browser = web_browser.browser
window = web_browser.window

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


@pytest.fixture(scope="module")
def made(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run with one stage more, which no writer has heard of."""
    folder = tmp_path_factory.mktemp("stage")
    config = load_config(write_small_run(folder / "in", squares))
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", GeolyftWarning)
        patch.setattr(stages, "STAGES", (*stages.STAGES, toy_stage.STAGE))
        return run(config, out=folder / "out")


def text_of(made: Result, name: str) -> str:
    assert made.folder is not None
    return (made.folder / name).read_text(encoding="utf-8")


def far(made: Result) -> dict[str, float]:
    index = made.publication.index
    latest = index[(index["period"] == "2024") & (index["area"] != "city")]
    return dict(zip(latest["area"], (latest["index"] - 100).round(1), strict=True))


def test_its_table_is_for_scripts(made: Result) -> None:
    assert made.folder is not None
    table = pd.read_csv(made.folder / "tabeller" / "toy.csv", dtype={"area": "str"})
    assert [*table] == ["area", "period", "avstand_100", "status"]
    latest = table[table["period"] == 2024]
    assert dict(zip(latest["area"], latest["avstand_100"], strict=True)) == far(made)


def test_its_layer_and_table_are_in_the_geopackage_with_titles_and_a_style(made: Result) -> None:
    assert made.folder is not None
    path = made.folder / "omradeslyft.gpkg"
    layer = pyogrio.read_dataframe(path, layer="stadsdel_toy")
    assert dict(zip(layer["stadsdel_kod"], layer["avstand_100"], strict=True)) == far(made)
    with sqlite3.connect(path) as database:
        said = "SELECT title FROM gpkg_data_columns WHERE column_name = 'avstand_100'"
        assert {title for (title,) in database.execute(said)} == {"Poäng från 100"}
        styled = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'stadsdel_toy'"
        (style,) = (text for (text,) in database.execute(styled))
    assert "långt under 100" in style


def test_the_project_shows_it_as_a_layer_and_a_map_theme_of_its_own(made: Result) -> None:
    assert made.folder is not None
    with zipfile.ZipFile(made.folder / "omradeslyft.qgz") as project:
        text = project.read("omradeslyft.qgs").decode()
    assert re.search(r'<layer-tree-layer[^>]*name="Avstånd till hundra 2024"', text)
    assert re.search(r'<visibility-preset[^>]*name="Poäng från 100"', text)


@pytest.mark.needs("qgis")
def test_qgis_draws_its_map_theme_in_the_colours_of_its_classes(
    made: Result, tmp_path: Path
) -> None:
    assert made.folder is not None
    step = {"do": "theme", "name": "Poäng från 100", "width": 400, "height": 300}
    job = {
        "open": str(made.folder / "omradeslyft.qgz"),
        "steps": [{**step, "to": str(tmp_path / "toy.png")}],
    }
    (answer,) = ask([job])
    assert all(layer["valid"] for layer in answer["layers"])
    drawn = set(answer["steps"][0]["colours"])
    classes = Classes(breaks=(-15.0, -5.0, 5.0, 15.0), reference=0.0)
    assert {SCALE[classes.place(points)] for points in far(made).values()} <= drawn


def test_the_map_has_it_as_a_theme_with_its_own_legend(made: Result) -> None:
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', text_of(made, "karta.html")
    )
    assert found
    data = json.loads(found[1])
    (theme,) = [each for each in data["themes"] if each["code"] == "toy-avstand_100"]
    assert theme["name"] == "Poäng från 100"
    assert data["legends"][theme["legend"]]["breaks"] == [-150, -50, 50, 150]
    assert data["legends"][theme["legend"]]["classes"][0]["meaning"] == "långt under 100"
    figures = data["levels"][0]["figures"]["alla"]
    assert "toy-avstand_100" in json.dumps(figures)


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("view", ["value", "gap", "change", "quality"])
def test_the_panel_tells_it_of_the_chosen_area_in_every_view(
    made: Result, window: Window, view: str
) -> None:
    assert made.folder is not None
    word = {"value": "", "gap": "skillnad-", "change": "forandring-", "quality": "kvalitet-"}[view]
    state = f"#tema={word}toy-avstand_100&omrade=1"
    seen = window.open(made.folder / "karta.html", state=state)
    panel = seen.page.locator("#panel-innehall").inner_text()
    assert "Avstånd till hundra" in panel
    assert f"{far(made)['1']:.1f}".replace(".", ",").replace("-", "−") in panel
    assert_quiet(seen)
    assert violations(seen.page) == []


def test_profile_and_report_tell_it_of_every_area(made: Result) -> None:
    report = text_of(made, "rapport.html")
    for text in ("Avstånd till hundra", "Hur långt områdets index ligger från 100"):
        assert text in report
        assert text in text_of(made, "omraden/1.html")
    for area, value in far(made).items():
        shown = f"{value:.1f}".replace(".", ",").replace("-", "−")
        assert shown in text_of(made, f"omraden/{area}.html")


def test_a_run_without_it_has_nothing_of_it(
    squares: gpd.GeoDataFrame, tmp_path: Path, made: Result
) -> None:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        plain = run(load_config(write_small_run(tmp_path / "in", squares)), out=tmp_path / "out")
    assert "toy" not in plain.publication.tables
    for name in ("karta.html", "rapport.html", "omraden/1.html"):
        assert "Avstånd till hundra" not in text_of(plain, name)
    # What the stage adds moves nothing else.
    for name in ("index.csv", "resultat.csv"):
        assert text_of(plain, name) == text_of(made, name)

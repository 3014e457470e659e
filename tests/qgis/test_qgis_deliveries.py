"""Whole deliveries in real QGIS: each layer by itself, and the project over them.

The demo is made here. ``GEOLYFT_DELIVERIES`` names folders of other deliveries to ask instead, as
`.ci/run` does with the register example.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
from needs import QGIS_PYTHON
from qgis_check import ask

import geolyft
from geolyft.divisions.areas import demo_folder
from geolyft.errors import GeolyftWarning
from geolyft.export.figures.palette import SCALE
from geolyft.export.figures.themes import CONTRAST_COLOUR
from geolyft.export.qgis.drawn.looks import GROUND
from geolyft.export.words import load_words

pytestmark = pytest.mark.needs("qgis")
GIVEN = [Path(each) for each in os.environ.get("GEOLYFT_DELIVERIES", "").split(os.pathsep) if each]
Answer = dict[str, Any]


@pytest.fixture(
    scope="module", params=GIVEN or [None], ids=lambda each: each.name if each else "demo"
)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery that was moved into a folder with signs a path may have."""
    home = tmp_path_factory.mktemp("flyttad hit åäö & co")
    if request.param is None:
        with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
            geolyft.run(demo_folder() / "run.toml", out=home / "utan")
        (home / "utan").rename(home / "med å")
    else:
        shutil.copytree(request.param, home / "med å")
    return home / "med å"


@pytest.fixture(scope="module")
def answers(folder: Path) -> list[Answer]:
    """Ask one QGIS everything: it takes longer to start than to answer."""
    (project,) = ask([{"open": str(folder / "omradeslyft.qgz")}])
    themes = list(project["project"]["themes"])
    steps = [
        {"do": "theme", "name": name, "width": 500, "height": 500, "to": str(folder / f"{n}.png")}
        for n, name in enumerate(themes)
    ]
    return ask(
        [
            {"open": str(folder / "omradeslyft.gpkg")},
            {"open": str(folder / "omradeslyft.qgz"), "steps": steps},
        ]
    )


def contents(folder: Path) -> dict[str, tuple[str, str]]:
    with sqlite3.connect(folder / "omradeslyft.gpkg") as database:
        rows = database.execute(
            "SELECT table_name, data_type, identifier FROM gpkg_contents"
        ).fetchall()
    database.close()
    return {name: (kind, title) for name, kind, title in rows if name != "layer_styles"}


def test_every_layer_is_valid_and_explains_itself(folder: Path, answers: list[Answer]) -> None:
    of = {layer["name"]: layer for layer in answers[0]["layers"]}
    for name, (kind, title) in contents(folder).items():
        layer = of[name]
        assert layer["valid"], name
        assert layer["styled"], name
        assert layer["title"] == title
        assert layer["abstract"]
        assert layer["licences"]
        fields = [field for field in layer["fields"] if field["name"] != "fid"]
        assert all(field["alias"] for field in fields), name
        if kind == "features":
            assert layer["crs"] == "EPSG:3008"
            # What lies around the areas has no classes, and of places only the names are seen.
            around = name.startswith("bakgrund_")
            assert (layer["renderer"]["type"] == "RuleRenderer") is not around, name


def test_every_layer_and_theme_of_the_project_is_there(answers: list[Answer]) -> None:
    project = answers[1]
    assert project["project"]["crs"] == "EPSG:3008"
    assert project["project"]["layer_order"]
    assert all(layer["valid"] for layer in project["layers"])
    # The demo has no figure of Utbildning, and no map of it.
    assert {"Index", "Delaktighet", "Ekonomi", "Boende"} <= set(project["project"]["themes"])


def test_every_theme_draws_what_its_legend_says(answers: list[Answer]) -> None:
    project = answers[1]
    themes = list(project["project"]["themes"])
    for name, drawn in zip(themes, project["steps"], strict=True):
        assert "error" not in drawn, name
        seen = set(drawn["colours"])
        patterns = {"#7d8a96", "#3a4651", "#26323c"}
        uncertain = {"#f1edf6", "#c9bfe0", "#9785c2", "#57428f"}
        lines = {CONTRAST_COLOUR} if name.startswith("Kontrast") else set()
        grey = {GROUND} if name == load_words("sv").say("qgis.preset_locator") else set()
        assert seen & {*SCALE, *patterns, *uncertain, *grey, *lines}, name


def test_a_map_tip_says_how_sure_the_figure_is(folder: Path, answers: list[Answer]) -> None:
    project = answers[1]
    figures = {layer["id"] for layer in project["layers"] if "CASE" in layer["map_tip"]}
    shown = [
        (name, each)
        for name, ids in project["project"]["themes"].items()
        for each in ids
        if each in figures
    ]
    steps = [
        step
        for name, layer in shown
        for step in (
            {"do": "theme", "name": name, "width": 50, "height": 50},
            {"do": "evaluate", "layer": layer, "tip": True},
        )
    ]
    (said,) = ask([{"open": str(folder / "omradeslyft.qgz"), "steps": steps}])
    with sqlite3.connect(folder / "omradeslyft.gpkg") as database:
        titles = dict(database.execute("SELECT tema, rubrik FROM kartteman").fetchall())
    database.close()
    told = 0
    for (theme, layer), step in zip(shown, said["steps"][1::2], strict=True):
        name = titles[theme]
        if " · " in name:
            continue  # things, over the colours of another theme
        lines = step["value"].split("<br>")
        assert "[%" not in step["value"]
        assert lines[1].startswith(name), name
        if "saknas" in lines[1]:
            # Neither an interval nor how sure: nothing, or why it is missing.
            assert all(not line or line.startswith("saknas") for line in lines[2:4]), name
            continue
        if len(lines) < len(("name", "value", "interval", "certainty")):
            continue  # how sure the index is has no interval of its own
        # Of small areas, and in earlier periods, nobody may have reckoned it, or told it from the
        # city.
        is_judged = layer.startswith(("geso_index", "geso_indikatorer"))
        assert lines[3].endswith("statistiskt säkerställd.") or not (lines[3] or is_judged), name
        if not lines[2] and not is_judged:
            assert lines[3] == "", name
            continue
        told += 1
        low, high = lines[2].removeprefix("osäkerhet ").replace(" till ", "–").split("–")
        value = lines[1].rpartition(": ")[2]
        assert number(low) <= number(value) <= number(high), name
    # The index, the dimensions with figures and their indicators: the demo has none of Utbildning.
    assert told >= 1 + 3 + 4


def number(text: str) -> float:
    return float(text.replace(",", ".").replace("\u2212", "-"))


def test_the_checker_of_ogc_finds_nothing(folder: Path) -> None:
    checked = subprocess.run(  # noqa: S603 - our own words
        [QGIS_PYTHON, "-m", "osgeo_utils.samples.validate_gpkg", "-k", folder / "omradeslyft.gpkg"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout

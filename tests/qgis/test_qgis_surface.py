"""The surface of events in a project of a run: real QGIS opens it, draws it, and leaves no file."""

from __future__ import annotations

import shutil
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from events_city import write_events_city
from qgis_check import ask

import geolyft
from geolyft.errors import GeolyftWarning

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("qgis", "raster")
SURFACE = "Händelser per km², utjämnat"
AROUND = "Fler händelser samlade än slumpen ger"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("surface")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(write_events_city(made), out=made / "out")
    # A project's paths are relative: it works where the folder is moved.
    shutil.move(made / "out", made / "moved")
    return made / "moved"


@pytest.fixture(scope="module")
def said(folder: Path) -> dict[str, Any]:
    steps = [{"do": "layers", "names": [SURFACE]}, {"do": "theme", "name": AROUND}]
    return ask([{"open": str(folder / "omradeslyft.qgz"), "steps": steps}])[0]


def test_the_surface_is_in_the_project_and_off(said: dict[str, Any]) -> None:
    (layer,) = (each for each in said["layers"] if each["name"] == SURFACE)
    assert layer["valid"]
    assert layer["crs"] == "EPSG:3008"
    assert layer["id"] not in said["project"]["visible"]
    (group,) = (each for each in said["project"]["tree"] if each["name"] == "Ytor")
    assert [each["name"] for each in group["children"]] == [SURFACE]


def test_its_classes_are_said_and_drawn(said: dict[str, Any]) -> None:
    (layer,) = (each for each in said["layers"] if each["name"] == SURFACE)
    tail, *classes = layer["classes"]
    assert tail["label"] == ""
    assert all(each["label"].endswith("per km²") for each in classes)
    assert all(one["high"] < other["high"] for one, other in pairwise(layer["classes"]))
    assert len(said["steps"][0]["colours"]) >= 1 + len(classes)


def test_the_classes_of_areas_have_a_map_theme(said: dict[str, Any]) -> None:
    assert AROUND in said["project"]["themes"]
    assert said["steps"][1]["layers"]


def test_looking_leaves_the_delivery_as_it_was(folder: Path, said: dict[str, Any]) -> None:
    assert said["layers"]
    left = {each.name for each in folder.iterdir() if ".aux" in each.name}
    assert left == set()

"""The plugin in real QGIS: each algorithm calls the command line, and says what it says."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Point
from small_run import in_malmo, write_small_run

import geolyft
from geolyft.frames import RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(geolyft.__file__).parents[1]
ASK = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path += ["/usr/share/qgis/python/plugins", sys.argv[1]]
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject
from qgis.core import QgsVectorLayer

app = QgsApplication([], True)
app.initQgis()
import processing
from processing.core.Processing import Processing
from processing.core.ProcessingConfig import ProcessingConfig
Processing.initialize()
import geolyft_qgis
plugin = geolyft_qgis.classFactory(None)
plugin.initGui()

class Feedback(QgsProcessingFeedback):
    def __init__(self, cancels):
        super().__init__(False)
        self.cancels, self.said, self.shares = cancels, [], []
        self.progressChanged.connect(self.shares.append)
    def setProgressText(self, text):
        if self.cancels:
            self.cancel()
    def pushWarning(self, text):
        self.said.append(text)

def run(job):
    ProcessingConfig.setSettingValue("GEOLYFT_PROGRAM", job.get("program", ""))
    feedback, context = Feedback(job.get("cancels", False)), QgsProcessingContext()
    context.setProject(QgsProject.instance())
    try:
        made = processing.run(job["run"], job["with"], feedback=feedback, context=context)
    except Exception as refused:
        return {"refused": str(refused), "shares": feedback.shares}
    loaded = list(context.layersToLoadOnCompletion())
    styled = [QgsVectorLayer(each, "x", "ogr").loadDefaultStyle()[1] for each in loaded]
    said = {"said": feedback.said, "shares": feedback.shares, "styled": styled}
    return {"made": made, "loaded": loaded, **said}

provider = QgsApplication.processingRegistry().providerById("geolyft")
names = {each.id(): each.displayName() for each in provider.algorithms()}
print(json.dumps({"names": names, "answers": [run(job) for job in json.load(sys.stdin)]}))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def builder() -> Any:  # noqa: ANN401 - a module
    spec = spec_from_file_location("build_plugin", ROOT / "qgis_plugin" / "build.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ask(
    qgis: str,
    builder: Any,  # noqa: ANN401
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., dict[str, Any]]:
    """Let QGIS with the plugin from its zip run jobs; geolyft is what PATH finds."""
    folder = tmp_path_factory.mktemp("qgis")
    builder.build(folder / "plugin.zip")
    with zipfile.ZipFile(folder / "plugin.zip") as packed:
        packed.extractall(folder / "plugins")
    (folder / "bin").mkdir()
    program = folder / "bin" / "geolyft"
    said = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m geolyft "$@"\n'
    program.write_text(said, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = f"{program.parent}:{os.environ['PATH']}"

    def run(*jobs: dict[str, Any]) -> dict[str, Any]:
        done = subprocess.run(  # noqa: S603 - a path of our own
            [qgis, "-c", ASK, str(folder / "plugins")],
            input=json.dumps(jobs), capture_output=True, text=True, check=False, timeout=300,
            env={**os.environ, "PATH": path, "HOME": str(folder)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answers

    return run


def test_the_zip_is_the_same_twice(builder: Any, tmp_path: Path) -> None:  # noqa: ANN401
    builder.build(tmp_path / "a.zip")
    builder.build(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert {"geolyft_qgis/metadata.txt", "geolyft_qgis/__init__.py"} <= {*packed.namelist()}


def test_points_get_their_areas_and_counts_are_moved(
    ask: Callable[..., dict[str, Any]], squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    areas = in_malmo(squares).rename_axis("kod").reset_index()
    areas.to_file(tmp_path / "areas.gpkg", layer="rutor")
    places = [Point(118_005, 6_164_005), Point(118_015, 6_164_015)]
    points = gpd.GeoDataFrame({"pnr": ["a", "b"]}, geometry=places, crs=3008)
    points.to_crs(4326).to_file(tmp_path / "points.geojson")
    points.translate(0, 50_000).to_crs(4326).to_file(tmp_path / "away.geojson")
    codes = geolyft.load_crosswalk("deso2025_geso").table["source"].unique()
    counts = pd.DataFrame({"kod": codes, "folk": 10})
    pyogrio.write_dataframe(counts, tmp_path / "counts.gpkg", layer="antal")
    pyogrio.write_dataframe(counts[:1], tmp_path / "counts.gpkg", layer="annat", append=True)
    own = {"INDELNING": 3, "EGNA": str(tmp_path / "areas.gpkg"), "KOD": "kod"}
    place = {"PUNKTER": str(tmp_path / "points.geojson"), "RESULTAT": str(tmp_path / "out.gpkg")}
    away = {"INDELNING": 0, "PUNKTER": str(tmp_path / "away.geojson")}
    move = {"TABELL": f"{tmp_path}/counts.gpkg|layername=antal", "OMRADE": "kod", "ANTAL": ["folk"],
            "NYCKEL": 0, "RESULTAT": str(tmp_path / "moved.gpkg")}  # fmt: skip
    said = ask(
        {"run": "geolyft:placera_punkter", "with": {**place, **own}},
        {"run": "geolyft:flytta_antal", "with": move},
        {"run": "geolyft:placera_punkter", "with": {**place, **away}},
        {"run": "geolyft:placera_punkter", "with": {**place, **own}, "program": place["PUNKTER"]},
    )
    assert {*said["names"].values()} == {
        "Ge punkter deras område", "Flytta antal till områden", "Gör en körning",
        "Kontrollera en leverans",
    }  # fmt: skip
    placed, moved, outside, absent = said["answers"]
    assert "made" in placed, placed
    assert gpd.read_file(placed["made"]["RESULTAT"])["area"].tolist() == ["1", "4"]
    assert "made" in moved, moved
    totals = gpd.read_file(moved["made"]["RESULTAT"]).set_index("area")["folk"]
    assert (totals.sum(), totals[RESIDUAL]) == (10 * len(codes), 0)
    assert "geolyft: join-outside" in outside["refused"]
    assert "points.geojson finns inte eller kan inte köras" in absent["refused"]


def test_a_run_is_made_loaded_and_verified(
    ask: Callable[..., dict[str, Any]], squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = str(write_small_run(tmp_path / "run", squares))
    out, none = tmp_path / "out", tmp_path / "none"
    made, verified, cancelled = ask(
        {"run": "geolyft:gor_korning", "with": {"KORFIL": file, "MAPP": str(out)}},
        {"run": "geolyft:kontrollera_leverans", "with": {"MAPP": str(out)}},
        {"run": "geolyft:gor_korning", "with": {"KORFIL": file, "MAPP": str(none)},
         "cancels": True},
    )["answers"]  # fmt: skip
    assert "made" in made, made
    assert made["loaded"] == [f"{out}/omradeslyft.gpkg|layername=stadsdel_index"]
    assert made["styled"] == [True]
    assert made["shares"] == sorted(made["shares"])
    assert made["shares"][-1] > 80
    assert any(line.startswith("geolyft: ") for line in made["said"])
    assert verified["made"]["HEL"] is True
    assert cancelled["refused"] == "Avbrutet. Inget är skrivet."
    assert not none.exists()
    (out / "index.csv").write_text("", encoding="utf-8")
    broken = ask({"run": "geolyft:kontrollera_leverans", "with": {"MAPP": str(out)}})
    assert "changed: index.csv" in broken["answers"][0]["refused"]

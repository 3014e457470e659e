"""QGIS opens the layers of a database as it opens those of the GeoPackage."""

from __future__ import annotations

import json
import subprocess
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from needs import QGIS_PYTHON
from postgis_server import SERVICE
from small_run import write_small_run

import geolyft
from geolyft.errors import GeolyftWarning

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from postgis_server import Server

pytestmark = pytest.mark.needs("qgis", "postgis")

ASK = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()

def rules(renderer):
    if renderer.type() != "RuleRenderer":
        return [renderer.symbol().color().name()]
    return [
        (rule.label(), rule.filterExpression(), rule.symbol().color().name())
        for rule in renderer.rootRule().children()
    ]

def described(source, provider):
    layer = QgsVectorLayer(source, "x", provider)
    said = {"valid": layer.isValid(), "crs": layer.crs().authid(), "rows": layer.featureCount()}
    said["styled"] = layer.loadDefaultStyle()[1]
    said["rules"] = rules(layer.renderer()) if layer.isSpatial() else []
    said["labels"] = layer.labeling().settings().fieldName if layer.labelsEnabled() else ""
    said["aliases"] = {f.name(): f.alias() for f in layer.fields()}
    return {**said, "styles": layer.listStylesInDatabase()[0]}

print(json.dumps([described(*each) for each in json.loads(sys.argv[1])]))
sys.stdout.flush()
os._exit(0)
"""


def test_layers_of_a_database_open_with_the_styles_of_the_geopackage(
    database: Server,  # noqa: ARG001 - the service is known while it runs
    squares: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    file = write_small_run(tmp_path / "run", squares)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f'[delivery]\npostgis = {{ service = "{SERVICE}", schema = "karta" }}\n')
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(file, out=tmp_path / "out")
    package = tmp_path / "out" / "omradeslyft.gpkg"
    names = ["stadsdel_index", "stadsdel_granser", "stadsdel_tid", "tabell_bidrag"]
    layers = [name for name in names if not name.startswith("tabell")]
    in_database = [
        f"service='{SERVICE}' key='fid' table=\"karta\".\"{name}\""
        + (" (geom)" if name in layers else "")
        for name in names
    ]
    of_package = asked([(f"{package}|layername={name}", "ogr") for name in names])
    of_database = asked([(source, "postgres") for source in in_database])
    for name, file_says, database_says in zip(names, of_package, of_database, strict=True):
        assert database_says["valid"], name
        assert database_says["styled"], name
        assert database_says == file_says, name


def asked(sources: list[tuple[str, str]]) -> list[dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - a path of our own
        [QGIS_PYTHON, "-c", ASK, json.dumps(sources)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers

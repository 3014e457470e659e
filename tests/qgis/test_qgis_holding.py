"""Real QGIS has a delivery open, looks at it and edits it, while another run takes its place."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from needs import QGIS_PYTHON
from qgis_check import ask

import geolyft
from geolyft.divisions.areas import demo_folder
from geolyft.errors import GeolyftWarning, OutputError
from geolyft.export.delivery import check_destination
from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.needs("qgis")
SCRIPT = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer
own = QgsApplication([], True)
own.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=geso_index", "index", "ogr")
layer.startEditing()
if sys.argv[2]:
    feature = next(layer.getFeatures())
    place = layer.fields().indexOf("geso_namn")
    assert layer.changeAttributeValue(feature.id(), place, sys.argv[2])
    assert layer.commitChanges(False)
print("open", flush=True)
sys.stdin.readline()
os._exit(0)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("holding") / "out"
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        geolyft.run(demo_folder() / "run.toml", out=out)
    return out


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "out")
    return tmp_path / "out"


@contextmanager
def held(folder: Path, edit: str = "") -> Iterator[None]:
    """Have QGIS hold a layer for editing; it ends without closing anything."""
    command = [QGIS_PYTHON, "-c", SCRIPT, str(folder / "omradeslyft.gpkg"), edit]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "open\n"
        yield
        program.stdin.write("\n")
        program.stdin.flush()


def test_looking_at_everything_is_no_edit(folder: Path) -> None:
    ask([{"open": str(folder / name)} for name in ("omradeslyft.gpkg", "omradeslyft.qgz")])
    check_destination(folder)
    assert Delivery(folder).edited() == []


def test_while_somebody_edits_a_layer_the_run_is_refused(folder: Path) -> None:
    with held(folder):
        with pytest.raises(OutputError) as refused:
            check_destination(folder)
        assert refused.value.code == "output-open"
    check_destination(folder)
    assert Delivery(folder).edited() == []


def test_an_edit_in_a_program_that_did_not_end_well_is_found(folder: Path) -> None:
    with held(folder, edit="Mitt eget namn"):
        pass
    check_destination(folder)
    assert [path.name for path in Delivery(folder).edited()] == ["omradeslyft.gpkg"]

"""A run file's background: checked with the run, in its layers and its manifest, and no figure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString
from small_run import write_small_run

from geolyft import run
from geolyft.errors import GeolyftError
from geolyft.pipeline.dry_run import check

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
UNSAID = "Vaktmästare Nilssons väg"


def with_background(folder: Path, squares: gpd.GeoDataFrame, said: str) -> Path:
    path = write_small_run(folder, squares)
    with path.open("a", encoding="utf-8") as file:
        file.write(said)
    road = LineString([(118_000, 6_164_005), (118_020, 6_164_005)])
    roads = {"vag": ["Stora vägen"], "anteckning": [UNSAID]}
    gpd.GeoDataFrame(roads, geometry=[road], crs=3008).to_crs(3006).to_file(folder / "vagar.gpkg")
    return path


def test_a_background_is_checked_delivered_and_in_the_manifest(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    said = '[[map.background]]\nfile = "vagar.gpkg"\nkind = "road"\nlabel = "vag"\n'
    path = with_background(tmp_path / "in", squares, said)
    assert "vagar.gpkg: geopackage, 1 rows" in check(path)
    out = tmp_path / "out"
    run(path, out=out)
    layer = pyogrio.read_dataframe(out / "omradeslyft.gpkg", layer="bakgrund_vagar")
    assert layer["namn"].tolist() == ["Stora vägen"]
    assert layer.length.sum() == pytest.approx(20, abs=0.01)
    inputs = json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]
    (read,) = (each for each in inputs if each["path"] == "vagar.gpkg")
    assert len(read["sha256"]) == 64
    assert not any(UNSAID.encode() in file.read_bytes() for file in out.rglob("*.*"))


@pytest.mark.parametrize(
    ("code", "file"),
    [("background-personal", "people_2024.csv"), ("read-missing-file", "absent.gpkg")],
)
def test_a_source_of_figures_or_a_file_that_is_not_there_is_refused(
    tmp_path: Path, squares: gpd.GeoDataFrame, code: str, file: str
) -> None:
    path = with_background(
        tmp_path / "in", squares, f'[[map.background]]\nfile = "{file}"\nkind = "road"\n'
    )
    with pytest.raises(GeolyftError) as refused:
        check(path)
    assert refused.value.code == code

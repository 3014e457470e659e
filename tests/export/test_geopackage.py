"""What is written is what was published, in any format, with any names."""

from __future__ import annotations

import re
import sqlite3
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from small_run import write_small_run

from geolyft import load_config
from geolyft.errors import ConfigError, GeolyftWarning, OutputError
from geolyft.export.figures.themes import all_themes
from geolyft.export.geo import geopackage
from geolyft.export.geo.points import PLACE, write_points
from geolyft.export.layers.build import all_layers
from geolyft.export.layers.rows import index_rows
from geolyft.export.layers.tables import write_csv
from geolyft.pipeline.run import publish
from geolyft.run_file.delivery import check_output_crs

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

HOSTILE = "Åäö'); DROP TABLE geso_index; -- \"<b>&amp;${x}`\\n"


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return publish(load_config(write_small_run(tmp_path_factory.mktemp("run"), squares)))


def write_geopackage(publication: Publication, path: Path, *, crs: int | None = None) -> None:
    layers = all_layers(publication, crs=crs)
    geopackage.write_geopackage(layers, all_themes(layers, publication), path, publication)


@given(text=st.text(min_size=1).filter(lambda t: "\x00" not in t and t.isprintable()))
def test_no_text_in_a_csv_is_a_formula(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv(pd.DataFrame({"name": [text], "n": [-1.5]}), path)
    back = pd.read_csv(path, dtype={"name": "str"}, keep_default_na=False)
    shown = back["name"][0]
    assert shown.replace("'", "") == text.replace("'", "")
    assert back["n"][0] == -1.5
    line = path.read_text("utf-8").splitlines()[1]
    for cell in re.split("[,;\t]", line):
        # What begins like a formula consists of digits and their signs only.
        assert not cell.startswith(("=", "+", "-", "@")) or set(cell) <= set("+-0123456789.eE ")


def test_numbers_and_marks_among_texts_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ["-5", "+46701", "-3.5", "-3,5", "+46 70 123 45 67", "-1e-05", "-", "+", "0180", ""]
    write_csv(pd.DataFrame({"id": texts}), tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", dtype="str", keep_default_na=False)
    assert back["id"].tolist() == texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(
            (text, f"'{text}")
            for text in ("=1+1", "-1+1", "+A1", "@sum", "--5", "\t1", "-1,", "=5")
        ),
        ("-5\n=1", "'-5\n'=1"),
        (";=1+1", ";'=1+1"),
        ("1,@sum;-5;- ja", "1,'@sum;-5;'- ja"),
    ],
)
def test_formulas_are_marked_as_text_also_in_the_header(
    tmp_path: Path, text: str, shown: str
) -> None:
    write_csv(pd.DataFrame({text: [text]}), tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", dtype="str")
    assert (list(back), back.iloc[0, 0]) == ([shown], shown)


@pytest.mark.parametrize("epsg", [3008, 3006, 3857, 4326])
def test_a_crs_of_maps_is_accepted(epsg: int) -> None:
    check_output_crs(epsg)


@pytest.mark.parametrize("epsg", [0, -1, 1, 10**12, 5613, 5845, 4978, 4979])
def test_a_crs_that_is_none_of_maps_is_refused(epsg: int) -> None:
    with pytest.raises(ConfigError) as refusal:
        check_output_crs(epsg)
    assert refusal.value.code == "run-crs"


@pytest.mark.parametrize("crs", [None, 3006, 4326])
def test_layers_come_in_the_crs_that_was_asked_for(
    publication: Publication, tmp_path: Path, crs: int | None
) -> None:
    write_geopackage(publication, tmp_path / "a.gpkg", crs=crs)
    layer = gpd.read_file(tmp_path / "a.gpkg", layer="stadsdel_index")
    assert layer.crs.to_epsg() == (crs or 3008)
    there = layer.to_crs(3008).geometry.union_all()
    assert there.symmetric_difference(publication.areas.union_all()).area < 1e-3


def test_a_geopackage_gives_back_what_was_written(publication: Publication, tmp_path: Path) -> None:
    write_geopackage(publication, tmp_path / "a.gpkg")
    written = index_rows(publication, "2024")
    back = gpd.read_file(tmp_path / "a.gpkg", layer="stadsdel_index")
    pd.testing.assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")),
        pd.DataFrame(written.drop(columns="geometry")),
        check_dtype=False,
        check_column_type=False,
    )
    assert back.geometry.geom_equals(written.geometry).all()
    types = dict(zip(*(pyogrio.read_info(tmp_path / "a.gpkg", layer="stadsdel_index")[k]
                       for k in ("fields", "ogr_types")), strict=True))  # fmt: skip
    assert types["stadsdel_kod"] == "OFTString"
    assert types["index"] == "OFTReal"
    assert types["rang_lag"] in ("OFTInteger", "OFTInteger64")


def test_hostile_names_stay_text(publication: Publication, tmp_path: Path) -> None:
    areas = publication.areas.assign(name=HOSTILE)
    hostile = replace(publication, areas=areas, title=HOSTILE, city=HOSTILE)
    write_geopackage(hostile, tmp_path / "a.gpkg")
    back = gpd.read_file(tmp_path / "a.gpkg", layer="stadsdel_index")
    assert set(back["stadsdel_namn"]) == {HOSTILE}
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_points_without_a_place_have_no_geometry(tmp_path: Path) -> None:
    rows = pa.table({"area": ["1", None]})
    points = rows.append_column(PLACE[0], [[1.0, np.nan]]).append_column(PLACE[1], [[2.0, np.nan]])
    path, crs = tmp_path / "p.gpkg", CRS.from_epsg(3008)
    write_points([points], path, schema=rows.schema, crs=crs)
    back = gpd.read_file(tmp_path / "p.gpkg")
    assert back.geometry.isna().tolist() == [False, True]


def test_a_format_nobody_writes_is_refused_before_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refusal:
        write_points([], tmp_path / "p.docx", schema=pa.schema([]), crs=CRS.from_epsg(3008))
    assert refusal.value.code == "output-format"
    assert not any(tmp_path.iterdir())

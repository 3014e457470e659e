"""A delivery that is opened gives back what was published, and what its periods tell together."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from small_run import CANARY, write_small_run

import geolyft
from geolyft.errors import GeolyftError, LacksError

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.pipeline.run import Result

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Result:
    folder = tmp_path_factory.mktemp("opened")
    return geolyft.run(write_small_run(folder / "in", squares), out=folder / "out")


@pytest.fixture
def opened(made: Result) -> geolyft.Delivered:
    assert made.folder is not None
    return geolyft.open(made.folder)


def test_index_observations_and_tables_are_what_the_run_published(
    made: Result, opened: geolyft.Delivered
) -> None:
    published = made.publication
    pd.testing.assert_frame_equal(
        opened.index, published.index, check_dtype=False, check_column_type=False
    )
    pd.testing.assert_frame_equal(
        opened.observations, published.observations, check_dtype=False, check_column_type=False
    )
    assert set(opened.tables) == set(published.tables)
    for name, table in opened.tables.items():
        pd.testing.assert_frame_equal(
            table, published.tables[name], check_dtype=False, check_column_type=False
        )
    assert opened.index["rank_low"].dtype == "Int64"


def test_the_change_between_base_and_last_is_that_of_the_delivery(
    opened: geolyft.Delivered,
) -> None:
    pd.testing.assert_frame_equal(
        opened.change(), opened.tables["forandring"], check_dtype=False, check_column_type=False
    )


def test_a_change_back_is_the_change_turned_round(opened: geolyft.Delivered) -> None:
    there, back = opened.change("2023", "2024"), opened.change("2024", "2023")
    both = there.merge(back, on=["area", "what"], suffixes=("", "_back"))
    known = both[both["comparable"]]
    assert len(known)
    pd.testing.assert_series_equal(known["change"], -known["change_back"], check_names=False)
    pd.testing.assert_series_equal(known["low"], -known["high_back"], check_names=False)


def test_a_layer_has_its_crs_and_an_area_a_row(
    opened: geolyft.Delivered, squares: gpd.GeoDataFrame
) -> None:
    layer = opened.layer("index")
    assert isinstance(layer, gpd.GeoDataFrame)
    assert layer.crs == "EPSG:3008"
    assert layer.index.tolist() == squares.index.tolist()
    assert layer.index.name == "area"
    assert layer.area.round(3).tolist() == squares.area.tolist(), "what geopandas measures"
    last = opened.index.set_index("period").loc["2024"].set_index("area")
    assert layer["index"].round(9).tolist() == last.loc[squares.index, "index"].round(9).tolist()
    assert opened.layer("stadsdel_index").equals(layer)
    lines = opened.layer("granser")
    assert set(lines.geom_type) == {"MultiLineString"}


@pytest.mark.parametrize("asked", ["forandringg", "nothing"])
def test_a_name_that_is_not_there_is_refused_with_those_that_are(
    opened: geolyft.Delivered, asked: str
) -> None:
    with pytest.raises(LacksError, match=r"use one of .*forandring") as refusal:
        opened.tables[asked]
    assert refusal.value.code == "delivery-lacks"
    assert ("did you mean 'forandring'?" in str(refusal.value)) == (asked == "forandringg")
    assert asked not in opened.tables
    assert opened.tables.get(asked) is None
    with pytest.raises(LacksError, match="stadsdel_index"):
        opened.layer(asked)
    with pytest.raises(LacksError, match="use one of 2023, 2024"):
        opened.change("2022")


def test_a_folder_that_is_no_delivery_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeolyftError) as refusal:
        geolyft.open(tmp_path)
    assert refusal.value.code == "verify-manifest"


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("index.csv", lambda of: of.index),
        ("resultat.parquet", lambda of: of.observations),
        ("resultat.parquet", lambda of: of.change()),
        ("tabeller/bidrag.csv", lambda of: of.tables["bidrag"]),
        ("karta.html", lambda of: of.map()),
    ],
)
def test_a_file_that_was_changed_is_refused_and_the_others_are_read(
    made: Result, tmp_path: Path, file: str, read: object
) -> None:
    shutil.copytree(str(made.folder), tmp_path / "out")
    with (tmp_path / "out" / file).open("ab") as changed:
        changed.write(b" ")
    opened = geolyft.open(tmp_path / "out")
    with pytest.raises(GeolyftError, match=file) as refusal:
        read(opened)  # type: ignore[operator]
    assert refusal.value.code == "verify-differs"
    assert len(opened.tables["osakerhet"])


def test_a_geopackage_that_a_program_wrote_into_is_read_and_that_is_said(
    made: Result, tmp_path: Path
) -> None:
    shutil.copytree(str(made.folder), tmp_path / "out")
    file = tmp_path / "out" / "omradeslyft.gpkg"
    content = bytearray(file.read_bytes())
    content[27] ^= 1  # of SQLite's count of changes
    file.write_bytes(content)
    with pytest.warns(geolyft.GeolyftWarning, match="not as it was delivered"):
        assert len(geolyft.open(tmp_path / "out").layer("index"))


def test_an_index_whose_errors_over_time_are_not_known_has_no_change(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("[index]", '[index]\nnormalisation = "zscore"', 1), encoding="utf-8"
    )
    geolyft.run(path, out=tmp_path / "out")
    with pytest.raises(GeolyftError) as refusal:
        geolyft.open(tmp_path / "out").change()
    assert refusal.value.code == "delivery-method"


def test_a_notebook_shows_the_index_and_the_map(opened: geolyft.Delivered, made: Result) -> None:
    for value in (opened, made, made.publication):
        html = value._repr_html_()
        assert "Provstaden, 2024" in html
        assert html.count("<tr") == 1 + 5, "the last period alone, the city first"
        assert "rank" not in html
        assert "nan" not in html
        assert len(repr(value)) < 300
    page = opened.map(height=300)._repr_html_()
    assert "height: 300px" in page
    assert "id=&quot;data&quot;" in page
    assert CANARY not in page

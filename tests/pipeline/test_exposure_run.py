"""What surrounds homes in a run: sampled where everyone lives, counted, protected, released."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio
import pytest
from everything import EXPOSURE
from needs import module
from small_run import people, write_small_run

import geolyft
from geolyft import load_config, publish, run
from geolyft.errors import ConfigError, DisclosureError, ReadError
from geolyft.frames import CITY
from geolyft.pipeline.releases.record import add_release

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

rasterio = module("rasterio")
pytestmark = [
    pytest.mark.needs("raster"),
    pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning"),
]

WEST, NORTH, CELL, NODATA = 118_000.0, 6_164_020.0, 2.0, -9999.0
MEMORY = '\n[releases]\nfile = "releases.sqlite"\n'


def noise() -> np.ndarray:
    """Return ten by nine cells, louder to the east; they end before the city does."""
    cells = np.tile(np.linspace(48, 62, 10), (10, 1)).astype("float32")
    cells[1::2] -= 4
    cells[:2, :3] = NODATA
    return cells[:, :9]


def write_raster(path: Path, cells: np.ndarray, *, crs: int = 3008) -> None:
    where = rasterio.Affine(CELL, 0, WEST, 0, -CELL, NORTH)
    said = {"transform": where, "dtype": cells.dtype, "crs": crs, "nodata": NODATA, "count": 1}
    rows, columns = cells.shape
    with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, **said) as out:
        out.write(cells, 1)


def write_run(folder: Path, squares: gpd.GeoDataFrame, *, more: str = "") -> Path:
    """Write the small run with a raster of noise."""
    file = write_small_run(folder, squares)
    write_raster(folder / "buller.tif", noise())
    file.write_text(file.read_text("utf-8") + EXPOSURE + more, encoding="utf-8")
    return file


def by_hand(squares: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return residents, their areas and what the cell holds that each lives in."""
    rows = people(squares, year=2024)
    x, y = rows["x"] - 118_000, rows["y"] - 6_164_000
    column, row = np.floor(x / CELL), np.floor((20 - y) / CELL)
    on = (column >= 0) & (column < 9) & (row >= 0) & (row < 10)
    value = np.full(len(rows), NODATA)
    value[on] = noise()[row[on].astype(int), column[on].astype(int)]
    home = (2 * (x > 10) + (y > 10) + 1).where(x.notna(), 0).astype(int).astype(str)
    return rows.assign(area=home, known=value != NODATA, above=value > 55)


@pytest.fixture(scope="module")
def made(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exposure")
    against = '\n[[against]]\ncode = "igen"\nname = "Buller, %"\nexposure = "buller"\n'
    file = write_run(folder, squares, more=MEMORY + against)
    run(file, out=folder / "out")
    add_release(
        folder / "out", folder / "releases.sqlite", day=date(2026, 3, 1), config=load_config(file)
    )
    return folder


def table_of(folder: Path) -> pd.DataFrame:
    return geolyft.open(folder / "out").tables["exponering"].set_index("area")


def test_everyone_counts_by_the_value_of_their_own_cell_and_those_without_one_are_said(
    made: Path, squares: gpd.GeoDataFrame
) -> None:
    table, rows = table_of(made), by_hand(squares)
    city = table.loc[CITY]
    assert city["antal"] == pytest.approx(rows["known"].sum(), abs=2.5)
    assert city["antal_over"] == pytest.approx(rows["above"].sum(), abs=5)
    assert city["antal_utan_varde"] == pytest.approx((~rows["known"]).sum(), abs=2.5)
    assert city["antal"] + city["antal_utan_varde"] == pytest.approx(city["antal_alla"], abs=5)
    known = rows.groupby("area")["known"].sum()
    for code in squares.index:
        if np.isfinite(table.loc[code, "antal"]):
            assert table.loc[code, "antal"] == pytest.approx(known[code], abs=5)
    assert (table[["antal", "antal_over"]].dropna() % 5 == 0).all(axis=None)


def test_an_area_where_many_have_no_value_is_partial_and_one_of_none_above_is_hidden(
    made: Path, squares: gpd.GeoDataFrame
) -> None:
    table, rows = table_of(made), by_hand(squares)
    few = rows[rows["known"]].groupby("area")["above"].sum().drop("0", errors="ignore")
    assert set(few[few < 10].index) == {"1", "2"}
    assert all("hidden" in table.loc[code, "status"] for code in ("1", "2"))
    assert all(table.loc[code, "status"] == "partial" for code in ("3", "4"))
    assert table.loc[["1", "2"], ["antal", "antal_over", "andel_over"]].isna().all(axis=None)


def test_a_layer_a_theme_a_line_of_the_ledger_and_sections_come_of_it(made: Path) -> None:
    layers = {name for name, _ in pyogrio.list_layers(made / "out/omradeslyft.gpkg")}
    assert {"stadsdel_exponering", "tabell_exponering", "stadsdel_samband"} <= layers
    assert "exponering-andel_over" in (made / "out/karta.html").read_text("utf-8")
    for name in ("omraden/3.html", "rapport.html"):
        assert "Boendemiljö: Buller" in (made / "out" / name).read_text("utf-8")
    manifest = json.loads((made / "out/manifest.json").read_text("utf-8"))
    lines = [each for each in manifest["ledger"] if each["source"] == "exposure buller"]
    assert [each["count"] for each in lines] == ["numerator", "denominator"]
    files = [each for each in manifest["inputs"] if each["source"] == "exposure buller"]
    assert ["sha256" in each for each in files] == [False, True]


def test_the_index_is_held_against_the_share_as_published(made: Path) -> None:
    held = geolyft.open(made / "out").tables["samband"].set_index("area")["varde"]
    pd.testing.assert_series_equal(
        held, table_of(made)["andel_over"].drop(CITY), check_names=False, check_dtype=False
    )


@pytest.mark.parametrize("what", ["limit", "raster"])
def test_another_limit_or_raster_for_the_same_residents_is_another_count(
    made: Path, squares: gpd.GeoDataFrame, what: str
) -> None:
    file = write_run(made, squares, more=MEMORY)
    publish(load_config(file))
    if what == "limit":
        file.write_text(file.read_text("utf-8").replace("limit = 55", "limit = 55.5"), "utf-8")
    else:
        write_raster(made / "buller.tif", noise() + np.float32(0.5))
    with pytest.raises(DisclosureError, match="buller") as refusal:
        publish(load_config(file))
    assert refusal.value.code == "protect-released"


def test_a_raster_in_another_crs_is_refused_before_anything_is_counted(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    write_raster(tmp_path / "buller.tif", noise(), crs=3006)
    with pytest.raises(ReadError) as refusal:
        geolyft.check(file)
    assert refusal.value.code == "raster-crs"


def test_where_much_is_good_the_same_classes_turn_round(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    green = file.read_text("utf-8").replace('direction = "low"', 'direction = "high"')
    chapters = {}
    for way, text in (("low", file.read_text("utf-8")), ("high", green)):
        file.write_text(text, "utf-8")
        found = publish(load_config(file)).chapters
        chapters[way] = next(each for each in found if each.code == "exponering").themes[0]
    assert chapters["high"].direction == "high"
    assert chapters["high"].meanings["sv"] == chapters["low"].meanings["sv"][::-1]


def test_a_code_of_a_kind_of_place_is_refused(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    file = write_run(tmp_path, squares, more=EXPOSURE)
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    assert refusal.value.code == "run-name"


def test_a_raster_of_residents_stands_for_them_at_the_middle_of_its_cells(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    counts = np.full((10, 10), 7, dtype="float32")
    write_raster(tmp_path / "boende.tif", counts)
    of_points = EXPOSURE.split("[exposure.users]")[1]
    of_cells = '\nfile = "boende.tif"\nwho = "boende"\nraster = {}\n'
    file.write_text(file.read_text("utf-8").replace(of_points, of_cells), "utf-8")
    table = publish(load_config(file)).tables["exponering"].set_index("area")
    known = noise() != NODATA
    assert table.loc[CITY, "antal"] == pytest.approx(7 * known.sum(), abs=2.5)
    assert table.loc[CITY, "antal_utan_varde"] == pytest.approx(700 - 7 * known.sum(), abs=2.5)
    shown = table.loc[table["antal"].notna(), "status"]
    assert len(shown) == 3
    assert shown.str.contains("approximate").all()

"""Access in a run: counted beside the index, protected with it, released with it."""

from __future__ import annotations

import json
import warnings
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import LineString
from small_run import in_malmo, people, write_small_run

import geolyft
from geolyft import load_config, publish, run
from geolyft.action.siting.demand import spread
from geolyft.errors import ConfigError, DisclosureError, GeolyftError, GeolyftWarning
from geolyft.frames import CITY
from geolyft.pipeline.releases.record import add_release

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

ACCESS = """
[[access]]
code = "forskola"
name = "Förskola"
within = WITHIN
walk_kmh = 5

[access.places]
file = "places.csv"
x = "x"
y = "y"
crs = 3008
name = "namn"
capacity = "platser"

[access.users]
file = "people_2024.csv"
x = "x"
y = "y"
crs = 3008
who = "barn 0-5 år"
among = { alder = { max = 5 } }
"""
PLACES = pd.DataFrame(
    {"namn": ["Eken", "Asken"], "platser": [30, 20], "x": [118_004, 118_016], "y": [6_164_005] * 2}
)
DAY = date(2026, 3, 1)


def write_run(
    folder: Path, squares: gpd.GeoDataFrame, *, within: float = 8, more: str = ""
) -> Path:
    """Write the small run with children and their preschools."""
    file = write_small_run(folder, squares)
    PLACES.to_csv(folder / "places.csv", index=False)
    said = file.read_text("utf-8") + ACCESS.replace("WITHIN", str(within)) + more
    file.write_text(said, encoding="utf-8")
    return file


def children(squares: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the children with the metres to the nearest place."""
    rows = people(squares, year=2024)
    rows = rows[rows["alder"] <= 5]
    apart = [np.hypot(rows["x"] - x, rows["y"] - y) for x, y in PLACES[["x", "y"]].to_numpy()]
    return rows.assign(metres=np.min(apart, axis=0))


@pytest.fixture(scope="module")
def made(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("access")
    run(write_run(folder, squares), out=folder / "out")
    return folder


def test_the_city_is_all_of_its_children_and_every_count_is_rounded(
    made: Path, squares: gpd.GeoDataFrame
) -> None:
    table = pd.read_csv(made / "out/tabeller/tillganglighet.csv", dtype={"area": str})
    table, every = table.set_index("area"), children(squares)
    assert table.loc[CITY, "antal"] == pytest.approx(len(every), abs=2.5)
    assert table.loc[CITY, "antal_utom"] == pytest.approx((~(every["metres"] <= 8)).sum(), abs=5)
    shown = table[table["status"] == "ok"]
    assert len(shown) >= 2
    assert (shown[["antal", "antal_utom"]] % 5 == 0).all(axis=None)
    inside = 100 * (1 - shown["antal_utom"] / shown["antal"])
    assert shown["andel_inom"].tolist() == pytest.approx(inside.tolist())
    assert (table["median_m"].dropna() % 50 == 0).all()


def test_the_ledger_has_a_line_for_them_and_the_audit_their_cells(made: Path) -> None:
    manifest = json.loads((made / "out/manifest.json").read_text("utf-8"))
    lines = [each for each in manifest["ledger"] if each["source"] == "access forskola"]
    assert [each["count"] for each in lines] == ["numerator", "denominator"]
    files = [each for each in manifest["inputs"] if each["source"] == "access forskola"]
    assert ["sha256" in each for each in files] == [False, True]
    assert files[0]["placed"]["total"] % 5 == 0


def test_a_layer_a_theme_and_sections_come_of_it(made: Path) -> None:
    layers = {name for name, _ in pyogrio.list_layers(made / "out/omradeslyft.gpkg")}
    assert {"stadsdel_tillganglighet", "tabell_tillganglighet"} <= layers
    page = (made / "out/karta.html").read_text("utf-8")
    assert "tillganglighet-andel_inom" in page
    for name in ("omraden/1.html", "rapport.html"):
        assert "Närhet: Förskola" in (made / "out" / name).read_text("utf-8")


def test_each_further_kind_has_a_table_and_a_layer_with_its_code(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    second = ACCESS.replace("forskola", "lekplats").replace("Förskola", "Lekplats")
    made = publish(load_config(write_run(tmp_path, squares, more=second.replace("WITHIN", "4"))))
    assert {"tillganglighet", "tillganglighet_lekplats"} <= set(made.tables)
    near, nearer = made.tables["tillganglighet"], made.tables["tillganglighet_lekplats"]
    assert near.loc[0, "antal"] == nearer.loc[0, "antal"]
    assert near.loc[0, "andel_inom"] > nearer.loc[0, "andel_inom"]


def test_what_there_is_in_an_area_is_said_and_what_nobody_knows_is_not_that_there_is_none(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    file.write_text(
        file.read_text("utf-8").replace("walk_kmh", 'part = "skola"\nwalk_kmh'), "utf-8"
    )
    run(file, out=tmp_path / "out")
    table = geolyft.open(tmp_path / "out").tables["fullstandighet"].set_index("area")
    xs, ys = PLACES["x"], PLACES["y"]
    for code, area in in_malmo(squares).geometry.items():
        there = sum(area.contains(each) for each in gpd.points_from_xy(xs, ys))
        assert table["skola"][str(code)] == ("finns" if there else "finns inte")
        assert table["vilka"][str(code)] == f"Förskola: {there}"
    assert set(table["arbete"]) == set(table["motesplats"]) == {"uppgift saknas"}


def test_where_everybody_is_near_the_counts_are_hidden_and_nobody_is_said_to_be_far(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    table = publish(load_config(write_run(tmp_path, squares, within=500))).tables["tillganglighet"]
    assert (table.loc[table["area"] != CITY, "status"] == "hidden").all()
    figures = ["antal", "andel_inom", "antal_utom"]
    assert table.loc[table["area"] != CITY, figures].isna().all(axis=None)


def test_a_change_that_stays_in_every_bucket_leaves_the_files_alone(
    made: Path, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    rows = pd.read_csv(tmp_path / "people_2024.csv", sep=";", decimal=",", encoding="cp1252")
    rows = rows.sample(frac=1, random_state=1).assign(pnr="19000101-0000")
    rows.to_csv(tmp_path / "people_2024.csv", sep=";", decimal=",", encoding="cp1252", index=False)
    run(file, out=tmp_path / "out")
    for name in ("tabeller/tillganglighet.csv", "karta.html", "manifest.json"):
        assert (tmp_path / "out" / name).read_bytes() == (made / "out" / name).read_bytes()


def test_a_released_limit_is_not_moved_by_a_metre(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    memory = '\n[releases]\nfile = "releases.sqlite"\n'
    file = write_run(tmp_path, squares, more=memory)
    run(file, out=tmp_path / "out")
    config, ledger = load_config(file), tmp_path / "releases.sqlite"
    assert add_release(tmp_path / "out", ledger, day=DAY, config=config)[1]
    publish(config)
    file.write_text(file.read_text("utf-8").replace("within = 8", "within = 8.5"), "utf-8")
    with pytest.raises(DisclosureError, match="forskola") as refusal:
        publish(load_config(file))
    assert refusal.value.code == "protect-released"


def test_other_places_for_the_same_children_are_another_count(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    memory = '\n[releases]\nfile = "releases.sqlite"\n'
    file = write_run(tmp_path, squares, more=memory)
    run(file, out=tmp_path / "out")
    add_release(tmp_path / "out", tmp_path / "releases.sqlite", day=DAY, config=load_config(file))
    PLACES[:1].to_csv(tmp_path / "places.csv", index=False)
    with pytest.raises(DisclosureError) as refusal:
        publish(load_config(file))
    assert refusal.value.code == "protect-released"


def test_what_an_earlier_release_hid_stays_hidden(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    memory = '\n[releases]\nfile = "releases.sqlite"\n'
    file = write_run(tmp_path, squares, within=9, more=memory)
    file.write_text(file.read_text("utf-8") + "\n[protection]\nthreshold = 30\n", "utf-8")
    first = run(file, out=tmp_path / "out").publication.tables["tillganglighet"]
    add_release(tmp_path / "out", tmp_path / "releases.sqlite", day=DAY, config=load_config(file))
    hidden = set(first.loc[first["status"] == "hidden", "area"])
    assert hidden
    again = publish(load_config(file)).tables["tillganglighet"]
    assert hidden <= set(again.loc[again["status"] == "hidden", "area"])


def test_addresses_are_nobody_and_shown_to_the_last(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares, within=500)
    rows = people(squares, year=2024)[["x", "y"]].dropna()
    rows[:37].to_csv(tmp_path / "homes.csv", index=False)
    said = file.read_text("utf-8").replace('"people_2024.csv"\nx', '"homes.csv"\nx')
    said = said.replace(
        'who = "barn 0-5 år"\namong = { alder = { max = 5 } }', 'who = "adresser"\npersons = false'
    )
    file.write_text(said, encoding="utf-8")
    table = publish(load_config(file)).tables["tillganglighet"]
    assert table.loc[table["area"] == CITY, ["antal", "antal_utom"]].to_numpy().tolist() == [
        [37, 0]
    ]


def test_a_network_says_its_parts_and_who_reaches_nothing(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    lines = [
        LineString([(118_000, 6_164_005), (118_020, 6_164_005)]),
        LineString([(118_000, 6_164_018), (118_020, 6_164_018)]),
    ]
    file = write_run(tmp_path, squares, more='\n[access.network]\nfile = "lines.gpkg"\nsnap = 6\n')
    gpd.GeoDataFrame(geometry=lines, crs=3008).to_file(tmp_path / "lines.gpkg")
    with pytest.warns(GeolyftWarning, match=r"2 parts .* 50.0 % of its length"):
        table = publish(load_config(file)).tables["tillganglighet"]
    city = table.set_index("area").loc[CITY]
    assert city["langs_nat"]
    assert 0 < city["antal_nas_inte"] <= city["antal_utom"] < city["antal"]


@pytest.mark.parametrize("code", ["A", "vardag", "population"])
def test_a_code_that_means_something_else_is_refused(
    squares: gpd.GeoDataFrame, tmp_path: Path, code: str
) -> None:
    file = write_run(tmp_path, squares)
    file.write_text(file.read_text("utf-8").replace('"forskola"', f'"{code}"'), "utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_config(file)
    assert refusal.value.code == "run-name"


def test_a_child_outside_or_a_lost_place_is_refused_without_a_count_of_children(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares)
    PLACES.assign(x=np.nan).to_csv(tmp_path / "places.csv", index=False)
    with pytest.raises(GeolyftError) as refusal:
        geolyft.check(file)
    assert refusal.value.code == "access-places"
    assert str(len(children(squares))) not in str(refusal.value)


def test_check_reads_and_counts_them_too(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with warnings.catch_warnings(action="ignore"):
        said = geolyft.check(write_run(tmp_path, squares))
    assert any(each.startswith("places.csv") for each in said)


SITING = "\n[access.siting]\nnew = 2\ngoal = 'covered'\n"


def test_new_places_are_points_with_what_they_change(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares, within=4, more=SITING)
    run(file, out=tmp_path / "out")
    table = pd.read_csv(tmp_path / "out/tabeller/platser_forslag.csv")
    assert table["nummer"].tolist() == [1, 2]
    assert (table["hur_sakert"] == "bevisat bäst").all()
    assert (table["nya_inom"] >= 10).all()
    layer = gpd.read_file(tmp_path / "out/omradeslyft.gpkg", layer="platser_forslag")
    assert layer.geometry.x.round(1).tolist() == table["x"].tolist()
    assert layer.geom_type.unique().tolist() == ["Point"]


def test_of_persons_candidates_come_of_the_areas_alone(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    file = write_run(tmp_path, squares, within=4, more=SITING)
    table = publish(load_config(file)).tables["platser_forslag"]
    candidates = {tuple(each) for each in spread(in_malmo(squares), None).round(1).tolist()}
    assert set(zip(table["x"], table["y"], strict=True)) <= candidates


def test_what_new_places_gain_is_hidden_where_few_gain_and_released_with_the_rest(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    memory = '\n[releases]\nfile = "releases.sqlite"\n'
    file = write_run(tmp_path, squares, within=4, more=SITING + memory)
    run(file, out=tmp_path / "out")
    add_release(tmp_path / "out", tmp_path / "releases.sqlite", day=DAY, config=load_config(file))
    publish(load_config(file))
    few = publish(load_config(write_run(tmp_path / "few", squares, within=14.5, more=SITING)))
    assert few.tables["platser_forslag"]["nya_inom"].isna().all()


def test_new_places_along_a_network_are_refused(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    more = SITING + '\n[access.network]\nfile = "lines.gpkg"\n'
    with pytest.raises(ConfigError, match="straight lines"):
        load_config(write_run(tmp_path, squares, more=more))

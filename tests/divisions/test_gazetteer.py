"""The names people use lead to the areas that the city's own table and addresses say."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geolyft
from geolyft.divisions.areas import load_areas, shipped
from geolyft.divisions.gazetteer.places import Place, each_place, places_of, shipped_places
from geolyft.divisions.gazetteer.spelling import plain, slips
from geolyft.read import read_table

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
ORIGINALS = ROOT.parent / "shared" / "data"
needs_originals = pytest.mark.skipif(
    not ORIGINALS.is_dir(), reason="the publishers' originals are not here"
)
letters = st.text("abcdefgh", min_size=8, max_size=12)


def found(query: str) -> list[tuple[str, str, str]]:
    table = geolyft.find_places(query)
    return [(row.kind, row.name, row.area) for row in table.itertuples(index=False)]


def load_build_places(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(ROOT / "boundaries"), *sys.path])
    return import_module("build_places")


# ---- what is shipped ----


def test_every_delomrade_is_found_in_the_geso_of_the_citys_table() -> None:
    table = read_table(shipped("delomraden.csv")).frame
    rows = shipped_places()[lambda places: places["kind"] == "delomrade"]
    assert len(table) == len(rows) == 136
    assert dict(zip(rows["name"], rows["area"], strict=True)) == dict(
        zip(table["delomr_namn"], table["geso_kod"], strict=True)
    )


def test_every_street_leads_to_an_area_and_is_within_delomraden_of_it() -> None:
    places = shipped_places()
    assert set(places["area"]) <= set(load_areas("geso").index)
    home = places[places["kind"] == "delomrade"].set_index("name")["area"]
    streets = [each for each in each_place(places) if each.kind == "street"]
    assert len({each.name for each in streets}) == 2_306
    for street in streets:
        assert {home[part] for part in street.within.split(", ")} == {street.area}


def test_numbers_are_told_of_streets_in_several_areas_and_of_no_others() -> None:
    streets = shipped_places()[lambda places: places["kind"] == "street"]
    several = streets["name"].duplicated(keep=False)
    assert (several == ((streets["odd"] != "") | (streets["even"] != ""))).all()
    assert streets.loc[several, "name"].nunique() == 77


def test_every_alias_is_made_of_delomraden_of_its_area() -> None:
    places = shipped_places()
    home = places[places["kind"] == "delomrade"].set_index("name")["area"]
    for alias in (each for each in each_place(places) if each.kind == "alias"):
        assert {home[part] for part in alias.within.split(", ")} == {alias.area}


@needs_originals
def test_every_address_lies_where_its_street_and_number_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = load_build_places(monkeypatch).read_addresses(ORIGINALS)
    home = read_table(shipped("delomraden.csv")).frame.set_index("delomr_kod")["geso_kod"]
    streets: dict[str, list[Place]] = {}
    for each in (each for each in each_place(shipped_places()) if each.kind == "street"):
        streets.setdefault(each.name, []).append(each)
    assert len(addresses) == 52_860
    lies = addresses.assign(area=addresses["delomrade"].map(home))
    for (street, number), of in lies.groupby(["street", "number"])["area"]:
        told = {each.area for each in streets[str(street)] if each.holds(int(number))}
        assert told == set(of), (street, number)


@needs_originals
def test_building_the_gazetteer_again_gives_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    made = load_build_places(monkeypatch).build(ORIGINALS)
    # Rows, not types: what backs a text depends on who read the shipped table first.
    assert made.to_dict("list") == shipped_places().to_dict("list")


def test_every_deso_is_named_after_a_delomrade_of_a_geso_that_it_reaches() -> None:
    names = load_areas("deso2025")["name"]
    home = read_table(shipped("delomraden.csv")).frame.set_index("delomr_namn")["geso_kod"]
    walk = read_table(shipped("crosswalk_deso2025_geso.csv")).frame
    leads = walk.groupby("source")["target"].agg(set)
    assert names.isin(home.index).all()
    assert [code for code, name in names.items() if home[name] not in leads[code]] == []


# ---- what is asked ----


@pytest.mark.parametrize(
    "query", ["Rosengård", "rosengard", " ROSENGÅRD ", "Rosengrad", "rosengrd"]
)
def test_rosengard_is_area_10_however_it_is_spelt(query: str) -> None:
    assert found(query)[0] == ("alias", "Rosengård", "10")


def test_a_street_on_a_border_is_told_with_its_numbers_and_a_number_decides() -> None:
    table = geolyft.find_places("Amiralsgatan")
    told = table[["area", "odd", "even"]].to_numpy().tolist()
    assert told == [["1", "1-23", "2-14"], ["3", "101", "110"], ["9", "27-89", "16-98"]]
    assert set(table["area_name"]) <= set(load_areas("geso")["name"])
    for query, area in (
        ("amiralsgatan 14", "1"),
        ("Amiralsgatan 16 B", "9"),
        ("amiralsgattan 101c", "3"),
    ):
        assert found(query) == [("street", "Amiralsgatan", area)]
    # No such number is known: nothing is guessed.
    assert len(found("Amiralsgatan 25")) == 3


def test_what_is_written_as_asked_comes_before_what_only_sounds_so() -> None:
    assert [name for _, name, _ in found("Törngatan")] == ["Törngatan", "Torngatan"]
    assert [name for _, name, _ in found("torngatan")] == ["Torngatan", "Törngatan"]
    assert found("sankt knuts väg")[0][1] == "S:t Knuts väg"


def test_one_name_can_lead_to_several_areas_and_a_code_to_one() -> None:
    assert [area for _, _, area in found("NHL")] == ["11", "12"]
    assert found("10")[0] == ("geso", "Örtagården, Herrgården m fl", "10")
    assert found("1280C1760") == found("c1760") == [("deso", "Örtagården", "1280C1760")]
    assert found("örtagården, herrgården med flera")[0][2] == "10"


@pytest.mark.parametrize("query", ["", "  ", "!?", "zzz", "qqqqqqqqqq", "xy 12"])
def test_what_nothing_is_called_is_not_found(query: str) -> None:
    assert found(query) == []


def test_other_areas_and_places_are_found_by_their_own_names() -> None:
    areas = load_areas("geso").head(2).set_axis(["A", "B"]).assign(name=["Norr", "Söder"])
    areas.index.name = "area"
    places = pd.DataFrame({"name": ["Torget"], "area": ["B"]})
    table = geolyft.find_places("torgt", areas={"stadsdel": gpd.GeoDataFrame(areas)}, places=places)
    assert table[["kind", "name", "area", "area_name"]].to_numpy().tolist() == [
        ["", "Torget", "B", "Söder"]
    ]
    assert geolyft.find_places("soder", areas={"stadsdel": areas}, places=places)["area"][0] == "B"


def test_places_are_of_geso_alone() -> None:
    assert len(places_of("geso")) == len(shipped_places())
    assert places_of("deso2025") == places_of("regso2025") == places_of(None) == ()


# ---- spelling ----


@given(letters, st.data())
def test_a_slip_is_one_letter_too_few_too_many_or_wrong_or_two_in_each_others_place(
    name: str, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(name) - 2))
    assert slips(name, name) == 0
    assert slips(name[:n] + name[n + 1 :], name) == 1
    assert slips(name[:n] + "x" + name[n:], name) == 1
    assert slips(name[:n] + "x" + name[n + 1 :], name) == 1
    swapped = name[:n] + name[n + 1] + name[n] + name[n + 2 :]
    assert slips(swapped, name) == int(swapped != name)


@given(letters, letters)
def test_slips_are_the_same_both_ways_and_never_more_than_two(one: str, other: str) -> None:
    there, back = slips(one, other), slips(other, one)
    assert there == back
    assert there is None or (there <= 2 and (there == 0) == (one == other))


def test_short_names_are_forgiven_less() -> None:
    assert (slips("oxi", "oxie"), slips("oxei", "oxie")) == (None, 1)
    assert (slips("husie", "huzye"), slips("lindangen", "lindengan")) == (None, 2)


@given(st.text())
def test_a_plain_text_is_plain(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert once == once.strip()
    assert "  " not in once

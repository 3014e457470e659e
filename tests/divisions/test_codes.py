"""Codes as publishers write them: matched, told apart, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.divisions.codes import best_crosswalk, match_codes
from geolyft.divisions.crosswalks import Crosswalk, load_crosswalk
from geolyft.errors import JoinError

if TYPE_CHECKING:
    from collections.abc import Callable

DESO = [f"1280C{n}010" for n in range(1, 7)]


def walk(codes: list[str], source: str = "deso2025") -> Crosswalk:
    table = pd.DataFrame({"source": codes, "target": "1", "weight": 1.0})
    return Crosswalk(name="walk", source=source, target="geso", table=table)


WRITTEN: list[Callable[[str], str]] = [
    str,
    "{}_DeSO2025".format,
    "{} (Malmö)".format,
    "{} Malmö, Hyllie".format,
    "{}_DeSO2025 (Malmö)".format,
    " {}\N{NO-BREAK SPACE}Malmö ".format,
]


@given(ways=st.lists(st.sampled_from(WRITTEN), min_size=len(DESO), max_size=len(DESO)))
def test_a_code_is_found_however_it_is_written(ways: list[Callable[[str], str]]) -> None:
    texts = [way(code) for way, code in zip(ways, DESO, strict=True)]
    made = match_codes(texts, walk(DESO))
    assert made.found == dict(zip(texts, DESO, strict=True))
    assert sum(made.how.values()) == len(set(texts) - set(DESO))


def test_a_suffix_of_the_whole_shipped_division_is_found() -> None:
    crosswalk = load_crosswalk("deso2025_geso")
    codes = crosswalk.table["source"].unique()
    made = match_codes([f"{code}_DeSO2025" for code in codes], crosswalk)
    assert set(made.found.values()) == set(codes)
    assert made.how == {"ending": 209}


@pytest.mark.parametrize("source", ["deso2018", "regso2025"])
def test_another_years_suffix_is_refused_and_both_are_named(source: str) -> None:
    with pytest.raises(JoinError, match=f"end with deso2025, and .* of {source}") as refusal:
        match_codes([f"{code}_DeSO2025" for code in DESO], walk(DESO, source))
    assert refusal.value.code == "join-unknown"
    assert 'crosswalk = "deso2025_geso"' in refusal.value.remedy


def test_of_two_years_side_by_side_the_crosswalks_own_is_kept() -> None:
    marked = [f"{code}_DeSO2025" for code in DESO]
    gone = "1280C9990"  # an area of 2018 alone
    new = match_codes([*DESO, gone, *marked], walk(DESO, "deso2025"))
    assert list(new.found) == marked
    assert new.other_year == [*DESO, gone]
    old = match_codes([*DESO, *marked, "1280C9991_DeSO2025"], walk(DESO, "deso2018"))
    assert list(old.found) == DESO
    assert old.other_year == [*marked, "1280C9991_DeSO2025"]


def test_a_bare_code_beside_marked_ones_is_new_where_it_has_no_twin() -> None:
    marked = f"{DESO[0]}_DeSO2025"
    made = match_codes([*DESO, marked, "1280C9990"], walk(DESO))
    assert list(made.found) == [*DESO[1:], marked]
    assert made.other_year == [DESO[0]]
    assert made.unknown == ["1280C9990"]


def test_twins_of_no_known_year_are_refused() -> None:
    with pytest.raises(JoinError, match="are one area") as refusal:
        match_codes([DESO[0], f"{DESO[0]} (Malmö)"], walk(DESO))
    assert refusal.value.code == "join-duplicate"


def test_municipalities_and_larger_regions_are_told_from_codes_that_mean_nothing() -> None:
    texts = [*DESO, "1280 Malmö", "1281C1010", "1281 Lund", "12", "00 Riket", "Riket", "12801234",
             "1280_okänd"]  # fmt: skip
    made = match_codes(texts, walk(DESO))
    assert made.larger == ["1280 Malmö"]
    assert made.elsewhere == ["1281C1010", "1281 Lund", "12", "00 Riket", "Riket"]
    assert made.unknown == ["12801234", "1280_okänd"]


def test_where_codes_name_no_municipality_only_a_sum_can_tell() -> None:
    made = match_codes(["1", "2", "1280 Malmö", "00", "övriga"], walk(["1", "2"], "areas"))
    assert made.larger == ["1280 Malmö", "00"]
    assert made.elsewhere == []
    assert made.unknown == ["övriga"]


def test_areas_are_found_by_name_when_no_code_is() -> None:
    names = pd.Series(["Sydväst", "Nord ost"], index=["1", "2"])
    areas = walk(["1", "2"], "areas")
    texts = [" Sydva\N{COMBINING DIAERESIS}st", "Nord\N{NO-BREAK SPACE}ost", "1280"]
    made = match_codes(texts, areas, names=names)
    assert made.found == {texts[0]: "1", texts[1]: "2"}
    assert made.larger == ["1280"]
    assert made.how == {"name": 2}
    assert match_codes(["Sydväst", "övriga"], areas, names=names).unknown == ["övriga"]
    assert match_codes(["1", "Nord ost"], areas, names=names).unknown == ["Nord ost"]


@pytest.mark.parametrize("written", ["1 Nord ost", "1 (NORD  OST)", "1_DeSO2025 nord ost"])
def test_a_code_with_the_name_of_another_area_is_refused(written: str) -> None:
    names = pd.Series(["Sydväst", "Nord ost"], index=["1", "2"])
    with pytest.raises(JoinError, match="names another area than '1', which is 'Sydväst'") as said:
        match_codes([written, "2 Nord ost"], walk(["1", "2"]), names=names)
    assert said.value.code == "join-label"


@pytest.mark.parametrize("label", ["Sydväst", "(sydväst)", "Nord", "delen i syd"])
def test_a_label_that_is_no_other_areas_name_decides_nothing(label: str) -> None:
    names = pd.Series(["Sydväst", "Nord ost"], index=["1", "2"])
    made = match_codes([f"1 {label}", "2"], walk(["1", "2"]), names=names)
    assert set(made.found.values()) == {"1", "2"}


def test_a_name_of_two_areas_names_none() -> None:
    names = pd.Series(["Sydväst", "Sydväst"], index=["1", "2"])
    made = match_codes(["Sydväst"], walk(["1", "2"], "areas"), names=names)
    assert made.unknown == ["Sydväst"]


def test_the_crosswalk_that_knows_the_codes_is_named() -> None:
    old = set(load_crosswalk("deso2018_geso").table["source"])
    gone = sorted(old - set(load_crosswalk("deso2025_geso").table["source"]))
    assert best_crosswalk(gone, "geso") == "deso2018_geso"
    assert best_crosswalk(["a", "b"], "geso") == ""
    assert best_crosswalk(gone, "elsewhere") == ""

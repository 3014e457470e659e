"""Priorities: the worked allocation, sums to the unit, ties as ties, and words that are true."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from efforts_register import KNOWN
from hypothesis import given
from hypothesis import strategies as st

from geolyft.action.efforts.register import no_register
from geolyft.action.known import Known
from geolyft.action.needs.lowest import ways_of
from geolyft.action.priorities.allocation import LEAST, MOST, RULES, allocate, share_out
from geolyft.action.priorities.shortlist import (
    CHANCE,
    LIKELY,
    NOTHING,
    OPEN,
    SURE,
    hangs_on,
    reasons,
    shortlist,
)
from geolyft.action.settings import AllocationSettings, EffortsSettings
from geolyft.action.stages import fordelning
from geolyft.errors import GeolyftError
from geolyft.indicators.catalogue import load_catalogue
from geolyft.indicators.lens import CHILD_LENS

# The example of the issue: children, the share that is exposed, and 15 000 thousand kronor.
CHILDREN = [4100, 3900, 2500, 6000]
SHARES = [0.42, 0.31, 0.28, 0.10]
TOTAL = 15_000
WORKED = {
    "lika": [3750, 3750, 3750, 3750],
    "per_barn": [3727, 3545, 2273, 5455],
    "per_utsatt_barn": [6105, 4286, 2482, 2127],
    "lagsta": [7687, 7313, 0, 0],
}


def test_the_worked_example_is_reproduced_to_the_unit() -> None:
    weights = pd.DataFrame(
        {
            "lika": [1, 1, 1, 1],
            "per_barn": CHILDREN,
            "per_utsatt_barn": [n * s for n, s in zip(CHILDREN, SHARES, strict=True)],
            "lagsta": [4100, 3900, 0, 0],
        }
    )
    made = allocate(TOTAL, weights)
    assert {rule: made[rule].tolist() for rule in WORKED} == WORKED
    assert made[LEAST].tolist() == [3727, 3545, 0, 0]
    assert made[MOST].tolist() == [7687, 7313, 3750, 5455]


WEIGHTS = st.lists(st.floats(0, 1e9, allow_nan=False), min_size=1, max_size=20).filter(any)


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_no_krona_is_lost_and_no_part_is_off_by_one(total: int, weights: list[float]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * Fraction(weight) / whole) < 1


def test_equal_remainders_go_to_the_later() -> None:
    assert share_out(4, [1, 1, 1]) == [1, 1, 2]


@pytest.mark.parametrize("weights", [[1, -1], [1, float("nan")], [0, 0], [1, float("inf")], []])
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(GeolyftError) as refused:
        share_out(10, weights)
    assert refused.value.code == "allocation-weights"


def test_no_rule_stands_alone_and_an_area_without_a_figure_is_outside_of_all() -> None:
    none = float("nan")
    two = pd.DataFrame({"lika": [1, 1], "per_barn": [1, 2], "lagsta": [none, none]})
    with pytest.raises(GeolyftError, match="2 rules have figures"):
        allocate(10, two)
    three = two.assign(per_utsatt=[3, none])
    made = allocate(10, three)
    assert made.loc[0].tolist() == [10, 10, pd.NA, 10, 10, 10]
    assert made.loc[1].isna().all()


# ---- shortlists -----------------------------------------------------------------------------


def drawn(what: str, *rows: tuple[str, float, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["area", "share_among_lowest", "rank_low", "rank_high"])
    return table.assign(what=what, period="2024")


def made_in(*rows: tuple[str, float, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["area", "share_among_lowest", "rank_p5", "rank_p95"])
    return table.assign(period="2024")


OF_INDEX = drawn("index", ("1", 1.0, 1, 1), ("2", 0.95, 2, 3), ("3", 0.6, 3, 4), ("4", 0.02, 4, 5))
WAYS = made_in(("1", 1.0, 1, 1), ("2", 0.6, 2, 4), ("3", 0.55, 2, 5), ("4", 0.3, 3, 6))
TABLES = {"osakerhet": OF_INDEX, "robusthet": WAYS}


def listed(tables: dict[str, pd.DataFrame], limit: float = 0.5) -> pd.DataFrame:
    return shortlist(ways_of(tables, "2024"), limit=limit)


def test_a_list_says_ninety_per_cent_only_where_both_shares_hold_it() -> None:
    made = listed(TABLES).set_index("area")
    assert made["niva"].to_dict() == {"1": SURE, "2": LIKELY, "3": LIKELY, "4": OPEN}
    assert made["behov"].tolist() == [1.0, 0.6, 0.55, 0.02]


def test_areas_whose_places_overlap_share_them() -> None:
    made = listed(TABLES).set_index("area")
    assert made["grupp"].to_dict() == {"1": 1, "2": 2, "3": 2, "4": 2}
    assert made["delar_plats"].to_dict() == {"1": "", "2": "3; 4", "3": "2; 4", "4": "2; 3"}


def test_a_place_that_is_shared_at_its_end_is_shared_and_a_gap_parts() -> None:
    low = drawn("E1", ("1", 1.0, 1, 2), ("2", 1.0, 2, 3), ("3", 0.9, 4, 4))
    made = listed({"osakerhet": low})
    assert made["grupp"].tolist() == [1, 1, 2]
    assert made["delar_plats"].tolist() == ["2", "1", ""]


def test_an_area_that_is_never_among_the_lowest_is_on_no_list() -> None:
    low = drawn("boende", ("1", 1.0, 1, 1), ("2", 0.05, 2, 2), ("3", 0.051, 3, 3))
    assert listed({"osakerhet": low})["area"].tolist() == ["1", "3"]


@given(order=st.permutations(range(4)), other=st.permutations(range(4)))
def test_no_order_of_rows_or_ways_moves_a_list(order: list[int], other: list[int]) -> None:
    moved = {"osakerhet": OF_INDEX.iloc[order], "robusthet": WAYS.iloc[other]}
    pd.testing.assert_frame_equal(listed(moved), listed(TABLES))


def test_reasons_are_the_parts_with_a_need_and_a_place_hangs_on_what_moves_it() -> None:
    both = pd.concat([OF_INDEX, drawn("boende", ("1", 0.9, 1, 1), ("2", 0.3, 2, 3)),
                      drawn("B3", ("1", 0.8, 1, 2))])  # fmt: skip
    made = listed({"osakerhet": both, "robusthet": WAYS})
    made["skal"] = reasons(made, load_catalogue(), limit=0.5)
    said = made.set_index(["what", "area"])["skal"]
    assert said[("index", "1")] == "boende"
    assert said[("boende", "1")] == "B3"
    assert said[("index", "2")] == ""
    matters = pd.DataFrame(
        [
            ("2", "data", 0.2, 0.01, 1.0),
            ("2", "left_out", 0.8, 0.02, 1.0),
            ("2", "weights", 0.9, 0.2, 1.0),
            ("3", "weights", 0.0, 0.0, 0.0),
        ],
        columns=["area", "input", "total", "error", "variance"],
    )
    made["hanger_pa"] = hangs_on(made, matters)
    hangs = made.set_index(["what", "area"])["hanger_pa"]
    assert hangs[("index", "1")] == NOTHING
    assert hangs[("index", "2")] == "vilka dimensioner som är med"
    assert hangs[("index", "3")] == CHANCE
    assert hangs[("boende", "2")] == CHANCE


# ---- what the rules weigh by ----------------------------------------------------------------


AREAS = {"area": ["1", "2", "3"], "period": "2024"}
PEOPLE = pd.DataFrame(AREAS | {"population": [100.0, 200.0, 300.0], "children": [10.0, 30.0, 60.0]})
SEEN = pd.DataFrame(
    {
        **AREAS,
        "sex": "alla",
        "indicator": "E3",
        "value": [60.0, 80.0, 90.0],
        "denominator": [100.0, 200.0, 300.0],
    }
)


def known(index: pd.DataFrame = OF_INDEX, **frames: pd.DataFrame) -> Known:
    return Known(
        register=no_register(),
        places=KNOWN,
        settings=EffortsSettings(file=""),
        catalogue=load_catalogue(),
        tables={"osakerhet": index},
        observations=frames.get("seen", SEEN),
        index=pd.DataFrame(),
        people=frames.get("people", PEOPLE),
        period="2024",
        level="geso",
        lenses=(CHILD_LENS,),
    )


SETTINGS = AllocationSettings(sum=900, share="E3", lowest=2)


def test_every_rule_weighs_by_what_it_is_called_and_parts_the_whole_sum() -> None:
    made = fordelning.STAGE.compute(known(), SETTINGS)
    assert made[list(RULES)].sum().tolist() == [900] * len(RULES)
    assert made["per_invanare"].tolist() == [150, 300, 450]
    assert made["per_barn"].tolist() == [90, 270, 540]
    # 40, 40 and 30 persons; 4, 6 and 6 children.
    assert made["utsatta"].tolist() == [40, 40, 30]
    assert made["per_utsatt_barn"].tolist() == [225, 337, 338]
    assert made["lagsta"].tolist() == [225, 675, 0]
    assert (made["minst"] <= made[list(RULES)].min(axis=1)).all()


def test_who_may_be_among_the_lowest_is_so_when_a_tie_leaves_it_open() -> None:
    tied = drawn("index", ("1", 1.0, 1, 1), ("2", 0.7, 2, 3), ("3", 0.5, 2, 3))
    made = fordelning.STAGE.compute(known(tied), SETTINGS)
    assert made["bland_lagsta"].tolist() == [True, True, True]


def test_a_run_without_children_has_the_rules_that_are_left() -> None:
    people = PEOPLE.assign(children=float("nan"))
    made = fordelning.STAGE.compute(known(people=people), SETTINGS)
    assert made[["per_barn", "per_utsatt_barn"]].isna().all().all()
    assert made["lagsta"].tolist() == [300, 600, 0]


def test_a_hidden_figure_leaves_its_area_out_of_every_rule() -> None:
    seen = SEEN.assign(value=[60.0, float("nan"), 90.0])
    made = fordelning.STAGE.compute(known(seen=seen), SETTINGS)
    assert made.loc[1, list(RULES)].isna().all()
    assert made[list(RULES)].sum().tolist() == [900] * len(RULES)
    assert made["status"].tolist() == ["ok", "missing", "ok"]

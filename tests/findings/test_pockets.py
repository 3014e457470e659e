"""What is said of small areas is as sure as it says: sure pockets, and shares drawn together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.draws import draw_scores
from geolyft.findings.inside import place, pockets, shrink, with_certainty
from geolyft.frames import CITY, OBSERVATION_COLUMNS
from geolyft.index.scales import SCALE_COLUMNS
from geolyft.indicators.aggregate import divide
from geolyft.indicators.catalogue import load_catalogue

PARENTS = [str(n) for n in range(1, 15)]
INSIDE = 15
"""Small areas in each: 210 of them, as Malmö's 209 DeSO."""
HALF = 12.0
"""Half range of the scale in percentage points, so that one of them is 2.5 points of score."""
CODE = "E1"
CROSSWALK = pd.DataFrame(
    [(f"{parent}-{n:02}", parent, 1.0) for parent in PARENTS for n in range(INSIDE)],
    columns=["source", "target", "weight"],
)


def asked(truth: np.ndarray, base: int, seed: int) -> pd.DataFrame:
    """Ask `base` persons in each small area, and return its pockets with how sure they are."""
    hit = np.random.default_rng(seed).binomial(base, truth)
    table = pd.DataFrame({"area": CROSSWALK["source"], "numerator": hit, "denominator": base})
    city = {"area": CITY, "numerator": hit.sum(), "denominator": base * len(hit)}
    table = pd.concat([table, pd.DataFrame([city])], ignore_index=True)
    said = {"period": "2025", "reference": "2025", "sex": "alla", "indicator": CODE}
    table = table.astype({"numerator": "float64", "denominator": "float64"})
    seen = divide(table.assign(**said, status="ok", source="s"))[OBSERVATION_COLUMNS]
    scales = pd.DataFrame([[CODE, 70.0, HALF, "high", "2025"]], columns=SCALE_COLUMNS)
    drawn = draw_scores(seen, scales, load_catalogue(), noise=[], draws=400, seed=seed)
    keys = drawn.keys[(drawn.keys["what"] == CODE) & (drawn.keys["area"] != CITY)]
    small = keys[["area", "period", "value"]].assign(population=float(base))
    placed = place(small, CROSSWALK)
    scores = pd.DataFrame(drawn.scores[keys.index], index=keys["area"])
    return with_certainty(pockets(placed), placed, {"2025": scores})


@pytest.mark.parametrize("base", [60, 200])
def test_where_every_small_area_is_as_its_area_few_pockets_are_sure(base: int) -> None:
    """None is a pocket in truth. Some are called so; fewer than one in forty is a sure one."""
    truth = np.repeat(np.random.default_rng(3).uniform(0.5, 0.9, len(PARENTS)), INSIDE)
    worlds = [asked(truth, base, seed) for seed in range(10)]
    called = sum(map(len, worlds))
    assert called > 0
    sure = sum(int(each["sure"].sum()) for each in worlds)
    assert sure <= 0.025 * len(truth) * len(worlds)
    assert sure < called


def test_a_small_area_at_the_rules_limit_is_a_sure_pocket_once_in_forty() -> None:
    """The hardest case: one small area in each is exactly 15 points below its area's mean."""
    level = np.random.default_rng(4).uniform(0.7, 0.9, len(PARENTS))
    truth = np.repeat(level, INSIDE)
    # Of 15 points below the mean of all fifteen, itself among them.
    truth[::INSIDE] -= 15 / (30 / HALF) / 100 * INSIDE / (INSIDE - 1)
    worlds = [asked(truth, 300, seed) for seed in range(25)]
    sure = [int((each["sure"] & each["small"].str.endswith("-00")).sum()) for each in worlds]
    tried = len(PARENTS) * len(worlds)
    assert sum(sure) / tried <= 0.025 + 2 * np.sqrt(0.025 * 0.975 / tried)


def test_a_deep_pocket_with_many_people_is_sure() -> None:
    truth = np.full(len(CROSSWALK), 0.8)
    truth[0] = 0.5
    made = asked(truth, 2000, seed=1).set_index("small")
    assert made["sure"].to_dict() == {"1-00": True}
    row = made.loc["1-00"]
    assert row["gap_low"] < row["gap"] < row["gap_high"] <= -15


def test_an_error_that_all_small_areas_share_is_in_no_gap() -> None:
    small = pd.DataFrame({"area": list("abcde"), "period": "2025", "population": 100.0,
                          "value": [70.0, 104, 105, 106, 107]})  # fmt: skip
    walk = pd.DataFrame({"source": list("abcde"), "target": "1", "weight": 1.0})
    placed = place(small, walk)
    shared = 30 * np.random.default_rng(1).standard_normal(200)
    drawn = pd.DataFrame(small[["value"]].to_numpy() + shared, index=list("abcde"))
    made = with_certainty(pockets(placed), placed, {"2025": drawn}).iloc[0]
    assert made[["gap_low", "gap_high"]].tolist() == pytest.approx([made["gap"]] * 2)
    assert made["sure"]


def test_nothing_is_said_of_pockets_that_were_not_drawn() -> None:
    small = pd.DataFrame({"area": list("abcde"), "period": "2025", "population": 100.0,
                          "value": [70.0, 104, 105, 106, 107]})  # fmt: skip
    walk = pd.DataFrame({"source": list("abcde"), "target": "1", "weight": 1.0})
    placed = place(small, walk)
    made = with_certainty(pockets(placed), placed, {})
    assert len(made) == 1
    assert made[["gap_low", "gap_high", "sure"]].isna().all(axis=None)


# Shares drawn together ----------------------------------------------------------------------------


def small_shares(hit: list[float], base: list[float]) -> pd.DataFrame:
    table = pd.DataFrame({"numerator": hit, "denominator": base})
    return table.assign(period="2025", indicator="E1")


def test_shrinkage_of_the_known_areas() -> None:
    # The Indices of Deprivation's formula, computed by hand.
    made = shrink(small_shares([12.0, 40, 5, 60], [150.0, 400, 35, 700]))
    known = [8.619, 9.919, 11.128, 8.694]
    assert made["shrunken"].tolist() == pytest.approx(known, abs=5e-4)


@given(
    rows=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 80)), min_size=1, max_size=9),
    seed=st.integers(0, 9),
)
def test_a_share_is_drawn_to_the_city_and_never_past_it(
    rows: list[tuple[int, int]], seed: int
) -> None:
    table = small_shares([float(r[0]) for r in rows], [float(sum(r)) for r in rows])
    made = shrink(table)
    hit, base = table["numerator"], table["denominator"]
    own = np.log((hit + 0.5) / (base - hit + 0.5))
    centre = np.log((hit.sum() + 0.5) / (base.sum() - hit.sum() + 0.5))
    drawn = np.log(made["shrunken"] / (100 - made["shrunken"]))
    low, high = np.minimum(own, centre), np.maximum(own, centre)
    assert ((drawn >= low - 1e-9) & (drawn <= high + 1e-9)).all()
    assert made["own_weight"].between(0, 1).all()
    mixed = shrink(table.sample(frac=1, random_state=seed)).sort_index()
    pd.testing.assert_frame_equal(made, mixed)


def test_the_smaller_the_base_the_more_is_drawn() -> None:
    made = shrink(small_shares([2.0, 20, 200, 500], [10.0, 100, 1000, 1000]))
    assert made["own_weight"].is_monotonic_increasing
    alone = shrink(small_shares([3.0], [12.0]))
    assert alone["shrunken"].iloc[0] == pytest.approx(100 * 3.5 / 13)

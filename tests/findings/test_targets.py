"""Toward the target year: how far, how many, and whether the pace will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.certainty.draws import INDEX, draw_scores
from geolyft.errors import IndexComputationError
from geolyft.findings.change import Break, comparable
from geolyft.findings.targets import DISTANCE_COLUMNS, TRACK_COLUMNS, gaps_to_city, track
from geolyft.frames import CITY, OBSERVATION_COLUMNS
from geolyft.index.scales import fit_scales
from geolyft.indicators.aggregate import divide
from geolyft.pipeline.counting.carry_forward import carry_forward

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

BASES = {"1": 5_000.0, "2": 8_000.0, "3": 2_000.0}
FIRST, LAST = "2021", "2025"


def observe(shares: dict[str, dict[str, float]], codes: tuple[str, ...]) -> pd.DataFrame:
    """Observe the same shares (period, area) in every indicator; the city is the sum."""
    rows = [
        (area, period, code, share * BASES[area], BASES[area])
        for period, areas in shares.items()
        for area, share in areas.items()
        for code in codes
    ]
    columns = ["area", "period", "indicator", "numerator", "denominator"]
    table = pd.DataFrame(rows, columns=columns)
    city = table.groupby(["period", "indicator"], as_index=False)[columns[3:]].sum()
    table = pd.concat([table, city.assign(area=CITY)], ignore_index=True)
    table = table.assign(sex="alla", reference=table["period"], status="ok", source="register")
    return divide(table)[OBSERVATION_COLUMNS]


def line(first: dict[str, float], pace: dict[str, float]) -> dict[str, dict[str, float]]:
    years = range(int(FIRST), int(LAST) + 1)
    return {
        str(year): {a: first[a] + pace.get(a, 0) * (year - int(FIRST)) for a in first}
        for year in years
    }


START = {"1": 0.4, "2": 0.6, "3": 0.7}


def follow(
    table: pd.DataFrame, catalogue: Catalogue, *, breaks: tuple[Break, ...] = (), seed: int = 1
) -> pd.DataFrame:
    scales = fit_scales(table, catalogue, base_period=FIRST)
    drawn = draw_scores(table, scales, catalogue, noise=[], draws=300, seed=seed)
    said = comparable(table, catalogue, first=FIRST, last=LAST, breaks=breaks)
    return track(drawn, said, base_period=FIRST).set_index(["area", "what", "goal"])


@given(shares=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3, unique=True))
def test_persons_behind_and_ahead_of_the_city_are_equally_many(
    shares: list[float], catalogue: Catalogue
) -> None:
    table = observe({FIRST: dict(zip(BASES, shares, strict=True))}, catalogue.codes)
    scales = pd.DataFrame({"indicator": catalogue.codes}).assign(direction="high")
    away = gaps_to_city(table, scales, base_period=FIRST)
    assert list(away.columns) == DISTANCE_COLUMNS
    total = away.groupby(["goal", "indicator"])["persons"].sum()
    assert total.abs().max() < 1e-6
    # In its base year the fixed city is the moving one.
    fixed, moving = (away[away["goal"] == goal] for goal in ("fixed", "moving"))
    assert fixed["behind"].tolist() == moving["behind"].tolist()


@given(shares=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3, unique=True))
def test_with_that_many_more_the_area_has_the_citys_share(shares: list[float]) -> None:
    table = observe({FIRST: dict(zip(BASES, shares, strict=True))}, ("E1",))
    scales = pd.DataFrame({"indicator": ["E1"], "direction": ["high"]})
    away = gaps_to_city(table, scales, base_period=FIRST).set_index(["area", "goal"])
    seen = table.set_index("area")
    row = away.loc[("1", "moving")]
    there = seen.loc["1", "numerator"] + row["persons"]
    city = seen.loc[CITY]
    assert there / seen.loc["1", "denominator"] == pytest.approx(city["value"] / 100)
    # When the city's share rises with them, more are needed.
    together = row["persons_together"]
    own = (seen.loc["1", "numerator"] + together) / seen.loc["1", "denominator"]
    assert own == pytest.approx((city["numerator"] + together) / city["denominator"])


def test_where_a_high_share_is_bad_behind_is_too_many() -> None:
    table = observe({FIRST: START}, ("E1",))
    rows = [
        gaps_to_city(
            table, pd.DataFrame({"indicator": ["E1"], "direction": [way]}), base_period=FIRST
        )
        for way in ("high", "low")
    ]
    assert rows[0]["persons"].tolist() == (-rows[1]["persons"]).tolist()
    # 5 000 at 40 %, 8 000 at 60 %, 2 000 at 70 %: the city has 8 200 of 15 000.
    assert rows[0].loc[0, ["behind", "persons"]].tolist() == pytest.approx(
        [14 + 2 / 3, 733 + 1 / 3]
    )


def test_the_fixed_city_stays_in_its_base_year() -> None:
    table = observe({FIRST: START, LAST: {a: s + 0.1 for a, s in START.items()}}, ("E1",))
    scales = pd.DataFrame({"indicator": ["E1"], "direction": ["high"]})
    away = gaps_to_city(table, scales, base_period=FIRST).set_index(["area", "period", "goal"])
    assert away.loc[("1", LAST, "fixed"), "behind"] == pytest.approx(4 + 2 / 3)
    assert away.loc[("1", LAST, "moving"), "behind"] == pytest.approx(14 + 2 / 3)
    assert away.loc[("1", LAST, "fixed"), "persons"] == pytest.approx(233 + 1 / 3)
    assert np.isnan(away.loc[("1", LAST, "fixed"), "persons_together"])


def test_hidden_areas_and_a_hidden_city_have_no_distance() -> None:
    table = observe({FIRST: START}, ("E1",))
    scales = pd.DataFrame({"indicator": ["E1"], "direction": ["high"]})
    hidden = table.assign(value=table["value"].mask(table["area"] == "2"))
    assert set(gaps_to_city(hidden, scales, base_period=FIRST)["area"]) == {"1", "3"}
    alone = gaps_to_city(table[table["area"] != CITY], scales, base_period=FIRST)
    assert alone["persons"].isna().all()


def test_pace_gap_and_requirement_on_a_straight_line(catalogue: Catalogue) -> None:
    table = observe(line(START, {"1": 0.02}), catalogue.codes)
    told = follow(table, catalogue)
    assert list(told.reset_index().columns) == TRACK_COLUMNS
    row = told.loc[("1", "E1", "fixed")]
    # Half the range is 15 points of share; area 1 went from 40 to 48 and the city was at 54 2/3.
    assert row["gap"] == pytest.approx(2 * (6 + 2 / 3))
    assert row["pace"] == pytest.approx(2 * 2)
    assert row["required_points"] == pytest.approx((6 + 2 / 3) / 5)
    assert row["required"] == pytest.approx(row["gap"] / 5)
    assert row["projected"] == pytest.approx(row["gap"] - 5 * row["pace"])
    # The moving city went with a third of it: the gap closes by two thirds of the pace.
    moving = told.loc[("1", "E1", "moving")]
    assert moving["pace"] == pytest.approx(row["pace"] * 2 / 3)
    assert moving["gap"] == pytest.approx(2 * (14 + 2 / 3 - 8 * 2 / 3))
    index = told.loc[("1", INDEX, "fixed")]
    assert index["pace"] == pytest.approx(row["pace"])
    assert np.isnan(index["required_points"])


def test_verdicts(catalogue: Catalogue) -> None:
    pace = {"1": 0.03, "2": -0.02}
    told = follow(observe(line(START, pace), catalogue.codes), catalogue)["verdict"]
    assert told["1", INDEX, "fixed"] == "on_track"
    assert told["3", INDEX, "fixed"] == "on_track"
    assert told["2", INDEX, "fixed"] == "not_on_track"
    # Five points of share behind, and a pace that arrives just in time.
    slow = follow(observe(line(START, {"1": 0.0163}), catalogue.codes), catalogue)["verdict"]
    assert slow["1", "E1", "fixed"] == "cannot_be_told"


def test_least_squares_is_numpys_slope(catalogue: Catalogue) -> None:
    rng = np.random.default_rng(2)
    shares = {
        y: {a: s + rng.uniform(-0.05, 0.05) for a, s in START.items()} for y in line(START, {})
    }
    told = follow(observe(shares, catalogue.codes), catalogue)
    scores = told.loc[("1", "E1", "fixed"), "pace"]
    half = (max(shares[FIRST].values()) - min(shares[FIRST].values())) / 2
    slope = np.polyfit([int(y) for y in shares], [s["1"] for s in shares.values()], 1)[0]
    assert scores == pytest.approx(30 * slope / half)


def test_two_periods_are_last_against_first(catalogue: Catalogue) -> None:
    ends = {y: areas for y, areas in line(START, {"1": 0.02}).items() if y in (FIRST, LAST)}
    told = follow(observe(ends, catalogue.codes), catalogue)
    assert told.loc[("1", "E1", "fixed"), "pace"] == pytest.approx(4)


def test_a_break_leaves_the_gap_and_no_verdict(catalogue: Catalogue) -> None:
    swap = Break(indicator="E1", between=("2022", "2023"), kind="register")
    table = observe(line(START, {"1": 0.03}), catalogue.codes)
    told = follow(table, catalogue, breaks=(swap,))
    row = told.loc[("1", "E1", "fixed")]
    assert (row["verdict"], row["reason"]) == ("cannot_be_told", "break")
    assert row["gap"] > 0
    assert np.isnan(row["pace"])
    assert told.loc[("1", "B1", "fixed"), "verdict"] == "on_track"


def test_figures_carried_forward_have_no_pace_of_their_own(catalogue: Catalogue) -> None:
    table = observe(line(START, {"1": 0.02}), catalogue.codes)
    votes = (table["indicator"] == "D1") & table["period"].isin(["2022", "2023", "2024"])
    carried = carry_forward(table[~votes], [str(year) for year in range(2021, 2026)])
    # Two elections, 2021 and 2025: eight points in four years, not in the last one.
    assert follow(carried, catalogue).loc[("1", "D1", "fixed"), "pace"] == pytest.approx(4)
    once = table[(table["indicator"] != "D1") | (table["period"] == FIRST)]
    same = follow(carry_forward(once, [str(y) for y in range(2021, 2026)]), catalogue)
    row = same.loc[("1", "D1", "fixed")]
    assert (row["verdict"], row["reason"]) == ("cannot_be_told", "carried")
    assert row["gap"] > 0


def test_without_a_last_figure_there_is_no_verdict(catalogue: Catalogue) -> None:
    table = observe(line(START, {"1": 0.02}), catalogue.codes)
    gone = (table["area"] == "1") & (table["period"] == LAST) & (table["indicator"] == "E1")
    told = follow(table[~gone], catalogue)
    assert ("1", "E1", "fixed") not in told.index
    assert ("1", INDEX, "fixed") not in told.index
    assert told.loc[("2", INDEX, "fixed"), "reason"] == ""


def test_without_a_city_there_is_no_goal(catalogue: Catalogue) -> None:
    table = observe(line(START, {"1": 0.02}), catalogue.codes)
    scales = fit_scales(table, catalogue, base_period=FIRST)
    areas = table[table["area"] != CITY]
    drawn = draw_scores(areas, scales, catalogue, draws=20)
    told = track(drawn, comparable(areas, catalogue, first=FIRST, last=LAST), base_period=FIRST)
    assert set(told["verdict"]) == {"cannot_be_told"}
    assert set(told["reason"]) == {"missing"}


def test_row_order_does_not_matter(catalogue: Catalogue) -> None:
    table = observe(line(START, {"1": 0.02}), catalogue.codes)
    first, second = (follow(t, catalogue) for t in (table, table.sample(frac=1, random_state=3)))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("last", "year"), [("2025", 2025), ("2025", 2020), ("ht25", 2030)])
def test_periods_that_are_no_years_leave_none_to_count(
    last: str, year: int, catalogue: Catalogue
) -> None:
    table = observe({FIRST: START, last: START}, catalogue.codes)
    scales = fit_scales(table, catalogue, base_period=FIRST)
    drawn = draw_scores(table, scales, catalogue, draws=5)
    said = comparable(table, catalogue, first=FIRST, last=last)
    with pytest.raises(IndexComputationError) as refusal:
        track(drawn, said, base_period=FIRST, target_year=year)
    assert refusal.value.code == "targets-year"


def test_a_figure_carried_through_many_editions_counts_once(catalogue: Catalogue) -> None:
    # Measured in 2021, 2024 and 2025, not on a line; 2021 is carried through 2022 and 2023.
    shares = {y: {**START, "1": s} for y, s in (("2021", 0.4), ("2024", 0.5), ("2025", 0.45))}
    periods = [str(year) for year in range(2021, 2026)]
    told = follow(carry_forward(observe(shares, catalogue.codes), periods), catalogue)
    slope = np.polyfit([2021, 2024, 2025], [40, 50, 45], 1)[0]
    assert told.loc[("1", "D1", "fixed"), "pace"] == pytest.approx(2 * slope)

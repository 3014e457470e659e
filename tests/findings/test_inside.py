"""Inside an area: exact parts, known answers, and nothing that hangs on how areas are cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.errors import JoinError
from geolyft.findings.inequality import (
    compare_levels,
    compare_pair,
    inequality,
    quantile,
    segregation,
    slope_index,
    variance_parts,
)
from geolyft.findings.inside import (
    extent_weight,
    local_concentration,
    place,
    pockets,
    summarise_inside,
)

cities = st.lists(
    st.tuples(
        st.floats(0, 200).map(lambda x: round(x, 3)), st.integers(1, 3000), st.sampled_from("123")
    ),
    min_size=2,
    max_size=25,
)


def city_of(rows: list[tuple[float, int, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return small areas, and the larger areas that they lie in."""
    codes = [f"s{i:03}" for i in range(len(rows))]
    small = pd.DataFrame({"area": codes, "period": "2025", "value": [r[0] for r in rows]})
    walk = pd.DataFrame({"source": codes, "target": [r[2] for r in rows], "weight": 1.0})
    return small.assign(population=[float(r[1]) for r in rows]), walk


def halved(small: pd.DataFrame, walk: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut every small area in two that are alike."""
    half = small.assign(population=small["population"] / 2)
    other = half.assign(area=half["area"] + "b")
    return pd.concat([half, other]), pd.concat([walk, walk.assign(source=walk["source"] + "b")])


# Placing and ranking ------------------------------------------------------------------------------


@given(rows=cities, part=st.floats(0.01, 0.99))
def test_placing_keeps_every_resident(rows: list[tuple[float, int, str]], part: float) -> None:
    small, walk = city_of(rows)
    split = pd.concat([walk.assign(weight=part), walk.assign(target="x", weight=1 - part)])
    assert place(small, split)["population"].sum() == pytest.approx(small["population"].sum())


def test_the_percentile_is_exact_for_every_rank() -> None:
    # 7 / 100 · 100 is a little above 7 in binary fractions.
    for n in (14, 100, 192, 209):
        small, walk = city_of([(float(i), 1, "1") for i in range(n)])
        placed = place(small, walk).sort_values("rank")
        assert placed["percentile"].tolist() == [-(-r * 100 // n) for r in range(1, n + 1)]
        assert (placed["percentile"] <= 10).sum() == n // 10


def test_ties_share_the_worse_rank_and_missing_has_none() -> None:
    small, walk = city_of([(5.0, 1, "1"), (5.0, 1, "1"), (9.0, 1, "1"), (1.0, 1, "1")])
    small.loc[3, "value"] = np.nan
    placed = place(small, walk)
    assert placed["rank"].tolist()[:3] == [1, 1, 3]
    assert placed[["rank", "percentile"]].iloc[3].isna().all()


def test_a_small_area_in_no_larger_one_is_refused() -> None:
    small, walk = city_of([(5.0, 1, "1"), (5.0, 1, "1")])
    with pytest.raises(JoinError, match="1 of 2 small areas lie in no larger") as refusal:
        place(small, walk.iloc[:1])
    assert refusal.value.code == "inside-unplaced"
    with pytest.raises(JoinError, match="missing or negative in 1 of 2") as refusal:
        place(small.assign(population=[1.0, np.nan]), walk)
    assert refusal.value.code == "inside-population"


# Summaries ----------------------------------------------------------------------------------------


def test_the_weights_of_the_extent_are_those_of_the_definition() -> None:
    weights = extent_weight(pd.Series([float(p) for p in range(1, 101)], index=range(1, 101)))
    assert weights.loc[1:10].eq(1).all()
    assert weights.loc[11:30].tolist() == pytest.approx(np.linspace(0.95, 0.05, 20).tolist())
    assert weights.loc[31:].eq(0).all()


def test_a_summary_worked_by_hand() -> None:
    # 20 small areas: ranks 1 and 2 are percentiles 5 and 10, ranks 3 to 6 are 15, 20, 25, 30.
    rows = [(float(i), 100, "1" if i in (0, 2, 19) else "2") for i in range(20)]
    small, walk = city_of(rows)
    small.loc[0, "population"] = 200.0
    one = summarise_inside(place(small, walk)).set_index("area").loc["1"]
    assert one["average"] == pytest.approx((0 * 200 + 2 * 100 + 19 * 100) / 400)
    at_15 = 0.95 - 4 * 0.9 / 19
    assert one["extent"] == pytest.approx((200 + 100 * at_15) / 400)
    assert one["worst_tenth"] == pytest.approx(1 / 3)
    assert one["worst_tenth_population"] == pytest.approx(0.5)
    assert one["local_concentration"] == pytest.approx(1)
    assert one[["n_small", "population", "coverage"]].tolist() == [3, 400, 1]


def test_local_concentration_takes_exactly_a_tenth_and_splits_the_last() -> None:
    # Area 1 has 1000 residents: 60 in rank 1, then 40 of the 500 in rank 3.
    small, walk = city_of([(4.0, 440, "1"), (3.0, 500, "1"), (2.0, 300, "2"), (1.0, 60, "1")])
    made = local_concentration(place(small, walk))
    assert made[("1", "2025")] == pytest.approx((60 * 1 + 40 * 3) / 100)


@given(rows=cities, seed=st.integers(0, 9))
def test_averages_add_up_to_the_city_in_any_row_order(
    rows: list[tuple[float, int, str]], seed: int
) -> None:
    small, walk = city_of(rows)
    made = summarise_inside(place(small, walk))
    city = (small["value"] * small["population"]).sum()
    assert (made["average"] * made["population"]).sum() == pytest.approx(city, abs=1e-6)
    assert made["extent"].between(0, 1 + 1e-12).all()
    mixed = place(small.sample(frac=1, random_state=seed), walk.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(made, summarise_inside(mixed))


@given(rows=cities)
def test_cutting_areas_in_two_changes_no_average(rows: list[tuple[float, int, str]]) -> None:
    small, walk = city_of(rows)
    whole, cut = (summarise_inside(place(*city)) for city in ((small, walk), halved(small, walk)))
    pd.testing.assert_frame_equal(whole[["average", "population"]], cut[["average", "population"]])


def test_what_has_no_figure_is_left_out_and_said() -> None:
    small, walk = city_of([(80.0, 100, "1"), (120.0, 300, "1"), (90.0, 50, "2")])
    small.loc[[1, 2], "value"] = np.nan
    made = summarise_inside(place(small, walk)).set_index("area")
    assert made.loc["1", ["average", "coverage", "population"]].tolist() == [80, 0.25, 400]
    assert np.isnan(made.loc["2", "average"])


def test_a_pocket_is_hidden_only_where_the_mean_says_nothing() -> None:
    rows = [(60.0, 100, "1"), *[(105.0 + i / 10, 100, "1") for i in range(6)]]
    rows += [(61.0, 100, "2"), (85.0, 100, "2"), (99.0, 100, "3")]
    made = pockets(place(*city_of(rows)), worst_percentile=30)
    # In area 2 the worst is only 12 points below the mean: the map already shows the area.
    assert made[["area", "small", "hidden"]].to_numpy().tolist() == [["1", "s000", True]]
    found = pockets(place(*city_of(rows)), points=10, worst_percentile=30).set_index("small")
    assert found["hidden"].to_dict() == {"s000": True, "s007": False}
    assert (found["gap"] <= -10).all()


def test_a_border_area_is_a_pocket_of_where_most_of_it_lives_and_only_there() -> None:
    small, walk = city_of([(60.0, 100, "1"), (110.0, 900, "1"), (110.0, 900, "2")])
    walk.loc[0, "weight"] = 0.4
    walk.loc[3] = ["s000", "2", 0.6]
    made = pockets(place(small, walk), worst_percentile=40)
    assert made["area"].tolist() == ["2"]


# Inequality ---------------------------------------------------------------------------------------


@given(rows=cities)
def test_between_and_within_are_the_whole_variance(rows: list[tuple[float, int, str]]) -> None:
    small, walk = city_of(rows)
    row = inequality(place(small, walk)).iloc[0]
    mean = np.average(small["value"], weights=small["population"])
    whole = np.average((small["value"] - mean) ** 2, weights=small["population"])
    assert row["between"] + row["within"] == pytest.approx(whole, rel=1e-9, abs=1e-9)
    parts = variance_parts(place(small, walk))
    assert parts[["between", "within"]].sum().tolist() == pytest.approx(
        [row["between"], row["within"]]
    )
    assert parts["population"].sum() == small["population"].sum()


@given(rows=cities, seed=st.integers(0, 9))
def test_inequality_does_not_hang_on_how_areas_are_cut(
    rows: list[tuple[float, int, str]], seed: int
) -> None:
    small, walk = city_of(rows)
    whole = inequality(place(small, walk))
    cut_small, cut_walk = halved(small, walk)
    cut = inequality(place(cut_small.sample(frac=1, random_state=seed), cut_walk))
    pd.testing.assert_frame_equal(whole, cut, rtol=1e-7, atol=1e-7)
    slopes = [slope_index(each)["slope"].iloc[0] for each in (small, cut_small)]
    assert slopes[1] == pytest.approx(slopes[0], rel=1e-7, abs=1e-7, nan_ok=True)


@given(rows=cities, tenths=st.integers(1, 10), alike=st.booleans())
def test_a_quantile_is_the_lowest_value_that_so_many_are_at_or_below(
    rows: list[tuple[float, int, str]], tenths: int, *, alike: bool
) -> None:
    # Counted in whole residents; where all areas have as many, a tenth often ends with an area.
    held = [(value, 10 if alike else n) for value, n, _ in rows]
    everyone = sum(n for _, n in held)
    reached = [
        value
        for value, _ in held
        if 10 * sum(n for other, n in held if other <= value) >= tenths * everyone
    ]
    known = pd.DataFrame(held, columns=["value", "population"], dtype=float)
    assert quantile(known.assign(period="2025"), tenths / 10).tolist() == [min(reached)]


def test_equal_areas_are_equal() -> None:
    placed = place(*city_of([(90.0, 10, "1"), (90.0, 30, "2"), (90.0, 5, "2")]))
    row = inequality(placed).iloc[0]
    assert row[["variance", "between", "within", "p90_p10"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(row["between_share"])
    assert np.isnan(slope_index(placed)["slope"].iloc[0])


@pytest.mark.parametrize("value", [1.438, 0.1, 1e6 / 3])
def test_rounding_alone_is_no_inequality_to_share_out(value: float) -> None:
    cut = inequality(place(*city_of([(value, 1, "1"), (value, 1, "1"), (value, 3, "2")])))
    assert cut["between_share"].isna().all()


def test_the_percentiles_are_of_residents_and_not_of_areas() -> None:
    row = inequality(place(*city_of([(50.0, 5, "1"), (70.0, 80, "1"), (90.0, 15, "1")]))).iloc[0]
    assert row[["p10", "p90"]].tolist() == [70, 90]
    assert row["p90_p10_ratio"] == pytest.approx(90 / 70)


def test_dissimilarity_and_isolation_of_the_known_city() -> None:
    # method.md section 4.
    table = pd.DataFrame({"period": "2025", "numerator": [100.0, 300, 50], "denominator": 1000.0})
    row = segregation(table).iloc[0]
    assert row["dissimilarity"] == pytest.approx(0.392157, abs=5e-7)
    assert row["isolation"] == pytest.approx(0.227778, abs=5e-7)
    assert row["n_areas"] == 3


@given(
    rows=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9),
    seed=st.integers(0, 9),
)
def test_segregation_does_not_hang_on_order_or_cutting(
    rows: list[tuple[int, int]], seed: int
) -> None:
    table = pd.DataFrame({"period": "2025", "numerator": [float(r[0]) for r in rows]})
    table["denominator"] = [float(sum(r)) for r in rows]
    half = table.assign(numerator=table["numerator"] / 2, denominator=table["denominator"] / 2)
    cut = pd.concat([half, half]).sample(frac=1, random_state=seed)
    columns = ["dissimilarity", "isolation", "share"]
    pd.testing.assert_frame_equal(segregation(table)[columns], segregation(cut)[columns])
    even = table.assign(numerator=table["denominator"] / 4)
    made = segregation(even)
    if len(made):
        assert made["dissimilarity"].iloc[0] == pytest.approx(0, abs=1e-12)
        assert made["isolation"].iloc[0] == pytest.approx(0.25)


def test_the_slope_is_that_of_weighted_least_squares() -> None:
    draw = np.random.default_rng(4)
    table = pd.DataFrame({"period": "2025", "position": draw.normal(size=30)})
    table["value"] = draw.normal(size=30)
    table["population"] = draw.integers(50, 900, 30).astype(float)
    ordered = table.sort_values("position")
    people = ordered["population"]
    midpoint = (people.cumsum() - people / 2) / people.sum()
    slope = np.polyfit(midpoint, ordered["value"], 1, w=np.sqrt(people))[0]
    row = slope_index(table, position="position").iloc[0]
    assert row["slope"] == pytest.approx(slope)
    assert row["relative"] == pytest.approx(slope / np.average(ordered["value"], weights=people))


def test_periods_are_measured_apart() -> None:
    small, walk = city_of([(50.0, 5, "1"), (70.0, 80, "1"), (90.0, 15, "2")])
    both = pd.concat([small, small.assign(period="2020", value=[1.0, 2, 3])])
    for measure in (summarise_inside, inequality, variance_parts, slope_index):
        made, alone = measure(place(both, walk)), measure(place(small, walk))
        later = made[made["period"] == "2025"].reset_index(drop=True)
        pd.testing.assert_frame_equal(later, alone)


# Levels -------------------------------------------------------------------------------------------


@given(rows=cities)
def test_larger_areas_differ_less_and_have_the_same_mean(
    rows: list[tuple[float, int, str]],
) -> None:
    small, walk = city_of(rows)
    summary = summarise_inside(place(small, walk))
    large = summary.rename(columns={"average": "value"})[["area", "period", "value", "population"]]
    made = compare_levels({"small": small, "large": large}).set_index("level")
    assert made.loc["large", "mean"] == pytest.approx(made.loc["small", "mean"])
    assert made.loc["large", "sd"] <= made.loc["small", "sd"] + 1e-9
    parts = inequality(place(small, walk)).iloc[0]
    assert made.loc["large", "sd"] ** 2 == pytest.approx(parts["between"], abs=1e-6)


def test_a_level_against_itself_is_the_same_picture() -> None:
    small, walk = city_of([(80.0, 100, "1"), (95.0, 100, "1"), (130.0, 200, "2")])
    same = walk.assign(target=walk["source"])
    row = compare_pair(small, small, same, limits=[85, 95, 105, 115]).iloc[0]
    assert row[["rank_correlation", "class_changed"]].tolist() == [1, 0]


def test_what_changes_class_is_counted_in_areas_and_in_residents() -> None:
    small, walk = city_of([(80.0, 100, "1"), (100.0, 300, "1"), (95.0, 200, "2")])
    large = pd.DataFrame({"area": ["1", "2"], "period": "2025", "value": [95.0, 95.0]})
    row = compare_pair(small, large, walk, limits=[85, 95, 105, 115]).iloc[0]
    assert row["class_changed"] == pytest.approx(1 / 3)
    assert row["class_changed_population"] == pytest.approx(100 / 600)
    assert np.isnan(row["rank_correlation"])

"""Scales and means by name: known answers, and the laws that hold whatever the numbers."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geolyft.errors import CatalogueError, GeolyftWarning, IndexComputationError
from geolyft.frames import CITY
from geolyft.index.combine import weigh
from geolyft.index.means import AGGREGATIONS, Aggregation, mean_by_group, mean_of, reweigh
from geolyft.index.normalise import incompatible, normalise, pairs
from geolyft.index.scales import fit_scales, score
from geolyft.index.transforms import (
    COMPARABLE,
    NORMALISATIONS,
    Normalisation,
    exponential_rank,
    minmax,
    percent_of_city,
    percentile_rank,
    zscore,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.indicators.catalogue import Catalogue

FIVE = [12, 25, 30, 41, 72]
FOURTEEN = 14
AREAS = ["1", "2", "3", "4", "5", "6"]
# Whole tenths: a change of units then neither makes nor breaks a tie.
tenths = st.integers(10, 990).map(lambda n: n / 10)
column = st.lists(tenths, min_size=6, max_size=6, unique=True)
unfitted = [name for name in NORMALISATIONS if name not in {"shares", "distance"}]


def observe(
    seen: Callable[..., pd.DataFrame], values: list[float], *, code: str = "E1", year: str = "2025"
) -> pd.DataFrame:
    city = (CITY, year, code, float(np.mean(values)))
    return seen(*((a, year, code, v) for a, v in zip(AREAS, values, strict=False)), city)


def scores_of(table: pd.DataFrame, catalogue: Catalogue, method: Normalisation) -> pd.Series[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeolyftWarning)
        scored = normalise(table, catalogue, method, base_period="2025")
    return scored.set_index("area")["score"]


def test_min_max_of_a_known_row() -> None:
    assert minmax(FIVE).tolist() == pytest.approx([0, 21.6667, 30, 48.3333, 100], abs=5e-5)
    assert minmax(FIVE, 1, 10)[[0, -1]].tolist() == [1, 10]


def test_z_scores_of_a_known_row_use_the_sample_standard_deviation() -> None:
    known = [-1.05911, -0.48543, -0.26478, 0.22065, 1.58866]
    assert zscore(FIVE).tolist() == pytest.approx(known, abs=5e-6)


def test_no_z_score_among_14_areas_is_beyond_its_bound() -> None:
    alone = [0.0] * (FOURTEEN - 1) + [1.0]
    assert zscore(alone).max() == pytest.approx(3.4744, abs=5e-5)


def test_percentile_ranks_put_ties_at_the_lower_rank() -> None:
    assert percentile_rank([5, 1, 5, 9]).tolist() == pytest.approx([1 / 3, 0, 1 / 3, 1])
    assert percentile_rank([0, 5, 10], of=[1, 5, 9]).tolist() == [0, 0.5, 1]


def test_exponential_ranks_of_the_index_of_multiple_deprivation() -> None:
    known = [100, 50.426654, 15.646790, 2.390260]
    assert exponential_rank([1, 0.9, 0.5, 0.1]).tolist() == pytest.approx(known, abs=5e-7)
    assert exponential_rank([13 / 14]) == pytest.approx(57.1, abs=0.05)


def test_a_city_value_of_0_has_no_distances(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    with pytest.raises(IndexComputationError) as refusal:
        percent_of_city([1.0], 0)
    assert refusal.value.code == "index-reference"
    table = seen(("1", "2025", "E1", 0.0), ("2", "2025", "E1", 1.0), (CITY, "2025", "E1", 0.0))
    with pytest.raises(IndexComputationError, match="indicator E1 is 0"):
        normalise(table, catalogue, "distance", base_period="2025")


@pytest.mark.parametrize("function", [minmax, zscore, percentile_rank])
def test_a_constant_column_is_refused_and_a_missing_value_stays_missing(
    function: Callable[..., np.ndarray],
) -> None:
    with pytest.raises(IndexComputationError, match="1 of 2 columns") as refusal:
        function([[1.0, 5.0], [2.0, 5.0]])
    assert refusal.value.code == "index-constant"
    holed = function([1.0, np.nan, 2.0])
    assert np.isnan(holed).tolist() == [False, True, False]
    assert holed[[0, 2]].tolist() == function([1.0, 2.0]).tolist()


@pytest.mark.parametrize("method", sorted(set(NORMALISATIONS) - {"shares"}))
def test_a_constant_indicator_is_named(
    method: Normalisation, seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, [50.0] * 6, code="E2")
    with pytest.raises(IndexComputationError, match="E2 does not differ") as refusal:
        scores_of(table, catalogue, method)
    assert refusal.value.code == "index-constant"


def test_goalpost_is_the_default_score(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = pd.concat(
        [observe(seen, [20, 30, 44, 51, 60, 70.0]), observe(seen, FIVE, code="U1", year="2026")]
    )
    scales = fit_scales(table, catalogue, base_period="2025")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        found = normalise(table, catalogue, "goalpost", base_period="2025")
        assert_frame_equal(found, score(table, scales))


@given(values=column, factor=st.sampled_from([0.5, 2.0, 8.0]), shift=st.integers(-20, 20))
@pytest.mark.parametrize("method", unfitted)
def test_units_do_not_matter(
    method: Normalisation,
    values: list[float],
    factor: float,
    shift: int,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = observe(seen, values)
    other = table.assign(value=table["value"] * factor + shift)
    first, second = (scores_of(t, catalogue, method).drop(CITY) for t in (table, other))
    assert (first - second).abs().max() < 1e-9 * max(1, first.abs().max())


@given(values=column, order=st.permutations(range(6)))
@pytest.mark.parametrize("method", NORMALISATIONS)
def test_the_order_of_areas_does_not_matter(
    method: Normalisation,
    values: list[float],
    order: list[int],
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = observe(seen, values)
    other = table.iloc[[*order, 6]]
    first, second = (scores_of(t, catalogue, method) for t in (table, other))
    assert list(second.index) == [*(AREAS[n] for n in order), CITY]
    assert (first - second).abs().max() < 1e-9


@given(values=column)
@pytest.mark.parametrize("method", NORMALISATIONS)
def test_a_twin_has_its_twins_score(
    method: Normalisation,
    values: list[float],
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    scores = scores_of(observe(seen, [*values[:5], values[0]]), catalogue, method)
    assert scores["1"] == scores["6"]


def mirror(method: Normalisation) -> float:
    """Return what a score and its mirror image sum to."""
    return {"goalpost": 200.0, "distance": 200.0, "zscore": 0.0}.get(method, 100.0)


@given(values=column)
@pytest.mark.parametrize("method", sorted(set(NORMALISATIONS) - {"rank_exponential"}))
def test_a_turned_direction_mirrors_the_scores(
    method: Normalisation,
    values: list[float],
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    table = observe(seen, values, code="U1")
    low, high = (
        scores_of(table, catalogue.decide({"U1": reading}), method).drop(CITY)
        for reading in ("minst", "högst")
    )
    assert (low + high).tolist() == pytest.approx([mirror(method)] * 6, abs=1e-9)


def test_a_turned_direction_turns_the_exponential_ranks(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, [10, 20, 30, 40, 50, 60.0], code="U1")
    low, high = (
        scores_of(table, catalogue.decide({"U1": reading}), "rank_exponential").drop(CITY)
        for reading in ("minst", "högst")
    )
    assert low.tolist() == high.tolist()[::-1]
    assert low.min() == pytest.approx(0, abs=1e-9)


@given(values=column, which=st.integers(0, 5), better=st.integers(1, 300))
@pytest.mark.parametrize("method", sorted(COMPARABLE))
def test_a_better_value_is_a_better_score_where_scores_are_comparable(
    method: Normalisation,
    values: list[float],
    which: int,
    better: int,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    for reading, sign in (("minst", 1), ("högst", -1)):
        turned = catalogue.decide({"U1": reading})
        table = observe(seen, values, code="U1")
        mine = table["area"] == AREAS[which]
        after = table.assign(period="2026", value=table["value"] + sign * better / 10 * mine)
        scores = normalise(pd.concat([table, after]), turned, method, base_period="2025")
        before, later = scores[scores["area"] == AREAS[which]]["score"]
        assert later > before


@given(values=column, which=st.integers(0, 5), better=st.integers(1, 300))
@pytest.mark.parametrize("method", sorted(set(NORMALISATIONS) - COMPARABLE))
def test_a_better_value_never_lowers_a_relative_score(
    method: Normalisation,
    values: list[float],
    which: int,
    better: int,
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    for reading, sign in (("minst", 1), ("högst", -1)):
        turned = catalogue.decide({"U1": reading})
        table = observe(seen, values, code="U1")
        mine = table["area"] == AREAS[which]
        after = table.assign(value=table["value"] + sign * better / 10 * mine)
        before, later = (scores_of(t, turned, method)[AREAS[which]] for t in (table, after))
        assert later >= before - 1e-9


def test_only_comparable_scores_see_that_all_areas_improved(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    years = [observe(seen, [20 + n, 30 + n, 44 + n, 51 + n], year=y)
             for n, y in ((0, "2025"), (5, "2026"))]  # fmt: skip
    for method in NORMALISATIONS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GeolyftWarning)
            scored = normalise(pd.concat(years), catalogue, method, base_period="2025")
        by_year = scored.pivot_table(index="area", columns="period", values="score")
        moved = (by_year["2026"] - by_year["2025"]).abs().min() > 1
        assert moved == (method in COMPARABLE), method


def test_women_and_the_city_are_placed_on_the_areas_scale(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = observe(seen, [20.0, 40.0, 60.0])
    women = table[table["area"] == "1"].assign(sex="kvinnor", value=80.0)
    scored = normalise(pd.concat([table, women]), catalogue, "minmax", base_period="2025")
    assert scored["score"].tolist() == [0, 50, 100, 50, 150]


def test_few_areas_are_warned_of_exponential_ranks(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    few = observe(seen, [20.0, 40.0, 60.0])
    with pytest.warns(GeolyftWarning, match="among 3 areas"):
        normalise(few, catalogue, "rank_exponential", base_period="2025")
    many = seen(*((f"a{n}", "2025", "E1", float(n)) for n in range(100)))
    scores = normalise(many, catalogue, "rank_exponential", base_period="2025")["score"]
    assert scores.iloc[[0, -1]].tolist() == pytest.approx([0, 99.77], abs=0.01)


def test_nothing_published_is_nothing_scored(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    hidden = observe(seen, [20.0, 40.0, 60.0])
    hidden.loc[hidden["area"] != CITY, "value"] = np.nan
    assert len(normalise(hidden, catalogue, "minmax", base_period="2025")) == 0
    assert len(normalise(hidden.head(0), catalogue, "zscore", base_period="2025")) == 0


def test_means_of_known_rows() -> None:
    assert mean_of([1, 2, 3], how="geometric") == pytest.approx(1.8171, abs=5e-5)
    assert mean_of([1, 2, 3], [1, 1, 2], how="geometric") == pytest.approx(2.0598, abs=5e-5)
    assert mean_of([1, 2, 3], [2, 1, 1], how="harmonic") == pytest.approx(1.4118, abs=5e-5)
    assert mean_of([1, 2, 3], [1, 1, 2]) == 2.25


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        # Year 1 as published (Mazziotta and Pareto), see method.md section 1.
        ([(60, 50, 70), (75, 80, 65), (90, 85, 95)], [71.8737, 93.3674, 127.6931]),
        # Year 2 on the same scale, worked out by hand: M 80.6806, S² 144.2613 in the first row.
        ([(65, 52, 75), (74, 81, 66), (92, 86, 94)], [78.8925, 94.0501, 128.9612]),
    ],
)
def test_the_published_ampi_example(
    rows: list[tuple[int, int, int]],
    known: list[float],
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    # The reference is the city in year 1, half the range that of both years: 16, 18 and 15.
    scales = pd.DataFrame(
        {"indicator": ["D1", "D2", "D3"], "reference_value": [76.0, 72, 77],
         "half_range": [16.0, 18, 15], "direction": "high", "base_period": "1"}
    )  # fmt: skip
    table = seen(
        *((area, "1", code, float(value)) for area, row in zip("abc", rows, strict=True)
          for code, value in zip(["D1", "D2", "D3"], row, strict=True))
    )  # fmt: skip
    weighed = weigh(score(table, scales), catalogue)
    by_area = mean_by_group(weighed, ["area"], weight="within", how="ampi")
    assert by_area.tolist() == pytest.approx(known, abs=5e-5)
    wide = weighed.pivot_table(index="area", columns="indicator", values="score")
    assert mean_of(wide, how="ampi").tolist() == pytest.approx(known, abs=5e-5)
    if rows[0] == (60, 50, 70):
        means, spreads = mean_of(wide, how="arithmetic"), wide.std(axis="columns", ddof=0)
        assert means.tolist() == pytest.approx([73.1111, 95.8194, 127.9722], abs=5e-5)
        assert spreads.tolist() == pytest.approx([9.5115, 15.3282, 5.9769], abs=5e-5)


positive = st.lists(st.floats(1, 200), min_size=4, max_size=4)


@given(x=positive, w=st.lists(st.floats(0.1, 5), min_size=4, max_size=4))
def test_harmonic_is_below_geometric_is_below_arithmetic(x: list[float], w: list[float]) -> None:
    harmonic, geometric, arithmetic = (
        float(mean_of(x, w, how=how)) for how in ("harmonic", "geometric", "arithmetic")
    )
    assert min(x) - 1e-9 <= harmonic <= geometric + 1e-9 <= arithmetic + 2e-9 <= max(x) + 3e-9
    assert mean_of(x, w, how="ampi") <= arithmetic + 1e-9


@given(x=positive, which=st.integers(0, 3), better=st.floats(0, 50))
@pytest.mark.parametrize("how", ["arithmetic", "geometric", "harmonic"])
def test_a_better_score_never_lowers_a_mean(
    how: Aggregation, x: list[float], which: int, better: float
) -> None:
    after = [value + better * (n == which) for n, value in enumerate(x)]
    assert mean_of(after, how=how) >= mean_of(x, how=how) - 1e-9


def test_the_penalty_of_ampi_can_lower_an_index_whose_best_score_rises() -> None:
    before, after = ([70.0] * 11 + [best] for best in (125.0, 130.0))
    assert mean_of(after, how="ampi") < mean_of(before, how="ampi")


@given(x=st.floats(1, 200))
@pytest.mark.parametrize("how", AGGREGATIONS)
def test_equal_scores_have_themselves_as_mean(how: Aggregation, x: float) -> None:
    assert mean_of([x] * 5, [1, 2, 3, 4, 5], how=how) == pytest.approx(x)


@pytest.mark.parametrize("how", sorted(set(AGGREGATIONS) - {"arithmetic"}))
def test_a_mean_that_is_not_defined_is_refused(how: Aggregation) -> None:
    with pytest.raises(IndexComputationError) as refusal:
        mean_of([[1, 2], [0, 0]], how=how)
    assert refusal.value.code == "index-positive"
    # Nothing is asked of a score without weight.
    assert mean_of([-5, 2], [0, 1], how=how) == pytest.approx(2)


@pytest.mark.parametrize("how", AGGREGATIONS)
def test_a_missing_score_makes_the_mean_missing(how: Aggregation) -> None:
    assert np.isnan(mean_of([[1, np.nan], [1, 1]], how=how)).tolist() == [True, False]


@given(rows=st.lists(positive, min_size=3, max_size=3))
@pytest.mark.parametrize("how", AGGREGATIONS)
def test_a_long_frame_has_the_means_of_its_rows(how: Aggregation, rows: list[list[float]]) -> None:
    weights = [0.1, 0.2, 0.3, 0.4]
    long = pd.DataFrame(
        [[str(n), x, w] for n, row in enumerate(rows)
         for x, w in zip(row, weights, strict=True)],
        columns=["area", "score", "weight"],
    ).sample(frac=1, random_state=1)  # fmt: skip
    found = mean_by_group(long, ["area"], weight="weight", how=how)
    assert found.tolist() == pytest.approx(mean_of(rows, weights, how=how).tolist())
    empty = mean_by_group(long.assign(weight=np.nan), ["area"], weight="weight", how=how)
    assert empty.isna().all()


def test_every_name_is_listed_and_every_pair_is_decided() -> None:
    assert get_args(Normalisation) == NORMALISATIONS
    assert get_args(Aggregation) == AGGREGATIONS
    allowed, refused = pairs(NORMALISATIONS, AGGREGATIONS)
    assert len(allowed) + len(refused) == len(NORMALISATIONS) * len(AGGREGATIONS)
    assert [pair for pair in allowed if pair[1] != "arithmetic"] == [
        ("goalpost", "geometric"), ("goalpost", "harmonic"), ("goalpost", "ampi"),
    ]  # fmt: skip
    assert incompatible("minmax", "harmonic") == (
        "a harmonic mean needs scores above 0, and minmax gives 0 or less"
    )


@given(values=column)
@pytest.mark.parametrize("method", ["zscore", "minmax", "percentile", "rank_exponential"])
def test_what_is_refused_by_name_would_have_failed(
    method: Normalisation,
    values: list[float],
    seen: Callable[..., pd.DataFrame],
    catalogue: Catalogue,
) -> None:
    scores = scores_of(observe(seen, values), catalogue, method).drop(CITY)
    assert scores.min() < 1e-9
    assert incompatible(method, "geometric")


def test_kept_scales_are_scored_on_and_what_the_catalogue_lacks_is_not(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    table = pd.concat([observe(seen, FIVE, code=code) for code in catalogue.codes])
    kept = fit_scales(table, catalogue, base_period="2025").assign(half_range=7.0)
    scored = normalise(table, catalogue, "goalpost", base_period="2025", scales=kept)
    assert_frame_equal(scored, score(table, kept))
    with pytest.warns(GeolyftWarning, match=r"no scale, and so no score, has 'E1'"):
        fewer = score(table, kept[kept["indicator"] != "E1"])
    assert set(fewer["indicator"]) == {*catalogue.codes} - {"E1"}
    # A code that the catalogue lacks, and a value that is missing, have no score.
    more = pd.concat([table, observe(seen, [1.0, 2.0], code="X9")])
    holed = more.assign(
        value=more["value"].mask((more["area"] == "1") & (more["indicator"] == "E1"))
    )
    for method in NORMALISATIONS:
        with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
            made = normalise(more, catalogue, method, base_period="2025")
            less = normalise(holed, catalogue, method, base_period="2025")
        assert set(made["indicator"]) == set(catalogue.codes)
        assert made["score"].notna().all()
        assert len(less) == len(made) - 1 == len(table) - 1


def test_weights_of_experts_reach_the_index(
    seen: Callable[..., pd.DataFrame], catalogue: Catalogue
) -> None:
    heavier = reweigh(catalogue, {"ekonomi": 3, "E1": 2})
    assert heavier.weights().sum() == pytest.approx(1)
    assert heavier.weights()["E1"] == pytest.approx(3 / 6 * 2 / 4)
    assert reweigh(catalogue, {}) == catalogue
    table = pd.concat([observe(seen, [20.0, 40.0, 60.0], code=code) for code in catalogue.codes])
    scored = normalise(table, heavier, "zscore", base_period="2025")
    weighed = weigh(scored, heavier).set_index(["area", "indicator"])["weight"]
    assert weighed["1"].to_dict() == pytest.approx(heavier.weights().to_dict())


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_is_a_positive_number(weight: float, catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError) as refusal:
        reweigh(catalogue, {"E1": weight})
    assert refusal.value.code == "catalogue-weight"


def test_a_weight_belongs_to_something(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError) as refusal:
        reweigh(catalogue, {"X9": 1})
    assert refusal.value.code == "catalogue-unknown"

"""How sure: intervals that hold what they promise, from the share to the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geolyft.certainty.draws import INDEX, draw_scores, summarise_draws
from geolyft.certainty.errors.correlation import INDEPENDENT, SamePeople
from geolyft.certainty.noise import (
    DEFAULT_NOISE,
    Noise,
    effective_size,
    intervals,
    share_variance,
    standard_errors,
)
from geolyft.frames import CITY, OBSERVATION_COLUMNS, RESIDUAL
from geolyft.index.combine import combine, weigh
from geolyft.index.minimums import Minimums
from geolyft.index.scales import SCALE_COLUMNS, fit_scales, score
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

AREAS = [str(n) for n in range(1, 15)]
OBSERVATION_COUNTS = ["numerator", "denominator"]


def observe(counts: pd.DataFrame, *, status: str = "ok") -> pd.DataFrame:
    """Make observations with the city from area, period, indicator, numerator, denominator."""
    by = ["period", "indicator"]
    city = counts.groupby(by, as_index=False)[["numerator", "denominator"]].sum()
    table = pd.concat([counts[counts["area"] != RESIDUAL], city.assign(area=CITY)])
    table = table.assign(sex="alla", reference=table["period"], status=status, source="register")
    return divide(table.reset_index(drop=True))[OBSERVATION_COLUMNS]


ALONE = {"noise": (), "same_people": SamePeople(said=INDEPENDENT)}
"""Figures of other people each, unsure by chance alone."""


def world(
    codes: tuple[str, ...], *, periods: int = 1, base: int = 300, seed: int = 7
) -> tuple[pd.DataFrame, pd.Series]:
    """Return counts of 14 areas and a residual, and the true share behind each."""
    rng = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([[*AREAS, RESIDUAL], codes], names=["area", "indicator"])
    truth = pd.Series(rng.uniform(0.35, 0.95, len(keys)), index=keys)
    size = pd.Series(rng.integers(base, 4 * base, len(keys)), index=keys)
    drawn = rng.binomial(size.to_numpy(), truth.to_numpy(), (periods, len(keys)))
    counts = pd.concat(
        pd.DataFrame({"numerator": row, "denominator": size}, dtype="float64")
        .reset_index()
        .assign(period=f"{2000 + n}")
        for n, row in enumerate(drawn)
    )
    of_city = (truth * size).groupby("indicator").sum() / size.groupby("indicator").sum()
    of_city.index = pd.MultiIndex.from_product([[CITY], of_city.index])
    return counts, pd.concat([truth, of_city])


def true_scales(truth: pd.Series, catalogue: Catalogue) -> pd.DataFrame:
    rows = []
    for indicator in catalogue.indicators:
        areas = 100 * truth.xs(indicator.code, level=1).drop([CITY, RESIDUAL])
        half = (areas.max() - areas.min()) / 2
        reference = 100 * truth[CITY, indicator.code]
        rows.append([indicator.code, reference, half, indicator.direction, "2000"])
    return pd.DataFrame(rows, columns=SCALE_COLUMNS)


def true_scores(truth: pd.Series, scales: pd.DataFrame, catalogue: Catalogue) -> pd.Series:
    """Score the true shares by the published functions; index (area, what)."""
    table = truth.rename("value").mul(100).rename_axis(["area", "indicator"]).reset_index()
    table = table.assign(period="2000", sex="alla", status="ok")
    scores = score(table, scales)
    whole = combine(weigh(scores, catalogue), catalogue).set_index("area")
    names = [INDEX, *(d.code for d in catalogue.dimensions)]
    ones = scores.set_index(["area", "indicator"])["score"]
    return pd.concat([ones, *(pd.concat({n: whole[n]}).swaplevel() for n in names)])


@pytest.fixture(scope="module")
def sure(catalogue: Catalogue) -> pd.DataFrame:
    """Return sixty samples of one true world, with the truth beside every interval."""
    counts, truth = world(catalogue.codes, periods=60)
    scales = true_scales(truth, catalogue)
    table = summarise_draws(draw_scores(observe(counts), scales, catalogue, draws=400, **ALONE))
    known = true_scores(truth, scales, catalogue)
    places = pd.MultiIndex.from_frame(table[["area", "what"]])
    city = pd.MultiIndex.from_product([[CITY], table["what"]])
    table["truth"] = known.reindex(places).to_numpy()
    table["truth_apart"] = table["truth"] - known.reindex(city).to_numpy()
    return table


def test_95_per_cent_intervals_hold_the_truth_19_times_of_20(
    sure: pd.DataFrame, catalogue: Catalogue
) -> None:
    # 840 or more trials each: chance alone moves the coverage by less than two per cent.
    sure = sure.assign(hit=sure["truth"].between(sure["low"], sure["high"]))
    coverage = sure[sure["area"] != CITY].groupby("what")["hit"].mean()
    assert coverage.between(0.925, 0.975).all()
    assert coverage[list(catalogue.codes)].mean() == pytest.approx(0.95, abs=0.01)
    assert coverage[INDEX] == pytest.approx(0.95, abs=0.02)


def test_differences_to_the_city_are_covered_too(sure: pd.DataFrame) -> None:
    areas = sure[sure["area"] != CITY]
    hit = areas["truth_apart"].between(areas["difference_low"], areas["difference_high"])
    assert hit[areas["what"] == INDEX].mean() == pytest.approx(0.95, abs=0.02)
    assert hit.mean() == pytest.approx(0.95, abs=0.01)


def test_the_city_is_as_sure_as_the_sum_of_its_areas(sure: pd.DataFrame) -> None:
    city = sure[sure["area"] == CITY]
    hit = city["truth"].between(city["low"], city["high"])
    assert hit.mean() == pytest.approx(0.95, abs=0.02)


def test_ratios_of_indices_are_covered_by_draws_made_together(catalogue: Catalogue) -> None:
    counts, truth = world(catalogue.codes, periods=40, seed=11)
    scales = true_scales(truth, catalogue)
    drawn = draw_scores(observe(counts), scales, catalogue, draws=400, **ALONE)
    known = true_scores(truth, scales, catalogue).xs(INDEX, level=1)
    hits = []
    for period in sorted(drawn.keys["period"].unique()):
        rows = drawn.rows(period).xs(INDEX, level="what")
        ratio = drawn.scores[rows[AREAS]] / drawn.scores[rows[CITY]]
        low, high = np.quantile(ratio, (0.025, 0.975), axis=1)
        true = (known[AREAS] / known[CITY]).to_numpy()
        hits.append((low <= true) & (true <= high))
    assert np.mean(hits) == pytest.approx(0.95, abs=0.025)


def test_an_area_and_its_city_err_together(catalogue: Catalogue) -> None:
    # The area is 90 per cent of the city; drawn apart the difference would look far less sure.
    counts = pd.DataFrame(
        [["1", "2025", "E1", 700.0, 1000.0], ["2", "2025", "E1", 60.0, 110.0]],
        columns=["area", "period", "indicator", "numerator", "denominator"],
    )
    table = observe(counts)
    scales = fit_scales(table, catalogue, base_period="2025")
    first = summarise_draws(draw_scores(table, scales, catalogue, noise=[], draws=4000)).set_index(
        ["area", "what"]
    )
    per_point = 30 / scales["half_range"].iloc[0]
    se = standard_errors(table, noise=[]).set_axis(table["area"])
    own = 110 / 1110
    expected = per_point * own * np.hypot(se["1"], se["2"])
    low, high = first.loc[("1", "E1"), ["difference_low", "difference_high"]]
    assert (high - low) / 3.92 == pytest.approx(expected, rel=0.05)


@given(
    bases=st.lists(st.integers(20, 900), min_size=1, max_size=4),
    lost=st.floats(0.3, 1),
    seed=st.integers(0, 99),
)
def test_a_city_never_errs_more_than_the_areas_it_is_made_of(
    bases: list[int], lost: float, seed: int, catalogue: Catalogue
) -> None:
    # What is published of a city can be less than the sum of its areas: noise and rounding.
    rows = [[str(n), "2025", "E1", 0.4 * base, float(base)] for n, base in enumerate(bases)]
    counts = pd.DataFrame(rows, columns=["area", "period", "indicator", *OBSERVATION_COUNTS])
    table = observe(counts)
    smaller = table["area"] == CITY
    table.loc[smaller, OBSERVATION_COUNTS] *= lost
    scales = pd.DataFrame([["E1", 40.0, 10.0, "high", "2025"]], columns=SCALE_COLUMNS)
    drawn = draw_scores(table, scales, catalogue, noise=[], draws=50, seed=seed)
    scores = pd.DataFrame(drawn.scores, index=drawn.keys["area"]).loc[[*counts["area"], CITY]]
    off = scores.sub(scores.drop(CITY).min()), scores.drop(CITY).max() - scores
    # But for the pull towards a half, that of all areas' persons together; 300 points are 1.
    pull = 300 * 0.1 / min(bases)
    assert all((each.loc[CITY] >= -pull).all() for each in off)


def test_the_nominal_score_travels_with_the_draws(catalogue: Catalogue) -> None:
    table = observe(world(catalogue.codes)[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    sure = summarise_draws(draw_scores(table, scales, catalogue, draws=50)).set_index(
        ["area", "what"]
    )
    index = combine(weigh(score(table, scales), catalogue), catalogue).set_index("area")
    for what in (INDEX, "boende"):
        own = sure.xs(what, level="what")["value"].reindex(index.index)
        assert own.tolist() == pytest.approx(index[what].tolist(), abs=1e-9)
    assert sure.loc[(CITY, INDEX), "value"] == pytest.approx(100, abs=1e-12)
    assert (sure["low"] <= sure["value"]).all()
    assert (sure["value"] <= sure["high"]).all()


def test_a_single_indicator_has_the_interval_of_its_share(catalogue: Catalogue) -> None:
    table = observe(world(catalogue.codes, base=40)[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    sure = summarise_draws(draw_scores(table, scales, catalogue, noise=[], draws=4000))
    scored = sure[(sure["what"] == "E1") & (sure["area"] != CITY)].set_index("area")
    own = table[table["indicator"] == "E1"].set_index("area").loc[scored.index]
    scale = scales.set_index("indicator").loc["E1"]
    factor = 30 / scale["half_range"]
    low = 100 + factor * (own["low"] - scale["reference_value"])
    width = factor * (own["high"] - own["low"])
    assert ((scored["low"] - low).abs() < 0.05 * width).all()


@given(seed=st.integers(0, 99), order=st.integers(0, 99))
def test_row_order_does_not_matter_and_the_seed_does(
    seed: int, order: int, catalogue: Catalogue
) -> None:
    table = observe(world(catalogue.codes)[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    shuffled = table.sample(frac=1, random_state=order)
    first, second, third = (
        summarise_draws(
            draw_scores(
                rows, scales.sample(frac=1, random_state=order), catalogue, draws=20, seed=said
            )
        )
        for rows, said in ((table, seed), (shuffled, seed), (table, seed + 1))
    )
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=1e-9)
    assert (first["low"] != third["low"]).all()


@given(sd=st.floats(0, 5), more=st.floats(0.1, 5), cells=st.integers(1, 40))
def test_more_noise_never_narrows_an_interval(
    sd: float, more: float, cells: int, catalogue: Catalogue
) -> None:
    table = observe(world(catalogue.codes, base=100)[0], status="approximate")
    scales = fit_scales(table, catalogue, base_period="2000")
    parts = pd.DataFrame({"source": "register", "area": AREAS, "cells": cells})
    less, louder = (
        Noise(cell_sd=size, count_base=5, share_unit=size, base_change=size / 100)
        for size in (sd, sd + more)
    )
    narrow, wide = (intervals(table, [noise], parts) for noise in (less, louder))
    assert (wide["low"] <= narrow["low"] + 1e-12).all()
    assert (wide["high"] >= narrow["high"] - 1e-12).all()
    assert (wide["high"] > narrow["high"]).any()
    widths = [
        summarise_draws(
            draw_scores(table, scales, catalogue, noise=[noise], parts=parts, draws=200)
        )
        for noise in (less, louder)
    ]
    spread, wider = (table[table["area"] != CITY]["sd"] for table in widths)
    # Noise is drawn beside chance: 200 draws of the two are not quite independent.
    assert (wider >= 0.8 * spread).all()


def test_without_noise_the_interval_is_the_published_one(catalogue: Catalogue) -> None:
    table = observe(world(catalogue.codes)[0])
    assert intervals(table, []).to_numpy() == pytest.approx(table[["low", "high"]].to_numpy())
    half_width = (table["high"] - table["low"]) / 2
    assert (standard_errors(table, []) * 1.959963984540054).tolist() == pytest.approx(
        half_width.tolist()
    )


def test_approximate_figures_are_widened_by_the_stated_rule_and_no_others() -> None:
    exact, estimated = (observe(world(("E1",))[0], status=s) for s in ("ok", "stale+approximate"))
    assert standard_errors(exact).tolist() == standard_errors(exact, []).tolist()
    large = pd.DataFrame({"area": ["1"], "numerator": [4e8], "denominator": [1e9]})
    large = large.assign(period="2025", indicator="E1")
    table = observe(large, status="approximate").iloc[:1]
    # Chance is nothing at a thousand million: what is left is the rule.
    expected = np.sqrt(1 / 12 + 2**2 * 0.4 * 0.6)
    assert standard_errors(table)[0] == pytest.approx(expected, rel=1e-3)
    assert (standard_errors(estimated) > standard_errors(exact)).all()
    assert [noise.source for noise in DEFAULT_NOISE] == ["*"]


def test_noise_of_a_sum_of_cells_grows_by_the_root_of_their_number() -> None:
    large = pd.DataFrame({"area": ["1", "2"], "numerator": 4e6, "denominator": 1e7})
    table = observe(large.assign(period="2025", indicator="E1")).iloc[:2]
    parts = pd.DataFrame({"source": "register", "area": ["1", "2"], "cells": [4, 16]})
    noise = Noise(cell_sd=1e4)
    first, second = standard_errors(table, [noise], parts)
    assert second / first == pytest.approx(2, rel=1e-2)
    assert first == pytest.approx(100 * 2e4 * np.sqrt(1 + 0.4**2) / 1e7, rel=1e-2)


@given(
    cells=st.lists(st.integers(1, 40), min_size=2, max_size=6), cut=st.integers(1, 5),
    per_cell=st.floats(0.5, 50),
)  # fmt: skip
def test_how_cells_are_put_together_to_areas_changes_nothing_for_the_city(
    cells: list[int], cut: int, per_cell: float
) -> None:
    def of_city(grouped: list[int]) -> float:
        areas = [str(n) for n in range(len(grouped))]
        counts = pd.DataFrame({"area": areas, "numerator": grouped, "denominator": grouped})
        counts["numerator"] *= 40.0
        counts["denominator"] *= 100.0
        table = observe(counts.assign(period="2025", indicator="E1"), status="approximate")
        parts = pd.DataFrame({"area": areas, "cells": grouped}).assign(source="register")
        noise = Noise(cell_sd=per_cell, share_unit=1, base_change=0.02)
        return float(standard_errors(table, [noise], parts)[table["area"] == CITY].iloc[0])

    together = [sum(cells[:cut]), *cells[cut:]]
    assert of_city(together) == pytest.approx(of_city(cells), rel=1e-12)


def test_nested_cells_err_together() -> None:
    # Numerator one cell, denominator that cell and another: the delta method against draws.
    rng = np.random.default_rng(1)
    counted = 400 + rng.normal(0, 3, 200_000)
    others = 600 + rng.normal(0, 3, 200_000)
    drawn = np.var(counted / (counted + others))
    numerator, denominator = pd.Series([400.0]), pd.Series([1000.0])
    variance = share_variance(
        numerator, denominator, numerator_variance=9, denominator_variance=18, covariance=9
    )
    assert variance[0] == pytest.approx(drawn, rel=0.02)
    table = observe(
        pd.DataFrame({"area": ["1"], "period": "2025", "indicator": "B3", "numerator": 400.0,
                      "denominator": 1000.0})
    )  # fmt: skip
    apart, nested = (
        standard_errors(table, [Noise(cell_sd=30, denominator_cells=2, nested=said)])[0]
        for said in (False, True)
    )
    assert nested < apart


def test_noise_concerns_its_source_indicators_and_years_only() -> None:
    counts = world(("E1", "E2"), periods=2)[0]
    table = observe(counts)
    noise = Noise(source="register", indicators=("E1",), since="2001", cell_sd=3)
    wider = standard_errors(table, [noise]) > standard_errors(table, [])
    assert wider.tolist() == ((table["indicator"] == "E1") & (table["period"] == "2001")).tolist()
    assert standard_errors(table, [Noise(source="other", cell_sd=3)]).equals(
        standard_errors(table, [])
    )


def test_a_sample_with_a_design_counts_for_fewer() -> None:
    table = observe(world(("D3",))[0])
    n = table["denominator"]
    assert effective_size(table, [Noise(design_effect=1.25, fraction=0.1)]).tolist() == (
        pytest.approx((n * 0.08).tolist())
    )


def test_cell_noise_is_covered(catalogue: Catalogue) -> None:
    counts, truth = world(catalogue.codes, periods=40, base=100, seed=5)
    noisy = counts.copy()
    rng = np.random.default_rng(8)
    # Nine cells of sd 4 in each count.
    noisy["numerator"] += rng.normal(0, 12, len(noisy))
    noisy["denominator"] += rng.normal(0, 12, len(noisy))
    table = observe(noisy)
    places = pd.MultiIndex.from_frame(table[["area", "indicator"]])
    true = 100 * truth.reindex(places).to_numpy()
    parts = pd.DataFrame({"source": "register", "area": AREAS, "cells": 9})
    areas = (table["area"] != CITY).to_numpy()
    told, untold = (
        ((true >= bounds["low"]) & (true <= bounds["high"]))[areas].mean()
        for bounds in (intervals(table, [Noise(cell_sd=4)], parts), intervals(table, [], parts))
    )
    assert told == pytest.approx(0.95, abs=0.015)
    assert untold < 0.9


def test_a_figure_carried_forward_errs_alike_in_both_years(catalogue: Catalogue) -> None:
    table = observe(world(("D1",))[0])
    both = pd.concat([table, table.assign(period="2001")])
    scales = fit_scales(both, catalogue, base_period="2000")
    drawn = draw_scores(both, scales, catalogue, draws=30)
    before, after = (drawn.rows(period) for period in ("2000", "2001"))
    assert (drawn.scores[before] == drawn.scores[after[before.index]]).all()


def test_only_an_area_sure_to_differ_is_distinct_from_the_city(catalogue: Catalogue) -> None:
    counts = pd.DataFrame(
        [["1", 500.0, 1000.0], ["2", 595.0, 1000.0], ["3", 605.0, 1000.0], ["4", 700.0, 1000.0]],
        columns=["area", "numerator", "denominator"],
    ).assign(period="2025", indicator="E1")
    table = observe(counts)
    scales = fit_scales(table, catalogue, base_period="2025")
    sure = summarise_draws(draw_scores(table, scales, catalogue)).set_index("area")["distinct"]
    assert sure.to_dict() == {"1": True, "2": False, "3": False, "4": True, CITY: False}


def test_without_a_city_there_is_no_difference(catalogue: Catalogue) -> None:
    table = observe(world(("E1",))[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    sure = summarise_draws(draw_scores(table[table["area"] != CITY], scales, catalogue, draws=20))
    assert sure["difference"].isna().all()
    assert not sure["distinct"].any()
    assert sure["sd"].gt(0).all()


def test_an_index_that_is_not_published_is_not_drawn(catalogue: Catalogue) -> None:
    table = observe(world(catalogue.codes)[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    cut = table[~((table["area"] == "3") & (table["indicator"] == "E1"))]
    keys = draw_scores(cut, scales, catalogue, draws=5).keys
    assert {"E2", "boende"} <= set(keys[keys["area"] == "3"]["what"])
    assert {INDEX, "ekonomi", "E1"}.isdisjoint(keys[keys["area"] == "3"]["what"])
    partial = draw_scores(cut, scales, catalogue, draws=5, minimums=Minimums(indicators=2)).keys
    whole = partial.set_index(["area", "what"])["whole"]
    assert not whole["3", INDEX]
    assert not whole["3", "ekonomi"]
    assert whole["3", "boende"]
    assert whole["4", INDEX]


def test_nothing_known_is_nothing_drawn(catalogue: Catalogue) -> None:
    table = observe(world(("E1",))[0])
    scales = fit_scales(table, catalogue, base_period="2000")
    assert (
        len(summarise_draws(draw_scores(table.assign(value=np.nan), scales, catalogue, draws=5)))
        == 0
    )


def test_contradicting_noise_is_refused() -> None:
    with pytest.raises(ValidationError, match="nested"):
        Noise(nested=True, numerator_cells=3, denominator_cells=2)

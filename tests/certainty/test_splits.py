"""What a split does to an interval: as much as the weights could be wrong, on both sides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geolyft.certainty.draws import INDEX, draw_scores, summarise_draws
from geolyft.certainty.errors.splits import (
    SMALL_COLUMNS,
    Splits,
    base_spread,
    draw_splits,
    error_axes,
    split_variance,
    splits_of,
)
from geolyft.certainty.noise import DEFAULT_NOISE, Noise, intervals, standard_errors
from geolyft.divisions.crosswalks import (
    ERROR_BY_CERTAINTY,
    Crosswalk,
    unsure_sources,
    weight_errors,
)
from geolyft.errors import AreaError
from geolyft.findings.change import change, comparable
from geolyft.frames import CITY, EVERYONE, OBSERVATION_COLUMNS
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import fit_scales, score
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

ERROR = 0.08
# Small areas a to h lie in the areas 1 to 3; c and f are split between two, h among all three.
LED = [("a", "1", 1.0), ("b", "1", 1.0), ("c", "1", 0.6), ("c", "2", 0.4), ("d", "2", 1.0),
       ("e", "2", 1.0), ("f", "2", 0.3), ("f", "3", 0.7), ("g", "3", 1.0),
       ("h", "1", 0.3), ("h", "2", 0.3), ("h", "3", 0.4)]  # fmt: skip


def walk(rows: list[tuple[str, str, float]] = LED, **more: object) -> Crosswalk:
    table = pd.DataFrame(rows, columns=["source", "target", "weight"]).assign(**more)
    return Crosswalk(name="toy", source="small", target="large", table=table)


def small_figures(
    codes: tuple[str, ...], *, periods: tuple[str, ...] = ("2025",), size: float = 1e7
) -> pd.DataFrame:
    """Return counts of the small areas, so large that chance is nothing beside a split."""
    rng = np.random.default_rng(4)
    rows = []
    for period in periods:
        for code in codes:
            for part in "abcdefgh":
                base = size * rng.uniform(0.5, 1.5)
                share = rng.uniform(0.2, 0.9)
                rows.append(("s", period, period, EVERYONE, code, part, share * base, base))
    return pd.DataFrame(rows, columns=SMALL_COLUMNS)


def observe(figures: pd.DataFrame, crosswalk: Crosswalk) -> pd.DataFrame:
    """Move the counts, and divide."""
    return moved(figures, crosswalk.table[["source", "target", "weight"]])


def moved(figures: pd.DataFrame, led: pd.DataFrame) -> pd.DataFrame:
    """Move the counts by weights that may be of a period each, and divide."""
    led = led.rename(columns={"source": "part", "target": "area"})
    rows = figures.merge(led, on=[name for name in ("part", "period") if name in led])
    counts = ["numerator", "denominator"]
    rows[counts] = rows[counts].mul(rows["weight"], axis=0)
    key = ["source", "period", "reference", "sex", "indicator"]
    areas = rows.groupby([*key, "area"], as_index=False)[counts].sum()
    city = rows.groupby(key, as_index=False)[counts].sum().assign(area=CITY)
    table = pd.concat([areas, city], ignore_index=True).assign(status="ok")
    return divide(table)[OBSERVATION_COLUMNS]


def jittered(rng: np.random.Generator) -> pd.DataFrame:
    """Return the weights as they could be, every split by its own error."""
    table = walk().table
    axes = error_axes(walk(error=ERROR))
    keys = axes["part"] + axes["axis"]
    off = axes["error"] * keys.map({key: rng.standard_normal() for key in sorted(set(keys))})
    off.index = pd.MultiIndex.from_frame(axes[["part", "area"]])
    pairs = pd.MultiIndex.from_frame(table[["source", "target"]])
    by = off.groupby(level=[0, 1]).sum().reindex(pairs).fillna(0).to_numpy()
    return table.assign(weight=table["weight"] + by)


@pytest.fixture(scope="module")
def city(catalogue: Catalogue) -> tuple[pd.DataFrame, pd.DataFrame, Splits]:
    figures = small_figures(catalogue.codes, periods=("2024", "2025"))
    seen = observe(figures, walk())
    return figures, seen, splits_of([(figures, walk(error=ERROR))], seen)


def test_the_variance_is_that_of_the_formula(
    city: tuple[pd.DataFrame, pd.DataFrame, Splits],
) -> None:
    figures, seen, splits = city
    found = split_variance(seen, splits)
    for row, variance in zip(seen.itertuples(), found, strict=True):
        if row.area == CITY:
            assert variance == 0
            continue
        mine = figures[(figures["indicator"] == row.indicator) & (figures["period"] == row.period)]
        split = mine[mine["part"].isin([p for p, area, w in LED if area == row.area and w < 1])]
        share = split["numerator"] / split["denominator"]
        apart = split["denominator"] * (share - row.value / 100) / row.denominator
        assert variance == pytest.approx(((ERROR * apart) ** 2).sum(), rel=1e-4)


def test_intervals_hold_the_share_and_the_index_of_other_weights(
    city: tuple[pd.DataFrame, pd.DataFrame, Splits], catalogue: Catalogue
) -> None:
    figures, seen, splits = city
    now = figures[figures["period"] == "2025"]
    seen = seen[seen["period"] == "2025"].reset_index(drop=True)
    scales = fit_scales(seen, catalogue, base_period="2025")
    told, untold = (
        summarise_draws(draw_scores(seen, scales, catalogue, noise=[], splits=said, draws=600))
        for said in (splits, None)
    )
    bounds = intervals(seen, [], splits=splits)
    rng = np.random.default_rng(8)
    names = [str(n) for n in range(150)]
    led = pd.concat([jittered(rng).assign(period=name) for name in names])
    worlds = moved(now.drop(columns="period").merge(pd.DataFrame({"period": names}), "cross"), led)
    told_of = seen.assign(**bounds).set_index(["area", "indicator"])[["low", "high"]]
    worlds = worlds.drop(columns=["low", "high"]).join(told_of, on=["area", "indicator"])
    areas = worlds[worlds["area"] != CITY]
    held = areas["value"].between(areas["low"], areas["high"])
    shares = held.groupby([areas["area"], areas["indicator"]]).mean()
    assert shares.mean() == pytest.approx(0.95, abs=0.015)
    assert shares.min() > 0.88
    index = combine(weigh(score(worlds, scales), catalogue), catalogue)
    index = index[index["area"] != CITY].set_index("area")["index"]
    for table, enough in ((told, True), (untold, False)):
        mine = table[table["what"] == INDEX].set_index("area").loc[index.index]
        hits = index.between(mine["low"], mine["high"]).groupby(level=0).mean()
        assert (hits > 0.91).all() if enough else (hits < 0.2).all()


def test_a_split_moves_both_sides_every_indicator_and_every_year_at_once(
    catalogue: Catalogue,
) -> None:
    one = [("a", "1", 1.0), ("c", "1", 0.6), ("c", "2", 0.4), ("d", "2", 1.0)]
    figures = small_figures(catalogue.codes, periods=("2024", "2025"))
    figures = figures[figures["part"].isin(list("acd"))]
    seen = observe(figures, walk(one))
    splits = splits_of([(figures, walk(one, error=ERROR))], seen)
    drawn = pd.DataFrame(draw_splits(seen, splits, 5, seed=1))
    first = drawn[seen["area"] != CITY] / drawn[seen["area"] != CITY].iloc[0]
    # One error, times what it does to each figure.
    assert first.sub(first[0], axis=0).abs().max(axis=None) < 1e-9
    assert (drawn[seen["area"] == CITY] == 0).all(axis=None)
    moved = splits.weights.assign(seen_at=splits.weights["area"])
    pairs = moved.pivot_table(index=["indicator", "reference"], columns="seen_at", values="moves")
    key = ["area", "indicator", "reference"]
    base = seen.set_index(key)["denominator"]
    value = seen.set_index(key)["value"]
    own = figures[figures["part"] == "c"].set_index(["indicator", "reference"])
    for (indicator, year), row in pairs.iterrows():
        counts = own.loc[(indicator, year)]
        share = 100 * counts["numerator"] / counts["denominator"]
        for area, sign in (("1", 1), ("2", -1)):
            apart = share - value[area, indicator, year]
            by = sign * ERROR * counts["denominator"] * apart / base[area, indicator, year]
            assert row[area] == pytest.approx(by, rel=1e-4, abs=1e-5)


@given(
    errors=st.lists(st.floats(0.01, 0.3), min_size=2, max_size=6),
    alike=st.booleans(),
)
def test_errors_of_a_source_sum_to_nothing_and_are_as_large_as_stated(
    errors: list[float], *, alike: bool
) -> None:
    errors = [errors[0]] * len(errors) if alike else errors
    rows = [("a", str(n), 1 / len(errors)) for n in range(len(errors))]
    axes = error_axes(walk(rows, error=errors))
    table = axes.pivot_table(index="area", columns="axis", values="error").to_numpy()
    assert table.shape == (len(errors), len(errors) - 1)
    assert np.abs(table.sum(axis=0)).max() < 1e-12
    found = np.sqrt((table**2).sum(axis=1))
    assert (found >= np.array(errors) - 1e-9).all()
    assert found.max() == pytest.approx(max(errors))
    if alike:
        assert found == pytest.approx(errors)


def test_where_nothing_is_split_nothing_changes(catalogue: Catalogue) -> None:
    whole = [(part, area, 1.0) for part, area in zip("abcdefgh", "11122333", strict=True)]
    figures = small_figures(catalogue.codes, size=400)
    seen = observe(figures, walk(whole))
    splits = splits_of([(figures, walk(whole, certainty="low"))], seen)
    assert splits.weights.empty
    assert splits.bases.empty
    scales = fit_scales(seen, catalogue, base_period="2025")
    assert_frame_equal(intervals(seen, splits=splits), intervals(seen), check_exact=True)
    with_none, without = (
        summarise_draws(draw_scores(seen, scales, catalogue, splits=said, draws=40))
        for said in (splits, None)
    )
    assert_frame_equal(with_none, without, check_exact=True)


def test_what_splits_have_in_common_goes_out_of_a_change(
    city: tuple[pd.DataFrame, pd.DataFrame, Splits], catalogue: Catalogue
) -> None:
    figures, _, _ = city
    # A year in which every share is two points higher, in every small area.
    before = figures[figures["period"] == "2024"]
    after = before.assign(period="2025", reference="2025")
    after["numerator"] += 0.02 * after["denominator"]
    both = pd.concat([before, after], ignore_index=True)
    seen = observe(both, walk())
    splits = splits_of([(both, walk(error=ERROR))], seen)
    scales = fit_scales(seen, catalogue, base_period="2024")
    drawn = draw_scores(seen, scales, catalogue, noise=[], splits=splits, draws=100)
    table = change(drawn, comparable(seen, catalogue, first="2024", last="2025"))
    table = table[(table["what"] == INDEX) & (table["area"] != CITY)]
    sure = summarise_draws(drawn)
    widths = sure.assign(width=sure["high"] - sure["low"]).set_index(["area", "period", "what"])
    assert (table["high"] - table["low"] < 0.2).all()
    assert (widths.loc[(["1", "2", "3"], "2024", INDEX), "width"] > 0.5).all()
    # And drawn apart from a later year, the earlier one stays as it was.
    alone = splits_of([(before, walk(error=ERROR))], seen[seen["period"] == "2024"])
    first = draw_scores(
        seen[seen["period"] == "2024"], scales, catalogue, noise=[], splits=alone, draws=100
    )
    earlier = sure[sure["period"] == "2024"].reset_index(drop=True)
    assert_frame_equal(summarise_draws(first), earlier, check_exact=True)


def test_bases_that_are_off_move_a_share_as_far_as_its_parts_differ() -> None:
    figures = small_figures(("E1",))
    seen = observe(figures, walk()).assign(status="approximate")
    splits = splits_of([(figures, walk(certainty="exact"))], seen)
    rng = np.random.default_rng(2)
    change_of = {part: 1 + 0.02 * rng.standard_normal(20_000) for part in "abcdefgh"}
    for n, row in enumerate(seen.itertuples()):
        led = [(p, w) for p, area, w in LED if area == row.area] or [(p, 1.0) for p in "abcdefgh"]
        own = figures.set_index("part").loc[[p for p, _ in led]]
        base = np.array([change_of[p] for p, _ in led]) * [[w] for _, w in led]
        base *= own["denominator"].to_numpy()[:, None]
        share = (own["numerator"] / own["denominator"]).to_numpy()[:, None]
        drawn = (base * share).sum(axis=0) / base.sum(axis=0)
        told = standard_errors(seen, [Noise(base_change=0.02)], splits=splits)[n]
        assert told == pytest.approx(100 * drawn.std(), rel=0.03)
        assert base_spread(seen, splits)[n] * 0.02 == pytest.approx(drawn.std(), rel=0.03)
    bound, known = (standard_errors(seen, DEFAULT_NOISE, splits=said) for said in (None, splits))
    assert (known < bound).all()


def test_the_part_that_is_split_is_the_denominators() -> None:
    figures = small_figures(("E1",))
    figures.loc[figures["part"] != "c", "numerator"] = 0.0
    seen = observe(figures, walk())
    bases = splits_of([(figures, walk(error=ERROR))], seen).bases.set_index("area")["split"]
    base = figures.set_index("part")["denominator"]
    from_split = 0.6 * base["c"] + 0.3 * base["h"]
    assert bases["1"] == pytest.approx(from_split / (base["a"] + base["b"] + from_split), abs=1e-6)


def test_splits_come_back_from_a_manifest_as_they_went(
    city: tuple[pd.DataFrame, pd.DataFrame, Splits],
) -> None:
    _, seen, splits = city
    for each in (splits, Splits.none()):
        back = Splits.of_records(json.loads(json.dumps(each.as_records())))
        assert_frame_equal(back.weights, each.weights, check_exact=True)
        assert_frame_equal(back.bases, each.bases, check_exact=True)
    # What is published stays; what is not known yet is added.
    earlier = Splits(
        weights=splits.weights[splits.weights["reference"] == "2024"].assign(moves=1.0),
        bases=splits.bases[splits.bases["reference"] == "2024"],
    )
    both = earlier.then(splits)
    assert len(both.weights) == len(splits.weights)
    assert (both.weights.loc[both.weights["reference"] == "2024", "moves"] == 1).all()
    assert split_variance(seen[seen["period"] == "2025"], both).tolist() == (
        split_variance(seen[seen["period"] == "2025"], splits).tolist()
    )


@given(data=st.data())
def test_of_small_areas_nobody_knows_a_split_says_what_weights_and_figures_say(
    data: st.DataObject,
) -> None:
    figures = small_figures(("E1",))
    seen = observe(figures, walk())
    counts = st.lists(st.floats(0, 1e4), min_size=len(figures), max_size=len(figures))
    other = figures.assign(numerator=data.draw(counts), denominator=data.draw(counts))
    unknown = ["numerator", "denominator"]
    told, same = (
        splits_of([(each.assign(**dict.fromkeys(unknown, np.nan)), walk(error=ERROR))], seen)
        for each in (figures, other)
    )
    assert_frame_equal(told.weights, same.weights, check_exact=True)
    assert_frame_equal(told.bases, same.bases, check_exact=True)
    moves, split = told.weights["moves"], told.bases["split"]
    assert len(moves)
    assert len(split)
    assert (moves == moves.round(2)).all()
    assert (split == split.round(2)).all()
    # Parts as large as each other, and one share as far from the rest as can be.
    area = seen[seen["area"] == "2"].iloc[0]
    share = max(area["value"], 100 - area["value"])
    parts = sum(weight for _, of, weight in LED if of == "2")
    axes = error_axes(walk(error=ERROR)).query("area == '2'")["error"].abs()
    of_area = told.weights[told.weights["area"] == "2"]["moves"].abs()
    assert of_area.tolist() == pytest.approx((axes * share / parts).tolist(), abs=0.0051)


def test_an_error_is_what_the_table_says_or_its_certainty_or_low() -> None:
    rows = [("a", "1", 1.0), ("b", "1", 0.5), ("b", "2", 0.5), ("c", "1", 0.1), ("c", "2", 0.9)]
    words = ["low", "medium", "medium", "low", "low"]
    low, medium = ERROR_BY_CERTAINTY["low"], ERROR_BY_CERTAINTY["medium"]
    assert weight_errors(walk(rows, certainty=words)).tolist() == [0, medium, medium, low, low]
    told = walk(rows, certainty=words, error=[0.0, 0.1, 0.1, np.nan, np.nan])
    assert weight_errors(told).tolist() == [0, 0.1, 0.1, low, low]
    assert unsure_sources(told) == []
    assert weight_errors(walk(rows)).tolist() == [0, low, low, low, low]
    assert unsure_sources(walk(rows)) == ["b", "c"]


@pytest.mark.parametrize("error", [[-0.1, -0.1], [np.inf, np.inf], [0.1, 0.0], ["a", "b"]])
def test_an_error_that_is_none_is_refused(error: list[object]) -> None:
    with pytest.raises(AreaError) as refusal:
        walk([("a", "1", 0.5), ("a", "2", 0.5)], error=error)
    assert refusal.value.code == "crosswalk-weight"

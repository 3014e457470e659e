"""Small numbers do not get out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geolyft.disclosure.protect import (
    Protection,
    hide_second,
    protect,
    protect_counts,
    round_counts,
)
from geolyft.errors import DisclosureError
from geolyft.frames import RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Callable


def cell(seen: Callable[..., pd.DataFrame], n: float, d: float) -> pd.DataFrame:
    table = seen(("1", "2025", "E1", 100 * n / d if d else np.nan))
    status = "ok" if d else "missing"
    return table.assign(numerator=float(n), denominator=float(d), status=status)


@pytest.mark.parametrize(("count", "published"), [(7, None), (12, 10), (13, 15)])
def test_the_10_5_rule_of_ons(count: float, published: float | None) -> None:
    (made,) = protect_counts(pd.Series([float(count)]), Protection(), exempt=False)
    assert (None if np.isnan(made) else made) == published


def test_counts_their_publisher_has_protected_are_not_touched() -> None:
    counts = pd.Series([0.0, 3.0, 12.0, np.nan])
    pd.testing.assert_series_equal(protect_counts(counts, Protection(), exempt=True), counts)


@pytest.mark.parametrize(
    ("parts", "rounded"),
    [
        ((1, 0, 1), (0, 0, 0)),
        ((3, 3, 6), (5, 5, 5)),
        ((12, 20, 32), (10, 20, 30)),
        ((16, 23, 39), (15, 25, 40)),
    ],
)
def test_parts_and_totals_are_rounded_each_on_their_own(
    parts: tuple[int, ...], rounded: tuple[int, ...]
) -> None:
    assert tuple(round_counts(pd.Series(parts, dtype="float64"), 5)) == rounded


@pytest.mark.parametrize(("n", "d"), [(0, 500), (9, 500), (491, 500), (500, 500), (4, 8)])
def test_few_with_and_few_without_are_both_hidden(
    n: int, d: int, seen: Callable[..., pd.DataFrame]
) -> None:
    row = protect(cell(seen, n, d), Protection()).iloc[0]
    assert row["status"] == "hidden"
    assert row[["numerator", "denominator", "value", "low", "high"]].isna().all()


@given(
    counts=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20),
    threshold=st.integers(3, 30),
    base=st.sampled_from([3, 5, 10]),
)
def test_no_count_below_the_threshold_is_told_not_even_that_nobody_is_there(
    counts: list[tuple[int, int]], threshold: int, base: int, seen: Callable[..., pd.DataFrame]
) -> None:
    table = pd.concat([cell(seen, with_, with_ + without) for with_, without in counts])
    made = protect(table, Protection(threshold=threshold, base=base))
    told = (made["numerator"].notna() | made["denominator"].notna()).tolist()
    assert told == [min(pair) >= threshold for pair in counts]
    assert (made["value"].notna() == made["numerator"].notna()).all()
    # An area without residents is missing, as one is that nobody has figures of.
    nobody = [pair == (0, 0) for pair in counts]
    assert (made["status"] == np.where(told, "ok", "hidden"))[~np.array(nobody)].all()
    assert (made.loc[nobody, "status"] == "missing").all()


@given(n=st.integers(10, 500), rest=st.integers(10, 500))
def test_nothing_finer_than_the_rounded_counts_is_published(
    n: int, rest: int, seen: Callable[..., pd.DataFrame]
) -> None:
    row = protect(cell(seen, n, n + rest), Protection()).iloc[0]
    assert row["numerator"] % 5 == row["denominator"] % 5 == 0
    assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])
    assert row["low"] <= row["value"] <= row["high"]


def test_figures_their_publisher_has_protected_pass_unchanged(
    seen: Callable[..., pd.DataFrame],
) -> None:
    table = cell(seen, 3, 7)
    pd.testing.assert_frame_equal(protect(table, Protection(), exempt=["register"]), table)


def test_the_residual_is_never_published(seen: Callable[..., pd.DataFrame]) -> None:
    assert protect(cell(seen, 50, 100).assign(area=RESIDUAL), Protection()).empty


@pytest.mark.parametrize("weak", [Protection(threshold=2), Protection(base=1)])
def test_weak_protection_of_a_register_is_refused(
    weak: Protection, seen: Callable[..., pd.DataFrame]
) -> None:
    with pytest.raises(DisclosureError) as refusal:
        protect(cell(seen, 50, 100), weak)
    assert refusal.value.exit_code == 3
    protect(cell(seen, 50, 100), weak, exempt=["register"])


SMALL = ["a", "b", "c", "d", "e"]
PARENTS = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2"}


def small_areas(bases: list[float | None]) -> pd.DataFrame:
    """Published figures of the small areas; no base says hidden."""
    seen = pd.DataFrame({"area": SMALL, "period": "2025", "sex": "alla", "indicator": "E1"})
    seen["source"] = "register"
    seen["denominator"] = pd.Series(bases, dtype="float64")
    for column in ("numerator", "value", "low", "high"):
        seen[column] = seen["denominator"] / 2
    return seen.assign(status=seen["denominator"].isna().map({True: "hidden", False: "ok"}))


@given(st.lists(st.none() | st.floats(20, 500), min_size=5, max_size=5))
def test_no_small_area_is_hidden_alone_where_another_could_be(bases: list[float | None]) -> None:
    before = small_areas(bases)
    after = hide_second(before, PARENTS)
    hidden = after["status"] == "hidden"
    assert hidden[before["status"] == "hidden"].all(), "what was hidden stays so"
    for parent in ("1", "2"):
        of = hidden[after["area"].map(PARENTS) == parent]
        assert of.sum() != 1
    figures = ["numerator", "denominator", "value", "low", "high"]
    assert after.loc[hidden, figures].isna().all(axis=None)
    pd.testing.assert_frame_equal(after[~hidden], before[~hidden])


def test_the_second_to_go_is_the_one_with_the_smallest_base() -> None:
    after = hide_second(small_areas([None, 90.0, 40.0, 300.0, 200.0]), PARENTS)
    assert after["status"].tolist() == ["hidden", "ok", "hidden", "ok", "ok"]


def test_a_publishers_own_protection_is_left_as_it_is() -> None:
    seen = small_areas([None, 90.0, 40.0, 300.0, 200.0])
    after = hide_second(seen, PARENTS, exempt=["register"])
    pd.testing.assert_frame_equal(after, seen)


def test_the_city_itself_has_no_parent_and_stays() -> None:
    seen = small_areas([None, 90.0, 40.0, 300.0, 200.0]).replace({"area": {"e": "city"}})
    after = hide_second(seen, {k: v for k, v in PARENTS.items() if k != "e"})
    assert after.loc[after["area"] == "city", "status"].tolist() == ["ok"]


OTHERS = {"a": "x", "b": "y", "c": "y", "d": "y", "e": "z"}


@given(st.lists(st.none() | st.floats(20, 500), min_size=5, max_size=5))
def test_what_is_hidden_for_one_division_is_not_alone_in_another(
    bases: list[float | None],
) -> None:
    after = hide_second(small_areas(bases), PARENTS, OTHERS)
    for parents in (PARENTS, OTHERS):
        of = after["area"].map(parents)
        hidden = (after["status"] == "hidden").groupby(of).sum()
        assert not ((hidden == 1) & (of.value_counts() > 1)).any()

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
    # An area without residents looks like one with a few.
    assert (made["status"] == np.where(told, "ok", "hidden")).all()


@pytest.mark.parametrize("status", ["ok", "stale", "approximate+partial", "missing"])
def test_whatever_is_hidden_looks_alike(status: str, seen: Callable[..., pd.DataFrame]) -> None:
    few, nobody = (protect(cell(seen, n, n).assign(status=status), Protection()) for n in (4, 0))
    pd.testing.assert_frame_equal(few, nobody)
    assert few["status"].tolist() == ["hidden"]


def test_what_a_source_does_not_have_is_missing_and_not_hidden(
    seen: Callable[..., pd.DataFrame],
) -> None:
    table = cell(seen, 50, 100).assign(numerator=np.nan, denominator=np.nan, status="missing")
    assert protect(table, Protection())["status"].tolist() == ["missing"]
    filled = table.assign(source="", denominator=np.nan)
    assert protect(filled, Protection())["status"].tolist() == ["missing"]


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

"""What the report works out itself, from published figures alone.

Correlations, what each indicator gives to the differences between areas, and where areas end up
without it. Everything else in the report is looked up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.frames import CITY, EVERYONE, has_status
from geolyft.index.combine import combine, weigh
from geolyft.index.scales import signs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geolyft.index.means import Aggregation
    from geolyft.indicators.catalogue import Catalogue

FEWEST: Final = 4
"""Areas that a correlation is told for; fewer have none worth telling."""
NORMAL: Final = 1.96
_ALL: Final = ""
_FLAT: Final = 1e-9
"""Per cent, points and places that differ by less are the same."""


def oriented(observations: pd.DataFrame, catalogue: Catalogue, *, period: str) -> pd.DataFrame:
    """Return the areas' shares in a period, turned so that higher is better.

    Returns
    -------
    pandas.DataFrame
        A row per area, a column per indicator of the catalogue; missing where a share is missing
        or hidden.
    """
    rows = observations[(observations["sex"] == EVERYONE) & (observations["period"] == period)]
    rows = rows[(rows["area"] != CITY) & ~has_status(rows["status"], "hidden")]
    wide = rows.pivot_table(index="area", columns="indicator", values="value", dropna=False)
    wide = wide.reindex(columns=list(catalogue.codes))
    return wide * signs_of(catalogue)


def correlate(table: pd.DataFrame) -> pd.DataFrame:
    """Return Pearson's correlation of every pair of columns over the rows that have both.

    Returns
    -------
    pandas.DataFrame
        ``first, second, r, n``, each pair once in the columns' order; ``r`` is missing with fewer
        than 4 rows, or where a column does not vary.

    Examples
    --------
    >>> correlate(pd.DataFrame({"a": [1, 2, 3, 4.0], "b": [4, 3, 2, 1.0]})).to_numpy().tolist()
    [['a', 'b', -1.0, 4]]
    """
    rows = []
    values = table.to_numpy(float)
    known = ~np.isnan(values)
    for place, second in enumerate(table.columns):
        for other, first in enumerate(table.columns[:place]):
            both = values[known[:, other] & known[:, place]]
            rows.append([first, second, pearson(both[:, other], both[:, place]), len(both)])
    return pd.DataFrame(rows, columns=["first", "second", "r", "n"])


def pearson(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's correlation, or NaN where it says nothing.

    Examples
    --------
    >>> pearson(np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 1, 1]))
    nan
    """
    if len(x) < FEWEST or min(np.ptp(x), np.ptp(y)) < _FLAT:
        return math.nan
    x, y = ((of - of.mean()) / np.ptp(of) for of in (x, y))
    # Rounded so that the last digits, which depend on the machine, decide nothing.
    return round(float((x * y).sum() / math.sqrt((x * x).sum() * (y * y).sum())), 9)


def rank_agreement(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[float, int]:
    """Return Spearman's correlation over the names that both have, and how many they are.

    Examples
    --------
    >>> rank_agreement({"1": 1, "2": 5, "3": 6, "4": 9}, {"1": 2, "2": 3, "3": 4, "4": 80, "5": 1})
    (1.0, 4)
    """
    names = sorted(set(one) & set(other))
    ranks = [pd.Series([of[name] for name in names], dtype="float64").rank() for of in (one, other)]
    return pearson(*(rank.to_numpy(float) for rank in ranks)), len(names)


def chance_limit(n: int) -> float:
    """Return how far from 0 a correlation of n unrelated pairs stays in 95 cases of 100.

    Fisher's transformation: ``tanh(1.96 / √(n − 3))``.

    Examples
    --------
    >>> round(chance_limit(14), 2)
    0.53
    """
    return math.tanh(NORMAL / math.sqrt(n - 3)) if n >= FEWEST else math.nan


def with_index(scores: pd.DataFrame, index: pd.DataFrame, *, period: str) -> pd.DataFrame:
    """Correlate each indicator's score with the index, and with the mean of the others.

    An indicator is part of the index, so the first is never quite low. The second leaves it out:
    the areas' weighted mean of all other scores.

    Returns
    -------
    pandas.DataFrame
        ``indicator, whole, rest, n``.
    """
    rows = scores[(scores["period"] == period) & (scores["area"] != CITY)]
    whole = index[(index["period"] == period) & (index["area"] != CITY)]
    rows = rows.merge(whole[["area", "index"]].dropna(), on="area")
    rows = rows[rows["weight"].notna() & rows["score"].notna()]
    part = rows["weight"] * rows["score"]
    by_area = rows.assign(part=part).groupby("area")[["part", "weight"]].transform("sum")
    rows = rows.assign(rest=(by_area["part"] - part) / (by_area["weight"] - rows["weight"]))
    correlations = []
    for code, of in rows.sort_values("area").groupby("indicator"):
        score, whole_index, rest = (of[name].to_numpy(float) for name in ("score", "index", "rest"))
        apart = pearson(score, rest) if np.isfinite(rest).all() else math.nan
        correlations.append([code, pearson(score, whole_index), apart, len(of)])
    return pd.DataFrame(correlations, columns=["indicator", "whole", "rest", "n"])


def shares_of_spread(scores: pd.DataFrame, index: pd.DataFrame, *, period: str) -> dict[str, float]:
    """Return what part of the differences between the areas' indices comes from each indicator.

    ``cov(contribution, index) / var(index)`` over the areas; the parts sum to 1. Empty where the
    index is no sum of contributions, or where areas rest on different indicators.

    Examples
    --------
    >>> scores = pd.DataFrame({"area": ["1", "1", "2", "2"], "period": "2025",
    ...     "indicator": ["a", "b"] * 2, "contribution": [10.0, 50, 20, 50]})
    >>> index = pd.DataFrame({"area": ["1", "2"], "period": "2025", "index": [60.0, 70.0]})
    >>> shares_of_spread(scores, index, period="2025")
    {'a': 1.0, 'b': 0.0}
    """
    mine = index[(index["period"] == period) & (index["area"] != CITY)]
    whole = mine.set_index("area")["index"].astype("float64").dropna().sort_index()
    rows = scores[(scores["period"] == period) & scores["area"].isin(whole.index)]
    wide = rows.pivot_table(index="area", columns="indicator", values="contribution", dropna=False)
    wide = wide.dropna(axis="columns", how="all").reindex(whole.index)
    parts = wide.to_numpy(float)
    away = whole.to_numpy(float) - whole.mean()
    spread = float((away**2).sum())
    if wide.empty or np.isnan(parts).any() or not spread > 0:
        return {}
    shares = (parts * away[:, None]).sum(axis=0) / spread
    return {str(code): round(float(share), 12) for code, share in zip(wide, shares, strict=True)}


def without_each(
    scores: pd.DataFrame,
    catalogue: Catalogue,
    *,
    period: str,
    areas: Iterable[str],
    how: Aggregation = "arithmetic",
) -> pd.DataFrame:
    """Return where areas end up when one indicator is left out.

    Its weight goes to what is left, as in `geolyft.rank_ranges`, whose ranges are the
    least and the greatest of these places.

    Parameters
    ----------
    areas
        Those that have an index.

    Returns
    -------
    pandas.DataFrame
        ``indicator, area, rank, without``: places among these areas, 1 the lowest index.
    """
    mine = scores[(scores["period"] == period) & scores["area"].isin(list(areas))]
    mine = mine.assign(sex=EVERYONE)[["area", "period", "sex", "indicator", "score", "status"]]
    mine = mine[mine["score"].notna()]
    columns = ["indicator", "area", "rank", "without"]
    codes = sorted(set(mine["indicator"]), key=catalogue.codes.index)
    if len(codes) <= 1:
        return pd.DataFrame(columns=columns)
    # A set of indicators stands where a period does: all of them are then combined at once.
    sets = [
        mine.assign(period=_ALL),
        *(mine[mine["indicator"] != c].assign(period=c) for c in codes),
    ]
    places = _ranks(pd.concat(sets, ignore_index=True), catalogue, how)
    moved = [
        pd.DataFrame({"rank": places[_ALL], "without": places[code]})
        .rename_axis("area")
        .reset_index()
        .assign(indicator=code)
        for code in codes
    ]
    return pd.concat(moved)[columns].reset_index(drop=True)


def _ranks(scores: pd.DataFrame, catalogue: Catalogue, how: Aggregation) -> pd.DataFrame:
    """Return the areas' places in each period, a column for each."""
    weighed = weigh(scores, catalogue, minimum_indicators=1, minimum_dimensions=1)
    index = combine(weighed, catalogue, how=how).pivot(
        index="area", columns="period", values="index"
    )
    return index.rank(method="min")

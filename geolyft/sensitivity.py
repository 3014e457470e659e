"""How much the picture owes to the choices behind it.

Ranks are never shown alone: each area's rank is the range it takes when the index is also made
without one of its indicators at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geolyft.composite import BASE, weigh
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from geolyft.indicators import Catalogue


def rank_ranges(
    scores: pd.DataFrame,
    catalogue: Catalogue,
    *,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> pd.DataFrame:
    """Return the best and worst rank of each area over leave-one-indicator-out variants.

    Rank 1 has the lowest index, the greatest challenges. Ranks are taken from unrounded values.

    Parameters
    ----------
    scores
        What `geolyft.composite.score` returns.
    minimum_indicators, minimum_dimensions
        As in `geolyft.composite.weigh`; each variant may lack one indicator more.

    Returns
    -------
    pandas.DataFrame
        ``area, period, rank_low, rank_high``; no row where the area has no index.
    """
    everyone = scores[(scores["sex"] == EVERYONE) & (scores["area"] != CITY)]
    smallest = min(len(catalogue.of(d.code)) for d in catalogue.dimensions)
    fewer = max(1, (minimum_indicators or smallest) - 1)
    floor = max(1, (minimum_dimensions or len(catalogue.dimensions)) - 1)
    nominal = _index(everyone, catalogue, minimum_indicators, minimum_dimensions)
    variants = [nominal]
    for code in sorted(everyone["indicator"].unique()):
        rest = everyone[everyone["indicator"] != code]
        if len(rest):
            variants.append(_index(rest, catalogue, fewer, floor).reindex(nominal.index))
    ranks = pd.concat([_rank(variant.dropna()) for variant in variants], axis=1)
    ranges = pd.DataFrame({"rank_low": ranks.min(axis=1), "rank_high": ranks.max(axis=1)})
    return ranges.reindex(nominal.dropna().index).astype("Int64").reset_index()


def _index(
    scores: pd.DataFrame, catalogue: Catalogue, indicators: int | None, dimensions: int | None
) -> pd.Series[float]:
    weighed = weigh(scores, catalogue, minimum_indicators=indicators, minimum_dimensions=dimensions)
    points = (weighed["score"] - BASE) * weighed["weight"]
    return points.groupby([weighed["area"], weighed["period"]]).sum(min_count=1)


def _rank(index: pd.Series[float]) -> pd.Series[float]:
    return index.groupby("period").rank(method="min")

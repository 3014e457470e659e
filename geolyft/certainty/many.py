"""Many comparisons at once: what is still apart when every area of a table is asked.

Of twenty areas that are all like the city, one is called distinct by chance. The rule of
Benjamini and Hochberg (1995, Journal of the Royal Statistical Society B 57, 289-300) keeps the
share of false ones among all that are called apart at 5 per cent instead.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.variants import rank_rows
from geolyft.frames import CITY

if TYPE_CHECKING:
    import numpy.typing as npt

    from geolyft.certainty.draws import Draws
    from geolyft.frames import Floats

    Bools = npt.NDArray[np.bool_]

LEVEL: Final = 0.05
"""The share of false ones: among the areas that are all alike, and among those called apart."""
FAMILY: Final = ["period", "what"]
"""Areas are compared with the city together where these are the same."""
_TAILS: Final = (0.025, 0.975)
_Z95: Final = 1.959963984540054


def benjamini_hochberg(p: npt.ArrayLike, *, level: float = LEVEL) -> Bools:
    """Say which of several tests still hold when all are asked at once.

    With the p-values in order, those up to the last k where ``p(k) ≤ level · k / m`` hold; m is
    the number of p-values that are known. One that is not known does not hold.

    Examples
    --------
    >>> benjamini_hochberg([0.001, 0.04, 0.012, 0.3, float("nan")]).tolist()
    [True, False, True, False, False]
    """
    values = np.asarray(p, dtype=np.float64)
    ordered = np.sort(values[np.isfinite(values)])
    steps = np.arange(1, len(ordered) + 1)
    held = ordered[ordered <= level * steps / max(len(ordered), 1)]
    passed: Bools = values <= (held[-1] if len(held) else -1.0)
    return passed


def two_sided(value: Floats, low: Floats, high: Floats) -> Floats:
    """Return the p-value of no difference, from a difference and its 95 per cent interval.

    The normal one whose standard error is what the interval has toward 0, so that it is below 5
    per cent where the interval does not hold 0, and nowhere else. The draws' own share beyond 0
    would do the same and end at one draw of a thousand: too coarse for the hundreds of rows of
    small areas, where Benjamini and Hochberg's first step is smaller than that.

    Examples
    --------
    >>> two_sided(np.array([2.0, -3.0]), np.array([0.0, -4.0]), np.array([5.0, -2.0])).round(9)
    array([5.e-02, 4.e-09])
    """
    toward = np.where(value > 0, value - low, high - value)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Nothing that can be off is no error; 0 from 0 is not apart.
        far = np.where(value == 0, 0.0, np.abs(value) / np.maximum(toward, 0.0)) * _Z95
    return np.array([math.erfc(each / math.sqrt(2)) for each in far], dtype=np.float64)


def told_apart(summary: pd.DataFrame) -> pd.DataFrame:
    """Say what is still surely apart from the city when all areas are compared with it at once.

    Parameters
    ----------
    summary
        What `geolyft.certainty.draws.summarise_draws` returns.

    Returns
    -------
    pandas.DataFrame
        The same with ``distinct_fdr`` last: `benjamini_hochberg` over all areas of one period and
        what. The city is not compared with itself, nor an area without a difference. Whatever
        holds here is `distinct` too.

    Examples
    --------
    >>> told_apart(pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "what": "index",
    ...     "difference": [3.0, 1.1, 0.0], "difference_low": [1.0, 0.05, 0.0],
    ...     "difference_high": [5.0, 2.1, 0.0]}))["distinct_fdr"].tolist()
    [True, True, False]
    """
    ends = (summary[f"difference{end}"].to_numpy(dtype="float64") for end in ("", "_low", "_high"))
    p = np.where(summary["area"] == CITY, np.nan, two_sided(*ends))
    apart = np.zeros(len(summary), dtype=bool)
    for rows in summary.groupby(FAMILY).indices.values():
        apart[rows] = benjamini_hochberg(p[rows])
    return summary.assign(distinct_fdr=apart)


def among_lowest(drawn: Draws, k: int) -> pd.DataFrame:
    """Return in what share of the draws each area is among the `k` lowest, ties included.

    Returns
    -------
    pandas.DataFrame
        ``area, period, what, share_among_lowest``, the share between 0 and 1; missing where no
        more than `k` areas have a score, for then all of them are. The city has none.
    """
    areas = drawn.keys[drawn.keys["area"] != CITY]
    tables = []
    for rows in areas.groupby(FAMILY).indices.values():
        mine = areas.iloc[rows]
        scores = drawn.scores[mine.index]
        often = (rank_rows(scores.T) <= k).mean(axis=0)
        if np.isfinite(scores).all(axis=1).sum() <= k:
            often = np.full(len(mine), np.nan)
        tables.append(mine[["area", *FAMILY]].assign(share_among_lowest=often))
    columns = ["area", *FAMILY, "share_among_lowest"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def rank_intervals(drawn: Draws) -> pd.DataFrame:
    """Return between which places each area lies in 95 per cent of the draws.

    A place is drawn whole: the areas are ranked within each draw, so that what they err in together
    moves no place, and what one gains by a split its neighbour loses.

    Returns
    -------
    pandas.DataFrame
        ``area, period, what, rank_low, rank_high``; place 1 has the lowest score. The city has no
        place.
    """
    areas = drawn.keys[drawn.keys["area"] != CITY]
    tables = []
    for rows in areas.groupby(FAMILY).indices.values():
        mine = areas.iloc[rows]
        places = rank_rows(drawn.scores[mine.index].T)
        # Places that were taken: between two of them there is none.
        low, high = np.quantile(places, _TAILS, axis=0, method="inverted_cdf").astype("int64")
        tables.append(mine[["area", *FAMILY]].assign(rank_low=low, rank_high=high))
    columns = ["area", *FAMILY, "rank_low", "rank_high"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)

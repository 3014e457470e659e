"""From several scores to one number: the means an index can be made with, and their weights.

All are written over arrays whose last axis is the indicators, so one call serves one area, every
area, or every area in every variant.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geolyft.errors import CatalogueError, IndexComputationError, brief

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue


Aggregation = Literal["arithmetic", "geometric", "harmonic", "ampi"]
"""How scores become one number."""

AGGREGATIONS: Final[tuple[Aggregation, ...]] = ("arithmetic", "geometric", "harmonic", "ampi")
NEEDS_POSITIVE: Final[frozenset[Aggregation]] = frozenset({"geometric", "harmonic"})
"""Means that are not defined where a score is 0 or below."""


def mean_of(
    scores: npt.ArrayLike, weights: npt.ArrayLike = 1.0, *, how: Aggregation = "arithmetic"
) -> Floats:
    """Return the weighted mean of scores over the last axis.

    With weights that sum to 1: arithmetic ``Σwx``, geometric ``exp(Σw ln x)``, harmonic
    ``1 / Σ(w/x)`` (OECD and JRC 2008, Handbook on Constructing Composite Indicators, step 6), and
    the adjusted Mazziotta-Pareto index ``M - S²/M`` with M the arithmetic mean and S the
    population standard deviation over the indicators, both weighted (Mazziotta and Pareto 2016,
    Social Indicators Research 127, 983-1003). The penalty of the last makes it fall when an
    already very high score rises further; the three others never do.

    Parameters
    ----------
    scores
        Higher is better. A missing score makes the mean missing, unless its weight is 0.
    weights
        On the last axis, of any positive sum; equal by default.

    Raises
    ------
    IndexComputationError
        ``index-positive`` for a geometric or harmonic mean of a score that is not above 0, and a
        penalty on a mean that is not.

    Examples
    --------
    >>> float(mean_of([1, 2, 3], how="geometric").round(4))
    1.8171
    >>> float(mean_of([1, 2, 3], [1, 1, 2], how="geometric").round(4))
    2.0598
    >>> float(mean_of([1, 2, 3], [2, 1, 1], how="harmonic").round(4))
    1.4118
    """
    x, w = np.broadcast_arrays(np.asarray(scores, float), np.asarray(weights, float))
    x = np.where(w == 0, 1.0, x)
    with np.errstate(invalid="ignore"):
        w = w / w.sum(axis=-1, keepdims=True)

    def weighted_sum(terms: Floats) -> Floats:
        # Not a matrix product: equal rows then have equal sums, to the last bit, and tie in rank.
        total: Floats = np.asarray((terms * w).sum(axis=-1))
        return total

    if how == "ampi":
        mean = weighted_sum(x)
        _refuse_nonpositive(mean, how)
        return mean - weighted_sum((x - mean[..., np.newaxis]) ** 2) / mean
    _refuse_nonpositive(x, how)
    there, back = _THROUGH[how]
    return back(weighted_sum(there(x)))


def mean_by_group(
    weighed: pd.DataFrame, by: Sequence[str], *, weight: str, how: Aggregation = "arithmetic"
) -> pd.Series[float]:
    """Return the weighted mean of the scores in each group of a long frame.

    Parameters
    ----------
    by
        Columns that make a group: the key for the index, the key and ``dimension`` for dimensions.
    weight
        The column of weights: ``weight`` for the index, ``within`` for dimensions. They sum to 1
        in a group, or are missing where its mean is not to be published.

    Raises
    ------
    IndexComputationError
        ``index-positive``, see `mean_of`.

    Examples
    --------
    >>> weighed = pd.DataFrame({"area": ["1", "1", "2"], "score": [50.0, 200.0, 90.0],
    ...                         "weight": [0.5, 0.5, None]})
    >>> mean_by_group(weighed, ["area"], weight="weight", how="geometric").round(6).tolist()
    [100.0, nan]
    """
    w = weighed[weight]
    x = weighed["score"].where(w.notna())
    keys = [weighed[column] for column in by]
    if how == "ampi":
        mean = (x * w).groupby(keys).sum(min_count=1)
        _refuse_nonpositive(mean.to_numpy(), how)
        apart = x - (x * w).groupby(keys).transform("sum")
        return mean - (apart**2 * w).groupby(keys).sum(min_count=1) / mean
    _refuse_nonpositive(x.to_numpy(), how)
    there, back = _THROUGH[how]
    terms = pd.Series(there(x.to_numpy()) * w.to_numpy(), index=weighed.index)
    total = terms.groupby(keys).sum(min_count=1)
    return pd.Series(back(total.to_numpy()), index=total.index)


def reweigh(catalogue: Catalogue, weights: Mapping[str, float]) -> Catalogue:
    """Return the catalogue with other weights, such as those of a panel of experts.

    Parameters
    ----------
    catalogue
        Its own weights stay where nothing else is said.
    weights
        Dimension or indicator code to weight. Dimensions weigh among dimensions and indicators
        among those of their dimension; only the proportions count.

    Raises
    ------
    CatalogueError
        ``catalogue-unknown`` for a code the catalogue lacks, ``catalogue-weight`` for a weight
        that is no positive number.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> heavier = reweigh(load_catalogue(), {"ekonomi": 2, "E1": 2})
    >>> (heavier.weights()[["E1", "E2", "B1"]] * 60).round(9).tolist()
    [12.0, 6.0, 4.0]
    """
    dimensions = {dimension.code for dimension in catalogue.dimensions}
    for code, weight in weights.items():
        if code not in dimensions:
            catalogue[code]
        if not (math.isfinite(weight) and weight > 0):
            what = f"the weight of {brief(code)} is {weight}"
            remedy = "give a number above 0, or leave the indicator out of the catalogue"
            raise CatalogueError("catalogue-weight", what, remedy=remedy)

    def reweighed(code: str, usual: float) -> dict[str, float]:
        return {"weight": float(weights.get(code, usual))}

    return catalogue.model_copy(
        update={
            "dimensions": tuple(
                d.model_copy(update=reweighed(d.code, d.weight)) for d in catalogue.dimensions
            ),
            "indicators": tuple(
                i.model_copy(update=reweighed(i.code, i.weight)) for i in catalogue.indicators
            ),
        }
    )


def _refuse_nonpositive(x: Floats, how: Aggregation) -> None:
    low = int((x <= 0).sum())
    if how != "arithmetic" and low:
        what = f"{low} of {x.size} scores or means are 0 or below, where {how} is not defined"
        remedy = "use the arithmetic mean, or a normalisation whose scores are above 0"
        raise IndexComputationError("index-positive", what, remedy=remedy)


def _same(x: Floats) -> Floats:
    return x


# Each mean is the arithmetic one, seen through a function and back.
_THROUGH: Final[
    dict[Aggregation, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]]
] = {
    "arithmetic": (_same, _same),
    "geometric": (np.log, np.exp),
    "harmonic": (np.reciprocal, np.reciprocal),
}

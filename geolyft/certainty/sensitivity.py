"""How much the picture owes to the choices behind it.

Ranks are never shown alone. `rank_ranges` says how far an area moves when the index is made
without one of its indicators; `variants` makes the index in every way a reasonable analyst could
have made it, and `robustness` says where each area ends up. `geolyft.certainty.importance` adds
the uncertainty of the data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.variants import (
    Pair,
    PeriodArrays,
    any_of,
    entering,
    lay_out_periods,
    layout_of,
    left_out,
    methods_of,
    rank_rows,
    reweighted,
    weights_of,
    wide,
)
from geolyft.errors import IndexComputationError, brief
from geolyft.index.means import AGGREGATIONS, Aggregation, mean_of
from geolyft.index.minimums import EVERYTHING, Minimums
from geolyft.index.normalise import incompatible, pairs
from geolyft.index.transforms import FITTED, NORMALISATIONS, Normalisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue

NOMINAL: Final[Pair] = ("goalpost", "arithmetic")
VARIANT_COLUMNS: Final = ["area", "period", "variant", "index", "rank"]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What an analyst could have chosen otherwise.

    Parameters
    ----------
    nominal
        How the published index is made. It decides which areas have an index; every variant ranks
        those.
    weight_change
        0.25 lets each dimension's weight be a quarter higher or lower; 0 leaves weights alone.
    minimums
        Of the published index, as in `geolyft.index.combine.weigh`. In a variant, an area's
        index is made of what it has left.
    scales
        Kept scales of the published index; by default they are fitted on the base period.

    Raises
    ------
    IndexComputationError
        ``index-pair`` when `nominal` does not fit together.

    Examples
    --------
    >>> len(Choices().pairs()), Choices(aggregations=["arithmetic"]).pairs()[1]
    (10, ('shares', 'arithmetic'))
    """

    nominal: Pair = NOMINAL
    normalisations: Sequence[Normalisation] = NORMALISATIONS
    aggregations: Sequence[Aggregation] = AGGREGATIONS
    weight_change: float = 0.25
    minimums: Minimums = EVERYTHING
    scales: pd.DataFrame | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a published pair that does not fit."""
        reason = incompatible(*self.nominal)
        if reason:
            raise IndexComputationError(
                "index-pair", reason, remedy="use goalpost, or the arithmetic mean"
            )

    def pairs(self) -> list[Pair]:
        """Return the pairs to make, the published one first."""
        allowed, _ = pairs(self.normalisations, self.aggregations)
        return list(dict.fromkeys([self.nominal, *allowed]))

    def lay_out(
        self, observations: pd.DataFrame, catalogue: Catalogue, *, base_period: str
    ) -> list[PeriodArrays]:
        """Return the periods that have an index, as arrays."""
        fits = any(normalisation in FITTED for normalisation, _ in self.pairs())
        return lay_out_periods(
            observations,
            catalogue,
            self.nominal[0],
            base_period=base_period,
            scales=self.scales,
            fits=fits,
            minimums=self.minimums,
        )


DEFAULT: Final = Choices()


def rank_ranges(
    scores: pd.DataFrame,
    catalogue: Catalogue,
    aggregation: Aggregation = "arithmetic",
    /,
    *,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> pd.DataFrame:
    """Return the best and worst rank of each area over leave-one-indicator-out variants.

    Rank 1 has the lowest index, the greatest challenges. Ranks are taken from unrounded values,
    in every variant among the same areas: those that have an index.

    Parameters
    ----------
    scores
        What `geolyft.index.scales.score` or `geolyft.index.normalise.normalise` returns.
    minimum_indicators, minimum_dimensions
        As in `geolyft.index.combine.weigh`. In a variant, an area's index is
        made of what it has left.

    Returns
    -------
    pandas.DataFrame
        ``area, period, rank_low, rank_high``; no row where the area has no index.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> scores = pd.DataFrame([[area, "2025", "alla", code, score, "ok"]
    ...                        for area, high in (("1", 70), ("2", 110))
    ...                        for code in load_catalogue().codes
    ...                        for score in [90 if code == "E1" else high]],
    ...     columns=["area", "period", "sex", "indicator", "score", "status"])
    >>> rank_ranges(scores, load_catalogue()).to_numpy().tolist()
    [['1', '2025', 1, 1], ['2', '2025', 2, 2]]
    """
    layout = layout_of(catalogue)
    columns = ["area", "period", "rank_low", "rank_high"]
    extremes = []
    minimums = Minimums(indicators=minimum_indicators, dimensions=minimum_dimensions)
    enter = entering(scores, catalogue, minimums)
    for period, rows in enter.groupby("period"):
        table = wide(rows, "score", catalogue)
        x = table.to_numpy(float)
        known = np.isfinite(x)
        kept = np.stack([keep for _, keep in left_out(layout, known, dimensions=False)])
        weights = weights_of(known, layout, kept, np.ones((len(kept), 1)))
        rank = rank_rows(mean_of(x, weights, how=aggregation))
        ends = [np.nanmin(rank, axis=0), np.nanmax(rank, axis=0)]
        rows_of = zip(table.index, [period] * len(table), *ends, strict=True)
        extremes += [dict(zip(columns, row, strict=True)) for row in rows_of]
    ranges = pd.DataFrame(extremes, columns=columns).sort_values(columns[:2], ignore_index=True)
    return ranges.astype({"rank_low": "Int64", "rank_high": "Int64"})


def variants(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    base_period: str,
    choices: Choices = DEFAULT,
) -> pd.DataFrame:
    """Make the index in every way: nothing is drawn, everything is enumerated.

    A variant is a normalisation and a mean that fit each other, with or without one indicator or
    dimension, with the catalogue's weights or one dimension's weight higher or lower. A period
    leaves out what its figures do not allow: a relative normalisation where an indicator is the
    same in every area, exponential ranks below 100 areas, a geometric mean of scores that are not
    above 0. `refused` lists the pairs that no figures allow.

    Parameters
    ----------
    observations
        Published observations with the city's rows.
    catalogue, base_period
        As in `geolyft.index.normalise.normalise`.

    Returns
    -------
    pandas.DataFrame
        ``area, period, variant, index, rank``, rank 1 the lowest index. A variant is named as
        ``goalpost arithmetic -E1 ekonomi+25%``; the published one is first and has no signs.
        Indices of different normalisations are on different scales: compare ranks.

    Raises
    ------
    IndexComputationError
        See `geolyft.index.normalise.normalise`.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame([[area, "2025", "alla", code, value, "ok"]
    ...                      for area, value in (("1", 40.0), ("2", 70.0), ("city", 60.0))
    ...                      for code in load_catalogue().codes],
    ...     columns=["area", "period", "sex", "indicator", "value", "status"])
    >>> every = variants(seen, load_catalogue(), base_period="2025")
    >>> every["variant"].nunique(), every["variant"].iloc[-1]
    (1305, 'distance arithmetic -boende ekonomi-25%')
    """
    periods = choices.lay_out(observations, catalogue, base_period=base_period)
    every = [_enumerate(arrays, choices) for arrays in periods]
    if not every:
        return pd.DataFrame({column: [] for column in VARIANT_COLUMNS})
    return pd.concat(every, ignore_index=True)


def refused(choices: Choices = DEFAULT) -> pd.DataFrame:
    """List the pairs that `variants` never makes, and why.

    Returns
    -------
    pandas.DataFrame
        ``normalisation, aggregation, reason``.

    Examples
    --------
    >>> len(refused()), refused()["reason"].iloc[0]
    (18, 'a geometric mean needs scores above 0, and shares can give 0 or less')
    """
    _, reasons = pairs(choices.normalisations, choices.aggregations)
    rows = [[*pair, reason] for pair, reason in reasons.items()]
    return pd.DataFrame(rows, columns=["normalisation", "aggregation", "reason"])


def variant_name(pair: Pair, *, left_out: str = "", weight: str = "") -> str:
    """Return what `variants` calls a variant.

    Examples
    --------
    >>> variant_name(("minmax", "arithmetic"), left_out="E1")
    'minmax arithmetic -E1'
    """
    return " ".join([*pair, *([f"-{left_out}"] if left_out else []), *([weight] if weight else [])])


def robustness(variants: pd.DataFrame, k: int = 3, *, nominal: Pair = NOMINAL) -> pd.DataFrame:
    """Say where each area ends up over all variants.

    Parameters
    ----------
    k
        How many areas count as the lowest.

    Returns
    -------
    pandas.DataFrame
        ``area, period, nominal, rank_median, rank_p5, rank_p95, share_among_lowest, n_variants``.
        The percentiles are ranks that occur, rounded away from the median;
        ``share_among_lowest`` is between 0 and 1, and missing where no more than `k` areas have an
        index, for then all of them are.

    Raises
    ------
    IndexComputationError
        ``index-variant`` when the published variant is not among them.

    Examples
    --------
    >>> ranked = pd.DataFrame({"area": "7", "period": "2025", "rank": [4, 3, 3, 1], "variant": [
    ...     "goalpost arithmetic", "zscore arithmetic", "minmax arithmetic", "shares arithmetic"]})
    >>> robustness(ranked).drop(columns="share_among_lowest").to_numpy().tolist()
    [['7', '2025', 4, 3.0, 1, 4, 4]]
    """
    published = variants[variants["variant"] == variant_name(nominal)]
    if len(variants) and not len(published):
        what = f"{brief(variant_name(nominal))} is not among the variants"
        remedy = "name as nominal what the variants were made with"
        raise IndexComputationError("index-variant", what, remedy=remedy)
    key = ["area", "period"]
    ranks = variants.assign(among=variants["rank"] <= k).groupby(key)
    more_than_k = ranks.size().groupby("period").transform("size") > k
    table = pd.DataFrame(
        {
            "nominal": published.set_index(key)["rank"].astype("Int64"),
            "rank_median": ranks["rank"].median(),
            "rank_p5": ranks["rank"].quantile(0.05, interpolation="lower").astype("Int64"),
            "rank_p95": ranks["rank"].quantile(0.95, interpolation="higher").astype("Int64"),
            "share_among_lowest": ranks["among"].mean().where(more_than_k),
            "n_variants": ranks.size(),
        }
    )
    return table.rename_axis(key).reset_index()


def _enumerate(arrays: PeriodArrays, choices: Choices) -> pd.DataFrame:
    """Make every variant of one period."""
    enters = arrays.enters[arrays.stands]
    designs = [
        (out, weight, kept, factors)
        for out, kept in left_out(arrays.layout, enters)
        for weight, factors in reweighted(
            arrays.layout, kept & any_of(enters, axis=0), choices.weight_change
        )
    ]
    kept, factors = (np.stack([design[n] for design in designs]) for n in (2, 3))
    weights = weights_of(enters, arrays.layout, kept, factors)
    methods = methods_of(arrays, arrays.seen, choices.pairs())
    index = np.concatenate([mean_of(x, weights, how=pair[1]) for pair, x in methods.items()])
    names = [variant_name(pair, left_out=d[0], weight=d[1]) for pair in methods for d in designs]
    columns = {"variant": np.repeat(np.array(names), index.shape[1]), "index": index.ravel()}
    areas = np.tile(arrays.standing.to_numpy(), len(names))
    table = pd.DataFrame({"area": areas, "period": arrays.period, **columns})
    table["rank"] = rank_rows(index).ravel()
    return table.dropna(subset="index").astype({"rank": "int64"})

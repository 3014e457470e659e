"""One period as arrays: what every variant of the index is made from.

Areas are on the first axis of values and scores, and indicators on the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geolyft.frames import CITY, EVERYONE
from geolyft.index.combine import weigh
from geolyft.index.means import Aggregation
from geolyft.index.minimums import EVERYTHING, Minimums
from geolyft.index.normalise import normalise, yardstick
from geolyft.index.transforms import (
    COMPARABLE,
    FITTED,
    MANY_AREAS,
    Normalisation,
    Yardstick,
    to_scores,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue

    Bools = npt.NDArray[np.bool_]

Pair = tuple[Normalisation, Aggregation]
"""A normalisation and a mean."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The catalogue as arrays: names, weights, and which indicator is in which dimension."""

    codes: tuple[str, ...]
    dimensions: tuple[str, ...]
    indicator: Floats
    dimension: Floats
    member: Floats


def layout_of(catalogue: Catalogue) -> Layout:
    """Return the catalogue as arrays."""
    names = tuple(d.code for d in catalogue.dimensions)
    of = [i.dimension for i in catalogue.indicators]
    return Layout(
        codes=catalogue.codes,
        dimensions=names,
        indicator=np.array([i.weight for i in catalogue.indicators], float),
        dimension=np.array([d.weight for d in catalogue.dimensions], float),
        member=np.array([[float(name == mine) for name in names] for mine in of]),
    )


@dataclass(frozen=True, kw_only=True)
class PeriodArrays:
    """One period: the values of every area, and which of them enter the areas' indices."""

    period: str
    areas: pd.Index[str]
    seen: Floats
    enters: Bools
    by: Yardstick
    layout: Layout

    @property
    def stands(self) -> Bools:
        """Which areas have an index."""
        return any_of(self.enters, axis=1)

    @property
    def standing(self) -> pd.Index[str]:
        """The areas that have an index."""
        return self.areas[self.stands]


def entering(scores: pd.DataFrame, catalogue: Catalogue, minimums: Minimums) -> pd.DataFrame:
    """Return the scores that enter some area's index, by the rule of the published index."""
    everyone = scores[(scores["sex"] == EVERYONE) & (scores["area"] != CITY)]
    weighed = weigh(everyone, catalogue, **minimums.as_keywords)
    return weighed[weighed["weight"].notna()]


def wide(rows: pd.DataFrame, column: str, catalogue: Catalogue) -> pd.DataFrame:
    """Return one period's column as areas by indicators, in the catalogue's order."""
    wide = rows.pivot_table(index="area", columns="indicator", values=column, aggfunc="first")
    return wide.reindex(columns=list(catalogue.codes))


def lay_out_periods(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    normalisation: Normalisation,
    *,
    base_period: str,
    scales: pd.DataFrame | None = None,
    fits: bool = True,
    minimums: Minimums = EVERYTHING,
) -> list[PeriodArrays]:
    """Lay out every period in which some area has an index.

    Parameters
    ----------
    observations, catalogue, base_period, scales
        As in `geolyft.index.normalise.normalise`.
    fits
        Whether some variant needs scales fitted on the base period.
    """
    scores = normalise(
        observations, catalogue, normalisation, base_period=base_period, scales=scales
    )
    enter = entering(scores, catalogue, minimums)
    # Fitted only where a variant needs it: the city may lack a value in the base period.
    base = base_period if fits else None
    by = yardstick(observations, catalogue, base_period=base, scales=scales)
    areas = observations[(observations["sex"] == EVERYONE) & (observations["area"] != CITY)]
    every = []
    for period, rows in enter.groupby("period"):
        seen = areas[(areas["period"] == period) & areas["value"].notna()]
        values = wide(seen, "value", catalogue)
        enters = wide(rows, "score", catalogue).reindex(values.index).notna()
        every.append(
            PeriodArrays(
                period=str(period),
                areas=values.index,
                seen=values.to_numpy(float),
                enters=enters.to_numpy(),
                by=by,
                layout=layout_of(catalogue),
            )
        )
    return every


def methods_of(arrays: PeriodArrays, values: Floats, wanted: Sequence[Pair]) -> dict[Pair, Floats]:
    """Return the standing areas' scores for every pair that the values allow.

    Parameters
    ----------
    values
        Of every area; there may be axes between areas and indicators, such as draws.
    wanted
        Pairs, the published one first. It is never left out: where it is not defined, it is
        refused when it is computed.
    """
    scored = {}
    for normalisation in dict.fromkeys(normalisation for normalisation, _ in wanted):
        if normalisation == wanted[0][0] or _usable(arrays, values, normalisation):
            scored[normalisation] = _score(arrays, values, normalisation)
    # Draws lie between areas and indicators, and what enters an index is the same in all of them.
    middle = (np.newaxis,) * (values.ndim - 2)
    enters = arrays.enters[arrays.stands][(slice(None), *middle)]
    # What does not enter an index may be anything.
    positive = {n for n, x in scored.items() if (np.where(enters, x, 1.0) > 0).all()}
    return {
        (normalisation, aggregation): scored[normalisation]
        for normalisation, aggregation in wanted
        if normalisation in scored
        and (
            aggregation == "arithmetic"
            or normalisation in positive
            or (normalisation, aggregation) == wanted[0]
        )
    }


def _usable(arrays: PeriodArrays, values: Floats, normalisation: Normalisation) -> bool:
    """Say whether a normalisation is defined for every indicator that enters an index."""
    used = any_of(arrays.enters, axis=0)
    reference = arrays.by.reference[used]
    if normalisation in FITTED and not np.isfinite(reference).all():
        return False
    if normalisation in COMPARABLE:
        return normalisation != "distance" or bool((reference != 0).all())
    # The relative ones are fitted on these very values, so that in every draw areas must differ.
    now = values[..., used]
    enough = normalisation != "rank_exponential" or len(arrays.areas) >= MANY_AREAS
    return enough and bool((np.fmax.reduce(now, axis=0) > np.fmin.reduce(now, axis=0)).all())


def _score(arrays: PeriodArrays, values: Floats, normalisation: Normalisation) -> Floats:
    used = any_of(arrays.enters, axis=0)
    # Fitted on every area with a figure, as published scores are, though only those with an index
    # are ranked. What is in no index is left alone: it may be constant, and would be refused.
    standing = values[arrays.stands]
    scores = np.full_like(standing, np.nan)
    scores[..., used] = to_scores(
        standing[..., used], normalisation, arrays.by.only(used), of=values[..., used]
    )
    return scores


def left_out(
    layout: Layout, enters: Bools, *, dimensions: bool = True
) -> Iterator[tuple[str, Bools]]:
    """Name what is left out, nothing first, with the indicators that are then kept."""
    used = any_of(enters, axis=0)
    yield "", np.ones(len(layout.codes), dtype=bool)
    for n, code in enumerate(layout.codes):
        # Without its only indicator no area has an index.
        if used[n] and used.sum() > 1:
            yield code, np.arange(len(layout.codes)) != n
    for n, code in enumerate(layout.dimensions if dimensions else ()):
        mine = layout.member[:, n] > 0
        # A dimension of one indicator has been left out with it.
        if (used & mine).sum() > 1 and (used & ~mine).any():
            yield code, ~mine


def reweighted(layout: Layout, kept: Bools, change: float) -> Iterator[tuple[str, Floats]]:
    """Name the changes of one dimension's weight, none first, with every dimension's factor."""
    yield "", np.ones(len(layout.dimensions))
    there = any_of(layout.member[kept] > 0, axis=0)
    for n, code in enumerate(layout.dimensions):
        for step in (change, -change):
            # A dimension that is alone has all the weight, whatever its weight is.
            if change and there[n] and there.sum() > 1:
                factors = np.ones(len(layout.dimensions))
                factors[n] += step
                yield f"{code}{step:+.0%}", factors


def weights_of(enters: Bools, layout: Layout, kept: Bools, factors: Floats) -> Floats:
    """Return weights, variants by areas by indicators, that sum to 1 in each area.

    The weight of what is missing goes to the rest of its dimension, and that of an empty dimension
    to the others, as in `geolyft.index.combine.weigh`.
    """
    raw = (enters & kept[:, np.newaxis]) * layout.indicator
    # No matrix product: it may sum equal rows in different orders, and break a tie.
    within = np.stack([(raw * mine).sum(axis=-1) for mine in layout.member.T], axis=-1)
    share = (within > 0) * (layout.dimension * factors)[:, np.newaxis]
    # An area with nothing left is divided 0 by 0: no weights, and no index in this variant.
    with np.errstate(invalid="ignore"):
        share = share / share.sum(axis=-1, keepdims=True)
    per_point = np.divide(share, within, out=share * 0, where=within > 0)
    weights: Floats = raw * (per_point @ layout.member.T)
    return weights


def any_of(what: Bools, *, axis: int) -> Bools:
    """Return whether any is true along an axis."""
    # numpy says of `any` that it may return anything.
    any_true: Bools = np.asarray(what.any(axis=axis))
    return any_true


def rank_rows(index: Floats) -> Floats:
    """Rank every row, 1 the lowest, ties low."""
    ranks: Floats = pd.DataFrame(index).rank(axis=1, method="min").to_numpy()
    return ranks

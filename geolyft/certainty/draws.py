"""How sure the index is: scores drawn together from what `certainty.noise` says of every share.

The scale is taken as given: intervals say where the score lies on the stored scale. What an area's
figures have in common, since they are of the same people, is `certainty.errors.correlation`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.errors.correlation import (
    SamePeople,
    figure_errors,
)
from geolyft.certainty.errors.splits import draw_splits
from geolyft.certainty.noise import DEFAULT_NOISE, Noise, chance_part, effective_size
from geolyft.frames import CITY, EVERYONE, FIGURE, Sex, has_status, reference_of
from geolyft.index.combine import weigh
from geolyft.index.minimums import EVERYTHING, Minimums
from geolyft.index.scales import BASE, points_per_unit, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geolyft.certainty.errors.splits import Splits
    from geolyft.indicators.catalogue import Catalogue

    Matrix = NDArray[np.float64]

INDEX: Final = "index"
"""What the index is called in the column ``what``, beside indicators and dimensions."""

DRAWN_COLUMNS: Final = ["area", "period", "what", "reference", "value", "whole"]
SIMULATED_COLUMNS: Final = [
    "area",
    "period",
    "what",
    "value",
    "low",
    "high",
    "sd",
    "difference",
    "difference_low",
    "difference_high",
    "distinct",
]
_TINY: Final = 1e-300
# A mean over standard normal errors, by Gauss and Hermite: exact for a polynomial of degree 29.
_NODES, _OF_NODES = np.polynomial.hermite_e.hermegauss(15)
_WEIGHTS: Final = _OF_NODES / _OF_NODES.sum()
_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Scores drawn together: what areas, years and the city have in common stays common.

    Parameters
    ----------
    keys
        ``DRAWN_COLUMNS``, sorted. `what` is an indicator, a
        dimension or ``index``, `reference` the figure's year (indicators only), `value` the score
        itself, and `whole` tells that nothing it should rest on is missing.
    scores
        A row for each key, a column for each draw.
    """

    keys: pd.DataFrame
    scores: Matrix
    scales: pd.DataFrame

    def rows(self, period: str) -> pd.Series[int]:
        """Return the row number of each ``area, what`` in one period."""
        mine = self.keys[self.keys["period"] == period]
        index = pd.MultiIndex.from_frame(mine[["area", "what"]])
        return pd.Series(mine.index.to_numpy(), index=index, dtype="int64")

    def city_rows(self) -> NDArray[np.int64]:
        """Return for each key the row of the city in the same period, -1 where there is none."""
        city = self.keys[self.keys["area"] == CITY]
        keys = ["period", "what"]
        with_city = self.keys[keys].merge(city[keys].assign(row=city.index), on=keys, how="left")
        return with_city["row"].fillna(-1).to_numpy(dtype="int64")


def draw_scores(
    observations: pd.DataFrame,
    scales: pd.DataFrame,
    catalogue: Catalogue,
    *,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    same_people: SamePeople | None = None,
    splits: Splits | None = None,
    draws: int = 1000,
    seed: int = 2030,
    sex: Sex = EVERYONE,
    minimums: Minimums = EVERYTHING,
) -> Draws:
    """Draw the scores, dimensions and index that the published shares could have been.

    An area's share is drawn from Wilson's score (a confidence distribution: its 2.5 and 97.5 per
    cent points are the interval, its median the share). The city is not drawn by itself: its error
    is the sum of the areas' errors and the residual's, each by its part of the city's base, so
    that an area and the city it belongs to err together. A figure carried forward, with the same
    reference year in two periods, has the same error in both. What else figures of one area have in
    common is said by `same_people`, and else assumed.

    Wilson's score pulls every share towards a half, by z²(½ - p)/n at most. In a mean of m shares
    the pull is that of m times the persons: all but an m-th of it is taken back, so that an index
    of many high shares of few persons is not drawn too low.

    A split small area is drawn once: it moves every indicator and every year that it is in, in
    opposite directions on the two sides of the border, and the city not at all.

    Neglected: the city's published counts are rounded once, not as a sum of rounded areas, which
    is below 0.001 points for a base of 200 000.

    Parameters
    ----------
    observations
        Published observations with the city's rows, in any order.
    noise, parts, splits
        See `geolyft.certainty.noise.effective_size`.
    same_people
        See `geolyft.certainty.errors.correlation.SamePeople`.
    minimums
        See `geolyft.index.combine.weigh`.

    Examples
    --------
    >>> from geolyft.index.scales import fit_scales
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "reference": "2025",
    ...     "sex": "alla", "indicator": "E1", "numerator": [300.0, 800.0, 1100.0],
    ...     "denominator": [500.0, 1000.0, 1500.0], "status": "ok", "source": "register"})
    >>> seen["value"] = 100 * seen["numerator"] / seen["denominator"]
    >>> scales = fit_scales(seen, load_catalogue(), base_period="2025")
    >>> drawn = draw_scores(seen, scales, load_catalogue(), draws=100)
    >>> drawn.keys["what"].unique().tolist(), drawn.scores.shape
    (['E1'], (3, 100))
    """
    # Sorted, so that sums are in one order whatever the order of rows, and so that the figures of a
    # period and indicator are one run of rows.
    known = observations[
        (observations["sex"] == sex)
        & observations["value"].notna()
        & observations["indicator"].isin(set(scales["indicator"]) & set(catalogue.codes))
    ].sort_values(["period", "indicator", "area"], ignore_index=True)
    if known.empty:
        empty = pd.DataFrame(columns=DRAWN_COLUMNS, dtype="str")
        kinds = {"value": "float64", "whole": "bool"}
        return Draws(keys=empty.astype(kinds), scores=np.empty((0, draws)), scales=scales)
    own = effective_size(known, noise, parts, splits=splits, shared=False)
    figures = known.assign(reference=reference_of(known))[FIGURE]
    errors = figure_errors(
        figures,
        draws,
        seed,
        same_people=same_people or SamePeople(),
        catalogue=catalogue,
        chance=chance_part(known, noise, own),
        signs=np.sign(known["indicator"].map(points_per_unit(scales)).to_numpy()),
    )
    shares = _draw_shares(known, np.asarray(own, dtype=np.float64)[:, None], errors)
    if splits is not None:
        # The city stays: what one of its areas gains another one loses.
        shares[:, 1:] += draw_splits(known, splits, draws, seed)
        shares = shares.clip(0, 1)
    weighed = weigh(score(known, scales), catalogue, **minimums.as_keywords)
    # The score itself and the mean of its draws travel as the first two columns, through the same
    # sums as the draws.
    points = np.column_stack([weighed["score"] - BASE, _distances(known, scales, 100 * shares)])
    weighed = weighed.assign(reference=reference_of(known))
    return _gather(weighed, points, catalogue, scales)


def _bound(share: Matrix | float, size: Matrix | float, error: Matrix) -> Matrix:
    """Return Wilson's bound at `error` standard errors; the share itself at 0."""
    square = error**2 / size
    # The sign of the error is that of the bound: below 0 it is the lower one.
    spread = error * np.sqrt(share * (1 - share) / size + square / size / 4)
    bound: Matrix = (share + square / 2 + spread) / (1 + square)
    return bound


def _expected(shares: Matrix, sizes: Matrix) -> Matrix:
    """Return the mean of what is drawn of each share, which lies a little nearer to a half."""
    mean: Matrix = (_bound(shares, sizes, _NODES) * _WEIGHTS).sum(axis=1, keepdims=True)
    return mean


def _draw_shares(known: pd.DataFrame, sizes: Matrix, errors: Matrix) -> Matrix:
    """Draw the areas' shares (of 1), and the city's from theirs; their mean comes first."""
    shares = (known["numerator"] / known["denominator"]).clip(0, 1).to_numpy()[:, None]
    drawn = np.column_stack([_expected(shares, sizes), _bound(shares, sizes, errors)])
    off = drawn - shares
    counts = known[["numerator", "denominator"]].to_numpy()
    is_city = (known["area"] == CITY).to_numpy()
    group = known.groupby(["period", "indicator"]).ngroup().to_numpy(dtype="int64")
    for rows in np.split(np.arange(len(known)), np.flatnonzero(np.diff(group)) + 1):
        for city in rows[is_city[rows]]:
            areas = rows[~is_city[rows]]
            # The rest has no effective size: a person in it is worth what one in the city is.
            efficiency = float(sizes[city, 0]) / counts[city, 1]
            rest, at_rest = _rest(counts[city], counts[areas], efficiency, errors[city])
            # Rounding and noise can make the areas more than their city, parts more than whole.
            part = counts[areas, 1] / max(counts[city, 1], counts[areas, 1].sum())
            # Added area by area: a product of matrices rounds as the machine likes.
            off_city = (part[:, None] * off[areas]).sum(axis=0)
            # Kish's number of equal parts: the pull on all of them is that on so many together.
            off_city -= (1 - (part**2).sum() / max(part.sum() ** 2, _TINY)) * off_city[0]
            drawn[city] = shares[city] + off_city
            drawn[city, 1:] += rest * at_rest
    return drawn


def _rest(city: Matrix, areas: Matrix, efficiency: float, errors: Matrix) -> tuple[float, Matrix]:
    """Return the city's part outside the areas known, and how far its share is drawn off."""
    numerator, denominator = (city - areas.sum(axis=0)).tolist()
    if not denominator >= 1:
        # Noise and rounding can make the areas' sum exceed the city; then there is no rest.
        return 0.0, np.zeros_like(errors)
    share = min(max(numerator / denominator, 0.0), 1.0)
    return denominator / city[1], _bound(share, denominator * efficiency, errors) - share


def _distances(known: pd.DataFrame, scales: pd.DataFrame, values: Matrix) -> Matrix:
    """Place drawn values on their scales, as points above or below the base-year city."""
    slope = known["indicator"].map(points_per_unit(scales)).to_numpy()
    references = scales.set_index("indicator")["reference_value"]
    reference = known["indicator"].map(references).to_numpy()
    placed: Matrix = slope[:, None] * (values - reference[:, None])
    return placed


def _gather(
    weighed: pd.DataFrame, points: Matrix, catalogue: Catalogue, scales: pd.DataFrame
) -> Draws:
    """Add the dimensions and the index to the drawn scores, sorted."""
    weighed = weighed.assign(what=weighed["indicator"])
    full = {d.code: len(catalogue.of(d.code)) for d in catalogue.dimensions}
    pieces = [
        _sum_up(weighed.assign(one=1.0), points, "one", dict.fromkeys(catalogue.codes, 1)),
        _sum_up(weighed.assign(what=weighed["dimension"]), points, "within", full),
        _sum_up(weighed.assign(what=INDEX), points, "weight", {INDEX: len(catalogue.indicators)}),
    ]
    keys = pd.concat([frame for frame, _ in pieces], ignore_index=True)
    # A dimension rests on figures of several years and has no reference of its own.
    of_one = weighed[["area", "period", "what", "reference"]]
    keys = keys.merge(of_one, on=["area", "period", "what"], how="left").fillna({"reference": ""})
    summed = BASE + np.concatenate([values for _, values in pieces])
    keys["value"] = summed[:, 0]
    keys = keys.sort_values(["period", "what", "area"])
    ordered = keys.index.to_numpy()
    return Draws(
        keys=keys[DRAWN_COLUMNS].reset_index(drop=True), scores=summed[ordered, 2:], scales=scales
    )


def _sum_up(
    parts: pd.DataFrame, points: Matrix, weight: str, full: dict[str, int]
) -> tuple[pd.DataFrame, Matrix]:
    """Return the weighted sums of the parts of each area, period and what."""
    key = ["area", "period", "what"]
    parts = parts.assign(
        place=np.arange(len(parts)), partial=has_status(parts["status"], "partial")
    )
    # Indicators in one order, whatever the table's: floats summed in another end otherwise.
    used = parts[parts[weight].notna()].sort_values([*key, "indicator"])
    used = used.assign(squares=used[weight] ** 2)
    groups = used.groupby(key)
    frame = groups.agg(
        n=("place", "size"),
        partial=("partial", "any"),
        sum=(weight, "sum"),
        squares=("squares", "sum"),
    ).reset_index()
    frame["whole"] = ~frame["partial"] & (frame["n"] == frame["what"].map(full))
    weighted = points[used["place"].to_numpy()] * used[weight].to_numpy()[:, None]
    starts = np.concatenate([[0], groups.size().cumsum().to_numpy()[:-1]]).astype("int64")
    # No group is empty: of one that is, reduceat gives the next row instead of 0.
    summed = np.add.reduceat(weighted, starts, axis=0) if len(used) else weighted
    back = 1 - np.asarray((frame["squares"] / frame["sum"] ** 2).fillna(1.0), dtype=np.float64)
    summed[:, 2:] -= (back * (summed[:, 1] - summed[:, 0]))[:, None]
    return frame[[*key, "whole"]], summed


def percentiles(drawn: Matrix) -> Matrix:
    """Return the 2.5 and 97.5 per cent points of each row of draws.

    By Weibull's rule: between so many draws a next one falls in 95 of 100 cases, also where they
    are few. numpy's own rule makes that 94.6 of 500 draws.

    Examples
    --------
    >>> percentiles(np.arange(1.0, 40.0)[None, :]).tolist()
    [[1.0], [39.0]]
    """
    bounds: Matrix = np.quantile(drawn, _TAILS, axis=-1, method="weibull")
    return bounds


def summarise_draws(drawn: Draws) -> pd.DataFrame:
    """Return the 95 % interval of everything drawn, and of its difference to the city.

    Returns
    -------
    pandas.DataFrame
        ``SIMULATED_COLUMNS``, sorted. `distinct` says "statistiskt säkerställd": the interval of
        the difference does not hold 0. Each is a claim of its own: of twenty areas that are all
        like the city, one is called distinct by chance.
    """
    city = drawn.city_rows()
    table = drawn.keys[["area", "period", "what", "value"]].copy()
    table["low"], table["high"] = percentiles(drawn.scores)
    table["sd"] = drawn.scores.std(axis=1)
    # Where the city lacks a figure, -1 would take the last row: there is no difference to tell.
    known = (city >= 0)[:, None]
    apart = np.where(known, drawn.scores - drawn.scores[city], np.nan)
    value = table["value"].to_numpy()
    table["difference"] = np.where(city >= 0, value - value[city], np.nan)
    table["difference_low"], table["difference_high"] = percentiles(apart)
    table["distinct"] = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    return table.sort_values(["area", "period", "what"], ignore_index=True)[SIMULATED_COLUMNS]

"""How sure a figure is: chance, noise and rounding, from the share to the index.

Every share has an *effective size*: how many persons asked at random would leave it as unsure as
it is. Chance alone gives the base itself; a sample's design, added noise, rounding and estimated
bases make it smaller. One number per share then gives the interval, the standard error and the
draws, so that they cannot disagree:

``size = n · v / (v + extra)``, with ``v = p(1 - p) / n`` (at Agresti and Coull's p, which is never
0 or 1) and ``extra`` the sum of the other variances. The interval is Wilson's with this size.

Two things the intervals leave out. The scale is taken as given: they say where the score lies on
the stored scale. And two years are drawn independently although they are mostly the same people,
which makes the interval of a change too wide rather than too narrow: by 1/√(1 - ρ), with ρ the
correlation of the two years' errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from geolyft.aggregate import wilson
from geolyft.composite import BASE, HALF_RANGE_POINTS, score, weigh
from geolyft.form import Form
from geolyft.frames import CITY, EVERYONE, Sex, has_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geolyft.indicators import Catalogue

    Matrix = NDArray[np.float64]

INDEX: Final = "index"
"""What the index is called in the column ``what``, beside indicators and dimensions."""

PARTS_COLUMNS: Final = ["source", "area", "cells", "split"]
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
_Z95: Final = 1.959963984540054
_TAILS: Final = (0.025, 0.975)
_UNIFORM: Final = 12.0
"""A uniform error over one unit has the variance 1/12."""


class Noise(Form):
    """What makes figures less sure than chance alone. Several may apply; their variances add.

    Parameters
    ----------
    source, indicators, since
        Which figures: of this source (``*``: all), these indicators (none: all), reference years
        from this one (empty: all).
    design_effect, fraction
        Of a sample: Kish's design effect, and the part of the base that answered where the counts
        are weighted up to the population. ``n = denominator · fraction / design_effect``.
    cell_sd
        Standard deviation of the noise (or of the publisher's rounding: unit/√12) in each
        published cell. An area that sums k small areas carries √k times as much. SCB says that
        its noise is a small whole number and not how large; ask, or estimate it from totals
        and the sums of their parts.
    numerator_cells, denominator_cells, nested
        How many cells of each small area are summed into each count, and whether the
        numerator's are among the denominator's, so that they err together.
    count_base
        The multiple to which an area's own counts are rounded, such as ``Protection.base``.
    share_unit, base_change
        Of figures marked ``approximate``: the unit a small area's share is rounded to, in per
        cent, and by how much (relative standard deviation) its base differs from the right
        year's. The small areas of an area can at most vary by p(1 - p) around it (Bhatia and
        Davis 2000), which gives ``base_change² · p(1 - p) / k``.
    split
        Relative error of the weights with which small areas were split between areas.

    Examples
    --------
    >>> Noise(source="SCB", since="2025", cell_sd=1.4).cell_sd
    1.4
    """

    source: str = "*"
    indicators: tuple[str, ...] = ()
    since: str = ""
    design_effect: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1
    fraction: Annotated[float, Field(gt=0, le=1)] = 1
    cell_sd: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    numerator_cells: Annotated[int, Field(ge=0)] = 1
    denominator_cells: Annotated[int, Field(ge=0)] = 1
    nested: bool = False
    count_base: Annotated[int, Field(ge=0)] = 0
    share_unit: Annotated[float, Field(ge=0, le=100)] = 0
    base_change: Annotated[float, Field(ge=0, le=1)] = 0
    split: Annotated[float, Field(ge=0, le=1)] = 0

    @model_validator(mode="after")
    def _fits_inside(self) -> Self:
        if self.nested and self.numerator_cells > self.denominator_cells:
            raise ValueError("nested: the numerator cannot have more cells than the denominator")
        return self

    def concerns(
        self, source: pd.Series[str], indicator: pd.Series[str], reference: pd.Series[str]
    ) -> pd.Series[bool]:
        """Say for each row whether this noise is in it."""
        mine = reference >= self.since
        if self.source != "*":
            mine &= source == self.source
        if self.indicators:
            mine &= indicator.isin(self.indicators)
        return mine


DEFAULT_NOISE: Final = (Noise(share_unit=1, base_change=0.02),)
"""The stated rule where nothing else is said: approximate figures rest on shares in whole per
cents and on bases that are 2 per cent off. ``approximate`` does not say why, so that figures from
split small areas are widened by the same rule. Give your own list to replace it."""


def design_effect(weights: pd.Series[float]) -> float:
    """Return Kish's design effect of unequal weights.

    ``n · Σw² / (Σw)²``, 1 when all are equal (Kish 1965, Survey Sampling, section 11.7).

    Examples
    --------
    >>> design_effect(pd.Series([1.0, 1.0, 2.0, 4.0]))
    1.375
    """
    total = float(weights.sum())
    return len(weights) * float((weights**2).sum()) / total**2


def weighted_interval(hit: pd.Series[bool], weights: pd.Series[float]) -> tuple[float, ...]:
    """Return a weighted sample's share and its 95 % interval, as shares of 1.

    Wilson's interval with the effective size ``n / design_effect`` (Korn and Graubard 1998, Survey
    Methodology 24, 193-201). Clusters and strata are not seen by the weights; give a larger
    design effect in `Noise` where the survey's report has one.

    Examples
    --------
    >>> hit = pd.Series([True] * 5 + [False] * 95)
    >>> [round(bound, 6) for bound in weighted_interval(hit, pd.Series([1.0] * 100))]
    [0.05, 0.021544, 0.11175]
    """
    share = float(weights[hit].sum() / weights.sum())
    size = pd.Series([len(weights) / design_effect(weights)])
    low, high = wilson(share * size, size)
    return share, float(low.iloc[0]), float(high.iloc[0])


def share_variance(
    numerator: pd.Series[float],
    denominator: pd.Series[float],
    *,
    numerator_variance: pd.Series[float] | float,
    denominator_variance: pd.Series[float] | float,
    covariance: pd.Series[float] | float = 0.0,
) -> pd.Series[float]:
    """Carry errors of two counts to their share (of 1) by the delta method.

    ``(V(N) - 2p·C(N, D) + p²·V(D)) / D²``.

    Examples
    --------
    >>> n, d = pd.Series([50.0]), pd.Series([100.0])
    >>> share_variance(n, d, numerator_variance=4.0, denominator_variance=4.0).tolist()
    [0.0005]
    """
    share = numerator / denominator
    spread = numerator_variance - 2 * share * covariance + share**2 * denominator_variance
    return spread / denominator**2


def effective_size(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
) -> pd.Series[float]:
    """Return how many persons asked at random would leave each share as unsure as it is.

    Parameters
    ----------
    noise
        What is unsure beyond chance. An empty list leaves chance alone.
    parts
        ``PARTS_COLUMNS``: of how many small areas each source puts an area together (`cells`), and
        how much of its base comes from split ones (`split`, 0 to 1). Unknown areas count as
        one cell and unsplit: too narrow with `cell_sd`, too wide with `share_unit` and
        `base_change`. The city has the cells of all areas and no split, which moves people only
        within it.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "D3", "numerator": 30.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> effective_size(seen, [Noise(design_effect=1.25)]).tolist()
    [80.0]
    """
    made_of = _made_of(observations, parts)
    size = observations["denominator"].where(observations["denominator"] > 0).astype("float64")
    extra = pd.Series(0.0, index=observations.index)
    for each in noise:
        mine = each.concerns(
            observations["source"], observations["indicator"], reference_of(observations)
        )
        size = size.where(~mine, size * each.fraction / each.design_effect)
        extra += _variance(observations, each, made_of).where(mine, 0.0)
    share = (observations["numerator"] / observations["denominator"]).clip(0, 1)
    middle = (share * size + _Z95**2 / 2) / (size + _Z95**2)
    chance = middle * (1 - middle) / size
    return size * (chance / (chance + extra))


def reference_of(observations: pd.DataFrame) -> pd.Series[str]:
    """Return each figure's reference year, the period where none is said."""
    return observations["reference"].where(observations["reference"] != "", observations["period"])


def _made_of(observations: pd.DataFrame, parts: pd.DataFrame | None) -> pd.DataFrame:
    """Return ``cells`` and ``split`` for every row, the city's from its areas'."""
    key = ["source", "area"]
    areas = observations.loc[observations["area"] != CITY, key].drop_duplicates()
    said = pd.DataFrame(columns=PARTS_COLUMNS) if parts is None else parts[PARTS_COLUMNS]
    known = areas.merge(said, on=key, how="left").astype({"cells": "float64", "split": "float64"})
    known = known.fillna({"cells": 1.0, "split": 0.0})
    city = known.groupby("source", as_index=False)["cells"].sum().assign(area=CITY, split=0.0)
    whole = pd.concat([known, city], ignore_index=True)
    found = observations[key].merge(whole, on=key, how="left").set_index(observations.index)
    return found[["cells", "split"]].fillna({"cells": 1.0, "split": 0.0})


def _variance(observations: pd.DataFrame, noise: Noise, made_of: pd.DataFrame) -> pd.Series[float]:
    """Return what one kind of noise adds to the variance of each share (of 1)."""
    numerator, denominator = observations["numerator"], observations["denominator"]
    share = (numerator / denominator).clip(0, 1)
    one = noise.cell_sd**2 * made_of["cells"]
    rounding = noise.count_base**2 / _UNIFORM
    of_counts = share_variance(
        numerator,
        denominator,
        numerator_variance=one * noise.numerator_cells + rounding,
        denominator_variance=one * noise.denominator_cells + rounding,
        covariance=one * noise.numerator_cells * noise.nested,
    )
    between = share * (1 - share)
    unit = (noise.share_unit / 100) ** 2 / _UNIFORM
    estimated = (unit + noise.base_change**2 * between) / made_of["cells"]
    estimated = estimated.where(has_status(observations["status"], "approximate"), 0.0)
    misplaced = (noise.split * made_of["split"]) ** 2 * between
    return of_counts + estimated + misplaced


def intervals(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return ``low`` and ``high`` in per cent: Wilson's interval, made wider by the noise.

    Without noise they are the observations' own.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "E1", "numerator": 5.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> intervals(seen, noise=[]).round(3).values.tolist()
    [[2.154, 11.175]]
    >>> intervals(seen, noise=[Noise(cell_sd=1.4)]).round(3).values.tolist()
    [[1.917, 12.413]]
    """
    size = effective_size(observations, noise, parts)
    share = (observations["numerator"] / observations["denominator"]).clip(0, 1)
    low, high = wilson(share * size, size)
    return pd.DataFrame({"low": low * 100, "high": high * 100})


def standard_errors(
    observations: pd.DataFrame,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
) -> pd.Series[float]:
    """Return each share's standard error in percentage points.

    Half the width of `intervals` over 1.96, so that it is consistent with them and not 0 at a
    share of 0 or 100 per cent.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["1"], "period": "2025", "reference": "2025", "source": "s",
    ...                      "indicator": "E1", "numerator": 50.0, "denominator": 100.0,
    ...                      "status": "ok"})
    >>> standard_errors(seen, noise=[]).round(3).tolist()
    [4.907]
    """
    bounds = intervals(observations, noise, parts)
    return ((bounds["high"] - bounds["low"]) / (2 * _Z95)).rename("standard_error")


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
    scales
        The scales that the scores are on.
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
        found = self.keys[keys].merge(city[keys].assign(row=city.index), on=keys, how="left")
        return found["row"].fillna(-1).to_numpy(dtype="int64")


def draw(
    observations: pd.DataFrame,
    scales: pd.DataFrame,
    catalogue: Catalogue,
    *,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    draws: int = 1000,
    seed: int = 2030,
    sex: Sex = EVERYONE,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> Draws:
    """Draw the scores, dimensions and index that the published shares could have been.

    An area's share is drawn from Wilson's score (a confidence distribution: its 2.5 and 97.5 per
    cent points are the interval, its median the share). The city is not drawn by itself: its error
    is the sum of the areas' errors and the residual's, each by its part of the city's base, so
    that an area and the city it belongs to err together. A figure carried forward, with the same
    reference year in two periods, has the same error in both. Errors of different indicators are
    independent; where the same persons are counted in several this makes the index a little too
    sure or unsure (by √(1 + 11ρ) with a common correlation ρ of twelve indicators' errors).

    Neglected: areas that share a split small area err in opposite directions, and the city not at
    all by it, so its interval is too wide by at most √Σ(w·s)² (w the area's part of the base, s
    its standard error from splits); and the city's published counts are rounded once, not as a
    sum of rounded areas, which is below 0.001 points for a base of 200 000.

    Parameters
    ----------
    observations
        Published observations with the city's rows, in any order.
    noise, parts
        See `effective_size`.
    minimum_indicators, minimum_dimensions
        See `geolyft.composite.weigh`.

    Examples
    --------
    >>> from geolyft.composite import fit_scales
    >>> from geolyft.indicators import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "reference": "2025",
    ...     "sex": "alla", "indicator": "E1", "numerator": [300.0, 800.0, 1100.0],
    ...     "denominator": [500.0, 1000.0, 1500.0], "status": "ok", "source": "register"})
    >>> seen["value"] = 100 * seen["numerator"] / seen["denominator"]
    >>> scales = fit_scales(seen, load_catalogue(), base_period="2025")
    >>> drawn = draw(seen, scales, load_catalogue(), draws=100)
    >>> drawn.keys["what"].unique().tolist(), drawn.scores.shape
    (['E1'], (3, 100))
    """
    known = observations[
        (observations["sex"] == sex)
        & observations["value"].notna()
        & observations["indicator"].isin(set(scales["indicator"]) & set(catalogue.codes))
    ].sort_values(["period", "indicator", "area"], ignore_index=True)
    if known.empty:
        empty = pd.DataFrame(columns=DRAWN_COLUMNS, dtype="str")
        kinds = {"value": "float64", "whole": "bool"}
        return Draws(keys=empty.astype(kinds), scores=np.empty((0, draws)), scales=scales)
    sizes = np.asarray(effective_size(known, noise, parts), dtype=np.float64)[:, None]
    shares = _draw_shares(known, sizes, _errors(known, draws, seed))
    weighed = weigh(
        score(known, scales),
        catalogue,
        minimum_indicators=minimum_indicators,
        minimum_dimensions=minimum_dimensions,
    )
    # The score itself travels as the first column, through the same sums as the draws.
    points = np.column_stack([weighed["score"] - BASE, _distances(known, scales, 100 * shares)])
    weighed = weighed.assign(reference=reference_of(known))
    return _gather(weighed, points, catalogue, scales)


def _errors(known: pd.DataFrame, draws: int, seed: int) -> Matrix:
    """Return standard normal errors, the same for one figure wherever it stands."""
    figure = known.assign(reference=reference_of(known)).groupby(["area", "indicator", "reference"])
    places = figure.ngroup().to_numpy(dtype="int64")
    errors = np.random.default_rng(seed).standard_normal((figure.ngroups, draws))
    chosen: Matrix = errors[places]
    return chosen


def _bound(share: Matrix | float, size: Matrix | float, error: Matrix) -> Matrix:
    """Return Wilson's bound at `error` standard errors; the share itself at 0."""
    square = error**2 / size
    spread = error * np.sqrt(share * (1 - share) / size + square / size / 4)
    bound: Matrix = (share + square / 2 + spread) / (1 + square)
    return bound


def _draw_shares(known: pd.DataFrame, sizes: Matrix, errors: Matrix) -> Matrix:
    """Draw the areas' shares (of 1), and the city's from theirs."""
    shares = (known["numerator"] / known["denominator"]).clip(0, 1).to_numpy()[:, None]
    drawn = _bound(shares, sizes, errors)
    moved = drawn - shares
    counts = known[["numerator", "denominator"]].to_numpy()
    is_city = (known["area"] == CITY).to_numpy()
    group = known.groupby(["period", "indicator"]).ngroup().to_numpy(dtype="int64")
    for rows in np.split(np.arange(len(known)), np.flatnonzero(np.diff(group)) + 1):
        for city in rows[is_city[rows]]:
            areas = rows[~is_city[rows]]
            efficiency = float(sizes[city, 0]) / counts[city, 1]
            rest, at_rest = _rest(counts[city], counts[areas], efficiency, errors[city])
            part = counts[areas, 1] / max(counts[city, 1], counts[areas, 1].sum())
            drawn[city] = shares[city] + part @ moved[areas] + rest * at_rest
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
    by_code = scales.set_index("indicator")
    sign = by_code["direction"].map({"high": 1.0, "low": -1.0})
    slope = known["indicator"].map(sign * HALF_RANGE_POINTS / by_code["half_range"]).to_numpy()
    reference = known["indicator"].map(by_code["reference_value"]).to_numpy()
    placed: Matrix = slope[:, None] * (values - reference[:, None])
    return placed


def _gather(
    weighed: pd.DataFrame, points: Matrix, catalogue: Catalogue, scales: pd.DataFrame
) -> Draws:
    """Add the dimensions and the index to the drawn scores, sorted."""
    own = weighed.assign(what=weighed["indicator"])
    full = {d.code: len(catalogue.of(d.code)) for d in catalogue.dimensions}
    pieces = [
        _sum_up(own.assign(one=1.0), points, "one", dict.fromkeys(catalogue.codes, 1)),
        _sum_up(own.assign(what=own["dimension"]), points, "within", full),
        _sum_up(own.assign(what=INDEX), points, "weight", {INDEX: len(catalogue.indicators)}),
    ]
    keys = pd.concat([frame for frame, _ in pieces], ignore_index=True)
    of_one = own[["area", "period", "what", "reference"]]
    keys = keys.merge(of_one, on=["area", "period", "what"], how="left").fillna({"reference": ""})
    summed = BASE + np.concatenate([values for _, values in pieces])
    keys["value"] = summed[:, 0]
    keys = keys.sort_values(["period", "what", "area"])
    ordered = keys.index.to_numpy()
    return Draws(
        keys=keys[DRAWN_COLUMNS].reset_index(drop=True), scores=summed[ordered, 1:], scales=scales
    )


def _sum_up(
    parts: pd.DataFrame, points: Matrix, weight: str, full: dict[str, int]
) -> tuple[pd.DataFrame, Matrix]:
    """Return the weighted sums of the parts of each area, period and what."""
    key = ["area", "period", "what"]
    parts = parts.assign(
        place=np.arange(len(parts)), partial=has_status(parts["status"], "partial")
    )
    used = parts[parts[weight].notna()].sort_values([*key, "indicator"])
    groups = used.groupby(key)
    frame = groups.agg(n=("place", "size"), partial=("partial", "any")).reset_index()
    frame["whole"] = ~frame["partial"] & (frame["n"] == frame["what"].map(full))
    weighted = points[used["place"].to_numpy()] * used[weight].to_numpy()[:, None]
    starts = np.concatenate([[0], groups.size().cumsum().to_numpy()[:-1]]).astype("int64")
    summed = np.add.reduceat(weighted, starts, axis=0) if len(used) else weighted
    return frame[[*key, "whole"]], summed


def summarise(drawn: Draws) -> pd.DataFrame:
    """Return the 95 % interval of everything drawn, and of its difference to the city.

    Returns
    -------
    pandas.DataFrame
        ``SIMULATED_COLUMNS``, sorted. `distinct` says "säkert skild från staden": the interval of
        the difference does not hold 0. Each is a claim of its own: of twenty areas that are all
        like the city, one is called distinct by chance.
    """
    city = drawn.city_rows()
    table = drawn.keys[["area", "period", "what", "value"]].copy()
    table["low"], table["high"] = np.quantile(drawn.scores, _TAILS, axis=1)
    table["sd"] = drawn.scores.std(axis=1)
    # The city lacks a figure where it is -1: then there is no difference to tell.
    known = (city >= 0)[:, None]
    apart = np.where(known, drawn.scores - drawn.scores[city], np.nan)
    value = table["value"].to_numpy()
    table["difference"] = np.where(city >= 0, value - value[city], np.nan)
    table["difference_low"], table["difference_high"] = np.quantile(apart, _TAILS, axis=1)
    table["distinct"] = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    return table.sort_values(["area", "period", "what"], ignore_index=True)[SIMULATED_COLUMNS]


def simulate(
    observations: pd.DataFrame,
    scales: pd.DataFrame,
    catalogue: Catalogue,
    *,
    noise: Sequence[Noise] = DEFAULT_NOISE,
    parts: pd.DataFrame | None = None,
    draws: int = 1000,
    seed: int = 2030,
    sex: Sex = EVERYONE,
    minimum_indicators: int | None = None,
    minimum_dimensions: int | None = None,
) -> pd.DataFrame:
    """Return how sure every score, dimension and index is, and its difference to the city.

    `draw` and `summarise` in one; see there.

    Examples
    --------
    >>> from geolyft.composite import fit_scales
    >>> from geolyft.indicators import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "reference": "2025",
    ...     "sex": "alla", "indicator": "E1", "numerator": [300.0, 800.0, 1100.0],
    ...     "denominator": [500.0, 1000.0, 1500.0], "status": "ok", "source": "register"})
    >>> seen["value"] = 100 * seen["numerator"] / seen["denominator"]
    >>> scales = fit_scales(seen, load_catalogue(), base_period="2025")
    >>> sure = simulate(seen, scales, load_catalogue()).set_index("area")
    >>> sure["value"].round(9).tolist(), sure["distinct"].tolist()
    ([60.0, 120.0, 100.0], [True, True, False])
    """
    return summarise(
        draw(
            observations,
            scales,
            catalogue,
            noise=noise,
            parts=parts,
            draws=draws,
            seed=seed,
            sex=sex,
            minimum_indicators=minimum_indicators,
            minimum_dimensions=minimum_dimensions,
        )
    )

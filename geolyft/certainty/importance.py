"""The data and the choices behind an index, varied together: which of them matters most.

After Saisana, Saltelli and Tarantola 2005, Journal of the Royal Statistical Society A 168, 307-323.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geolyft.certainty.sensitivity import DEFAULT, Choices
from geolyft.certainty.sobol import sobol
from geolyft.certainty.variants import Pair, PeriodArrays, methods_of, rank_rows, weights_of
from geolyft.index.means import mean_of
from geolyft.index.scales import BASE, points_per_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from geolyft.certainty.draws import Draws
    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue

    Bools = npt.NDArray[np.bool_]
    Redraw = Callable[[pd.DataFrame, np.random.Generator], npt.ArrayLike]

JOINT_COLUMNS: Final = ["area", "input", "first", "total", "variance", "error"]
INPUTS: Final = ("data", "normalisation", "aggregation", "left_out", "weights")
"""What is varied."""


def joint_sensitivity(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    base_period: str,
    period: str | None = None,
    redraw: Redraw | None = None,
    draws: int = 200,
    output: Literal["rank", "index"] = "rank",
    choices: Choices = DEFAULT,
    samples: int = 2048,
    seed: int = 0,
) -> pd.DataFrame:
    """Let the data and the choices vary together, and say which of them moves each area.

    Inputs, all independent: ``data`` (which draw of the values), ``normalisation``,
    ``aggregation`` (among the means that fit the normalisation, so it matters only where there
    are several), ``left_out`` (no dimension or one of them) and ``weights`` (every dimension's
    weight times its own factor, up to `Choices.weight_change` from 1). Fitted scales stay as
    published; relative ones are fitted on each draw.

    Parameters
    ----------
    observations, catalogue, base_period
        As in `geolyft.certainty.sensitivity.variants`.
    redraw
        Called with the values (a table of areas by indicators) and a random generator, returns
        values of the same shape as the data could as well have been; called `draws` times.
        Without it the data are taken as exact.
    output
        ``rank``, or ``index``: the index in standard deviations from the areas' mean, because
        indices of different normalisations are on different scales.
    samples, seed
        As in `geolyft.certainty.sobol.sobol`.

    Returns
    -------
    pandas.DataFrame
        ``area, input, first, total, variance, error``, as in `geolyft.certainty.sobol.sobol`.

    Raises
    ------
    IndexComputationError
        As `geolyft.certainty.sensitivity.variants`.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> rng = np.random.default_rng(0)
    >>> seen = pd.DataFrame([[area, "2025", "alla", code, 60.0 if area == "city" else value, "ok"]
    ...                      for area in ("1", "2", "3", "4", "city")
    ...                      for code in load_catalogue().codes
    ...                      for value in [rng.uniform(40, 80)]],
    ...     columns=["area", "period", "sex", "indicator", "value", "status"])
    >>> table = joint_sensitivity(seen, load_catalogue(), base_period="2025", samples=64)
    >>> sorted(table["input"].unique()), table.loc[table["input"] == "data", "total"].max().item()
    (['aggregation', 'data', 'left_out', 'normalisation', 'weights'], 0.0)
    """
    period = base_period if period is None else period
    now = observations[observations["period"].isin([period, base_period])]
    every = choices.lay_out(now, catalogue, base_period=base_period)
    arrays = next((arrays for arrays in every if arrays.period == period), None)
    if arrays is None:
        return pd.DataFrame({column: [] for column in JOINT_COLUMNS})
    values = _redrawn(arrays, redraw, draws if redraw else 1, seed)
    model = _Model(
        arrays=arrays,
        methods=methods_of(arrays, values, choices.pairs()),
        weight_change=choices.weight_change,
        output=output,
    )
    table = sobol(
        model,
        dict.fromkeys(INPUTS, 1) | {"weights": len(catalogue.dimensions)},
        outputs=list(arrays.standing),
        samples=samples,
        seed=seed,
    )
    return table.rename(columns={"output": "area"})


def normal(errors: pd.DataFrame) -> Redraw:
    """Make a `redraw` for `joint_sensitivity` that adds independent normal errors.

    Parameters
    ----------
    errors
        Standard errors in per cent units, areas by indicators; 0 where one is missing. Values
        stay between 0 and 100.

    Examples
    --------
    >>> values = pd.DataFrame({"E1": [40.0, 60.0]}, index=["1", "2"])
    >>> redraw = normal(pd.DataFrame({"E1": [0.0]}, index=["1"]))
    >>> redraw(values, np.random.default_rng(0)).ravel().tolist()
    [40.0, 60.0]
    """

    def redraw(values: pd.DataFrame, rng: np.random.Generator) -> Floats:
        sd = errors.reindex(index=values.index, columns=values.columns).fillna(0.0)
        drawn: Floats = values.to_numpy(float) + rng.normal(size=values.shape) * sd.to_numpy(float)
        return drawn.clip(0, 100)

    return redraw


def drawn_values(drawn: Draws, period: str) -> Redraw:
    """Make a `redraw` for `joint_sensitivity` from figures that were drawn together.

    What areas and indicators have in common, such as a split small area, stays common.

    Examples
    --------
    >>> from geolyft.certainty.draws import draw_scores
    >>> from geolyft.index.scales import fit_scales
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "reference": "2025",
    ...     "sex": "alla", "indicator": "E1", "numerator": [4e8, 6e8, 1e9],
    ...     "denominator": [1e9, 1e9, 2e9], "value": [40.0, 60, 50], "status": "ok", "source": ""})
    >>> scales = fit_scales(seen, load_catalogue(), base_period="2025")
    >>> drawn = draw_scores(seen, scales, load_catalogue(), draws=100)
    >>> values = pd.DataFrame({"E1": [40.0, 60.0]}, index=["1", "2"])
    >>> redraw = drawn_values(drawn, "2025")
    >>> redraw(values, np.random.default_rng(0)).round(1).ravel().tolist()
    [40.0, 60.0]
    """
    places = drawn.rows(period)
    scales = drawn.scales.set_index("indicator")
    codes = places.index.get_level_values("what").to_series()
    slope, middle = (
        codes.map(each).to_numpy(dtype="float64")[:, None]
        for each in (points_per_unit(drawn.scales), scales["reference_value"])
    )
    shares = middle + (drawn.scores[places.to_numpy()] - BASE) / slope
    # Asked for each draw anew: a dictionary answers at once, an index of pandas' does not.
    row_of = {drawn_of: row for row, drawn_of in enumerate(places.index)}

    def redraw(values: pd.DataFrame, rng: np.random.Generator) -> Floats:
        asked = product(values.index, values.columns)
        row = np.array([row_of.get(each, -1) for each in asked], dtype=np.int64)
        known = values.to_numpy(float).ravel()
        # What was not drawn stays as it is.
        chosen = np.where(row >= 0, shares[row, rng.integers(shares.shape[1])], known)
        return chosen.reshape(values.shape)

    return redraw


def importance(by_area: pd.DataFrame) -> pd.DataFrame:
    """Sum up over the areas which input matters most, the most important first.

    The mean of the areas' indices, weighted by their variance: shares of the variance of all
    areas' outputs together (Lamboni, Monod and Makowski 2011, Reliability Engineering and System
    Safety 96, 450-459). The error of the total is at most the weighted mean of the areas' errors,
    which is what stands here: they rest on the same samples.

    Returns
    -------
    pandas.DataFrame
        ``input, first, total, error``.

    Examples
    --------
    >>> by_area = pd.DataFrame({"area": ["1", "1", "2", "2"], "input": ["data", "weights"] * 2,
    ...                         "first": [0.5, 0.5, 0.0, 1.0], "total": [0.5, 0.5, 0.0, 1.0],
    ...                         "error": 0.0, "variance": [1.0, 1.0, 3.0, 3.0]})
    >>> importance(by_area).to_numpy().tolist()
    [['weights', 0.875, 0.875, 0.0], ['data', 0.125, 0.125, 0.0]]
    """
    whole = by_area["variance"].groupby(by_area["input"]).transform("sum")
    share = (by_area["variance"] / whole).where(whole > 0, 0.0)
    parts = by_area[["first", "total", "error"]].mul(share, axis=0).groupby(by_area["input"]).sum()
    return parts.sort_values("total", ascending=False, kind="stable").reset_index()


def _redrawn(arrays: PeriodArrays, redraw: Redraw | None, draws: int, seed: int) -> Floats:
    """Return values as they could have been: areas by draws by indicators."""
    # Another stream of numbers than the sample's.
    rng = np.random.default_rng([seed, 1])
    table = pd.DataFrame(arrays.seen, index=arrays.areas, columns=list(arrays.layout.codes))
    drawn = [
        arrays.seen if redraw is None else np.asarray(redraw(table.copy(), rng), float)
        for _ in range(draws)
    ]
    values = np.stack(drawn, axis=1)
    # What is not published is not drawn either.
    return np.where(np.isfinite(arrays.seen)[:, np.newaxis], values, np.nan)


@dataclass(frozen=True, kw_only=True)
class _Model:
    """The index as a function of uniform numbers, a column per choice."""

    arrays: PeriodArrays
    methods: dict[Pair, Floats]
    weight_change: float
    output: Literal["rank", "index"]

    def __call__(self, u: Floats) -> Floats:
        enters = self.arrays.enters[self.arrays.stands]
        pair = self._pairs(u[:, 1], u[:, 2])
        weights = self._weigh(enters, u[:, 3], u[:, 4:])
        index = np.empty((len(u), len(enters)))
        for n, ((_, aggregation), scores) in enumerate(self.methods.items()):
            mine = pair == n
            draw = _pick(u[mine, 0], scores.shape[1])
            x = scores[:, draw].swapaxes(0, 1)
            index[mine] = mean_of(x, weights[mine], how=aggregation)
        if self.output == "rank":
            return rank_rows(index)
        apart: Floats = index - index.mean(axis=1, keepdims=True)
        sd = index.std(axis=1, keepdims=True)
        places: Floats = np.divide(apart, sd, out=np.zeros_like(apart), where=sd > 0)
        return places

    def _pairs(self, first: Floats, second: Floats) -> npt.NDArray[np.int64]:
        """Choose a normalisation, and then a mean among those that fit it."""
        options = list(dict.fromkeys(normalisation for normalisation, _ in self.methods))
        chosen = _pick(first, len(options))
        number = np.empty(len(first), dtype=np.int64)
        for n, option in enumerate(options):
            fitting = np.array([m for m, pair in enumerate(self.methods) if pair[0] == option])
            mine = chosen == n
            number[mine] = fitting[_pick(second[mine], len(fitting))]
        return number

    def _weigh(self, enters: Bools, out: Floats, factors: Floats) -> Floats:
        layout = self.arrays.layout
        # Nothing, or a dimension whose absence leaves something.
        options = [np.ones(len(layout.codes), dtype=bool)]
        options += [~mine for mine in layout.member.T > 0 if (enters & ~mine).any(axis=1).all()]
        kept = np.stack(options)[_pick(out, len(options))]
        return weights_of(enters, layout, kept, 1 + self.weight_change * (2 * factors - 1))


def _pick(u: Floats, options: int) -> npt.NDArray[np.int64]:
    chosen: npt.NDArray[np.int64] = np.minimum((u * options).astype(np.int64), options - 1)
    return chosen

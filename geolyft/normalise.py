"""From values in per cent to scores: every scale an index can be made with, by name.

The functions on arrays have the areas on the first axis and may have anything behind it
(indicators, draws). `normalise` takes and returns frames. A score is always better when higher.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geolyft.composite import BASE, HALF_RANGE_POINTS, fit_scales
from geolyft.errors import GeolyftWarning, IndexComputationError
from geolyft.frames import CITY, EVERYONE
from geolyft.means import NEEDS_POSITIVE, Aggregation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geolyft.indicators import Catalogue

    Floats = npt.NDArray[np.float64]

Normalisation = Literal[
    "goalpost", "shares", "zscore", "minmax", "percentile", "distance", "rank_exponential"
]
"""How values become scores."""

NORMALISATIONS: Final[tuple[Normalisation, ...]] = (
    "goalpost",
    "shares",
    "zscore",
    "minmax",
    "percentile",
    "distance",
    "rank_exponential",
)

COMPARABLE: Final[frozenset[Normalisation]] = frozenset({"goalpost", "shares", "distance"})
"""Those whose scores may be compared between periods: their scale is fixed, or needs no fit.

The others place an area among the areas of its own period. They say who is where, not whether
anything changed: if every area improves alike, no such score moves.
"""

FITTED: Final[frozenset[Normalisation]] = frozenset({"goalpost", "distance"})
"""Those that need the base period."""

MANY_AREAS: Final = 100
_DECAY: Final = 23.0


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """What scores are measured with, an element per indicator.

    Parameters
    ----------
    sign
        1 where high is good, -1 where high is bad.
    reference, half_range
        The city's value and half the range of the areas in the base period; missing where the
        indicator has no scale.
    """

    sign: Floats
    reference: Floats
    half_range: Floats

    def only(self, cut: npt.NDArray[np.bool_]) -> Yardstick:
        """Return the yardstick of some of the indicators."""
        return Yardstick(
            sign=self.sign[cut], reference=self.reference[cut], half_range=self.half_range[cut]
        )


def yardstick(
    observations: pd.DataFrame, catalogue: Catalogue, *, base_period: str | None
) -> Yardstick:
    """Return the catalogue's directions and, with a base period, what was fitted on it.

    Raises
    ------
    IndexComputationError
        See `geolyft.composite.fit_scales`.

    Examples
    --------
    >>> from geolyft.indicators import load_catalogue
    >>> yardstick(pd.DataFrame(), load_catalogue(), base_period=None).sign[:3].tolist()
    [1.0, 1.0, 1.0]
    """
    sign = np.array([1.0 if i.direction == "high" else -1.0 for i in catalogue.indicators])
    if base_period is None:
        return Yardstick(sign=sign, reference=sign * np.nan, half_range=sign * np.nan)
    scales = fit_scales(observations, catalogue, base_period=base_period)
    by_code = scales.set_index("indicator").reindex(list(catalogue.codes))
    return Yardstick(
        sign=sign,
        reference=by_code["reference_value"].to_numpy(float),
        half_range=by_code["half_range"].to_numpy(float),
    )


def minmax(
    x: npt.ArrayLike, lower: float = 0, upper: float = 100, *, of: npt.ArrayLike | None = None
) -> Floats:
    """Return ``(x - min) / (max - min) · (upper - lower) + lower``.

    OECD and JRC 2008, Handbook on Constructing Composite Indicators, step 5.

    Parameters
    ----------
    x
        Values, areas first; missing ones stay missing.
    lower, upper
        Where the lowest and the highest value end.
    of
        The values that set the scale, as the areas' do for the city; `x` itself by default.

    Raises
    ------
    IndexComputationError
        ``index-constant``.

    Examples
    --------
    >>> minmax([12, 25, 30, 41, 72]).round(4).tolist()
    [0.0, 21.6667, 30.0, 48.3333, 100.0]
    """
    values, fitted = _values(x, of)
    low, high = _extremes(fitted)
    return (values - low) / (high - low) * (upper - lower) + lower


def zscore(x: npt.ArrayLike, *, of: npt.ArrayLike | None = None) -> Floats:
    """Return ``(x - mean) / sd`` with the sample standard deviation (n - 1).

    OECD and JRC 2008, step 5. Among n areas no score is further out than (n - 1) / √n, which is
    3.47 for 14 areas.

    Parameters
    ----------
    x, of
        As in `minmax`.

    Raises
    ------
    IndexComputationError
        ``index-constant``.

    Examples
    --------
    >>> zscore([12, 25, 30, 41, 72]).round(5).tolist()
    [-1.05911, -0.48543, -0.26478, 0.22065, 1.58866]
    """
    values, fitted = _values(x, of)
    _extremes(fitted)
    mean = np.nanmean(fitted, axis=0)
    scores: Floats = (values - mean) / np.nanstd(fitted, axis=0, ddof=1)
    return scores


def percentile_rank(x: npt.ArrayLike, *, of: npt.ArrayLike | None = None) -> Floats:
    """Return ``(rank - 1) / (n - 1)``: the share of the other areas that lie below; ties low.

    Parameters
    ----------
    x, of
        As in `minmax`. A value outside `of` gets 0 or 1.

    Raises
    ------
    IndexComputationError
        ``index-constant``.

    Examples
    --------
    >>> percentile_rank([12, 25, 25, 41, 72]).tolist()
    [0.0, 0.25, 0.25, 0.75, 1.0]
    """
    values, fitted = _values(x, of)
    _extremes(fitted)
    others = np.isfinite(fitted).sum(axis=0) - 1
    shares: Floats = np.minimum(_below(values, fitted) / others, 1.0)
    return shares


def goalposts(x: npt.ArrayLike, worst: float, best: float) -> Floats:
    """Return how far from the worst to the best each value is, cut to between 0 and 1.

    ``(x - worst) / (best - worst)``, as in UNDP's Human Development Index, Technical note 1. With
    `worst` above `best`, low values are good.

    Raises
    ------
    IndexComputationError
        ``index-constant`` when the goalposts are the same.

    Examples
    --------
    >>> goalposts([1, 11, -1], 0, 10).tolist(), goalposts([1], 10, 0).tolist()
    ([0.1, 1.0, 0.0], [0.9])
    """
    _extremes(np.array([worst, best], float))
    return np.clip((np.asarray(x, float) - worst) / (best - worst), 0.0, 1.0)


def distance_to_city(x: npt.ArrayLike, city: npt.ArrayLike) -> Floats:
    """Return values in per cent of the city's: ``100 · x / city``, so the city is 100.

    OECD and JRC 2008, step 5, distance to a reference.

    Raises
    ------
    IndexComputationError
        ``index-reference`` when a city value is 0.

    Examples
    --------
    >>> distance_to_city([18, 36, 45], 36).tolist()
    [50.0, 100.0, 125.0]
    """
    reference = np.asarray(city, float)
    if (reference == 0).any():
        raise IndexComputationError(
            "index-reference",
            "the city's value is 0, and nothing can be a per cent of it",
            remedy="choose another normalisation or base period",
        )
    scaled: Floats = BASE * np.asarray(x, float) / reference
    return scaled


def exponential_rank(share: npt.ArrayLike) -> Floats:
    """Return ``-23 · ln(1 - R · (1 - exp(-100/23)))``: 100 for the most deprived, R = 1.

    The transformation of ranks in the English Indices of Deprivation (Technical report 2019).
    It spreads the most deprived tenth over half the scale, which is what it is for
    among thousands of areas and too much among few: the second of 14 is at 57.

    Parameters
    ----------
    share
        Rank divided by the number of areas, above 0 and at most 1, the most deprived at 1.

    Examples
    --------
    >>> exponential_rank([1, 0.9, 0.5, 0.1]).round(6).tolist()
    [100.0, 50.426654, 15.64679, 2.39026]
    """
    least = 1 - np.exp(-100 / _DECAY)
    scores: Floats = -_DECAY * np.log(1 - np.asarray(share, float) * least)
    return scores


def to_scores(
    x: Floats, method: Normalisation, by: Yardstick, *, of: Floats | None = None
) -> Floats:
    """Return scores for an array of values, areas first and indicators last.

    Goalpost scores are those of `geolyft.composite.score`. Shares are the per cents themselves,
    or what is left to 100 where high is bad. Distances are mirrored at 100. Percentile ranks are
    in per cent. Of exponential ranks the score is what is left to 100, so that the most deprived
    area has 0.

    Parameters
    ----------
    x
        Values; missing ones stay missing.
    method
        The normalisation.
    by
        Directions and the fitted scale.
    of
        The areas' values, where `x` has other rows as well; `x` itself by default.

    Examples
    --------
    >>> bad = Yardstick(sign=np.array([-1.0]), reference=np.array([20.0]),
    ...                 half_range=np.array([10.0]))
    >>> to_scores(np.array([[15.0], [30.0]]), "goalpost", bad).ravel().tolist()
    [115.0, 70.0]
    >>> to_scores(np.array([[15.0], [30.0]]), "distance", bad).ravel().tolist()
    [125.0, 50.0]
    """
    if method == "goalpost":
        return BASE + by.sign * HALF_RANGE_POINTS * ((x - by.reference) / by.half_range)
    if method == "distance":
        return BASE + by.sign * (distance_to_city(x, by.reference) - BASE)
    if method == "shares":
        return np.where(by.sign > 0, x, 100 - x)
    return _relative(by.sign * x, by.sign * (x if of is None else of), method)


def _relative(good: Floats, among: Floats, method: Normalisation) -> Floats:
    """Place values, turned so that higher is better, among those of the areas."""
    if method == "minmax":
        return minmax(good, of=among)
    if method == "zscore":
        return zscore(good, of=among)
    if method == "percentile":
        return 100 * percentile_rank(good, of=among)
    _extremes(among)
    number = np.isfinite(among).sum(axis=0)
    return 100 - exponential_rank(np.minimum((_below(-good, -among) + 1) / number, 1.0))


def normalise(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    method: Normalisation = "goalpost",
    *,
    base_period: str,
) -> pd.DataFrame:
    """Turn observations into scores by a named normalisation: higher is always better.

    What is not in ``COMPARABLE`` is fitted anew in each period, on its areas with both sexes
    together; the city, women and men are then placed on that scale.

    Parameters
    ----------
    observations
        Published observations with the city's rows.
    catalogue
        Gives the direction of each indicator.
    method
        The normalisation, see `to_scores`.
    base_period
        Where ``goalpost`` and ``distance`` are fitted.

    Returns
    -------
    pandas.DataFrame
        ``area, period, sex, indicator, score, status``, as `geolyft.composite.score` returns;
        missing values have no row.

    Raises
    ------
    IndexComputationError
        ``index-constant`` when an indicator is the same in every area of a period that it is
        fitted on, ``index-base`` and ``index-reference`` when the city's value cannot be used.

    Warns
    -----
    GeolyftWarning
        For exponential ranks among fewer than 100 areas.

    Examples
    --------
    >>> from geolyft.indicators import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [60.0, 80.0, 75.0], "status": "ok"})
    >>> normalise(seen, load_catalogue(), "minmax", base_period="2025")["score"].tolist()
    [0.0, 100.0, 75.0]
    """
    usable = observations["value"].notna() & observations["indicator"].isin(list(catalogue.codes))
    known = observations[usable].reset_index(drop=True)
    base = base_period if method in FITTED else None
    by = yardstick(observations, catalogue, base_period=base)
    if method == "distance":
        _refuse_zero(by.reference, catalogue.codes)
    if method == "rank_exponential":
        _warn_if_few(known)
    scored = pd.Series(np.nan, index=known.index)
    for period, rows in known.groupby("period"):
        scored[rows.index] = _score_period(rows, str(period), catalogue, method, by)
    result: pd.DataFrame = known.assign(score=scored).dropna(subset="score", ignore_index=True)
    return result[["area", "period", "sex", "indicator", "score", "status"]]


def incompatible(normalisation: Normalisation, aggregation: Aggregation) -> str | None:
    """Say why a normalisation and a mean cannot be used together, or nothing where they can.

    Decided from the names alone, so a run is refused before anything is read.

    Examples
    --------
    >>> incompatible("zscore", "geometric")
    'a geometric mean needs scores above 0, and zscore gives 0 or less'
    >>> incompatible("goalpost", "geometric") is None
    True
    """
    # Goalpost scores lie around 100, and 0 is more than three half-ranges below the city.
    if aggregation == "arithmetic" or normalisation == "goalpost":
        return None
    if aggregation in NEEDS_POSITIVE:
        verb = "can give" if normalisation in {"shares", "distance"} else "gives"
        return f"a {aggregation} mean needs scores above 0, and {normalisation} {verb} 0 or less"
    return f"the penalty of ampi is made for goalpost scores around 100, not for {normalisation}"


def pairs(
    normalisations: Sequence[Normalisation], aggregations: Sequence[Aggregation]
) -> tuple[list[tuple[Normalisation, Aggregation]], dict[tuple[Normalisation, Aggregation], str]]:
    """Return the pairs that can be used, and the refused ones with the reason.

    Examples
    --------
    >>> allowed, refused = pairs(["goalpost", "minmax"], ["arithmetic", "geometric"])
    >>> len(allowed), list(refused)
    (3, [('minmax', 'geometric')])
    """
    allowed = []
    refused = {}
    for normalisation in normalisations:
        for aggregation in aggregations:
            reason = incompatible(normalisation, aggregation)
            if reason is None:
                allowed.append((normalisation, aggregation))
            else:
                refused[normalisation, aggregation] = reason
    return allowed, refused


def _values(x: npt.ArrayLike, of: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    values = np.asarray(x, float)
    return values, values if of is None else np.asarray(of, float)


def _extremes(fitted: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest value of every column, or refuse a constant one."""
    low: Floats = np.fmin.reduce(fitted, axis=0)
    high: Floats = np.fmax.reduce(fitted, axis=0)
    constant = int(np.sum(~(high > low)))
    if constant:
        raise IndexComputationError(
            "index-constant",
            f"{constant} of {low.size} columns do not differ between the areas",
            remedy="leave them out: no scale can be made of one value",
        )
    return low, high


def _below(values: Floats, fitted: Floats) -> Floats:
    """Count the fitted values that lie below each value, column by column."""
    shape = values.shape
    columns, among = values.reshape(shape[0], -1), fitted.reshape(fitted.shape[0], -1)
    counts = np.empty_like(columns)
    for n in range(columns.shape[1]):
        # Missing values sort last, above every value that is looked up.
        counts[:, n] = np.searchsorted(np.sort(among[:, n]), columns[:, n], side="left")
    counts[np.isnan(columns)] = np.nan
    return counts.reshape(shape)


def _score_period(
    rows: pd.DataFrame, period: str, catalogue: Catalogue, method: Normalisation, by: Yardstick
) -> Floats:
    """Return the scores of one period's rows, laid out as units by indicators and back."""
    unit = rows.groupby(["area", "sex"]).ngroup().to_numpy()
    column = pd.Categorical(rows["indicator"], categories=list(catalogue.codes)).codes
    x = np.full((unit.max() + 1, len(catalogue.codes)), np.nan)
    x[unit, column] = rows["value"].to_numpy(float)
    area = np.zeros(len(x), dtype=bool)
    area[unit[((rows["sex"] == EVERYONE) & (rows["area"] != CITY)).to_numpy()]] = True
    cut = np.ones(x.shape[1], dtype=bool)
    if method not in COMPARABLE:
        cut = np.isfinite(np.fmin.reduce(x[area], axis=0, initial=np.inf))
        _refuse_constant(x[area], catalogue.codes, period)
    scores = np.full_like(x, np.nan)
    if cut.any():
        scores[:, cut] = to_scores(x[:, cut], method, by.only(cut), of=x[area][:, cut])
    found: Floats = scores[unit, column]
    return found


def _refuse_constant(fitted: Floats, codes: Sequence[str], period: str) -> None:
    for n, code in enumerate(codes):
        known = fitted[np.isfinite(fitted[:, n]), n]
        if len(known) and known.min() == known.max():
            raise IndexComputationError(
                "index-constant",
                f"indicator {code} does not differ between the areas in {period}",
                remedy="leave it out of the catalogue, or use goalpost, shares or distance",
            )


def _refuse_zero(reference: Floats, codes: Sequence[str]) -> None:
    for value, code in zip(reference, codes, strict=True):
        if value == 0:
            raise IndexComputationError(
                "index-reference",
                f"the city's value of indicator {code} is 0, and nothing is a per cent of it",
                remedy="choose another normalisation or base period",
            )


def _warn_if_few(known: pd.DataFrame) -> None:
    number = known.loc[known["area"] != CITY, "area"].nunique()
    if number < MANY_AREAS:
        warnings.warn(
            f"exponential ranks among {number} areas: the last area is far from all others "
            f"whatever the values; they are made for {MANY_AREAS} areas or more",
            GeolyftWarning,
            stacklevel=3,
        )

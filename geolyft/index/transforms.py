"""From values to scores as arrays: every scale an index can be made with, by name.

The areas are on the first axis, and there may be anything behind it (indicators, draws). A score
is always better when higher. `geolyft.index.normalise` does the same to frames.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geolyft.errors import IndexComputationError
from geolyft.index.scales import BASE, points_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from geolyft.frames import Floats


Normalisation = Literal[
    "goalpost", "shares", "zscore", "minmax", "percentile", "distance", "rank_exponential"
]
"""How values become scores."""

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


def percent_of_city(x: npt.ArrayLike, city: npt.ArrayLike) -> Floats:
    """Return values in per cent of the city's: ``100 · x / city``, so the city is 100.

    OECD and JRC 2008, step 5, distance to a reference.

    Raises
    ------
    IndexComputationError
        ``index-reference`` when a city value is 0.

    Examples
    --------
    >>> percent_of_city([18, 36, 45], 36).tolist()
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

    Goalpost scores are those of `geolyft.index.scales.score`. Shares are the per cents themselves,
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
    return METHODS[method].score(x, by, x if of is None else of)


def _rank_exponential(good: Floats, among: Floats) -> Floats:
    _extremes(among)
    number = np.isfinite(among).sum(axis=0)
    return 100 - exponential_rank(np.minimum((_below(-good, -among) + 1) / number, 1.0))


@dataclass(frozen=True, kw_only=True)
class Method:
    """A normalisation; its words are in ``normalisations.toml`` beside this module.

    Parameters
    ----------
    score
        From values, what they are measured with, and the areas' values to scores.
    comparable
        Whether scores may be compared between periods: the scale is fixed, or needs no fit. The
        others place an area among the areas of its own period. They say who is where, not whether
        anything changed: if every area improves alike, no such score moves.
    fitted
        Whether it needs the base period.
    """

    score: Callable[[Floats, Yardstick, Floats], Floats]
    comparable: bool = False
    fitted: bool = False


def _among(place: Callable[[Floats, Floats], Floats]) -> Method:
    """Return a method that places values, turned so that higher is better, among the areas'."""
    return Method(score=lambda x, by, of: place(by.sign * x, by.sign * of))


METHODS: Final[Mapping[Normalisation, Method]] = {
    "goalpost": Method(
        score=lambda x, by, _: (
            BASE + points_from(x, by.reference, half_range=by.half_range, sign=by.sign)
        ),
        comparable=True,
        fitted=True,
    ),
    "shares": Method(score=lambda x, by, _: np.where(by.sign > 0, x, 100 - x), comparable=True),
    "zscore": _among(lambda good, among: zscore(good, of=among)),
    "minmax": _among(lambda good, among: minmax(good, of=among)),
    "percentile": _among(lambda good, among: 100 * percentile_rank(good, of=among)),
    "distance": Method(
        score=lambda x, by, _: BASE + by.sign * (percent_of_city(x, by.reference) - BASE),
        comparable=True,
        fitted=True,
    ),
    "rank_exponential": _among(_rank_exponential),
}
"""Every normalisation by its name. A new one is here, in `Normalisation`, and in words."""

NORMALISATIONS: Final[tuple[Normalisation, ...]] = tuple(METHODS)
COMPARABLE: Final = frozenset(name for name, method in METHODS.items() if method.comparable)
FITTED: Final = frozenset(name for name, method in METHODS.items() if method.fitted)


@cache
def words_of(normalisation: Normalisation, lang: str) -> Mapping[str, str]:
    """Return a normalisation's ``name`` for readers, and what it is ``about``.

    Examples
    --------
    >>> words_of("zscore", "en")["name"]
    'standard deviations (z-scores)'
    """
    text = (files("geolyft.index") / "normalisations.toml").read_text(encoding="utf-8")
    words: Mapping[str, str] = tomllib.loads(text)[normalisation][lang]
    return words


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

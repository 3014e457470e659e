"""What figures of the same people have in common, told from who is in both.

With n persons in both bases, the errors of two shares of n₁ and n₂ persons have the covariance
``n · c / (n₁ · n₂)``, where c is the covariance of the two answers among those n. Their correlation
is ``n · c / √(n₁ v₁ · n₂ v₂)``, with v the variance of an answer.

Areas differ, and that they do is no chance. So c and v are those within areas: what the areas'
published shares have in common is taken from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.together.pairs import CELLS, PAIR
from geolyft.frames import CITY, EVERYONE, reference_of

if TYPE_CHECKING:
    from geolyft.frames import Floats

COUNTED_COLUMNS: Final = [*PAIR, "correlation"]
_FIGURE: Final = ["source", "indicator", "reference"]
_DECIMALS: Final = 2
"""What is published is what is drawn with, and a later run does the same."""


def no_correlations() -> pd.DataFrame:
    """Return the correlations of no figures."""
    kinds = {**dict.fromkeys(PAIR, "str"), "correlation": "float64"}
    return pd.DataFrame(columns=COUNTED_COLUMNS).astype(kinds)


def counted_correlations(pairs: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations of the chance errors of two shares of the same people.

    Parameters
    ----------
    pairs
        What `geolyft.disclosure.together.pairs.protect_pairs` returns.
    observations
        Published observations with the city's rows.

    Returns
    -------
    pandas.DataFrame
        ``COUNTED_COLUMNS``: the pairs of which it can be told, to two decimals. Where so few are in
        both bases that they cannot matter, it is 0.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": "city", "period": "2025", "reference": "2025", "sex": "alla",
    ...     "source": "s", "indicator": ["E1", "E2"], "numerator": [600.0, 500.0],
    ...     "denominator": 1000.0})
    >>> pairs = pd.DataFrame({"source": "s", "indicator": "E1", "reference": "2025", "other": "E2",
    ...     "other_reference": "2025", "both": [400.0], "first": 200.0, "second": 100.0,
    ...     "neither": 300.0, "common": 1000.0})
    >>> counted_correlations(pairs, seen)["correlation"].tolist()
    [0.41]
    """
    everyone = observations[(observations["sex"] == EVERYONE) & (observations["denominator"] > 0)]
    everyone = everyone.assign(reference=reference_of(everyone)).drop_duplicates(["area", *_FIGURE])
    one, two = (
        _Shares.of(everyone, pairs[["source", *names]].set_axis(_FIGURE, axis=1))
        for names in (["indicator", "reference"], ["other", "other_reference"])
    )
    spread = np.sqrt(one.variance() * two.variance())
    correlation = (_covariance(pairs, one, two) / spread).clip(-1, 1)
    # At most a quarter is what one person in both can give.
    negligible = pairs["common"].to_numpy() / 4 / spread < 10.0**-_DECIMALS / 2
    correlation = np.where(negligible, 0.0, correlation).round(_DECIMALS) + 0.0
    table = pairs[PAIR].assign(correlation=correlation)
    return table[table["correlation"].notna()].sort_values(PAIR, ignore_index=True)


@dataclass(frozen=True)
class _Shares:
    """Published shares and their bases: the city's by figure, and its areas' by area and figure."""

    city: Floats
    whole: Floats
    share: Floats
    base: Floats

    @classmethod
    def of(cls, everyone: pd.DataFrame, figures: pd.DataFrame) -> _Shares:
        """Look up figures, in their order; missing where nothing is published."""
        areas = sorted({*everyone["area"]} - {CITY})
        places = figures.assign(column=range(len(figures))).merge(everyone, on=_FIGURE)
        row = places["area"].map({area: n for n, area in enumerate([CITY, *areas])})
        share, base = np.full((2, len(areas) + 1, len(figures)), np.nan)
        base[row, places["column"]] = places["denominator"]
        share[row, places["column"]] = places["numerator"] / places["denominator"]
        return cls(city=share[0], whole=base[0], share=share[1:], base=base[1:])

    def variance(self) -> Floats:
        """Return the variance of the city's numerators that is chance; missing where none is."""
        variance = self.whole * (self.city * (1 - self.city) - _between(self, self))
        return np.where(variance > 0, variance, np.nan)


def _covariance(pairs: pd.DataFrame, one: _Shares, two: _Shares) -> Floats:
    """Return the covariance of two of the city's numerators that is chance."""
    both, first, second, _ = pairs[CELLS].to_numpy(dtype="float64").T
    common = pairs["common"].to_numpy(dtype="float64")
    with np.errstate(invalid="ignore", divide="ignore"):
        together = both / common - (both + first) * (both + second) / common**2
    covariance: Floats = common * (together - _between(one, two))
    return covariance


def _between(one: _Shares, two: _Shares) -> Floats:
    """Return the covariance of the areas' shares, weighted by their bases; 0 of unknown ones."""
    weight = np.nan_to_num(np.sqrt(one.base * two.base))
    with np.errstate(invalid="ignore"):
        weight = weight / weight.sum(axis=0)
    p, q = np.nan_to_num(one.share), np.nan_to_num(two.share)
    mean = (weight * p).sum(axis=0) * (weight * q).sum(axis=0)
    covariance: Floats = np.nan_to_num((weight * p * q).sum(axis=0) - mean)
    return covariance

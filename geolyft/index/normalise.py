"""From observations in per cent to scores by a named scale, and which means go with which.

The scales themselves are functions on arrays, in `geolyft.index.transforms`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geolyft.errors import GeolyftWarning, IndexComputationError
from geolyft.frames import CITY, EVERYONE
from geolyft.index.means import NEEDS_POSITIVE, Aggregation
from geolyft.index.scales import fit_scales, signs_of
from geolyft.index.transforms import (
    COMPARABLE,
    FITTED,
    MANY_AREAS,
    Normalisation,
    Yardstick,
    to_scores,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.frames import Floats
    from geolyft.indicators.catalogue import Catalogue


def yardstick(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    *,
    base_period: str | None,
    scales: pd.DataFrame | None = None,
) -> Yardstick:
    """Return the catalogue's directions and, with a base period, what was fitted on it.

    Parameters
    ----------
    scales
        Scales that are kept from an earlier run, instead of fitting them on the base period.

    Raises
    ------
    IndexComputationError
        See `geolyft.index.scales.fit_scales`.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> yardstick(pd.DataFrame(), load_catalogue(), base_period=None).sign[:3].tolist()
    [1.0, 1.0, 1.0]
    """
    sign = signs_of(catalogue)
    if base_period is None:
        # NaN for each indicator: what needs a scale then gives no score, instead of a wrong one.
        return Yardstick(sign=sign, reference=sign * np.nan, half_range=sign * np.nan)
    if scales is None:
        scales = fit_scales(observations, catalogue, base_period=base_period)
    by_code = scales.set_index("indicator").reindex(list(catalogue.codes))
    return Yardstick(
        sign=sign,
        reference=by_code["reference_value"].to_numpy(float),
        half_range=by_code["half_range"].to_numpy(float),
    )


def normalise(
    observations: pd.DataFrame,
    catalogue: Catalogue,
    method: Normalisation = "goalpost",
    *,
    base_period: str,
    scales: pd.DataFrame | None = None,
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
        The normalisation, see `geolyft.index.transforms.to_scores`.
    base_period, scales
        Where ``goalpost`` and ``distance`` are fitted, or the scales that are kept for them.

    Returns
    -------
    pandas.DataFrame
        ``area, period, sex, indicator, score, status``, as `geolyft.index.scales.score` returns;
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
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2", "city"], "period": "2025", "sex": "alla",
    ...                      "indicator": "E1", "value": [60.0, 80.0, 75.0], "status": "ok"})
    >>> normalise(seen, load_catalogue(), "minmax", base_period="2025")["score"].tolist()
    [0.0, 100.0, 75.0]
    """
    usable = observations["value"].notna() & observations["indicator"].isin(list(catalogue.codes))
    known = observations[usable].reset_index(drop=True)
    base = base_period if method in FITTED else None
    by = yardstick(observations, catalogue, base_period=base, scales=scales)
    # Here, where the indicator has a name; the arrays further in would only say that one is 0.
    if method == "distance":
        _refuse_zero(by.reference, catalogue.codes)
    if method == "rank_exponential":
        _warn_if_few(known)
    # By row number, which `reset_index` made that of the table: keys repeat by sex and period.
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
        verb = "can give" if normalisation in COMPARABLE else "gives"
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


def _score_period(
    rows: pd.DataFrame, period: str, catalogue: Catalogue, method: Normalisation, by: Yardstick
) -> Floats:
    """Return the scores of one period's rows, laid out as units by indicators and back."""
    # Women, men and all are units of their own, placed on one scale.
    unit = rows.groupby(["area", "sex"]).ngroup().to_numpy()
    column = pd.Categorical(rows["indicator"], categories=list(catalogue.codes)).codes
    x = np.full((unit.max() + 1, len(catalogue.codes)), np.nan)
    x[unit, column] = rows["value"].to_numpy(float)
    # The scale is the areas' with all their people: with the sexes each would count three times.
    area = np.zeros(len(x), dtype=bool)
    area[unit[((rows["sex"] == EVERYONE) & (rows["area"] != CITY)).to_numpy()]] = True
    # An indicator without any area's figure this period has no scale, and its city no score.
    cut = np.ones(x.shape[1], dtype=bool)
    if method not in COMPARABLE:
        cut = np.isfinite(np.fmin.reduce(x[area], axis=0, initial=np.inf))
        _refuse_constant(x[area], catalogue.codes, period)
    scores = np.full_like(x, np.nan)
    if cut.any():
        scores[:, cut] = to_scores(x[:, cut], method, by.only(cut), of=x[area][:, cut])
    of_rows: Floats = scores[unit, column]
    return of_rows


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

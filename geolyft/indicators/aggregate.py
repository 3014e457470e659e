"""Counts become observations: sum first, divide last.

*Counts* are the frame in between: ``area, period, reference, sex, indicator, numerator,
denominator, status, source``, with a row for the residual, which belongs to the city and to no
area. *Observations* divide them, and add the city as the sum of all of it.
"""

from __future__ import annotations

import warnings
from itertools import product
from typing import TYPE_CHECKING, Final, get_args

import numpy as np
import pandas as pd

from geolyft.errors import GeolyftWarning, JoinError, brief
from geolyft.frames import (
    CITY,
    EVERYONE,
    OBSERVATION_COLUMNS,
    RESIDUAL,
    Sex,
    check_frame,
    check_known,
    check_observations,
    check_statuses,
    check_texts,
    combine_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.indicators.measures import Measure
    from geolyft.join.small_areas import Moved

_PARTS: Final = ("numerator", "denominator")
_DIVIDED: Final = ("value", "low", "high")
COUNT_COLUMNS: Final = [name for name in OBSERVATION_COLUMNS if name not in _DIVIDED]
_GROUP: Final = ["area", "period", "reference", "sex", "indicator", "source"]
_Z95: Final = 1.959963984540054
_MATERIAL_SPLIT: Final = 0.01
"""An area is approximate when more of its base than this comes from split small areas."""


def count_rows(
    flags: Sequence[NDArray[np.bool_]], at: NDArray[np.intp], size: int
) -> NDArray[np.int64]:
    """Count at each of `size` places the rows of which each flag is true.

    Examples
    --------
    >>> count_rows([np.array([True, True, False])], np.array([1, 1, 0]), 2).tolist()
    [[0], [2]]
    """
    return np.column_stack([np.bincount(at[flag], minlength=size) for flag in flags])


def count_moved(moved: Moved, measure: Measure, *, hidden: Collection[str] = ()) -> pd.DataFrame:
    """Say a measure's moved totals as counts, with what is known of their quality.

    Parameters
    ----------
    moved
        Totals with the columns ``numerator`` and ``denominator``.
    hidden
        Areas in which the publisher has hidden a part: without any figure they are hidden, not
        missing.

    Returns
    -------
    pandas.DataFrame
        ``area, sex, indicator, numerator, denominator, status``.
    """
    counts = moved.totals.reset_index().assign(sex=measure.sex, indicator=measure.indicator)
    split = moved.split["denominator"] > _MATERIAL_SPLIT
    approximate = (split | (measure.share is not None)).to_numpy()
    incomplete = moved.incomplete["denominator"].to_numpy()
    missing = counts["denominator"].isna().to_numpy()
    status = [
        ("hidden" if h else "missing")
        if m
        else combine_status("approximate" if a else "", "partial" if i else "")
        for m, a, i, h in zip(
            missing, approximate, incomplete, counts["area"].isin(list(hidden)), strict=True
        )
    ]
    return counts.assign(status=status)


def aggregate(
    counts: pd.DataFrame,
    *,
    areas: Sequence[str],
    periods: Sequence[str],
    catalogue: Catalogue,
    reach: Callable[[pd.DataFrame], pd.Series[float]] | None = None,
) -> pd.DataFrame:
    """Divide counts into shares, and add the city.

    Every area, period and indicator of the catalogue gets a row, missing where nothing is counted.
    The city is the sum of the areas and the residual, never a mean of the areas.

    Parameters
    ----------
    counts
        ``COUNT_COLUMNS``; several rows of one key (parts of an area) are summed.
    reach
        Returns for such rows by how many persons a part may exceed its total through noise alone.
        It is then shown as the total, or as 0 where it is negative, ``approximate``, with a
        warning. The city is the sum of what was counted.

    Returns
    -------
    pandas.DataFrame
        Observations in per cent with a Wilson interval, the city and the residual among the areas.

    Raises
    ------
    JoinError
        ``aggregate-share`` when a numerator exceeds its denominator or is negative by more.
    ReadError
        ``frame-columns``, ``frame-text``, ``frame-number`` or ``frame-unknown``, see
        `geolyft.frames`.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> counts = pd.DataFrame([["1", "2025", "2025", "alla", "E1", 30.0, 40.0, "ok", "s"]],
    ...                       columns=COUNT_COLUMNS)
    >>> seen = aggregate(counts, areas=["1"], periods=["2025"], catalogue=load_catalogue())
    >>> seen.query("indicator == 'E1'")["value"].tolist()
    [75.0, 75.0]
    """
    _check_counts(counts, areas, periods, catalogue)
    with_city = pd.concat([counts, counts.assign(area=CITY)], ignore_index=True)
    grouped = with_city.groupby(_GROUP, sort=False)
    # Nine decimals of a person keep all of a count and none of what binary fractions add to it.
    summed = grouped[["numerator", "denominator"]].sum(min_count=1).round(9)
    statuses = grouped["status"].agg(list)
    summed["status"] = [
        _status_of_parts(parts, known)
        for parts, known in zip(statuses, summed["denominator"].notna(), strict=True)
    ]
    observations = _within_bounds(summed.reset_index(), reach)
    observations = _add_missing(observations, [*areas, CITY], periods, catalogue)
    observations = divide(observations)
    observations["status"] = _stale(observations, catalogue)
    return check_observations(observations)


def _check_counts(
    counts: pd.DataFrame, areas: Sequence[str], periods: Sequence[str], catalogue: Catalogue
) -> None:
    """Refuse counts that would be of no area, period or indicator, and so of nothing."""
    texts = [name for name in COUNT_COLUMNS if name not in _PARTS]
    check_frame(counts, texts=texts, numbers=_PARTS, what="counts")
    known: dict[str, Sequence[str]] = {
        "area": [*areas, RESIDUAL],
        "period": periods,
        "indicator": catalogue.codes,
        "sex": get_args(Sex),
    }
    for column, codes in known.items():
        what = f"counts, column {column}"
        check_texts(pd.Index(codes), what=f"the known codes of {column}")
        remedy = f"give {column} as one of {brief(', '.join(codes), 60)}"
        check_known(counts[column], codes, what=what, remedy=remedy)
    check_statuses(counts["status"], what="counts")


def divide(observations: pd.DataFrame) -> pd.DataFrame:
    """Return the observations with value, low and high (per cent) from their counts.

    An empty base gives no share: the status becomes ``missing``.
    """
    base = observations["denominator"].where(observations["denominator"] > 0)
    low, high = wilson(observations["numerator"], base)
    empty = observations["denominator"] == 0
    status = observations["status"].where(~empty, "missing")
    value = observations["numerator"] / base * 100
    return observations.assign(value=value, low=low * 100, high=high * 100, status=status)


def wilson(
    numerator: pd.Series[float], denominator: pd.Series[float]
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the 95 % Wilson interval of a share, as shares of 1.

    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> low, high = wilson(pd.Series([5.0]), pd.Series([100.0]))
    >>> round(float(low[0]), 6), round(float(high[0]), 6)
    (0.021544, 0.11175)
    """
    share = numerator / denominator
    square = _Z95**2 / denominator
    middle = share + square / 2
    # Rounding below zero at a share of 0 or 1 would give NaN, not a bound.
    spread = _Z95 * np.sqrt(
        (share * (1 - share) / denominator).clip(lower=0) + square / denominator / 4
    )
    low = ((middle - spread) / (1 + square)).clip(lower=0)
    return low.where(numerator > 0, low * 0), ((middle + spread) / (1 + square)).clip(upper=1)


def _status_of_parts(parts: list[str], known: bool) -> str:  # noqa: FBT001 - private
    """Combine the statuses of an area's parts: one part without figures makes the sum partial."""
    named = combine_status(*parts).split("+")
    absent = {"missing", "hidden"}.intersection(named)
    if not known:
        return "hidden" if "hidden" in absent else "missing"
    rest = (part for part in named if part not in absent)
    return combine_status(*rest, "partial" if absent else "")


def _within_bounds(
    observations: pd.DataFrame, reach: Callable[[pd.DataFrame], pd.Series[float]] | None
) -> pd.DataFrame:
    """Keep shares from 0 to 100 per cent where noise has carried them out, and refuse others."""
    part, whole = observations["numerator"], observations["denominator"]
    beyond = pd.concat([part - whole, -part, -whole], axis=1).max(axis=1)
    # Moved counts are sums of products; a full share may exceed its base by rounding alone.
    wrong = beyond > 1e-9 * whole.abs()
    if not wrong.any():
        return observations
    allowed = reach(observations) if reach else pd.Series(0.0, index=observations.index)
    _refuse_shares(observations[wrong & (beyond > allowed)])
    shown = observations[wrong & (observations["area"] != RESIDUAL)]
    _warn_of_bounds(shown if len(shown) else observations[wrong])
    whole = whole.clip(lower=0)
    kept = part.clip(lower=0).where(part <= whole, whole)
    status = observations["status"].map(lambda status: combine_status(status, "approximate"))
    return observations.assign(
        numerator=part.where(~wrong, kept),
        denominator=whole,
        status=observations["status"].where(~wrong, status),
    )


def _refuse_shares(wrong: pd.DataFrame) -> None:
    if len(wrong):
        first = wrong.iloc[0]
        raise JoinError(
            "aggregate-share",
            f"{len(wrong)} shares are below 0 or above 100 per cent, "
            f"first {first['indicator']} in area {first['area']}, period {first['period']}",
            remedy="check which columns are numerator and denominator",
            where=str(first["source"]),
        )


def _warn_of_bounds(wrong: pd.DataFrame) -> None:
    first = wrong.iloc[0]
    message = (
        f"{first['source']}: {len(wrong)} shares are below 0 or above 100 per cent by no more than "
        f"the publisher's noise, first {first['indicator']} in area {first['area']}, period "
        f"{first['period']}; they are shown as 0 or 100, approximate"
    )
    warnings.warn(message, GeolyftWarning, stacklevel=4)


def _add_missing(
    observations: pd.DataFrame, areas: Sequence[str], periods: Sequence[str], catalogue: Catalogue
) -> pd.DataFrame:
    keys = ["area", "period", "sex", "indicator"]
    expected = pd.DataFrame(product(areas, periods, [EVERYONE], catalogue.codes), columns=keys)
    absent = expected.merge(observations[keys], on=keys, how="left", indicator=True)
    absent = absent.loc[absent["_merge"] == "left_only", keys]
    absent = absent.assign(status="missing", source="", reference="")
    return pd.concat([observations, absent], ignore_index=True)


def _stale(observations: pd.DataFrame, catalogue: Catalogue) -> pd.Series[str]:
    """Mark figures older than their indicator's normal lag."""
    age = pd.to_numeric(observations["period"], errors="coerce") - pd.to_numeric(
        observations["reference"], errors="coerce"
    )
    lag = observations["indicator"].map({i.code: i.lag for i in catalogue.indicators})
    old = (age > lag) & observations["value"].notna()
    marked = observations["status"].map(lambda status: combine_status(status, "stale"))
    return observations["status"].where(~old, marked)

"""Small numbers are hidden before anything is computed from them.

Nothing that is computed or written after this stage has seen an unprotected count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import numpy as np
from pydantic import Field

from geolyft.errors import DisclosureError
from geolyft.form import Form
from geolyft.frames import RESIDUAL, combine_status, has_status, restated
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

MINIMUM_THRESHOLD: Final = 3
"""Of two who are counted, each knows that the other one is."""


class Protection(Form):
    """How small numbers are hidden.

    Parameters
    ----------
    threshold
        A share is hidden when its numerator, or what is left of its denominator, is below this.
        Zero counts too: that nobody in an area has something says it of each of them.
    base
        Every count that stays is rounded to the nearest multiple of this, so that differences
        between published counts do not give the hidden ones back.
    """

    threshold: Annotated[int, Field(ge=0)] = 10
    base: Literal[1, 3, 5, 10] = 5


def protect(
    observations: pd.DataFrame, protection: Protection, *, exempt: Collection[str] = ()
) -> pd.DataFrame:
    """Return observations that may be published.

    The method is the ONS 10-5 rule, applied to both counts of a share. Shares and intervals are
    computed anew from the rounded counts, so nothing finer leaks through them.

    Parameters
    ----------
    observations
        Observations; the residual's rows are left out of what is returned.
    exempt
        Names of sources whose publisher has already protected them.

    Raises
    ------
    DisclosureError
        ``protect-threshold`` when unprotected sources would be published with a threshold below 3
        or without rounding.

    Examples
    --------
    >>> from geolyft.frames import OBSERVATION_COLUMNS
    >>> row = ["1", "2025", "2025", "alla", "E1", 12.0, 47.0, 0.0, 0.0, 0.0, "ok", "register"]
    >>> seen = protect(pd.DataFrame([row], columns=OBSERVATION_COLUMNS), Protection())
    >>> seen[["numerator", "denominator"]].values.tolist()
    [[10.0, 45.0]]
    """
    # What is filled in for completeness has no source and no figures.
    is_open = ~observations["source"].isin(list(exempt)) & (observations["source"] != "")
    check_protection(protection, open_sources=observations.loc[is_open, "source"].nunique())
    # Nobody in the base is no small number: the share is missing, and called hidden it would say
    # that somebody is there. The counts go all the same.
    empty = observations["denominator"] == 0
    hidden = is_open & ~empty & _small(observations, protection.threshold)
    published = observations.copy()
    for column in ("numerator", "denominator"):
        rounded = round_counts(observations[column], protection.base)
        published[column] = (
            observations[column].where(~is_open, rounded).mask(hidden | (is_open & empty))
        )
    # From the rounded counts, city and areas alike: a finer share times its base is the count.
    redone = divide(published)
    for column in ("value", "low", "high"):
        published[column] = published[column].where(~is_open, redone[column])
    published["status"] = published["status"].where(~hidden, restated(published["status"], _hide))
    return published[published["area"] != RESIDUAL].reset_index(drop=True)


def hide_second(
    observations: pd.DataFrame, *parents: Mapping[str, str], exempt: Collection[str] = ()
) -> pd.DataFrame:
    """Hide one more small area where a single one is hidden in a larger area.

    The larger area's figure is published too: less the others', it would give the hidden one back
    to within what rounding blurs. Of those that are left, the one with the smallest base goes; if
    that leaves it alone in a larger area of another division, another goes there, and so on.

    Parameters
    ----------
    observations
        Published observations of small areas, as `protect` returns them.
    parents
        For each larger division, small area to the larger area that most of it lies in.
    exempt
        Names of sources whose publisher has already protected them.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": ["a", "b", "c"], "period": "2025", "sex": "alla",
    ...     "indicator": "E1", "source": "register", "status": ["hidden", "ok", "ok"]})
    >>> for column in ("numerator", "denominator", "value", "low", "high"):
    ...     seen[column] = [None, 90.0, 40.0]
    >>> hide_second(seen, {"a": "1", "b": "1", "c": "1"})["status"].tolist()
    ['hidden', 'ok', 'hidden']
    """
    published, before = observations, -1
    while (hidden := int(has_status(published["status"], "hidden").sum())) != before:
        before = hidden
        for larger in parents:
            published = _hide_beside(published, larger, exempt)
    return published


def _hide_beside(
    observations: pd.DataFrame, parents: Mapping[str, str], exempt: Collection[str]
) -> pd.DataFrame:
    parent = observations["area"].map(parents)
    # A publisher who protects has hidden on his own grounds, and his figures are public already.
    eligible = ~observations["source"].isin(list(exempt)) & parent.notna()
    key = [parent, *(observations[each] for each in ("period", "sex", "indicator"))]
    hidden = eligible & has_status(observations["status"], "hidden")
    alone = hidden.groupby(key).transform("sum") == 1
    # What has no base is missing: hidden, it would hide nobody.
    left = observations["denominator"].where(eligible & alone & ~hidden)
    # By the first row where bases are equal: one goes, not all of them.
    second = left.notna() & (left.groupby(key).rank(method="first") == 1)
    published = observations.copy()
    figures = ["numerator", "denominator", "value", "low", "high"]
    published[figures] = published[figures].mask(second)
    published["status"] = published["status"].where(~second, restated(published["status"], _hide))
    return published


def check_protection(protection: Protection, *, open_sources: int, where: str = "") -> None:
    """Refuse to publish sources nobody has protected with too little protection.

    Raises
    ------
    DisclosureError
        ``protect-threshold``.
    """
    if open_sources and (protection.threshold < MINIMUM_THRESHOLD or protection.base == 1):
        raise DisclosureError(
            "protect-threshold",
            f"threshold {protection.threshold} and base {protection.base} leave small numbers of "
            f"{open_sources} sources open",
            remedy=f"set threshold to {MINIMUM_THRESHOLD} or more and base to 3, 5 or 10, "
            "or say with protected_by who has protected them already",
            where=where,
        )


def round_counts(counts: pd.Series[float], base: int) -> pd.Series[float]:
    """Round counts to the nearest multiple of an odd or even base, halves up.

    Examples
    --------
    >>> round_counts(pd.Series([12.0, 13.0, 16.0, 23.0]), 5).tolist()
    [10.0, 15.0, 15.0, 25.0]
    """
    # Not np.round, which takes halves to the even neighbour: every second of them down.
    return (counts / base + 0.5).apply(np.floor) * base


def protect_counts(
    counts: pd.Series[float], protection: Protection, *, exempt: bool
) -> pd.Series[float]:
    """Return counts that may be published: below the threshold missing, the rest rounded.

    Examples
    --------
    >>> protect_counts(pd.Series([7.0, 12.0]), Protection(), exempt=False).tolist()
    [nan, 10.0]
    """
    if exempt:
        return counts
    return round_counts(counts, protection.base).where(counts >= protection.threshold)


def _small(observations: pd.DataFrame, threshold: int) -> pd.Series[bool]:
    left = observations["denominator"] - observations["numerator"]
    return (observations["numerator"] < threshold) | (left < threshold)


def _hide(status: str) -> str:
    return combine_status(*(part for part in status.split("+") if part != "partial"), "hidden")

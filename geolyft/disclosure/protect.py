"""Small numbers are hidden before anything is computed from them.

Nothing that is computed or written after this stage has seen an unprotected count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

import numpy as np
from pydantic import Field

from geolyft.errors import DisclosureError
from geolyft.form import Form
from geolyft.frames import RESIDUAL
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

Counts = TypeVar("Counts", float, "pd.Series[float]")
FIGURES: Final = ["numerator", "denominator", "value", "low", "high"]
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
    width
        How wide what all published figures together say of a hidden side has to be at least: the
        most it can be less the least. The audit of a run hides more where it is narrower. Of a
        threshold below 6 no more can be asked than that threshold less 1.
    audit
        Whether all that a run publishes is audited together, and refused where that does not help.
    """

    threshold: Annotated[int, Field(ge=0)] = 10
    base: Literal[1, 3, 5, 10] = 5
    width: Annotated[int, Field(ge=1)] = 5
    audit: bool = True

    @property
    def asked_width(self) -> int:
        """How wide what is known of a side has to be: no wider than the rule itself leaves it."""
        return min(self.width, max(self.threshold - 1, 0))


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
    published = protect_cells(observations, protection, exempt=exempt)
    return published[published["area"] != RESIDUAL].reset_index(drop=True)


def protect_cells(
    observations: pd.DataFrame,
    protection: Protection,
    *,
    exempt: Collection[str] = (),
    small: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """Return what `protect` does, the residual's rows included.

    Parameters
    ----------
    small
        Which figures are of a few, by default by their counts.
    """
    is_open = of_open_sources(observations, exempt)
    check_protection(protection, open_sources=observations.loc[is_open, "source"].nunique())
    published = observations.copy()
    for column in ("numerator", "denominator"):
        rounded = round_counts(observations[column], protection.base)
        published[column] = observations[column].where(~is_open, rounded)
    # From the rounded counts, city and areas alike: a finer share times its base is the count.
    redone = divide(published)
    for column in ("value", "low", "high"):
        published[column] = published[column].where(~is_open, redone[column])
    # That nobody is there says as much as that few are: both are hidden, and look the same.
    small = few(observations, protection.threshold) if small is None else small
    return hide(published, is_open & small)


def of_open_sources(table: pd.DataFrame, exempt: Collection[str]) -> pd.Series[bool]:
    """Say which rows are of a source that nobody has protected."""
    # What is filled in for completeness has no source and no figures.
    return ~table["source"].isin(list(exempt)) & (table["source"] != "")


def hide(observations: pd.DataFrame, hidden: pd.Series[bool]) -> pd.DataFrame:
    """Return the observations without the figures of some, which all look alike then.

    Examples
    --------
    >>> seen = pd.DataFrame({"value": [40.0, 50.0], "status": ["stale", "ok"]})
    >>> hide(seen, pd.Series([True, False])).values.tolist()
    [[nan, 'hidden'], [50.0, 'ok']]
    """
    figures = observations.columns.intersection(FIGURES)
    published = observations.copy()
    published[figures] = published[figures].mask(hidden)
    # What else a status says can depend on what is hidden.
    published["status"] = published["status"].mask(hidden, "hidden")
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


def round_counts(counts: Counts, base: int) -> Counts:
    """Round counts to the nearest multiple of an odd or even base, halves up.

    Examples
    --------
    >>> round_counts(pd.Series([12.0, 13.0, 16.0, 23.0]), 5).tolist()
    [10.0, 15.0, 15.0, 25.0]
    """
    # Not np.round, which takes halves to the even neighbour: every second of them down.
    return np.floor(counts / base + 0.5) * base  # type: ignore[no-any-return, return-value]


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


def few(observations: pd.DataFrame, threshold: int) -> pd.Series[bool]:
    """Say which shares have a side, of those counted or of the others, below the threshold."""
    left = observations["denominator"] - observations["numerator"]
    return (observations["numerator"] < threshold) | (left < threshold)

"""Places that somebody draws: none of a few residents, and none that singles a few out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.disclosure.raw import opened
from geolyft.errors import DisclosureError

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.disclosure.protect import Protection
    from geolyft.disclosure.raw import Raw

FEWEST: Final = 100
"""Residents of a place of which anything is said."""


def check_residents(residents: Raw[pd.Series[float]], *, where: str) -> None:
    """Refuse a place with few residents; how few, or how much too few, is not said.

    Raises
    ------
    DisclosureError
        ``protect-place-few``.
    """
    if (opened(residents).fillna(0) < FEWEST).any():
        what = f"a place has fewer than {FEWEST} residents"
        remedy = "draw a larger one"
        raise DisclosureError("protect-place-few", what, remedy=remedy, where=where)


def check_differences(apart: Raw[pd.DataFrame], protection: Protection, *, where: str) -> None:
    """Refuse places that with another known polygon leave a few residents over.

    Both counts would be known, and so would be who lives in one polygon and not in the other.

    Parameters
    ----------
    apart
        ``one, other``: residents in the one alone and in the other alone, a row for each two.

    Raises
    ------
    DisclosureError
        ``protect-place-difference``.
    """
    held = opened(apart)
    most = held[["one", "other"]].max(axis=1)
    if ((most > 0) & (most < max(protection.threshold, 1))).any():
        what = "a place and another that is published differ by a few residents"
        remedy = "use the same polygon as before, or one that differs by more"
        raise DisclosureError("protect-place-difference", what, remedy=remedy, where=where)

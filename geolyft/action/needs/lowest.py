"""What a need is: being among the lowest in most of the ways in which a figure can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

NEED: Final = "behov"
COLUMNS: Final = ["area", "what", NEED, "rang_lag", "rang_hog"]
_INDEX: Final = "index"
_OFTEN: Final = "share_among_lowest"
_PLACES: Final = {"rank_low": "rang_lag", "rank_high": "rang_hog"}


def needs_of(tables: Mapping[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Return in which share of ways each area is among the lowest, and between which places it is.

    The ways are the draws of ``osakerhet``: what chance leaves open. The index is made in the ways
    of ``robusthet`` too, and the smaller of the two shares is the need: it has to hold in both.

    Returns
    -------
    pandas.DataFrame
        ``area, what, behov, rang_lag, rang_hog`` of one period; no row where nobody has computed
        how sure a figure is.
    """
    drawn = tables.get("osakerhet", pd.DataFrame(columns=["area", "period", "what", _OFTEN]))
    rows = drawn[(drawn["period"] == period) & (drawn["area"] != CITY)].rename(columns=_PLACES)
    rows = rows.assign(**{NEED: rows[_OFTEN]}).reindex(columns=COLUMNS)
    ways = tables.get("robusthet")
    if ways is None:
        return rows.reset_index(drop=True)
    often = ways[ways["period"] == period].set_index("area")[_OFTEN]
    other = rows["area"].map(often).where(rows["what"] == _INDEX)
    rows[NEED] = pd.concat([rows[NEED], other], axis="columns").min(axis="columns")
    return rows.reset_index(drop=True)

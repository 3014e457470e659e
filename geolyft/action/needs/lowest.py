"""What a need is: being among the lowest in most of the ways in which a figure can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

NEED: Final = "behov"
BY_CHANCE: Final = "av_slump"
BY_METHOD: Final = "av_metod"
COLUMNS: Final = ["area", "what", NEED, "rang_lag", "rang_hog"]
INDEX: Final = "index"
_OFTEN: Final = "share_among_lowest"


def ways_of(tables: Mapping[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Return how often each area is among the lowest, by chance and by method apart.

    The ways by chance are the draws of ``osakerhet``. The index is made in the ways of
    ``robusthet`` too.

    Returns
    -------
    pandas.DataFrame
        ``area, what, av_slump, av_metod, rang_lag, rang_hog, plats_fran, plats_till`` of one
        period; no row where nobody has computed how sure a figure is. ``rang_*`` are the places of
        the draws, and ``plats_*`` those of the draws and of nine in ten of the ways together.
    """
    names = {_OFTEN: BY_CHANCE, "rank_low": "rang_lag", "rank_high": "rang_hog"}
    drawn = tables.get("osakerhet", pd.DataFrame(columns=["area", "period", "what", *names]))
    rows = drawn[(drawn["period"] == period) & (drawn["area"] != CITY)].rename(columns=names)
    rows = rows[["area", "what", *names.values()]].reset_index(drop=True)
    ways = tables.get("robusthet", pd.DataFrame(columns=["area", "period"]))
    ways = ways[ways["period"] == period].set_index("area")
    ways = ways.reindex(columns=[_OFTEN, "rank_p5", "rank_p95"])
    made = ways.reindex(rows["area"]).set_axis(rows.index).where(rows["what"] == INDEX)
    rows[BY_METHOD] = made[_OFTEN].astype("float64")
    first = pd.concat([rows["rang_lag"], made["rank_p5"]], axis="columns").astype("Int64")
    last = pd.concat([rows["rang_hog"], made["rank_p95"]], axis="columns").astype("Int64")
    return rows.assign(plats_fran=first.min(axis="columns"), plats_till=last.max(axis="columns"))


def needs_of(tables: Mapping[str, pd.DataFrame], period: str) -> pd.DataFrame:
    """Return in which share of ways each area is among the lowest, and between which places it is.

    Of the index it is the smaller of the two shares of `ways_of`: a need has to hold in both.

    Returns
    -------
    pandas.DataFrame
        ``area, what, behov, rang_lag, rang_hog`` of one period.
    """
    rows = ways_of(tables, period)
    rows[NEED] = rows[[BY_CHANCE, BY_METHOD]].astype("float64").min(axis="columns")
    return rows[COLUMNS]

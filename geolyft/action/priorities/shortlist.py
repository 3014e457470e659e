"""Which areas come first in something, how surely, and what that hangs on.

Areas whose places overlap share theirs: nothing here is in an order that the figures do not bear,
and no order of rows moves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.needs.lowest import BY_CHANCE, BY_METHOD, NEED
from geolyft.certainty.sobol import LARGEST_ERROR
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue

SURE: Final = "bland de lägsta i minst 90 % av sätten"
LIKELY: Final = "behov, men i färre än 90 % av sätten"
OPEN: Final = "kan inte uteslutas"
NOTHING: Final = "inget av det som har prövats"
CHANCE: Final = "slumpen i talen"
HANGS_ON: Final = {
    "data": CHANCE,
    "normalisation": "hur tal blir poäng",
    "aggregation": "hur poängen läggs ihop",
    "left_out": "vilka dimensioner som är med",
    "weights": "vilka vikter de har",
}
"""Inputs of ``kanslighet`` in words."""
GROUP: Final = "grupp"
_NINE_IN_TEN: Final = 0.9
_NOT_EXCLUDED: Final = 0.05


def shortlist(ways: pd.DataFrame, *, limit: float) -> pd.DataFrame:
    """Return the areas that come first in each thing, and how surely.

    Parameters
    ----------
    ways
        What `geolyft.action.needs.lowest.ways_of` returns.
    limit
        There is a need when the smaller of the two shares is at least this.

    Returns
    -------
    pandas.DataFrame
        The rows that are on a list, with ``behov``, ``niva``, ``grupp`` and ``delar_plats``. On it
        is an area with a need, and one that either share puts among the lowest in more than 5 per
        cent: it cannot be ruled out. Areas of one ``grupp`` are in no order among themselves; it is
        numbered from the lowest, and ``delar_plats`` has the others whose places overlap.
    """
    shares = ways[[BY_CHANCE, BY_METHOD]].astype("float64")
    rows = ways.assign(**{NEED: shares.min(axis="columns")})
    listed = (rows[NEED] >= limit) | (shares.max(axis="columns") > _NOT_EXCLUDED)
    rows = rows[listed].sort_values(["what", "plats_fran", "plats_till", "area"])
    rows["niva"] = [_how_surely(need, limit) for need in rows[NEED]]
    groups: list[int] = []
    for _, mine in rows.groupby("what"):
        groups += _ties(mine["plats_fran"], mine["plats_till"])
    rows[GROUP] = pd.Series(groups, index=rows.index, dtype="Int64")
    rows["delar_plats"] = [
        _overlapping(mine, n) for _, mine in rows.groupby("what") for n in range(len(mine))
    ]
    return rows.reset_index(drop=True)


def _how_surely(need: float, limit: float) -> str:
    if need >= _NINE_IN_TEN:
        return SURE
    return LIKELY if need >= limit else OPEN


def _ties(low: pd.Series[int], high: pd.Series[int]) -> list[int]:
    """Give spans that no gap parts one number, in the order of where they begin."""
    groups, reached = [0], -1
    for begins, ends in zip(low, high, strict=True):
        groups.append(groups[-1] + (begins > reached))
        reached = max(reached, ends)
    return groups[1:]


def _overlapping(rows: pd.DataFrame, n: int) -> str:
    """Return the other areas whose places overlap with those of the n-th."""
    mine = rows.iloc[n]
    near = (rows["plats_fran"] <= mine["plats_till"]) & (rows["plats_till"] >= mine["plats_fran"])
    others = rows.loc[near & (rows["area"] != mine["area"]), "area"]
    return f"{BETWEEN} ".join(others.sort_values())


def reasons(rows: pd.DataFrame, catalogue: Catalogue, *, limit: float) -> pd.Series[str]:
    """Return of each listed row the codes of its parts in which the area has a need.

    Of the index they are dimensions, of a dimension its indicators; an indicator has no parts.
    """
    parts: dict[str, Sequence[str]] = {"index": [each.code for each in catalogue.dimensions]}
    for dimension in catalogue.dimensions:
        parts[dimension.code] = [each.code for each in catalogue.of(dimension.code)]
    needy = rows[rows[NEED] >= limit].groupby("area")["what"].agg(set).to_dict()
    said = [
        f"{BETWEEN} ".join(code for code in parts.get(what, ()) if code in needy.get(area, set()))
        for area, what in zip(rows["area"], rows["what"], strict=True)
    ]
    return pd.Series(said, index=rows.index, dtype="str")


def hangs_on(rows: pd.DataFrame, matters: pd.DataFrame) -> pd.Series[str]:
    """Return what would move each listed row's place first.

    Parameters
    ----------
    matters
        ``kanslighet`` (``area, input, total, error, variance``), which is of the index; none where
        that was not computed. Of anything else only chance is tried.
    """
    told = (matters["variance"] > 0) & (matters["error"] <= LARGEST_ERROR)
    moving = matters[told].sort_values("total", kind="stable")
    first = moving.groupby("area")["input"].last().map(HANGS_ON)
    fixed = rows["plats_fran"] == rows["plats_till"]
    chance = pd.Series(CHANCE, index=rows.index, dtype="str")
    named = first.to_dict()
    of_index = pd.Series([named.get(area, CHANCE) for area in rows["area"]], rows.index, "str")
    return chance.mask(rows["what"] == "index", of_index).mask(fixed, NOTHING)

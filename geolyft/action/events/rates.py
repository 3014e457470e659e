"""Counts of events as rates, and what of their change is more than chance."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.events.bands import HOURS, WEEKS
from geolyft.action.events.local import gi_star, neighbour_matrix
from geolyft.action.events.poisson import change_of
from geolyft.certainty.many import benjamini_hochberg
from geolyft.frames import CITY, EVERYONE, POPULATION
from geolyft.read.values.dates import span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_RESIDENTS: Final = 1000
"""In an area with fewer, such as a harbour, a rate by residents says nothing."""
UP: Final = "statistiskt säkerställd ökning"
DOWN: Final = "statistiskt säkerställd minskning"
NEITHER: Final = "ingen statistiskt säkerställd förändring"
UNKNOWN: Final = "går inte att jämföra"
_CHANGE: Final = ["forandring", "forandring_lag", "forandring_hog", "p"]
_FEWEST: Final = 3


def rates(counts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return the counts with rates per resident and hour, and with their change.

    Parameters
    ----------
    counts
        What `geolyft.disclosure.own_rules.events.publish_events` returns.
    people
        ``area, period, population``, as published.

    Returns
    -------
    pandas.DataFrame
        ``area, period, typ, tid, antal``; ``per_1000``: events per 1 000 residents and year, empty
        below `LEAST_RESIDENTS`; ``per_100_timmar``: per 100 hours of the band; ``mot_staden``: the
        rate in per cent of the city's. For all hours together ``forandring`` (times as many as
        in the period before, by resident where they are known) with limits, ``p``, and ``ord`` with
        all comparisons of a period asked at once. And ``status``.
    """
    table = counts.rename(columns={"kind": "typ", "band": "tid", "count": "antal"})
    residents = people.set_index(["area", "period"])[POPULATION]
    at = pd.MultiIndex.from_frame(table[["area", "period"]])
    lives = pd.Series(residents.reindex(at).to_numpy(dtype="float64"), index=table.index)
    years = table["period"].map({each: _years(each) for each in table["period"].unique()})
    lives = lives.where(lives >= LEAST_RESIDENTS)
    table["per_1000"] = 1000 * table["antal"] / (lives * years)
    hours = table["tid"].map({**HOURS, EVERYONE: sum(HOURS.values())}).astype("float64")
    table["per_100_timmar"] = 100 * table["antal"] / (hours * WEEKS * years)
    key = ["period", "typ", "tid"]
    of_city = table[table["area"] == CITY].set_index(key)["per_1000"]
    against = of_city.reindex(pd.MultiIndex.from_frame(table[key])).to_numpy()
    table["mot_staden"] = 100 * table["per_1000"] / against
    return _with_change(table.assign(residents=lives * years)).drop(columns="residents")


def _years(period: str) -> float:
    first, last = span(period)
    return ((last - first).days + 1) / 365.25


def _with_change(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the change of each count of all hours since the period before."""
    whole = table[table["tid"] == EVERYONE]
    periods = sorted(whole["period"].unique())
    made = [_change(whole, *pair) for pair in pairwise(periods)]
    empty = pd.DataFrame(np.nan, index=table.index, columns=_CHANGE).assign(ord="")
    for each in made:
        empty.loc[each.index] = each
    return table.join(empty)


def _change(whole: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    key = ["area", "typ"]
    before = whole[whole["period"] == first].set_index(key)[["antal", "residents"]]
    after = whole[whole["period"] == last]
    then = before.reindex(pd.MultiIndex.from_frame(after[key]))
    rows = []
    for now, was, lives, lived in zip(
        after["antal"], then["antal"], after["residents"], then["residents"], strict=True
    ):
        is_known = not (np.isnan(now) or np.isnan(was))
        exposure = lives / lived if lives > 0 and lived > 0 else 1.0
        rows.append(
            [*change_of(int(was), int(now), exposure=exposure)] if is_known else [np.nan] * 4
        )
    made = pd.DataFrame(rows, index=after.index, columns=_CHANGE)
    # The city and all types are sums of the others, and one family with them would be too easy.
    part = (after["area"] != CITY) & (after["typ"] != EVERYONE)
    held = pd.Series(False, index=made.index)
    for chosen in (part, ~part):
        held[chosen] = benjamini_hochberg(made.loc[chosen, "p"])
    words = np.select(
        [made["p"].isna(), held & (made["forandring"] > 1), held], [UNKNOWN, UP, DOWN], NEITHER
    )
    return made.assign(ord=words)


def by_area(
    table: pd.DataFrame, bands: Mapping[str, str], neighbours: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return a row for each area and period: all types, with the count of each band beside.

    Parameters
    ----------
    bands
        What the column of each band is called.
    neighbours
        Codes of the areas around each.
    """
    key = ["area", "period"]
    whole = table[(table["typ"] == EVERYONE) & (table["area"] != CITY)]
    rows = whole[whole["tid"] == EVERYONE].drop(columns=["typ", "tid", "per_100_timmar"])
    for band, column in bands.items():
        counts = whole[whole["tid"] == band].set_index(key)["antal"]
        rows[column] = counts.reindex(pd.MultiIndex.from_frame(rows[key])).to_numpy()
    rows["gi"] = np.nan
    for _, of in rows[rows["per_1000"].notna()].groupby("period"):
        if len(of) >= _FEWEST:
            near = neighbour_matrix(neighbours, of["area"].tolist())
            rows.loc[of.index, "gi"] = gi_star(of["per_1000"].to_numpy(), near)
    return rows

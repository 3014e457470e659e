"""For whom: every indicator and the index by sex or another group, the gap, and the child lens.

Groups are scored on the scales of everyone, so that 100 is the same city for all of them. A gap
always comes with its interval; nothing here says what a gap is due to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.errors.splits import Splits, difference_variance
from geolyft.errors import IndexComputationError, brief
from geolyft.frames import (
    CHILDREN,
    CITY,
    EVERYONE,
    POPULATION,
    RESIDUAL,
    combine_status,
    combined_status,
)
from geolyft.index.combine import combine, weigh
from geolyft.index.minimums import EVERYTHING, Minimums
from geolyft.index.scales import score
from geolyft.indicators.aggregate import divide

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Catalogue

WOMEN: Final = "kvinnor"
MEN: Final = "män"
_ROW: Final = ["area", "period", "indicator"]
_Z95: Final = 1.959963984540054


def shares_by_group(counts: pd.DataFrame, *, column: str) -> pd.DataFrame:
    """Divide counts into shares for every group of a column, and add everyone and the city.

    Parameters
    ----------
    counts
        ``area`` (the residual included), ``period, indicator``, the column of groups,
        ``numerator, denominator, status``. Several rows of a key are summed. Everyone is the sum of
        the groups, unless the column has rows for ``alla``: then these are everyone.

    Returns
    -------
    pandas.DataFrame
        ``area, period, indicator, <column>, numerator, denominator, value, low, high, status``; a
        sum that lacks a part is missing.

    Examples
    --------
    >>> counts = pd.DataFrame({"area": "1", "period": "2025", "indicator": "E1", "status": "ok",
    ...     "born": ["in", "abroad"], "numerator": [30.0, 10.0], "denominator": [40.0, 40.0]})
    >>> shares = shares_by_group(counts, column="born")
    >>> shares[shares["area"] == "1"][["born", "value"]].values.tolist()
    [['abroad', 25.0], ['alla', 50.0], ['in', 75.0]]
    """
    groups = counts[counts[column] != EVERYONE]
    published = counts.loc[counts[column] == EVERYONE, ["indicator", "period"]].drop_duplicates()
    marked = groups.merge(published, on=["indicator", "period"], how="left", indicator="side")
    missing = marked[marked["side"] == "left_only"].drop(columns="side")
    whole = pd.concat([counts, missing.assign(**{column: EVERYONE})])
    whole = pd.concat([whole, whole.assign(area=CITY)], ignore_index=True)
    grouped = whole.groupby([*_ROW, column])
    summed = grouped[["numerator", "denominator"]].sum(skipna=False)
    summed["status"] = combined_status(whole, grouped)
    return divide(summed.reset_index())


def gaps(
    observations: pd.DataFrame,
    *,
    first: str = WOMEN,
    second: str = MEN,
    column: str = "sex",
    splits: Splits | None = None,
) -> pd.DataFrame:
    """Return the gap between two groups in every area, with its interval.

    The interval of a difference of two independent shares is made from the shares' own (Newcombe
    1998, Statistics in Medicine 17, 873-890, method 10): ``low = d − √((p₁−l₁)² + (u₂−p₂)²)``,
    ``high = d + √((u₁−p₁)² + (p₂−l₂)²)``. Intervals that are wider for other reasons are carried.
    Below the roots stands beside it what small areas do that are split for both groups alike.

    Parameters
    ----------
    observations
        ``area, period, indicator``, the column of groups, ``value, low, high, status``.
    first, second
        The gap is first less second; the two must not overlap (never a group against everyone).
    splits
        What split small areas do to the figures, beside ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        ``area, period, indicator, first, second, gap, low, high`` (percentage points),
        ``exceeds`` (the interval does not hold 0; missing where the gap is) and ``status``. A row
        per area that has either group; the gap is missing where one of them is.

    Raises
    ------
    IndexComputationError
        ``groups-unknown`` when the data have no such group.

    Examples
    --------
    >>> seen = pd.DataFrame({"area": "1", "period": "2025", "indicator": "E1", "status": "ok",
    ...     "sex": ["kvinnor", "män"], "numerator": [56.0, 48.0], "denominator": [70.0, 80.0]})
    >>> gaps(divide(seen))[["gap", "low", "high"]].round(2).values.tolist()
    [[20.0, 5.24, 33.39]]
    """
    one, two = (_of_group(observations, column, group) for group in (first, second))
    pair = one.add_suffix("_first").join(two.add_suffix("_second"), how="outer")
    p, q = pair["value_first"], pair["value_second"]
    splits = splits or Splits.none()
    shared = _of_splits(observations, column, (first, second), splits)
    shared = shared.reindex(pair.index, fill_value=0.0)
    down = np.sqrt((p - pair["low_first"]) ** 2 + (pair["high_second"] - q) ** 2 + shared)
    up = np.sqrt((pair["high_first"] - p) ** 2 + (q - pair["low_second"]) ** 2 + shared)
    rows = pd.DataFrame({"first": p, "second": q, "gap": p - q})
    rows["low"], rows["high"] = rows["gap"] - down, rows["gap"] + up
    beyond = (rows["low"] > 0) | (rows["high"] < 0)
    known = rows[["low", "high"]].notna().all(axis=1)
    rows["exceeds"] = beyond.astype("boolean").where(known)
    rows["status"] = _status(pair, rows["gap"])
    return rows.sort_index().reset_index()


def _of_group(table: pd.DataFrame, column: str, group: str) -> pd.DataFrame:
    rows = table[table[column] == group]
    if rows.empty:
        known = ", ".join(sorted(str(each) for each in table[column].unique()))
        what = f"no row has {brief(group)} as {column}"
        remedy = f"the groups are: {known or 'none'}"
        raise IndexComputationError("groups-unknown", what, remedy=remedy)
    return rows.set_index(_ROW)[["value", "low", "high", "status"]]


def _of_splits(
    observations: pd.DataFrame, column: str, groups: tuple[str, str], splits: Splits
) -> pd.Series[float]:
    """Return the square of what splits do to each gap in 95 of 100 cases, in percentage points."""
    one, two = (
        observations[observations[column] == group].set_index(_ROW, drop=False) for group in groups
    )
    both = one.index.intersection(two.index)
    first, second = (each.loc[both].reset_index(drop=True) for each in (one, two))
    squares = (100 * _Z95) ** 2 * difference_variance(first, second, splits)
    return squares.set_axis(both)


def _status(pair: pd.DataFrame, gap: pd.Series[float]) -> list[str]:
    sides = pair[["status_first", "status_second"]].fillna("missing").to_numpy()
    named = [combine_status(*parts) for parts in sides]
    # A gap that exists has two values, whatever their marks say of what is missing in them.
    return [
        status if known or {"missing", "hidden"} & set(status.split("+"))
        else combine_status(status, "missing")
        for status, known in zip(named, gap.notna(), strict=True)
    ]  # fmt: skip


def index_by_group(
    observations: pd.DataFrame,
    scales: pd.DataFrame,
    catalogue: Catalogue,
    *,
    column: str = "sex",
    minimums: Minimums = EVERYTHING,
) -> pd.DataFrame:
    """Make the index for every group, on the scales of everyone.

    Parameters
    ----------
    observations
        ``area, period, indicator``, the column of groups, ``value, status``.
    scales
        As fitted on ``alla``: 100 is the whole city in the base period, for every group.
    minimums
        As in `geolyft.index.combine.weigh`. An indicator that is not known by group leaves its
        dimension, and so the index, empty for the groups.

    Returns
    -------
    pandas.DataFrame
        As `geolyft.index.combine.combine`, with the column of groups in the place of ``sex``.
    """
    named = observations.assign(sex=observations[column])
    weighed = weigh(score(named, scales), catalogue, **minimums.as_keywords)
    return combine(weighed, catalogue).rename(columns={"sex": column})


def lens_weighted(
    values: pd.DataFrame, weights: pd.DataFrame, *, column: str, who: str = CHILDREN
) -> pd.DataFrame:
    """Return the city's mean as its children live it, beside the mean of all residents.

    ``Σ children · value / Σ children`` over the areas that have a value.

    Parameters
    ----------
    values
        ``area, period`` and the column, such as the index or a dimension.
    weights
        ``area, period, population`` and the column of those it is weighted by.
    who
        That column: of children (0–17), or of another lens.

    Returns
    -------
    pandas.DataFrame
        ``period, lens_mean, population_mean, difference`` (below zero: children live in areas that
        are worse placed than residents on the whole) and ``coverage``, the share of the city's
        children (those of no area included) who live where there is a value.

    Examples
    --------
    >>> index = pd.DataFrame({"area": ["1", "2"], "period": "2025", "index": [80.0, 110.0]})
    >>> people = pd.DataFrame({"area": ["1", "2"], "period": "2025", "children": [300.0, 100.0],
    ...                        "population": [1000.0, 1000.0]})
    >>> lens_weighted(index, people, column="index")[["lens_mean", "population_mean"]].values
    array([[87.5, 95. ]])
    """
    people = weights[weights["area"] != CITY]
    table = people.merge(values[["area", "period", column]], on=["area", "period"], how="left")
    table[column] = table[column].mask(table["area"] == RESIDUAL)
    known = table[table[column].notna()]
    means = pd.DataFrame(index=pd.Index(sorted(people["period"].unique()), name="period"))
    for name, weight in (("lens_mean", who), ("population_mean", POPULATION)):
        held = known[known[weight].notna()]
        total = held.groupby("period")[weight].sum()
        sums = (held[column] * held[weight]).groupby(held["period"]).sum()
        means[name] = sums / total.where(total > 0)
    means["difference"] = means["lens_mean"] - means["population_mean"]
    every = people.groupby("period")[who].sum()
    means["coverage"] = known.groupby("period")[who].sum().reindex(means.index).fillna(0.0)
    means["coverage"] /= every.where(every > 0)
    return means.reset_index()


def exposed_by_share(
    observations: pd.DataFrame, people: pd.DataFrame, catalogue: Catalogue, *, who: str = CHILDREN
) -> pd.DataFrame:
    """Say where the city's exposed children live, indicator by indicator.

    Exposed is ``children · (100 − value) / 100`` where a high share is good, and ``children · value
    / 100`` where it is bad: as many children as there would be if the area's share held for them.
    It weighs areas by children, or by another lens; it counts no child.

    Parameters
    ----------
    observations
        Published observations; those of everyone are used.
    people
        ``area, period`` and the column of those who are weighed.
    who
        That column: of children (0–17), or of another lens.

    Returns
    -------
    pandas.DataFrame
        ``area, period, indicator, children, exposed, share``; the shares of a period and indicator
        sum to 1 over the areas with both figures. No share where nobody is exposed.

    Examples
    --------
    >>> from geolyft.indicators.catalogue import load_catalogue
    >>> seen = pd.DataFrame({"area": ["1", "2"], "period": "2025", "indicator": "E3", "sex": "alla",
    ...                      "value": [60.0, 90.0]})
    >>> people = pd.DataFrame({"area": ["1", "2"], "period": "2025", "children": [100.0, 400.0]})
    >>> exposed_by_share(seen, people, load_catalogue())["exposed"].tolist()
    [40.0, 40.0]
    """
    everyone = observations[observations["sex"] == EVERYONE]
    table = _with_people(everyone, people, who)
    high = table["indicator"].map({i.code: i.direction == "high" for i in catalogue.indicators})
    bad = (100 - table["value"]).where(high.eq(True), table["value"])
    table = table.assign(exposed=table[who] * bad / 100)
    known = table[high.notna() & table["exposed"].notna()]
    return _share(known, ["period", "indicator"], _ROW, who)


def exposed_by_limit(
    values: pd.DataFrame, children: pd.DataFrame, *, column: str, limit: float
) -> pd.DataFrame:
    """Say where the children live who live in areas below a limit.

    Exposed are all children of an area whose value is below `limit`, and none of the others.

    Parameters
    ----------
    values
        ``area, period`` and the column, such as the index or a dimension.

    Returns
    -------
    pandas.DataFrame
        ``area, period, children, exposed, share`` (of the city's exposed children; they sum to 1
        where anyone is).

    Examples
    --------
    >>> index = pd.DataFrame({"area": ["1", "2", "3"], "period": "2025", "index": [80.0, 84, 110]})
    >>> people = pd.DataFrame({"area": ["1", "2", "3"], "period": "2025", "children": [3.0, 1, 9]})
    >>> exposed_by_limit(index, people, column="index", limit=85)["share"].tolist()
    [0.75, 0.25, 0.0]
    """
    table = _with_people(values, children, CHILDREN)
    table = table[table[[column, CHILDREN]].notna().all(axis=1)]
    exposed = table[CHILDREN].where(table[column] < limit, 0.0)
    return _share(table.assign(exposed=exposed), ["period"], ["area", "period"], CHILDREN)


def _with_people(values: pd.DataFrame, people: pd.DataFrame, who: str) -> pd.DataFrame:
    areas = values[~values["area"].isin([CITY, RESIDUAL])]
    return areas.merge(people[["area", "period", who]], on=["area", "period"])


def _share(table: pd.DataFrame, by: list[str], key: list[str], who: str) -> pd.DataFrame:
    total = table.groupby(by)["exposed"].transform("sum")
    shares = table.assign(share=table["exposed"] / total.where(total > 0))
    columns = [*key, who, "exposed", "share"]
    return shares.sort_values([*by, "area"])[columns].reset_index(drop=True)

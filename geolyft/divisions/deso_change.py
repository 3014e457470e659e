"""Figures across the change from DeSO 2018 to 2025: counts summed to blocks, or led through them.

What a block is, `divisions.blocks` says. Rows are told apart by which division they are of in
their year, never by their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.divisions.areas import clean_deso
from geolyft.divisions.blocks import NEW, OLD
from geolyft.errors import JoinError, brief

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.divisions.crosswalks import Crosswalk

FIRST_NEW_YEAR: Final = 2024
"""The first reference year that is counted on DeSO 2025; old years are not made again."""

_SUFFIX: Final = "_DeSO2025"


def divisions_of(
    codes: pd.Series[str],
    periods: pd.Series[str],
    blocks: pd.DataFrame,
    *,
    first_new: int = FIRST_NEW_YEAR,
) -> pd.Series[str]:
    """Say of which division each row of a table is, or nothing where it is of none that year.

    PxWeb serves both divisions in one table, and for codes outside their division's years some
    tables hold 0 and not ``..``: such rows have to go by validity, never by value. A code ending in
    ``_DeSO2025`` is of the new division. A bare code is of the division of its year, if that has
    the code, and if the table does not hold the same code and year with the ending as well.

    Parameters
    ----------
    codes, periods
        As they stand in the table; the first four figures of a period are its year.
    first_new
        The first year of the new division in this table.

    Returns
    -------
    pandas.Series
        ``"2018"``, ``"2025"`` or missing, on the same index.

    Raises
    ------
    JoinError
        ``blocks-unknown`` when a code is of neither division.

    Examples
    --------
    >>> from geolyft.divisions.blocks import find_blocks
    >>> blocks = find_blocks(pd.DataFrame({"source": ["A", "A"], "target": ["B", "C"]}))
    >>> codes = pd.Series(["A", "A", "B_DeSO2025", "B_DeSO2025"])
    >>> divisions_of(codes, pd.Series(["2023", "2024"] * 2), blocks).fillna("").tolist()
    ['2018', '', '', '2025']
    """
    bare, ended = clean_deso(codes), codes.str.endswith(_SUFFIX)
    known = {d: set(blocks.loc[blocks["division"] == d, "area"]) for d in (OLD, NEW)}
    _check_known(bare, ended, known)
    years = pd.to_numeric(periods.str[:4], errors="coerce")
    late, early = years >= first_new, years < first_new
    twins = set(zip(bare[ended], periods[ended], strict=True))
    twin = pd.Series(
        [pair in twins for pair in zip(bare, periods, strict=True)], index=codes.index, dtype=bool
    )
    is_new = late & bare.isin(known[NEW]) & (ended | ~twin)
    is_old = early & ~ended & bare.isin(known[OLD])
    division = pd.Series(NEW, index=codes.index, dtype="str").where(is_new)
    return division.mask(is_old, OLD)


def _check_known(bare: pd.Series[str], ended: pd.Series[bool], known: dict[str, set[str]]) -> None:
    unknown = ~(bare.isin(known[NEW]) | (~ended & bare.isin(known[OLD])))
    if unknown.any():
        raise JoinError(
            "blocks-unknown",
            f"{int(unknown.sum())} of {len(bare)} rows have a code of neither division, first "
            f"{brief(bare[unknown].iloc[0])}",
            remedy="give a change table that has every area, or leave other regions out",
        )


def sum_to_blocks(
    table: pd.DataFrame,
    blocks: pd.DataFrame,
    *,
    values: Sequence[str] = ("numerator", "denominator"),
    by: Sequence[str] = (),
    first_new: int = FIRST_NEW_YEAR,
) -> pd.DataFrame:
    """Sum counts to blocks, so that a series crosses the change of division.

    Parameters
    ----------
    table
        ``area`` (codes of both divisions, as served), ``period``, the columns of `by` and counts.
    values
        Columns of counts, never of shares: move numerator and denominator, then divide.
    by
        Other columns of the key, such as sex and indicator.

    Returns
    -------
    pandas.DataFrame
        ``block, period, *by, division, *values, n_areas, kind, nested``. A block that lacks one of
        its areas is missing, not the sum of the rest. ``n_areas`` cells were summed: independent
        noise in each grows by its square root.

    Raises
    ------
    JoinError
        ``blocks-unknown``, ``blocks-duplicate``, or ``blocks-validity`` when a row that is of no
        division in its year holds figures after all.

    Examples
    --------
    >>> from geolyft.divisions.blocks import find_blocks
    >>> blocks = find_blocks(pd.DataFrame({"source": ["A", "A"], "target": ["B", "C"]}))
    >>> seen = pd.DataFrame({"area": ["A", "B", "C"], "period": ["2023", "2024", "2024"],
    ...                      "n": [9.0, 4.0, 5.0]})
    >>> sum_to_blocks(seen, blocks, values=["n"])[["block", "period", "n"]].values.tolist()
    [['A', '2023', 9.0], ['A', '2024', 9.0]]
    """
    columns, key = list(values), ["period", *by]
    division = divisions_of(table["area"], table["period"], blocks, first_new=first_new)
    _check_masked(table[division.isna()], columns)
    live = table.assign(division=division, area=clean_deso(table["area"]))[division.notna()]
    _check_once(live, ["area", *key])
    placed = live.merge(blocks, on=["division", "area"])
    grouping = ["block", *key, "division", "kind", "nested"]
    grouped = placed.groupby(grouping, sort=True, dropna=False)[columns]
    summed = grouped.sum(min_count=1).reset_index()
    expected = blocks.groupby(["block", "division"]).size()
    pairs = pd.MultiIndex.from_frame(summed[["block", "division"]])
    summed["n_areas"] = expected.reindex(pairs).to_numpy()
    # A figure that is missing in one of a block's areas is missing in the block.
    known = grouped.count().reset_index()[columns]
    summed[columns] = summed[columns].where(known.eq(summed["n_areas"], axis=0))
    order = ["block", *key, "division", *columns, "n_areas", "kind", "nested"]
    return summed[order]


def _check_masked(masked: pd.DataFrame, values: list[str]) -> None:
    held = masked[values].fillna(0).ne(0).any(axis=1)
    if held.any():
        first = masked[held].iloc[0]
        raise JoinError(
            "blocks-validity",
            f"{int(held.sum())} rows hold figures for areas that their year's division does not "
            f"have, first {brief(first['area'])} in {brief(first['period'])}",
            remedy="say which year the new division begins in this table, or take the rows away",
        )


def _check_once(live: pd.DataFrame, key: list[str]) -> None:
    repeated = live.duplicated(key)
    if repeated.any():
        raise JoinError(
            "blocks-duplicate",
            f"{int(repeated.sum())} rows repeat an area of a year, first "
            f"{' '.join(map(str, live.loc[repeated, key].iloc[0]))}",
            remedy="give one row per area and key, and name every other column of the key",
        )


def crosswalk_through_blocks(
    blocks: pd.DataFrame, crosswalk: Crosswalk, residents: pd.Series[float], *, division: str
) -> pd.DataFrame:
    """Lead either division to larger areas with the same weights in every year.

    Each area takes the weights of its block: those of the block's areas of 2025, by residents. No
    change across 2023/2024 then comes from the crosswalk. The price is paid by blocks that
    straddle a border.

    No run calls it: ``boundaries/build_blocks.py`` makes the two shipped crosswalks with it, and
    who has residents of another year, or larger areas of his own, makes his own.

    Parameters
    ----------
    crosswalk
        From DeSO 2025 to the larger areas.
    residents
        By DeSO of 2025; only how a block's residents part between its areas matters.
    division
        Which division's codes to lead from, ``"2018"`` or ``"2025"``.

    Returns
    -------
    pandas.DataFrame
        ``source, target, weight, method, certainty``, as `geolyft.Crosswalk`
        takes it. Blocks that straddle and are not nested are of low certainty.

    Raises
    ------
    JoinError
        ``blocks-unknown`` when the crosswalk or the residents lack an area of a block.

    Examples
    --------
    >>> from geolyft.divisions.blocks import find_blocks, load_changes
    >>> from geolyft.divisions.crosswalks import load_crosswalk
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> people = pd.Series(1.0, index=crosswalk.table["source"].unique())
    >>> blocks = find_blocks(load_changes())
    >>> old = crosswalk_through_blocks(blocks, crosswalk, people, division="2018")
    >>> old["source"].nunique(), float(round(old["weight"].sum(), 9))
    (192, 192.0)
    """
    new = blocks[blocks["division"] == NEW]
    absent = ~(
        new["area"].isin(crosswalk.table["source"]) & new["area"].isin(residents.dropna().index)
    )
    if absent.any():
        raise JoinError(
            "blocks-unknown",
            f"{int(absent.sum())} of {len(new)} areas of {NEW} lack residents or a way to the "
            f"larger areas, first {brief(new.loc[absent, 'area'].iloc[0])}",
            remedy="give residents and a crosswalk for every area of the division",
        )
    paths = crosswalk.table.merge(new, left_on="source", right_on="area")
    people = paths["source"].map(residents)
    # A block where nobody lives still has to lead somewhere.
    empty = people.groupby(paths["block"]).transform("sum") == 0
    paths["people"] = paths["weight"] * people.mask(empty, 1.0)
    weights = paths.groupby(["block", "target"])["people"].sum()
    weights = weights / weights.groupby("block").transform("sum")
    shares = weights[weights > 0].rename("weight").reset_index()
    led = blocks[blocks["division"] == division].merge(shares, on="block")
    whole = led.groupby("area")["target"].transform("size") == 1
    led["method"] = whole.map({True: "nested", False: "residents of the block"})
    by_nesting = led["nested"].map({True: "medium", False: "low"})
    led["certainty"] = by_nesting.mask(whole, "high")
    led = led.rename(columns={"area": "source"}).sort_values(["source", "target"])
    return led[["source", "target", "weight", "method", "certainty"]].reset_index(drop=True)

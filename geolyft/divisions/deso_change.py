"""Figures across the change from DeSO 2018 to 2025: counts summed to blocks, or led through them.

What a block is, `divisions.blocks` says. Rows are told apart by which division they are of in
their year, never by their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.divisions.areas import clean_deso
from geolyft.divisions.blocks import NEW, OLD
from geolyft.divisions.composed import combine_sources, error_name
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
    blocks: pd.DataFrame,
    crosswalk: Crosswalk,
    residents: pd.Series[float],
    *,
    division: str,
    dwellings: pd.Series[float] | None = None,
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
    residents, dwellings
        By DeSO of 2025; only how a block's parts between its areas matters. Dwellings for a
        crosswalk that has weights of them.
    division
        Which division's codes to lead from, ``"2018"`` or ``"2025"``.

    Returns
    -------
    pandas.DataFrame
        ``source, target, weight, method, certainty``, as `geolyft.Crosswalk` takes it, and
        ``error`` and the same for dwellings as far as the crosswalk has them. An area is as sure
        as the least sure part of its block, of low certainty where the block straddles and is
        more than the area: its error then holds how far the block's weight lies from its own.

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
    amounts = {"weight": residents}
    if dwellings is not None:
        amounts["weight_dwellings"] = dwellings
    of_new = dict(zip(new["area"], new["block"], strict=True))
    parts = crosswalk.table[crosswalk.table["source"].isin(of_new)]
    shares = combine_sources(parts, of_new, amounts).rename(columns={"source": "block"})
    areas = blocks[blocks["division"] == division]
    led = areas.merge(shares, on="block")
    nested = led.groupby("area")["target"].transform("size") == 1
    part = led["block"].map(areas.groupby("block").size()) > 1
    for weight, amount in amounts.items():
        error = error_name(weight)
        if error in led:
            apart = _misfit(led, parts, of_new, amount, weight=weight, division=division)
            led[error] = np.hypot(led[error], apart.where(part, 0.0))
    led["method"] = nested.map({True: "nested", False: "residents of the block"})
    led["certainty"] = _certainty(led, nested=nested, part=part)
    led = led.rename(columns={"area": "source"}).sort_values(["source", "target"])
    columns = [name for name in shares.columns if name not in {"block", "target", "certainty"}]
    return led[["source", "target", *columns, "method", "certainty"]].reset_index(drop=True)


def _misfit(
    led: pd.DataFrame,
    parts: pd.DataFrame,
    of_new: dict[str, str],
    amount: pd.Series[float],
    *,
    weight: str,
    division: str,
) -> pd.Series[float]:
    """Say how far the block's weight lies from the area's own.

    Of an area of 2025 that is known. One of 2018 may be any part of its block: how far those lie
    from the block, as the root of their mean square.
    """
    known = parts[["source", "target"]].assign(weight=parts[weight])
    if division == NEW:
        return (led[weight] - _looked_up(known, led[["area", "target"]])).abs()
    squares = known.assign(weight=known["weight"] ** 2)
    mean = combine_sources(squares, of_new, {"weight": amount})
    variance = _looked_up(mean, led[["block", "target"]]) - led[weight] ** 2
    return variance.clip(lower=0.0) ** 0.5


def _looked_up(table: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series[float]:
    """Return the weights of pairs, 0 where a table has none."""
    weights = table.set_index(["source", "target"])["weight"]
    found = weights.reindex(pd.MultiIndex.from_frame(pairs)).fillna(0.0)
    return pd.Series(found.to_numpy(dtype="float64"), index=pairs.index)


def _certainty(
    led: pd.DataFrame, *, nested: pd.Series[bool], part: pd.Series[bool]
) -> pd.Series[str]:
    """As sure as the least sure part, and never high where residents of one year split others."""
    known = led["certainty"] if "certainty" in led else pd.Series("high", index=led.index)
    split = known.mask(known.isin(["exact", "high"]), "medium").mask(part, "low")
    return known.replace("exact", "high").where(nested, split)

"""DeSO 2018 and DeSO 2025 together: blocks of areas that are the same in both divisions.

A change table says which areas of the old division have residents in which areas of the new one.
Areas that hang together in it form a block, and counts summed to blocks are comparable across the
change whatever happened inside. Nothing is ever moved by area: twelve of Malmö's DeSO grew out
over the sea without a single resident (Statistics Sweden's division of 2025).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.boundaries import clean_deso, shipped
from geolyft.errors import AreaError, JoinError, brief
from geolyft.read import read_table

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from geolyft.crosswalks import Crosswalk

OLD: Final = "2018"
NEW: Final = "2025"
FIRST_NEW_YEAR: Final = 2024
"""The first reference year that is counted on DeSO 2025; old years are not made again."""

CHANGE_COLUMNS: Final = ["source", "target", "relation", "note"]
BLOCK_COLUMNS: Final = ["block", "division", "area", "kind", "nested"]
_SUFFIX: Final = "_DeSO2025"


def load_changes(
    path: str | os.PathLike[str] | None = None,
    *,
    source: str = "source",
    target: str = "target",
    within: str = "",
) -> pd.DataFrame:
    """Read a change table: the user's own, or the shipped one for Malmö.

    Parameters
    ----------
    path
        A table with a row for each pair of areas that share residents, unchanged areas included.
        Nothing: ``deso2018_2025.csv``, read from a third-party copy of Statistics Sweden's file.
    source, target
        Its columns of old and new codes; ``_DeSO2025`` after a code is taken away.
    within
        Keep codes that begin so, such as ``1280`` of a national table.

    Returns
    -------
    pandas.DataFrame
        ``CHANGE_COLUMNS``; relation and note are empty where the table has none.

    Raises
    ------
    AreaError
        ``blocks-columns`` or ``blocks-duplicate``.

    Examples
    --------
    >>> changes = load_changes()
    >>> changes["source"].nunique(), changes["target"].nunique()
    (192, 209)
    """
    own = path is not None
    table = read_table(shipped("deso2018_2025.csv") if path is None else path).frame
    missing = [column for column in (source, target) if column not in table]
    if missing:
        raise AreaError(
            "blocks-columns",
            f"the change table lacks {', '.join(missing)}",
            remedy="name its columns of old and new codes",
            where=str(path) if own else "",
        )
    table = table.rename(columns={source: "source", target: "target"})
    absent = dict.fromkeys({"relation", "note"}.difference(table), "")
    table = table.assign(**absent)[CHANGE_COLUMNS].fillna({"relation": "", "note": ""})
    return check_changes(table[table["source"].str.startswith(within)])


def check_changes(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the change table with clean codes, each pair once, or refuse it.

    Raises
    ------
    AreaError
        ``blocks-columns`` when a code is missing, ``blocks-duplicate`` when a pair occurs twice.

    Examples
    --------
    >>> pair = pd.DataFrame({"source": ["a"], "target": ["a_DeSO2025"]})
    >>> check_changes(pair)["target"].tolist()
    ['a']
    """
    empty = changes[["source", "target"]].isna().any(axis=1)
    if empty.any():
        raise AreaError(
            "blocks-columns",
            f"{int(empty.sum())} of {len(changes)} rows of the change table lack a code",
            remedy="give each row an old and a new code",
        )
    clean = changes.assign(
        source=changes["source"].str.strip(), target=clean_deso(changes["target"].str.strip())
    )
    repeated = clean.duplicated(["source", "target"])
    if repeated.any():
        first = clean.loc[repeated].iloc[0]
        raise AreaError(
            "blocks-duplicate",
            f"{int(repeated.sum())} rows of the change table repeat a pair, first "
            f"{brief(first['source'])} to {brief(first['target'])}",
            remedy="give each pair of areas one row",
        )
    return clean.sort_values(["source", "target"], ignore_index=True)


def find_blocks(changes: pd.DataFrame) -> pd.DataFrame:
    """Find the smallest groups of areas that are the same ground in both divisions.

    They are the connected components of the change table. A block is *nested* where one side is a
    single area: its finest common area is then one that was published. Elsewhere areas exchanged
    residents, and the block as a whole is what can be compared.

    Parameters
    ----------
    changes
        What :func:`load_changes` returns.

    Returns
    -------
    pandas.DataFrame
        ``BLOCK_COLUMNS``, a row per area of either division. ``block`` is its old codes joined by
        ``+``; ``kind`` is unchanged, split, merged or regrouped (the only one not nested).

    Examples
    --------
    >>> blocks = find_blocks(load_changes())
    >>> blocks["block"].nunique(), sorted(blocks.loc[~blocks["nested"], "block"].unique())[0]
    (188, '1280C1120+1280C1270')
    """
    old = pd.Series(changes["source"].unique())
    new = pd.Series(changes["target"].unique())
    root = _components(zip(OLD + changes["source"], NEW + changes["target"], strict=True))
    parts = [
        pd.DataFrame({"division": division, "area": codes, "root": (division + codes).map(root)})
        for division, codes in ((OLD, old), (NEW, new))
    ]
    members = pd.concat(parts, ignore_index=True).sort_values(["division", "area"])
    olds = members[members["division"] == OLD].groupby("root")["area"]
    counts = pd.crosstab(members["root"], members["division"])
    members["block"] = members["root"].map(olds.agg("+".join))
    one = (counts == 1).reindex(members["root"]).reset_index(drop=True)
    one.index = members.index
    members["kind"] = [_kind(*pair) for pair in zip(one[OLD], one[NEW], strict=True)]
    members["nested"] = one.any(axis=1)
    return members.sort_values(["block", "division", "area"])[BLOCK_COLUMNS].reset_index(drop=True)


def _kind(one_before: bool, one_after: bool) -> str:  # noqa: FBT001 - private, from two columns
    if one_before:
        return "unchanged" if one_after else "split"
    return "merged" if one_after else "regrouped"


def _components(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map every end of a pair to one representative of what it hangs together with."""
    parent: dict[str, str] = {}

    def find(one: str) -> str:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for first, second in pairs:
        # The smaller name wins, so that the order of rows decides nothing.
        low, high = sorted((find(first), find(second)))
        parent[high] = low
    return {one: find(one) for one in list(parent)}


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
    blocks
        What :func:`find_blocks` returns.
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
    blocks
        What :func:`find_blocks` returns.
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
    blocks: pd.DataFrame, walk: Crosswalk, residents: pd.Series[float], *, division: str
) -> pd.DataFrame:
    """Lead either division to larger areas with the same weights in every year.

    Each area takes the weights of its block: those of the block's areas of 2025, by residents. No
    change across 2023/2024 then comes from the crosswalk. The price is paid by blocks that
    straddle a border.

    Parameters
    ----------
    walk
        From DeSO 2025 to the larger areas.
    residents
        By DeSO of 2025; only how a block's residents part between its areas matters.
    division
        Which division's codes to lead from, ``"2018"`` or ``"2025"``.

    Returns
    -------
    pandas.DataFrame
        ``source, target, weight, method, certainty``, as :class:`geolyft.crosswalks.Crosswalk`
        takes it. Blocks that straddle and are not nested are of low certainty.

    Raises
    ------
    JoinError
        ``blocks-unknown`` when the crosswalk or the residents lack an area of a block.

    Examples
    --------
    >>> from geolyft.crosswalks import load_crosswalk
    >>> walk = load_crosswalk("deso2025_geso")
    >>> people = pd.Series(1.0, index=walk.table["source"].unique())
    >>> old = crosswalk_through_blocks(find_blocks(load_changes()), walk, people, division="2018")
    >>> old["source"].nunique(), float(round(old["weight"].sum(), 9))
    (192, 192.0)
    """
    new = blocks[blocks["division"] == NEW]
    absent = ~(new["area"].isin(walk.table["source"]) & new["area"].isin(residents.dropna().index))
    if absent.any():
        raise JoinError(
            "blocks-unknown",
            f"{int(absent.sum())} of {len(new)} areas of {NEW} lack residents or a way to the "
            f"larger areas, first {brief(new.loc[absent, 'area'].iloc[0])}",
            remedy="give residents and a crosswalk for every area of the division",
        )
    paths = walk.table.merge(new, left_on="source", right_on="area")
    people = paths["source"].map(residents)
    # A block where nobody lives still has to lead somewhere.
    empty = people.groupby(paths["block"]).transform("sum") == 0
    paths["people"] = paths["weight"] * people.mask(empty, 1.0)
    weights = paths.groupby(["block", "target"])["people"].sum()
    weights = weights / weights.groupby("block").transform("sum")
    found = weights[weights > 0].rename("weight").reset_index()
    led = blocks[blocks["division"] == division].merge(found, on="block")
    whole = led.groupby("area")["target"].transform("size") == 1
    led["method"] = whole.map({True: "nested", False: "residents of the block"})
    by_nesting = led["nested"].map({True: "medium", False: "low"})
    led["certainty"] = by_nesting.mask(whole, "high")
    led = led.rename(columns={"area": "source"}).sort_values(["source", "target"])
    return led[["source", "target", "weight", "method", "certainty"]].reset_index(drop=True)


def block_areas(areas: gpd.GeoDataFrame, blocks: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the blocks as polygons: the areas of 2025 that each is made of, as one.

    Parameters
    ----------
    areas
        DeSO 2025, index of codes.

    Returns
    -------
    GeoDataFrame
        Index ``block``; columns ``kind``, ``nested`` and ``geometry``.

    Examples
    --------
    >>> from geolyft.boundaries import load_areas
    >>> len(block_areas(load_areas("deso2025"), find_blocks(load_changes())))
    188
    """
    of = blocks[blocks["division"] == NEW].set_index("area")[["block", "kind", "nested"]]
    return areas[["geometry"]].join(of, how="inner").dissolve("block")

"""DeSO 2018 and DeSO 2025 together: blocks of areas that are the same in both divisions.

A change table says which areas of the old division have residents in which areas of the new one.
Areas that hang together in it form a block, and counts summed to blocks (`divisions.deso_change`)
are comparable across the change whatever happened inside. Nothing is ever moved by area: twelve of
Malmö's DeSO grew out over the sea without a single resident (Statistics Sweden's division of 2025).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.divisions.areas import clean_deso, shipped
from geolyft.errors import AreaError, brief
from geolyft.read import read_table

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


OLD: Final = "2018"
NEW: Final = "2025"

CHANGE_COLUMNS: Final = ["source", "target", "relation", "note"]
BLOCK_COLUMNS: Final = ["block", "division", "area", "kind", "nested"]


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
    table = read_table(shipped("deso2018_2025.csv") if path is None else path).frame
    missing = [column for column in (source, target) if column not in table]
    if missing:
        raise AreaError(
            "blocks-columns",
            f"the change table lacks {', '.join(missing)}",
            remedy="name its columns of old and new codes",
            where="" if path is None else str(path),
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
        what = f"{int(empty.sum())} of {len(changes)} rows of the change table lack a code"
        raise AreaError("blocks-columns", what, remedy="give each row an old and a new code")
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

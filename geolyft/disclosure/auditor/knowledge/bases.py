"""Bases of cells: which are the same people, which lie in one another, and what that tells.

Where fewer than the threshold are in a larger base alone, a figure is published with the larger
base (`geolyft.disclosure.together.bases.wider_bases`). So a base that looks like a larger one is up
to so many fewer, and one that does not is fewer by the threshold at least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.auditor.knowledge.family import BASES, MOST
from geolyft.frames import POPULATION

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Ints
    from geolyft.disclosure.auditor.knowledge.known import Meaning
    from geolyft.disclosure.auditor.knowledge.making import Making
    from geolyft.disclosure.protect import Protection

PLACE: Final = ["level", "area", "period", "source", "sex", "group_by", "group"]


def bases_of(cells: pd.DataFrame, meaning: Meaning) -> tuple[pd.DataFrame, Ints]:
    """Return each base once, and which of them each cell has.

    Returns
    -------
    tuple[pandas.DataFrame, numpy.ndarray]
        ``PLACE, what`` (the base's name), ``indicator`` (the first that has it) and ``shown``, what
        is published of it. Residents are a base, of those who are everyone's among others.
    """
    people = cells["indicator"] == POPULATION
    known = pd.DataFrame(
        [(source, *each) for source, of in meaning.bases.items() for each in of.items()],
        columns=["source", "indicator", "what"],
        dtype="str",
    )
    names = cells[["source", "indicator"]].merge(known, on=["source", "indicator"], how="left")
    what = names["what"].fillna(cells["indicator"])
    what = what.mask(people, POPULATION)
    every = cells[[*PLACE, "indicator"]].assign(what=what, shown=shown_bases(cells))
    by = every.groupby([*PLACE, "what"], sort=False)
    bases = by.agg({"indicator": "first", "shown": "max"}).reset_index()
    return bases, by.ngroup().to_numpy().astype(np.int64)


def shown_bases(cells: pd.DataFrame) -> pd.Series[float]:
    """Return the base that each cell shows; residents are their own."""
    people = cells["indicator"] == POPULATION
    return cells["denominator"].where(~people, cells["numerator"]).mask(cells["hidden"])


def nested(bases: pd.DataFrame, meaning: Meaning) -> pd.DataFrame:
    """Return pairs of bases of which one lies in the other.

    Returns
    -------
    pandas.DataFrame
        ``inner, outer``: rows of `bases`. ``alike``: whether they look the same; ``told``: whether
        what is published says that or the contrary.
    """
    pairs = pd.DataFrame(
        [(source, *pair) for source, each in meaning.nested.items() for pair in each],
        columns=["source", "what", "larger"],
        dtype="str",
    )
    rows = bases.assign(row=range(len(bases)))
    larger = rows.rename(columns={"what": "larger", "row": "outer", "shown": "whole"})
    inner = rows.merge(pairs, on=["source", "what"]).rename(columns={"row": "inner"})
    both = inner.merge(larger[[*PLACE, "larger", "outer", "whole"]], on=[*PLACE, "larger"])
    told = both["shown"].notna() & both["whole"].notna()
    alike = told & (both["shown"] == both["whole"])
    both = both[["inner", "outer"]].assign(alike=alike, told=told)
    while True:
        # One that may be another's is held against nothing.
        foreign = set(both.loc[both["alike"] | ~both["told"], "inner"])
        still = both["told"] & (both["alike"] | ~both["outer"].isin(foreign))
        if still.equals(both["told"]):
            return both.sort_values(["inner", "outer"], ignore_index=True)
        both["told"] = still


def bounds_of_bases(
    bases: pd.DataFrame, pairs: pd.DataFrame, protection: Protection
) -> tuple[Ints, Ints]:
    """Return between which whole numbers each base lies, by what is published of it."""
    foreign = pairs.loc[pairs["alike"] | ~pairs["told"], "inner"].unique()
    less = np.zeros(len(bases), dtype=np.int64)
    less[foreign] = max(protection.threshold - 1, 0)
    low, high = rounded_from(bases["shown"], protection)
    return np.maximum(low - less, 0), high


def bounds_of_any(
    bases: pd.DataFrame, protection: Protection, shown: pd.Series[float], number: Ints
) -> tuple[Ints, Ints]:
    """Return what `bounds_of_bases` does for who does not know which bases lie in each other.

    Then any may be a larger one where two look alike, or where one is not shown.

    Parameters
    ----------
    shown, number
        By count that is asked for: what is seen of it, and which base it is.
    """
    by = bases.groupby(PLACE, sort=False)["shown"]
    some = by.transform("count")
    doubtful = ((some > by.transform("nunique")) | (some < by.transform("size"))).to_numpy()
    low, high = rounded_from(shown, protection)
    less = np.where(doubtful[number], max(protection.threshold - 1, 0), 0)
    return np.maximum(low - less, 0), high


def rounded_from(shown: pd.Series[float], protection: Protection) -> tuple[Ints, Ints]:
    """Return the whole numbers that are published as these; any, where nothing is.

    Examples
    --------
    >>> from geolyft.disclosure.protect import Protection
    >>> low, high = rounded_from(pd.Series([45.0, None]), Protection())
    >>> low.tolist(), high.tolist()
    ([43, 0], [47, 1000000000])
    """
    counts = shown.to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(counts)
    whole = np.where(known, np.rint(counts), 0).astype(np.int64)
    low = np.where(known, whole - protection.base // 2, 0)
    high = np.where(known, whole + (protection.base - 1) // 2, MOST)
    return np.maximum(low, np.where(known, protection.threshold, 0)), high


def add_beyond(
    making: Making, bases: pd.DataFrame, pairs: pd.DataFrame, protection: Protection
) -> Ints:
    """Return the numbers of those who are in a larger base alone, for each pair."""
    several = pairs.groupby("inner")["outer"].transform("size") > 1
    most = protection.threshold - 1 + np.where(several, protection.base - 1, 0)
    low = np.where(pairs["told"] & ~pairs["alike"], protection.threshold, 0)
    high = np.where(pairs["told"] & pairs["alike"], most, MOST)
    beyond = making.new(low.astype(np.int64), high.astype(np.int64))
    n = bases["n"].to_numpy()
    inner, outer = n[pairs["inner"]], n[pairs["outer"]]
    making.add(BASES, pd.DataFrame({"of": range(len(pairs)), "whole": outer, "n": inner}), beyond)
    return beyond

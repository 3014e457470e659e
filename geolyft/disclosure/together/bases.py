"""Bases that lie in one another: with both, who is in one alone is published too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.frames import EVERYONE, POPULATION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geolyft.disclosure.protect import Protection

    Bases = Mapping[str, Collection[tuple[str, str]]]

_SAME: Final = ["area", "period", "sex", "source", "group_by", "group"]


def wider_bases(
    counts: pd.DataFrame, people: pd.DataFrame, bases: Bases, protection: Protection
) -> pd.DataFrame:
    """Return counts of which no base leaves only a few outside it of one that it lies in.

    Those who live in an area, less those whose home's tenure is known, are those of whom it is not.
    Both rounded alike, these are known to be 4 at most. So where fewer than the threshold are
    outside a base, the share is of the larger base: the two are alike, and that says up to 9.

    Parameters
    ----------
    counts
        ``area, period, indicator, source, numerator, denominator``, and ``sex`` or groups.
    people
        ``area, period, source, population``.
    bases
        By source: pairs of an indicator, and another or ``population``, in whose base its own lies.

    Examples
    --------
    >>> from geolyft.disclosure.protect import Protection
    >>> counts = pd.DataFrame({"area": ["1", "2"], "period": "2025", "sex": "alla", "source": "s",
    ...     "indicator": "B3", "numerator": 30.0, "denominator": [96.0, 60.0]})
    >>> people = pd.DataFrame({"area": ["1", "2"], "period": "2025", "source": "s",
    ...     "population": 100.0})
    >>> wider_bases(counts, people, {"s": [("B3", "population")]}, Protection())["denominator"]
    0    100.0
    1     60.0
    Name: denominator, dtype: float64
    """
    pairs = pd.DataFrame(
        [(source, *pair) for source, each in bases.items() for pair in each],
        columns=["source", "indicator", "larger"],
    )
    same = [name for name in _SAME if name in counts]
    residents = people.assign(larger=POPULATION, whole=people[POPULATION], sex=EVERYONE)
    residents = residents.assign(group_by="", group="")
    others = counts.rename(columns={"indicator": "larger", "denominator": "whole"})
    outer = pd.concat([each[[*same, "larger", "whole"]] for each in (others, residents)])
    held = counts.rename_axis("row").reset_index().merge(pairs, on=["source", "indicator"])
    held = held.merge(outer, on=[*same, "larger"])
    few = (held["whole"] - held["denominator"]).between(0, protection.threshold, inclusive="left")
    wider = held[few].groupby("row")["whole"].max()
    return counts.assign(denominator=wider.reindex(counts.index).fillna(counts["denominator"]))

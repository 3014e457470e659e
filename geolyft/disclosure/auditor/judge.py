"""Which hidden cells are known too closely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.disclosure.auditor.bounds import narrowest
from geolyft.disclosure.auditor.knowledge.family import NONE
from geolyft.disclosure.auditor.programmes import intervals

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Family, Ints, Truths

PROGRAMMES: Final = 1500
"""So many sides are looked at one by one at most, the narrowest first."""
SMALL: Final = 300
"""So many are, whether bounds have settled them or not."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is known of the protected sides: those of hidden cells that can be below the threshold.

    Parameters
    ----------
    family, bounded
        What was looked at, and with what its sums leave of it.
    sides, cells
        The number of each protected side, and of its cell.
    width
        By side: the most less the least that it can be.
    unsettled
        By side: whether the budget was too small to tell.
    """

    family: Family
    bounded: Family
    sides: Ints
    cells: Ints
    width: Ints
    unsettled: Truths

    def unsafe(self, width: int) -> Truths:
        """Say which sides are narrower than they have to be, or not known not to be."""
        narrow: Truths = self.width < width
        return narrow | self.unsettled

    def narrow(self, width: int) -> Truths:
        """Say which sides are narrower than they have to be, whatever else is looked at."""
        narrow: Truths = self.width < width
        return narrow


def by_bounds(family: Family) -> Verdict:
    """Look at every protected side by bounds alone."""
    bounded = narrowest(family)
    sides, cells = _protected(bounded)
    known = bounded.high[sides] - bounded.low[sides]
    open_ = known < family.threshold - 1
    return Verdict(
        family=family, bounded=bounded, sides=sides, cells=cells, width=known, unsettled=open_
    )


def one_by_one(verdict: Verdict, *, width: int, programmes: int = PROGRAMMES) -> Verdict:
    """Look at sides one by one where bounds do not settle them.

    A side that bounds leave as wide as a side of a few is by itself is settled by them. Of the
    others, and of all in a small family, the narrowest are looked at.

    Examples
    --------
    >>> from geolyft.disclosure.auditor.knowledge.family import Sums, family_of
    >>> whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
    >>> family = family_of([0, 20, 28], [99, 24, 32], whole, hidden=[(0, NONE)])
    >>> verdict = one_by_one(by_bounds(family), width=6)
    >>> verdict.width.tolist(), verdict.unsafe(6).tolist()
    ([5], [True])
    """
    bounded, known = verdict.bounded, verdict.width.copy()
    unsettled = verdict.unsettled.copy()
    wide = np.flatnonzero(known >= width)
    enough = np.clip(np.count_nonzero(unsettled[wide]), SMALL, programmes)
    asked = wide[np.argsort(known[wide], kind="stable")][:enough]
    low, high, told = intervals(bounded, verdict.sides[asked], width=width)
    known[asked] = high - low
    unsettled[asked] = told == 0
    unsettled[known < width] = False
    return replace(verdict, width=known, unsettled=unsettled)


def _protected(family: Family) -> tuple[Ints, Ints]:
    """Return the sides of hidden cells that can be of a few, each once, and their cells."""
    hidden = np.flatnonzero(family.hidden)
    sides = np.concatenate([family.one[hidden], family.other[hidden]])
    cells = np.concatenate([hidden, hidden])
    there = sides != NONE
    few = there & (family.low[np.where(there, sides, 0)] < family.threshold)
    kept, first = np.unique(sides[few], return_index=True)
    return kept, cells[few][first]

"""Bounds narrow each other along the sums, over a whole family at once, until nothing moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.disclosure.auditor.knowledge.family import FEW, MOST, NONE
from geolyft.errors import DisclosureError

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Family, Ints, Truths

_SWEEPS: Final = 500
"""Bounds that still move then go by ones, and are true all the same."""


def narrowest(family: Family) -> Family:
    """Return the family with the bounds that its sums leave.

    What was believed and is contradicted is given up: that small areas of another make fill a
    larger one, then that hidden cells are of a few, for some are hidden because of others, then
    the rest.

    Raises
    ------
    DisclosureError
        ``audit-infeasible`` when what is published contradicts itself.

    Examples
    --------
    >>> from geolyft.disclosure.auditor.knowledge.family import Sums, family_of
    >>> whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
    >>> family = family_of([0, 20, 28], [99, 24, 32], whole, hidden=[(0, NONE)])
    >>> known = narrowest(family)
    >>> known.low.tolist(), known.high.tolist()
    ([4, 20, 28], [9, 24, 32])
    """
    while True:
        low, high, wrong = _settled(family)
        if not wrong.any():
            return replace(family, low=low, high=high)
        family = _without_belief(family, wrong)


def _settled(family: Family) -> tuple[Ints, Ints, Truths]:
    """Return bounds, and the counts that nothing can be any more."""
    low, high = family.low.copy(), family.high.copy()
    for _ in range(_SWEEPS):
        before = int(low.sum() - high.sum())
        _along_sums(family, low, high)
        _of_few(family, low, high)
        wrong: Truths = low > high
        if wrong.any() or int(low.sum() - high.sum()) == before:
            break
    return low, high, wrong


def _along_sums(family: Family, low: Ints, high: Ints) -> None:
    """Narrow each whole by its parts, and each part by the whole and the others."""
    sums = family.sums
    if not len(sums.whole):
        return
    first = np.flatnonzero(np.diff(sums.of, prepend=-1))
    least = np.add.reduceat(low[sums.part], first)
    most = np.add.reduceat(high[sums.part], first)
    np.maximum.at(low, sums.whole, least)
    np.minimum.at(high, sums.whole, most)
    whole_low, whole_high = low[sums.whole], high[sums.whole]
    over = (whole_high - least)[sums.of] + low[sums.part]
    under = (whole_low - most)[sums.of] + high[sums.part]
    np.minimum.at(high, sums.part, over)
    np.maximum.at(low, sums.part, under)


def _of_few(family: Family, low: Ints, high: Ints) -> None:
    """Of a cell that hides a few: where one side cannot be small, the other one is."""
    few = np.flatnonzero(family.few)
    one, other, most = family.one[few], family.other[few], family.threshold - 1
    single = other == NONE
    first = single | (low[other] > most)
    np.minimum.at(high, one[first], most)
    second = ~single & (low[one] > most)
    np.minimum.at(high, other[second], most)


def _without_belief(family: Family, wrong: Truths) -> Family:
    """Give up what is easiest to doubt about the sums in which a count has become impossible."""
    sums = family.sums
    met = wrong[sums.whole]
    met[sums.of[wrong[sums.part]]] = True
    near = wrong.copy()
    near[sums.whole[met]] = True
    near[sums.part[met[sums.of]]] = True
    few = family.few & (near[family.one] | (near[family.other] & (family.other != NONE)))
    told = np.unique(family.belief[near & (family.belief != NONE)])
    doubts = [*family.doubt[told].tolist(), *([FEW] if few.any() else [])]
    if not doubts:
        raise DisclosureError(
            "audit-infeasible",
            "the figures contradict one another or cannot be solved",
            remedy="check counts, sums and the rounding base",
        )
    if min(doubts) == FEW:
        return replace(family, few=family.few & ~few)
    given_up = np.isin(family.belief, told[family.doubt[told] == min(doubts)])
    return replace(
        family,
        low=np.where(given_up, -MOST, family.low),
        high=np.where(given_up, MOST, family.high),
        belief=np.where(given_up, NONE, family.belief),
    )

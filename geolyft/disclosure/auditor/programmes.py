"""What bounds alone do not settle: the least and the most that fits, found by HiGHS.

A programme is of one side of a cell and the counts around it, with whole numbers throughout. Its
budget is in nodes of the search and never in seconds: the same figures have the same answer on any
machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.disclosure.auditor.around import Around
from geolyft.disclosure.auditor.knowledge.family import MOST, NONE
from geolyft.join.beside import shared
from geolyft.late import scipy

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Family, Floats, Ints

COUNTS: Final = 150_000
"""So many counts are looked at in all; a small city is seen whole around each side."""
_REACH: Final = (100, 1000)
NODES: Final = 100
_TOGETHER: Final = 24
"""Solutions of a small family, before its sides are looked at one by one."""
_INFEASIBLE: Final = 2  # what milp calls status
_TOLERANCE: Final = 1e-4
_FURTHEST: Final = 400_000
"""A hidden side is looked for no further above its least. HiGHS takes 0.000001 of a choice for none
of it, and so much of a longer way is somebody."""


def intervals(family: Family, sides: Ints, *, width: int) -> tuple[Ints, Ints, Ints]:
    """Return between what each of some counts lies, and whether that was found out in full.

    Returns
    -------
    tuple
        The least and the most that a count can be, as far as the search got. And 1 where two
        solutions are as far apart as `width`, or nothing is left to look for; what is around is
        taken by its bounds.

    Examples
    --------
    >>> from geolyft.disclosure.auditor.knowledge.family import Sums, family_of
    >>> whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
    >>> family = family_of([0, 20, 28], [9, 24, 32], whole, hidden=[(0, NONE)])
    >>> [each.tolist() for each in intervals(family, np.array([0]), width=5)]
    [[4], [9], [1]]
    """
    around = Around(family)
    low, high = _wide_together(family, around, sides, width)
    left = np.flatnonzero(high - low < width)
    settled = np.ones(len(sides), dtype=np.int64)
    reach = int(np.clip(COUNTS // max(len(left), 1), *_REACH))
    with shared(partial(_interval, family, around, reach, width), sides[left].tolist()) as found:
        for n, answer in zip(left.tolist(), found, strict=True):
            low[n], high[n], settled[n] = answer
    return low, high, settled


def _wide_together(family: Family, around: Around, sides: Ints, width: int) -> tuple[Ints, Ints]:
    """Return how low and how high each side gets in some solutions of a small family as a whole.

    A solution has a number for every side, so a few of them show most to be wide. Nothing is
    learnt so of a family that is larger than what can be seen around one side.
    """
    nothing = (np.zeros(len(sides), dtype=np.int64), np.zeros(len(sides), dtype=np.int64))
    programme = _Programme.around(family, around, sides, _REACH[1])
    if programme is None:
        return nothing
    low, high = (each + far for each, far in zip(nothing, (MOST, -MOST), strict=True))
    random = np.random.default_rng(0)  # any signs would do
    signs = np.ones(len(sides))
    for turn in range(_TOGETHER):
        left = high - low < width
        if not left.any():
            break
        # Each direction and its opposite; all sides at once first.
        signs = -signs if turn % 2 or not turn else random.choice([-1.0, 1.0], len(sides))
        answer = programme.solve(sides[left], signs[left], believing=True)
        if answer.values is None:
            return nothing
        low, high = np.minimum(low, answer.values[sides]), np.maximum(high, answer.values[sides])
    return low, high


@dataclass(frozen=True)
class _Answer:
    bound: float
    found: float
    fits: bool
    values: Ints | None


def _interval(
    family: Family, around: Around, reach: int, width: int, count: int
) -> tuple[int, int, bool]:
    programme = _Programme(family, around, *around.reached([count], reach)[:2])
    side, one = np.array([count]), np.ones(1)
    for believing in (True, False):
        least, most = (programme.solve(side, sign * one, believing=believing) for sign in (1, -1))
        if least.fits and most.fits:
            low = max(int(np.ceil(least.bound - _TOLERANCE)), int(family.low[count]))
            high = min(int(np.floor(-most.bound + _TOLERANCE)), int(family.high[count]))
            apart = -most.found - least.found
            return low, high, apart >= min(width, high - low) - _TOLERANCE
    return int(family.low[count]), int(family.high[count]), False


class _Programme:
    """Some counts and the sums that bind them, to be solved for the least of some of them."""

    def __init__(self, family: Family, around: Around, counts: Ints, entries: Ints) -> None:
        sparse = scipy("sparse")
        sums, row = np.unique(around.of[entries], return_inverse=True)
        column = np.searchsorted(counts, around.counts[entries])
        either = _either(family, counts)
        self._counts, self._size = counts, len(counts) + len(either)
        shape = (len(sums), self._size)
        self._equal = sparse.csr_array((around.signs[entries], (row, column)), shape=shape)
        high, hidden = family.high[counts], [side for sides in either for side in sides]
        high[hidden] = np.minimum(high[hidden], family.low[counts][hidden] + _FURTHEST)
        self._low = np.concatenate([family.low[counts], np.zeros(len(either))])
        self._high = np.concatenate([high, np.ones(len(either))])
        self._choice, self._limit = _choices(either, high, family.threshold - 1, self._size)

    @classmethod
    def around(cls, family: Family, around: Around, sides: Ints, reach: int) -> _Programme | None:
        """Return the programme of all that hangs together with some counts, if it is no larger."""
        counts, entries, is_all = around.reached(sides.tolist(), reach)
        return cls(family, around, counts, entries) if is_all and len(sides) else None

    def solve(self, sides: Ints, weights: Floats, *, believing: bool) -> _Answer:
        """Return the least of a weighted sum, believing that hidden cells are of a few or not."""
        optimize, sparse = scipy("optimize"), scipy("sparse")
        holds = [optimize.LinearConstraint(self._equal, 0, 0)] if self._equal.shape[0] else []
        if believing and len(self._limit):
            choice = sparse.csr_array(self._choice)
            holds.append(optimize.LinearConstraint(choice, -np.inf, self._limit))
        aim = np.zeros(self._size)
        aim[np.searchsorted(self._counts, sides)] = weights
        made = optimize.milp(
            aim,
            constraints=holds,
            bounds=optimize.Bounds(self._low, self._high),
            integrality=np.ones(self._size),
            options={"node_limit": NODES},
        )
        bound = made.mip_dual_bound
        solved = made.x is not None and self._is_held(np.rint(made.x), believing=believing)
        fits = made.status != _INFEASIBLE and bound is not None and np.isfinite(bound)
        return _Answer(
            float(bound) if fits else 0.0,
            float(made.fun) if solved else np.inf,
            fits,
            self._by_count(made.x) if solved else None,
        )

    def _is_held(self, solution: Floats, *, believing: bool) -> bool:
        """Say whether a solution is one: HiGHS may call best what breaks a sum, scipy#24141."""
        if (solution < self._low).any() or (solution > self._high).any():
            return False
        if (self._equal @ solution).any():
            return False
        return not (believing and bool((self._choice @ solution > self._limit).any()))

    def _by_count(self, solution: Floats) -> Ints:
        """Return the numbers of a solution at the counts they are of."""
        values = np.zeros(int(self._counts.max()) + 1, dtype=np.int64)
        values[self._counts] = np.rint(solution[: len(self._counts)])
        return values


def _either(family: Family, counts: Ints) -> list[tuple[int, int]]:
    """Return the places of both sides of the cells of which it is open which one is of a few."""
    most = family.threshold - 1
    few = family.few & (family.other != NONE)
    few &= (family.high[family.one] > most) & (family.high[family.other] > most)
    place = {int(c): n for n, c in enumerate(counts)}
    sides = zip(family.one[few].tolist(), family.other[few].tolist(), strict=True)
    return [(place[a], place[b]) for a, b in sides if a in place and b in place]


def _choices(
    either: list[tuple[int, int]], high: Ints, most: int, size: int
) -> tuple[Floats, Floats]:
    """Return rows that say of each such cell: one side is of a few, or else the other one."""
    rows = np.zeros((2 * len(either), size))
    limit = np.zeros(2 * len(either))
    for n, (one, other) in enumerate(either):
        chosen = len(high) + n
        rows[2 * n, [one, chosen]] = 1.0, -float(high[one] - most)
        limit[2 * n] = most
        rows[2 * n + 1, [other, chosen]] = 1.0, float(high[other] - most)
        limit[2 * n + 1] = high[other]
    return rows, limit

"""What bounds alone do not settle: the least and the most that fits, found by HiGHS.

A programme is of one side of a cell and the counts around it, with whole numbers throughout. Its
budget is in nodes of the search and never in seconds: the same figures have the same answer on any
machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.disclosure.auditor.around import Around
from geolyft.disclosure.auditor.family import NONE
from geolyft.errors import DisclosureError
from geolyft.join.beside import shared
from geolyft.optional import optional

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.family import Family, Floats, Ints

COUNTS: Final = 150_000
"""So many counts are looked at in all; a small city is seen whole around each side."""
_REACH: Final = (100, 1000)
NODES: Final = 100
_INFEASIBLE: Final = 2  # what milp calls status
_TOLERANCE: Final = 1e-4


def needs_scipy(module: str = "scipy.optimize") -> Any:  # noqa: ANN401 - scipy has no types
    """Import a module of scipy, or say how to install it.

    Raises
    ------
    DisclosureError
        ``audit-package``.
    """
    return optional(
        module,
        "audit",
        error=DisclosureError,
        code="audit-package",
        what="auditing what is published needs the optional package scipy",
    )


def intervals(family: Family, sides: Ints, *, width: int) -> tuple[Ints, Ints, Ints]:
    """Return between what each of some counts lies, and whether that was found out in full.

    Returns
    -------
    tuple
        The least and the most that a count can be, as far as the search got: nothing beyond them
        fits. And 1 where two solutions are as far apart as `width`, or nothing is left to look for;
        what is around is taken by its bounds.

    Examples
    --------
    >>> from geolyft.disclosure.auditor.family import Sums, family_of
    >>> whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
    >>> family = family_of([0, 20, 28], [9, 24, 32], whole, hidden=[(0, NONE)])
    >>> [each.tolist() for each in intervals(family, np.array([0]), width=5)]
    [[4], [9], [1]]
    """
    reach = int(np.clip(COUNTS // max(len(sides), 1), *_REACH))
    around = Around(family)
    low, high, settled = [], [], []
    with shared(partial(_interval, family, around, reach, width), sides.tolist()) as found:
        for least, most, told in found:
            low.append(least)
            high.append(most)
            settled.append(int(told))
    return np.array(low, dtype=np.int64), np.array(high, dtype=np.int64), np.array(settled)


@dataclass(frozen=True)
class _Answer:
    bound: float
    found: float
    fits: bool


def _interval(
    family: Family, around: Around, reach: int, width: int, count: int
) -> tuple[int, int, bool]:
    counts, entries = around.reached(count, reach)
    solve = _programme(family, around, counts, entries, count)
    for believing in (True, False):
        least, most = solve(1.0, believing), solve(-1.0, believing)
        if least.fits and most.fits:
            low = max(int(np.ceil(least.bound - _TOLERANCE)), int(family.low[count]))
            high = min(int(np.floor(-most.bound + _TOLERANCE)), int(family.high[count]))
            apart = -most.found - least.found
            return low, high, apart >= min(width, high - low) - _TOLERANCE
    return int(family.low[count]), int(family.high[count]), False


def _programme(family: Family, around: Around, counts: Ints, entries: Ints, count: int) -> Any:  # noqa: ANN401
    """Return what finds the least (1) or the most (-1) of a count, believing in few or not."""
    optimize, sparse = needs_scipy(), needs_scipy("scipy.sparse")
    place = {int(c): n for n, c in enumerate(counts)}
    sums, row = np.unique(around.of[entries], return_inverse=True)
    column = np.searchsorted(counts, around.counts[entries])
    either = _either(family, place)
    size = len(counts) + len(either)
    equal = sparse.csr_array((around.signs[entries], (row, column)), shape=(len(sums), size))
    low = np.concatenate([family.low[counts], np.zeros(len(either))])
    high = np.concatenate([family.high[counts], np.ones(len(either))])
    choice, limit = _choices(either, family, counts, size)
    aim = np.zeros(size)
    aim[place[count]] = 1.0

    def solve(sign: float, believing: bool) -> _Answer:  # noqa: FBT001
        holds = [optimize.LinearConstraint(equal, 0, 0)] if len(sums) else []
        if believing and len(either):
            holds.append(optimize.LinearConstraint(sparse.csr_array(choice), -np.inf, limit))
        made = optimize.milp(
            sign * aim,
            constraints=holds,
            bounds=optimize.Bounds(low, high),
            integrality=np.ones(size),
            options={"node_limit": NODES},
        )
        bound = made.mip_dual_bound
        found = np.inf if made.x is None else float(made.fun)
        fits = made.status != _INFEASIBLE and bound is not None and np.isfinite(bound)
        return _Answer(float(bound) if fits else 0.0, found, fits)

    return solve


def _either(family: Family, place: dict[int, int]) -> list[tuple[int, int]]:
    """Return the places of both sides of the cells of which it is open which one is of a few."""
    most = family.threshold - 1
    few = family.few & (family.other != NONE)
    few &= (family.high[family.one] > most) & (family.high[family.other] > most)
    sides = zip(family.one[few].tolist(), family.other[few].tolist(), strict=True)
    return [(place[a], place[b]) for a, b in sides if a in place and b in place]


def _choices(
    either: list[tuple[int, int]], family: Family, counts: Ints, size: int
) -> tuple[Floats, Floats]:
    """Return rows that say of each such cell: one side is of a few, or else the other one."""
    most, high = family.threshold - 1, family.high[counts]
    rows = np.zeros((2 * len(either), size))
    limit = np.zeros(2 * len(either))
    for n, (one, other) in enumerate(either):
        chosen = len(counts) + n
        rows[2 * n, [one, chosen]] = 1.0, -float(high[one] - most)
        limit[2 * n] = most
        rows[2 * n + 1, [other, chosen]] = 1.0, float(high[other] - most)
        limit[2 * n + 1] = high[other]
    return rows, limit

"""What somebody who attacks a delivery wants to know: whole numbers, and what he can say of them.

Nothing here is geolyft's: every relation is a row of a programme, for HiGHS.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Cell = tuple[str, str, str, str, str]
"""Area, reference year, sex, indicator and group."""
KINDS = CELLS, BASES, SEXES, BANDS, AREAS, INSIDE = (
    "cells", "bases", "sexes", "bands", "areas", "inside",
)  # fmt: skip
"""What sums are of: areas make the city, those inside of one make it."""
SIDES = IN, OUT = "in", "out"
MUCH = 1_000_000
"""More than live in any city that is attacked."""
SMALL = 1e-4
NODES = {"node_limit": 5_000}
IMPOSSIBLE = 2
"""What milp calls status."""
LOOKS, SWEEPS = 6, 20


@dataclass(frozen=True)
class Row:
    """A whole and its parts, and of what kind they are."""

    kind: str
    whole: int
    parts: tuple[int, ...]


@dataclass
class Unknown:
    """Unknown whole numbers, sums of them, and cells that hide one of theirs."""

    threshold: int
    base: int
    names: dict[tuple[Cell, str], int] = field(default_factory=dict)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: dict[Row, None] = field(default_factory=dict)
    shown: dict[Cell, bool] = field(default_factory=dict)

    def number(self, cell: Cell, side: str) -> int:
        """Return the number of an unknown."""
        if (cell, side) not in self.names:
            self.names[cell, side] = len(self.low)
            self.low.append(0)
            self.high.append(MUCH)
        return self.names[cell, side]

    def between(self, number: int, low: float, high: float) -> None:
        """Take in that a number is no less and no more."""
        self.low[number] = max(self.low[number], int(low))
        self.high[number] = min(self.high[number], int(high))

    def rounded(self, number: int, shown: float, less: int = 0) -> None:
        """Take in that a number is published as this."""
        self.between(number, shown - self.base // 2 - less, shown + (self.base - 1) // 2)

    def total(self, kind: str, whole: int, parts: Collection[int]) -> None:
        """Take in that parts make a whole."""
        self.rows[Row(kind, whole, tuple(parts))] = None

    @property
    def hidden(self) -> list[Cell]:
        """Cells that are shown nowhere."""
        return [cell for cell, shown in self.shown.items() if not shown]

    def few(self) -> list[tuple[int, int]]:
        """Return the sides of hidden cells: one of the two is below the threshold.

        Twice the same one, where there is but one.
        """
        return [
            (self.number(cell, IN), self.number(cell, OUT if (cell, OUT) in self.names else IN))
            for cell in self.hidden
        ]

    def programmes(self, kinds: Collection[str], *, believing: bool) -> Iterator[Programme]:
        """Yield what hangs together by sums of some kinds and hides something."""
        few = np.array(self.few(), dtype=np.int64).reshape(-1, 2)
        asked = np.unique(few)
        rows = [row for row in self.rows if row.kind in kinds]
        sizes = [len(row.parts) + 1 for row in rows]
        row = np.repeat(np.arange(len(rows)), sizes)
        column = np.array([n for each in rows for n in (each.whole, *each.parts)], dtype=np.int64)
        sign = np.ones(len(column))
        sign[np.cumsum([0, *sizes[:-1]])] = -1.0
        count = len(self.low)
        links = csr_array((np.ones(len(row)), (column, count + row)), shape=[count + len(rows)] * 2)
        of = connected_components(links, directed=False)[1]
        order = np.argsort(of[column], kind="stable")
        starts = np.searchsorted(of[column][order], np.arange(of.max() + 2))
        low, high = np.array(self.low), np.array(self.high)
        pairs = _by_part(of[few[:, 0]])
        for part in np.unique(of[asked]).tolist():
            entries = order[starts[part] : starts[part + 1]]
            # What no sum holds hangs together with nothing, and is a part of its own.
            alone = asked[of[asked] == part]
            numbers = np.unique(np.concatenate([column[entries], alone]))
            own, inner = np.unique(row[entries], return_inverse=True)
            place = np.searchsorted(numbers, column[entries])
            table = csr_array((sign[entries], (inner, place)), shape=(len(own), len(numbers)))
            both = np.searchsorted(numbers, few[pairs[part]]) if believing else few[:0]
            wanted = np.searchsorted(numbers, alone)
            yield Programme(numbers, table, low[numbers], high[numbers], wanted, both,
                            self.threshold)  # fmt: skip


def _by_part(of: np.ndarray) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for n, part in enumerate(of.tolist()):
        found[part].append(n)
    return found


class Programme:
    """Unknowns that hang together, and between what each lies in the solutions found so far."""

    def __init__(  # noqa: PLR0917 - a programme is that
        self, numbers: np.ndarray, rows: csr_array, low: np.ndarray, high: np.ndarray,
        asked: np.ndarray, few: np.ndarray, threshold: int,
    ) -> None:  # fmt: skip
        self.numbers, self.asked = numbers, asked
        self._rows, self._low, self._high = rows, low.copy(), high.copy()
        self._few, self._most = few, threshold - 1
        self.fits = self._narrow()
        self.least, self.most = np.full(len(low), np.inf), np.full(len(low), -np.inf)
        if self.fits:
            self._lay()

    def known(self) -> bytes:
        """Return all that is said of the unknowns: what is the same twice has the same answer."""
        parts = (self._rows.indptr, self._rows.indices, self._rows.data, self._low, self._high,
                 self.asked, self._few)  # fmt: skip
        return b"|".join(np.ascontiguousarray(each).tobytes() for each in parts)

    def intervals(self, enough: float) -> list[tuple[int, int]] | None:
        """Return between what each asked unknown lies; None where nothing fits."""
        if not self.fits or not self._look_around(enough):
            return None
        return [self._ends(place, enough) for place in self.asked.tolist()]

    def _narrow(self) -> bool:
        """Narrow what each lies between by its sums; say whether that leaves anything."""
        low, high, (row, column), sign = self._low, self._high, *_entries(self._rows)
        one, other = self._few.T
        single = one[one == other]
        np.minimum.at(high, single, self._most)
        for _ in range(SWEEPS):
            before = high.sum() - low.sum()
            at_least = np.where(sign > 0, low[column], -high[column])
            at_most = np.where(sign > 0, high[column], -low[column])
            # The others of the sum make up for what one is.
            above = at_least - np.bincount(row, at_least)[row].astype(np.int64)
            below = at_most - np.bincount(row, at_most)[row].astype(np.int64)
            np.minimum.at(high, column, np.where(sign > 0, above, -below))
            np.maximum.at(low, column, np.where(sign > 0, below, -above))
            for this, that in ((one, other), (other, one)):
                np.minimum.at(high, this[low[that] > self._most], self._most)
            if (low > high).any():
                return False
            if high.sum() - low.sum() == before:
                return True
        return True

    def _lay(self) -> None:
        """Lay out the programme; of each hidden cell a choice says which side is the small one."""
        open_ = self._few[(self._high[self._few] > self._most).all(axis=1)]
        size, count = len(self._low), len(open_)
        n = np.arange(count)
        over = self._high[open_] - self._most
        data = np.concatenate([np.ones(2 * count), -over[:, 0], over[:, 1]])
        rows = np.concatenate([n, count + n, n, count + n])
        columns = np.concatenate([open_[:, 0], open_[:, 1], size + n, size + n])
        choice = csr_array((data, (rows, columns)), shape=(2 * count, size + count))
        room = np.concatenate([np.full(count, self._most), self._high[open_[:, 1]]])
        sums = csr_array(self._rows)
        sums.resize((sums.shape[0], size + count))
        self._constraints = [LinearConstraint(sums, 0, 0)]
        if count:
            self._constraints.append(LinearConstraint(choice, -np.inf, room))
        self._size = size + count
        self._bounds = Bounds(
            np.concatenate([self._low, np.zeros(count)]),
            np.concatenate([self._high, np.ones(count)]),
        )

    def _solve(self, places: np.ndarray, weights: np.ndarray) -> float | None:
        """Return what a weighted sum is at least; None where nothing fits."""
        aim = np.zeros(self._size)
        aim[places] = weights
        made = milp(aim, constraints=self._constraints, bounds=self._bounds,
                    integrality=np.ones(self._size), options=NODES)  # fmt: skip
        if made.x is not None:
            values = np.rint(made.x[: len(self._low)])
            self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)
        return None if made.status == IMPOSSIBLE else float(made.mip_dual_bound)

    def _look_around(self, enough: float) -> bool:
        """Find solutions in which unknowns are far from what they are in others, if any fits."""
        random, signs = np.random.default_rng(0), np.ones(len(self.asked))  # any signs would do
        for _ in range(LOOKS if np.isfinite(enough) else 1):
            left = (self.most - self.least)[self.asked] < enough
            if not left.any():
                break
            for sign in (1.0, -1.0):
                if self._solve(self.asked[left], sign * signs[left]) is None:
                    return False
            signs = random.choice([-1.0, 1.0], len(self.asked))
        return True

    def _ends(self, place: int, enough: float) -> tuple[int, int]:
        """Return between what one lies, or what solutions say where that is enough."""
        if self.most[place] - self.least[place] >= enough:
            return int(self.least[place]), int(self.most[place])
        at = np.array([place])
        least, less = (self._solve(at, np.array([sign])) for sign in (1.0, -1.0))
        low, high = int(self._low[place]), int(self._high[place])
        if least is not None and math.isfinite(least):
            low = max(low, math.ceil(least - SMALL))
        if less is not None and math.isfinite(less):
            high = min(high, math.floor(-less + SMALL))
        return low, high


def _entries(rows: csr_array) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    made = rows.tocoo()
    return (made.row, made.col), made.data

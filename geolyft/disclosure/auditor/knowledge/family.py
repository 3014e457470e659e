"""A family of counts: between what each is known to lie, and what sums to what.

A *count* is a whole number that somebody could want to know: those counted in a cell, the others of
its base, the base, the residents. It has a number, and what is known of it is its `low` and `high`.
Every relation is a sum, with a count of its own for what is left over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

MOST: Final = 1_000_000_000
"""No count is larger, and sums of many such numbers are still exact."""
NONE: Final = -1
"""In place of a count's number: there is none."""
ROUGH, FEW, SURE = range(3)
"""How easily a belief is given up: areas nested but for slivers, hidden cells of few, the rest."""

CELLS, BASES, SEXES, BANDS, AREAS = range(5)
"""What sums are of: a base and its two sides, bases in each other, and what makes a whole."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What sums to what: ``whole[of] = sum of part``, an entry for each part.

    Parameters
    ----------
    whole
        By sum: the number of the count that the parts make.
    of, part
        By entry, in the order of the sums: which sum it belongs to, and the part's number.
    """

    whole: Ints
    of: Ints
    part: Ints

    @staticmethod
    def joined(many: Sequence[Sums]) -> Sums:
        """Return the sums of all of them, each once."""
        start = np.cumsum([0, *(len(each.whole) for each in many)])
        return Sums(
            whole=np.concatenate([each.whole for each in many]),
            of=np.concatenate([each.of + n for each, n in zip(many, start, strict=False)]),
            part=np.concatenate([each.part for each in many]),
        )

    def only(self, kept: Truths) -> Sums:
        """Return some of the sums."""
        entries = kept[self.of]
        number = np.cumsum(kept) - 1
        return Sums(whole=self.whole[kept], of=number[self.of[entries]], part=self.part[entries])


@dataclass(frozen=True, kw_only=True)
class Family:
    """Counts, sums, and the cells that show them or hide them.

    Parameters
    ----------
    low, high
        By count: the least and the most that it can be.
    one, other
        By cell: the counts of its two sides; ``NONE`` where it has but one.
    hidden
        By cell: whether its sides are to be protected, for it has no figures.
    few
        By cell: whether a side of it is then known to be below the threshold. Whoever believes that
        of a cell which was hidden because of others is wrong, and finds out where it contradicts.
    belief
        By count: which belief says that it is nobody; ``NONE`` where none does. That everyone is a
        woman or a man is one belief of each source, for instance, about all that is left over.
    doubt
        By belief: in which order they are given up where they contradict, ``FEW`` among them.
    """

    low: Ints
    high: Ints
    sums: Sums
    one: Ints
    other: Ints
    hidden: Truths
    few: Truths
    threshold: int
    belief: Ints
    doubt: Ints

    def narrowed(self, count: Ints, low: Ints, high: Ints) -> Family:
        """Return the family with more known of some counts, as by an earlier release.

        Examples
        --------
        >>> import numpy as np
        >>> whole = Sums(whole=np.array([2]), of=np.array([0, 0]), part=np.array([0, 1]))
        >>> family = family_of([0, 0, 0], [9, 9, 9], whole, hidden=[(0, 1)])
        >>> family.narrowed(np.array([0]), np.array([2]), np.array([6])).high.tolist()
        [6, 9, 9]
        """
        least, most = self.low.copy(), self.high.copy()
        np.maximum.at(least, count, low)
        np.minimum.at(most, count, high)
        return replace(self, low=least, high=most)


def family_of(
    low: Sequence[int],
    high: Sequence[int],
    sums: Sums,
    *,
    hidden: Sequence[tuple[int, int]],
    threshold: int = 10,
) -> Family:
    """Return a family of which all cells hide a few, and nothing else is believed."""
    sides = np.array(hidden, dtype=np.int64).reshape(-1, 2)
    every = np.ones(len(sides), dtype=bool)
    return Family(
        low=np.array(low, dtype=np.int64),
        high=np.array(high, dtype=np.int64),
        sums=sums,
        one=sides[:, 0],
        other=sides[:, 1],
        hidden=every,
        few=every,
        threshold=threshold,
        belief=np.full(len(low), NONE),
        doubt=np.zeros(0, dtype=np.int64),
    )

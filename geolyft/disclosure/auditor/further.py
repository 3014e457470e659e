"""Which shown cell is the cheapest to hide as well, where a hidden one is known too closely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.disclosure.auditor.around import Around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.disclosure.auditor.judge import Verdict
    from geolyft.disclosure.auditor.knowledge.family import Family, Floats, Ints, Truths

_FAR: Final = 5
"""So many sums away what bounds a count is looked for."""


def cheapest_further(
    verdicts: Sequence[Verdict], unsafe: Sequence[Truths], owners: Sequence[Ints], price: Floats
) -> list[int]:
    """Return cells to hide, so that each of some sides is known less closely.

    Parameters
    ----------
    unsafe
        By verdict: of which of its sides that is asked.
    owners
        By verdict and count: the cell that shows it, ``NONE`` where none does.
    price
        By cell: how many are in it.
    """
    chosen: dict[int, None] = {}
    for verdict, which, owner in zip(verdicts, unsafe, owners, strict=True):
        if not which.any():
            continue
        reasons = _Reasons(verdict.family, verdict.bounded, owner)
        for side in verdict.sides[which].tolist():
            could = reasons.of(side)
            if could and not could & chosen.keys():
                chosen[min(could, key=lambda cell: (price[cell], cell))] = None
    return list(chosen)


class _Reasons:
    """Shown cells that a bound rests on, found back along the sums that narrowed it."""

    def __init__(self, family: Family, bounded: Family, owner: Ints) -> None:
        self._family, self._low, self._high = family, bounded.low, bounded.high
        self._owner, self._around = owner, Around(bounded)

    def of(self, side: int) -> set[int]:
        """Return the cells behind both bounds of a count, or what stands around it."""
        edge, seen, cells = {(side, 0), (side, 1)}, set[tuple[int, int]](), set[int]()
        for _ in range(_FAR):
            seen |= edge
            cells |= {int(self._owner[c]) for c, _ in edge if self._owner[c] >= 0}
            edge = {more for c, up in sorted(edge) for more in self._behind(c, up)} - seen
        return cells

    def _behind(self, count: int, up: int) -> Iterator[tuple[int, int]]:
        """Yield the bounds that a bound follows from; none where it is published."""
        low, high = self._low, self._high
        bound = high[count] if up else low[count]
        if bound == (self._family.high[count] if up else self._family.low[count]):
            return
        around = self._around
        for entry in around.by_count[count].tolist():
            members = around.by_sum[int(around.of[entry])]
            counts, signs = around.counts[members], around.signs[members]
            # Moved to one side, the others are opposite where their signs are the same.
            same = signs == around.signs[entry]
            ups = np.where(same, 1 - up, up)
            bounds = np.where(ups == 1, high[counts], low[counts])
            others = members != entry
            reached = -int((signs * around.signs[entry] * bounds)[others].sum())
            if reached == bound:
                yield from zip(counts[others].tolist(), ups[others].tolist(), strict=True)

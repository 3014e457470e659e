"""What stands around a count: the sums it is in, and the counts these bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.disclosure.auditor.knowledge.family import Family, Ints


class Around:
    """Which sums each count is in, and which counts each sum binds."""

    def __init__(self, family: Family) -> None:
        sums = family.sums
        number = np.arange(len(sums.whole))
        of = np.concatenate([sums.of, number])
        counts = np.concatenate([sums.part, sums.whole])
        signs = np.concatenate([np.ones(len(sums.part)), -np.ones(len(number))])
        self.by_sum = _Groups(of, len(number))
        self.by_count = _Groups(counts, len(family.low))
        self.of, self.counts, self.signs = of, counts, signs
        # What is known exactly leads no further.
        self.open = family.low < family.high

    def reached(self, starts: Collection[int], reach: int) -> tuple[Ints, Ints, bool]:
        """Return the counts around some, the entries of the sums that bind them, and if it is all.

        Parameters
        ----------
        reach
            So many counts are enough.
        """
        seen, taken, edge = set(starts), set[int](), list(starts)
        while edge and len(seen) < reach:
            sums = sorted({s for c in edge for s in self.of[self.by_count[c]].tolist()})
            edge = []
            for each in sums:
                if each in taken:
                    continue
                if len(seen) >= reach:
                    edge.append(each)
                    break
                taken.add(each)
                for other in self.counts[self.by_sum[each]].tolist():
                    if other not in seen:
                        seen.add(other)
                        if self.open[other]:
                            edge.append(other)
        entries = [self.by_sum[each] for each in sorted(taken)]
        every = np.concatenate(entries) if entries else np.zeros(0, dtype=np.int64)
        return np.array(sorted(seen), dtype=np.int64), every, not edge


class _Groups:
    """Positions by group."""

    def __init__(self, group: Ints, size: int) -> None:
        self._order = np.argsort(group, kind="stable")
        self._start = np.searchsorted(group[self._order], np.arange(size + 1))

    def __getitem__(self, group: int) -> Ints:
        """Return the positions that are of a group."""
        return self._order[self._start[group] : self._start[group + 1]]

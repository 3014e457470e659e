"""A family on its way: counts are numbered in the order in which they come up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geolyft.disclosure.auditor.knowledge.family import MOST, NONE, Sums

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.disclosure.auditor.knowledge.family import Ints, Truths


@dataclass
class Making:
    """Counts, sums and beliefs so far, see `geolyft.disclosure.auditor.knowledge.family.Family`."""

    low: list[Ints] = field(default_factory=list)
    high: list[Ints] = field(default_factory=list)
    sums: list[Sums] = field(default_factory=list)
    kind: list[Ints] = field(default_factory=list)
    belief: list[Ints] = field(default_factory=list)
    doubt: list[int] = field(default_factory=list)
    size: int = 0

    def new(self, low: Ints, high: Ints) -> Ints:
        """Return numbers for some more counts, with what is known of each by itself."""
        self.low.append(low)
        self.high.append(high)
        self.belief.append(np.full(len(low), NONE))
        self.size += len(low)
        return np.arange(self.size - len(low), self.size)

    def left_over(self, complete: Truths, belief: pd.Series[str], *, doubt: int) -> Ints:
        """Return numbers for what is left of wholes: nothing, where the parts are complete.

        Parameters
        ----------
        belief
            By whole: what is one belief together.
        """
        zero = np.zeros(len(complete), dtype=np.int64)
        spare = self.new(zero, np.where(complete, zero, MOST))
        number, names = belief.factorize()
        self.belief[-1] = np.where(complete, number + len(self.doubt), NONE)
        self.doubt += [doubt] * len(names)
        return spare

    def add(self, kind: int, parts: pd.DataFrame, *more: Ints) -> None:
        """Add sums.

        Parameters
        ----------
        kind
            What they are of, see `geolyft.disclosure.auditor.knowledge.family`.
        parts
            ``of, whole, n``, in the order of ``of``, which counts sums from 0.
        more
            One more part for each sum.
        """
        of = parts["of"].to_numpy(dtype=np.int64)
        number, first = np.unique(of, return_index=True)
        every = np.concatenate([of, *(number for _ in more)])
        members = np.concatenate([parts["n"].to_numpy(dtype=np.int64), *more])
        order = np.argsort(every, kind="stable")
        whole = parts["whole"].to_numpy(dtype=np.int64)[first]
        self.kind.append(np.full(len(whole), kind))
        self.sums.append(Sums(whole=whole, of=every[order], part=members[order]))

"""Those who know less than all that is published, and believe more of what is hidden.

Some cells are hidden because of others. Who believes of each that it is of a few is wrong, and
whoever looks at everything finds out. Who looks at women and men alone does not, and can be right
by chance: so nobody may come to a narrow answer in this way either.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from geolyft.disclosure.auditor.knowledge.family import AREAS, BANDS, CELLS, MOST, SEXES
from geolyft.frames import EVERYONE, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.disclosure.auditor.knowledge.family import Family
    from geolyft.disclosure.auditor.knowledge.relations import Known

_WAYS = (SEXES, BANDS, AREAS)


def believers(known: Known, family: Family) -> Iterator[Family]:
    """Yield the family as those see it who look at some of its sums, who looks at most first.

    They do not know which bases lie in each other, and of what is left over of the city they know
    what the ledger says, which is of everyone.
    """
    naive = _naive(known, family)
    for size in range(len(_WAYS), 0, -1):
        for ways in combinations(_WAYS, size):
            yield replace(naive, sums=naive.sums.only(np.isin(known.kind, [CELLS, *ways])))


def _naive(known: Known, family: Family) -> Family:
    cells = known.cells
    left = (cells["area"] == RESIDUAL).to_numpy()
    plain = ((cells["sex"] == EVERYONE) & (cells["group_by"] == "")).to_numpy()
    sides = cells.loc[left & ~plain, ["numerator", "rest", "denominator"]].to_numpy(dtype=float)
    unsaid = sides[sides >= 0].astype(np.int64)
    low = np.where(family.low == known.family.low, known.low, family.low)
    high = family.high.copy()
    low[unsaid], high[unsaid] = 0, MOST
    return replace(family, low=low, high=high, few=family.few & ~left)

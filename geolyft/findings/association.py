"""Whether two figures of areas go together, by rank: how far, how surely, and what chance does.

Fourteen areas bear little: an association is told with its interval and its test, never as a cause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import rankdata

if TYPE_CHECKING:
    from geolyft.frames import Floats

FEWEST: Final = 8
"""Areas that an association is told for: of fewer hardly any is beyond chance."""
MOST_EXACT: Final = 14
"""Areas of which all orders are counted; of more they are drawn."""
DRAWN: Final = 9_999
_SEED: Final = 20_240_101
_NORMAL: Final = 1.959964
_THIRDS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Association:
    """How far two figures of the same areas go together.

    Parameters
    ----------
    n
        Areas that have both.
    rho
        Spearman's rank correlation, ties by their mean rank; missing of fewer than `FEWEST` areas,
        or where either is the same everywhere.
    low, high
        Its 95 % interval (Bonett and Wright 2000).
    p
        The share of all orders of the areas in which it would be as far from 0: the test by
        permutation. Exact of at most `MOST_EXACT` areas.
    """

    n: int
    rho: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p: float = math.nan

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell."""
        return not math.isnan(self.rho)


def associate(one: Floats, other: Floats) -> Association:
    """Return the association of two figures over the areas that have both.

    Parameters
    ----------
    one, other
        A number per area, in the same order; missing where there is none.

    Examples
    --------
    >>> rising = np.arange(8.0)
    >>> told = associate(rising, rising**3)
    >>> told.rho, told.p == 2 / math.factorial(8)
    (1.0, True)
    """
    both = np.isfinite(one) & np.isfinite(other)
    x, y = (_doubled_ranks(each[both]) for each in (one, other))
    n = len(x)
    if n < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Association(n=n)
    mean = n + 1  # of doubled ranks, ties or not
    spread = math.sqrt(int(((x - mean) ** 2).sum()) * int(((y - mean) ** 2).sum()))
    rho = round(int(((x - mean) * (y - mean)).sum()) / spread, 9)
    low, high = _interval(rho, n)
    return Association(n=n, rho=rho, low=low, high=high, p=_share_as_far(x, y))


def thirds(values: Floats) -> Floats:
    """Return which third of the areas each is in, 1 the lowest; areas with one value are in one.

    Examples
    --------
    >>> thirds(np.array([5.0, 1.0, 9.0, 1.0, math.nan])).tolist()
    [2.0, 1.0, 3.0, 1.0, nan]
    """
    known = np.isfinite(values)
    place = np.full(len(values), math.nan)
    n = int(known.sum())
    place[known] = 1 + np.floor(_THIRDS * (rankdata(values[known]) - 0.5) / max(n, 1))
    return place


def _doubled_ranks(values: Floats) -> np.ndarray:
    """Return mean ranks times two, which are whole numbers."""
    ranks: np.ndarray = np.rint(2 * rankdata(values)).astype(np.int64)
    return ranks


def _interval(rho: float, n: int) -> tuple[float, float]:
    """Return the interval in Fisher's scale, with the variance of ranks: (1 + rho²/2) / (n - 3)."""
    if abs(rho) >= 1:  # its scale has no end
        return math.nan, math.nan
    half = _NORMAL * math.sqrt((1 + rho * rho / 2) / (n - 3))
    middle = math.atanh(rho)
    return math.tanh(middle - half), math.tanh(middle + half)


def _share_as_far(x: np.ndarray, y: np.ndarray) -> float:
    """Return the share of orders of `y` whose sum of products is as far from what is expected."""
    n, mean = len(x), len(x) + 1
    away = abs(int((x * y).sum()) - n * mean * mean)
    if n > MOST_EXACT:
        draw = np.random.default_rng(_SEED)
        sums = draw.permuted(np.tile(y, (DRAWN, 1)), axis=1) @ x
        far = int((abs(sums - n * mean * mean) >= away).sum())
        return (far + 1) / (DRAWN + 1)
    counts, step = _sums_of_products(x, y)
    sums = np.arange(len(counts)) * step
    return float(counts[abs(sums - n * mean * mean) >= away].sum()) / math.factorial(n)


def _sums_of_products(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, int]:
    """Return how many orders of `y` give each sum of products with `x`, and the step of sums.

    Places are filled one at a time. What matters of those before is which of `y` they took, so the
    14! orders are 2¹⁴ sets; the counts are whole numbers below 2⁶³, and nothing is drawn.
    """
    units = [int(np.gcd.reduce(each)) for each in (x, y)]
    x, y = (each // unit for each, unit in zip((x, y), units, strict=True))
    most = int((np.sort(x) * np.sort(y)).sum())
    of_sets = {0: np.ones(1, dtype=np.int64)}
    for value in x.tolist():
        further: dict[int, np.ndarray] = {}
        for taken, counts in of_sets.items():
            for place, other in enumerate(y.tolist()):
                if not taken >> place & 1:
                    empty = np.zeros(most + 1, dtype=np.int64)
                    into, more = further.setdefault(taken | 1 << place, empty), value * other
                    into[more : more + len(counts)] += counts
        of_sets = {taken: np.trim_zeros(counts, "b") for taken, counts in further.items()}
    (counts,) = of_sets.values()
    return counts, units[0] * units[1]

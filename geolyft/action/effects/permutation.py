"""The exact permutation test of a difference in changes: every set of areas could have been it.

Under the hypothesis of no effect the areas are exchangeable, whatever the correlation of an area's
figures over time is, since each area enters as one change (Fisher; Abadie, Diamond and Hainmueller
2010). Nothing is drawn: all sets are gone through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from geolyft.frames import Floats

ALPHA: Final = 0.05
MOST_SETS: Final = 500_000
"""More sets than this are not gone through; nothing is drawn in their place."""
_SAME: Final = 1e-9
_LEAST_OTHERS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Exact:
    """What the test found, in the unit of the changes.

    Parameters
    ----------
    difference
        Mean change of the chosen areas minus that of the others.
    p
        Share of all sets, the chosen one included, whose difference is at least as far from 0.
    smallest
        The smallest p that so many areas can have.
    low, high
        The effects that the test does not reject at `alpha`; infinite where it can reject none.
    alpha
        The largest level up to 5 per cent that can be attained, or the smallest there is.
    sets
        How many sets there are.
    """

    difference: float
    p: float
    smallest: float
    low: float
    high: float
    alpha: float
    sets: int


def can_be_tested(areas: int, chosen: int) -> bool:
    """Say whether so many areas can be told from the others, with all sets gone through.

    Examples
    --------
    >>> can_be_tested(14, 7), can_be_tested(14, 8), can_be_tested(3, 1)
    (True, False, False)
    """
    enough = 0 < chosen <= areas // 2 and areas - chosen >= _LEAST_OTHERS
    return enough and math.comb(areas, chosen) <= MOST_SETS


def smallest_p(areas: int, chosen: int) -> float:
    """Return the smallest p of a two-sided exact test without ties.

    Where half of the areas are chosen, the other half is as far from 0 on the other side.

    Examples
    --------
    >>> round(smallest_p(14, 1), 3), smallest_p(14, 7) == 1 / 1716
    (0.071, True)
    """
    return (2 if 2 * chosen == areas else 1) / math.comb(areas, chosen)


def attained(areas: int, chosen: int) -> float:
    """Return the largest level up to `ALPHA` that the test can have, or the smallest there is.

    Examples
    --------
    >>> round(attained(14, 1), 3), round(attained(14, 2), 3)
    (0.071, 0.044)
    """
    sets, least = math.comb(areas, chosen), smallest_p(areas, chosen)
    steps = math.floor(ALPHA / least + _SAME)
    return max(steps, 1) * least if sets else math.nan


def differences(sums: Floats, total: float, *, areas: int, chosen: int) -> Floats:
    """Return mean inside minus mean outside, from the sums inside."""
    return sums / chosen - (total - sums) / (areas - chosen)


@cache
def every_set(areas: int, chosen: int) -> np.ndarray:
    """Return all sets of so many areas, a row each."""
    flat = np.fromiter(
        (place for each in combinations(range(areas), chosen) for place in each), dtype=np.int64
    )
    return flat.reshape(-1, chosen)


def p_of(statistics: Floats, own: float) -> float:
    """Return the share of statistics at least as far from 0 as one's own; ties count.

    Examples
    --------
    >>> p_of(np.array([3.0, -3.0, 1.0, 0.0]), 3.0)
    0.5
    """
    slack = _SAME * max(1.0, float(np.abs(statistics).max()))
    return float((np.abs(statistics) >= abs(own) - slack).mean())


def exact_test(changes: Floats, chosen: list[int]) -> Exact:
    """Test whether chosen areas changed otherwise than the rest.

    Parameters
    ----------
    changes
        Of each area, in any unit.
    chosen
        Places in `changes`; at most half of them, see `can_be_tested`.

    Notes
    -----
    The interval is the test turned round. With an effect t taken off the chosen areas S, the
    difference of a set A is a - t b, where b is how much of A lies in S less how much of the rest
    does. That is at least as far from 0 as the chosen set's own a_S - t for every t between
    (a_S - a) / (1 - b) and (a_S + a) / (1 + b), an interval around a_S; so p falls on both sides of
    a_S, and the limits are order statistics of those of all sets.

    Examples
    --------
    >>> d = np.array([9, 1, -1, 2, -2, 0, 1, -1, 3, -3, 2, 0, -1, 1], dtype=float)
    >>> from fractions import Fraction
    >>> [str(Fraction(exact_test(d, s).p).limit_denominator(999)) for s in ([0], [0, 1], [0, 1, 2])]
    ['1/14', '6/91', '29/182']
    """
    n, k = len(changes), len(chosen)
    sets = every_set(n, k)
    inside = np.isin(np.arange(n), chosen)
    every = differences(changes[sets].sum(axis=1), float(changes.sum()), areas=n, chosen=k)
    shared = differences(inside[sets].sum(axis=1).astype(float), k, areas=n, chosen=k)
    own = float(changes[inside].mean() - changes[~inside].mean())
    alpha = attained(n, k)
    rank = math.floor(alpha * len(sets) + _SAME)
    lows, highs = _limits(every, shared, own)
    return Exact(
        difference=own,
        p=p_of(every, own),
        smallest=smallest_p(n, k),
        low=float(np.sort(lows)[rank]),
        high=float(np.sort(highs)[::-1][rank]),
        alpha=alpha,
        sets=len(sets),
    )


def _limits(every: Floats, shared: Floats, own: float) -> tuple[Floats, Floats]:
    """Return between which effects each set is at least as far from 0 as the chosen one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (own - every) / (1 - shared)
        other = (own + every) / (1 + shared)
    # The set itself is as far as itself whatever the effect, and so is its mirror.
    same = (shared > 1 - _SAME) | (shared < -1 + _SAME)
    lows = np.where(same, -np.inf, np.minimum(one, other))
    return lows, np.where(same, np.inf, np.maximum(one, other))

"""Near repeats: whether events near in space are near in time oftener than by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geolyft.late import scipy

if TYPE_CHECKING:
    from geolyft.frames import Floats

SHUFFLES: Final = 999
MOST_PAIRS: Final = 5_000_000


class Knox(NamedTuple):
    """Pairs near in space, in time, and in both; what chance gives; and how often as many."""

    in_space: int
    in_time: int
    both: int
    expected: float
    p: float


def knox(
    x: Floats, y: Floats, day: Floats, *, metres: float, days: float, shuffles: int = SHUFFLES
) -> Knox:
    """Count pairs of events that are near in space and in time (Knox 1964).

    Parameters
    ----------
    x, y
        Metres.
    day
        Days from any start.
    metres, days
        The limits, which are inclusive.
    shuffles
        How often the days are dealt out anew for the p-value; always in the same way.

    Examples
    --------
    >>> x, y = np.array([0, 50, 0, 1000, 1030, 1030.0]), np.array([0, 0, 80, 0, 0, 0.0])
    >>> knox(x, y, np.array([0, 3, 10, 1, 2, 30.0]), metres=100, days=7)[:3]
    (6, 7, 3)
    """
    n = len(x)
    tree = scipy("spatial").cKDTree(np.column_stack([x, y]))
    near = tree.query_pairs(metres, output_type="ndarray")
    pairs, in_time = n * (n - 1) // 2, _pairs_within(np.sort(day), days)
    one, other = near.T
    both = int((np.abs(day[one] - day[other]) <= days).sum())
    expected = len(near) * in_time / pairs if pairs else 0.0
    rng = np.random.default_rng(0)
    as_many = 1
    for _ in range(shuffles):
        dealt = rng.permutation(day)
        as_many += int((np.abs(dealt[one] - dealt[other]) <= days).sum()) >= both
    return Knox(len(near), in_time, both, expected, as_many / (shuffles + 1))


def _pairs_within(ordered: Floats, days: float) -> int:
    ends = np.searchsorted(ordered, ordered + days, side="right")
    return int((ends - np.arange(len(ordered)) - 1).sum())

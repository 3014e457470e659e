"""What can be seen at all: the smallest effect that shows, and what comes back by itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.action.effects.permutation import attained
from geolyft.late import scipy

if TYPE_CHECKING:
    from geolyft.frames import Floats

POWER: Final = 0.8


def smallest_effect(changes: Floats, *, areas: int, chosen: int) -> float:
    """Return the smallest effect that is seen four times of five, from how others changed.

    Parameters
    ----------
    changes
        Of the areas without the effort: what they differ by is chance.

    Returns
    -------
    float
        In the unit of the changes; NaN of fewer than two.

    Notes
    -----
    ``(t(1 - a / 2) + t(0.8)) * s * sqrt(1 / k + 1 / (n - k))`` with a the level that the exact test
    attains, s the spread of the changes and t of n - k - 1 degrees of freedom (Bloom 1995).

    Examples
    --------
    >>> of = np.tile([-1.0, 1.0], 7)
    >>> [round(smallest_effect(of[k:], areas=14, chosen=k), 1) for k in (1, 2, 3)]
    [3.1, 2.5, 2.1]
    """
    degrees = len(changes) - 1
    if degrees < 1:
        return math.nan
    t = scipy("stats").t
    seen = float(t.ppf(1 - attained(areas, chosen) / 2, degrees) + t.ppf(POWER, degrees))
    spread = float(np.std(changes, ddof=1))
    return seen * spread * math.sqrt(1 / chosen + 1 / (areas - chosen))


def returns_by_itself(before: Floats, chosen: list[int]) -> float:
    """Return how far areas chosen for where they stood last move toward the mean by themselves.

    Parameters
    ----------
    before
        A row for each year before, a column for each area.
    chosen
        Columns.

    Returns
    -------
    float
        In the figures' unit, with sign; NaN of fewer than two years.

    Notes
    -----
    Part of what makes an area the lowest in a year is that year's chance, a share
    ``within / total`` of its distance to the mean, where `within` is the variance of an area's
    years around its own level and `total` that of the areas in the year. It does not come again;
    with T years before, 1 / T of it is in the mean before.

    Examples
    --------
    >>> still = np.array([[0.0, 10.0, 20.0]] * 4)
    >>> returns_by_itself(still, [0])
    0.0
    """
    years, areas = before.shape
    if years <= 1 or areas <= 1:
        return math.nan
    apart = before - before.mean(axis=0) - before.mean(axis=1, keepdims=True) + before.mean()
    within = float((apart**2).sum()) / ((years - 1) * (areas - 1))
    total = float(np.var(before[-1], ddof=1))
    share = min(within / total, 1.0) if total > 0 else 0.0
    apart_now: float = float(before[-1].mean()) - float(before[-1, chosen].mean())
    return float(share * apart_now / years)

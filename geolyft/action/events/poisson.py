"""Whether two counts differ by more than chance: the exact conditional test of Poisson counts."""

from __future__ import annotations

import math
from typing import NamedTuple

from geolyft.late import scipy


class Change(NamedTuple):
    """How many times as many, with 95 per cent limits, and the p-value of no change."""

    ratio: float
    low: float
    high: float
    p: float


def change_of(before: int, after: int, *, exposure: float = 1.0) -> Change:
    """Compare a count with an earlier one.

    Parameters
    ----------
    before, after
        Whole numbers of events.
    exposure
        How many times as much could happen after: residents times years there, over the same
        before.

    Notes
    -----
    Given the sum of both, the later is binomial (Przyborowski and Wilenski 1940); the limits are
    those of Clopper and Pearson.

    Examples
    --------
    >>> [round(each, 3) for each in change_of(20, 30)]
    [1.5, 0.824, 2.787, 0.203]
    >>> change_of(0, 0).p
    1.0
    """
    both, share = before + after, exposure / (1 + exposure)
    if not both:
        return Change(math.nan, 0.0, math.inf, 1.0)
    test = scipy("stats").binomtest(after, both, share)
    between = test.proportion_ci(0.95, method="exact")
    low, high = (_ratio(float(each), exposure) for each in (between.low, between.high))
    return Change(_ratio(after / both, exposure), low, high, float(test.pvalue))


def _ratio(share: float, exposure: float) -> float:
    return math.inf if share >= 1 else share / (1 - share) / exposure

"""A sum parted on areas by several named rules side by side, to the last unit of money.

A rule weighs areas by people, or takes them as equal. The index is in none: its points have no
zero, so that twice as many of them mean nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.errors import GeolyftError

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES: Final = ("lika", "per_invanare", "per_barn", "per_utsatt", "per_utsatt_barn", "lagsta")
"""Equal; per resident, child, exposed person and exposed child; the lowest areas alone."""
LEAST: Final = "minst"
MOST: Final = "mest"
FEWEST_RULES: Final = 3
"""One rule alone would read as the answer."""


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Part a sum in proportion to weights, whole and without a rest (largest remainder).

    Each part is rounded down, and what is left goes one by one to the largest remainders; of equal
    ones the later comes first.

    Raises
    ------
    GeolyftError
        ``allocation-weights`` when a weight is negative or missing, or all are 0.

    Examples
    --------
    >>> share_out(15000, [4100, 3900, 0, 0]), share_out(2, [1, 1, 1])
    ([7687, 7313, 0, 0], [0, 1, 1])
    """
    known = np.asarray(weights, dtype=np.float64)
    if not np.isfinite(known).all() or (known < 0).any() or not known.sum():
        what = f"{(~(known >= 0)).sum()} of {len(known)} weights are negative or missing"
        remedy = "choose another share, or leave areas without figures out"
        raise GeolyftError("allocation-weights", what if known.any() else "all weights are 0",
                           remedy=remedy)  # fmt: skip
    exact = [Fraction(each) for each in known.tolist()]
    parts = [total * each / sum(exact) for each in exact]
    whole = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - whole[n], n), reverse=True)
    for n in order[: total - sum(whole)]:
        whole[n] += 1
    return whole


def allocate(total: int, weights: pd.DataFrame) -> pd.DataFrame:
    """Part a sum by every rule that has weights, with the least and most an area gets.

    Parameters
    ----------
    weights
        A row per area, and a column for each rule; empty where there is no figure.

    Returns
    -------
    pandas.DataFrame
        The same rows and rules, then ``minst`` and ``mest``. A rule without any figure is empty.
        An area that lacks a figure of some rule is empty in all of them, so that every rule parts
        the same sum on the same areas.

    Raises
    ------
    GeolyftError
        ``allocation-rules`` when fewer than three rules have figures, or no area has all of them;
        ``allocation-weights``.

    Examples
    --------
    >>> weights = pd.DataFrame({"lika": [1, 1], "per_barn": [3, 1], "per_utsatt": [5, 3]})
    >>> allocate(10, weights).to_numpy().tolist()
    [[5, 7, 6, 5, 7], [5, 3, 4, 3, 5]]
    """
    rules = [rule for rule in weights if weights[rule].notna().any()]
    known = weights[rules].dropna()
    if len(rules) < FEWEST_RULES or known.empty:
        what = f"{len(rules)} rules have figures, of {len(known)} areas"
        remedy = "give the run residents and children (population, children), or another share"
        raise GeolyftError("allocation-rules", what, remedy=remedy)
    parts = pd.DataFrame(
        {rule: share_out(total, known[rule].tolist()) for rule in rules}, index=known.index
    )
    parts = parts.assign(**{LEAST: parts.min(axis="columns"), MOST: parts.max(axis="columns")})
    return parts.reindex(index=weights.index, columns=[*weights, LEAST, MOST]).astype("Int64")

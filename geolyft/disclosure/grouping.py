"""Small areas of few people are merged with their neighbours until what they show holds.

Which ones are merged is decided by what a delivery of the areas themselves would show: whether a
figure is hidden, and never by how many it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.disclosure.raw import Raw, opened
from geolyft.frames import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Counts = NDArray[np.float64]

_CELL: Final = ["source", "period", "indicator"]
_SIDES: Final = ["numerator", "rest"]


@dataclass(frozen=True, kw_only=True)
class Merging:
    """Small areas that stand together.

    Parameters
    ----------
    groups
        Each small area to its group, called by the first of its members.
    before, after
        The share of figures of everyone that are hidden, of the areas and of the groups (0 to 1).
    """

    groups: Mapping[str, str]
    before: float
    after: float


def merge_until_shown(
    counts: Raw[pd.DataFrame],
    *,
    within: Sequence[Mapping[str, str]],
    near: Collection[tuple[str, str]],
    threshold: int,
    exempt: Collection[str] = (),
) -> Merging:
    """Merge neighbours, one at a time, until no figure of a group has a side of a few.

    The group with the most hidden figures goes first, to the neighbour with which the fewest are
    left hidden; then to one that hides something itself. What not even all of a whole hold together
    is no reason to merge.

    Parameters
    ----------
    counts
        ``area, source, period, sex, indicator, numerator, denominator``; rows of one figure are
        summed.
    within
        Small area to what it may be merged in, such as its RegSO; then to what it is merged in
        where that was not enough. Small areas that lie in none stay alone.
    near
        Pairs of small areas that share a border.
    exempt
        Names of sources whose publisher has already protected them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("a", 4.0), ("b", 30.0), ("c", 30.0)]
    >>> counts = pd.DataFrame(rows, columns=["area", "numerator"]).assign(
    ...     source="s", period="2025", sex="alla", indicator="E1", denominator=60.0)
    >>> merged = merge_until_shown(Raw(counts), within=[dict.fromkeys("abc", "R")],
    ...     near=[("a", "b"), ("b", "c")], threshold=10)
    >>> merged.groups, round(merged.before, 2), merged.after
    ({'a': 'a', 'b': 'a', 'c': 'c'}, 0.33, 0.0)
    """
    codes = sorted(within[0])
    table = _table(opened(counts), codes, exempt)
    held = dict(zip(codes, table, strict=True))
    groups = {code: code for code in codes}
    for wholes in within:
        groups = _merged(groups, held, wholes, near, threshold)
    whole = np.array([*_sums(held, groups).values()])
    before, after = (_share(each < threshold) for each in (table, whole))
    return Merging(groups=groups, before=before, after=after)


def _merged(
    groups: Mapping[str, str],
    held: Mapping[str, Counts],
    wholes: Mapping[str, str],
    near: Collection[tuple[str, str]],
    threshold: int,
) -> dict[str, str]:
    """Return the groups once they are merged in their wholes."""
    sums = _sums(held, groups)
    met = [(groups[a], groups[b]) for a, b in near if a in groups and b in groups]
    found: dict[str, str] = {}
    for whole in sorted(set(wholes.values())):
        inside = {first: of for first, of in sums.items() if wholes[first] == whole}
        found |= _Inside(inside, met, threshold).merged()
    return {code: found[first] for code, first in groups.items()}


def _share(few: NDArray[np.bool_]) -> float:
    """Return the share of figures that have a side of a few."""
    hidden = few.any(axis=1)
    return float(hidden.mean()) if hidden.size else 0.0


def _sums(held: Mapping[str, Counts], groups: Mapping[str, str]) -> dict[str, Counts]:
    """Return how many are in each group."""
    sums: dict[str, Counts] = {}
    for code, first in groups.items():
        sums[first] = sums[first] + held[code] if first in sums else held[code]
    return sums


def _table(counts: pd.DataFrame, codes: list[str], exempt: Collection[str]) -> Counts:
    """Return by area, side and figure how many there are; where nothing is asked, plenty."""
    rows = counts[(counts["sex"] == EVERYONE) & ~counts["source"].isin(list(exempt))]
    rows = rows[rows["area"].isin(codes)]
    rows = rows.assign(rest=rows["denominator"] - rows["numerator"])
    wide: Any = rows.pivot_table(
        index="area", columns=_CELL, values=_SIDES, aggfunc="sum", sort=True
    ).reindex(codes)
    if wide.empty:
        return np.zeros((len(codes), len(_SIDES), 0))
    sides = [wide[side].to_numpy(dtype="float64", na_value=np.inf) for side in _SIDES]
    return np.stack(sides, axis=1)


class _Inside:
    """The groups of one whole so far, called by the first of their members."""

    def __init__(
        self, held: Mapping[str, Counts], near: Collection[tuple[str, str]], threshold: int
    ) -> None:
        self._held = dict(held)
        self._members = {code: [code] for code in held}
        self._near = {code: set[str]() for code in held}
        for one, other in near:
            if one != other and one in held and other in held:
                self._near[one].add(other)
                self._near[other].add(one)
        self._threshold = threshold
        self._could = (sum(held.values()) >= threshold).all(axis=0)  # type: ignore[union-attr]

    def merged(self) -> dict[str, str]:
        """Merge as long as something is hidden that need not be."""
        while worst := self._worst():
            self._merge(worst, min(self._near[worst], key=lambda other: self._loss(worst, other)))
        return {code: min(of) for of in self._members.values() for code in of}

    def _lacks(self, counts: Counts) -> int:
        hidden = (counts < self._threshold).any(axis=0)
        return int((hidden & self._could).sum())

    def _worst(self) -> str | None:
        lacking = {code: self._lacks(self._held[code]) for code in sorted(self._held)}
        could = [code for code, lacks in lacking.items() if lacks and self._near[code]]
        return max(could, key=lambda code: lacking[code], default=None)

    def _loss(self, one: str, other: str) -> tuple[int, bool, int, str]:
        """Return what speaks against merging with a neighbour, the weightiest first."""
        left = self._lacks(self._held[one] + self._held[other])
        shows_all = self._lacks(self._held[other]) == 0
        return left, shows_all, len(self._members[other]), other

    def _merge(self, one: str, other: str) -> None:
        self._held[one] = self._held[one] + self._held.pop(other)
        self._members[one] += self._members.pop(other)
        for each in self._near.pop(other) - {one}:
            self._near[each].discard(other)
            self._near[each].add(one)
            self._near[one].add(each)
        self._near[one].discard(other)

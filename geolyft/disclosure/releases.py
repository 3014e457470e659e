"""What earlier releases tell of a run's cells: hidden stays hidden, and what was shown is known.

A release's own rule is kept: its register's year may be published again with the same base, a
threshold that is no lower, and the same people counted. Then a figure that both show is the same
figure, and what is left to know is what one of them hides or has on other areas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.protect import hide
from geolyft.disclosure.together.families import Nesting
from geolyft.frames import EVERYONE, KEY, has_status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

CELL: Final = [*KEY, "group_by", "group"]
"""What a cell is within a level; ``group_by`` and ``group`` are empty but for a grouping."""
KNOWN: Final = ["level", *CELL, "side", "low", "high"]
COUNTS: Final = [
    "release", "level", *CELL, "numerator", "denominator", "status", "threshold", "base",
]  # fmt: skip
"""A published count of an earlier release, under the names that the run has for it."""
_RELEASED: Final = "released"
"""What the larger areas of a release are called among the levels, with a number."""
_WHOLE: Final = {"sex": EVERYONE, "group_by": "", "group": ""}
"""What a frame without one of these columns is of."""


@dataclass(frozen=True, kw_only=True)
class ReleasedGrid:
    """Square cells that were released before: what it does not show of a cell, it hides.

    Parameters
    ----------
    level
        What the ledger calls it.
    cell, crs
        The side of a cell in metres, and where they lie: they begin at whole multiples of it.
    counts
        ``area, period, indicator, source, numerator, denominator`` of the cells that are shown,
        under the names that the run has for them.
    """

    level: str
    cell: float
    crs: str
    counts: pd.DataFrame

    @property
    def places(self) -> NDArray[np.int64]:
        """Column and row of each shown cell, counted from the origin eastwards and northwards."""
        return np.array([code.split(":") for code in self.counts["area"]], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What a run knows of earlier releases of its own registers.

    Parameters
    ----------
    kept
        Whether the run has a ledger of releases at all.
    releases
        One record each, the latest first: ``release, title, added, withdrawn``.
    counts
        ``COUNTS``. A level that the run does not make stands under the ledger's name for it.
    parents
        By level of the run: small area to the larger one, of divisions that were released before.
    parts
        By level of the run: small area, of divisions released before, to the run's area; and the
        level in `counts`.
    grids
        Those of the same registers, which cut areas.
    """

    kept: bool
    releases: tuple[Mapping[str, str], ...] = ()
    counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COUNTS))
    parents: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]] = field(default_factory=dict)
    grids: Sequence[ReleasedGrid] = ()

    @property
    def shown(self) -> pd.DataFrame:
        """Return the counts that some release showed."""
        return self.counts[self.counts["denominator"].notna()]

    def known(self) -> pd.DataFrame:
        """Return between which whole numbers the releases say each side of a cell lies.

        Returns
        -------
        pandas.DataFrame
            ``KNOWN``. ``side`` is numerator, what is left of the base (``rest``), or the base.
            Where two releases contradict each other, the register was corrected between them, and
            the later one is told.
        """
        told: pd.DataFrame | None = None
        for _, of_release in self.counts.groupby("release", sort=False):
            more = _intervals(of_release)
            told = more if told is None else _both(told, more)
        return pd.DataFrame(columns=KNOWN) if told is None else told.reset_index()[KNOWN]

    def nestings(self) -> list[Nesting]:
        """Return how a run's areas lie in larger ones that were released before."""
        return [
            Nesting(level=level, larger=f"{_RELEASED} {n}", parents=parents, released=True)
            for level, every in self.parents.items()
            for n, parents in enumerate(every)
        ]

    def hide(self, level: str, figures: pd.DataFrame) -> pd.DataFrame:
        """Hide again what a release hid, and what would give a smaller hidden area back.

        Parameters
        ----------
        level
            As the run calls it: empty for its own areas.
        figures
            Published figures: observations, or those of groupings.
        """
        if self.counts.empty or figures.empty:
            return figures
        names = [name for name in CELL if name in figures]
        hidden = self._hidden(level)
        for name, whole in _WHOLE.items():
            hidden = hidden if name in names else hidden[hidden[name] == whole]
        again = pd.MultiIndex.from_frame(figures[names]).isin(
            pd.MultiIndex.from_frame(hidden[names])
        )
        return hide(figures, figures["denominator"].notna() & again)

    def _hidden(self, level: str) -> pd.DataFrame:
        """Return the cells of a level that are to be hidden."""
        hidden = self.counts[has_status(self.counts["status"], "hidden")]
        cells = [hidden.loc[hidden["level"] == level, CELL]]
        for small, larger in self.parts.get(level, ()):
            inside = hidden[hidden["level"] == small]
            inside = inside.assign(area=inside["area"].map(larger))
            # One that is hidden alone: what is around it, less the others, is it.
            alone = inside.groupby([*CELL, "release"]).size() == 1
            cells.append(alone[alone].index.to_frame(index=False)[CELL])
        return pd.concat(cells)


NO_MEMORY: Final = Memory(kept=False)
"""Of a run that names no ledger of releases."""


def _intervals(counts: pd.DataFrame) -> pd.DataFrame:
    """Return what one release's shown counts say, by cell and side."""
    shown = counts[counts["denominator"].notna()]
    down, up = shown["base"] // 2, (shown["base"] - 1) // 2
    least = shown["threshold"]
    over, under = shown["numerator"] + up, (shown["numerator"] - down).clip(lower=least)
    most, base = shown["denominator"] + up, (shown["denominator"] - down).clip(lower=least)
    # The base may be a larger one's, of which fewer than the threshold are not in this one.
    foreign = least - 1
    # Of both sides at least the threshold is left.
    base = base.where(shown["numerator"].isna(), (base - foreign).clip(lower=2 * least))
    rest = (base - over).clip(lower=least)
    bounds = {"numerator": (under, over), "rest": (rest, most - under), "denominator": (base, most)}
    tables = [
        shown[["level", *CELL]].assign(side=side, low=low, high=high)
        for side, (low, high) in bounds.items()
    ]
    whole = pd.concat(tables).dropna(subset=["low", "high"])
    return whole.set_index(KNOWN[:-2])[["low", "high"]].astype("float64")


def _both(told: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Return what two releases say together; what contradicts the first is left out."""
    every = told.index.union(more.index, sort=False)
    one, other = told.reindex(every), more.reindex(every)
    other = other.mask((other["low"] > one["high"]) | (other["high"] < one["low"]))
    ends = {"low": "max", "high": "min"}
    told_by_both = {
        end: pd.concat([one[end], other[end]], axis=1).agg(how, axis=1) for end, how in ends.items()
    }
    return pd.DataFrame(told_by_both)

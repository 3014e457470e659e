"""One look at all that would be published, by each who could: what he sees of what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.auditor.judge import by_bounds, one_by_one
from geolyft.disclosure.auditor.knowledge.believing import believers
from geolyft.disclosure.auditor.knowledge.family import NONE
from geolyft.disclosure.auditor.knowledge.relations import known_of
from geolyft.disclosure.together.families import CELL
from geolyft.frames import CITY, EVERYONE, POPULATION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from geolyft.disclosure.auditor.judge import Verdict
    from geolyft.disclosure.auditor.knowledge.family import Family, Floats, Ints, Truths
    from geolyft.disclosure.auditor.knowledge.known import Meaning
    from geolyft.disclosure.auditor.knowledge.relations import Known
    from geolyft.disclosure.protect import Protection

KNOWN: Final = [*CELL, "side", "low", "high"]
"""What is known of a cell's ``numerator``, ``rest`` or ``denominator`` from elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is looked at: cells, how they were made, and what earlier releases say (``KNOWN``)."""

    cells: pd.DataFrame
    protection: Protection
    meaning: Meaning
    known: pd.DataFrame | None


@dataclass(frozen=True, kw_only=True)
class View:
    """What somebody sees, and in which way.

    Parameters
    ----------
    closely
        Whether programmes are solved for him: for who knows most, and for who believes most.
    """

    known: Known
    verdict: Verdict
    closely: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """What everybody sees, who knows most first, and what is unsafe in it.

    Parameters
    ----------
    cells
        The cells with what is hidden now.
    unsafe
        By view: which of its sides are known too closely.
    """

    cells: pd.DataFrame
    views: Sequence[View]
    unsafe: Sequence[Truths]
    width: int

    @property
    def verdicts(self) -> list[Verdict]:
        """What is known of the protected sides, by view."""
        return [each.verdict for each in self.views]

    @property
    def is_safe(self) -> bool:
        """Whether nothing is known too closely."""
        return not any(each.any() for each in self.unsafe)

    @property
    def narrowest(self) -> int | None:
        """The least that any side is known to be as wide as."""
        widths = [int(each.width.min()) for each in self.verdicts if len(each.width)]
        return min(widths, default=None)

    @property
    def unsafe_cells(self) -> pd.DataFrame:
        """Cells of which a side is known too closely (``CELL``)."""
        both = zip(self.views, self.unsafe, strict=True)
        cells = [view.known.cells[CELL].iloc[view.verdict.cells[which]] for view, which in both]
        return pd.concat(cells).drop_duplicates()

    def closer(self) -> Look:
        """Return the look with programmes solved, where bounds do not settle a side."""
        views = [
            replace(each, verdict=one_by_one(each.verdict, width=self.width))
            if each.closely
            else each
            for each in self.views
        ]
        unsafe = [
            each.verdict.unsafe(self.width) if each.closely else each.verdict.narrow(self.width)
            for each in views
        ]
        return replace(self, views=views, unsafe=unsafe)

    def prices(self, standing: Collection[str]) -> tuple[list[Ints], Floats]:
        """Return which shown cell each count belongs to, by view, and how many are in each cell.

        The city's own figures stay, and residents go last: with them every other figure of an area
        is worth less.
        """
        cells = self.cells
        plain = (cells["sex"] == EVERYONE) & (cells["group_by"] == "")
        people = (cells["indicator"] == POPULATION).to_numpy()
        price = cells["denominator"].fillna(cells["numerator"]).to_numpy(dtype=np.float64).copy()
        price[people] += np.nansum(price)
        stays = (plain & (cells["area"] == CITY)) | cells["level"].isin(list(standing))
        shown = np.flatnonzero((~cells["hidden"] & ~stays).to_numpy(dtype=bool))
        return [_owner(each.known, shown, price) for each in self.views], price


def look(asked: Asked, more: Sequence[int], width: int, *, before: Look | None) -> Look:
    """Return what everybody sees by bounds, where some more cells are hidden.

    Parameters
    ----------
    before
        The look before these were: what was given up then is not believed again.
    """
    cells = asked.cells
    cells = cells.assign(hidden=cells["hidden"] | np.isin(np.arange(len(cells)), more))
    views = list(_views(replace(asked, cells=cells), before))
    unsafe = [each.verdict.narrow(width) for each in views]
    return Look(cells=cells, views=views, unsafe=unsafe, width=width)


def _views(asked: Asked, before: Look | None) -> Iterator[View]:
    """Yield what each sees: who knows all, then who knows no base of another, and who does."""
    together, alone = (
        known_of(asked.cells, asked.protection, asked.meaning, alone=each) for each in (False, True)
    )
    told = _with_known(together, asked.known)
    seen = _believing(told, before.verdicts[0].bounded if before else None)
    yield View(known=together, verdict=by_bounds(seen), closely=True)
    for known, family in ((alone, _with_known(alone, asked.known)), (together, told)):
        for n, each in enumerate(believers(known, family)):
            yield View(known=known, verdict=by_bounds(each), closely=not n)


def _with_known(made: Known, known: pd.DataFrame | None) -> Family:
    """Return the family with what is known from elsewhere.

    What a release showed, nobody hides any more.
    """
    if known is None or not len(known):
        return made.family
    sides = made.cells.melt(CELL, ["numerator", "rest", "denominator"], "side", "n").dropna()
    told = known.merge(sides[sides["n"] != NONE], on=[*CELL, "side"])
    n, low, high = (told[name].to_numpy(dtype=np.int64) for name in ("n", "low", "high"))
    shown = pd.MultiIndex.from_frame(made.cells[CELL]).isin(
        pd.MultiIndex.from_frame(known.loc[known["side"] == "numerator", CELL])
    )
    family = made.family.narrowed(n, low, high)
    return replace(family, hidden=family.hidden & ~shown)


def _believing(family: Family, before: Family | None) -> Family:
    """Return the family without what was given up before: hiding more makes nothing surer."""
    if before is None:
        return family
    given_up = (family.belief != NONE) & (before.belief == NONE)
    doubted = before.hidden & ~before.few
    least, most = before.low.min(initial=0), before.high.max(initial=0)
    return replace(
        family,
        few=family.few & ~doubted,
        belief=before.belief,
        low=np.where(given_up, least, family.low),
        high=np.where(given_up, most, family.high),
    )


def _owner(known: Known, shown: Ints, price: Floats) -> Ints:
    """Return which shown cell each count belongs to; of a base of several, the cheapest."""
    owner = np.full(len(known.family.low), NONE)
    for side in ("denominator", "rest", "numerator"):
        number = known.cells[side].iloc[shown].to_numpy(dtype=np.int64)
        there = number != NONE
        order = np.argsort(-price[shown[there]], kind="stable")
        owner[number[there][order]] = shown[there][order]
    return owner

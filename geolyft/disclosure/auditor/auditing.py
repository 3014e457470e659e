"""Everything that a run publishes is looked at together, and more is hidden where need be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.auditor.further import cheapest_further
from geolyft.disclosure.auditor.judge import by_bounds, one_by_one
from geolyft.disclosure.auditor.knowledge.believing import believers
from geolyft.disclosure.auditor.knowledge.family import NONE
from geolyft.disclosure.auditor.knowledge.relations import known_of
from geolyft.disclosure.auditor.result import WIDTH, AuditResult
from geolyft.disclosure.together.families import CELL
from geolyft.errors import DisclosureError
from geolyft.frames import CITY, EVERYONE, POPULATION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from geolyft.disclosure.auditor.knowledge.family import Family, Floats, Ints, Truths
    from geolyft.disclosure.auditor.knowledge.known import Meaning
    from geolyft.disclosure.auditor.knowledge.relations import Known
    from geolyft.disclosure.protect import Protection

KNOWN: Final = [*CELL, "side", "low", "high"]
"""What is known of a cell's ``numerator``, ``rest`` or ``denominator`` from elsewhere."""
_ROUNDS: Final = 12
_LOOKS: Final = 3
_SOLVED: Final = 2
"""Who knows most, and who believes most: programmes are solved for them."""
_NAMED: Final = 10


@dataclass(frozen=True, kw_only=True)
class Audited:
    """What the audit found, and the cells that it hid (``CELL``)."""

    result: AuditResult
    further: pd.DataFrame


def audit(
    cells: pd.DataFrame,
    protection: Protection,
    meaning: Meaning,
    *,
    width: int = WIDTH,
    known: pd.DataFrame | None = None,
    releases: Sequence[str] | None = None,
    standing: Collection[str] = (),
) -> Audited:
    """Audit all cells of a run together; where one is known too closely, hide the cheapest others.

    Parameters
    ----------
    cells
        What `geolyft.disclosure.auditor.knowledge.known.cells_of` returned.
    known
        ``KNOWN``: what earlier releases say of these cells.
    standing
        Levels that are published whatever is found, so that of theirs no cell can be hidden.

    Raises
    ------
    DisclosureError
        ``audit-unsafe`` when hiding more does not help, ``audit-infeasible`` when what is
        published contradicts itself.
    """
    more: list[int] = []
    seen: Family | None = None
    looks = 0
    for _ in range(_ROUNDS):
        now = cells.assign(hidden=cells["hidden"] | np.isin(np.arange(len(cells)), more))
        made = known_of(now, protection, meaning)
        told = _with_known(made, known)
        verdicts = [by_bounds(each) for each in (_believing(told, seen), *believers(made, told))]
        seen = verdicts[0].bounded
        unsafe = [each.narrow(width) for each in verdicts]
        if not _any(unsafe):
            looks += 1
            solved = [one_by_one(each, width=width) for each in verdicts[:_SOLVED]]
            verdicts = [*solved, *verdicts[_SOLVED:]]
            unsafe = [*(each.unsafe(width) for each in solved), *unsafe[_SOLVED:]]
        if not _any(unsafe) or looks == _LOOKS:
            break
        chosen = cheapest_further(verdicts, unsafe, *_prices(made, now, standing))
        if not chosen:
            break
        more += chosen
    if _any(unsafe):
        numbers = [each.cells[which] for each, which in zip(verdicts, unsafe, strict=True)]
        raise _refusal(made.cells.iloc[np.unique(np.concatenate(numbers))], width)
    narrow = [int(each.width.min()) for each in verdicts if len(each.width)]
    result = AuditResult(
        width=width,
        narrowest=min(narrow, default=None),
        hidden=int(now["hidden"].sum()),
        further=len(more),
        unsettled=0,
        releases=None if releases is None else tuple(releases),
    )
    return Audited(result=result, further=cells.loc[sorted(more), CELL].reset_index(drop=True))


def _any(unsafe: Sequence[Truths]) -> bool:
    return any(each.any() for each in unsafe)


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


def _prices(made: Known, cells: pd.DataFrame, standing: Collection[str]) -> tuple[Ints, Floats]:
    """Return which shown cell each count belongs to, and how many are in each cell.

    The city's own figures stay, and residents go last: with them every other figure of an area is
    worth less.
    """
    plain = (cells["sex"] == EVERYONE) & (cells["group_by"] == "")
    people = (cells["indicator"] == POPULATION).to_numpy()
    price = cells["denominator"].fillna(cells["numerator"]).to_numpy(dtype=np.float64).copy()
    price[people] += np.nansum(price)
    stays = (plain & (cells["area"] == CITY)) | cells["level"].isin(list(standing))
    could = (~cells["hidden"] & ~stays).to_numpy(dtype=bool)
    owner = np.full(len(made.family.low), NONE)
    shown = np.flatnonzero(could)
    of = made.cells.iloc[: len(cells)]
    for side in ("denominator", "rest", "numerator"):
        number = of[side].to_numpy(dtype=np.int64)[shown]
        there = number != NONE
        # Of a base that several cells show, the cheapest is tried first.
        order = np.argsort(-price[shown[there]], kind="stable")
        owner[number[there][order]] = shown[there][order]
    return owner, price


def _refusal(unsafe: pd.DataFrame, width: int) -> DisclosureError:
    """Return the refusal, with the codes of cells and no counts."""
    rows = unsafe[CELL].itertuples(index=False, name=None)
    codes = sorted({"/".join(filter(None, row)) for row in rows})
    named = ", ".join(codes[:_NAMED])
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return DisclosureError(
        "audit-unsafe",
        f"{len(codes)} hidden cells are known to less than {width} persons from all that would be "
        f"published: {named}{more}",
        remedy="leave out a level in [[inside]], groups, sex or an indicator, or take larger areas",
    )

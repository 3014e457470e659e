"""Everything that a run publishes is looked at together, and more is hidden where need be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from geolyft.disclosure.auditor.further import cheapest_further
from geolyft.disclosure.auditor.look import Asked, look
from geolyft.disclosure.auditor.result import WIDTH, AuditResult
from geolyft.disclosure.together.families import CELL
from geolyft.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from geolyft.disclosure.auditor.knowledge.known import Meaning
    from geolyft.disclosure.auditor.look import Look
    from geolyft.disclosure.protect import Protection

_ROUNDS: Final = 12
_SOLVED: Final = 3
"""So many times programmes are solved, after bounds have nothing to say against it."""
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
        `geolyft.disclosure.auditor.look.KNOWN`: what earlier releases say of these cells.
    standing
        Levels that are published whatever is found, so that of theirs no cell can be hidden.

    Raises
    ------
    DisclosureError
        ``audit-unsafe`` when hiding more does not help, ``audit-infeasible`` when what is
        published contradicts itself.
    """
    asked = Asked(cells=cells, protection=protection, meaning=meaning, known=known)
    more, found = _until_safe(asked, width, standing)
    if not found.is_safe:
        raise _refusal(found.unsafe_cells, width)
    own = ~found.cells["level"].isin(list(standing))
    result = AuditResult(
        width=width,
        narrowest=found.narrowest,
        hidden=int(found.cells.loc[own, "hidden"].sum()),
        further=len(more),
        unsettled=0,
        releases=None if releases is None else tuple(releases),
    )
    return Audited(result=result, further=cells.loc[sorted(more), CELL].reset_index(drop=True))


def unsafe_already(
    cells: pd.DataFrame, asked: Asked, known: pd.DataFrame, *, width: int
) -> pd.DataFrame:
    """Return the cells (``CELL``) of which some alone tell too much: what is public, say.

    Of what the budget is too small to tell nothing is returned.
    """
    found = look(replace(asked, cells=cells, known=known), [], width, before=None).closer()
    narrow = [each.narrow(width) for each in found.verdicts]
    return replace(found, unsafe=narrow).unsafe_cells


def _until_safe(asked: Asked, width: int, standing: Collection[str]) -> tuple[list[int], Look]:
    """Return what more has to be hidden, and the last look at it, which may still be unsafe."""
    more: list[int] = []
    found = look(asked, more, width, before=None)
    solved = 0
    for left in reversed(range(_ROUNDS)):
        if found.is_safe:
            solved += 1
            found = found.closer()
        if found.is_safe or solved == _SOLVED or not left:
            break
        chosen = cheapest_further(found.verdicts, found.unsafe, *found.prices(standing))
        if not chosen:
            break
        more += chosen
        found = look(asked, more, width, before=found)
    return more, found


def _refusal(unsafe: pd.DataFrame, width: int) -> DisclosureError:
    """Return the refusal, with the codes of cells and no counts."""
    rows = unsafe.itertuples(index=False, name=None)
    codes = sorted({"/".join(filter(None, row)) for row in rows})
    named = ", ".join(codes[:_NAMED])
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return DisclosureError(
        "audit-unsafe",
        f"{len(codes)} hidden cells are known to less than {width} persons from all that would be "
        f"published: {named}{more}",
        remedy="leave out a level in [[inside]], groups, sex or an indicator, or take larger areas",
    )

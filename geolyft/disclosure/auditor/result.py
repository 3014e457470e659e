"""What an audit found: numbers of cells and widths, and no count of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 5
"""How wide, by default, what is known of a protected side has to be at least."""


@dataclass(frozen=True, kw_only=True)
class AuditResult:
    """What the audit of everything that a run publishes found.

    Parameters
    ----------
    width
        How wide what is known of a protected side has to be: the most less the least it can be.
    narrowest
        The least that any protected side is known to be as wide as; none where nothing is hidden.
    hidden
        Cells without figures, by the rule or because of others.
    further
        How many of them the audit hid, beyond the rule and what is hidden beside it.
    unsettled
        Cells for which the budget was too small; they count as not safe.
    releases
        Names of the earlier releases that were known; none without a ledger of releases.

    Examples
    --------
    >>> AuditResult(width=5, narrowest=9, hidden=12, further=0, unsettled=0).releases is None
    True
    """

    width: int
    narrowest: int | None
    hidden: int
    further: int
    unsettled: int
    releases: tuple[str, ...] | None = None

"""What may be said of an effect, in a fixed choice of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.effects.permutation import ALPHA

if TYPE_CHECKING:
    from geolyft.action.effects.permutation import Exact
    from geolyft.action.effects.plan import Plan

EARLY: Final = "för tidigt att säga"
SHORT: Final = "för få år före"
FEW: Final = "för få områden att jämföra med"
UNKNOWN: Final = "uppgift saknas"
UNSEEN: Final = "går inte att se med de här uppgifterna"
SURE: Final = "statistiskt säkerställd skillnad"
OPPOSITE: Final = "statistiskt säkerställd skillnad åt andra hållet"
NOT_SURE: Final = "ingen statistiskt säkerställd skillnad"
LARGEST: Final = "större skillnad än vid något annat val av områden"
ORDINARY: Final = "inte större skillnad än vid andra val av områden"
_EXPLORATORY: Final = "utforskande: "
_ROUNDED: Final = 1 + 1e-9


def verdict(plan: Plan, found: Exact, *, mde: float, exploratory: bool) -> str:
    """Return what may be said of an effect that could be computed.

    With one area no test reaches 5 per cent, and what was not registered in time is no test:
    neither is ever called statistically sure, or not sure.

    Examples
    --------
    >>> from geolyft.action.effects.plan import Plan
    >>> from geolyft.action.effects.permutation import Exact
    >>> plan = Plan(id="a", title="A", board="N", areas=["1"], start="2024", indicator="U3",
    ...             direction="up", smallest=2)
    >>> one = Exact(difference=3, p=1 / 14, smallest=1 / 14, low=1, high=5, alpha=1 / 14, sets=14)
    >>> verdict(plan, one, mde=1.9, exploratory=False)
    'större skillnad än vid något annat val av områden'
    >>> verdict(plan, one, mde=2.1, exploratory=True)
    'utforskande: går inte att se med de här uppgifterna'
    """
    return said(_plain(plan, found, mde=mde, exploratory=exploratory), exploratory=exploratory)


def said(words: str, *, exploratory: bool) -> str:
    """Return words as they are said of a plan, with what it was registered as."""
    return f"{_EXPLORATORY}{words}" if exploratory else words


def _plain(plan: Plan, found: Exact, *, mde: float, exploratory: bool) -> str:
    if not mde <= plan.smallest:
        return UNSEEN
    if len(plan.areas) == 1 or found.smallest > ALPHA or exploratory:
        return LARGEST if found.p <= found.smallest * _ROUNDED else ORDINARY
    if found.p > ALPHA:
        return NOT_SURE
    return SURE if (found.difference > 0) == (plan.direction == "up") else OPPOSITE

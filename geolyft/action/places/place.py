"""What is known of one place, before any markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import shapely


@dataclass(frozen=True, kw_only=True, repr=False)
class Near:
    """The nearest place of one kind: its name may be empty."""

    kind: str
    name: str
    metres: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Place:
    """A polygon and what is known of it.

    Parameters
    ----------
    area
        The area that it is; empty where it is none.
    lies
        ``area, of_place``: in which areas it lies, the most first.
    figures
        By indicator ``value, low, high, status, how``: how is ``exact``, ``area``, ``approximate``
        or ``none``.
    people
        ``population`` and ``children``, as far as they are known.
    efforts
        Names of efforts with a known place in its areas; none where the run has no register.
    """

    code: str
    name: str
    shape: shapely.Geometry
    area: str
    lies: pd.DataFrame
    figures: pd.DataFrame
    people: pd.Series[float]
    efforts: tuple[str, ...] | None
    near: tuple[Near, ...]

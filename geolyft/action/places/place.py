"""What is known of one place, before any markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import shapely


@dataclass(frozen=True, kw_only=True, repr=False)
class Near:
    """The nearest place of one kind: its name may be empty."""

    kind: str
    name: str
    metres: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Beside:
    """A share beside the index, such as who lives above a limit of noise.

    Parameters
    ----------
    figure
        The place's, as a row of `Place.figures`; none where it is not known.
    area, city
        That of the area that most of the place lies in, and the city's, in per cent.
    """

    name: str
    figure: Mapping[Any, Any] | None
    area: float | None
    city: float | None


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
    beside
        Shares of users beside the index, one for each kind of access and each raster of the run.
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
    beside: tuple[Beside, ...] = ()

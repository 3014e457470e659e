"""Coordinates are where their CRS says they can be, or they are refused."""

from __future__ import annotations

import functools
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj

from geolyft.errors import ReadError, count
from geolyft.read.values.crs import WGS84, crs_name

if TYPE_CHECKING:
    from geolyft.frames import Floats


_HALF_TURN: Final = 180


@dataclass(frozen=True)
class Votes:
    """What places say of where they can be; those of several batches are added.

    Parameters
    ----------
    places, infinite
        All of them, and those with an infinite coordinate.
    voting, inside, degrees, swapped
        Those that vote; and which of these fit the CRS, look like degrees, fit it swapped.
    """

    places: int = 0
    infinite: int = 0
    voting: int = 0
    inside: int = 0
    degrees: int = 0
    swapped: int = 0

    def __add__(self, other: Votes) -> Votes:
        """Return the votes of both batches."""
        return Votes(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def check_places(x: Floats, y: Floats, crs: pyproj.CRS, *, where: str) -> None:
    """Refuse infinite coordinates, and places most of which cannot be in this CRS.

    Most, since single wrong places are data: they are counted as outside when they are joined.
    Places without coordinates, and those at 0, 0 that stand for none, do not vote.
    """
    check_votes(votes_of(x, y, crs), crs, where=where)


def votes_of(x: Floats, y: Floats, crs: pyproj.CRS) -> Votes:
    """Count what one batch of places says."""
    infinite = int((np.isinf(x) | np.isinf(y)).sum())
    voting = ~(np.isnan(x) | np.isnan(y) | ((x == 0) & (y == 0)))
    east, north = (x, y) if voting.all() else (x[voting], y[voting])
    bounds = _bounds(crs)
    return Votes(
        places=len(x),
        infinite=infinite,
        voting=len(east),
        inside=int(_within(east, north, bounds).sum()),
        degrees=int(((np.abs(east) <= _HALF_TURN) & (np.abs(north) <= _HALF_TURN)).sum()),
        swapped=int(_within(north, east, bounds).sum()),
    )


def check_votes(votes: Votes, crs: pyproj.CRS, *, where: str) -> None:
    """Refuse what the votes of all batches say together, see `check_places`."""
    if votes.infinite:
        which = f"{count(votes.infinite)} of {count(votes.places)} places"
        what = f"{which} have an infinite coordinate"
        remedy = "leave the coordinates empty where a place is not known"
        raise ReadError("read-places-infinite", what, remedy=remedy, where=where)
    if votes.inside * 2 < votes.voting:
        raise _outside(votes, crs, where=where)


@functools.lru_cache(maxsize=16)
def _bounds(crs: pyproj.CRS) -> tuple[float, float, float, float] | None:
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return None
    if crs.is_geographic:
        return (area.west, area.south, area.east, area.north)
    transformer = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)
    bounds = transformer.transform_bounds(area.west, area.south, area.east, area.north)
    return bounds if np.isfinite(bounds).all() else None


def _within(x: Floats, y: Floats, bounds: tuple[float, float, float, float] | None) -> Any:  # noqa: ANN401
    if bounds is None:
        return np.ones(len(x), dtype=bool)
    west, south, east, north = bounds
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _outside(votes: Votes, crs: pyproj.CRS, *, where: str) -> ReadError:
    """Return the refusal that says what the coordinates look like."""
    name, total = crs_name(crs), votes.voting
    if crs.is_projected and votes.degrees * 2 > total:
        code, wrong = "read-places-degrees", votes.degrees
        what, remedy = f"look like degrees, and {name} is in metres", "give crs = 4326"
    elif crs.is_geographic and votes.degrees * 2 < total:
        code, wrong = "read-places-metres", total - votes.degrees
        what = f"look like metres, and {name} is in degrees"
        remedy = "give the CRS they are in, such as crs = 3008"
    elif votes.swapped * 2 > total:
        code, wrong = "read-places-swapped", votes.swapped
        what, remedy = f"are in {name} once x and y are swapped", "swap x (east) and y (north)"
    else:
        code, wrong = "read-places-outside", total - votes.inside
        what, remedy = f"are outside the area where {name} is used", "check the CRS"
    which = f"{count(wrong)} of {count(total)} places"
    return ReadError(code, f"{which} {what}", remedy=remedy, where=where)

"""What each user reaches: how far to the nearest place, and which places within a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geolyft.late import scipy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geolyft.frames import Floats


@dataclass(frozen=True, kw_only=True, repr=False)
class Reached:
    """Users against places.

    Parameters
    ----------
    nearest
        Metres from each user to the nearest place; infinite where no place is reached at all, and
        missing where a user has no coordinates.
    user, place
        Positions of every user and place that are at most the limit apart, one pair a row.
    users, places
        How many there are of each.
    """

    nearest: Floats
    user: NDArray[np.intp]
    place: NDArray[np.intp]
    users: int
    places: int

    @property
    def within(self) -> NDArray[np.int64]:
        """How many places each user has within the limit."""
        return np.bincount(self.user, minlength=self.users).astype(np.int64)


def sums(at: NDArray[np.intp], numbers: ArrayLike, size: int) -> Floats:
    """Return the sum of the numbers at each of `size` places.

    Examples
    --------
    >>> sums(np.array([1, 1, 0]), [0.5, 1, 2], 3).tolist()
    [2.0, 1.5, 0.0]
    """
    return np.bincount(at, weights=numbers, minlength=size).astype(np.float64)


def straight(users: Floats, places: Floats, *, limit: float) -> Reached:
    """Return what is reached along straight lines.

    Parameters
    ----------
    users, places
        Coordinates in metres, a row each; users without any are missing in both. At least one
        place, and all of them known.
    limit
        Metres, itself included.

    Examples
    --------
    >>> reached = straight(np.array([[0.0, 0], [900, 0]]), np.array([[300.0, 400]]), limit=500)
    >>> reached.nearest.round().tolist(), reached.within.tolist()
    ([500.0, 721.0], [1, 0])
    """
    spatial = scipy("spatial")
    known = np.flatnonzero(np.isfinite(users).all(axis=1))
    nearest = np.full(len(users), np.nan)
    nearest[known] = spatial.cKDTree(places).query(users[known])[0]
    near = spatial.cKDTree(users[known]).query_ball_point(places, limit)
    user, place = _pairs(near)
    return Reached(
        nearest=nearest, user=known[user], place=place, users=len(users), places=len(places)
    )


def _pairs(near: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:  # noqa: ANN401 - lists in an array
    """Return the users near each place, and the place of each of them."""
    sizes = [len(each) for each in near]
    flat = [np.asarray(each, dtype=np.intp) for each in near if each]
    user = np.concatenate(flat) if flat else np.empty(0, dtype=np.intp)
    return user, np.repeat(np.arange(len(sizes)), sizes)

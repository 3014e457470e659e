"""The ways to places of one kind: of each user, and of the users of each area together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.action.access.catchment import two_step
from geolyft.action.access.lines import network_of
from geolyft.action.access.network import SNAP, along
from geolyft.action.access.reached import straight, sums
from geolyft.errors import JoinError
from geolyft.read.values.crs import same_crs

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from geolyft.action.access.network import Network
    from geolyft.action.access.reached import Reached
    from geolyft.frames import Floats

COUNTS: Final = ["users", "within", "unreached"]
SUMMARIES: Final = ["median", "places", "shared"]


def access(
    users: gpd.GeoSeries | gpd.GeoDataFrame,
    places: gpd.GeoSeries | gpd.GeoDataFrame,
    *,
    within: float,
    weights: pd.Series[float] | None = None,
    capacity: pd.Series[float] | None = None,
    lines: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
    snap: float = SNAP,
) -> pd.DataFrame:
    """Return how far each user has to the nearest place, and what is within reach.

    The figures are of users and not protected: where users are persons, publish them by area, with
    ``[[access]]`` in a run file.

    Parameters
    ----------
    users, places
        Points in one CRS in metres.
    within
        Metres, itself included.
    weights
        How many each user stands for, on the users' index; by default one.
    capacity
        What each place can take, on the places' index; by default one.
    lines
        Streets and paths to go along; by default the way is a straight line.
    snap
        Metres from the lines beyond which nobody reaches anything.

    Returns
    -------
    pandas.DataFrame
        On the users' index: ``nearest`` in metres, infinite where none is reached, missing without
        coordinates; ``places``, how many are within; ``shared``, the two-step floating catchment:
        what falls to each of those that a user stands for, in the unit of the capacity.

    Raises
    ------
    JoinError
        ``access-places``, ``access-network``, ``access-weights`` or ``join-crs``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> users = gpd.GeoSeries.from_xy([0, 900], [0, 0], crs=3008)
    >>> places = gpd.GeoSeries.from_xy([300], [400], crs=3008)
    >>> access(users, places, within=500).round().values.tolist()
    [[500.0, 1.0, 1.0], [721.0, 0.0, 0.0]]
    """
    for each in (places, lines):
        if each is not None and not same_crs(users.crs, each.crs):
            what, remedy = "users, places and lines are not in one CRS", "reproject (to_crs)"
            raise JoinError("join-crs", what, remedy=remedy, where="access")
    network = None if lines is None else network_of(lines.geometry.to_numpy())
    reached = reach(_xy(users), _xy(places), limit=within, network=network, snap=snap)
    ones = pd.Series(1.0, index=users.index)
    by_user = ones if weights is None else weights.reindex(users.index)
    each_can = np.ones(len(places)) if capacity is None else capacity.reindex(places.index)
    shared = two_step(reached, known(by_user, "a weight"), known(each_can, "a capacity"))
    columns = {"nearest": reached.nearest, "places": reached.within, "shared": shared.per_user}
    return pd.DataFrame(columns, index=users.index)


def reach(
    users: Floats,
    places: Floats,
    *,
    limit: float,
    network: Network | None,
    snap: float = SNAP,
    where: str = "places",
) -> Reached:
    """Return what is reached along a network, or in straight lines where there is none.

    Raises
    ------
    JoinError
        ``access-places`` when there are no places, or one has no coordinates.
    """
    lost = int((~np.isfinite(places).all(axis=1)).sum())
    if lost or not len(places):
        what = f"{lost} of {len(places)} places have no coordinates" if lost else "has no places"
        remedy = "give every place its coordinates, or leave it out"
        raise JoinError("access-places", what, remedy=remedy, where=where)
    if network is None:
        return straight(users, places, limit=limit)
    return along(network, users, places, limit=limit, snap=snap)


def known(numbers: object, what: str, *, where: str = "access") -> Floats:
    """Return numbers that are all known and not negative.

    Raises
    ------
    JoinError
        ``access-weights``.
    """
    made = np.asarray(numbers, dtype=np.float64)
    wrong = int((~np.isfinite(made) | (made < 0)).sum())
    if wrong:
        said = f"{what} is missing, negative or infinite in {wrong} rows of {len(made)}"
        raise JoinError("access-weights", said, remedy="give each row its number", where=where)
    return made


def by_area(
    reached: Reached, weights: Floats, shared: Floats, position: NDArray[np.int32], areas: int
) -> pd.DataFrame:
    """Return the users of each area together; a last row is of those in none.

    Parameters
    ----------
    shared
        See `geolyft.action.access.catchment.Shared`.
    position
        Each user's area, -1 for none.
    areas
        How many there are.

    Returns
    -------
    pandas.DataFrame
        ``COUNTS``: all users, those with a place within the limit, those who reach none at all.
        ``SUMMARIES``: the median way in metres (infinite where more than half reach none), how many
        places a user has within the limit, and what falls to each of 100 users, on average.
    """
    at = np.where(position < 0, areas, position).astype(np.intp)

    def total(of: ArrayLike) -> Floats:
        return sums(at, weights * np.asarray(of), areas + 1)

    one, count = np.ones(len(weights)), reached.within
    users = total(one)
    columns = {
        "users": users,
        "within": total(count > 0),
        "unreached": total(~np.isfinite(reached.nearest)),
        "median": _medians(reached.nearest, weights, at, areas + 1),
    }
    means = {"places": total(count), "shared": 100 * total(shared)}
    with np.errstate(invalid="ignore"):
        columns |= {name: each / users for name, each in means.items()}
    return pd.DataFrame(columns)


def _medians(metres: Floats, weights: Floats, at: NDArray[np.intp], size: int) -> Floats:
    """Return the weighted median of each area, the lower of two; who is nowhere is furthest."""
    far = np.where(np.isfinite(metres), metres, np.inf)
    order = np.lexsort([far, at])
    at, far, weights = at[order], far[order], weights[order]
    is_counted = weights > 0
    at, far, weights = at[is_counted], far[is_counted], weights[is_counted]
    medians, begins = np.full(size, np.nan), np.searchsorted(at, np.arange(size + 1))
    for n, (begin, end) in enumerate(pairwise(begins)):
        if end > begin:
            sums = np.cumsum(weights[begin:end])
            medians[n] = far[begin + np.searchsorted(sums, sums[-1] / 2)]
    return medians


def _xy(points: gpd.GeoSeries | gpd.GeoDataFrame) -> Floats:
    """Return coordinates, missing for what is empty."""
    shapes = points.geometry.to_numpy()
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])

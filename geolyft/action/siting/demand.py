"""Users become fewer points that weigh more, and candidates are found where none are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.access.reached import sums
from geolyft.join.area_lookup import first_positions
from geolyft.late import scipy

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.frames import Floats

MOST_DEMAND: Final = 500
MOST_CANDIDATES: Final = 60
"""What is proven the best in some seconds."""
_FINEST: Final = 1000
"""Squares across the city in the finest grid that is tried."""
_LOOKED_AT: Final = 8
"""Of how many points of a grid as many as may be are taken to lie in a city."""


def gathered(users: Floats, weights: Floats, *, most: int = MOST_DEMAND) -> tuple[Floats, Floats]:
    """Return the users of each square of a grid as one, at their middle; as many as may be.

    Examples
    --------
    >>> users, weights = np.array([[1.0, 1], [3, 1], [99, 9]]), np.array([1.0, 3, 2])
    >>> points, weights = gathered(users, weights, most=2)
    >>> points.tolist(), weights.tolist()
    ([[2.5, 1.0], [99.0, 9.0]], [4.0, 2.0])
    """
    is_counted = np.isfinite(users).all(axis=1) & (weights > 0)
    users, weights = users[is_counted], weights[is_counted]
    size = max(float(np.ptp(users, axis=0).max(initial=0)), 1.0) / _FINEST
    while True:
        cells, cell = np.unique((users // size).astype(np.int64), axis=0, return_inverse=True)
        if len(cells) <= most:
            break
        size *= 1.25
    whole = sums(cell, weights, len(cells))
    middle = [sums(cell, weights * axis, len(cells)) / whole for axis in users.T]
    return np.column_stack(middle), whole


def spread(
    areas: gpd.GeoDataFrame, addresses: Floats | None, *, most: int = MOST_CANDIDATES
) -> Floats:
    """Return candidates spread over the areas: a grid, and where addresses are given the nearest.

    Homes are no addresses: of persons give None, and nothing of where they live is in the answer.
    """
    west, south, east, north = areas.total_bounds
    shapes, size = areas.geometry.to_numpy(), max(east - west, north - south) / _FINEST
    while True:
        axes = np.arange(west + size / 2, east, size), np.arange(south + size / 2, north, size)
        if axes[0].size * axes[1].size <= _LOOKED_AT * most:
            x, y = (each.ravel() for each in np.meshgrid(*axes))
            inside = first_positions(shapes, x, y) >= 0
            if inside.sum() <= most:
                break
        size *= 1.1
    points = np.column_stack([x[inside], y[inside]])
    if addresses is None or not len(addresses):
        return points
    known = addresses[np.isfinite(addresses).all(axis=1)]
    _, nearest = scipy("spatial").cKDTree(known).query(points)
    return pd.DataFrame(known[nearest]).drop_duplicates().to_numpy()

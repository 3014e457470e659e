"""Where the areas of a level lie: their shapes, labels and neighbours, and what they lie in.

The page draws them when a reader asks for their level, from shapes that are kept small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geolyft.export.figures.cells import area_order

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WEB_CRS: Final = "EPSG:4326"
GENERALISE_METRES: Final = 8.0
"""Half a pixel at the deepest zoom the page allows."""
SHAPE_DECIMALS: Final = 5
"""A metre: more would only be bytes."""
MOST_CORNERS: Final = 20_000
"""Of one level together, about 150 kB; with more, its borders are generalised further."""
_COARSEST: Final = 200.0
_LABEL_TOLERANCE: Final = 10.0


def generalise(areas: gpd.GeoDataFrame, *, most_corners: int = MOST_CORNERS) -> gpd.GeoDataFrame:
    """Simplify the areas together, so that neighbours keep one border, in order of code."""
    ordered = areas.loc[area_order(areas.index), ["name", "geometry"]]
    shapes, tolerance = ordered.geometry.to_numpy(), GENERALISE_METRES
    simple = shapely.coverage_simplify(shapes, tolerance=tolerance)
    while shapely.get_num_coordinates(simple).sum() > most_corners and tolerance < _COARSEST:
        tolerance *= 2
        simple = shapely.coverage_simplify(shapes, tolerance=tolerance)
    ordered["geometry"] = simple
    return ordered


def labels(shapes: gpd.GeoDataFrame) -> dict[str, list[float]]:
    """Return where each area's label goes: the middle of its widest part, as (lat, lon)."""
    widest = shapely.get_point(
        shapely.maximum_inscribed_circle(shapes.geometry.to_numpy(), _LABEL_TOLERANCE), 0
    )
    points = shapes.set_geometry(widest, crs=shapes.crs).geometry.to_crs(WEB_CRS)
    return {
        str(code): [round(point.y, SHAPE_DECIMALS), round(point.x, SHAPE_DECIMALS)]
        for code, point in points.items()
    }


def parents(small: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the area that most of each smaller area lies in.

    Examples
    --------
    >>> import geopandas as gpd
    >>> large = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], index=["1"], crs=3008)
    >>> parents(large.set_axis(["1280C1010"]), large)
    {'1280C1010': '1'}
    """
    shapes, around = small.geometry.to_numpy(), areas.geometry.to_crs(small.crs).to_numpy()
    inner, outer = shapely.STRtree(around).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[inner], around[outer]))
    # The last one written is the largest; of equals, the first in order.
    order = np.lexsort((-outer, shared))
    widest = {int(inner[n]): int(outer[n]) for n in order if shared[n] > 0}
    return {str(small.index[n]): str(areas.index[m]) for n, m in sorted(widest.items())}


def outlines(shapes: gpd.GeoDataFrame) -> list[list[list[list[int]]]]:
    """Return each area as polygons of rings of steps: latitude, longitude, and so on in turn.

    The first two are a place in 1/100 000 degrees, the rest steps from the corner before; the last
    corner of a ring, which is the first, is left out.
    """
    degrees = shapes.geometry.to_crs(WEB_CRS)
    return [[rings(part) for part in shapely.get_parts(shape)] for shape in degrees]


def rings(polygon: shapely.Polygon) -> list[list[int]]:
    """Return the rings of a polygon in degrees as steps, each without its last corner."""
    of = (polygon.exterior, *polygon.interiors)
    return [steps(shapely.get_coordinates(ring)[:-1]) for ring in of]


def steps(degrees: NDArray[np.float64]) -> list[int]:
    """Return places by longitude and latitude as steps from one to the next, latitude first.

    Examples
    --------
    >>> steps(np.array([[13.0, 55.5], [13.1, 55.50001]]))
    [5550000, 1300000, 1, 10000]
    """
    # Leaflet says latitude first.
    corners = np.round(degrees[:, ::-1] * 10**SHAPE_DECIMALS).astype(int)
    return [int(step) for step in np.diff(corners, axis=0, prepend=[[0, 0]]).ravel()]

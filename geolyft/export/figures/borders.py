"""The borders between areas as lines, each once, and the outline around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geolyft.export.figures.cells import area_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely import Geometry, MultiLineString


def border_lines(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each border between two areas once, and each area's part of the outline.

    Borders are found where areas share them exactly, as the polygons of one division do; where
    two areas nearly touch, both sides are outline.

    Parameters
    ----------
    areas
        Index of codes, polygons in a metric CRS.

    Returns
    -------
    GeoDataFrame
        ``kod_1``, ``kod_2`` (missing for the outline) and MultiLineStrings in the areas' CRS; by
        code, inner borders first.

    Examples
    --------
    >>> areas = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], index=["a", "b"]
    ... )
    >>> lines = border_lines(areas)
    >>> lines["kod_2"].isna().tolist(), lines.length.tolist()
    ([False, True, True], [1.0, 3.0, 3.0])
    """
    codes = area_order(areas.index)
    shapes = areas.geometry.loc[codes].to_numpy()
    outlines = shapely.boundary(shapes)
    left, right = _neighbours(shapes)
    shared = [_lines(each) for each in shapely.intersection(outlines[left], outlines[right])]
    met = [(n, line) for n, line in enumerate(shared) if not line.is_empty]
    own: list[list[Geometry]] = [[] for _ in codes]
    for line, *both in zip(shared, left, right, strict=True):
        for n in both:
            own[n].append(line)
    outer = [_lines(_rest(*each)) for each in zip(outlines, own, strict=True)]
    alone = [(n, line) for n, line in enumerate(outer) if not line.is_empty]
    first = [codes[left[n]] for n, _ in met] + [codes[n] for n, _ in alone]
    second = [codes[right[n]] for n, _ in met] + [None] * len(alone)
    return gpd.GeoDataFrame(
        {"kod_1": pd.Series(first, dtype="str"), "kod_2": pd.Series(second, dtype="str")},
        geometry=[line for _, line in [*met, *alone]],
        crs=areas.crs,
    )


def bordering(areas: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Return the areas that share a border with each area, in order.

    Examples
    --------
    >>> halves = [shapely.box(n, 0, n + 1, 1) for n in range(3)]
    >>> bordering(gpd.GeoDataFrame(geometry=halves, index=["a", "b", "c"]))
    {'a': ['b'], 'b': ['a', 'c'], 'c': ['b']}
    """
    return neighbours_in(border_lines(areas), area_order(areas.index))


def neighbours_in(lines: gpd.GeoDataFrame, codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the areas that share one of some borders with each area, in order."""
    inner = lines[lines["kod_2"].notna()]
    near: dict[str, list[str]] = {code: [] for code in codes}
    for one, other in zip(inner["kod_1"], inner["kod_2"], strict=True):
        near[one].append(other)
        near[other].append(one)
    return {code: area_order(others) for code, others in near.items()}


def _neighbours(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of each pair of areas that meet, in order."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    order = np.lexsort((right, left))
    return left[order], right[order]


def _rest(outline: Geometry, shared: list[Geometry]) -> Geometry:
    return shapely.difference(outline, shapely.union_all(shared)) if shared else outline


def _lines(shape: Geometry) -> MultiLineString:
    """Keep what is line of a shape: areas that meet in a point share no border."""
    parts = shapely.get_parts(shape)
    lines = shapely.get_parts(
        shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1]))
    )
    return shapely.normalize(shapely.MultiLineString(list(lines)))

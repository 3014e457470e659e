"""Lines become a network: ends that nearly meet are one node, and an end on a line cuts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.action.access.network import Network
from geolyft.errors import JoinError
from geolyft.late import scipy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.frames import Floats

MEET: Final = 0.5
"""Metres at which two vertices are one."""


def network_of(
    lines: Any,  # noqa: ANN401 - an array of shapes
    *,
    one_way: NDArray[np.bool_] | None = None,
    where: str = "network",
) -> Network:
    """Return the network that lines make.

    Lines are connected where vertices are at most half a metre apart, or an end lies so near
    another line. Where they only cross, as on a bridge, they are not.

    Parameters
    ----------
    lines
        LineStrings and MultiLineStrings in a CRS in metres.
    one_way
        Which of them lead from their first vertex to their last alone.

    Raises
    ------
    JoinError
        ``access-network`` when there are no lines, or other shapes among them.

    Examples
    --------
    >>> from shapely import LineString
    >>> cross = network_of([LineString([(0, 0), (9, 0)]), LineString([(5, 0.1), (5, 9)])])
    >>> len(cross.nodes), [round(each) for each in cross.parts()]
    (4, [18])
    """
    shapes = np.asarray(lines, dtype=object)
    parts, of = shapely.get_parts(shapes, return_index=True)
    if not len(parts) or not np.isin(shapely.get_type_id(parts), [1]).all():
        remedy = "give a layer of lines, such as streets and paths"
        raise JoinError("access-network", "is no layer of lines alone", remedy=remedy, where=where)
    single = np.zeros(len(shapes), dtype=bool) if one_way is None else one_way
    points, line = shapely.get_coordinates(parts, return_index=True)
    inner = np.flatnonzero(line[1:] == line[:-1])
    start, end, way = inner, inner + 1, single[of][line[inner]]
    is_end = np.ones(len(points), dtype=bool)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    start, end, way = _cut_by_ends(points, (start, end, way), np.flatnonzero(is_end))
    nodes, node = _met(points)
    start, end = node[start], node[end]
    apart = start != end
    if not apart.any():
        remedy = "give a layer of lines that lead somewhere"
        raise JoinError("access-network", "has no line with a length", remedy=remedy, where=where)
    return Network(nodes=nodes, start=start[apart], end=end[apart], one_way=way[apart])


def _cut_by_ends(
    points: Floats, edges: tuple[Any, Any, Any], ends: NDArray[np.intp]
) -> tuple[Any, Any, Any]:
    """Return the edges, each cut at the ends of other lines that lie on it."""
    start, end, way = edges
    lines = shapely.linestrings(np.stack([points[start], points[end]], axis=1))
    at, on = shapely.STRtree(lines).query(
        shapely.points(points[ends]), predicate="dwithin", distance=MEET
    )
    cut = pd.DataFrame({"edge": on, "point": ends[at]})
    cut["along"] = shapely.line_locate_point(lines[on], shapely.points(points[ends[at]]))
    inside = (cut["along"] > MEET) & (cut["along"] < shapely.length(lines)[on] - MEET)
    cut = cut[inside].sort_values(["edge", "along", "point"])
    whole = np.setdiff1d(np.arange(len(start)), cut["edge"])
    by_edge = cut.groupby("edge")["point"]
    before = by_edge.shift().fillna(pd.Series(start[cut["edge"]], index=cut.index))
    tail = by_edge.tail(1)
    last = cut.loc[tail.index, "edge"].to_numpy()
    return (
        np.concatenate([start[whole], before.to_numpy(np.intp), tail.to_numpy()]),
        np.concatenate([end[whole], cut["point"].to_numpy(), end[last]]),
        way[np.concatenate([whole, cut["edge"].to_numpy(), last]).astype(np.intp)],
    )


def _met(points: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the nodes, and which of them each vertex is."""
    pairs = scipy("spatial").cKDTree(points).query_pairs(MEET, output_type="ndarray")
    size = len(points)
    graph = scipy("sparse").csr_array((np.ones(len(pairs)), pairs.T), shape=(size, size))
    n, node = scipy("sparse.csgraph").connected_components(graph, directed=False)
    first = np.full(n, size, dtype=np.intp)
    np.minimum.at(first, node, np.arange(size))
    return points[first], node.astype(np.intp)

"""Crosswalks computed: how much of each source lies in each target, by area or by people.

Compute one once, then `geolyft.move_totals` moves as many columns as there are. What lies in no
target is a row to ``residual``: it is neither dropped nor pushed back inside.

Goodchild, M. F. and Lam, N. S. (1980). Areal interpolation: a variant of the traditional spatial
problem. Geo-Processing 1, 297-312.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geolyft.divisions.crosswalks import Crosswalk
from geolyft.errors import AreaError, GeolyftWarning, brief
from geolyft.frames import RESIDUAL, check_areas
from geolyft.join.points import assign_points
from geolyft.rasters.cells import Cells
from geolyft.rasters.statistics import check_place
from geolyft.rasters.sums import exact_sums
from geolyft.read import open_raster
from geolyft.read.values.crs import same_crs

if TYPE_CHECKING:
    import os

    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS

    from geolyft.read import RasterFile

_ROUNDING: Final = 1e-6
"""Metres, and share of a source: a strip along its border that is thinner is no piece of it."""

_MARGIN: Final = 1.0
"""Metres around a source, so that no edge of a cut lies on its border."""

_OVERLAP: Final = 1e-6
"""Share of a source that may lie in two targets at once before it is refused."""

_CERTAINTY: Final = {"nested": "exact", "residents": "high", "raster": "medium", "area": "low"}


def crosswalk_by_area(
    sources: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, *, name: str = "area"
) -> Crosswalk:
    """Compute a crosswalk from the areas that sources and targets share.

    The last resort: it takes people to live evenly, in lakes and industry too.

    Parameters
    ----------
    sources, targets
        Areas in one metric CRS, see `geolyft.frames.check_areas`.

    Returns
    -------
    Crosswalk
        With the columns ``method`` (``nested`` or ``area``) and ``certainty``.

    Raises
    ------
    AreaError
        As `geolyft.frames.check_areas`; ``crosswalk-crs``; ``areas-overlap`` when targets do.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame(index=pd.Index(["1", "2"], name="area"), crs=3008,
    ...     geometry=[shapely.box(0, 0, 6, 10), shapely.box(6, 0, 8, 10)])
    >>> whole = halves.iloc[:1].set_axis(["a"]).set_geometry([shapely.box(0, 0, 10, 10)])
    >>> crosswalk_by_area(whole, halves).table[["target", "weight"]].values.tolist()
    [['1', 0.6], ['2', 0.2], ['residual', 0.2]]
    """
    return _crosswalk(_pieces(sources, targets), None, name=name, method="area")


def crosswalk_by_residents(
    sources: gpd.GeoDataFrame,
    targets: gpd.GeoDataFrame,
    points: gpd.GeoSeries | gpd.GeoDataFrame | ArrayLike,
    *,
    y: ArrayLike | None = None,
    crs: CRS | int | str | None = None,
    counts: ArrayLike | None = None,
    max_outside: float = 0.05,
    name: str = "residents",
) -> Crosswalk:
    """Compute a crosswalk from the share of each source's points that lies in each target.

    A source that lies whole in one target goes there, and one without points is split by area and
    says so (``method``).

    Parameters
    ----------
    points, y, crs
        As `geolyft.assign_points`.
    counts
        How many each point stands for; by default one.
    max_outside
        The share of points that may lie in no source; such points decide nothing.

    Raises
    ------
    AreaError
        As `crosswalk_by_area`; ``crosswalk-weight`` for negative, missing or infinite counts.
    JoinError
        As `geolyft.assign_points`.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame(index=pd.Index(["1", "2"], name="area"), crs=3008,
    ...     geometry=[shapely.box(0, 0, 6, 10), shapely.box(6, 0, 10, 10)])
    >>> whole = halves.iloc[:1].set_axis(["a"]).set_geometry([shapely.box(0, 0, 10, 10)])
    >>> people = crosswalk_by_residents(whole, halves, [1, 8, 9, 9], y=[5, 5, 5, 6], crs=3008)
    >>> people.table[["target", "weight"]].values.tolist()
    [['1', 0.25], ['2', 0.75]]
    """
    pieces = _pieces(sources, targets)
    where: dict[str, Any] = {} if y is None else {"y": y, "crs": crs}
    of = assign_points(points, sources, max_outside=max_outside, **where)
    # Outside the targets is the residual, however many; outside the sources is a mistake.
    into = assign_points(points, targets, max_outside=1.0, **where)
    each = pd.Series(_counts(counts, len(of)), index=of.index)
    # A point in no source is in no group here: it decides nothing.
    held = each.groupby([of, into.fillna(RESIDUAL)]).sum()
    # A point on a border may be placed in a target that its source only touches.
    known = pd.MultiIndex.from_frame(pieces[["source", "target"]])
    split = pieces.loc[~pieces["nested"], "source"]
    beyond = held[held.index.isin(split, level=0) & ~held.index.isin(known) & (held > 0)]
    if len(beyond):
        extra = beyond.index.set_names(["source", "target"]).to_frame(index=False)
        pieces = pd.concat([pieces, extra.assign(size=0.0, nested=False)], ignore_index=True)
        known = pd.MultiIndex.from_frame(pieces[["source", "target"]])
    people = np.asarray(held.reindex(known, fill_value=0.0), dtype=np.float64)
    return _crosswalk(pieces, people, name=name, method="residents")


def crosswalk_by_raster(
    sources: gpd.GeoDataFrame,
    targets: gpd.GeoDataFrame,
    population: str | os.PathLike[str] | RasterFile,
    *,
    name: str = "raster",
) -> Crosswalk:
    """Compute a crosswalk from a raster of residents: the cells of each piece, by their coverage.

    A source that lies whole in one target goes there, and one without residents in the raster is
    split by area and says so (``method``). Needs ``geolyft[raster]``.

    Parameters
    ----------
    population
        A GeoTIFF of counts in the areas' CRS, see `geolyft.zonal_statistics`.

    Raises
    ------
    AreaError
        As `crosswalk_by_area`.
    ReadError
        As `geolyft.read.open_raster`; ``raster-crs``, ``raster-overlap`` or ``raster-weights``.
    """
    pieces = _pieces(sources, targets, shapes=True)
    with open_raster(population) as raster:
        check_place(raster, sources)
        # A nested source goes whole where it lies, and no cell need be read for it.
        parts = gpd.GeoDataFrame(geometry=pieces.loc[~pieces["nested"], "shape"], crs=sources.crs)
        people = np.zeros(len(pieces))
        if len(parts):
            cells = Cells(raster=raster, weights=raster)
            people[~pieces["nested"].to_numpy()] = exact_sums(cells, parts).weight
    return _crosswalk(pieces, people, name=name, method="raster")


def _pieces(
    sources: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, *, shapes: bool = False
) -> pd.DataFrame:
    """Cut each source by the targets; what is left of it is a piece of the residual.

    Returns
    -------
    pandas.DataFrame
        ``source, target, size`` (square metres), ``nested`` (the source lies whole in the target)
        and, with `shapes`, ``shape``.
    """
    _check_both(sources, targets)
    small, large = sources.geometry.to_numpy(), targets.geometry.to_numpy()
    at, of, shape = _overlay(small, large)
    whole, size = shapely.area(small), shapely.area(shape)
    # What a piece or a rest has to exceed to be more than coordinates' rounding.
    least = _ROUNDING * np.minimum(shapely.length(small), whole)
    real = size > least[of]
    at, of, shape, size = (each[real] for each in (at, of, shape, size))
    # By subtraction, not by cutting: most rests are rounding, and few shapes are asked for.
    rest = whole - np.bincount(of, size, len(small))
    _check_overlap(rest, whole, least, sources.index)
    outside = np.flatnonzero(rest > least)
    names = np.append(targets.index.to_numpy(dtype=object), RESIDUAL)
    row, column = np.append(of, outside), np.append(at, np.full(len(outside), len(large)))
    pieces = pd.DataFrame(
        {
            "source": sources.index.to_numpy()[row],
            "target": names[column],
            "size": np.append(size, rest[outside]),
            "nested": np.bincount(row)[row] == 1,
        }
    )
    if shapes:
        beyond = [shapely.difference(small[n], shapely.union_all(shape[of == n])) for n in outside]
        pieces["shape"] = [_polygons(each) for each in (*shape, *beyond)]
    return pieces.iloc[np.lexsort((column, row))].reset_index(drop=True)


def _check_both(sources: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> None:
    check_areas(sources, where="sources")
    check_areas(targets, where="targets")
    if not same_crs(sources.crs, targets.crs):
        raise AreaError(
            "crosswalk-crs",
            f"the sources' CRS is {sources.crs.to_string()}, the targets' "
            f"{targets.crs.to_string()}",
            remedy="reproject one of them (to_crs)",
        )


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Leave out lines, points and what rounding leaves, which no cell can be cut by."""
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.area(parts) > _ROUNDING * shapely.length(parts)])


def _overlay(
    small: NDArray[np.object_], large: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.object_]]:
    """Return target, source and shape of each piece.

    A source that a target covers is not cut: most are, and the test is much cheaper.
    """
    tree = shapely.STRtree(small)
    covering, covered = tree.query(large, predicate="covers")
    # With overlaps that rounding leaves, two targets can cover one source: the first has it.
    covered, first = np.unique(covered, return_index=True)
    covering = covering[first]
    at, of = tree.query(large, predicate="intersects")
    cut = ~np.isin(of, covered)
    at, of = at[cut], of[cut]
    parts = shapely.intersection(small[of], _near(large[at], shapely.bounds(small[of])))
    shape = np.append(small[covered], parts)
    return np.append(covering, at), np.append(covered, of), shape


def _near(shapes: NDArray[np.object_], bounds: NDArray[np.float64]) -> NDArray[np.object_]:
    """Cut shapes down to what lies in the bounds and a little more, for a quicker overlay."""
    margin = np.array([-_MARGIN, -_MARGIN, _MARGIN, _MARGIN])
    near = np.array(
        [
            shapely.clip_by_rect(shape, *rectangle)
            for shape, rectangle in zip(shapes, bounds + margin, strict=True)
        ],
        dtype=object,
    )
    # Cutting by a rectangle is quick, and does not promise a valid polygon.
    return np.where(shapely.is_valid(near), near, shapes) if len(near) else shapes


def _check_overlap(
    rest: NDArray[np.float64],
    whole: NDArray[np.float64],
    least: NDArray[np.float64],
    codes: pd.Index[str],
) -> None:
    # Pieces that sum to more than their source tell of targets that overlap, and no pair of
    # targets has to be held against another.
    over = rest < -np.maximum(_OVERLAP * whole, least)
    if over.any():
        raise AreaError(
            "areas-overlap",
            f"{int(over.sum())} of {len(whole)} sources lie in targets that overlap, first "
            f"{brief(codes[over][0])} by {-rest[over][0]:.2f} m²",
            remedy="mend the targets' borders, or give targets of one division only",
            where="targets",
        )


def _counts(counts: ArrayLike | None, size: int) -> NDArray[np.float64]:
    each = np.ones(size) if counts is None else np.asarray(counts, dtype=np.float64)
    good = np.isfinite(each) & (each >= 0)
    if each.shape != (size,) or not good.all():
        raise AreaError(
            "crosswalk-weight",
            f"{each.size} counts for {size} points, {int((~good).sum())} of them missing, negative "
            "or infinite",
            remedy="give one count per point",
        )
    return each


def _crosswalk(
    pieces: pd.DataFrame, people: NDArray[np.float64] | None, *, name: str, method: str
) -> Crosswalk:
    """Turn pieces into weights: by people where a source has any, else by size."""
    source = pieces["source"]
    size = pieces["size"].where(~pieces["nested"], 1.0)
    held = size if people is None else pd.Series(people, index=pieces.index)
    known = held.groupby(source).transform("sum") > 0
    empty = ~known & ~pieces["nested"]
    if empty.any():
        warnings.warn(
            f"crosswalk {name}: {source[empty].nunique()} of {source.nunique()} sources have "
            "nobody to go by and are split by area",
            GeolyftWarning,
            stacklevel=3,
        )
    # A point on a nested source's border may have been placed next door: it splits nothing.
    by_people = known & ~pieces["nested"]
    share = held.where(by_people, size)
    weight = share / share.groupby(source).transform("sum")
    methods = pd.Series(method, index=pieces.index, dtype="str").mask(empty, "area")
    methods = methods.mask(pieces["nested"], "nested")
    table = pieces[["source", "target"]].assign(
        weight=weight, method=methods, certainty=methods.map(_CERTAINTY)
    )
    table = table[weight > 0].astype({"source": "str", "target": "str"})
    return Crosswalk(
        name=name, source="sources", target="targets", table=table.reset_index(drop=True)
    )

"""Zonal statistics: noise, green, canopy or light in a raster becomes a figure for each area."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import shapely

from geolyft.divisions.coverage import check_apart
from geolyft.errors import ReadError
from geolyft.frames import CITY, EVERYONE, check_areas, check_observations, combine_status
from geolyft.rasters.cells import Cells
from geolyft.rasters.sums import Border, Sums, block_sums, exact_sums
from geolyft.read import check_undeclared, open_raster
from geolyft.read.values.crs import same_crs
from geolyft.shown import Shown

if TYPE_CHECKING:
    import os

    import geopandas as gpd

    from geolyft.read import Raster, RasterFile

Statistic = Literal["mean", "sum", "share_over"]
Method = Literal["exact", "blocks"]

AUDIT_COLUMNS: Final = ["area", "cells", "coverage", "nodata", "outside", "low", "high", "method"]
_SURE: Final = 1e-6
"""How far coverage may be from whole: exactextract holds each cell's share in single precision."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Zonal(Shown):
    """A raster's figures for areas.

    Parameters
    ----------
    observations
        One row per area and one for the city, all areas together. A mean or share has
        ``numerator`` and ``denominator`` in square metres (times the value), or in what the
        weights count. ``low`` and ``high`` bound the exact figure, and equal one that is exact.
    audit
        Per area ``cells`` with data, ``coverage`` (share of the area they cover), ``nodata`` and
        ``outside`` (shares without data, on and beyond the raster), ``low``, ``high``, ``method``.
    """

    observations: pd.DataFrame
    audit: pd.DataFrame


def zonal_statistics(
    raster: str | os.PathLike[str] | RasterFile,
    areas: gpd.GeoDataFrame,
    *,
    indicator: str,
    period: str,
    statistic: Statistic = "mean",
    limit: float | None = None,
    weights: str | os.PathLike[str] | RasterFile | None = None,
    method: Method = "exact",
    min_coverage: float = 0.95,
    source: str = "",
) -> Zonal:
    """Return a raster's mean, sum or share over a limit for each area, as observations.

    Cells without data are left out of numerator and denominator. An area with less than
    `min_coverage` of its ground in cells with data is ``partial``, one with none ``missing``.

    Parameters
    ----------
    raster
        A GeoTIFF in the areas' CRS, north up; with `geolyft.read.RasterFile` a band of it, or what
        its cells without data hold.
    statistic, limit
        ``mean`` of the values; their ``sum``, for a raster of counts; or ``share_over``, per cent
        of the ground (or, with `weights`, of the residents) where the value is above `limit`, which
        is compared in the raster's own type: a cell of 55.1 is not above 55.1.
    weights
        A raster of counts, such as residents; its cells fit in the raster's, or the other way.
    method
        ``exact`` counts each cell by the share of it that lies in the area. ``blocks`` counts it
        whole if its middle does, for fine rasters, and says within which bounds the exact figure
        lies; the figures are ``approximate``.
    source
        What to call the source; by default the file's name.

    Raises
    ------
    ReadError
        As `geolyft.read.open_raster`; ``raster-crs`` when the CRS is not the areas',
        ``raster-overlap``, ``raster-statistic``, ``raster-weights``. All but the last before
        anything is computed.
    AreaError
        As `geolyft.frames.check_areas`; ``areas-overlap`` for areas that share ground.
    """
    check_apart(check_areas(areas))
    _check_request(statistic, limit, method, weighted=weights is not None)
    with ExitStack() as opened:
        values = opened.enter_context(open_raster(raster))
        check_place(values, areas)
        people = None
        if weights is not None:
            people = opened.enter_context(open_raster(weights))
            check_place(people, areas)
        cells = Cells(raster=values, weights=people, over=limit)
        sums = (exact_sums if method == "exact" else block_sums)(cells, areas)
        inside = _inside(values, areas)
        name = source or values.name
    figures = _figures(sums, statistic, 1.0 if people else cells.grid.cell_area)
    figures.insert(0, "area", [*areas.index, CITY])
    audit = _audit(sums, figures, inside, areas, cells.grid.cell_area).assign(method=method)
    key = {"period": period, "reference": period, "sex": EVERYONE, "indicator": indicator}
    status = _statuses(audit, figures["value"], method, min_coverage)
    observations = figures.assign(**key, status=status, source=name)
    return Zonal(observations=check_observations(observations), audit=audit[AUDIT_COLUMNS])


def _check_request(statistic: str, limit: float | None, method: str, *, weighted: bool) -> None:
    problem = None
    if statistic not in ("mean", "sum", "share_over"):
        problem = "is none of mean, sum and share_over"
    elif (limit is None) == (statistic == "share_over"):
        problem = "needs a limit" if limit is None else "takes no limit"
    elif weighted and statistic == "sum":
        problem = "takes no weights"
    elif method not in ("exact", "blocks"):
        problem = f"is asked for by method {method}, not exact or blocks"
    if problem:
        remedy = "give share_over with limit, mean, or sum without weights"
        raise ReadError("raster-statistic", f"statistic {statistic} {problem}", remedy=remedy)


def check_place(raster: Raster, areas: gpd.GeoDataFrame) -> None:
    """Refuse a raster in another CRS than the areas', beside all of them, or with odd values.

    Raises
    ------
    ReadError
        ``raster-crs``, ``raster-overlap`` or ``raster-nodata``.
    """
    if not same_crs(raster.crs, areas.crs):
        raise ReadError(
            "raster-crs",
            f"the raster's CRS is {raster.crs.to_string()}, the areas' is {areas.crs.to_string()}",
            remedy="warp the raster (gdalwarp -t_srs), or reproject the areas (to_crs)",
            where=raster.name,
        )
    on = shapely.intersects(shapely.box(*raster.grid.bounds), areas.geometry.to_numpy())
    if not on.any():
        what = f"none of {len(areas)} areas lies on the raster"
        remedy = "check the raster's extent and CRS (gdalinfo)"
        raise ReadError("raster-overlap", what, remedy=remedy, where=raster.name)
    check_undeclared(raster, raster.grid.window(tuple(areas.total_bounds)))


def _inside(raster: Raster, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return how many square metres of each area lie on the raster."""
    extent = shapely.box(*raster.grid.bounds)
    on = shapely.intersection(areas.geometry.to_numpy(), extent)
    return np.asarray(shapely.area(on), dtype=np.float64)


def _figures(sums: Sums, statistic: Statistic, unit: float) -> pd.DataFrame:
    """Return numerator, denominator, value, low and high per area, and of all areas together."""
    product, weight = (np.append(part, part.sum()) for part in (sums.product, sums.weight))
    if statistic == "sum":
        value, scale = np.where(np.append(sums.valid, sums.valid.sum()) > 0, product, np.nan), 1.0
        parts = {"numerator": value, "denominator": np.nan}
    else:
        scale = 100.0 if statistic == "share_over" else 1.0
        value = scale * np.divide(
            product, weight, out=np.full(product.shape, np.nan), where=weight > 0
        )
        known = weight > 0
        parts = {
            "numerator": np.where(known, product * unit, np.nan),
            "denominator": np.where(known, weight * unit, np.nan),
        }
    low = high = value
    if sums.borders is not None:
        bounds = [_bounds(each, statistic) for each in (*sums.borders, _together(sums.borders))]
        low, high = np.where(np.isnan(value), np.nan, scale * np.array(bounds).T)
    return pd.DataFrame({**parts, "value": value, "low": low, "high": high})


def _bounds(border: Border, statistic: Statistic) -> tuple[float, float]:
    return border.sum_bounds() if statistic == "sum" else border.mean_bounds()


def _together(borders: tuple[Border, ...]) -> Border:
    """Return all areas as one; a cell between two of them counts twice, so the bound is safe."""
    return Border(
        product=sum(each.product for each in borders),
        weight=sum(each.weight for each in borders),
        touched=np.concatenate([each.touched for each in borders]),
        weights=np.concatenate([each.weights for each in borders]),
    )


def _audit(
    sums: Sums, figures: pd.DataFrame, inside: np.ndarray, areas: gpd.GeoDataFrame, cell_area: float
) -> pd.DataFrame:
    size = areas.geometry.area.to_numpy()
    cells, whole, on = (np.append(each, each.sum()) for each in (sums.valid, size, inside))
    coverage = cells * cell_area / whole
    return figures[["area", "low", "high"]].assign(
        cells=cells,
        coverage=coverage,
        nodata=np.clip(on / whole - coverage, 0.0, 1.0).round(9),
        outside=np.clip(1 - on / whole, 0.0, 1.0).round(9),
    )


def _statuses(
    audit: pd.DataFrame, value: pd.Series[float], method: Method, min_coverage: float
) -> list[str]:
    blocks = "approximate" if method == "blocks" else ""
    return [
        "missing"
        if np.isnan(figure)
        else combine_status(blocks, "partial" if coverage < min_coverage - _SURE else "")
        for figure, coverage in zip(value, audit["coverage"], strict=True)
    ]

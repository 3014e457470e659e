"""Figures of areas from the cells of a raster."""

from geolyft.rasters.statistics import Zonal, zonal_statistics

__all__ = ["Zonal", "zonal_statistics"]

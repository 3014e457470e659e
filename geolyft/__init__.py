"""Small-area statistics to a city's own areas, an index, and maps that say how sure they are.

Each stage is a function; `run` is all of them in order.
"""

from importlib.metadata import version
from typing import Final

from geolyft.aggregate import aggregate
from geolyft.assign import assign_file
from geolyft.boundaries import load_areas
from geolyft.compare import compare, verify
from geolyft.composite import combine, contributions, fit_scales, score, weigh
from geolyft.config import Config, load_config
from geolyft.crosswalks import Crosswalk, identity_crosswalk, load_crosswalk
from geolyft.disclosure import Protection, protect
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.export.geotiff import write_geotiff
from geolyft.grid_counts import GridFigures, count_on_grid
from geolyft.indicators import Catalogue, load_catalogue
from geolyft.interpolate import crosswalk_by_area, crosswalk_by_raster, crosswalk_by_residents
from geolyft.join import assign_points, audit_points
from geolyft.move import move_totals
from geolyft.pipeline import check, publish, run
from geolyft.rasters import Zonal, zonal_statistics
from geolyft.read import RasterFile, read_layer, read_points, read_table
from geolyft.sensitivity import rank_ranges
from geolyft.totals import PointSums, sum_points

__version__: Final = version("geolyft")

__all__ = [
    "Catalogue",
    "Config",
    "Crosswalk",
    "GeolyftError",
    "GeolyftWarning",
    "GridFigures",
    "PointSums",
    "Protection",
    "RasterFile",
    "Zonal",
    "__version__",
    "aggregate",
    "assign_file",
    "assign_points",
    "audit_points",
    "check",
    "combine",
    "compare",
    "contributions",
    "count_on_grid",
    "crosswalk_by_area",
    "crosswalk_by_raster",
    "crosswalk_by_residents",
    "fit_scales",
    "identity_crosswalk",
    "load_areas",
    "load_catalogue",
    "load_config",
    "load_crosswalk",
    "move_totals",
    "protect",
    "publish",
    "rank_ranges",
    "read_layer",
    "read_points",
    "read_table",
    "run",
    "score",
    "sum_points",
    "verify",
    "weigh",
    "write_geotiff",
    "zonal_statistics",
]

"""Small-area statistics to a city's own areas, an index, and maps that say how sure they are.

Each stage is a function; `run` is all of them in order.
"""

from typing import TYPE_CHECKING, Final

from geolyft import moved as moved
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.optional import names_from

__version__ = "0.1.0"

if TYPE_CHECKING:
    from geolyft.action.access.measured import access
    from geolyft.assign import assign_file
    from geolyft.certainty.sensitivity import rank_ranges
    from geolyft.disclosure.own_rules.on_grid import GridFigures, count_on_grid
    from geolyft.disclosure.protect import Protection, protect
    from geolyft.divisions.areas import load_areas
    from geolyft.divisions.crosswalks import Crosswalk, identity_crosswalk, load_crosswalk
    from geolyft.divisions.gazetteer.finding import find_places
    from geolyft.export.geo.geotiff import write_geotiff
    from geolyft.index.combine import combine, contributions, weigh
    from geolyft.index.scales import fit_scales, score
    from geolyft.indicators.aggregate import aggregate
    from geolyft.indicators.catalogue import Catalogue, load_catalogue
    from geolyft.join.interpolate import (
        crosswalk_by_area,
        crosswalk_by_raster,
        crosswalk_by_residents,
    )
    from geolyft.join.point_sums import PointSums, sum_points
    from geolyft.join.points import assign_points, audit_points
    from geolyft.join.small_areas import move_totals
    from geolyft.move import move_file
    from geolyft.pipeline.compare import compare, verify
    from geolyft.pipeline.dry_run import check
    from geolyft.pipeline.from_counts import make_index
    from geolyft.pipeline.opened import Delivered, open  # noqa: A004 - as of other libraries
    from geolyft.pipeline.releases.areas import released_areas
    from geolyft.pipeline.releases.grids import release_grid
    from geolyft.pipeline.run import publish, run
    from geolyft.rasters.statistics import Zonal, zonal_statistics
    from geolyft.read import DatabaseTable, RasterFile, read_layer, read_points, read_table
    from geolyft.run_file.config import Config, load_config
    from geolyft.typed import CatalogueFile, RunFile

_find: Final = names_from(
    __name__,
    {
        "Catalogue": "indicators.catalogue",
        "CatalogueFile": "typed",
        "Config": "run_file.config",
        "Crosswalk": "divisions.crosswalks",
        "DatabaseTable": "read",
        "Delivered": "pipeline.opened",
        "GridFigures": "disclosure.own_rules.on_grid",
        "PointSums": "join.point_sums",
        "Protection": "disclosure.protect",
        "RasterFile": "read",
        "RunFile": "typed",
        "Zonal": "rasters.statistics",
        "access": "action.access.measured",
        "aggregate": "indicators.aggregate",
        "assign_file": "assign",
        "assign_points": "join.points",
        "audit_points": "join.points",
        "check": "pipeline.dry_run",
        "combine": "index.combine",
        "compare": "pipeline.compare",
        "contributions": "index.combine",
        "count_on_grid": "disclosure.own_rules.on_grid",
        "crosswalk_by_area": "join.interpolate",
        "crosswalk_by_raster": "join.interpolate",
        "crosswalk_by_residents": "join.interpolate",
        "find_places": "divisions.gazetteer.finding",
        "fit_scales": "index.scales",
        "identity_crosswalk": "divisions.crosswalks",
        "limits": "allowed",
        "load_areas": "divisions.areas",
        "load_catalogue": "indicators.catalogue",
        "load_config": "run_file.config",
        "load_crosswalk": "divisions.crosswalks",
        "make_index": "pipeline.from_counts",
        "move_file": "move",
        "move_totals": "join.small_areas",
        "open": "pipeline.opened",
        "protect": "disclosure.protect",
        "publish": "pipeline.run",
        "rank_ranges": "certainty.sensitivity",
        "read_layer": "read",
        "read_points": "read",
        "read_table": "read",
        "release_grid": "pipeline.releases.grids",
        "released_areas": "pipeline.releases.areas",
        "run": "pipeline.run",
        "score": "index.scales",
        "sum_points": "join.point_sums",
        "verify": "pipeline.compare",
        "weigh": "index.combine",
        "write_geotiff": "export.geo.geotiff",
        "zonal_statistics": "rasters.statistics",
    },
)


__getattr__ = _find


__all__ = [
    "Catalogue",
    "CatalogueFile",
    "Config",
    "Crosswalk",
    "DatabaseTable",
    "Delivered",
    "GeolyftError",
    "GeolyftWarning",
    "GridFigures",
    "PointSums",
    "Protection",
    "RasterFile",
    "RunFile",
    "Zonal",
    "__version__",
    "access",
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
    "find_places",
    "fit_scales",
    "identity_crosswalk",
    "limits",
    "load_areas",
    "load_catalogue",
    "load_config",
    "load_crosswalk",
    "make_index",
    "move_file",
    "move_totals",
    "open",
    "protect",
    "publish",
    "rank_ranges",
    "read_layer",
    "read_points",
    "read_table",
    "release_grid",
    "released_areas",
    "run",
    "score",
    "sum_points",
    "verify",
    "weigh",
    "write_geotiff",
    "zonal_statistics",
]

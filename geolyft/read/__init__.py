"""Files become tables of text codes and numbers; nothing else opens a data file for reading.

What a file leaves open is refused, with the way out, and what was found is said in
:class:`Understood`.
"""

from geolyft.read.formats.columns import NumberFile, open_numbers
from geolyft.read.formats.vector import read_layer
from geolyft.read.look import open_points
from geolyft.read.points import read_points
from geolyft.read.postgis.table import DatabaseTable
from geolyft.read.raster import (
    MOST_CELLS,
    Nodata,
    Raster,
    RasterFile,
    check_undeclared,
    open_raster,
    understand_raster,
)
from geolyft.read.stream import FileSeen, PointFile, seen_in
from geolyft.read.tables import read_table
from geolyft.read.understand.model import (
    SCB_MARKS,
    Layer,
    Meaning,
    Points,
    Table,
    TextOptions,
    Understood,
    rows_said,
    said_of,
)

__all__ = [
    "MOST_CELLS",
    "SCB_MARKS",
    "DatabaseTable",
    "FileSeen",
    "Layer",
    "Meaning",
    "Nodata",
    "NumberFile",
    "PointFile",
    "Points",
    "Raster",
    "RasterFile",
    "Table",
    "TextOptions",
    "Understood",
    "check_undeclared",
    "open_numbers",
    "open_points",
    "open_raster",
    "read_layer",
    "read_points",
    "read_table",
    "rows_said",
    "said_of",
    "seen_in",
    "understand_raster",
]

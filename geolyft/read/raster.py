"""A band of a GeoTIFF: what it says of itself is checked before a value is used."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from pyproj import CRS

from geolyft.alone import remarks
from geolyft.errors import ReadError
from geolyft.optional import optional
from geolyft.read.cell_grid import CellGrid, Window
from geolyft.read.understand.files import local_file, one_state, sha256_of
from geolyft.read.understand.limits import (
    FREE_RASTER,
    MOST_TILE,
    RASTER_OF_A_BYTE,
    check_size,
)
from geolyft.read.understand.model import Understood

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

Nodata = float | None | Literal["declared"]
"""The value of cells without data: what the file declares, a number, or None for no such cell."""


@dataclass(frozen=True, kw_only=True)
class RasterFile:
    """A file, and what has to be said of it.

    Parameters
    ----------
    band
        Counted from 1; needed when there are several.
    nodata
        What the file declares. A number declares it where the file does not, and None says that
        every cell is data.
    """

    path: str | os.PathLike[str]
    band: int | None = None
    nodata: Nodata = "declared"


MOST_CELLS: Final = 1 << 22
"""Cells that are held at a time: 32 MB for each number that is kept of a cell."""

_CACHE_MB: Final = 64
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LIKE_NODATA: Final = (-9999.0, -99999.0, -32768.0, -2147483648.0)
_HUGE: Final = 1e30


@dataclass(frozen=True, kw_only=True)
class Raster:
    """One band of an open raster.

    Parameters
    ----------
    nodata
        The value of cells without data; NaN and infinite values never are data.
    every
        Somebody has said that every other cell is data.
    """

    name: str
    grid: CellGrid
    crs: CRS
    band: int
    nodata: float | None
    every: bool
    dataset: Any

    def read(self, window: Window) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the values of a window that lies in the grid, and which of them are data."""
        row, column, rows, columns = window
        raw = self.dataset.read(self.band, window=((row, row + rows), (column, column + columns)))
        valid = np.ones(raw.shape, dtype=bool)
        if self.nodata is not None and not np.isnan(self.nodata):
            # Compared in the band's own type: -3.4e38 is not the same number in single and double.
            valid = raw != np.asarray(self.nodata).astype(raw.dtype)
        values = raw.astype(np.float64)
        if raw.dtype.kind == "f":
            valid &= np.isfinite(values)
        values[~valid] = 0.0
        return values, valid

    def as_held(self, number: float) -> float:
        """Return a number as the band holds it: in single precision 55.1 is a little less."""
        kind = np.dtype(self.dataset.dtypes[self.band - 1])
        if kind.kind != "f":
            return number
        with np.errstate(over="ignore"):  # what is too large for the band, no cell is over
            return float(np.asarray(number).astype(kind))


@contextmanager
def open_raster(source: str | os.PathLike[str] | RasterFile) -> Iterator[Raster]:
    """Open a band of a GeoTIFF in a metric CRS, north up, or refuse it.

    Raises
    ------
    ReadError
        As `geolyft.read.read_table` for the path; ``raster-format``, ``raster-band``,
        ``raster-crs``, ``raster-grid`` or ``raster-nodata``.
    """
    source = source if isinstance(source, RasterFile) else RasterFile(path=source)
    file = local_file(source.path)
    with file.open("rb") as opened:
        if opened.read(4) not in _TIFF:
            what = "is no TIFF by its first bytes"
            remedy = "give a GeoTIFF (gdal_translate makes one)"
            raise ReadError("raster-format", what, remedy=remedy, where=file.name)
    rasterio = optional("rasterio", "raster", file.name)
    with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
        try:
            with remarks():  # of a raster without a place; it is refused below
                dataset = rasterio.open(file, driver="GTiff")
        except rasterio.errors.RasterioError:
            what = "is damaged: it breaks off or is not what its first bytes promise"
            remedy = "get the file again"
            raise ReadError("raster-format", what, remedy=remedy, where=file.name) from None
        with dataset, one_state(file), _whole(rasterio, file.name):
            _check_size(dataset, file)
            number = _band(dataset, source.band, file.name)
            yield Raster(
                name=file.name,
                grid=_grid(dataset, file.name),
                crs=_crs(dataset, file.name),
                band=number,
                nodata=_nodata(dataset, number, source.nodata, file.name),
                every=source.nodata is None,
                dataset=dataset,
            )


def understand_raster(source: RasterFile) -> Understood:
    """Return what a raster was taken to be; its rows are its cells.

    Raises
    ------
    ReadError
        As `open_raster`.
    """
    with open_raster(source) as raster:
        cells = raster.grid.rows * raster.grid.columns
        columns, crs = (f"band {raster.band}",), raster.crs.to_string()
        file = local_file(source.path)
        digest = sha256_of(file, "geotiff")
    return Understood(
        path=file.name, kind="geotiff", rows=cells, columns=columns, sha256=digest, crs=crs
    )


@contextmanager
def _whole(rasterio: Any, where: str) -> Iterator[None]:  # noqa: ANN401 - an optional module
    try:
        yield
    except rasterio.errors.RasterioIOError:
        what = "is damaged: a part of it cannot be read"
        raise ReadError("raster-format", what, remedy="get the file again", where=where) from None


def check_undeclared(raster: Raster, window: Window) -> None:
    """Refuse values that stand for "no data" in a raster that does not declare them.

    Every cell of the window is read, and only where nobody has said what the cells without data
    hold.

    Raises
    ------
    ReadError
        ``raster-nodata``.
    """
    if raster.nodata is not None or raster.every:
        return
    kind = np.dtype(raster.dataset.dtypes[raster.band - 1])
    signs = [*_LIKE_NODATA, *([float(np.iinfo(kind).max)] if kind.kind in "iu" else [])]
    for strip in window.strips(MOST_CELLS):
        values, _ = raster.read(strip)
        odd = np.isin(values, signs) | (np.abs(values) > _HUGE)
        if odd.any():
            raise ReadError(
                "raster-nodata",
                f"declares no nodata value, and {int(odd.sum())} of the first {odd.size} cells "
                f"are {values[odd][0]:g}",
                remedy='say with nodata what cells without data hold, or "none" if all are data',
                where=raster.name,
            )


def _band(dataset: Any, band: int | None, where: str) -> int:  # noqa: ANN401 - untyped library
    number = 1 if band is None else band
    if (band is None and dataset.count > 1) or not 1 <= number <= dataset.count:
        named = "none is named" if band is None else f"number {band} is asked for"
        what = f"has {dataset.count} bands, and {named}"
        remedy = f"give band, from 1 to {dataset.count}"
        raise ReadError("raster-band", what, remedy=remedy, where=where)
    kind = dataset.dtypes[number - 1]
    packed = dataset.scales[number - 1] != 1 or dataset.offsets[number - 1] != 0
    if packed or np.dtype(kind).kind not in "iuf":
        raise ReadError(
            "raster-band",
            f"band {number} holds {kind}" + (" packed with a scale or an offset" if packed else ""),
            remedy="unpack it (gdal_translate -unscale -ot Float32)",
            where=where,
        )
    return number


def _check_size(dataset: Any, file: Path) -> None:  # noqa: ANN401 - untyped library
    cells, size = dataset.width * dataset.height, file.stat().st_size
    tile = max(high * wide for high, wide in dataset.block_shapes)
    check_size("cells", cells, max(FREE_RASTER, RASTER_OF_A_BYTE * size), where=file.name)
    check_size("cells in a tile", tile, MOST_TILE, where=file.name)


def _crs(dataset: Any, where: str) -> CRS:  # noqa: ANN401 - untyped library
    crs = CRS.from_wkt(dataset.crs.to_wkt()) if dataset.crs else None
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ReadError(
            "raster-crs",
            f"the raster's CRS is {crs.to_string() if crs else 'missing'}",
            remedy="write the right one into it (gdal_edit.py -a_srs), or warp it to the areas' "
            "metric CRS (gdalwarp -t_srs EPSG:3008)",
            where=where,
        )
    return crs


def _grid(dataset: Any, where: str) -> CellGrid:  # noqa: ANN401 - untyped library
    dx, turned, west, tilted, down, north = dataset.transform[:6]
    if turned or tilted or dx <= 0 or down >= 0:
        what = "the raster is rotated, mirrored, or has no place on the ground"
        raise ReadError("raster-grid", what, remedy="warp it north up (gdalwarp)", where=where)
    return CellGrid(
        west=west, north=north, dx=dx, dy=-down, rows=dataset.height, columns=dataset.width
    )


def _nodata(dataset: Any, band: int, stated: Nodata, where: str) -> float | None:  # noqa: ANN401
    declared = dataset.nodatavals[band - 1]
    masked = {"per_dataset", "alpha"} & {each.name for each in dataset.mask_flag_enums[band - 1]}
    contradicts = (
        stated != "declared"
        and declared is not None
        and not (stated is not None and np.array_equal(stated, declared, equal_nan=True))
    )
    if masked or contradicts:
        what = "has a mask or an alpha band" if masked else f"declares nodata {declared:g}"
        raise ReadError(
            "raster-nodata",
            what + ("" if masked else ", and the request says otherwise"),
            remedy="write one nodata value into it (gdal_translate -a_nodata)",
            where=where,
        )
    return declared if stated == "declared" else stated

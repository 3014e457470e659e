"""Figures on a grid as a Cloud Optimized GeoTIFF."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geolyft.errors import OutputError
from geolyft.export.aside import folder_aside
from geolyft.export.delivery import check_gdal_takes, check_place, writing
from geolyft.optional import optional
from geolyft.read.cell_grid import Window

if TYPE_CHECKING:
    from geolyft.disclosure.own_rules.on_grid import GridFigures

NODATA: Final = -9999.0
_TILE: Final = 128
_SMALLEST: Final = 64
"""Overviews go on until the longer side has no more cells than this."""


def write_geotiff(figures: GridFigures, path: str | os.PathLike[str]) -> Path:
    """Write figures on a grid as a Cloud Optimized GeoTIFF with overviews.

    An overview shows one cell of every four, never a mean of them: each figure in the file is one
    that was published. The same figures give the same bytes.

    Raises
    ------
    OutputError
        ``output-format`` for another ending than ``.tif``, ``format-extra`` without rasterio,
        ``output-write`` and ``output-occupied`` when it cannot be written there.
    """
    path = Path(path)
    _check(path)
    rasterio = needs_rasterio()
    with writing(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(path) as aside:
            draft = aside / path.name
            _write(rasterio, figures, draft)
            os.replace(draft, path)  # noqa: PTH105 - the one call that replaces at once everywhere
    return path


def needs_rasterio() -> Any:  # noqa: ANN401 - rasterio has no types
    """Import rasterio, or say how to install it.

    Raises
    ------
    OutputError
        ``format-extra``.
    """
    return optional(
        "rasterio",
        "raster",
        error=OutputError,
        code="format-extra",
        what="GeoTIFF needs the package rasterio",
    )


def _check(path: Path) -> None:
    if path.suffix.lower() not in (".tif", ".tiff"):
        raise OutputError(
            "output-format",
            f"ending {path.suffix or 'missing'} is not written",
            remedy="use .tif",
            where=path.name,
        )
    check_place(path)
    check_gdal_takes(path, where=path.name)
    if path.is_dir():
        raise OutputError(
            "output-occupied", "is a folder", remedy="choose another name", where=path.name
        )


def _write(rasterio: Any, figures: GridFigures, draft: Path) -> None:  # noqa: ANN401
    rows, columns = figures.values.shape
    levels = max(0, int(np.ceil(np.log2(max(rows, columns) / _SMALLEST))))
    whole = Window(0, 0, rows, columns)
    with rasterio.open(
        draft,
        "w",
        driver="COG",
        width=columns,
        height=rows,
        count=1,
        dtype="float32",
        crs=figures.crs.to_wkt(),
        transform=rasterio.Affine(*figures.grid.transform(whole)),
        nodata=NODATA,
        compress="DEFLATE",
        blocksize=_TILE,
        overview_count=levels,
        overview_resampling="NEAREST",
    ) as out:
        values = np.where(np.isnan(figures.values), NODATA, figures.values)
        out.write(values.astype(np.float32), 1)
        out.set_band_description(1, figures.indicator)
        out.update_tags(UNIT=figures.unit, PROTECTION=figures.protection)

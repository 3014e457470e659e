"""Rasters whose cells, place or kind are not what a run needs."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
from needs import module
from whole_files import EAST, NORTH

from bad_inputs.case import Bad, edited, writes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

rasterio = module("rasterio")


def rasters() -> Iterator[Bad]:
    """Yield every bad raster."""
    for name, (code, made) in RASTERS.items():
        yield Bad(f"noise.tif: {name}", code, _raster(**made))


_NOISE: Final = """\
[[source]]
name = "Buller"
file = "noise.tif"
kind = "raster"

[[source.measure]]
indicator = "A"
statistic = "share_over"
limit = 55
"""


def _with(said: str) -> str:
    return _NOISE.replace('kind = "raster"', f'kind = "raster"\n{said}')


def _raster(
    *, bands: int = 1, kind: str = "float32", said: str = _NOISE, content: bytes | None = None,
    at: tuple[float, ...] = (100, 0, EAST, 0, -100, NORTH + 2000),
    value: float = 40.0, **of: object,
) -> Spoil:  # fmt: skip
    """Let the run read a raster in place of its table."""

    def spoil(folder: Path) -> None:
        edited("run.toml", lambda text: text.partition("[[source]]")[0] + said)(folder)
        if content is not None:
            writes("noise.tif", content)(folder)
            return
        place = rasterio.Affine(*at)
        options = {"crs": "EPSG:3008", "transform": place, "nodata": -9999, **of}
        cells = np.full((bands, 20, 20), value).astype(kind)
        cells[:, :7] = 60
        shape = {"width": 20, "height": 20, "count": bands, "dtype": kind}
        with (
            warnings.catch_warnings(action="ignore"),
            rasterio.open(folder / "noise.tif", "w", driver="GTiff", **shape, **options) as written,
        ):
            written.write(cells)

    return spoil


RASTERS: Final[dict[str, tuple[str, dict[str, object]]]] = {
    "a text": ("raster-format", {"content": b"ncols 20\nnrows 20\n"}),
    "a picture": ("raster-format", {"content": b"\x89PNG\r\n\x1a\n"}),
    "a head and no more": ("raster-format", {"content": b"II*\0\x08\0\0\0"}),
    "no CRS": ("raster-crs", {"crs": None}),
    "degrees": ("raster-crs", {"crs": "EPSG:4326", "at": (0.001, 0, 13, 0, -0.001, 55.7)}),
    "another CRS than the areas": ("raster-crs", {"crs": "EPSG:3006"}),
    "no place": ("raster-grid", {"at": (1, 0, 0, 0, 1, 0)}),
    "rotated": ("raster-grid", {"at": (100, 20, EAST, 20, -100, NORTH + 2000)}),
    "south up": ("raster-grid", {"at": (100, 0, EAST, 0, 100, NORTH)}),
    "elsewhere": ("raster-overlap", {"at": (100, 0, EAST + 90_000, 0, -100, NORTH + 2000)}),
    "two bands and none named": ("raster-band", {"bands": 2}),
    "complex numbers": ("raster-band", {"kind": "complex64", "nodata": None}),
    "nodata that is not said": ("raster-nodata", {"nodata": None, "value": -9999.0}),
    "nodata said in two ways": ("raster-nodata", {
        "said": _with("raster = { nodata = 0 }")}),
    "a band that is not there": ("raster-band", {
        "said": _with("raster = { band = 3 }")}),
    "per cents above 100": ("raster-statistic", {
        "said": _NOISE.replace('"share_over"\nlimit = 55', '"mean"'), "value": 140.0}),
    "a share over nothing": ("run-form", {"said": _NOISE.replace("limit = 55\n", "")}),
    "a statistic nobody knows": ("run-form", {"said": _NOISE.replace("share_over", "median")}),
    "weights that are not there": ("run-path", {
        "said": _with('raster = { weights = "w.tif" }')}),
    "weights below 0": ("raster-weights", {
        "said": _with('protected_by = "x"\nraster = { weights = "noise.tif" }'),
        "value": -1.0}),
}  # fmt: skip

"""What a run file says of a raster's band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, FiniteFloat

from geolyft.form import Form
from geolyft.read import RasterFile

if TYPE_CHECKING:
    from pathlib import Path


class BandSettings(Form):
    """Which band of a GeoTIFF, and what its cells without data hold.

    Parameters
    ----------
    band, nodata
        As in `geolyft.read.RasterFile`; ``"none"``: every cell is data.

    Examples
    --------
    >>> BandSettings(nodata="none").nodata
    'none'
    """

    band: Annotated[int, Field(ge=1)] | None = None
    nodata: FiniteFloat | Literal["none", "declared"] = "declared"

    def of(self, path: Path) -> RasterFile:
        """Return a file with what is said of it."""
        nodata = None if self.nodata == "none" else self.nodata
        return RasterFile(path=path, band=self.band, nodata=nodata)

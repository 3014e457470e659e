"""What a run file says of what surrounds homes: a raster, such as noise, and a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FiniteFloat, StringConstraints

from geolyft.action.access.users import CountingSettings
from geolyft.indicators.catalogue import Direction, Language
from geolyft.rasters.band import BandSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNKNOWN: Final = "{code} unknown"
"""The count of those where the raster holds no value: of the city alone."""
_Unit = Annotated[str, StringConstraints(min_length=1, max_length=12, pattern=r"^[^\x00-\x1f{}]*$")]


class CellsSettings(BandSettings):
    """A GeoTIFF in the areas' CRS; relative to the run file."""

    file: str


class ExposureSettings(CountingSettings):
    """The run file's ``[[exposure]]``: how many live where a raster is above a limit.

    Parameters
    ----------
    raster
        What surrounds them: noise, green, light.
    limit
        In the raster's unit; a cell that holds the limit in the raster's own type is not above it.
    unit
        What readers see behind the limit: ``dB``.
    direction
        Which end is good: ``low`` for noise, ``high`` for green.
    publisher, licence
        Of the raster, for the list of sources.

    Examples
    --------
    >>> users = {"file": "b.csv", "who": "boende", "everyone": True}
    >>> of = {"raster": {"file": "b.tif"}, "limit": 55, "unit": "dB", "direction": "low"}
    >>> ExposureSettings(code="buller", name="Buller", users=users, **of).source
    'exposure buller'
    """

    raster: CellsSettings
    limit: FiniteFloat
    unit: _Unit
    direction: Direction
    publisher: str = ""
    licence: str = ""

    @property
    def source(self) -> str:
        """What its counts are called the source of."""
        return f"exposure {self.code}"

    def limit_in(self, lang: Language) -> str:
        """Return the limit with its unit, as it is written in a language."""
        number = f"{self.limit:g}"
        return f"{number.replace('.', ',') if lang == 'sv' else number} {self.unit}"

    @property
    def bases(self) -> Mapping[str, str]:
        """Every count, by its name: those without a value are among all users."""
        unknown = UNKNOWN.format(code=self.code)
        return {self.code: self.code, unknown: unknown}

    @property
    def nested(self) -> list[tuple[str, str]]:
        """Who has a value is one of the users."""
        return [(self.code, UNKNOWN.format(code=self.code))]

    @property
    def files(self) -> tuple[str, ...]:
        """The raster."""
        return (self.raster.file,)

    def how(self, files: Sequence[str]) -> dict[str, object]:
        """Return who is counted: another limit, or another raster, counts other people."""
        raster = self.raster.model_dump(mode="json", exclude={"file"})
        return {"users": self._whom, "limit": self.limit, "raster": {**raster, "file": [*files]}}

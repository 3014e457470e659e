"""What the tables of a run file may say, each checked by itself."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from geolyft.certainty.errors.correlation import DEFAULT_CORRELATION, Correlation
from geolyft.certainty.noise import Noise
from geolyft.divisions.areas import DIVISIONS, is_shipped
from geolyft.divisions.crosswalks import CROSSWALKS
from geolyft.errors import brief, nearest
from geolyft.form import Form
from geolyft.index.means import Aggregation
from geolyft.index.minimums import Minimums
from geolyft.index.normalise import incompatible
from geolyft.index.transforms import Normalisation
from geolyft.indicators.catalogue import Catalogue, Language
from geolyft.join.engine import EngineName
from geolyft.run_file.postgis import Line, TableSettings
from geolyft.run_file.sources import Period

Level = Annotated[str, StringConstraints(pattern=r"^[a-zåäö][a-z0-9åäö_]{0,19}$")]
# A level starts layer names; SQLite and GeoPackage keep some beginnings for themselves.
_RESERVED = ("sqlite", "gpkg", "rtree")


class Run(Form):
    """What the run is called, and which editions it makes.

    Parameters
    ----------
    title, city
        Shown to readers.
    periods
        Editions, oldest first.
    base_period
        The edition in which the city is 100; the first by default.
    carry
        For how many years an edition that is missing is filled with an earlier one, marked stale.
    earlier
        The folder of an earlier delivery, whose periods come before these as they were published.
    synthetic
        Whether the figures are made up; every output then says so.
    created
        The day that readers are told the pages were made.
    contact
        Whom readers are to ask: a function of the organisation, not a person.
    engine, scheduler
        Who counts points, see `geolyft.join.engine.open_engine`; no figure depends on it.
    """

    title: Line
    city: Line
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]
    base_period: Period = ""
    lang: Language = "sv"
    synthetic: bool = False
    carry: Annotated[int, Field(ge=0, le=10)] = 0
    crs: int | None = None
    earlier: str | None = None
    created: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    contact: Line | Literal[""] = ""
    engine: EngineName = "local"
    scheduler: str | None = None

    @model_validator(mode="after")
    def _has_its_base(self) -> Self:
        if list(self.periods) != sorted(set(self.periods)):
            raise ValueError("periods must be unique and in order, oldest first")
        # The periods of an earlier delivery are known when it is read.
        if self.base_period not in ("", *self.periods) and self.earlier is None:
            raise ValueError(f"base_period {brief(self.base_period)} is none of the periods")
        return self

    @property
    def base(self) -> str:
        """The base period, the first where none is named."""
        return self.base_period or self.periods[0]


class AreasSettings(Form):
    """Which division the result is for: a shipped one, or a file or table with its columns.

    `level` is what one area is called in layer names, such as ``geso`` or ``stadsdel``.
    """

    division: str | None = None
    file: str | None = None
    postgis: TableSettings | None = None
    layer: str | None = None
    code: str | None = None
    name: str | None = None
    crs: int | None = None
    level: Level | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        said = (self.division, self.file, self.postgis)
        if sum(each is not None for each in said) != 1:
            raise ValueError("give one of division (a shipped one), file and postgis")
        if self.division is not None and not is_shipped(self.division):
            meant = nearest(self.division, DIVISIONS)
            what = f"no division {brief(self.division)} is shipped{meant}"
            raise ValueError(f"{what}: use one of {', '.join(DIVISIONS)}, or give file")
        if self.division is None and not (self.code and self.name):
            raise ValueError("areas of your own need code and name: their columns")
        if self.division and (self.code or self.name or self.layer or self.crs):
            raise ValueError("code, name, layer and crs are for areas of your own")
        if self.level is not None and self.level.startswith(_RESERVED):
            raise ValueError(f"level may not start with {', '.join(_RESERVED)}")
        return self

    @property
    def word(self) -> str:
        """What one area is called in layer names."""
        if self.division is not None:
            return self.level or DIVISIONS[self.division].level
        return self.level or "omrade"


class IndexSettings(Form):
    """How the index is made.

    Parameters
    ----------
    catalogue
        Another catalogue than the shipped one: its file, or all that it would say.
    readings
        The owner's answers to the catalogue's questions.
    normalisation, aggregation
        See `geolyft.index.transforms.to_scores` and `geolyft.index.means.mean_of`.
    weights
        Dimension or indicator code to weight, see `geolyft.index.means.reweigh`.
    scales
        The folder of an earlier delivery whose scales are used, instead of fitting new ones.
    minimum_indicators, minimum_dimensions
        See `geolyft.index.combine.weigh`.
    """

    catalogue: str | Catalogue | None = None
    readings: dict[str, str] = Field(default_factory=dict)
    normalisation: Normalisation = "goalpost"
    aggregation: Aggregation = "arithmetic"
    weights: dict[str, float] = Field(default_factory=dict)
    scales: str | None = None
    minimum_indicators: Annotated[int, Field(ge=1)] | None = None
    minimum_dimensions: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        reason = incompatible(self.normalisation, self.aggregation)
        if reason:
            raise ValueError(reason)
        if self.scales and self.normalisation != "goalpost":
            raise ValueError("scales are kept for goalpost only")
        return self

    @property
    def minimums(self) -> Minimums:
        """How much of the catalogue the index needs."""
        return Minimums(indicators=self.minimum_indicators, dimensions=self.minimum_dimensions)

    @property
    def comparable(self) -> bool:
        """Whether the scores stand on the scale whose uncertainty and change are known."""
        return self.normalisation == "goalpost" and self.aggregation == "arithmetic"


class UncertaintySettings(Form):
    """How uncertainty is simulated, and how many areas count as the lowest.

    `noise` is added to the run's own rounding, and to geolyft's rule for approximate figures unless
    one of them says ``share_unit`` or ``base_change`` itself. `correlation` is what figures of the
    same people have in common.
    """

    draws: Annotated[int, Field(ge=100, le=20_000)] = 1000
    seed: int = 2030
    lowest: Annotated[int, Field(ge=1)] = 3
    noise: tuple[Noise, ...] = ()
    correlation: Correlation = DEFAULT_CORRELATION


class TargetSettings(Form):
    """The year by which areas are to be where the city is."""

    year: Annotated[int, Field(ge=1900, le=2200)] = 2030


class InsideSettings(Form):
    """The shipped division of small areas to look inside the areas with, and its crosswalk.

    Parameters
    ----------
    years
        How many editions its figures are of together.
    group
        Whether small areas whose figures are of a few are merged with their neighbours.
    """

    division: str
    crosswalk: str
    years: Annotated[int, Field(ge=1, le=10)] = 1
    group: bool = False

    @model_validator(mode="after")
    def _is_shipped(self) -> Self:
        ends = CROSSWALKS.get(self.crosswalk)
        if not is_shipped(self.division):
            what = f"no division {brief(self.division)} is shipped"
            meant = nearest(self.division, DIVISIONS)
            raise ValueError(f"{what}{meant}: use one of {', '.join(DIVISIONS)}")
        if ends is None or ends[0] != self.division:
            known = [name for name, (source, _) in CROSSWALKS.items() if source == self.division]
            what = f"no crosswalk {brief(self.crosswalk)} from {self.division} is shipped"
            raise ValueError(
                f"{what}{nearest(self.crosswalk, known)}: use one of {', '.join(known)}"
            )
        return self

"""Those who are counted beside the index: from which file, who they are, what protects them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from geolyft.form import Form
from geolyft.indicators.catalogue import Code
from geolyft.indicators.measures import Condition
from geolyft.rasters.band import BandSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=24, pattern=r"^[^\x00-\x1f\s{}][^\x00-\x1f{}]*$"),
]


class PointsSettings(Form):
    """A file of points.

    Parameters
    ----------
    file
        A table with the columns `x` and `y`, or a layer of points; relative to the run file.
    layer, x, y, crs
        See `geolyft.read_points`.
    """

    file: str
    layer: str | None = None
    x: str | None = None
    y: str | None = None
    crs: int | None = None


class UsersSettings(PointsSettings):
    """Those whom the places are for.

    Parameters
    ----------
    who
        What they are called: ``barn 0-5 år``, or ``adresser``.
    among
        The conditions that they meet, as in a measure of points. Persons without any are refused:
        who a place is for is seldom everyone.
    everyone
        That it is for everyone, where it is.
    persons
        Whether they are persons. Addresses are none, and need no protection.
    weight
        The column of how many each row stands for; by default one.
    protected_by
        Who has protected the numbers already.
    max_outside
        The share that may lie outside the areas.
    raster
        The file is a GeoTIFF of counts in the areas' CRS, such as residents: those of a cell stand
        at its middle, and all that it counts are users.
    """

    who: Label
    among: dict[str, Condition] = Field(default_factory=dict)
    everyone: bool = False
    persons: bool = True
    weight: str | None = None
    protected_by: str | None = None
    publisher: str = ""
    licence: str = ""
    max_outside: Annotated[float, Field(ge=0, le=1)] = 0.05
    raster: BandSettings | None = None

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.raster:
            alien = {
                "among",
                "everyone",
                "weight",
                "x",
                "y",
                "crs",
                "layer",
            } & self.model_fields_set
            if alien:
                raise ValueError(f"a raster of users has no {', '.join(sorted(alien))}")
        elif self.persons and self.everyone == bool(self.among):
            raise ValueError("say among, whose places they are, or everyone = true")
        return self


class CountingSettings(Form, ABC):
    """What counts users on areas beside the index: a kind of place, or what surrounds them.

    Parameters
    ----------
    code
        Of its columns and layers.
    name
        What readers see.
    """

    code: Code
    name: Label
    users: UsersSettings

    @property
    def is_open(self) -> bool:
        """Whether it counts persons whom nobody has protected yet."""
        return self.users.persons and not self.users.protected_by

    @property
    @abstractmethod
    def source(self) -> str:
        """What its counts are called the source of."""

    @property
    @abstractmethod
    def bases(self) -> Mapping[str, str]:
        """Every count, by its name, and which of them has the same base."""

    @property
    def nested(self) -> list[tuple[str, str]]:
        """Pairs of bases: who is of the first is of the second too."""
        return []

    @property
    @abstractmethod
    def files(self) -> tuple[str, ...]:
        """The files beside the users' that decide who is counted."""

    @abstractmethod
    def how(self, files: Sequence[str]) -> dict[str, object]:
        """Return who is counted, and how: another answer is another count of the same persons.

        Parameters
        ----------
        files
            What `files` are known by.
        """

    @property
    def _whom(self) -> dict[str, object]:
        said = self.users.model_dump(mode="json", include={"among", "everyone", "weight"})
        raster = self.users.raster
        return said if raster is None else {**said, "raster": raster.model_dump(mode="json")}

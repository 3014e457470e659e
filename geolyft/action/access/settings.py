"""What a run file says of access: who is to reach what, from which files, and within how far."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, StringConstraints, model_validator

from geolyft.action.access.network import SNAP
from geolyft.form import Form
from geolyft.indicators.catalogue import Code
from geolyft.indicators.measures import Condition

Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=24, pattern=r"^[^\x00-\x1f\s{}][^\x00-\x1f{}]*$"),
]


Part = Literal["skola", "arbete", "fritid", "motesplats"]
"""A part of life that a kind of place belongs to."""


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


class PlacesSettings(PointsSettings):
    """Places of one kind.

    Parameters
    ----------
    name
        The column with the places' names.
    capacity
        The column with what each can take, in its own unit.
    """

    name: str | None = None
    capacity: str | None = None


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

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.persons and self.everyone == bool(self.among):
            raise ValueError("say among, whose places they are, or everyone = true")
        return self


class NetworkSettings(Form):
    """The lines that users move along.

    Parameters
    ----------
    file, layer, crs
        See `geolyft.read_layer`; in metres.
    one_way
        The column that is true where a line leads from its first vertex to its last alone.
    snap
        Metres from the lines beyond which nobody reaches anything.
    """

    file: str
    layer: str | None = None
    crs: int | None = None
    one_way: str | None = None
    snap: PositiveFloat = SNAP


class SitingSettings(Form):
    """New places for the same users, beside those that there are.

    Parameters
    ----------
    new
        How many.
    goal
        ``distance``: the mean way to the nearest is shortest. ``covered``: most have one within.
    candidates
        Where they may be; by default addresses of the users' file, spread over the city.
    seconds
        How long the best may be searched for.
    """

    new: Annotated[int, Field(ge=1, le=20)]
    goal: Literal["distance", "covered"] = "distance"
    candidates: PointsSettings | None = None
    seconds: PositiveFloat = 60.0


class AccessSettings(Form):
    """The run file's ``[[access]]``: one kind of place and its own users.

    Parameters
    ----------
    code
        Of its columns and layers.
    name
        What a place of the kind is called: ``Förskola``.
    within
        Metres, itself included.
    part
        Which part of life the places belong to, for the table of what there is in each area.
    walk_kmh
        How fast somebody walks; without it nothing is said in minutes.

    Examples
    --------
    >>> said = {"code": "forskola", "name": "Förskola", "within": 500}
    >>> places, users = {"file": "a.csv"}, {"file": "b.csv", "who": "adresser", "persons": False}
    >>> AccessSettings(**said, places=places, users=users).is_open
    False
    """

    code: Code
    name: Label
    places: PlacesSettings
    users: UsersSettings
    within: PositiveFloat
    part: Part | None = None
    walk_kmh: Annotated[float, Field(gt=0, le=10)] | None = None
    network: NetworkSettings | None = None
    siting: SitingSettings | None = None

    @model_validator(mode="after")
    def _sites_in_straight_lines(self) -> Self:
        if self.siting and self.network:
            raise ValueError("new places are found in straight lines: leave network out, or siting")
        return self

    @property
    def is_open(self) -> bool:
        """Whether it counts persons whom nobody has protected yet."""
        return self.users.persons and not self.users.protected_by

    @property
    def source(self) -> str:
        """What its counts are called the source of."""
        return f"access {self.code}"

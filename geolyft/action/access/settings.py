"""What a run file says of access: who is to reach what, from which files, and within how far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field, PositiveFloat, model_validator

from geolyft.action.access.network import SNAP
from geolyft.action.access.users import CountingSettings, PointsSettings
from geolyft.form import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNREACHED: Final = "{code} unreached"
SITED: Final = "{code} sited"
"""The counts of those who reach no place at all, and get one near: of the city alone."""
Part = Literal["skola", "arbete", "fritid", "motesplats"]
"""A part of life that a kind of place belongs to."""


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


class AccessSettings(CountingSettings):
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

    places: PlacesSettings
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
    def source(self) -> str:
        """What its counts are called the source of."""
        return f"access {self.code}"

    @property
    def bases(self) -> Mapping[str, str]:
        """Every count, by its name: all are of the same users."""
        further = (each.format(code=self.code) for each in (UNREACHED, SITED))
        return dict.fromkeys((self.code, *further), self.code)

    @property
    def files(self) -> tuple[str, ...]:
        """The files of places and lines."""
        return tuple(each.file for each in (self.places, self.network) if each)

    def how(self, files: Sequence[str]) -> dict[str, object]:
        """Return who is counted: other places, or another limit, count other people."""
        network = self.network.model_dump(mode="json", exclude={"file"}) if self.network else None
        how = {"users": self._whom, "within": self.within, "network": network}
        return {**how, "places": list(files)}

"""What a run file asks of the delivery beside the usual files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from geolyft.divisions.background import BackgroundKind
from geolyft.errors import ConfigError
from geolyft.export.formats import FORMATS
from geolyft.export.formats.portal import Frequency
from geolyft.form import Form
from geolyft.run_file.postgis import Line, SchemaSettings

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]

if TYPE_CHECKING:
    FormatName = str
else:
    # The names are said once, where the writers are; pydantic checks them as if written here.
    FormatName = Literal[tuple(FORMATS)]

_AXES: Final = 2


class DeliverySettings(Form):
    """What else than the usual files a delivery holds.

    Parameters
    ----------
    formats
        The layers in other formats, for other programs.
    postgis
        A schema of a database that gets the layers and tables of the GeoPackage too.
    """

    formats: tuple[FormatName, ...] = ()
    postgis: SchemaSettings | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.formats)) < len(self.formats):
            raise ValueError("name each format once")
        return self


class BackgroundSettings(Form):
    """A layer of the city's own for readers to know where they are on the map.

    Parameters
    ----------
    file, layer
        A vector file, and its layer where it has several.
    kind
        What it shows, which is how it is drawn.
    label
        The column of names, if they are to be read; a place needs one.
    crs
        EPSG code of a file that says none.
    """

    file: Line
    kind: BackgroundKind
    layer: Line | None = None
    label: Line | None = None
    crs: int | None = None


class MapSettings(Form):
    """What is on the maps beside the areas, the lowest layer last."""

    background: tuple[BackgroundSettings, ...] = ()


class PortalSettings(Form):
    """How a data portal is told of the delivery, in DCAT-AP-SE.

    Parameters
    ----------
    address
        Where the delivery will lie on the web; every file is at the address and its path.
    publisher, publisher_uri
        Who publishes, and the address that stands for it everywhere, if it has one.
    contact, email
        Whom to ask: a function of the organisation, not a person.
    licence
        The licence's address.
    frequency
        How often the figures are renewed.
    place
        The place's address in GeoNames.
    issued
        The day on which the first delivery was published there; by default that of this one.
    """

    address: Address
    publisher: Line
    publisher_uri: Address | Literal[""] = ""
    contact: Line
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]
    licence: Address
    frequency: Frequency = "UNKNOWN"
    place: Address | Literal[""] = ""
    issued: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


class ReleasesSettings(Form):
    """Where the ledger of releases is: what the city has published of its registers, and when.

    Parameters
    ----------
    file
        An SQLite file beside the deliveries; it is made with the first release.
    """

    file: Line


def check_output_crs(epsg: int) -> None:
    """Refuse a CRS that layers cannot be written in: one that is unknown, or not of two axes.

    Raises
    ------
    ConfigError
        ``run-crs``.

    Examples
    --------
    >>> check_output_crs(3008)
    """
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        what = f"there is no CRS EPSG:{epsg}"
    else:
        if (crs.is_projected or crs.is_geographic) and len(crs.axis_info) == _AXES:
            return
        what = f"EPSG:{epsg} ({crs.name}) is no CRS of two axes on the map"
    raise ConfigError("run-crs", what, remedy="use one such as 3008 or 4326")

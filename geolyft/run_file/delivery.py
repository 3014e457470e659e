"""What a run file asks of the delivery beside the usual files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from geolyft.export.formats.portal.dcat import Contact, Frequency, Publisher, dcat_record
from geolyft.form import Form
from geolyft.run_file.sources import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.formats.portal.delivered import DeliveredFile
    from geolyft.export.publication import Publication

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]
Format = Literal["geoparquet", "flatgeobuf", "geojson", "excel", "webstyles", "pdf", "pictures"]


class DeliverySaid(Form):
    """What else than the usual files a delivery holds.

    Parameters
    ----------
    formats
        The layers in other formats, for other programs.
    """

    formats: tuple[Format, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.formats)) < len(self.formats):
            raise ValueError("name each format once")
        return self


class PortalSaid(Form):
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
    """

    address: Address
    publisher: Line
    publisher_uri: Address | Literal[""] = ""
    contact: Line
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]
    licence: Address
    frequency: Frequency = "UNKNOWN"
    place: Address | Literal[""] = ""

    def told(self, publication: Publication, files: Sequence[DeliveredFile]) -> str:
        """Return the record of a delivery's files, as JSON-LD."""
        return dcat_record(
            publication,
            files,
            address=self.address,
            publisher=Publisher(name=self.publisher, uri=self.publisher_uri),
            contact=Contact(name=self.contact, email=self.email),
            licence=self.licence,
            frequency=self.frequency,
            place=self.place,
        )

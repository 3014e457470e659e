"""How a publication becomes a delivery: a folder, a schema of a database, a portal's record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from geolyft.alone import own_texts
from geolyft.export.contents import Tell, write_contents
from geolyft.export.delivery import new_delivery
from geolyft.export.formats.portal.dcat import Contact, Publisher, dcat_record
from geolyft.export.postgis.schema import Schema, open_schema
from geolyft.join.engine import Progress, no_progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.publication import Publication
    from geolyft.run_file.config import Config


def schema_of(config: Config) -> Schema | None:
    """Return where in a database the run's delivery goes too, if anywhere."""
    said = config.delivery.postgis
    return Schema(connection=said.connection, name=said.schema_) if said else None


def portal_record(config: Config) -> Tell | None:
    """Return what writes the record for a data portal, where the run has one."""
    portal = config.portal
    if portal is None:
        return None
    return partial(
        dcat_record,
        address=portal.address,
        publisher=Publisher(name=portal.publisher, uri=portal.publisher_uri),
        contact=Contact(name=portal.contact, email=portal.email),
        licence=portal.licence,
        frequency=portal.frequency,
        place=portal.place,
        issued=portal.issued,
    )


@own_texts()
def deliver(
    publication: Publication,
    out: Path,
    *,
    crs: int | None = None,
    formats: Sequence[str] = (),
    schema: Schema | None = None,
    tell: Tell | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write a publication as a delivery, whole or not at all.

    A schema of a database is done a moment after the folder has its name.

    Raises
    ------
    OutputError
        See `geolyft.export.delivery.new_delivery`.
    """
    with open_schema(schema) as opened, new_delivery(out) as folder:
        write_contents(
            publication,
            folder,
            crs=crs,
            formats=formats,
            schema=opened,
            tell=tell,
            progress=lambda step, share: progress(step, 0.85 + 0.15 * share),
        )

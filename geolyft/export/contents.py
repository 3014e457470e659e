"""Every file of a delivery, written from one publication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from geolyft.export.delivery import write_manifest
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.themes import all_themes
from geolyft.export.formats import FORMATS
from geolyft.export.formats.for_excel import write_for_excel
from geolyft.export.formats.portal.delivered import DeliveredFile, delivered_files
from geolyft.export.formats.portal.rdfxml import rdf_xml
from geolyft.export.geo.geopackage import write_geopackage
from geolyft.export.geo.geotiff import write_geotiff
from geolyft.export.layers.build import all_layers
from geolyft.export.layers.tables import write_index, write_observations, write_tables
from geolyft.export.qgis.project import arrange, write_project
from geolyft.join.beside import beside

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.postgis.schema import OpenSchema
    from geolyft.export.publication import Publication

Progress = Callable[[str, float], None]
"""Told what comes next, and how much of the work is done (0 to 1)."""
Tell = Callable[["Publication", Sequence["DeliveredFile"]], str]
"""Makes a record of a delivery's files."""


def write_contents(
    publication: Publication,
    folder: Path,
    *,
    crs: int | None = None,
    formats: Sequence[str] = (),
    schema: OpenSchema | None = None,
    tell: Tell | None = None,
    progress: Progress = lambda _step, _share: None,
) -> None:
    """Write everything a delivery holds into an empty folder.

    Parameters
    ----------
    crs
        EPSG code of the layers; the areas' own by default.
    formats
        Names of ``FORMATS`` to write besides.
    schema
        Of a database, that gets the layers and tables too.
    tell
        Makes the record for a data portal from what was written.
    """
    # Held while all is written: every writer asks for it, and none works out a cell again.
    reader = reader_of(publication)
    for each in (reader, *reader.inner):
        _ = each.cells, each.neighbours  # before the work is shared out
    with beside(partial(_write_pages, publication, folder, formats)):
        progress("omradeslyft.gpkg", 0.0)
        layers = all_layers(publication, crs=crs)
        themes = all_themes(layers, publication)
        arranged = arrange(layers, themes, publication, reader.words)
        stored = [*layers, arranged.listed]
        write_geopackage(stored, themes, folder / "omradeslyft.gpkg", publication)
        shown = crs or publication.areas.crs.to_epsg()
        if shown is not None:
            write_project(arranged, folder / "omradeslyft.qgz", publication=publication, crs=shown)
        write_observations(publication, folder / "resultat.parquet")
        write_observations(publication, folder / "resultat.csv")
        write_index(publication, folder / "index.csv")
        write_for_excel(layers, folder, publication)
        write_tables(publication, folder / "tabeller")
        for name, surface in publication.surfaces.items():
            write_geotiff(surface, folder / name)
        progress("karta.html", 0.4)
    for name in formats:
        progress(name, 0.6)
        FORMATS[name].write(layers, folder, publication)
    if schema is not None:
        progress("postgis", 0.8)
        schema.write(layers, themes, publication)
    if tell is not None and shown is not None:
        record = tell(publication, delivered_files(folder, crs=shown))
        (folder / "dcat.jsonld").write_bytes(record.encode())
        (folder / "dcat.rdf").write_bytes(rdf_xml(record).encode())
    write_manifest(folder, publication.provenance)


def _write_pages(publication: Publication, folder: Path, formats: Sequence[str]) -> None:
    """Write what is read in a browser."""
    # Imported where they are used, which is in the other process.
    from geolyft.export.figures.stems import file_stems  # noqa: PLC0415
    from geolyft.export.formats.workbook.page import FILE  # noqa: PLC0415
    from geolyft.export.profile.page import write_profiles  # noqa: PLC0415
    from geolyft.export.report import write_report  # noqa: PLC0415
    from geolyft.export.web.page import Siblings, write_map  # noqa: PLC0415

    stems = file_stems(reader_of(publication).codes)
    beside_it = Siblings(profiles=stems, files=(FILE,) if "excel" in formats else ())
    write_map(publication, folder / "karta.html", siblings=beside_it)
    write_profiles(publication, folder)
    write_report(publication, folder / "rapport.html")
    for chapter in publication.chapters:
        for name, text in chapter.texts_of(publication).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(text.encode("utf-8"))

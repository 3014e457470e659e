"""What a layer is, from where and under which terms: for QGIS, and in Dublin Core for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.html.markup import written
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication, SourceNote

QGIS_STANDARD: Final = "http://mrcc.com/qgis.dtd"
"""The name under which QGIS finds its metadata in a GeoPackage."""
DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/"
_LANGUAGES: Final = {"sv": "SWE", "en": "ENG"}


def qgis_metadata(layer: Layer, publication: Publication) -> str:
    """Return a layer's metadata as QGIS keeps it in a GeoPackage."""
    root = Element("qgis", version="3.22.0")
    root.extend(metadata_elements(layer, publication))
    return written(root)


def dublin_core(layer: Layer | None, publication: Publication) -> str:
    """Return the same in the fifteen words of Dublin Core.

    Parameters
    ----------
    layer
        What is described; nothing for the whole, of which sources, licences and years are said.
    """
    if layer is None:
        said = [
            ("title", publication.title),
            ("language", publication.lang),
            ("type", "Collection"),
            *(("source", line) for line in lineage(publication)),
            *(("rights", licence) for licence in licences(publication)),
            *(("date", year) for year in reference_years(publication)),
        ]
    else:
        said = [
            ("identifier", layer.name),
            ("title", layer.title),
            ("description", layer.abstract),
            ("language", publication.lang),
            ("type", "Dataset"),
        ]
    root = Element("metadata", {"xmlns:dc": DUBLIN_CORE})
    for name, text in said:
        root.append(_text(f"dc:{name}", text))
    return written(root)


def metadata_elements(layer: Layer, publication: Publication) -> list[Element]:
    """Return title, abstract, sources, licences, years and lineage of a layer.

    In QGIS: the layer's properties, Metadata and Information.
    """
    made = [
        _text("identifier", layer.name),
        _text("language", _LANGUAGES[publication.lang]),
        _text("type", "dataset"),
        _text("title", layer.title),
        _text("abstract", layer.abstract),
        *(_text("history", line) for line in lineage(publication)),
        *(_text("license", licence) for licence in licences(publication)),
    ]
    years = reference_years(publication)
    if years:
        extent = Element("extent")
        period = SubElement(SubElement(extent, "temporal"), "period")
        period.append(_text("start", f"{years[0]}-01-01"))
        period.append(_text("end", f"{years[-1]}-12-31"))
        made.append(extent)
    return made


def lineage(publication: Publication) -> list[str]:
    """Return how the figures came to be: a line per source, then how they were made."""
    words = load_words(publication.lang)
    return [
        *(_of_source(source, publication) for source in publication.sources),
        words.say("metadata.made", city=publication.city, base=publication.base_period),
    ]


def licences(publication: Publication) -> list[str]:
    """Return each source's licence with its publisher, once."""
    said = {
        ": ".join(filter(None, [source.publisher or source.name, source.licence]))
        for source in publication.sources
        if source.licence
    }
    return sorted(said)


def reference_years(publication: Publication) -> list[str]:
    """Return the years the figures describe, oldest first; only those named by a year."""
    named = {year for source in publication.sources for year in source.references}
    return sorted(year for year in named if len(year) == len("2025") and year.isdecimal())


def _of_source(source: SourceNote, publication: Publication) -> str:
    words = load_words(publication.lang)

    def parts() -> Iterator[str]:
        yield ", ".join(filter(None, [source.name, source.publisher]))
        if source.references:
            yield words.say("html.source_years", years=", ".join(source.references))
        if source.indicators:
            yield words.say("html.source_used", indicators=", ".join(source.indicators))
        if source.note:
            yield source.note.rstrip(".")

    return ". ".join(part[:1].upper() + part[1:] for part in parts()) + "."


def _text(tag: str, text: str) -> Element:
    made = Element(tag)
    made.text = text
    return made

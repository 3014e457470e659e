"""The datasets of a delivery: one of all of it, and one of each thing that its files hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from geolyft.export.formats.portal.delivered import file_title
from geolyft.export.formats.portal.nodes import (
    EU,
    Node,
    address_of,
    iri,
    language_of,
    standard,
    text,
    value,
)
from geolyft.export.layers.metadata import lineage, reference_years
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.formats.portal import Frequency
    from geolyft.export.formats.portal.delivered import DeliveredFile
    from geolyft.export.publication import Publication

_THEMES: Final = ("SOCI", "REGI")
_YEAR: Final = re.compile(r"\d{4}")


def dataset_of_all(
    publication: Publication, base: str, agent: str, frequency: Frequency, place: str
) -> Node:
    """Return the dataset of the whole delivery, without its files."""
    node: Node = {
        "@id": f"{base}#datamangd",
        "@type": "dcat:Dataset",
        "dcterms:identifier": value(base),
        "dcterms:title": text(publication.title, publication),
        "dcterms:description": text(_description(publication), publication),
        "dcterms:publisher": {"@id": agent},
        "dcat:contactPoint": {"@id": f"{base}#kontakt"},
        "dcat:theme": [{"@id": f"{EU}/data-theme/{theme}"} for theme in _THEMES],
        "dcat:keyword": [text(word, publication) for word in _keywords(publication)],
        "dcterms:language": language_of(publication),
        "dcterms:accessRights": {"@id": f"{EU}/access-right/PUBLIC"},
        "dcterms:accrualPeriodicity": {"@id": f"{EU}/frequency/{frequency}"},
        "dcterms:spatial": _places(publication, place),
        "dcterms:provenance": {
            "@type": "dcterms:ProvenanceStatement",
            "dcterms:description": text("\n".join(lineage(publication)), publication),
        },
    }
    return node | _temporal(publication)


def with_parts(
    whole: Node, data: Sequence[DeliveredFile], publication: Publication, base: str
) -> list[Node]:
    """Return a dataset of all, and one for each thing that files hold, with its distributions."""
    files: dict[str, list[DeliveredFile]] = {"": []}
    for file in data:
        files.setdefault(file.dataset, []).append(file)
    datasets = [_part(whole, name, of, publication, base) for name, of in files.items() if name]
    parts = {"dcterms:hasPart": [{"@id": each["@id"]} for each in datasets]} if datasets else {}
    return [{**whole, **parts, **_distributed(files[""], base, _systems(data))}, *datasets]


def _part(
    whole: Node, name: str, files: Sequence[DeliveredFile], publication: Publication, base: str
) -> Node:
    words = load_words(publication.lang)
    common = {key: said for key, said in whole.items() if key != "foaf:page"}
    held = file_title(files[0].path, words, with_format=False)
    return {
        **common,
        "@id": f"{base}#datamangd/{quote(name)}",
        "dcterms:identifier": value(f"{base}#datamangd/{quote(name)}"),
        "dcterms:title": text(f"{publication.title}: {held}", publication),
        "dcterms:description": text(_description(publication, held), publication),
        "dcterms:isPartOf": {"@id": whole["@id"]},
        **_distributed(files, base, _systems(files)),
    }


def _distributed(files: Sequence[DeliveredFile], base: str, systems: Sequence[str]) -> Node:
    return {
        "dcterms:conformsTo": [standard(crs) for crs in systems],
        "dcat:distribution": [{"@id": address_of(file, base)} for file in files],
    }


def _description(publication: Publication, held: str = "") -> str:
    """Say what the data are and what to know of them; first of all, that they are invented."""
    words = load_words(publication.lang)
    city = publication.city
    meaning = words.say("html.meaning", city=city, base=publication.base_period)
    about = words.say(
        "formats.dataset_about", city=city, meaning=meaning, care=words.say("html.care")
    )
    banner = [words.say("html.synthetic") + "."] if publication.synthetic else []
    return "\n".join([*banner, *([f"{held}."] if held else []), about, *publication.warnings])


def _keywords(publication: Publication) -> list[str]:
    words = load_words(publication.lang)
    dimensions = [each.title(publication.lang) for each in publication.catalogue.dimensions]
    general = words.say("formats.keywords").split(", ")
    return list(dict.fromkeys([*general, *dimensions, publication.city]))


def _places(publication: Publication, place: str) -> list[Node]:
    west, south, east, north = publication.areas.to_crs(4326).total_bounds.round(5).tolist()
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    box = ",".join(f"{x} {y}" for x, y in corners)
    box_node: Node = {
        "@type": "dcterms:Location",
        "dcat:bbox": value(f"POLYGON(({box}))", "geosparql:wktLiteral"),
    }
    return [{"@id": iri(place), "@type": "dcterms:Location"}, box_node] if place else [box_node]


def _temporal(publication: Publication) -> Node:
    """Return the years the figures describe, or else those of the editions."""
    years = reference_years(publication)
    years = years or sorted(each for each in publication.periods if _YEAR.fullmatch(each))
    if not years:
        return {}
    period = {
        "@type": "dcterms:PeriodOfTime",
        "dcat:startDate": value(f"{years[0]}-01-01", "xsd:date"),
        "dcat:endDate": value(f"{years[-1]}-12-31", "xsd:date"),
    }
    return {"dcterms:temporal": period}


def _systems(files: Sequence[DeliveredFile]) -> list[str]:
    return sorted({file.crs for file in files if file.crs})

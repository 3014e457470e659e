"""A record of the delivery for data portals: DCAT-AP-SE 3.0.1, which Sveriges dataportal reads.

The record is JSON-LD and needs nothing from the net to be understood; `rdf_xml` says the same in
the notation the portal harvests. Everything a portal merges has an address of its own; nothing
names the time of writing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import quote

from geolyft.export.formats.portal.delivered import file_title, file_type
from geolyft.export.layers.metadata import lineage, reference_years
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.formats.portal import Frequency
    from geolyft.export.formats.portal.delivered import DeliveredFile
    from geolyft.export.publication import Publication

Node: TypeAlias = dict[str, Any]
"""A node of JSON-LD: ``@id``, ``@type`` and properties."""
PublisherKind = Literal[
    "LocalAuthority", "RegionalAuthority", "NationalAuthority", "NonProfitOrganisation", "Company"
]
PREFIXES: Final[Mapping[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Short names of the vocabularies."""
_EU: Final = "http://publications.europa.eu/resource/authority"
_IANA: Final = "https://www.iana.org/assignments/media-types"
# The profile demands it of every catalogue: the record is free, whatever the data are.
_CC0: Final = "http://creativecommons.org/publicdomain/zero/1.0/"
_THEMES: Final = ("SOCI", "REGI")
_LANGUAGES: Final = {"sv": "SWE", "en": "ENG"}
_BARE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR: Final = re.compile(r"\d{4}")
_UNSAID: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who publishes.

    Parameters
    ----------
    uri
        The address that stands for the publisher everywhere, such as
        ``http://id.kb.se/organisations/SE`` and the organisation's number; without it one is made
        for this record.
    """

    name: str
    uri: str = ""
    kind: PublisherKind = "LocalAuthority"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask; a function of the organisation, not a person."""

    name: str
    email: str


def dcat_record(
    publication: Publication,
    files: Sequence[DeliveredFile],
    *,
    address: str,
    publisher: Publisher,
    contact: Contact,
    licence: str,
    frequency: Frequency = "UNKNOWN",
    place: str = "",
) -> str:
    """Return the record as JSON-LD.

    Parameters
    ----------
    files
        What was delivered. Data become distributions, and pages the documentation; styles and
        projects are left out, because they are of no use alone.
    address
        Where the delivery is on the web, ``https://…``; every file is at the address and its path.
    licence
        The licence's address, such as ``http://creativecommons.org/publicdomain/zero/1.0/``.
    frequency
        How often the data are renewed, as the EU's list of frequencies names it.
    place
        The address of the place in GeoNames, such as ``http://sws.geonames.org/2661886``.
    """
    base = iri(address).rstrip("/") + "/"
    agent = iri(publisher.uri) if publisher.uri else f"{base}#utgivare"
    dataset = _dataset(publication, base, agent, frequency, place)
    data = [file for file in files if file.role == "data"]
    distributions = [_distribution(file, publication, base, iri(licence)) for file in data]
    pages = [base + quote(file.path) for file in files if file.role == "page"]
    dataset["foaf:page"] = [{"@id": page, "@type": "foaf:Document"} for page in pages]
    dataset["dcterms:conformsTo"] = [_standard(crs) for crs in _systems(files)]
    dataset["dcat:distribution"] = [{"@id": each["@id"]} for each in distributions]
    graph = [
        _catalog(publication, base, agent),
        dataset,
        _agent(publisher, agent),
        _contact(contact, base),
        *distributions,
    ]
    record = {"@context": dict(PREFIXES), "@graph": graph}
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def iri(text: str) -> str:
    """Return an address without the signs that addresses may not have.

    Examples
    --------
    >>> iri("https://example.org/å b/<x>")
    'https://example.org/%C3%A5%20b/%3Cx%3E'
    """
    return quote(_BARE.sub("%25", text), safe="%:/?#[]@!$&'()*+,;=~")


def _agent(publisher: Publisher, address: str) -> Node:
    return {
        "@id": address,
        "@type": "foaf:Agent",
        "foaf:name": _value(publisher.name),
        "dcterms:type": {"@id": f"http://purl.org/adms/publishertype/{publisher.kind}"},
    }


def _contact(contact: Contact, base: str) -> Node:
    return {
        "@id": f"{base}#kontakt",
        "@type": "vcard:Organization",
        "vcard:fn": _value(contact.name),
        "vcard:hasEmail": {"@id": f"mailto:{quote(contact.email, safe='@+')}"},
    }


def _catalog(publication: Publication, base: str, agent: str) -> Node:
    words, title = load_words(publication.lang), publication.title
    about = words.say("formats.catalog_about", title=title)
    node = {
        "@id": f"{base}#katalog",
        "@type": "dcat:Catalog",
        "dcterms:title": _text(words.say("formats.catalog", title=title), publication),
        "dcterms:description": _text(about, publication),
        "dcterms:publisher": {"@id": agent},
        "dcterms:license": {"@id": _CC0},
        "dcterms:language": _language(publication),
        "dcat:themeTaxonomy": {"@id": f"{_EU}/data-theme"},
        "dcat:dataset": {"@id": f"{base}#datamangd"},
    }
    return node | _modified(publication)


def _dataset(
    publication: Publication, base: str, agent: str, frequency: Frequency, place: str
) -> Node:
    node: Node = {
        "@id": f"{base}#datamangd",
        "@type": "dcat:Dataset",
        "dcterms:identifier": _value(base),
        "dcterms:title": _text(publication.title, publication),
        "dcterms:description": _text(_description(publication), publication),
        "dcterms:publisher": {"@id": agent},
        "dcat:contactPoint": {"@id": f"{base}#kontakt"},
        "dcat:theme": [{"@id": f"{_EU}/data-theme/{theme}"} for theme in _THEMES],
        "dcat:keyword": [_text(word, publication) for word in _keywords(publication)],
        "dcterms:language": _language(publication),
        "dcterms:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dcterms:accrualPeriodicity": {"@id": f"{_EU}/frequency/{frequency}"},
        "dcterms:spatial": _places(publication, place),
        "dcterms:provenance": {
            "@type": "dcterms:ProvenanceStatement",
            "dcterms:description": _text("\n".join(lineage(publication)), publication),
        },
    }
    return node | _temporal(publication) | _modified(publication)


def _description(publication: Publication) -> str:
    """Say what the data are and what to know of them; first of all, that they are invented."""
    words = load_words(publication.lang)
    city = publication.city
    meaning = words.say("html.meaning", city=city, base=publication.base_period)
    about = words.say(
        "formats.dataset_about", city=city, meaning=meaning, care=words.say("html.care")
    )
    banner = [words.say("html.synthetic") + "."] if publication.synthetic else []
    return "\n".join([*banner, about, *publication.warnings])


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
        "dcat:bbox": _value(f"POLYGON(({box}))", "geosparql:wktLiteral"),
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
        "dcat:startDate": _value(f"{years[0]}-01-01", "xsd:date"),
        "dcat:endDate": _value(f"{years[-1]}-12-31", "xsd:date"),
    }
    return {"dcterms:temporal": period}


def _modified(publication: Publication) -> Node:
    if not _DATE.fullmatch(publication.created):
        return {}
    return {"dcterms:modified": _value(publication.created, "xsd:date")}


def _distribution(file: DeliveredFile, publication: Publication, base: str, licence: str) -> Node:
    where = base + quote(file.path)
    words = load_words(publication.lang)
    node: Node = {
        "@id": f"{base}#fil/{quote(file.path)}",
        "@type": "dcat:Distribution",
        "dcterms:title": _text(file_title(file.path, words), publication),
        "dcat:accessURL": {"@id": where},
        "dcat:downloadURL": {"@id": where},
        **_type(file.path),
        "dcterms:license": {"@id": licence},
        "dcterms:language": _language(publication),
        "dcat:byteSize": _value(str(file.size), "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": f"{PREFIXES['spdx']}checksumAlgorithm_sha256"},
            "spdx:checksumValue": _value(file.sha256, "xsd:hexBinary"),
        },
    }
    return node | ({"dcterms:conformsTo": _standard(file.crs)} if file.crs else {})


def _type(path: str) -> Node:
    listed, media = file_type(path)
    if not listed:
        # The Swedish profile takes a media type as text where no list has the format.
        return {"dcterms:format": _value(media)}
    return {
        "dcterms:format": {"@id": f"{_EU}/file-type/{listed}"},
        "dcat:mediaType": {"@id": f"{_IANA}/{media}"},
    }


def _systems(files: Sequence[DeliveredFile]) -> list[str]:
    return sorted({file.crs for file in files if file.crs})


def _standard(address: str) -> Node:
    return {"@id": address, "@type": "dcterms:Standard"}


def _language(publication: Publication) -> Node:
    return {"@id": f"{_EU}/language/{_LANGUAGES[publication.lang]}"}


def _text(text: str, publication: Publication) -> Node:
    return {"@value": _UNSAID.sub("", text), "@language": publication.lang}


def _value(text: str, kind: str = "") -> Node:
    return {"@value": _UNSAID.sub("", text), **({"@type": kind} if kind else {})}

"""A record of the delivery for data portals: DCAT-AP-SE 3.0.1, which Sveriges dataportal reads.

The record is JSON-LD and needs nothing from the net to be understood; `rdf_xml` says the same in
the notation the portal harvests. Everything a portal merges has an address of its own; nothing
names the time of writing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote

from geolyft.export.formats.portal.datasets import dataset_of_all, with_parts
from geolyft.export.formats.portal.delivered import file_title, file_type
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
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.formats.portal import Frequency
    from geolyft.export.formats.portal.delivered import DeliveredFile
    from geolyft.export.publication import Publication

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
_IANA: Final = "https://www.iana.org/assignments/media-types"
# The profile demands it of every catalogue: the record is free, whatever the data are.
_CC0: Final = "http://creativecommons.org/publicdomain/zero/1.0/"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    issued: str = "",
) -> str:
    """Return the record as JSON-LD.

    Parameters
    ----------
    files
        What was delivered. Files that hold the same are distributions of one dataset, each of
        them a part of the whole, and pages are the documentation; styles and projects are left
        out, because they are of no use alone.
    address
        Where the delivery is on the web, ``https://…``; every file is at the address and its path.
    licence
        The licence's address, such as ``http://creativecommons.org/publicdomain/zero/1.0/``.
    frequency
        How often the data are renewed, as the EU's list of frequencies names it.
    place
        The address of the place in GeoNames, such as ``http://sws.geonames.org/2661886``.
    issued
        The day on which the data were first published; by default that on which they were made.
    """
    base = iri(address).rstrip("/") + "/"
    agent = iri(publisher.uri) if publisher.uri else f"{base}#utgivare"
    data = [file for file in files if file.role == "data"]
    dates = _dates(publication, issued)
    whole = dataset_of_all(publication, base, agent, frequency, place) | dates
    pages = [base + quote(file.path) for file in files if file.role == "page"]
    whole["foaf:page"] = [{"@id": page, "@type": "foaf:Document"} for page in pages]
    datasets = with_parts(whole, data, publication, base)
    graph = [
        _catalog(publication, base, agent) | dates,
        *datasets,
        _agent(publisher, agent),
        _contact(contact, base),
        *(_distribution(file, publication, base, iri(licence)) | dates for file in data),
    ]
    graph[0]["dcat:dataset"] = [{"@id": each["@id"]} for each in datasets]
    record = {"@context": dict(PREFIXES), "@graph": graph}
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _agent(publisher: Publisher, address: str) -> Node:
    return {
        "@id": address,
        "@type": "foaf:Agent",
        "foaf:name": value(publisher.name),
        "dcterms:type": {"@id": f"http://purl.org/adms/publishertype/{publisher.kind}"},
    }


def _contact(contact: Contact, base: str) -> Node:
    return {
        "@id": f"{base}#kontakt",
        "@type": "vcard:Organization",
        "vcard:fn": value(contact.name),
        "vcard:hasEmail": {"@id": f"mailto:{quote(contact.email, safe='@+')}"},
    }


def _catalog(publication: Publication, base: str, agent: str) -> Node:
    words, title = load_words(publication.lang), publication.title
    about = words.say("formats.catalog_about", title=title)
    return {
        "@id": f"{base}#katalog",
        "@type": "dcat:Catalog",
        "dcterms:title": text(words.say("formats.catalog", title=title), publication),
        "dcterms:description": text(about, publication),
        "dcterms:publisher": {"@id": agent},
        "dcterms:license": {"@id": _CC0},
        "dcterms:language": language_of(publication),
        "dcat:themeTaxonomy": {"@id": f"{EU}/data-theme"},
    }


def _dates(publication: Publication, issued: str) -> Node:
    """Return when the data were published and changed, as far as somebody has said it."""
    said = {
        "dcterms:issued": issued or publication.created,
        "dcterms:modified": publication.created,
    }
    return {key: value(day, "xsd:date") for key, day in said.items() if _DATE.fullmatch(day)}


def _distribution(file: DeliveredFile, publication: Publication, base: str, licence: str) -> Node:
    where = base + quote(file.path)
    words = load_words(publication.lang)
    node: Node = {
        "@id": address_of(file, base),
        "@type": "dcat:Distribution",
        "dcterms:title": text(file_title(file.path, words), publication),
        "dcat:accessURL": {"@id": where},
        "dcat:downloadURL": {"@id": where},
        **_type(file.path),
        "dcterms:license": {"@id": licence},
        "dcterms:language": language_of(publication),
        "dcat:byteSize": value(str(file.size), "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": f"{PREFIXES['spdx']}checksumAlgorithm_sha256"},
            "spdx:checksumValue": value(file.sha256, "xsd:hexBinary"),
        },
    }
    return node | ({"dcterms:conformsTo": standard(file.crs)} if file.crs else {})


def _type(path: str) -> Node:
    listed, media = file_type(path)
    if not listed:
        # The Swedish profile takes a media type as text where no list has the format.
        return {"dcterms:format": value(media)}
    return {
        "dcterms:format": {"@id": f"{EU}/file-type/{listed}"},
        "dcat:mediaType": {"@id": f"{_IANA}/{media}"},
    }

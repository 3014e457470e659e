"""A data portal finds in the record what its profile demands, and the files that were delivered."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import needs
import pytest
from web_publication import publish

from geolyft.export.formats.portal.dcat import Contact, Publisher, dcat_record
from geolyft.export.formats.portal.delivered import DeliveredFile, delivered_files
from geolyft.export.formats.portal.rdfxml import rdf_xml
from geolyft.export.layers.tables import SYNTHETIC

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

needs.require(["rdflib"])
from rdflib import BNode, Graph, Literal, URIRef  # noqa: E402 - a file that needs it as a whole
from rdflib.compare import isomorphic  # noqa: E402
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace  # noqa: E402

pytestmark = [
    pytest.mark.needs("rdflib"),
    # rdflib's own reader of JSON-LD uses what rdflib itself has deprecated.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority"
ADDRESS = "https://data.example.org/omradeslyft/2024"
CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
HOSTILE = '</rdf:RDF>"}], {"@id": "x"} <script>&amp; å ä ö'
FILES = [
    DeliveredFile(
        path="omradeslyft.gpkg",
        size=397_312,
        sha256="ab" * 32,
        crs="http://www.opengis.net/def/crs/EPSG/0/3008",
    ),
    DeliveredFile(path="index.csv", size=2_980, sha256="cd" * 32),
    DeliveredFile(
        path="geojson/geso_index.geojson",
        size=10,
        sha256="ef" * 32,
        crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ),
]
# What DCAT-AP-SE 3.0.1 makes mandatory, and what it would have wherever it is known.
MANDATORY = {
    DCAT.Catalog: [
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.publisher,
        DCTERMS.license,
        DCAT.dataset,
    ],
    DCAT.Dataset: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher],
    DCAT.Distribution: [DCAT.accessURL],
    FOAF.Agent: [FOAF.name, DCTERMS.type],
    VCARD.Organization: [VCARD.fn, VCARD.hasEmail],
}
RECOMMENDED = {
    DCAT.Catalog: [DCTERMS.language, DCTERMS.modified, DCAT.themeTaxonomy],
    DCAT.Dataset: [
        DCAT.contactPoint,
        DCAT.distribution,
        DCAT.keyword,
        DCAT.theme,
        DCTERMS.accessRights,
        DCTERMS.accrualPeriodicity,
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.language,
        DCTERMS.provenance,
        DCTERMS.spatial,
        DCTERMS.temporal,
    ],
    DCAT.Distribution: [
        DCTERMS.title,
        DCTERMS["format"],
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.license,
        DCAT.downloadURL,
        DCAT.byteSize,
        SPDX.checksum,
    ],
}


def record(publication: Publication | None = None, **changes: object) -> str:
    said = {
        "address": ADDRESS,
        "publisher": Publisher(name="Malmö stad"),
        "contact": Contact(name="Öppna data", email="data@example.org"),
        "licence": CC_BY,
    }
    return dcat_record(publication or publish(), changes.pop("files", FILES), **{**said, **changes})


def graph(text: str | None = None) -> Graph:
    return Graph().parse(data=text or record(), format="json-ld")


def one(found: Graph, kind: URIRef) -> URIRef:
    (node,) = found.subjects(RDF.type, kind)
    return node


def whole(found: Graph) -> URIRef:
    """Return the dataset that the others are parts of."""
    (node,) = set(found.subjects(RDF.type, DCAT.Dataset)) - set(
        found.objects(None, DCTERMS.hasPart)
    )
    return node


def distribution(found: Graph, path: str) -> URIRef:
    (node,) = found.subjects(DCAT.downloadURL, URIRef(f"{ADDRESS}/{path}"))
    return node


@pytest.mark.parametrize("demanded", [MANDATORY, RECOMMENDED], ids=["mandatory", "recommended"])
def test_nothing_that_the_profile_asks_for_is_left_out(
    demanded: dict[URIRef, list[URIRef]],
) -> None:
    found = graph()
    for kind, properties in demanded.items():
        nodes = list(found.subjects(RDF.type, kind))
        assert nodes, kind
        for node in nodes:
            for each in properties:
                assert list(found.objects(node, each)), (node, each)


@pytest.mark.parametrize("kind", MANDATORY)
def test_what_a_portal_merges_has_an_absolute_address(kind: URIRef) -> None:
    found = graph()
    for node in found.subjects(RDF.type, kind):
        assert not isinstance(node, BNode)
    for term in {term for triple in found for term in triple if isinstance(term, URIRef)}:
        assert urlsplit(term).scheme in ("http", "https", "mailto"), term


def test_everything_hangs_together() -> None:
    found = graph()
    datasets, catalog = set(found.subjects(RDF.type, DCAT.Dataset)), one(found, DCAT.Catalog)
    assert set(found.objects(catalog, DCAT.dataset)) == datasets
    agent = one(found, FOAF.Agent)
    assert set(found.subjects(DCTERMS.publisher, agent)) == {*datasets, catalog}
    assert set(found.objects(None, DCAT.contactPoint)) == {one(found, VCARD.Organization)}
    parts = datasets - {whole(found)}
    assert set(found.objects(whole(found), DCTERMS.hasPart)) == parts
    assert set(found.subjects(DCTERMS.isPartOf, whole(found))) == parts
    listed = list(found.objects(None, DCAT.distribution))
    assert {*listed} == set(found.subjects(RDF.type, DCAT.Distribution))
    assert len(listed) == len(FILES)  # each of one dataset


def test_distributions_of_a_dataset_are_the_same_data_in_other_formats() -> None:
    same = [
        ("omradeslyft.gpkg",),
        ("omradeslyft.xlsx",),
        ("index.csv", "index_excel.csv"),
        ("resultat.csv", "resultat.parquet", "resultat_excel.csv"),
        ("tabeller/bidrag.csv",),
        ("tabeller/fickor.csv",),
        ("geojson/a.geojson", "geoparquet/a.parquet", "flatgeobuf/a.fgb"),
        ("geojson/b.geojson", "geoparquet/b.parquet", "flatgeobuf/b.fgb"),
    ]
    paths = [path for each in same for path in each]
    files = [DeliveredFile(path=path, size=1, sha256="00" * 32) for path in paths]
    found = graph(record(files=files))
    of = [
        {str(found.value(each, DCAT.downloadURL)).removeprefix(f"{ADDRESS}/") for each in listed}
        for listed in (
            found.objects(dataset, DCAT.distribution)
            for dataset in found.subjects(RDF.type, DCAT.Dataset)
        )
    ]
    assert sorted(map(sorted, of)) == sorted(map(sorted, same))
    titles = [
        str(found.value(each, DCTERMS.title)) for each in found.subjects(RDF.type, DCAT.Dataset)
    ]
    assert len({*titles}) == len(same)
    assert f"{publish().title}: Tabell bakom indexet: bidrag" in titles


def test_issued_is_the_first_day_and_modified_that_of_the_run() -> None:
    for said, issued in (({}, publish().created), ({"issued": "2020-02-03"}, "2020-02-03")):
        found = graph(record(**said))
        assert {str(day) for day in found.objects(None, DCTERMS.issued)} == {issued}
        assert {str(day) for day in found.objects(None, DCTERMS.modified)} == {publish().created}


def test_the_notation_the_portal_harvests_says_the_same() -> None:
    text = record()
    harvested = Graph().parse(data=rdf_xml(text), format="xml")
    assert isomorphic(graph(text), harvested)


def test_a_file_is_where_it_is_and_what_it_is() -> None:
    found = graph()
    geopackage = distribution(found, "omradeslyft.gpkg")
    assert found.value(geopackage, DCAT.accessURL) == URIRef(f"{ADDRESS}/omradeslyft.gpkg")
    assert found.value(geopackage, DCTERMS["format"]) == URIRef(f"{EU}/file-type/GPKG")
    assert str(found.value(geopackage, DCAT.mediaType)).endswith("/application/geopackage+sqlite3")
    assert found.value(geopackage, DCTERMS.license) == URIRef(CC_BY)
    size = found.value(geopackage, DCAT.byteSize)
    assert size == Literal("397312", datatype=XSD.nonNegativeInteger)
    checksum = found.value(geopackage, SPDX.checksum)
    assert found.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(found.value(checksum, SPDX.checksumValue)) == "ab" * 32


def test_pages_are_documentation_and_what_helps_only_beside_the_data_is_left_out() -> None:
    more = ["karta.html", "omraden/1.html", "omradeslyft.qgz", "webbstilar/origo.json", "a.png"]
    files = [*FILES, *(DeliveredFile(path=path, size=1, sha256="00" * 32) for path in more)]
    found = graph(record(files=files))
    dataset = whole(found)
    assert len(set(found.objects(None, DCAT.distribution))) == len(FILES)
    pages = set(found.objects(dataset, FOAF.page))
    assert pages == {URIRef(f"{ADDRESS}/{page}") for page in ("karta.html", "omraden/1.html")}


def test_geodata_say_their_crs_and_tables_none() -> None:
    found = graph()
    conforms = {
        file.path: [str(each) for each in found.objects(distribution(found, file.path), None)
                    if "/def/crs/" in str(each)]
        for file in FILES
    }  # fmt: skip
    assert conforms == {file.path: [file.crs] if file.crs else [] for file in FILES}
    systems = set(found.objects(whole(found), DCTERMS.conformsTo))
    assert systems == {URIRef(file.crs) for file in FILES if file.crs}


def test_a_format_that_no_list_has_is_a_media_type() -> None:
    found = graph(record(files=[DeliveredFile(path="a.fgb", size=1, sha256="00" * 32)]))
    node = distribution(found, "a.fgb")
    assert found.value(node, DCTERMS["format"]) == Literal("application/flatgeobuf")
    assert found.value(node, DCAT.mediaType) is None


def test_the_record_is_free_whatever_the_data_are() -> None:
    found = graph()
    assert found.value(one(found, DCAT.Catalog), DCTERMS.license) == URIRef(CC0)


def test_where_and_when() -> None:
    found = graph()
    dataset = whole(found)
    place = found.value(dataset, DCTERMS.spatial)
    box = found.value(place, DCAT.bbox)
    assert box.datatype == URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
    assert str(box).startswith("POLYGON((12.9926 55.56277,")
    period = found.value(dataset, DCTERMS.temporal)
    # The years the figures describe, not the editions 2022 and 2024.
    assert found.value(period, DCAT.startDate) == Literal("2022-01-01", datatype=XSD.date)
    assert found.value(period, DCAT.endDate) == Literal("2022-12-31", datatype=XSD.date)


def test_without_years_of_the_sources_the_editions_are_the_years() -> None:
    publication = publish()
    sources = tuple(replace(source, references=()) for source in publication.sources)
    found = graph(record(replace(publication, sources=sources)))
    period = found.value(whole(found), DCTERMS.temporal)
    assert str(found.value(period, DCAT.endDate)) == "2024-12-31"
    nameless = replace(publication, sources=sources, periods=("v1",))
    found = graph(record(nameless))
    assert found.value(whole(found), DCTERMS.temporal) is None


def test_what_only_the_publisher_knows_is_said() -> None:
    found = graph(
        record(
            publisher=Publisher(name="Malmö stad", uri="http://id.kb.se/organisations/SE0"),
            frequency="BIENNIAL",
            place="http://sws.geonames.org/2661886",
        )
    )
    dataset = whole(found)
    assert one(found, FOAF.Agent) == URIRef("http://id.kb.se/organisations/SE0")
    assert found.value(dataset, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/BIENNIAL")
    assert URIRef("http://sws.geonames.org/2661886") in set(found.objects(dataset, DCTERMS.spatial))


def test_what_is_not_said_is_unknown() -> None:
    found = graph(record(replace(publish(), created="")))
    dataset = whole(found)
    assert found.value(dataset, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/UNKNOWN")
    assert not [*found.objects(None, DCTERMS.modified), *found.objects(None, DCTERMS.issued)]


@pytest.mark.parametrize(("lang", "code"), [("sv", "SWE"), ("en", "ENG")])
def test_texts_are_in_the_language_of_the_run(lang: str, code: str) -> None:
    found = graph(record(publish(lang=lang)))
    dataset = whole(found)
    assert found.value(dataset, DCTERMS.language) == URIRef(f"{EU}/language/{code}")
    texts = [each for each in found.objects(dataset) if isinstance(each, Literal) and each.language]
    assert {text.language for text in texts} == {lang}


def test_where_figures_come_from_and_what_to_know_of_them() -> None:
    found = graph()
    dataset = whole(found)
    provenance = found.value(dataset, DCTERMS.provenance)
    assert "Valmyndigheten" in str(found.value(provenance, DCTERMS.description))
    description = str(found.value(dataset, DCTERMS.description))
    assert "100 är Malmö 2022" in description
    assert "U1: ordet ”lägst” är inte avgjort." in description


def test_invented_figures_are_said_to_be_so_first() -> None:
    found = graph(record(publish(synthetic=True)))
    assert str(found.value(whole(found), DCTERMS.description)).startswith(SYNTHETIC)


def test_hostile_texts_stay_texts() -> None:
    publication = replace(publish(city=HOSTILE), title=HOSTILE + "\x07")
    text = record(
        publication,
        publisher=Publisher(name=HOSTILE),
        contact=Contact(name=HOSTILE, email='"><x>@example.org'),
        files=[DeliveredFile(path=f"å {'<>'}.csv", size=1, sha256="00" * 32)],
    )
    found = graph(text)
    assert str(found.value(whole(found), DCTERMS.title)) == HOSTILE
    assert found.value(one(found, FOAF.Agent), FOAF.name) == Literal(HOSTILE)
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == 2
    assert isomorphic(found, Graph().parse(data=rdf_xml(text), format="xml"))
    for term in {term for triple in found for term in triple if isinstance(term, URIRef)}:
        assert not set(term).intersection('<>" {}|\\^`å')


def test_the_record_needs_nothing_from_the_net() -> None:
    context = json.loads(record())["@context"]
    assert isinstance(context, dict)


def test_the_same_delivery_has_the_same_record() -> None:
    assert record() == record()
    assert rdf_xml(record()) == rdf_xml(record())


def test_the_files_of_a_folder_are_described(tmp_path: Path) -> None:
    for path in ("omradeslyft.gpkg", "geojson/a.geojson", "geoparquet/a.parquet", "index.csv"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"12345")
    files = {file.path: file for file in delivered_files(tmp_path, crs=3006)}
    assert list(files) == sorted(files)
    assert {path: file.crs.rpartition("/")[2] for path, file in files.items()} == {
        "geojson/a.geojson": "CRS84",
        "geoparquet/a.parquet": "3006",
        "index.csv": "",
        "omradeslyft.gpkg": "3006",
    }
    assert files["index.csv"].size == 5
    assert files["index.csv"].sha256 == hashlib.sha256(b"12345").hexdigest()

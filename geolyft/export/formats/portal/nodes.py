"""What every part of the record is written with: nodes of JSON-LD, texts, values and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.formats.portal.delivered import DeliveredFile
    from geolyft.export.publication import Publication

Node: TypeAlias = dict[str, Any]
"""A node of JSON-LD: ``@id``, ``@type`` and properties."""
EU: Final = "http://publications.europa.eu/resource/authority"
_LANGUAGES: Final[Mapping[str, str]] = {"sv": "SWE", "en": "ENG"}
_BARE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNSAID: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML


def iri(text: str) -> str:
    """Return an address without the signs that addresses may not have.

    Examples
    --------
    >>> iri("https://example.org/å b/<x>")
    'https://example.org/%C3%A5%20b/%3Cx%3E'
    """
    return quote(_BARE.sub("%25", text), safe="%:/?#[]@!$&'()*+,;=~")


def language_of(publication: Publication) -> Node:
    """Return the language of the texts."""
    return {"@id": f"{EU}/language/{_LANGUAGES[publication.lang]}"}


def text(text: str, publication: Publication) -> Node:
    """Return a text in the run's language."""
    return {"@value": _UNSAID.sub("", text), "@language": publication.lang}


def value(text: str, kind: str = "") -> Node:
    """Return a value, of a kind where it has one."""
    return {"@value": _UNSAID.sub("", text), **({"@type": kind} if kind else {})}


def standard(address: str) -> Node:
    """Return a CRS."""
    return {"@id": address, "@type": "dcterms:Standard"}


def address_of(file: DeliveredFile, base: str) -> str:
    """Return the address that stands for a file in the record."""
    return f"{base}#fil/{quote(file.path)}"

"""A DCAT record in RDF/XML, the only notation that Sveriges dataportal harvests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from geolyft.export.formats.portal.dcat import PREFIXES

if TYPE_CHECKING:
    from geolyft.export.formats.portal.nodes import Node

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def rdf_xml(record: str) -> str:
    """Return the same record in RDF/XML.

    Parameters
    ----------
    record
        What `geolyft.export.formats.portal.dcat.dcat_record` returned.
    """
    for prefix, namespace in {"rdf": _RDF, **PREFIXES}.items():
        register_namespace(prefix, namespace)
    root = Element(f"{{{_RDF}}}RDF")
    for node in json.loads(record)["@graph"]:
        _add_node(root, node)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_node(parent: Element, node: Node) -> None:
    element = SubElement(parent, _name(node["@type"]))
    if "@id" in node:
        element.set(f"{{{_RDF}}}about", node["@id"])
    for name, values in node.items():
        if not name.startswith("@"):
            for value in values if isinstance(values, list) else [values]:
                _add_property(element, name, value)


def _add_property(parent: Element, name: str, value: Node) -> None:
    prop = SubElement(parent, _name(name))
    if "@value" in value:
        prop.text = value["@value"]
        if "@language" in value:
            prop.set(_LANGUAGE, value["@language"])
        if "@type" in value:
            prop.set(f"{{{_RDF}}}datatype", _expanded(value["@type"]))
    elif "@type" in value:
        _add_node(prop, value)
    else:
        prop.set(f"{{{_RDF}}}resource", value["@id"])


def _name(short: str) -> str:
    prefix, name = short.split(":")
    return f"{{{PREFIXES[prefix]}}}{name}"


def _expanded(short: str) -> str:
    prefix, name = short.split(":")
    return PREFIXES[prefix] + name

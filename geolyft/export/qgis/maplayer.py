"""One layer of a project: where its data are, how it is drawn, what is said of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geolyft.export.layers.metadata import metadata_elements
from geolyft.export.qgis.document import crs_element, element
from geolyft.export.qgis.drawn.looks import has_labels, look, named_styles
from geolyft.export.qgis.drawn.style import fields_of
from geolyft.export.qgis.expressions import quoted
from geolyft.export.qgis.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.publication import Publication
    from geolyft.export.qgis.entries import ProjectLayer
    from geolyft.export.qgis.relations import Relation

_KINDS: Final = {
    "MultiPolygon": "Polygon",
    "Polygon": "Polygon",
    "MultiLineString": "Line",
    "LineString": "Line",
    "Point": "Point",
    None: "No geometry",
}
_ENDS: Final = {"start": "fran", "end": "till"}
_FROM_EXPRESSIONS, _BOTH_ENDS = "4", "1"
"""QGIS's numbers: from when to when a row is shown, and that the last day is in it."""


def map_layer(
    entry: ProjectLayer,
    layer_id: str,
    source: str,
    *,
    publication: Publication,
    crs: int,
    relations: Sequence[Relation] = (),
) -> Element:
    """Return a layer of a project.

    Parameters
    ----------
    layer_id
        Its id.
    source
        Its data, from the project's folder.
    relations
        Of the project; its form shows those from it.
    """
    own = [each for each in relations if each.areas_id == layer_id]
    form = Form(entry.layer, publication, own)
    drawn = look(entry, entry.styles[0], layer_id, publication) if entry.styles else []
    kind = entry.layer.geometry_type
    return element(
        "maplayer",
        element("id", text=layer_id),
        element("datasource", text=source),
        element("layername", text=entry.name),
        *_on_servers(entry, publication),
        element("srs", crs_element(crs)) if kind else None,
        element("resourceMetadata", *metadata_elements(entry.layer, publication)),
        element("provider", text="ogr", encoding="UTF-8"),
        *drawn,
        named_styles(entry, layer_id, publication),
        *fields_of(entry.layer.fields, form.widgets()),
        *form.elements(),
        _temporal() if entry.layer.about == "tid" else None,
        type="vector",
        geometry=_KINDS[kind],
        **({"wkbType": kind} if kind else {}),
        labelsEnabled=has_labels(drawn),
        hasScaleBasedVisibilityFlag="0",
        # What a run published is not edited by hand: the manifest would no longer be true.
        readOnly="1",
    )


def _temporal() -> Element:
    """Return when each row is shown while the temporal controller plays: in its own period."""
    ends = {f"{end}Expression": f"to_date({quoted(name)})" for end, name in _ENDS.items()}
    return element(
        "temporal",
        enabled="1",
        mode=_FROM_EXPRESSIONS,
        accumulate="0",
        limitMode=_BOTH_ENDS,
        **ends,
    )


def _on_servers(entry: ProjectLayer, publication: Publication) -> list[Element]:
    """Return what QGIS Server says of the layer: a name no other has, terms, and whose it is."""
    layer = entry.layer
    is_plain = entry.role in ("theme", "table")
    parts = [layer.name] if is_plain else [layer.name, entry.role]
    terms = [publication.city, publication.catalogue.index.title(publication.lang), layer.level]
    terms += [layer.period, *(theme.column for theme in entry.themes)]
    publishers = dict.fromkeys(each.publisher or each.name for each in publication.sources)
    return [
        element("shortname", text=re.sub(r"[^A-Za-z0-9_]+", "_", "_".join(parts))),
        element("title", text=entry.name),
        element("abstract", text=layer.abstract),
        element("keywordList", *(element("value", text=term) for term in terms if term)),
        element("attribution", text=", ".join(publishers), href=""),
    ]

"""One layer of a project: where its data are, how it is drawn, what is said of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.layers.metadata import metadata_elements
from geolyft.export.qgis.document import crs_element, element, fill
from geolyft.export.qgis.expressions import quoted
from geolyft.export.qgis.forms import Form
from geolyft.export.qgis.style import area_labels, fields_of, quiet_renderer, style_elements
from geolyft.export.qgis.symbols import QUIET_FILL, outline_symbol, spots_symbol, things_symbol
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.content import ProjectLayer
    from geolyft.export.qgis.relations import Relation

_KINDS: Final = {
    "MultiPolygon": "Polygon",
    "Polygon": "Polygon",
    "MultiLineString": "Line",
    "LineString": "Line",
    "Point": "Point",
    None: "No geometry",
}
_MULTIPLY: Final = "6"
"""How QGIS draws colours that let what lies under them be seen, exact over white."""
VEIL: Final = "#ffffff99"
"""Over the areas beside a page's own: they are seen, and step back."""
BESIDE: Final = "#8a8a8a"
FRAME: Final = "#161616"
GROUND: Final = "#cfcfcf"
_THIN: Final = 0.15
_ENDS: Final = {"start": "fran", "end": "till"}
_FROM_EXPRESSIONS, _BOTH_ENDS = "4", "1"
"""QGIS's numbers: from when to when a row is shown, and that the last day is in it."""
_BESIDE_WIDTH: Final = 0.3
_FRAME_WIDTH: Final = 0.9


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
    style = [*_style(entry, form, publication), *form.elements()]
    kind = entry.layer.geometry_type
    # Names are written once, by the entry for them: two layers that name an area do it twice.
    names = entry.role in ("outline", "page") or entry.layer.level != publication.division
    is_seen_through = entry.role == "theme" and _has_shapes(publication)
    labelled = names and any(each.tag == "labeling" for each in style)
    return element(
        "maplayer",
        element("id", text=layer_id),
        element("datasource", text=source),
        element("layername", text=entry.name),
        *_on_servers(entry, publication),
        element("srs", crs_element(crs)) if kind else None,
        element("resourceMetadata", *metadata_elements(entry.layer, publication)),
        element("provider", text="ogr", encoding="UTF-8"),
        *style,
        element("blendMode", text=_MULTIPLY) if is_seen_through else None,
        _temporal() if entry.layer.about == "tid" else None,
        type="vector",
        geometry=_KINDS[kind],
        **({"wkbType": kind} if kind else {}),
        labelsEnabled=str(int(labelled)),
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
    parts = [layer.name, entry.theme.code if entry.theme else entry.role]
    terms = [publication.city, publication.catalogue.index.title(publication.lang), layer.level]
    terms += [layer.period, entry.theme.column if entry.theme else ""]
    publishers = dict.fromkeys(each.publisher or each.name for each in publication.sources)
    return [
        element("shortname", text=re.sub(r"[^A-Za-z0-9_]+", "_", "_".join(parts))),
        element("title", text=entry.name),
        element("abstract", text=layer.abstract),
        element("keywordList", *(element("value", text=term) for term in terms if term)),
        element("attribution", text=", ".join(publishers), href=""),
    ]


def _style(entry: ProjectLayer, form: Form, publication: Publication) -> list[Element]:
    layer, words = entry.layer, load_words(publication.lang)
    fields = fields_of(layer.fields, form.widgets())
    elements = style_elements(layer, entry.theme, words, fields=fields)
    for shown in [each for each in elements if each.tag == "previewExpression"]:
        elements.remove(shown)
    if display := form.display():
        elements.append(element("previewExpression", text=display))
    if entry.role == "outline":
        return [*elements, _single(outline_symbol("0")), area_labels(layer)]
    if entry.role == "things":
        is_point = entry.layer.geometry_type == "Point"
        return [*elements, _single(spots_symbol("0") if is_point else things_symbol("0"))]
    if entry.role == "background":
        # What is multiplied with white keeps its colour.
        ground = "#ffffff" if _has_shapes(publication) else QUIET_FILL
        return [*elements, quiet_renderer(ground)]
    if entry.role == "locator":
        return [*elements, locator_renderer()]
    if entry.role == "page":
        return [*elements, page_renderer(), _names_with_room(layer)]
    return elements


def _has_shapes(publication: Publication) -> bool:
    """Say whether something else than names lies around and under the areas."""
    return any(each.kind != "place" for each in publication.background)


def _names_with_room(layer: Layer) -> Element:
    """Return names that give way: on a page most of the neighbours are cut by its edge."""
    labels = area_labels(layer)
    for rendering in labels.iter("rendering"):
        rendering.set("displayAll", "0")
    return labels


def _single(symbol: Element) -> Element:
    return element("renderer-v2", element("symbols", symbol), type="singleSymbol")


def page_renderer() -> Element:
    """Return a renderer that frames the page's own area and veils the others.

    Outside an atlas there is no such area, and nothing is drawn.
    """
    # A level above: else the veils of areas that come later lie over half of the frame.
    return _by_page(
        {
            "$id <> @atlas_featureid": fill(VEIL, outline=BESIDE, width=_BESIDE_WIDTH, name="0"),
            "$id = @atlas_featureid": fill(
                "", outline=FRAME, width=_FRAME_WIDTH, name="1", level=1
            ),
        }
    )


def locator_renderer() -> Element:
    """Return a renderer that fills the page's own area, among all others in a quiet grey."""
    is_here = "coalesce($id = @atlas_featureid, false)"
    return _by_page(
        {
            f"NOT {is_here}": fill(GROUND, outline="#ffffff", width=_THIN, name="0"),
            is_here: fill(FRAME, outline=FRAME, width=_THIN, name="1"),
        }
    )


def _by_page(looks: Mapping[str, Element]) -> Element:
    root = Element("renderer-v2", type="RuleRenderer", symbollevels="0")
    rules = SubElement(root, "rules", key="{page}")
    symbols = SubElement(root, "symbols")
    for place, (test, look) in enumerate(looks.items()):
        SubElement(rules, "rule", key=f"{{page{place}}}", filter=test, symbol=str(place))
        symbols.append(look)
    return root

"""How each entry of a project is drawn, in each of its styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.qgis.document import data_defined, element, fill, string_literal
from geolyft.export.qgis.drawn.labels import area_labels
from geolyft.export.qgis.drawn.style import DRAWN, QGIS_VERSION, drawing, quiet_renderer
from geolyft.export.qgis.drawn.symbols import (
    QUIET_FILL,
    outline_symbol,
    spots_symbol,
    things_symbol,
)
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.entries import ProjectLayer, Style

_MULTIPLY: Final = "6"
"""How QGIS draws colours that let what lies under them be seen, exact over white."""
VEIL: Final = "#ffffff99"
"""Over the areas beside a page's own: they are seen, and step back."""
BESIDE: Final = "#8a8a8a"
FRAME: Final = "#161616"
GROUND: Final = "#cfcfcf"
_THIN: Final = 0.15
_BESIDE_WIDTH: Final = 0.3
_FRAME_WIDTH: Final = 0.9


def look(
    entry: ProjectLayer, style: Style, layer_id: str, publication: Publication
) -> list[Element]:
    """Return how an entry is drawn in one of its styles, and what a map tip says."""
    layer, words = entry.layer, load_words(publication.lang)
    drawn = drawing(layer, style.theme, words, title=style.name, period=style.period)
    match entry.role:
        case "outline" if style is entry.styles[0]:
            is_page = _is_page_of(layer_id)
            return [*drawn, _outline(is_page), _names(layer, is_page)]
        case "outline":
            return [*drawn, locator_renderer()]
        case "things":
            is_point = layer.geometry_type == "Point"
            return [*drawn, _single(spots_symbol("0") if is_point else things_symbol("0"))]
        case "background":
            # What is multiplied with white keeps its colour.
            ground = "#ffffff" if _has_shapes(publication) else QUIET_FILL
            return [*drawn, quiet_renderer(ground)]
    if entry.role == "theme" and layer.level == publication.division:
        # Names are written once, by the entry for them: two layers that name an area do it twice.
        drawn = [each for each in drawn if each.tag != "labeling"]
    if entry.role == "theme" and _has_shapes(publication):
        drawn.append(element("blendMode", text=_MULTIPLY))
    return drawn


def named_styles(entry: ProjectLayer, layer_id: str, publication: Publication) -> Element | None:
    """Return the styles of an entry by name; of the first, which is on, the layer itself says."""
    if not entry.styles:
        return None
    first, *others = entry.styles
    return element(
        "map-layer-style-manager",
        element("map-layer-style", name=first.name),
        *(
            element(
                "map-layer-style",
                _alone(look(entry, style, layer_id, publication)),
                name=style.name,
            )
            for style in others
        ),
        current=first.name,
    )


def has_labels(drawn: list[Element]) -> str:
    """Return how QGIS writes whether there are labels."""
    return str(int(any(each.tag == "labeling" for each in drawn)))


def _alone(drawn: list[Element]) -> Element:
    return element(
        "qgis",
        *drawn,
        version=QGIS_VERSION,
        styleCategories=f"{DRAWN}|Labeling",
        labelsEnabled=has_labels(drawn),
    )


def _has_shapes(publication: Publication) -> bool:
    """Say whether something else than names lies around and under the areas."""
    return any(each.kind != "place" for each in publication.background)


def _single(symbol: Element) -> Element:
    return element("renderer-v2", element("symbols", symbol), type="singleSymbol")


def _is_page_of(layer_id: str) -> str:
    """Return an expression: whether a page of the atlas of these areas is printed."""
    is_own = f"coalesce(@atlas_layerid = {string_literal(layer_id)}, false)"
    return f"({is_own} AND @atlas_featureid IS NOT NULL)"


def _names(layer: Layer, is_page: str) -> Element:
    """Return names that give way on a page, where its edge cuts most of the neighbours."""
    labels = area_labels(layer)
    for settings in labels.iter("settings"):
        always = data_defined({"AlwaysShow": f"NOT {is_page}"})
        settings.append(element("dd_properties", *always))
    return labels


def _outline(is_page: str) -> Element:
    """Return a renderer that draws outlines; on an area's page its frame, and veils the others."""
    # A level above: else the veils of areas that come later lie over half of the frame.
    return _by_rule(
        {
            f"NOT {is_page}": outline_symbol("0"),
            f"{is_page} AND $id <> @atlas_featureid": fill(
                VEIL, outline=BESIDE, width=_BESIDE_WIDTH, name="1"
            ),
            f"{is_page} AND $id = @atlas_featureid": fill(
                "", outline=FRAME, width=_FRAME_WIDTH, name="2", level=1
            ),
        }
    )


def locator_renderer() -> Element:
    """Return a renderer that fills the page's own area, among all others in a quiet grey."""
    is_here = "coalesce($id = @atlas_featureid, false)"
    return _by_rule(
        {
            f"NOT {is_here}": fill(GROUND, outline="#ffffff", width=_THIN, name="0"),
            is_here: fill(FRAME, outline=FRAME, width=_THIN, name="1"),
        }
    )


def _by_rule(looks: Mapping[str, Element]) -> Element:
    root = Element("renderer-v2", type="RuleRenderer", symbollevels="0")
    rules = SubElement(root, "rules", key="{page}")
    symbols = SubElement(root, "symbols")
    for place, (test, drawn) in enumerate(looks.items()):
        SubElement(rules, "rule", key=f"{{page{place}}}", filter=test, symbol=str(place))
        symbols.append(drawn)
    return root

"""A theme as SLD 1.0 with Symbology Encoding's rules, for GeoServer and other map servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.figures.palette import PALETTE
from geolyft.export.figures.rules import AllOf, AnyOf, Between, Empty, Has, Holds, Not, rules_of
from geolyft.export.figures.themes import shown_bounds
from geolyft.export.html.markup import written
from geolyft.export.qgis.drawn.symbols import OUTLINE

if TYPE_CHECKING:
    from geolyft.export.figures.rules import Pattern, Rule, Test
    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer

_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"
_LINE: Final = 1 / 0.28  # SLD's pixel is 0.28 mm


class _Mark(NamedTuple):
    """GeoServer's name of a hatch, its colour, and an edge: QGIS draws no hatch by that name."""

    name: str
    colour: str
    dashes: str
    edge: float
    fill: str = ""


# QGIS knows these three ways of dashing, and draws all others alike.
_DASHED, _DOTTED, _BOTH = "4 2", "1 2", "4 2 1 2"
_MARKS: Final[dict[Pattern, _Mark]] = {
    "missing": _Mark("shape://slash", PALETTE["missing"], _DOTTED, 0.4, "#ffffff"),
    "hidden": _Mark("shape://times", PALETTE["hidden"], _BOTH, 0.4, PALETTE["hidden-ground"]),
    "partial": _Mark("shape://dot", PALETTE["pattern"], _DASHED, 0.6),
    "unsure": _Mark("shape://vertline", PALETTE["pattern"], _DOTTED, 0.6),
}


def sld(layer: Layer, theme: Theme) -> str:
    """Return a theme as an SLD document.

    Bounds are set half a shown decimal lower, because SLD 1.0 cannot round: 94.96 is shown as 95.0
    and belongs to its class.
    """
    spaces = {"xmlns:ogc": _OGC, "xmlns:sld": _SLD}
    root = Element("sld:StyledLayerDescriptor", spaces, version="1.0.0")
    named = _add(root, "NamedLayer")
    _add(named, "Name", layer.name)
    style = _add(named, "UserStyle")
    _add(style, "Name", theme.code)
    _add(style, "Title", theme.title)
    if theme.note:
        _add(style, "Abstract", theme.note)
    rules = _add(style, "FeatureTypeStyle")
    for place, rule in enumerate(rules_of(theme)):
        _rule(rules, rule, theme, place)
    return written(root)


def _rule(parent: Element, rule: Rule, theme: Theme, place: int) -> None:
    node = _add(parent, "Rule")
    _add(node, "Name", f"{theme.code}_{place}")
    _add(node, "Title", rule.label)
    node.append(_filter(rule.test))
    look = rule.look
    if theme.is_line:
        colour, width = (
            (PALETTE["outer"], 0.3) if isinstance(look, str) else (look.colour, look.width)
        )
        _stroke(_add(node, "LineSymbolizer"), colour, width)
    elif isinstance(look, str):
        _pattern(node, look)
    else:
        _area(node, look.colour)


def _filter(test: Test) -> Element:
    root = Element("ogc:Filter")
    root.append(_test(test))
    return root


def _test(test: Test) -> Element:
    match test:
        case Between():
            node = _between(test)
        case Empty(column):
            node = _ogc("PropertyIsNull", _property(column))
        case Has(column, part):
            node = _ogc("PropertyIsLike", _property(column), _literal(f"*{part}*"))
            node.attrib.update(wildCard="*", singleChar="#", escapeChar="!")
        case Holds(column):
            node = _ogc("PropertyIsEqualTo", _property(column), _literal("true"))
        case Not(inner):
            node = _ogc("Not", _test(inner))
        case AllOf(tests):
            node = _ogc("And", *map(_test, tests))
        case AnyOf(tests):
            node = _ogc("Or", *map(_test, tests))
    return node


def _between(test: Between) -> Element:
    low, high = shown_bounds(test.low, test.high)
    sides = []
    if low is not None:
        kind = "PropertyIsGreaterThanOrEqualTo"
        sides.append(_ogc(kind, _property(test.column), _literal(f"{low:g}")))
    if high is not None:
        sides.append(_ogc("PropertyIsLessThan", _property(test.column), _literal(f"{high:g}")))
    return sides[0] if len(sides) == 1 else _ogc("And", *sides)


def _area(parent: Element, colour: str) -> None:
    symbolizer = _add(parent, "PolygonSymbolizer")
    _parameter(_add(symbolizer, "Fill"), "fill", colour)
    _stroke(symbolizer, OUTLINE, 0.2)


def _pattern(parent: Element, look: Pattern) -> None:
    mark = _MARKS[look]
    if mark.fill:
        _area(parent, mark.fill)
    symbolizer = _add(parent, "PolygonSymbolizer")
    drawn = _add(_add(_add(symbolizer, "Fill"), "GraphicFill"), "Graphic")
    known = _add(drawn, "Mark")
    _add(known, "WellKnownName", mark.name)
    _stroke(known, mark.colour, 0.3)
    _add(drawn, "Size", "8")
    edge = _stroke(symbolizer, mark.colour, mark.edge)
    _parameter(edge, "stroke-dasharray", mark.dashes)


def _stroke(parent: Element, colour: str, millimetres: float) -> Element:
    stroke = _add(parent, "Stroke")
    _parameter(stroke, "stroke", colour)
    _parameter(stroke, "stroke-width", f"{millimetres * _LINE:.1f}")
    return stroke


def _parameter(parent: Element, name: str, value: str) -> None:
    _add(parent, "CssParameter", value).set("name", name)


def _add(parent: Element, tag: str, text: str | None = None) -> Element:
    node = SubElement(parent, f"sld:{tag}")
    node.text = text
    return node


def _ogc(tag: str, *children: Element) -> Element:
    node = Element(f"ogc:{tag}")
    node.extend(children)
    return node


def _property(column: str) -> Element:
    node = _ogc("PropertyName")
    node.text = column
    return node


def _literal(value: str) -> Element:
    node = _ogc("Literal")
    node.text = value
    return node

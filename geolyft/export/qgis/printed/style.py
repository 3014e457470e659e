"""How what is printed looks, in QGIS's own words: colours, fonts, lines and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.qgis.document import colour_value, element, options, symbol

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

INK: Final = "#222222"
QUIET: Final = "#5a5a5a"
LINE: Final = "#9a9a9a"
FONT: Final = "Arial"
"""On every Windows and macOS; elsewhere the nearest there is. Pages have room for a wider one."""

BOLD: Final = 75
NORMAL: Final = 50
LEFT: Final = {"alignment": "1", "indent": "0"}
LEGEND_MARGINS: Final[dict[str, dict[str, float]]] = {
    "title": {},
    "group": {},
    "subgroup": {},
    "symbol": {"marginTop": 1.2},
    "symbolLabel": {"marginLeft": 2},
}
LEGEND_LOOK: Final = {
    "title": "",
    "resizeToContents": "1",
    "legendFilterByMap": "1",
    "legendFilterByAtlas": "0",
    "columnCount": "1",
    "boxSpace": "0",
    "symbolAlignment": "1",
    "titleAlignment": "1",
    "lineSpacing": "1",
    # A class with a clause after a comma is wider than its column.
    "wrapChar": ", ",
    "fontColor": INK,
}
SCALE_BAR_LOOK: Final = {
    "style": "Single Box",
    "unitType": "km",
    "unitLabel": "km",
    "numMapUnitsPerScaleBarUnit": "1",
    "numUnitsPerSegment": "1",
    # The length of a segment is found anew for every extent of the map.
    "segmentSizeMode": "1",
    "numSegments": "1",
    "numSegmentsLeft": "0",
    "labelBarSpace": "1",
    "boxContentSpace": "0.5",
    "alignment": "0",
    "labelVerticalPlacement": "0",
    "labelHorizontalPlacement": "0",
}


def line(colour: str, width: float) -> Element:
    """Return a line symbol."""
    properties = {
        "line_color": colour_value(colour),
        "line_style": "solid",
        "line_width": f"{width}",
        "line_width_unit": "MM",
        "capstyle": "flat",
        "joinstyle": "round",
    }
    return symbol("line", "SimpleLine", properties)


def colour_element(tag: str, colour: str) -> Element:
    """Return a colour in four parts."""
    red, green, blue, alpha = colour_value(colour).split(",")
    return element(tag, red=red, green=green, blue=blue, alpha=alpha)


def font(tag: str, size: float, weight: int) -> Element:
    """Return a font."""
    # As Qt writes a font: family, points, pixels, kind, weight, then italic, underline, …
    return element(tag, description=f"{FONT},{size:g},-1,5,{weight},0,0,0,0,0", style="")


def text_style(size: float) -> Element:
    """Return how a scale bar is written."""
    return element(
        "text-style",
        fontFamily=FONT,
        fontSize=f"{size:g}",
        fontSizeUnit="Point",
        fontWeight=str(NORMAL),
        textColor=colour_value(INK),
        textOpacity="1",
    )


def number_format(decimal: str) -> Element:
    """Return how a scale bar writes its numbers."""
    settings: dict[str, str | bool | int] = {
        "decimals": 2,
        "rounding_type": 0,
        "show_plus": False,
        "show_thousand_separator": False,
        "show_trailing_zeros": False,
    }
    node = options(settings)
    # Else it follows the machine that prints.
    node.append(element("Option", name="decimal_separator", type="QChar", value=decimal))
    return element("numericFormat", node, id="basic")

"""How the layers of a background look in QGIS: quiet, under the areas, named when one is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.palette import PALETTE
from geolyft.export.qgis.document import element
from geolyft.export.qgis.drawn.symbols import line_symbol, plain_fill_symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from geolyft.export.layer import Layer

_LINES: Final[Mapping[str, Callable[[], Element]]] = {
    "vatten": lambda: line_symbol("0", PALETTE["water"], 0.6),
    "vagar": lambda: line_symbol("0", PALETTE["road"], 0.35),
    "jarnvagar": lambda: line_symbol("0", PALETTE["rail"], 0.3, style="dash"),
}


def background_renderer(layer: Layer) -> Element:
    """Return how a layer of the background is drawn; of places only the names are seen."""
    code = layer.name.split("_")[1]
    match layer.geometry_type:
        case "Polygon":
            symbol = plain_fill_symbol("0", PALETTE["water" if code == "vatten" else "green"])
        case "LineString":
            symbol = _LINES[code]()
        case _:
            return element("renderer-v2", type="nullSymbol")
    return element("renderer-v2", element("symbols", symbol), type="singleSymbol")

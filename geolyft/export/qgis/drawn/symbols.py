"""Symbols of areas and lines as QGIS reads them; the same patterns as on the web page.

Solid, enabled and in millimetres is what QGIS takes for granted, and is not said: a GeoPackage has
the symbols of a hundred styles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.figures.palette import PALETTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.rules import Pattern
    from geolyft.export.figures.themes import Shade

OUTLINE: Final = PALETTE["outline"]
OUTLINE_WIDTH: Final = 0.2
QUIET_FILL: Final = "#f4f4f1"
QUIET_OUTLINE: Final = "#bdbdb8"
_INK: Final = PALETTE["pattern"]
_HALO: Final = "#ffffff"


def shade_symbol(name: str, shade: Shade) -> Element:
    """Return the symbol of one class: a fill, or a line where the shade has a width."""
    if shade.width:
        return _symbol(name, "line", _line(shade.colour, shade.width))
    return _symbol(name, "fill", _fill(shade.colour))


def pattern_symbol(name: str, pattern: Pattern, *, line: bool = False) -> Element:
    """Return the symbol of what is missing, hidden, partial or unsure."""
    if line:
        return _symbol(name, "line", _line(PALETTE["outer"], 0.3, style="dash"))
    layers = {
        "missing": [_fill("#ffffff"), _hatch(PALETTE["missing"], angle=45, apart=1.8, width=0.4)],
        "hidden": [
            _fill(PALETTE["hidden-ground"]),
            _hatch(PALETTE["hidden"], angle=45, apart=1.8, width=0.4),
            _hatch(PALETTE["hidden"], angle=135, apart=1.8, width=0.4),
        ],
        "partial": [_dots()],
        "unsure": [_hatch(_INK, angle=90, apart=2.4, width=0.25)],
    }
    return _symbol(name, "fill", *layers[pattern])


def quiet_symbol(name: str, colour: str = QUIET_FILL) -> Element:
    """Return the symbol of the background: pale areas that carry nothing."""
    return _symbol(name, "fill", _fill(colour, outline=QUIET_OUTLINE))


def outline_symbol(name: str) -> Element:
    """Return the symbol of areas of which only the border is drawn."""
    return _symbol(name, "fill", _fill("#ffffff", outline="#2b2b2b", width=0.4, filled=False))


def plain_fill_symbol(name: str, colour: str) -> Element:
    """Return the symbol of a plain surface, its edge as its fill."""
    return _symbol(name, "fill", _fill(colour, outline=colour))


def line_symbol(name: str, colour: str, width: float, *, style: str = "solid") -> Element:
    """Return the symbol of a line, so many millimetres wide."""
    return _symbol(name, "line", _line(colour, width, style=style))


def things_symbol(name: str) -> Element:
    """Return the symbol of areas with a thing in them: lines that let what is below be seen."""
    hatch = _hatch(PALETTE["contrast"], angle=45, apart=2.4, width=0.3)
    return _symbol(name, "fill", hatch, _fill("#ffffff", outline=PALETTE["contrast"], width=0.5,
                                              filled=False))  # fmt: skip


def spots_symbol(name: str) -> Element:
    """Return the symbol of things that are in one spot."""
    return _symbol(name, "marker", _spot("3.2", rim="0.5"))


def options(values: Mapping[str, str]) -> Element:
    """Return QGIS's map of named texts."""
    node = Element("Option", type="Map")
    for name, value in values.items():
        SubElement(node, "Option", type="QString", name=name, value=value)
    return node


def rgba(colour: str, alpha: int = 255) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> rgba("#8c510a")
    '140,81,10,255'
    """
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _symbol(name: str, kind: str, *layers: Element) -> Element:
    symbol = Element("symbol", type=kind, name=name)
    symbol.extend(layers)
    return symbol


def _layer(kind: str, values: Mapping[str, str], *inner: Element) -> Element:
    layer = Element("layer", {"class": kind})
    layer.append(options(values))
    layer.extend(inner)
    return layer


def _fill(
    colour: str, *, outline: str = OUTLINE, width: float = OUTLINE_WIDTH, filled: bool = True
) -> Element:
    return _layer(
        "SimpleFill",
        {
            "color": rgba(colour),
            **({} if filled else {"style": "no"}),
            "outline_color": rgba(outline),
            "outline_width": f"{width:g}",
            "joinstyle": "round",
        },
    )


def _line(colour: str, width: float, *, style: str = "solid") -> Element:
    return _layer(
        "SimpleLine",
        {
            "line_color": rgba(colour),
            **({} if style == "solid" else {"line_style": style}),
            "line_width": f"{width:g}",
            "capstyle": "round",
            "joinstyle": "round",
        },
    )


def _hatch(colour: str, *, angle: int, apart: float, width: float) -> Element:
    return _layer(
        "LinePatternFill",
        {
            "angle": str(angle),
            "color": rgba(colour),
            "distance": f"{apart:g}",
            "line_width": f"{width:g}",
        },
        _symbol("@0@0", "line", _line(colour, width)),
    )


def _spot(size: str, *, rim: str) -> Element:
    return _layer(
        "SimpleMarker",
        {
            "name": "circle",
            "color": rgba(_INK),
            "outline_color": rgba(_HALO),
            "outline_width": rim,
            "size": size,
        },
    )


def _dots() -> Element:
    # Dark with a pale rim: seen on every colour of the scale.
    marker = _spot("0.75", rim="0.15")
    return _layer(
        "PointPatternFill",
        {
            "distance_x": "2.4",
            "distance_y": "2.4",
            "displacement_x": "1.2",
        },
        _symbol("@0@0", "marker", marker),
    )

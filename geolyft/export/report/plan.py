"""The map of the index inside the report: the same plan as the pictures, drawn as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import SubElement

import numpy as np
import shapely

from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import INK, Drawing
from geolyft.export.pictures.content import OUTLINE, Placing, line_colour, static_maps
from geolyft.export.report.blocks import Figure
from geolyft.export.report.phrases import say

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markupsafe import Markup

    from geolyft.export.figures.reader import Reader
    from geolyft.export.figures.rules import Pattern
    from geolyft.export.pictures.content import Key, Place, StaticMap

_WIDTH: Final = 620.0
_MARGIN: Final = 3.0
_MOST_LABELS: Final = 40
_LABEL: Final = 15.0
_SWATCH: Final = (30.0, 18.0)
_TILES: Final[dict[Pattern, tuple[float, str]]] = {
    # The side of a tile, and what is drawn in it.
    "missing": (7.0, "M-1 8L8 -1M-1 1L1 -1M6 8L8 6"),
    "hidden": (7.0, "M-1 8L8 -1M-1 -1L8 8"),
    "unsure": (6.0, "M3 0V6"),
    "partial": (8.0, ""),
}


def index_map(reader: Reader) -> Figure | None:
    """Return the map of the index in the latest period, or nothing where no area has one."""
    plans = static_maps(reader.publication, only=[INDEX])
    if not plans:
        return None
    (plan,) = plans
    return Figure(
        svg=_map(reader, plan),
        legend=reader.words.say("html.legend"),
        keys=tuple((_swatch(key), key.label) for key in plan.keys),
        caption=say(reader, "map_caption"),
    )


def _map(reader: Reader, plan: StaticMap) -> Markup:
    shapes = np.array([place.shape for place in plan.places])
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (_WIDTH - 2 * _MARGIN) / (east - west)
    height = (north - south) * scale + 2 * _MARGIN
    drawing = Drawing(_WIDTH, height, name=say(reader, "map_name", title=plan.title))
    defs = drawing.add("defs")
    for pattern, colour in sorted({each for place in plan.places for each in _overlays(place)}):
        _tile(defs, pattern, colour)
    to_page = _Paths(_MARGIN - west * scale, _MARGIN + north * scale, scale)
    for place in plan.places:
        _area(drawing, place, to_page.path(place.shape))
    if len(plan.places) <= _MOST_LABELS:
        for place in plan.places:
            _label(drawing, place, to_page)
    if plan.mark:
        short = reader.words.say("html.synthetic_short")
        drawing.label(short, _WIDTH, height - 6, anchor="end", font_size=14, font_weight="700")
    return drawing.markup()


class _Paths(Placing):
    """A placing that also writes shapes as the data of paths."""

    def path(self, shape: shapely.Geometry) -> str:
        """Return an area as the data of a path; rings within rings are left open."""
        polygons = shapely.get_parts(shape)
        rings = (ring for each in polygons for ring in (each.exterior, *each.interiors))
        return "".join(self._ring(shapely.get_coordinates(ring)) for ring in rings)

    def _ring(self, points: np.ndarray) -> str:
        rounded = np.round(self(points)[:-1], 1)
        # Points that fall together on the page would only be bytes.
        kept = rounded[np.any(rounded != np.roll(rounded, 1, axis=0), axis=1)]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"


def _overlays(place: Place) -> list[tuple[Pattern, str]]:
    return [(each, line_colour(each, place.colour)) for each in place.patterns]


def _name(pattern: Pattern, colour: str) -> str:
    return f"monster-{pattern}-{colour.removeprefix('#')}"


def _tile(defs: Element, pattern: Pattern, colour: str) -> None:
    side, path = _TILES[pattern]
    size = {"width": f"{side:g}", "height": f"{side:g}", "patternUnits": "userSpaceOnUse"}
    tile = SubElement(defs, "pattern", {"id": _name(pattern, colour), **size})
    if path:
        SubElement(tile, "path", {"d": path, "stroke": colour, "stroke-width": "1.5"})
    else:
        for at in (side / 4, 3 * side / 4):
            SubElement(tile, "circle", {"cx": f"{at:g}", "cy": f"{at:g}", "r": "1", "fill": colour})


def _area(drawing: Drawing, place: Place, path: str) -> None:
    edge: dict[str, str | float] = {
        "stroke": OUTLINE,
        "stroke_width": 1,
        "stroke_linejoin": "round",
    }
    drawing.add("path", d=path, fill=place.colour, fill_rule="evenodd", **edge)
    for each in _overlays(place):
        drawing.add("path", d=path, fill=f"url(#{_name(*each)})", fill_rule="evenodd")


def _label(drawing: Drawing, place: Place, to_page: _Paths) -> None:
    ((x, y),) = to_page(np.array([place.spot]))
    drawing.label(
        place.label,
        float(x),
        float(y) + _LABEL * 0.35,
        anchor="middle",
        fill=INK,
        font_size=_LABEL,
        font_weight="700",
        stroke="#fff",
        stroke_width=4,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _swatch(key: Key) -> Markup:
    width, height = _SWATCH
    drawing = Drawing(width, height, name=key.label)
    box = {"x": 0.5, "y": 0.5, "width": width - 1, "height": height - 1}
    drawing.add("rect", **box, fill=key.colour, stroke=OUTLINE)
    defs = drawing.add("defs")
    for pattern in key.patterns:
        colour = line_colour(pattern, key.colour)
        _tile(defs, pattern, colour)
        drawing.add("rect", **box, fill=f"url(#{_name(pattern, colour)})")
    return drawing.markup()

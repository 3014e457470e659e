"""Small maps as inline SVG: where an area lies, and where inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from geolyft.export.figures.palette import PALETTE
from geolyft.export.html.charts import INK, SOFT, WORSE, Drawing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from markupsafe import Markup

WIDTH: Final = 240.0
_TALLEST: Final = 300.0
_EDGE: Final = 2.0
LAND: Final = PALETTE["land"]
BORDER: Final = PALETTE["border"]
POCKET: Final = PALETTE["pocket"]
AREA: Final = PALETTE["link"]


class _Frame:
    """Metres to units of the drawing, north up."""

    def __init__(self, shapes: Iterable[shapely.Geometry]) -> None:
        west, south, east, north = shapely.total_bounds(list(shapes))
        self._west, self._north = float(west), float(north)
        wide, tall = max(float(east - west), 1.0), max(float(north - south), 1.0)
        room = (WIDTH - 2 * _EDGE, _TALLEST - 2 * _EDGE)
        self._scale = min(room[0] / wide, room[1] / tall)
        # What is narrow stands in the middle of the drawing's width.
        self._left = (WIDTH - wide * self._scale) / 2
        self.height = tall * self._scale + 2 * _EDGE

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is drawn."""
        at = (x - self._west) * self._scale + self._left
        return at, (self._north - y) * self._scale + _EDGE

    def path(self, shape: shapely.Geometry) -> str:
        """Return a polygon as the data of a path."""
        return "".join(
            "M" + "L".join(self._pairs(ring)) + "Z"
            for part in shapely.get_parts(shape)
            for ring in shapely.get_rings(part)
        )

    def _pairs(self, ring: shapely.Geometry) -> list[str]:
        places = (self.place(x, y) for x, y in shapely.get_coordinates(ring)[:-1])
        return [f"{x:.1f} {y:.1f}" for x, y in places]


def locator(shapes: Mapping[str, shapely.Geometry], area: str, *, name: str) -> Markup:
    """Draw all areas with one marked.

    Parameters
    ----------
    shapes
        Code to polygon, in a metric CRS.
    name
        What the map shows, in words.

    Examples
    --------
    >>> two = {"1": shapely.box(0, 0, 1, 1), "2": shapely.box(1, 0, 2, 1)}
    >>> locator(two, "2", name="Område 2").count("<path")
    2
    """
    frame = _Frame(shapes.values())
    drawing = Drawing(WIDTH, frame.height, name=name)
    others = "".join(frame.path(shape) for code, shape in shapes.items() if code != area)
    if others:
        drawing.add("path", d=others, fill=LAND, stroke=BORDER, stroke_width=0.8)
    drawing.add("path", d=frame.path(shapes[area]), fill=AREA, stroke=INK, stroke_width=1)
    return drawing.markup()


def pocket_map(
    whole: shapely.Geometry,
    small: Mapping[str, shapely.Geometry],
    numbered: Sequence[str],
    *,
    name: str,
    unsure: Collection[str] = (),
) -> Markup:
    """Draw an area with its small areas, the pockets filled and numbered.

    Parameters
    ----------
    numbered
        Codes of pockets, in the order of their numbers.
    unsure
        Those among them that may be chance: not filled, and with a dashed outline.
    """
    frame = _Frame([whole, *small.values()])
    drawing = Drawing(WIDTH, frame.height, name=name)
    others = "".join(frame.path(shape) for code, shape in small.items() if code not in numbered)
    if others:
        drawing.add("path", d=others, fill=LAND, stroke=BORDER, stroke_width=0.8)
    drawn = [code for code in numbered if code in small]
    for code in drawn:
        look = {"fill": LAND, "stroke_dasharray": "4 3"} if code in unsure else {"fill": POCKET}
        drawing.add("path", d=frame.path(small[code]), stroke=WORSE, **look)
    drawing.add("path", d=frame.path(whole), fill="none", stroke=INK, stroke_width=1.6)
    for code in drawn:
        point = shapely.point_on_surface(small[code])
        x, y = frame.place(point.x, point.y)
        drawing.add("circle", cx=x, cy=y, r=7.5, fill="#fff", stroke=SOFT, stroke_width=0.8)
        text = str(numbered.index(code) + 1)
        drawing.label(text, x, y + 3.8, anchor="middle", fill=INK, font_weight="bold")
    return drawing.markup()


def tolerance(shapes: Iterable[shapely.Geometry]) -> float:
    """Return how much a small map may leave out: about half a unit of its drawing."""
    west, south, east, north = shapely.total_bounds(list(shapes))
    return float(max(east - west, north - south)) / 500

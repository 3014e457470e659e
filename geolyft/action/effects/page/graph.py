"""The years of a plan as lines: its areas, the others, and the mix that moved as they did."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.action.effects.panel import BEFORE
from geolyft.export.figures.cells import number_of
from geolyft.export.html.charts import CITY, INK, RANGE, SOFT, Drawing, axis_of
from geolyft.export.html.trends import round_ticks
from geolyft.export.report.blocks import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from geolyft.action.effects.page.told import Told
    from geolyft.export.figures.cells import Record

_MOST_LABELS: Final = 8
_SIZE: Final = (420.0, 190.0)
_BOX: Final = (40.0, 14.0, 404.0, 164.0)
"""Left, top, right and bottom of what is drawn in."""
_LINES: Final[Mapping[str, Mapping[str, str | float]]] = {
    "omraden": {"stroke": INK, "stroke_width": 2.2},
    "ovriga": {"stroke": CITY, "stroke_width": 1.8, "stroke_dasharray": "6 4"},
    "syntetisk": {"stroke": SOFT, "stroke_width": 1.8, "stroke_dasharray": "2 3"},
}
_NAMES: Final = {"omraden": "own", "ovriga": "others", "syntetisk": "mix"}


def graph(told: Told, row: Record) -> Figure | None:
    """Return the drawing of a plan's years with its legend; none of fewer than two years."""
    years = told.years(row)
    if len(years) <= 1:
        return None
    lines = {name: [number_of(year[name], 6) for year in years] for name in _LINES}
    shown = {name: values for name, values in lines.items() if any(v is not None for v in values)}
    what = told.what(row)
    return Figure(
        svg=_drawn(told, years, shown, what),
        keys=tuple((_key(name), told.say(f"line_{_NAMES[name]}")) for name in shown),
        caption=told.say("graph_caption", what=what, unit=told.scale(row)),
    )


def _drawn(
    told: Told, years: Sequence[Record], lines: dict[str, list[float | None]], what: str
) -> Markup:
    left, top, right, bottom = _BOX
    known = [value for values in lines.values() for value in values if value is not None]
    low, high = min(known), max(known)
    room = max((high - low) * 0.1, 0.5)
    y = axis_of(low - room, high + room, left=bottom, right=top)
    xs = [left + 14 + (right - left - 28) * n / (len(years) - 1) for n in range(len(years))]
    series = [
        told.say("graph_series", name=told.say(f"line_{_NAMES[name]}"),
                 values=", ".join(map(told.number, values)))
        for name, values in lines.items()
    ]  # fmt: skip
    drawing = Drawing(*_SIZE, name=told.say("graph_name", what=what, series=" ".join(series)))
    for tick in round_ticks(low - room, high + room):
        drawing.line(left, y(tick), (right, y(tick)), stroke=RANGE, stroke_width=1)
        drawing.label(f"{tick:g}".replace("-", "−"), left - 4, y(tick) + 3.5, anchor="end")
    _start(drawing, told, years, xs)
    for name, values in lines.items():
        seen = [(x, y(v)) for x, v in zip(xs, values, strict=True) if v is not None]
        _line(drawing, name, seen)
    _labels(drawing, years, xs)
    return drawing.markup()


def _start(drawing: Drawing, told: Told, years: Sequence[Record], xs: Sequence[float]) -> None:
    """Draw where it begins: between the last year before and the next."""
    before = sum(str(year["fas"]) in (BEFORE, "before") for year in years)
    if 0 < before < len(years):
        x = (xs[before - 1] + xs[before]) / 2
        drawing.line(x, _BOX[1], (x, _BOX[3]), stroke=SOFT, stroke_width=1)
        drawing.label(told.say("graph_start"), x + 4, _BOX[1] + 9)


def _line(drawing: Drawing, name: str, points: Sequence[tuple[float, float]]) -> None:
    for (x, y), (x_next, y_next) in pairwise(points):
        drawing.line(x, y, (x_next, y_next), **_LINES[name])
    for x, y in points if name == "omraden" else ():
        drawing.add("circle", cx=x, cy=y, r=3, fill=INK)


def _labels(drawing: Drawing, years: Sequence[Record], xs: Sequence[float]) -> None:
    step = -(-len(years) // _MOST_LABELS)
    for n in range(0, len(years), step):
        drawing.label(str(years[n]["ar"]), xs[n], _SIZE[1] - 8, anchor="middle")


def _key(name: str) -> Markup:
    drawing = Drawing(26, 10, name="")
    drawing.line(1, 5, (25, 5), **_LINES[name])
    return drawing.markup()

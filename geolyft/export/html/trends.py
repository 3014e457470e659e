"""A chart of how a value has gone over the periods, with its interval and the city's line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.html.charts import CITY, INK, RANGE, Drawing, axis_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from geolyft.export.html.charts import Reading

_SIZE: Final = (172.0, 96.0)
_BOX: Final = (26.0, 8.0, 164.0, 80.0)
"""Left, top, right and bottom of what is drawn in."""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One line over the periods, and the city's beside it.

    Parameters
    ----------
    periods
        Oldest first.
    readings, city
        One for each period.
    linked
        Between which periods the values may be compared, and so be joined: one less than periods.
    """

    periods: Sequence[str]
    readings: Sequence[Reading]
    city: Sequence[float | None]
    linked: Sequence[bool]


def trend(series: Trend, *, axis: tuple[float, float], name: str) -> Markup:
    """Draw how a value has gone over the periods, with its interval and the city's line.

    Points that may not be compared are not joined. A missing value leaves a gap.

    Parameters
    ----------
    axis
        Where the upright axis begins and ends, the same in charts that stand beside each other.

    Examples
    --------
    >>> from geolyft.export.html.charts import Reading
    >>> two = Trend(periods=["2021", "2024"], readings=[Reading(63, 61, 65), Reading(64, 62, 66)],
    ...             city=[100, 100.4], linked=[True])
    >>> trend(two, axis=(50, 110), name="Index 2021–2024").count("<circle")
    2
    """
    left, top, right, bottom = _BOX
    y = axis_of(axis[0], axis[1], left=bottom, right=top)
    last = max(len(series.periods) - 1, 1)
    xs = [left + 8 + (right - left - 16) * n / last for n in range(len(series.periods))]
    drawing = Drawing(*_SIZE, name=name)
    _grid(drawing, axis, y)
    _trend_city(drawing, series, xs, y)
    _trend_area(drawing, series, xs, y)
    ends = {0: "start", len(xs) - 1: "end"} if len(xs) > 1 else {0: "middle"}
    for n, anchor in ends.items():
        x = {"start": left, "end": right}.get(anchor, xs[n])
        drawing.label(series.periods[n], x, _SIZE[1] - 3, anchor=anchor)
    return drawing.markup()


def _grid(drawing: Drawing, axis: tuple[float, float], y: Callable[[float], float]) -> None:
    left, _, right, _ = _BOX
    for tick in round_ticks(*axis):
        drawing.line(left, y(tick), (right, y(tick)), stroke=RANGE, stroke_width=1)
        drawing.label(f"{tick:g}".replace("-", "−"), left - 4, y(tick) + 3.5, anchor="end")


def round_ticks(low: float, high: float, *, most: int = 4, fine: bool = False) -> list[float]:
    """Return round numbers within an axis, at most so many.

    Parameters
    ----------
    fine
        Whether they may be parts of one.

    Examples
    --------
    >>> round_ticks(52, 118), round_ticks(97, 103)
    ([60, 80, 100], [98, 100, 102])
    >>> round_ticks(0.13, 0.31, fine=True)
    [0.15, 0.2, 0.25, 0.3]
    """
    steps: list[float] = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    if fine:
        steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, *steps]
    step = next((each for each in steps if (high - low) / each <= most), 1000)
    times = range(math.ceil(low / step), math.floor(high / step) + 1)
    # A quotient may be rounded past the axis, as that of the least number there is.
    ticks = [round(step * n, 2) if fine else step * n for n in times]
    return [tick for tick in ticks if low <= tick <= high]


def _trend_city(
    drawing: Drawing, series: Trend, xs: Sequence[float], y: Callable[[float], float]
) -> None:
    points = [(x, None if v is None else y(v)) for x, v in zip(xs, series.city, strict=True)]
    for ((x, here), (x_next, after)), joined in zip(pairwise(points), series.linked, strict=True):
        if joined and here is not None and after is not None:
            style: dict[str, str | float] = {"stroke": CITY, "stroke_width": 1.6}
            drawing.line(x, here, (x_next, after), stroke_dasharray="4 3", **style)
    for x, here in points:
        if here is not None:
            drawing.line(x - 3, here, (x + 3, here), stroke=CITY, stroke_width=2)


def _trend_area(
    drawing: Drawing, series: Trend, xs: Sequence[float], y: Callable[[float], float]
) -> None:
    steps = zip(pairwise(zip(xs, series.readings, strict=True)), series.linked, strict=True)
    for ((x, here), (x_next, after)), joined in steps:
        if joined and here.value is not None and after.value is not None:
            drawing.line(x, y(here.value), (x_next, y(after.value)), stroke=INK, stroke_width=1.8)
    for x, each in zip(xs, series.readings, strict=True):
        if each.value is None:
            continue
        if each.low is not None and each.high is not None:
            drawing.line(x, y(each.low), (x, y(each.high)), stroke=INK, stroke_width=1.4)
            for end in (each.low, each.high):
                drawing.line(x - 2.5, y(end), (x + 2.5, y(end)), stroke=INK, stroke_width=1.2)
        drawing.add("circle", cx=x, cy=y(each.value), r=3, fill=INK)

"""A chart of two figures at once: each area a named dot, with its interval across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.palette import PALETTE
from geolyft.export.html.charts import INK, RANGE, Drawing, axis_of
from geolyft.export.html.trends import round_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from geolyft.export.html.charts import Reading

_SIZE: Final = (540.0, 380.0)
_BOX: Final = (44.0, 22.0, 530.0, 342.0)
"""Left, top, right and bottom of what is drawn in."""
_DOT: Final = 4.0
_LETTER: Final = 5.6
_TALL: Final = 11.0
_ROOM: Final = 0.06
"""What an axis has beyond its outermost values, as a share of them."""
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    """An area: its name, the code that stands where the name has no room, and its two figures."""

    name: str
    code: str
    across: Reading
    up: float


def scatter(
    dots: Sequence[Dot],
    *,
    across: str,
    up: str,
    name: str,
    number: Callable[[float, int], str],
) -> Markup:
    """Draw areas by two figures. No line is laid through them: what it says is said in words.

    Parameters
    ----------
    across, up
        What the axes show.
    name
        What the whole shows, in words.
    number
        Writes a number with so many decimals, such as `geolyft.export.words.Words.number`.

    Examples
    --------
    >>> from geolyft.export.html.charts import Reading
    >>> dots = [Dot("Norr", "1", Reading(90, 80, 95), 12.0), Dot("Söder", "2", Reading(110), 30.0)]
    >>> said = {"across": "Index", "up": "Buller, %", "name": "Index och buller"}
    >>> drawn = scatter(dots, **said, number=lambda tick, decimals: f"{tick:.{decimals}f}")
    >>> drawn.count("<circle"), "Norr" in drawn
    (2, True)
    """
    left, top, right, bottom = _BOX
    drawing = Drawing(*_SIZE, name=name)
    ends = [each for dot in dots for each in (dot.across.low, dot.across.high) if each is not None]
    wide = _around([*ends, *(dot.across.value or 0.0 for dot in dots)])
    high = _around([dot.up for dot in dots])
    x = axis_of(*wide, left=left, right=right)
    y = axis_of(*high, left=bottom, right=top)
    for tick in round_ticks(*wide, most=8, fine=True):
        drawing.line(x(tick), top, (x(tick), bottom), stroke=RANGE, stroke_width=1)
        drawing.label(number(tick, _decimals(tick)), x(tick), bottom + 14, anchor="middle")
    for tick in round_ticks(*high, most=6, fine=True):
        drawing.line(left, y(tick), (right, y(tick)), stroke=RANGE, stroke_width=1)
        drawing.label(number(tick, _decimals(tick)), left - 5, y(tick) + 3.5, anchor="end")
    drawing.label(f"{across} →", right, _SIZE[1] - 6, anchor="end", fill=INK)
    drawing.label(f"↑ {up}", 4, 12, fill=INK)
    _dots(drawing, dots, x, y)
    return drawing.markup()


def _dots(
    drawing: Drawing,
    dots: Sequence[Dot],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> None:
    """Draw intervals, then dots over them, then names where they lie on nothing."""
    places = [(x(dot.across.value or 0.0), y(dot.up)) for dot in dots]
    taken: list[_Box] = []
    for dot, (_, down) in zip(dots, places, strict=True):
        low, high = dot.across.low, dot.across.high
        if low is not None and high is not None:
            drawing.line(x(low), down, (x(high), down), stroke=PALETTE["faint"], stroke_width=1.2)
            taken.append((x(low), down - 1, x(high), down + 1))
    for right, down in places:
        drawing.add("circle", cx=right, cy=down, r=_DOT, fill=INK, stroke="#fff", stroke_width=1)
        taken.append((right - _DOT, down - _DOT, right + _DOT, down + _DOT))
    for text, box in _named(dots, places, taken):
        drawing.label(text, box[0], box[3] - 2.5, fill=INK)


def _named(
    dots: Sequence[Dot], places: Sequence[tuple[float, float]], taken: Sequence[_Box]
) -> list[tuple[str, _Box]]:
    """Return where names stand, on nothing else. A dot that gets none has its turn earlier."""
    order, best = list(range(len(dots))), list[tuple[str, _Box]]()
    for _ in dots:
        stand: list[tuple[str, _Box]] = []
        without = []
        for n in order:
            held = [*taken, *(box for _, box in stand)]
            free = (
                (text, box)
                for text in (dots[n].name, dots[n].code)
                for box in _around_dot(text, *places[n])
                if not any(_meet(box, other) for other in held)
            )
            found = next(free, None)
            stand += [found] if found else []
            without += [] if found else [n]
        if len(stand) > len(best):
            best = stand
        if not without:
            break
        order = [*without, *(n for n in order if n not in without)]
    return best


def _around_dot(text: str, x: float, y: float) -> Sequence[_Box]:
    """Return where a text may stand: over, under, right and left of its dot, inside the drawing."""
    wide, gap = _LETTER * len(text), _DOT + 2
    boxes = [
        (x - wide / 2, y - gap - _TALL, x + wide / 2, y - gap),
        (x - wide / 2, y + gap, x + wide / 2, y + gap + _TALL),
        (x + gap, y - _TALL / 2, x + gap + wide, y + _TALL / 2),
        (x - gap - wide, y - _TALL / 2, x - gap, y + _TALL / 2),
        (x, y - gap - _TALL, x + wide, y - gap),
        (x - wide, y - gap - _TALL, x, y - gap),
    ]
    left, top, right, bottom = _BOX
    return [b for b in boxes if b[0] >= left and b[2] <= right and b[1] >= top and b[3] <= bottom]


def _meet(one: _Box, other: _Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _around(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = _ROOM * (high - low) or 1.0
    return low - room, high + room


def _decimals(tick: float) -> int:
    """Return how many decimals a round number has."""
    return len(f"{tick:g}".partition(".")[2])

"""Charts as inline SVG: pure functions from numbers and words to markup that is safe in a page.

Every chart says in its name what it shows, for readers who do not see it and for tagged PDF.
Meaning lies in place and shape, and colour repeats it: what is surely apart from the city is
filled, the rest is hollow. Colours, sizes and fonts are attributes of the drawing, so that it
looks the same in a browser, under a strict policy, and in print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup

from geolyft.export.figures.palette import PALETTE, SCALE
from geolyft.export.html.markup import written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FONT: Final = "Segoe UI,-apple-system,Roboto,Noto Sans,Liberation Sans,Arial,system-ui,sans-serif"
"""The pages' own fonts: a drawing in a PDF does not inherit them."""
INK: Final = PALETTE["ink"]
SOFT: Final = PALETTE["soft"]
CITY: Final = PALETTE["faint"]
RANGE: Final = PALETTE["grid"]
MIDDLE: Final = PALETTE["middle"]
WORSE: Final = SCALE[0]
BETTER: Final = SCALE[-1]
ROW_WIDTH: Final = 170.0
"""Units of a chart that fills a cell; its rows share one axis, so they stand under each other."""
NARROW: Final = 118.0
"""The same in half a page, so that texts and dots stay as large."""
_ROW_MARGIN: Final = 6.0
_ROW_HEIGHT: Final = 14.0
_TEXT: Final = 10


@dataclass(frozen=True)
class Reading:
    """A value with its interval; each may be missing."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Spread:
    """Where other areas lie: from the lowest to the highest, and the middle half of them."""

    low: float
    lower_quarter: float
    upper_quarter: float
    high: float


class Drawing:
    """An SVG with a name; everything in it is text or number, never markup.

    Examples
    --------
    >>> drawing = Drawing(10, 10, name="<Å>")
    >>> _ = drawing.add("rect", x=1.0, width=2.25)
    >>> drawing.markup().endswith('<title>&lt;Å&gt;</title><rect x="1" width="2.2" /></svg>')
    True
    """

    def __init__(self, width: float, height: float, *, name: str) -> None:
        box = f"0 0 {_short(width)} {_short(height)}"
        self._root = Element("svg", {"viewBox": box, "role": "img", "font-family": FONT})
        # The title is what a screen reader says, and what becomes the figure's Alt in a PDF.
        SubElement(self._root, "title").text = name

    def add(self, tag: str, text: str = "", /, **attributes: str | float) -> Element:
        """Add an element; ``stroke_width`` is written ``stroke-width``."""
        texts = {
            name.replace("_", "-"): each if isinstance(each, str) else _short(each)
            for name, each in attributes.items()
        }
        element = SubElement(self._root, tag, texts)
        element.text = text or None
        return element

    def line(self, x: float, y: float, to: tuple[float, float], **style: str | float) -> None:
        """Add a straight line."""
        self.add("line", x1=x, y1=y, x2=to[0], y2=to[1], **style)

    def label(
        self, text: str, x: float, y: float, *, anchor: str = "start", **style: str | float
    ) -> None:
        """Add a text."""
        looks: dict[str, str | float] = {"fill": SOFT, "font_size": _TEXT, **style}
        self.add("text", text, x=x, y=y, text_anchor=anchor, **looks)

    def markup(self) -> Markup:
        """Return the drawing for a page."""
        return Markup(written(self._root))  # noqa: S704 - written escapes all text and attributes


def _short(number: float) -> str:
    """Return a number of a tenth of a unit: more would only be bytes.

    Examples
    --------
    >>> _short(2.0), _short(-0.04), _short(7.25)
    ('2', '0', '7.2')
    """
    return f"{round(number, 1) + 0.0:.1f}".removesuffix(".0")


def axis_of(low: float, high: float, *, left: float, right: float) -> Callable[[float], float]:
    """Return a function from values to places; what lies outside is put at the end."""
    width = high - low

    def place(value: float) -> float:
        share = 0.5 if width <= 0 else (min(max(value, low), high) - low) / width
        return left + share * (right - left)

    return place


def _row_axis(low: float, high: float, width: float) -> Callable[[float], float]:
    return axis_of(low, high, left=_ROW_MARGIN, right=width - _ROW_MARGIN)


def interval_row(
    reading: Reading,
    *,
    axis: tuple[float, float],
    reference: float | None,
    name: str,
    sure: bool = False,
    spread: Spread | None = None,
    width: float = ROW_WIDTH,
) -> Markup:
    """Draw one row of a table of values: the dot, its interval, the city, and the other areas.

    Right is better. With an axis around 0, where 0 is the city, this is a row of a spine chart.

    Parameters
    ----------
    reading
        Without a value there is no dot; the table says why in words.
    axis
        Where the axis begins and ends, the same in all rows.
    reference
        The city's place, drawn as a line through the row; none where it has no value.
    name
        What the row shows, in words.
    sure
        Whether the difference to the city is more than its uncertainty: the dot is filled.
    spread
        Where all areas lie.
    width
        Units: `ROW_WIDTH`, or `NARROW` for a column in half a page.

    Examples
    --------
    >>> row = interval_row(Reading(-4, -6, -2), axis=(-30, 30), reference=0, name="E1", sure=True)
    >>> "<title>E1</title>" in row, 'fill="#6e3c05"' in row
    (True, True)
    """
    place = _row_axis(*axis, width)
    middle = _ROW_HEIGHT / 2
    drawing = Drawing(width, _ROW_HEIGHT, name=name)
    if spread is not None:
        _bar(drawing, place, (spread.low, spread.high), height=6, fill=RANGE)
        quarters = (spread.lower_quarter, spread.upper_quarter)
        _bar(drawing, place, quarters, height=6, fill=MIDDLE)
    if reference is not None:
        at = place(reference)
        drawing.line(at, 0, (at, _ROW_HEIGHT), stroke=INK, stroke_width=1.2)
    if reading.value is None:
        return drawing.markup()
    if reading.low is not None and reading.high is not None:
        ends = (place(reading.low), place(reading.high))
        drawing.line(ends[0], middle, (ends[1], middle), stroke=INK, stroke_width=1.4)
        for end in ends:
            drawing.line(end, middle - 2.5, (end, middle + 2.5), stroke=INK, stroke_width=1)
    _dot(drawing, place(reading.value), middle, fill=_fill(reading.value, reference, sure=sure))
    return drawing.markup()


def _bar(
    drawing: Drawing,
    place: Callable[[float], float],
    ends: tuple[float, float],
    *,
    height: float,
    fill: str,
) -> None:
    left, right = (place(end) for end in ends)
    # A bar of no length would not be seen, though it says that all are alike.
    width = max(right - left, 1.0)
    drawing.add("rect", x=left, y=(_ROW_HEIGHT - height) / 2, width=width, height=height, fill=fill)


def _dot(drawing: Drawing, x: float, y: float, *, fill: str) -> None:
    drawing.add("circle", cx=x, cy=y, r=3.4, fill=fill, stroke=INK, stroke_width=1.2)


def _fill(value: float, reference: float | None, *, sure: bool) -> str:
    if not sure or reference is None:
        return "#fff"
    return WORSE if value < reference else BETTER


def bar_row(value: float | None, *, reach: float, name: str, width: float = ROW_WIDTH) -> Markup:
    """Draw one row of a table of parts: a bar from the middle, to the left below zero.

    Parameters
    ----------
    reach
        The largest part of all rows, in either direction.

    Examples
    --------
    >>> "rect" in bar_row(-2.3, reach=5, name="Valdeltagande drar ner"), "rect" in bar_row(
    ...     None, reach=5, name="")
    (True, False)
    """
    place = _row_axis(-reach, reach, width)
    height = 11.0
    drawing = Drawing(width, height, name=name)
    if value is not None:
        left, right = sorted((place(0), place(value)))
        fill = WORSE if value < 0 else BETTER
        drawing.add("rect", x=left, y=2, width=right - left, height=7, fill=fill)
    drawing.line(place(0), 0, (place(0), height), stroke=INK, stroke_width=1.2)
    return drawing.markup()


def strip_row(
    values: Sequence[float],
    *,
    axis: tuple[float, float],
    reference: float | None,
    mean: float | None,
    below: float | None,
    name: str,
) -> Markup:
    """Draw one row of small areas: a tick each, their area's mean, and the city.

    Parameters
    ----------
    values
        One for each small area.
    reference
        The city.
    mean
        The area's own; a rhomb.
    below
        Up to here a small area is a pocket: its tick is longer and thicker. None: there is none.

    Examples
    --------
    >>> row = strip_row([40, 80, 90], axis=(30, 130), reference=100, mean=75, below=60, name="Å")
    >>> row.count('stroke-width="2.2"')
    1
    """
    place = _row_axis(*axis, ROW_WIDTH)
    middle = _ROW_HEIGHT / 2
    drawing = Drawing(ROW_WIDTH, _ROW_HEIGHT, name=name)
    if reference is not None:
        at = place(reference)
        drawing.line(at, 0, (at, _ROW_HEIGHT), stroke=INK, stroke_width=1.2)
    for value in values:
        is_pocket = below is not None and value <= below
        half, width, colour = (6.5, 2.2, WORSE) if is_pocket else (4.0, 1.1, CITY)
        at = place(value)
        drawing.line(at, middle - half, (at, middle + half), stroke=colour, stroke_width=width)
    if mean is not None:
        at = place(mean)
        points = [(at, middle - 4), (at + 4, middle), (at, middle + 4), (at - 4, middle)]
        drawing.add("polygon", points=_points(points), fill="#fff", stroke=INK, stroke_width=1.4)
    return drawing.markup()


def scale_row(
    ticks: Sequence[tuple[float, str]],
    *,
    axis: tuple[float, float],
    name: str,
    width: float = ROW_WIDTH,
) -> Markup:
    """Draw what stands over a column of rows: the axis' texts at their places.

    Texts at the ends keep inside the drawing, and one that would stand on the text of a place
    between them is left out.

    Examples
    --------
    >>> "Malmö" in scale_row([(0, "Malmö")], axis=(-30, 30), name="Axel")
    True
    >>> ticks = [(50, "50"), (100, "100"), (104, "104")]
    >>> "104" in scale_row(ticks, axis=(50, 104), name="Axel")
    False
    """
    place = _row_axis(*axis, width)
    drawing = Drawing(width, 12, name=name)
    between = [(place(at), text) for at, text in ticks if axis[0] < at < axis[1]]
    for value, text in ticks:
        at = place(value)
        anchor = "start" if value <= axis[0] else "end" if value >= axis[1] else "middle"
        x = {"start": 0.0, "end": width}.get(anchor, at)
        reaches = [abs(x - other) - _wide(its) / 2 for other, its in between]
        if anchor == "middle" or all(reach > _wide(text) for reach in reaches):
            drawing.label(text, x, 9, anchor=anchor)
    return drawing.markup()


def _wide(text: str) -> float:
    """Return how wide a text is at most, with what stands between two."""
    return 0.65 * _TEXT * len(text)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in points)

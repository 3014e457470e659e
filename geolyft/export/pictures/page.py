"""A planned map on paper: PNG, SVG and PDF, the same bytes for the same plan.

Figures are made without pyplot, which keeps a list of them for the whole program. The settings
that savefig reads from the program are set for as long as a map is drawn.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from geolyft.export.figures.palette import PALETTE
from geolyft.export.pictures.content import OUTLINE, Placing, line_colour
from geolyft.export.pictures.lettering import fit, font, plain, width, wrap
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from geolyft.export.figures.rules import Pattern
    from geolyft.export.pictures.content import Key, StaticMap
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

DPI: Final = 300
WIDTH: Final = 8.0
"""Inches. 4:3 fits a slide, and a page of text at four fifths."""
HEIGHT: Final = 6.0
_MARGIN: Final = 0.3
_COLUMN: Final = 2.45
_GAP: Final = 0.2
_TEXT: Final = PALETTE["ink"]
_SOFT: Final = PALETTE["soft"]
_WARNING: Final = PALETTE["warning"]
_POINTS: Final = 72.0
_LEADING: Final = 1.35
_HATCHES: Final[Mapping[Pattern, str]] = {
    "missing": "///",
    "hidden": "xxx",
    "partial": "..",
    "unsure": "|||",
}
_SETTINGS: Final[Mapping[Any, Any]] = {
    "svg.hashsalt": "geolyft",  # else the names inside differ from run to run
    "svg.fonttype": "path",  # letters as shapes: no font is needed where it is shown
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.7,
    "path.simplify": False,
    "text.usetex": False,
}
# Neither clock nor version: the same map is the same file.
_METADATA: Final[Mapping[str, Mapping[str, str | None]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "geolyft", "Format": None, "Type": None},
    "pdf": {"CreationDate": None, "Creator": "geolyft", "Producer": None},
}
_HALO: Final = withStroke(linewidth=2.2, foreground="white")
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^>]*>\s*")
_SMALL: Final = 7.5
_SMALLEST: Final = 5.5
_MOST_LABELS: Final = 40
_BAR_SHARE: Final = 0.28


def draw(plan: StaticMap, publication: Publication) -> dict[str, bytes]:
    """Return a map as the content of a file per ending.

    Parameters
    ----------
    publication
        Whose language the map's own words are in.
    """
    words = load_words(publication.lang)
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in _SETTINGS.items():
            mpl.rcParams[name] = value
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
        _Paper(figure.add_axes((0, 0, 1, 1)), plan, words).fill()
        return {ending: _saved(figure, ending, plan) for ending in _METADATA}


def _saved(figure: Figure, ending: str, plan: StaticMap) -> bytes:
    title = plain(f"{plan.mark} {plan.title}")
    raw = io.BytesIO()
    metadata = {"Title": title, **_METADATA[ending]}
    figure.savefig(raw, format=ending, dpi=DPI, metadata=metadata)
    # An SVG needs no document type, and some programs would fetch it from its address.
    return _DOCTYPE.sub(b"", raw.getvalue(), count=1) if ending == "svg" else raw.getvalue()


@dataclass
class _Paper:
    """One map in inches from the upper left corner."""

    axes: Axes
    plan: StaticMap
    words: Words

    def fill(self) -> None:
        self.axes.set_xlim(0, WIDTH)
        self.axes.set_ylim(HEIGHT, 0)
        self.axes.axis("off")
        top = self._head()
        bottom = self._foot()
        left = WIDTH - _MARGIN - _COLUMN
        self._map(_MARGIN, top, left - _GAP, bottom)
        self._names(left, self._legend(left, top) + 0.18, bottom)

    def _text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, **style: object
    ) -> None:
        looks: dict[str, Any] = {"color": _TEXT, "fontproperties": font(size, bold=bold), **style}
        self.axes.text(x, y, text, parse_math=False, **looks)

    def _lines(
        self, y: float, text: str, size: float, *, most: int, bold: bool = False, colour: str
    ) -> float:
        for line in wrap(text, WIDTH - 2 * _MARGIN, size, most=most, bold=bold):
            y += size / _POINTS * _LEADING
            self._text(_MARGIN, y, line, size, bold=bold, color=colour)
        return y

    def _head(self) -> float:
        y = _MARGIN
        if self.plan.mark:
            self.axes.add_patch(Rectangle((0, 0), WIDTH, 0.32, color=_WARNING, linewidth=0))
            marked = fit(plain(self.plan.mark, bold=True), WIDTH - 2 * _MARGIN, 9, bold=True)
            self._text(WIDTH / 2, 0.16, marked, 9, bold=True, ha="center", va="center_baseline")
            y += 0.2
        y = self._lines(y - 0.1, self.plan.kicker, 8.5, most=1, colour=_SOFT)
        y = self._lines(y, self.plan.title, 14, most=2, bold=True, colour=_TEXT)
        return self._lines(y + 0.05, self.plan.about, 8.5, most=3, colour=_SOFT) + 0.22

    def _foot(self) -> float:
        size = 6.5
        lines = wrap(self.plan.credit, WIDTH - 2 * _MARGIN, size, most=3)
        step = size / _POINTS * _LEADING
        y = HEIGHT - 0.24 - step * len(lines)
        for place, line in enumerate(lines, start=1):
            self._text(_MARGIN, y + place * step, line, size, color=_SOFT)
        return y - 0.14

    def _legend(self, x: float, y: float) -> float:
        y = self._heading("html.legend", x, y)
        for key in self.plan.keys:
            self._swatch(key, x, y)
            lines = wrap(key.label, _COLUMN - 0.36, _SMALL, most=2)
            for place, line in enumerate(lines):
                self._text(x + 0.36, y + 0.115 + place * 0.135, line, _SMALL)
            y += 0.205 + 0.135 * (len(lines) - 1)
        return y

    def _heading(self, key: str, x: float, y: float) -> float:
        self._text(x, y + 0.1, plain(self.words.say(key), bold=True), 8, bold=True)
        return y + 0.2

    def _swatch(self, key: Key, x: float, y: float) -> None:
        right, below = x + 0.27, y + 0.15
        corners = [(x, y), (right, y), (right, below), (x, below), (x, y)]
        outline = Outline(corners, closed=True)
        self._fill(outline, key.colour, key.patterns)
        self._edge(outline)

    def _fill(self, outline: Outline, colour: str, patterns: Sequence[Pattern]) -> None:
        # An edge in the same colour closes the hairline between neighbours.
        self.axes.add_patch(PathPatch(outline, color=colour, linewidth=0.3, joinstyle="round"))
        for each in patterns:
            over = PathPatch(outline, fill=False, linewidth=0, edgecolor=line_colour(each, colour))
            over.set_hatch(_HATCHES[each])
            self.axes.add_patch(over)

    def _edge(self, outline: Outline) -> None:
        self.axes.add_patch(
            PathPatch(outline, fill=False, edgecolor=OUTLINE, linewidth=0.6, joinstyle="round")
        )

    def _names(self, x: float, y: float, bottom: float) -> None:
        places = self.plan.places
        y = self._heading("pictures.areas", x, y)
        size = min(_SMALL, (bottom - y) / len(places) * _POINTS / _LEADING)
        if size < _SMALLEST:
            more = self.words.say("pictures.many", count=self.words.count(len(places)))
            for row, line in enumerate(wrap(more, _COLUMN, _SMALL, most=4)):
                self._text(x, y + 0.1 + row * 0.14, line, _SMALL)
            return
        labels = [plain(place.label, bold=True) for place in places]
        indent = max(width(label, size, bold=True) for label in labels)
        step = size / _POINTS * _LEADING
        for row, (label, place) in enumerate(zip(labels, places, strict=True)):
            at = y + row * step + 0.1
            name = fit(plain(place.name), _COLUMN - indent - 0.08, size)
            self._text(x + indent, at, label, size, bold=True, ha="right")
            self._text(x + indent + 0.08, at, name, size)

    def _map(self, left: float, top: float, right: float, bottom: float) -> None:
        shapes = np.array([place.shape for place in self.plan.places])
        west, south, east, north = shapely.total_bounds(shapes)
        room = bottom - 0.28 - top
        scale = min((right - left) / (east - west), room / (north - south))
        # In the middle of its room; the scale bar stands below it.
        x = left + (right - left - (east - west) * scale) / 2
        y = top + (room - (north - south) * scale) / 2
        to_paper = Placing(x - west * scale, y + north * scale, scale)
        outlines = [_outline(shape, to_paper) for shape in shapes]
        for place, outline in zip(self.plan.places, outlines, strict=True):
            self._fill(outline, place.colour, place.patterns)
        for outline in outlines:
            self._edge(outline)
        self._labels(to_paper)
        self._scale_bar(left, bottom, (right - left) / scale, scale)

    def _labels(self, to_paper: Placing) -> None:
        if len(self.plan.places) > _MOST_LABELS:
            return
        for place in self.plan.places:
            ((x, y),) = to_paper(np.array([place.spot]))
            label = plain(place.label, bold=True)
            self._text(
                x, y, label, 8, bold=True, ha="center", va="center_baseline", path_effects=[_HALO]
            )

    def _scale_bar(self, x: float, y: float, metres: float, scale: float) -> None:
        length = round_length(metres * _BAR_SHARE)
        end = x + length * scale
        for line in ([(x, y), (end, y)], [(x, y - 0.05), (x, y)], [(end, y - 0.05), (end, y)]):
            xs, ys = zip(*line, strict=True)
            self.axes.plot(xs, ys, color=_TEXT, linewidth=0.9, solid_capstyle="butt")
        kilometres = length >= 1000  # noqa: PLR2004 - metres
        number = self.words.count(length / 1000 if kilometres else length)
        self._text(end + 0.07, y, f"{number} {'km' if kilometres else 'm'}", 7)


def round_length(longest: float) -> float:
    """Return the longest 1, 2 or 5 followed by zeros that is no longer than this.

    Examples
    --------
    >>> round_length(4740.0), round_length(999.0)
    (2000.0, 500.0)
    """
    unit = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * unit for step in (1, 2, 5) if step * unit <= longest))


def _outline(shape: shapely.Geometry, to_paper: Placing) -> Outline:
    """Return an area as one path; holes turn the other way, which is what leaves them open."""
    rings = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        rings += [part.exterior, *part.interiors]
    paths = [Outline(to_paper(shapely.get_coordinates(ring)), closed=True) for ring in rings]
    return Outline.make_compound_path(*paths)

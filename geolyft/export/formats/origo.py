"""Layers and styles for Origo, ready to be put into a map's ``index.json``.

Origo draws a feature as the first entry says whose filter it meets. A filter is one search in a
text, or comparisons joined by AND; so a class that also has to show what is partial or unsure
becomes several entries. Origo runs filters as script: none quotes what people have named.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.palette import PALETTE
from geolyft.export.figures.partial import is_partial
from geolyft.export.figures.themes import shown_bounds
from geolyft.export.formats.cells import plain_cells
from geolyft.export.formats.geojson import CRS_NAME, FOLDER
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geolyft.export.figures.themes import Shade, Theme
    from geolyft.export.formats.cells import Cell
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

Style: TypeAlias = dict[str, object]
_GROUP: Final = "geolyft"
_NAMES: Final = ("kod", "namn", "kod_1", "namn_1", "kod_2", "namn_2")
_INK: Final = PALETTE["pattern"]
_PIXELS: Final = 1 / 0.28  # in a millimetre, as SLD has it
# What lies over a colour as a pattern in QGIS is an edge here: Origo's areas have no hatching.
_EDGES: Final[Mapping[frozenset[str], Style]] = {
    frozenset(): {"color": PALETTE["outline"], "width": 0.8},
    frozenset({"partial"}): {"color": _INK, "width": 2, "lineDash": [6, 4]},
    frozenset({"unsure"}): {"color": _INK, "width": 2, "lineDash": [1, 4]},
    frozenset({"partial", "unsure"}): {"color": _INK, "width": 2, "lineDash": [6, 4, 1, 4]},
}
_ABSENT: Final[Mapping[str, Style]] = {
    "hidden": {
        "fill": {"color": "#d7dce0"},
        "stroke": {"color": PALETTE["hidden"], "width": 1.6, "lineDash": [8, 3]},
    },
    "missing": {
        "fill": {"color": "#eef0f1"},
        "stroke": {"color": PALETTE["missing"], "width": 1.2, "lineDash": [2, 4]},
    },
}
_NO_LINE: Final[Style] = {"stroke": {"color": PALETTE["outer"], "width": 1, "lineDash": [4, 4]}}
_STATUS: Final = re.compile(r"[a-z+]+")


def origo_config(
    themes: Sequence[Theme], layers: Sequence[Layer], publication: Publication
) -> dict[str, object]:
    """Return ``groups``, ``layers`` and ``styles`` of an Origo map: a layer for each theme.

    The layers read ``geojson/<layer>.geojson`` beside Origo's ``index.json``; the first theme is
    visible. Titles are escaped, because Origo puts them into its page as HTML.
    """
    words = load_words(publication.lang)
    of = {layer.name: layer for layer in layers}
    return {
        "groups": [{"name": _GROUP, "title": html.escape(publication.title), "expanded": True}],
        "layers": [
            _layer(theme, of[theme.layer], visible=place == 0) for place, theme in enumerate(themes)
        ],
        "styles": {style_name(theme): _style(theme, of[theme.layer], words) for theme in themes},
    }


def style_name(theme: Theme) -> str:
    """Return what a theme is called in a web map: its layer and its code.

    Examples
    --------
    >>> from geolyft.export.figures.themes import Theme
    >>> style_name(Theme(code="ekonomi", title="", layer="geso_index", column="", shades=()))
    'geso_index_ekonomi'
    """
    return f"{theme.layer}_{theme.code}"


def _layer(theme: Theme, layer: Layer, *, visible: bool) -> dict[str, object]:
    columns = {*_NAMES, f"{layer.level}_kod", f"{layer.level}_namn"}
    columns |= {theme.column, theme.status, theme.sure, theme.unsure}
    return {
        "name": style_name(theme),
        "title": html.escape(theme.title),
        "abstract": html.escape(theme.noted(layer.abstract)),
        "type": "GEOJSON",
        "source": f"{FOLDER}/{layer.name}.geojson",
        "projection": CRS_NAME,
        "group": _GROUP,
        "style": style_name(theme),
        "legend": True,
        "visible": visible,
        "queryable": True,
        # What a click shows: where it is, the value, and what says how to take it.
        "attributes": [
            {"name": field.name, "title": f"{html.escape(field.alias)}: "}
            for field in layer.fields
            if field.name in columns
        ],
    }


def _style(theme: Theme, layer: Layer, words: Words) -> list[list[Style]]:
    """Return a theme's entries in the order of its legend; every feature meets one."""
    entries = [
        entry for place in range(len(theme.shades)) for entry in _class(theme, place, layer, words)
    ]
    if theme.status:
        # Hidden before missing: where either holds there is no value.
        hidden = _ABSENT["hidden"]
        entries.append(_entry(theme.labels["hidden"], f"[{theme.status}] == '/hidden/'", hidden))
    missing = _NO_LINE if theme.is_line else _ABSENT["missing"]
    entries.append(_entry(theme.labels["missing"], f"[{theme.column}] == 'null'", missing))
    return [[entry] for entry in entries]


def _class(theme: Theme, place: int, layer: Layer, words: Words) -> Iterator[Style]:
    """Yield the entries of one class: what is marked in it first, then the rest."""
    shade = theme.shades[place]
    chain = _inside(theme.column, shade)
    if theme.sure and place != theme.neutral:
        chain.append(f"[{theme.sure}] == 'true'")
    for marks, status in _marked(theme, shade, layer):
        label = ", ".join([shade.label, *(theme.labels[mark] for mark in sorted(marks))])
        more = [f"[{theme.status}] == '{status}'"] if "partial" in marks else []
        more += [f"[{theme.unsure}] != 'true'"] if "unsure" in marks else []
        yield _entry(label, " AND ".join(chain + more), _look(shade, marks))
    yield _entry(shade.label, " AND ".join(chain), _look(shade))
    if theme.sure and place == theme.neutral:
        unsure = f"[{theme.column}] != 'null' AND [{theme.sure}] != 'true'"
        yield _entry(words.say("page.unsure_change"), unsure, _look(shade))


def _inside(column: str, shade: Shade) -> list[str]:
    low, high = shown_bounds(shade.low, shade.high)
    chain = [] if low is None else [f"[{column}] >= {low}"]
    chain += [] if high is None else [f"[{column}] < {high}"]
    return chain or [f"[{column}] != 'null'"]


def _marked(theme: Theme, shade: Shade, layer: Layer) -> list[tuple[frozenset[str], str]]:
    """Return which marks a class has areas with, and the status that says them, most marks first.

    Origo cannot search in a text and compare a number in one filter, so the statuses are named.
    """
    columns = (_column(layer, name) for name in (theme.column, theme.status, theme.unsure))
    marked = set()
    for value, status, is_sure in zip(*columns, strict=True):
        if _is_in(shade, value):
            partial = str(status) if theme.partial == "some" and is_partial(status) else ""
            marks = {"partial"} if _STATUS.fullmatch(partial) else set()
            marks |= {"unsure"} if theme.unsure and is_sure is not True else set()
            marked.add((frozenset(marks), partial if "partial" in marks else ""))
    return sorted((each for each in marked if each[0]), key=lambda each: (-len(each[0]), each[1]))


def _column(layer: Layer, name: str) -> Sequence[Cell]:
    for field in layer.fields:
        if field.name == name:
            return plain_cells(layer, field)
    return [None] * len(layer.frame)


def _is_in(shade: Shade, value: Cell) -> bool:
    if value is None:
        return False
    rounded = round(float(value), DECIMALS)
    above = shade.low is None or rounded >= shade.low
    return above and (shade.high is None or rounded < shade.high)


def _look(shade: Shade, marks: frozenset[str] = frozenset()) -> Style:
    if shade.width:
        return {"stroke": {"color": shade.colour, "width": round(shade.width * _PIXELS, 1)}}
    return {"fill": {"color": shade.colour}, "stroke": _EDGES[marks]}


def _entry(label: str, condition: str, look: Style) -> Style:
    return {"label": html.escape(label), "filter": condition, **look}

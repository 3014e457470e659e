"""The printed pages of a project: one map on A4 and A3, and an atlas with a page per area.

Texts that come with the data stand in the project's variables and are only named here: QGIS
computes what a label says, but never what a variable holds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.qgis.document import element
from geolyft.export.qgis.printed.atlas import atlas
from geolyft.export.qgis.printed.content import LOGO, SHOWN, Printed
from geolyft.export.qgis.printed.items import Box, PrintedSheet, fitted, fitting
from geolyft.export.qgis.printed.parts import (
    CHOSEN,
    MAP,
    atlas_of,
    banner,
    footing,
    layout_of,
    legend,
    scale_and_north,
    variable,
)
from geolyft.export.qgis.printed.style import QUIET

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from geolyft.export.qgis.printed.items import Extent

_A3: Final = 420 / 297
_OF_PAGE: Final = f"if(@atlas_featureid IS NULL, {CHOSEN}, attribute(@atlas_feature, '{SHOWN}'))"
"""The theme of a page of the atlas of themes, and the chosen one while none is previewed."""
_LONGEST_BAR: Final = 52.0


def layouts(printed: Printed) -> Element:
    """Return every printed page of a project."""
    return element(
        "Layouts",
        _map_page(printed.sheet("layout_a4", 297, 210), printed, paper="A4"),
        _map_page(printed.sheet("layout_a3", 420, 297, _A3), printed, paper="A3"),
        atlas(printed.sheet("layout_atlas", 210, 297), printed),
    )


def _map_page(sheet: PrintedSheet, printed: Printed, *, paper: str) -> Element:
    """Return one map, with what is needed to read it on its right side."""
    top = 36 if printed.publication.synthetic else 29
    whole = Box(12, top, 193, 191 - top)
    side = Box(210, top, 75, 191 - top)
    below = side.y + 6 + printed.legend_height + 4
    extent = _at_round_scale(printed, whole.times(sheet.scale))
    lengths = _bar_lengths(extent, whole) if printed.is_metric else (_LONGEST_BAR / 2, _LONGEST_BAR)
    items = [
        *_heading(sheet, printed),
        sheet.map(
            MAP, whole, extent, theme=printed.preset, data={"dataDefinedMapStylePreset": _OF_PAGE}
        ),
        *legend(sheet, side, printed),
        # Over the scale: a legend is as long as what the map shows has classes.
        sheet.label(
            "läsning",
            Box(side.x, below, side.width, 170 - below),
            f"[% {printed.said('lasning', _OF_PAGE)} %]\n\n{variable('forsiktighet')}",
            size=8,
            upright="bottom",
        ),
        *scale_and_north(
            sheet, Box(side.x, 174, side.width, 17), printed, paper=paper, lengths=lengths
        ),
        *footing(sheet, printed, Box(12, 194, 273, 8)),
        sheet.picture("logotyp", Box(251, 8, 34, 16), source=f"@geolyft_{LOGO}"),
    ]
    return layout_of(sheet, items, _pages_of_themes(printed))


def _at_round_scale(printed: Printed, box: Box) -> Extent:
    """Return the areas' extent in a box, at a scale of two or three figures."""
    west, south, east, north = extent = fitted(printed.extent, box)
    if not printed.is_metric:
        return extent
    exact = (east - west) * 1000 / box.width
    step = 5 * 10 ** (math.floor(math.log10(exact)) - 2)
    grow = math.ceil(exact / step) * step / exact
    middle, half = (
        ((west + east) / 2, (south + north) / 2),
        ((east - west) / 2, (north - south) / 2),
    )
    return (
        middle[0] - half[0] * grow,
        middle[1] - half[1] * grow,
        middle[0] + half[0] * grow,
        middle[1] + half[1] * grow,
    )


def _bar_lengths(extent: Extent, box: Box) -> tuple[float, float]:
    """Return between what lengths a scale bar is of 1, 2 or 5 km, or tens of these."""
    per_mm = (extent[2] - extent[0]) / box.width
    tens = 10 ** math.floor(math.log10(per_mm * _LONGEST_BAR))
    length = max(n * tens for n in (1, 2, 5) if n * tens <= per_mm * _LONGEST_BAR) / per_mm
    return length * 0.95, length * 1.05


def _heading(sheet: PrintedSheet, printed: Printed) -> list[Element]:
    size = fitting(18, len(printed.publication.title), 52)
    shown = f"[% {printed.said('rubrik', _OF_PAGE)} || ' · ' || @geolyft_stad %]"
    items = [
        sheet.label("titel", Box(12, 9, 235, 9), variable("titel"), size=size, bold=True,
                    upright="middle"),
        sheet.label("tema", Box(12, 19, 235, 7), shown,
                    size=fitting(11, printed.longest_theme + len(printed.publication.city), 112),
                    colour=QUIET),
    ]  # fmt: skip
    return [*items, *banner(sheet, Box(12, 27, 273, 6), printed)]


def _pages_of_themes(printed: Printed) -> Element:
    """Return the atlas of a map page: a page for each map theme, in the order of the table."""
    named = "regexp_replace(\"tema\", '[^0-9A-Za-zÅÄÖåäö_-]+', '_')"
    return atlas_of(
        printed.listed,
        page=f'"{SHOWN}"',
        file=f"'karta_' || @atlas_featurenumber || '_' || {named}",
    )

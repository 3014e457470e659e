"""The atlas: a page for each area, with where it is, its figures, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.qgis.printed.content import LOGO, Printed
from geolyft.export.qgis.printed.figures import Scores
from geolyft.export.qgis.printed.items import Box, PrintedSheet, fitting
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


_AROUND: Final = 0.08
# At each of these, half as large again at most, few figures tell how long a bar of 4 to 5 cm is.
_SCALES: Final = tuple(
    n * tens for tens in (1_000, 10_000, 100_000) for n in (1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10)
)
_ATLAS_BAR: Final = (39.5, 50.4)


def atlas(sheet: PrintedSheet, printed: Printed) -> Element:
    """Return a page per area: where it is, what its figures are, and how sure they are."""
    top = 44 if printed.publication.synthetic else 37
    whole = Box(14, top, 182, 158 - top)
    right = Box(126, 164, 70, 96)
    measures = Box(right.x, right.y + 6 + printed.legend_height + 8, right.width, 17)
    reading = f"[% {printed.said('lasning', CHOSEN)} %] {variable('forsiktighet')}"
    follows = {"dataDefinedMapStylePreset": CHOSEN}
    scaled = _round_scale(whole) if printed.is_metric else {}
    items = [
        *_page_heading(sheet, printed),
        sheet.map(MAP, whole, printed.extent, theme=printed.preset, margin=_AROUND,
                  data={**follows, **scaled}),
        *_scores(sheet, printed).items(Box(14, 164, 104, 97)),
        *legend(sheet, right, printed),
        *scale_and_north(sheet, measures, printed, paper="A4", lengths=_ATLAS_BAR),
        sheet.map("läge", Box(168, 8, 28, 26), printed.extent, theme=printed.locator_preset),
        sheet.picture("logotyp", Box(162, 246, 34, 15), source=f"@geolyft_{LOGO}"),
        sheet.label("läsning", Box(14, 264, 182, 10), reading, size=7.5),
        *footing(sheet, printed, Box(14, 276, 182, 12), page=_page_of(printed)),
    ]  # fmt: skip
    return layout_of(sheet, items, _pages_of_areas(printed))


def _page_heading(sheet: PrintedSheet, printed: Printed) -> list[Element]:
    code, name = printed.named
    size = fitting(8.5, len(printed.publication.title) + printed.longest_theme, 75)
    shown = printed.said("rubrik", CHOSEN)
    return [
        sheet.label("titel", Box(14, 11, 151, 5), f"{variable('titel')} · [% {shown} %]",
                    size=size, colour=QUIET),
        sheet.label("område", Box(14, 17, 151, 17), f"[% {code} %] [% {name} %]",
                    size=fitting(19, printed.longest_name, 58), bold=True, upright="middle"),
        *banner(sheet, Box(14, 36, 182, 6), printed),
    ]  # fmt: skip


def _scores(sheet: PrintedSheet, printed: Printed) -> Scores:
    return Scores(
        sheet=sheet, layer=printed.layer, publication=printed.publication, words=printed.words
    )


def _round_scale(box: Box) -> dict[str, str]:
    """Return the largest round scale that holds the page's area, and a little around it."""
    wide, high = (f"bounds_{side}(@atlas_geometry)" for side in ("width", "height"))
    room = 1 - 2 * _AROUND
    needed = f"max({wide} / {box.width * room}, {high} / {box.height * room}) * 1000"
    scales = ", ".join(f"{scale:.0f}" for scale in _SCALES)
    first = f"array_first(array_filter(array({scales}), @element >= {needed}))"
    return {"dataDefinedMapScale": first}


def _page_of(printed: Printed) -> str:
    number, count = "[% @atlas_featurenumber %]", "[% @atlas_totalfeatures %]"
    return f"{printed.say('page')} {number} {printed.say('of')} {count} · "


def _pages_of_areas(printed: Printed) -> Element:
    """Return the atlas of areas: a page for each, in the order of the layer's rows."""
    code, name = printed.named
    # Numbered, since two codes may look the same once they are fit for a file's name.
    named = f"regexp_replace({code}, '[^0-9A-Za-z_-]', '_')"
    return atlas_of(
        printed.areas,
        page=f"{code} || ' ' || {name}",
        file=f"'omrade_' || @atlas_featurenumber || '_' || {named}",
    )

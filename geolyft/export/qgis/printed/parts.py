"""What map and atlas have in common: legend, scale, foot, and how a layout is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.qgis.document import element, options, string_literal
from geolyft.export.qgis.printed.content import AUTHOR, CASE, SHOWN, Printed, Shown
from geolyft.export.qgis.printed.figures import THIN
from geolyft.export.qgis.printed.items import Box, PrintedSheet
from geolyft.export.qgis.printed.style import INK, QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element


BANNER: Final = "#fff1c2"
_DPI: Final = "300"
_TODAY: Final = "[% format_date(now(), 'yyyy-MM-dd') %]"
MAP: Final = "karta"
CHOSEN: Final = f"@geolyft_{SHOWN}"
_OF_OFFICE: Final = (
    f"[% array_to_string(array_filter(array(@geolyft_{CASE}, @geolyft_{AUTHOR}), "
    "coalesce(@element, '') <> ''), ' · ') %]"
)


def variable(name: str) -> str:
    """Return what stands in a label for a variable of the project.

    Examples
    --------
    >>> variable("titel")
    '[% @geolyft_titel %]'
    """
    return f"[% @geolyft_{name} %]"


def layout_of(
    sheet: PrintedSheet, items: Sequence[Element], atlas: Element | None = None
) -> Element:
    """Return a layout of a sheet and its items, the first undermost."""
    for place, item in enumerate(items, start=1):
        item.set("zValue", str(place))
    return element(
        "Layout",
        element("Snapper", snapToGuides="1", snapToGrid="0", snapToItems="1", tolerance="5"),
        element("Grid", resolution="10", offsetX="0", offsetY="0", resUnits="mm", offsetUnits="mm"),
        sheet.page(),
        *items,
        atlas,
        name=sheet.name,
        units="mm",
        printResolution=_DPI,
    )


def banner(sheet: PrintedSheet, box: Box, printed: Printed) -> list[Element]:
    """Say of made-up figures that they are, over the map where nobody can crop it away unseen."""
    if not printed.publication.synthetic:
        return []
    return [
        sheet.label("syntetiskt", box, variable("syntetiskt"), bold=True, paper=BANNER,
                    align="centre", upright="middle")
    ]  # fmt: skip


def legend(sheet: PrintedSheet, box: Box, printed: Printed) -> list[Element]:
    """Return a legend of what the map shows, with room for the theme of most classes."""
    heading = Box(box.x, box.y, box.width, 5)
    below = Box(box.x, box.y + 6, box.width, printed.legend_height)
    return [
        sheet.label("rubrik teckenförklaring", heading, printed.say("legend"), bold=True),
        sheet.legend("teckenförklaring", below, _legend_tree(printed), of=MAP, size=7.5),
    ]


def _legend_tree(printed: Printed) -> Element:
    """Return every coloured layer: the legend is filtered to those, and classes, on the map."""
    leaves = [
        element(
            "layer-tree-layer",
            element("customproperties", options({"legend/title-style": "hidden"})),
            id=each.layer_id,
            name=each.entry.name,
            source=each.source,
            providerKey="ogr",
            checked="Qt::Checked",
            expanded="1",
            legend_exp="",
            patch_size="-1,-1",
        )
        for each in printed.shown
    ]
    return element("layer-tree-group", element("customproperties"), *leaves)


def scale_and_north(
    sheet: PrintedSheet, box: Box, printed: Printed, *, paper: str, lengths: tuple[float, float]
) -> list[Element]:
    """Return scale bar, scale and an arrow: north of the map's own grid is up on every page."""
    language = string_literal(printed.publication.lang)
    scale = f"format_number(item_variables({string_literal(MAP)})['map_scale'], 0, {language})"
    shown = f"{printed.say('scale')} 1:[% {THIN.format(number=scale)} %] ({paper})"
    letter = Box(box.x + box.width - 9, box.y, 9, 4)
    half, high = 2.3, 10.0
    arrow = Box(letter.x + letter.width / 2 - half, box.y + 5, 2 * half, high)
    corners = [(half, 0.0), (2 * half, high), (half, high * 0.75), (0.0, high)]
    bar = Box(box.x, box.y, box.width - 11, 10)
    return [
        sheet.scale_bar("skalstock", bar, of=MAP, lengths=lengths),
        sheet.label("skala", Box(box.x, box.y + 11, bar.width, 4), shown, size=7, colour=QUIET),
        sheet.label("norr", letter, printed.say("north"), size=8, bold=True, align="centre"),
        sheet.polygon("nordpil", arrow, corners, colour=INK),
    ]


def footing(sheet: PrintedSheet, printed: Printed, box: Box, *, page: str = "") -> list[Element]:
    """Return the sources, and when, by whom and in what matter the page was printed."""
    dated = 52.0
    left = Box(box.x, box.y, box.width - dated - 4, box.height)
    date = Box(box.x + box.width - dated, box.y, dated, box.height)
    text = f"{page}{printed.say('printed')} {_TODAY}\n{_OF_OFFICE}"
    return [
        sheet.label("källor", left, variable("kallor"), size=6.5, colour=QUIET),
        sheet.label("utskriven", date, text, size=6.5, colour=QUIET, align="right"),
    ]


def atlas_of(shown: Shown, *, page: str, file: str) -> Element:
    """Return an atlas over the rows of a layer, with expressions of a page's name and file."""
    return element(
        "Atlas",
        enabled="1",
        coverageLayer=shown.layer_id,
        coverageLayerName=shown.entry.layer.name,
        coverageLayerSource=shown.source,
        coverageLayerProvider="ogr",
        hideCoverage="0",
        sortFeatures="1",
        sortKey="$id",
        sortAscending="1",
        filterFeatures="0",
        pageNameExpression=page,
        filenamePattern=file,
    )

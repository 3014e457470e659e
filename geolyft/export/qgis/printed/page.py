"""The printed pages of a project: one map on A4 and A3, and an atlas with a page per area.

Texts that come with the data stand in the project's variables and are only named here: QGIS
computes what a label says, but never what a variable holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.rules import rules_of
from geolyft.export.qgis.document import element, options, string_literal
from geolyft.export.qgis.expressions import quoted
from geolyft.export.qgis.printed.figures import THIN, Scores
from geolyft.export.qgis.printed.items import Box, PrintedSheet, fitted, fitting
from geolyft.export.qgis.printed.style import INK, QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.qgis.content import ProjectLayer
    from geolyft.export.qgis.printed.items import Extent
    from geolyft.export.words import Words

BANNER: Final = "#fff1c2"
_A3: Final = 420 / 297
_DPI: Final = "300"
_AROUND: Final = 0.08
_TODAY: Final = "[% format_date(now(), 'yyyy-MM-dd') %]"
_MAP: Final = "karta"
SHOWN: Final = "tema"
"""The variable, and the column of the table of map themes, with the theme that a page shows."""
_CHOSEN: Final = f"@geolyft_{SHOWN}"
_OF_PAGE: Final = f"if(@atlas_featureid IS NULL, {_CHOSEN}, attribute(@atlas_feature, '{SHOWN}'))"
"""The theme of a page of the atlas of themes, and the chosen one while none is previewed."""
LOGO, CASE, AUTHOR = "logotyp", "diarienummer", "handlaggare"
FIELDS: Final = (LOGO, CASE, AUTHOR)
"""Variables that an office fills in: a picture's path, the number of its case, who made the map."""
_OF_OFFICE: Final = (
    f"[% array_to_string(array_filter(array(@geolyft_{CASE}, @geolyft_{AUTHOR}), "
    "coalesce(@element, '') <> ''), ' · ') %]"
)
_LEGEND_ROW: Final = 5.2
_LONGEST_BAR: Final = 52.0
# At each of these, half as large again at most, few figures tell how long a bar of 4 to 5 cm is.
_SCALES: Final = tuple(
    n * tens for tens in (1_000, 10_000, 100_000) for n in (1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10)
)
_ATLAS_BAR: Final = (39.5, 50.4)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A layer of the project that pages name."""

    entry: ProjectLayer
    layer_id: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What the pages are made from.

    Parameters
    ----------
    shown
        Every coloured layer of the project; legends have room for any of its styles.
    areas
        The areas with names, of which the atlas has a page each.
    listed
        The table of map themes, with what a page says of each.
    preset, locator_preset
        The map themes of the map, and of the atlas' small map of the whole.
    extent
        Of the areas.
    is_metric
        Whether it is in metres.
    """

    publication: Publication
    words: Words
    shown: tuple[Shown, ...]
    areas: Shown
    listed: Shown
    preset: str
    locator_preset: str
    extent: Extent
    is_metric: bool

    def say(self, key: str) -> str:
        """Return a text of the pages."""
        return self.words.say(f"qgis.{key}")

    def sheet(self, name: str, width: float, height: float, scale: float = 1.0) -> PrintedSheet:
        """Return a sheet of paper."""
        decimal = self.words.section("number")["decimal"]
        return PrintedSheet(
            name=self.say(name), width=width, height=height, scale=scale, decimal=decimal
        )

    def said(self, column: str, of: str) -> str:
        """Return an expression of what the table of map themes says of one.

        Parameters
        ----------
        of
            An expression of its name.
        """
        row = f"get_feature({string_literal(self.listed.layer_id)}, '{SHOWN}', {of})"
        return f"attribute({row}, '{column}')"

    @property
    def layer(self) -> Layer:
        """The areas that the atlas has pages of."""
        return self.areas.entry.layer

    @property
    def named(self) -> tuple[str, str]:
        """The columns of an area's code and name, as expressions name them."""
        level = self.layer.level
        return quoted(f"{level}_kod"), quoted(f"{level}_namn")

    @property
    def longest_name(self) -> int:
        """How many characters the longest code and name have."""
        codes, names = (self.layer.frame[f"{self.layer.level}_{end}"] for end in ("kod", "namn"))
        return int((codes.str.len() + 1 + names.str.len()).max())

    @property
    def legend_height(self) -> float:
        """How high the legend of the theme with the most classes is."""
        themes = (theme for each in self.shown for theme in each.entry.themes)
        # What is shown, and its classes.
        return _LEGEND_ROW * (1 + max(len(rules_of(theme)) for theme in themes))

    @property
    def longest_theme(self) -> int:
        """How many characters the longest name of what a page shows has."""
        return int(self.listed.entry.layer.frame["rubrik"].str.len().max())


def layouts(printed: Printed) -> Element:
    """Return every printed page of a project."""
    return element(
        "Layouts",
        _map_page(printed.sheet("layout_a4", 297, 210), printed, paper="A4"),
        _map_page(printed.sheet("layout_a3", 420, 297, _A3), printed, paper="A3"),
        _atlas(printed.sheet("layout_atlas", 210, 297), printed),
    )


def variable(name: str) -> str:
    """Return what stands in a label for a variable of the project.

    Examples
    --------
    >>> variable("titel")
    '[% @geolyft_titel %]'
    """
    return f"[% @geolyft_{name} %]"


def _layout(sheet: PrintedSheet, items: Sequence[Element], atlas: Element | None = None) -> Element:
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
            _MAP, whole, extent, theme=printed.preset, data={"dataDefinedMapStylePreset": _OF_PAGE}
        ),
        *_legend(sheet, side, printed),
        # Over the scale: a legend is as long as what the map shows has classes.
        sheet.label(
            "läsning",
            Box(side.x, below, side.width, 170 - below),
            f"[% {printed.said('lasning', _OF_PAGE)} %]\n\n{variable('forsiktighet')}",
            size=8,
            upright="bottom",
        ),
        *_measures(sheet, Box(side.x, 174, side.width, 17), printed, paper=paper, lengths=lengths),
        *_footing(sheet, printed, Box(12, 194, 273, 8)),
        sheet.picture("logotyp", Box(251, 8, 34, 16), source=f"@geolyft_{LOGO}"),
    ]
    return _layout(sheet, items, _pages_of_themes(printed))


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
    return [*items, *_banner(sheet, Box(12, 27, 273, 6), printed)]


def _banner(sheet: PrintedSheet, box: Box, printed: Printed) -> list[Element]:
    """Say of made-up figures that they are, over the map where nobody can crop it away unseen."""
    if not printed.publication.synthetic:
        return []
    return [
        sheet.label("syntetiskt", box, variable("syntetiskt"), bold=True, paper=BANNER,
                    align="centre", upright="middle")
    ]  # fmt: skip


def _legend(sheet: PrintedSheet, box: Box, printed: Printed) -> list[Element]:
    heading = Box(box.x, box.y, box.width, 5)
    below = Box(box.x, box.y + 6, box.width, printed.legend_height)
    return [
        sheet.label("rubrik teckenförklaring", heading, printed.say("legend"), bold=True),
        sheet.legend("teckenförklaring", below, _legend_tree(printed), of=_MAP, size=7.5),
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


def _measures(
    sheet: PrintedSheet, box: Box, printed: Printed, *, paper: str, lengths: tuple[float, float]
) -> list[Element]:
    """Return scale bar, scale and an arrow: north of the map's own grid is up on every page."""
    language = string_literal(printed.publication.lang)
    scale = f"format_number(item_variables({string_literal(_MAP)})['map_scale'], 0, {language})"
    shown = f"{printed.say('scale')} 1:[% {THIN.format(number=scale)} %] ({paper})"
    letter = Box(box.x + box.width - 9, box.y, 9, 4)
    half, high = 2.3, 10.0
    arrow = Box(letter.x + letter.width / 2 - half, box.y + 5, 2 * half, high)
    corners = [(half, 0.0), (2 * half, high), (half, high * 0.75), (0.0, high)]
    bar = Box(box.x, box.y, box.width - 11, 10)
    return [
        sheet.scale_bar("skalstock", bar, of=_MAP, lengths=lengths),
        sheet.label("skala", Box(box.x, box.y + 11, bar.width, 4), shown, size=7, colour=QUIET),
        sheet.label("norr", letter, printed.say("north"), size=8, bold=True, align="centre"),
        sheet.polygon("nordpil", arrow, corners, colour=INK),
    ]


def _footing(sheet: PrintedSheet, printed: Printed, box: Box, *, page: str = "") -> list[Element]:
    dated = 52.0
    left = Box(box.x, box.y, box.width - dated - 4, box.height)
    date = Box(box.x + box.width - dated, box.y, dated, box.height)
    text = f"{page}{printed.say('printed')} {_TODAY}\n{_OF_OFFICE}"
    return [
        sheet.label("källor", left, variable("kallor"), size=6.5, colour=QUIET),
        sheet.label("utskriven", date, text, size=6.5, colour=QUIET, align="right"),
    ]


def _atlas(sheet: PrintedSheet, printed: Printed) -> Element:
    """Return a page per area: where it is, what its figures are, and how sure they are."""
    top = 44 if printed.publication.synthetic else 37
    whole = Box(14, top, 182, 158 - top)
    right = Box(126, 164, 70, 96)
    measures = Box(right.x, right.y + 6 + printed.legend_height + 8, right.width, 17)
    reading = f"[% {printed.said('lasning', _CHOSEN)} %] {variable('forsiktighet')}"
    follows = {"dataDefinedMapStylePreset": _CHOSEN}
    scaled = _round_scale(whole) if printed.is_metric else {}
    items = [
        *_page_heading(sheet, printed),
        sheet.map(_MAP, whole, printed.extent, theme=printed.preset, margin=_AROUND,
                  data={**follows, **scaled}),
        *_scores(sheet, printed).items(Box(14, 164, 104, 97)),
        *_legend(sheet, right, printed),
        *_measures(sheet, measures, printed, paper="A4", lengths=_ATLAS_BAR),
        sheet.map("läge", Box(168, 8, 28, 26), printed.extent, theme=printed.locator_preset),
        sheet.picture("logotyp", Box(162, 246, 34, 15), source=f"@geolyft_{LOGO}"),
        sheet.label("läsning", Box(14, 264, 182, 10), reading, size=7.5),
        *_footing(sheet, printed, Box(14, 276, 182, 12), page=_page_of(printed)),
    ]  # fmt: skip
    return _layout(sheet, items, _pages_of_areas(printed))


def _page_heading(sheet: PrintedSheet, printed: Printed) -> list[Element]:
    code, name = printed.named
    size = fitting(8.5, len(printed.publication.title) + printed.longest_theme, 75)
    shown = printed.said("rubrik", _CHOSEN)
    return [
        sheet.label("titel", Box(14, 11, 151, 5), f"{variable('titel')} · [% {shown} %]",
                    size=size, colour=QUIET),
        sheet.label("område", Box(14, 17, 151, 17), f"[% {code} %] [% {name} %]",
                    size=fitting(19, printed.longest_name, 58), bold=True, upright="middle"),
        *_banner(sheet, Box(14, 36, 182, 6), printed),
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


def _pages_of_themes(printed: Printed) -> Element:
    """Return the atlas of a map page: a page for each map theme, in the order of the table."""
    named = "regexp_replace(\"tema\", '[^0-9A-Za-zÅÄÖåäö_-]+', '_')"
    return _atlas_of(
        printed.listed,
        page=f'"{SHOWN}"',
        file=f"'karta_' || @atlas_featurenumber || '_' || {named}",
    )


def _pages_of_areas(printed: Printed) -> Element:
    """Return the atlas of areas: a page for each, in the order of the layer's rows."""
    code, name = printed.named
    # Numbered, since two codes may look the same once they are fit for a file's name.
    named = f"regexp_replace({code}, '[^0-9A-Za-z_-]', '_')"
    return _atlas_of(
        printed.areas,
        page=f"{code} || ' ' || {name}",
        file=f"'omrade_' || @atlas_featurenumber || '_' || {named}",
    )


def _atlas_of(shown: Shown, *, page: str, file: str) -> Element:
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

"""What stands on a printed page: labels, maps, legends, scale bars and drawn shapes.

Measures are millimetres on A4. A sheet of another size has the same page, enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geolyft.export.qgis.document import braced, data_defined, element, fill
from geolyft.export.qgis.printed.style import (
    BOLD,
    INK,
    LEFT,
    LEGEND_LOOK,
    LEGEND_MARGINS,
    LINE,
    NORMAL,
    SCALE_BAR_LOOK,
    colour_element,
    font,
    line,
    number_format,
    text_style,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

Align = Literal["left", "centre", "right"]
Upright = Literal["top", "middle", "bottom"]
Extent = tuple[float, float, float, float]
"""West, south, east, north."""

# QGIS's own numbers.
_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _SHAPE, _POLYGON, _SCALE_BAR = (
    "65638",
    "65639",
    "65640",
    "65641",
    "65642",
    "65643",
    "65644",
    "65646",
)
_ALIGN: Final = {"left": "1", "centre": "4", "right": "2"}
_UPRIGHT: Final = {"top": "32", "middle": "128", "bottom": "64"}
_SHAPES: Final = {"ellipse": "0", "rectangle": "1"}
_WHITE: Final = "#ffffff"
_SMALLEST: Final = 5.0


@dataclass(frozen=True)
class Box:
    """Where something stands, from the upper left corner of the page."""

    x: float
    y: float
    width: float
    height: float

    def times(self, scale: float) -> Box:
        """Return the box on a page enlarged so many times."""
        return Box(self.x * scale, self.y * scale, self.width * scale, self.height * scale)


@dataclass(frozen=True, kw_only=True)
class PrintedSheet:
    """A page that items are made for.

    Parameters
    ----------
    name
        Of the layout; part of every item's id.
    width, height
        Millimetres of the paper.
    scale
        How many times what stands on it is enlarged from A4.
    decimal
        The sign between whole and part on the scale bar.
    """

    name: str
    width: float
    height: float
    scale: float = 1.0
    decimal: str = ","

    def item(
        self,
        kind: str,
        name: str,
        box: Box,
        *children: Element,
        frame: str = "",
        paper: str = "",
        data: Mapping[str, str] | None = None,
        **attributes: str,
    ) -> Element:
        """Return any item.

        Parameters
        ----------
        frame, paper
            Colours; nothing for none.
        data
            What an expression decides, as QGIS names it.
        """
        scaled = box.times(self.scale)
        here = f"{scaled.x:.2f},{scaled.y:.2f},mm"
        return element(
            "LayoutItem",
            colour_element("FrameColor", frame or INK),
            colour_element("BackgroundColor", paper or _WHITE),
            element("LayoutObject", data_defined(data or {})),
            *children,
            type=kind,
            id=name,
            uuid=self.id_of(name),
            position=here,
            positionOnPage=here,
            size=f"{scaled.width:.2f},{scaled.height:.2f},mm",
            referencePoint="0",
            opacity="1",
            visibility="1",
            excludeFromExports="0",
            frame=str(bool(frame)).lower(),
            frameJoinStyle="miter",
            outlineWidthM="0.2,mm",
            background=str(bool(paper)).lower(),
            **attributes,
        )

    def id_of(self, name: str) -> str:
        """Return the id of the item with this name."""
        return braced(self.name, name)

    def page(self) -> Element:
        """Return the paper itself."""
        white = fill(_WHITE)
        whole = Box(0, 0, self.width / self.scale, self.height / self.scale)
        paper = self.item(_PAGE, "", whole, white, paper=_WHITE)
        return element("PageCollection", fill(_WHITE), paper)

    def label(
        self,
        name: str,
        box: Box,
        text: str,
        *,
        size: float = 9,
        bold: bool = False,
        colour: str = INK,
        paper: str = "",
        align: Align = "left",
        upright: Upright = "top",
        margin: float = 0,
    ) -> Element:
        """Return a text; it is never read as HTML, and ``[% … %]`` in it is computed."""
        weight = BOLD if bold else NORMAL
        return self.item(
            _LABEL,
            name,
            box,
            font("LabelFont", size * self.scale, weight),
            colour_element("FontColor", colour),
            paper=paper,
            labelText=text,
            htmlState="0",
            halign=_ALIGN[align],
            valign=_UPRIGHT[upright],
            marginX=f"{margin * self.scale:.2f}",
            marginY="0",
        )

    def map(
        self,
        name: str,
        box: Box,
        extent: Extent,
        *,
        theme: str,
        margin: float | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Element:
        """Return a map that shows a map theme.

        Parameters
        ----------
        margin
            For a map of the atlas' own area: how much around it, as a share of its size.
        data
            See `item`.
        """
        west, south, east, north = fitted(extent, box)
        follows = element("AtlasMap", atlasDriven="0")
        if margin is not None:
            follows = element("AtlasMap", atlasDriven="1", scalingMode="2", margin=f"{margin}")
        bounds = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
        return self.item(
            _MAP,
            name,
            box,
            element("Extent", **{side: repr(place) for side, place in bounds.items()}),
            element("LayerSet"),
            follows,
            frame=LINE,
            paper=_WHITE,
            data=data,
            followPreset="true",
            followPresetName=theme,
            keepLayerSet="false",
            mapRotation="0",
            drawCanvasItems="false",
        )

    def legend(self, name: str, box: Box, tree: Element, *, of: str, size: float = 8) -> Element:
        """Return a legend of those layers in a tree that the map shows, without their names.

        Parameters
        ----------
        of
            The name of the map it explains.
        """
        styles = [
            element(
                "style",
                font("styleFont", size * self.scale, NORMAL),
                name=style,
                **{side: f"{mm * self.scale:.2f}" for side, mm in margins.items()},
                **LEFT,
            )
            for style, margins in LEGEND_MARGINS.items()
        ]
        node = self.item(
            _LEGEND,
            name,
            box,
            element("styles", *styles),
            tree,
            map_uuid=self.id_of(of),
            symbolWidth=f"{7 * self.scale:.2f}",
            symbolHeight=f"{4 * self.scale:.2f}",
        )
        node.attrib.update(LEGEND_LOOK)
        return node

    def scale_bar(
        self, name: str, box: Box, *, of: str, lengths: tuple[float, float], size: float = 8
    ) -> Element:
        """Return a scale bar in kilometres that fits whatever the map shows.

        Parameters
        ----------
        of
            The name of the map.
        lengths
            How short and how long it may be; QGIS takes the roundest distance between.
        """
        shortest, longest = (f"{length * self.scale:.2f}" for length in lengths)
        thin = ("lineSymbol", "divisionLineSymbol", "subdivisionLineSymbol")
        node = self.item(
            _SCALE_BAR,
            name,
            box,
            text_style(size * self.scale),
            number_format(self.decimal),
            element("fillSymbol1", fill(INK)),
            element("fillSymbol2", fill(_WHITE)),
            *(element(tag, line(INK, 0.2)) for tag in thin),
            mapUuid=self.id_of(of),
            minBarWidth=shortest,
            maxBarWidth=longest,
            height=f"{1.6 * self.scale:.2f}",
        )
        node.attrib.update(SCALE_BAR_LOOK)
        return node

    def picture(self, name: str, box: Box, *, source: str) -> Element:
        """Return a picture whose path an expression gives; nothing where it gives none."""
        data = {"dataDefinedSource": source}
        return self.item(
            _PICTURE, name, box, data=data, file="", resizeMode="0", anchorPoint="2", mode="2"
        )

    def shape(
        self,
        name: str,
        box: Box,
        *,
        kind: Literal["rectangle", "ellipse"] = "rectangle",
        colour: str,
        outline: str = "",
        data: Mapping[str, str] | None = None,
    ) -> Element:
        """Return a rectangle or an ellipse."""
        drawn = fill(colour, outline=outline, width=0.3 * self.scale)
        return self.item(_SHAPE, name, box, drawn, data=data, shapeType=_SHAPES[kind])

    def polygon(
        self, name: str, box: Box, corners: Sequence[tuple[float, float]], *, colour: str
    ) -> Element:
        """Return a drawn polygon, its corners given from the box's own."""
        nodes = [
            element("node", x=f"{x * self.scale:.2f}", y=f"{y * self.scale:.2f}")
            for x, y in corners
        ]
        return self.item(_POLYGON, name, box, fill(colour), element("nodes", *nodes))


def fitted(extent: Extent, box: Box) -> Extent:
    """Return an extent grown to the shape of a box, around the same middle.

    Examples
    --------
    >>> fitted((0, 0, 10, 10), Box(0, 0, 20, 10))
    (-5.0, 0.0, 15.0, 10.0)
    """
    west, south, east, north = extent
    wide, high = east - west, north - south
    wanted = box.width / box.height
    wide, high = max(wide, high * wanted), max(high, wide / wanted)
    middle = (west + east) / 2, (south + north) / 2
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2


def fitting(size: float, length: int, room: int) -> float:
    """Return a size of type, smaller where a text is longer than what there is room for at `size`.

    Examples
    --------
    >>> fitting(18, 40, 60), fitting(18, 90, 60)
    (18, 12.0)
    """
    return size if length <= room else max(size * room / length, _SMALLEST)

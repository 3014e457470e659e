"""Names on the map: of areas, and, quieter, of what lies around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.divisions.background import LABEL
from geolyft.export.qgis.drawn.symbols import (
    rgba,
)
from geolyft.export.qgis.expressions import quoted

if TYPE_CHECKING:
    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer

_SMALL_LEVELS: Final = ("deso", "regso")
"""Levels of so many areas that their labels wait until one is near."""
_LABELS_FROM_SCALE: Final = 30_000
# Where QGIS puts a label: in an area, over a point, along a line.
_INSIDE: Final = "4"
_OVER: Final = "1"
_ALONG: Final = "2"


def labelling(layer: Layer, theme: Theme, *, only: str) -> list[Element]:
    """Return the names of a coloured layer; of small areas when one is near, of borders none."""
    if theme.is_line:
        return []
    is_small = layer.level in _SMALL_LEVELS
    return [area_labels(layer, from_scale=_LABELS_FROM_SCALE if is_small else 0, only=only)]


def area_labels(layer: Layer, *, from_scale: int = 0, only: str = "") -> Element:
    """Return labels of number and name, on a pale rim so that they are read on every colour.

    Parameters
    ----------
    only
        An expression of which areas are named; empty for all.
    """
    code, name = quoted(f"{layer.level}_kod"), quoted(f"{layer.level}_namn")
    # Names are of the kind "Lindängen, Almvik m fl": a line for each part.
    lines = f"{code} || ' ' || replace({name}, ', ', ',\\n')"
    text = f"CASE WHEN {name} = {code} THEN {code} ELSE {lines} END"
    if only:
        text = f"CASE WHEN {only} THEN {text} END"
    return _labels(text, from_scale=from_scale)


def background_labels(layer: Layer) -> Element:
    """Return the names of what lies around, smaller than the areas' and giving way to them."""
    is_line = layer.geometry_type == "LineString"
    placement = _ALONG if is_line else _OVER
    labels = _labels(quoted(LABEL), from_scale=_LABELS_FROM_SCALE, placement=placement)
    for style in labels.iter("text-style"):
        style.attrib.update(fontSize="6.5", fontWeight="50", namedStyle="Regular")
    for rendering in labels.iter("rendering"):
        rendering.set("displayAll", "0")
    return labels


def _labels(text: str, *, from_scale: int, placement: str = _INSIDE) -> Element:
    settings = Element("settings", calloutType="simple")
    style = SubElement(
        settings,
        "text-style",
        fieldName=text,
        isExpression="1",
        fontFamily="Open Sans",
        namedStyle="Semibold",
        fontWeight="63",
        fontSize="7.5",
        fontSizeUnit="Point",
        textColor=rgba("#111111"),
        textOpacity="1",
        multilineHeight="0.95",
        allowHtml="0",
    )
    SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.6",
        bufferSizeUnits="MM",
        bufferColor=rgba("#ffffff"),
        bufferOpacity="0.8",
        bufferNoFill="0",
        bufferJoinStyle="128",
    )
    SubElement(
        settings, "text-format", autoWrapLength="0", useMaxLineLengthForAutoWrap="1",
        multilineAlign="1", wrapChar="",
    )  # fmt: skip
    SubElement(
        settings, "placement", placement=placement, centroidInside="1", centroidWhole="1",
        quadOffset="4", priority="8", overrunDistance="0",
    )  # fmt: skip
    SubElement(
        settings, "rendering", drawLabels="1", obstacle="0", displayAll="1",
        scaleVisibility="1" if from_scale else "0", scaleMin="0", scaleMax=str(from_scale),
        fontLimitPixelSize="0",
    )  # fmt: skip
    labelling = Element("labeling", type="simple")
    labelling.append(settings)
    return labelling

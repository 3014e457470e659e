"""A layer's style: colours, labels, titles and formats of its fields, as QGIS reads them."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.divisions.background import LABEL
from geolyft.export.figures.rules import rules_of
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.html.markup import written
from geolyft.export.qgis.expressions import expression, quoted
from geolyft.export.qgis.surroundings import background_renderer
from geolyft.export.qgis.symbols import (
    QUIET_FILL,
    options,
    pattern_symbol,
    quiet_symbol,
    rgba,
    shade_symbol,
)

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from geolyft.export.figures.rules import Pattern
    from geolyft.export.figures.themes import Shade, Theme
    from geolyft.export.layer import Field, Layer
    from geolyft.export.words import Words

QGIS_VERSION: Final = "3.22.0"
"""The oldest that was tried; newer ones read it too."""
_SMALL_LEVELS: Final = ("deso", "regso")
"""Levels of so many areas that their labels wait until one is near."""
_LABELS_FROM_SCALE: Final = 30_000
_INSIDE, _OVER, _ALONG = "4", "1", "2"
"""Where QGIS puts a label: in an area, over a point, along a line."""
WHOLE: Final = "AllStyleCategories"
DRAWN: Final = "Symbology|MapTips"
"""What a style says that is one of several: names and fields are the same in each."""


def qml(layer: Layer, theme: Theme | None, words: Words, *, whole: bool = True) -> str:
    """Return a layer's style as QML.

    Parameters
    ----------
    theme
        How it is coloured; a table has none.
    whole
        Whether it says what the fields are too, and not only how the layer is drawn.
    """
    categories = WHOLE if whole else DRAWN
    root = Element("qgis", version=QGIS_VERSION, styleCategories=categories, labelsEnabled="1")
    drawn = drawing(layer, theme, words, symbols=Element("symbols"))
    root.extend(each for each in drawn if whole or each.tag != "labeling")
    if whole:
        root.extend([Element("fields"), *display(layer)])
    text = written(root).replace("<fields />", _written_fields(layer.fields), 1)
    if theme is not None:
        looks = tuple(rule.look for rule in rules_of(theme))
        text = text.replace("<symbols />", _written_symbols(looks, is_line=theme.is_line), 1)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + text


@lru_cache(maxsize=1)  # all themes of a layer, up to twenty, have the same fields
def _written_fields(fields: tuple[Field, ...]) -> str:
    return "".join(map(written, fields_of(fields)))


@lru_cache(maxsize=256)  # a theme looks the same in every period
def _written_symbols(looks: tuple[Shade | Pattern, ...], *, is_line: bool) -> str:
    return written(_symbols(looks, is_line=is_line))


def drawing(
    layer: Layer,
    theme: Theme | None,
    words: Words,
    *,
    symbols: Element | None = None,
    title: str = "",
    period: str = "",
) -> list[Element]:
    """Return how a layer is drawn, and what a map tip says of it, in a QML and a project alike.

    Names and values of the data are in no expression; texts of legends are plain.

    Parameters
    ----------
    symbols
        What stands for what the theme's rules are drawn with, where it is not these themselves.
    title
        What stands over the classes in a legend, where that is not the layer's own name.
    period
        The only one whose rows are drawn; empty for all.
    """
    if theme is None:
        is_ground = layer.about == "bakgrund"
        seen = [background_renderer(layer), _background_labels(layer)] if is_ground else []
        return [*seen, *_tip(layer, None, words)]
    only = f"{quoted('period')} = {_text(period)}" if period else ""
    return [
        _renderer(layer, theme, symbols, title=title, only=only),
        *_labelling(layer, theme, only=only),
        *_tip(layer, theme, words, title=title),
    ]


def plain(text: str) -> str:
    """Return a text in which QGIS sees nothing to compute.

    Legends and layouts run what stands between ``[%`` and ``%]``.

    Examples
    --------
    >>> plain("[% 1 + 1 %]").encode("ascii", "replace")
    b'[?% 1 + 1 %]'
    """
    return text.replace("[%", "[\u2060%")


def _renderer(
    layer: Layer, theme: Theme, symbols: Element | None, *, title: str, only: str
) -> Element:
    root = Element(
        "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    listed = SubElement(root, "rules", key=_key(layer.name, theme.code))
    if title:
        key = _key(layer.name, theme.code, only, "title")
        listed = SubElement(listed, "rule", key=key, filter=only, label=plain(title))
    rules = rules_of(theme)
    for n, rule in enumerate(rules):
        SubElement(
            listed,
            "rule",
            key=_key(layer.name, theme.code, str(n)),
            filter=expression(rule.test),
            label=plain(rule.label),
            symbol=str(n),
        )
    if symbols is None:
        symbols = _symbols([rule.look for rule in rules], is_line=theme.is_line)
    root.append(symbols)
    return root


def _symbols(looks: Sequence[Shade | Pattern], *, is_line: bool) -> Element:
    root = Element("symbols")
    for n, look in enumerate(looks):
        if isinstance(look, str):
            root.append(pattern_symbol(str(n), look, line=is_line))
        else:
            root.append(shade_symbol(str(n), look))
    return root


def quiet_renderer(colour: str = QUIET_FILL) -> Element:
    """Return the renderer of a background without a figure."""
    root = Element("renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    SubElement(root, "symbols").append(quiet_symbol("0", colour))
    return root


def _key(*parts: str) -> str:
    # The same in every run: the same input gives the same bytes.
    return f"{{{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(('geolyft', *parts)))}}}"


def _labelling(layer: Layer, theme: Theme, *, only: str) -> list[Element]:
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


def _background_labels(layer: Layer) -> Element:
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


def fields_of(
    fields: Sequence[Field], widgets: Mapping[str, Element] | None = None
) -> list[Element]:
    """Return each field's title, explanation and format, in the order of the layer.

    Parameters
    ----------
    widgets
        By field, the widget of those that have one of their own.
    """
    own = widgets or {}
    aliases, formats = Element("aliases"), Element("fieldConfiguration")
    for place, field in enumerate(fields, start=1):
        SubElement(aliases, "alias", index=str(place), field=field.name, name=plain(field.alias))
        widget = own.get(field.name)
        if widget is None and field.kind == "number":
            widget = _with_decimals(field.decimals)
        # Of other kinds QGIS finds the widget itself.
        if widget is not None:
            SubElement(formats, "field", name=field.name).append(widget)
    return [formats, aliases, _without_row_number()]


def _with_decimals(decimals: int) -> Element:
    widget = Element("editWidget", type="Range")
    settings = options({})
    SubElement(settings, "Option", type="int", name="Precision", value=str(decimals))
    SubElement(widget, "config").append(settings)
    return widget


def _without_row_number() -> Element:
    """Return an attribute table without the file's row number; all others stand as they are."""
    config = Element("attributetableconfig", actionWidgetStyle="dropDown", sortOrder="0")
    columns = SubElement(config, "columns")
    SubElement(columns, "column", type="field", name="fid", hidden="1", width="-1")
    return config


def display(layer: Layer) -> list[Element]:
    """Return what a feature is called."""
    if not _has_names(layer):
        return []
    shown = Element("previewExpression")
    shown.text = f"{quoted(f'{layer.level}_kod')} || ' ' || {quoted(f'{layer.level}_namn')}"
    return [shown]


def _has_names(layer: Layer) -> bool:
    return layer.is_spatial and layer.about not in ("granser", "bakgrund")


def _tip(layer: Layer, theme: Theme | None, words: Words, *, title: str = "") -> list[Element]:
    """Return what a map tip says of a feature."""
    if not _has_names(layer):
        return []
    code, name = quoted(f"{layer.level}_kod"), quoted(f"{layer.level}_namn")
    lines = [f"<b>[% {_html(code)} %] [% {_html(name)} %]</b>"]
    if theme is not None:
        number = _number(quoted(theme.column), words)
        lines.append(f"{_html_text(title or theme.title)}: [% {number} %]")
        lines += _certainty(theme, {field.name for field in layer.fields}, words)
        if theme.status:
            lines.append(f"[% {_html(_status(theme.status, words))} %]")
    tip = Element("mapTip")
    tip.text = "<br>".join(lines)
    return [tip]


def _certainty(theme: Theme, columns: Container[str], words: Words) -> list[str]:
    """Return how sure the figure is: its interval, and whether it is told from the city, or from 0.

    No name from the data stands in these expressions, where it could end one.
    """
    is_change = theme.code == CHANGE
    prefix = "" if is_change else f"{theme.column}_"
    low, high = f"{prefix}lag", f"{prefix}hog"
    sure = theme.sure or ("sakert_skild" if theme.code == INDEX else f"{prefix}sakert_skild")
    if not all(each in columns for each in (low, high, sure)):
        return []
    key = "page.interval_signed" if is_change else "page.interval"
    between = _text(words.say(key, low="{low}", high="{high}"))
    ends = {"{low}": _number(quoted(low), words), "{high}": _number(quoted(high), words)}
    for place, number in ends.items():
        between = f"replace({between}, '{place}', {number})"
    yes, no = (
        _text(words.say(f"qgis.tip_{key}{'_change' if is_change else ''}"))
        for key in ("sure", "unsure")
    )
    told = f"CASE WHEN {quoted(sure)} THEN {yes} ELSE {no} END"
    return [
        f"[% CASE WHEN {quoted(low)} IS NULL THEN '' ELSE {between} END %]",
        # Of a figure that is missing nothing is sure or unsure.
        f"[% CASE WHEN {quoted(sure)} IS NULL OR {quoted(low)} IS NULL THEN '' ELSE {told} END %]",
    ]


def _number(column: str, words: Words) -> str:
    missing = _text(words.say("html.no_data"))
    shown = f"format_number({column}, 1, {_text(words.lang)})"
    return f"coalesce({shown}, {missing})"


def _status(column: str, words: Words) -> str:
    names = {**words.section("status"), "ok": "", "+": ", "}
    pairs = ", ".join(f"{_text(status)}, {_text(word)}" for status, word in names.items())
    return f"replace({quoted(column)}, map({pairs}))"


def _text(word: str) -> str:
    escaped = word.replace("'", "''")
    return f"'{escaped}'"


def _html(column: str) -> str:
    # Values are text, also when somebody named an area <script>.
    return f"replace(replace({column}, '&', '&amp;'), '<', '&lt;')"


def _html_text(text: str) -> str:
    return plain(text.replace("&", "&amp;").replace("<", "&lt;"))

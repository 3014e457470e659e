"""A layer's style: colours, labels, titles and formats of its fields, as QGIS reads them."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from geolyft.export.figures.rules import rules_of
from geolyft.export.html.markup import written
from geolyft.export.qgis.document import string_literal
from geolyft.export.qgis.drawn.labels import background_labels, labelling
from geolyft.export.qgis.drawn.surroundings import background_renderer
from geolyft.export.qgis.drawn.symbols import (
    QUIET_FILL,
    options,
    pattern_symbol,
    quiet_symbol,
    shade_symbol,
)
from geolyft.export.qgis.drawn.tips import has_names, plain, tip_of
from geolyft.export.qgis.expressions import expression, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.rules import Pattern
    from geolyft.export.figures.themes import Shade, Theme
    from geolyft.export.layer import Field, Layer
    from geolyft.export.words import Words

QGIS_VERSION: Final = "3.22.0"
"""The oldest that was tried; newer ones read it too."""
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
        seen = [background_renderer(layer), background_labels(layer)] if is_ground else []
        return [*seen, *tip_of(layer, None, words)]
    only = f"{quoted('period')} = {string_literal(period)}" if period else ""
    return [
        _renderer(layer, theme, symbols, title=title, only=only),
        *labelling(layer, theme, only=only),
        *tip_of(layer, theme, words, title=title),
    ]


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
    if not has_names(layer):
        return []
    shown = Element("previewExpression")
    shown.text = f"{quoted(f'{layer.level}_kod')} || ' ' || {quoted(f'{layer.level}_namn')}"
    return [shown]

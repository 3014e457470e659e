"""What a map tip says of a feature: its name, its figure, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.qgis.document import string_literal
from geolyft.export.qgis.expressions import quoted

if TYPE_CHECKING:
    from collections.abc import Container

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.words import Words


def plain(text: str) -> str:
    """Return a text in which QGIS sees nothing to compute.

    Legends and layouts run what stands between ``[%`` and ``%]``.

    Examples
    --------
    >>> plain("[% 1 + 1 %]").encode("ascii", "replace")
    b'[?% 1 + 1 %]'
    """
    return text.replace("[%", "[\u2060%")


def has_names(layer: Layer) -> bool:
    """Say whether the rows of a layer are areas with a name."""
    return layer.is_spatial and layer.about not in ("granser", "bakgrund")


def tip_of(layer: Layer, theme: Theme | None, words: Words, *, title: str = "") -> list[Element]:
    """Return what a map tip says of a feature."""
    if not has_names(layer):
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
    between = string_literal(words.say(key, low="{low}", high="{high}"))
    ends = {"{low}": _number(quoted(low), words), "{high}": _number(quoted(high), words)}
    for place, number in ends.items():
        between = f"replace({between}, '{place}', {number})"
    yes, no = (
        string_literal(words.say(f"qgis.tip_{key}{'_change' if is_change else ''}"))
        for key in ("sure", "unsure")
    )
    told = f"CASE WHEN {quoted(sure)} THEN {yes} ELSE {no} END"
    return [
        f"[% CASE WHEN {quoted(low)} IS NULL THEN '' ELSE {between} END %]",
        # Of a figure that is missing nothing is sure or unsure.
        f"[% CASE WHEN {quoted(sure)} IS NULL OR {quoted(low)} IS NULL THEN '' ELSE {told} END %]",
    ]


def _number(column: str, words: Words) -> str:
    missing = string_literal(words.say("html.no_data"))
    shown = f"format_number({column}, 1, {string_literal(words.lang)})"
    return f"coalesce({shown}, {missing})"


def _status(column: str, words: Words) -> str:
    names = {**words.section("status"), "ok": "", "+": ", "}
    pairs = ", ".join(
        f"{string_literal(status)}, {string_literal(word)}" for status, word in names.items()
    )
    return f"replace({quoted(column)}, map({pairs}))"


def _html(column: str) -> str:
    # Values are text, also when somebody named an area <script>.
    return f"replace(replace({column}, '&', '&amp;'), '<', '&lt;')"


def _html_text(text: str) -> str:
    return plain(text.replace("&", "&amp;").replace("<", "&lt;"))

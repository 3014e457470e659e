"""An area's figures on its own page: what they are, and where they lie beside 100."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.schemes import INDEX
from geolyft.export.qgis.document import string_literal
from geolyft.export.qgis.expressions import quoted
from geolyft.export.qgis.printed.items import Box, PrintedSheet, fitting
from geolyft.export.qgis.printed.style import INK, LINE, QUIET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

THIN: Final = "replace({number}, char(160), char(8239))"
"""A number with the thin space of ours between thousands, in place of Qt's full one."""
INTERVAL: Final = "#cfcfcf"
_CITY: Final = 100.0
_TENS: Final = 10
_DOT: Final = 2.2
_BAR: Final = 4.0
_TICK: Final = 4.4
_TALLEST_ROW: Final = 9.0
_NAME: Final = 34.0
_VALUE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The block of figures on an area's page."""

    sheet: PrintedSheet
    layer: Layer
    publication: Publication
    words: Words

    def items(self, box: Box) -> list[Element]:
        """Return the block: the index in large type, then a strip for it and each dimension."""
        strips = Box(box.x, box.y + 41, box.width, box.height - 41)
        return [*self._whole(box), *self._strips(strips)]

    def _whole(self, box: Box) -> Iterator[Element]:
        label = self.sheet.label
        # Whatever period the map is of.
        named = f"{self._say('preset_index')} [% @geolyft_period %]"
        large, aside = Box(box.x, box.y + 6, 46, 14), box.x + 50
        yield label("rubrik index", Box(box.x, box.y, 46, 5), named, bold=True)
        yield label("index", large, f"[% {self._figure(INDEX)} %]", size=26, bold=True,
                    upright="middle")  # fmt: skip
        yield label("osäkerhet", Box(box.x, box.y + 22, 46, 5), self._interval(), size=8,
                    colour=QUIET)  # fmt: skip
        for place, (name, text) in enumerate(self._facts().items()):
            yield label(name, Box(aside, box.y + 6 + 5.5 * place, 54, 5), text)
        yield label("platsens betydelse", Box(aside, box.y + 23.5, 54, 16),
                    self._say("place_meaning"), size=7, colour=QUIET)  # fmt: skip

    def _figure(self, name: str, decimals: int = 1, *, status: str = "") -> str:
        """Return an expression: a number as readers write it, or why there is none."""
        column = quoted(name)
        number = f"format_number({column}, {decimals}, {string_literal(self.publication.lang)})"
        why = string_literal(self._say("missing"))
        if status:
            is_hidden = f"strpos(coalesce({quoted(status)}, ''), 'hidden') > 0"
            why = f"CASE WHEN {is_hidden} THEN {string_literal(self._say('hidden'))} ELSE {why} END"
        return f"CASE WHEN {column} IS NULL THEN {why} ELSE {THIN.format(number=number)} END"

    def _interval(self) -> str:
        low, high = (self._figure(f"index_{end}") for end in ("lag", "hog"))
        shown = f"{string_literal(self._say('uncertainty') + ' ')} || {low} || '–' || {high}"
        return f"[% CASE WHEN \"index_lag\" IS NULL THEN '' ELSE {shown} END %]"

    def _facts(self) -> dict[str, str]:
        """Return what stands beside the index: never a rank without its range."""
        low, high = (self._figure(f"rang_{end}", 0) for end in ("lag", "hog"))
        to = f"CASE WHEN \"rang_lag\" = \"rang_hog\" THEN '' ELSE '–' || {high} END"
        of = string_literal(f" {self._say('of')} {len(self.publication.areas)}")
        ranks = f'CASE WHEN "rang_lag" IS NULL THEN {low} ELSE {low} || {to} || {of} END'
        people, known = (self._figure(name, 0) for name in ("befolkning", "antal_indikatorer"))
        total = f"{self._say('of')} {len(self.publication.catalogue.indicators)}"
        return {
            "plats": f"{self._say('place')} [% {ranks} %]",
            "invånare": f"[% {people} %] {self._say('residents')}",
            "indikatorer": f"[% {known} %] {total} {self._say('counted')}",
        }

    def _strips(self, box: Box) -> Iterator[Element]:
        heading = Box(box.x, box.y, box.width, 5)
        yield self.sheet.label("rubrik dimensioner", heading, self._say("scores"), bold=True)
        tall = min(_TALLEST_ROW, (box.height - 10) / len(self._columns))
        for place, column in enumerate(self._columns):
            row = Box(box.x, box.y + 6 + tall * place, box.width, tall)
            yield from self._strip(column, place, row)
            if place == 0:
                yield self._bar(row)
            yield self._dot(column, row)
        yield from self._ends(Box(box.x, box.y + 6 + tall * len(self._columns), box.width, 4))

    def _strip(self, column: str, place: int, row: Box) -> Iterator[Element]:
        """Draw the line of one score, with a tick where the city was in the base year."""
        line, middle = _line(row), row.y + row.height / 2
        name = self._say("preset_index") if place == 0 else f"[% @geolyft_dimension_{place} %]"
        shown = f"[% {self._figure(column, status=self._status(column))} %]"
        is_whole = place == 0
        label, shape = self.sheet.label, self.sheet.shape
        yield label(f"namn {column}", Box(row.x, row.y, _NAME - 2, row.height), name,
                    size=self._name_size, upright="middle", bold=is_whole)  # fmt: skip
        yield label(f"värde {column}", Box(row.x + row.width - 16, row.y, 16, row.height), shown,
                    size=8.5, bold=is_whole, align="right", upright="middle")  # fmt: skip
        yield shape(f"linje {column}", Box(line.x, middle - 0.15, line.width, 0.3), colour=LINE)
        tick = Box(line.x + self._along(_CITY, line) - 0.2, middle - _TICK / 2, 0.4, _TICK)
        yield shape(f"stad {column}", tick, colour=QUIET)

    def _dot(self, column: str, row: Box) -> Element:
        line = _line(row)
        data = {
            "dataDefinedPositionX": self._placed(quoted(column), line, less=_DOT / 2),
            "dataDefinedOpacity": f"if({quoted(column)} IS NULL, 0, 100)",
        }
        box = Box(line.x, row.y + (row.height - _DOT) / 2, _DOT, _DOT)
        return self.sheet.shape(f"punkt {column}", box, kind="ellipse", colour=INK, data=data)

    def _bar(self, row: Box) -> Element:
        """Draw how far the index reaches when chance is reckoned with."""
        line = _line(row)
        low, high = (self._placed(f'"index_{end}"', line) for end in ("lag", "hog"))
        data = {
            "dataDefinedPositionX": low,
            "dataDefinedWidth": f"max({high} - {low}, 0.1)",
            "dataDefinedOpacity": 'if("index_lag" IS NULL, 0, 100)',
        }
        box = Box(line.x, row.y + (row.height - _BAR) / 2, line.width, _BAR)
        return self.sheet.shape("spann index", box, colour=INTERVAL, data=data)

    def _ends(self, box: Box) -> Iterator[Element]:
        line = _line(box)
        for value in sorted({*self._bounds, _CITY}):
            place = Box(line.x + self._along(value, line) - 8, box.y, 16, box.height)
            yield self.sheet.label(f"skala {value:g}", place, self.words.count(value), size=7,
                                   colour=QUIET, align="centre")  # fmt: skip

    def _placed(self, score: str, line: Box, *, less: float = 0) -> str:
        """Return an expression of where on the page a score lies, whatever its scale."""
        low, high = self._bounds
        along = f"(clamp({low:g}, {score}, {high:g}) - {low:g}) * {line.width / (high - low):.6f}"
        return f"({line.x - less:.3f} + {along}) * {self.sheet.scale:.6f}"

    def _along(self, score: float, line: Box) -> float:
        low, high = self._bounds
        return (score - low) / (high - low) * line.width

    @cached_property
    def _name_size(self) -> float:
        lang, dimensions = self.publication.lang, self.publication.catalogue.dimensions
        return fitting(8.5, max(len(each.title(lang)) for each in dimensions), 28)

    @cached_property
    def _columns(self) -> list[str]:
        return [INDEX, *(each.code for each in self.publication.catalogue.dimensions)]

    @cached_property
    def _bounds(self) -> tuple[float, float]:
        """The ends of the strips, in whole tens around every area's scores and the city."""
        seen = self.layer.frame[self._columns].astype("float64").to_numpy().ravel()
        known = [float(score) for score in seen if not math.isnan(score)]
        low, high = min([*known, _CITY - _TENS]), max([*known, _CITY + _TENS])
        return math.floor(low / _TENS) * _TENS, math.ceil(high / _TENS) * _TENS

    def _status(self, column: str) -> str:
        status = f"{column}_status"
        return status if any(field.name == status for field in self.layer.fields) else "status"

    def _say(self, key: str) -> str:
        return self.words.say(f"qgis.{key}")


def _line(row: Box) -> Box:
    return Box(row.x + _NAME, row.y, row.width - _NAME - _VALUE, row.height)

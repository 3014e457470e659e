"""Rows of intervals and places beside the figures, in area order: what overlaps is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import Reading, Spread, interval_row, scale_row
from geolyft.export.report.blocks import Cell, drawn_cell
from geolyft.export.report.phrases import say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader

_STEP: Final = 10.0


@dataclass(frozen=True)
class IndexRows:
    """The index of each area with its interval, on one axis with the city on it."""

    reader: Reader

    def head(self) -> Cell:
        """Return the axis."""
        axis = self._axis()
        ends = [self.reader.number(end, 0) for end in axis]
        ticks = list(zip(axis, ends, strict=True))
        if axis[0] < 100 < axis[1]:  # noqa: PLR2004 - the city in the base period
            ticks.append((100.0, "100"))
        name = say(self.reader, "axis_index", low=ends[0], high=ends[1])
        return drawn_cell(scale_row(ticks, axis=axis, name=name))

    def row(self, code: str) -> Cell:
        """Return an area's row."""
        reader, reading = self.reader, self._reading(code)
        ends = {"low": reader.number(reading.low), "high": reader.number(reading.high)}
        area, value = reader.area(code), reader.number(reading.value)
        key = "row_index_alone" if reading.low is None else "row_index"
        svg = interval_row(
            reading,
            axis=self._axis(),
            reference=self._reading(CITY).value,
            name=say(reader, key, area=area, value=value, **ends),
            sure=reader.index_rows.get(code, {}).get("distinct") is True,
        )
        return drawn_cell(svg)

    def _reading(self, code: str) -> Reading:
        row = self.reader.index_rows.get(code, {})
        value = number_of(self.reader.cell(INDEX, code)["value"], 1)
        low, high = (number_of(row.get(name), 1) for name in ("index_low", "index_high"))
        return Reading(None) if value is None else Reading(value, low, high)

    def _axis(self) -> tuple[float, float]:
        readings = [self._reading(code) for code in self.reader.places]
        ends = (end for each in readings for end in (each.value, each.low, each.high))
        known = [end for end in ends if end is not None]
        low, high = min(known, default=90.0), max(known, default=110.0)
        return math.floor(low / _STEP) * _STEP, math.ceil(high / _STEP) * _STEP


@dataclass(frozen=True)
class RankRows:
    """Where each area ends up in the ways to compute: 1, the greatest challenges, to the left."""

    reader: Reader
    rows: Mapping[str, Mapping[str, object]]

    def head(self) -> Cell:
        """Return the axis."""
        reader, axis = self.reader, self._axis()
        last = reader.count(len(self.rows))
        ticks = [(axis[0], say(reader, "axis_first")), (axis[1], last)]
        return drawn_cell(scale_row(ticks, axis=axis, name=say(reader, "axis_ranks", last=last)))

    def row(self, code: str) -> Cell:
        """Return an area's row."""
        reader, row, index = self.reader, self.rows[code], self.reader.index_rows.get(code, {})
        names = ("rank_median", "rank_p5", "rank_p95")
        reading = Reading(*(number_of(row.get(name), 1) for name in names))
        first, last = (number_of(index.get(name), 0) for name in ("rank_low", "rank_high"))
        spread = None if first is None or last is None else Spread(first, first, last, last)
        ends = {"low": reader.count(reading.low), "high": reader.count(reading.high)}
        svg = interval_row(
            reading,
            axis=self._axis(),
            reference=None,
            name=say(reader, "row_ranks", area=reader.area(code), **ends),
            spread=spread,
        )
        return drawn_cell(svg)

    def _axis(self) -> tuple[float, float]:
        return 1.0, float(len(self.rows))

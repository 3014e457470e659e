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
        low, high = self._axis()
        ticks = [(low, self.reader.number(low, 0)), (high, self.reader.number(high, 0))]
        if low < 100 < high:  # noqa: PLR2004 - the city in the base period
            ticks.append((100.0, "100"))
        name = say(self.reader, "axis_index", low=ticks[0][1], high=ticks[1][1])
        return drawn_cell(scale_row(ticks, axis=(low, high), name=name))

    def row(self, code: str) -> Cell:
        """Return an area's row."""
        value, low, high = self._reading(code)
        name = say(
            self.reader,
            "row_index",
            area=self.reader.area(code),
            value=self.reader.number(value),
            low=self.reader.number(low),
            high=self.reader.number(high),
        )
        row = self.reader.index_rows.get(code, {})
        svg = interval_row(
            Reading(value, low, high),
            axis=self._axis(),
            reference=self._reading(CITY)[0],
            name=name,
            sure=row.get("distinct") is True,
        )
        return drawn_cell(svg)

    def _reading(self, code: str) -> tuple[float | None, float | None, float | None]:
        value = number_of(self.reader.cell(INDEX, code)["value"], 1)
        row = self.reader.index_rows.get(code, {})
        low, high = (number_of(row.get(name), 1) for name in ("index_low", "index_high"))
        return (value, low, high) if value is not None else (None, None, None)

    def _axis(self) -> tuple[float, float]:
        readings = [self._reading(code) for code in [CITY, *self.reader.codes]]
        known = [end for reading in readings for end in reading if end is not None]
        low, high = min(known, default=90.0), max(known, default=110.0)
        return math.floor(low / _STEP) * _STEP, math.ceil(high / _STEP) * _STEP


@dataclass(frozen=True)
class RankRows:
    """Where each area ends up in the ways to compute: 1, the greatest challenges, to the left."""

    reader: Reader
    rows: Mapping[str, Mapping[str, object]]

    def head(self) -> Cell:
        """Return the axis."""
        last = self.reader.count(len(self.rows))
        ticks = [(1.0, say(self.reader, "axis_first")), (float(len(self.rows)), last)]
        name = say(self.reader, "axis_ranks", last=last)
        return drawn_cell(scale_row(ticks, axis=self._axis(), name=name))

    def row(self, code: str) -> Cell:
        """Return an area's row."""
        row, index = self.rows[code], self.reader.index_rows.get(code, {})
        median, low, high = (
            number_of(row.get(name), 1) for name in ("rank_median", "rank_p5", "rank_p95")
        )
        one = [number_of(index.get(name), 0) for name in ("rank_low", "rank_high")]
        name = say(
            self.reader,
            "row_ranks",
            area=self.reader.area(code),
            low=self.reader.count(low),
            high=self.reader.count(high),
        )
        spread = None
        if one[0] is not None and one[1] is not None:
            spread = Spread(one[0], one[0], one[1], one[1])
        reading = Reading(median, low, high)
        return drawn_cell(
            interval_row(reading, axis=self._axis(), reference=None, name=name, spread=spread)
        )

    def _axis(self) -> tuple[float, float]:
        return 1.0, float(len(self.rows))

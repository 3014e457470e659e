"""The spine chart: every indicator of an area around the city's value, better to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.reader import around
from geolyft.export.figures.schemes import is_fitted
from geolyft.export.html.charts import Reading, Spread, interval_row
from geolyft.export.profile.figures import (
    UNSAID,
    Row,
    figure_texts,
    side_of,
    value_text,
    verdict_of,
)
from geolyft.export.profile.sentences import say
from geolyft.frames import CITY
from geolyft.index.scales import HALF_RANGE_POINTS, SIGN, points_from

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geolyft.export.figures.reader import Reader

_FEWEST: Final = 3
"""Areas that have a middle half."""


class Spine:
    """Every indicator on one scale of points around the city, better to the right.

    Half the range of the areas is 30 points, as on the default scale. The axis is the same on
    every area's page.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        codes = reader.publication.catalogue.codes
        self._place = {code: self._placing(code) for code in codes}
        self._spreads = {code: self._spread(code) for code in codes}
        ends = [end for code in codes for area in reader.codes for end in self._ends(code, area)]
        self.axis = around([-HALF_RANGE_POINTS / 2, HALF_RANGE_POINTS / 2, *ends])

    def _placing(self, code: str) -> Callable[[float | None], float | None]:
        """Return a function from a share to its points from the city."""
        reader = self._reader
        city, half = reader.value(code, CITY), self._half_range(code)
        sign = SIGN[reader.publication.catalogue[code].direction]

        def place(share: float | None) -> float | None:
            if share is None or city is None or not half:
                return None
            return points_from(share, city, half_range=half, sign=sign)

        return place

    def _half_range(self, code: str) -> float:
        publication = self._reader.publication
        if is_fitted(code, publication):
            scales = publication.scales
            return float(scales.loc[scales["indicator"] == code, "half_range"].iloc[0])
        known = self._shares(code)
        return (max(known) - min(known)) / 2 if known else 0.0

    def _shares(self, code: str) -> list[float]:
        values = (self._reader.value(code, area) for area in self._reader.codes)
        return [value for value in values if value is not None]

    def _spread(self, code: str) -> Spread | None:
        """Return where the areas lie, in points; one or two areas have no middle half."""
        places = sorted(
            at for share in self._shares(code) if (at := self._place[code](share)) is not None
        )
        if len(places) < _FEWEST:
            return None
        lower, upper = (float(at) for at in np.quantile(places, [0.25, 0.75]))
        return Spread(places[0], lower, upper, places[-1])

    def _ends(self, code: str, area: str) -> list[float]:
        cell = self._reader.cell(code, area)
        ends = (self._place[code](float_of(cell.get(part))) for part in ("value", "low", "high"))
        return [end for end in ends if end is not None]

    def reading(self, code: str, area: str) -> Reading:
        """Return an area's figure in points from the city."""
        cell = self._reader.cell(code, area)
        value = self._place[code](float_of(cell["value"]))
        ends = [self._place[code](float_of(cell.get(part))) for part in ("low", "high")]
        if value is None or ends[0] is None or ends[1] is None:
            return Reading(value)
        # Where low is good the interval turns with its value.
        return Reading(value, min(ends[0], ends[1]), max(ends[0], ends[1]))

    def row(self, code: str, area: str) -> Row:
        """Return one indicator of an area beside the city and all areas."""
        reader, words = self._reader, self._reader.words
        cell, city = reader.cell(code, area), reader.value(code, CITY)
        value, distinct = float_of(cell["value"]), reader.distinct.get((code, area))
        reading, difference = self.reading(code, area), float_of(cell.get("gap"))
        return Row(
            code=code,
            label=reader.label(code),
            chart=interval_row(
                reading,
                axis=self.axis,
                reference=None if city is None else 0.0,
                name=self._name(code, area),
                sure=bool(distinct),
                spread=self._spreads[code],
            ),
            **figure_texts(reader, cell),
            city=value_text(reader, reader.cell(code, CITY)),
            difference=words.signed(difference),
            side=side_of(reading.value, distinct) if difference else "",
            status=words.status(str(cell["status"]), without=UNSAID),
            persons=words.signed(float_of(cell.get("persons")), decimals=0),
            areas=self._range_text(code),
            year=str(cell.get("reference", "")) if value is not None else "",
        )

    def _range_text(self, code: str) -> str:
        known = self._shares(code)
        if not known:
            return ""
        return f"{self._reader.words.number(min(known))}–{self._reader.words.number(max(known))}"

    def _name(self, code: str, area: str) -> str:
        reader = self._reader
        is_high = reader.publication.catalogue[code].direction == "high"
        verdict = verdict_of(reader, code, area, better_is_more=is_high)
        known = self._shares(code)
        parts = {"code": f"{code} {reader.label(code)}", "verdict": verdict}
        if len(known) < _FEWEST:
            return say(reader, "spine_name_alone", **parts)
        ends = [min(known), *np.quantile(known, [0.25, 0.75]), max(known)]
        low, lower, upper, high = (reader.words.percent(float(end)) for end in ends)
        return say(reader, "spine_name", low=low, lower=lower, upper=upper, high=high, **parts)


def groups(reader: Reader, spine: Spine, area: str) -> list[tuple[str, Sequence[Row]]]:
    """Return the rows of the spine chart under the names of their dimensions."""
    catalogue = reader.publication.catalogue
    return [
        (reader.label(code), [spine.row(each.code, area) for each in catalogue.of(code)])
        for code in reader.dimensions
    ]

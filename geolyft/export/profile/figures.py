"""An area's index and dimensions beside the city's, and how any figure is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import float_of, number_of, statuses_of
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.html.charts import Reading, interval_row
from geolyft.export.profile.sentences import Standing, say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from markupsafe import Markup

    from geolyft.export.figures.cells import Cell
    from geolyft.export.figures.reader import Reader

UNSAID: Final = ("ok", "missing", "hidden", "synthetic")
"""Parts of a status that are said elsewhere: by the absence itself, or over the whole page."""


class Block(SimpleNamespace):
    """What a template shows, by the names that it uses; a name it misses there is an error."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table of figures, ready to be shown.

    `absent` says in words why there is no figure; then `value` is empty.
    """

    code: str
    label: str
    chart: Markup
    value: str
    interval: str
    absent: str
    city: str
    difference: str
    side: str
    status: str
    persons: str = ""
    areas: str = ""
    year: str = ""


def reading_of(cell: Cell) -> Reading:
    """Return a figure with its interval, as it is drawn."""
    value = float_of(cell["value"])
    if value is None:
        return Reading(None)
    return Reading(value, float_of(cell.get("low")), float_of(cell.get("high")))


def shown(value: object) -> float | None:
    """Return a number with the decimals that are shown, or nothing."""
    return number_of(float_of(value), DECIMALS)


def standings(reader: Reader, area: str) -> list[Standing]:
    """Return how an area stands in each dimension, from what was published."""
    found = []
    for code in reader.dimensions:
        own, city = (reader.score(code, place) for place in (area, CITY))
        difference = None if own is None or city is None else own - city
        found.append(
            Standing(
                name=reader.label(code),
                difference=difference,
                distinct=reader.distinct.get((code, area)),
                hidden="hidden" in str(reader.cell(code, area)["status"]).split("+"),
            )
        )
    return found


def score_rows(reader: Reader, area: str) -> list[Row]:
    """Return the index and the dimensions of an area beside the city's."""
    return [_score_row(reader, what, area) for what in reader.whats]


def _score_row(reader: Reader, what: str, area: str) -> Row:
    cell, city = reader.cell(what, area), reader.value(what, CITY)
    own, distinct = float_of(cell["value"]), reader.distinct.get((what, area))
    difference = gap(own, city)
    chart = interval_row(
        reading_of(cell),
        axis=reader.score_axis,
        reference=city,
        name=_score_name(reader, what, area),
        sure=bool(distinct),
    )
    return Row(
        code=what,
        label=reader.label(what),
        chart=chart,
        value=reader.words.number(own),
        interval=interval_text(reader, cell),
        absent="" if own is not None else absent(reader, cell),
        city=_city_text(reader, what),
        difference=reader.words.signed(difference),
        side=side_of(difference, distinct),
        status=reader.words.status(str(cell["status"]), without=UNSAID),
    )


def _city_text(reader: Reader, what: str) -> str:
    return reader.words.number(reader.value(what, CITY)) or absent(reader, reader.cell(what, CITY))


def _score_name(reader: Reader, what: str, area: str) -> str:
    """Say in words what a row of the index and dimensions shows."""
    cell, own = reader.cell(what, area), reader.value(what, area)
    said = {"what": reader.label(what), "city_value": _city_text(reader, what)}
    if own is None:
        return say(reader, "scores_absent", absent=absent(reader, cell), **said)
    distinct = reader.distinct.get((what, area))
    verdict = verdict_of(reader, own, reader.value(what, CITY), distinct, better_is_more=True)
    return say(reader, "scores_name", value=_with_interval(reader, cell), verdict=verdict, **said)


def gap(own: float | None, city: float | None) -> float | None:
    """Return the difference of two figures as they are shown, so that a reader can check it."""
    return None if own is None or city is None else shown(own - city)


def side_of(difference: float | None, distinct: bool | None) -> str:  # noqa: FBT001 - three answers
    """Return the colour of a difference; none for one that is not sure."""
    if not difference or not distinct:
        return ""
    return "good" if difference > 0 else "bad"


def verdict_of(
    reader: Reader,
    own: float | None,
    city: float | None,
    distinct: bool | None,  # noqa: FBT001 - three answers
    *,
    better_is_more: bool,
) -> str:
    """Say in a sentence how a figure stands to the city's, no more than is known."""
    if own is None:
        return say(reader, "verdict_none")
    if city is None:
        return say(reader, "verdict_alone")
    if distinct is None:
        return say(reader, "verdict_unjudged")
    if not distinct:
        return say(reader, "verdict_unsure")
    return say(reader, "verdict_better" if (own > city) == better_is_more else "verdict_worse")


def absent(reader: Reader, cell: Cell) -> str:
    """Say why a figure is not there: hidden to protect individuals, or missing."""
    part = "hidden" if "hidden" in statuses_of(cell) else "missing"
    return reader.words.section("status")[part]


def interval_text(reader: Reader, cell: Cell) -> str:
    """Write an interval, or nothing where a figure has none."""
    reading = reading_of(cell)
    if reading.low is None or reading.high is None:
        return ""
    return f"{reader.words.number(reading.low)}–{reader.words.number(reading.high)}"


def _with_interval(reader: Reader, cell: Cell) -> str:
    text, interval = reader.words.number(float_of(cell["value"])), interval_text(reader, cell)
    return f"{text} ({interval})" if interval else text

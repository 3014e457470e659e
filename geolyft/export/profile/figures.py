"""An area's index and dimensions beside the city's, and how any figure is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import float_of, number_of, statuses_of
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.html.charts import ROW_WIDTH, Reading, interval_row, scale_row
from geolyft.export.profile.sentences import say
from geolyft.export.standing import Standing
from geolyft.export.words import beside_zero
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


def as_shown(value: object) -> float | None:
    """Return a number with the decimals that are shown, or nothing."""
    return number_of(float_of(value), DECIMALS)


def standings(reader: Reader, area: str) -> list[Standing]:
    """Return how an area stands in each dimension, from what was published."""
    return [
        Standing(
            name=reader.label(code),
            difference=_exact_gap(reader.score(code, area), reader.score(code, CITY)),
            distinct=reader.distinct.get((code, area)),
            hidden="hidden" in statuses_of(reader.cell(code, area)),
        )
        for code in reader.dimensions
    ]


def _exact_gap(value: float | None, city: float | None) -> float | None:
    return None if value is None or city is None else value - city


def score_rows(reader: Reader, area: str) -> list[Row]:
    """Return the index and the dimensions of an area beside the city's."""
    return [_score_row(reader, what, area) for what in reader.whats]


def _score_row(reader: Reader, what: str, area: str) -> Row:
    cell, city = reader.cell(what, area), reader.value(what, CITY)
    distinct = reader.distinct.get((what, area))
    difference = float_of(cell.get("gap"))
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
        **figure_texts(reader, cell),
        city=value_text(reader, reader.cell(what, CITY)),
        difference=reader.words.signed(difference),
        side=side_of(difference, distinct),
        status=reader.words.status(str(cell["status"]), without=UNSAID),
    )


def _score_name(reader: Reader, what: str, area: str) -> str:
    """Say in words what a row of the index and dimensions shows."""
    cell = reader.cell(what, area)
    parts = {"what": reader.label(what), "city_value": value_text(reader, reader.cell(what, CITY))}
    if cell["value"] is None:
        return say(reader, "scores_absent", absent=absent(reader, cell), **parts)
    text, interval = value_text(reader, cell), interval_text(reader, cell)
    value, verdict = f"{text} ({interval})" if interval else text, verdict_of(reader, what, area)
    return say(reader, "scores_name", value=value, verdict=verdict, **parts)


def side_of(difference: float | None, distinct: bool | None) -> str:  # noqa: FBT001 - three answers
    """Return the colour of a difference; none for one that is not sure."""
    if not difference or not distinct:
        return ""
    return "good" if difference > 0 else "bad"


def verdict_of(reader: Reader, what: str, area: str, *, better_is_more: bool = True) -> str:
    """Say in a sentence how a figure stands to the city's, no more than is known."""
    value, city = reader.value(what, area), reader.value(what, CITY)
    distinct = reader.distinct.get((what, area))
    if value is None:
        return say(reader, "verdict_none")
    if city is None:
        return say(reader, "verdict_alone")
    if distinct is None:
        return say(reader, "verdict_unjudged")
    if not distinct:
        return say(reader, "verdict_unsure")
    return say(reader, "verdict_better" if (value > city) == better_is_more else "verdict_worse")


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


def value_text(reader: Reader, cell: Cell) -> str:
    """Write a figure, or why it is not there."""
    return reader.words.number(float_of(cell["value"])) or absent(reader, cell)


def figure_texts(reader: Reader, cell: Cell) -> dict[str, str]:
    """Return a figure, its interval, and why it is not there, as a row shows them."""
    return {
        "value": reader.words.number(float_of(cell["value"])),
        "interval": interval_text(reader, cell),
        "absent": "" if float_of(cell["value"]) is not None else absent(reader, cell),
    }


def change_text(reader: Reader, change: object, low: object, high: object) -> str:
    """Write a difference with its interval, as far as they are known."""
    moved = reader.words.signed(float_of(change))
    ends = [beside_zero(end) for each in (low, high) if (end := float_of(each)) is not None]
    if not moved or len(ends) < 2:  # noqa: PLR2004 - an interval has two
        return moved
    first, last = map(reader.words.signed, ends)
    return say(reader, "change_range", change=moved, low=first, high=last)


def round_scale(
    reader: Reader, axis: tuple[float, float], name: str, *, width: float = ROW_WIDTH
) -> Markup:
    """Draw an axis of scores for the head of a table: its ends and the city's 100."""
    ticks = [(each, reader.words.count(each)) for each in (axis[0], 100.0, axis[1])]
    return scale_row(ticks, axis=axis, name=name, width=width)

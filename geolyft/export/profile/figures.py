"""An area's index and dimensions beside the city's, and how any figure is put in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.html.charts import interval_row
from geolyft.export.profile.book import float_of, reading_of, shown
from geolyft.export.profile.sentences import Standing
from geolyft.frames import CITY

if TYPE_CHECKING:
    from markupsafe import Markup

    from geolyft.export.figures.cells import Cell
    from geolyft.export.profile.book import Book

UNSAID: Final = ("ok", "missing", "hidden", "synthetic")
"""Parts of a status that are said elsewhere: by the absence itself, or over the whole page."""


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


def standings(book: Book, area: str) -> list[Standing]:
    """Return how an area stands in each dimension, from what was published."""
    found = []
    for code in book.dimensions:
        own, city = (book.score(code, place) for place in (area, CITY))
        difference = None if own is None or city is None else own - city
        found.append(
            Standing(
                name=book.label(code),
                difference=difference,
                distinct=book.distinct.get((code, area)),
                hidden="hidden" in str(book.cell(code, area)["status"]).split("+"),
            )
        )
    return found


def score_rows(book: Book, area: str) -> list[Row]:
    """Return the index and the dimensions of an area beside the city's."""
    return [_score_row(book, what, area) for what in book.whats]


def _score_row(book: Book, what: str, area: str) -> Row:
    cell, city = book.cell(what, area), book.value(what, CITY)
    own, distinct = float_of(cell["value"]), book.distinct.get((what, area))
    difference = gap(own, city)
    chart = interval_row(
        reading_of(cell),
        axis=book.score_axis,
        reference=city,
        name=_score_name(book, what, area),
        sure=bool(distinct),
    )
    return Row(
        code=what,
        label=book.label(what),
        chart=chart,
        value=book.words.number(own),
        interval=interval_text(book, cell),
        absent="" if own is not None else absent(book, cell),
        city=_city_text(book, what),
        difference=book.words.signed(difference),
        side=side_of(difference, distinct),
        status=book.words.status(str(cell["status"]), without=UNSAID),
    )


def _city_text(book: Book, what: str) -> str:
    return book.words.number(book.value(what, CITY)) or absent(book, book.cell(what, CITY))


def _score_name(book: Book, what: str, area: str) -> str:
    """Say in words what a row of the index and dimensions shows."""
    cell, own = book.cell(what, area), book.value(what, area)
    said = {"what": book.label(what), "city_value": _city_text(book, what)}
    if own is None:
        return book.say("scores_absent", absent=absent(book, cell), **said)
    distinct = book.distinct.get((what, area))
    verdict = verdict_of(book, own, book.value(what, CITY), distinct, better_is_more=True)
    return book.say("scores_name", value=_with_interval(book, cell), verdict=verdict, **said)


def gap(own: float | None, city: float | None) -> float | None:
    """Return the difference of two figures as they are shown, so that a reader can check it."""
    return None if own is None or city is None else shown(own - city)


def side_of(difference: float | None, distinct: bool | None) -> str:  # noqa: FBT001 - three answers
    """Return the colour of a difference; none for one that is not sure."""
    if not difference or not distinct:
        return ""
    return "good" if difference > 0 else "bad"


def verdict_of(
    book: Book,
    own: float | None,
    city: float | None,
    distinct: bool | None,  # noqa: FBT001 - three answers
    *,
    better_is_more: bool,
) -> str:
    """Say in a sentence how a figure stands to the city's, no more than is known."""
    if own is None:
        return book.say("verdict_none")
    if city is None:
        return book.say("verdict_alone")
    if distinct is None:
        return book.say("verdict_unjudged")
    if not distinct:
        return book.say("verdict_unsure")
    return book.say("verdict_better" if (own > city) == better_is_more else "verdict_worse")


def absent(book: Book, cell: Cell) -> str:
    """Say why a figure is not there: hidden to protect individuals, or missing."""
    part = "hidden" if "hidden" in str(cell["status"]).split("+") else "missing"
    return book.words.section("status")[part]


def interval_text(book: Book, cell: Cell) -> str:
    """Write an interval, or nothing where a figure has none."""
    reading = reading_of(cell)
    if reading.low is None or reading.high is None:
        return ""
    return f"{book.words.number(reading.low)}–{book.words.number(reading.high)}"


def _with_interval(book: Book, cell: Cell) -> str:
    text, interval = book.words.number(float_of(cell["value"])), interval_text(book, cell)
    return f"{text} ({interval})" if interval else text

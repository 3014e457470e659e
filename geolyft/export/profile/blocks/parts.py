"""What makes up an area's index, what stands out in it, and the areas around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import NARROW, bar_row, interval_row
from geolyft.export.profile.book import float_of, reading_of
from geolyft.export.profile.figures import absent, interval_text, verdict_of
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from geolyft.export.profile.book import Book


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one indicator adds to the index or takes from it."""

    code: str
    label: str
    chart: Markup
    points: str


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of an index, from what pulls down most; they add up to `total`."""

    rows: Sequence[Part]
    total: str


def parts_of(book: Book, area: str) -> Parts | None:
    """Return what pulls an area's index from 100, where the index is made of parts."""
    index = book.value(INDEX, area)
    points = _points(book, area)
    if index is None or not points:
        return None
    reach = max([1.0, *(abs(each) for code in book.codes for each in _points(book, code).values())])
    ordered = sorted(points.items(), key=lambda item: (item[1], item[0]))
    return Parts(
        rows=[
            Part(
                code=code,
                label=book.label(code),
                chart=bar_row(value, reach=reach, name=_pull(book, code, value), width=NARROW),
                points=book.words.signed(value),
            )
            for code, value in ordered
        ],
        total=book.words.signed(index - 100),
    )


def _points(book: Book, area: str) -> dict[str, float]:
    cells = {code: book.cell(code, area) for code in book.publication.catalogue.codes}
    known = {code: float_of(cell.get("difference")) for code, cell in cells.items()}
    return {code: value for code, value in known.items() if value is not None}


def _pull(book: Book, code: str, value: float) -> str:
    text = book.words.number(abs(value))
    way = "still" if not value else "up" if value > 0 else "down"
    return book.say(f"parts_name_{way}", name=book.label(code), points=text)


def standing_out(book: Book, area: str, kind: Literal["strength", "challenge"]) -> list[str]:
    """Say what stands out most in an area against the city, and where that is not sure."""
    rows = book.rows("styrkor", area=area, period=book.period, kind=kind)
    said = []
    for row in sorted(rows, key=lambda row: float_of(row["rank"]) or 0.0):
        code = str(row["indicator"])
        # One page has one answer: that of the difference's own interval, where it is known.
        is_sure = book.distinct.get((code, area), str(row.get("sure")) == "True")
        key = "strong_item" if is_sure else "strong_unsure"
        points = book.words.signed(float_of(row["difference"]))
        said.append(book.say(key, name=book.label(code), points=points))
    return said


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """An area that shares a border, with its index."""

    code: str
    title: str
    stem: str
    chart: Markup
    value: str
    interval: str
    absent: str


def neighbours_of(book: Book, area: str) -> list[Neighbour]:
    """Return the areas around an area, in the order of areas."""
    return neighbour_rows(book, book.neighbours[area])


def neighbour_rows(book: Book, areas: Sequence[str]) -> list[Neighbour]:
    """Return some areas with their index, as they are listed."""
    return [_neighbour(book, area) for area in areas]


def _neighbour(book: Book, area: str) -> Neighbour:
    cell, city = book.cell(INDEX, area), book.value(INDEX, CITY)
    own, distinct = float_of(cell["value"]), book.distinct.get((INDEX, area))
    verdict = verdict_of(book, own, city, distinct, better_is_more=True)
    value = book.words.number(own) or absent(book, cell)
    name = book.say("neighbour_name", area=book.title(area), value=value, verdict=verdict)
    return Neighbour(
        code=area,
        title=book.title(area),
        stem=book.stems[area],
        chart=interval_row(
            reading_of(cell),
            axis=book.index_axis,
            reference=city,
            name=name,
            sure=bool(distinct),
            width=NARROW,
        ),
        value=book.words.number(own),
        interval=interval_text(book, cell),
        absent="" if own is not None else absent(book, cell),
    )

"""How an area's index and dimensions have gone over the periods."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.html.trends import Trend, trend
from geolyft.export.profile.book import around, float_of, reading_of
from geolyft.export.profile.figures import absent
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from geolyft.export.figures.cells import Cell
    from geolyft.export.profile.book import Book

_ROOM: Final = 20.0
"""Points an axis shows at least: a step of half a point is not to look like a cliff."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table of trends: what, its values and what may be said of the change."""

    label: str
    values: Sequence[str]
    change: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """How an area has moved: drawings, the same figures as a table, and sentences."""

    first: str
    last: str
    charts: Sequence[tuple[str, Markup]]
    lines: Sequence[Line]
    sentences: Sequence[str]


def change_of(book: Book, area: str) -> Change | None:
    """Return how an area has moved, where there are periods to compare and a run that could."""
    moved = book.rows(CHANGE, area=area)
    if len(book.publication.periods) < 2 or not moved:  # noqa: PLR2004 - two make a change
        return None
    by_what = {str(row["what"]): row for row in moved}
    first, last = str(moved[0]["first"]), str(moved[0]["last"])
    axis = _axis(book, area)
    known = [what for what in book.whats if what in by_what and _has_figures(book, what, area)]
    return Change(
        first=first,
        last=last,
        charts=[
            (book.label(what), _chart(book, what, area, by_what[what], axis)) for what in known
        ],
        lines=_lines(book, area, by_what, known),
        sentences=_sentences(book, area, by_what.get(INDEX)),
    )


def _has_figures(book: Book, what: str, area: str) -> bool:
    return any(book.value(what, area, period) is not None for period in book.publication.periods)


def _axis(book: Book, area: str) -> tuple[float, float]:
    """Return one axis for all of an area's drawings, so that they can be held together."""
    periods = book.publication.periods
    own = [book.cell(what, area, period) for what in book.whats for period in periods]
    city = [book.value(what, CITY, period) for what in book.whats for period in periods]
    ends = [float_of(cell.get(part)) for cell in own for part in ("value", "low", "high")]
    low, high = around([*ends, *city])
    return low, max(high, low + _ROOM)


def _chart(
    book: Book, what: str, area: str, row: Mapping[str, object], axis: tuple[float, float]
) -> Markup:
    periods = book.publication.periods
    cells = [book.cell(what, area, period) for period in periods]
    city = [book.value(what, CITY, period) for period in periods]
    series = Trend(
        periods=periods,
        readings=[reading_of(cell) for cell in cells],
        city=city,
        linked=_linked(periods, cells, row),
    )
    said = [book.words.number(float_of(cell["value"])) or absent(book, cell) for cell in cells]
    city_said = [book.words.number(value) or book.words.status("missing") for value in city]
    name = book.say(
        "trend_name",
        what=book.label(what),
        said=_said(book, periods, said),
        city_said=_said(book, periods, city_said),
    )
    return trend(series, axis=axis, name=name)


def _said(book: Book, periods: Sequence[str], values: Sequence[str]) -> str:
    pairs = zip(periods, values, strict=True)
    return ", ".join(book.say("trend_point", period=period, value=value) for period, value in pairs)


def _linked(periods: Sequence[str], cells: Sequence[Cell], row: Mapping[str, object]) -> list[bool]:
    """Say between which periods a line may be drawn: those that the run has found comparable.

    The run judges its first and its last period; what lies outside them is not judged.
    """
    first, last = str(row["first"]), str(row["last"])
    if not row["comparable"] or first not in periods or last not in periods:
        return [False] * (len(periods) - 1)
    inside = range(list(periods).index(first), list(periods).index(last) + 1)
    whole = [
        n in inside and "partial" not in str(cell["status"]).split("+")
        for n, cell in enumerate(cells)
    ]
    return [one and other for one, other in pairwise(whole)]


def _lines(
    book: Book, area: str, by_what: Mapping[str, Mapping[str, object]], known: Sequence[str]
) -> list[Line]:
    lines = [
        Line(
            label=book.label(what),
            values=_values(book, what, area),
            change=_change_text(book, by_what[what]),
            verdict=_verdict(book, by_what[what]),
        )
        for what in known
    ]
    city = next(iter(book.rows(CHANGE, area=CITY, what=INDEX)), None)
    if city is not None and INDEX in known:
        lines.append(
            Line(
                label=f"{book.publication.city}, {book.label(INDEX).lower()}",
                values=_values(book, INDEX, CITY),
                change=_change_text(book, city),
                verdict=_verdict(book, city),
            )
        )
    return lines


def _values(book: Book, what: str, area: str) -> list[str]:
    cells = [book.cell(what, area, period) for period in book.publication.periods]
    return [book.words.number(float_of(cell["value"])) or absent(book, cell) for cell in cells]


def _change_text(book: Book, row: Mapping[str, object]) -> str:
    signed = book.words.signed
    change, low, high = (float_of(row[name]) for name in ("change", "low", "high"))
    if change is None or not row["comparable"]:
        return ""
    if low is None or high is None:
        return signed(change)
    return book.say("change_range", change=signed(change), low=signed(low), high=signed(high))


def _verdict(book: Book, row: Mapping[str, object]) -> str:
    if not row["comparable"]:
        return _reason(book, row)
    return book.words.say("page.sure_change" if row["exceeds"] else "page.unsure_change")


def _reason(book: Book, row: Mapping[str, object]) -> str:
    return book.say(f"reason_{row['reason']}", note=row["note"])


def _sentences(book: Book, area: str, row: Mapping[str, object] | None) -> list[str]:
    """Say how far the index moved and whether chance could do it, or why nothing can be said."""
    if row is None:
        return []
    first, last = str(row["first"]), str(row["last"])
    if not row["comparable"]:
        return [book.say("not_moved", first=first, last=last, reason=_reason(book, row))]
    signed = book.words.signed
    parts = {name: signed(float_of(row[name])) for name in ("change", "low", "high")}
    key = "page.sure_change" if row["exceeds"] else "page.unsure_change"
    said = book.say(
        "moved",
        first=first,
        last=last,
        sure=book.words.say(key),
        **_ends(book, area, first, last),
        **parts,
    )
    city = _ends(book, CITY, first, last)
    return [said, book.say("moved_city", **city)] if all(city.values()) else [said]


def _ends(book: Book, area: str, first: str, last: str) -> dict[str, str]:
    number = book.words.number
    return {
        "before": number(book.value(INDEX, area, first)),
        "after": number(book.value(INDEX, area, last)),
    }

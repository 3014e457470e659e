"""How an area's index and dimensions have gone over the periods."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import float_of, statuses_of
from geolyft.export.figures.reader import around
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.html.trends import Trend, trend
from geolyft.export.profile.figures import Block, change_text, reading_of, value_text
from geolyft.export.profile.sentences import say
from geolyft.export.standing import movement
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from geolyft.export.figures.cells import Cell
    from geolyft.export.figures.reader import Reader

_ROOM: Final = 20.0
"""Points an axis shows at least: a step of half a point is not to look like a cliff."""


def change_of(reader: Reader, area: str) -> Block | None:
    """Return how an area has moved, where there are periods to compare and a run that could."""
    moved = reader.rows(CHANGE, area=area)
    periods = reader.publication.periods
    if len(periods) < 2 or not moved:  # noqa: PLR2004 - two make a change
        return None
    by_what = {str(row["what"]): row for row in moved}
    first, last = str(moved[0]["first"]), str(moved[0]["last"])
    axis = _axis(reader, area)
    filled = {w for w in by_what for p in periods if reader.value(w, area, p) is not None}
    known = [what for what in reader.whats if what in filled]
    return Block(
        first=first,
        last=last,
        charts=[
            (reader.label(what), _chart(reader, what, area, by_what[what], axis)) for what in known
        ],
        lines=_lines(reader, area, by_what, known),
        sentences=_sentences(reader, by_what.get(INDEX)),
    )


def _axis(reader: Reader, area: str) -> tuple[float, float]:
    """Return one axis for all of an area's drawings, so that they can be held together."""
    periods = reader.publication.periods
    cells = [reader.cell(what, area, period) for what in reader.whats for period in periods]
    city = [reader.value(what, CITY, period) for what in reader.whats for period in periods]
    ends = [float_of(cell.get(part)) for cell in cells for part in ("value", "low", "high")]
    low, high = around([*ends, *city])
    return low, max(high, low + _ROOM)


def _chart(
    reader: Reader, what: str, area: str, row: Mapping[str, object], axis: tuple[float, float]
) -> Markup:
    periods = reader.publication.periods
    cells = [reader.cell(what, area, period) for period in periods]
    city = [reader.value(what, CITY, period) for period in periods]
    series = Trend(
        periods=periods,
        readings=[reading_of(cell) for cell in cells],
        city=city,
        linked=_linked(periods, cells, row),
    )
    missing = reader.words.status("missing")
    name = say(
        reader,
        "trend_name",
        what=reader.label(what),
        said=_points(reader, _values(reader, what, area)),
        city_said=_points(reader, [reader.words.number(value) or missing for value in city]),
    )
    return trend(series, axis=axis, name=name)


def _points(reader: Reader, values: Sequence[str]) -> str:
    pairs = zip(reader.publication.periods, values, strict=True)
    return ", ".join(
        say(reader, "trend_point", period=period, value=value) for period, value in pairs
    )


def _linked(periods: Sequence[str], cells: Sequence[Cell], row: Mapping[str, object]) -> list[bool]:
    """Say between which periods a line may be drawn: those that the run has found comparable.

    The run judges its first and its last period; what lies outside them is not judged.
    """
    first, last = str(row["first"]), str(row["last"])
    if not row["comparable"] or first not in periods or last not in periods:
        return [False] * (len(periods) - 1)
    inside = range(list(periods).index(first), list(periods).index(last) + 1)
    whole = [n in inside and "partial" not in statuses_of(cell) for n, cell in enumerate(cells)]
    return [one and other for one, other in pairwise(whole)]


def _lines(
    reader: Reader, area: str, by_what: Mapping[str, Mapping[str, object]], known: Sequence[str]
) -> list[Block]:
    lines = [_line(reader, reader.label(what), what, area, by_what[what]) for what in known]
    city = next(iter(reader.rows(CHANGE, area=CITY, what=INDEX)), None)
    if city is not None and INDEX in known:
        label = f"{reader.publication.city}, {reader.label(INDEX).lower()}"
        lines.append(_line(reader, label, INDEX, CITY, city))
    return lines


def _line(reader: Reader, label: str, what: str, area: str, row: Mapping[str, object]) -> Block:
    change = change_text(reader, row["change"], row["low"], row["high"])
    return Block(
        label=label,
        values=_values(reader, what, area),
        change=change if row["comparable"] else "",
        verdict=_verdict(reader, row),
    )


def _values(reader: Reader, what: str, area: str) -> list[str]:
    periods = reader.publication.periods
    return [value_text(reader, reader.cell(what, area, period)) for period in periods]


def _verdict(reader: Reader, row: Mapping[str, object]) -> str:
    if not row["comparable"]:
        return say(reader, f"reason_{row['reason']}", note=row["note"])
    return reader.words.say("page.sure_change" if row["exceeds"] else "page.unsure_change")


def _sentences(reader: Reader, row: Mapping[str, object] | None) -> list[str]:
    """Say how far the index moved and whether chance could do it, or why nothing can be said."""
    if row is None:
        return []
    period = {"first": str(row["first"]), "last": str(row["last"])}
    if not row["comparable"]:
        return [say(reader, "not_moved", reason=_verdict(reader, row), **period)]
    city = next(iter(reader.rows(CHANGE, area=CITY, what=INDEX)), None)
    known = city if city is not None and city["comparable"] else None
    return movement(row, known, city=reader.publication.city, words=reader.words)

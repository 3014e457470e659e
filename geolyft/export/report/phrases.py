"""How the report puts what it reads: texts, spans and answers, and what a run recorded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from geolyft.export.figures.cells import number_of, statuses_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.blocks import (
    Cell,
    Grid,
    Heading,
    Section,
    Text,
    grid,
    row_of,
    words_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader
    from geolyft.export.report.blocks import Block


def say(reader: Reader, key: str, **parts: object) -> str:
    """Return a text of the report."""
    return reader.words.say(f"report.{key}", **parts)


def say_number(reader: Reader, key: str, n: int, **parts: object) -> str:
    """Return a text of the report for a number of things, one or more."""
    return reader.words.plural(f"report.{key}", n, **parts)


def paragraph(reader: Reader, key: str, *, look: str = "", **parts: object) -> Text:
    """Return a text of the report as a paragraph."""
    return Text(say(reader, key, **parts), look)


def heading(reader: Reader, key: str, **parts: object) -> Heading:
    """Return a text of the report as a heading inside a section."""
    return Heading(say(reader, key, **parts))


def absence(reader: Reader, key: str, **parts: object) -> Text:
    """Return a paragraph that says why there is nothing to show."""
    return paragraph(reader, key, look="absent", **parts)


def step(reader: Reader, number: int, code: str, blocks: Sequence[Block]) -> Section:
    """Return the section of one of the handbook's steps."""
    title = say(reader, f"step_{number}")
    return Section(code=code, number=str(number), title=title, blocks=tuple(blocks))


class InWords(NamedTuple):
    """A column of words, which start at the left under their heading."""

    cell: Callable[[Any], str | Cell]


Columns: TypeAlias = "Mapping[str | Cell, Callable[[Any], str | Cell] | InWords]"
"""Each column's heading, as a text's name or as it is, and what makes a row's cell of the row."""


def table(
    reader: Reader,
    code: str,
    texts: str,
    columns: Columns,
    rows: Iterable[object],
    *,
    note: str = "",
    look: str = "",
    row_look: Callable[[Any], str] = lambda _: "",
    total: Sequence[str] = (),
    **parts: object,
) -> Grid:
    """Return a table, a row for each thing given, that says what it is in ``<texts>_caption``.

    Parameters
    ----------
    total
        The cells of a last row that sums up, if any.
    parts
        What headings and caption name, beside the city, the base period and the latest one.
    """
    city, base = reader.publication.city, reader.publication.base_period
    parts = {"city": city, "base": base, "period": reader.period, **parts}
    caption = say(reader, f"{texts}_caption", **parts)
    head = [_head(reader, name, column, parts) for name, column in columns.items()]
    body = [
        row_of([_cell(column, each) for column in columns.values()], look=row_look(each))
        for each in rows
    ]
    body += [row_of(total, look="total")] if total else []
    return grid(code, caption, head, body, note=note, look=look)


def _head(
    reader: Reader, name: str | Cell, column: object, parts: Mapping[str, object]
) -> Cell | str:
    if isinstance(name, Cell):
        return name
    title = reader.words.say(name if "." in name else f"report.{name}", **parts)
    return words_cell(title) if isinstance(column, InWords) else title


def _cell(column: Callable[[Any], str | Cell] | InWords, each: object) -> str | Cell:
    if not isinstance(column, InWords):
        return column(each)
    cell = column.cell(each)
    return cell if isinstance(cell, Cell) else words_cell(cell)


def span(reader: Reader, low: object, high: object, decimals: int = 1) -> str:
    """Write from where to where, or what stands for neither; once where both are one."""
    first, last = reader.number(low, decimals), reader.number(high, decimals)
    if NONE in (first, last) or first == last:
        return NONE if NONE in (first, last) else first
    # A dash between numbers with a minus sign could be read as another one.
    minus = reader.words.section("number")["minus"]
    return say(reader, "to_signed" if minus in first + last else "to", low=first, high=last)


def truth(value: object) -> bool | None:
    """Return a truth value, or nothing where it is not known.

    Examples
    --------
    >>> truth(True), truth(float("nan"))
    (True, None)
    """
    return bool(value) if isinstance(value, bool | np.bool_) else None


def yes_or_no(reader: Reader, value: object) -> str:
    """Write yes or no, or what stands for neither."""
    answer = truth(value)
    return NONE if answer is None else say(reader, "yes" if answer else "no")


def absent(reader: Reader, status: str) -> str:
    """Say why there is no figure."""
    key = "status_hidden" if "hidden" in status.split("+") else "status_missing"
    return reader.words.say(f"page.{key}")


def figure(reader: Reader, what: str, area: str) -> str:
    """Write an area's figure of the latest period, or why there is none."""
    cell = reader.cell(what, area)
    known = cell["value"] is not None
    return reader.number(cell["value"]) if known else absent(reader, str(cell["status"]))


def width(row: Mapping[str, object]) -> float:
    """Return how many places an area moves in nine of ten ways to compute."""
    low, high = (number_of(row.get(name), 1) for name in ("rank_p5", "rank_p95"))
    return 0.0 if low is None or high is None else high - low


def ranks(reader: Reader, row: Mapping[str, object], low: str, high: str) -> str:
    """Write from which place to which, such as from ``p5`` to ``p95``."""
    return span(reader, row.get(f"rank_{low}"), row.get(f"rank_{high}"), 0)


def with_status(reader: Reader, part: str) -> list[str]:
    """Return the indicators that have a figure, and one of which this is to be said."""
    statuses = {code: map(statuses_of, reader.latest(code)) for code in reader.known}
    return [code for code, cells in statuses.items() if any(part in cell for cell in cells)]


def count_statuses(statuses: Iterable[str]) -> Counter[str]:
    """Count the parts of statuses; one that says nothing more is ``ok``."""
    every = (set(status.split("+")) - {"synthetic", "ok"} or {"ok"} for status in statuses)
    return Counter(part for parts in every for part in parts)


def of_index(reader: Reader, name: str) -> list[Record]:
    """Return what a table says of the index, in every period."""
    return [row for row in reader.area_rows(name, every=True) if row["what"] == INDEX]


def recorded(reader: Reader, *path: str) -> object:
    """Return what the run recorded of itself, or nothing; such as ``definition, index``."""
    return at(reader.publication.provenance, *path)


def recorded_list(reader: Reader, *path: str) -> list[Mapping[str, object]]:
    """Return the mappings in a list of what the run recorded of itself."""
    items = recorded(reader, *path)
    return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def at(record: object, *path: str) -> object:
    """Return what lies at a path of names, or nothing where it ends too early.

    Examples
    --------
    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": None}, "a", "b")
    (1, None)
    """
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record

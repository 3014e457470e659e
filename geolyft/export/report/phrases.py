"""How the report puts what it reads: texts, spans and answers, and what a run said of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader


def say(reader: Reader, key: str, **parts: object) -> str:
    """Return a text of the report."""
    return reader.words.say(f"report.{key}", **parts)


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


def recorded(reader: Reader, *path: str) -> object:
    """Return what the run said of itself, or nothing; such as ``definition, index``."""
    return at(reader.publication.provenance, *path)


def recorded_list(reader: Reader, *path: str) -> list[Mapping[str, object]]:
    """Return the mappings in a list of what the run said of itself."""
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

"""The ledger: every count closes. And what was read, with checksums, versions and sources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Block, Cell, Grid, Points, Section, Terms, Text, words_cell
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    at,
    heading,
    paragraph,
    recorded,
    recorded_list,
    say,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import SourceNote

SHORT: Final = 12
"""Signs of a checksum that are shown; the manifest has all of them."""
_COUNTS: Final = ("numerator", "denominator", "population", "children")
_TINY: Final = 1e-6


def ledger(reader: Reader) -> Section:
    """Return the section."""
    lines = recorded_list(reader, "ledger")
    blocks: list[Block] = [absence(reader, "ledger_none")]
    if lines:
        about = paragraph(reader, "ledger_about")
        blocks = [about, Text(_verdict(reader, lines)), _lines(reader, lines)]
        if len(reader.publication.periods) > 1:
            blocks.append(_periods(reader, lines))
    return Section(code="avstamning", title=say(reader, "ledger"), blocks=tuple(blocks))


def closes(line: Mapping[str, object]) -> bool | None:
    """Say whether areas and residual make up the city; nothing where a part may not be shown.

    Examples
    --------
    >>> closes({"areas": 90.0, "residual": 10.0, "city": 100.0})
    True
    >>> closes({"areas": None, "residual": None, "city": 100.0}) is None
    True
    """
    areas, residual, city = _parts(line, 9)
    if areas is None or residual is None or city is None:
        return None
    return math.isclose(areas + residual, city, rel_tol=_TINY, abs_tol=_TINY)


def _parts(line: Mapping[str, object], decimals: int) -> list[float | None]:
    return [number_of(line.get(name), decimals) for name in ("areas", "residual", "city")]


def shown_parts(line: Mapping[str, object]) -> tuple[float | None, float | None, float | None]:
    """Return areas, residual and city as whole numbers that still close.

    Each is rounded by itself only where they do not close: the page then shows that.

    Examples
    --------
    >>> shown_parts({"areas": 100.4, "residual": 50.4, "city": 150.8})
    (101.0, 50.0, 151.0)
    """
    areas, residual, city = _parts(line, 0)
    if closes(line) and residual is not None and city is not None:
        areas = city - residual
    return areas, residual, city


def _verdict(reader: Reader, lines: list[Mapping[str, object]]) -> str:
    closed = [closes(line) for line in lines]
    hidden, wrong = closed.count(None), closed.count(False)
    counts = {"all": len(lines), "n": closed.count(True), "hidden": hidden, "wrong": wrong}
    which = "wrong" if wrong else "hidden" if hidden else "closes"
    parts = {name: reader.count(count) for name, count in counts.items()}
    return say(reader, f"ledger_{which}", **parts)


def _lines(reader: Reader, lines: list[Mapping[str, object]]) -> Grid:
    hidden = reader.words.say("page.status_hidden")
    answers = {True: "yes", False: "closes_no", None: "closes_hidden"}

    def part(line: Mapping[str, object], place: int) -> str:
        count = shown_parts(line)[place]
        return hidden if count is None else reader.count(count)

    columns: Columns = {
        "count": lambda line: _count_name(reader, line),
        "source": InWords(lambda line: str(line.get("source") or NONE)),
        "in_areas": lambda line: part(line, 0),
        "residual": lambda line: part(line, 1),
        "whole_city": lambda line: part(line, 2),
        "closes": InWords(lambda line: say(reader, answers[closes(line)])),
    }
    rows = [line for line in lines if line.get("period") == reader.period]
    note = say(reader, "ledger_note")
    return table(reader, "avstamning-tabell", "ledger", columns, rows, note=note)


def _count_name(reader: Reader, line: Mapping[str, object]) -> str:
    code, count = str(line.get("indicator")), str(line.get("count"))
    what = say(reader, f"count_{count}") if count in _COUNTS else _lens_label(reader, count)
    if code in reader.publication.catalogue.codes:
        return f"{reader.indicator(code)}, {what}"
    return what[:1].upper() + what[1:]


def _lens_label(reader: Reader, name: str) -> str:
    """Return what a lens is called; what a run file does not name is called by its column."""
    key = "label_en" if reader.words.lang == "en" else "label"
    for lens in recorded_list(reader, "config", "lens"):
        if lens.get("name") == name:
            return str(lens.get(key) or lens.get("label") or name)
    return name


def _periods(reader: Reader, lines: list[Mapping[str, object]]) -> Grid:
    closed = {
        period: [closes(line) for line in lines if line.get("period") == period]
        for period in reader.publication.periods
    }
    columns: Columns = {
        "html.period": str,
        "ledger_counts": lambda period: reader.count(len(closed[period])),
        "closes": lambda period: reader.count(closed[period].count(True)),
        "closes_hidden": lambda period: reader.count(closed[period].count(None)),
        "closes_no": lambda period: reader.count(closed[period].count(False)),
    }
    return table(reader, "avstamning-perioder", "ledger_periods", columns, closed)


def sources(reader: Reader) -> Section:
    """Return the sources."""
    notes = [(source.name, _source(reader, source)) for source in reader.publication.sources]
    block = Terms(notes, "sources") if notes else absence(reader, "sources_none")
    return Section(code="kallor", title=reader.words.say("html.sources"), blocks=(block,))


def _source(reader: Reader, source: SourceNote) -> list[str]:
    say, years, used = reader.words.say, ", ".join(source.references), ", ".join(source.indicators)
    facts = [
        source.publisher,
        say("html.source_years", years=years) if years else "",
        say("html.source_licence", licence=source.licence) if source.licence else "",
    ]
    use = say("html.source_used", indicators=used) + "." if used else ""
    return [line for line in (", ".join(filter(None, facts)), use, source.note) if line]


def inputs(reader: Reader) -> Section:
    """Return the files that were read, and what read them."""
    files = recorded_list(reader, "inputs")
    latest = [each for each in files if str(each.get("period")) == reader.period]
    aside = reader.publication.set_aside
    blocks = (
        paragraph(reader, "inputs_about"),
        _files(reader, latest) if latest else absence(reader, "inputs_none"),
        *([Points(aside)] if aside else []),
        heading(reader, "versions"),
        Terms(_versions(reader), "facts"),
    )
    return Section(code="indata", title=say(reader, "inputs"), blocks=blocks)


def _files(reader: Reader, files: list[Mapping[str, object]]) -> Grid:
    columns: Columns = {
        "file": lambda each: str(each.get("path") or NONE),
        "source": InWords(lambda each: _source_cell(reader, each)),
        "rows": lambda each: reader.count(each.get("rows")),
        "placed": lambda each: reader.count(_places(each)[0]),
        "outside": lambda each: reader.count(_places(each)[1]),
        "without_place": lambda each: reader.count(_places(each)[2]),
        "checksum": InWords(lambda each: str(each.get("sha256") or NONE)[:SHORT]),
    }
    note = say(reader, "inputs_note", n=SHORT)
    if any(each.get("kind") == "geotiff" for each in files):
        note += " " + say(reader, "inputs_cells")
    return table(reader, "filer", "inputs", columns, files, note=note)


def _source_cell(reader: Reader, file: Mapping[str, object]) -> Cell:
    year = file.get("reference")
    refers = reader.words.say("html.source_years", years=year) if year else ""
    return words_cell(str(file.get("source") or NONE), note=refers)


def _places(file: Mapping[str, object]) -> tuple[object, object, object]:
    """Return how many rows of a file are in an area, outside all of them, and without a place."""
    placed = at(file, "placed")
    small, residual = at(placed, "sources"), at(placed, "residual_sources")
    if isinstance(small, int) and isinstance(residual, int):
        # Of totals the rows are small areas, and each has a place or is part of the residual.
        return small - residual, residual, None
    return at(placed, "placed"), at(placed, "outside"), at(placed, "unplaced")


def _versions(reader: Reader) -> list[tuple[str, list[str]]]:
    versions = recorded(reader, "versions")
    shapes = recorded(reader, "division", "sha256")
    crosswalks = recorded(reader, "division", "crosswalks")
    items = {}
    if isinstance(versions, dict) and versions:
        items["programs"] = ", ".join(f"{name} {number}" for name, number in versions.items())
    if shapes:
        items["division"] = f"{reader.publication.division}, {str(shapes)[:SHORT]}"
    if isinstance(crosswalks, dict) and crosswalks:
        items["crosswalks"] = ", ".join(f"{k} {str(v)[:SHORT]}" for k, v in crosswalks.items())
    return [(say(reader, key), [text]) for key, text in (items or {"programs": NONE}).items()]

"""The ledger: every count closes. And what was read, with checksums, versions and sources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import (
    Block,
    Grid,
    Heading,
    Section,
    Terms,
    Text,
    Texts,
    grid,
    words_cell,
)
from geolyft.export.report.phrases import at, recorded, recorded_list, say

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
    blocks: list[Block] = []
    if lines:
        blocks = [
            Text(text=say(reader, "ledger_about")),
            Text(text=_verdict(reader, lines)),
            _lines(reader, lines),
        ]
        if len(reader.publication.periods) > 1:
            blocks.append(_periods(reader, lines))
    else:
        blocks.append(Text(text=say(reader, "ledger_none"), look="absent"))
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
    areas, residual, city = (number_of(line.get(name), 9) for name in ("areas", "residual", "city"))
    if areas is None or residual is None or city is None:
        return None
    return math.isclose(areas + residual, city, rel_tol=_TINY, abs_tol=_TINY)


def shown_parts(line: Mapping[str, object]) -> tuple[float | None, float | None, float | None]:
    """Return areas, residual and city as whole numbers that still close.

    Each is rounded by itself only where they do not close: the page then shows that.

    Examples
    --------
    >>> shown_parts({"areas": 100.4, "residual": 50.4, "city": 150.8})
    (101.0, 50.0, 151.0)
    """
    areas, residual, city = (number_of(line.get(name), 0) for name in ("areas", "residual", "city"))
    if closes(line) and residual is not None and city is not None:
        areas = city - residual
    return areas, residual, city


def _verdict(reader: Reader, lines: list[Mapping[str, object]]) -> str:
    found = [closes(line) for line in lines]
    parts = {"all": reader.count(len(lines)), "n": reader.count(found.count(True))}
    hidden, wrong = found.count(None), found.count(False)
    if wrong:
        return say(reader, "ledger_wrong", wrong=reader.count(wrong), **parts)
    if hidden:
        return say(reader, "ledger_hidden", hidden=reader.count(hidden), **parts)
    return say(reader, "ledger_closes", **parts)


def _lines(reader: Reader, lines: list[Mapping[str, object]]) -> Grid:
    head: Texts = [
        say(reader, "count"),
        words_cell(say(reader, "source")),
        say(reader, "in_areas"),
        say(reader, "residual"),
        say(reader, "whole_city"),
        words_cell(say(reader, "closes")),
    ]
    rows = [_line(reader, line) for line in lines if line.get("period") == reader.period]
    caption = say(reader, "ledger_caption", period=reader.period)
    return grid("avstamning-tabell", caption, head, rows, note=say(reader, "ledger_note"))


def _line(reader: Reader, line: Mapping[str, object]) -> Texts:
    code, count = str(line.get("indicator")), str(line.get("count"))
    named = reader.indicator(code) if code in reader.publication.catalogue.codes else ""
    what = say(reader, f"count_{count}") if count in _COUNTS else count
    known = closes(line)
    hidden = reader.words.say("page.status_hidden")
    figures = [hidden if each is None else reader.count(each) for each in shown_parts(line)]
    said = {True: "yes", False: "closes_no", None: "closes_hidden"}[known]
    return [
        f"{named}, {what}" if named else what[:1].upper() + what[1:],
        words_cell(str(line.get("source") or NONE)),
        *figures,
        words_cell(say(reader, said)),
    ]


def _periods(reader: Reader, lines: list[Mapping[str, object]]) -> Grid:
    rows: list[Texts] = []
    for period in reader.publication.periods:
        found = [closes(line) for line in lines if line.get("period") == period]
        counts = [len(found), *(found.count(each) for each in (True, None, False))]
        rows.append([period, *(reader.count(n) for n in counts)])
    head: Texts = [
        reader.words.say("html.period"),
        say(reader, "ledger_counts"),
        say(reader, "closes"),
        say(reader, "closes_hidden"),
        say(reader, "closes_no"),
    ]
    return grid("avstamning-perioder", say(reader, "ledger_periods_caption"), head, rows)


def sources(reader: Reader) -> Section:
    """Return the sources."""
    if not reader.publication.sources:
        blocks: tuple[Block, ...] = (Text(text=say(reader, "sources_none"), look="absent"),)
    else:
        items = tuple(
            (source.name, _source(reader, source)) for source in reader.publication.sources
        )
        blocks = (Terms(items=items, look="sources"),)
    return Section(code="kallor", title=reader.words.say("html.sources"), blocks=blocks)


def _source(reader: Reader, source: SourceNote) -> tuple[str, ...]:
    say = reader.words.say
    facts = [source.publisher]
    if source.references:
        facts.append(say("html.source_years", years=", ".join(source.references)))
    if source.licence:
        facts.append(say("html.source_licence", licence=source.licence))
    lines = [", ".join(fact for fact in facts if fact)]
    if source.indicators:
        lines.append(say("html.source_used", indicators=", ".join(source.indicators)) + ".")
    return tuple(line for line in (*lines, source.note) if line)


def inputs(reader: Reader) -> Section:
    """Return the files that were read, and what read them."""
    blocks: list[Block] = [Text(text=say(reader, "inputs_about"))]
    mine = [
        each for each in recorded_list(reader, "inputs") if str(each.get("period")) == reader.period
    ]
    if mine:
        blocks.append(_files(reader, mine))
    else:
        blocks.append(Text(text=say(reader, "inputs_none"), look="absent"))
    blocks += [Heading(text=say(reader, "versions")), Terms(items=_versions(reader), look="facts")]
    return Section(code="indata", title=say(reader, "inputs"), blocks=tuple(blocks))


def _files(reader: Reader, files: list[Mapping[str, object]]) -> Grid:
    head: Texts = [
        say(reader, "file"),
        words_cell(say(reader, "source")),
        say(reader, "rows"),
        say(reader, "placed"),
        say(reader, "outside"),
        say(reader, "without_place"),
        words_cell(say(reader, "checksum")),
    ]
    rows = [_file(reader, each) for each in files]
    caption = say(reader, "inputs_caption", period=reader.period)
    note = [say(reader, "inputs_note", n=SHORT)]
    if any(each.get("kind") == "geotiff" for each in files):
        note.append(say(reader, "inputs_cells"))
    return grid("filer", caption, head, rows, note=" ".join(note))


def _file(reader: Reader, said: Mapping[str, object]) -> Texts:
    reference = said.get("reference")
    refers = reader.words.say("html.source_years", years=reference) if reference else ""
    return [
        str(said.get("path") or NONE),
        words_cell(str(said.get("source") or NONE), note=refers),
        reader.count(said.get("rows")),
        *(reader.count(count) for count in _places(said)),
        words_cell(str(said.get("sha256") or NONE)[:SHORT]),
    ]


def _places(said: Mapping[str, object]) -> tuple[object, object, object]:
    """Return how many rows of a file are in an area, outside all of them, and without a place."""
    small, residual = at(said, "placed", "sources"), at(said, "placed", "residual_sources")
    if isinstance(small, int) and isinstance(residual, int):
        # Of totals the rows are small areas, and each has a place or is part of the residual.
        return small - residual, residual, None
    placed, outside, unplaced = (
        at(said, "placed", name) for name in ("placed", "outside", "unplaced")
    )
    return placed, outside, unplaced


def _versions(reader: Reader) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said = recorded(reader, "versions")
    versions = {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}
    walks = recorded(reader, "division", "crosswalks")
    items = []
    if versions:
        named = ", ".join(f"{name} {number}" for name, number in versions.items())
        items.append((say(reader, "programs"), (named,)))
    shapes = recorded(reader, "division", "sha256")
    if shapes:
        items.append(
            (say(reader, "division"), (f"{reader.publication.division}, {str(shapes)[:SHORT]}",))
        )
    if isinstance(walks, dict) and walks:
        named = ", ".join(f"{name} {str(check)[:SHORT]}" for name, check in walks.items())
        items.append((say(reader, "crosswalks"), (named,)))
    return tuple(items) or ((say(reader, "programs"), (NONE,)),)

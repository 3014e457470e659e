"""The ledger: every count closes. And what was read, with checksums, versions and sources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
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
from geolyft.export.report.run import NONE, at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.publication import SourceNote
    from geolyft.export.report.run import Run

SHORT: Final = 12
"""Signs of a checksum that are shown; the manifest has all of them."""
_COUNTS: Final = ("numerator", "denominator", "population", "children")
_TINY: Final = 1e-6


def ledger(run: Run) -> Section:
    """Return the section."""
    lines = run.said_list("ledger")
    blocks: list[Block] = []
    if lines:
        blocks = [
            Text(text=run.say("ledger_about")),
            Text(text=_verdict(run, lines)),
            _lines(run, lines),
        ]
        if len(run.publication.periods) > 1:
            blocks.append(_periods(run, lines))
    else:
        blocks.append(Text(text=run.say("ledger_none"), look="absent"))
    return Section(code="avstamning", title=run.say("ledger"), blocks=tuple(blocks))


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


def _verdict(run: Run, lines: list[Mapping[str, object]]) -> str:
    found = [closes(line) for line in lines]
    parts = {"all": run.count(len(lines)), "n": run.count(found.count(True))}
    hidden, wrong = found.count(None), found.count(False)
    if wrong:
        return run.say("ledger_wrong", wrong=run.count(wrong), **parts)
    if hidden:
        return run.say("ledger_hidden", hidden=run.count(hidden), **parts)
    return run.say("ledger_closes", **parts)


def _lines(run: Run, lines: list[Mapping[str, object]]) -> Grid:
    head: Texts = [
        run.say("count"),
        words_cell(run.say("source")),
        run.say("in_areas"),
        run.say("residual"),
        run.say("whole_city"),
        words_cell(run.say("closes")),
    ]
    rows = [_line(run, line) for line in lines if line.get("period") == run.period]
    caption = run.say("ledger_caption", period=run.period)
    return grid("avstamning-tabell", caption, head, rows, note=run.say("ledger_note"))


def _line(run: Run, line: Mapping[str, object]) -> Texts:
    code, count = str(line.get("indicator")), str(line.get("count"))
    named = run.indicator(code) if code in run.publication.catalogue.codes else ""
    what = run.say(f"count_{count}") if count in _COUNTS else count
    known = closes(line)
    hidden = run.words.say("page.status_hidden")
    figures = [hidden if each is None else run.count(each) for each in shown_parts(line)]
    said = {True: "yes", False: "closes_no", None: "closes_hidden"}[known]
    return [
        f"{named}, {what}" if named else what[:1].upper() + what[1:],
        words_cell(str(line.get("source") or NONE)),
        *figures,
        words_cell(run.say(said)),
    ]


def _periods(run: Run, lines: list[Mapping[str, object]]) -> Grid:
    rows: list[Texts] = []
    for period in run.publication.periods:
        found = [closes(line) for line in lines if line.get("period") == period]
        counts = [len(found), *(found.count(each) for each in (True, None, False))]
        rows.append([period, *(run.count(n) for n in counts)])
    head: Texts = [
        run.words.say("html.period"),
        run.say("ledger_counts"),
        run.say("closes"),
        run.say("closes_hidden"),
        run.say("closes_no"),
    ]
    return grid("avstamning-perioder", run.say("ledger_periods_caption"), head, rows)


def sources(run: Run) -> Section:
    """Return the sources."""
    if not run.publication.sources:
        blocks: tuple[Block, ...] = (Text(text=run.say("sources_none"), look="absent"),)
    else:
        items = tuple((source.name, _source(run, source)) for source in run.publication.sources)
        blocks = (Terms(items=items, look="sources"),)
    return Section(code="kallor", title=run.words.say("html.sources"), blocks=blocks)


def _source(run: Run, source: SourceNote) -> tuple[str, ...]:
    say = run.words.say
    facts = [source.publisher]
    if source.references:
        facts.append(say("html.source_years", years=", ".join(source.references)))
    if source.licence:
        facts.append(say("html.source_licence", licence=source.licence))
    lines = [", ".join(fact for fact in facts if fact)]
    if source.indicators:
        lines.append(say("html.source_used", indicators=", ".join(source.indicators)) + ".")
    return tuple(line for line in (*lines, source.note) if line)


def inputs(run: Run) -> Section:
    """Return the files that were read, and what read them."""
    blocks: list[Block] = [Text(text=run.say("inputs_about"))]
    mine = [each for each in run.said_list("inputs") if str(each.get("period")) == run.period]
    if mine:
        blocks.append(_files(run, mine))
    else:
        blocks.append(Text(text=run.say("inputs_none"), look="absent"))
    blocks += [Heading(text=run.say("versions")), Terms(items=_versions(run), look="facts")]
    return Section(code="indata", title=run.say("inputs"), blocks=tuple(blocks))


def _files(run: Run, files: list[Mapping[str, object]]) -> Grid:
    head: Texts = [
        run.say("file"),
        words_cell(run.say("source")),
        run.say("rows"),
        run.say("placed"),
        run.say("outside"),
        run.say("without_place"),
        words_cell(run.say("checksum")),
    ]
    rows = [_file(run, each) for each in files]
    caption = run.say("inputs_caption", period=run.period)
    note = [run.say("inputs_note", n=SHORT)]
    if any(each.get("kind") == "geotiff" for each in files):
        note.append(run.say("inputs_cells"))
    return grid("filer", caption, head, rows, note=" ".join(note))


def _file(run: Run, said: Mapping[str, object]) -> Texts:
    reference = said.get("reference")
    refers = run.words.say("html.source_years", years=reference) if reference else ""
    return [
        str(said.get("path") or NONE),
        words_cell(str(said.get("source") or NONE), note=refers),
        run.count(said.get("rows")),
        *(run.count(count) for count in _places(said)),
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


def _versions(run: Run) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said = run.said("versions")
    versions = {str(k): str(v) for k, v in said.items()} if isinstance(said, dict) else {}
    walks = run.said("division", "crosswalks")
    items = []
    if versions:
        named = ", ".join(f"{name} {number}" for name, number in versions.items())
        items.append((run.say("programs"), (named,)))
    shapes = run.said("division", "sha256")
    if shapes:
        items.append((run.say("division"), (f"{run.publication.division}, {str(shapes)[:SHORT]}",)))
    if isinstance(walks, dict) and walks:
        named = ", ".join(f"{name} {str(check)[:SHORT]}" for name, check in walks.items())
        items.append((run.say("crosswalks"), (named,)))
    return tuple(items) or ((run.say("programs"), (NONE,)),)

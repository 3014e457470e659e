"""Data quality, indicator by indicator: where from, of which year, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.pictures.content import references
from geolyft.export.report.blocks import (
    Block,
    Cell,
    Grid,
    Heading,
    Row,
    Section,
    Text,
    Texts,
    grid,
    words_cell,
)
from geolyft.export.report.run import NONE
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.publication import SourceNote
    from geolyft.export.report.run import Run

PARTS: Final = ("ok", "approximate", "stale", "partial", "missing", "hidden")
"""What the areas' figures are counted by."""


def quality(run: Run) -> Section:
    """Return the section."""
    blocks: list[Block] = [Text(text=run.say("quality_about")), _origin(run), _coverage(run)]
    if len(run.publication.periods) > 1:
        blocks += [Heading(text=run.say("quality_years")), _years(run)]
    return Section(code="kvalitet", title=run.say("quality"), blocks=tuple(blocks))


def _origin(run: Run) -> Grid:
    head: Texts = [
        run.say("indicator"),
        words_cell(run.say("source")),
        words_cell(run.say("publisher")),
        words_cell(run.say("licence")),
        words_cell(run.say("refers")),
        words_cell(run.say("lag")),
    ]
    rows = [_origin_row(run, code) for code in run.publication.catalogue.codes]
    return grid("ursprung", run.say("origin_caption", period=run.period), head, rows)


def _origin_row(run: Run, code: str) -> Row:
    notes = sources_of(run, code)
    years = references(run.publication, code, run.period)
    texts = [
        ", ".join(dict.fromkeys(note.name for note in notes)),
        ", ".join(dict.fromkeys(note.publisher for note in notes if note.publisher)),
        ", ".join(dict.fromkeys(note.licence for note in notes if note.licence)),
        ", ".join(years),
        _lag(run, code, years),
    ]
    cells = (words_cell(run.indicator(code)), *(words_cell(text or NONE) for text in texts))
    return Row(cells=cells, look="" if code in run.known else "faint")


def sources_of(run: Run, code: str) -> list[SourceNote]:
    """Return where an indicator's figures come from, as shown to readers."""
    if code not in run.known:
        return []
    return [note for note in run.publication.sources if code in note.indicators]


def _lag(run: Run, code: str, years: list[str]) -> str:
    """Say how many years the figures lag behind their edition, and what is usual."""
    numbers = [int(year) for year in years if year.isdecimal()]
    if not run.period.isdecimal() or not numbers or len(numbers) < len(years):
        return ""
    lag = int(run.period) - min(numbers)
    usual = run.publication.catalogue[code].lag
    said = run.say("years", n=lag)
    return run.say("lag_late", years=said, usual=usual) if lag > usual else said


def _coverage(run: Run) -> Grid:
    head: Texts = [
        run.say("indicator"),
        run.say("with_figure"),
        *(run.say(f"part_{part}") for part in PARTS),
        run.say("base_count"),
        run.say("unplaced"),
    ]
    rows = [
        Row(
            cells=(
                words_cell(run.indicator(code)),
                *(Cell(text=t) for t in _coverage_row(run, code)),
            ),
            look="" if code in run.known else "faint",
        )
        for code in run.publication.catalogue.codes
    ]
    return grid(
        "tackning",
        run.say("coverage_caption", period=run.period, n=len(run.codes)),
        head,
        rows,
        note=run.say("coverage_note"),
        look="dense",
    )


def counted(run: Run, code: str) -> dict[str, int]:
    """Count the areas by what is to be said of their figure."""
    found = dict.fromkeys(("known", *PARTS), 0)
    for area in run.codes:
        cell = run.cells[code][area]
        found["known"] += cell["value"] is not None
        for part in set(str(cell["status"]).split("+")) - {"synthetic", "ok"} or {"ok"}:
            found[part] += 1
    return found


def _coverage_row(run: Run, code: str) -> list[str]:
    found = counted(run, code)
    base = run.cells[code][CITY].get("denominator")
    return [
        run.count(found["known"]),
        *(run.count(found[part]) for part in PARTS),
        run.count(base),
        unplaced(run, code),
    ]


def unplaced(run: Run, code: str) -> str:
    """Write how many of an indicator's base are in no area, and what share of it that is."""
    if code not in run.known:
        return NONE
    lines = [
        line
        for line in run.said_list("ledger")
        if (line.get("indicator"), line.get("period")) == (code, run.period)
        and line.get("count") == "denominator"
    ]
    if not lines:
        return NONE
    residual, city = (number_of(lines[0].get(name), 6) for name in ("residual", "city"))
    if residual is None:
        return run.words.say("page.status_hidden")
    share = run.percent(residual / city, decimals=1) if city else ""
    return f"{run.count(residual)} ({share})" if share else run.count(residual)


def _years(run: Run) -> Grid:
    periods = run.publication.periods
    rows: list[Texts] = []
    for code in run.publication.catalogue.codes:
        years = [", ".join(references(run.publication, code, period)) for period in periods]
        cells = [
            Cell(text=said or NONE, look="seen" if said not in ("", period) else "")
            for said, period in zip(years, periods, strict=True)
        ]
        rows.append([words_cell(run.indicator(code)), *cells])
    caption = run.say("years_caption")
    return grid("ar", caption, [run.say("indicator"), *periods], rows, note=run.say("years_note"))

"""Data quality, indicator by indicator: where from, of which year, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
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
from geolyft.export.report.phrases import recorded_list, say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import SourceNote

PARTS: Final = ("ok", "approximate", "stale", "partial", "missing", "hidden")
"""What the areas' figures are counted by."""


def quality(reader: Reader) -> Section:
    """Return the section."""
    blocks: list[Block] = [
        Text(text=say(reader, "quality_about")),
        _origin(reader),
        _coverage(reader),
    ]
    if len(reader.publication.periods) > 1:
        blocks += [Heading(text=say(reader, "quality_years")), _years(reader)]
    return Section(code="kvalitet", title=say(reader, "quality"), blocks=tuple(blocks))


def _origin(reader: Reader) -> Grid:
    head: Texts = [
        say(reader, "indicator"),
        words_cell(say(reader, "source")),
        words_cell(say(reader, "publisher")),
        words_cell(say(reader, "licence")),
        words_cell(say(reader, "refers")),
        words_cell(say(reader, "lag")),
    ]
    rows = [_origin_row(reader, code) for code in reader.publication.catalogue.codes]
    return grid("ursprung", say(reader, "origin_caption", period=reader.period), head, rows)


def _origin_row(reader: Reader, code: str) -> Row:
    notes = sources_of(reader, code)
    years = reader.references(code, reader.period)
    texts = [
        ", ".join(dict.fromkeys(note.name for note in notes)),
        ", ".join(dict.fromkeys(note.publisher for note in notes if note.publisher)),
        ", ".join(dict.fromkeys(note.licence for note in notes if note.licence)),
        ", ".join(years),
        _lag(reader, code, years),
    ]
    cells = (words_cell(reader.indicator(code)), *(words_cell(text or NONE) for text in texts))
    return Row(cells=cells, look="" if code in reader.known else "faint")


def sources_of(reader: Reader, code: str) -> list[SourceNote]:
    """Return where an indicator's figures come from, as shown to readers."""
    if code not in reader.known:
        return []
    return [note for note in reader.publication.sources if code in note.indicators]


def _lag(reader: Reader, code: str, years: list[str]) -> str:
    """Say how many years the figures lag behind their edition, and what is usual."""
    numbers = [int(year) for year in years if year.isdecimal()]
    if not reader.period.isdecimal() or not numbers or len(numbers) < len(years):
        return ""
    lag = int(reader.period) - min(numbers)
    usual = reader.publication.catalogue[code].lag
    said = say(reader, "years", n=lag)
    return say(reader, "lag_late", years=said, usual=usual) if lag > usual else said


def _coverage(reader: Reader) -> Grid:
    head: Texts = [
        say(reader, "indicator"),
        say(reader, "with_figure"),
        *(say(reader, f"part_{part}") for part in PARTS),
        say(reader, "base_count"),
        say(reader, "unplaced"),
    ]
    rows = [
        Row(
            cells=(
                words_cell(reader.indicator(code)),
                *(Cell(text=t) for t in _coverage_row(reader, code)),
            ),
            look="" if code in reader.known else "faint",
        )
        for code in reader.publication.catalogue.codes
    ]
    return grid(
        "tackning",
        say(reader, "coverage_caption", period=reader.period, n=len(reader.codes)),
        head,
        rows,
        note=say(reader, "coverage_note"),
        look="dense",
    )


def counted(reader: Reader, code: str) -> dict[str, int]:
    """Count the areas by what is to be said of their figure."""
    found = dict.fromkeys(("known", *PARTS), 0)
    for area in reader.codes:
        cell = reader.cell(code, area)
        found["known"] += cell["value"] is not None
        for part in set(str(cell["status"]).split("+")) - {"synthetic", "ok"} or {"ok"}:
            found[part] += 1
    return found


def _coverage_row(reader: Reader, code: str) -> list[str]:
    found = counted(reader, code)
    base = reader.cell(code, CITY).get("denominator")
    return [
        reader.count(found["known"]),
        *(reader.count(found[part]) for part in PARTS),
        reader.count(base),
        unplaced(reader, code),
    ]


def unplaced(reader: Reader, code: str) -> str:
    """Write how many of an indicator's base are in no area, and what share of it that is."""
    if code not in reader.known:
        return NONE
    lines = [
        line
        for line in recorded_list(reader, "ledger")
        if (line.get("indicator"), line.get("period")) == (code, reader.period)
        and line.get("count") == "denominator"
    ]
    if not lines:
        return NONE
    residual, city = (number_of(lines[0].get(name), 6) for name in ("residual", "city"))
    if residual is None:
        return reader.words.say("page.status_hidden")
    share = reader.percent(residual / city, decimals=1) if city else ""
    return f"{reader.count(residual)} ({share})" if share else reader.count(residual)


def _years(reader: Reader) -> Grid:
    periods = reader.publication.periods
    rows: list[Texts] = []
    for code in reader.publication.catalogue.codes:
        years = [", ".join(reader.references(code, period)) for period in periods]
        cells = [
            Cell(text=said or NONE, look="seen" if said not in ("", period) else "")
            for said, period in zip(years, periods, strict=True)
        ]
        rows.append([words_cell(reader.indicator(code)), *cells])
    caption = say(reader, "years_caption")
    return grid(
        "ar", caption, [say(reader, "indicator"), *periods], rows, note=say(reader, "years_note")
    )

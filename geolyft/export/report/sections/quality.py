"""Data quality, indicator by indicator: where from, of which year, and how much of it there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Block, Cell, Grid, Section
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    count_statuses,
    heading,
    paragraph,
    recorded_list,
    say,
    table,
)
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import SourceNote

PARTS: Final = ("ok", "approximate", "stale", "partial", "missing", "hidden")
"""What the areas' figures are counted by."""


def quality(reader: Reader) -> Section:
    """Return the section."""
    blocks: list[Block] = [paragraph(reader, "quality_about"), _origin(reader), _coverage(reader)]
    if len(reader.publication.periods) > 1:
        blocks += [heading(reader, "quality_years"), _years(reader)]
    return Section(code="kvalitet", title=say(reader, "quality"), blocks=tuple(blocks))


def _origin(reader: Reader) -> Grid:
    def of_sources(name: str) -> InWords:
        notes = {code: sources_of(reader, code) for code in reader.publication.catalogue.codes}
        values = {code: [getattr(each, name) for each in of] for code, of in notes.items()}
        return InWords(lambda code: ", ".join(dict.fromkeys(filter(None, values[code]))) or NONE)

    def years(code: str) -> list[str]:
        return reader.references(code, reader.period)

    columns: Columns = {
        "indicator": reader.indicator,
        "source": of_sources("name"),
        "publisher": of_sources("publisher"),
        "licence": of_sources("licence"),
        "refers": InWords(lambda code: ", ".join(years(code)) or NONE),
        "lag": InWords(lambda code: _lag(reader, code, years(code)) or NONE),
    }
    codes = reader.publication.catalogue.codes
    return table(reader, "ursprung", "origin", columns, codes, row_look=faint_unless(reader))


def faint_unless(reader: Reader) -> Callable[[str], str]:
    """Return the look of an indicator's row: faint where it has no figure."""
    return lambda code: "" if code in reader.known else "faint"


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
    late = say(reader, "years", n=lag)
    return say(reader, "lag_late", years=late, usual=usual) if lag > usual else late


def _coverage(reader: Reader) -> Grid:
    codes = reader.publication.catalogue.codes
    counts = {code: counted(reader, code) for code in codes}

    def part(name: str) -> Callable[[str], str]:
        return lambda code: reader.count(counts[code][name])

    columns: Columns = {
        "indicator": reader.indicator,
        "with_figure": part("known"),
        **{f"part_{name}": part(name) for name in PARTS},
        "base_count": lambda code: reader.count(reader.cell(code, CITY).get("denominator")),
        "unplaced": lambda code: unplaced(reader, code),
    }
    n, note, faint = len(reader.codes), say(reader, "coverage_note"), faint_unless(reader)
    return table(
        reader, "tackning", "coverage", columns, codes, note=note, look="dense", row_look=faint, n=n
    )


def counted(reader: Reader, code: str) -> Counter[str]:
    """Count the areas by what is to be said of their figure."""
    cells = [reader.cell(code, area) for area in reader.codes]
    counts = count_statuses(str(cell["status"]) for cell in cells)
    counts["known"] = sum(cell["value"] is not None for cell in cells)
    return counts


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
    def of_period(period: str) -> Callable[[str], Cell]:
        def cell(code: str) -> Cell:
            years = ", ".join(reader.references(code, period))
            return Cell(text=years or NONE, look="seen" if years not in ("", period) else "")

        return cell

    periods = reader.publication.periods
    columns: Columns = {
        "indicator": reader.indicator,
        **{Cell(text=period): of_period(period) for period in periods},
    }
    codes = reader.publication.catalogue.codes
    return table(reader, "ar", "years", columns, codes, note=say(reader, "years_note"))

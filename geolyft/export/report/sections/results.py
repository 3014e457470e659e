"""Steps 8 to 10 of the handbook: back to the data, other measures, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.report.blocks import Block, Cell, Grid, Points, Section, grid, row_of
from geolyft.export.report.measures import FEWEST
from geolyft.export.report.method import is_default
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    figure,
    heading,
    of_index,
    paragraph,
    recorded,
    say,
    step,
    table,
    truth,
)
from geolyft.export.report.sections.chapters import chapters
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader

_VERDICTS = ("on_track", "not_on_track", "cannot_be_told")


def back(reader: Reader) -> Section:
    """Return step 8: what the index is made of, area by area, and how it moved."""
    blocks = [
        paragraph(reader, "back_about"),
        _dimensions(reader),
        _parts(reader),
        heading(reader, "back_change"),
        _change(reader),
        *_targets(reader),
    ]
    return step(reader, 8, "data", blocks)


def _dimensions(reader: Reader) -> Grid:
    rows = [
        row_of([reader.area(c), *(figure(reader, w, c) for w in reader.whats)], look=look)
        for look, codes in (("total", [CITY]), ("", reader.codes))
        for c in codes
    ]
    head = [reader.words.say("html.area"), *(reader.label(what) for what in reader.whats)]
    caption = say(reader, "back_caption", period=reader.period)
    return grid("dimensionstal", caption, head, rows, note=say(reader, "points_note"))


def _parts(reader: Reader) -> Block:
    codes = [c for c in reader.known if any("difference" in x for x in reader.latest(c))]
    if not is_default(reader) or not codes:
        return absence(reader, "back_no_parts")

    def part(code: str) -> Callable[[str], str]:
        return lambda area: reader.number(reader.cell(code, area).get("difference"), signed=True)

    def whole(area: str) -> str:
        index = reader.value(INDEX, area)
        return "" if index is None else reader.number(round(index - 100, 1), signed=True)

    columns: Columns = {
        "html.area": reader.area,
        **{Cell(text=code): part(code) for code in codes},
        "page.sum": whole,
    }
    areas, note = reader.with_index, say(reader, "back_parts_note")
    return table(reader, "bidrag", "back_parts", columns, areas, note=note, look="dense")


def _change(reader: Reader) -> Block:
    rows = of_index(reader, CHANGE)
    if not rows:
        several = len(reader.publication.periods) > 1
        return absence(reader, "back_no_change" if several else "one_period")
    first, last = str(rows[0]["first"]), str(rows[0]["last"])
    columns: Columns = {
        "html.area": lambda row: reader.area(str(row["area"])),
        Cell(text=first): lambda row: reader.number(row["value_first"]),
        Cell(text=last): lambda row: reader.number(row["value_last"]),
        "change": lambda row: reader.number(row["change"], signed=True),
        "interval": lambda row: interval(reader, row["low"], row["high"], row["change"]),
        "judgement": InWords(lambda row: _judgement(reader, row)),
    }
    note = say(reader, "back_change_note")
    return table(
        reader, "forandring", "back_change", columns, rows, note=note, first=first, last=last
    )


def _judgement(reader: Reader, row: Record) -> str:
    if not row["comparable"]:
        reason = str(row["reason"] or "")
        known = reason in ("missing", "partial", "carried", "break", "noise")
        why = say(reader, f"reason_{reason}") if known else reason
        note = str(row.get("note") or "")
        return say(reader, "not_compared", reason=f"{why} {note}".strip())
    return reader.words.say("page.sure_change" if truth(row["exceeds"]) else "page.unsure_change")


def _targets(reader: Reader) -> list[Block]:
    rows = [row for row in of_index(reader, "mal") if row["area"] != CITY]
    if not rows:
        return []
    items = []
    for goal in ("fixed", "moving"):
        verdicts = [row["verdict"] for row in rows if row["goal"] == goal]
        counts = {name: reader.count(verdicts.count(name)) for name in _VERDICTS}
        items.append(say(reader, f"target_{goal}", all=len(verdicts), **counts))
    year = reader.count(rows[0]["target_year"]).replace("\u202f", "").replace(",", "")
    about = paragraph(reader, "target_about", year=year)
    return [heading(reader, "target", year=year), about, Points(items)]


def others(reader: Reader) -> Section:
    """Return step 9: the index beside other measures."""
    blocks = [*chapters(reader), *_uneven(reader), paragraph(reader, "others_not")]
    return step(reader, 9, "samband-andra", blocks)


def _uneven(reader: Reader) -> list[Block]:
    title = heading(reader, "uneven")
    spread = {str(row["indicator"]): row for row in reader.area_rows("segregation")}
    slopes = {str(row["indicator"]): row for row in reader.area_rows("lutning")}
    codes = [c for c in reader.publication.catalogue.codes if c in spread or c in slopes]
    if not codes:
        return [title, absence(reader, "uneven_none")]

    def measure(code: str, name: str) -> str:
        return reader.number(spread.get(code, {}).get(name), 2)

    def slope(code: str) -> str:
        row = slopes.get(code, {})
        enough = (float_of(row.get("n")) or 0) >= FEWEST
        return reader.number(row["slope"], signed=True) if enough else NONE

    columns: Columns = {
        "indicator": reader.indicator,
        "n_areas": lambda code: reader.count(spread.get(code, {}).get("n_areas")),
        "dissimilarity": lambda code: measure(code, "dissimilarity"),
        "isolation": lambda code: measure(code, "isolation"),
        "share_all": lambda code: measure(code, "share"),
        "n_of_slope": lambda code: reader.count(slopes.get(code, {}).get("n")),
        "slope": slope,
    }
    note = say(reader, "uneven_note", fewest=FEWEST)
    measures = table(reader, "ojamnt", "uneven", columns, codes, note=note)
    return [title, paragraph(reader, "uneven_about"), measures]


def telling(reader: Reader) -> Section:
    """Return step 10: how the result is shown and handed on."""
    formats = recorded(reader, "config", "delivery", "formats")
    publication = reader.publication
    keys = ["rounding", "no_league", "patterns", "open", "same"]
    if isinstance(formats, list) and formats:
        keys.insert(3, "formats")
    if publication.synthetic:
        keys.insert(0, "synthetic")
    names = reader.words.listed([str(f) for f in formats]) if isinstance(formats, list) else ""
    items = [say(reader, f"telling_{key}", city=publication.city, list=names) for key in keys]
    return step(reader, 10, "spridning", [paragraph(reader, "telling_about"), Points(items)])

"""Steps 8 to 10 of the handbook: back to the data, other measures, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.report.blocks import (
    Block,
    Grid,
    Heading,
    Points,
    Section,
    Text,
    Texts,
    grid,
    total_row,
    words_cell,
)
from geolyft.export.report.method import is_default
from geolyft.export.report.phrases import figure, recorded, say, truth
from geolyft.export.report.sections.chapters import chapters
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader

_VERDICTS = ("on_track", "not_on_track", "cannot_be_told")


def back(reader: Reader) -> Section:
    """Return step 8: what the index is made of, area by area, and how it moved."""
    blocks = [
        Text(text=say(reader, "back_about")),
        _dimensions(reader),
        *_parts(reader),
        Heading(text=say(reader, "back_change")),
        *_change(reader),
        *_targets(reader),
    ]
    return Section(code="data", number="8", title=say(reader, "step_8"), blocks=tuple(blocks))


def _dimensions(reader: Reader) -> Grid:
    themes = [INDEX, *(d.code for d in reader.publication.catalogue.dimensions)]
    rows: list[Texts] = [
        [reader.area(code), *(figure(reader, t, code) for t in themes)] for code in reader.codes
    ]
    city = total_row([reader.area(CITY), *(figure(reader, theme, CITY) for theme in themes)])
    head: Texts = [reader.words.say("html.area"), *(reader.label(theme) for theme in themes)]
    caption = say(reader, "back_caption", period=reader.period)
    return grid("dimensionstal", caption, head, [city, *rows], note=say(reader, "points_note"))


def _parts(reader: Reader) -> list[Block]:
    codes = [c for c in reader.known if any("difference" in x for x in reader.latest(c))]
    if not is_default(reader) or not codes:
        return [Text(text=say(reader, "back_no_parts"), look="absent")]
    head: Texts = [reader.words.say("html.area"), *codes, reader.words.say("page.sum")]
    rows = [_part_row(reader, area, codes) for area in reader.with_index]
    caption = say(reader, "back_parts_caption", period=reader.period)
    return [grid("bidrag", caption, head, rows, note=say(reader, "back_parts_note"), look="dense")]


def _part_row(reader: Reader, area: str, codes: list[str]) -> Texts:
    whole = reader.cell(INDEX, area)["value"]
    assert isinstance(whole, float)  # noqa: S101 - only areas with an index have a row
    parts = [reader.cell(code, area).get("difference") for code in codes]
    return [
        reader.area(area),
        *(reader.number(part, signed=True) for part in parts),
        reader.number(round(whole - 100, 1), signed=True),
    ]


def _change(reader: Reader) -> list[Block]:
    rows = [row for row in reader.area_rows(CHANGE, every=True) if row["what"] == INDEX]
    if not rows:
        key = "back_no_change" if len(reader.publication.periods) > 1 else "one_period"
        return [Text(text=say(reader, key), look="absent")]
    first, last = str(rows[0]["first"]), str(rows[0]["last"])
    head: Texts = [
        reader.words.say("html.area"),
        first,
        last,
        say(reader, "change"),
        say(reader, "interval"),
        words_cell(say(reader, "judgement")),
    ]
    cells: list[Texts] = [
        [
            reader.area(str(row["area"])),
            reader.number(row["value_first"]),
            reader.number(row["value_last"]),
            reader.number(row["change"], signed=True),
            interval(reader, row["low"], row["high"], row["change"]),
            words_cell(_judgement(reader, row)),
        ]
        for row in rows
    ]
    caption = say(reader, "back_change_caption", first=first, last=last)
    return [grid("forandring", caption, head, cells, note=say(reader, "back_change_note"))]


def _judgement(reader: Reader, row: dict[str, object]) -> str:
    if not row["comparable"]:
        reason = str(row["reason"] or "")
        known = reason in ("missing", "partial", "carried", "break", "noise")
        said = say(reader, f"reason_{reason}") if known else reason
        note = str(row.get("note") or "")
        return say(reader, "not_compared", reason=f"{said} {note}".strip())
    return reader.words.say("page.sure_change" if truth(row["exceeds"]) else "page.unsure_change")


def _targets(reader: Reader) -> list[Block]:
    rows = [
        r for r in reader.area_rows("mal", every=True) if r["what"] == INDEX and r["area"] != CITY
    ]
    if not rows:
        return []
    said = []
    for goal in ("fixed", "moving"):
        mine = [row for row in rows if row["goal"] == goal]
        found = {name: sum(row["verdict"] == name for row in mine) for name in _VERDICTS}
        counts = {name: reader.count(n) for name, n in found.items()}
        said.append(say(reader, f"target_{goal}", all=len(mine), **counts))
    year = reader.count(rows[0]["target_year"]).replace("\u202f", "").replace(",", "")
    return [
        Heading(text=say(reader, "target", year=year)),
        Text(text=say(reader, "target_about", year=year)),
        Points(items=tuple(said)),
    ]


def others(reader: Reader) -> Section:
    """Return step 9: the index beside other measures."""
    blocks = [*chapters(reader), *_uneven(reader), Text(text=say(reader, "others_not"))]
    return Section(
        code="samband-andra", number="9", title=say(reader, "step_9"), blocks=tuple(blocks)
    )


def _uneven(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "uneven"))]
    spread = {str(row["indicator"]): row for row in reader.area_rows("segregation")}
    slopes = {str(row["indicator"]): row for row in reader.area_rows("lutning")}
    codes = [c for c in reader.publication.catalogue.codes if c in spread or c in slopes]
    if not codes:
        return [*blocks, Text(text=say(reader, "uneven_none"), look="absent")]
    head: Texts = [
        say(reader, "indicator"),
        say(reader, "dissimilarity"),
        say(reader, "isolation"),
        say(reader, "share_all"),
        say(reader, "slope"),
    ]
    cells: list[Texts] = [
        [
            reader.indicator(code),
            reader.number(spread.get(code, {}).get("dissimilarity"), 2),
            reader.number(spread.get(code, {}).get("isolation"), 2),
            reader.number(spread.get(code, {}).get("share"), 2),
            reader.number(slopes.get(code, {}).get("slope"), signed=True),
        ]
        for code in codes
    ]
    caption = say(reader, "uneven_caption", period=reader.period, n=len(reader.codes))
    table = grid("ojamnt", caption, head, cells, note=say(reader, "uneven_note"))
    return [*blocks, Text(text=say(reader, "uneven_about")), table]


def telling(reader: Reader) -> Section:
    """Return step 10: how the result is shown and handed on."""
    formats = recorded(reader, "config", "delivery", "formats")
    publication = reader.publication
    items = [
        say(reader, "telling_rounding"),
        say(reader, "telling_no_league"),
        say(reader, "telling_patterns", city=publication.city),
        say(reader, "telling_open"),
        say(reader, "telling_same"),
    ]
    if isinstance(formats, list) and formats:
        items.insert(
            3, say(reader, "telling_formats", list=reader.words.listed([str(f) for f in formats]))
        )
    if publication.synthetic:
        items.insert(0, say(reader, "telling_synthetic"))
    blocks: list[Block] = [Text(text=say(reader, "telling_about")), Points(items=tuple(items))]
    return Section(
        code="spridning", number="10", title=say(reader, "step_10"), blocks=tuple(blocks)
    )

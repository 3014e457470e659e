"""Steps 8 to 10 of the handbook: back to the data, other measures, and how it is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geolyft.export.figures.cells import number_of
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
from geolyft.export.report.measures import rank_agreement
from geolyft.export.report.method import is_default
from geolyft.export.report.run import NONE, truth
from geolyft.export.report.sections.overview import absent, interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.report.run import Run

_VERDICTS = ("on_track", "not_on_track", "cannot_be_told")


def back(run: Run) -> Section:
    """Return step 8: what the index is made of, area by area, and how it moved."""
    blocks = [
        Text(text=run.say("back_about")),
        _dimensions(run),
        *_parts(run),
        Heading(text=run.say("back_change")),
        *_change(run),
        *_targets(run),
    ]
    return Section(code="data", number="8", title=run.say("step_8"), blocks=tuple(blocks))


def _dimensions(run: Run) -> Grid:
    themes = [INDEX, *(d.code for d in run.publication.catalogue.dimensions)]
    rows: list[Texts] = [
        [run.area(code), *(_figure(run, t, code) for t in themes)] for code in run.codes
    ]
    city = total_row([run.area(CITY), *(_figure(run, theme, CITY) for theme in themes)])
    head: Texts = [run.words.say("html.area"), *(run.what(theme) for theme in themes)]
    caption = run.say("back_caption", period=run.period)
    return grid("dimensionstal", caption, head, [city, *rows], note=run.say("points_note"))


def _figure(run: Run, theme: str, code: str) -> str:
    cell = run.cells[theme][code]
    if cell["value"] is None:
        return absent(run, str(cell["status"]))
    return run.number(cell["value"])


def _parts(run: Run) -> list[Block]:
    codes = [c for c in run.known if any("difference" in x for x in run.cells[c].values())]
    if not is_default(run) or not codes:
        return [Text(text=run.say("back_no_parts"), look="absent")]
    head: Texts = [run.words.say("html.area"), *codes, run.words.say("page.sum")]
    rows = [_part_row(run, area, codes) for area in run.with_index]
    caption = run.say("back_parts_caption", period=run.period)
    return [grid("bidrag", caption, head, rows, note=run.say("back_parts_note"), look="dense")]


def _part_row(run: Run, area: str, codes: list[str]) -> Texts:
    whole = run.cells[INDEX][area]["value"]
    assert isinstance(whole, float)  # noqa: S101 - only areas with an index have a row
    parts = [run.cells[code][area].get("difference") for code in codes]
    return [
        run.area(area),
        *(run.number(part, signed=True) for part in parts),
        run.number(round(whole - 100, 1), signed=True),
    ]


def _change(run: Run) -> list[Block]:
    rows = [row for row in run.rows(CHANGE, every=True) if row["what"] == INDEX]
    if not rows:
        key = "back_no_change" if len(run.publication.periods) > 1 else "one_period"
        return [Text(text=run.say(key), look="absent")]
    first, last = str(rows[0]["first"]), str(rows[0]["last"])
    head: Texts = [
        run.words.say("html.area"),
        first,
        last,
        run.say("change"),
        run.say("interval"),
        words_cell(run.say("judgement")),
    ]
    cells: list[Texts] = [
        [
            run.area(str(row["area"])),
            run.number(row["value_first"]),
            run.number(row["value_last"]),
            run.number(row["change"], signed=True),
            interval(run, row["low"], row["high"], row["change"]),
            words_cell(_judgement(run, row)),
        ]
        for row in rows
    ]
    caption = run.say("back_change_caption", first=first, last=last)
    return [grid("forandring", caption, head, cells, note=run.say("back_change_note"))]


def _judgement(run: Run, row: dict[str, object]) -> str:
    if not row["comparable"]:
        reason = str(row["reason"] or "")
        known = reason in ("missing", "partial", "carried", "break", "noise")
        said = run.say(f"reason_{reason}") if known else reason
        note = str(row.get("note") or "")
        return run.say("not_compared", reason=f"{said} {note}".strip())
    return run.words.say("page.sure_change" if truth(row["exceeds"]) else "page.unsure_change")


def _targets(run: Run) -> list[Block]:
    rows = [r for r in run.rows("mal", every=True) if r["what"] == INDEX and r["area"] != CITY]
    if not rows:
        return []
    said = []
    for goal in ("fixed", "moving"):
        mine = [row for row in rows if row["goal"] == goal]
        found = {name: sum(row["verdict"] == name for row in mine) for name in _VERDICTS}
        counts = {name: run.count(n) for name, n in found.items()}
        said.append(run.say(f"target_{goal}", all=len(mine), **counts))
    year = run.count(rows[0]["target_year"]).replace("\u202f", "").replace(",", "")
    return [
        Heading(text=run.say("target", year=year)),
        Text(text=run.say("target_about", year=year)),
        Points(items=tuple(said)),
    ]


def others(run: Run) -> Section:
    """Return step 9: the index beside other measures."""
    blocks = [*_second(run), *_uneven(run), Text(text=run.say("others_not"))]
    return Section(code="samband-andra", number="9", title=run.say("step_9"), blocks=tuple(blocks))


def _second(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("second"))]
    rows = run.by_area("scb_index")
    areas = [code for code in rows if code != CITY]
    if not areas:
        return [*blocks, Text(text=run.say("second_none"), look="absent")]
    head: Texts = [
        run.words.say("html.area"),
        run.words.say("html.index"),
        run.say("second_index"),
        run.say("second_type"),
    ]
    cells: list[Texts] = [
        [
            run.area(code),
            _figure(run, INDEX, code),
            run.words.percent(number_of(row["index"], 1)) or NONE,
            run.count(row["type"]),
        ]
        for code, row in rows.items()
    ]
    caption = run.say("second_caption", period=run.period)
    table = grid("scb", caption, head, cells, note=run.say("second_note"))
    return [*blocks, Text(text=f"{run.say('second_about')} {_agreement(run, rows)}"), table]


def _agreement(run: Run, rows: dict[str, dict[str, object]]) -> str:
    ours = {code: number_of(run.index_rows[code]["index"], 12) for code in run.with_index}
    theirs = {code: number_of(row["index"], 12) for code, row in rows.items()}
    r, n = rank_agreement(
        {code: index for code, index in ours.items() if index is not None},
        # A high share is bad there and a high score good here.
        {code: -index for code, index in theirs.items() if index is not None},
    )
    if math.isnan(r):
        return run.say("second_too_few")
    return run.say("second_agreement", r=run.number(r, 2), n=n)


def _uneven(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("uneven"))]
    spread = {str(row["indicator"]): row for row in run.rows("segregation")}
    slopes = {str(row["indicator"]): row for row in run.rows("lutning")}
    codes = [c for c in run.publication.catalogue.codes if c in spread or c in slopes]
    if not codes:
        return [*blocks, Text(text=run.say("uneven_none"), look="absent")]
    head: Texts = [
        run.say("indicator"),
        run.say("dissimilarity"),
        run.say("isolation"),
        run.say("share_all"),
        run.say("slope"),
    ]
    cells: list[Texts] = [
        [
            run.indicator(code),
            run.number(spread.get(code, {}).get("dissimilarity"), 2),
            run.number(spread.get(code, {}).get("isolation"), 2),
            run.number(spread.get(code, {}).get("share"), 2),
            run.number(slopes.get(code, {}).get("slope"), signed=True),
        ]
        for code in codes
    ]
    caption = run.say("uneven_caption", period=run.period, n=len(run.codes))
    table = grid("ojamnt", caption, head, cells, note=run.say("uneven_note"))
    return [*blocks, Text(text=run.say("uneven_about")), table]


def telling(run: Run) -> Section:
    """Return step 10: how the result is shown and handed on."""
    formats = run.said("config", "delivery", "formats")
    own = run.publication
    items = [
        run.say("telling_rounding"),
        run.say("telling_no_league"),
        run.say("telling_patterns", city=own.city),
        run.say("telling_open"),
        run.say("telling_same"),
    ]
    if isinstance(formats, list) and formats:
        items.insert(3, run.say("telling_formats", list=run.listed([str(f) for f in formats])))
    if own.synthetic:
        items.insert(0, run.say("telling_synthetic"))
    blocks: list[Block] = [Text(text=run.say("telling_about")), Points(items=tuple(items))]
    return Section(code="spridning", number="10", title=run.say("step_10"), blocks=tuple(blocks))

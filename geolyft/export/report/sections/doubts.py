"""What would change the picture: choices, indicators, chance, and what the run does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import apportion, number_of
from geolyft.export.figures.names import NONE
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
from geolyft.export.report.measures import shares_of_spread, without_each
from geolyft.export.report.method import aggregation_of, is_default
from geolyft.export.report.phrases import say, span, truth, width
from geolyft.export.report.sections.overview import not_apart
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader

INPUTS: Final = ("data", "normalisation", "aggregation", "left_out", "weights")
"""What the joint design varies, as it is told."""
_MOST_AREAS: Final = 5
_TELLING: Final = 2.0


def doubts(reader: Reader) -> Section:
    """Return the section."""
    blocks = [
        *_areas(reader),
        *_choices(reader),
        *_indicators(reader),
        Heading(text=say(reader, "q_chance")),
        Points(items=tuple(_chance(reader))),
        Heading(text=say(reader, "q_unknown")),
        Points(items=tuple(_unknown(reader))),
    ]
    return Section(code="andra", title=say(reader, "doubts"), blocks=tuple(blocks))


def _areas(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "q_areas"))]
    rows = reader.by_area("robusthet")
    if not rows:
        return [*blocks, Text(text=say(reader, "no_robustness"), look="absent")]
    moving = [code for code, row in rows.items() if width(row) >= _TELLING]
    moving = sorted(moving, key=lambda code: -width(rows[code]))[:_MOST_AREAS]
    still = [code for code, row in rows.items() if width(row) == 0]
    if moving:
        blocks.append(Text(text=say(reader, "q_areas_about")))
        blocks.append(_moving(reader, [code for code in reader.codes if code in moving]))
    else:
        blocks.append(Text(text=say(reader, "q_areas_none")))
    if still:
        blocks.append(Text(text=say(reader, "q_areas_still", list=reader.areas(still))))
    return blocks


def _moving(reader: Reader, codes: list[str]) -> Grid:
    rows, index = reader.by_area("robusthet"), reader.index_rows
    head: Texts = [
        reader.words.say("html.area"),
        say(reader, "rank_variants"),
        say(reader, "rank_leave_one"),
        words_cell(say(reader, "moved_by")),
    ]
    cells: list[Texts] = [
        [
            reader.area(code),
            span(reader, rows[code]["rank_p5"], rows[code]["rank_p95"], 0),
            span(reader, index[code].get("rank_low"), index[code].get("rank_high"), 0),
            words_cell(_moved_by(reader, code)),
        ]
        for code in codes
    ]
    return grid("beroende", say(reader, "q_areas_caption", period=reader.period), head, cells)


def _moved_by(reader: Reader, code: str) -> str:
    rows = [row for row in reader.area_rows("kanslighet") if row["area"] == code]
    totals = {str(row["input"]): number_of(row["total"], 6) or 0.0 for row in rows}
    if not totals or max(totals.values()) <= 0:
        return NONE
    most = max(totals, key=lambda name: totals[name])
    return say(reader, f"input_{most}") if most in INPUTS else most


def _choices(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "q_choices"))]
    rows = reader.area_rows("kanslighet_stad")
    totals = {str(row["input"]): number_of(row["total"], 6) or 0.0 for row in rows}
    totals = {name: total for name, total in totals.items() if name in INPUTS}
    if not totals or max(totals.values()) <= 0:
        return [*blocks, Text(text=say(reader, "no_sensitivity"), look="absent")]
    order = sorted(totals, key=lambda name: (-totals[name], INPUTS.index(name)))
    most, least = order[0], order[-1]
    said = say(
        reader,
        "q_choices_about",
        most=say(reader, f"input_{most}"),
        share=reader.percent(totals[most]),
        least=say(reader, f"input_{least}"),
        other=reader.percent(totals[least]),
    )
    return [*blocks, Text(text=said)]


def _indicators(reader: Reader) -> list[Block]:
    publication = reader.publication
    blocks: list[Block] = [Heading(text=say(reader, "q_indicators"))]
    parts: dict[str, float] = {}
    if is_default(reader):
        parts = shares_of_spread(publication.scores, publication.index, period=reader.period)
    moved = without_each(
        publication.scores,
        publication.catalogue,
        period=reader.period,
        areas=reader.with_index,
        how=aggregation_of(reader) or "arithmetic",
    )
    if moved.empty:
        return [*blocks, Text(text=say(reader, "no_index", period=reader.period), look="absent")]
    steps = moved.assign(step=(moved["without"] - moved["rank"]).abs())
    found = {
        str(code): (parts.get(str(code)), int((step > 0).sum()), float(step.max()))
        for code, step in steps.groupby("indicator")["step"]
    }
    if parts:
        most = max(parts, key=lambda code: parts[code])
        said = say(
            reader,
            "q_indicators_most",
            indicator=reader.indicator(most),
            share=reader.percent(parts[most]),
        )
        blocks.append(Text(text=said))
    else:
        blocks.append(Text(text=say(reader, "q_indicators_no_parts")))
    return [*blocks, _weights(reader, found)]


def _weights(reader: Reader, found: dict[str, tuple[float | None, int, float]]) -> Grid:
    exact = {code: 100 * part for code, (part, _, _) in found.items() if part is not None}
    shown = apportion(exact, total=100.0) if exact else {}
    head: Texts = [
        say(reader, "indicator"),
        say(reader, "share_of_spread"),
        say(reader, "areas_moved"),
        say(reader, "longest_move"),
    ]
    rows: list[Texts] = [
        [
            reader.indicator(code),
            reader.words.percent(shown[code]) if code in shown else NONE,
            say(reader, "of", n=found[code][1], all=len(reader.with_index)),
            say(reader, "steps", n=reader.count(found[code][2])),
        ]
        for code in reader.publication.catalogue.codes
        if code in found
    ]
    total = [total_row([reader.words.say("page.sum"), reader.words.percent(100.0), "", ""])]
    return grid(
        "paverkan",
        say(reader, "q_indicators_caption", period=reader.period),
        head,
        [*rows, *(total if shown else [])],
        note=say(reader, "q_indicators_note"),
    )


def _chance(reader: Reader) -> list[str]:
    return [_apart(reader), *_changes(reader), say(reader, "q_chance_ranks")]


def _apart(reader: Reader) -> str:
    unsure = not_apart(reader)
    if unsure is None:
        return say(reader, "s_sure_unknown")
    key = "q_chance_apart" if unsure else "q_chance_all_apart"
    return say(
        reader, key, list=reader.areas(unsure), city=reader.publication.city, period=reader.period
    )


def _changes(reader: Reader) -> list[str]:
    rows = [
        r for r in reader.area_rows(CHANGE, every=True) if r["what"] == INDEX and r["area"] != CITY
    ]
    told = [row for row in rows if row["comparable"]]
    if not told:
        return [
            say(
                reader,
                "q_chance_no_change" if len(reader.publication.periods) > 1 else "one_period",
            )
        ]
    still = [str(row["area"]) for row in told if truth(row["exceeds"]) is not True]
    first, last = str(told[0]["first"]), str(told[0]["last"])
    key = "q_chance_change" if still else "q_chance_all_changed"
    return [say(reader, key, list=reader.areas(still), first=first, last=last)]


def _unknown(reader: Reader) -> list[str]:
    said = []
    if reader.missing:
        names = reader.words.listed([reader.indicator(code) for code in reader.missing])
        said.append(say(reader, "q_unknown_missing", n=len(reader.missing), list=names))
    for indicator in reader.publication.catalogue.open_questions():
        key = "q_unknown_question" if indicator.code in reader.known else "q_unknown_idle"
        assumed = indicator.question.assumed if indicator.question else ""
        said.append(say(reader, key, indicator=reader.indicator(indicator.code), assumed=assumed))
    without = [code for code in reader.codes if code not in reader.with_index]
    if without and reader.with_index:
        said.append(say(reader, "q_unknown_areas", list=reader.areas(without)))
    return [*said, say(reader, "q_unknown_errors")]

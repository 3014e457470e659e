"""What would change the picture: choices, indicators, chance, and what the run does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import apportion, number_of
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
from geolyft.export.report.run import NONE, truth, width
from geolyft.export.report.sections.overview import not_apart
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.report.run import Run

INPUTS: Final = ("data", "normalisation", "aggregation", "left_out", "weights")
"""What the joint design varies, as it is told."""
_MOST_AREAS: Final = 5
_TELLING: Final = 2.0


def doubts(run: Run) -> Section:
    """Return the section."""
    blocks = [
        *_areas(run),
        *_choices(run),
        *_indicators(run),
        Heading(text=run.say("q_chance")),
        Points(items=tuple(_chance(run))),
        Heading(text=run.say("q_unknown")),
        Points(items=tuple(_unknown(run))),
    ]
    return Section(code="andra", title=run.say("doubts"), blocks=tuple(blocks))


def _areas(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("q_areas"))]
    rows = run.by_area("robusthet")
    if not rows:
        return [*blocks, Text(text=run.say("no_robustness"), look="absent")]
    moving = [code for code, row in rows.items() if width(row) >= _TELLING]
    moving = sorted(moving, key=lambda code: -width(rows[code]))[:_MOST_AREAS]
    still = [code for code, row in rows.items() if width(row) == 0]
    if moving:
        blocks.append(Text(text=run.say("q_areas_about")))
        blocks.append(_moving(run, [code for code in run.codes if code in moving]))
    else:
        blocks.append(Text(text=run.say("q_areas_none")))
    if still:
        blocks.append(Text(text=run.say("q_areas_still", list=run.areas(still))))
    return blocks


def _moving(run: Run, codes: list[str]) -> Grid:
    rows, index = run.by_area("robusthet"), run.index_rows
    head: Texts = [
        run.words.say("html.area"),
        run.say("rank_variants"),
        run.say("rank_leave_one"),
        words_cell(run.say("moved_by")),
    ]
    cells: list[Texts] = [
        [
            run.area(code),
            run.span(rows[code]["rank_p5"], rows[code]["rank_p95"], 0),
            run.span(index[code].get("rank_low"), index[code].get("rank_high"), 0),
            words_cell(_moved_by(run, code)),
        ]
        for code in codes
    ]
    return grid("beroende", run.say("q_areas_caption", period=run.period), head, cells)


def _moved_by(run: Run, code: str) -> str:
    rows = [row for row in run.rows("kanslighet") if row["area"] == code]
    totals = {str(row["input"]): number_of(row["total"], 6) or 0.0 for row in rows}
    if not totals or max(totals.values()) <= 0:
        return NONE
    most = max(totals, key=lambda name: totals[name])
    return run.say(f"input_{most}") if most in INPUTS else most


def _choices(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("q_choices"))]
    rows = run.rows("kanslighet_stad")
    totals = {str(row["input"]): number_of(row["total"], 6) or 0.0 for row in rows}
    totals = {name: total for name, total in totals.items() if name in INPUTS}
    if not totals or max(totals.values()) <= 0:
        return [*blocks, Text(text=run.say("no_sensitivity"), look="absent")]
    order = sorted(totals, key=lambda name: (-totals[name], INPUTS.index(name)))
    most, least = order[0], order[-1]
    said = run.say(
        "q_choices_about",
        most=run.say(f"input_{most}"),
        share=run.percent(totals[most]),
        least=run.say(f"input_{least}"),
        other=run.percent(totals[least]),
    )
    return [*blocks, Text(text=said)]


def _indicators(run: Run) -> list[Block]:
    own = run.publication
    blocks: list[Block] = [Heading(text=run.say("q_indicators"))]
    parts: dict[str, float] = {}
    if is_default(run):
        parts = shares_of_spread(own.scores, own.index, period=run.period)
    moved = without_each(
        own.scores,
        own.catalogue,
        period=run.period,
        areas=run.with_index,
        how=aggregation_of(run) or "arithmetic",
    )
    if moved.empty:
        return [*blocks, Text(text=run.say("no_index", period=run.period), look="absent")]
    steps = moved.assign(step=(moved["without"] - moved["rank"]).abs())
    found = {
        str(code): (parts.get(str(code)), int((step > 0).sum()), float(step.max()))
        for code, step in steps.groupby("indicator")["step"]
    }
    if parts:
        most = max(parts, key=lambda code: parts[code])
        said = run.say(
            "q_indicators_most", indicator=run.indicator(most), share=run.percent(parts[most])
        )
        blocks.append(Text(text=said))
    else:
        blocks.append(Text(text=run.say("q_indicators_no_parts")))
    return [*blocks, _weights(run, found)]


def _weights(run: Run, found: dict[str, tuple[float | None, int, float]]) -> Grid:
    exact = {code: 100 * part for code, (part, _, _) in found.items() if part is not None}
    shown = apportion(exact, total=100.0) if exact else {}
    head: Texts = [
        run.say("indicator"),
        run.say("share_of_spread"),
        run.say("areas_moved"),
        run.say("longest_move"),
    ]
    rows: list[Texts] = [
        [
            run.indicator(code),
            run.words.percent(shown[code]) if code in shown else NONE,
            run.say("of", n=found[code][1], all=len(run.with_index)),
            run.say("steps", n=run.count(found[code][2])),
        ]
        for code in run.publication.catalogue.codes
        if code in found
    ]
    total = [total_row([run.words.say("page.sum"), run.words.percent(100.0), "", ""])]
    return grid(
        "paverkan",
        run.say("q_indicators_caption", period=run.period),
        head,
        [*rows, *(total if shown else [])],
        note=run.say("q_indicators_note"),
    )


def _chance(run: Run) -> list[str]:
    return [_apart(run), *_changes(run), run.say("q_chance_ranks")]


def _apart(run: Run) -> str:
    unsure = not_apart(run)
    if unsure is None:
        return run.say("s_sure_unknown")
    key = "q_chance_apart" if unsure else "q_chance_all_apart"
    return run.say(key, list=run.areas(unsure), city=run.publication.city, period=run.period)


def _changes(run: Run) -> list[str]:
    rows = [r for r in run.rows(CHANGE, every=True) if r["what"] == INDEX and r["area"] != CITY]
    told = [row for row in rows if row["comparable"]]
    if not told:
        return [run.say("q_chance_no_change" if len(run.publication.periods) > 1 else "one_period")]
    still = [str(row["area"]) for row in told if truth(row["exceeds"]) is not True]
    first, last = str(told[0]["first"]), str(told[0]["last"])
    key = "q_chance_change" if still else "q_chance_all_changed"
    return [run.say(key, list=run.areas(still), first=first, last=last)]


def _unknown(run: Run) -> list[str]:
    said = []
    if run.missing:
        names = run.listed([run.indicator(code) for code in run.missing])
        said.append(run.say("q_unknown_missing", n=len(run.missing), list=names))
    for indicator in run.publication.catalogue.open_questions():
        key = "q_unknown_question" if indicator.code in run.known else "q_unknown_idle"
        assumed = indicator.question.assumed if indicator.question else ""
        said.append(run.say(key, indicator=run.indicator(indicator.code), assumed=assumed))
    without = [code for code in run.codes if code not in run.with_index]
    if without and run.with_index:
        said.append(run.say("q_unknown_areas", list=run.areas(without)))
    return [*said, run.say("q_unknown_errors")]

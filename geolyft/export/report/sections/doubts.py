"""What would change the picture: choices, indicators, chance, and what the run does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.certainty.sobol import LARGEST_ERROR
from geolyft.export.figures.cells import apportion, number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import CHANGE
from geolyft.export.report.blocks import Block, Grid, Points, Section
from geolyft.export.report.measures import shares_of_spread, without_each
from geolyft.export.report.method import aggregation_of, is_default
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    heading,
    of_index,
    paragraph,
    ranks,
    say,
    say_number,
    table,
    truth,
    width,
)
from geolyft.export.report.sections.overview import not_apart
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader

INPUTS: Final = ("data", "normalisation", "aggregation", "left_out", "weights")
"""What the joint design varies, as it is told."""
_MOST_AREAS: Final = 5
_TELLING: Final = 2.0


def doubts(reader: Reader) -> Section:
    """Return the section."""
    blocks = [
        heading(reader, "q_areas"),
        *_areas(reader),
        heading(reader, "q_choices"),
        _choices(reader),
        heading(reader, "q_indicators"),
        *_indicators(reader),
        heading(reader, "q_chance"),
        Points([_apart(reader), _changes(reader), say(reader, "q_chance_ranks")]),
        heading(reader, "q_unknown"),
        Points(_unknown(reader)),
    ]
    return Section(code="andra", title=say(reader, "doubts"), blocks=tuple(blocks))


def _areas(reader: Reader) -> list[Block]:
    rows = reader.by_area("robusthet")
    if not rows:
        return [absence(reader, "no_robustness")]
    moving = [code for code, row in rows.items() if width(row) >= _TELLING]
    moving = sorted(moving, key=lambda code: -width(rows[code]))[:_MOST_AREAS]
    still = [code for code, row in rows.items() if width(row) == 0]
    blocks: list[Block] = [paragraph(reader, "q_areas_about" if moving else "q_areas_none")]
    if moving:
        blocks.append(_moving(reader, [code for code in reader.codes if code in moving]))
    if still:
        blocks.append(paragraph(reader, "q_areas_still", list=reader.areas(still)))
    return blocks


def _moving(reader: Reader, codes: list[str]) -> Grid:
    rows = reader.by_area("robusthet")
    columns: Columns = {
        "html.area": reader.area,
        "rank_variants": lambda code: ranks(reader, rows[code], "p5", "p95"),
        "rank_leave_one": lambda code: ranks(reader, reader.index_rows[code], "low", "high"),
        "moved_by": InWords(lambda code: _moved_by(reader, code)),
    }
    return table(reader, "beroende", "q_areas", columns, codes)


def _moved_by(reader: Reader, code: str) -> str:
    totals = _totals([row for row in reader.area_rows("kanslighet") if row["area"] == code])
    if not totals or max(totals.values()) <= 0:
        return NONE
    most = max(totals, key=lambda name: totals[name])
    return say(reader, f"input_{most}") if most in INPUTS else most


def is_estimated(row: Record) -> bool:
    """Say whether a row of ``kanslighet`` is sure enough to tell."""
    return (number_of(row["error"], 6) or 0.0) <= LARGEST_ERROR


def _totals(rows: Iterable[Record]) -> dict[str, float]:
    told = (row for row in rows if is_estimated(row))
    return {str(row["input"]): number_of(row["total"], 6) or 0.0 for row in told}


def _choices(reader: Reader) -> Block:
    totals = _totals(r for r in reader.area_rows("kanslighet_stad") if r["input"] in INPUTS)
    if not totals or max(totals.values()) <= 0:
        return absence(reader, "no_sensitivity")
    order = sorted(totals, key=lambda name: (-totals[name], INPUTS.index(name)))
    most, least = order[0], order[-1]
    return paragraph(
        reader,
        "q_choices_about",
        most=say(reader, f"input_{most}"),
        # An estimate of a share can exceed all there is.
        share=reader.percent(min(totals[most], 1.0)),
        least=say(reader, f"input_{least}"),
        other=reader.percent(totals[least]),
    )


def _indicators(reader: Reader) -> list[Block]:
    publication = reader.publication
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
        return [absence(reader, "no_index", period=reader.period)]
    moved = moved.assign(step=(moved["without"] - moved["rank"]).abs())
    steps = {str(code): step for code, step in moved.groupby("indicator")["step"]}
    about = paragraph(reader, "q_indicators_no_parts")
    if parts:
        most = max(parts, key=lambda code: parts[code])
        name, share = reader.indicator(most), reader.percent(parts[most])
        about = paragraph(reader, "q_indicators_most", indicator=name, share=share)
    return [about, _weights(reader, parts, steps)]


def _weights(reader: Reader, parts: dict[str, float], steps: dict[str, pd.Series[float]]) -> Grid:
    exact = {code: 100 * part for code, part in parts.items() if code in steps}
    whole = apportion(exact, total=100.0) if exact else {}
    percent, every = reader.words.percent, len(reader.with_index)

    def moved(code: str) -> str:
        return say(reader, "of", n=int((steps[code] > 0).sum()), all=every)

    columns: Columns = {
        "indicator": reader.indicator,
        "share_of_spread": lambda code: percent(whole[code]) if code in whole else NONE,
        "areas_moved": moved,
        "longest_move": lambda code: say(reader, "steps", n=reader.count(steps[code].max())),
    }
    codes = [code for code in reader.publication.catalogue.codes if code in steps]
    total = [reader.words.say("page.sum"), percent(100.0), "", ""] if whole else []
    note = say(reader, "q_indicators_note")
    return table(reader, "paverkan", "q_indicators", columns, codes, note=note, total=total)


def _apart(reader: Reader) -> str:
    unsure = not_apart(reader)
    if unsure is None:
        return say(reader, "s_sure_unknown")
    key = "q_chance_apart" if unsure else "q_chance_all_apart"
    areas, city = reader.areas(unsure), reader.publication.city
    return say(reader, key, list=areas, city=city, period=reader.period)


def _changes(reader: Reader) -> str:
    rows = [r for r in of_index(reader, CHANGE) if r["area"] != CITY and r["comparable"]]
    if not rows:
        several = len(reader.publication.periods) > 1
        return say(reader, "q_chance_no_change" if several else "one_period")
    still = [str(row["area"]) for row in rows if truth(row["exceeds"]) is not True]
    first, last = str(rows[0]["first"]), str(rows[0]["last"])
    key = "q_chance_change" if still else "q_chance_all_changed"
    return say(reader, key, list=reader.areas(still), first=first, last=last)


def _unknown(reader: Reader) -> list[str]:
    items = []
    if reader.missing:
        names = reader.words.listed([reader.indicator(code) for code in reader.missing])
        missing = len(reader.missing)
        items.append(say_number(reader, "q_unknown_missing", missing, list=names))
    for indicator in reader.publication.catalogue.open_questions():
        key = "q_unknown_question" if indicator.code in reader.known else "q_unknown_idle"
        assumed = indicator.question.assumed if indicator.question else ""
        items.append(say(reader, key, indicator=reader.indicator(indicator.code), assumed=assumed))
    without = [code for code in reader.codes if code not in reader.with_index]
    if without and reader.with_index:
        items.append(say(reader, "q_unknown_areas", list=reader.areas(without)))
    return [*items, say(reader, "q_unknown_errors")]

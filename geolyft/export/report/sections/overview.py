"""The first page: five sentences, the run in brief, and the latest index with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of, percent_of_ways
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.findings import OFTEN, findings_of
from geolyft.export.report.blocks import Block, Grid, Heading, Points, Section, Terms, Text
from geolyft.export.report.method import aggregation_of, normalisation_told
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    figure,
    heading,
    of_index,
    say,
    span,
    table,
    truth,
    width,
    with_status,
    yes_or_no,
)
from geolyft.export.report.plan import index_map
from geolyft.export.report.ranges import IndexRows
from geolyft.export.words import beside_zero
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader


def overview(reader: Reader) -> Section:
    """Return the first section."""
    publication = reader.publication
    drawing = index_map(reader)
    blocks: list[Block] = [Points(sentences(reader), "lead"), *_certain(reader), _facts(reader)]
    if publication.warnings:
        blocks += [Heading(reader.words.say("html.warnings")), Points(publication.warnings)]
    meaning = reader.words.say("html.meaning", city=publication.city, base=publication.base_period)
    blocks += [heading(reader, "index_heading", period=reader.period), Text(meaning)]
    blocks += [drawing] if drawing is not None else []
    blocks.append(_index(reader))
    return Section(code="korthet", title=say(reader, "short"), blocks=tuple(blocks))


def _certain(reader: Reader) -> list[Block]:
    """Return what the map says above itself of the index: what is sure, if anything is."""
    found = findings_of(reader, INDEX, reader.period)
    if not found:
        return []
    words, parts = reader.words, {"theme": reader.label(INDEX), "period": reader.period}
    points = Points(tuple(each.text for each in found))
    return [
        Heading(words.say("page.findings_title", **parts)),
        points,
        Text(words.say("page.findings_care")),
    ]


def sentences(reader: Reader) -> tuple[str, ...]:
    """Return the five sentences: what, on what, how sure, how robust, and what to be careful of."""
    return (_about(reader), _basis(reader), _sure(reader), _robust(reader), _care(reader))


def _about(reader: Reader) -> str:
    publication = reader.publication
    return say(
        reader,
        "s_about_synthetic" if publication.synthetic else "s_about",
        name=publication.catalogue.index.title(publication.lang),
        n=reader.count(len(reader.codes)),
        city=publication.city,
        period=reader.period,
        base=publication.base_period,
    )


def _basis(reader: Reader) -> str:
    every, known = len(reader.publication.catalogue.codes), len(reader.known)
    if not reader.with_index:
        return say(reader, "s_basis_none", n=known, all=every, period=reader.period)
    if reader.missing:
        return say(reader, "s_basis_some", n=known, all=every, codes=", ".join(reader.missing))
    without = len(reader.codes) - len(reader.with_index)
    if without:
        return say(reader, "s_basis_gaps", all=every, n=without, areas=len(reader.codes))
    return say(reader, "s_basis_all", all=every)


def not_apart(reader: Reader) -> list[str] | None:
    """Return the areas that chance alone could part from the city; nothing where none can tell."""
    answers = {code: truth(reader.index_rows[code].get("distinct")) for code in reader.with_index}
    if set(answers.values()) <= {None}:
        return None
    return [code for code, is_apart in answers.items() if is_apart is False]


def _sure(reader: Reader) -> str:
    unsure, every = not_apart(reader), len(reader.with_index)
    if unsure is None:
        return say(reader, "s_sure_unknown")
    parts = {"city": reader.publication.city, "period": reader.period}
    if not unsure:
        return say(reader, "s_sure_all", n=every, **parts)
    areas = reader.areas(unsure)
    return say(reader, "s_sure_some", n=every - len(unsure), all=every, list=areas, **parts)


def _note(reader: Reader) -> str:
    return "index_note_unjudged" if not_apart(reader) is None else "index_note"


def _robust(reader: Reader) -> str:
    rows = reader.by_area("robusthet")
    if not rows:
        return say(reader, "s_robust_unknown")
    widest = max(rows.values(), key=width)
    often = [code for code, row in rows.items() if _share(row) >= OFTEN]
    key = "s_robust" if often else "s_robust_none"
    if float_of(widest["share_among_lowest"]) is None:
        key = "s_robust_few"
    gaps = len(rows) < len(reader.codes)
    return say(
        reader,
        key,
        n=reader.count(widest["n_variants"]),
        k=reader.count(widest["lowest"]),
        all=reader.count(len(rows)),
        list=reader.areas(often),
        among=say(reader, "s_robust_among", all=reader.count(len(rows))) if gaps else "",
        span=say(
            reader,
            "s_robust_moves" if width(widest) else "s_robust_still",
            widest=reader.area(str(widest["area"])),
            low=reader.count(widest["rank_p5"]),
            high=reader.count(widest["rank_p95"]),
        ),
    )


def _share(row: dict[str, object]) -> float:
    return percent_of_ways(float_of(row["share_among_lowest"]) or 0.0)


def _care(reader: Reader) -> str:
    parts = []
    for part in ("stale", "approximate"):
        codes = with_status(reader, part)
        if codes:
            parts.append(say(reader, f"s_care_{part}", codes=", ".join(codes)))
    parts.append(_over_time(reader))
    return say(reader, "s_care", parts="".join(parts))


def _over_time(reader: Reader) -> str:
    rows = [row for row in of_index(reader, CHANGE) if row["area"] != CITY]
    compared = [row for row in rows if row["comparable"]]
    if compared:
        moved = sum(truth(row["exceeds"]) is True for row in compared)
        first, last = str(compared[0]["first"]), str(compared[0]["last"])
        key = "s_care_moved" if moved else "s_care_not_moved"
        return say(reader, key, n=moved, all=len(compared), first=first, last=last)
    if rows:
        return say(reader, "s_care_not_compared")
    statuses = (str(reader.cell(INDEX, code)["status"]) for code in reader.with_index)
    return say(reader, "s_care_partial") if any("partial" in s for s in statuses) else ""


def _facts(reader: Reader) -> Terms:
    publication = reader.publication
    known, count = len(reader.known), len(publication.catalogue.codes)
    facts = {
        "areas": reader.count(len(reader.codes)),
        "indicators": reader.words.say("page.some_of", known=known, count=count),
        "periods": ", ".join(publication.periods),
        "base": f"{publication.city} {publication.base_period}",
        "normalisation": normalisation_told(reader, "name", "norm_unknown"),
        "aggregation": say(reader, f"agg_{aggregation_of(reader) or 'unknown'}"),
    }
    return Terms([(say(reader, f"fact_{name}"), [text]) for name, text in facts.items()], "facts")


def _index(reader: Reader) -> Grid:
    shared = _shared_status(reader)
    note = say(reader, "index_all", status=shared) if shared else ""
    drawn, rows = IndexRows(reader), reader.index_rows

    def index_interval(code: str) -> str:
        low, high = (rows.get(code, {}).get(f"index_{end}") for end in ("low", "high"))
        return interval(reader, low, high, reader.value(INDEX, code))

    def apart(code: str) -> str:
        distinct = rows.get(code, {}).get("distinct")
        return NONE if code == CITY else yes_or_no(reader, distinct)

    def indicators(code: str) -> str:
        known = reader.count(reader.cell(INDEX, code).get("counted"))
        count = len(reader.publication.catalogue.codes)
        return reader.words.say("page.some_of", known=known, count=count)

    remark = InWords(lambda code: _status(reader, code) or NONE)
    columns: Columns = {
        "html.area": reader.area,
        "html.index": lambda code: figure(reader, INDEX, code),
        "interval": index_interval,
        drawn.head(): drawn.row,
        "apart": apart,
        "counted": indicators,
        **({} if shared else {"remark": remark}),
    }
    codes, about = [CITY, *reader.codes], say(reader, _note(reader), period=reader.period)
    note = f"{about} {note}".strip()
    return table(reader, "index", "index", columns, codes, note=note, row_look=_look)


def _look(code: str) -> str:
    return "total" if code == CITY else ""


def _status(reader: Reader, code: str) -> str:
    return reader.words.status(str(reader.cell(INDEX, code)["status"]), without=("ok", "synthetic"))


def _shared_status(reader: Reader) -> str:
    """Return what is to be said of every area alike, once."""
    statuses = {_status(reader, code) for code in reader.codes}
    return statuses.pop() if len(statuses) == 1 else ""


def interval(reader: Reader, low: object, high: object, value: object = 0) -> str:
    """Write an interval; nothing is said of one without its figure."""
    first, last = (
        None if (end := float_of(each)) is None else beside_zero(end) for each in (low, high)
    )
    return NONE if value is None else span(reader, first, last)

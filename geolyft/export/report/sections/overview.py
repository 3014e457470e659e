"""The first page: five sentences, the run in brief, and the latest index with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import CHANGE, INDEX
from geolyft.export.report.blocks import (
    Block,
    Grid,
    Heading,
    Points,
    Section,
    Terms,
    Text,
    Texts,
    grid,
    total_row,
    words_cell,
)
from geolyft.export.report.method import aggregation_of, normalisation_of
from geolyft.export.report.phrases import absent, say, span, truth, width, yes_or_no
from geolyft.export.report.plan import index_map
from geolyft.export.report.ranges import IndexRows
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader

OFTEN: Final = 0.9
"""In how many of the ways to compute an area is among the lowest before that is called sure."""


def overview(reader: Reader) -> Section:
    """Return the first section."""
    drawing = index_map(reader)
    blocks: list[Block] = [Points(items=sentences(reader), look="lead"), _facts(reader)]
    if reader.publication.warnings:
        blocks.append(Heading(text=reader.words.say("html.warnings")))
        blocks.append(Points(items=reader.publication.warnings))
    blocks.append(Heading(text=say(reader, "index_heading", period=reader.period)))
    blocks.append(Text(text=_meaning(reader)))
    if drawing is not None:
        blocks.append(drawing)
    blocks.append(_index(reader))
    return Section(code="korthet", title=say(reader, "short"), blocks=tuple(blocks))


def sentences(reader: Reader) -> tuple[str, ...]:
    """Return the five sentences: what, on what, how sure, how robust, and what to be careful of."""
    return (_about(reader), _basis(reader), _sure(reader), _robust(reader), _care(reader))


def _meaning(reader: Reader) -> str:
    publication = reader.publication
    return reader.words.say("html.meaning", city=publication.city, base=publication.base_period)


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
    known = {code: truth(reader.index_rows[code].get("distinct")) for code in reader.with_index}
    told = {code: is_apart for code, is_apart in known.items() if is_apart is not None}
    return [code for code, is_apart in told.items() if not is_apart] if told else None


def _sure(reader: Reader) -> str:
    unsure = not_apart(reader)
    city, period, every = reader.publication.city, reader.period, len(reader.with_index)
    if unsure is None:
        return say(reader, "s_sure_unknown")
    if not unsure:
        return say(reader, "s_sure_all", n=every, city=city, period=period)
    sure = every - len(unsure)
    return say(
        reader,
        "s_sure_some",
        n=sure,
        all=every,
        list=reader.areas(unsure),
        city=city,
        period=period,
    )


def _robust(reader: Reader) -> str:
    rows = reader.by_area("robusthet")
    if not rows:
        return say(reader, "s_robust_unknown")
    widest = max(rows.values(), key=width)
    often = [code for code, row in rows.items() if _share(row) >= OFTEN]
    return say(
        reader,
        "s_robust" if often else "s_robust_none",
        n=reader.count(widest["n_variants"]),
        k=reader.count(widest["lowest"]),
        list=reader.areas(often),
        widest=reader.area(str(widest["area"])),
        low=reader.count(widest["rank_p5"]),
        high=reader.count(widest["rank_p95"]),
    )


def _share(row: dict[str, object]) -> float:
    return number_of(row["share_among_lowest"], 12) or 0.0


def _care(reader: Reader) -> str:
    parts = []
    for part in ("stale", "approximate"):
        codes = [code for code in reader.known if _has(reader, code, part)]
        if codes:
            parts.append(say(reader, f"s_care_{part}", codes=", ".join(codes)))
    parts.append(_over_time(reader))
    return say(reader, "s_care", parts="".join(parts))


def _has(reader: Reader, code: str, part: str) -> bool:
    return any(part in str(cell["status"]).split("+") for cell in reader.latest(code))


def _over_time(reader: Reader) -> str:
    rows = [row for row in reader.area_rows(CHANGE, every=True) if row["what"] == INDEX]
    rows = [row for row in rows if row["area"] != CITY]
    told = [row for row in rows if row["comparable"]]
    if told:
        moved = sum(truth(row["exceeds"]) is True for row in told)
        first, last = str(told[0]["first"]), str(told[0]["last"])
        return say(reader, "s_care_moved", n=moved, all=len(told), first=first, last=last)
    if rows:
        return say(reader, "s_care_not_compared")
    partial = any(
        "partial" in str(reader.cell(INDEX, code)["status"]) for code in reader.with_index
    )
    return say(reader, "s_care_partial") if partial else ""


def _facts(reader: Reader) -> Terms:
    publication = reader.publication
    periods = ", ".join(publication.periods)
    known = reader.words.say(
        "page.some_of", known=len(reader.known), count=len(publication.catalogue.codes)
    )
    items = (
        (say(reader, "fact_areas"), (reader.count(len(reader.codes)),)),
        (say(reader, "fact_indicators"), (known,)),
        (say(reader, "fact_periods"), (periods,)),
        (say(reader, "fact_base"), (f"{publication.city} {publication.base_period}",)),
        (
            say(reader, "fact_normalisation"),
            (say(reader, f"norm_{normalisation_of(reader) or 'unknown'}"),),
        ),
        (
            say(reader, "fact_aggregation"),
            (say(reader, f"agg_{aggregation_of(reader) or 'unknown'}"),),
        ),
    )
    return Terms(items=items, look="facts")


def _index(reader: Reader) -> Grid:
    shared = _shared_status(reader)
    note = say(reader, "index_all", status=shared) if shared else ""
    head: Texts = [
        reader.words.say("html.area"),
        reader.words.say("html.index"),
        say(reader, "interval"),
        IndexRows(reader).head(),
        say(reader, "apart", city=reader.publication.city),
        say(reader, "counted"),
    ]
    if not shared:
        head.append(words_cell(say(reader, "remark")))
    rows = [_index_row(reader, code, remark=not shared) for code in [CITY, *reader.codes]]
    return grid(
        "index",
        say(reader, "index_caption", period=reader.period),
        head,
        [total_row(rows[0]), *rows[1:]],
        note=f"{say(reader, 'index_note')} {note}".strip(),
    )


def _index_row(reader: Reader, code: str, *, remark: bool) -> Texts:
    cell, row = reader.cell(INDEX, code), reader.index_rows.get(code, {})
    texts: Texts = [
        reader.area(code),
        reader.number(cell["value"])
        if cell["value"] is not None
        else absent(reader, str(cell["status"])),
        interval(reader, row.get("index_low"), row.get("index_high"), cell["value"]),
        IndexRows(reader).row(code),
        NONE if code == CITY else yes_or_no(reader, row.get("distinct")),
        reader.words.say(
            "page.some_of",
            known=reader.count(cell.get("counted")),
            count=len(reader.publication.catalogue.codes),
        ),
    ]
    if remark:
        texts.append(words_cell(_status(reader, code) or NONE))
    return texts


def _status(reader: Reader, code: str) -> str:
    return reader.words.status(str(reader.cell(INDEX, code)["status"]), without=("ok", "synthetic"))


def _shared_status(reader: Reader) -> str:
    """Return what is to be said of every area alike, once."""
    said = {_status(reader, code) for code in reader.codes}
    return said.pop() if len(said) == 1 else ""


def interval(reader: Reader, low: object, high: object, value: object = 0) -> str:
    """Write an interval; nothing is said of one without its figure."""
    return NONE if value is None else span(reader, low, high)

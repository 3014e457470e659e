"""The first page: five sentences, the run in brief, and the latest index with its uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
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
from geolyft.export.report.ranges import IndexRows
from geolyft.export.report.run import NONE, truth, width
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.report.blocks import Figure
    from geolyft.export.report.run import Run

OFTEN: Final = 0.9
"""In how many of the ways to compute an area is among the lowest before that is called sure."""


def overview(run: Run, drawing: Figure | None) -> Section:
    """Return the first section.

    Parameters
    ----------
    drawing
        The map of the index; nothing where no area has one.
    """
    blocks: list[Block] = [Points(items=sentences(run), look="lead"), _facts(run)]
    if run.publication.warnings:
        blocks.append(Heading(text=run.words.say("html.warnings")))
        blocks.append(Points(items=run.publication.warnings))
    blocks.append(Heading(text=run.say("index_heading", period=run.period)))
    blocks.append(Text(text=_meaning(run)))
    if drawing is not None:
        blocks.append(drawing)
    blocks.append(_index(run))
    return Section(code="korthet", title=run.say("short"), blocks=tuple(blocks))


def sentences(run: Run) -> tuple[str, ...]:
    """Return the five sentences: what, on what, how sure, how robust, and what to be careful of."""
    return (_about(run), _basis(run), _sure(run), _robust(run), _care(run))


def _meaning(run: Run) -> str:
    own = run.publication
    return run.words.say("html.meaning", city=own.city, base=own.base_period)


def _about(run: Run) -> str:
    own = run.publication
    return run.say(
        "s_about_synthetic" if own.synthetic else "s_about",
        name=own.catalogue.index.title(own.lang),
        n=run.count(len(run.codes)),
        city=own.city,
        period=run.period,
        base=own.base_period,
    )


def _basis(run: Run) -> str:
    every, known = len(run.publication.catalogue.codes), len(run.known)
    if not run.with_index:
        return run.say("s_basis_none", n=known, all=every, period=run.period)
    if run.missing:
        return run.say("s_basis_some", n=known, all=every, codes=", ".join(run.missing))
    without = len(run.codes) - len(run.with_index)
    if without:
        return run.say("s_basis_gaps", all=every, n=without, areas=len(run.codes))
    return run.say("s_basis_all", all=every)


def not_apart(run: Run) -> list[str] | None:
    """Return the areas that chance alone could part from the city; nothing where none can tell."""
    known = {code: truth(run.index_rows[code].get("distinct")) for code in run.with_index}
    told = {code: is_apart for code, is_apart in known.items() if is_apart is not None}
    return [code for code, is_apart in told.items() if not is_apart] if told else None


def _sure(run: Run) -> str:
    unsure = not_apart(run)
    city, period, every = run.publication.city, run.period, len(run.with_index)
    if unsure is None:
        return run.say("s_sure_unknown")
    if not unsure:
        return run.say("s_sure_all", n=every, city=city, period=period)
    sure = every - len(unsure)
    return run.say(
        "s_sure_some", n=sure, all=every, list=run.areas(unsure), city=city, period=period
    )


def _robust(run: Run) -> str:
    rows = run.by_area("robusthet")
    if not rows:
        return run.say("s_robust_unknown")
    widest = max(rows.values(), key=width)
    often = [code for code, row in rows.items() if _share(row) >= OFTEN]
    return run.say(
        "s_robust" if often else "s_robust_none",
        n=run.count(widest["n_variants"]),
        k=run.count(widest["lowest"]),
        list=run.areas(often),
        widest=run.area(str(widest["area"])),
        low=run.count(widest["rank_p5"]),
        high=run.count(widest["rank_p95"]),
    )


def _share(row: dict[str, object]) -> float:
    return number_of(row["share_among_lowest"], 12) or 0.0


def _care(run: Run) -> str:
    parts = []
    for part in ("stale", "approximate"):
        codes = [code for code in run.known if _has(run, code, part)]
        if codes:
            parts.append(run.say(f"s_care_{part}", codes=", ".join(codes)))
    parts.append(_over_time(run))
    return run.say("s_care", parts="".join(parts))


def _has(run: Run, code: str, part: str) -> bool:
    return any(part in str(cell["status"]).split("+") for cell in run.cells[code].values())


def _over_time(run: Run) -> str:
    rows = [row for row in run.rows(CHANGE, every=True) if row["what"] == INDEX]
    rows = [row for row in rows if row["area"] != CITY]
    told = [row for row in rows if row["comparable"]]
    if told:
        moved = sum(truth(row["exceeds"]) is True for row in told)
        first, last = str(told[0]["first"]), str(told[0]["last"])
        return run.say("s_care_moved", n=moved, all=len(told), first=first, last=last)
    if rows:
        return run.say("s_care_not_compared")
    partial = any("partial" in str(run.cells[INDEX][code]["status"]) for code in run.with_index)
    return run.say("s_care_partial") if partial else ""


def _facts(run: Run) -> Terms:
    own = run.publication
    periods = ", ".join(own.periods)
    known = run.words.say("page.some_of", known=len(run.known), count=len(own.catalogue.codes))
    items = (
        (run.say("fact_areas"), (run.count(len(run.codes)),)),
        (run.say("fact_indicators"), (known,)),
        (run.say("fact_periods"), (periods,)),
        (run.say("fact_base"), (f"{own.city} {own.base_period}",)),
        (run.say("fact_normalisation"), (run.say(f"norm_{normalisation_of(run) or 'unknown'}"),)),
        (run.say("fact_aggregation"), (run.say(f"agg_{aggregation_of(run) or 'unknown'}"),)),
    )
    return Terms(items=items, look="facts")


def _index(run: Run) -> Grid:
    shared = _shared_status(run)
    note = run.say("index_all", status=shared) if shared else ""
    head: Texts = [
        run.words.say("html.area"),
        run.words.say("html.index"),
        run.say("interval"),
        IndexRows(run).head(),
        run.say("apart", city=run.publication.city),
        run.say("counted"),
    ]
    if not shared:
        head.append(words_cell(run.say("remark")))
    rows = [_index_row(run, code, remark=not shared) for code in [CITY, *run.codes]]
    return grid(
        "index",
        run.say("index_caption", period=run.period),
        head,
        [total_row(rows[0]), *rows[1:]],
        note=f"{run.say('index_note')} {note}".strip(),
    )


def _index_row(run: Run, code: str, *, remark: bool) -> Texts:
    cell, row = run.cells[INDEX][code], run.index_rows.get(code, {})
    texts: Texts = [
        run.area(code),
        run.number(cell["value"])
        if cell["value"] is not None
        else absent(run, str(cell["status"])),
        interval(run, row.get("index_low"), row.get("index_high"), cell["value"]),
        IndexRows(run).row(code),
        NONE if code == CITY else run.truth(row.get("distinct")),
        run.words.say(
            "page.some_of",
            known=run.count(cell.get("counted")),
            count=len(run.publication.catalogue.codes),
        ),
    ]
    if remark:
        texts.append(words_cell(_status(run, code) or NONE))
    return texts


def _status(run: Run, code: str) -> str:
    return run.words.status(str(run.cells[INDEX][code]["status"]), without=("ok", "synthetic"))


def _shared_status(run: Run) -> str:
    """Return what is to be said of every area alike, once."""
    said = {_status(run, code) for code in run.codes}
    return said.pop() if len(said) == 1 else ""


def absent(run: Run, status: str) -> str:
    """Say why there is no figure."""
    key = "status_hidden" if "hidden" in status.split("+") else "status_missing"
    return run.words.say(f"page.{key}")


def interval(run: Run, low: object, high: object, value: object = 0) -> str:
    """Write an interval; nothing is said of one without its figure."""
    return NONE if value is None else run.span(low, high)

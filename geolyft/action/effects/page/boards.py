"""All registered plans by board, also those without an effect: ``effekter.html``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.effects.page.told import Told
from geolyft.action.effects.permutation import ALPHA, smallest_p
from geolyft.export.figures.cells import number_of
from geolyft.export.html.page import render
from geolyft.export.report.blocks import Cell, Section, grid, words_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.figures.cells import Record
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Texts

PAGE: Final = "effekter.html"
STYLES: Final = ("html/sida.css", "report/rapport.css")
_COLUMNS: Final = ("plan", "what", "mde", "difference", "p", "persons", "words")


def effects_page(publication: Publication) -> str:
    """Return the page of all plans; it works without a script and asks for nothing."""
    told = Told(publication)
    return render(
        "report/rapport.html",
        told.reader,
        STYLES,
        page=PAGE,
        say=told.say,
        sections=[_how(told), *_boards(told)],
        periods=", ".join(publication.periods),
    )


def _how(told: Told) -> Section:
    rows = told.rows
    exploratory = sum(bool(row["utforskande"]) for row in rows)
    tested = sum(
        not row["utforskande"] and (number_of(row["minsta_p"], 6) or 1.0) <= ALPHA for row in rows
    )
    n = len(told.reader.codes)
    blocks: list[Block] = [
        told.text("how_plans", n=len(rows), exploratory=exploratory),
        told.text("how_test"),
        told.text("how_one", areas=n, p=told.p(smallest_p(n, 1))),
    ]
    if tested > 1:
        expected = told.reader.number(tested * ALPHA, 2)
        blocks.append(told.text("how_many", n=tested, expected=expected))
    return told.section("how", [*blocks, told.text("how_cause", look="care")])


def _boards(told: Told) -> Iterator[Section]:
    for n, board in enumerate(sorted({str(row["namnd"]) for row in told.rows}), start=1):
        rows = [row for row in told.rows if row["namnd"] == board]
        head: Texts = [told.say(f"col_{name}") for name in _COLUMNS]
        head[1], head[-1] = words_cell(str(head[1])), words_cell(str(head[-1]))
        caption = told.say("board_caption", board=board)
        table = grid(f"namnd-{n}", caption, head, [_row(told, row) for row in rows], look="dense")
        sentences = [_sentence(told, row) for row in rows]
        yield Section(code=f"namnd-{n}", title=board, blocks=(*sentences, table))


def _sentence(told: Told, row: Record) -> Block:
    return told.text("plan_says", plan=row["plan"], sentence=told.sentence(row))


def _row(told: Told, row: Record) -> Texts:
    interest = told.number(row["minsta_effekt"])
    least = told.say("p_least", p=told.p(row["minsta_p"])) if told.is_computed(row) else ""
    note = f"{told.areas(row['omraden'])}; {told.registered(row)}"
    return [
        Cell(text=str(row["plan"]), note=note, look="text", href=told.address(row)),
        words_cell(told.what(row), told.unit(row)),
        Cell(text=told.number(row["mde"]), note=told.say("of_interest", size=interest)),
        told.number(row["skillnad"], signed=True),
        Cell(text=told.p(row["p"]), note=least),
        told.reader.count(row["personer"]),
        words_cell(str(row["ord"])),
    ]

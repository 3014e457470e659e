"""What each board has, where boards say different things, and the register's rows by board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.rules import CITYWIDE
from geolyft.action.needs.matrix import ENDED
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import grid, row_of, words_cell

if TYPE_CHECKING:
    from geolyft.action.page.told import Told
    from geolyft.export.figures.cells import Record
    from geolyft.export.report.blocks import Block, Grid, Section, Texts

_WHERE: Final = ("i_omraden", "hela_staden", "utan_plats")
_COUNTS: Final = ("pagar", "avslutade", "ovriga", "kvallar", "helger", "tider_kanda")


def boards(told: Told) -> Section:
    """Return a row for each board, and the sums of all."""
    rows = told.rows("namnder")
    head = told.heads("board", "rows", "in_areas", "citywide", "nowhere", "going", "ended", "other",
                      "evenings", "weekends", "hours")  # fmt: skip
    body = [
        row_of(
            [
                words_cell(str(row["namnd"]), str(row["teman"])),
                told.reader.count(row["rader"]),
                *(told.shares(row[name]) for name in _WHERE),
                *(told.reader.count(row[name]) for name in _COUNTS),
            ],
            look="",
        )
        for row in rows
    ]
    body.append(row_of([told.say("sum"), *_totals(told, rows)], look="total"))
    table = grid("namnder", told.say("boards_caption"), head, body, look="dense")
    return told.section("boards", [told.text("boards_about"), table])


def _totals(told: Told, rows: list[Record]) -> list[str]:
    sums = {name: sum(float(str(row[name])) for row in rows)
            for name in ("rader", *_WHERE, *_COUNTS)}  # fmt: skip
    return [told.shares(total) for total in sums.values()]


def differing(told: Told) -> Section:
    """Return what boards say differently of one effort, statement by statement."""
    said: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in told.rows("motsagelser"):
        key = (str(row["insats_id"]), str(row["uppgift"]))
        said.setdefault(key, {}).setdefault(str(row["sagt"]), []).append(str(row["namnd"]))
    if not said:
        return told.section("differing", [told.text("differing_none", look="absent")])
    names = {str(row["insats_id"]): str(row["namn"]) for row in reversed(told.efforts)}
    head = told.heads("effort", "of_what", "says", "board", words=("of_what", "says", "board"))
    rows: list[Texts] = [
        [
            names[effort],
            words_cell(told.say(f"of_{what}")),
            words_cell(text),
            words_cell(", ".join(dict.fromkeys(by))),
        ]
        for (effort, what), answers in said.items()
        for text, by in answers.items()
    ]
    table = grid("olika", told.say("differing_caption"), head, rows)
    return told.section("differing", [told.text("differing_about"), table])


def register(told: Told) -> Section:
    """Return every row of the register under its board, those that have ended in grey."""
    blocks: list[Block] = [told.text("register_about")]
    boards_of = sorted({str(row["namnd"]) for row in told.efforts})
    blocks += [_of_board(told, board, n) for n, board in enumerate(boards_of)]
    return told.section("register", blocks)


def _of_board(told: Told, board: str, n: int) -> Grid:
    mine: dict[str, list[Record]] = {}
    for row in (row for row in told.efforts if row["namnd"] == board):
        mine.setdefault(str(row["rad_id"]), []).append(row)
    columns = ("effort", "themes", "whom", "where", "status", "open")
    head = told.heads(*columns, words=columns[1:])
    rows = []
    for parts in mine.values():
        row = parts[0]
        period = "–".join(filter(None, dict.fromkeys([str(row["start"]), str(row["slut"])])))
        texts = (
            told.listed(row["teman"]), str(row["malgrupp"]), _where(told, parts),
            f"{row['status_nu']} {period}".strip(), str(row["tider"]) or NONE,
        )  # fmt: skip
        look = "faint" if row["status_nu"] == ENDED else ""
        rows.append(row_of([str(row["namn"]), *map(words_cell, texts)], look=look))
    caption = told.say("register_caption", board=board, n=len(mine))
    return grid(f"register-{n}", caption, head, rows, look="dense")


def _where(told: Told, parts: list[Record]) -> str:
    """Return the areas a row is in, and what of it is citywide or not known to be anywhere."""
    areas = [told.area_of(row) for row in parts]
    said = [told.reader.area(area) for area in areas if area]
    others = [row["plats_sakerhet"] for row, area in zip(parts, areas, strict=True) if not area]
    said += [told.say("where_city" if sure == CITYWIDE else "where_unknown") for sure in others]
    return ", ".join(said)

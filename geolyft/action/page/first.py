"""What comes first, and a sum by several rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.priorities.allocation import LEAST, MOST, RULES
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Cell, grid, row_of, words_cell

if TYPE_CHECKING:
    from geolyft.action.page.told import Told
    from geolyft.export.figures.cells import Record
    from geolyft.export.report.blocks import Block, Row, Section

_COLUMNS: Final = ("group", "area", "how_sure", "ways", "places", "reasons", "hangs_on", "children")


def priorities(told: Told) -> Section:
    """Return the shortlists of the index, of dimensions, and of what counts children."""
    rows = told.rows("prioritering")
    if not rows:
        return told.section("first", [told.text("first_none", look="absent")])
    blocks: list[Block] = [told.text("first_about"), told.text("first_care", look="note")]
    for what in dict.fromkeys(str(row["vad"]) for row in rows):
        mine = [row for row in rows if row["vad"] == what]
        of_children = mine[0]["malgrupp"] not in ("alla", "everyone")
        if what in told.reader.whats or of_children:
            caption = told.say("first_caption", what=told.named(what))
            head = told.heads(*_COLUMNS, words=_COLUMNS[1:3] + _COLUMNS[5:7])
            blocks.append(grid(f"forst-{what}", caption, head, _shortlist(told, mine)))
    return told.section("first", blocks)


def _shortlist(told: Told, rows: list[Record]) -> list[Row]:
    with_others = {row["grupp"] for row in rows if row["delar_plats"]}
    return [
        row_of(
            [
                Cell(
                    text=str(row["grupp"]),
                    note=told.say("tied") if row["grupp"] in with_others else "",
                ),
                words_cell(told.reader.area(str(row["area"]))),
                words_cell(str(row["niva"])),
                told.percent(row["behov"]),
                _places(row),
                words_cell(told.listed(row["skal"])),
                words_cell(str(row["hanger_pa"])),
                told.reader.count(row["barn"]),
            ],
            look="",
        )
        for row in rows
    ]


def _places(row: Record) -> str:
    first, last = row["plats_fran"], row["plats_till"]
    return str(first) if first == last else f"{first}–{last}"


def allocation(told: Told) -> list[Section]:
    """Return the sum by every rule there is, side by side; nothing where the run parts none."""
    rows = {str(row["area"]): row for row in told.rows("fordelning")}
    if not rows:
        return []
    parted = [area for area in told.reader.codes if _is_known(rows[area][LEAST])]
    rules = [rule for rule in RULES if _is_known(rows[parted[0]][rule])]
    head = [told.say("col_area"), *(told.say(f"rule_{each}") for each in (*rules, LEAST, MOST))]
    cells = [
        row_of([told.reader.area(a), *_sums(told, rows[a], (*rules, LEAST, MOST))], look="")
        for a in parted
    ]
    totals = [sum(int(str(rows[area][rule])) for area in parted) for rule in rules]
    whole = [*(told.reader.count(n) for n in totals), NONE, NONE]
    cells.append(row_of([told.say("sum"), *whole], look="total"))
    caption = told.say("allocation_caption", unit=rows[parted[0]]["enhet"])
    blocks: list[Block] = [
        told.text("allocation_about"), grid("summa", caption, head, cells),
        told.text("allocation_care", look="care"),
    ]  # fmt: skip
    outside = [area for area in told.reader.codes if area not in parted]
    if outside:
        blocks.append(told.text("allocation_outside", areas=told.reader.areas(outside)))
    return [told.section("allocation", blocks)]


def _sums(told: Told, row: Record, columns: tuple[str, ...]) -> list[str]:
    return [told.reader.count(row[column]) for column in columns]


def _is_known(value: object) -> bool:
    # What is empty in a table of whole numbers is no number.
    return str(value).lstrip("-").isdigit()

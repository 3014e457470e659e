"""What comes first, and a sum by several rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.priorities.allocation import LEAST, MOST, RULES
from geolyft.action.settings import AllocationSettings
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Terms, grid, row_of, words_cell
from geolyft.export.report.phrases import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geolyft.action.page.told import Told
    from geolyft.export.figures.cells import Record
    from geolyft.export.layer import Field
    from geolyft.export.report.blocks import Block, Grid, Section, Text, Texts

_COLUMNS: Final = ("area", "group", "how_sure", "ways", "places", "reasons", "hangs_on")
_IN_WORDS: Final = ("group", "how_sure", "reasons", "hangs_on")


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
            head = [*told.heads(*_COLUMNS, words=_IN_WORDS), *told.lenses.values()]
            rows_of = [row_of(cells, look="") for cells in _shortlist(told, mine)]
            blocks.append(grid(f"forst-{what}", caption, head, rows_of))
    return told.section("first", blocks)


def _shortlist(told: Told, rows: list[Record]) -> Iterator[Texts]:
    tied = {row["grupp"] for row in rows if row["delar_plats"]}
    for row in rows:
        shared = told.say("tied") if row["grupp"] in tied else ""
        yield [
            told.reader.area(str(row["area"])),
            words_cell(str(row["grupp"]), shared),
            words_cell(str(row["niva"])),
            told.percent(row["behov"]),
            _places(row),
            words_cell(told.listed(row["skal"])),
            words_cell(str(row["hanger_pa"])),
            *(told.reader.count(told.residents(lens, str(row["area"]))) for lens in told.lenses),
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
    fields = told.fields("fordelning", [*rules, LEAST, MOST])
    unit, lenses = rows[parted[0]]["enhet"], _own_rules(told)
    blocks: list[Block] = [
        told.text("allocation_about"),
        _parts(told, [rows[area] for area in parted], fields, unit),
        *_parts_of_lenses(told, parted, lenses, unit),
        Terms([(field.alias, [field.comment]) for field in fields], "notes"),
        _exposed(told),
        told.text("allocation_care", look="care"),
    ]
    outside = [area for area in told.reader.codes if area not in parted]
    if outside:
        blocks.append(told.text("allocation_outside", areas=told.reader.areas(outside)))
    return [told.section("allocation", blocks)]


def _parts(told: Told, rows: list[Record], fields: Sequence[Field], unit: object) -> Grid:
    head: Texts = [told.say("col_area"), *(field.alias for field in fields)]
    cells: list[Texts] = [
        [told.reader.area(str(row["area"])), *(told.reader.count(row[f.name]) for f in fields)]
        for row in rows
    ]
    sums = {field.name: sum(int(str(row[field.name])) for row in rows) for field in fields}
    # What the least and the most of all areas sum to is no sum that anybody parts.
    shown = [NONE if name in (LEAST, MOST) else told.reader.count(n) for name, n in sums.items()]
    total = row_of([told.say("sum"), *shown], look="total")
    body = [*(row_of(row, look="") for row in cells), total]
    return grid("summa", told.say("allocation_caption", unit=unit), head, body)


def _own_rules(told: Told) -> dict[str, str]:
    """Return the lenses whose rules have no column of their own in ``fordelning``."""
    return {lens: label for lens, label in told.lenses.items() if f"per_{lens}" not in RULES}


def _parts_of_lenses(
    told: Told, areas: Sequence[str], lenses: Mapping[str, str], unit: object
) -> Iterator[Grid]:
    """Yield the parts by the rules of other lenses, which the least and the most are of too."""
    if not lenses:
        return
    rows = {(str(row["lins"]), str(row["area"])): row for row in told.rows("fordelning_lins")}
    fields = told.fields("fordelning_lins", ["per_person", "per_utsatt"])
    head: Texts = [told.say("col_area")]
    head += [f"{label}: {f.alias.lower()}" for label in lenses.values() for f in fields]
    body: list[Texts] = [
        [
            told.reader.area(area),
            *(told.reader.count(rows[lens, area][f.name]) for lens in lenses for f in fields),
        ]
        for area in areas
    ]
    yield grid("summa-lins", told.say("lens_caption", unit=unit), head, body)


def _exposed(told: Told) -> Text:
    """Return what the run has chosen: who is exposed, and how many are the lowest."""
    chosen = recorded(told.reader, "config", "allocation")
    settings = AllocationSettings.model_validate(chosen)
    return told.text(
        "allocation_chosen", share=told.reader.indicator(settings.share), lowest=settings.lowest
    )


def _is_known(value: object) -> bool:
    # What is empty in a table of whole numbers is no number.
    return str(value).isdigit()

"""Step 7 of the handbook: how much the picture owes to chance, to method, and to the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.phrases import (
    Columns,
    absence,
    heading,
    paragraph,
    ranks,
    say,
    step,
    table,
    yes_or_no,
)
from geolyft.export.report.ranges import RankRows
from geolyft.export.report.sections.doubts import INPUTS
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader
    from geolyft.export.report.blocks import Block, Grid, Section

_LARGE: Final = "omraden"


def trust(reader: Reader) -> Section:
    """Return step 7."""
    blocks = [*_uncertain(reader), *_robust(reader), *_sensitive(reader), *_levels(reader)]
    return step(reader, 7, "robusthet", blocks)


def _uncertain(reader: Reader) -> list[Block]:
    title = heading(reader, "trust_chance")
    rows = [
        row for row in reader.area_rows("osakerhet") if row["what"] == INDEX and row["area"] != CITY
    ]
    if not rows:
        return [title, absence(reader, "trust_chance_none")]

    def difference(row: Record) -> str:
        return interval(reader, row["difference_low"], row["difference_high"])

    columns: Columns = {
        "html.area": lambda row: reader.area(str(row["area"])),
        "html.index": lambda row: reader.number(row["value"]),
        "interval": lambda row: interval(reader, row["low"], row["high"]),
        "to_city": lambda row: reader.number(row["difference"], signed=True),
        "interval_difference": difference,
        "apart": lambda row: yes_or_no(reader, row["distinct"]),
    }
    note = say(reader, "trust_chance_note")
    intervals = table(reader, "osakerhet", "trust_chance", columns, rows, note=note)
    return [title, paragraph(reader, "trust_chance_about"), intervals]


def _robust(reader: Reader) -> list[Block]:
    title, rows = heading(reader, "trust_method"), reader.by_area("robusthet")
    if not rows:
        return [title, absence(reader, "no_robustness")]
    first = next(iter(rows.values()))
    n, k = reader.count(first["n_variants"]), reader.count(first["lowest"])
    drawn = RankRows(reader, rows)
    columns: Columns = {
        "html.area": reader.area,
        drawn.head(): drawn.row,
        "rank_leave_one": lambda code: ranks(reader, reader.index_rows[code], "low", "high"),
        "rank_variants": lambda code: ranks(reader, rows[code], "p5", "p95"),
        "rank_median": lambda code: reader.number(rows[code]["rank_median"]),
        "among_lowest": lambda code: reader.percent(rows[code]["share_among_lowest"]),
    }
    note = say(reader, "trust_method_note")
    places = table(reader, "robusthet-tabell", "trust_method", columns, rows, note=note, n=n, k=k)
    return [title, paragraph(reader, "trust_method_about", n=n), places]


def _sensitive(reader: Reader) -> list[Block]:
    title = heading(reader, "trust_inputs")
    rows = [row for row in reader.area_rows("kanslighet_stad") if row["input"] in INPUTS]
    if not rows:
        return [title, absence(reader, "no_sensitivity")]
    columns: Columns = {
        "input": lambda row: say(reader, f"input_{row['input']}"),
        "first": lambda row: _share(reader, row["first"]),
        "total": lambda row: _share(reader, row["total"]),
    }
    note = say(reader, "trust_inputs_note")
    shares = table(reader, "kanslighet", "trust_inputs", columns, rows, note=note)
    return [title, paragraph(reader, "trust_inputs_about"), shares, *_by_area(reader)]


def _share(reader: Reader, value: object) -> str:
    """Write a share of variance; an estimate below 0 is 0."""
    known = number_of(value, 6)
    return NONE if known is None else reader.percent(max(known, 0.0))


def _by_area(reader: Reader) -> list[Grid]:
    rows = {(str(row["area"]), row["input"]): row for row in reader.area_rows("kanslighet")}
    if not rows:
        return []

    def part(name: str) -> Callable[[str], str]:
        def share(code: str) -> str:
            row = rows.get((code, name), {})
            return _share(reader, row.get("total")) if number_of(row.get("variance"), 9) else NONE

        return share

    columns: Columns = {
        "html.area": reader.area,
        **{f"short_{name}": part(name) for name in INPUTS},
    }
    areas = dict.fromkeys(area for area, _ in rows)
    note = say(reader, "inputs_by_area_note", none=NONE)
    return [table(reader, "kanslighet-omraden", "inputs_by_area", columns, areas, note=note)]


def _levels(reader: Reader) -> list[Block]:
    title = heading(reader, "trust_levels")
    spread = {(str(r["what"]), str(r["level"])): r for r in reader.area_rows("nivaer")}
    rows = [r for r in reader.area_rows("nivaer_jamforda") if _is_filled(reader, r, spread)]
    if not rows:
        return [title, absence(reader, "trust_levels_none")]
    rows.sort(key=lambda row: (reader.whats.index(str(row["what"])), str(row["level"])))

    def reach(row: Record, level: object) -> str:
        return reader.number(spread.get((str(row["what"]), str(level)), {}).get("range"))

    columns: Columns = {
        "what_level": lambda row: _level_name(reader, row),
        "n_small": lambda row: reader.count(row["n"]),
        "range_small": lambda row: reach(row, row["level"]),
        "range_large": lambda row: reach(row, _LARGE),
        "rank_correlation": lambda row: reader.number(row["rank_correlation"], 2),
        "class_changed": lambda row: reader.percent(row["class_changed"]),
    }
    note = say(reader, "trust_levels_note")
    levels = table(reader, "nivaer", "trust_levels", columns, rows, note=note)
    return [title, paragraph(reader, "trust_levels_about"), levels]


def _is_filled(reader: Reader, row: Record, spread: dict[tuple[str, str], Record]) -> bool:
    """Say whether nearly all of a level's areas have a figure; else it tells nothing."""
    if row["what"] not in reader.whats or (str(row["what"]), _LARGE) not in spread:
        return False
    sizes = {inner.division: len(inner.areas) for inner in reader.publication.inner}
    known = number_of(spread.get((str(row["what"]), str(row["level"])), {}).get("n"), 0) or 0
    every = next((n for level, n in sizes.items() if str(row["level"]).startswith(level)), 0)
    return known >= 0.9 * every and number_of(row["rank_correlation"], 3) is not None


def _level_name(reader: Reader, row: Record) -> str:
    level, names = str(row["level"]), reader.words.section("level")
    short = next((name for code, name in names.items() if level.startswith(code)), level)
    return f"{reader.label(str(row['what']))}, {short}"

"""Step 7 of the handbook: how much the picture owes to chance, to method, and to the areas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.certainty.many import LEVEL
from geolyft.export.figures.cells import float_of, number_of, percent_of_ways
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.measures import NORMAL
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    heading,
    paragraph,
    ranks,
    recorded,
    recorded_list,
    say,
    step,
    table,
    truth,
    yes_or_no,
)
from geolyft.export.report.ranges import RankRows
from geolyft.export.report.sections.doubts import INPUTS, is_estimated
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.reader import Reader
    from geolyft.export.report.blocks import Block, Grid, Section, Text

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
        "apart_fdr": lambda row: yes_or_no(reader, row["distinct_fdr"]),
    }
    note = say(reader, "trust_chance_note")
    intervals = table(reader, "osakerhet", "trust_chance", columns, rows, note=note)
    about = paragraph(reader, "trust_chance_about")
    return [title, about, *_same_people(reader), *_noise(reader), intervals, _many(reader, rows)]


def _same_people(reader: Reader) -> list[Block]:
    """Say what figures have in common: counted, said by the run, or assumed."""
    said = recorded(reader, "uncertainty", "correlation")
    if not isinstance(said, dict):
        return []
    how = {0: "said", 1: "some"}.get(len(said["assumed"]), "assumed")
    counted = said["counted"]
    about = paragraph(
        reader,
        "trust_same_people_counted" if counted else "trust_same_people",
        n=reader.count(len(counted)),
        among=reader.number(said["indicators"], decimals=2),
        years=reader.number(said["years"], decimals=2),
        said=say(reader, f"trust_same_people_{how}"),
    )
    columns: Columns = {
        "pair_first": InWords(lambda row: f"{row['indicator']} {row['reference']}"),
        "pair_second": InWords(lambda row: f"{row['other']} {row['other_reference']}"),
        "pair_correlation": lambda row: reader.number(row["correlation"], 2),
    }
    rows, note = _shown_pairs(counted), say(reader, "trust_pairs_note")
    shown = table(reader, "samma-manniskor", "trust_pairs", columns, rows, note=note)
    return [about, shown] if counted else [about]


def _shown_pairs(counted: Sequence[Record]) -> list[Record]:
    """Return two indicators in the latest year of both, and an indicator in its first and last."""
    among: dict[tuple[object, ...], Record] = {}
    between: dict[tuple[object, ...], Record] = {}
    # In order of years: what comes later is of later ones.
    for pair in counted:
        first = (pair["source"], pair["indicator"])
        if pair["reference"] == pair["other_reference"]:
            among[*first, pair["other"]] = pair
        elif pair["indicator"] == pair["other"]:
            known = between.setdefault(first, pair)
            if known["reference"] == pair["reference"]:
                between[first] = pair
    return [*among.values(), *between.values()]


def _noise(reader: Reader) -> list[Block]:
    """Say what a publisher's noise was estimated at, where the run asked for that."""
    return [
        paragraph(
            reader,
            "trust_noise",
            source=each["source"],
            sd=reader.number(each["sd"], decimals=2),
            rows=reader.count(each["rows"]),
        )
        for each in recorded_list(reader, "uncertainty", "cell_sd")
    ]


def _many(reader: Reader, rows: Sequence[Record]) -> Text:
    """Say how many areas chance would set apart, and how many are when all are asked at once."""
    compared = [row for row in rows if row["difference"] is not None]
    return paragraph(
        reader,
        "trust_many",
        n=reader.count(len(compared)),
        expected=reader.number(LEVEL * len(compared)),
        held=reader.count(sum(truth(row["distinct_fdr"]) is True for row in compared)),
        apart=reader.count(sum(truth(row["distinct"]) is True for row in compared)),
    )


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
        "among_lowest": lambda code: _ways(reader, rows[code]["share_among_lowest"]),
    }
    note = say(reader, "trust_method_note")
    places = table(reader, "robusthet-tabell", "trust_method", columns, rows, note=note, n=n, k=k)
    return [title, paragraph(reader, "trust_method_about", n=n), places]


def _ways(reader: Reader, share: object) -> str:
    known = float_of(share)
    return NONE if known is None else reader.words.percent(percent_of_ways(known))


def _sensitive(reader: Reader) -> list[Block]:
    title = heading(reader, "trust_inputs")
    rows = [row for row in reader.area_rows("kanslighet_stad") if row["input"] in INPUTS]
    if not rows:
        return [title, absence(reader, "no_sensitivity")]
    columns: Columns = {
        "input": lambda row: say(reader, f"input_{row['input']}"),
        "first": lambda row: _share(reader, row["first"]),
        "total": lambda row: _total(reader, row),
    }
    note = say(reader, "trust_inputs_note", error=_within(reader, rows), none=NONE)
    shares = table(reader, "kanslighet", "trust_inputs", columns, rows, note=note)
    return [title, paragraph(reader, "trust_inputs_about"), shares, *_by_area(reader)]


def _total(reader: Reader, row: Record) -> str:
    """Write a total share of variance; nothing where nothing moves, or too little to estimate."""
    still = "variance" in row and not number_of(row["variance"], 9)
    return NONE if still or not is_estimated(row) else _share(reader, row["total"])


def _share(reader: Reader, value: object) -> str:
    """Write a share of variance; an estimate below nothing is nothing, and above all is all."""
    known = number_of(value, 6)
    return NONE if known is None else reader.percent(min(max(known, 0.0), 1.0))


def _within(reader: Reader, rows: Iterable[Record]) -> str:
    """Return how many percentage points the told shares lie within, in 95 cases of 100."""
    errors = [number_of(row["error"], 6) or 0.0 for row in rows if is_estimated(row)]
    return reader.count(max(1, math.ceil(100 * NORMAL * max(errors, default=0.0))))


def _by_area(reader: Reader) -> list[Grid]:
    every = reader.area_rows("kanslighet")
    if not every:
        return []
    rows = {(str(row["area"]), row["input"]): row for row in every}

    def part(name: str) -> Callable[[str], str]:
        return lambda code: _total(reader, rows[code, name]) if (code, name) in rows else NONE

    columns: Columns = {
        "html.area": reader.area,
        **{f"short_{name}": part(name) for name in INPUTS},
    }
    areas = dict.fromkeys(area for area, _ in rows)
    note = say(reader, "inputs_by_area_note", error=_within(reader, every), none=NONE)
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

"""Step 7 of the handbook: how much the picture owes to chance, to method, and to the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.blocks import Block, Grid, Heading, Section, Text, Texts, grid
from geolyft.export.report.phrases import say, span, yes_or_no
from geolyft.export.report.ranges import RankRows
from geolyft.export.report.sections.doubts import INPUTS
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader

_LARGE: Final = "omraden"


def trust(reader: Reader) -> Section:
    """Return step 7."""
    blocks = [*_uncertain(reader), *_robust(reader), *_sensitive(reader), *_levels(reader)]
    return Section(code="robusthet", number="7", title=say(reader, "step_7"), blocks=tuple(blocks))


def _uncertain(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "trust_chance"))]
    rows = [
        row for row in reader.area_rows("osakerhet") if row["what"] == INDEX and row["area"] != CITY
    ]
    if not rows:
        return [*blocks, Text(text=say(reader, "trust_chance_none"), look="absent")]
    head: Texts = [
        reader.words.say("html.area"),
        reader.words.say("html.index"),
        say(reader, "interval"),
        say(reader, "to_city", city=reader.publication.city),
        say(reader, "interval_difference"),
        say(reader, "apart", city=reader.publication.city),
    ]
    cells: list[Texts] = [
        [
            reader.area(str(row["area"])),
            reader.number(row["value"]),
            interval(reader, row["low"], row["high"]),
            reader.number(row["difference"], signed=True),
            interval(reader, row["difference_low"], row["difference_high"]),
            yes_or_no(reader, row["distinct"]),
        ]
        for row in rows
    ]
    table = grid(
        "osakerhet",
        say(reader, "trust_chance_caption", period=reader.period),
        head,
        cells,
        note=say(reader, "trust_chance_note"),
    )
    return [*blocks, Text(text=say(reader, "trust_chance_about")), table]


def _robust(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "trust_method"))]
    rows = reader.by_area("robusthet")
    if not rows:
        return [*blocks, Text(text=say(reader, "no_robustness"), look="absent")]
    first = next(iter(rows.values()))
    n, k = reader.count(first["n_variants"]), reader.count(first["lowest"])
    blocks.append(Text(text=say(reader, "trust_method_about", n=n)))
    drawn, index = RankRows(reader, rows), reader.index_rows
    head: Texts = [
        reader.words.say("html.area"),
        drawn.head(),
        say(reader, "rank_leave_one"),
        say(reader, "rank_variants"),
        say(reader, "rank_median"),
        say(reader, "among_lowest", k=k),
    ]
    cells: list[Texts] = [
        [
            reader.area(code),
            drawn.row(code),
            span(reader, index[code].get("rank_low"), index[code].get("rank_high"), 0),
            span(reader, row["rank_p5"], row["rank_p95"], 0),
            reader.number(row["rank_median"]),
            reader.percent(row["share_among_lowest"]),
        ]
        for code, row in rows.items()
    ]
    caption = say(reader, "trust_method_caption", period=reader.period, n=n)
    note = say(reader, "trust_method_note")
    return [*blocks, grid("robusthet-tabell", caption, head, cells, note=note)]


def _sensitive(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "trust_inputs"))]
    rows = [row for row in reader.area_rows("kanslighet_stad") if row["input"] in INPUTS]
    if not rows:
        return [*blocks, Text(text=say(reader, "no_sensitivity"), look="absent")]
    head: Texts = [say(reader, "input"), say(reader, "first"), say(reader, "total")]
    cells: list[Texts] = [
        [
            say(reader, f"input_{row['input']}"),
            _share(reader, row["first"]),
            _share(reader, row["total"]),
        ]
        for row in rows
    ]
    caption = say(reader, "trust_inputs_caption", period=reader.period)
    blocks += [
        Text(text=say(reader, "trust_inputs_about")),
        grid("kanslighet", caption, head, cells, note=say(reader, "trust_inputs_note")),
    ]
    return [*blocks, *_by_area(reader)]


def _share(reader: Reader, value: object) -> str:
    """Write a share of variance; an estimate below 0 is 0."""
    known = number_of(value, 6)
    return NONE if known is None else reader.percent(max(known, 0.0))


def _by_area(reader: Reader) -> list[Grid]:
    found: dict[str, dict[str, object]] = {}
    moves: dict[str, bool] = {}
    for row in reader.area_rows("kanslighet"):
        found.setdefault(str(row["area"]), {})[str(row["input"])] = row["total"]
        moves[str(row["area"])] = bool(number_of(row["variance"], 9))
    if not found:
        return []
    head: Texts = [
        reader.words.say("html.area"),
        *(say(reader, f"short_{name}") for name in INPUTS),
    ]
    cells: list[Texts] = [
        [
            reader.area(code),
            *(_share(reader, of.get(name)) if moves[code] else NONE for name in INPUTS),
        ]
        for code, of in found.items()
    ]
    caption = say(reader, "inputs_by_area_caption", period=reader.period)
    note = say(reader, "inputs_by_area_note", none=NONE)
    return [grid("kanslighet-omraden", caption, head, cells, note=note)]


def _levels(reader: Reader) -> list[Block]:
    blocks: list[Block] = [Heading(text=say(reader, "trust_levels"))]
    spread = {(str(r["what"]), str(r["level"])): r for r in reader.area_rows("nivaer")}
    rows = [
        row for row in reader.area_rows("nivaer_jamforda") if (str(row["what"]), _LARGE) in spread
    ]
    order = [INDEX, *(d.code for d in reader.publication.catalogue.dimensions)]
    rows = [row for row in rows if row["what"] in order and _is_told(reader, row, spread)]
    if not rows:
        return [*blocks, Text(text=say(reader, "trust_levels_none"), look="absent")]
    rows.sort(key=lambda row: (order.index(str(row["what"])), str(row["level"])))
    head: Texts = [
        say(reader, "what_level"),
        say(reader, "n_small"),
        say(reader, "range_small"),
        say(reader, "range_large"),
        say(reader, "rank_correlation"),
        say(reader, "class_changed"),
    ]
    cells: list[Texts] = [_level(reader, row, spread) for row in rows]
    caption = say(reader, "trust_levels_caption", period=reader.period)
    return [
        *blocks,
        Text(text=say(reader, "trust_levels_about")),
        grid("nivaer", caption, head, cells, note=say(reader, "trust_levels_note")),
    ]


def _is_told(
    reader: Reader, row: dict[str, object], spread: dict[tuple[str, str], dict[str, object]]
) -> bool:
    """Say whether nearly all of a level's areas have a figure; else it tells nothing."""
    own = {inner.division: len(inner.areas) for inner in reader.publication.inner}
    known = number_of(spread.get((str(row["what"]), str(row["level"])), {}).get("n"), 0) or 0
    every = next((n for level, n in own.items() if str(row["level"]).startswith(level)), 0)
    return known >= 0.9 * every and number_of(row["rank_correlation"], 3) is not None


def _level(
    reader: Reader, row: dict[str, object], spread: dict[tuple[str, str], dict[str, object]]
) -> Texts:
    what, level = str(row["what"]), str(row["level"])
    small, large = spread.get((what, level), {}), spread[what, _LARGE]
    names = reader.words.section("level")
    short = next((name for code, name in names.items() if level.startswith(code)), level)
    return [
        f"{reader.label(what)}, {short}",
        reader.count(row["n"]),
        reader.number(small.get("range")),
        reader.number(large.get("range")),
        reader.number(row["rank_correlation"], 2),
        reader.percent(row["class_changed"]),
    ]

"""Step 7 of the handbook: how much the picture owes to chance, to method, and to the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.report.blocks import Block, Grid, Heading, Section, Text, Texts, grid
from geolyft.export.report.ranges import RankRows
from geolyft.export.report.run import NONE
from geolyft.export.report.sections.doubts import INPUTS
from geolyft.export.report.sections.overview import interval
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.report.run import Run

_LARGE: Final = "omraden"


def trust(run: Run) -> Section:
    """Return step 7."""
    blocks = [*_uncertain(run), *_robust(run), *_sensitive(run), *_levels(run)]
    return Section(code="robusthet", number="7", title=run.say("step_7"), blocks=tuple(blocks))


def _uncertain(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("trust_chance"))]
    rows = [row for row in run.rows("osakerhet") if row["what"] == INDEX and row["area"] != CITY]
    if not rows:
        return [*blocks, Text(text=run.say("trust_chance_none"), look="absent")]
    head: Texts = [
        run.words.say("html.area"),
        run.words.say("html.index"),
        run.say("interval"),
        run.say("to_city", city=run.publication.city),
        run.say("interval_difference"),
        run.say("apart", city=run.publication.city),
    ]
    cells: list[Texts] = [
        [
            run.area(str(row["area"])),
            run.number(row["value"]),
            interval(run, row["low"], row["high"]),
            run.number(row["difference"], signed=True),
            interval(run, row["difference_low"], row["difference_high"]),
            run.truth(row["distinct"]),
        ]
        for row in rows
    ]
    table = grid(
        "osakerhet",
        run.say("trust_chance_caption", period=run.period),
        head,
        cells,
        note=run.say("trust_chance_note"),
    )
    return [*blocks, Text(text=run.say("trust_chance_about")), table]


def _robust(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("trust_method"))]
    rows = run.by_area("robusthet")
    if not rows:
        return [*blocks, Text(text=run.say("no_robustness"), look="absent")]
    first = next(iter(rows.values()))
    n, k = run.count(first["n_variants"]), run.count(first["lowest"])
    blocks.append(Text(text=run.say("trust_method_about", n=n)))
    drawn, index = RankRows(run, rows), run.index_rows
    head: Texts = [
        run.words.say("html.area"),
        drawn.head(),
        run.say("rank_leave_one"),
        run.say("rank_variants"),
        run.say("rank_median"),
        run.say("among_lowest", k=k),
    ]
    cells: list[Texts] = [
        [
            run.area(code),
            drawn.row(code),
            run.span(index[code].get("rank_low"), index[code].get("rank_high"), 0),
            run.span(row["rank_p5"], row["rank_p95"], 0),
            run.number(row["rank_median"]),
            run.percent(row["share_among_lowest"]),
        ]
        for code, row in rows.items()
    ]
    caption = run.say("trust_method_caption", period=run.period, n=n)
    note = run.say("trust_method_note")
    return [*blocks, grid("robusthet-tabell", caption, head, cells, note=note)]


def _sensitive(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("trust_inputs"))]
    rows = [row for row in run.rows("kanslighet_stad") if row["input"] in INPUTS]
    if not rows:
        return [*blocks, Text(text=run.say("no_sensitivity"), look="absent")]
    head: Texts = [run.say("input"), run.say("first"), run.say("total")]
    cells: list[Texts] = [
        [run.say(f"input_{row['input']}"), _share(run, row["first"]), _share(run, row["total"])]
        for row in rows
    ]
    caption = run.say("trust_inputs_caption", period=run.period)
    blocks += [
        Text(text=run.say("trust_inputs_about")),
        grid("kanslighet", caption, head, cells, note=run.say("trust_inputs_note")),
    ]
    return [*blocks, *_by_area(run)]


def _share(run: Run, value: object) -> str:
    """Write a share of variance; an estimate below 0 is 0."""
    known = number_of(value, 6)
    return NONE if known is None else run.percent(max(known, 0.0))


def _by_area(run: Run) -> list[Grid]:
    found: dict[str, dict[str, object]] = {}
    moves: dict[str, bool] = {}
    for row in run.rows("kanslighet"):
        found.setdefault(str(row["area"]), {})[str(row["input"])] = row["total"]
        moves[str(row["area"])] = bool(number_of(row["variance"], 9))
    if not found:
        return []
    head: Texts = [run.words.say("html.area"), *(run.say(f"short_{name}") for name in INPUTS)]
    cells: list[Texts] = [
        [run.area(code), *(_share(run, of.get(name)) if moves[code] else NONE for name in INPUTS)]
        for code, of in found.items()
    ]
    caption = run.say("inputs_by_area_caption", period=run.period)
    note = run.say("inputs_by_area_note", none=NONE)
    return [grid("kanslighet-omraden", caption, head, cells, note=note)]


def _levels(run: Run) -> list[Block]:
    blocks: list[Block] = [Heading(text=run.say("trust_levels"))]
    spread = {(str(r["what"]), str(r["level"])): r for r in run.rows("nivaer")}
    rows = [row for row in run.rows("nivaer_jamforda") if (str(row["what"]), _LARGE) in spread]
    order = [INDEX, *(d.code for d in run.publication.catalogue.dimensions)]
    rows = [row for row in rows if row["what"] in order and _is_told(run, row, spread)]
    if not rows:
        return [*blocks, Text(text=run.say("trust_levels_none"), look="absent")]
    rows.sort(key=lambda row: (order.index(str(row["what"])), str(row["level"])))
    head: Texts = [
        run.say("what_level"),
        run.say("n_small"),
        run.say("range_small"),
        run.say("range_large"),
        run.say("rank_correlation"),
        run.say("class_changed"),
    ]
    cells: list[Texts] = [_level(run, row, spread) for row in rows]
    caption = run.say("trust_levels_caption", period=run.period)
    return [
        *blocks,
        Text(text=run.say("trust_levels_about")),
        grid("nivaer", caption, head, cells, note=run.say("trust_levels_note")),
    ]


def _is_told(
    run: Run, row: dict[str, object], spread: dict[tuple[str, str], dict[str, object]]
) -> bool:
    """Say whether nearly all of a level's areas have a figure; else it tells nothing."""
    own = {inner.division: len(inner.areas) for inner in run.publication.inner}
    known = number_of(spread.get((str(row["what"]), str(row["level"])), {}).get("n"), 0) or 0
    every = next((n for level, n in own.items() if str(row["level"]).startswith(level)), 0)
    return known >= 0.9 * every and number_of(row["rank_correlation"], 3) is not None


def _level(
    run: Run, row: dict[str, object], spread: dict[tuple[str, str], dict[str, object]]
) -> Texts:
    what, level = str(row["what"]), str(row["level"])
    small, large = spread.get((what, level), {}), spread[what, _LARGE]
    names = run.words.section("level")
    short = next((name for code, name in names.items() if level.startswith(code)), level)
    return [
        f"{run.what(what)}, {short}",
        run.count(row["n"]),
        run.number(small.get("range")),
        run.number(large.get("range")),
        run.number(row["rank_correlation"], 2),
        run.percent(row["class_changed"]),
    ]

"""The parts of an area's page, in the order of the law: survey, other information, analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.events.around import CHANCE, UNKNOWN
from geolyft.action.events.linked import LINKED
from geolyft.action.events.page.told import AROUND, BANDS
from geolyft.action.events.rates import DOWN, UP
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Points, grid, row_of, words_cell
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.action.events.page.told import Told
    from geolyft.export.figures.cells import Record
    from geolyft.export.report.blocks import Block, Section, Texts

_MORE: Final = 125.0
"""Per cent of the city's level from which a type is said to be more than there."""
_APART: Final = 0.1
"""How much larger a band's share has to be than the city's to be told."""
_ACCESS: Final = "tillganglighet"
"""What tables of access to places begin with."""


def survey(told: Told, area: str) -> Section:
    """Return what happens, how much of it, and when: the law's first part."""
    whole, city = told.of_all(area), told.of_all(told.city)
    is_known = told.value(whole, "antal") is not None
    extent = "map_extent" if is_known else "map_extent_hidden"
    blocks: list[Block] = [told.text(extent, n=told.number(whole, "antal"), period=told.period)]
    if told.value(whole, "per_1000") is None:
        blocks.append(told.text("map_no_rate", look="note"))
    else:
        parts = {
            "rate": told.number(whole, "per_1000", 1),
            "city": told.number(city, "per_1000", 1),
        }
        blocks.append(told.text("map_rate", **parts))
    rows = [_typed(told, row) for row in told.problems(area)]
    head: Texts = [*told.heads("problem", "count", "rate"), *told.bands]
    head += told.heads("change", words=("change",))
    blocks.append(grid("typer", told.say("map_caption"), head, rows, look="dense"))
    return told.section("map", [*blocks, told.text("map_consequences", look="absent")])


def _typed(told: Told, row: Record) -> Texts:
    figures = [told.number(row, "antal"), told.number(row, "per_1000", 1)]
    bands = [told.number(row, band) for band in BANDS]
    return [str(row["typ"]), *figures, *bands, words_cell(str(row["ord"]) or NONE)]


def other(told: Told, area: str) -> Section:
    """Return what else is known of the area: the law's second part."""
    return told.section("other", [*_index(told, area), *_access(told, area)])


def _index(told: Told, area: str) -> Iterator[Block]:
    row = told.reader.index_rows.get(area)
    if row is None or told.reader.score("index", area) is None:
        yield told.text("other_none", look="absent")
        return
    city = told.reader.number(told.reader.index_rows[told.city]["index"], 1)
    yield told.text("other_index", index=told.reader.number(row["index"], 1), city=city)
    if told.value(row, "rank_low") is not None:
        places = {"low": told.number(row, "rank_low"), "high": told.number(row, "rank_high")}
        n = len(told.reader.with_index)
        yield told.text("other_place", n=n, **places)


def _access(told: Told, area: str) -> Iterator[Block]:
    """Yield how many have each kind of place near, where the run has counted it."""
    rows = [row for name in told.publication.tables if name.startswith(_ACCESS)
            for row in told.reader.rows(name, area=area, period=told.reader.period)]  # fmt: skip
    near = [row for row in rows if told.value(row, "andel_inom") is not None]
    for row in near:
        parts = {"share": told.number(row, "andel_inom", 1), "metres": told.number(row, "grans_m")}
        yield told.text("other_near", kind=row["typ_namn"], who=row["vem"], **parts)
    if not near:
        yield told.text("other_access", look="absent")


def analysis(told: Told, area: str) -> Section:
    """Return what stands out, in sentences: the law's third part."""
    found = [*_more(told, area), *_when(told, area), *_changed(told, area), *_beside(told, area)]
    blocks: list[Block] = [Points(found)] if found else [told.text("analysis_none", look="absent")]
    return told.section("analysis", [*blocks, told.text("analysis_care", look="care")])


def _more(told: Told, area: str) -> Iterator[str]:
    for row in told.typed(area):
        level = told.value(row, "mot_staden")
        if level is not None and level >= _MORE:
            ratio = told.number(row, "mot_staden")
            yield told.say("analysis_more", type=row["typ"], ratio=ratio)


def _when(told: Told, area: str) -> Iterator[str]:
    for row in told.typed(area):
        kind = str(row["typ"])
        own, city = (_shares(told, place, kind) for place in (area, told.city))
        if own is None or city is None:
            continue
        for band, share, there in zip(BANDS, own, city, strict=True):
            if share >= there + _APART:
                parts = {"share": told.reader.percent(share), "city": told.reader.percent(there)}
                when = told.say(f"when_{band}")
                yield told.say("analysis_when", type=kind, band=when, **parts)


def _shares(told: Told, area: str, kind: str) -> list[float] | None:
    """Return the share of each time of the week; nothing where one of them is hidden."""
    counts = [told.value(row, "antal") for row in told.in_bands(area, kind)]
    known = [each for each in counts if each is not None]
    if len(known) < len(BANDS) or not sum(known):
        return None
    return [each / sum(known) for each in known]


def _changed(told: Told, area: str) -> Iterator[str]:
    words = told.words_of("ord")
    whole = told.of_all(area)
    for row in [*([whole] if whole else []), *told.typed(area)]:
        if words.get(str(row["ord"]), str(row["ord"])) in (UP, DOWN):
            kind = told.say("analysis_alla") if row is whole else row["typ"]
            times = told.number(row, "forandring", 1)
            yield told.say("analysis_change", type=kind, words=row["ord"], times=times)


def _beside(told: Told, area: str) -> Iterator[str]:
    for row in told.reader.rows(AROUND, area=area):
        if told.around(row) not in (CHANCE, UNKNOWN):
            yield told.say("analysis_around", words=row["runtom"])
    if hot := told.together_inside.get(area):
        names = (f"{name} ({n})" if n > 1 else name for name, n in sorted(hot.items()))
        yield told.say("analysis_inside", n=hot.total(), names=", ".join(names))


def measures(told: Told, area: str) -> Section:
    """Return each problem with the efforts linked to it, and their hours beside each other."""
    problems = told.problems(area)
    head = told.heads("problem", "count", "efforts", "state", words=("efforts", "state"))
    words = told.words_of("lage")
    rows = []
    for row in problems:
        is_linked = words.get(str(row["lage"]), row["lage"]) == LINKED
        which = str(row["vilka"]).replace(BETWEEN, ",") if is_linked else NONE
        cells: Texts = [str(row["typ"]), told.number(row, "antal"), words_cell(which)]
        rows.append(
            row_of([*cells, words_cell(str(row["lage"]))], look="" if is_linked else "faint")
        )
    blocks: list[Block] = [] if told.reader.rows("insatser") else [
        told.text("measures_none", look="absent")
    ]  # fmt: skip
    caption = told.say("measures_caption")
    blocks += [told.text("measures_about"), grid("atgarder", caption, head, rows)]
    return told.section("measures", [*blocks, *_hours(told, problems)])


def _hours(told: Told, problems: list[Record]) -> Iterator[Block]:
    if not problems:
        return
    head: Texts = [told.say("col_problem"), *told.bands]
    rows = [row_of([str(row["typ"]), *(told.number(row, b) for b in BANDS)], look="")
            for row in problems]  # fmt: skip
    most = max(problems, key=lambda row: told.value(row, "insatser") or 0)
    shown = {
        "kvall": told.number(most, "insatser_kvall"),
        "helg": told.number(most, "insatser_helg"),
    }
    cells = [shown.get(band, NONE) for band in BANDS]
    rows.append(row_of([told.say("hours_efforts"), *cells], look="total"))
    parts = {"known": told.number(most, "tider_kanda"), "all": told.number(most, "insatser")}
    note = told.say("hours_note", **parts)
    yield grid("timmar", told.say("hours_caption"), head, rows, note=note)


def follow_up(told: Told, area: str) -> Section:
    """Return what became of the last cycle's measures: what has ended, and plans."""
    found = [*_ended(told, area), *_plans(told, area)]
    blocks: list[Block] = [Points(found)] if found else [told.text("follow_none", look="absent")]
    return told.section("follow", blocks)


def _ended(told: Told, area: str) -> Iterator[str]:
    code = f"{told.publication.division}_kod"
    for row in told.reader.rows("insatser"):
        if row[code] == area and row["slut"] and told.is_in_last_cycle(str(row["slut"])):
            parts = {"effort": row["namn"], "board": row["namnd"], "end": row["slut"]}
            yield told.say("follow_ended", **parts)


def _plans(told: Told, area: str) -> Iterator[str]:
    for row in told.reader.rows("effekter"):
        if area in str(row["omraden"]).split(f"{BETWEEN} "):
            parts = {"plan": row["plan"], "board": row["namnd"], "words": row["ord"]}
            yield told.say("follow_plan", **parts)

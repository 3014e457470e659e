"""Steps 1 to 3 of the handbook: what is measured, with which indicators, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.report.blocks import (
    Block,
    Grid,
    Heading,
    Points,
    Row,
    Section,
    Terms,
    Text,
    Texts,
    grid,
    short_cell,
    words_cell,
)
from geolyft.export.report.method import count_said, names_said
from geolyft.export.report.run import at
from geolyft.frames import CITY, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.report.run import Run
    from geolyft.indicators.catalogue import Indicator


def framework(run: Run) -> Section:
    """Return step 1: what the index is meant to show."""
    own = run.publication
    name = own.catalogue.index.title(own.lang)
    n, every = len(own.catalogue.dimensions), len(own.catalogue.codes)
    blocks: list[Block] = [
        Text(text=run.say("theory_about", name=name, n=n, all=every)),
        _dimensions(run),
        Text(text=_catalogue(run)),
        Points(
            items=(
                run.say("theory_share"),
                run.say("theory_areas"),
                run.say("theory_untested"),
            )
        ),
    ]
    return Section(code="teori", number="1", title=run.say("step_1"), blocks=tuple(blocks))


def _catalogue(run: Run) -> str:
    definition = run.said("definition", "index")
    if not isinstance(definition, dict):
        return run.say("catalogue_unknown")
    file = definition.get("catalogue")
    return run.say("catalogue_own", file=file) if file else run.say("catalogue_shipped")


def _dimensions(run: Run) -> Grid:
    own = run.publication
    weights = own.catalogue.weights()
    rows: list[Texts] = []
    for dimension in own.catalogue.dimensions:
        indicators = own.catalogue.of(dimension.code)
        names = run.listed([run.indicator(each.code) for each in indicators])
        weight = float(sum(weights[each.code] for each in indicators))
        rows.append([dimension.title(own.lang), words_cell(names), run.percent(weight, decimals=1)])
    head: Texts = [
        run.say("dimension"),
        words_cell(run.words.say("page.indicators")),
        run.say("weight"),
    ]
    return grid("dimensioner", run.say("dimensions_caption"), head, rows)


def selection(run: Run) -> Section:
    """Return step 2: the indicators, what they count and how they are read."""
    known, every = len(run.known), len(run.publication.catalogue.codes)
    said = run.say("selection_all", all=every)
    if run.missing:
        said = run.say("selection_some", n=known, all=every, codes=", ".join(run.missing))
    blocks: list[Block] = [Text(text=said), _definitions(run), *_notes(run), *_readings(run)]
    return Section(code="indikatorer", number="2", title=run.say("step_2"), blocks=tuple(blocks))


def _definitions(run: Run) -> Grid:
    head: Texts = [
        run.say("indicator"),
        words_cell(run.say("numerator")),
        words_cell(run.say("denominator")),
        words_cell(run.say("good")),
        words_cell(run.say("in_run")),
    ]
    rows = [_definition(run, indicator) for indicator in run.publication.catalogue.indicators]
    return grid("definitioner", run.say("definitions_caption"), head, rows)


def _definition(run: Run, indicator: Indicator) -> Row:
    title = indicator.title(run.publication.lang)
    return Row(
        cells=(
            words_cell(f"{indicator.code} {title}", note=indicator.source),
            words_cell(indicator.numerator),
            words_cell(indicator.denominator),
            short_cell(run.say(f"good_{indicator.direction}")),
            short_cell(run.say("yes" if indicator.code in run.known else "in_run_no")),
        ),
        look="" if indicator.code in run.known else "faint",
    )


def _notes(run: Run) -> list[Block]:
    told = [each for each in run.publication.catalogue.indicators if each.notes]
    if not told:
        return []
    items = tuple((run.indicator(each.code), tuple(each.notes)) for each in told)
    return [Heading(text=run.say("notes_heading")), Terms(items=items, look="notes")]


def _readings(run: Run) -> list[Block]:
    own = run.publication
    decided = [
        run.say("reading_decided", indicator=run.indicator(code), reading=reading)
        for code, reading in names_said(run, "readings").items()
        if code in own.catalogue.codes
    ]
    assumed = []
    for indicator in own.catalogue.open_questions():
        if indicator.question is None:
            continue
        asked = (indicator.question.text_en if own.lang == "en" else "") or indicator.question.text
        assumed.append(
            run.say(
                "reading_assumed",
                indicator=run.indicator(indicator.code),
                text=asked,
                assumed=indicator.question.assumed,
                good=run.say(f"good_{indicator.direction}"),
            )
        )
    said = (*decided, *assumed) or (run.say("reading_none"),)
    return [Heading(text=run.say("readings_heading")), Points(items=said)]


def gaps(run: Run) -> Section:
    """Return step 3: what is missing, what is hidden, and what was done about it."""
    items = [run.say("gaps_never"), *_counted(run), *_protection(run), *_carried(run)]
    blocks: list[Block] = [Text(text=_rule(run)), Points(items=tuple(items))]
    without = [code for code in run.codes if code not in run.with_index]
    if without and run.with_index:
        said = run.say("gaps_without", list=run.areas(without), period=run.period)
        blocks.append(Text(text=said))
    blocks.append(Text(text=run.say("gaps_see"), look="note"))
    return Section(code="saknas", number="3", title=run.say("step_3"), blocks=tuple(blocks))


def _rule(run: Run) -> str:
    if run.said("definition", "index") is None:
        return run.say("gaps_rule_unknown")
    indicators, dimensions = (
        count_said(run, name) for name in ("minimum_indicators", "minimum_dimensions")
    )
    if indicators is None and dimensions is None:
        return run.say("gaps_rule_strict")
    every = run.say("every")
    return run.say(
        "gaps_rule_fewer",
        indicators=every if indicators is None else indicators,
        dimensions=every if dimensions is None else dimensions,
    )


def _counted(run: Run) -> list[str]:
    """Count the cells of areas, indicators and periods by what is to be said of them."""
    seen = run.observed()
    seen = seen[(seen["area"] != CITY) & seen["indicator"].isin(run.publication.catalogue.codes)]
    every = len(run.codes) * len(run.publication.catalogue.codes) * len(run.publication.periods)
    found = dict.fromkeys(("ok", *STATUSES[1:]), 0)
    for status in seen["status"]:
        parts = set(str(status).split("+")) - {"synthetic", "ok"}
        for part in parts or {"ok"}:
            found[part] += 1
    found["missing"] += every - len(seen)
    known = every - found["missing"] - found["hidden"]
    said = [run.say("gaps_cells", n=run.count(known), all=run.count(every))]
    told = [
        run.say(f"gaps_{part}", n=run.count(found[part]))
        for part in ("ok", "approximate", "stale", "partial", "missing", "hidden")
        if found[part]
    ]
    return [f"{said[0]} {run.say('gaps_parts', list=run.listed(told))}"] if told else said


def _protection(run: Run) -> list[str]:
    threshold = run.said("definition", "protection", "threshold")
    base = run.said("definition", "protection", "base")
    if threshold is None or base is None:
        return [run.say("protection_unknown")]
    sources = run.said_list("config", "source")
    exempt = [str(s["name"]) for s in sources if s.get("protected_by") and s.get("name")]
    ground = [str(s["name"]) for s in sources if _is_ground(s)]
    ours = [str(s["name"]) for s in sources if s.get("name") not in {None, *exempt, *ground}]
    said = []
    if ours:
        said.append(
            run.say("protection_ours", threshold=threshold, base=base, list=run.listed(ours))
        )
    if exempt:
        said.append(run.say("protection_theirs", list=run.listed(exempt)))
    if ground:
        said.append(run.say("protection_ground", list=run.listed(ground)))
    return said


def _is_ground(source: Mapping[str, object]) -> bool:
    """Tell whether square metres are counted: nobody needs protection."""
    weighs = at(source, "raster", "weights") is not None
    return source.get("kind") == "raster" and not source.get("protected_by") and not weighs


def _carried(run: Run) -> list[str]:
    codes = [
        code
        for code in run.known
        if any("stale" in str(cell["status"]).split("+") for cell in run.cells[code].values())
    ]
    if not codes:
        return [run.say("carried_none")]
    return [run.say("carried", list=run.listed([run.indicator(code) for code in codes]))]

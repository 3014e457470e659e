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
from geolyft.export.report.method import defined_count, defined_names
from geolyft.export.report.phrases import at, recorded, recorded_list, say
from geolyft.frames import CITY, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader
    from geolyft.indicators.catalogue import Indicator


def framework(reader: Reader) -> Section:
    """Return step 1: what the index is meant to show."""
    publication = reader.publication
    name = publication.catalogue.index.title(publication.lang)
    n, every = len(publication.catalogue.dimensions), len(publication.catalogue.codes)
    blocks: list[Block] = [
        Text(text=say(reader, "theory_about", name=name, n=n, all=every)),
        _dimensions(reader),
        Text(text=_catalogue(reader)),
        Points(
            items=(
                say(reader, "theory_share"),
                say(reader, "theory_areas"),
                say(reader, "theory_untested"),
            )
        ),
    ]
    return Section(code="teori", number="1", title=say(reader, "step_1"), blocks=tuple(blocks))


def _catalogue(reader: Reader) -> str:
    definition = recorded(reader, "definition", "index")
    if not isinstance(definition, dict):
        return say(reader, "catalogue_unknown")
    file = definition.get("catalogue")
    return say(reader, "catalogue_own", file=file) if file else say(reader, "catalogue_shipped")


def _dimensions(reader: Reader) -> Grid:
    publication = reader.publication
    weights = publication.catalogue.weights()
    rows: list[Texts] = []
    for dimension in publication.catalogue.dimensions:
        indicators = publication.catalogue.of(dimension.code)
        names = reader.words.listed([reader.indicator(each.code) for each in indicators])
        weight = float(sum(weights[each.code] for each in indicators))
        rows.append(
            [
                dimension.title(publication.lang),
                words_cell(names),
                reader.percent(weight, decimals=1),
            ]
        )
    head: Texts = [
        say(reader, "dimension"),
        words_cell(reader.words.say("page.indicators")),
        say(reader, "weight"),
    ]
    return grid("dimensioner", say(reader, "dimensions_caption"), head, rows)


def selection(reader: Reader) -> Section:
    """Return step 2: the indicators, what they count and how they are read."""
    known, every = len(reader.known), len(reader.publication.catalogue.codes)
    said = say(reader, "selection_all", all=every)
    if reader.missing:
        said = say(reader, "selection_some", n=known, all=every, codes=", ".join(reader.missing))
    blocks: list[Block] = [
        Text(text=said),
        _definitions(reader),
        *_notes(reader),
        *_readings(reader),
    ]
    return Section(
        code="indikatorer", number="2", title=say(reader, "step_2"), blocks=tuple(blocks)
    )


def _definitions(reader: Reader) -> Grid:
    head: Texts = [
        say(reader, "indicator"),
        words_cell(say(reader, "numerator")),
        words_cell(say(reader, "denominator")),
        words_cell(say(reader, "good")),
        words_cell(say(reader, "in_run")),
    ]
    rows = [_definition(reader, indicator) for indicator in reader.publication.catalogue.indicators]
    return grid("definitioner", say(reader, "definitions_caption"), head, rows)


def _definition(reader: Reader, indicator: Indicator) -> Row:
    title = indicator.title(reader.publication.lang)
    return Row(
        cells=(
            words_cell(f"{indicator.code} {title}", note=indicator.source),
            words_cell(indicator.numerator),
            words_cell(indicator.denominator),
            short_cell(say(reader, f"good_{indicator.direction}")),
            short_cell(say(reader, "yes" if indicator.code in reader.known else "in_run_no")),
        ),
        look="" if indicator.code in reader.known else "faint",
    )


def _notes(reader: Reader) -> list[Block]:
    told = [each for each in reader.publication.catalogue.indicators if each.notes]
    if not told:
        return []
    items = tuple((reader.indicator(each.code), tuple(each.notes)) for each in told)
    return [Heading(text=say(reader, "notes_heading")), Terms(items=items, look="notes")]


def _readings(reader: Reader) -> list[Block]:
    publication = reader.publication
    decided = [
        say(reader, "reading_decided", indicator=reader.indicator(code), reading=reading)
        for code, reading in defined_names(reader, "readings").items()
        if code in publication.catalogue.codes
    ]
    assumed = []
    for indicator in publication.catalogue.open_questions():
        if indicator.question is None:
            continue
        asked = (
            indicator.question.text_en if publication.lang == "en" else ""
        ) or indicator.question.text
        assumed.append(
            say(
                reader,
                "reading_assumed",
                indicator=reader.indicator(indicator.code),
                text=asked,
                assumed=indicator.question.assumed,
                good=say(reader, f"good_{indicator.direction}"),
            )
        )
    said = (*decided, *assumed) or (say(reader, "reading_none"),)
    return [Heading(text=say(reader, "readings_heading")), Points(items=said)]


def gaps(reader: Reader) -> Section:
    """Return step 3: what is missing, what is hidden, and what was done about it."""
    items = [say(reader, "gaps_never"), *_counted(reader), *_protection(reader), *_carried(reader)]
    blocks: list[Block] = [Text(text=_rule(reader)), Points(items=tuple(items))]
    without = [code for code in reader.codes if code not in reader.with_index]
    if without and reader.with_index:
        said = say(reader, "gaps_without", list=reader.areas(without), period=reader.period)
        blocks.append(Text(text=said))
    blocks.append(Text(text=say(reader, "gaps_see"), look="note"))
    return Section(code="saknas", number="3", title=say(reader, "step_3"), blocks=tuple(blocks))


def _rule(reader: Reader) -> str:
    if recorded(reader, "definition", "index") is None:
        return say(reader, "gaps_rule_unknown")
    indicators, dimensions = (
        defined_count(reader, name) for name in ("minimum_indicators", "minimum_dimensions")
    )
    if indicators is None and dimensions is None:
        return say(reader, "gaps_rule_strict")
    every = say(reader, "every")
    return say(
        reader,
        "gaps_rule_fewer",
        indicators=every if indicators is None else indicators,
        dimensions=every if dimensions is None else dimensions,
    )


def _counted(reader: Reader) -> list[str]:
    """Count the cells of areas, indicators and periods by what is to be said of them."""
    seen = reader.observed()
    seen = seen[(seen["area"] != CITY) & seen["indicator"].isin(reader.publication.catalogue.codes)]
    every = (
        len(reader.codes)
        * len(reader.publication.catalogue.codes)
        * len(reader.publication.periods)
    )
    found = dict.fromkeys(("ok", *STATUSES[1:]), 0)
    for status in seen["status"]:
        parts = set(str(status).split("+")) - {"synthetic", "ok"}
        for part in parts or {"ok"}:
            found[part] += 1
    found["missing"] += every - len(seen)
    known = every - found["missing"] - found["hidden"]
    said = [say(reader, "gaps_cells", n=reader.count(known), all=reader.count(every))]
    told = [
        say(reader, f"gaps_{part}", n=reader.count(found[part]))
        for part in ("ok", "approximate", "stale", "partial", "missing", "hidden")
        if found[part]
    ]
    return (
        [f"{said[0]} {say(reader, 'gaps_parts', list=reader.words.listed(told))}"] if told else said
    )


def _protection(reader: Reader) -> list[str]:
    threshold = recorded(reader, "definition", "protection", "threshold")
    base = recorded(reader, "definition", "protection", "base")
    if threshold is None or base is None:
        return [say(reader, "protection_unknown")]
    sources = recorded_list(reader, "config", "source")
    exempt = [str(s["name"]) for s in sources if s.get("protected_by") and s.get("name")]
    ground = [str(s["name"]) for s in sources if _is_ground(s)]
    ours = [str(s["name"]) for s in sources if s.get("name") not in {None, *exempt, *ground}]
    said = []
    if ours:
        said.append(
            say(
                reader,
                "protection_ours",
                threshold=threshold,
                base=base,
                list=reader.words.listed(ours),
            )
        )
    if exempt:
        said.append(say(reader, "protection_theirs", list=reader.words.listed(exempt)))
    if ground:
        said.append(say(reader, "protection_ground", list=reader.words.listed(ground)))
    return said


def _is_ground(source: Mapping[str, object]) -> bool:
    """Tell whether square metres are counted: nobody needs protection."""
    weighs = at(source, "raster", "weights") is not None
    return source.get("kind") == "raster" and not source.get("protected_by") and not weighs


def _carried(reader: Reader) -> list[str]:
    codes = [
        code
        for code in reader.known
        if any("stale" in str(cell["status"]).split("+") for cell in reader.latest(code))
    ]
    if not codes:
        return [say(reader, "carried_none")]
    return [
        say(reader, "carried", list=reader.words.listed([reader.indicator(code) for code in codes]))
    ]

"""Steps 1 to 3 of the handbook: what is measured, with which indicators, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.report.blocks import (
    Block,
    Cell,
    Grid,
    Points,
    Section,
    Terms,
    Text,
    short_cell,
    words_cell,
)
from geolyft.export.report.method import defined_count, defined_names
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    at,
    count_statuses,
    heading,
    paragraph,
    recorded,
    recorded_list,
    say,
    say_number,
    step,
    table,
    with_status,
)
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader
    from geolyft.indicators.catalogue import Dimension, Indicator


def framework(reader: Reader) -> Section:
    """Return step 1: what the index is meant to show."""
    publication = reader.publication
    catalogue = publication.catalogue
    name = catalogue.index.title(publication.lang)
    n, every = len(catalogue.dimensions), len(catalogue.codes)
    blocks: list[Block] = [
        paragraph(reader, "theory_about", name=name, n=n, all=every),
        _dimensions(reader),
        Text(_catalogue(reader)),
        Points([say(reader, f"theory_{what}") for what in ("share", "areas", "untested")]),
    ]
    return step(reader, 1, "teori", blocks)


def _catalogue(reader: Reader) -> str:
    definition = recorded(reader, "definition", "index")
    if not isinstance(definition, dict):
        return say(reader, "catalogue_unknown")
    file = definition.get("catalogue")
    return say(reader, "catalogue_own", file=file) if file else say(reader, "catalogue_shipped")


def _dimensions(reader: Reader) -> Grid:
    catalogue, lang = reader.publication.catalogue, reader.publication.lang
    weights = catalogue.weights()

    def weight(dimension: Dimension) -> str:
        parts = (weights[each.code] for each in catalogue.of(dimension.code))
        return reader.percent(float(sum(parts)), decimals=1)

    def indicators(dimension: Dimension) -> str:
        return reader.words.listed([reader.indicator(e.code) for e in catalogue.of(dimension.code)])

    columns: Columns = {
        "dimension": lambda dimension: dimension.title(lang),
        "page.indicators": InWords(indicators),
        "weight": weight,
    }
    return table(reader, "dimensioner", "dimensions", columns, catalogue.dimensions)


def selection(reader: Reader) -> Section:
    """Return step 2: the indicators, what they count and how they are read."""
    known, every = len(reader.known), len(reader.publication.catalogue.codes)
    key = "selection_some" if reader.missing else "selection_all"
    about = paragraph(reader, key, n=known, all=every, codes=", ".join(reader.missing))
    blocks = [about, _definitions(reader), *_notes(reader), *_readings(reader)]
    return step(reader, 2, "indikatorer", blocks)


def _definitions(reader: Reader) -> Grid:
    known, lang = reader.known, reader.publication.lang

    def is_known(indicator: Indicator) -> Cell:
        return short_cell(say(reader, "yes" if indicator.code in known else "in_run_no"))

    def look(indicator: Indicator) -> str:
        return "" if indicator.code in known else "faint"

    columns: Columns = {
        "indicator": lambda each: words_cell(f"{each.code} {each.title(lang)}", note=each.source),
        "numerator": InWords(lambda each: each.numerator),
        "denominator": InWords(lambda each: each.denominator),
        "good": InWords(lambda each: short_cell(say(reader, f"good_{each.direction}"))),
        "in_run": InWords(is_known),
    }
    rows = reader.publication.catalogue.indicators
    return table(reader, "definitioner", "definitions", columns, rows, row_look=look)


def _notes(reader: Reader) -> list[Block]:
    noted = [each for each in reader.publication.catalogue.indicators if each.notes]
    if not noted:
        return []
    items = [(reader.indicator(each.code), each.notes) for each in noted]
    return [heading(reader, "notes_heading"), Terms(items, "notes")]


def _readings(reader: Reader) -> list[Block]:
    publication = reader.publication
    readings = [
        say(reader, "reading_decided", indicator=reader.indicator(code), reading=reading)
        for code, reading in defined_names(reader, "readings").items()
        if code in publication.catalogue.codes
    ]
    for indicator in publication.catalogue.open_questions():
        question = indicator.question
        if question is not None:
            parts = {
                "indicator": reader.indicator(indicator.code),
                "text": (question.text_en if publication.lang == "en" else "") or question.text,
                "assumed": question.assumed,
                "good": say(reader, f"good_{indicator.direction}"),
            }
            readings.append(say(reader, "reading_assumed", **parts))
    return [heading(reader, "readings_heading"), Points(readings or [say(reader, "reading_none")])]


def gaps(reader: Reader) -> Section:
    """Return step 3: what is missing, what is hidden, and what was done about it."""
    items = [say(reader, "gaps_never"), _counted(reader), *_protection(reader), _carried(reader)]
    blocks: list[Block] = [Text(_rule(reader)), Points(items)]
    without = [code for code in reader.codes if code not in reader.with_index]
    if without and reader.with_index:
        areas = reader.areas(without)
        blocks.append(paragraph(reader, "gaps_without", list=areas, period=reader.period))
    blocks.append(paragraph(reader, "gaps_see", look="note"))
    return step(reader, 3, "saknas", blocks)


def _rule(reader: Reader) -> str:
    if recorded(reader, "definition", "index") is None:
        return say(reader, "gaps_rule_unknown")
    names = ("indicators", "dimensions")
    fewest = {name: defined_count(reader, f"minimum_{name}") for name in names}
    if set(fewest.values()) == {None}:
        return say(reader, "gaps_rule_strict")
    every = say(reader, "every")
    parts = {name: every if count is None else count for name, count in fewest.items()}
    return say(reader, "gaps_rule_fewer", **parts)


def _counted(reader: Reader) -> str:
    """Count the cells of areas, indicators and periods by what is to be said of them."""
    rows, codes = reader.observed(), reader.publication.catalogue.codes
    rows = rows[(rows["area"] != CITY) & rows["indicator"].isin(codes)]
    every = len(reader.codes) * len(codes) * len(reader.publication.periods)
    counts = count_statuses(map(str, rows["status"]))
    counts["missing"] += every - len(rows)
    known = every - counts["missing"] - counts["hidden"]
    whole = say(reader, "gaps_cells", n=reader.count(known), all=reader.count(every))
    parts = [
        say_number(reader, f"gaps_{part}", counts[part])
        for part in ("ok", "approximate", "stale", "partial", "missing", "hidden")
        if counts[part]
    ]
    if not parts:
        return whole
    return f"{whole} {say(reader, 'gaps_parts', list=reader.words.listed(parts))}"


def _protection(reader: Reader) -> list[str]:
    threshold = recorded(reader, "definition", "protection", "threshold")
    base = recorded(reader, "definition", "protection", "base")
    if threshold is None or base is None:
        return [say(reader, "protection_unknown")]
    sources = recorded_list(reader, "config", "source")
    exempt = [str(s["name"]) for s in sources if s.get("protected_by") and s.get("name")]
    ground = [str(s["name"]) for s in sources if _is_ground(s)]
    ours = [str(s["name"]) for s in sources if s.get("name") not in {None, *exempt, *ground}]
    return [
        say(
            reader,
            f"protection_{who}",
            threshold=threshold,
            base=base,
            list=reader.words.listed(names),
        )
        for who, names in (("ours", ours), ("theirs", exempt), ("ground", ground))
        if names
    ]


def _is_ground(source: Mapping[str, object]) -> bool:
    """Tell whether square metres are counted: nobody needs protection."""
    weighs = at(source, "raster", "weights") is not None
    return source.get("kind") == "raster" and not source.get("protected_by") and not weighs


def _carried(reader: Reader) -> str:
    codes = with_status(reader, "stale")
    names = reader.words.listed([reader.indicator(code) for code in codes])
    return say(reader, "carried" if codes else "carried_none", list=names)

"""The page of the city and of each area: ``lagesbild.html`` and ``lagesbild/CODE.html``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from geolyft.action.events.linked import NONE_LINKED
from geolyft.action.events.page.sections import analysis, follow_up, measures, other, survey
from geolyft.action.events.page.told import CODE, Told
from geolyft.export.figures.stems import file_stems
from geolyft.export.html.page import render
from geolyft.export.report.blocks import Cell, grid, words_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Section, Texts

PAGE: Final = "lagesbild.html"
_STYLES: Final = ("html/sida.css", "report/rapport.css")
_CHANCE: Final = 0.05


def overview_page(publication: Publication) -> str:
    """Return the page of all areas; it works without a script and asks for nothing."""
    told = Told(publication)
    return _rendered(told, PAGE, told.say, [_areas(told), _near(told), _law(told)])


def area_pages(publication: Publication) -> Mapping[str, str]:
    """Return the page of each area by its name in the delivery."""
    told = Told(publication)
    stems = file_stems(told.reader.codes)
    return {f"{CODE}/{stems[area]}.html": _page(told, area, stems[area])
            for area in told.reader.codes}  # fmt: skip


def _page(told: Told, area: str, stem: str) -> str:
    parts = [survey, other, analysis, measures, follow_up]
    say = functools.partial(_say_of_area, told, area)
    return _rendered(told, f"{CODE}/{stem}.html", say, [part(told, area) for part in parts])


def _say_of_area(told: Told, area: str, key: str, **parts: object) -> str:
    own = {"title": "area_title", "kicker": "area_kicker"}
    return told.say(own.get(key, key), **parts, area=told.reader.area(area))


def _rendered(told: Told, page: str, say: object, sections: list[Section]) -> str:
    def said(key: str, **parts: object) -> str:
        return say(key, **{"period": told.period, **parts})  # type: ignore[operator, no-any-return]

    return render(
        "report/rapport.html",
        told.reader,
        _STYLES,
        page=page,
        say=said,
        sections=sections,
        periods=told.period,
    )


def _areas(told: Told) -> Section:
    stems = file_stems(told.reader.codes)
    head = told.heads("area", "count", "rate", "change", "unmet", words=("change", "unmet"))
    state = told.words_of("lage")
    rows: list[Texts] = []
    for area in told.reader.codes:
        whole = told.of_all(area)
        unmet = [str(row["typ"]) for row in told.problems(area)
                 if state.get(str(row["lage"]), row["lage"]) == NONE_LINKED]  # fmt: skip
        link = Cell(text=told.reader.area(area), look="text", href=f"{CODE}/{stems[area]}.html")
        figures = [told.number(whole, "antal"), told.number(whole, "per_1000", 1)]
        words = str(whole["ord"]) if whole else ""
        rows.append([link, *figures, words_cell(words or "–"), words_cell(", ".join(unmet) or "–")])
    about = told.text("areas_about", period=told.period)
    return told.section("areas", [about, grid("omraden", told.say("areas_caption"), head, rows)])


def _near(told: Told) -> Section:
    rows = told.reader.rows("handelser_nara")
    shown = [row for row in rows if told.value(row, "par") is not None]
    if not shown:
        return told.section("near", [told.text("near_none", look="absent")])
    head = told.heads("problem", "pairs", "expected", "ratio", "p")
    cells: list[Texts] = [
        [
            str(row["typ"]),
            told.number(row, "par"),
            told.number(row, "vantat"),
            told.number(row, "kvot", 1),
            told.number(row, "p", 2),
        ]
        for row in shown
    ]
    table = grid("nara", told.say("near_caption"), head, cells)
    return told.section("near", [told.text("near_about"), table])


def _law(told: Told) -> Section:
    compared = [row for area in told.reader.codes for row in told.typed(area)
                if told.value(row, "p") is not None]  # fmt: skip
    blocks: list[Block] = [
        told.text("law_about"),
        told.text("law_cycle", days=told.settings.cycle_days),
    ]
    if compared:
        expected = told.reader.number(_CHANCE * len(compared), 1)
        blocks.append(told.text("law_many", n=len(compared), expected=expected))
    return told.section("law", blocks)

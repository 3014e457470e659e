"""A page for each plan: what can be seen, then what was, then the years behind it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from geolyft.action.effects import verdict
from geolyft.action.effects.page.boards import STYLES
from geolyft.action.effects.page.graph import graph
from geolyft.action.effects.page.told import Told
from geolyft.export.figures.cells import number_of
from geolyft.export.html.page import render
from geolyft.export.report.blocks import Terms, grid, words_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.cells import Record
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block, Section, Texts


def plan_pages(publication: Publication) -> Mapping[str, str]:
    """Return the page of each plan by its name in the delivery."""
    told = Told(publication)
    return {told.address(row): _page(told, row) for row in told.rows}


def _page(told: Told, row: Record) -> str:
    say = functools.partial(_say, told, row)
    return render(
        "report/rapport.html",
        told.reader,
        STYLES,
        page=told.address(row),
        say=say,
        sections=[
            *(_first(told, row), _result(told, row), _years(told, row), _more(told, row)),
        ],
        periods=", ".join(told.publication.periods),
    )


def _say(told: Told, row: Record, key: str, **parts: object) -> str:
    """Return what the head of the page says, of the plan rather than of the delivery."""
    plan = {
        "plan": row["plan"],
        "board": row["namnd"],
        "areas": told.areas(row["omraden"]),
        "what": told.what(row),
        "start": row["start"],
        "registered": told.registered(row),
    }
    own = {"title": "plan_title", "kicker": "plan_kicker", "about": "plan_about"}
    return told.say(own.get(key, key), **parts, **plan)


def _first(told: Told, row: Record) -> Section:
    """Return what the figures can show at all, before what they show."""
    unit = told.unit(row)
    if not told.is_computed(row):
        return told.section("first", [told.text("mde_none", look="absent", words=row["ord"])])
    parts = {"mde": told.number(row["mde"]), "smallest": told.number(row["minsta_effekt"])}
    blocks: list[Block] = [told.text("mde", unit=unit, **parts)]
    if told.verdict(row) == verdict.UNSEEN:
        blocks.append(told.text("unseen", look="care"))
    blocks.append(told.text("smallest_p", p=told.p(row["minsta_p"])))
    points = number_of(row["atergang"], 1)
    if points or (row["vald_lag"] and points is not None):
        signed = told.number(points, signed=True)
        blocks.append(told.text("return", points=signed, unit=unit))
    if row["vald_lag"]:
        blocks.append(told.text("return_low", years=row["ar_fore"]))
    return told.section("first", blocks)


def _result(told: Told, row: Record) -> Section:
    blocks: list[Block] = [told.text("result", sentence=told.sentence(row))]
    if told.is_computed(row):
        level = told.reader.number(row["niva"], 0)
        head: Texts = [told.say("col_way"), told.say("col_difference")]
        head += [told.say("col_limits", level=level), told.say("col_p")]
        rows: list[Texts] = [
            [
                told.say("way_others"),
                told.number(row["skillnad"], signed=True),
                told.limits(row),
                told.p(row["p"]),
            ],
            [
                words_cell(told.say("way_mix"), told.mix(row)),
                told.number(row["syntetisk"], signed=True),
                "",
                told.p(row["syntetisk_p"]),
            ],
        ]
        caption = told.say("result_caption", unit=told.unit(row))
        blocks.append(grid("resultat", caption, head, rows))
    if row["utelamnade"]:
        blocks.append(told.text("left_out", areas=told.areas(row["utelamnade"]), look="note"))
    return told.section("result", blocks)


def _years(told: Told, row: Record) -> Section:
    years, drawn = told.years(row), graph(told, row)
    if drawn is None:
        return told.section("graph", [told.text("mde_none", look="absent", words=row["ord"])])
    names = ("phase", "own", "others", "mix")
    head: Texts = [told.say("col_year"), words_cell(told.say("col_phase"))]
    head += [told.say(f"line_{name}") for name in names[1:]]
    rows: list[Texts] = [
        [
            str(year["ar"]),
            words_cell(str(year["fas"])),
            *(told.number(year[name]) for name in ("omraden", "ovriga", "syntetisk")),
        ]
        for year in years
    ]
    table = grid("ar", told.say("years_caption"), head, rows)
    return told.section("graph", [told.text("graph"), drawn, table])


def _more(told: Told, row: Record) -> Section:
    terms = {
        "id": f"{row['plan_id']}, {row['avtryck']}",
        "direction": str(row["riktning"]),
        "lag": told.say("years", n=row["fordrojning"]),
        "effort": str(row["insats_id"]),
    }
    items = [(told.say(f"term_{name}"), [text]) for name, text in terms.items() if text]
    return told.section("more", [Terms(items), told.text("how_cause", look="care")])

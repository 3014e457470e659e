"""What is not known, area by theme, and the gaps and overlaps among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.action.efforts.rules import CITYWIDE
from geolyft.action.needs.matrix import GAP, MET, NO_NEED, OVERLAP, UNKNOWN
from geolyft.export.report.blocks import Cell, Points, grid, row_of, words_cell
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from geolyft.action.page.told import Told
    from geolyft.export.figures.cells import Record
    from geolyft.export.report.blocks import Grid, Row, Section, Texts

SHORT: Final = {
    GAP: "gap", MET: "met", OVERLAP: "overlap", NO_NEED: "no_need", UNKNOWN: "unknown",
}  # fmt: skip
_LOOKS: Final = {GAP: "text strong", OVERLAP: "text seen"}


def unknown(told: Told) -> Section:
    """Return what the register does not say: it stands first."""
    first = told.rows("behov_insats")[0]
    counts = {
        "n": first["rader_utan_plats"], "all": first["rader"], "city": first["rader_hela_staden"],
    }  # fmt: skip
    points = [told.say(f"unknown_{each}", **counts) for each in ("place", "city", "none")]
    outside = [theme for theme in told.themes if not told.is_measured(theme)]
    if outside:
        rows = {row["rad_id"] for row in told.efforts if set(_themes(row)) & set(outside)}
        named = told.reader.words.listed(outside)
        points.append(told.say("unknown_outside", n=len(rows), themes=named))
    return told.section("unknown", [Points(points, "lead")])


def _themes(row: Record) -> list[str]:
    return str(row["teman"]).split(f"{BETWEEN} ")


def matrix(told: Told) -> Section:
    """Return area by theme, with what is citywide and what has no known place below."""
    themes = told.themes
    head: Texts = [told.say("col_area"), *(words_cell(told.named(theme)) for theme in themes)]
    rows = [
        row_of(
            [told.reader.area(area), *(_cell(told, area, each) for each in told.themes)], look=""
        )
        for area in told.reader.codes
    ]
    rows += [_nowhere(told, citywide=True), _nowhere(told, citywide=False)]
    table = grid("matris", told.say("matrix_caption"), head, rows, look="matrix")
    legend = Points([told.say(f"legend_{name}") for name in SHORT.values()], "notes")
    return told.section("matrix", [told.text("matrix_about"), table, legend])


def _cell(told: Told, area: str, theme: str) -> Cell:
    cell = told.cells[area, theme]
    state = str(cell["state"])
    note = [told.say("known_efforts", n=cell["insatser"])] if cell["insatser"] else []
    if state != UNKNOWN:
        note.append(told.say("ways", share=told.percent(cell["behov"])))
    text = told.say(f"state_{SHORT[state]}")
    return Cell(text=text, note=", ".join(note), look=_LOOKS.get(state, "text"))


def _nowhere(told: Told, *, citywide: bool) -> Row:
    """Return how many shares of rows are citywide, or have no known place, theme by theme."""
    sums = dict.fromkeys(told.themes, 0.0)
    for row in told.efforts:
        if not told.area_of(row) and (row["plats_sakerhet"] == CITYWIDE) == citywide:
            for theme in set(_themes(row)) & set(sums):
                sums[theme] += float(str(row["andel"]))
    name = told.say("row_citywide" if citywide else "row_nowhere")
    counts = [words_cell(told.say("row_rows", n=told.shares(n))) for n in sums.values()]
    return row_of([name, *counts], look="total")


def gaps(told: Told) -> Section:
    """Return needs that no effort with a known place meets."""
    cells = _in(told, GAP)
    if not cells:
        return told.section("gaps", [told.text("gaps_none", look="absent")])
    return told.section("gaps", [told.text("gaps_about"), _listed(told, "luckor", cells)])


def overlaps(told: Told) -> Section:
    """Return where two boards may meet the same group at the same time."""
    cells = _in(told, OVERLAP)
    if not cells:
        return told.section("overlaps", [told.text("overlaps_none", look="absent")])
    about = told.text("overlaps_about")
    return told.section("overlaps", [about, _listed(told, "overlapp", cells, which=True)])


def _in(told: Told, state: str) -> list[Record]:
    return [
        told.cells[area, theme]
        for theme in told.themes
        for area in told.reader.codes
        if told.cells[area, theme]["state"] == state
    ]


def _listed(told: Told, code: str, cells: list[Record], *, which: bool = False) -> Grid:
    last = "which" if which else "nowhere"
    head = told.heads("theme", "area", "ways", last, words=("area", "which"))
    without = {theme: _without_place(told, theme) for theme in told.themes}
    rows: list[Texts] = [
        [
            told.named(str(cell["tema"])),
            words_cell(told.reader.area(str(cell["area"]))),
            told.percent(cell["behov"]),
            words_cell(str(cell["vilka"])) if which else str(without[str(cell["tema"])]),
        ]
        for cell in cells
    ]
    return grid(code, told.say(f"{code}_caption"), head, rows)


def _without_place(told: Told, theme: str) -> int:
    """Return how many rows of a theme are not known to be anywhere: one of them may fill a gap."""
    rows = (row for row in told.efforts if not told.area_of(row) and theme in _themes(row))
    return len({row["rad_id"] for row in rows if row["plats_sakerhet"] != CITYWIDE})

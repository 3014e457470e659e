"""What a perspective says: whom it is of, where, what is known, and what is not.

Every perspective has the same parts. What nobody has told is said to be missing, never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from geolyft.export.figures.cells import float_of, number_of
from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import Heading, Points, Section, Text, grid, row_of, words_cell
from geolyft.export.report.phrases import span, truth
from geolyft.frames import CITY
from geolyft.indicators.lens import CHILD_LENS, EQUALITY, RIGHTS, Ground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geolyft.export.figures.cells import Record
    from geolyft.export.perspective.told import Told
    from geolyft.export.report.blocks import Block, Texts
    from geolyft.indicators.lens import Lens

_NEARLY_ALL: Final = 0.9
"""The share of a group that has to live where there is a figure, for a mean to be told of it."""
GAP: Final = ("behov, ingen insats med känd plats", "need, no effort with a known place")


def perspective(told: Told, lens: Lens) -> Section:
    """Return one perspective on the template that all of them share."""
    blocks = [
        *_part(told, "who", _who(told, lens)),
        *_part(told, "known", _KNOWN.get(lens.name, _known)(told, lens)),
        *_part(told, "efforts", _efforts(told, lens)),
        *_part(told, "unknown", [Points([*_unknown(told, lens)], "notes")]),
        *_part(told, "heard", [_said(told, lens.heard, "heard", lens)]),
        *_part(told, "alternatives", [_said(told, lens.alternatives, "alternatives", lens)]),
        *_part(told, "follow_up", [_said(told, str(lens.follow_up or ""), "follow_up", lens)]),
    ]
    return Section(code=lens.name, title=lens.label, blocks=tuple(blocks))


def _part(told: Told, key: str, blocks: list[Block]) -> list[Block]:
    return [Heading(told.say(f"{key}_title")), *blocks]


def _said(told: Told, text: str, key: str, lens: Lens) -> Text:
    """Return what somebody has written, or that nobody has."""
    if text:
        return Text(text)
    nobody = "none" if lens.counts_some or key != "heard" else "nobody"
    return told.text(f"{key}_{nobody}", look="absent", label=lens.label)


def _who(told: Told, lens: Lens) -> list[Block]:
    """Return how many they are and where they live, or that they are everyone."""
    if not lens.counts_some:
        return [told.text(f"who_{lens.name}")]
    rows = {str(row["area"]): row for row in told.rows("linser", lens)}
    order = [*told.reader.codes, CITY]
    body = [
        row_of(
            [
                told.reader.area(code),
                told.reader.count(rows[code]["antal"]),
                told.percent(rows[code]["andel"]),
                told.percent(rows[code]["av_staden"]),
            ],
            look="total" if code == CITY else "",
        )
        for code in order
        if code in rows
    ]
    head = told.heads("area", "count", "share", "of_city")
    caption = told.say("who_caption", label=lens.label, period=told.reader.period)
    return [told.text("who_about"), grid(f"var-{lens.name}", caption, head, body)]


def _known(told: Told, lens: Lens) -> list[Block]:
    """Return how they are placed in the index, beside all residents; it counts none of them."""
    rows: list[Texts] = [
        [
            told.named(str(row["what"])),
            *(
                told.reader.number(row[name], signed=name == "difference") if covers(row) else NONE
                for name in ("lens_mean", "population_mean", "difference")
            ),
            told.percent(100 * (float_of(row["coverage"]) or 0.0)),
        ]
        for row in told.rows("lins_stad", lens)
    ]
    if not rows:
        return [told.text("known_none", look="absent")]
    head = told.heads("theme", "lens_mean", "population_mean", "difference", "coverage")
    caption = told.say("known_caption", label=lens.label, period=told.reader.period)
    return [told.text("known_about"), grid(f"kant-{lens.name}", caption, head, rows)]


def covers(row: Record) -> bool:
    """Say whether a mean rests on nearly all of them: one of some areas is not of the city."""
    return (float_of(row["coverage"]) or 0.0) >= _NEARLY_ALL


def _of_sexes(told: Told, lens: Lens) -> list[Block]:
    """Return women's and men's shares in the city, and in how many areas they surely differ."""
    of_city = {str(row["indicator"]): row for row in told.gaps if row["area"] == CITY}
    if not of_city:
        return [told.text("known_none", look="absent")]
    sure: dict[str, int] = {}
    for row in told.gaps:
        if row["area"] != CITY and truth(row["exceeds"]):
            sure[str(row["indicator"])] = sure.get(str(row["indicator"]), 0) + 1
    rows: list[Texts] = [
        [
            told.reader.indicator(code),
            told.percent(row["first"]),
            told.percent(row["second"]),
            words_cell(
                told.reader.number(row["gap"], signed=True),
                span(told.reader, row["low"], row["high"]),
            ),
            str(sure.get(code, 0)),
        ]
        for code, row in sorted(of_city.items(), key=lambda item: told.codes.index(item[0]))
    ]
    head = told.heads("indicator", "women", "men", "gap", "areas_apart", words=("gap",))
    caption = told.say("sexes_caption", period=told.reader.period)
    return [told.text("sexes_about"), grid(f"kant-{lens.name}", caption, head, rows)]


def _of_rights(told: Told, _lens: Lens) -> list[Block]:
    """Return which grounds of discrimination some figure tells of, and which none does."""
    known = {each.ground for each in told.lenses} | ({"kon"} if told.gaps else set())
    rows: list[Texts] = [
        [
            told.say(f"ground_{ground}"),
            words_cell(told.say("is_known" if ground in known else "missing")),
        ]
        for ground in get_args(Ground)
    ]
    head = told.heads("ground", "told", words=("told",))
    table = grid("grunder", told.say("rights_caption"), head, rows)
    return [told.text("rights_about"), table]


_KNOWN: Final[dict[str, Callable[[Told, Lens], list[Block]]]] = {
    EQUALITY.name: _of_sexes,
    RIGHTS.name: _of_rights,
}


def _efforts(told: Told, lens: Lens) -> list[Block]:
    """Return where they have a need and no effort of theirs with a known place."""
    cells = [row for row in told.rows("behov_lins", lens) if row["tema"] in told.reader.whats]
    if not cells:
        return [told.text("efforts_unknown", look="absent")]
    open_cells = [row for row in cells if row["lage"] in GAP]
    if not open_cells:
        return [told.text("efforts_none", look="absent")]
    head = told.heads("area", "theme", "count", "for_all", words=("theme",))
    caption = told.say("efforts_caption", label=lens.label)
    groups = told.reader.words.listed([f"”{each}”" for each in lens.target_groups])
    return [
        told.text("efforts_about", groups=groups),
        grid(f"luckor-{lens.name}", caption, head, [_open(told, row) for row in open_cells]),
    ]


def _open(told: Told, row: Record) -> Texts:
    return [
        told.reader.area(str(row["area"])),
        words_cell(told.named(str(row["tema"]))),
        told.reader.count(row["antal"]),
        told.reader.count(row["insatser_alla"]),
    ]


def _unknown(told: Told, lens: Lens) -> Iterator[str]:
    """Yield what nobody has told of them."""
    if lens.counts_some:
        unseen = [
            told.reader.area(str(row["area"]))
            for row in told.rows("linser", lens)
            if number_of(row["antal"], 0) is None
        ]
        if unseen:
            yield told.say("unknown_areas", areas=told.reader.words.listed(unseen))
        own = told.of_children if lens.name == CHILD_LENS.name else []
        yield told.say("unknown_own_but" if own else "unknown_own", list=told.listed(own))
        if not lens.target_groups:
            yield told.say("unknown_groups")
    if lens.name == EQUALITY.name:
        known = {str(r["indicator"]) for r in told.gaps if float_of(r["gap"]) is not None}
        missing = [code for code in told.codes if code not in known]
        if missing:
            yield told.say("unknown_sexes", list=told.listed(missing))
        yield told.say("unknown_efforts_sexes")
    if lens.name == RIGHTS.name:
        yield told.say("unknown_rights")

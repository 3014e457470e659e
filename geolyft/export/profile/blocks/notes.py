"""What a reader of one area's figures has to know: only what applies to that area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import float_of, statuses_of
from geolyft.export.figures.schemes import CHANGE
from geolyft.export.profile.figures import Block
from geolyft.export.profile.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.figures.reader import Reader
    from geolyft.export.publication import SourceNote

SMALL_BASE: Final = 500
"""Below this, half of a 95 % interval around one half is more than four percentage points."""


def notes_of(reader: Reader, area: str) -> list[Block]:
    """Return the notes on the indicators that an area has, or that are hidden in it."""
    notes = [
        Block(
            code=indicator.code,
            label=reader.label(indicator.code),
            here=list(_here(reader, indicator.code, area)),
            always=() if reader.value(indicator.code, area) is None else indicator.notes,
        )
        for indicator in reader.publication.catalogue.indicators
    ]
    return [note for note in notes if note.here or note.always]


def _here(reader: Reader, code: str, area: str) -> Iterator[str]:
    cell = reader.cell(code, area)
    status = statuses_of(cell)
    if "hidden" in status:
        yield say(reader, "note_hidden")
    if reader.value(code, area) is None:
        return
    if "stale" in status:
        yield say(reader, "note_stale", year=cell.get("reference", ""))
    for part in ("approximate", "partial"):
        if part in status:
            yield say(reader, f"note_{part}")
    base = float_of(cell.get("denominator"))
    if base is not None and base < SMALL_BASE:
        yield say(reader, "note_small", count=reader.words.count(base))
    yield from _broken(reader, code, area)
    question = reader.publication.catalogue[code].question
    if question is not None:
        text = (question.text_en if reader.publication.lang == "en" else "") or question.text
        yield say(reader, "note_question", text=text, assumed=question.assumed)


def _broken(reader: Reader, code: str, area: str) -> Iterator[str]:
    """Say what keeps an indicator from being compared over time, where it is a break."""
    for row in reader.rows(CHANGE, area=area, what=code):
        if row["reason"] in ("break", "noise"):
            parts = {name: str(row[name]) for name in ("first", "last", "note")}
            yield say(reader, f"note_{row['reason']}", **parts)


def gone_from(reader: Reader, area: str) -> list[str]:
    """Say which indicators an area lacks: those that no area has apart from its own."""
    codes = [
        code
        for code in reader.publication.catalogue.codes
        if reader.value(code, area) is None and "hidden" not in statuses_of(reader.cell(code, area))
    ]
    nowhere = [
        code for code in codes if all(reader.value(code, each) is None for each in reader.codes)
    ]
    here = [code for code in codes if code not in nowhere]
    lacking = {"note_missing": here, "note_missing_all": nowhere}
    return [
        say(reader, key, codes=", ".join(f"{code} {reader.label(code)}" for code in codes))
        for key, codes in lacking.items()
        if codes
    ]


def sources_of(reader: Reader, area: str) -> list[Block]:
    """Return the sources of the figures an area has."""
    known = {
        code for code in reader.publication.catalogue.codes if reader.value(code, area) is not None
    }
    return [
        Block(
            name=source.name,
            details=[text for text in _details(reader, source) if text],
            note=source.note,
        )
        for source in reader.publication.sources
        if known.intersection(source.indicators) or not source.indicators
    ]


def _details(reader: Reader, source: SourceNote) -> list[str]:
    say = reader.words.say
    return [
        source.publisher,
        say("html.source_years", years=", ".join(source.references)) if source.references else "",
        say("html.source_licence", licence=source.licence) if source.licence else "",
        ", ".join(source.indicators),
    ]

"""What a reader of one area's figures has to know: only what applies to that area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.schemes import CHANGE
from geolyft.export.profile.book import float_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.export.profile.book import Book
    from geolyft.export.publication import SourceNote

SMALL_BASE: Final = 500
"""Below this, half of a 95 % interval around one half is more than four percentage points."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What to know of one indicator here: of this area's figure, and from the catalogue.

    The catalogue's own notes are Swedish in every language.
    """

    code: str
    label: str
    here: Sequence[str]
    always: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where some of the area's figures come from."""

    name: str
    details: Sequence[str]
    note: str


def notes_of(book: Book, area: str) -> list[Note]:
    """Return the notes on the indicators that an area has, or that are hidden in it."""
    notes = [
        Note(
            code=indicator.code,
            label=book.label(indicator.code),
            here=list(_here(book, indicator.code, area)),
            always=() if book.value(indicator.code, area) is None else indicator.notes,
        )
        for indicator in book.publication.catalogue.indicators
    ]
    return [note for note in notes if note.here or note.always]


def _here(book: Book, code: str, area: str) -> Iterator[str]:
    cell = book.cell(code, area)
    status = str(cell["status"]).split("+")
    if "hidden" in status:
        yield book.say("note_hidden")
    if book.value(code, area) is None:
        return
    if "stale" in status:
        yield book.say("note_stale", year=cell.get("reference", ""))
    for part in ("approximate", "partial"):
        if part in status:
            yield book.say(f"note_{part}")
    base = float_of(cell.get("denominator"))
    if base is not None and base < SMALL_BASE:
        yield book.say("note_small", count=book.words.count(base))
    yield from _broken(book, code, area)
    question = book.publication.catalogue[code].question
    if question is not None:
        text = (question.text_en if book.publication.lang == "en" else "") or question.text
        yield book.say("note_question", text=text, assumed=question.assumed)


def _broken(book: Book, code: str, area: str) -> Iterator[str]:
    """Say what keeps an indicator from being compared over time, where it is a break."""
    for row in book.rows(CHANGE, area=area, what=code):
        if row["reason"] in ("break", "noise"):
            said = {name: str(row[name]) for name in ("first", "last", "note")}
            yield book.say(f"note_{row['reason']}", **said)


def gone_from(book: Book, area: str) -> list[str]:
    """Say which indicators an area lacks: those that no area has apart from its own."""
    codes = [
        code
        for code in book.publication.catalogue.codes
        if book.value(code, area) is None
        and "hidden" not in str(book.cell(code, area)["status"]).split("+")
    ]
    nowhere = [code for code in codes if all(book.value(code, each) is None for each in book.codes)]
    here = [code for code in codes if code not in nowhere]
    said = {"note_missing": here, "note_missing_all": nowhere}
    return [
        book.say(key, codes=", ".join(f"{code} {book.label(code)}" for code in found))
        for key, found in said.items()
        if found
    ]


def sources_of(book: Book, area: str) -> list[Source]:
    """Return the sources of the figures an area has."""
    known = {
        code for code in book.publication.catalogue.codes if book.value(code, area) is not None
    }
    return [
        Source(
            name=source.name,
            details=[text for text in _details(book, source) if text],
            note=source.note,
        )
        for source in book.publication.sources
        if known.intersection(source.indicators) or not source.indicators
    ]


def _details(book: Book, source: SourceNote) -> list[str]:
    say = book.words.say
    return [
        source.publisher,
        say("html.source_years", years=", ".join(source.references)) if source.references else "",
        say("html.source_licence", licence=source.licence) if source.licence else "",
        ", ".join(source.indicators),
    ]

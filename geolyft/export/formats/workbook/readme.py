"""The first sheet of the workbook: what it is, from where, under which terms, what columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.export.formats.workbook.sheets import Sheet
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words


@dataclass(frozen=True)
class Line:
    """A row of the page; `texts` go into its cells from the left."""

    kind: Literal["title", "banner", "head", "columns", "row", "text"]
    texts: tuple[str, ...] = ("",)


def readme_lines(sheets: Sequence[Sheet], publication: Publication) -> list[Line]:
    """Return the page: title, what it is, what to know, sheets, sources, columns."""
    words = load_words(publication.lang)
    return [
        *_about(publication, words),
        *_warnings(publication, words),
        *_sheets(sheets, words),
        *_sources(publication, words),
        *_fields(sheets, words),
    ]


def _about(publication: Publication, words: Words) -> Iterator[Line]:
    yield Line("title", (publication.title,))
    if publication.synthetic:
        yield Line("banner", (words.say("html.synthetic"),))
    meaning = {"city": publication.city, "base": publication.base_period}
    yield Line("text", (words.say("formats.about"),))
    yield Line("text", (words.say("html.meaning", **meaning),))
    yield Line("text", (words.say("html.care"),))
    yield Line("row", (words.say("formats.periods"), ", ".join(publication.periods)))
    if publication.created:
        yield Line("text", (words.say("html.created", created=publication.created),))


def _warnings(publication: Publication, words: Words) -> Iterator[Line]:
    if publication.warnings:
        yield Line("text")
        yield Line("head", (words.say("html.warnings"),))
        for warning in publication.warnings:
            yield Line("text", (warning,))


def _sheets(sheets: Sequence[Sheet], words: Words) -> Iterator[Line]:
    yield Line("text")
    yield Line("head", (words.say("formats.sheets"),))
    yield Line("columns", (words.say("formats.sheet"), words.say("formats.content")))
    for sheet in sheets:
        yield Line("row", (sheet.name, sheet.layer.title))


def _sources(publication: Publication, words: Words) -> Iterator[Line]:
    names = ("source", "publisher", "licence", "years", "indicators", "note")
    yield Line("text")
    yield Line("head", (words.say("html.sources"),))
    yield Line("columns", tuple(words.say(f"formats.{name}") for name in names))
    for source in publication.sources:
        years, used = ", ".join(source.references), ", ".join(source.indicators)
        row = (source.name, source.publisher, source.licence, years, used, source.note)
        yield Line("row", row)


def _fields(sheets: Sequence[Sheet], words: Words) -> Iterator[Line]:
    """Yield every column once per kind of sheet: the periods of one kind have the same."""
    yield Line("text")
    yield Line("head", (words.say("formats.fields"),))
    names = ("heading", "meaning", "column", "sheet")
    yield Line("columns", tuple(words.say(f"formats.{name}") for name in names))
    seen = set()
    for sheet in sheets:
        for field in sheet.layer.fields:
            if (sheet.layer.about, field) not in seen:
                seen.add((sheet.layer.about, field))
                yield Line("row", (field.alias, field.comment, field.name, sheet.name))

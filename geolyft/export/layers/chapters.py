"""What a stage found, told of each area: the same texts in panel, profile and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.columns import filled_in
from geolyft.export.layers.fields import describe
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geolyft.export.chapter import Chapter
    from geolyft.export.layer import Field
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words


@dataclass(frozen=True, kw_only=True)
class ChapterTexts:
    """A chapter in words.

    Parameters
    ----------
    fields
        The columns that are shown.
    texts
        Period and area to a text for each field; empty where there is no figure.
    """

    code: str
    title: str
    about: str
    fields: tuple[Field, ...]
    texts: Mapping[tuple[str, str], tuple[str, ...]]


def chapter_texts(publication: Publication) -> Iterator[ChapterTexts]:
    """Yield every chapter that shows columns, in the order of the stages."""
    words = load_words(publication.lang)
    for chapter in publication.chapters:
        if chapter.shown:
            yield _in_texts(chapter, publication, words)


def _in_texts(chapter: Chapter, publication: Publication, words: Words) -> ChapterTexts:
    shown = filled_in(chapter.shown, publication.catalogue.column_codes)
    fields = describe(shown, of=chapter.code, level=publication.division, publication=publication)
    rows = publication.tables[chapter.code].to_dict("records")
    return ChapterTexts(
        code=chapter.code,
        title=chapter.say(publication.lang, "title"),
        about=chapter.say(publication.lang, "about"),
        fields=fields,
        texts={
            (str(row["period"]), str(row["area"])): tuple(
                text_of(row[field.name], field, words) for field in fields
            )
            for row in rows
        },
    )


def text_of(value: object, field: Field, words: Words) -> str:
    """Write a figure as its field says: with its decimals, as yes or no, or as it stands.

    A status is in words, and nothing where all is well; made-up figures say so elsewhere.

    Examples
    --------
    >>> from geolyft.export.layer import Field
    >>> field = Field(name="n", kind="number", alias="N", comment="N.", decimals=2)
    >>> text_of(1.5, field, load_words("sv")), text_of(float("nan"), field, load_words("sv"))
    ('1,50', '')
    """
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if field.name == "status":
        return words.status(str(value), without=("synthetic",))
    if field.kind == "truth":
        return words.say("report.yes" if value else "report.no")
    if field.kind == "text":
        return str(value)
    decimals = field.decimals if field.kind == "number" else 0
    return words.number(float(str(value)), decimals=decimals)

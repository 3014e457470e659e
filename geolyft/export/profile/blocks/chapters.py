"""What the stages after scoring tell of an area, beside its index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.export.layers.chapters import chapter_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.figures.reader import Reader


@dataclass(frozen=True, kw_only=True)
class ChapterOfArea:
    """A stage's heading, what it is about, and its figures with their names."""

    code: str
    title: str
    about: str
    rows: Sequence[tuple[str, str]]


def chapters_of(reader: Reader, area: str) -> list[ChapterOfArea]:
    """Return what each stage found of an area in the latest period; nothing where it found none."""
    return [
        ChapterOfArea(
            code=chapter.code,
            title=chapter.title,
            about=chapter.about,
            rows=[
                (field.alias, text)
                for field, text in zip(chapter.fields, texts, strict=True)
                if text
            ],
        )
        for chapter in chapter_texts(reader.publication)
        if (texts := chapter.texts.get((reader.period, area)))
    ]

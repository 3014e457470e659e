"""What the stages after scoring tell of an area, beside its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.layers.chapters import chapter_texts
from geolyft.export.profile.figures import Block

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader


def chapters_of(reader: Reader, area: str) -> list[Block]:
    """Return what each stage found of an area in the latest period; nothing where it found none."""
    return [
        Block(
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

"""What the stages after scoring add to the report: blocks of their own, or a table of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.names import NONE
from geolyft.export.layers.chapters import chapter_texts
from geolyft.export.report.blocks import Block, Cell, Heading, Text, Texts, grid

if TYPE_CHECKING:
    from geolyft.export.figures.reader import Reader
    from geolyft.export.layers.chapters import ChapterTexts


def chapters(reader: Reader) -> list[Block]:
    """Return the blocks of every stage, in the order of the stages."""
    blocks: list[Block] = []
    texts = {each.code: each for each in chapter_texts(reader.publication)}
    for chapter in reader.publication.chapters:
        if chapter.report is not None:
            blocks += chapter.report(reader, chapter)
        elif chapter.code in texts:
            blocks += told(reader, texts[chapter.code])
    return blocks


def told(reader: Reader, chapter: ChapterTexts) -> list[Block]:
    """Return a stage's heading, what it is about, and the table of its columns that are shown."""
    none = ("",) * len(chapter.fields)
    rows: list[Texts] = [
        [
            reader.area(area),
            *(
                Cell(text=text or NONE, look="text" if field.kind in {"text", "truth"} else "")
                for field, text in zip(
                    chapter.fields, chapter.texts.get((reader.period, area), none), strict=True
                )
            ),
        ]
        for area in reader.codes
    ]
    head: Texts = [reader.words.say("html.area"), *(field.alias for field in chapter.fields)]
    table = grid(chapter.code, f"{chapter.title}, {reader.period}", head, rows)
    return [Heading(text=chapter.title), Text(text=chapter.about), table]

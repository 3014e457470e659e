"""The index against further figures, as chapters: each has its own layer, theme and section."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.columns import Columns
from geolyft.export.chapter import load_chapter
from geolyft.export.figures.cells import float_of
from geolyft.export.html.charts import Reading
from geolyft.export.html.scatter import Dot, scatter
from geolyft.export.layers.chapters import chapter_texts
from geolyft.export.report.blocks import Figure
from geolyft.export.report.sections.chapters import told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.chapter import Chapter
    from geolyft.export.figures.reader import Reader
    from geolyft.export.report.blocks import Block
    from geolyft.findings.against import AgainstSettings

CODE: Final = "samband"


def blocks(reader: Reader, chapter: Chapter) -> list[Block]:
    """Return the areas as named dots by index and figure, over the table of both."""
    texts = next((e for e in chapter_texts(reader.publication) if e.code == chapter.code), None)
    if texts is None:
        return []
    heading, about, table = told(reader, texts)
    dots = [
        Dot(reader.area(code), code, Reading(index, *interval), value)
        for code, row in reader.by_area(chapter.code).items()
        for index, value in [(float_of(row["index"]), float_of(row["varde"]))]
        for interval in [(float_of(row["index_lag"]), float_of(row["index_hog"]))]
        if index is not None and value is not None
    ]
    if not dots:
        return [heading, about, table]
    lang = reader.publication.lang
    title, name = chapter.say(lang, "title"), chapter.say(lang, "figure")
    drawn = scatter(
        dots,
        across=reader.words.say("html.index"),
        up=name,
        name=chapter.say(lang, "drawn", title=title, n=len(dots)),
        number=lambda tick, decimals: reader.words.number(tick, decimals=decimals),
    )
    return [heading, about, Figure(svg=drawn, caption=chapter.say(lang, "caption")), table]


CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml", report=blocks)
"""What the index against a further figure has in general."""


def chapter_of(said: AgainstSettings, *, first: bool) -> Chapter:
    """Return the chapter of one figure, with its name in every heading.

    Parameters
    ----------
    first
        The first one's table and layer are called without its code.
    """

    def named(texts: Mapping[str, str]) -> dict[str, str]:
        return {key: text.replace("{variabel}", said.name) for key, text in texts.items()}

    code = CODE if first else f"{CODE}_{said.code}"
    columns = tuple(
        replace(each, words={lang: named(texts) for lang, texts in each.words.items()})
        for each in CHAPTER.columns.sections[CODE]
    )
    words = {lang: named(texts) for lang, texts in CHAPTER.words.items()}
    return replace(CHAPTER, code=code, columns=Columns({code: columns}), words=words)

"""The index against further figures, as chapters: each has its own layer, theme and section."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.columns import Columns
from geolyft.export.chapter import load_chapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.chapter import Chapter
    from geolyft.findings.against import AgainstSettings

CODE: Final = "samband"
CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml")
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

"""What surrounds homes as chapters: each raster has its own layer, theme and section of pages."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.columns import Columns
from geolyft.export.chapter import load_chapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.action.access.exposure import ExposureSettings
    from geolyft.export.chapter import Chapter
    from geolyft.indicators.catalogue import Language

CODE: Final = "exponering"
CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml")
"""What a raster has in general."""


def chapter_of(said: ExposureSettings, *, first: bool) -> Chapter:
    """Return the chapter of one raster: its name and its limit stand in every heading.

    Parameters
    ----------
    first
        The first one's table and layer are called without its code.
    """

    def named(lang: Language, texts: Mapping[str, str]) -> dict[str, str]:
        limit = said.limit_in(lang)
        return {
            key: text.replace("{namn}", said.name).replace("{grans}", limit)
            for key, text in texts.items()
        }

    codes: tuple[Language, ...] = ("sv", "en")
    code = CODE if first else f"{CODE}_{said.code}"
    columns = tuple(
        replace(each, words={lang: named(lang, each.words[lang]) for lang in codes})
        for each in CHAPTER.columns.sections[CODE]
    )
    themes = CHAPTER.themes
    if said.direction == "high":
        themes = tuple(
            replace(
                each,
                direction=said.direction,
                meanings={lang: texts[::-1] for lang, texts in each.meanings.items()},
            )
            for each in themes
        )
    words = {lang: named(lang, CHAPTER.words[lang]) for lang in codes}
    return replace(CHAPTER, code=code, columns=Columns({code: columns}), themes=themes, words=words)

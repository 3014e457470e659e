"""Access as chapters: each kind of place has its own layer, themes and section of the pages."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geolyft.columns import Columns
from geolyft.export.chapter import load_chapter

if TYPE_CHECKING:
    from geolyft.action.access.settings import AccessSettings
    from geolyft.columns import Column
    from geolyft.export.chapter import Chapter

CODE: Final = "tillganglighet"
CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml")
"""What a kind of place has in general."""
_LIMIT: Final = {"sv": "gränsen", "en": "the limit"}
_OF_ALL: Final = ("area", "period", "status")


def chapter_of(said: AccessSettings, *, first: bool) -> Chapter:
    """Return the chapter of one kind of place: its name stands before every heading.

    Parameters
    ----------
    first
        The first kind's table and layer are called as the contract has it, without its code.
    """
    code = CODE if first else f"{CODE}_{said.code}"
    columns = tuple(_named(each, said) for each in CHAPTER.columns.sections[CODE])
    words = {
        lang: {key: text.replace("{plats}", said.name) for key, text in texts.items()}
        for lang, texts in CHAPTER.words.items()
    }
    return replace(CHAPTER, code=code, columns=Columns({code: columns}), words=words)


def _named(column: Column, said: AccessSettings) -> Column:
    """Return a column whose heading says the kind, and the limit in metres."""
    if column.key in _OF_ALL:
        return column
    words = {}
    for lang, text in column.words.items():
        alias = text["alias"][:1].lower() + text["alias"][1:]
        alias = alias.replace(_LIMIT[lang], f"{said.within:g} m")
        words[lang] = {**text, "alias": f"{said.name}: {alias}"}
    return replace(column, words=words)

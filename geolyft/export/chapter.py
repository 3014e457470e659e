"""What a stage adds to a delivery, as it declares it: every output takes it from here.

A stage declares its columns, its layer, its themes and its words in a TOML file of its own (see
`geolyft.columns` for the columns). Writers know chapters and no stage, so that a new stage reaches
GeoPackage, QGIS, map, profiles and report without a line in any of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from geolyft.columns import Columns, declared

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from geolyft.indicators.catalogue import Direction, Language

ReportBlocks = Callable[[Any, "Chapter"], list[Any]]
"""From the report's reader and the chapter to blocks of the report (`export.report.blocks`)."""
PageText = Callable[[Any], str]
"""From a publication to a page of the delivery, as text."""
MorePages = Callable[[Any], Mapping[str, str]]
"""From a publication to pages by their names in the delivery, as many as its rows ask for."""
Colours = Literal["scale", "both"]
"""Fills of the classes of a theme, by their names in ``palette.toml``."""


@dataclass(frozen=True, kw_only=True)
class ChapterTheme:
    """A column of a chapter that a map is coloured by, in five classes around a middle.

    Or in as many as there are `colours`, where it says its own.

    Parameters
    ----------
    column
        A number per area.
    breaks
        One less than classes, ascending: fixed, so that maps of different periods can be held
        together.
    direction
        Which end is good.
    meanings
        In each language what each class means, worst first.
    is_whole
        Whether the column holds whole numbers.
    colours
        The name in ``palette.toml`` of what the classes are filled with; the scale by default.
    """

    column: str
    breaks: tuple[float, ...]
    direction: Direction
    meanings: Mapping[Language, tuple[str, ...]]
    is_whole: bool = False
    colours: Colours = "scale"


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """What one stage adds to a publication; its rows are the publication's table of that name.

    Parameters
    ----------
    code
        Of its table ``tabell_CODE``, its layer ``LEVEL_CODE`` and its place on pages.
    columns
        Of its table; a row is an area and period, unless the chapter is ``listed``.
    layer
        Whether the latest period's rows are a layer of areas too.
    listed
        Whether a row is a thing in an area, so that an area has any number of them: the code is in
        ``LEVEL_kod``, empty where a thing lies in none, and the layer is called ``CODE``.
    points
        Whether a thing is where ``x`` and ``y`` say in the areas' CRS, not the whole of its area.
    themes
        What that layer and the planners' map are coloured by.
    shown
        The columns that are told of an area in panel, profile and report; none for none of these.
        ``{dimension}`` and ``{indicator}`` stand for each of the catalogue's.
    words
        In each language ``title``, ``about``, and whatever the stage's own blocks say.
    report
        Makes the report's blocks instead of a table of the columns that are shown.
    pages
        By their names in the delivery, the pages of its own.
    more_pages
        Makes further pages, such as one for each row.
    paper
        Whether its pages are set as PDF too, where that is asked for.
    """

    code: str
    columns: Columns
    layer: bool = False
    listed: bool = False
    points: bool = False
    themes: tuple[ChapterTheme, ...] = ()
    shown: tuple[str, ...] = ()
    words: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    report: ReportBlocks | None = None
    pages: Mapping[str, PageText] = field(default_factory=dict)
    more_pages: MorePages | None = None
    paper: bool = False

    def say(self, lang: Language, key: str, **parts: object) -> str:
        """Return a text of the chapter with its parts filled in."""
        return self.words[lang][key].format(**parts)

    def texts_of(self, publication: object) -> dict[str, str]:
        """Return every page of its own by its name in the delivery."""
        pages = {name: text_of(publication) for name, text_of in self.pages.items()}
        return pages | {**(self.more_pages(publication) if self.more_pages else {})}

    def without_rows(self) -> Chapter:
        """Return the chapter of a run that has no such table: it shows nothing by itself."""
        return replace(self, layer=False, themes=(), shown=(), pages={}, more_pages=None)

    def layer_name(self, level: str) -> str:
        """Return what the chapter's layer is called."""
        return self.code if self.listed else f"{level}_{self.code}"

    def theme_code(self, theme: ChapterTheme) -> str:
        """Return what the theme is called in addresses and styles, as no indicator can be."""
        return f"{self.code}-{theme.column}"


def load_chapter(
    code: str,
    path: Traversable,
    *,
    report: ReportBlocks | None = None,
    pages: Mapping[str, PageText] | None = None,
    more_pages: MorePages | None = None,
) -> Chapter:
    """Read what a stage declares.

    Raises
    ------
    KeyError, ValueError
        When the file lacks a part or contradicts itself: it belongs to the installation.
    """
    forms = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = declared(path)
    whole = {each.key for each in columns.sections[code] if each.kind == "whole"}
    chapter = Chapter(
        code=code,
        columns=columns,
        words=forms["words"],
        themes=tuple(
            _theme(name, form, is_whole=name in whole)
            for name, form in forms.get("theme", {}).items()
        ),
        report=report,
        pages=pages or {},
        more_pages=more_pages,
        **forms.get("stage", {}),
    )
    known = {column.key for column in columns.sections[code]}
    named = {*chapter.shown, *(theme.column for theme in chapter.themes)}
    if named - known:
        raise ValueError(f"{path.name} declares no column {', '.join(sorted(named - known))}")
    return chapter


def _theme(column: str, form: Mapping[str, Any], *, is_whole: bool) -> ChapterTheme:
    breaks, classes = tuple(form["breaks"]), len(form["breaks"]) + 1
    meanings: dict[Language, tuple[str, ...]] = {"sv": (*form["sv"],), "en": (*form["en"],)}
    if any(len(each) != classes for each in meanings.values()):
        raise ValueError(f"theme {column} has to say what each of its {classes} classes means")
    return ChapterTheme(
        column=column,
        breaks=breaks,
        direction=form["direction"],
        meanings=meanings,
        is_whole=is_whole,
        colours=form.get("colours", "scale"),
    )

"""What a layer can be coloured by: fixed classes with their colours and words.

One definition for QGIS, for SLD and for styles of web maps. Breaks are those of
`figures.classes`, the same in every period. What is missing, hidden or partial is never
a colour of the scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.classes import DECIMALS, change_classes, score_classes
from geolyft.export.figures.palette import BOTH, PALETTE, SCALE, UNCERTAIN
from geolyft.export.figures.partial import partial_among
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import (
    CHANGE,
    INDEX,
    change_legend,
    chapter_classes,
    chapter_legend,
    say_range,
    score_legend,
    share_legend,
)
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from geolyft.export.chapter import Chapter, ChapterTheme
    from geolyft.export.figures.classes import Classes
    from geolyft.export.figures.partial import Among
    from geolyft.export.figures.reader import Reader
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

QUALITY: Final = "kvalitet"
"""The theme of how sure an index is."""
BORDERS: Final = "granser"
"""The theme of borders, drawn as wide as the contrast across them."""
UNCERTAIN_BREAKS: Final = (1.0, 2.0, 4.0)
"""Points of half an interval. 5 points from 100 is where a class begins: beyond 4, classes blur."""
CONTRAST_WIDTHS: Final = (0.3, 0.8, 1.6, 2.6)
"""Millimetres, by class of contrast."""
CONTRAST_BREAKS: Final = (5.0, 15.0, 30.0)
CONTRAST_COLOUR: Final = PALETTE["contrast"]


@dataclass(frozen=True, kw_only=True)
class Shade:
    """One class: values from ``low`` (belongs) to ``high`` (does not), as shown with one decimal.

    `width` is for lines, in millimetres.
    """

    label: str
    colour: str
    low: float | None
    high: float | None
    width: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One way to draw a layer.

    Parameters
    ----------
    code
        ``index``, a dimension, an indicator, ``forandring``, ``kvalitet`` or ``granser``.
    title
        For readers.
    layer
        The layer's name.
    column
        What is classed.
    shades
        The classes, in the order of the legend.
    status
        The column that says why a value is missing, or that it is partial; empty where none does.
    partial
        How many areas rest on too little: dots stand where that tells them apart.
    sure
        A column of truth without which a value is drawn as `neutral`, whatever it is.
    neutral
        The place of the shade around no difference.
    unsure
        A column of truth; where it is false a pattern over the colour says so.
    labels
        What stands for ``missing``, ``hidden``, ``partial`` and ``unsure`` in the legend, and what
        says that all areas are ``partial``: ``all_partial``.
    """

    code: str
    title: str
    layer: str
    column: str
    shades: tuple[Shade, ...]
    status: str = ""
    partial: Among = "none"
    sure: str = ""
    neutral: int = 0
    unsure: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_line(self) -> bool:
        """Whether the layer is of lines."""
        return self.code == BORDERS

    @property
    def note(self) -> str:
        """What is true of every area, for readers; empty where nothing is."""
        return self.labels["all_partial"] if self.partial == "all" else ""

    def noted(self, text: str) -> str:
        """Return a text of the theme, and after it what is true of every area."""
        return f"{text.rstrip('.')}. {self.note}" if self.note else text

    def seen_in(self, frame: pd.DataFrame) -> Theme:
        """Return the theme as these rows of its layer are drawn."""
        if not self.status:
            return self
        known = frame.loc[frame[self.column].notna(), self.status]
        return replace(self, partial=partial_among(known))


def all_themes(layers: Sequence[Layer], publication: Publication) -> list[Theme]:
    """Return every theme of every layer of areas or borders, each layer's default first."""
    _held = reader_of(publication)  # so that every theme asks the same one
    own = {publication.division: publication}
    own |= {inner.division: inner for inner in publication.inner}
    return [
        theme
        for layer in layers
        if layer.level in own
        for theme in layer_themes(layer, own[layer.level])
    ]


def layer_themes(layer: Layer, publication: Publication) -> list[Theme]:
    """Return the themes of one layer; its default is the first that has a figure.

    Parameters
    ----------
    publication
        That of the layer's own level.
    """
    make = _Maker(layer, publication, load_words(publication.lang), reader_of(publication))
    dimensions = [dimension.code for dimension in publication.catalogue.dimensions]
    if layer.about == "index":
        themes = [make.score(code) for code in (INDEX, *dimensions)]
        themes.append(make.quality())
    elif layer.about == "tid":
        themes = [make.score(code) for code in (INDEX, *dimensions)]
    elif layer.about == "indikatorer":
        themes = [make.share(code) for code in publication.catalogue.codes]
    elif layer.about == "forandring":
        themes = [make.change()]
    elif layer.about == "kapitel":
        themes = [
            make.chapter(chapter, theme)
            for chapter in publication.chapters
            if layer.name == chapter.layer_name(layer.level)
            for theme in chapter.themes
        ]
    else:
        themes = [make.borders()]
    themes = [theme.seen_in(layer.frame) for theme in themes]
    filled = [theme for theme in themes if layer.frame[theme.column].notna().any()]
    return [*filled[:1], *(theme for theme in themes if theme not in filled[:1])]


@dataclass(frozen=True)
class _Maker:
    layer: Layer
    publication: Publication
    words: Words
    reader: Reader

    def score(self, code: str) -> Theme:
        own = self.publication
        names = {each.code: each.title(own.lang) for each in own.catalogue.dimensions}
        return Theme(
            code=code,
            title=self._dated(names.get(code, self.words.say("html.index"))),
            layer=self.layer.name,
            column=code,
            shades=_shades(score_classes(), score_legend(own, self.words)),
            status="status" if code == INDEX else f"{code}_status",
            labels=self._labels(),
        )

    def share(self, code: str) -> Theme:
        own = self.publication
        classes = self.reader.share_classes[code]
        said = share_legend(code, classes, own, self.words)
        return Theme(
            code=code,
            title=self._dated(f"{code} {own.catalogue[code].label(own.lang)}"),
            layer=self.layer.name,
            column=code,
            shades=_shades(classes, said) if classes else (),
            status=f"{code}_status",
            labels=self._labels(),
        )

    def change(self) -> Theme:
        classes = change_classes()
        first, last = (self.layer.frame[end].dropna().iloc[0] for end in ("fran", "till"))
        return Theme(
            code=CHANGE,
            title=self.words.say("page.theme_change_name", first=first, last=last),
            layer=self.layer.name,
            column="forandring",
            shades=_shades(classes, change_legend(classes, words=self.words)),
            sure="overstiger_osakerhet",
            neutral=len(classes.breaks) // 2,
            labels={"missing": self.words.say("page.not_comparable")},
        )

    def quality(self) -> Theme:
        bounds = pairwise((None, *UNCERTAIN_BREAKS, None))
        said = [
            Shade(label=f"± {self._range(low, high)}", colour=colour, low=low, high=high)
            for colour, (low, high) in zip(UNCERTAIN, bounds, strict=True)
        ]
        return Theme(
            code=QUALITY,
            title=self._dated(self.words.say("themes.quality")),
            layer=self.layer.name,
            column="osakerhet",
            shades=tuple(said),
            status="status",
            unsure="sakert_skild",
            labels=self._labels()
            | {
                "unsure": self.words.say(
                    "page.not_apart", city=self.publication.city, period=self.layer.period
                )
            },
        )

    def chapter(self, chapter: Chapter, theme: ChapterTheme) -> Theme:
        titles = {field.name: field.alias for field in self.layer.fields}
        classes = chapter_classes(theme)
        return Theme(
            code=chapter.theme_code(theme),
            title=self._dated(titles[theme.column]),
            layer=self.layer.name,
            column=theme.column,
            shades=_shades(
                classes,
                chapter_legend(theme, words=self.words),
                colours=BOTH if theme.colours == "both" else SCALE,
            ),
            status="status" if "status" in titles else "",
            labels=self._labels(),
        )

    def borders(self) -> Theme:
        bounds = pairwise((None, *CONTRAST_BREAKS, None))
        said = [
            Shade(label=self._range(low, high), colour=CONTRAST_COLOUR, low=low, high=high, width=w)
            for w, (low, high) in zip(CONTRAST_WIDTHS, bounds, strict=True)
        ]
        return Theme(
            code=BORDERS,
            title=self._dated(self.words.say("themes.borders")),
            layer=self.layer.name,
            column=INDEX,
            shades=tuple(said),
            labels={"missing": self.words.say("themes.outline")},
        )

    def _range(self, low: float | None, high: float | None) -> str:
        return self.words.say("themes.points", range=say_range(low, high, self.words))

    def _dated(self, title: str) -> str:
        if self.layer.about == "tid":
            return self.words.say("themes.every_period", title=title)
        return f"{title} {self.layer.period}".strip()

    def _labels(self) -> dict[str, str]:
        said = {
            each: self.words.say(f"page.legend_{each}") for each in ("missing", "hidden", "partial")
        }
        return said | {"all_partial": self.words.say("page.theme_all", status=said["partial"])}


def _shades(
    classes: Classes, said: Sequence[Mapping[str, str]], *, colours: Sequence[str] = SCALE
) -> tuple[Shade, ...]:
    """Join what classes are, worst first, with what their legend says."""
    return tuple(
        Shade(label=f"{text['range']}: {text['meaning']}", colour=colour, low=low, high=high)
        for text, colour, (low, high) in zip(said, colours, classes.ranges(), strict=True)
    )


def shown_bounds(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return the bounds of a class for values that are not rounded first.

    A value is classed as it is shown: 94.96 is shown as 95.0 and belongs with it.

    Examples
    --------
    >>> shown_bounds(95.0, None)
    (94.95, None)
    """
    half = 10**-DECIMALS / 2
    first, last = (
        None if bound is None else round(bound - half, DECIMALS + 1) for bound in (low, high)
    )
    return first, last

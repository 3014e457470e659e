"""What readers are told of each theme: its name, what it measures, and what to think of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from geolyft.export.children import CHILDREN
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX, is_fitted
from geolyft.export.layers.fields import describe
from geolyft.export.web.legends import SCORE

if TYPE_CHECKING:
    from geolyft.export.chapter import Chapter, ChapterTheme
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words
    from geolyft.indicators.catalogue import Indicator

About: TypeAlias = dict[str, object]
"""A theme as the page knows it."""


def about_theme(code: str, publication: Publication, words: Words) -> About:
    """Return what is said of the index, a dimension or an indicator."""
    catalogue = publication.catalogue
    if code in catalogue.codes:
        return {"code": code, **_about_indicator(catalogue[code], publication, words)}
    for chapter in publication.chapters:
        for theme in chapter.themes:
            if code == chapter.theme_code(theme):
                return {"code": code, **_about_chapter(chapter, theme, publication)}
    return {"code": code, **_about_score(code, publication, words)}


def about_children(publication: Publication, words: Words) -> About:
    """Return what is said of the theme of children."""
    return {
        "code": CHILDREN,
        "kind": "children",
        "legend": CHILDREN,
        "name": words.say("children.name"),
        "short": words.say("children.short"),
        "good": "high",
        "about": [words.say("children.about", city=publication.city)],
        "notes": [],
    }


def _about_chapter(chapter: Chapter, theme: ChapterTheme, publication: Publication) -> About:
    (field,) = describe(
        [theme.column], of=chapter.code, level=publication.division, publication=publication
    )
    return {
        "kind": "chapter",
        **({} if theme.colours == "scale" else {"colours": theme.colours}),
        "legend": chapter.theme_code(theme),
        "name": field.alias,
        "short": field.alias,
        "good": theme.direction,
        "about": [field.comment],
        "notes": [],
    }


def _about_score(code: str, publication: Publication, words: Words) -> About:
    catalogue = publication.catalogue
    names = {dimension.code: dimension for dimension in catalogue.dimensions}
    title = names.get(code, catalogue.index).title(publication.lang)
    parts = catalogue.of(code) if code in names else catalogue.indicators
    sentence = words.say(
        "page.theme_dimension" if code in names else "page.theme_index",
        count=_parts_known(code, publication, words),
        city=publication.city,
        base=publication.base_period,
    )
    return {
        "kind": "dimension" if code in names else INDEX,
        "legend": SCORE,
        "name": title,
        "short": title if code in names else words.say("html.index"),
        "good": "high",
        "total": len(parts),
        "about": [sentence],
        "notes": [],
    }


def _parts_known(code: str, publication: Publication, words: Words) -> str:
    """Say of how many parts a mean is, and of how many it should be."""
    catalogue = publication.catalogue
    if code in {dimension.code for dimension in catalogue.dimensions}:
        parts = [indicator.code for indicator in catalogue.of(code)]
        known = len(set(parts).intersection(publication.scores["indicator"]))
    else:
        parts = [dimension.code for dimension in catalogue.dimensions]
        known = int(publication.index[parts].notna().any().sum())
    if known in (0, len(parts)):
        return str(len(parts))
    return words.say("page.some_of", known=known, count=len(parts))


def _about_indicator(indicator: Indicator, publication: Publication, words: Words) -> About:
    return {
        "kind": "indicator",
        "legend": indicator.code,
        "dimension": indicator.dimension,
        "name": indicator.title(publication.lang),
        "short": indicator.label(publication.lang),
        "good": indicator.direction,
        "counted": indicator.numerator,
        "among": indicator.denominator,
        **({"children": True} if indicator.children else {}),
        "about": _sentences(indicator, publication, words),
        "notes": list(indicator.notes),
    }


def _sentences(indicator: Indicator, publication: Publication, words: Words) -> list[str]:
    """Return the share in the catalogue's words, its source, and where its classes start."""
    share = words.say(
        "page.theme_share", numerator=indicator.numerator, denominator=indicator.denominator
    )
    source = words.say("page.theme_source", source=indicator.source) if indicator.source else ""
    classes = reader_of(publication).share_classes[indicator.code]
    fitted = is_fitted(indicator.code, publication)
    start = words.say(
        "page.theme_reference" if fitted else "page.theme_reference_median",
        city=publication.city,
        period=publication.base_period,
        value=words.percent(classes.reference if classes else None),
        good=words.say(f"page.good_{indicator.direction}"),
    )
    return [share, *([source] if source else []), *([start] if classes else [])]

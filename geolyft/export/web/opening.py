"""What stands in the page before any script has run: the list of themes, and the first table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.children import CHILDREN
from geolyft.export.figures.cells import area_order
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.publication import Publication


def theme_groups(
    publication: Publication, content: Mapping[str, object]
) -> list[list[Mapping[str, object]]]:
    """Return the themes as the list shows them: index, dimensions with their parts, stages'."""
    themes: list[Mapping[str, object]] = content["themes"]  # type: ignore[assignment]
    by_code = {theme["code"]: theme for theme in themes}
    catalogue = publication.catalogue
    parts = [[d.code, *(i.code for i in catalogue.of(d.code))] for d in catalogue.dimensions]
    stages = [[c.theme_code(t) for t in c.themes] for c in publication.chapters if c.themes]
    children = [[CHILDREN]] if CHILDREN in by_code else []
    groups = ([INDEX], *parts, *children, *stages)
    return [[by_code[code] for code in codes] for codes in groups]


def first_table(publication: Publication) -> list[dict[str, object]]:
    """Return the rows of the table: the index and its dimensions in the last period."""
    words = load_words(publication.lang)
    cells = reader_of(publication).cells
    themes = [INDEX, *(dimension.code for dimension in publication.catalogue.dimensions)]
    names = {CITY: publication.city, **publication.areas["name"].to_dict()}
    rows = []
    for code in [CITY, *area_order(publication.areas.index)]:
        shown = [cells[theme, publication.periods[-1], code] for theme in themes]
        texts = [words.number(cell["value"]) or _absent(cell, publication) for cell in shown]  # type: ignore[arg-type]
        rows.append({"code": "" if code == CITY else code, "name": names[code], "texts": texts})
    return rows


def _absent(cell: Mapping[str, object], publication: Publication) -> str:
    is_hidden = "hidden" in str(cell["status"]).split("+")
    return load_words(publication.lang).say(f"page.status_{'hidden' if is_hidden else 'missing'}")

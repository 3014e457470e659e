"""What the page may know: the figures, names and words of the map, and nothing else.

The figures come from `cells` and `views`, legends from `legends`, what is said of themes from
`about`; here they are put together, level by level.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias, get_args

from geolyft.export.children import (
    CHILDREN,
    children_cells,
    children_findings,
    children_told,
)
from geolyft.export.figures.cells import (
    area_order,
    count_of,
    float_of,
    number_of,
    percent_of_ways,
    records,
    theme_codes,
)
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.palette import BOTH, MANY, SCALE, UNCERTAIN
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.findings import findings_of
from geolyft.export.layers.chapters import chapter_texts
from geolyft.export.web.about import about_children, about_theme
from geolyft.export.web.background import page_background
from geolyft.export.web.columns import Texts, changed, figures
from geolyft.export.web.contrasts import border_contrasts
from geolyft.export.web.legends import QUALITY, SCORE, all_legends
from geolyft.export.web.levels import labels, outlines, parents
from geolyft.export.web.places import named_places
from geolyft.export.web.views import (
    add_certainty,
    add_pockets,
    changes,
    differences_of_sexes,
    editions,
)
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE, Sex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geolyft.export.figures.cells import Cell, Cells
    from geolyft.export.findings import Finding
    from geolyft.export.publication import Publication

BySex: TypeAlias = "dict[Sex, Cells]"
Facts: TypeAlias = dict[str, dict[str, dict[str, object]]]
"""What else is known, by period and area."""


def page_content(
    publication: Publication, *, shapes: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, object]:
    """Return all that the page's script may know, ready for JSON.

    Parameters
    ----------
    shapes
        The generalised areas of each level, by its division.
    """
    words = load_words(publication.lang)
    texts = Texts()
    by_level = {each.division: cells_by_sex(each) for each in (publication, *publication.inner)}
    everyone = by_level[publication.division][EVERYONE]
    for small in publication.inner:
        add_pockets(by_level[small.division][EVERYONE], publication, small)
    between = editions(publication)
    themes = [
        {"empty": _is_empty(code, everyone), **about_theme(code, publication, words)}
        for code in theme_codes(publication)
    ]
    if children_cells(publication):
        themes.append({"empty": False, **about_children(publication, words)})
    both = {"both": list(BOTH)} if any("colours" in theme for theme in themes) else {}
    return {
        "lang": publication.lang,
        "city": publication.city,
        "base": publication.base_period,
        "synthetic": publication.synthetic,
        "sexes": [sex for sex in get_args(Sex) if any(sex in each for each in by_level.values())],
        "between": list(between or ()),
        "views": _views(by_level, can_change=between is not None),
        "colours": {SCORE: list(SCALE), QUALITY: list(UNCERTAIN), CHILDREN: list(MANY), **both},
        "themes": themes,
        "legends": all_legends(publication, words),
        "start": first_theme(themes),
        "levels": [
            {**_level(each, by_level[each.division], texts), **_place(each, publication, shapes)}
            for each in (publication, *publication.inner)
        ],
        "places": named_places(publication),
        "background": page_background(publication),
        "findings": _findings(publication),
        "children": _children(publication),
        "contrasts": border_contrasts(publication),
        "texts": texts.all,
        "words": {name: dict(words.section(name)) for name in ("page", "number", "status")},
        **_chapters(publication),
    }


def _findings(publication: Publication) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return what is sure, by period and theme; of what nobody has judged there is nothing."""
    reader = reader_of(publication)
    told: dict[str, dict[str, list[dict[str, str]]]] = {}
    for period in publication.periods:
        found = {each: findings_of(reader, each, period) for each in theme_codes(publication)}
        found[CHILDREN] = children_findings(reader, period)
        told[period] = {
            theme: [_finding(each) for each in sure]
            for theme, sure in found.items()
            if sure is not None
        }
    return told


def _children(publication: Publication) -> dict[str, dict[str, list[str]]]:
    """Return what is told of children, by period and area."""
    reader = reader_of(publication)
    told = {
        period: {area: children_told(reader, area, period) for area in reader.places}
        for period in publication.periods
    }
    return {
        period: {area: sentences for area, sentences in areas.items() if sentences}
        for period, areas in told.items()
    }


def _finding(finding: Finding) -> dict[str, str]:
    """Return a sentence and where it leads; what goes without saying is left out."""
    told = {
        "text": finding.text,
        "view": finding.view.removeprefix("value"),
        "area": finding.areas[0] if finding.areas and finding.view == "value" else "",
        "level": finding.level,
        "theme": finding.theme,
        "compare": "granser" if finding.kind == "contrast" else "",
    }
    return {name: text for name, text in told.items() if text}


def _chapters(publication: Publication) -> dict[str, object]:
    """Return what the panel tells of an area beside the index, by stage; none without stages."""
    chapters = [
        {
            "title": each.title,
            "about": each.about,
            "labels": [field.alias for field in each.fields],
            "texts": {
                period: {a: [*texts] for (p, a), texts in each.texts.items() if p == period}
                for period in publication.periods
            },
        }
        for each in chapter_texts(publication)
    ]
    return {"chapters": chapters} if chapters else {}


def first_theme(themes: Sequence[Mapping[str, object]]) -> str:
    """Return the first theme that has a figure: an empty map is no way to open a page."""
    return next((str(theme["code"]) for theme in themes if not theme["empty"]), INDEX)


def cells_by_sex(publication: Publication) -> BySex:
    """Return the cells of everyone, and of each sex that the run has figures of."""
    known = set(publication.observations["sex"])
    found: BySex = {}
    for sex in get_args(Sex):
        if sex == EVERYONE or sex in known:
            found[sex] = reader_of(publication).cells_to_add_to(sex)
            add_certainty(found[sex], publication, sex)
    return found


def _is_empty(code: str, cells: Cells) -> bool:
    return all(cell["value"] is None for key, cell in cells.items() if key[0] == code)


def _views(by_level: Mapping[str, BySex], *, can_change: bool) -> list[str]:
    """Return the ways to look at a figure that this run can offer."""
    every = (cells for by_sex in by_level.values() for cells in by_sex.values())
    can_tell = any("half" in cell for cells in every for cell in cells.values())
    return ["value", "gap", *(["change"] if can_change else []), *(["quality"] if can_tell else [])]


def _level(publication: Publication, by_sex: BySex, texts: Texts) -> dict[str, object]:
    """Return the figures of one level."""
    places = [*area_order(publication.areas.index), CITY]
    children = children_cells(publication)
    # Of everyone: nobody has told children by sex.
    by_sex = {**by_sex, EVERYONE: {**by_sex[EVERYONE], **_filled(children, publication)}}
    themes = [*theme_codes(publication), *([CHILDREN] if children else [])]
    return {
        "code": publication.division,
        "name": level_name(publication),
        "periods": list(publication.periods),
        "figures": {
            sex: figures(
                cells,
                themes=themes if sex == EVERYONE else theme_codes(publication),
                periods=publication.periods,
                places=places,
                texts=texts,
            )
            for sex, cells in by_sex.items()
        },
        "change": changed(changes(publication), themes=themes, places=places, texts=texts),
        "sexes": {
            period: changed(found, themes=themes, places=places, texts=texts)
            for period in publication.periods
            if (found := differences_of_sexes(publication, period))
        },
        "population": _population(publication, places),
        "facts": _facts(publication),
        "stories": {str(area): list(sentences) for area, sentences in publication.stories.items()},
    }


def _filled(children: Cells, publication: Publication) -> Cells:
    """Return a cell for every period and area where any has one."""
    places = product(publication.periods, [*publication.areas.index, CITY])
    absent: Cell = {"value": None, "status": "missing"}
    keys = [(CHILDREN, period, place) for period, place in places] if children else []
    return {key: children.get(key, absent) for key in keys}


def level_name(publication: Publication) -> str:
    """Return what readers call the areas of a publication, such as DeSO."""
    named = load_words(publication.lang).section("level")
    return named.get(publication.division, publication.division)


def _place(
    publication: Publication, whole: Publication, shapes: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, object]:
    """Return the areas of one level and where they lie."""
    drawn = shapes[publication.division]
    order = {str(code): place for place, code in enumerate(drawn.index)}
    middles, near = labels(drawn), reader_of(publication).neighbours
    areas: list[dict[str, object]] = [
        {
            "code": code,
            "name": str(drawn.loc[code, "name"]),
            "label": middles[code],
            "near": [order[other] for other in near[code]],
        }
        for code in order
    ]
    place = {"areas": areas, "shapes": outlines(drawn)}
    if publication is whole:
        return place
    outer = {code: place for place, code in enumerate(area_order(whole.areas.index))}
    inside = parents(publication.areas, whole.areas)
    for area in areas:
        if str(area["code"]) in inside:
            area["inside"] = outer[inside[str(area["code"])]]
    return place


def _population(publication: Publication, places: Sequence[str]) -> dict[str, list[int | None]]:
    """Return the residents of each area by period, in order."""
    known = {
        (str(row["period"]), str(row["area"])): count_of(row["population"])
        for row in records(publication.population, publication)
    }
    by_period = {
        period: [known.get((period, place)) for place in places] for period in publication.periods
    }
    return {
        period: counts
        for period, counts in by_period.items()
        if any(count is not None for count in counts)
    }


def _facts(publication: Publication) -> Facts:
    """Return rank ranges, and how often an area is among the lowest, by period and area."""
    facts: Facts = {}
    for row in records(publication.index, publication):
        if row["area"] == CITY or number_of(row["index"], DECIMALS) is None:
            continue
        ranks = {"rank_low": count_of(row["rank_low"]), "rank_high": count_of(row["rank_high"])}
        if None not in ranks.values():
            facts.setdefault(str(row["period"]), {})[str(row["area"])] = {**ranks}
    table = publication.tables.get("robusthet")
    for row in [] if table is None else records(table, publication):
        entry = facts.get(str(row["period"]), {}).get(str(row["area"]))
        if entry is not None:
            often = float_of(row["share_among_lowest"])
            entry |= {} if often is None else {"often": percent_of_ways(often)}
            entry |= {"variants": int(str(row["n_variants"])), "lowest": int(str(row["lowest"]))}
    return facts

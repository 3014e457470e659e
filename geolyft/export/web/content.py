"""What the page may know: the figures, names and words of the map, and nothing else.

The figures come from `cells`; names, legends and sentences are decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.cells import (
    Cell,
    Cells,
    all_cells,
    area_order,
    count_of,
    number_of,
    records,
    theme_codes,
)
from geolyft.export.classes import COLOURS, DECIMALS, Classes, score_classes
from geolyft.export.schemes import (
    CHANGE,
    INDEX,
    Legend,
    change_legend,
    is_fitted,
    legend,
    share_scheme,
)
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.publication import Publication
    from geolyft.export.words import Words
    from geolyft.indicators import Indicator


def page_content(
    publication: Publication, *, labels: Mapping[str, Sequence[float]]
) -> dict[str, object]:
    """Return all that the page's script may know, ready for JSON.

    Parameters
    ----------
    labels
        Latitude and longitude of each area's label.
    """
    words = load_words(publication.lang)
    cells = all_cells(publication)
    codes = area_order(publication.areas.index)
    themes = [_theme(code, publication, words, cells) for code in theme_codes(publication)]
    return {
        "lang": publication.lang,
        "city": publication.city,
        "base": publication.base_period,
        "synthetic": publication.synthetic,
        "periods": list(publication.periods),
        "areas": [
            {
                "code": code,
                "name": str(publication.areas.loc[code, "name"]),
                "label": list(labels[code]),
            }
            for code in codes
        ],
        "colours": list(COLOURS),
        "themes": themes,
        "start": first_theme(themes),
        "values": _nest(cells),
        "facts": _facts(publication),
        "words": {name: dict(words.section(name)) for name in ("page", "number", "status")},
    }


def first_theme(themes: Sequence[Mapping[str, object]]) -> str:
    """Return the first theme that has a figure: an empty map is no way to open a page."""
    return next((str(theme["code"]) for theme in themes if not theme["empty"]), INDEX)


def _theme(code: str, publication: Publication, words: Words, cells: Cells) -> dict[str, object]:
    catalogue = publication.catalogue
    empty = all(cell["value"] is None for key, cell in cells.items() if key[0] == code)
    if code in catalogue.codes:
        theme = _indicator_theme(catalogue[code], publication, words)
    elif code == CHANGE:
        theme = _change_theme(publication, words)
    else:
        theme = _score_theme(code, publication, words)
    return {"code": code, "empty": empty, **theme}


def _score_theme(code: str, publication: Publication, words: Words) -> dict[str, object]:
    catalogue = publication.catalogue
    names = {dimension.code: dimension for dimension in catalogue.dimensions}
    name = names.get(code, catalogue.index)
    key = "theme_dimension" if code in names else "theme_index"
    about = words.say(
        f"page.{key}",
        count=_parts_known(code, publication, words),
        city=publication.city,
        base=publication.base_period,
    )
    title = name.title(publication.lang)
    return {
        "kind": "dimension" if code in names else INDEX,
        "name": title,
        "short": title if code in names else words.say("html.index"),
        "about": [about],
        "notes": [],
        "classes": legend(score_classes(), "score", city=publication.city, words=words),
    }


def _change_theme(publication: Publication, words: Words) -> dict[str, object]:
    table = publication.tables[CHANGE]
    first, last = str(table["first"].iloc[0]), str(table["last"].iloc[0])
    return {
        "kind": "change",
        "name": words.say("page.theme_change_name", first=first, last=last),
        "short": words.say("page.theme_change"),
        "about": [words.say("page.theme_change_about", first=first, last=last)],
        "notes": [],
        "classes": change_legend(city=publication.city, words=words),
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


def _indicator_theme(
    indicator: Indicator, publication: Publication, words: Words
) -> dict[str, object]:
    classes = share_scheme(publication, indicator.code)
    kind: Legend = "share" if is_fitted(indicator.code, publication) else "median"
    return {
        "kind": "indicator",
        "dimension": indicator.dimension,
        "name": indicator.title(publication.lang),
        "short": indicator.label(publication.lang),
        "good": indicator.direction,
        "about": _about(indicator, publication, classes, words),
        "notes": list(indicator.notes),
        "classes": legend(classes, kind, city=publication.city, words=words),
    }


def _about(
    indicator: Indicator, publication: Publication, classes: Classes | None, words: Words
) -> list[str]:
    share = words.say(
        "page.theme_share", numerator=indicator.numerator, denominator=indicator.denominator
    )
    sentences = [share]
    if indicator.source:
        sentences.append(words.say("page.theme_source", source=indicator.source))
    if classes:
        fitted = is_fitted(indicator.code, publication)
        key = "page.theme_reference" if fitted else "page.theme_reference_median"
        sentences.append(
            words.say(
                key,
                city=publication.city,
                period=publication.base_period,
                value=words.percent(classes.reference),
            )
        )
    return sentences


def _facts(publication: Publication) -> dict[str, dict[str, dict[str, object]]]:
    """Return residents and rank range by period and area."""
    facts: dict[str, dict[str, dict[str, object]]] = {p: {} for p in publication.periods}
    for row in records(publication.index, publication):
        if row["area"] == CITY or number_of(row["index"], DECIMALS) is None:
            continue
        ranks = {"rank_low": count_of(row["rank_low"]), "rank_high": count_of(row["rank_high"])}
        if None not in ranks.values():
            facts[str(row["period"])].setdefault(str(row["area"]), {}).update(ranks)
    for row in records(publication.population, publication):
        count = count_of(row["population"])
        if count is not None:
            place = facts[str(row["period"])].setdefault(str(row["area"]), {})
            place["population"] = count
    _add_robustness(facts, publication)
    for area, sentences in publication.stories.items():
        facts[publication.periods[-1]].setdefault(area, {})["story"] = list(sentences)
    return facts


def _add_robustness(
    facts: dict[str, dict[str, dict[str, object]]], publication: Publication
) -> None:
    table = publication.tables.get("robusthet")
    if table is None:
        return
    for row in table.to_dict("records"):
        own = facts.get(str(row["period"]), {}).get(str(row["area"]))
        if own is not None and "rank_low" in own:
            own["often"] = round(100 * float(row["share_among_lowest"]))
            own |= {"variants": int(row["n_variants"]), "lowest": int(row["lowest"])}


def _nest(cells: Cells) -> dict[str, dict[str, dict[str, Cell]]]:
    nested: dict[str, dict[str, dict[str, Cell]]] = {}
    for (theme, period, area), cell in cells.items():
        nested.setdefault(theme, {}).setdefault(period, {})[area] = cell
    return nested

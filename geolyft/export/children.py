"""What is known of children, 0–17 years, in words for parents: on the map and in the profiles.

How many they are is counted. A few indicators are of children themselves. Of their homes nothing is
counted: there children are given what holds for all who live in the area, and that is said.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.export.figures.cells import cell_of, float_of, records, round_persons, statuses_of
from geolyft.export.findings import MOST, findings_of
from geolyft.export.standing import inline
from geolyft.frames import CITY
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from geolyft.export.figures.cells import Cells
    from geolyft.export.figures.reader import Reader
    from geolyft.export.findings import Finding
    from geolyft.export.publication import Publication

CHILDREN: Final = "barn"
"""The theme of children."""
TABLE: Final = "befolkning"
_HOMES: Final = ("E3", "B2")
"""Indicators of homes that children live in, as the shipped catalogue has them."""


def children_cells(publication: Publication) -> Cells:
    """Return children's share of the residents, by period and area; none where nobody has said."""
    table = publication.tables.get(TABLE)
    status = "synthetic" if publication.synthetic else "ok"
    cells: Cells = {}
    for row in [] if table is None else records(table, publication):
        children, people = float_of(row["children"]), float_of(row["population"])
        # Counts are rounded one by one: what is left of few may be more than the whole.
        if children is not None and people and children <= people:
            cell = cell_of(100 * children / people, status)
            cell |= {"numerator": round(children), "denominator": round(people)}
            cells[CHILDREN, str(row["period"]), str(row["area"])] = cell
    return cells


def children_breaks(publication: Publication) -> tuple[float, float, float] | None:
    """Return the limits of four classes with about as many areas each, the same in all periods."""
    cells = children_cells(publication)
    values = [float_of(cell["value"]) for key, cell in cells.items() if key[2] != CITY]
    if not values:
        return None
    first, middle, last = (
        float(each) for each in np.round(np.quantile(np.array(values), [0.25, 0.5, 0.75]))
    )
    # Never two limits in one place, however alike the areas are.
    return min(first, middle - 1), middle, max(last, middle + 1)


def children_told(reader: Reader, area: str, period: str) -> list[str]:
    """Say what is known of an area's children: how many, of themselves, and of their homes.

    Examples
    --------
    >>> children_told(reader, "10", "2024")  # doctest: +SKIP
    ['Här bor 745 barn, 0–17 år. Det är 25 av 100 invånare, och 6 av 100 barn i Malmö.', …]
    """
    cells = children_cells(reader.publication)
    cell, city = (cells.get((CHILDREN, period, place)) for place in (area, CITY))
    if cell is None:
        return []
    children, words = float_of(cell["numerator"]) or 0.0, reader.words
    parts = {"count": words.count(children), "share": words.count(float_of(cell["value"]))}
    all_of_them = float_of(city["numerator"]) if city is not None else None
    key = "many_city" if area == CITY or not all_of_them else "many"
    part = words.count(100 * children / all_of_them) if all_of_them else ""
    return [
        words.say(f"children.{key}", part=part, city=reader.publication.city, **parts),
        *_themselves(reader, area, period),
        *_homes(reader, area, period),
    ]


def _themselves(reader: Reader, area: str, period: str) -> list[str]:
    """Say what the indicators tell that are of children, against the city where that is sure."""
    sentences = []
    for indicator in reader.publication.catalogue.indicators:
        cell, city = (reader.cell(indicator.code, place, period) for place in (area, CITY))
        parts = {"name": reader.label(indicator.code), "city": reader.publication.city}
        if not indicator.children or city["value"] is None:
            continue
        if cell["value"] is None:
            key = "hidden" if "hidden" in statuses_of(cell) else "missing"
        else:
            key = "city" if area == CITY else _side(reader, indicator.code, area, period)
            parts["value"] = reader.words.percent(float_of(cell["value"]))
        parts["city_value"] = reader.words.percent(float_of(city["value"]))
        sentences.append(reader.words.say(f"children.own_{key}", **parts))
    return sentences


def _side(reader: Reader, code: str, area: str, period: str) -> str:
    distinct = reader.judged(code, "distinct", period).get(area)
    if distinct is None:
        return "unjudged"
    away = float_of(reader.judged(code, "difference", period)[area]) or 0.0
    return "unsure" if not bool(distinct) else "better" if away > 0 else "worse"


def _homes(reader: Reader, area: str, period: str) -> list[str]:
    """Say about how many live in crowded and in poor homes, if it is for them as for all."""
    catalogue, shipped = reader.publication.catalogue, _counted_of_homes()
    items = []
    for row in reader.rows("barn", area=area, period=period):
        code, exposed = str(row["indicator"]), float_of(row["exposed"])
        is_known = code in shipped and catalogue[code].numerator == shipped[code]
        if is_known and exposed is not None:
            count = reader.words.count(float(round_persons(exposed)))
            items.append(reader.words.say(f"children.home_{code}", count=count))
    if not items:
        return []
    return [reader.words.say("children.homes", list=reader.words.listed(items))]


@cache
def _counted_of_homes() -> dict[str, str]:
    """Return what the shipped catalogue counts of homes."""
    shipped = load_catalogue()
    return {code: shipped[code].numerator for code in _HOMES}


def children_findings(reader: Reader, period: str) -> list[Finding] | None:
    """Return what is sure of the indicators that are of children; nothing where nobody judged."""
    codes = [each.code for each in reader.publication.catalogue.indicators if each.children]
    found = {code: findings_of(reader, code, period) for code in codes}
    if all(each is None for each in found.values()):
        return None
    return [
        replace(each, theme=code, text=_of_what(each, reader.label(code)))
        for code, told in found.items()
        for each in told or []
        if each.kind in ("apart", "moved", "sexes")
    ][:MOST]


def _of_what(finding: Finding, name: str) -> str:
    """Name the indicator first; a change names it itself."""
    return finding.text if finding.kind == "moved" else f"{name}: {inline(finding.text)}"

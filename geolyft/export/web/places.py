"""The names that readers may know the areas by, kept small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import area_order

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

_BETWEEN: Final = ", "


def named_places(publication: Publication) -> dict[str, object]:
    """Return the places of a publication: those that are alike in all but their names together.

    ``parts`` are the smaller places that places lie in or are made of, ``kinds`` rows by kind: the
    area's place in the order of areas, the places of its parts, the names, one a line, and of a
    street that lies in several areas its odd and even numbers in this one.
    """
    order = {code: place for place, code in enumerate(area_order(publication.areas.index))}
    parts: dict[str, int] = {}
    alike: dict[str, dict[tuple[int, str, str, str], list[str]]] = {}
    for each in publication.places:
        key = (order[each.area], each.within, each.odd, each.even)
        alike.setdefault(each.kind, {}).setdefault(key, []).append(each.name)
        for part in each.within.split(_BETWEEN) if each.within else ():
            parts.setdefault(part, len(parts))
    rows = {
        kind: [
            [
                area,
                [parts[part] for part in within.split(_BETWEEN)] if within else [],
                "\n".join(names),
                *([odd, even] if odd or even else []),
            ]
            for (area, within, odd, even), names in groups.items()
        ]
        for kind, groups in alike.items()
    }
    return {"parts": [*parts], "kinds": rows}

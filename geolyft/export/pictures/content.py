"""A static map, planned before anything is drawn: which area has which colour, and what is said.

The same plan is drawn for slides and documents and inside the report.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypedDict

import shapely

from geolyft.export.figures.cells import area_order
from geolyft.export.figures.palette import PALETTE
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.rules import rules_of
from geolyft.export.figures.schemes import CHANGE, INDEX, is_fitted
from geolyft.export.figures.themes import QUALITY, Shade, layer_themes
from geolyft.export.layers.build import area_layers
from geolyft.export.pictures.meets import meets
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from geolyft.export.figures.rules import Pattern
    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

FILLS: Final[Mapping[Pattern, str]] = {"missing": "#ffffff", "hidden": PALETTE["hidden-ground"]}
"""What lies under the patterns that stand for a colour; the others lie over one."""
LINES: Final[Mapping[Pattern, str]] = {"missing": PALETTE["missing"], "hidden": PALETTE["hidden"]}
INK: Final = PALETTE["pattern"]
"""Of patterns over a colour; over a dark one they are white."""
OUTLINE: Final = PALETTE["outline"]
_BLANK: Final = "#ffffff"
_DARK: Final = 0.32
_LONGEST_LABEL: Final = 4
_SIMPLIFIED: Final = 600.0
_LABEL_TOLERANCE: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """One area as it is drawn.

    Parameters
    ----------
    label
        What stands on the map and before the name in the margin.
    spot
        Where the label goes, in the coordinates of the map.
    colour, patterns
        The fill, and what lies over it or stands for it.
    """

    code: str
    name: str
    label: str
    shape: shapely.Geometry
    spot: tuple[float, float]
    colour: str = _BLANK
    patterns: tuple[Pattern, ...] = ()


class _Drawn(TypedDict):
    colour: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, kw_only=True)
class Key:
    """One line of a legend."""

    label: str
    colour: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, kw_only=True)
class StaticMap:
    """One static map and every word on it.

    Parameters
    ----------
    code
        The theme's, which is also the file's name.
    kicker, title, about, credit
        The run, what of it is shown, how to read it, and where it comes from.
    mark
        That the figures are made up; empty where they are not.
    """

    code: str
    kicker: str
    title: str
    about: str
    places: tuple[Place, ...]
    keys: tuple[Key, ...]
    credit: str
    mark: str


def static_maps(publication: Publication, *, only: Iterable[str] | None = None) -> list[StaticMap]:
    """Return a map of the latest period for every theme that has a figure.

    Parameters
    ----------
    only
        Codes of the themes to plan; by default the index, every dimension and indicator, the
        change and how sure the index is.
    """
    layers = list(area_layers(publication, publication.periods[-1:]))
    by_name = {layer.name: layer for layer in layers}
    themes = [theme for layer in layers for theme in layer_themes(layer, publication)]
    places = _places(publication.areas)
    return [
        _plan(theme, by_name[theme.layer], publication, places)
        for theme in sorted(themes, key=lambda theme: _place_in_order(theme.code, publication))
        if (only is None or theme.code in set(only))
        and by_name[theme.layer].frame[theme.column].notna().any()
    ]


def _place_in_order(code: str, publication: Publication) -> int:
    dimensions = publication.catalogue.dimensions
    order = [INDEX, *(d.code for d in dimensions), *publication.catalogue.codes, CHANGE, QUALITY]
    return order.index(code)


@dataclass(frozen=True)
class Placing:
    """From metres to the units of a drawing, from its upper left corner."""

    x: float
    y: float
    scale: float

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points on the page."""
        return points * (self.scale, -self.scale) + (self.x, self.y)


def _places(areas: gpd.GeoDataFrame) -> list[Place]:
    """Return the areas, still without colour; neighbours keep one border when simplified."""
    codes = area_order(areas.index)
    whole = areas.loc[codes].geometry.to_numpy()
    # Finer than what a printed map as wide as a page can show.
    west, _, east, _ = areas.total_bounds
    shapes = shapely.coverage_simplify(whole, tolerance=(east - west) / _SIMPLIFIED / 2)
    spots = shapely.get_point(shapely.maximum_inscribed_circle(whole, _LABEL_TOLERANCE), 0)
    is_short = all(len(code) <= _LONGEST_LABEL for code in codes)
    return [
        Place(
            code=code,
            name=str(areas["name"][code]),
            label=code if is_short else str(number),
            shape=shape,
            spot=(spot.x, spot.y),
        )
        for number, (code, shape, spot) in enumerate(zip(codes, shapes, spots, strict=True), 1)
    ]


def _plan(theme: Theme, layer: Layer, publication: Publication, places: list[Place]) -> StaticMap:
    words = load_words(publication.lang)
    frame = layer.frame.set_index(f"{layer.level}_kod")
    met = [(rule, meets(rule.test, frame)) for rule in rules_of(theme)]
    looks = {
        place.code: [rule.look for rule, areas in met if areas[place.code]] for place in places
    }
    # Every class is in the legend, and of the patterns those that are on the map.
    keys = [rule for rule, areas in met if isinstance(rule.look, Shade) or areas.any()]
    return StaticMap(
        code=theme.code,
        kicker=publication.title,
        title=title(theme, publication),
        about=theme.noted(about(theme, publication, words)),
        places=tuple(replace(place, **_drawn(looks[place.code])) for place in places),
        keys=tuple(Key(label=rule.label, **_drawn([rule.look])) for rule in keys),
        credit=_credit(theme.code, publication, words),
        mark=words.say("html.synthetic") if publication.synthetic else "",
    )


def _drawn(looks: Sequence[Shade | Pattern]) -> _Drawn:
    """Return the colour of some looks together, and the patterns over it."""
    patterns = tuple(look for look in looks if not isinstance(look, Shade))
    shades = [look.colour for look in looks if isinstance(look, Shade)]
    fills = [FILLS[each] for each in patterns if each in FILLS]
    return {"colour": (*shades, *fills, _BLANK)[0], "patterns": patterns}


def title(theme: Theme, publication: Publication) -> str:
    """Return a title that stands by itself, away from the page it was made for."""
    if theme.code == INDEX:
        name = publication.catalogue.index.title(publication.lang)
        return f"{name} {publication.periods[-1]}"
    return theme.title


def _ends(publication: Publication) -> tuple[str, str]:
    table = publication.tables[CHANGE]
    return str(table["first"].iloc[0]), str(table["last"].iloc[0])


def about(theme: Theme, publication: Publication, words: Words) -> str:
    """Say how a map is read, in a sentence or two."""
    catalogue = publication.catalogue
    if theme.code in catalogue.codes:
        indicator = catalogue[theme.code]
        kind = "share" if is_fitted(theme.code, publication) else "share_median"
        share = words.say(
            f"pictures.{kind}",
            numerator=indicator.numerator,
            denominator=indicator.denominator,
            city=publication.city,
            base=publication.base_period,
        )
        years = reader_of(publication).references(theme.code, publication.periods[-1])
        return (
            f"{share} {words.say('page.theme_years', years=', '.join(years))}" if years else share
        )
    if theme.code == CHANGE:
        first, last = _ends(publication)
        return words.say("page.theme_change_about", first=first, last=last)
    key = "pictures.quality" if theme.code == QUALITY else "html.meaning"
    return words.say(key, city=publication.city, base=publication.base_period)


def _credit(code: str, publication: Publication, words: Words) -> str:
    """Name the sources of what is shown: of one indicator, or of all."""
    used = [s for s in publication.sources if code in s.indicators] or list(publication.sources)
    if code not in publication.catalogue.codes:
        used = list(publication.sources)
    by_publisher: dict[str, list[str]] = {}
    for source in used:
        by_publisher.setdefault(source.publisher, []).append(source.name)
    named = [
        words.say("qgis.source", publisher=publisher, names=", ".join(names))
        if publisher
        else ", ".join(names)
        for publisher, names in by_publisher.items()
    ]
    sources = words.say("qgis.sources", sources="; ".join(named)) + "." if named else ""
    created = words.say("html.created", created=publication.created) if publication.created else ""
    return f"{sources} {created} {words.say('pictures.care')}".strip()


def line_colour(pattern: Pattern, colour: str) -> str:
    """Return the colour of a pattern that is seen on a fill.

    Examples
    --------
    >>> line_colour("partial", "#6e3c05"), line_colour("partial", "#dcb368")
    ('#ffffff', '#26323c')
    """
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return LINES.get(pattern) or (_BLANK if light < _DARK else INK)

"""The planners' map: one HTML file that asks nothing of any network.

folium draws the areas and is told no word about them: it runs what stands in attributes as script
in the browser, and its templates are read twice, so that a code such as ``{{…}}`` would run in
Python. Names, figures and words travel as JSON and reach the page as text only, and the page's
own policy lets no script run but the ones written here.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import folium
import shapely
from branca.element import Figure
from folium.template import Template
from markupsafe import Markup

from geolyft.export.cells import area_order
from geolyft.export.classes import COLOURS, PLACES
from geolyft.export.schemes import CHANGE, INDEX
from geolyft.export.web.content import page_content
from geolyft.export.web.page import environment, json_text, one_newline, own, policy
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication

WEB_CRS: Final = "EPSG:4326"
COORDINATE_DECIMALS: Final = 6
"""A tenth of a metre: more would only be bytes."""
GENERALISE_METRES: Final = 8.0
"""Half a pixel at the deepest zoom the page allows."""
_SCRIPTS: Final = ("panel.js", "tabell.js", "karta.js")
_LABEL_TOLERANCE: Final = 10.0


class _AreaMap(folium.Map):
    """A folium map that loads nothing and says nothing but its own two calls."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as folium declares them
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {%- macro html(this, kwargs) %}<div id="{{ this.get_name() }}"></div>{% endmacro %}
        {%- macro script(this, kwargs) -%}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        {%- endmacro %}
        """
    )

    def get_name(self) -> str:
        """Return the id of the map, the same in every run."""
        return "karta"


class _AreaLayer(folium.GeoJson):
    """The areas, with a name that is the same in every run."""

    def get_name(self) -> str:
        """Return the variable that holds the layer."""
        return "omraden"


def write_map(publication: Publication, path: Path) -> None:
    """Write the map of a publication as one HTML file.

    The page shows one theme at a time, each with its own legend, and the same figures as a table.
    It works without a network, by keyboard and in print, and the same publication gives the same
    bytes.

    Parameters
    ----------
    publication
        The published result; only the columns the page shows are in the file.
    path
        Where to write; its folder exists.

    Examples
    --------
    >>> from geolyft.export.webmap import write_map
    >>> write_map(publication, Path("out/karta.html"))  # doctest: +SKIP
    """
    path.write_bytes(render_map(publication).encode("utf-8"))


def render_map(publication: Publication) -> str:
    """Return the page as text; see ``write_map``."""
    shapes = _generalise(publication.areas)
    content = page_content(publication, labels=_labels(shapes))
    drawing = _draw(shapes)
    scripts = [_leaflet("leaflet.js"), drawing, *(own(name) for name in _SCRIPTS)]
    styles = [_leaflet("leaflet.css"), own("karta.css")]
    return (
        environment()
        .get_template("karta.html")
        .render(
            publication=publication,
            say=load_words(publication.lang).say,
            words=load_words(publication.lang),
            themes=_theme_groups(publication, content),
            table=_table(publication, content),
            content=content,
            colours=list(enumerate(COLOURS)),
            darkest=(0, len(PLACES) - 1),
            policy=policy(scripts, styles),
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - ours and Leaflet's own
            styles=[Markup(style) for style in styles],  # noqa: S704
            data=Markup(json_text(content)),  # noqa: S704 - escaped by json_text
        )
    )


def _generalise(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Simplify the areas together, so that neighbours keep one border, in order of code."""
    ordered = areas.loc[area_order(areas.index), ["name", "geometry"]]
    ordered["geometry"] = shapely.coverage_simplify(
        ordered.geometry.to_numpy(), tolerance=GENERALISE_METRES
    )
    return ordered


def _labels(shapes: gpd.GeoDataFrame) -> dict[str, list[float]]:
    """Return where each area's label goes: the middle of its widest part, as (lat, lon)."""
    widest = shapely.get_point(
        shapely.maximum_inscribed_circle(shapes.geometry.to_numpy(), _LABEL_TOLERANCE), 0
    )
    points = shapes.set_geometry(widest, crs=shapes.crs).geometry.to_crs(WEB_CRS)
    return {
        str(code): [round(point.y, COORDINATE_DECIMALS), round(point.x, COORDINATE_DECIMALS)]
        for code, point in points.items()
    }


def _draw(shapes: gpd.GeoDataFrame) -> str:
    """Return folium's script for the map and its areas, which carry their place in the order."""
    geometry = shapes.geometry.to_crs(WEB_CRS)
    west, south, east, north = geometry.total_bounds
    area_map = _AreaMap(
        location=[round((south + north) / 2, 4), round((west + east) / 2, 4)],
        tiles=None,
        zoom_start=11,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        zoom_animation=False,
        fade_animation=False,
        inertia=False,
        scroll_wheel_zoom=False,
    )
    layer = _AreaLayer(
        {
            "type": "FeatureCollection",
            "features": [_feature(place, shape) for place, shape in enumerate(geometry)],
        },
        # Leaflet would simplify each area by itself and open gaps between neighbours.
        smooth_factor=0,
        control=False,
    )
    layer.add_to(area_map)
    figure = Figure()
    figure.add_child(area_map)
    figure.render()
    return figure.script.render()


def _feature(place: int, shape: shapely.Geometry) -> dict[str, object]:
    rounded = shapely.transform(shape, lambda points: points.round(COORDINATE_DECIMALS))
    return {
        "type": "Feature",
        "properties": {"place": place},
        "geometry": shapely.geometry.mapping(rounded),
    }


def _leaflet(name: str) -> str:
    """Return a file of the installed Leaflet without what would ask for another file."""
    text = (files("js_lib_leaflet") / "static" / "js_lib_leaflet" / name).read_text("utf-8")
    text = re.sub(r"//# sourceMappingURL=\S+", "", text)
    # Images of markers and layer controls, of which the page has none, and old Explorer's VML.
    text = re.sub(r"[\w-]+:\s*url\([^)]*\)\s*;", "", text) if name.endswith(".css") else text
    return one_newline(text)


def _theme_groups(
    publication: Publication, content: Mapping[str, object]
) -> list[dict[str, object]]:
    """Return the themes as the list shows them: the index, then a group per dimension."""
    themes: list[dict[str, object]] = content["themes"]  # type: ignore[assignment]
    by_code = {theme["code"]: theme for theme in themes}
    change = [by_code[CHANGE]] if CHANGE in by_code else []
    groups: list[dict[str, object]] = [{"head": by_code[INDEX], "parts": change}]
    groups += [
        {
            "head": by_code[dimension.code],
            "parts": [by_code[i.code] for i in publication.catalogue.of(dimension.code)],
        }
        for dimension in publication.catalogue.dimensions
    ]
    return groups


def _table(publication: Publication, content: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the rows of the table as they stand before any script has run."""
    words = load_words(publication.lang)
    values: dict[str, dict[str, dict[str, dict[str, object]]]] = content["values"]  # type: ignore[assignment]
    themes = [INDEX, *(dimension.code for dimension in publication.catalogue.dimensions)]
    period = publication.periods[-1]
    names = {CITY: publication.city, **publication.areas["name"].to_dict()}
    rows = []
    for code in [CITY, *area_order(publication.areas.index)]:
        cells = [values[theme][period][code] for theme in themes]
        texts = [words.number(cell["value"]) or _absent(cell, publication) for cell in cells]  # type: ignore[arg-type]
        rows.append({"code": "" if code == CITY else code, "name": names[code], "texts": texts})
    return rows


def _absent(cell: Mapping[str, object], publication: Publication) -> str:
    is_hidden = "hidden" in str(cell["status"]).split("+")
    key = "status_hidden" if is_hidden else "status_missing"
    return load_words(publication.lang).say(f"page.{key}")

"""The planners' map: one HTML file that asks nothing of any network.

folium opens the map and is told no word about what is on it: it runs what stands in attributes as
script in the browser, and its templates are read twice, so that a code such as ``{{…}}`` would run
in Python. Shapes, names, figures and words travel as JSON and reach the page as text only, and the
page's own policy lets no script run but the ones written here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import folium
from branca.element import Figure
from folium.template import Template
from markupsafe import Markup

from geolyft.export.figures.reader import reader_of
from geolyft.export.html.beside import MAP, pages_beside
from geolyft.export.html.page import environment, json_text, one_newline, package_text, policy
from geolyft.export.web.bundle import bundle
from geolyft.export.web.content import page_content
from geolyft.export.web.levels import WEB_CRS, generalise
from geolyft.export.web.opening import first_table, theme_groups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication

_STYLES: Final = (
    "base",
    "frame",
    "choices",
    "map",
    "legend",
    "findings",
    "panel",
    "compare",
    "take",
    "table",
    "narrow",
    "phone",
    "dark",
    "print",
)


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


@dataclass(frozen=True, kw_only=True)
class Siblings:
    """What lies beside the map in its delivery, for the map to lead to.

    Parameters
    ----------
    profiles
        The file names of the areas' pages, without ending, by code.
    files
        The workbook, where there is one.
    """

    profiles: Mapping[str, str]
    files: tuple[str, ...] = ()


def write_map(publication: Publication, path: Path, *, siblings: Siblings | None = None) -> None:
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
    siblings
        What the page may lead to; a map that stands alone leads nowhere.

    Examples
    --------
    >>> from geolyft.export.web.page import write_map
    >>> write_map(publication, Path("out/karta.html"))  # doctest: +SKIP
    """
    path.write_bytes(render_map(publication, siblings).encode("utf-8"))


def render_map(publication: Publication, siblings: Siblings | None = None) -> str:
    """Return the page as text; see ``write_map``."""
    reader = reader_of(publication)  # held, so that every part of the page asks the same one
    words = reader.words
    shapes = {each.division: generalise(each.areas) for each in (publication, *publication.inner)}
    content = page_content(publication, shapes=shapes)
    if siblings is not None:
        content["profiles"] = [siblings.profiles[code] for code in reader.codes]
    drawing = _draw(shapes[publication.division])
    scripts = [_leaflet("leaflet.js"), drawing, page_script()]
    styles = [_leaflet("leaflet.css"), *(package_text(f"web/karta/{name}.css") for name in _STYLES)]
    return (
        environment()
        .get_template("web/karta.html")
        .render(
            publication=publication,
            say=words.say,
            words=words,
            themes=theme_groups(publication, content),
            table=first_table(publication),
            content=content,
            beside=[] if siblings is None else pages_beside(publication, MAP, files=siblings.files),
            version=version("geolyft"),
            policy=policy(scripts, styles),
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - ours and Leaflet's own
            styles=[Markup(style) for style in styles],  # noqa: S704
            data=Markup(json_text(content)),  # noqa: S704 - escaped by json_text
        )
    )


@cache
def page_script() -> str:
    """Return our own script of the page: ``start.js`` and all it imports."""
    return bundle("start", lambda name: package_text(f"web/karta/{name}.js"))


def _draw(shapes: gpd.GeoDataFrame) -> str:
    """Return folium's script for the map, over the middle of the areas."""
    west, south, east, north = shapes.geometry.to_crs(WEB_CRS).total_bounds
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
    figure = Figure()
    figure.add_child(area_map)
    figure.render()
    return figure.script.render()


def _leaflet(name: str) -> str:
    """Return a file of the installed Leaflet without what would ask for another file."""
    text = (files("js_lib_leaflet") / "static" / "js_lib_leaflet" / name).read_text("utf-8")
    text = re.sub(r"//# sourceMappingURL=\S+", "", text)
    # Images of markers and layer controls, of which the page has none, and old Explorer's VML.
    text = re.sub(r"[\w-]+:\s*url\([^)]*\)\s*;", "", text) if name.endswith(".css") else text
    return one_newline(text)

"""Styles for web maps of cities: Origo's, Hajk's, and SLD for what a map server draws.

They are made from the same themes as the styles of QGIS, so that a class, a colour and a word mean
the same in every map.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.themes import all_themes
from geolyft.export.formats.origo import origo_config, style_name
from geolyft.export.geo.sld import sld

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

_FOLDER: Final = "webbstilar"


def write_web_styles(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``webbstilar/origo.json``, ``hajk.json`` and an SLD for every theme.

    Origo draws the files of the format ``geojson``. Hajk, and map servers, draw layers that a
    server publishes from the GeoPackage, in the map's own CRS.

    Parameters
    ----------
    folder
        The delivery's; ``webbstilar`` is made in it.
    """
    themes = all_themes(layers, publication)
    place = folder / _FOLDER
    place.mkdir()
    _write(place / "origo.json", _json(origo_config(themes, layers, publication)))
    _write(place / "hajk.json", _json(hajk_config(themes, layers)))
    of = {layer.name: layer for layer in layers}
    for theme in themes:
        _write(place / f"{style_name(theme)}.sld", sld(of[theme.layer], theme))


def hajk_config(themes: Sequence[Theme], layers: Sequence[Layer]) -> dict[str, object]:
    """Return ``vectorlayers`` of a Hajk map: a layer for each theme, with its SLD in it.

    What only the city knows is empty: ``url``, the address of the server's WFS. ``layer`` may need
    the server's workspace before it. Hajk looks for the style by name, so ``sldStyle`` is that of
    the SLD.
    """
    of = {layer.name: layer for layer in layers}
    return {
        "vectorlayers": [
            {
                "id": style_name(theme),
                "caption": theme.title,
                "infoText": theme.noted(of[theme.layer].abstract),
                "dataFormat": "GeoJSON",
                "url": "",
                "layer": theme.layer,
                "projection": of[theme.layer].frame.crs.to_string(),
                "sldStyle": theme.code,
                "sldText": sld(of[theme.layer], theme),
                "queryable": True,
                "opacity": 1,
                "visibleAtStart": False,
            }
            for theme in themes
        ]
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))

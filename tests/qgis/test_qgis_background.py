"""A background in real QGIS: under the areas, in every map theme, and its names when near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from qgis_check import ask
from shapely import LineString, Point, box
from web_publication import publish

from geolyft.divisions.background import Background
from geolyft.export.figures.palette import PALETTE, SCALE
from geolyft.export.figures.themes import all_themes
from geolyft.export.geo.geopackage import write_geopackage
from geolyft.export.layers.build import all_layers
from geolyft.export.qgis.project import arrange, write_project
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication


def surrounded() -> Publication:
    """Areas with a sea beside them, a road through them and a square."""
    areas = publish().areas
    west, south, east, north = areas.total_bounds
    shapes = {
        "vagar": ("road", LineString([(west, (south + north) / 2 + 1), (east, north)])),
        "vatten": ("water", box(west - 800, south, west, north)),
        "platser": ("place", Point(east, north)),
    }
    layers = (
        Background(
            code=code,
            kind=kind,  # type: ignore[arg-type]
            frame=gpd.GeoDataFrame({"namn": [code]}, geometry=[shape], crs=areas.crs),
        )
        for code, (kind, shape) in shapes.items()
    )
    return publish(background=tuple(layers))


@pytest.mark.usefixtures("qgis")
def test_a_background_is_seen_through_the_areas_and_in_every_map_theme(tmp_path: Path) -> None:
    publication = surrounded()
    layers = all_layers(publication, crs=3008)
    themes = all_themes(layers, publication)
    arranged = arrange(layers, themes, publication, load_words("sv"))
    stored = [*layers, arranged.listed]
    write_geopackage(stored, themes, tmp_path / "omradeslyft.gpkg", publication)
    write_project(arranged, tmp_path / "omradeslyft.qgz", publication=publication, crs=3008)
    draw = {"do": "theme", "name": "Index", "width": 300, "height": 220}
    (answer,) = ask([{"open": str(tmp_path / "omradeslyft.qgz"), "steps": [draw]}])
    named = {layer["name"]: layer for layer in answer["layers"]}
    assert all(named[name]["valid"] for name in ("Vägar", "Vatten", "Platser"))
    assert named["Platser"]["labels"] == '"namn"'
    assert {*map(str.lower, answer["steps"][0]["colours"])} >= {PALETTE["water"]}
    # Over the areas a class's colour is still its own, though it is multiplied with what is below.
    assert set(SCALE) & {*map(str.lower, answer["steps"][0]["colours"])}


def test_a_background_is_a_layer_of_its_own_shape_and_has_no_theme() -> None:
    publication = surrounded()
    layers = all_layers(publication)
    made = {each.name: each for each in layers if each.about == "bakgrund"}
    assert {name: layer.geometry_type for name, layer in made.items()} == {
        "bakgrund_vagar": "LineString",
        "bakgrund_vatten": "Polygon",
        "bakgrund_platser": "Point",
    }
    assert not {theme.layer for theme in all_themes(layers, publication)} & set(made)

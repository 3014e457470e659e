"""SLD in real QGIS, which knows other names of hatches: what they say is told by edges there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from qgis_check import ask
from web_publication import publish

from geolyft.export.figures.themes import QUALITY, all_themes
from geolyft.export.geo.geopackage import write_geopackage
from geolyft.export.geo.sld import sld
from geolyft.export.layers.build import all_layers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.usefixtures("qgis")
def test_each_pattern_is_told_by_an_edge_of_its_own(tmp_path: Path) -> None:
    publication = publish()
    layers = all_layers(publication)
    themes = all_themes(layers, publication)
    write_geopackage(layers, themes, tmp_path / "a.gpkg", publication)
    theme = next(each for each in themes if each.code == QUALITY)
    theme = replace(theme, partial="some")
    (layer,) = (each for each in layers if each.name == theme.layer)
    (tmp_path / "a.sld").write_text(sld(layer, theme), encoding="utf-8")
    step = {"do": "sld", "name": layer.name, "file": str(tmp_path / "a.sld")}
    (answer,) = ask([{"open": str(tmp_path / "a.gpkg"), "layers": [layer.name], "steps": [step]}])
    edges = answer["steps"][0]["edges"]
    assert {edges[shade.label] for shade in theme.shades} == {"solid"}
    patterns = ("missing", "hidden", "partial", "unsure")
    assert [edges[theme.labels[each]] for each in patterns] == ["dot", "dash dot", "dash", "dot"]

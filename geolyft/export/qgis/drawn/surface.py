"""Surfaces of cells in a project: the GeoTIFF beside it, in classes, off until somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.export.figures.palette import MANY
from geolyft.export.qgis.document import crs_element, element, identifier
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

_PARTS: Final = (0.15, 0.4, 0.7)
"""Where classes end, of the highest value."""
_WHOLE: Final = 5
"""From this on a limit is said without decimals."""
_OPAQUE: Final = 200
_LEAST_SHOWN: Final = 0.01
"""What is lower than this share of the highest is the kernel's tail, and not drawn."""


@dataclass(frozen=True)
class Surface:
    """A surface of a project.

    Parameters
    ----------
    file
        Its GeoTIFF, beside the project.
    """

    file: str
    figures: GridFigures
    words: Words

    @property
    def name(self) -> str:
        """What people see in the list of layers."""
        return self.words.say(f"qgis.surface_{self.figures.indicator}")

    @property
    def layer_id(self) -> str:
        """Its id."""
        return identifier(self.file, "surface")

    @property
    def classes(self) -> list[tuple[float, str, str, int]]:
        """Up to which value each class goes, its words, colour, and how opaque it is."""
        top = float(np.nanmax(self.figures.values))
        ends = [float(f"{part * top:.2g}") for part in _PARTS]
        said = [self.words.number(end, decimals=0 if end >= _WHOLE else 2) for end in ends]
        between = [
            self.words.say("qgis.surface_between", low=low, high=high)
            for low, high in pairwise(said)
        ]
        least, most = (
            self.words.say("qgis.surface_least", high=said[0]),
            self.words.say("qgis.surface_most", low=said[-1]),
        )
        highs = [*ends, float("inf")]
        shown = zip(highs, [least, *between, most], MANY, strict=True)
        return [(_LEAST_SHOWN * top, "", MANY[0], 0), *((*each, _OPAQUE) for each in shown)]

    def leaf(self) -> Element:
        """Return its line in the list of layers."""
        return element(
            "layer-tree-layer",
            element("customproperties"),
            id=self.layer_id,
            name=self.name,
            source=f"./{self.file}",
            providerKey="gdal",
            checked="Qt::Unchecked",
            expanded="0",
            legend_exp="",
            patch_size="-1,-1",
        )

    def layer(self) -> Element:
        """Return the layer of the project."""
        items = [
            element("item", alpha=str(alpha), label=label, value=repr(high), color=colour)
            for high, label, colour, alpha in self.classes
        ]
        shader = element(
            "colorrampshader",
            *items,
            colorRampType="DISCRETE",
            classificationMode="1",
            minimumValue="0",
            maximumValue=repr(self.classes[-2][0]),
            clip="0",
        )
        drawn = element(
            "rasterrenderer",
            element("rastershader", shader),
            type="singlebandpseudocolor",
            opacity="1",
            band="1",
            alphaBand="-1",
            nodataColor="",
        )
        epsg = self.figures.crs.to_epsg()
        return element(
            "maplayer",
            element("id", text=self.layer_id),
            element("datasource", text=f"./{self.file}"),
            element("layername", text=self.name),
            element("abstract", text=self.words.say("qgis.surface_about")),
            element("srs", crs_element(epsg)) if epsg else None,
            element("provider", text="gdal"),
            element("pipe", drawn),
            type="raster",
        )


def surfaces_of(publication: Publication) -> list[Surface]:
    """Return the surfaces of a delivery."""
    words = load_words(publication.lang)
    return [Surface(file, figures, words) for file, figures in publication.surfaces.items()]


def surface_group(surfaces: Sequence[Surface]) -> Iterator[Element]:
    """Yield the group of surfaces in the list of layers, where there are any."""
    if surfaces:
        yield element(
            "layer-tree-group",
            element("customproperties"),
            *(each.leaf() for each in surfaces),
            name=surfaces[0].words.say("qgis.group_surfaces"),
            checked="Qt::Unchecked",
            expanded="0",
        )

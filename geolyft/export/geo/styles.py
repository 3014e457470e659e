"""The styles of a delivery's layers as rows, as QGIS keeps them in ``layer_styles``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geolyft.export.geo.sld import sld
from geolyft.export.qgis.drawn.style import qml
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

GEOMETRY: str = "geom"
"""The column of geometry in a database."""


class Style(NamedTuple):
    """A style of a layer: QGIS loads the default one by itself, the others are there to choose."""

    table: str
    geometry: str
    name: str
    qml: str
    sld: str
    is_default: bool
    description: str


def styles_of(
    layers: Sequence[Layer],
    themes: Sequence[Theme],
    publication: Publication,
    *,
    slds: bool = False,
) -> Iterator[Style]:
    """Yield every style of every layer, and one of each table, for the titles of its fields.

    Parameters
    ----------
    themes
        Of every layer with geometry; a layer's first is its default.
    slds
        Whether each has its SLD too: QGIS never reads it, and it doubles a file.
    """
    words, latest = load_words(publication.lang), publication.periods[-1]
    for layer in layers:
        of = [theme for theme in themes if theme.layer == layer.name]
        # The others of an earlier period are, letter for letter, those of the latest.
        of = of[:1] if layer.period not in ("", latest) else of
        for place, theme in enumerate(of or [None]):
            yield Style(
                table=layer.name,
                geometry=GEOMETRY if layer.is_spatial else "",
                name=theme.code if theme else layer.name,
                qml=qml(layer, theme, words, whole=place == 0),
                sld=sld(layer, theme) if theme and slds else "",
                is_default=place == 0,
                description=theme.noted(theme.title) if theme else layer.title,
            )

"""What is measured: the catalogue of indicators, their measures, and counts made figures."""

from geolyft.indicators.catalogue import (
    Catalogue,
    Dimension,
    Direction,
    IndexName,
    Indicator,
    Language,
    Question,
    load_catalogue,
)

__all__ = [
    "Catalogue",
    "Dimension",
    "Direction",
    "IndexName",
    "Indicator",
    "Language",
    "Question",
    "load_catalogue",
]

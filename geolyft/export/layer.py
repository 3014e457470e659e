"""One layer or table of a delivery: its rows, and what every field of it means.

Writers of all formats take this and read nothing else, so that a field has the same name, type,
title and explanation in QGIS, in Excel and in a web map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.columns import Kind

About = Literal[
    "index",
    "tid",
    "indikatorer",
    "forandring",
    "granser",
    "bakgrund",
    "kapitel",
    "observationer",
    "granskning",
    "kartteman",
    "tabell",
]
"""What the rows of a layer or table are about; ``kapitel`` is what a stage adds, ``bakgrund`` what
readers know their way by."""
GEOMETRY: Final = "geometry"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column, as people meet it.

    Parameters
    ----------
    name
        The column's own name, the same in every run and language.
    kind
        The type it is written as, also when every cell is empty.
    alias
        What people see instead of the name.
    comment
        What it means, in a sentence, with its unit.
    decimals
        How many a number is shown with.
    """

    name: str
    kind: Kind
    alias: str
    comment: str
    decimals: int = 1


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer or table.

    Parameters
    ----------
    name
        Of the layer in the GeoPackage, such as ``geso_index`` or ``deso_index_2023``.
    about
        What its rows are.
    level
        What one area of it is called: ``geso``, ``deso``; empty for tables.
    period
        The edition it is of; empty where it is of several.
    title, abstract
        For readers, in the run's language.
    frame
        The rows. A `GeoDataFrame` with MultiPolygon or MultiLineString in its CRS for a layer, a
        `DataFrame` for a table; every column but the geometry has a field, in the same order.
    fields
        What the columns are.
    """

    name: str
    about: About
    level: str
    period: str
    title: str
    abstract: str
    frame: pd.DataFrame
    fields: tuple[Field, ...]

    @property
    def is_spatial(self) -> bool:
        """Whether the rows have geometry."""
        return isinstance(self.frame, gpd.GeoDataFrame)

    @property
    def geometry_type(self) -> str | None:
        """Of areas MultiPolygon, of borders MultiLineString, of a background its own; or none."""
        if not isinstance(self.frame, gpd.GeoDataFrame):
            return None
        kind = str(self.frame.geom_type.iloc[0]) if len(self.frame) else ""
        if self.about == "bakgrund" or kind == "Point":
            return kind
        return "MultiLineString" if self.about == "granser" else "MultiPolygon"

    def with_frame(self, frame: pd.DataFrame) -> Layer:
        """Return the same layer with other rows, such as in another CRS."""
        return replace(self, frame=frame)

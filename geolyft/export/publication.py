"""What may leave the program: published frames and the words that go with them, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from geolyft.indicators.catalogue import Catalogue, Language

INDEX_COLUMNS: Final = ("area", "name", "period", "index")
"""Columns of the index table before the dimensions; one row per area and period, city first."""
INDEX_COLUMNS_AFTER: Final = ("rank_low", "rank_high", "n_indicators", "status")
SCORE_COLUMNS: Final = (
    "area",
    "period",
    "indicator",
    "score",
    "weight",
    "contribution",
    "difference",
    "status",
)
"""One row per area, period and indicator with a score.

``contribution`` is weight × score: the contributions of an area sum to its index.
``difference`` is weight × (score − 100): what pulls the index above or below the base-year city.
"""


@dataclass(frozen=True, kw_only=True)
class SourceNote:
    """Where figures come from, as shown to readers."""

    name: str
    publisher: str = ""
    licence: str = ""
    note: str = ""
    indicators: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One run's published result. Writers take this and read nothing else.

    Parameters
    ----------
    title, city
        Shown as they are; plain text.
    division
        What one area is called in the layer names, such as ``geso``.
    periods
        Editions, oldest first; the last is shown first on a map.
    areas
        Index of text codes; columns ``name`` and ``geometry``; metric CRS.
    observations
        Published observations, canonical columns, the city's rows included.
    index
        ``INDEX_COLUMNS``, one column per dimension, ``INDEX_COLUMNS_AFTER``.
    scores
        ``SCORE_COLUMNS``.
    population
        ``area, period, population``, published.
    tables
        What stands behind the index, by name; see `geolyft.pipeline.tables.analyse`.
    stories
        Area to plain sentences about it, of the latest period.
    inner
        The same result on smaller areas inside the areas, without tables of their own.
    """

    title: str
    city: str
    lang: Language
    division: str
    catalogue: Catalogue
    base_period: str
    periods: tuple[str, ...]
    synthetic: bool
    areas: gpd.GeoDataFrame
    observations: pd.DataFrame
    index: pd.DataFrame
    scores: pd.DataFrame
    scales: pd.DataFrame
    population: pd.DataFrame
    sources: tuple[SourceNote, ...]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    stories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inner: tuple[Publication, ...] = ()
    warnings: tuple[str, ...] = ()
    created: str = ""
    provenance: Mapping[str, object] = field(default_factory=dict)

"""What may leave the program: published frames and the words that go with them, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from geolyft.columns import shipped
from geolyft.shown import Shown, index_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geolyft.columns import Columns
    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.divisions.background import Background
    from geolyft.divisions.gazetteer.places import Place
    from geolyft.export.chapter import Chapter
    from geolyft.indicators.catalogue import Catalogue, Language

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


@dataclass(frozen=True, kw_only=True, repr=False)
class Publication(Shown):
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
        The columns of `index_columns`; a row per area and period, the city first.
    scores
        ``SCORE_COLUMNS``.
    population
        ``area, period, population``, published.
    tables
        What stands behind the index, by name; see `geolyft.pipeline.scoring.tables.analyse`.
    stories
        Area to plain sentences about it, of the latest period.
    chapters
        What the stages after scoring declare; their rows are in ``tables``.
    surfaces
        Figures on a grid, by the file that each becomes.
    warnings
        What a reader has to know of the figures.
    set_aside
        Which rows of files are no data, for whoever made the run.
    audit
        What the audit of all that is published found, where there was one.
    inner
        The same result on smaller areas inside the areas, without tables of their own.
    places
        Names that readers may know the areas by, such as streets; none where none are known.
    created, contact
        The day of making, and whom to ask, for readers; empty where nobody has said.
    background
        What tells readers where they are and carries no figure, the uppermost first.
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
    places: tuple[Place, ...] = ()
    background: tuple[Background, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    surfaces: Mapping[str, GridFigures] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    audit: AuditResult | None = None
    created: str = ""
    contact: str = ""
    provenance: Mapping[str, object] = field(default_factory=dict)

    @property
    def columns(self) -> Columns:
        """What every column of every layer and table is."""
        return reduce(or_, (chapter.columns for chapter in self.chapters), shipped())

    def _fields(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("title", "city", "periods", "areas")}

    def _repr_html_(self) -> str:
        """Return the index of the last period."""
        return index_html(self.index, self.title, self.periods[-1])


def index_columns(dimensions: Sequence[str]) -> list[str]:
    """Return the columns of ``index.csv``: those of the layer of the index that scripts know.

    Examples
    --------
    >>> index_columns(["boende"])[:7]
    ['area', 'name', 'period', 'index', 'boende', 'rank_low', 'rank_high']
    """
    return shipped().for_scripts("index", {"dimension": dimensions})

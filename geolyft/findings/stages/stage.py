"""A stage after scoring: from published figures to a table, and what every output makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Protocol

from geolyft.export.chapter import Chapter, MorePages, PageText, ReportBlocks, load_chapter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.resources.abc import Traversable

    import pandas as pd

    from geolyft.indicators.catalogue import Catalogue


class Figures(Protocol):
    """What a stage may read: published frames, and the catalogue."""

    @property
    def observations(self) -> pd.DataFrame:
        """Published observations, the city's rows included."""

    @property
    def index(self) -> pd.DataFrame:
        """The index by area, period and sex."""

    @property
    def scores(self) -> pd.DataFrame:
        """The score of each indicator."""

    @property
    def weighed(self) -> pd.DataFrame:
        """The scores with their weights in each area's index."""

    @property
    def people(self) -> pd.DataFrame:
        """Residents and children, as published."""

    @property
    def catalogue(self) -> Catalogue:
        """The indicators."""


FOLDER: Final = files("geolyft.findings.stages")


@dataclass(frozen=True)
class Stage:
    """One stage: how its table is computed, and where it says what the table is.

    Parameters
    ----------
    code
        Of its table. What it declares stands in ``CODE.toml`` of its `folder`.
    compute
        From `Figures` (a stage of action from `geolyft.action.known.Known`), and what the run file
        says of the stage, to a row per area and period.
    setting
        The run file's section; the stage is left out where the run has none. A stage without a
        section is a part of every run.
    report, pages, more_pages
        See `geolyft.export.chapter.Chapter`.
    folder
        Where the stage's file lies.
    """

    code: str
    compute: Callable[[Any, Any], pd.DataFrame]
    setting: str = ""
    report: ReportBlocks | None = None
    folder: Traversable = FOLDER
    pages: Mapping[str, PageText] = field(default_factory=dict, hash=False)
    more_pages: MorePages | None = None

    @cached_property
    def chapter(self) -> Chapter:
        """What the stage adds to a delivery."""
        path = self.folder / f"{self.code}.toml"
        return load_chapter(
            self.code, path, report=self.report, pages=self.pages, more_pages=self.more_pages
        )

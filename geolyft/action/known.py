"""What a stage of action may read: what a run has published, and the register of efforts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.action.effects.compute import effects_of
from geolyft.action.efforts.located import locate
from geolyft.action.events.rates import rates
from geolyft.action.needs.lowest import COLUMNS, needs_of
from geolyft.action.needs.matrix import THEME, matrix, themes_of
from geolyft.read.values.dates import is_date, span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geolyft.action.effects.panel import Published
    from geolyft.action.effects.registered import Registered
    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.register import Register
    from geolyft.action.settings import EffortsSettings
    from geolyft.indicators.catalogue import Catalogue
    from geolyft.indicators.lens import Lens


@dataclass(frozen=True, kw_only=True)
class EventsKnown:
    """What may be said of a run's events, and how the areas lie.

    Parameters
    ----------
    counts, near
        As published: by area, type and hour, and what repeats near by.
    neighbours
        Codes of the areas around each.
    themes
        By type of event, the themes of the register that meet it.
    """

    counts: pd.DataFrame
    near: pd.DataFrame
    neighbours: Mapping[str, Sequence[str]]
    themes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A register that stands beside a run's published tables.

    Parameters
    ----------
    level
        What the code of one area is called by: ``geso``.
    lenses
        The groups of residents that the run looks at.
    plans, published
        What was to change, and the figures that it is held against.
    events
        What may be said of events.
    """

    register: Register
    places: Gazetteer
    settings: EffortsSettings
    catalogue: Catalogue
    tables: Mapping[str, pd.DataFrame]
    observations: pd.DataFrame
    index: pd.DataFrame
    people: pd.DataFrame
    period: str
    level: str
    lenses: tuple[Lens, ...] = ()
    plans: tuple[Registered, ...] = ()
    published: Published | None = None
    events: EventsKnown | None = None

    @cached_property
    def located(self) -> pd.DataFrame:
        """Where each row of the register is."""
        return locate(self.register, self.places)

    @cached_property
    def effects(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What became of each plan, and its years."""
        if self.published is None:
            raise ValueError("effects are asked for without figures")
        return effects_of(self.plans, self.published)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The counts of events with rates and changes."""
        if self.events is None:
            raise ValueError("events are asked for without a file of them")
        return rates(self.events.counts, self.people)

    @property
    def as_of(self) -> dt.date | None:
        """The day on which efforts are seen; none where nobody says it and the period is none."""
        if self.settings.as_of or not is_date(self.period):
            return self.settings.as_of
        return span(self.period)[1]

    @cached_property
    def themes(self) -> pd.DataFrame:
        """What each row of the register is about."""
        return themes_of(self.register.efforts, self.catalogue)

    @cached_property
    def children(self) -> pd.Series[float]:
        """How many children live in each area, as published."""
        return self.residents("children")

    def residents(self, who: str) -> pd.Series[float]:
        """Return how many of them live in each area in the latest period, as published."""
        people = self.people[self.people["period"] == self.period].set_index("area")[who]
        return people.reindex(list(self.places.areas)).astype("float64")

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """Every area and theme: those of the index, its parts, and those that nobody measures."""
        return self.matrix_of(self.register.efforts)

    def matrix_of(self, efforts: pd.DataFrame) -> pd.DataFrame:
        """Return the matrix with some of the register's rows alone."""
        themes = self.themes
        measured = needs_of(self.tables, self.period)
        codes = [*(each.code for each in self.catalogue.dimensions), *self.catalogue.codes]
        outside = sorted(set(themes[THEME]) - {*codes, "flera", "inget"})
        cells = pd.MultiIndex.from_product([list(self.places.areas), [*codes, *outside]])
        needs = measured.set_index(["area", "what"]).reindex(cells)[COLUMNS[2:]]
        needs = needs.rename_axis(["area", THEME]).reset_index()
        limit = self.settings.limit
        return matrix(needs, efforts, self.located, themes, limit=limit, as_of=self.as_of)

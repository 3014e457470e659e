"""What a run's sources hold on the areas, before anything is protected, and its ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from geolyft.disclosure.inputs import published_input
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.together.pairs import no_pairs
from geolyft.divisions.crosswalks import CROSSWALKS, identity_crosswalk, load_crosswalk
from geolyft.divisions.grouped import coded, merged_crosswalk
from geolyft.frames import POPULATION
from geolyft.indicators.aggregate import COUNT_COLUMNS
from geolyft.read import SCB_MARKS, TextOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geolyft.disclosure.grouping import Merging
    from geolyft.disclosure.protect import Protection
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.read.postgis.table import DatabaseTable
    from geolyft.run_file.sources import Source

Line: TypeAlias = tuple[str, str, str, str]
LINE: Final = ("source", "period", "indicator", "count")
"""What a line of the ledger is of; residents and lenses are an indicator and a count at once."""
# No area code or column of a file can be these: both refuse what starts with a blank.
INPUT: Final = " input"


@dataclass(frozen=True, kw_only=True)
class CountedAreas:
    """A division that a run's sources are placed on.

    Parameters
    ----------
    name
        The shipped division's name, or empty for the run's own areas.
    crosswalk
        How small areas lie in the run's own areas; none for these.
    merging
        Which of them stand together, where the run merges them.
    """

    name: str
    areas: gpd.GeoDataFrame
    crosswalk: Crosswalk | None = None
    merging: Merging | None = None

    @property
    def in_own(self) -> Crosswalk:
        """How they lie in the run's own areas; each of these lies in itself."""
        return self.crosswalk or identity_crosswalk(self.areas)

    def lying_in(self, larger: CountedAreas) -> Crosswalk | None:
        """Return how small areas lie in larger ones that the run publishes, if anything says it."""
        between = (name for name, ends in CROSSWALKS.items() if ends == (self.name, larger.name))
        name = next(between, None)
        if name is None:
            return None
        return merged_crosswalk(load_crosswalk(name), source=self.codes, target=larger.codes)

    @property
    def codes(self) -> dict[str, str]:
        """Each small area to its group's code, where the run merges them."""
        return coded(self.merging.groups) if self.merging else {}


def larger(small: CountedAreas, levels: Sequence[CountedAreas]) -> dict[str, Crosswalk]:
    """Return how small areas lie in each larger level that a run publishes, its own areas last."""
    between = {each.name: small.lying_in(each) for each in levels if each is not small}
    own = {} if small.crosswalk is None else {"": small.crosswalk}
    return {**{name: each for name, each in between.items() if each is not None}, **own}


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One source for one period: a file, and the year its figures describe.

    Parameters
    ----------
    path
        The file, or the table of a database that is read in its place.
    weights
        Of a raster: the raster of what its cells weigh, if it has one.
    protection
        How its numbers of persons are published.
    same_rows_as
        The periods for which the same rows are counted as another year's, and nobody says so.
    """

    source: Source
    period: str
    reference: str
    path: Path | DatabaseTable
    protection: Protection
    weights: Path | None = None
    same_rows_as: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read for it."""
        return tuple(each for each in (self.path, self.weights) if isinstance(each, Path))

    @property
    def to_be_protected(self) -> Protection | None:
        """How its numbers of persons are published, unless somebody else has protected them."""
        return self.protection if self.source.is_open else None

    def options(self) -> TextOptions:
        """Return what the run file says of the file's text."""
        source = self.source
        return TextOptions(
            encoding=source.encoding,
            separator=source.separator,
            decimal=source.decimal,
            thousands=source.thousands,
            footer=source.footer,
            skip_rows=source.skip_rows,
            hidden_rows=source.hidden_rows,
            units=source.units(),
            ages=sorted(source.columns()[1]) if source.kind == "points" else (),
            marks={**SCB_MARKS, **source.marks},
        )

    def input(self, understood: dict[str, object], audit: dict[str, object]) -> dict[str, object]:
        """Return what may be said of what a file was understood to be, and of its rows."""
        key = {"source": self.source.name, "period": self.period, "reference": self.reference}
        same = {"same_rows_as": list(self.same_rows_as)} if self.same_rows_as else {}
        record = {**key, **understood, **same, "placed": audit}
        if self.to_be_protected is None:
            return record
        persons = self.source.kind == "points"
        return published_input(record, self.to_be_protected, persons=persons)

    def counts_as_another_year(self, other: Edition) -> bool:
        """Say whether another edition counts the very same rows as those of another year.

        A raster is of the ground: one survey stands for the years around it.
        """
        if self.source.kind == "raster":
            return False
        rows = (self.path, self.source) == (other.path, other.source)
        said = bool(self.source.measures) and all(m.reference for m in self.source.measures)
        return (
            rows and self.reference != other.reference and not (said and not self.source.population)
        )


@dataclass
class Gathered:
    """What the sources hold, before anything is protected; and what may be said of them.

    Parameters
    ----------
    counts
        Frames of ``COUNT_COLUMNS``, residual included.
    people
        Frames of ``area, period, population, source`` and a column for each lens that the source
        counts, residual included.
    groups
        Counts of each group of a grouping: ``area, period, indicator, group_by, group, numerator,
        denominator, status, source``.
    booked
        What was counted and closes, a ``LINE`` each.
    inputs
        What each file was understood to be, and what became of its rows, as it may be published.
    crosswalks
        SHA-256 of each crosswalk that was used, by its name.
    cells
        Of how many small areas each area's totals are summed.
    small
        Counts of the small areas themselves (``source, period, reference, sex, indicator, part,
        numerator, denominator``), each with the crosswalk that they were moved with. Of what nobody
        has protected there are none.
    pairs
        Persons who are in two figures of a source, see `geolyft.pipeline.counting.pairs`.
    """

    counts: list[Raw[pd.DataFrame]] = field(default_factory=list)
    people: list[Raw[pd.DataFrame]] = field(default_factory=list)
    groups: list[Raw[pd.DataFrame]] = field(default_factory=list)
    booked: list[Line] = field(default_factory=list)
    inputs: list[dict[str, object]] = field(default_factory=list)
    crosswalks: dict[str, str] = field(default_factory=dict)
    cells: list[pd.DataFrame] = field(default_factory=list)
    small: list[tuple[pd.DataFrame, Crosswalk]] = field(default_factory=list)
    pairs: Raw[pd.DataFrame] = field(default_factory=lambda: Raw(no_pairs()))

    def parts(self) -> pd.DataFrame:
        """Return ``source, area, cells``, see `geolyft.certainty.noise.PARTS_COLUMNS`."""
        if not self.cells:
            return pd.DataFrame(columns=["source", "area", "cells"])
        return pd.concat(self.cells, ignore_index=True).drop_duplicates(["source", "area"])

    def book(self, edition: Edition, indicator: str, counts: pd.DataFrame) -> None:
        """Enter counts in the ledger, if they close.

        Parameters
        ----------
        counts
            Index of area codes, ``residual`` and the independent sum ``INPUT``.

        Raises
        ------
        RuntimeError
            When areas and residual do not add up to the input: a bug, never the user's data.
        """
        numbers, is_input = counts.to_numpy(dtype="float64"), counts.index == INPUT
        total = numbers[is_input][0]
        apart = np.nansum(numbers[~is_input], axis=0) - total
        if (np.abs(apart) > 1e-9 * np.abs(total).clip(min=1)).any():
            raise RuntimeError(f"{edition.path.name}: the counts of {indicator} are not kept")
        for name in counts.columns:
            of = str(name) if indicator == POPULATION else indicator
            self.booked.append((edition.source.name, edition.period, of, str(name)))

    def keep(
        self, edition: Edition, counts: pd.DataFrame, reference: str | Sequence[str] | None
    ) -> None:
        """Keep counts with what they are of: one reference year, or one for each row."""
        rows = counts.assign(
            period=edition.period,
            reference=reference or edition.reference,
            source=edition.source.name,
        )
        self.counts.append(Raw(rows[COUNT_COLUMNS]))

    def keep_people(self, edition: Edition, people: pd.DataFrame, total: pd.Series[float]) -> None:
        """Keep residents and those that lenses count per area, the residual included."""
        self.book(edition, POPULATION, pd.concat([people, total.rename(INPUT).to_frame().T]))
        rows = people.rename_axis("area").reset_index()
        self.people.append(Raw(rows.assign(period=edition.period, source=edition.source.name)))

    def keep_groups(self, edition: Edition, name: str, counts: pd.DataFrame) -> None:
        """Keep counts per area and group of a grouping."""
        rows = counts.assign(period=edition.period, source=edition.source.name, group_by=name)
        self.groups.append(Raw(rows))

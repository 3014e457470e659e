"""What a run's sources hold on the areas, before anything is protected, and its ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.frames import RESIDUAL
from geolyft.indicators.aggregate import COUNT_COLUMNS
from geolyft.read import SCB_MARKS, TextOptions

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geolyft.run_file.sources import Source

LEDGER_COLUMNS: Final = ["source", "period", "indicator", "count", "areas", "residual", "city"]
POPULATION: Final = "population"
CHILDREN: Final = "children"
# No area code or column of a file can be these: both refuse what starts with a blank.
INPUT: Final = " input"


@dataclass(frozen=True, kw_only=True)
class CountedAreas:
    """A division that a run's sources are placed on.

    Parameters
    ----------
    name
        The shipped division's name, or empty for the run's own areas.
    """

    name: str
    areas: gpd.GeoDataFrame


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One source for one period: a file, and the year its figures describe.

    Parameters
    ----------
    weights
        Of a raster: the raster of what its cells weigh, if it has one.
    """

    source: Source
    period: str
    reference: str
    path: Path
    weights: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read for it."""
        return (self.path,) if self.weights is None else (self.path, self.weights)

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
            marks={**SCB_MARKS, **source.marks},
        )

    def input(self, understood: dict[str, object], audit: dict[str, object]) -> dict[str, object]:
        """Return what a file was understood to be, and what became of its rows."""
        key = {"source": self.source.name, "period": self.period, "reference": self.reference}
        return {**key, **understood, "placed": audit}


@dataclass
class Gathered:
    """What the sources hold, before anything is protected.

    Parameters
    ----------
    counts
        Frames of ``COUNT_COLUMNS``, residual included.
    people
        Frames of ``area, period, population, children, source``, residual included.
    ledger
        Rows of ``LEDGER_COLUMNS``: what went in (``city``) and where it went.
    inputs
        What each file was understood to be, and what became of its rows.
    crosswalks
        SHA-256 of each crosswalk that was used, by its name.
    groups
        Counts of each group of a grouping: ``area, period, indicator, group_by, group, numerator,
        denominator, status, source``.
    cells
        Of how many small areas each area's totals are summed, and which share of them is split.
    """

    counts: list[pd.DataFrame] = field(default_factory=list)
    people: list[pd.DataFrame] = field(default_factory=list)
    ledger: list[tuple[str, str, str, str, float, float, float]] = field(default_factory=list)
    inputs: list[dict[str, object]] = field(default_factory=list)
    crosswalks: dict[str, str] = field(default_factory=dict)
    cells: list[pd.DataFrame] = field(default_factory=list)
    groups: list[pd.DataFrame] = field(default_factory=list)

    def parts(self) -> pd.DataFrame:
        """Return ``source, area, cells, split``, see `geolyft.certainty.noise.PARTS_COLUMNS`."""
        if not self.cells:
            return pd.DataFrame(columns=["source", "area", "cells", "split"])
        return pd.concat(self.cells, ignore_index=True).drop_duplicates(["source", "area"])

    def book(self, edition: Edition, indicator: str, counts: pd.DataFrame) -> None:
        """Enter counts in the ledger.

        Parameters
        ----------
        counts
            Index of area codes, ``RESIDUAL`` and the independent sum ``input``.

        Raises
        ------
        RuntimeError
            When areas and residual do not add up to the input: a bug, never the user's data.
        """
        for name in counts.columns:
            column = counts[name]
            city, residual = float(column[INPUT]), float(column[RESIDUAL])
            areas = float(column.drop(index=[INPUT, RESIDUAL]).sum())
            if abs(areas + residual - city) > 1e-9 * max(1.0, abs(city)):
                raise RuntimeError(f"{edition.path.name}: the {name} of {indicator} is not kept")
            where = (edition.source.name, edition.period, indicator, str(name))
            self.ledger.append((*where, round(areas, 9), round(residual, 9), round(city, 9)))

    def keep(self, edition: Edition, counts: pd.DataFrame, reference: str | None) -> None:
        """Keep a measure's counts with what they are of."""
        rows = counts.assign(
            period=edition.period,
            reference=reference or edition.reference,
            source=edition.source.name,
        )
        self.counts.append(rows[COUNT_COLUMNS])

    def keep_people(self, edition: Edition, people: pd.DataFrame, total: pd.Series[float]) -> None:
        """Keep residents (and children) per area, the residual included."""
        for name, whole in total.items():
            counts = people[[str(name)]].copy()
            counts.loc[INPUT] = float(whole)
            self.book(edition, str(name), counts)
        rows = people.rename_axis("area").reset_index()
        self.people.append(rows.assign(period=edition.period, source=edition.source.name))

"""A publication read for those who write it: figures as they are shown, rows, names and numbers.

A publication may lack anything but its frames: what is not there is nothing, never an error.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakValueDictionary

from geolyft.export.figures.borders import border_lines, neighbours_in
from geolyft.export.figures.cells import (
    Cell,
    Cells,
    all_cells,
    area_order,
    float_of,
    records,
    rows_of,
)
from geolyft.export.figures.names import Names
from geolyft.export.figures.schemes import INDEX, share_scheme, units_of_point
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from geolyft.export.figures.cells import Record
    from geolyft.export.figures.classes import Classes
    from geolyft.export.publication import Publication
    from geolyft.frames import Sex

_TEN: Final = 10
_EMPTY: Final[Cell] = {"value": None, "status": "missing"}


class ExactShare(NamedTuple):
    """A published share as it is, not rounded, and how many it is of."""

    share: float
    base: float | None


class Reader(Names):
    """What all that is written of a publication asks of it, each worked out once.

    Cells and rows are shared by everyone who asks: whoever adds to one takes a copy first.
    """

    def __init__(self, publication: Publication) -> None:
        super().__init__(publication)
        self.period = publication.periods[-1]
        self.codes = area_order(publication.areas.index)
        self.places = [*self.codes, CITY]
        self.dimensions = [dimension.code for dimension in publication.catalogue.dimensions]
        self.whats = [INDEX, *self.dimensions]
        self.inner = tuple(reader_of(each) for each in publication.inner)
        self._rows: dict[str, list[Record]] = {}
        self._rows_of_area: dict[str, dict[object, list[Record]]] = {}

    @cached_property
    def cells(self) -> Cells:
        """Every figure of everyone as it is shown."""
        return all_cells(self.publication)

    def cells_to_add_to(self, sex: Sex) -> Cells:
        """Return everyone's figures or those of a sex, for one who adds to them."""
        if sex != EVERYONE:
            return all_cells(self.publication, sex=sex)
        return {key: {**cell} for key, cell in self.cells.items()}

    def cell(self, what: str, area: str, period: str = "") -> Cell:
        """Return a figure of an area, of the latest period unless another is named."""
        return self.cells.get((what, period or self.period, area), _EMPTY)

    def latest(self, what: str) -> list[Cell]:
        """Return the latest figures of all areas and of the city, which is last."""
        return [self.cell(what, area) for area in self.places]

    def value(self, what: str, area: str, period: str = "") -> float | None:
        """Return a figure's value, or nothing."""
        return float_of(self.cell(what, area, period)["value"])

    def score(self, what: str, area: str) -> float | None:
        """Return an exact score of the latest period; what is not shown has none."""
        if self.value(what, area) is None:
            return None
        return float_of(self.index_rows[area][what])

    def share(self, code: str, area: str) -> ExactShare | None:
        """Return an exact share of the latest period and its base; what is not shown has none."""
        if self.value(code, area) is None:
            return None
        row = self._latest_rows[code, area]
        share = float_of(row["value"])
        return None if share is None else ExactShare(share, float_of(row["denominator"]))

    @cached_property
    def share_classes(self) -> Mapping[str, Classes | None]:
        """Each indicator's classes, which are the same in every period."""
        codes = self.publication.catalogue.codes
        return {code: share_scheme(self.publication, code) for code in codes}

    @cached_property
    def units(self) -> Mapping[str, float]:
        """What one point of score is in each theme's own unit, see `units_of_point`."""
        return units_of_point(self.publication)

    @cached_property
    def known(self) -> list[str]:
        """The indicators that have a figure in the latest period."""
        codes = self.publication.catalogue.codes
        return [c for c in codes if any(cell["value"] is not None for cell in self.latest(c))]

    @cached_property
    def missing(self) -> list[str]:
        """The indicators that have none."""
        return [code for code in self.publication.catalogue.codes if code not in self.known]

    @cached_property
    def with_index(self) -> list[str]:
        """The areas that have an index in the latest period."""
        return [code for code in self.codes if self.value(INDEX, code) is not None]

    def judged(self, what: str, part: str, period: str) -> dict[str, object]:
        """Return a column of ``osakerhet`` by area, of something in a period."""
        return {str(row["area"]): row[part] for row in self._judged.get((what, period), [])}

    @cached_property
    def _judged(self) -> Mapping[tuple[object, object], list[Record]]:
        found: dict[tuple[object, object], list[Record]] = {}
        for row in self.rows("osakerhet"):
            found.setdefault((row["what"], row["period"]), []).append(row)
        return found

    @cached_property
    def distinct(self) -> Mapping[tuple[str, str], bool]:
        """Whether an area (second) is surely apart from the city in something (first), latest."""
        return {
            (str(row["what"]), str(row["area"])): bool(row["distinct"])
            for row in self.rows("osakerhet", period=self.period)
            if row["area"] != CITY
        }

    def references(self, code: str, period: str) -> list[str]:
        """Return the years that an indicator's figures of a period describe."""
        return sorted(self._references.get((code, period), set()) - {""})

    @cached_property
    def _references(self) -> Mapping[tuple[object, object], set[str]]:
        rows = self.observed()
        rows = rows[rows["value"].notna() & rows["reference"].notna()]
        years = rows.groupby(["indicator", "period"])["reference"].unique()
        return {key: {str(year) for year in found} for key, found in years.items()}  # type: ignore[misc]

    @cached_property
    def index_rows(self) -> Mapping[str, Record]:
        """The index table's row for each area and the city, in the latest period."""
        index = self.publication.index
        rows = records(index[index["period"] == self.period], self.publication)
        return {str(row["area"]): row for row in rows}

    def observed(self) -> pd.DataFrame:
        """Return everyone's observations of areas and city, in every period shown."""
        every = self.publication.observations
        shown = every["area"].isin(self.places) & every["period"].isin(self.publication.periods)
        return every[shown & (every["sex"] == EVERYONE)]

    @cached_property
    def _latest_rows(self) -> Mapping[tuple[str, str], Record]:
        rows = self.observed()
        latest = rows_of(rows[rows["period"] == self.period])
        return {(str(row["indicator"]), str(row["area"])): row for row in latest}

    def rows(self, name: str, *, area: str | None = None, **where: str) -> list[Record]:
        """Return the rows of a table that hold these texts; none where the table is not there."""
        table = self.publication.tables.get(name)
        if table is None:
            return []
        if name not in self._rows:
            self._rows[name] = rows_of(table)
        rows = self._rows[name]
        if area is not None:
            rows = self._of_areas(name, rows).get(area, [])
        return [row for row in rows if all(row[column] == text for column, text in where.items())]

    def _of_areas(self, name: str, rows: Sequence[Record]) -> Mapping[object, list[Record]]:
        if name not in self._rows_of_area:
            grouped = self._rows_of_area.setdefault(name, {})
            for row in rows:
                grouped.setdefault(row["area"], []).append(row)
        return self._rows_of_area[name]

    def area_rows(self, name: str, *, every: bool = False) -> list[Record]:
        """Return a table's rows of areas and the latest period (or every one), in area order."""
        rows = [row for row in self.rows(name) if every or self._dated(row) == self.period]
        if not rows or "area" not in rows[0]:
            return rows
        place = {code: n for n, code in enumerate([CITY, *self.codes])}
        periods = self.publication.periods
        shown = (row for row in rows if row["area"] in place and self._dated(row) in periods)
        return sorted(shown, key=lambda row: place[str(row["area"])])

    def _dated(self, row: Record) -> str:
        return str(row.get("period", self.period))

    def by_area(self, name: str) -> dict[str, Record]:
        """Return a table's row for each area, in the latest period."""
        return {str(row["area"]): row for row in self.area_rows(name)}

    @cached_property
    def borders(self) -> gpd.GeoDataFrame:
        """The borders between areas, see `border_lines`."""
        return border_lines(self.publication.areas)

    @cached_property
    def neighbours(self) -> Mapping[str, list[str]]:
        """The areas that share a border with each area, in order."""
        return neighbours_in(self.borders, self.codes)

    @cached_property
    def score_axis(self) -> tuple[float, float]:
        """Where an axis of scores begins and ends: the same on every area's page."""
        return self._around(self.whats)

    @cached_property
    def index_axis(self) -> tuple[float, float]:
        """Where an axis of the index alone begins and ends."""
        return self._around([INDEX])

    def _around(self, whats: Iterable[str]) -> tuple[float, float]:
        cells = [cell for what in whats for cell in self.latest(what)]
        return around(
            float_of(cell.get(part)) for cell in cells for part in ("value", "low", "high")
        )


_READERS: Final[WeakValueDictionary[int, Reader]] = WeakValueDictionary()


def reader_of(publication: Publication) -> Reader:
    """Return a publication's reader, the same one for as long as anybody holds it.

    Every writer takes a publication and asks here. `write_contents` holds the reader while it
    writes, so that the writers of one delivery share it; a writer that is called alone has its own.
    """
    # A reader holds its publication, so no other one can have its id while the reader is known.
    reader = _READERS.get(id(publication))
    if reader is None:
        reader = _READERS[id(publication)] = Reader(publication)
    return reader


def around(values: Iterable[float | None]) -> tuple[float, float]:
    """Return the tens around some values, 10 apart at least.

    Examples
    --------
    >>> around([64.6, None, 118.2]), around([])
    ((60.0, 120.0), (90.0, 110.0))
    """
    known = [value for value in values if value is not None] or [100.0 - 1, 100.0 + 1]
    low = math.floor(min(known) / _TEN) * _TEN
    high = math.ceil(max(known) / _TEN) * _TEN
    return float(low), float(max(high, low + _TEN))

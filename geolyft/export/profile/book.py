"""What all profiles of a publication share, worked out once."""

from __future__ import annotations

import math
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Final, NamedTuple

import shapely

from geolyft.export.figures.borders import border_lines
from geolyft.export.figures.cells import Cell, Cells, all_cells, area_order, number_of
from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import Reading
from geolyft.export.profile.names import file_stems
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from geolyft.export.publication import Publication

_TEN: Final = 10
_EMPTY: Final[Cell] = {"value": None, "status": "missing"}


class Seen(NamedTuple):
    """A published share as it is, not rounded, and how many it is of."""

    share: float
    base: float | None


class Book:
    """A publication made ready for a page per area.

    Parameters
    ----------
    publication
        What was published; nothing else is read.
    """

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.words = load_words(publication.lang)
        self.period = publication.periods[-1]
        self.codes = area_order(publication.areas.index)
        self.stems = file_stems(self.codes)
        self.dimensions = [dimension.code for dimension in publication.catalogue.dimensions]
        self.whats = [INDEX, *self.dimensions]

    @cached_property
    def cells(self) -> Cells:
        """Every figure as it is shown."""
        return all_cells(self.publication)

    def cell(self, what: str, area: str, period: str = "") -> Cell:
        """Return a figure of an area, of the latest period unless another is named."""
        return self.cells.get((what, period or self.period, area), _EMPTY)

    def value(self, what: str, area: str, period: str = "") -> float | None:
        """Return a figure's value, or nothing."""
        return float_of(self.cell(what, area, period)["value"])

    def score(self, what: str, area: str) -> float | None:
        """Return an exact score of the latest period; what is not shown has none."""
        if self.value(what, area) is None:
            return None
        return float_of(self._index[area][what])

    @cached_property
    def _index(self) -> Mapping[str, Mapping[str, object]]:
        index = self.publication.index
        return _by_area(index[index["period"] == self.period])

    def index_row(self, area: str) -> Mapping[str, object]:
        """Return an area's row of the index in the latest period, empty where there is none."""
        return self._index.get(area, {})

    def seen(self, code: str, area: str) -> Seen | None:
        """Return an exact share of the latest period and its base; what is not shown has none."""
        if self.value(code, area) is None:
            return None
        row = self._observed[code, area]
        share = float_of(row["value"])
        return None if share is None else Seen(share, float_of(row["denominator"]))

    @cached_property
    def _observed(self) -> Mapping[tuple[str, str], Mapping[str, object]]:
        seen = self.publication.observations
        rows = seen[(seen["sex"] == EVERYONE) & (seen["period"] == self.period)]
        return {
            (str(row["indicator"]), str(row["area"])): row
            for row in ({str(k): v for k, v in each.items()} for each in rows.to_dict("records"))
        }

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the profiles with the city's name filled in."""
        return self.words.say(f"profile.{key}", city=self.publication.city, **parts)

    def title(self, area: str) -> str:
        """Return an area's code and name, once where they are the same."""
        name = str(self.publication.areas.loc[area, "name"])
        return name if name == area else f"{area} {name}"

    def label(self, what: str) -> str:
        """Return the short name of an indicator, a dimension or the index."""
        catalogue, lang = self.publication.catalogue, self.publication.lang
        if what in catalogue.codes:
            return catalogue[what].label(lang)
        names = {dimension.code: dimension.title(lang) for dimension in catalogue.dimensions}
        return names.get(what, self.words.say("html.index"))

    def table(self, name: str) -> pd.DataFrame | None:
        """Return one of the tables behind the index, if the run has it."""
        return self.publication.tables.get(name)

    def rows(self, name: str, **where: str) -> list[dict[str, object]]:
        """Return the rows of a table that hold these texts; none where the table is not there."""
        table = self.table(name)
        if table is None:
            return []
        for column, wanted in where.items():
            table = table[table[column] == wanted]
        return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]

    @cached_property
    def distinct(self) -> Mapping[tuple[str, str], bool]:
        """Whether an area (second) is surely apart from the city in something (first), latest."""
        return {
            (str(row["what"]), str(row["area"])): bool(row["distinct"])
            for row in self.rows("osakerhet", period=self.period)
            if row["area"] != CITY
        }

    @cached_property
    def neighbours(self) -> Mapping[str, list[str]]:
        """The areas that share a border with each area, in order."""
        lines = border_lines(self.publication.areas)
        inner = lines[lines["kod_2"].notna()]
        pairs = list(zip(inner["kod_1"], inner["kod_2"], strict=True))
        pairs += [(second, first) for first, second in pairs]
        return {code: area_order(b for a, b in pairs if a == code) for code in self.codes}

    @cached_property
    def shapes(self) -> Mapping[str, shapely.Geometry]:
        """The areas as small maps show them: simplified together, so that borders stay shared."""
        shapes = self.publication.areas.geometry.loc[self.codes].to_numpy()
        simple = shapely.coverage_simplify(shapes, tolerance=tolerance(shapes))
        return dict(zip(self.codes, simple, strict=True))

    @cached_property
    def score_axis(self) -> tuple[float, float]:
        """Where an axis of scores begins and ends: the same on every area's page."""
        return self._around(self.whats)

    @cached_property
    def index_axis(self) -> tuple[float, float]:
        """Where an axis of the index alone begins and ends."""
        return self._around([INDEX])

    def _around(self, whats: Iterable[str]) -> tuple[float, float]:
        found = [self.cell(what, area) for what in whats for area in (*self.codes, CITY)]
        return around(
            float_of(cell.get(part)) for cell in found for part in ("value", "low", "high")
        )


def _by_area(rows: pd.DataFrame) -> dict[str, Mapping[str, object]]:
    return {
        str(each["area"]): {str(name): value for name, value in each.items()}
        for each in rows.to_dict("records")
    }


def float_of(value: object) -> float | None:
    """Return a finite number, or nothing.

    Examples
    --------
    >>> float_of(2), float_of(float("nan")), float_of("2")
    (2.0, None, None)
    """
    # numpy's whole numbers are Real and no int.
    if not isinstance(value, Real) or not math.isfinite(value):
        return None
    return float(value)


def shown(value: object) -> float | None:
    """Return a number with the decimals that are shown, or nothing."""
    return number_of(float_of(value), DECIMALS)


def reading_of(cell: Cell) -> Reading:
    """Return a figure with its interval, as it is drawn."""
    value = float_of(cell["value"])
    if value is None:
        return Reading(None)
    return Reading(value, float_of(cell.get("low")), float_of(cell.get("high")))


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


def tolerance(shapes: Iterable[shapely.Geometry]) -> float:
    """Return how much a small map may leave out: about half a unit of its drawing."""
    west, south, east, north = shapely.total_bounds(list(shapes))
    return float(max(east - west, north - south)) / 500

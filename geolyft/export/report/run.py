"""What the report asks of a publication: figures as they are shown, and what the run said.

A publication may lack anything but its frames: then the report says that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geolyft.export.figures.cells import all_cells, area_order, number_of, records
from geolyft.export.figures.schemes import INDEX
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from geolyft.export.figures.cells import Cell
    from geolyft.export.publication import Publication
    from geolyft.export.words import Words

NONE: Final = "–"
"""Stands where there is nothing to show and nothing more to say."""


@dataclass(frozen=True)
class Run:
    """One publication, read for its report."""

    publication: Publication

    @cached_property
    def words(self) -> Words:
        """The texts of the publication's language."""
        return load_words(self.publication.lang)

    @property
    def period(self) -> str:
        """The latest period, which most of the report is about."""
        return self.publication.periods[-1]

    @cached_property
    def codes(self) -> list[str]:
        """The areas, in the order people count."""
        return area_order(self.publication.areas.index)

    @cached_property
    def cells(self) -> dict[str, dict[str, Cell]]:
        """The latest period's figures as the map shows them: theme, then area."""
        found: dict[str, dict[str, Cell]] = {}
        for (theme, period, area), cell in all_cells(self.publication).items():
            if period == self.period:
                found.setdefault(theme, {})[area] = cell
        return found

    @cached_property
    def known(self) -> list[str]:
        """The indicators that have a figure in the latest period."""
        return [
            code
            for code in self.publication.catalogue.codes
            if any(cell["value"] is not None for cell in self.cells[code].values())
        ]

    @cached_property
    def missing(self) -> list[str]:
        """The indicators that have none."""
        return [code for code in self.publication.catalogue.codes if code not in self.known]

    @cached_property
    def with_index(self) -> list[str]:
        """The areas that have an index in the latest period."""
        return [code for code in self.codes if self.cells[INDEX][code]["value"] is not None]

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the report."""
        return self.words.say(f"report.{key}", **parts)

    def number(self, value: object, decimals: int = 1, *, signed: bool = False) -> str:
        """Write a figure of a table, or what stands for none."""
        known = number_of(value, decimals)
        write = self.words.signed if signed else self.words.number
        return write(known, decimals=decimals) or NONE

    def count(self, value: object) -> str:
        """Write a count of a table, or what stands for none."""
        return self.number(value, 0)

    def percent(self, share: object, decimals: int = 0) -> str:
        """Write a share, given from 0 to 1, in per cent."""
        known = number_of(share, 12)
        return NONE if known is None else self.words.percent(100 * known, decimals=decimals)

    def span(self, low: object, high: object, decimals: int = 1) -> str:
        """Write from where to where, or what stands for neither; once where both are one."""
        first, last = self.number(low, decimals), self.number(high, decimals)
        if NONE in (first, last) or first == last:
            return NONE if NONE in (first, last) else first
        # A dash between numbers with a minus sign could be read as another one.
        minus = self.words.section("number")["minus"]
        key = "to_signed" if minus in first + last else "to"
        return self.say(key, low=first, high=last)

    def truth(self, value: object) -> str:
        """Write yes or no, or what stands for neither."""
        known = truth(value)
        return NONE if known is None else self.say("yes" if known else "no")

    def area(self, code: str) -> str:
        """Return an area's code and name; the city's name for the city."""
        if code == CITY:
            return self.publication.city
        # Code and name stay on one line in a sentence.
        return f"{code}\u00a0{self.publication.areas.loc[code, 'name']}"

    def areas(self, codes: Iterable[str]) -> str:
        """List areas by code and name."""
        return self.listed([self.area(code) for code in codes])

    def indicator(self, code: str) -> str:
        """Return an indicator's code and short name."""
        return f"{code} {self.publication.catalogue[code].label(self.publication.lang)}"

    def what(self, code: str) -> str:
        """Return the name of the index, a dimension or an indicator."""
        if code in self.publication.catalogue.codes:
            return self.indicator(code)
        names = {
            d.code: d.title(self.publication.lang) for d in self.publication.catalogue.dimensions
        }
        return names.get(code, self.words.say("html.index"))

    def listed(self, items: Sequence[str]) -> str:
        """Join words as in a sentence."""
        if len(items) < 2:  # noqa: PLR2004 - two are joined by "and"
            return "".join(items)
        return self.words.say("explain.and", first=", ".join(items[:-1]), last=items[-1])

    def rows(self, name: str, *, every: bool = False) -> list[dict[str, object]]:
        """Return a table's rows of areas and the latest period (or every one), in area order."""
        table = self.publication.tables.get(name)
        if table is None:
            return []
        if "area" not in table:
            rows = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
        else:
            dated = table if "period" in table else table.assign(period=self.period)
            place = {code: n for n, code in enumerate([CITY, *self.codes])}
            rows = sorted(records(dated, self.publication), key=lambda r: place[str(r["area"])])
        return [row for row in rows if every or str(row.get("period", self.period)) == self.period]

    def by_area(self, name: str) -> dict[str, dict[str, object]]:
        """Return a table's row for each area, in the latest period."""
        return {str(row["area"]): row for row in self.rows(name)}

    @cached_property
    def index_rows(self) -> dict[str, dict[str, object]]:
        """The index table's row for each area and the city, in the latest period."""
        rows = records(self.publication.index, self.publication)
        return {str(r["area"]): r for r in rows if str(r["period"]) == self.period}

    def observed(self) -> pd.DataFrame:
        """Return everyone's observations of areas and city, in every period shown."""
        seen = self.publication.observations
        shown = seen["area"].isin([CITY, *self.codes]) & seen["period"].isin(
            self.publication.periods
        )
        return seen[shown & (seen["sex"] == EVERYONE)]

    def said(self, *path: str) -> object:
        """Return what the run said of itself, or nothing; such as ``definition, index``."""
        return at(self.publication.provenance, *path)

    def said_list(self, *path: str) -> list[Mapping[str, object]]:
        """Return the mappings in a list of what the run said of itself."""
        found = self.said(*path)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def at(said: object, *path: str) -> object:
    """Return what lies at a path of names, or nothing where it ends too early.

    Examples
    --------
    >>> at({"a": {"b": 1}}, "a", "b"), at({"a": None}, "a", "b")
    (1, None)
    """
    for name in path:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def truth(value: object) -> bool | None:
    """Return a truth value, or nothing where it is not known.

    Examples
    --------
    >>> truth(True), truth(float("nan"))
    (True, None)
    """
    return bool(value) if isinstance(value, bool | np.bool_) else None


def width(row: Mapping[str, object]) -> float:
    """Return how many places an area moves in nine of ten ways to compute."""
    low, high = (number_of(row.get(name), 1) for name in ("rank_p5", "rank_p95"))
    return 0.0 if low is None or high is None else high - low

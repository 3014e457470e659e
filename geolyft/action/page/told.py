"""What the page of needs and efforts asks of a publication, each worked out once."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.action.needs.matrix import THEME
from geolyft.export.figures.cells import number_of, percent_of_ways
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.layers.fields import describe
from geolyft.export.report.blocks import Cell, Section, Text, words_cell
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.layer import Field
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Block

MATRIX: Final = "behov_matris"
_ONE: Final = 0.01


class Told:
    """A publication's tables of action, and the words of the page."""

    def __init__(self, publication: Publication) -> None:
        self.reader = reader_of(publication)
        self._publication = publication
        (self._chapter,) = (each for each in publication.chapters if each.code == MATRIX)

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the page."""
        return self._chapter.say(self._publication.lang, f"page_{key}", **parts)

    def text(self, key: str, *, look: str = "", **parts: object) -> Text:
        """Return a text of the page as a paragraph."""
        return Text(self.say(key, **parts), look)

    def section(self, code: str, blocks: Sequence[Block]) -> Section:
        """Return a section with the title that is its own."""
        return Section(code=code, title=self.say(f"{code}_title"), blocks=tuple(blocks))

    def heads(self, *keys: str, words: Sequence[str] = ()) -> list[str | Cell]:
        """Return headings of columns; those of words start at the left."""
        said = {key: self.say(f"col_{key}") for key in keys}
        return [words_cell(said[key]) if key in words else said[key] for key in keys]

    def fields(self, table: str, columns: Sequence[str]) -> tuple[Field, ...]:
        """Return what readers are told of columns of a table."""
        level = self._publication.division
        return describe(columns, of=table, level=level, publication=self._publication)

    def rows(self, table: str) -> list[Record]:
        """Return the rows of a table; none where the run has none of it."""
        return self.reader.rows(table)

    @cached_property
    def efforts(self) -> list[Record]:
        """The register's rows, once for each area each is in."""
        return self.rows("insatser")

    def area_of(self, row: Record) -> str:
        """Return the code of the area a row of `efforts` is in; empty for none."""
        return str(row[f"{self._publication.division}_kod"])

    @cached_property
    def lenses(self) -> Mapping[str, str]:
        """Each lens that is counted, and whom it counts in words."""
        rows = self.reader.rows("linser", period=self.reader.period)
        return {str(row["lins"]): str(row["lins_namn"]) for row in rows}

    def residents(self, lens: str, area: str) -> object:
        """Return how many of a lens live in an area, as published."""
        (row,) = self.reader.rows("linser", area=area, period=self.reader.period, lins=lens)
        return row["antal"]

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], Record]:
        """Area and theme to what the matrix says of them, its state as the code has it."""
        columns = self._publication.columns
        words = columns.english(MATRIX, self._publication.catalogue.column_codes)["lage"]
        code_of = {word: code for code, word in words.items()}
        return {
            (str(row["area"]), str(row[THEME])): {
                **row, "state": code_of.get(str(row["lage"]), row["lage"]),
            }
            for row in self.rows(MATRIX)
        }  # fmt: skip

    @cached_property
    def themes(self) -> list[str]:
        """The dimensions, and the themes outside the index that the register has."""
        codes = self._publication.catalogue.codes
        return [*dict.fromkeys(theme for _, theme in self.cells if theme not in codes)]

    def is_measured(self, theme: str) -> bool:
        """Say whether a theme is a dimension of the index."""
        return theme in self.reader.dimensions

    def named(self, theme: str) -> str:
        """Return what a theme is called."""
        if theme in self._publication.catalogue.codes:
            return self.reader.indicator(theme)
        known = theme == "index" or self.is_measured(theme)
        return self.reader.label(theme) if known else theme.capitalize()

    def listed(self, codes: object) -> str:
        """Return codes of areas or themes of one cell by name, or what stands for none."""
        parts = [part for part in str(codes or "").split(f"{BETWEEN} ") if part]
        return "; ".join(map(self.named, parts)) or NONE

    def areas(self, codes: object) -> str:
        """Return codes of areas of one cell with their names, or what stands for none."""
        parts = [part for part in str(codes or "").split(f"{BETWEEN} ") if part]
        return self.reader.areas(parts) or NONE

    def percent(self, share: object) -> str:
        """Write a share of ways, from 0 to 1, in whole per cent: never rounded up, or down to 0."""
        exact = number_of(share, 12)
        if exact is None:
            return NONE
        if 0 < exact < _ONE:
            return self.say("under_one", one=self.reader.percent(_ONE))
        return self.reader.percent(math.floor(percent_of_ways(exact)) / 100)

    def shares(self, value: object) -> str:
        """Write a sum of shares of rows: whole where it is whole."""
        exact = number_of(value, 6) or 0.0
        return self.reader.number(exact, 0 if exact == round(exact) else 1)

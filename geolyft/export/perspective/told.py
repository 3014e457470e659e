"""What the page of perspectives asks of a publication, and how it puts it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.figures.names import NONE
from geolyft.export.figures.reader import reader_of
from geolyft.export.report.blocks import Cell, Text, words_cell
from geolyft.export.report.phrases import recorded_list
from geolyft.indicators.lens import CHILD_LENS, Lens, every_lens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.figures.cells import Record
    from geolyft.export.publication import Publication

TABLE: Final = "linser"


class Told:
    """A publication's tables by lens, and the words of the page."""

    def __init__(self, publication: Publication) -> None:
        self.reader = reader_of(publication)
        self._publication = publication
        (self._chapter,) = (each for each in publication.chapters if each.code == TABLE)

    def say(self, key: str, **parts: object) -> str:
        """Return a text of the page."""
        parts = {"city": self._publication.city, **parts}
        return self._chapter.say(self._publication.lang, f"page_{key}", **parts)

    def text(self, key: str, *, look: str = "", **parts: object) -> Text:
        """Return a text of the page as a paragraph."""
        return Text(self.say(key, **parts), look)

    def heads(self, *keys: str, words: Sequence[str] = ()) -> list[str | Cell]:
        """Return headings of columns; those of words start at the left."""
        said = {key: self.say(f"col_{key}") for key in keys}
        return [words_cell(said[key]) if key in words else said[key] for key in keys]

    @cached_property
    def lenses(self) -> tuple[Lens, ...]:
        """Every perspective: the lenses that are counted, the sexes, and human rights."""
        recorded_lenses = recorded_list(self.reader, "config", "lens")
        said = [Lens.model_validate(each) for each in recorded_lenses]
        known = {str(row["lins"]) for row in self.reader.rows(TABLE)}
        every = every_lens(said, children=CHILD_LENS.name in known, lang=self._publication.lang)
        return tuple(each for each in every if each.name in known or not each.counts_some)

    def rows(self, table: str, lens: Lens) -> list[Record]:
        """Return a table's rows of a lens in the latest period."""
        return self.reader.rows(table, lins=lens.name, period=self.reader.period)

    @property
    def codes(self) -> list[str]:
        """The indicators of the catalogue."""
        return list(self._publication.catalogue.codes)

    @property
    def of_children(self) -> list[str]:
        """The indicators that count children themselves."""
        return [each.code for each in self._publication.catalogue.indicators if each.children]

    @cached_property
    def gaps(self) -> list[Record]:
        """How women's and men's shares differ, by indicator and area, in the latest period."""
        return self.reader.rows("kon_skillnad", period=self.reader.period)

    def named(self, code: str) -> str:
        """Return what a dimension, an indicator or a theme outside the index is called."""
        catalogue = self._publication.catalogue
        if code in catalogue.codes:
            return self.reader.indicator(code)
        return self.reader.label(code) if code in self.reader.whats else code.capitalize()

    def percent(self, value: object) -> str:
        """Write a share in per cent with a decimal, or what stands for none."""
        return self.reader.words.percent(number_of(value, 1)) or NONE

    def listed(self, codes: Sequence[str]) -> str:
        """Return codes by name, as a sentence lists them."""
        return self.reader.words.listed([self.named(code) for code in codes])

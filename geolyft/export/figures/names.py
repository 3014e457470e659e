"""What the parts of a publication are called, and how its numbers are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.cells import number_of
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geolyft.export.publication import Publication

NONE: Final = "–"
"""Stands where there is nothing to show and nothing more to say."""
_AND_OTHERS: Final = re.compile(r"\bm fl$")


class Names:
    """The names and numbers of a publication, in its language."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.words = load_words(publication.lang)
        self._dimensions = {
            each.code: each.title(publication.lang) for each in publication.catalogue.dimensions
        }

    def title(self, area: str) -> str:
        """Return an area's code and name, once where they are the same."""
        name = self.read_name(area)
        return name if name == area else f"{area} {name}"

    def small_title(self, area: str) -> str:
        """Return the name and code of one of many small areas, which can share a name."""
        name = self.read_name(area)
        return name if name == area else f"{name} {area}"

    def read_name(self, area: str) -> str:
        """Return an area's name as it is read: "m fl" at its end is spelt out."""
        name = str(self.publication.areas.loc[area, "name"])
        return _AND_OTHERS.sub(self.words.say("page.and_others"), name)

    def label(self, what: str) -> str:
        """Return the short name of an indicator, a dimension or the index."""
        catalogue = self.publication.catalogue
        if what in catalogue.codes:
            return catalogue[what].label(self.publication.lang)
        return self._dimensions.get(what, self.words.say("html.index"))

    def area(self, code: str) -> str:
        """Return an area's code and name as in a sentence; the city's name for the city."""
        if code == CITY:
            return self.publication.city
        # Code and name stay on one line.
        return f"{code}\u00a0{self.read_name(code)}"

    def areas(self, codes: Iterable[str]) -> str:
        """List areas by code and name."""
        return self.words.listed([self.area(code) for code in codes])

    def indicator(self, code: str) -> str:
        """Return an indicator's code and short name."""
        return f"{code} {self.label(code)}"

    def number(self, value: object, decimals: int = 1, *, signed: bool = False) -> str:
        """Write a figure of a table, or what stands for none."""
        write = self.words.signed if signed else self.words.number
        return write(number_of(value, decimals), decimals=decimals) or NONE

    def count(self, value: object) -> str:
        """Write a count of a table, or what stands for none."""
        return self.number(value, 0)

    def percent(self, share: object, decimals: int = 0) -> str:
        """Write a share, given from 0 to 1, in per cent."""
        exact = number_of(share, 12)
        return NONE if exact is None else self.words.percent(100 * exact, decimals=decimals)

"""How much of the catalogue an index needs at least: one value, passed on whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypedDict


class AsKeywords(TypedDict):
    """The two numbers under the names `geolyft.weigh` and `geolyft.rank_ranges` take."""

    minimum_indicators: int | None
    minimum_dimensions: int | None


@dataclass(frozen=True, kw_only=True)
class Minimums:
    """How many indicators a dimension, and how many dimensions the index, need at least.

    Examples
    --------
    >>> Minimums(indicators=2).as_keywords
    {'minimum_indicators': 2, 'minimum_dimensions': None}
    """

    indicators: int | None = None
    dimensions: int | None = None

    @property
    def as_keywords(self) -> AsKeywords:
        """What the public functions, whose two keywords are promised, are called with."""
        return {"minimum_indicators": self.indicators, "minimum_dimensions": self.dimensions}


EVERYTHING: Final = Minimums()
"""Every indicator of every dimension."""

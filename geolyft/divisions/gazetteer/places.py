"""Places by the names people use: what a gazetteer holds, and the shipped one of Malmö."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from geolyft.divisions.areas import shipped
from geolyft.read import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

COLUMNS: Final = ("kind", "name", "area", "within", "odd", "even")
"""The columns of a gazetteer: a row for each place and area that it lies in.

``within`` lists smaller places that it lies in or is made of, such as delområden. ``odd`` and
``even`` are the numbers of a street on each side that lie in the area, as ``1-23 101``; empty where
the whole street does.
"""
DELOMRADE: Final = "delomrade"
"""The kind of the city's own smallest named parts."""
_DIVISION: Final = "geso"


class Place(NamedTuple):
    """A name and one area that it leads to; an area itself has its own code."""

    kind: str
    name: str
    area: str
    within: str = ""
    odd: str = ""
    even: str = ""

    def holds(self, number: int) -> bool:
        """Say whether a number of the street lies in the area, as far as that is known.

        Examples
        --------
        >>> street = Place("street", "Amiralsgatan", "1", odd="1-23", even="2-14 98")
        >>> [street.holds(number) for number in (23, 22, 98)]
        [True, False, True]
        """
        if not self.odd and not self.even:
            return True
        side = self.odd if number % 2 else self.even
        return any(_in_stretch(stretch, number) for stretch in side.split())


def _in_stretch(stretch: str, number: int) -> bool:
    first, _, last = stretch.partition("-")
    return int(first) <= number <= int(last or first)


@cache
def shipped_places() -> pd.DataFrame:
    """Return Malmö's delområden, streets and aliases, with the GeSO they lead to.

    Examples
    --------
    >>> places = shipped_places()
    >>> places["kind"].drop_duplicates().tolist()
    ['alias', 'delomrade', 'street']
    >>> places.loc[places["name"] == "Rosengård", "area"].tolist()
    ['10']
    """
    return read_table(shipped("places.csv")).frame[list(COLUMNS)].fillna("")


def places_of(division: str | None) -> tuple[Place, ...]:
    """Return the shipped places that lead to areas of a division; none for another than GeSO.

    Examples
    --------
    >>> len(places_of("geso")) > 2000, places_of("deso2025"), places_of(None)
    (True, (), ())
    """
    return tuple(each_place(shipped_places())) if division == _DIVISION else ()


def each_place(places: pd.DataFrame) -> Iterator[Place]:
    """Yield the rows of a gazetteer, which may lack any column but name and area."""
    known = [column for column in COLUMNS if column in places]
    for row in places[known].to_dict("records"):
        yield Place(**{"kind": "", **{str(name): str(value) for name, value in row.items()}})

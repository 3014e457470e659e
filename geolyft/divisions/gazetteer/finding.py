"""Finding places by name, with spelling forgiven."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from geolyft.divisions.areas import DIVISIONS, load_areas
from geolyft.divisions.gazetteer.places import COLUMNS, Place, each_place, shipped_places
from geolyft.divisions.gazetteer.spelling import plain, slips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd

_NUMBERED: Final = re.compile(r"(.+?) (\d{1,5}) ?[a-z]?")
_FORGIVEN: Final = 6
"""The rank of the best of what is spelt otherwise."""
_SHORTEST_WORD: Final = 4
_SHARED: Final = 3
"""Letters that all codes have to begin with to be left out."""


class _Wanted(NamedTuple):
    """What is asked for: as written, plain, and as a street and its number."""

    text: str
    whole: str
    street: str
    number: int | None


class _Known(NamedTuple):
    """A place with what a search compares."""

    place: Place
    name: str
    code: str = ""
    short: str = ""


def find_places(
    query: str,
    *,
    areas: Mapping[str, gpd.GeoDataFrame] | None = None,
    places: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find areas by their code or name, and by the names of places in them.

    Case, accents and small slips are forgiven: one from four letters on, two from eight; but only
    where nothing is spelt as asked for. A street can be followed by a number, which then decides
    between the areas it lies in.

    Parameters
    ----------
    areas
        What `geolyft.load_areas` returns, by the kind that one of them is. The shipped divisions
        unless given.
    places
        A gazetteer with columns ``name`` and ``area``, and ``kind``, ``within``, ``odd`` and
        ``even`` where they are known. Malmö's delområden, streets and aliases unless given; they
        lead to GeSO.

    Returns
    -------
    DataFrame
        The best first: ``kind, name, area, area_name, within, odd, even``. A place has a row for
        each area that it lies in. ``area`` is the area's code, ``within`` smaller places that it
        lies in or is made of, ``odd`` and ``even`` are the numbers of a street that lie in the
        area, where it lies in several. Empty where nothing has such a name.

    Examples
    --------
    >>> find_places("rosengord").iloc[0][["kind", "name", "area"]].tolist()
    ['alias', 'Rosengård', '10']
    >>> find_places("Amiralsgatan 20 B")[["name", "area", "even"]].values.tolist()
    [['Amiralsgatan', '9', '16-98']]
    """
    wanted = _wanted(query)
    if areas is None:
        areas = {each.level: load_areas(code) for code, each in DIVISIONS.items()}
    known = [*_known(areas, shipped_places() if places is None else places)]
    ranked = [(_rank(each, wanted), n) for n, each in enumerate(known)] if wanted.whole else []
    found = sorted((rank, n) for rank, n in ranked if rank is not None)
    if not found:
        slipped = ((_forgiven(each, wanted), n) for n, each in enumerate(known))
        found = sorted((rank, n) for rank, n in slipped if rank is not None)
    names = {code: str(name) for frame in areas.values() for code, name in frame["name"].items()}
    rows = [known[n].place for _, n in found]
    table = pd.DataFrame(_by_number(rows, wanted.number), columns=list(COLUMNS), dtype="str")
    table.insert(COLUMNS.index("area") + 1, "area_name", table["area"].map(names).fillna(""))
    return table


def _wanted(query: str) -> _Wanted:
    whole = plain(query)
    parts = _NUMBERED.fullmatch(whole)
    street, number = (parts[1], int(parts[2])) if parts else (whole, None)
    return _Wanted(query.strip().lower(), whole, street, number)


def _known(areas: Mapping[str, gpd.GeoDataFrame], places: pd.DataFrame) -> Iterator[_Known]:
    """Yield the largest areas, then places in them, then smaller areas: of equals the first."""
    levels = [_of_level(kind, frame, n > 0) for n, (kind, frame) in enumerate(areas.items())]
    yield from (each for level in levels[:1] for each in level)
    yield from (_Known(place, plain(place.name)) for place in each_place(places))
    yield from (each for level in levels[1:] for each in level)


def _of_level(kind: str, areas: gpd.GeoDataFrame, is_small: bool) -> Iterator[_Known]:  # noqa: FBT001
    """Yield the areas of a level; what all codes of small ones begin with need not be written."""
    shared = _length_shared(areas.index) if is_small else 0
    for code, name in areas["name"].items():
        place = Place(kind, str(name), str(code))
        short = place.area[shared:] or place.area
        yield _Known(place, plain(place.name), plain(place.area), plain(short))


def _length_shared(codes: Iterable[str]) -> int:
    """Return how many letters all codes begin with, if they are enough to be left out."""
    first, last = min(codes), max(codes)
    pairs = enumerate(zip(first, last, strict=False))
    shared = next((n for n, (one, other) in pairs if one != other), min(len(first), len(last)))
    return shared if shared >= _SHARED else 0


def _rank(known: _Known, wanted: _Wanted) -> tuple[int, bool] | None:
    """Return how well a place answers, the best first; nothing where it does not.

    Its code first, then how its name begins, then what it holds. Of equals those that are written
    as asked for come first.
    """
    is_exact = wanted.text in (known.place.name.lower(), known.place.area.lower())
    rank = _rank_of_code(known, wanted.whole) if known.code else None
    of_name = _rank_of_name(known.name, wanted.whole if known.code else wanted.street)
    ranks = [each for each in (rank, of_name) if each is not None]
    return (min(ranks), not is_exact) if ranks else None


def _rank_of_code(known: _Known, wanted: str) -> int | None:
    if known.code == wanted:
        return 0
    if known.short == wanted:
        return 1
    if known.code.startswith(wanted) or known.short.startswith(wanted):
        return 4
    return 5 if wanted in f"{known.code} {known.name}" else None


def _rank_of_name(name: str, wanted: str) -> int | None:
    if name == wanted:
        return 1
    if name.startswith(wanted):
        return 2
    if any(word.startswith(wanted) for word in name.split()):
        return 3
    return 5 if wanted in name else None


def _forgiven(known: _Known, wanted: _Wanted) -> tuple[int, bool] | None:
    asked = wanted.whole if known.code else wanted.street
    words = [word for word in known.name.split() if len(word) >= _SHORTEST_WORD]
    slipped = [slips(asked, name) for name in (known.name, *words)]
    fewest = min((each for each in slipped if each is not None), default=None)
    return None if fewest is None else (_FORGIVEN + fewest, True)


def _by_number(rows: list[Place], number: int | None) -> list[Place]:
    """Leave out the areas that a street's number does not lie in, where it lies in another."""
    if number is None:
        return rows
    placed = {(row.kind, row.name) for row in rows if row.holds(number)}
    return [row for row in rows if (row.kind, row.name) not in placed or row.holds(number)]

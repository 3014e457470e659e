"""Which CRS coordinates are in, and the way from it to another."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyproj
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from geolyft.alone import remarks
from geolyft.errors import ReadError

if TYPE_CHECKING:
    from geolyft.frames import Floats

WGS84: Final = pyproj.CRS.from_epsg(4326)
_TURNED: Final = "axis order change (2D)"
_ALIKE: Final = 50
"""PROJ's confidence in a CRS that is projected alike, whatever it and its datum are called; it is
25 where only the name fits, and 70 is sure."""
_SOLID: Final = 3  # axes of a CRS that has heights in itself


def known_crs(crs: int | str | pyproj.CRS, *, where: str) -> pyproj.CRS:
    """Return the CRS that a number or text names, without its heights."""
    try:
        return horizontal(pyproj.CRS.from_user_input(crs))
    except CRSError:
        what = f"there is no CRS {str(crs)[:30]!r}"
        remedy = "give an EPSG number such as 3008"
        raise ReadError("read-crs-unknown", what, remedy=remedy, where=where) from None


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the part of a CRS that says where on the map, by its EPSG number if it has one.

    Areas have no heights; and a CRS that a file spells out is one of EPSG's also under another
    name.

    Examples
    --------
    >>> crs_name(horizontal(pyproj.CRS.from_epsg(5847)))
    'EPSG:3008'
    """
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    if len(crs.axis_info) == _SOLID:
        crs = crs.to_2d()
    number = crs.to_epsg() or _number_alike(crs)
    return crs if number is None else pyproj.CRS.from_epsg(number)


def _number_alike(crs: pyproj.CRS) -> int | None:
    """Return the number of a CRS under a name of its own: same projection, and the same datum."""
    number = crs.to_epsg(min_confidence=_ALIKE)
    if number is None or crs.geodetic_crs is None:
        return None
    known = pyproj.CRS.from_epsg(number).geodetic_crs
    return number if known is not None and known.datum == crs.geodetic_crs.datum else None


def settle_crs(in_file: pyproj.CRS | None, declared: int | str | None, *, where: str) -> pyproj.CRS:
    """Return the file's own CRS, or the declared one where it has none; refuse two that differ."""
    if declared is None:
        if in_file is not None:
            return horizontal(in_file)
        remedy = "give crs, such as crs = 3008 for SWEREF 99 13 30"
        raise ReadError("read-crs-missing", "says no CRS", remedy=remedy, where=where)
    given = known_crs(declared, where=where)
    if in_file is None or same_crs(in_file, given):
        return given if in_file is None else horizontal(in_file)
    what = f"says its CRS is {crs_name(in_file)}, and {crs_name(given)} is declared"
    remedy = "leave crs out or give the file's own, or correct the file"
    raise ReadError("read-crs-contradiction", what, remedy=remedy, where=where)


def same_crs(one: pyproj.CRS | None, other: pyproj.CRS | None) -> bool:
    """Say whether two CRS are the same for a place on the map, whatever they are called.

    Examples
    --------
    >>> same_crs(pyproj.CRS.from_epsg(5847), pyproj.CRS.from_epsg(3008))
    True
    """
    if one is None or other is None:
        return False
    plain = [horizontal(crs) for crs in (one, other)]
    if plain[0].equals(plain[1], ignore_axis_order=True):
        return True
    # OGC:CRS84 and EPSG:4326 differ in axis order only, but also in how their datum is written.
    numbers = {crs_number(crs) for crs in plain}
    return len(numbers) == 1 and None not in numbers


def crs_number(crs: pyproj.CRS) -> int | None:
    """Return the EPSG number by which a CRS can be declared, if it has one.

    Examples
    --------
    >>> crs_number(pyproj.CRS.from_user_input("OGC:CRS84"))
    4326
    """
    if crs.to_authority() == ("OGC", "CRS84"):
        return 4326
    number = horizontal(crs).to_epsg()
    # Of a CRS that carries its own way to WGS 84, what the way starts from.
    return crs.source_crs.to_epsg() if number is None and crs.source_crs else number


def crs_name(crs: pyproj.CRS) -> str:
    """Return authority and code, or the name of a CRS that has none."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


@dataclass(frozen=True, kw_only=True)
class Transform:
    """The way from one CRS to another, the best that PROJ has for a part of the world.

    Parameters
    ----------
    around
        West, south, east and north in degrees: where the areas are.
    """

    source: pyproj.CRS
    target: pyproj.CRS
    around: tuple[float, float, float, float]

    def moved(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return places in the target; those that it has no coordinates for are NaN."""
        xs, ys = _group(self).transformers[0].transform(x, y)
        known = np.isfinite(xs) & np.isfinite(ys)
        return np.where(known, xs, np.nan), np.where(known, ys, np.nan)

    def sentence(self) -> str:
        """Say which operation it is, and how accurate.

        Examples
        --------
        >>> onto = transform_between(
        ...     pyproj.CRS(4326), pyproj.CRS(3008), (118000, 6163000, 119000, 6164000))
        >>> onto.sentence()
        'from EPSG:4326 to EPSG:3008 by Inverse of SWEREF99 to WGS 84 (1) + SWEREF99 13 30, \
accurate to 1 m'
        """
        group = _group(self)
        way = group.transformers[0]
        steps = [step for step in str(way.description).split(" + ") if step != _TURNED]
        known = "accuracy not known" if way.accuracy < 0 else f"accurate to {way.accuracy:g} m"
        better = "" if group.best_available else "; a better way needs a grid that PROJ lacks here"
        names = f"from {crs_name(self.source)} to {crs_name(self.target)}"
        return f"{names} by {' + '.join(steps) or 'axis order only'}, {known}{better}"


def transform_between(
    source: pyproj.CRS, target: pyproj.CRS, bounds: tuple[float, float, float, float]
) -> Transform | None:
    """Return the way to the target for what lies within bounds of it, or nothing if there is none.

    Parameters
    ----------
    bounds
        West, south, east, north in the target.
    """
    degrees = pyproj.Transformer.from_crs(target, WGS84, always_xy=True)
    west, south, east, north = degrees.transform_bounds(*bounds)
    way = Transform(source=source, target=target, around=(west, south, east, north))
    return way if _group(way).transformers else None


@functools.lru_cache(maxsize=16)
def _group(way: Transform) -> TransformerGroup:
    with remarks():  # that a grid is not installed, which the sentence says
        return TransformerGroup(
            way.source,
            way.target,
            always_xy=True,
            area_of_interest=AreaOfInterest(*way.around),  # type: ignore[arg-type]  # its own class
        )

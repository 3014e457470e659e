"""What lies around and in a city beside its areas: water, roads, railways, parks, names of places.

It tells readers of a map where they are and carries no figure. A city names layers of its own in a
run file; the names of Malmö's delområden are shipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd
import pandas as pd
import shapely

from geolyft.divisions.areas import shipped
from geolyft.errors import AreaError, brief, is_personal
from geolyft.read import read_layer, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geolyft.read import Understood

BackgroundKind = Literal["water", "road", "rail", "green", "place"]
"""What a layer of a background shows, which is how it is drawn."""
LABEL: Final = "namn"
"""The column of a background's names; empty where a shape has none."""
MARGIN: Final = 2000.0
"""Metres around the areas that belong to their surroundings."""
CODES: Final[Mapping[BackgroundKind, str]] = {
    "water": "vatten",
    "road": "vagar",
    "rail": "jarnvagar",
    "green": "gront",
    "place": "platser",
}
"""What a kind is called in the names of layers."""
_PLANE: Final[Mapping[int, str]] = {0: "points", 1: "lines", 2: "polygons"}
_DRAWN: Final[Mapping[BackgroundKind, tuple[str, ...]]] = {
    "water": ("polygons", "lines"),
    "green": ("polygons",),
    "road": ("lines",),
    "rail": ("lines",),
    "place": ("points", "polygons"),
}


@dataclass(frozen=True, kw_only=True)
class Background:
    """One layer of a background, cut to the surroundings of the areas.

    Parameters
    ----------
    code
        Of its layer and its words: as in `CODES`, with a number from the second of a kind on.
    kind
        What it shows.
    frame
        Columns ``namn`` and ``geometry``, of one dimension, in the areas' CRS.
    understood
        What its file was understood to be; nothing of a shipped one.
    """

    code: str
    kind: BackgroundKind
    frame: gpd.GeoDataFrame
    understood: Understood | None = None


def read_background(
    path: Path,
    *,
    kind: BackgroundKind,
    areas: gpd.GeoDataFrame,
    layer: str | None = None,
    label: str | None = None,
    crs: int | None = None,
) -> Background:
    """Read a layer of a map's background, and cut it to the surroundings of the areas.

    Parameters
    ----------
    path
        A vector file, as for :func:`geolyft.read.read_layer`.
    kind
        What it shows: ``water`` is polygons or lines, ``green`` polygons, ``road`` and ``rail``
        lines, ``place`` points or polygons with names.
    areas
        The areas of the run; the layer is taken to their CRS.
    layer, crs
        Of the file, where it is not clear.
    label
        The column of names; a place needs one.

    Raises
    ------
    AreaError
        ``background-label``, ``background-outside``, ``background-personal`` or
        ``background-shapes``.
    ReadError
        When the file cannot be read.
    """
    if kind == "place" and label is None:
        remedy = 'name its column, label = "…"'
        raise AreaError("background-label", "a place has no name", remedy=remedy, where=path.name)
    read = read_layer(path, layer=layer, crs=crs, columns=[label] if label else [])
    names = read.frame[label].astype("object") if label else pd.Series("", read.frame.index)
    _check_names(names, f"{path.name}, column {label}")
    shapes = read.frame.geometry.to_crs(areas.crs)
    drawn = _drawn(shapes, kind, path.name)
    frame = gpd.GeoDataFrame({LABEL: _clean(names)}, geometry=drawn, crs=areas.crs)
    if kind == "place":
        frame = frame[frame[LABEL] != ""]
    frame = _around(frame, areas, path.name)
    return Background(code=CODES[kind], kind=kind, frame=frame, understood=read.understood)


def shipped_names(areas: gpd.GeoDataFrame) -> Background:
    """Return the names of Malmö's 136 delområden, each where it has most room.

    Examples
    --------
    >>> from geolyft.divisions.areas import load_areas
    >>> names = shipped_names(load_areas("geso"))
    >>> len(names.frame), names.frame["namn"].iloc[0]
    (136, 'Västra Hamnen')
    """
    table = read_table(shipped("delomraden.csv"), numbers=["x", "y"]).frame
    points = gpd.GeoSeries(gpd.points_from_xy(table["x"], table["y"]), crs=3008).to_crs(areas.crs)
    names = {LABEL: table["delomr_namn"].to_numpy()}
    frame = gpd.GeoDataFrame(names, geometry=points.to_numpy(), crs=areas.crs)
    return Background(code="delomraden", kind="place", frame=frame)


def numbered(layers: Sequence[Background]) -> tuple[Background, ...]:
    """Return layers with a code each: from the second of a kind on it has a number."""
    seen: dict[str, int] = {}
    told = []
    for each in layers:
        seen[each.code] = seen.get(each.code, 0) + 1
        number = f"_{seen[each.code]}" if seen[each.code] > 1 else ""
        told.append(replace(each, code=f"{each.code}{number}"))
    return tuple(told)


def _check_names(names: pd.Series[str], where: str) -> None:
    personal = sum(is_personal(str(name)) for name in names.dropna())
    if personal:
        what = f"{personal} names may hold an identity number, a telephone or a mail"
        remedy = "give a column of names of places"
        raise AreaError("background-personal", what, remedy=remedy, where=where)


def _clean(names: pd.Series[str]) -> pd.Series[str]:
    """Return names as one line each, empty where there is none."""
    return names.fillna("").astype("str").str.split().str.join(" ")


def _drawn(shapes: gpd.GeoSeries, kind: BackgroundKind, where: str) -> gpd.GeoSeries:
    """Return valid shapes without Z, or refuse what a kind is not drawn with."""
    valid = shapely.make_valid(shapely.force_2d(shapes.to_numpy()))
    found = {_PLANE[n] for n in shapely.get_dimensions(shapes.to_numpy()) if n >= 0}
    if len(found) != 1 or not found <= set(_DRAWN[kind]):
        what = f"{brief(kind)} is drawn with {' or '.join(_DRAWN[kind])}"
        what = f"{what}, and the layer has {', '.join(sorted(found)) or 'no shapes'}"
        remedy = "give a layer of one such kind of shapes, or another kind"
        raise AreaError("background-shapes", what, remedy=remedy, where=where)
    made = gpd.GeoSeries(valid, index=shapes.index, crs=shapes.crs)
    return made.representative_point() if kind == "place" else made


def _around(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return what lies in the surroundings of the areas, cut at their edge, a row for each part."""
    west, south, east, north = areas.total_bounds
    dimension = max(shapely.get_dimensions(frame.geometry.to_numpy()), default=0)
    box = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    # Mending and cutting leave points and lines beside polygons, and collections of both.
    parts = frame.set_geometry(frame.geometry.clip_by_rect(*box)).explode().explode()
    shapes = parts.geometry.to_numpy()
    near = parts[(shapely.get_dimensions(shapes) == dimension) & ~shapely.is_empty(shapes)]
    if not len(near):
        what = f"none of {len(frame)} shapes lies within {MARGIN:.0f} metres of the areas"
        remedy = "check the file and its CRS"
        raise AreaError("background-outside", what, remedy=remedy, where=where)
    return near.reset_index(drop=True)

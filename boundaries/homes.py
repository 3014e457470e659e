"""Where homes are: what is estimated to be at each address, from what is known of its kind.

An address is not a home. It tells where, and how many is known of whole areas only: residents,
dwellings and owned houses per DeSO, entitled voters per valdistrikt. ``README.md`` says why each
choice was made, ``straddlers.py`` how far the estimate can be off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import brentq
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

CRS = "EPSG:3008"
BORDER_ERROR = 45.0  # metres that a DeSO's border can be off; GeSO and valdistrikt are exact
SAME_OUTLINE = 30.0  # no larger circle lies in what one of two outlines has and the other has not
NEIGHBOURS = 100  # addresses around, of other areas on the same side
HOUSEHOLD = 2.7  # residents of an owned house
LETTER = 2.5  # an address with a letter is a stairwell more often than a house: log odds
ELSEWHERE = ("parken", "Sjukhuset", "Stadion", "Industriområde", "Hamnområde")
"""How a delområde is called that is made for other things than homes."""
COUNTED = {"Östra Söderkulla": 1_000}
"""Residents of a whole delområde where a public source has them; ``README.md`` names it."""
SPARSE = 80.0  # metres to the fourth nearest address: parks, fields, works
TENTH = 0.1  # of a source's addresses
FEW = 0.2  # homes at an address where there are few, to another's one
SOME = 0.3  # of an area's addresses: fewer that are no owned house tell little of the others
HALF_WAY = 0.5  # neighbours' residents per address are trusted half way, on the log scale


MOSTLY_HOUSES, NO_HOUSES = 0.75, 0.1  # owned houses per address


class Areas(NamedTuple):
    """What is known of whole small areas, by code: residents, dwellings and owned houses."""

    residents: pd.Series
    dwellings: pd.Series
    owned: pd.Series

    def of(self, codes: list[str]) -> tuple[float, float, float]:
        """Sum several areas."""
        return tuple(float(each.loc[codes].sum()) for each in self)


def read_addresses(
    path: Path, delomraden: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Read the addresses: where they lie, whether they have a letter, and few homes or none.

    Few homes are where addresses are sparse, and where a delområde is for other things.
    """
    table = pd.read_parquet(path).sort_values(["adress", "postnummer", "x", "y"], ignore_index=True)
    points = gpd.GeoDataFrame(
        {"letter": table["adress"].str.contains(r"\d[A-ZÅÄÖ]+$")},
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs=CRS,
    )
    xy = table[["x", "y"]].to_numpy()
    points["place"] = code_at(points, delomraden.set_index("delomr_namn").geometry)
    places = delomraden.set_index("delomr_namn")["geso_kod"]
    points["target"] = points["place"].map(places)
    points["district"] = code_at(points, districts.set_index("valdistrikt_kod").geometry)
    apart = KDTree(xy).query(xy, k=5)[0][:, 4] > SPARSE
    points["few_homes"] = apart | points["place"].str.endswith(ELSEWHERE).fillna(value=False)
    return points[points["target"].notna() & points["district"].notna()].reset_index(drop=True)


def code_at(points: gpd.GeoDataFrame, polygons: gpd.GeoSeries) -> pd.Series:
    """Return the code of the polygon that each point lies in, the first on a shared border."""
    at, which = shapely.STRtree(polygons.to_numpy()).query(
        points.geometry.to_numpy(), predicate="intersects"
    )
    found = pd.Series(polygons.index.to_numpy()[which], index=at)
    return found[~found.index.duplicated()].reindex(range(len(points)))


# --------------------------------------------------------------------------------------- members


def same_outlines(deso: gpd.GeoSeries, districts: gpd.GeoSeries) -> dict[str, str]:
    """Return the valdistrikt that is the same area as a DeSO, which many were made from."""
    left, right = (
        shapes.rename_axis(name).reset_index(name="geometry").set_crs(CRS)
        for shapes, name in ((deso, "deso"), (districts, "district"))
    )
    shared = gpd.overlay(left, right, how="intersection")
    most = shared.assign(area=shared.area).sort_values("area").drop_duplicates("deso", keep="last")
    return {
        str(row.deso): str(row.district)
        for row in most.sort_values("deso").itertuples()
        if radius(deso[row.deso].symmetric_difference(districts[row.district])) <= SAME_OUTLINE
    }


def radius(geometry: shapely.Geometry) -> float:
    """Radius of the largest circle inside any part."""
    parts = [part for part in shapely.get_parts(geometry) if part.area > 1]
    circles = [shapely.maximum_inscribed_circle(part, tolerance=0.5) for part in parts]
    return max((circle.length for circle in circles), default=0.0)


def members(
    points: gpd.GeoDataFrame,
    deso: gpd.GeoSeries,
    outlines: dict[str, str],
    leads: dict[str, set[str]],
) -> pd.DataFrame:
    """Say how likely each address lies in which DeSO: ``address, source, inside``.

    A DeSO with the outline of a valdistrikt has that one's addresses, for its border is exact.
    Another's may be off by 45 m: from sure that far inside, to none that far outside. A border
    that is one between GeSO is exact, so nobody is looked for in a GeSO the DeSO does not reach.
    """
    of_district = {district: code for code, district in outlines.items()}
    exact = points["district"].map(of_district)
    sure = pd.DataFrame({"address": points.index, "source": exact, "inside": 1.0}).dropna()
    rest = points[exact.isna()]
    parts = [sure]
    for code in deso.index.difference(list(outlines)):
        reached = rest[rest["target"].isin(leads[code])]
        shape = deso[code]
        near = reached[shapely.dwithin(reached.geometry.to_numpy(), shape, BORDER_ERROR)]
        depth = near.distance(shape.boundary).where(near.intersects(shape), -near.distance(shape))
        inside = (0.5 + depth / (2 * BORDER_ERROR)).clip(0, 1)
        parts.append(pd.DataFrame({"address": near.index, "source": code, "inside": inside}))
    table = pd.concat(parts, ignore_index=True)
    table = table[table["inside"] > 0]
    table["inside"] /= table.groupby("address")["inside"].transform("sum")
    return table.sort_values(["source", "address"], ignore_index=True)


# ------------------------------------------------------------------------------------- estimates


class Around(NamedTuple):
    """What whole areas around an address have.

    The logarithm of residents and of dwellings per address that is no owned house, and the share
    of addresses that are owned houses.
    """

    residents: np.ndarray
    dwellings: np.ndarray
    owned: np.ndarray


def rates(member: pd.DataFrame, areas: Areas) -> pd.DataFrame:
    """Return those three for each area."""
    size = member.groupby("source")["inside"].sum()
    residents, dwellings, owned = (each.reindex(size.index) for each in areas)
    others = (size - owned).clip(lower=size / 10)
    return pd.DataFrame(
        {
            "residents": np.log(((residents - HOUSEHOLD * owned) / others).clip(1, 100)),
            "dwellings": np.log(((dwellings - owned) / others).clip(0.5, 50)),
            "owned": (owned / size).clip(upper=1),
            "others": (size - owned) / size,
        }
    )


def kind_of(owned: float) -> str:
    """Say what an area's addresses are, from its owned houses per address."""
    if owned >= MOSTLY_HOUSES:
        return "houses"
    return "flats" if owned < NO_HOUSES else "both"


class Surroundings:
    """What lies around an address on its own side: whole areas, by their addresses."""

    def __init__(
        self, points: gpd.GeoDataFrame, member: pd.DataFrame, areas: Areas, whole: Collection[str]
    ) -> None:
        """Look only at areas that lie `whole` on one side, and so tell nothing of a split."""
        of_areas = rates(member, areas)
        main = member.sort_values(["inside", "source"]).drop_duplicates("address", keep="last")
        main = main.set_index("address")["source"].reindex(points.index)
        self.area = main.where(main.isin(list(whole))).to_numpy(dtype=object)
        self.side = pd.factorize(points["target"])[0]
        self.xy = points.get_coordinates().to_numpy()
        self.values = of_areas[list(Around._fields)].reindex(main).to_numpy()
        some = of_areas["others"].reindex(main).gt(SOME).to_numpy()
        known = pd.notna(self.area)
        self.pools = {"residents": known & some, "dwellings": known & some, "owned": known}

    def around(self, at: np.ndarray, without: Collection[str]) -> Around:
        """Average the nearest addresses, those of some areas left out, for each address of `at`."""
        found = {name: np.zeros(len(at)) for name in Around._fields}
        left = ~pd.Series(self.area).isin(list(without)).to_numpy()
        for side in np.unique(self.side[at]):
            here = np.flatnonzero(self.side[at] == side)
            for n, (name, pool) in enumerate(self.pools.items()):
                nearby = np.flatnonzero(pool & left & (self.side == side))
                if len(nearby) == 0:
                    continue
                ranks = np.arange(1, min(NEIGHBOURS, len(nearby)) + 1)
                nearest = KDTree(self.xy[nearby]).query(self.xy[at[here]], k=ranks)[1]
                found[name][here] = self.values[nearby, n][nearest].mean(axis=1)
        return Around(**found)


def houses(inside: np.ndarray, letter: np.ndarray, near: Around, owned: float) -> np.ndarray:
    """Return the chance that an address is an owned house, so that they sum to the owned."""
    size = inside.sum()
    if owned <= 0:
        return np.zeros(len(inside))
    odds = np.log((near.owned + 0.05) / (1.05 - near.owned)) - LETTER * letter
    owned = min(owned, 0.98 * size)

    def too_many(level: float) -> float:
        return float((inside / (1 + np.exp(-(level + odds)))).sum() - owned)

    return 1 / (1 + np.exp(-(brentq(too_many, -60, 60) + odds)))


def spread(
    points: gpd.GeoDataFrame, inside: np.ndarray, near: Around, totals: tuple[float, float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return residents and dwellings at each address of one area, whose totals are known."""
    residents, dwellings, owned = totals
    house = houses(inside, points["letter"].to_numpy(dtype=float), near, owned)
    people = min(HOUSEHOLD, residents / inside.sum())
    kind = (1 - house) * np.where(points["few_homes"], FEW, 1.0)

    def rest(left: float, level: np.ndarray) -> np.ndarray:
        size = kind * np.exp(HALF_WAY * level)
        whole = float((inside * size).sum())
        return size * max(left, 0.0) / whole if whole > 0 else size

    built = float((inside * house).sum())
    return (
        house * people + rest(residents - people * built, near.residents),
        house + rest(dwellings - built, near.dwellings),
    )


def estimate(
    points: gpd.GeoDataFrame, member: pd.DataFrame, areas: Areas, whole: Collection[str]
) -> pd.DataFrame:
    """Return members with ``residents`` and ``dwellings``, what each address holds of its DeSO."""
    surroundings = Surroundings(points, member, areas, whole)
    parts = []
    for code, rows in member.groupby("source"):
        at = rows["address"].to_numpy()
        near = surroundings.around(at, [code])
        inside = rows["inside"].to_numpy()
        residents, dwellings = spread(points.loc[at], inside, near, areas.of([code]))
        parts.append(rows.assign(residents=inside * residents, dwellings=inside * dwellings))
    return pd.concat(parts, ignore_index=True)


def scaled(homes: pd.DataFrame, group: pd.Series, people: pd.Series) -> pd.DataFrame:
    """Scale what the addresses of each group hold so that its residents are those people.

    With the valdistrikt as groups and their entitled voters, residents per address follow the
    voters per address. A group of which nothing is known stays as it is.
    """
    of = homes["address"].map(group)
    factor = of.map(people / homes.groupby(of)["residents"].sum()).fillna(1.0)
    return homes.assign(
        residents=homes["residents"] * factor, dwellings=homes["dwellings"] * factor
    )


def judged(homes: pd.DataFrame, points: gpd.GeoDataFrame) -> pd.Series:
    """Say of each source whether what a place is called, or its count, decides part of it."""
    place = points["place"]
    named = place.str.endswith(ELSEWHERE).fillna(value=False) | place.isin(list(COUNTED))
    return homes["address"].map(named).groupby(homes["source"]).mean() > TENTH


def counted(homes: pd.DataFrame, points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each delområde that somebody has counted its residents; the rest of its DeSO gives."""
    known = homes["address"].map(points["place"]).isin(list(COUNTED))
    columns = ["residents", "dwellings"]
    whole = homes.groupby("source")[columns].transform("sum")
    inside = scaled(homes[known], points["place"], pd.Series(COUNTED, dtype=float))
    result = homes.copy()
    result.loc[known, columns] = inside[columns]
    held = result[columns].where(known, 0.0).groupby(result["source"]).transform("sum")
    others = homes[columns].mask(known, 0.0).groupby(homes["source"]).transform("sum")
    factor = ((whole - held) / others.where(others > 0)).fillna(1.0)
    result[columns] = result[columns].where(known, result[columns] * factor, axis=0)
    return result

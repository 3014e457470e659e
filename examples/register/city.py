"""What the synthetic register is calibrated to: the project's own open figures and borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geolyft.divisions.areas import demo_folder, load_areas
from geolyft.join.points import assign_points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

CRS: Final = 3008
TENURES: Final = ("hyresrätt", "bostadsrätt", "äganderätt", "okänd")
_DWELLINGS: Final = ["dw_rental", "dw_coop", "dw_owner", "dw_unknown"]
_RING: Final = (30.0, 400.0)  # how far outside the city, in metres, a stray address lies


@dataclass(frozen=True, kw_only=True)
class City:
    """Open figures per DeSO and the borders the synthetic people live within.

    Parameters
    ----------
    figures
        One row per DeSO: the shipped figures, ``geso`` (the area its middle lies in) and
        ``hardship`` (mean 0, standard deviation 1, high is worse).
    polygons
        Each DeSO's part within the city, in the order of `figures`.
    geso
        The city's areas.
    outside
        A ring just outside the city.
    turnout
        The shipped election figures per valdistrikt.
    """

    figures: pd.DataFrame
    polygons: NDArray[np.object_]
    geso: gpd.GeoDataFrame
    outside: shapely.Geometry
    turnout: pd.DataFrame


def load_city() -> City:
    """Read what the project ships about Malmö."""
    figures = pd.read_csv(demo_folder() / "deso2025.csv", dtype={"deso_kod": "str"})
    figures = figures.set_index("deso_kod").sort_index()
    turnout = pd.read_csv(demo_folder() / "turnout2022.csv", dtype={"valdistrikt_kod": "str"})
    geso = load_areas("geso")
    deso = load_areas("deso2025").loc[figures.index]
    whole = shapely.union_all(geso.geometry.to_numpy())
    # DeSO borders are generalised: what sticks out of the city is no place for its residents.
    polygons = shapely.intersection(deso.geometry.to_numpy(), whole)
    middles = gpd.GeoSeries(shapely.point_on_surface(polygons), index=figures.index, crs=CRS)
    return City(
        figures=figures.assign(geso=assign_points(middles, geso), hardship=hardship(figures)),
        polygons=polygons,
        geso=geso,
        outside=shapely.difference(whole.buffer(_RING[1]), whole.buffer(_RING[0])),
        turnout=turnout.set_index("valdistrikt_kod").sort_index(),
    )


def hardship(figures: pd.DataFrame) -> pd.Series[float]:
    """Say how hard life is in each DeSO: little money, little work, few who own their home."""
    parts = pd.DataFrame(
        {
            "poor": figures["low_econ_share_2024"],
            "idle": -figures["employed_share_2024"],
            "rents": figures["dw_rental"] / figures["dw_total"],
        }
    )
    mean = ((parts - parts.mean()) / parts.std()).mean(axis=1)
    return (mean - mean.mean()) / mean.std()


def tenure_shares(figures: pd.DataFrame) -> NDArray[np.float64]:
    """Return each DeSO's shares of dwellings in the order of ``TENURES``."""
    dwellings = figures[_DWELLINGS].to_numpy(dtype=np.float64)
    shares: NDArray[np.float64] = dwellings / dwellings.sum(axis=1, keepdims=True)
    return shares


def share_out(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Split a whole number in proportion, in whole numbers that sum to it (largest remainder).

    Examples
    --------
    >>> share_out(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    exact = np.asarray(weights, dtype=np.float64)
    exact = exact / exact.sum() * total
    parts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    first = np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]
    parts[first] += 1
    return parts


def draw_points(
    polygon: shapely.Geometry, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw points evenly within a polygon, to the decimetre."""
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found = np.empty((0, 2))
    while len(found) < count:
        tries = rng.uniform((west, south), (east, north), size=(4 * count + 20, 2)).round(1)
        inside = shapely.contains_xy(polygon, tries[:, 0], tries[:, 1])
        found = np.vstack([found, tries[inside]])
    return found[:count]


def logit(share: ArrayLike) -> NDArray[np.float64]:
    """Return log odds of shares, kept away from 0 and 1."""
    kept = np.clip(np.asarray(share, dtype=np.float64), 0.005, 0.995)
    return np.log(kept / (1 - kept))


def share_of(log_odds: ArrayLike) -> NDArray[np.float64]:
    """Return the share that has these log odds.

    Examples
    --------
    >>> round(float(share_of(logit(0.2))), 12)
    0.2
    """
    return 1 / (1 + np.exp(-np.asarray(log_odds, dtype=np.float64)))

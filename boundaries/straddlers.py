"""How far a split can be off: neighbouring DeSO are merged across a GeSO border, and split again.

Each artificial straddler is two DeSO, or one against three, that lie whole in their GeSO, whose
residents and dwellings are therefore known on both sides. Only their sums are given to an estimate,
and nothing it looks at around them is of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from homes import Areas, Around, Surroundings, kind_of, spread

if TYPE_CHECKING:
    import geopandas as gpd

LARGER = 3  # DeSO on the larger side, in tests where the sides are unlike
CHOSEN = {"voters": "kinds of addresses, by voters", "other": "kinds of addresses"}
COLUMNS = ("residents", "dwellings")


class City(NamedTuple):
    """What the estimates know: addresses, which DeSO they lie in, and what those hold.

    ``geso`` is of DeSO that lie whole in one; ``homes`` what is estimated at each address;
    ``inhabited`` the m2 of each DeSO that are no park.
    """

    points: gpd.GeoDataFrame
    member: pd.DataFrame
    areas: Areas
    geso: dict[str, str]
    homes: pd.DataFrame
    voters: pd.Series
    inhabited: pd.Series


class Straddler(NamedTuple):
    """DeSO on one side of a border and on the other."""

    left: list[str]
    right: list[str]


def find_straddlers(deso: gpd.GeoSeries, geso: dict[str, str]) -> list[Straddler]:
    """Return pairs of nested DeSO that share a border between GeSO, and one against three."""
    shapes = deso.loc[list(geso)]
    one, other = shapely.STRtree(shapes.to_numpy()).query(
        shapes.to_numpy(), predicate="dwithin", distance=1
    )
    beside: dict[str, set[str]] = {code: set() for code in shapes.index}
    for a, b in zip(shapes.index[one], shapes.index[other], strict=True):
        if a != b and shapes[a].intersection(shapes[b]).length > 0:
            beside[a].add(b)
    pairs = [
        (a, b) for a in sorted(beside) for b in sorted(beside[a]) if a < b and geso[a] != geso[b]
    ]
    found = [Straddler([a], [b]) for a, b in pairs]
    for a, b in (*pairs, *[(b, a) for a, b in pairs]):
        group = [a]
        while len(group) < LARGER:
            near = {c for each in group for c in beside[each] if geso[c] == geso[a]} - set(group)
            if not near:
                break
            centre = shapes[b].centroid
            group.append(min(sorted(near), key=lambda c: shapes[c].centroid.distance(centre)))
        if len(group) == LARGER:
            found.append(Straddler(group, [b]))
    return found


class Merged(NamedTuple):
    """The addresses of a straddler: which, how likely inside, and how likely on the left."""

    at: np.ndarray
    inside: np.ndarray
    left: np.ndarray

    @classmethod
    def of(cls, city: City, straddler: Straddler) -> Merged:
        """Merge its DeSO."""
        rows = city.member[city.member["source"].isin([*straddler.left, *straddler.right])]
        left = rows["inside"].where(rows["source"].isin(straddler.left), 0.0)
        table = (
            pd.DataFrame({"inside": rows["inside"], "left": left}).groupby(rows["address"]).sum()
        )
        return cls(table.index.to_numpy(), table["inside"].to_numpy(), table["left"].to_numpy())

    def share(self, held: np.ndarray) -> float:
        """Return the share on the left of what the addresses hold."""
        return float((self.left * held).sum() / (self.inside * held).sum())


def split_again(
    city: City, straddler: Straddler, surroundings: Surroundings
) -> dict[str, tuple[float, float]]:
    """Return each estimator's share on the left, of residents and of dwellings."""
    codes = [*straddler.left, *straddler.right]
    merged = Merged.of(city, straddler)
    near = surroundings.around(merged.at, codes)
    totals = city.areas.of(codes)
    here = city.points.loc[merged.at]
    held = spread(here, merged.inside, near, totals)
    blind = spread(here, merged.inside, Around(*(0 * each for each in near)), totals)
    alike = spread(here, merged.inside, near, (*totals[:2], 0.0))
    even = np.ones(len(merged.at))
    area = float(city.inhabited[straddler.left].sum() / city.inhabited[codes].sum())
    share = merged.share
    return {
        "area without parks": (area, area),
        "addresses": (share(even), share(even)),
        "addresses, by voters": (share(_by_voters(city, codes, merged, even)),) * 2,
        "addresses by neighbours": (share(alike[0]), share(alike[1])),
        "owned houses and others": (share(blind[0]), share(blind[1])),
        CHOSEN["other"]: (share(held[0]), share(held[1])),
        CHOSEN["voters"]: (
            share(_by_voters(city, codes, merged, held[0])),
            share(_by_voters(city, codes, merged, held[1], held[0])),
        ),
    }


def _by_voters(
    city: City, codes: list[str], merged: Merged, held: np.ndarray, people: np.ndarray | None = None
) -> np.ndarray:
    """Scale what addresses hold to the voters of their valdistrikt, counted with those around."""
    people = held if people is None else people
    districts = city.points["district"]
    others = city.homes[~city.homes["source"].isin(codes)]
    other = others["residents"].groupby(others["address"].map(districts)).sum()
    here = districts.loc[merged.at]
    own = pd.Series(merged.inside * people, index=here.index).groupby(here).sum()
    return held * here.map(city.voters / own.add(other, fill_value=0.0)).to_numpy()


def measure(city: City, deso: gpd.GeoSeries) -> pd.DataFrame:
    """Try every estimator on every straddler: one row each, with what is true."""
    surroundings = Surroundings(city.points, city.member, city.areas, list(city.geso))
    size = city.member.groupby("source")["inside"].sum()
    rows = []
    for straddler in find_straddlers(deso, city.geso):
        codes = [*straddler.left, *straddler.right]
        left, whole = city.areas.of(straddler.left), city.areas.of(codes)
        kind = kind_of(whole[2] / size[codes].sum())
        for name, shares in split_again(city, straddler, surroundings).items():
            for n, of in enumerate(COLUMNS):
                rows.append((name, kind, of, shares[n], left[n] / whole[n]))
    return pd.DataFrame(rows, columns=["estimator", "kind", "of", "share", "true"])


def summarise(tried: pd.DataFrame) -> pd.DataFrame:
    """Return the mean absolute error, its root mean square and largest, of each estimator."""
    off = (tried["share"] - tried["true"]).abs()
    grouped = off.groupby([tried["of"], tried["estimator"]], sort=False)
    square = (off**2).groupby([tried["of"], tried["estimator"]], sort=False)
    return pd.DataFrame(
        {"mean": grouped.mean(), "sd": np.sqrt(square.mean()), "largest": grouped.max()}
    )


def errors(tried: pd.DataFrame) -> pd.DataFrame:
    """Return the chosen estimator's standard error by kind, and of how many straddlers.

    It is that of a weight of one half. Others' is as much less as their spread, the root of
    4 p (1 - p): a source that lies all on one side cannot be off in both directions.
    """
    by_voters = tried[tried["estimator"] == CHOSEN["voters"]].assign(kind="voters")
    chosen = pd.concat([by_voters, tried[tried["estimator"] == CHOSEN["other"]]])
    spread = 4 * chosen["share"] * (1 - chosen["share"])
    square = ((chosen["share"] - chosen["true"]) ** 2 / spread).groupby(
        [chosen["of"], chosen["kind"]]
    )
    return pd.DataFrame({"error": np.sqrt(square.mean()).round(3), "straddlers": square.size()})


def typical_error(tried: pd.DataFrame, *, voters: bool) -> float:
    """Return the standard error of a split whose weight is not looked at, of residents."""
    chosen = tried[(tried["estimator"] == CHOSEN["voters" if voters else "other"])]
    chosen = chosen[(chosen["of"] == "residents") & (voters | (chosen["kind"] != "houses"))]
    return round(float(np.sqrt(((chosen["share"] - chosen["true"]) ** 2).mean())), 3)

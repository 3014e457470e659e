"""Events on small areas and cells: held against the whole table of the areas that they lie in.

None of these counts is in any output. Classes and a surface are made of them, and whoever could
turn those round would find them: so they are protected as if they were published beside the table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.disclosure.auditor.knowledge.family import Sums
from geolyft.disclosure.own_rules.events import cube_of, table_of
from geolyft.disclosure.protect import check_protection, protect_counts
from geolyft.disclosure.raw import opened
from geolyft.frames import CITY, EVERYONE, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geolyft.disclosure.auditor.knowledge.family import Ints
    from geolyft.disclosure.own_rules.events import Table
    from geolyft.disclosure.protect import Protection
    from geolyft.disclosure.raw import Raw

_SLIVER: Final = 1e-6
"""Of a place's own area; less than that of it lies nowhere else."""
_INSIDE: Final = 3
"""The axis after areas, types and times."""
_Total = tuple[int, list[int]]


@dataclass(frozen=True, kw_only=True)
class Level:
    """Places of one kind, and the number that the count of each has in the table."""

    shapes: gpd.GeoSeries
    numbers: Ints


@dataclass(frozen=True, kw_only=True)
class Within:
    """A table of events with the places inside of its areas.

    Parameters
    ----------
    levels
        The areas first, all in one CRS.
    """

    table: Table
    levels: Sequence[Level]

    def with_places(
        self, counted: Raw[pd.Series], shapes: gpd.GeoSeries, rule: Protection
    ) -> Within:
        """Return the table with more places, of which all is hidden that tells too much.

        Parameters
        ----------
        counted
            Counts by place; one that is not there has none.

        Raises
        ------
        DisclosureError
            ``audit-unsafe`` or ``audit-infeasible``.
        """
        size = len(self.table.few)
        new = Level(shapes=shapes, numbers=np.arange(size, size + len(shapes)))
        totals: list[_Total] = []
        end = size + len(shapes)
        for level in self.levels:
            more, end = _nested(new, level, end)
            totals += more
        counts = opened(counted).reindex(shapes.index, fill_value=0).astype("float64")
        shown = protect_counts(counts, rule, exempt=False).to_numpy(dtype="float64")
        table = _longer(self.table, shown, end - size, totals)
        safe = table.safe(rule, standing=size, along=_INSIDE)
        return Within(table=safe, levels=[*self.levels, new])

    def shown(self) -> pd.Series[float]:
        """Return what is shown of the places that came last, missing where nothing is."""
        last = self.levels[-1]
        return pd.Series(self.table.shown[last.numbers], index=last.shapes.index)


def within(
    events: Raw[pd.DataFrame],
    published: pd.DataFrame,
    areas: gpd.GeoSeries,
    protection: Protection,
) -> Within:
    """Return the table of one period, as it was published.

    Parameters
    ----------
    events, published
        What `geolyft.disclosure.own_rules.events.publish_events` took and returned, of the period.
    areas
        Polygons by code.
    """
    check_protection(protection, open_sources=1)
    codes = list(areas.index)
    kinds, bands = (sorted(set(published[name]) - {EVERYONE}) for name in ("kind", "band"))
    cube = cube_of(opened(events), [*codes, RESIDUAL], kinds, bands)
    order = [[*codes, RESIDUAL, CITY], [*kinds, EVERYONE], [*bands, EVERYONE]]
    shown = published.set_index(["area", "kind", "band"])["count"]
    hidden = shown.reindex(pd.MultiIndex.from_product(order)).isna().to_numpy()
    numbers = np.arange(cube.size).reshape(cube.shape)[: len(codes), -1, -1]
    level = Level(shapes=areas, numbers=numbers)
    return Within(table=table_of(cube, protection, hidden), levels=[level])


def _longer(table: Table, shown: np.ndarray, more: int, totals: Sequence[_Total]) -> Table:
    """Return a table with so many more counts: first those of places, then parts of them."""
    parts = more - len(shown)
    few = np.isnan(shown)
    none, every = np.zeros(parts, dtype=bool), np.ones(parts, dtype=bool)
    sizes = [len(of) for _, of in totals]
    inside = Sums(
        whole=np.array([whole for whole, _ in totals], dtype=np.int64),
        of=np.repeat(np.arange(len(totals)), sizes),
        part=np.array([n for _, of in totals for n in of], dtype=np.int64),
    )
    return replace(
        table,
        rounded=np.concatenate([table.rounded, shown, np.full(parts, np.nan)]),
        few=np.concatenate([table.few, few, none]),
        nowhere=np.concatenate([table.nowhere, np.zeros(len(shown), dtype=bool), every]),
        hidden=np.concatenate([table.hidden, few, every]),
        sums=Sums.joined([table.sums, inside]),
        axis=np.concatenate([table.axis, np.full(len(totals), _INSIDE)]),
    )


def _nested(one: Level, other: Level, end: int) -> tuple[list[_Total], int]:
    """Return what the smaller places make of the larger ones, and the next number that is free.

    Of one in several larger ones, or only in part in any, an unknown part lies in each.
    """
    small, large = sorted((one, other), key=lambda of: float(of.shapes.area.mean()))
    a, b = small.shapes.to_numpy(), large.shapes.to_numpy()
    inner, outer = shapely.STRtree(b).query(a, predicate="intersects")
    shared = shapely.area(shapely.intersection(a[inner], b[outer]))
    real = shared > _SLIVER * shapely.area(a)[inner]
    inner, outer, shared = inner[real], outer[real], shared[real]
    rest, open_ = (_uncovered(*each) for each in ((a, inner, shared), (b, outer, shared)))
    split = np.bincount(inner, minlength=len(a)) + rest > 1
    number = small.numbers[inner].copy()
    apart = split[inner]
    number[apart] = np.arange(end, end + int(apart.sum()))
    end += int(apart.sum())
    totals: list[_Total] = []
    for wholes, of, more, asked in (
        (small.numbers, inner, rest, split),
        (large.numbers, outer, open_, np.isin(np.arange(len(b)), outer)),
    ):
        members = pd.Series(number).groupby(of).agg(list)
        for place in np.flatnonzero(asked).tolist():
            parts = list(members.get(place, []))
            if more[place]:
                parts.append(end)
                end += 1
            totals.append((int(wholes[place]), parts))
    return totals, end


def _uncovered(shapes: np.ndarray, at: Ints, shared: np.ndarray) -> np.ndarray:
    """Say of which places some part lies in none of the others."""
    own = shapely.area(shapes)
    return np.asarray(own - np.bincount(at, shared, len(own)) > _SLIVER * own)

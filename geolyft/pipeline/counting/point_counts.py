"""Points of a source are counted on areas batch by batch.

What a batch leaves is its `Tally`: sums per area, sex and group, how its points were placed and how
its file was understood. Tallies add up, so batches may be counted by several processes, and no row
of a person outlives its batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geolyft.indicators.aggregate import count_rows
from geolyft.indicators.measures import rows_that_meet
from geolyft.join.area_lookup import AreaGrid, grid_of
from geolyft.join.placed import Places, look_at, no_places, with_positions
from geolyft.read import FileSeen, PointFile, seen_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geolyft.run_file.sources import Source

    Counts = NDArray[np.int64]

SEXES = ("kvinnor", "män")


@dataclass(frozen=True, kw_only=True)
class CountPlan:
    """What a worker needs to count a part of a source's file.

    Parameters
    ----------
    shapes
        For each level, the polygons of its areas as WKB.
    """

    file: PointFile
    source: Source
    shapes: tuple[tuple[bytes, ...], ...]

    def grids(self) -> list[AreaGrid]:
        """Return each level's grid, built once in each process."""
        return [grid_of(level, max(self.file.rows, 1)) for level in self.shapes]


@dataclass(frozen=True, kw_only=True)
class LevelTally:
    """Counts on one division; its last row is of the points without an area.

    Parameters
    ----------
    counts
        By measure, sex, area, and numerator or denominator.
    groups
        The same without sex, by name of the grouping and group.
    people
        By area: residents, children.
    """

    places: Places
    counts: Counts
    groups: dict[tuple[str, str], Counts]
    people: Counts

    def __add__(self, other: LevelTally) -> LevelTally:
        """Return the counts of both."""
        groups = dict(self.groups)
        for key, counts in other.groups.items():
            groups[key] = groups[key] + counts if key in groups else counts
        return LevelTally(
            places=self.places + other.places,
            counts=self.counts + other.counts,
            groups=groups,
            people=self.people + other.people,
        )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Everything a run keeps of a source's points.

    Parameters
    ----------
    sexes
        The sexes that were met.
    whole, residents
        The same counts over all rows at once, which the areas' are held against: by measure,
        numerator and denominator; residents and children.
    """

    seen: FileSeen = field(default_factory=FileSeen)
    sexes: frozenset[str] = frozenset()
    whole: Counts
    residents: Counts
    levels: tuple[LevelTally, ...]

    def __add__(self, other: Tally) -> Tally:
        """Return the counts of both."""
        return Tally(
            seen=self.seen + other.seen,
            sexes=self.sexes | other.sexes,
            whole=self.whole + other.whole,
            residents=self.residents + other.residents,
            levels=tuple(a + b for a, b in zip(self.levels, other.levels, strict=True)),
        )


def empty_tally(plan: CountPlan) -> Tally:
    """Return the counts of no points."""
    measures = len(plan.source.measures)
    levels = tuple(
        LevelTally(
            places=no_places(),
            counts=np.zeros((measures, 3, len(level) + 1, 2), dtype=np.int64),
            groups={},
            people=np.zeros((len(level) + 1, 2), dtype=np.int64),
        )
        for level in plan.shapes
    )
    whole = np.zeros((measures, 2), dtype=np.int64)
    return Tally(whole=whole, residents=np.zeros(2, dtype=np.int64), levels=levels)


def count_part(plan: CountPlan, groups: Sequence[int] | None) -> Tally:
    """Count the points of some row groups, or of the whole file."""
    tally, grids = empty_tally(plan), plan.grids()
    for batch in plan.file.batches(groups):
        tally += _count_batch(plan, batch.frame, seen_in(batch), grids)
    return tally


def _count_batch(
    plan: CountPlan, people: pd.DataFrame, seen: FileSeen, grids: Sequence[AreaGrid]
) -> Tally:
    source = plan.source
    sex = _sexes(people, source)
    hits = []
    for measure in source.measures:
        among = rows_that_meet(people, measure.among).to_numpy(dtype=bool)
        counted = rows_that_meet(people, measure.counted or {}).to_numpy(dtype=bool)
        hits.append((among & counted, among))
    flags = [np.ones(len(people), dtype=bool), np.zeros(len(people), dtype=bool)]
    if isinstance(source.children, dict):
        flags[1] = rows_that_meet(people, source.children).to_numpy(dtype=bool)
    labels = {
        name: grouping.labels(people[grouping.column]) for name, grouping in source.groups.items()
    }
    xs, ys = people["x"].to_numpy(), people["y"].to_numpy()
    looked = look_at(xs, ys, where=plan.file.file.name)
    there = plan.file.there(xs, ys)
    levels = []
    for grid in grids:
        position = grid.positions(*there)
        # The points without an area are counted in the row after the last.
        at = np.where(position < 0, grid.size, position)
        levels.append(
            LevelTally(
                places=with_positions(looked, position),
                counts=_by_sex(hits, sex, at, grid.size + 1),
                groups=_by_group(hits, labels, at, grid.size + 1),
                people=count_rows(flags, at, grid.size + 1),
            )
        )
    return Tally(
        seen=seen,
        sexes=frozenset() if sex is None else frozenset(sex.dropna().unique()),
        whole=np.array([[h.sum(), a.sum()] for h, a in hits], dtype=np.int64).reshape(-1, 2),
        residents=np.array([flag.sum() for flag in flags], dtype=np.int64),
        levels=tuple(levels),
    )


def _sexes(people: pd.DataFrame, source: Source) -> pd.Series[str] | None:
    """Say sex in geolyft's words; a text that is neither stays unknown, and counts in ``alla``."""
    sex = source.sex
    if sex is None:
        return None
    women, men = SEXES
    return people[sex.column].astype("str").map({sex.women: women, sex.men: men})


def _by_sex(
    hits: Sequence[tuple[Any, Any]], sex: pd.Series[str] | None, at: NDArray[np.intp], size: int
) -> Counts:
    counts = np.zeros((len(hits), 3, size, 2), dtype=np.int64)
    for n, parts in enumerate(hits):
        counts[n, 0] = count_rows(parts, at, size)
        if sex is None:
            continue
        for k, one in enumerate(SEXES, start=1):
            mine = sex.eq(one).to_numpy(dtype=bool)
            counts[n, k] = count_rows([part & mine for part in parts], at, size)
    return counts


def _by_group(
    hits: Sequence[tuple[Any, Any]],
    labels: dict[str, pd.Series[str]],
    at: NDArray[np.intp],
    size: int,
) -> dict[tuple[str, str], Counts]:
    groups: dict[tuple[str, str], Counts] = {}
    for name, label_of in labels.items():
        for label in label_of.dropna().unique():
            mine = label_of.eq(label).to_numpy(dtype=bool)
            counted = [count_rows([part & mine for part in parts], at, size) for parts in hits]
            groups[name, str(label)] = np.array(counted).reshape(-1, size, 2)
    return groups


def frame_of(
    counts: Counts, indicators: Sequence[str], codes: Sequence[str], sexes: Sequence[str]
) -> pd.DataFrame:
    """Return counts by measure, sex, area and part as rows.

    Examples
    --------
    >>> frame_of(np.array([[[[1, 2]]]]), ["E1"], ["a"], ["alla"]).values.tolist()
    [['a', 1.0, 2.0, 'alla', 'E1', 'ok']]
    """
    frames = [
        pd.DataFrame(
            counts[n, k].astype(np.float64),
            columns=["numerator", "denominator"],
            index=pd.Index(codes, name="area"),
        )
        .reset_index()
        .assign(sex=sex, indicator=indicator)
        for n, indicator in enumerate(indicators)
        for k, sex in enumerate(sexes)
    ]
    return pd.concat(frames, ignore_index=True).assign(status="ok")

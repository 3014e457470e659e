"""Points of a source are counted on areas batch by batch.

What a batch leaves is its `Tally`: sums per area, sex and group, how its points were placed and how
its file was understood. Tallies add up, so batches may be counted by several processes. No row of a
person outlives its batch, but for what `geolyft.pipeline.counting.pairs` keeps of a source with an
`id` until its editions are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import add
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.disclosure.inputs import unsaid
from geolyft.disclosure.together.pairs import CELLS
from geolyft.errors import ConfigError
from geolyft.indicators.aggregate import count_rows
from geolyft.indicators.categories import among, categories_of
from geolyft.indicators.measures import rows_that_meet
from geolyft.join.area_lookup import AreaGrid, grid_of
from geolyft.join.placed import Places, look_at, no_places, with_positions
from geolyft.pipeline.counting.occurring import Occurring, merged, occurring_in
from geolyft.pipeline.counting.pairs import COUNTED, Followed, crossed, follow
from geolyft.read import FileSeen, PointFile, Points, seen_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from geolyft.disclosure.protect import Protection
    from geolyft.frames import Floats
    from geolyft.indicators.measures import Measure
    from geolyft.run_file.sources import Source

    Counts = NDArray[np.int64]
    States = NDArray[np.int8]

SEXES = ("kvinnor", "män")
_GRID_POINTS: Final = 1_000_000
"""As many cells as pay for a register of a city, and cost little for a shorter file."""


@dataclass(frozen=True, kw_only=True)
class CountPlan:
    """What a worker needs to count a part of a source's file.

    Parameters
    ----------
    shapes
        For each level, the polygons of its areas as WKB.
    salt
        See `geolyft.pipeline.counting.pairs.follow`.
    protection
        How numbers of its rows may be said, where nobody has protected them.
    """

    file: PointFile
    source: Source
    shapes: tuple[tuple[bytes, ...], ...]
    salt: str = ""
    protection: Protection | None = None

    def grids(self) -> list[AreaGrid]:
        """Return each level's grid, built once in each process for all files of a run."""
        return [grid_of(level, _GRID_POINTS) for level in self.shapes]


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
        By area: residents, and those that each lens of the source counts.
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
    occurring
        Of each column in which texts are asked for, which there are.
    whole, residents
        The same counts over all rows at once, which the areas' are held against: by measure,
        numerator and denominator; residents and those that lenses count.
    pairs
        Rows that are in the denominators of two measures, see `geolyft.pipeline.counting.pairs`.
    """

    seen: FileSeen = field(default_factory=FileSeen)
    occurring: dict[str, Occurring] = field(default_factory=dict)
    whole: Counts
    residents: Counts
    pairs: Counts
    followed: tuple[Followed, ...] = ()
    levels: tuple[LevelTally, ...]

    def __add__(self, other: Tally) -> Tally:
        """Return the counts of both."""
        return Tally(
            seen=self.seen + other.seen,
            occurring=merged(self.occurring, other.occurring, add),
            whole=self.whole + other.whole,
            residents=self.residents + other.residents,
            pairs=self.pairs + other.pairs,
            followed=self.followed + other.followed,
            levels=tuple(a + b for a, b in zip(self.levels, other.levels, strict=True)),
        )


def empty_tally(plan: CountPlan) -> Tally:
    """Return the counts of no points."""
    measures, people = len(plan.source.measures), 1 + len(plan.source.of_points)
    levels = tuple(
        LevelTally(
            places=no_places(),
            counts=np.zeros((measures, 3, len(level) + 1, 2), dtype=np.int64),
            groups={},
            people=np.zeros((len(level) + 1, people), dtype=np.int64),
        )
        for level in plan.shapes
    )
    return Tally(
        whole=np.zeros((measures, 2), dtype=np.int64),
        residents=np.zeros(people, dtype=np.int64),
        pairs=np.zeros((measures, measures, len(CELLS)), dtype=np.int64),
        levels=levels,
    )


def count_part(plan: CountPlan, groups: Sequence[int] | None) -> Tally:
    """Count the points of some row groups, or of the whole file."""
    with unsaid(plan.protection):
        return _count_part(plan, groups)


def _count_part(plan: CountPlan, groups: Sequence[int] | None) -> Tally:
    tally, grids = empty_tally(plan), plan.grids()
    for batch in plan.file.batches(groups):
        try:
            tally += _count_batch(plan, batch, grids)
        except ConfigError as refusal:
            where, remedy = plan.file.file.name, refusal.remedy
            raise ConfigError(refusal.code, refusal.what, remedy=remedy, where=where) from None
    return tally


def _count_batch(plan: CountPlan, batch: Points, grids: Sequence[AreaGrid]) -> Tally:
    source, last = plan.source, batch.last
    people, occurring = _with_categories(batch.frame, source)
    states = np.empty((len(source.measures), len(people)), dtype=np.int8)
    for n, measure in enumerate(source.measures):
        states[n] = _state(people, measure, last)
    sexes = _sexes(people, source)
    labels = {
        name: group.labels(people[group.column], last.get(group.column))
        for name, group in source.groups.items()
    }
    flags = [np.ones(len(people), dtype=bool)]
    flags += [
        rows_that_meet(people, conditions, last).to_numpy(dtype=bool)
        for conditions in source.of_points.values()
    ]
    xs, ys = people["x"].to_numpy(), people["y"].to_numpy()
    looked = look_at(xs, ys, where=plan.file.file.name)
    there = plan.file.there(xs, ys)
    levels, areas = [], []
    for grid in grids:
        position = grid.positions(*there)
        # The points without an area are counted in the row after the last.
        at = np.where(position < 0, grid.size, position).astype(np.intp)
        areas.append(at)
        levels.append(
            LevelTally(
                places=with_positions(looked, position),
                counts=_by_sex(states, sexes, at, grid.size + 1),
                groups=_by_group(states, labels, at, grid.size + 1),
                people=count_rows(flags, at, grid.size + 1),
            )
        )
    whole = [[np.count_nonzero(s == COUNTED), np.count_nonzero(s)] for s in states]
    return Tally(
        seen=seen_in(batch),
        occurring=occurring,
        whole=np.array(whole, dtype=np.int64).reshape(-1, 2),
        residents=np.array([flag.sum() for flag in flags], dtype=np.int64),
        pairs=crossed(states, states),
        followed=((follow(people[source.id], areas[0], states, plan.salt),) if source.id else ()),
        levels=tuple(levels),
    )


def _with_categories(
    people: pd.DataFrame, source: Source
) -> tuple[pd.DataFrame, dict[str, Occurring]]:
    """Return the rows with categories where texts are asked for, and which texts there are."""
    asked: dict[str, list[str]] = {}
    for column, texts in source.named_texts():
        asked.setdefault(column, []).extend(texts)
    if source.sex is not None:
        asked.setdefault(source.sex.column, []).extend([source.sex.women, source.sex.men])
    cells = {column: categories_of(people[column]) for column in asked}
    occurring = {column: occurring_in(cells[column], texts) for column, texts in asked.items()}
    # What is also compared as a number has to stay one.
    numbers = source.columns()[1]
    texts_only = {column: each for column, each in cells.items() if column not in numbers}
    return people.assign(**texts_only), occurring


def _state(people: pd.DataFrame, measure: Measure, last: Mapping[str, Floats]) -> NDArray[np.int8]:
    """Return whether each row is in no count, in the denominator alone, or in both."""
    base = rows_that_meet(people, measure.among, last).to_numpy(dtype=np.int8)
    counted = rows_that_meet(people, measure.counted or {}, last).to_numpy(dtype=np.int8)
    state: NDArray[np.int8] = base * (counted + 1)
    return state


def _sexes(people: pd.DataFrame, source: Source) -> NDArray[np.intp]:
    """Return each row's place among unknown and `SEXES`; who is unknown counts in ``alla``."""
    place = np.zeros(len(people), dtype=np.intp)
    if source.sex is not None:
        column = people[source.sex.column]
        for n, text in enumerate([source.sex.women, source.sex.men], start=1):
            place[among(column, [text]).to_numpy(dtype=bool)] = n
    return place


def _by_sex(states: States, sexes: NDArray[np.intp], at: NDArray[np.intp], size: int) -> Counts:
    counts = _by_kind(states, sexes, len(SEXES) + 1, at, size)
    counts[:, 0] = counts.sum(axis=1)
    return counts


def _by_group(
    states: States,
    labels: dict[str, pd.Series],
    at: NDArray[np.intp],
    size: int,
) -> dict[tuple[str, str], Counts]:
    groups: dict[tuple[str, str], Counts] = {}
    for name, label_of in labels.items():
        kinds = label_of.cat.codes.to_numpy().astype(np.intp)
        known = label_of.cat.categories
        # Without a group, a row is of the kind before the first.
        counts = _by_kind(states, kinds + 1, len(known) + 1, at, size)
        for kind in np.unique(kinds[kinds >= 0]):
            groups[name, str(known[kind])] = counts[:, kind + 1]
    return groups


def _by_kind(
    states: States,
    kinds: NDArray[np.intp],
    number: int,
    at: NDArray[np.intp],
    size: int,
) -> Counts:
    """Count by measure, kind, area, and numerator or denominator, each row once."""
    counts = np.zeros((len(states), number, size, 2), dtype=np.int64)
    place = (kinds * size + at) * (COUNTED + 1)
    for n, state in enumerate(states):
        met = np.bincount(place + state, minlength=number * size * (COUNTED + 1))
        met = met.reshape(number, size, COUNTED + 1)
        counts[n, ..., 0] = met[..., COUNTED]
        counts[n, ..., 1] = met[..., 1:].sum(axis=-1)
    return counts


def frame_of(
    counts: Counts, indicators: Sequence[str], codes: Sequence[str], sexes: Sequence[str]
) -> pd.DataFrame:
    """Return counts by measure, sex, area and part as rows.

    Examples
    --------
    >>> frame_of(np.array([[[[1, 2]]]]), ["E1"], ["a"], ["alla"]).values.tolist()
    [['a', 1.0, 2.0, 'alla', 'E1', 'ok']]
    """
    indicator, sex, area = np.indices(counts.shape[:-1]).reshape(3, -1)
    numerator, denominator = counts.reshape(-1, 2).astype(np.float64).T
    return pd.DataFrame(
        {
            "area": _texts(codes, area),
            "numerator": numerator,
            "denominator": denominator,
            "sex": _texts(sexes, sex),
            "indicator": _texts(indicators, indicator),
            "status": _texts(["ok"], np.zeros_like(area)),
        }
    )


def _texts(known: Sequence[str], at: NDArray[np.intp]) -> ExtensionArray:
    # A few texts repeated: several times faster than an index of them all that becomes columns.
    return pd.array(list(known), dtype="str").take(at)

"""Small areas that a run merges: their polygons, their crosswalk, and what was counted in them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.disclosure.grouping import merge_until_shown
from geolyft.disclosure.raw import Raw
from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk, main_target
from geolyft.divisions.grouped import coded, merged_crosswalk
from geolyft.export.figures.borders import border_lines
from geolyft.frames import POPULATION, lenses_of
from geolyft.pipeline.counting.pooled import pooled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import geopandas as gpd

    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.pipeline.counting.ledger import CountedAreas, Gathered
    from geolyft.run_file.config import Config

TABLE: Final = "sammanslagna"
_COLUMNS: Final = ["area", "level", "small", "small_name", "part", "part_name"]
_FIRST: Final = "regso2025"
"""Small areas are merged inside an area of it, for people know these."""


def merged_levels(
    config: Config, levels: Sequence[CountedAreas], gathered: Sequence[Gathered]
) -> tuple[list[CountedAreas], list[Gathered]]:
    """Return the levels, and what was counted in them, with small areas merged where a run asks.

    A small area that is split between the run's areas stays as it is: what a group would have in
    each of them rested on several estimates.
    """
    asked = [False, *(inside.group for inside in config.inside)]
    names = {level.name for level in levels}
    made = [
        _merged(config, level, counted, names) if group else (level, counted)
        for group, level, counted in zip(asked, levels, gathered, strict=True)
    ]
    return [level for level, _ in made], [counted for _, counted in made]


def merged_table(levels: Sequence[CountedAreas]) -> dict[str, pd.DataFrame]:
    """Return the table ``sammanslagna``: which small areas stand together; none if none do."""
    parts = [_members(level) for level in levels if level.merging is not None]
    return {TABLE: pd.concat(parts, ignore_index=True)} if parts else {}


def _members(level: CountedAreas) -> pd.DataFrame:
    codes = level.codes
    rows = pd.DataFrame({"part": list(codes), "small": list(codes.values())}, dtype="str")
    table = rows.assign(
        level=level.name,
        area=rows["small"].map(main_target(level.in_own)),
        small_name=rows["small"].map(level.areas["name"]),
        part_name=rows["part"].map(load_areas(level.name)["name"]),
    )
    together = table[table["small"].duplicated(keep=False)]
    return together.sort_values(["small", "part"])[_COLUMNS]


def _merged(
    config: Config, level: CountedAreas, gathered: Gathered, names: Collection[str]
) -> tuple[CountedAreas, Gathered]:
    counts = Raw.all(gathered.counts).then(_joined)
    years, periods = config.years_of(level.name), config.run.periods
    if years > 1:
        counts = counts.then(partial(pooled, periods=periods, years=years))
    merging = merge_until_shown(
        counts,
        within=_wholes(level.in_own, names),
        near=_neighbours(level.areas),
        threshold=config.protection.threshold,
        exempt=config.exempt(),
    )
    codes = coded(merging.groups)
    whole = replace(
        level,
        areas=_dissolved(level.areas, codes),
        crosswalk=merged_crosswalk(level.in_own, source=codes),
        merging=merging,
    )
    return whole, _summed(gathered, codes)


def _joined(counts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(counts, ignore_index=True)


def _wholes(crosswalk: Crosswalk, names: Collection[str]) -> list[dict[str, str]]:
    """Return what each small area may be merged in, of those that are not split: RegSO first.

    No further than that where RegSO are published too, for what lies in several overlaps them.
    """
    between = (crosswalk.source, _FIRST)
    own = _nested(crosswalk.table)
    for name in (name for name, ends in CROSSWALKS.items() if ends == between):
        first = _nested(load_crosswalk(name).table)
        codes = sorted(own.keys() & first.keys())
        both = {code: f"{own[code]} {first[code]}" for code in codes}
        return [both] if _FIRST in names else [both, {code: own[code] for code in codes}]
    return [own]


def _nested(table: pd.DataFrame) -> dict[str, str]:
    """Return where the small areas lie that lie whole in one area."""
    whole = table[~table["source"].duplicated(keep=False) | (table["weight"] == 1)]
    return dict(zip(whole["source"], whole["target"], strict=True))


def _neighbours(areas: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return each pair of areas that share a border, and not a point alone."""
    borders = border_lines(areas).dropna(subset="kod_2")
    return list(zip(borders["kod_1"], borders["kod_2"], strict=True))


def _dissolved(areas: gpd.GeoDataFrame, codes: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the groups' polygons, by their codes."""
    by = pd.Index([codes.get(str(code), str(code)) for code in areas.index], name="area")
    whole = areas.dissolve(by=by, method="coverage")
    return whole.assign(name=areas["name"].groupby(by).agg(_name))


def _name(names: Iterable[str]) -> str:
    """Return a group's name, of its members'."""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(dict.fromkeys(every))} ({len(every)})"


def _summed(gathered: Gathered, codes: Mapping[str, str]) -> Gathered:
    """Return what was counted, by group."""
    sides = ["numerator", "denominator"]

    def by_group(sums: Sequence[str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
        return partial(_by_group, codes=codes, sums=sums)

    def residents(people: pd.DataFrame) -> pd.DataFrame:
        return by_group([POPULATION, *lenses_of(people)])(people)

    return replace(
        gathered,
        counts=[each.then(by_group(sides)) for each in gathered.counts],
        people=[each.then(residents) for each in gathered.people],
        groups=[each.then(by_group(sides)) for each in gathered.groups],
        cells=[by_group(["cells"])(each) for each in gathered.cells],
        small=[
            (parts, merged_crosswalk(crosswalk, target=codes))
            for parts, crosswalk in gathered.small
        ],
    )


def _by_group(rows: pd.DataFrame, *, codes: Mapping[str, str], sums: Sequence[str]) -> pd.DataFrame:
    """Return rows of the same figure as one; where a part is not known, the sum is not either."""
    moved = rows.assign(area=[codes.get(each, each) for each in rows["area"]])
    known = [name for name in sums if name in rows]
    key = [name for name in rows if name not in known]
    summed = moved.groupby(key, as_index=False, sort=False, dropna=False)[known].sum(skipna=False)
    return summed[list(rows)]

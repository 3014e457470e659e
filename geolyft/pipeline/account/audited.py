"""Everything that a run publishes is audited together, before anything is computed from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.disclosure.auditor.auditing import audit
from geolyft.disclosure.auditor.knowledge.known import Lying, Meaning, cells_of
from geolyft.disclosure.auditor.look import Asked
from geolyft.disclosure.door import hide_cells
from geolyft.disclosure.own_rules.remembered import known_already, standing
from geolyft.disclosure.releases import NO_MEMORY, Memory
from geolyft.frames import POPULATION
from geolyft.indicators.measures import lies_within
from geolyft.pipeline.counting.ledger import larger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from geolyft.disclosure.auditor.result import AuditResult
    from geolyft.disclosure.door import Published
    from geolyft.disclosure.protect import Protection
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.indicators.measures import Condition
    from geolyft.pipeline.counting.ledger import CountedAreas
    from geolyft.run_file.config import Config
    from geolyft.run_file.sources import Source


def audited(
    config: Config,
    levels: Sequence[CountedAreas],
    published: Sequence[Published],
    *,
    memory: Memory = NO_MEMORY,
) -> tuple[list[Published], AuditResult | None]:
    """Return what may be published given that all of it is, and what the audit found.

    Nothing is audited where others have protected every source, or the run does not ask for it.

    Parameters
    ----------
    memory
        What earlier releases tell of the same cells.

    Raises
    ------
    DisclosureError
        ``audit-unsafe``.
    """
    meaning = meaning_of(config, levels)
    # Of pooled years no count of a single one is a part.
    yearly = {each.name: each.areas for each in levels if each.name not in meaning.pooled}
    return audited_as(published, config.protection, meaning, memory=memory, areas=yearly)


def audited_as(
    published: Sequence[Published],
    protection: Protection,
    meaning: Meaning,
    *,
    memory: Memory = NO_MEMORY,
    areas: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> tuple[list[Published], AuditResult | None]:
    """Return what `audited` does, of figures that no run file describes.

    Parameters
    ----------
    areas
        By level, what is held against grids that were released before.
    """
    cells = cells_of(published, meaning.exempt, pooled=meaning.pooled)
    if cells.empty or not protection.audit:
        return list(published), None
    beside, width = standing(memory, areas or {}, cells), protection.asked_width
    known = memory.known()
    if beside.levels:
        cells = pd.concat([cells, beside.cells], ignore_index=True)
        meaning = replace(meaning, lying=[*meaning.lying, *beside.lying])
        asked = Asked(cells=cells, protection=protection, meaning=meaning, known=known)
        known = known_already(memory, asked, width=width)
    found = audit(
        cells,
        protection,
        meaning,
        width=width,
        known=known,
        releases=[each["release"] for each in memory.releases] if memory.kept else None,
        standing=beside.levels,
    )
    return hide_cells(published, found.further), found.result


def meaning_of(config: Config, levels: Sequence[CountedAreas]) -> Meaning:
    """Return what anybody can read of a run's figures in its run file, which the manifest has."""
    open_sources = [source for source in config.sources if source.is_open]
    return Meaning(
        exempt=config.exempt(),
        pooled=[each.name for each in levels if config.years_of(each.name) > 1],
        lying=list(_lying(config, levels)),
        bases={source.name: _bases(source) for source in open_sources}
        | {each.source: dict(each.bases) for each in config.counting if each.is_open},
        nested={source.name: _nested(source) for source in open_sources}
        | {each.source: each.nested for each in config.counting if each.is_open},
        bands=[
            (source.name, name)
            for source in open_sources
            for name, grouping in source.groups.items()
            if grouping.breaks
        ],
        nobody=[each for source in open_sources for each in _of_nobody(source)],
        same=[each for source in open_sources for each in _of_the_same(source)],
    )


def _of_nobody(source: Source) -> Iterator[tuple[str, str, str, str]]:
    """Yield the bands of each indicator's base that lie outside its own bounds."""
    for indicator, among in _among(source).items():
        for name, column, group, low, high in _bands(source):
            if column in among and among[column].misses(low, high):
                yield source.name, indicator, name, group


def _of_the_same(source: Source) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the bands in which two bases do not differ, for only bounds of the band part them."""
    among = _among(source)
    for inner, outer in _nested(source):
        for name, column, group, low, high in _bands(source):
            others = {key: each for key, each in among[inner].items() if key != column}
            bounds = among[inner].get(column)
            if lies_within(among[outer], others) and bounds and bounds.holds_all(low, high):
                yield source.name, inner, outer, name, group


def _bands(source: Source) -> Iterator[tuple[str, str, str, float, float]]:
    """Yield each grouping's name and column, and its bands with where they begin and end."""
    for name, grouping in source.groups.items():
        for group, edges in zip(
            grouping.bands, pairwise([-inf, *grouping.breaks, inf]), strict=bool(grouping.breaks)
        ):
            yield name, grouping.column, group, *edges


def _lying(config: Config, levels: Sequence[CountedAreas]) -> Iterator[Lying]:
    """Yield how each two levels lie in each other, as far as a crosswalk says it."""
    # Of pooled years no published total is the sum: those are of a year each, and rounded.
    yearly = [each for each in levels if config.years_of(each.name) == 1]
    for small in yearly:
        for name, crosswalk in larger(small, yearly).items():
            yield _pairs(crosswalk, small.name, name)


def _pairs(crosswalk: Crosswalk, level: str, larger: str) -> Lying:
    table = crosswalk.table[crosswalk.table["weight"] > 0]
    pairs = pd.DataFrame({"small": table["source"], "large": table["target"]})
    exact = "certainty" in table and bool((table["certainty"] == "exact").all())
    return Lying(level=level, larger=larger, pairs=pairs, exact=exact)


def _among(source: Source) -> Mapping[str, Mapping[str, Condition]]:
    """Return whom each indicator is of, residents first."""
    everyone: dict[str, Mapping[str, Condition]] = {}
    if source.population is True:
        everyone[POPULATION] = {}
    of = {m.indicator: m.among for m in source.measures if m.kind == "points"}
    return {**everyone, **of}


def _bases(source: Source) -> dict[str, str]:
    """Return by indicator, and by lens, the first that is of the same people."""
    among = _among(source)
    first = {
        name: next(other for other, whole in among.items() if _same(base, whole))
        for name, base in among.items()
    }
    return {**first, **dict.fromkeys(source.among_residents, POPULATION)}


def _nested(source: Source) -> list[tuple[str, str]]:
    among, name = _among(source), _bases(source)
    pairs = {
        (name[inner], name[outer])
        for inner, base in among.items()
        for outer, whole in among.items()
        if lies_within(base, whole) and not lies_within(whole, base)
    }
    return sorted(pairs)


def _same(one: Mapping[str, Condition], other: Mapping[str, Condition]) -> bool:
    return lies_within(one, other) and lies_within(other, one)

"""What was gathered becomes figures that may be published, and these become an index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.certainty.errors.counted import counted_correlations
from geolyft.certainty.errors.splits import Splits, splits_of
from geolyft.certainty.noise import DEFAULT_NOISE, Noise, intervals, reach_of
from geolyft.disclosure.door import (
    GROUP_KEY,
    Counted,
    Published,
    no_groups,
    no_people,
    publish_counts,
)
from geolyft.disclosure.labels import common_groups
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.releases import NO_MEMORY, Memory
from geolyft.disclosure.together.parents import nestings_of
from geolyft.findings.groups import shares_by_group
from geolyft.frames import CITY, PEOPLE_KEY, RESIDUAL, combine_status, restated
from geolyft.index.combine import combine, rebase, weigh
from geolyft.index.normalise import normalise
from geolyft.index.scales import fit_scales, read_scales, score
from geolyft.indicators.aggregate import aggregate
from geolyft.pipeline.counting.carry_forward import carry_forward
from geolyft.pipeline.counting.ledger import larger
from geolyft.pipeline.counting.pooled import pooled, pooled_groups, pooled_noise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.pipeline.counting.ledger import CountedAreas, Gathered
    from geolyft.run_file.config import Config


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What may be published of some periods: all that an index and what explains it rest on.

    Parameters
    ----------
    observations
        Canonical columns, the city's rows included.
    people
        ``area, period, population, children`` and a column for each other lens; missing where no
        source counts them.
    groups
        ``area, period, indicator, group_by, group, numerator, denominator, value, low, high,
        status, source``; empty where no source has groups.
    parts
        ``source, area, cells``: of how many small areas each area's figures are summed.
    splits
        What small areas that are split between areas do to the figures.
    counted
        What figures of the same people have in common, where it is known
        (`geolyft.certainty.errors.counted.COUNTED_COLUMNS`).
    noise
        What makes the figures less sure than chance.
    """

    observations: pd.DataFrame
    people: pd.DataFrame
    groups: pd.DataFrame
    parts: pd.DataFrame
    splits: Splits
    counted: pd.DataFrame
    noise: tuple[Noise, ...]


@dataclass(frozen=True, kw_only=True)
class Scored(Figures):
    """A published result, before it is explained.

    Parameters
    ----------
    scales, scores, weighed, index
        What the stages return; `index` is that of `geolyft.index.combine.combine`.
    """

    catalogue: Catalogue
    scales: pd.DataFrame
    scores: pd.DataFrame
    weighed: pd.DataFrame
    index: pd.DataFrame


def protect_levels(
    config: Config,
    catalogue: Catalogue,
    levels: Sequence[CountedAreas],
    gathered: Sequence[Gathered],
    memory: Memory = NO_MEMORY,
    *,
    beside: Sequence[Sequence[Raw[pd.DataFrame]]] = (),
) -> list[Published]:
    """Aggregate and protect all levels; from here on nothing has seen an unprotected count.

    Parameters
    ----------
    beside
        By level, observations that no source of the run has: those of access.
    """
    counted = [
        _with(_counted(config, catalogue, level, each), more)
        for level, each, more in zip(levels, gathered, beside or [()] * len(levels), strict=True)
    ]
    nestings = [
        nesting
        for small in levels[1:]
        for nesting in nestings_of(small.name, larger(small, levels))
    ]
    return publish_counts(
        counted,
        config.protection,
        exempt=config.exempt(),
        nestings=[*nestings, *memory.nestings()],
        before=memory.hide,
        bases={source.name: source.bases() for source in config.sources},
        sensitive=[each.code for each in catalogue.indicators if each.sensitive],
    )


def figures_of(config: Config, gathered: Gathered, published: Published) -> Figures:
    """Return what is published of a level, with what makes it less sure."""
    years, parts, noise = config.years_of(published.level), gathered.parts(), run_noise(config)
    if years > 1:
        same = [each.code for each in config.catalogue().indicators if each.same_people]
        noise += pooled_noise(config, years, same=same)
        # A cell of each year.
        parts = parts.assign(cells=parts["cells"] * years)
    seen = _of_areas(config, published.observations).reset_index(drop=True)
    people, columns = published.people, [*PEOPLE_KEY, *config.people]
    return Figures(
        observations=seen,
        people=people.loc[people["area"] != RESIDUAL, columns].reset_index(drop=True),
        groups=_of_areas(config, published.groups).sort_values(GROUP_KEY, ignore_index=True),
        parts=parts,
        splits=splits_of(gathered.small, seen),
        counted=counted_correlations(published.pairs, seen),
        noise=noise,
    )


def complete(config: Config, figures: Figures) -> Figures:
    """Fill what the run's periods lack from earlier ones, and widen their intervals by the noise.

    Figures of other periods stay as they are.
    """
    seen, run = figures.observations, config.run
    if run.carry:
        seen = carry_forward(seen, run.periods, oldest=run.carry)
    bounds = intervals(seen, figures.noise, figures.parts, splits=figures.splits)
    of_run = seen["period"].isin(run.periods)
    bounds = bounds.where(of_run, seen[["low", "high"]])
    return replace(figures, observations=seen.assign(**bounds))


def score_figures(
    config: Config, catalogue: Catalogue, figures: Figures, *, scales: pd.DataFrame | None = None
) -> Scored:
    """Score and combine published figures.

    Parameters
    ----------
    scales
        Scales that are fitted already; by default those of an earlier delivery the run names, or
        new ones.
    """
    settings, seen = config.index, figures.observations
    if scales is None and settings.scales:
        scales = read_scales(config.path(settings.scales), catalogue)
    if scales is None:
        scales = fit_scales(seen, catalogue, base_period=config.run.base)
    scores = (
        score(seen, scales)
        if settings.normalisation == "goalpost"
        else normalise(seen, catalogue, settings.normalisation, base_period=config.run.base)
    )
    weighed = weigh(scores, catalogue, **settings.minimums.as_keywords)
    index = combine(weighed, catalogue, how=settings.aggregation)
    if settings.normalisation != "goalpost":
        index = rebase(index, catalogue, base_period=config.run.base)
    return Scored(
        catalogue=catalogue,
        scales=scales,
        scores=scores,
        weighed=weighed,
        index=index,
        **vars(figures),
    )


def run_noise(config: Config) -> tuple[Noise, ...]:
    """Return what makes a run's figures less sure: what it says, and its own rounding.

    Examples
    --------
    >>> from geolyft.divisions.areas import demo_folder
    >>> from geolyft.run_file.config import load_config
    >>> said = run_noise(load_config(demo_folder() / "run.toml"))
    >>> [each.cell_sd for each in said], said[-1:] == DEFAULT_NOISE
    (['estimate', 0], True)
    """
    given = config.uncertainty.noise
    # geolyft's rule for approximate figures stands until the run says its own.
    if not any(noise.share_unit or noise.base_change for noise in given):
        given = (*given, *DEFAULT_NOISE)
    rounded = [s.name for s in config.sources if s.is_open]
    rounding = (Noise(source=name, count_base=config.protection.base) for name in rounded)
    return (*given, *rounding)


def _of_areas(config: Config, table: pd.DataFrame) -> pd.DataFrame:
    """Leave the residual out, and mark figures where the run is synthetic."""
    rows = table[table["area"] != RESIDUAL]
    if not config.run.synthetic:
        return rows
    status = restated(rows["status"], lambda status: combine_status(status, "synthetic"))
    return rows.assign(status=status)


def _counted(
    config: Config, catalogue: Catalogue, level: CountedAreas, gathered: Gathered
) -> Counted:
    codes = list(level.areas.index)
    shares = partial(
        aggregate,
        areas=codes,
        periods=config.run.periods,
        catalogue=catalogue,
        reach=lambda seen: reach_of(
            seen, config.uncertainty.noise, gathered.parts(), perturbed=config.perturbed()
        ),
    )
    years, periods = config.years_of(level.name), config.run.periods
    people = Raw.all(gathered.people)
    counts = Raw.all(gathered.counts).then(_joined)
    groups = Raw.all(gathered.groups)
    if years > 1:
        counts = counts.then(partial(pooled, periods=periods, years=years))
        groups = groups.then(partial(_pooled_groups, config=config, years=years))
    return Counted(
        level=level.name,
        observations=counts.then(shares),
        people=people.then(partial(_people, codes=codes, names=config.people)),
        groups=groups.then(partial(_groups, config=config)),
        pairs=gathered.pairs,
        pooled=years > 1,
    )


def _with(counted: Counted, more: Sequence[Raw[pd.DataFrame]]) -> Counted:
    """Return what a level has counted with more observations."""
    if not more:
        return counted
    return replace(counted, observations=Raw.all([counted.observations, *more]).then(_joined))


def _joined(counts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(counts, ignore_index=True)


def _pooled_groups(
    counts: Sequence[pd.DataFrame], *, config: Config, years: int
) -> list[pd.DataFrame]:
    periods = config.run.periods
    of = {(s.name, each): s.reference(each) or each for s in config.sources for each in periods}
    return [pooled_groups(each, periods, years, references=of) for each in counts]


def _groups(counts: Sequence[pd.DataFrame], *, config: Config) -> pd.DataFrame:
    """Return the shares of every grouping, with everyone and the city."""
    if not counts:
        return no_groups()
    named = common_groups(
        pd.concat(counts, ignore_index=True), config.protection, known=config.known_groups()
    )
    shares = [
        shares_by_group(of, column="group").assign(source=str(source), group_by=str(name))
        for (source, name), of in named.groupby(["source", "group_by"])
    ]
    table = pd.concat(shares, ignore_index=True)
    return table[[*GROUP_KEY, *table.columns.difference(GROUP_KEY)]]


def _people(
    counts: Sequence[pd.DataFrame], *, codes: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    """Return residents and those of each lens per area, the city's as the sum of all of them."""
    columns = [*PEOPLE_KEY, "source", *names]
    if not counts:
        return no_people(names)
    raw = pd.concat(counts, ignore_index=True).reindex(columns=columns)
    by_source = raw.groupby(["period", "source"], as_index=False)[[*names]]
    # As in aggregate: nine decimals of a person are more than enough.
    city = by_source.sum(min_count=1).round(9).assign(area=CITY)
    table = pd.concat([raw, city], ignore_index=True)
    order = table["area"].map({code: n for n, code in enumerate([CITY, *codes, RESIDUAL])})
    return table.assign(order=order).sort_values(["period", "order"], ignore_index=True)

"""What was gathered becomes figures that may be published, and these become an index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.certainty.noise import DEFAULT_NOISE, Noise, intervals, reach_of
from geolyft.disclosure.protect import hide_second, protect, protect_counts
from geolyft.findings.groups import shares_by_group
from geolyft.frames import CITY, RESIDUAL, combine_status, restated
from geolyft.index.combine import combine, rebase, weigh
from geolyft.index.normalise import normalise
from geolyft.index.scales import fit_scales, read_scales, score
from geolyft.indicators.aggregate import aggregate
from geolyft.pipeline.counting.carry_forward import carry_forward
from geolyft.pipeline.counting.ledger import CHILDREN, POPULATION, Gathered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.run_file.config import Config

GROUP_KEY: Final = ["area", "period", "indicator", "group_by", "group"]
PEOPLE_COLUMNS: Final = ["area", "period", POPULATION, CHILDREN]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What may be published of some periods: all that an index and what explains it rest on.

    Parameters
    ----------
    observations
        Canonical columns, the city's rows included.
    people
        ``area, period, population, children``; children missing where no source counts them.
    groups
        ``area, period, indicator, group_by, group, numerator, denominator, value, low, high,
        status, source``; empty where no source has groups.
    parts
        ``source, area, cells, split``: of how many small areas each area's figures are summed.
    noise
        What makes the figures less sure than chance.
    """

    observations: pd.DataFrame
    people: pd.DataFrame
    groups: pd.DataFrame
    parts: pd.DataFrame
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


def protect_gathered(
    config: Config,
    catalogue: Catalogue,
    areas: gpd.GeoDataFrame,
    gathered: Gathered,
    *,
    parents: Sequence[Mapping[str, str]] = (),
) -> Figures:
    """Aggregate and protect; from here on nothing has seen an unprotected count.

    Parameters
    ----------
    parents
        For small areas, the larger published area that each lies in, once per larger division.
    """
    raw = aggregate(
        pd.concat(gathered.counts, ignore_index=True),
        areas=list(areas.index),
        periods=config.run.periods,
        catalogue=catalogue,
        reach=lambda seen: reach_of(
            seen, config.uncertainty.noise, gathered.parts(), perturbed=config.perturbed()
        ),
    )
    return Figures(
        observations=hide_second(_protected(config, raw), *parents, exempt=config.exempt()),
        people=_people(config, gathered, list(areas.index)),
        groups=_by_group(config, gathered),
        parts=gathered.parts(),
        noise=run_noise(config),
    )


def complete(config: Config, figures: Figures) -> Figures:
    """Fill what the run's periods lack from earlier ones, and widen their intervals by the noise.

    Figures of other periods stay as they are.
    """
    seen, run = figures.observations, config.run
    if run.carry:
        seen = carry_forward(seen, run.periods, oldest=run.carry)
    bounds = intervals(seen, figures.noise, figures.parts)
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
    >>> run_noise(load_config(demo_folder() / "run.toml")) == DEFAULT_NOISE
    True
    """
    given = config.uncertainty.noise
    # geolyft's rule for approximate figures stands until the run says its own.
    if not any(noise.share_unit or noise.base_change for noise in given):
        given = (*given, *DEFAULT_NOISE)
    rounded = [s.name for s in config.sources if s.is_open]
    rounding = (Noise(source=name, count_base=config.protection.base) for name in rounded)
    return (*given, *rounding)


def _protected(config: Config, table: pd.DataFrame) -> pd.DataFrame:
    """Protect shares of any kind, and mark them where the run is synthetic."""
    table = protect(table, config.protection, exempt=config.exempt())
    if config.run.synthetic:
        table["status"] = restated(
            table["status"], lambda status: combine_status(status, "synthetic")
        )
    return table


def _by_group(config: Config, gathered: Gathered) -> pd.DataFrame:
    """Return the published figures of every grouping; nothing finer has left the registers."""
    shares = [
        shares_by_group(of, column="group").assign(source=source, group_by=name)
        for (source, name), of in _groupings(gathered)
    ]
    if not shares:
        return pd.DataFrame(columns=GROUP_KEY)
    table = _protected(config, pd.concat(shares, ignore_index=True))
    columns = [*GROUP_KEY, *table.columns.difference(GROUP_KEY)]
    return table.sort_values(GROUP_KEY, ignore_index=True)[columns]


def _groupings(gathered: Gathered) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    if gathered.groups:
        counts = pd.concat(gathered.groups, ignore_index=True)
        for (source, name), of in counts.groupby(["source", "group_by"]):
            yield (str(source), str(name)), of


def _people(config: Config, gathered: Gathered, codes: Sequence[str]) -> pd.DataFrame:
    """Return published residents and children per area, the city's as the sum of all of them."""
    counts = [POPULATION, CHILDREN]
    if not gathered.people:
        return pd.DataFrame(columns=PEOPLE_COLUMNS).astype(dict.fromkeys(counts, float))
    raw = pd.concat(gathered.people, ignore_index=True).reindex(
        columns=["area", "period", "source", *counts]
    )
    by_source = raw.groupby(["period", "source"], as_index=False)[counts]
    # As in aggregate: nine decimals of a person are more than enough.
    city = by_source.sum(min_count=1).round(9).assign(area=CITY)
    raw = pd.concat([raw[raw["area"] != RESIDUAL], city], ignore_index=True)
    exempt = raw["source"].isin(config.exempt())
    for name in counts:
        protected = protect_counts(raw[name], config.protection, exempt=False)
        raw[name] = raw[name].where(exempt, protected)
    order = raw["area"].map({code: n for n, code in enumerate([CITY, *codes])})
    ordered: pd.DataFrame = raw.assign(order=order).sort_values(
        ["period", "order"], ignore_index=True
    )
    return ordered[PEOPLE_COLUMNS]

"""Why, how surely, and which way: the tables that stand behind an index.

Every function of this house that explains a published result is called here, and nowhere else in a
run. All of it is computed from published figures alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.certainty.draws import INDEX, draw_scores, summarise_draws
from geolyft.certainty.errors.correlation import SamePeople
from geolyft.certainty.importance import drawn_values, importance, joint_sensitivity
from geolyft.certainty.many import FAMILY, among_lowest, rank_intervals, told_apart
from geolyft.certainty.noise import intervals
from geolyft.certainty.sensitivity import Choices, robustness, variants
from geolyft.export.figures.classes import score_classes
from geolyft.export.words import load_words
from geolyft.findings import lenses
from geolyft.findings.causes import (
    age_standardised,
    explain_change,
    kitagawa,
    kitagawa_total,
)
from geolyft.findings.change import change, comparable
from geolyft.findings.groups import (
    exposed_by_limit,
    gaps,
    index_by_group,
)
from geolyft.findings.inequality import segregation, slope_index
from geolyft.findings.levels import look_across, look_inside
from geolyft.findings.stories import in_words, strengths
from geolyft.findings.targets import gaps_to_city, track
from geolyft.frames import CHILDREN, CITY, EVERYONE, has_status
from geolyft.index.combine import contributions
from geolyft.indicators.lens import CHILD_LENS
from geolyft.join.beside import shared
from geolyft.pipeline.scoring.stages import columns, tables_of_stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.certainty.draws import Draws
    from geolyft.columns import Columns
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.pipeline.scoring.score import Scored
    from geolyft.run_file.config import Config

_SAMPLES: Final = 2048
"""Of the joint design; with 14 areas an index of sensitivity is then sure to about 0.05."""
GROUPS: Final = ("kvinnor", "män")


@dataclass(frozen=True, kw_only=True)
class Inner:
    """The same result on small areas, how these lie in the areas, and what each is called."""

    level: str
    scored: Scored
    crosswalk: Crosswalk
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def lies_in(self) -> dict[str, str]:
        """The area that most of each small area lies in."""
        pairs = self.crosswalk.table.sort_values(["source", "weight"], ascending=[True, False])
        first = pairs.drop_duplicates("source")
        return dict(zip(first["source"], first["target"], strict=True))


@dataclass
class Tables:
    """Named tables of a delivery; an empty one is left out."""

    codes: Mapping[str, Sequence[str]]
    columns: Columns = field(default_factory=columns)
    of: dict[str, pd.DataFrame] = field(default_factory=dict)

    def add(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table under its name, if it has a row, with the columns that are declared."""
        if len(table):
            names = self.columns.names(self.columns.section(name), self.codes)
            self.of[name] = table[names].reset_index(drop=True)


def analyse(
    config: Config,
    scored: Scored,
    *,
    small: Sequence[Inner] = (),
    before: Mapping[str, pd.DataFrame] | None = None,
) -> Mapping[str, pd.DataFrame]:
    """Return every table a run's figures allow.

    Parameters
    ----------
    small
        The same result on divisions of small areas.
    before
        Tables of ``INSIDE`` for earlier periods, of which there are no small areas.

    Returns
    -------
    mapping
        Table by name. How sure: ``osakerhet`` (intervals, and what is surely apart from the city),
        ``robusthet`` (ranks over all variants of the method), ``kanslighet`` and
        ``kanslighet_stad`` (which choice matters). Why: ``bidrag``, ``styrkor``. Over time:
        ``forandring``, ``forandring_orsaker``, ``avstand`` and ``mal`` (toward the target year).
        For whom: ``befolkning``, ``kon_skillnad``, ``kon_index``, ``barn``, ``barn_stad``,
        ``barn_lagst``, ``lins_utsatta``, ``lins_stad``, ``grupper``, ``sammansattning``.
        Inequality: ``segregation``, ``lutning``. Inside: those of ``INSIDE``. And ``scb_index``.
        docs/tables.md has their columns.
    """
    # Every other one is made beside, and of two levels each takes as long as one of the others.
    parts = [
        partial(_how_surely, config, scored),
        *(partial(_inside, config, scored, each) for each in small),
        partial(_for_whom, config, scored),
    ]
    with shared(lambda part: part(), parts) as made:
        surely, *looked, whom = made
    tables = Tables(scored.catalogue.column_codes, of={**surely, **whom})
    names = {code: name for each in small for code, name in each.names.items()}
    for name, table in look_across(scored, small, looked, before=before or {}).items():
        is_named = "small" in table
        tables.add(name, table.assign(small_name=table["small"].map(names)) if is_named else table)
    return tables.of


def _how_surely(config: Config, scored: Scored) -> dict[str, pd.DataFrame]:
    """Return what rests on draws, and why each area stands where it does."""
    tables = Tables(scored.catalogue.column_codes)
    drawn = _draw(config, scored)
    if config.index.comparable:
        often = among_lowest(drawn, config.uncertainty.lowest)
        both = certainty_of(drawn).merge(often, on=["area", *FAMILY], how="left")
        tables.add("osakerhet", both)
        _over_time(tables, config, scored, drawn)
    _how_robust(tables, config, scored, drawn)
    _why(tables, config, scored)
    return tables.of


def certainty_of(drawn: Draws) -> pd.DataFrame:
    """Return intervals of all that is scored, what is surely apart, and between which places."""
    told, ranks = told_apart(summarise_draws(drawn)), rank_intervals(drawn)
    places = dict.fromkeys(["rank_low", "rank_high"], "Int64")
    return told.merge(ranks, on=["area", *FAMILY], how="left").astype(places)


def _for_whom(config: Config, scored: Scored) -> dict[str, pd.DataFrame]:
    """Return what holds for groups and between areas, and what the run's stages find."""
    tables = Tables(scored.catalogue.column_codes)
    _by_person(tables, config, scored)
    for name, table in tables_of_stages(config, scored):
        tables.add(name, table)
    _unequal(tables, scored)
    return tables.of


def _inside(config: Config, scored: Scored, small: Inner) -> dict[str, pd.DataFrame]:
    draw = partial(_draw, config, small.scored) if config.index.comparable else None
    return look_inside(scored, small, draw=draw)


def how_sure(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return by ``area, period`` what the index table says of its own certainty.

    ``index_low``, ``index_high``. ``distinct``: whether the area is surely apart from the city
    ("statistiskt säkerställd"); empty without an index. ``distinct_fdr``: the same when all areas
    are asked at once. ``share_among_lowest``: the share of the method's variants in which the area
    is among the lowest, 0 to 1.
    """
    key, told = ["area", "period"], ["distinct", "distinct_fdr"]
    none = pd.DataFrame(columns=[*key, "what", "low", "high", *told, "share_among_lowest"])
    sure = tables.get("osakerhet", none)
    sure = sure[sure["what"] == INDEX].rename(columns={"low": "index_low", "high": "index_high"})
    # Of the city itself there is nothing to tell apart.
    sure[told] = sure[told].astype("boolean").mask(sure["area"] == CITY)
    often = tables.get("robusthet", none)[[*key, "share_among_lowest"]]
    both = sure[[*key, "index_low", "index_high", *told]].merge(often, on=key, how="outer")
    return both.astype({"area": "str", "period": "str"})


def rank_spans(ranks: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Widen the ranges of places by what chance, noise and splits do to them.

    Parameters
    ----------
    ranks
        What `geolyft.certainty.sensitivity.rank_ranges` returns.
    """
    key = ["area", "period"]
    drawn = tables.get("osakerhet", pd.DataFrame(columns=[*ranks.columns, "what"]))
    drawn = drawn.loc[drawn["what"] == INDEX, ranks.columns].merge(ranks[key], on=key)
    both = pd.concat([ranks, drawn.astype(ranks.dtypes)])
    return both.groupby(key, as_index=False).agg({"rank_low": "min", "rank_high": "max"})


def stories(
    config: Config, scored: Scored, tables: Mapping[str, pd.DataFrame]
) -> dict[str, tuple[str, ...]]:
    """Return plain sentences about each area in the latest period, from the tables there are."""
    period, of = config.run.periods[-1], {i.code: i.dimension for i in scored.catalogue.indicators}
    seen = scored.observations
    seen = seen[(seen["sex"] == EVERYONE) & (seen["period"] == period)]
    unseen = seen[has_status(seen["status"], "hidden")]
    return in_words(
        scored.index,
        tables.get("styrkor", strengths(scored.scores)),
        scored.catalogue,
        load_words(config.run.lang),
        city=config.run.city,
        period=period,
        certainty=tables.get("osakerhet"),
        changes=tables.get("forandring"),
        hidden=set(zip(unseen["area"], unseen["indicator"].map(of), strict=True)),
    )


def _how_robust(tables: Tables, config: Config, scored: Scored, drawn: Draws) -> None:
    settings = config.index
    choices = Choices(
        nominal=(settings.normalisation, settings.aggregation),
        minimums=settings.minimums,
        scales=scored.scales if settings.scales else None,
    )
    base = config.run.base
    ranked = variants(scored.observations, scored.catalogue, base_period=base, choices=choices)
    if len(ranked):
        k = config.uncertainty.lowest
        table = robustness(ranked, k=k, nominal=choices.nominal).assign(lowest=k)
        tables.add("robusthet", table)
        matters = _what_matters(config, scored, choices, drawn)
        tables.add("kanslighet", matters)
        if len(matters):
            tables.add("kanslighet_stad", importance(matters))


def _what_matters(config: Config, scored: Scored, choices: Choices, drawn: Draws) -> pd.DataFrame:
    """Vary data and method together in the latest period: what moves each area's rank."""
    period = config.run.periods[-1]
    return joint_sensitivity(
        scored.observations,
        scored.catalogue,
        base_period=config.run.base,
        period=period,
        redraw=drawn_values(drawn, period),
        choices=choices,
        samples=_SAMPLES,
        seed=config.uncertainty.seed,
    )


def _draw(config: Config, scored: Scored, period: str | None = None) -> Draws:
    seen = scored.observations
    return draw_scores(
        seen if period is None else seen[seen["period"] == period],
        scored.scales,
        scored.catalogue,
        noise=scored.noise,
        parts=scored.parts,
        same_people=SamePeople(counted=scored.counted, said=config.uncertainty.correlation),
        splits=scored.splits,
        draws=config.uncertainty.draws,
        seed=config.uncertainty.seed,
        minimums=config.index.minimums,
    )


def _why(tables: Tables, config: Config, scored: Scored) -> None:
    if config.index.comparable:
        tables.add("bidrag", contributions(scored.weighed))
    certainty = tables.of.get("osakerhet")
    stands = strengths(scored.scores, observations=scored.observations, certainty=certainty)
    tables.add("styrkor", stands)


def span(config: Config) -> tuple[str, str]:
    """Return the two periods a change is told between: the base (or the first) and the last."""
    base, periods = config.run.base, config.run.periods
    return base if base != periods[-1] else periods[0], periods[-1]


def _over_time(tables: Tables, config: Config, scored: Scored, drawn: Draws) -> None:
    base = config.run.base
    first, last = span(config)
    if first == last:
        return
    judged = comparable(
        scored.observations,
        scored.catalogue,
        first=first,
        last=last,
        breaks=config.breaks,
        noise=scored.noise,
    )
    tables.add("forandring", change(drawn, judged))
    scores = scored.weighed
    if {first, last} <= set(scores["period"]):
        causes = explain_change(scores, scored.catalogue, before=first, after=last)
        # What may not be compared is not explained either.
        whole = judged.loc[(judged["what"] == INDEX) & judged["comparable"], "area"]
        tables.add("forandring_orsaker", causes[causes["area"].isin(whole)])
    if config.target is not None:
        tables.add("mal", track(drawn, judged, base_period=base, target_year=config.target.year))


def _by_person(tables: Tables, config: Config, scored: Scored) -> None:
    seen = scored.observations
    tables.add("befolkning", scored.people)
    base = config.run.base
    tables.add("avstand", gaps_to_city(seen, scored.scales, base_period=base))
    if set(GROUPS) <= set(seen["sex"]):
        tables.add("kon_skillnad", _between_sexes(scored))
        if config.index.comparable:
            by_sex = index_by_group(
                seen, scored.scales, scored.catalogue, minimums=config.index.minimums
            )
            tables.add("kon_index", by_sex[by_sex["sex"] != EVERYONE])
    _by_group(tables, config, scored.groups)
    people = scored.people
    weighed = lenses.weighed(seen, people, scored.catalogue, config.lenses)
    means = lenses.means(scored.index, people, scored.catalogue, config.lenses)
    tables.add("lins_utsatta", weighed)
    tables.add("lins_stad", means)
    # Children's own tables are what they were before there were other lenses.
    of_children = [table[table[lenses.LENS] == CHILD_LENS.name] for table in (weighed, means)]
    tables.add("barn", of_children[0].rename(columns={lenses.COUNT: CHILDREN}))
    tables.add("barn_stad", of_children[1].rename(columns={"lens_mean": "child_mean"}))
    if people[CHILDREN].notna().any():
        index = scored.index[scored.index["sex"] == EVERYONE]
        limit = score_classes().breaks[0]
        tables.add("barn_lagst", exposed_by_limit(index, people, column="index", limit=limit))


def _between_sexes(scored: Scored) -> pd.DataFrame:
    """Return the gaps between women and men; a split small area moves both at once."""
    seen = scored.observations[scored.observations["sex"].isin(GROUPS)]
    own = intervals(seen, scored.noise, scored.parts, splits=scored.splits, shared=False)
    return gaps(seen.assign(**own), splits=scored.splits)


def _by_group(tables: Tables, config: Config, groups: pd.DataFrame) -> None:
    """Add the figures by group, and part the distance to the city where groups are bands."""
    tables.add("grupper", groups)
    bands = {
        name
        for source in config.sources
        for name, grouping in source.groups.items()
        if grouping.breaks
    }
    key = ["area", "period", "indicator"]
    totals = []
    for name in sorted(bands):
        rows = groups[(groups["group_by"] == name) & (groups["group"] != EVERYONE)]
        city = rows[rows["area"] == CITY].drop(columns="area")
        areas = rows[rows["area"] != CITY]
        effects = kitagawa_total(kitagawa(city, areas, stratum="group", key=key), key=key)
        standard = age_standardised(areas, city, stratum="group", key=key)
        totals.append(effects.merge(standard, on=key, how="left").assign(group_by=name))
    if totals:
        tables.add("sammansattning", pd.concat(totals))


def _unequal(tables: Tables, scored: Scored) -> None:
    """Measure how unevenly each indicator's figures lie over the areas, and their slope."""
    seen = scored.observations
    areas = seen[(seen["sex"] == EVERYONE) & (seen["area"] != CITY) & seen["value"].notna()]
    tables.add("segregation", segregation(areas, by=["indicator", "period"]))
    index = scored.index[scored.index["sex"] == EVERYONE][["area", "period", "index"]]
    placed = areas.merge(index, on=["area", "period"]).merge(scored.people, on=["area", "period"])
    slopes = [
        slope_index(of, outcome="value", position="index").assign(indicator=code)
        for code, of in placed[placed["index"].notna()].groupby("indicator")
    ]
    if slopes:
        tables.add("lutning", pd.concat(slopes))

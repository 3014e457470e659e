"""Why, how surely, and which way: the tables that stand behind an index.

Every function of this house that explains a published result is called here, and nowhere else in a
run. All of it is computed from published figures alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.certainty.draws import INDEX, draw_scores, summarise_draws
from geolyft.certainty.importance import importance, joint_sensitivity, normal
from geolyft.certainty.noise import standard_errors
from geolyft.certainty.sensitivity import Choices, robustness, variants
from geolyft.export.figures.classes import score_classes
from geolyft.export.words import load_words
from geolyft.findings.causes import change_of_index, explain_change, kitagawa, kitagawa_total
from geolyft.findings.change import change, comparable
from geolyft.findings.groups import (
    child_weighted,
    exposed_by_limit,
    exposed_by_share,
    gaps,
    index_by_group,
)
from geolyft.findings.inequality import (
    compare_levels,
    compare_pair,
    inequality,
    segregation,
    slope_index,
)
from geolyft.findings.inside import place, pockets, summarise_inside
from geolyft.findings.stories import in_words, strengths
from geolyft.findings.targets import gaps_to_city, track
from geolyft.frames import CITY, EVERYONE
from geolyft.index.combine import contributions
from geolyft.pipeline.stages import columns, tables_of_stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.certainty.draws import Draws
    from geolyft.columns import Columns
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.pipeline.score import Scored
    from geolyft.run_file.config import Config

_SAMPLES: Final = 512
"""Of the joint design; with 14 areas an index of sensitivity is then sure to about 0.05."""
GROUPS: Final = ("kvinnor", "män")


@dataclass(frozen=True, kw_only=True)
class Inner:
    """The same result on small areas, and how these lie in the areas."""

    level: str
    scored: Scored
    crosswalk: Crosswalk


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
        ``barn_lagst``, ``grupper``, ``sammansattning``. Inequality: ``segregation``, ``lutning``.
        Inside: those of ``INSIDE``. And ``scb_index``. docs/tables.md has their columns.
    """
    tables = Tables(scored.catalogue.column_codes)
    drawn = _draw(config, scored) if config.index.comparable else None
    if drawn is not None:
        tables.add("osakerhet", summarise_draws(drawn))
        _over_time(tables, config, scored, drawn)
    _how_robust(tables, config, scored)
    _why(tables, config, scored)
    _for_whom(tables, config, scored)
    for name, table in tables_of_stages(config, scored):
        tables.add(name, table)
    _unequal(tables, scored)
    _inside(tables, scored, small, before or {})
    return tables.of


def how_sure(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return by ``area, period`` what the index table says of its own certainty.

    ``index_low``, ``index_high``. ``distinct``: whether the area is surely apart from the city
    ("säkert skild"); empty without an index. ``share_among_lowest``: the share of the method's
    variants in which the area is among the lowest, 0 to 1.
    """
    key = ["area", "period"]
    none = pd.DataFrame(columns=[*key, "what", "low", "high", "distinct", "share_among_lowest"])
    sure = tables.get("osakerhet", none)
    sure = sure[sure["what"] == INDEX].rename(columns={"low": "index_low", "high": "index_high"})
    # Of the city itself there is nothing to tell apart.
    sure = sure.assign(distinct=sure["distinct"].astype("boolean").mask(sure["area"] == CITY))
    often = tables.get("robusthet", none)[[*key, "share_among_lowest"]]
    both = sure[[*key, "index_low", "index_high", "distinct"]].merge(often, on=key, how="outer")
    return both.astype({"area": "str", "period": "str"})


def stories(
    config: Config, scored: Scored, tables: Mapping[str, pd.DataFrame]
) -> dict[str, tuple[str, ...]]:
    """Return plain sentences about each area in the latest period, from the tables there are."""
    causes = tables.get("forandring_orsaker")
    moved = None if causes is None else change_of_index(causes)
    return in_words(
        scored.index,
        tables.get("styrkor", strengths(scored.scores)),
        scored.catalogue,
        load_words(config.run.lang),
        city=config.run.city,
        period=config.run.periods[-1],
        changes=moved,
        before=span(config)[0],
    )


def _how_robust(tables: Tables, config: Config, scored: Scored) -> None:
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
        matters = _what_matters(config, scored, choices)
        tables.add("kanslighet", matters)
        if len(matters):
            tables.add("kanslighet_stad", importance(matters))


def _what_matters(config: Config, scored: Scored, choices: Choices) -> pd.DataFrame:
    """Vary data and method together in the latest period: what moves each area's rank."""
    period = config.run.periods[-1]
    seen = scored.observations
    everyone = seen[(seen["sex"] == EVERYONE) & (seen["period"] == period)]
    errors = everyone.assign(se=standard_errors(everyone, scored.noise, scored.parts))
    return joint_sensitivity(
        seen,
        scored.catalogue,
        base_period=config.run.base,
        period=period,
        redraw=normal(errors.pivot_table(index="area", columns="indicator", values="se")),
        choices=choices,
        samples=_SAMPLES,
        seed=config.uncertainty.seed,
    )


def _draw(config: Config, scored: Scored) -> Draws:
    return draw_scores(
        scored.observations,
        scored.scales,
        scored.catalogue,
        noise=scored.noise,
        parts=scored.parts,
        draws=config.uncertainty.draws,
        seed=config.uncertainty.seed,
        minimums=config.index.minimums,
    )


def _why(tables: Tables, config: Config, scored: Scored) -> None:
    if config.index.comparable:
        tables.add("bidrag", contributions(scored.weighed))
    tables.add("styrkor", strengths(scored.scores, observations=scored.observations))


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


def _for_whom(tables: Tables, config: Config, scored: Scored) -> None:
    seen = scored.observations
    tables.add("befolkning", scored.people)
    base = config.run.base
    tables.add("avstand", gaps_to_city(seen, scored.scales, base_period=base))
    if set(GROUPS) <= set(seen["sex"]):
        tables.add("kon_skillnad", gaps(seen))
        if config.index.comparable:
            by_sex = index_by_group(
                seen, scored.scales, scored.catalogue, minimums=config.index.minimums
            )
            tables.add("kon_index", by_sex[by_sex["sex"] != EVERYONE])
    _by_group(tables, config, scored.groups)
    people = scored.people
    if people["children"].isna().all():
        return
    tables.add("barn", exposed_by_share(seen, people, scored.catalogue))
    index = scored.index[scored.index["sex"] == EVERYONE]
    columns = ["index", *(d.code for d in scored.catalogue.dimensions)]
    means = [
        child_weighted(index, people, column=column).assign(what=column)
        for column in columns
        if index[column].notna().any()
    ]
    if means:
        tables.add("barn_stad", pd.concat(means))
    limit = score_classes().breaks[0]
    tables.add("barn_lagst", exposed_by_limit(index, people, column="index", limit=limit))


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
        effects = kitagawa(city, rows[rows["area"] != CITY], stratum="group", key=key)
        totals.append(kitagawa_total(effects, key=key).assign(group_by=name))
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


def _inside(
    tables: Tables, scored: Scored, small: Sequence[Inner], before: Mapping[str, pd.DataFrame]
) -> None:
    """Look inside the areas at the index, each dimension and each indicator's score.

    One period at a time, so that not even a last digit depends on which others a run makes.
    """
    parts_of = {name: [before[name]] if len(before.get(name, ())) else [] for name in INSIDE}
    large, inner = _measures(scored), {each.level: _measures(each.scored) for each in small}
    for period in sorted({period for table in inner.values() for period in table["period"]}):
        levels = {name: _cases(table, period) for name, table in inner.items()}
        whole = _cases(large, period)
        for each in (each for each in small if len(levels[each.level])):
            for name, table in _look_inside(
                levels[each.level], whole, each.crosswalk.table
            ).items():
                told = table.assign(what=table["period"], period=period, level=each.level)
                parts_of[name].append(told)
        known = whole[whole["period"].isin(pd.concat(levels.values())["period"])]
        table = compare_levels({_LARGE: known, **levels})
        parts_of["nivaer"].append(table.assign(what=table["period"], period=period))
    order = {
        "level": [_LARGE, *inner],
        "what": [INDEX, *(d.code for d in scored.catalogue.dimensions), *scored.catalogue.codes],
    }
    for name, parts in parts_of.items():
        if small and parts:
            tables.add(name, _in_order(pd.concat(parts), INSIDE[name], order))


INSIDE: Final[dict[str, tuple[str, ...]]] = {
    "inuti": ("level", "what", "area"),
    "fickor": ("level", "what"),
    "ojamlikhet": ("level", "what"),
    "nivaer": ("what", "level"),
    "nivaer_jamforda": ("level", "what"),
}
"""The tables of small areas, and what their rows are ordered by before their period."""
_LARGE: Final = "omraden"


def _look_inside(
    small: pd.DataFrame, whole: pd.DataFrame, crosswalk: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    placed = place(small, crosswalk)
    return {
        "inuti": summarise_inside(placed),
        "fickor": pockets(placed),
        "ojamlikhet": inequality(placed),
        "nivaer_jamforda": compare_pair(small, whole, crosswalk, limits=score_classes().breaks),
    }


def _in_order(
    table: pd.DataFrame, by: Sequence[str], order: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the rows of the levels that are looked at, those of earlier periods first."""
    table = table[table["level"].isin(order["level"])]
    ranks = [table[name].map(order[name].index) if name in order else table[name] for name in by]
    rows = pd.concat(ranks, axis=1, keys=by).reset_index(drop=True)
    return table.iloc[rows.sort_values(list(by), kind="stable").index]


def _cases(measures: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return what is measured in a period, each measure told apart as periods are."""
    mine = measures[measures["period"] == period]
    return mine.assign(period=mine["what"]).drop(columns="what")


def _measures(scored: Scored) -> pd.DataFrame:
    """Return ``area, period, what, value, population`` of whatever has figures in a period."""
    key = ["area", "period"]
    index = scored.index[(scored.index["sex"] == EVERYONE) & (scored.index["area"] != CITY)]
    scores = scored.scores
    scores = scores[(scores["sex"] == EVERYONE) & (scores["area"] != CITY)]
    columns = [INDEX, *(d.code for d in scored.catalogue.dimensions)]
    indices = index[[*key, *columns]].melt(key, var_name="what")
    of_indicators = scores.rename(columns={"indicator": "what", "score": "value"})
    people = scored.people[[*key, "population"]]
    people = people[people["population"].notna() & (people["area"] != CITY)]
    measures = pd.concat([indices, of_indicators[[*key, "what", "value"]]]).merge(people, on=key)
    known = measures.groupby(["what", "period"])["value"].transform("count") > 0
    return measures[known].astype({"what": "str"})

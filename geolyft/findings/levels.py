"""The same result on small areas, looked at inside the larger ones, measure by measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import pandas as pd

from geolyft.certainty.draws import INDEX
from geolyft.export.figures.classes import score_classes
from geolyft.findings.inequality import compare_levels, compare_pair, inequality
from geolyft.findings.inside import place, pockets, shrink, summarise_inside, with_certainty
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geolyft.certainty.draws import Draws
    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.findings.stages.stage import Figures

    Draw = Callable[[str], Draws]

INSIDE: Final[dict[str, tuple[str, ...]]] = {
    "inuti": ("level", "what", "area"),
    "fickor": ("level", "what"),
    "ojamlikhet": ("level", "what"),
    "nivaer": ("what", "level"),
    "nivaer_jamforda": ("level", "what"),
    "utjamnade": ("level", "indicator", "small"),
}
"""The tables of small areas, and what their rows are ordered by before their period."""
_LARGE: Final = "omraden"
_APART: Final = "\x1f"
"""Between a period and what is measured in it; it sorts before every sign of a period."""


class Level(Protocol):
    """The same result on small areas, and how these lie in the areas."""

    @property
    def level(self) -> str:
        """The division of small areas."""

    @property
    def scored(self) -> Figures:
        """Their figures."""

    @property
    def crosswalk(self) -> Crosswalk:
        """Where they lie."""


def look_inside(
    scored: Figures, level: Level, *, draw: Draw | None = None
) -> dict[str, pd.DataFrame]:
    """Look inside the areas at the index, each dimension and each indicator's score.

    Parameters
    ----------
    level
        The small areas that are looked at.
    draw
        From a period to the scores of the small areas, drawn together; without it nothing is said
        of how sure a pocket is.

    Returns
    -------
    dict
        The tables of ``INSIDE`` of one level, but for ``nivaer``.
    """
    small, whole = _measures(level.scored), _measures(scored)
    if small.empty:
        return {"utjamnade": _smoothed(level)}
    placed = place(small, level.crosswalk.table)
    limits = score_classes().breaks
    found = {
        "inuti": summarise_inside(placed),
        "fickor": _sure_pockets(placed, draw),
        "ojamlikhet": inequality(placed),
        "nivaer_jamforda": compare_pair(small, whole, level.crosswalk.table, limits=limits),
    }
    told = {name: _told(table).assign(level=level.level) for name, table in found.items()}
    return {**told, "utjamnade": _smoothed(level)}


def look_across(
    scored: Figures,
    small: Sequence[Level],
    looked: Sequence[Mapping[str, pd.DataFrame]],
    *,
    before: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Return the tables of all levels, and hold the levels against each other.

    Parameters
    ----------
    looked
        What `look_inside` returns of each level.
    before
        The same tables of earlier periods, of which there are no small areas.

    Returns
    -------
    dict
        The tables of ``INSIDE``; none without small areas.
    """
    parts_of = {name: [before[name]] if len(before.get(name, ())) else [] for name in INSIDE}
    for tables in looked:
        for name, table in tables.items():
            parts_of[name].append(table)
    whole, inner = _measures(scored), {each.level: _measures(each.scored) for each in small}
    measured = {case for table in inner.values() for case in table["period"]}
    if measured:
        known = whole[whole["period"].isin(measured)]
        parts_of["nivaer"].append(_told(compare_levels({_LARGE: known, **inner})))
    order = {
        "level": [_LARGE, *inner],
        "what": [INDEX, *(d.code for d in scored.catalogue.dimensions), *scored.catalogue.codes],
    }
    return {
        name: _in_order(pd.concat(parts), INSIDE[name], order)
        for name, parts in parts_of.items()
        if small and parts
    }


def _sure_pockets(placed: pd.DataFrame, draw: Draw | None) -> pd.DataFrame:
    """Return the pockets, and how sure each is: a period at a time, for draws are large."""
    found = pockets(placed)
    if draw is None:
        return with_certainty(found, placed, {})
    seen, here = (_told(table)["period"] for table in (found, placed))
    return pd.concat(
        with_certainty(found[seen == period], placed[here == period], _by_case(draw(period)))
        for period in sorted(here.unique())
    )


def _by_case(drawn: Draws) -> dict[str, pd.DataFrame]:
    """Return the drawn scores of each measure in a period, a row for each small area."""
    keys = drawn.keys[drawn.keys["area"] != CITY]
    return {
        f"{period}{_APART}{what}": pd.DataFrame(drawn.scores[of.index], index=of["area"])
        for (period, what), of in keys.groupby(["period", "what"])
    }


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose periods are cases, with each case's period and what is measured."""
    cases = {case: case.split(_APART) for case in table["period"].unique()}
    period, what = (
        table["period"].map({case: of[n] for case, of in cases.items()}) for n in (0, 1)
    )
    return table.assign(period=period, what=what)


def _smoothed(small: Level) -> pd.DataFrame:
    """Return the published shares of small areas beside those drawn towards the city's."""
    seen = small.scored.observations
    known = seen[(seen["sex"] == EVERYONE) & (seen["area"] != CITY) & seen["value"].notna()]
    walk = small.crosswalk.table.sort_values(["weight", "target"], ascending=[False, True])
    home = walk.drop_duplicates("source").set_index("source")["target"]
    table = shrink(known[known["denominator"] > 0]).rename(columns={"area": "small"})
    return table.assign(area=table["small"].map(home), level=small.level)


def _in_order(
    table: pd.DataFrame, by: Sequence[str], order: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the rows of the levels that are looked at, those of earlier periods first."""
    table = table[table["level"].isin(order["level"])]
    ranks = [table[name].map(order[name].index) if name in order else table[name] for name in by]
    rows = pd.concat(ranks, axis=1, keys=by).reset_index(drop=True)
    # Where a level has no rows, what is joined to it loses its kind.
    texts = {name: "str" for name in ("area", "small") if name in table}
    return table.astype(texts).iloc[rows.sort_values(list(by), kind="stable").index]


def _measures(scored: Figures) -> pd.DataFrame:
    """Return ``area, period, value, population`` of whatever has figures in a period.

    Each measure of a period is a case of its own, told apart as other tables' periods are. So not
    even a last digit depends on which other periods a run makes.
    """
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
    cases = measures["period"] + _APART + measures["what"].astype("str")
    return measures.assign(period=cases)[known].drop(columns="what")

"""The one door: raw counts of all levels of a run go in, and what may be published comes out.

Each count is hidden or rounded by itself (`geolyft.disclosure.protect`). Then what is published is
looked at together: what a total and its other parts would give back goes too
(`geolyft.disclosure.together.families`). That is decided by published figures alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import pandas as pd

from geolyft.disclosure.protect import (
    FIGURES,
    few,
    hide,
    of_open_sources,
    protect_cells,
    protect_counts,
)
from geolyft.disclosure.raw import Raw, opened
from geolyft.disclosure.together.bases import wider_bases
from geolyft.disclosure.together.families import CELL, OWN, hidden_together
from geolyft.disclosure.together.pairs import no_pairs, protect_pairs
from geolyft.frames import (
    CHILDREN,
    CITY,
    EVERYONE,
    PEOPLE_KEY,
    POPULATION,
    RESIDUAL,
    has_status,
    lenses_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from geolyft.disclosure.protect import Protection
    from geolyft.disclosure.together.bases import Bases
    from geolyft.disclosure.together.families import Nesting

Hide: TypeAlias = "Callable[[str, pd.DataFrame], pd.DataFrame]"
"""Given the name of a level and published figures of it, hides some of them."""
GROUP_KEY: Final = ["area", "period", "indicator", "group_by", "group"]


def no_people(names: Sequence[str] = (POPULATION, CHILDREN)) -> pd.DataFrame:
    """Return the residents of no areas, with the columns that count them."""
    columns = [*PEOPLE_KEY, "source", *names]
    return pd.DataFrame(columns=columns).astype(dict.fromkeys(names, float))


def no_groups() -> pd.DataFrame:
    """Return figures of no groups."""
    return pd.DataFrame(columns=[*GROUP_KEY, *FIGURES, "status", "source"])


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one level of a run has counted, the city and the residual among its areas.

    Parameters
    ----------
    level
        Name of its division, ``OWN`` for the run's own areas.
    observations
        Canonical columns.
    people
        ``area, period, source, population``, and a column for each lens.
    groups
        ``GROUP_KEY``, figures, ``status`` and ``source``.
    pairs
        Persons in two figures of the city, see `geolyft.disclosure.together.pairs`.
    pooled
        Whether its figures are of several years together; its residents are of one.
    """

    level: str
    observations: Raw[pd.DataFrame]
    people: Raw[pd.DataFrame] = field(default_factory=lambda: Raw(no_people()))
    groups: Raw[pd.DataFrame] = field(default_factory=lambda: Raw(no_groups()))
    pairs: Raw[pd.DataFrame] = field(default_factory=lambda: Raw(no_pairs()))
    pooled: bool = False


@dataclass(frozen=True, kw_only=True)
class Published:
    """The same frames as they may be published.

    The residual's rows are among them: for the ledger, which holds them against the city's.
    """

    level: str
    observations: pd.DataFrame
    people: pd.DataFrame
    groups: pd.DataFrame
    pairs: pd.DataFrame


def publish_counts(
    counted: Sequence[Counted],
    protection: Protection,
    *,
    exempt: Collection[str] = (),
    nestings: Sequence[Nesting] = (),
    bases: Bases | None = None,
    before: Hide = lambda _level, figures: figures,
    sensitive: Collection[str] = (),
) -> list[Published]:
    """Return what may be published of every level, given that all of it is.

    Parameters
    ----------
    exempt
        Names of sources whose publisher has already protected them.
    bases
        See `geolyft.disclosure.together.bases.wider_bases`.
    before
        Hides again what earlier releases hid of a level's figures.
    sensitive
        Indicators of which a share of 0 or 100 per cent is not shown, whoever has protected it: it
        says of each person in the area what the share is of.

    Raises
    ------
    DisclosureError
        ``protect-threshold``, see `geolyft.disclosure.protect.protect`.
    """
    alone = [
        _unsure(_protected(level, protection, exempt, bases or {}, before), sensitive)
        for level in counted
    ]
    cells = pd.concat([_cells(level, exempt) for level in alone], ignore_index=True)
    unique = cells.groupby(CELL, as_index=False, sort=False).agg(
        {"hidden": "any", "denominator": "min"}
    )
    together = unique[CELL].assign(together=hidden_together(unique, nestings))
    more = cells.merge(together, on=CELL, how="left")
    more = more[more["together"]]
    return [_without(level, more[more["of"] == level.level]) for level in alone]


def hide_cells(published: Sequence[Published], cells: pd.DataFrame) -> list[Published]:
    """Return what is published without some cells more: a row of ``CELL`` each."""
    rows = [_cells(level, exempt=()).merge(cells[CELL], on=CELL) for level in published]
    return [_without(level, more) for level, more in zip(published, rows, strict=True)]


def _protected(
    counted: Counted,
    protection: Protection,
    exempt: Collection[str],
    bases: Bases,
    before: Hide,
) -> Published:
    people = opened(counted.people)
    open_bases = {source: each for source, each in bases.items() if source not in exempt}
    # No base of several years lies in the residents of one.
    around = people.iloc[:0] if counted.pooled else people

    def shown(raw: Raw[pd.DataFrame]) -> pd.DataFrame:
        counts = opened(raw)
        small = few(counts, protection.threshold)
        wide = wider_bases(counts, around, open_bases, protection)
        return before(counted.level, protect_cells(wide, protection, exempt=exempt, small=small))

    return Published(
        level=counted.level,
        observations=shown(counted.observations),
        people=_protected_people(people, protection, exempt),
        groups=shown(counted.groups),
        pairs=protect_pairs(opened(counted.pairs), protection, exempt=exempt),
    )


def _unsure(published: Published, sensitive: Collection[str]) -> Published:
    """Return the frames without what is sensitive and certain."""

    def hidden(table: pd.DataFrame) -> pd.DataFrame:
        of_all = table["numerator"] == table["denominator"]
        certain = (table["denominator"] > 0) & ((table["numerator"] == 0) | of_all)
        return hide(table, certain & table["indicator"].isin(list(sensitive)))

    return replace(
        published,
        observations=hidden(published.observations),
        groups=hidden(published.groups),
    )


def _protected_people(
    people: pd.DataFrame, protection: Protection, exempt: Collection[str]
) -> pd.DataFrame:
    """Protect residents, and each lens with both sides: who is no child is counted too.

    Lenses can part the residents, as ages do. So one is hidden as well where few are left of all
    beside it and lenses that stand before it: who takes those away would know how few.
    """
    is_open = of_open_sources(people, exempt)
    residents = protect_counts(people[POPULATION], protection, exempt=False)
    shown = {POPULATION: people[POPULATION].where(~is_open, residents)}
    left = [people[POPULATION]]
    for name in lenses_of(people):
        counts = protect_counts(people[name], protection, exempt=False)
        rests = [whole - people[name] for whole in left]
        counts = counts.where(rests[0] >= protection.threshold)
        for rest in rests[1:]:
            counts = counts.mask((rest > 0) & (rest < protection.threshold))
        # What is hidden is no figure that somebody could take away.
        left += [rest.where(counts.notna()) for rest in rests]
        shown[name] = people[name].where(~is_open, counts)
    return people.assign(**shown)


def _cells(published: Published, exempt: Collection[str]) -> pd.DataFrame:
    """Return every cell of a level that nobody else has protected, and where it stands.

    The city is the same whatever small areas it is summed of.
    """
    seen, groups, people = published.observations, published.groups, published.people
    tables = {
        "observations": seen.assign(group_by="", group=""),
        # Everyone stands among the observations.
        "groups": groups[groups["group"] != EVERYONE].assign(sex=EVERYONE),
        **{
            name: people.assign(
                sex=EVERYONE,
                indicator=name,
                group_by="",
                group="",
                denominator=people[name],
                status=people[name].isna().map({True: "hidden", False: "ok"}),
            )
            for name in [POPULATION, *lenses_of(people)]
            if people[name].notna().any()
        },
    }
    rows = pd.concat(
        [table.assign(table=name, row=table.index) for name, table in tables.items()],
        ignore_index=True,
    )
    rows = rows.assign(of=published.level, hidden=has_status(rows["status"], "hidden"))
    known = of_open_sources(rows, exempt) & (rows["hidden"] | rows["denominator"].notna())
    # Beyond small areas may lie other people than beyond the areas, and they are not published.
    if published.level != OWN:
        known &= rows["area"] != RESIDUAL
    level = rows["area"].map({CITY: OWN}).fillna(published.level)
    columns = [*CELL, "source", "denominator", "hidden", "of", "table", "row"]
    return rows.assign(level=level).loc[known, columns]


def _without(published: Published, more: pd.DataFrame) -> Published:
    """Return the frames without the cells that are hidden because of others."""

    def chosen(table: str, of: pd.DataFrame) -> pd.Series[bool]:
        rows = more.loc[more["table"] == table, "row"]
        return pd.Series(of.index.isin(rows), index=of.index)

    seen, people, groups = published.observations, published.people, published.groups
    seen = hide(seen, chosen("observations", seen))
    names = [POPULATION, *lenses_of(people)]
    people = people.assign(**{name: people[name].mask(chosen(name, people)) for name in names})
    groups = hide(groups, chosen("groups", groups))
    groups = _with_everyone(groups, seen)
    return replace(published, observations=seen, people=people, groups=groups)


def _with_everyone(groups: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return groups beside the published figures of everyone, and of nobody but whole groups.

    Everyone is also who is in no group: two sums beside each other would say how many these are.
    """
    everyone = groups.loc[groups["group"] == EVERYONE, GROUP_KEY]
    figures = [*FIGURES, "status", "source"]
    whole = seen.loc[seen["sex"] == EVERYONE, ["area", "period", "indicator", *figures]]
    everyone = everyone.merge(whole, on=["area", "period", "indicator"], how="left")
    parts = groups[groups["group"] != EVERYONE]
    return pd.concat([parts, everyone], ignore_index=True)[groups.columns]

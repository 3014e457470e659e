"""What an attacker has: every cell that a run publishes, and what is said of how it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import pandas as pd

from geolyft.disclosure.together.families import CELL, OWN
from geolyft.frames import CITY, EVERYONE, POPULATION, has_status, lenses_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence


_ONE_YEAR: Final = " (one year)"


class Level(Protocol):
    """One level of a run as it is published; the residual may be among the areas of its own."""

    @property
    def level(self) -> str: ...  # noqa: D102
    @property
    def observations(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def people(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def groups(self) -> pd.DataFrame: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Lying:
    """How the areas of a level lie in those of a larger one.

    Parameters
    ----------
    level, larger
        Their names; ``OWN`` for the run's own areas.
    pairs
        ``small, large``: of a small area in several larger ones an unknown part lies in each.
    exact
        Whether borders are shared, with no slivers between them.
    """

    level: str
    larger: str
    pairs: pd.DataFrame
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What is known of a run beside its figures.

    Parameters
    ----------
    exempt
        Names of sources whose publisher has already protected them.
    lying
        How levels lie in each other.
    pooled
        Levels whose figures are of several years together.
    bases
        By source: the base of each indicator by a name, the same for the same people.
        ``population`` is everyone.
    nested
        By source: pairs of bases, of which the first lies in the second.
    bands
        Groupings, by source and name, that everyone is in some group of.
    nobody
        Source, indicator, grouping and group, of which the run file says that nobody can be in it:
        a share of those of 20 to 64 years has nobody above 64. No secret is in that.
    same
        Source, two bases (one in the other), grouping and group, in which the run file says that
        they are the same people.
    """

    exempt: Collection[str] = ()
    pooled: Collection[str] = ()
    lying: Sequence[Lying] = ()
    bases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nested: Mapping[str, Collection[tuple[str, str]]] = field(default_factory=dict)
    bands: Collection[tuple[str, str]] = ()
    nobody: Collection[tuple[str, str, str, str]] = ()
    same: Collection[tuple[str, str, str, str, str]] = ()


def cells_of(
    levels: Sequence[Level], exempt: Collection[str], *, pooled: Collection[str] = ()
) -> pd.DataFrame:
    """Return every cell that a run publishes of sources nobody has protected, once.

    Parameters
    ----------
    pooled
        Levels whose figures are of several years together. Their residents are of one year, and no
        base of the others': so they are taken to be of a source of their own.

    Returns
    -------
    pandas.DataFrame
        ``CELL, source, numerator, denominator, hidden``. Residents have no base, and the city is of
        the run's own level.
    """
    tables = [table for level in levels for table in _tables(level)]
    rows = pd.concat(tables, ignore_index=True)
    hidden = has_status(rows["status"], "hidden")
    known = ~rows["source"].isin(list(exempt)) & (rows["source"] != "")
    known &= hidden | rows["numerator"].notna()
    rows["level"] = rows["level"].mask(rows["area"] == CITY, OWN)
    columns = [*CELL, "source", "numerator", "denominator", "hidden"]
    people = {POPULATION, *(name for level in levels for name in lenses_of(level.people))}
    apart = rows["level"].isin(list(pooled)) & rows["indicator"].isin(people)
    rows["source"] = rows["source"].mask(apart, rows["source"] + _ONE_YEAR)
    cells = rows.assign(hidden=hidden).loc[known, columns]
    return cells.drop_duplicates(CELL).sort_values(CELL, ignore_index=True)


def _tables(level: Level) -> Iterator[pd.DataFrame]:
    named = {"level": level.level}
    yield level.observations.assign(**named, group_by="", group="")
    if level.level == OWN and len(level.groups):
        # Groups of small areas are in no delivery; everyone stands among the observations.
        groups = level.groups[level.groups["group"] != EVERYONE]
        yield groups.assign(**named, sex=EVERYONE)
    for name in (POPULATION, *lenses_of(level.people)):
        counts = level.people[name]
        if counts.notna().any():
            status = counts.isna().map({True: "hidden", False: "ok"})
            yield level.people.assign(
                **named, sex=EVERYONE, group_by="", group="", indicator=name, status=status,
                numerator=counts, denominator=level.people[POPULATION],
            )  # fmt: skip

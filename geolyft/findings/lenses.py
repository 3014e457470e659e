"""For whom: where those live that each lens counts, and how they have it if all there have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.findings.groups import exposed_by_share, lens_weighted
from geolyft.frames import CITY, EVERYONE, PEOPLE_KEY, POPULATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.indicators.catalogue import Catalogue
    from geolyft.indicators.lens import Lens

LENS: Final = "lins"
COUNT: Final = "antal"
_EXPOSED: Final = [*PEOPLE_KEY, LENS, "lins_namn", "indicator", COUNT, "exposed", "share"]
_MEANS: Final = [
    "period", LENS, "lins_namn", "what", "lens_mean", "population_mean", "difference", "coverage",
]  # fmt: skip


def counted(people: pd.DataFrame, lenses: Sequence[Lens]) -> tuple[Lens, ...]:
    """Return the lenses that some published figure counts."""
    return tuple(each for each in lenses if each.column in people and people[each.column].any())


def where_they_live(people: pd.DataFrame, lenses: Sequence[Lens]) -> pd.DataFrame:
    """Return how many of each lens live in each area, of its residents and of all of them.

    Parameters
    ----------
    people
        ``area, period, population`` and a column for each lens, published.

    Returns
    -------
    pandas.DataFrame
        ``area, period, lins, lins_namn, antal, andel, av_staden``; both shares are per cent.

    Examples
    --------
    >>> from geolyft.indicators.lens import CHILD_LENS
    >>> people = pd.DataFrame({"area": ["city", "1"], "period": "2025",
    ...                        "population": [400.0, 100.0], "children": [80.0, 40.0]})
    >>> where_they_live(people, [CHILD_LENS])[["antal", "andel", "av_staden"]].values.tolist()
    [[80.0, 20.0, 100.0], [40.0, 40.0, 50.0]]
    """
    columns = [*PEOPLE_KEY, LENS, "lins_namn", COUNT, "andel", "av_staden"]
    parts = []
    for lens in counted(people, lenses):
        rows = people[PEOPLE_KEY].assign(lins=lens.name, lins_namn=lens.label)
        rows[COUNT] = people[lens.column]
        # Counts are rounded one by one: what is left of few may be more than the whole.
        known = people[lens.column].where(people[lens.column] <= people[POPULATION])
        rows["andel"] = 100 * known / people[POPULATION]
        of_city = people[people["area"] == CITY].set_index("period")[lens.column]
        rows["av_staden"] = 100 * people[lens.column] / people["period"].map(of_city)
        parts.append(rows)
    return _joined(parts, columns)


def weighed(
    observations: pd.DataFrame, people: pd.DataFrame, catalogue: Catalogue, lenses: Sequence[Lens]
) -> pd.DataFrame:
    """Return `geolyft.findings.groups.exposed_by_share` of each lens."""
    parts = [
        exposed_by_share(observations, people, catalogue, who=lens.column)
        .rename(columns={lens.column: COUNT})
        .assign(lins=lens.name, lins_namn=lens.label)
        for lens in counted(people, lenses)
    ]
    return _joined(parts, _EXPOSED)


def means(
    index: pd.DataFrame, people: pd.DataFrame, catalogue: Catalogue, lenses: Sequence[Lens]
) -> pd.DataFrame:
    """Return the city's mean as those of each lens live it, of the index and each dimension."""
    index = index[index["sex"] == EVERYONE]
    whats = ["index", *(each.code for each in catalogue.dimensions)]
    parts = [
        lens_weighted(index, people, column=what, who=lens.column).assign(
            what=what, lins=lens.name, lins_namn=lens.label
        )
        for lens in counted(people, lenses)
        for what in whats
        if index[what].notna().any()
    ]
    return _joined(parts, _MEANS)


def _joined(parts: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]

"""A total and its parts: of these never just one is hidden, for the others would give it back.

*Cells* are all that a run publishes of sources nobody has protected, in one frame: a row per
``level, area, period, sex, group_by, group`` and indicator. Women and men are parts of everyone,
bands of all of them, small areas of larger ones and areas of the city, and one cell is in several
such families. So what is hidden for one is looked at in the others, until it holds in all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.frames import CITY, EVERYONE, RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Hidden = NDArray[np.bool_]

CELL: Final = ["level", "area", "period", "sex", "indicator", "group_by", "group"]
OWN: Final = ""
"""The level of the run's own areas."""


@dataclass(frozen=True, kw_only=True)
class Nesting:
    """How the areas of a level lie in those of a larger one.

    Parameters
    ----------
    level, larger
        Their names; ``OWN`` for the run's own areas, and the city is of that level.
    parents
        Area to the larger area that most of it lies in.
    released
        Whether the larger areas were published before, and stay so whatever the run hides.
    """

    level: str
    larger: str
    parents: Mapping[str, str]
    released: bool = False


def hidden_together(cells: pd.DataFrame, nestings: Sequence[Nesting]) -> pd.Series[bool]:
    """Say what has to be hidden so that no cell is alone in a family.

    The other to go is a part before it is the total, and of parts the one with the smallest base.

    Parameters
    ----------
    cells
        ``CELL``, each cell once; ``hidden``, and the published base ``denominator``.

    Examples
    --------
    >>> cells = pd.DataFrame({"level": OWN, "area": "1", "period": "2025", "indicator": "E1",
    ...     "sex": ["alla", "kvinnor", "män"], "group_by": "", "group": "",
    ...     "hidden": [False, True, False], "denominator": [45.0, None, 25.0]})
    >>> hidden_together(cells, []).tolist()
    [False, True, True]
    """
    asked = cells.index
    cells = pd.concat([cells, *_released(cells, nestings)], ignore_index=True)
    cells = cells.assign(cell=range(len(cells)))
    # What is left over of the city is few or nobody as a rule, and would be alone everywhere.
    kinds = [_links(cells, parts, totals) for parts, totals in _families(cells, nestings)]
    hidden: Hidden = cells["hidden"].to_numpy(dtype=bool).copy()
    before = -1
    while (now := int(hidden.sum())) != before:
        before = now
        for links in kinds:
            _close(hidden, *links)
    return pd.Series(hidden[: len(asked)], index=asked)


def _released(cells: pd.DataFrame, nestings: Sequence[Nesting]) -> Iterator[pd.DataFrame]:
    """Yield the larger areas that are not among the cells: they were published before, and stay."""
    for each in nestings:
        if not each.released:
            continue
        small = cells[(cells["level"] == each.level) & cells["area"].isin(list(each.parents))]
        large = small.assign(level=each.larger, area=small["area"].map(dict(each.parents)))
        yield large.drop_duplicates(CELL).assign(hidden=False, denominator=np.inf)


def _families(
    cells: pd.DataFrame, nestings: Sequence[Nesting]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield each kind of families: the parts, and the totals, with a column ``of`` in both."""
    cells = cells[cells["area"] != RESIDUAL]
    everyone, plain = cells["sex"] == EVERYONE, cells["group_by"] == ""
    yield _of(cells[plain & ~everyone], "sex"), _of(cells[plain & everyone], "sex")
    bands = cells[~plain]
    names = bands[["group_by"]].drop_duplicates()
    totals = cells[plain & everyone].drop(columns="group_by").merge(names, how="cross")
    yield _of(bands, "group"), _of(totals, "group")
    for each in nestings:
        small = cells[(cells["level"] == each.level) & cells["area"].isin(list(each.parents))]
        large = cells[(cells["level"] == each.larger) & (cells["area"] != CITY)]
        parents = small["area"].map(dict(each.parents))
        yield small.assign(area=parents, level=""), large.assign(level="")
    own = cells["level"] == OWN
    city = cells["area"] == CITY
    yield _of(cells[own & ~city], "area"), _of(cells[own & city], "area")


def _of(cells: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return cells without what tells parts from each other and from their total."""
    return cells.assign(**{column: ""})


def _links(
    cells: pd.DataFrame, parts: pd.DataFrame, totals: pd.DataFrame
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return family and cell of each member; in each family in the order in which they may go."""
    both = pd.concat([parts.assign(total=False), totals.assign(total=True)], ignore_index=True)
    both["family"] = both.groupby(CELL, sort=False).ngroup()
    # Parts of what is not published give nothing back.
    both = both[both.groupby("family")["total"].transform("any")]
    both["base"] = cells["denominator"].to_numpy(dtype="float64")[both["cell"]]
    ordered = both.sort_values(["family", "total", "base", "cell"])
    return ordered["family"].to_numpy(np.intp), ordered["cell"].to_numpy(np.intp)


def _close(hidden: Hidden, family: NDArray[np.intp], cell: NDArray[np.intp]) -> None:
    """Hide one more wherever a single member of a family is hidden, and there is another."""
    size = int(family.max(initial=-1)) + 1
    while True:
        alone = np.bincount(family[hidden[cell]], minlength=size) == 1
        could = np.flatnonzero(alone[family] & ~hidden[cell])
        if not could.size:
            return
        _, first = np.unique(family[could], return_index=True)
        hidden[cell[could[first]]] = True

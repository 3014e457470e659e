"""What the hidden cells could be, given everything published: the auditor decides.

Hiding small cells protects nobody when totals, or a second division of the city, give them back.
For every hidden cell two linear programmes find the least and the most it can be. The auditor is
wrong on the safe side: what it cannot solve it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd

from geolyft.errors import DisclosureError, brief
from geolyft.late import scipy

if TYPE_CHECKING:
    from collections.abc import Mapping

Constraint: TypeAlias = "tuple[Sequence[str], str]"
"""The labels of the parts, and the label of the cell that is their sum."""

MAX_CANDIDATES: Final = 20
"""With so many cells there are a million patterns, and the cheapest is still found for certain."""

_Interval: TypeAlias = Callable[[str], tuple[float, float]]
_OPTIMAL, _UNBOUNDED = 0, 3  # what linprog calls status
_DECIMALS: Final = 5  # coarser than what the solver leaves, finer than any count


def margins(
    table: pd.DataFrame, *, total: str = "total"
) -> tuple[pd.Series[float], list[Constraint]]:
    """Return the cells of a table with its row and column totals, and the sums that bind them.

    Parameters
    ----------
    table
        Counts, none missing; the labels of rows and columns become ``row/column``.
    total
        What a total is called in the place of a row or a column.

    Returns
    -------
    tuple[pandas.Series, list[Constraint]]
        Every cell, the totals included, and what sums to what. That the columns' totals sum to
        the grand total follows from the others.

    Examples
    --------
    >>> values, constraints = margins(pd.DataFrame({"f": [2, 19], "m": [18, 14]}, index=["A", "B"]))
    >>> constraints[0], float(values["A/total"])
    ((('A/f', 'A/m'), 'A/total'), 20.0)
    """
    whole = table.astype("float64")
    whole.index, whole.columns = whole.index.map(str), whole.columns.map(str)
    rows, columns = list(whole.index), list(whole.columns)
    labels = [f"{row}/{column}" for row in [*rows, total] for column in [*columns, total]]
    if whole.isna().any(axis=None) or len(set(labels)) < len(labels):
        raise _refusal("cells of the table are missing or share a label", "give each cell once")
    whole[total] = whole.sum(axis=1)
    whole.loc[total] = whole.sum()
    across = [(tuple(f"{r}/{c}" for c in columns), f"{r}/{total}") for r in [*rows, total]]
    down = [(tuple(f"{r}/{c}" for r in rows), f"{total}/{c}") for c in columns]
    return pd.Series(whole.to_numpy().ravel(), index=pd.Index(labels)), [*across, *down]


def bounds_of(
    values: pd.Series[float], constraints: Collection[Constraint], *, rounding: int = 0
) -> pd.DataFrame:
    """Return the least and the most that every hidden cell can be.

    Parameters
    ----------
    values
        Published counts by label, missing where hidden. Labels of all divisions and of earlier
        releases may stand together: what binds them are the constraints.
    constraints
        What sums to what, published or not.
    rounding
        The base that published counts were rounded to, halves up, as ``disclosure.round_counts``
        does it; 0 when they are exact.

    Returns
    -------
    pandas.DataFrame
        ``cell, low, high, exact``. A cell is exact when no more than one whole number fits, as
        counts are whole. ``high`` is infinite when nothing bounds it.

    Raises
    ------
    DisclosureError
        ``audit-infeasible`` when the figures contradict one another or cannot be solved.

    Examples
    --------
    >>> values = pd.Series({"a": float("nan"), "b": float("nan"), "c": 5.0, "all": 12.0})
    >>> bounds_of(values, [(("a", "b", "c"), "all")]).values.tolist()
    [['a', 0.0, 7.0, False], ['b', 0.0, 7.0, False]]
    """
    interval = _solver(values, constraints, rounding=rounding)
    hidden = [str(cell) for cell in values.index[values.isna()]]
    limits = [(cell, *interval(cell)) for cell in hidden]
    table = pd.DataFrame(limits, columns=["cell", "low", "high"])
    table = table.astype({"cell": "str", "low": "float64", "high": "float64"})
    return table.assign(exact=[_is_exact(low, high) for _, low, high in limits]).astype(
        {"exact": "bool"}
    )


def cheapest_secondaries(
    values: pd.Series[float],
    primary: Collection[str],
    constraints: Collection[Constraint],
    cost: Mapping[str, float],
) -> list[str]:
    """Return the cheapest further cells to hide, so that no primary cell is exact.

    Of all patterns the cheapest is found for certain. A pattern that fails is enlarged as far as
    it still fails; whatever protects must then hide one of the cells left over, and all patterns
    that do not are struck out.

    Parameters
    ----------
    values
        True counts by label, none missing.
    primary
        Cells that are hidden for their own sake.
    cost
        What hiding a cell costs. Only these cells may be hidden: leave out totals that have to be
        published.

    Returns
    -------
    list[str]
        Labels in the order of ``cost``; of equally cheap patterns none with a cell too many.

    Raises
    ------
    DisclosureError
        ``audit-infeasible`` when no pattern protects, there are more than 20 candidates, or the
        figures contradict one another.

    Examples
    --------
    >>> values, constraints = margins(pd.DataFrame({"f": [2, 19], "m": [18, 14]}, index=["A", "B"]))
    >>> cheapest_secondaries(values, ["A/f"], constraints, {"A/m": 18, "B/f": 19, "B/m": 14})
    ['A/m', 'B/f', 'B/m']
    """
    candidates = _candidates(values, primary, cost)
    everything = (1 << len(candidates)) - 1

    def protects(pattern: int) -> bool:
        return _protects(values, primary, constraints, _chosen(candidates, pattern))

    if not protects(everything):
        raise _refusal("no pattern protects", "let more cells be hidden, or publish fewer totals")
    prices = _prices([float(cost[each]) for each in candidates])
    patterns = np.arange(len(prices))
    while not protects(best := int(np.argmin(prices))):
        for bit in range(len(candidates)):
            if not best >> bit & 1 and not protects(best | 1 << bit):
                best |= 1 << bit
        prices[(patterns & (everything & ~best)) == 0] = np.inf
    return _chosen(candidates, best)


def _protects(
    values: pd.Series[float],
    primary: Collection[str],
    constraints: Collection[Constraint],
    secondary: list[str],
) -> bool:
    hidden = values.mask(values.index.isin([*primary, *secondary]))
    interval = _solver(hidden, constraints)
    return not any(_is_exact(*interval(cell)) for cell in primary)


def _candidates(
    values: pd.Series[float], primary: Collection[str], cost: Mapping[str, float]
) -> list[str]:
    candidates = [str(cell) for cell in cost if cell not in primary]
    if values.isna().any() or not {*primary, *candidates} <= set(values.index):
        raise _refusal("cells to be hidden have no true count", "give the count of every cell")
    if not all(0 <= cost[cell] < np.inf for cell in candidates):
        raise _refusal("a cost is negative or no number", "give costs of 0 or more")
    if len(candidates) > MAX_CANDIDATES:
        raise _refusal(
            f"{len(candidates)} cells may be hidden, and {MAX_CANDIDATES} can be searched",
            "give a cost to fewer cells, or audit a smaller table",
        )
    return candidates


def _chosen(candidates: list[str], pattern: int) -> list[str]:
    return [cell for bit, cell in enumerate(candidates) if pattern >> bit & 1]


def _prices(costs: list[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the price of every pattern; bit i of a position says that cell i is hidden."""
    prices = np.zeros(1)
    for each in costs:
        prices = np.concatenate([prices, prices + each])
    return prices


def _is_exact(low: float, high: float) -> bool:
    return bool(np.floor(high) <= np.ceil(low))


def _solver(
    values: pd.Series[float], constraints: Collection[Constraint], *, rounding: int = 0
) -> _Interval:
    """Return what finds a cell's interval, once it is sure that there is a solution at all."""
    place = _places(values, constraints)
    linprog = scipy("optimize").linprog
    sums, limits = _sums(place, constraints), _limits(values, rounding)

    def least(cell: str | None, sign: float = 1.0) -> float:
        aim = np.zeros(len(place))
        if cell is not None:
            aim[place[cell]] = sign
        best = linprog(aim, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=limits, method="highs")
        if best.status == _UNBOUNDED:
            return -np.inf
        if best.status != _OPTIMAL:
            raise _refusal(
                "the figures contradict one another or cannot be solved",
                "check counts, sums and the rounding base",
            )
        return round(float(best.fun), _DECIMALS)

    least(None)
    return lambda cell: (least(cell) + 0.0, 0.0 - least(cell, -1.0))


def _places(values: pd.Series[float], constraints: Collection[Constraint]) -> dict[str, int]:
    place = {str(cell): i for i, cell in enumerate(values.index)}
    if len(place) < len(values):
        raise _refusal("a cell occurs twice", "give each cell one label and one value")
    unknown = {c for parts, total in constraints for c in (*parts, total)} - set(place)
    if unknown:
        raise _refusal(
            f"{len(unknown)} cells of the sums have no value, such as {brief(min(unknown))}",
            "add them, missing when they are hidden",
        )
    return place


def _sums(place: Mapping[str, int], constraints: Collection[Constraint]) -> Any:  # noqa: ANN401 - scipy has no types
    """Return a sparse matrix with a row for every sum: its parts less its total are 0."""
    entries = [
        (i, place[cell], sign)
        for i, (parts, total) in enumerate(constraints)
        for cell, sign in [*((part, 1.0) for part in parts), (total, -1.0)]
    ]
    rows, columns, signs = np.array(entries, dtype="float64").reshape(-1, 3).T
    where = (rows.astype("int64"), columns.astype("int64"))
    shape = (len(constraints), len(place))
    return scipy("sparse").coo_array((signs, where), shape=shape).tocsc()


def _limits(values: pd.Series[float], rounding: int) -> list[tuple[float, float]]:
    """Return what is known of every cell by itself: whole counts are rounded halves up."""
    published = values.dropna()
    if not (np.isfinite(published) & (published >= 0)).all():
        raise _refusal("a published count is negative or infinite", "give counts of 0 or more")
    down, up = rounding // 2, max(rounding - 1, 0) // 2
    low, high = (values - down).clip(lower=0).fillna(0.0), (values + up).fillna(np.inf)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _refusal(what: str, remedy: str) -> DisclosureError:
    return DisclosureError("audit-infeasible", what, remedy=remedy)

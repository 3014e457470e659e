"""What it does to a share that small areas are split between areas by estimate.

By the delta method: a small area that is split has the base `b` and the share `s`; the area has
`B` and `S`. A weight that is `e` too large moves the area's share by ``e · b · (s - S) / B``. What
one area gains its neighbour loses, and one split moves every indicator and every year at once. So
each split is drawn once, and a figure keeps by how much one standard error of it moves the figure.

A small area that is split between k targets has k - 1 *axes*: independent errors of which the
errors of its weights are sums, see `error_axes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.certainty.errors.keyed import keyed_errors
from geolyft.divisions.crosswalks import weight_errors
from geolyft.frames import CITY, FIGURE, RESIDUAL, has_status, reference_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geolyft.divisions.crosswalks import Crosswalk
    from geolyft.frames import Floats

WEIGHT_COLUMNS: Final = [*FIGURE, "part", "axis", "moves", "known"]
BASE_COLUMNS: Final = [*FIGURE, "split", "spread"]
SMALL_COLUMNS: Final = [
    "source", "period", "reference", "sex", "indicator", "part", "numerator", "denominator"
]  # fmt: skip
_DECIMALS: Final = 6
"""Of percentage points; what is kept is what is computed with, and a later run does the same."""
_COARSE: Final = 2
"""Of what rests on weights alone."""


@dataclass(frozen=True, kw_only=True)
class Splits:
    """What small areas do to the figures they are in, beside chance.

    Parameters
    ----------
    weights
        ``WEIGHT_COLUMNS``: by how many percentage points (`moves`) one standard error on an `axis`
        of a split small area (`part`) moves a figure; at most, and either way, where it is
        not `known`.
    bases
        ``BASE_COLUMNS``: the share of a figure's base that comes from split small areas (`split`,
        0 to 1), and by how many percentage points the figure moves (`spread`) were the base of
        each of its small areas 100 per cent off by itself. Of figures with a split part, and of
        those that are ``approximate``.
    """

    weights: pd.DataFrame
    bases: pd.DataFrame

    @classmethod
    def none(cls) -> Splits:
        """Return what there is to say where no small areas are known."""
        kinds = {"split": "float64", "spread": "float64", "moves": "float64", "known": "bool"}
        tables = {"weights": WEIGHT_COLUMNS, "bases": BASE_COLUMNS}
        return cls(
            **{
                name: pd.DataFrame(
                    {column: pd.Series(dtype=kinds.get(column, "str")) for column in columns}
                )
                for name, columns in tables.items()
            }
        )

    @classmethod
    def of_records(cls, records: Mapping[str, Sequence[Mapping[str, object]]]) -> Splits:
        """Return what `as_records` wrote."""
        none = cls.none()
        return cls(
            **{
                name: pd.DataFrame(list(records[name]), columns=table.columns).astype(table.dtypes)
                for name, table in vars(none).items()
            }
        )

    def as_records(self) -> dict[str, list[dict[str, object]]]:
        """Return both tables as lists of rows, for a manifest."""
        return {name: table.to_dict(orient="records") for name, table in vars(self).items()}

    def then(self, later: Splits) -> Splits:
        """Return these, and of later ones what is of other figures."""
        here = pd.concat([self.weights[FIGURE], self.bases[FIGURE]])
        mine = pd.MultiIndex.from_frame(here)
        new = (
            each[~pd.MultiIndex.from_frame(each[FIGURE]).isin(mine)]
            for each in (later.weights, later.bases)
        )
        both = zip((self.weights, self.bases), new, strict=True)
        weights, bases = (_stacked([first, second]) for first, second in both)
        return Splits(weights=weights, bases=bases)


def error_axes(crosswalk: Crosswalk) -> pd.DataFrame:
    """Part the errors of weights into independent ones, so that they sum to 0 over the targets.

    Two targets have one error with opposite signs. With more, the errors are those of independent
    ones given that their sum is 0: the covariance ``c · (D - d dᵀ / Σd)`` with ``d`` the squared
    errors, ``D`` the diagonal of them, and ``c`` such that the largest error is as stated; the
    others are then as stated or larger, and all are as stated where they are alike.

    Returns
    -------
    pandas.DataFrame
        ``part, area, axis, error``: the error of a weight is the sum over `axis` of `error` times
        a standard normal number of that part and axis.

    Examples
    --------
    >>> from geolyft.divisions.crosswalks import Crosswalk
    >>> table = pd.DataFrame({"source": ["a", "a"], "target": ["1", "2"], "weight": [0.4, 0.6],
    ...                       "error": [0.1, 0.1]})
    >>> axes = error_axes(Crosswalk(name="c", source="small", target="large", table=table))
    >>> axes.round(9).values.tolist()
    [['a', '1', '1', 0.1], ['a', '2', '1', -0.1]]
    """
    table = crosswalk.table.assign(error=weight_errors(crosswalk))
    unsure = table[table["error"] > 0].sort_values(["source", "target"])
    rows: list[tuple[object, ...]] = []
    for part, targets in unsure.groupby("source"):
        areas = targets["target"].tolist()
        axes = _axes(targets["error"].to_numpy(dtype="float64"))
        rows += [
            (part, area, str(n + 1), float(axes[m, n]))
            for m, area in enumerate(areas)
            for n in range(len(areas) - 1)
        ]
    return pd.DataFrame(rows, columns=["part", "area", "axis", "error"])


def _axes(errors: Floats) -> Floats:
    """Return a row per target and a column per axis; every column sums to 0."""
    square = errors**2
    whole = square.sum()
    covariance = np.diag(square) - np.outer(square, square) / whole
    covariance *= whole / (whole - square.max())
    first = np.linalg.cholesky(covariance[:-1, :-1])
    return np.vstack([first, -first.sum(axis=0)])


def splits_of(
    small: Iterable[tuple[pd.DataFrame, Crosswalk]], observations: pd.DataFrame
) -> Splits:
    """Say for each published figure what the splits and the bases of its small areas do to it.

    Parameters
    ----------
    small
        Figures of small areas that may be published (``SMALL_COLUMNS``), each with the crosswalk
        that it was moved with. Where counts are missing, as they are of what nobody has protected,
        the area's base is parted by weights alone, and the bound ``b · max(S, 1 - S) / B`` stands
        in.
    observations
        Published observations of the areas, the city's rows included.
    """
    found = Splits.none()
    for figures, crosswalk in small:
        found = found.then(_splits_of_one(figures, crosswalk, observations))
    return found


def _splits_of_one(
    figures: pd.DataFrame, crosswalk: Crosswalk, observations: pd.DataFrame
) -> Splits:
    of_figure = ["source", "period", "reference", "sex", "indicator"]
    counts = figures.groupby([*of_figure, "part"], as_index=False)[["numerator", "denominator"]]
    summed = counts.sum(min_count=1)
    pairs = crosswalk.table[["source", "target", "weight"]]
    pairs = pairs.set_axis(["part", "area", "weight"], axis=1).astype({"weight": "float64"})
    city = pairs[["part"]].drop_duplicates().assign(area=CITY, weight=1.0)
    pairs = pd.concat([pairs[pairs["area"] != RESIDUAL], city], ignore_index=True)
    pairs["parts"] = pairs.groupby("area")["weight"].transform("sum")
    areas = observations[observations["value"].notna()]
    areas = areas[[*of_figure, "area", "numerator", "denominator", "status"]]
    # By the period too: of a figure that stands in two, each file says its own.
    rows = areas.merge(pairs, on="area").merge(
        summed, on=[*of_figure, "part"], suffixes=("", "_part")
    )
    # Small areas nobody knows have the area's base in common, each as much of it.
    base = rows["denominator_part"].fillna(rows["denominator"] / rows["parts"])
    rows = rows.assign(known=rows["denominator_part"].notna(), denominator_part=base)
    rows = rows.assign(moved=_influence(rows), reference=reference_of(rows))
    return Splits(weights=_of_weights(rows, crosswalk), bases=_of_bases(rows))


def _influence(rows: pd.DataFrame) -> pd.Series[float]:
    """Return by how many percentage points a weight that is 1 too large moves each figure."""
    share = (rows["numerator"] / rows["denominator"]).clip(0, 1)
    base = rows["denominator_part"]
    known = rows["numerator_part"] - share * base
    bound = base * pd.concat([share, 1 - share], axis=1).max(axis=1)
    return 100 * known.where(rows["known"], bound) / rows["denominator"]


def _of_weights(rows: pd.DataFrame, crosswalk: Crosswalk) -> pd.DataFrame:
    moved = rows.merge(error_axes(crosswalk), on=["part", "area"])
    moved = moved.assign(moves=_rounded(moved["moved"] * moved["error"], moved["known"]))
    first = moved.drop_duplicates([*FIGURE, "part", "axis"])
    return first.sort_values([*FIGURE, "part", "axis"], ignore_index=True)[WEIGHT_COLUMNS]


def _of_bases(rows: pd.DataFrame) -> pd.DataFrame:
    base = rows["weight"] * rows["denominator_part"] / rows["denominator"]
    split = rows["weight"].between(0, 1, inclusive="neither")
    rows = rows.assign(
        split=base.where(split, 0.0),
        spread=(rows["weight"] * rows["moved"]) ** 2,
        approximate=has_status(rows["status"], "approximate"),
    )
    kinds = {"split": "sum", "spread": "sum", "approximate": "any", "known": "all"}
    by_figure = rows.groupby([*FIGURE, "period"], as_index=False)
    table = by_figure.agg(kinds)
    table = table[table["approximate"] | (table["split"] > 0)].drop_duplicates(FIGURE)
    table["spread"] **= 0.5
    for name in ("split", "spread"):
        table[name] = _rounded(table[name], table["known"])
    return table.reset_index(drop=True)[BASE_COLUMNS]


def _rounded(figures: pd.Series[float], known: pd.Series[bool]) -> pd.Series[float]:
    return figures.round(_DECIMALS).where(known, figures.round(_COARSE))


def split_variance(observations: pd.DataFrame, splits: Splits) -> pd.Series[float]:
    """Return what errors of weights add to the variance of each share (of 1).

    Examples
    --------
    >>> figures = pd.DataFrame({"area": ["7", "8"], "sex": "alla", "indicator": "B3",
    ...                         "reference": "2025", "source": "SCB"})
    >>> moved = figures.assign(part="C1650", axis="1", moves=[-1.0, 3.0], known=True)
    >>> splits = Splits(weights=moved, bases=Splits.none().bases)
    >>> split_variance(figures.assign(period="2025"), splits).tolist()
    [0.0001, 0.0009]
    """
    squares = (splits.weights["moves"].to_numpy(dtype="float64") / 100) ** 2
    number, figures = pd.factorize(pd.MultiIndex.from_frame(splits.weights[FIGURE]))
    # Added in the table's order, which figures of other years do not change.
    variance = pd.Series(np.bincount(number, squares, len(figures)), index=figures)
    return _look_up(observations, variance).fillna(0.0)


def base_spread(observations: pd.DataFrame, splits: Splits) -> pd.Series[float]:
    """Return `spread` as a share of 1 for each figure, missing where it is not known."""
    return _look_up(observations, splits.bases.set_index(FIGURE)["spread"] / 100)


def difference_variance(
    first: pd.DataFrame, second: pd.DataFrame, splits: Splits
) -> pd.Series[float]:
    """Return what errors of weights add to the variance of each difference of two shares (of 1).

    A split that moves both moves their difference by the difference. Where it is not known which
    way it moves one of them, the two are taken as independent.

    Parameters
    ----------
    first, second
        Observations of which each row of one is held against that of the other.

    Examples
    --------
    >>> women = pd.DataFrame({"area": ["7"], "sex": "kvinnor", "indicator": "B3",
    ...                       "reference": "2025", "source": "SCB", "period": "2025"})
    >>> men = women.assign(sex="män")
    >>> moved = pd.concat([women, men]).assign(part="C1650", axis="1", moves=[3.0, 2.0], known=True)
    >>> splits = Splits(weights=moved, bases=Splits.none().bases)
    >>> difference_variance(women, men, splits).round(9).tolist()
    [0.0001]
    """
    if splits.weights.empty:
        return pd.Series(0.0, index=first.index)
    sides = [
        _figures(figures).assign(row=figures.index).merge(splits.weights, on=FIGURE)
        for figures in (first, second)
    ]
    sides[1]["moves"] = -sides[1]["moves"]
    both = pd.concat(sides)
    moves = both.assign(square=both["moves"] ** 2).groupby(["row", "part", "axis"])
    moved = moves.agg({"moves": "sum", "square": "sum", "known": "all"})
    variance = (moved["moves"] ** 2).where(moved["known"], moved["square"]).groupby("row").sum()
    return variance.reindex(first.index).fillna(0.0).astype("float64") / 100**2


def draw_splits(observations: pd.DataFrame, splits: Splits, draws: int, seed: int) -> Floats:
    """Draw how far the splits move each share (of 1): each split once, for all figures it is in.

    Examples
    --------
    >>> figures = pd.DataFrame({"area": ["7", "8"], "sex": "alla", "indicator": "B3",
    ...                         "reference": "2025", "source": "SCB"})
    >>> moved = figures.assign(part="C1650", axis="1", moves=[-1.0, 3.0], known=True)
    >>> splits = Splits(weights=moved, bases=Splits.none().bases)
    >>> seven, eight = draw_splits(figures.assign(period="2025"), splits, 3, seed=2030)
    >>> (eight / seven).round(9).tolist()
    [-3.0, -3.0, -3.0]
    """
    asked = pd.MultiIndex.from_frame(_figures(observations))
    weights = splits.weights
    weights = weights[pd.MultiIndex.from_frame(weights[FIGURE]).isin(asked)]
    parts, distinct = pd.factorize(pd.MultiIndex.from_frame(weights[["part", "axis"]]))
    keys = pd.DataFrame(distinct.to_list(), columns=["part", "axis"])
    errors = keyed_errors(keys, draws, seed)
    moves = weights["moves"].to_numpy(dtype="float64")[:, None] / 100
    drawn = np.zeros((len(observations), draws))
    rows_of = pd.Series(range(len(asked)), index=asked).groupby(level=FIGURE).indices
    for figure, rows in weights.groupby(FIGURE).indices.items():
        # Part by part, in the table's order: what is added later cannot change a last digit.
        drawn[rows_of[figure]] = (moves[rows] * errors[parts[rows]]).sum(axis=0)
    return drawn


def _figures(observations: pd.DataFrame) -> pd.DataFrame:
    return observations.assign(reference=reference_of(observations))[FIGURE]


def _look_up(observations: pd.DataFrame, of_figure: pd.Series[float]) -> pd.Series[float]:
    asked = pd.MultiIndex.from_frame(_figures(observations))
    return pd.Series(of_figure.reindex(asked).to_numpy(), index=observations.index, dtype="float64")


def _stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put one table after the other; an empty one has no say in the columns' types."""
    full = [table for table in tables if len(table)]
    return pd.concat(full, ignore_index=True) if full else tables[-1]

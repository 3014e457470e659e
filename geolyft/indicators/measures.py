"""What is counted among which rows: a measure, as a run file says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, FiniteFloat, model_validator

from geolyft.errors import ConfigError, brief
from geolyft.form import Form
from geolyft.frames import EVERYONE, Floats, Sex
from geolyft.indicators.categories import among, name_of
from geolyft.indicators.selection import Selection, Where, selected


class Condition(Form):
    """Which values of one column count. An unknown value never does.

    Parameters
    ----------
    min, max
        Bounds of a number, both included. A class of ages counts where both its ends do.
    one_of
        Texts that count, compared as `geolyft.indicators.categories.named` has them: spaces
        around them, and how a number or truth value is stored (``1``, ``true``), do not matter.

    Examples
    --------
    >>> Condition(min=20, max=64).holds(pd.Series([19.0, 20.0, 64.0, float("nan")])).tolist()
    [False, True, True, False]
    >>> Condition(one_of=("1", "true")).holds(pd.Series([1, 2])).tolist()
    [True, False]
    """

    min: FiniteFloat | None = None
    max: FiniteFloat | None = None
    one_of: Annotated[tuple[str, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Condition:
        bounds = self.min is not None or self.max is not None
        if bounds == (self.one_of is not None):
            raise ValueError("give min and max, or one_of")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max, so that nothing counts")
        return self

    @property
    def numeric(self) -> bool:
        """Whether the column has to hold numbers."""
        return self.one_of is None

    def misses(self, low: float, high: float) -> bool:
        """Say whether no number from `low` up to, and not with, `high` counts.

        Examples
        --------
        >>> adults = Condition(min=20, max=64)
        >>> adults.misses(0, 20), adults.misses(60, 65), adults.misses(65, 99)
        (True, False, True)
        """
        least, most = self._bounds()
        return self.numeric and (most < low or least >= high)

    def holds_all(self, low: float, high: float) -> bool:
        """Say whether every whole number from `low` up to, and not with, `high` counts.

        Examples
        --------
        >>> adults = Condition(min=20, max=64)
        >>> adults.holds_all(30, 65), adults.holds_all(20, 66)
        (True, False)
        """
        least, most = self._bounds()
        return self.numeric and least <= low and high - 1 <= most

    def within(self, other: Condition) -> bool:
        """Say whether all that counts here counts there."""
        if self.one_of is not None and other.one_of is not None:
            return {*map(name_of, self.one_of)} <= {*map(name_of, other.one_of)}
        if self.one_of is not None or other.one_of is not None:
            return False
        (low, high), (least, most) = self._bounds(), other._bounds()
        return least <= low and high <= most

    def _bounds(self) -> tuple[float, float]:
        low = -float("inf") if self.min is None else self.min
        return low, float("inf") if self.max is None else self.max

    def holds(self, column: pd.Series, last: Floats | None = None) -> pd.Series[bool]:
        """Say for each row whether its value counts, or that from the value to the `last`.

        Raises
        ------
        ConfigError
            ``run-ages`` when a bound lies within what a row holds.
        """
        if self.one_of is not None:
            return among(column, self.one_of)
        low, high = self._bounds()
        if last is not None:
            refuse_cut(column, last, first_in=[low], last_in=[high])
        return column.between(low, high).fillna(False).astype(bool)


def lies_within(inner: Mapping[str, Condition], outer: Mapping[str, Condition]) -> bool:
    """Say whether whoever meets the inner conditions meets the outer ones too.

    Examples
    --------
    >>> adults = {"age": Condition(min=18)}
    >>> lies_within({"age": Condition(min=20, max=64)}, adults), lies_within({}, adults)
    (True, False)
    """
    return all(name in inner and inner[name].within(each) for name, each in outer.items())


def refuse_cut(
    first: pd.Series, last: Floats, *, first_in: Iterable[float], last_in: Iterable[float] = ()
) -> None:
    """Refuse bounds that part a class of ages: what begins with one, and what ends with one.

    Raises
    ------
    ConfigError
        ``run-ages``.
    """
    parted = [((first < age) & (age <= last)).any() for age in first_in]
    parted += [((first <= age) & (age < last)).any() for age in last_in]
    if any(parted):
        what = f"column {brief(first.name)} has a class of ages that a bound cuts"
        remedy = "set bounds where classes begin and end, or give ages in single years"
        raise ConfigError("run-ages", what, remedy=remedy)


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str | Mapping | Selection) else value


Unit = Literal["residents", "dwellings"]
"""What small areas that lie in two areas are parted by."""

Columns = Annotated[tuple[str | Selection, ...], Field(min_length=1)]


class Measure(Form):
    """How one indicator is counted in one source.

    In a table of totals either `numerator` and `denominator` name columns of counts (several
    columns are summed), or `share` names a column of shares and `denominator` its base; a share
    without its own counts is marked approximate. `unit` says what the shares are where their cells
    do not. Each is read from the rows that `where` names, and a column from those of its own
    `where` as well. `moved_by` says whose weights lead them to the areas. Among points, the rows
    that meet `among` are the denominator and those that also meet `counted` the numerator. Of a
    raster `statistic` is ``share_over`` with `limit`, or ``mean`` for cells that hold per cents,
    see `geolyft.zonal_statistics`.
    """

    indicator: str
    sex: Sex = EVERYONE
    reference: str | None = None
    numerator: Columns | None = None
    denominator: Columns | None = None
    share: str | None = None
    unit: Literal["fraction", "per cent"] | None = None
    where: Where = Field(default_factory=dict)
    complement: bool = False
    moved_by: Unit = "residents"
    among: dict[str, Condition] = Field(default_factory=dict)
    counted: dict[str, Condition] | None = None
    statistic: Literal["mean", "share_over"] | None = None
    limit: FiniteFloat | None = None

    @model_validator(mode="before")
    @classmethod
    def _single_columns(cls, fields: object) -> object:
        if not isinstance(fields, Mapping):
            return fields  # which the form then refuses
        named = ("numerator", "denominator")
        return {
            key: _one_or_more(value) if key in named else value for key, value in fields.items()
        }

    @model_validator(mode="after")
    def _is_countable(self) -> Measure:
        columns = (self.numerator, self.denominator, self.share)
        of_totals = columns != (None, None, None) or bool(self.where)
        of_points = self.counted is not None or bool(self.among)
        of_raster = self.statistic is not None or self.limit is not None
        whole = (
            (self.denominator is not None and (self.numerator is None) != (self.share is None))
            or self.counted is not None
            or (self.statistic is not None)
        )
        if [of_totals, of_points, of_raster].count(True) != 1 or not whole:
            raise ValueError(
                "give numerator and denominator, or share and denominator, or (points) counted, "
                "or (rasters) statistic"
            )
        if self.moved_by != "residents" and not of_totals:
            raise ValueError("moved_by is for totals only")
        if self.unit and not self.share:
            raise ValueError("unit is for share only")
        if of_raster and (self.limit is None) == (self.statistic == "share_over"):
            raise ValueError("statistic share_over needs limit, and mean takes none")
        return self

    @property
    def kind(self) -> Literal["totals", "points", "raster"]:
        """What it adds up: columns, rows or cells."""
        if self.statistic is not None:
            return "raster"
        return "totals" if self.counted is None else "points"

    @property
    def totals(self) -> tuple[str | Selection, ...]:
        """Columns of totals that are summed or divided, each as the run file has it."""
        share = (self.share,) if self.share else ()
        return (*(self.numerator or ()), *(self.denominator or ()), *share)

    @property
    def numbers(self) -> set[str]:
        """Columns that have to hold numbers."""
        conditions = [*self.among.items(), *(self.counted or {}).items()]
        numeric = {column for column, condition in conditions if condition.numeric}
        return numeric | {selected(each).column for each in self.totals}

    @property
    def columns(self) -> set[str]:
        """Every column the measure reads."""
        chosen = {column for each in self.totals for column in selected(each).where}
        return self.numbers | chosen | {*self.where, *self.among, *(self.counted or {})}


def counts_of_totals(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return numerator and denominator per row of a table of totals.

    A row where either is missing is missing in both, so that no share is of unlike parts.

    Parameters
    ----------
    table
        A column for each of `Measure.totals`, called as its text.

    Examples
    --------
    >>> measure = Measure(indicator="E3", share="low", denominator="n", complement=True)
    >>> counts_of_totals(pd.DataFrame({"low": [20.0], "n": [50.0]}), measure).values.tolist()
    [[40.0, 50.0]]
    """

    def summed(columns: Columns | None) -> pd.Series[float]:
        return table[[str(each) for each in columns or ()]].sum(axis=1, skipna=False)

    denominator = summed(measure.denominator)
    if measure.share is not None:
        share = table[measure.share] if measure.unit == "fraction" else table[measure.share] / 100
        numerator = share * denominator
    else:
        numerator = summed(measure.numerator)
    if measure.complement:
        numerator = denominator - numerator
    counts = pd.DataFrame({"numerator": numerator, "denominator": denominator})
    return counts.mask(counts.isna().any(axis=1))


def rows_that_meet(
    rows: pd.DataFrame,
    conditions: Mapping[str, Condition],
    last: Mapping[str, Floats] = MappingProxyType({}),
) -> pd.Series[bool]:
    """Say for each row whether it meets every condition.

    Parameters
    ----------
    last
        Of columns that hold classes of ages, their last, see `geolyft.read.Points`.

    Raises
    ------
    ConfigError
        ``run-ages``.

    Examples
    --------
    >>> people = pd.DataFrame({"age": [10, 30]})
    >>> rows_that_meet(people, {"age": Condition(min=20)}).tolist()
    [False, True]
    """
    meets = pd.Series(True, index=rows.index)
    for column, condition in conditions.items():
        meets &= condition.holds(rows[column], last.get(column))
    return meets

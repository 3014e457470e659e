"""What is counted among which rows: a measure, as a run file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, FiniteFloat, model_validator

from geolyft.form import Form
from geolyft.frames import EVERYONE, Sex
from geolyft.indicators.selection import Selection, Where, selected


class Condition(Form):
    """Which values of one column count. An unknown value never does.

    Parameters
    ----------
    min, max
        Bounds of a number, both included.
    one_of
        Texts that count; numbers and truth values are compared by their text (``1``, ``true``).

    Examples
    --------
    >>> Condition(min=20, max=64).holds(pd.Series([19.0, 20.0, 64.0, float("nan")])).tolist()
    [False, True, True, False]
    >>> Condition(one_of=("1", "true")).holds(pd.Series([1, 2])).tolist()
    [True, False]
    """

    min: FiniteFloat | None = None
    max: FiniteFloat | None = None
    one_of: tuple[str, ...] | None = None

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

    def holds(self, column: pd.Series) -> pd.Series[bool]:
        """Say for each row whether its value counts."""
        if self.one_of is not None:
            if not pd.api.types.is_numeric_dtype(column):
                return _as_text(column).isin(self.one_of)
            # Of numbers and truth values each is turned into text once, not in every row.
            met = pd.Series(column.dropna().unique())
            return column.isin(met[_as_text(met).isin(self.one_of)]).astype(bool)
        low = -float("inf") if self.min is None else self.min
        high = float("inf") if self.max is None else self.max
        return column.between(low, high).fillna(False).astype(bool)


def _as_text(column: pd.Series) -> pd.Series[str]:
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    if pd.api.types.is_float_dtype(column):
        # A whole number read as float, because others are unknown, is still that number.
        return column.map(lambda value: f"{value:g}", na_action="ignore")
    return column.astype("str")


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str | Mapping | Selection) else value


Columns = Annotated[tuple[str | Selection, ...], Field(min_length=1)]


class Measure(Form):
    """How one indicator is counted in one source.

    In a table of totals either `numerator` and `denominator` name columns of counts (several
    columns are summed), or `share` names a column of shares and `denominator` its base; a share
    without its own counts is marked approximate. `unit` says what the shares are where their cells
    do not. Each is read from the rows that `where` names, and a column from those of its own
    `where` as well. Among points, the rows that meet `among` are the
    denominator and those that also meet `counted` the numerator. Of a raster `statistic` is
    ``share_over`` with `limit`, or ``mean`` for cells that hold per cents, see
    `geolyft.zonal_statistics`.
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
        conditions = {**self.among, **(self.counted or {})}
        numeric = {column for column, condition in conditions.items() if condition.numeric}
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


def rows_that_meet(rows: pd.DataFrame, conditions: Mapping[str, Condition]) -> pd.Series[bool]:
    """Say for each row whether it meets every condition.

    Examples
    --------
    >>> people = pd.DataFrame({"age": [10, 30]})
    >>> rows_that_meet(people, {"age": Condition(min=20)}).tolist()
    [False, True]
    """
    meets = pd.Series(True, index=rows.index)
    for column, condition in conditions.items():
        meets &= condition.holds(rows[column])
    return meets

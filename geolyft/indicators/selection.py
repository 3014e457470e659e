"""Which rows of a table of totals a count is read from: a column, and values of other columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from geolyft.errors import ConfigError, brief, nearest
from geolyft.form import Form
from geolyft.indicators.categories import name_of, named
from geolyft.read.values.ages import OPEN, age_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_MOST_LISTED: Final = 8


class AgeSpan(Form):
    """Ages in years, both bounds included, of a column that holds classes of ages.

    Parameters
    ----------
    min, max
        Without `min` from 0, without `max` upwards.

    Examples
    --------
    >>> AgeSpan(min=20).picks(["0-19", "20-64", "65+", "totalt"])
    ['20-64', '65+']
    """

    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> AgeSpan:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        if self.max is not None and self.max < (self.min or 0):
            raise ValueError("min is above max, so that nothing counts")
        return self

    def picks(self, texts: Iterable[str], *, column: str = "age", where: str = "") -> list[str]:
        """Return the classes that lie inside, if they are all of it and nothing twice.

        Raises
        ------
        ConfigError
            ``run-where`` when a class is cut, two overlap, or ages have no class.
        """
        low, high = self.min or 0, OPEN if self.max is None else self.max
        classes = {text: span for text in texts if (span := age_class(text)) is not None}
        met = {t: s for t, s in classes.items() if s[0] <= high and s[1] >= low}
        reached = low - 1.0
        for text, (first, last) in sorted(met.items(), key=lambda item: item[1]):
            if first < low or last > high:
                raise _unfit(column, f"class {brief(text)} is cut by the bounds", where)
            if first <= reached:
                raise _unfit(column, f"class {brief(text)} overlaps another one", where)
            if first > reached + 1:
                break
            reached = last
        if reached != high:
            raise _unfit(column, f"there is no class for the age {int(reached) + 1}", where)
        return list(met)


def _texts(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), Field(min_length=1)]
Where = dict[str, Texts | AgeSpan]
"""Column and its values that count: texts, or a span of ages."""


class Selection(Form):
    """A column of totals, read from the rows that hold certain values in other columns.

    Examples
    --------
    >>> str(Selection(column="value", where={"Tenure": ["2", "3"]}))
    'value (Tenure: 2, 3)'
    """

    column: str
    where: Where = Field(default_factory=dict)

    def __str__(self) -> str:
        """Name the column and the values, for messages."""
        said = "; ".join(f"{name}: {_said(values)}" for name, values in self.where.items())
        return f"{self.column} ({said})" if said else self.column


def _said(values: tuple[str, ...] | AgeSpan) -> str:
    if isinstance(values, tuple):
        return ", ".join(values)
    return f"{values.min or 0}-{'' if values.max is None else values.max}"


def selected(element: str | Selection) -> Selection:
    """Return a column's name as a selection of every row."""
    return Selection(column=element) if isinstance(element, str) else element


Labels = Mapping[str, Mapping[str, str]]
"""Of columns that hold codes: the label of each."""


def rows_where(
    table: pd.DataFrame,
    wheres: Sequence[Where],
    *,
    labels: Labels = MappingProxyType({}),
    where: str = "",
) -> pd.Series[bool]:
    """Say for each row whether it holds the values of every one of several `where`.

    Texts are compared as `geolyft.indicators.categories.named` has them, with codes and, where none
    is meant, with labels; ages with labels that are ages.

    Raises
    ------
    ConfigError
        ``run-where`` when a text stands nowhere in its column, or nowhere where the narrower
        conditions are met, when ages do not fit, or when no row meets all of it.

    Examples
    --------
    >>> table = pd.DataFrame({"tenure": ["rented", "owned "], "year": [2024, 2024]})
    >>> rows_where(table, [{"tenure": ("owned",)}, {"year": ("2024",)}]).tolist()
    [False, True]
    """
    meets = pd.Series(True, index=table.index)
    asked = [(column, wanted) for each in wheres for column, wanted in each.items()]
    # The narrowest first: what a column holds in the rows of other years is not there to be summed.
    for column, wanted in sorted(asked, key=_breadth):
        codes, values = pd.factorize(table[column])
        texts = named(pd.Series(values))
        present = texts.iloc[np.unique(codes[meets & (codes >= 0)])]
        beside = "" if meets.all() else " where the narrower conditions are met"
        values_of = _Values.of(column, present, labels, where=where)
        met = texts.isin(values_of.picked(wanted, beside)).to_numpy()
        meets &= (codes >= 0) & met[codes]
    if len(table) and not meets.any():
        what = "no row holds all that where asks for at once"
        raise ConfigError(
            "run-where", what, remedy="ask for values that occur together", where=where
        )
    return meets


def _breadth(condition: tuple[str, tuple[str, ...] | AgeSpan]) -> float:
    return len(condition[1]) if isinstance(condition[1], tuple) else OPEN


def unread_classes(
    table: pd.DataFrame, wheres: Iterable[Where], labels: Labels = MappingProxyType({})
) -> list[str]:
    """Return the texts that are no ages in columns of which a span of ages is read."""
    columns = {c for each in wheres for c, wanted in each.items() if isinstance(wanted, AgeSpan)}
    every = (_Values.of(c, named(pd.Series(table[c].dropna().unique())), labels) for c in columns)
    return sorted({text for each in every for text in each.ages() if age_class(text) is None})


@dataclass(frozen=True)
class _Values:
    """What a column holds: each value with its label, or itself where it has none."""

    column: str
    label_of: Mapping[str, str]
    where: str

    @classmethod
    def of(cls, column: str, texts: Iterable[str], labels: Labels, *, where: str = "") -> _Values:
        known = {name_of(code): name_of(each) for code, each in labels.get(column, {}).items()}
        return cls(column, {text: known.get(text, text) for text in texts}, where)

    def ages(self) -> list[str]:
        """Return the labels where any is of ages, or the values."""
        labels = list(self.label_of.values())
        return labels if any(map(age_class, labels)) else list(self.label_of)

    def picked(self, wanted: tuple[str, ...] | AgeSpan, beside: str) -> list[str]:
        """Return the values that are meant; `beside` says of which rows they are."""
        if isinstance(wanted, AgeSpan):
            ages = self.ages()
            met = set(wanted.picks(ages, column=self.column, where=self.where))
            return [value for value, age in zip(self.label_of, ages, strict=True) if age in met]
        return [value for text in wanted for value in self._meant(name_of(text), beside)]

    def _meant(self, text: str, beside: str) -> list[str]:
        labelled = [value for value, label in self.label_of.items() if label == text]
        if text in self.label_of or labelled:
            return [text] if text in self.label_of else labelled
        what = f"column {brief(self.column)} never holds {brief(text)}{beside}"
        what += nearest(text, [*self.label_of, *self.label_of.values()])
        both = [
            value if value == label else f"{value} {label}"
            for value, label in self.label_of.items()
        ]
        remedy = f"name values of the column in where: {listed(both)}"
        raise ConfigError("run-where", what, remedy=remedy, where=self.where)


def listed(texts: Sequence[str], said: Callable[[str], str] = brief) -> str:
    """Return the first few of some texts, cut short or as they may be `said`."""
    more = f" and {len(texts) - _MOST_LISTED} more" if len(texts) > _MOST_LISTED else ""
    return ", ".join(said(text) for text in texts[:_MOST_LISTED]) + more


def _unfit(column: str, problem: str, where: str) -> ConfigError:
    remedy = "set min and max where classes begin and end, or list the texts of the classes"
    return ConfigError(
        "run-where", f"column {brief(column)}: {problem}", remedy=remedy, where=where
    )

"""Which rows of a table of totals a count is read from: a column, and values of other columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from geolyft.errors import ConfigError, brief
from geolyft.form import Form
from geolyft.indicators.categories import named
from geolyft.read.understand.files import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OPEN: Final = float("inf")
_MOST_LISTED: Final = 8
_YEARS: Final = re.compile(
    r"(?P<low>\d{1,3})?(?:\s?[-–]\s?(?P<high>\d{1,3}|w)?|(?P<open>\s?\+))?"
    r"(?: år)?(?P<older> (?:och|eller) äldre)?",
    re.IGNORECASE,
)


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
        low, high = self.min or 0, _OPEN if self.max is None else self.max
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


def age_class(text: str) -> tuple[int, float] | None:
    """Return the first and the last age of a class, or nothing where a text is none.

    Examples
    --------
    >>> [age_class(text) for text in ("20", "20-24 år", "100+", "-4", "totalt")]
    [(20, 20), (20, 24), (100, inf), (0, 4), None]
    """
    found = _YEARS.fullmatch(text)
    if found is None or not (found["low"] or found["high"]):
        return None
    low = int(found["low"] or 0)
    closed = found["high"] if (found["high"] or "").isdecimal() else None
    if closed is not None:
        return (low, int(closed)) if int(closed) >= low else None
    is_single = text.lower().removesuffix(" år").isdecimal()
    return (low, low) if is_single else (low, _OPEN)


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


def rows_where(table: pd.DataFrame, wheres: Sequence[Where], *, where: str = "") -> pd.Series[bool]:
    """Say for each row whether it holds the values of every one of several `where`.

    Texts are compared as `geolyft.indicators.categories.named` has them.

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
        met = texts.isin(_picked(column, present, wanted, where, beside)).to_numpy()
        meets &= (codes >= 0) & met[codes]
    if len(table) and not meets.any():
        what = "no row holds all that where asks for at once"
        raise ConfigError(
            "run-where", what, remedy="ask for values that occur together", where=where
        )
    return meets


def _breadth(condition: tuple[str, tuple[str, ...] | AgeSpan]) -> float:
    return len(condition[1]) if isinstance(condition[1], tuple) else _OPEN


def unread_classes(table: pd.DataFrame, wheres: Iterable[Where]) -> list[str]:
    """Return the texts that are no ages in columns of which a span of ages is read."""
    columns = {c for each in wheres for c, wanted in each.items() if isinstance(wanted, AgeSpan)}
    texts = (text for c in columns for text in named(pd.Series(table[c].dropna().unique())))
    return sorted({text for text in texts if age_class(text) is None})


def _picked(
    column: str, texts: pd.Series[str], wanted: tuple[str, ...] | AgeSpan, where: str, beside: str
) -> list[str]:
    present = list(dict.fromkeys(texts))
    if isinstance(wanted, AgeSpan):
        return wanted.picks(present, column=column, where=where)
    asked = named(pd.Series(wanted, dtype="str")).tolist()
    for text in asked:
        if text not in present:
            what = f"column {brief(column)} never holds {brief(text)}{beside}"
            what += nearest(text, present)
            remedy = f"name values of the column in where: {listed(present)}"
            raise ConfigError("run-where", what, remedy=remedy, where=where)
    return asked


def listed(texts: Sequence[str]) -> str:
    """Return the first few of some texts, cut short."""
    more = f" and {len(texts) - _MOST_LISTED} more" if len(texts) > _MOST_LISTED else ""
    return ", ".join(brief(text) for text in texts[:_MOST_LISTED]) + more


def _unfit(column: str, problem: str, where: str) -> ConfigError:
    remedy = "set min and max where classes begin and end, or list the texts of the classes"
    return ConfigError(
        "run-where", f"column {brief(column)}: {problem}", remedy=remedy, where=where
    )

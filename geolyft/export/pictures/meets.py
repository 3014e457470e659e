"""What the rules of a theme say of the rows of its layer."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from geolyft.export.figures.classes import DECIMALS
from geolyft.export.figures.rules import AllOf, AnyOf, Between, Empty, Has, Holds, Not
from geolyft.frames import has_status

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.figures.rules import Test


def meets(test: Test, frame: pd.DataFrame) -> pd.Series[bool]:
    """Say of each row whether it meets a test.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"index": [84.96, 96.0, None], "status": ["ok", "ok", "hidden"]})
    >>> meets(Between("index", 85.0, 95.0), frame).tolist()
    [True, False, False]
    >>> meets(AllOf((Empty("index"), Has("status", "hidden"))), frame).tolist()
    [False, False, True]
    """
    match test:
        case Between(column, low, high):
            met = _between(frame[column], low, high)
        case Empty(column):
            met = frame[column].isna()
        case Has(column, part):
            met = has_status(frame[column].fillna("").astype(str), part)
        case Holds(column):
            met = frame[column].astype("boolean").fillna(value=False).astype(bool)
        case Not(inner):
            met = ~meets(inner, frame)
        case AllOf(tests):
            met = reduce(and_, (meets(each, frame) for each in tests))
        case AnyOf(tests):
            met = reduce(or_, (meets(each, frame) for each in tests))
    return met


def _between(values: pd.Series[float], low: float | None, high: float | None) -> pd.Series[bool]:
    # Classed as it is shown, and rounded as it is when it is shown.
    rounded = values.astype("float64").map(lambda value: round(value, DECIMALS))
    inside = rounded.notna()
    if low is not None:
        inside &= rounded >= low
    if high is not None:
        inside &= rounded < high
    return inside

"""Codes that a file keeps as numbers or truth values, as the text they are in every other file."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

import numpy as np
import pandas as pd

# What programs write of whole numbers in a column that has empty cells too.
_ZERO_DECIMALS: Final = r"([+-]?[0-9]+)[.,]0+"


def as_codes(column: pd.Series) -> pd.Series[str]:
    """Return the texts of a column of any type; what is missing stays so.

    Whole numbers are written with all of their digits and no decimals, also where every text of the
    column is a whole number with the decimal zero that programs add.

    Examples
    --------
    >>> as_codes(pd.Series([12800101.0, None])).tolist()
    ['12800101', nan]
    >>> as_codes(pd.Series(["12800101.0", ""])).tolist()
    ['12800101', '']
    >>> as_codes(pd.Series(["1.0", "2.5"])).tolist()
    ['1.0', '2.5']
    """
    if not isinstance(column.dtype, pd.StringDtype):
        texts = {value: text_of(value) for value in column.dropna().unique().tolist()}
        return column.map(texts, na_action="ignore").astype("str")
    filled = column[column.fillna("").str.strip() != ""]
    # The first text nearly always tells.
    if filled.empty or not re.fullmatch(_ZERO_DECIMALS, filled.iloc[0]):
        return column
    whole = filled.str.fullmatch(_ZERO_DECIMALS).all()
    return column.str.replace(_ZERO_DECIMALS, r"\1", regex=True) if whole else column


def text_of(value: object) -> str:
    """Return the text of one value that is not missing.

    Examples
    --------
    >>> [text_of(value) for value in (1280.0, 1e22, 0.5, True, "0180")]
    ['1280', '10000000000000000000000', '0.5', 'true', '0180']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and value % 1 == 0:
        return str(int(value))
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")  # never with an exponent
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)

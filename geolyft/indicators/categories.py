"""Categories as a run file names them, whatever type the file that holds them has stored."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.read.values.codes import text_of
from geolyft.read.values.folded import folded_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

# A code with a leading zero is no number, 1,000 may be a thousand, and 10.10 is not 10.1.
_WHOLE: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.0+|,00?)")


@lru_cache(maxsize=1024)
def name_of(text: str) -> str:
    """Return a text as it is compared: see `named`.

    Examples
    --------
    >>> [name_of(text) for text in ("1.0", "01", "TRUE", " Ja ")]
    ['1', '01', 'true', 'Ja']
    """
    name = folded_text(text)
    if name.lower() in {"true", "false"}:
        return name.lower()
    whole = _WHOLE.fullmatch(name)
    return whole[1] if whole else name


def named(values: pd.Series) -> pd.Series[str]:
    """Return values as the texts by which they are compared.

    Whole numbers have no decimals and no exponent, truth values are ``true`` and ``false``, and
    texts are as `geolyft.read.values.folded.folded_text` has them. Case is kept, and what is
    missing stays so.

    Examples
    --------
    >>> named(pd.Series([12800101.0, 0.5, None])).tolist()
    ['12800101', '0.5', nan]
    >>> named(pd.Series([True, False])).tolist()
    ['true', 'false']
    """
    return values.map(lambda value: name_of(text_of(value)), na_action="ignore").astype("str")


def categories_of(column: pd.Series) -> pd.Series:
    """Return a column as categories, each distinct value named once; an unknown one is in none.

    Examples
    --------
    >>> categories_of(pd.Series([1.0, 2.0, None, 1.0])).tolist()
    ['1', '2', nan, '1']
    """
    codes, known = _distinct(column)
    # Two values may have one name, such as "1" and "1.0".
    names, texts = pd.factorize(known)
    of_row = np.append(names, -1)[codes]
    return pd.Series(pd.Categorical.from_codes(of_row, pd.Index(texts)), column.index)


def among(column: pd.Series, texts: Collection[str]) -> pd.Series[bool]:
    """Say for each row whether its value is named by one of the texts.

    Examples
    --------
    >>> among(pd.Series([1.0, None]), ["1"]).tolist()
    [True, False]
    """
    (codes, known), wanted = _distinct(column), {name_of(text) for text in texts}
    counts = [name in wanted for name in known]
    return pd.Series(np.array([*counts, False])[codes], column.index)


def _distinct(column: pd.Series) -> tuple[NDArray[np.integer], pd.Series[str]]:
    """Return each row's place among the distinct values, -1 for none, and their names."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, values = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, values = pd.factorize(column)
    return codes, named(pd.Series(values))

"""Errors that are drawn by what they are of: what is added later does not move them."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geolyft.frames import Floats

_APART: Final = "\x1f"
"""Between two texts of a key; a control character, which no code or name has in it."""


def keyed_errors(keys: pd.DataFrame, draws: int, seed: int) -> Floats:
    """Draw standard normal errors, each row's by what stands in it and by nothing else.

    The same row, under the same names of columns, has the same errors in every table; another row
    or other names have independent ones. The order of columns does not matter.

    Parameters
    ----------
    keys
        Text columns that say what each error is of, such as area, indicator and reference year.

    Returns
    -------
    numpy.ndarray
        A row for each row of `keys`, a column for each draw.

    Examples
    --------
    >>> keys = pd.DataFrame({"area": ["1", "2", "1"], "indicator": "E1"})
    >>> first, second, third = keyed_errors(keys, 4, seed=2030)
    >>> (first == third).all(), (first == second).any()
    (np.True_, np.False_)
    >>> (keyed_errors(keys.iloc[1:], 4, seed=2030)[0] == second).all()
    np.True_
    """
    names = sorted(str(name) for name in keys.columns)
    texts = [
        _APART.join(row) for row in zip(*(keys[name].astype("str") for name in names), strict=True)
    ]
    places, distinct = pd.factorize(pd.Index(texts, dtype="str"))
    errors = np.empty((len(distinct), draws))
    # One generator that is set to each key: to make one for each takes ten times as long.
    source = np.random.Philox(0)
    generator, state = np.random.Generator(source), source.state
    for row, text in zip(errors, distinct, strict=True):
        said = _APART.join([str(seed), *names, text]).encode()
        state["state"]["key"] = np.frombuffer(blake2b(said, digest_size=16).digest(), dtype="<u8")
        source.state = state
        generator.standard_normal(out=row)
    chosen: Floats = errors[places]
    return chosen

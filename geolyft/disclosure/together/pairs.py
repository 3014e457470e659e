"""How many persons are in two figures at once, by their answers, as far as it may be known.

What figures of the same people have in common is told from these counts of the whole city. They
are protected as any other count before anything is computed from them, and are in no output
themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.disclosure.protect import round_counts

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.disclosure.protect import Protection

PAIR: Final = ["source", "indicator", "reference", "other", "other_reference"]
"""Two figures of a source: an indicator in a reference year, and another of either."""
CELLS: Final = ["both", "first", "second", "neither"]
"""Persons in both bases: counted in both numerators, in one, in the other, in none."""


def no_pairs() -> pd.DataFrame:
    """Return joint counts of no figures."""
    kinds = {**dict.fromkeys(PAIR, "str"), **dict.fromkeys(CELLS, "float64")}
    return pd.DataFrame(columns=[*PAIR, *CELLS]).astype(kinds)


def protect_pairs(
    pairs: pd.DataFrame, protection: Protection, *, exempt: Collection[str] = ()
) -> pd.DataFrame:
    """Return joint counts that later stages may see.

    A pair of which any cell is below the threshold has none of them; the others are rounded.

    Parameters
    ----------
    pairs
        ``PAIR`` and ``CELLS``.
    exempt
        Names of sources whose publisher has already protected them.

    Returns
    -------
    pandas.DataFrame
        The same, and ``common``: how many persons are in both bases at most. Where these are fewer
        than the threshold it is the threshold, and missing where another cell hides them.

    Examples
    --------
    >>> from geolyft.disclosure.protect import Protection
    >>> pairs = pd.DataFrame({"source": "s", "both": [52.0, 3.0, 40.0], "first": [31.0, 2.0, 30.0],
    ...                       "second": [18.0, 0.0, 8.0], "neither": [12.0, 1.0, 99.0]})
    >>> protect_pairs(pairs, Protection())[[*CELLS, "common"]].values.tolist()[:2]
    [[50.0, 30.0, 20.0, 10.0, 110.0], [nan, nan, nan, nan, 10.0]]
    """
    is_open = ~pairs["source"].isin(list(exempt))
    cells = pairs[CELLS]
    small = is_open & (cells < protection.threshold).any(axis=1)
    few = is_open & (cells.sum(axis=1) < protection.threshold)
    rounded = cells.apply(round_counts, base=protection.base)
    shown = rounded.where(is_open, cells).mask(small)
    common = shown.sum(axis=1, skipna=False).mask(few, protection.threshold)
    return pairs.assign(**{name: shown[name] for name in CELLS}, common=common)

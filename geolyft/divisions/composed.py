"""A crosswalk made of another: what areas made of others take from them, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

CERTAINTIES: Final = ("exact", "high", "medium", "low")
"""From the surest to the least sure."""


def combine_sources(
    table: pd.DataFrame, groups: Mapping[str, str], amounts: Mapping[str, pd.Series[float]]
) -> pd.DataFrame:
    """Lead groups of sources to the targets with the weights of their parts.

    Parameters
    ----------
    table
        A crosswalk's: ``source, target, weight``, and what it has of ``error``, ``certainty`` and
        the same for dwellings.
    groups
        Which group each source is part of.
    amounts
        How much each source has of what the weights are of: ``weight`` of residents, and
        ``weight_dwellings`` if the table has it.

    Returns
    -------
    pandas.DataFrame
        ``source`` (the group), ``target``, each weight with its error, ``certainty``. Errors of
        the parts are independent. The group is as sure as its least sure part.

    Examples
    --------
    >>> parts = pd.DataFrame({"source": ["a", "b", "b"], "target": ["1", "1", "2"],
    ...                       "weight": [1.0, 0.5, 0.5], "error": [0.0, 0.2, 0.2],
    ...                       "certainty": ["high", "low", "low"]})
    >>> people = {"weight": pd.Series({"a": 30.0, "b": 10.0})}
    >>> combine_sources(parts, {"a": "g", "b": "g"}, people).values.tolist()
    [['g', '1', 0.875, 0.05, 'low'], ['g', '2', 0.125, 0.05, 'low']]
    """
    group = table["source"].map(groups)
    key = [group.rename("source"), table["target"]]
    weights, errors = {}, {}
    for weight, amount in amounts.items():
        share = table["source"].map(_shares(amount, groups))
        weights[weight] = (share * table[weight]).groupby(key).sum()
        error = error_name(weight)
        if error in table:
            errors[error] = np.sqrt(((share * table[error]) ** 2).groupby(key).sum())
    combined = pd.DataFrame({**weights, **errors})
    combined = combined[(combined[list(amounts)] > 0).any(axis=1)].reset_index()
    if "certainty" in table:
        combined["certainty"] = combined["source"].map(least_sure(table["certainty"], group))
    return combined


def error_name(weight: str) -> str:
    """Return the column that says how far a weight can be off.

    Examples
    --------
    >>> error_name("weight_dwellings")
    'error_dwellings'
    """
    return weight.replace("weight", "error", 1)


def least_sure(certainty: pd.Series[str], group: pd.Series[str]) -> pd.Series[str]:
    """Return the least sure of each group's parts.

    Examples
    --------
    >>> least_sure(pd.Series(["high", "low"]), pd.Series(["g", "g"]))["g"]
    'low'
    """
    worst = certainty.map(CERTAINTIES.index).groupby(group).max()
    return worst.map(dict(enumerate(CERTAINTIES)))


def _shares(amount: pd.Series[float], groups: Mapping[str, str]) -> pd.Series[float]:
    """Return each source's share of its group; all alike where a group has nothing."""
    group = pd.Series(dict(groups))
    known = amount.reindex(group.index)
    empty = known.groupby(group).transform("sum") == 0
    known = known.mask(empty, 1.0)
    return known / known.groupby(group).transform("sum")

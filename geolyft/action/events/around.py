"""Where more events lie together than chance gives: classes of areas, and no figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geolyft.action.events.local import gi_star, local_moran, neighbour_matrix, p_of_neighbours
from geolyft.certainty.many import benjamini_hochberg
from geolyft.frames import CITY, EVERYONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.frames import Floats

HOT: Final = "fler än väntat, här och runt omkring"
ALONE_HIGH: Final = "färre än väntat runt omkring, men inte här"
CHANCE: Final = "inte mer än slumpen ger"
ALONE_LOW: Final = "fler än väntat runt omkring, men inte här"
COLD: Final = "färre än väntat, här och runt omkring"
UNKNOWN: Final = "går inte att säga"
CLASSES: Final = {HOT: 2, ALONE_HIGH: 1, CHANCE: 0, ALONE_LOW: -1, COLD: -2}
"""What each class is coloured by."""
LEAST_RESIDENTS_INSIDE: Final = 500
"""A small area with fewer has no rate, as a harbour among the areas has none."""
_FEWEST: Final = 10
"""Among fewer areas nothing is surely together."""


def latest_counts(counts: pd.DataFrame) -> pd.Series[float]:
    """Return how many events each area has, of all types and times, in the latest period.

    Parameters
    ----------
    counts
        What `geolyft.disclosure.own_rules.events.publish_events` returns.
    """
    of_all = counts[(counts["kind"] == EVERYONE) & (counts["band"] == EVERYONE)]
    last = of_all[(of_all["period"] == of_all["period"].max()) & (of_all["area"] != CITY)]
    by_area: pd.Series[float] = last.set_index("area")["count"]
    return by_area


def around(
    counts: pd.Series[float],
    residents: pd.Series[float],
    neighbours: Mapping[str, Sequence[str]],
    *,
    least: float,
) -> pd.DataFrame:
    """Return what may be said of the events in and around each area.

    Parameters
    ----------
    counts
        Published events by area, missing where hidden.
    residents
        Published residents by area.
    neighbours
        Codes of the areas around each.
    least
        Residents from which a rate is made.

    Returns
    -------
    pandas.DataFrame
        ``area``; ``runtom``, the class in words; ``klass``, its number in `CLASSES`, missing where
        nothing can be said. An area is told from chance when its p holds among all areas asked at
        once (Benjamini-Hochberg, 5 per cent). Gi* then says which way, and the local I whether the
        area itself goes along with those around it.

    Examples
    --------
    >>> codes, steps = [str(n) for n in range(40)], (-3, -2, -1, 1, 2, 3)
    >>> line = {code: [str(int(code) + step) for step in steps] for code in codes}
    >>> counts = pd.Series([*[90.0] * 8, *[10.0, 15.0] * 16], codes)
    >>> seen = around(counts, pd.Series(1000.0, codes), line, least=500)
    >>> seen["runtom"].value_counts().to_dict()
    {'inte mer än slumpen ger': 35, 'fler än väntat, här och runt omkring': 5}
    """
    lives = residents.reindex(counts.index).astype("float64")
    rate = (counts / lives).where(lives >= least)
    known = rate[rate.notna()]
    words = pd.Series(UNKNOWN, index=counts.index)
    if len(known) >= _FEWEST and known.max() > known.min():
        near = neighbour_matrix(neighbours, [str(code) for code in known.index])
        words[known.index] = _classes(known, near)
    number = words.map(CLASSES).astype("Int64")
    return pd.DataFrame({"area": counts.index, "runtom": words, "klass": number})


def _classes(rate: pd.Series[float], near: Floats) -> np.ndarray:
    values: Floats = np.asarray(rate, dtype=np.float64)
    p = p_of_neighbours(values, near)
    sure = benjamini_hochberg(p)
    together, high = local_moran(values, near) > 0, gi_star(values, near) > 0
    is_above = values > values.mean()
    return np.select(
        [np.isnan(p), ~sure, together & high, together, is_above],
        [UNKNOWN, CHANCE, HOT, COLD, ALONE_HIGH],
        ALONE_LOW,
    )

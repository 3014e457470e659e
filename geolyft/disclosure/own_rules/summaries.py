"""Medians and means of an area's persons: none of a few, and none finer than it has to be.

They are no counts, and no audit knows them. So they are of twice as many persons as a count has to
be, and rounded so that one person more or less is rarely seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geolyft.disclosure.raw import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geolyft.disclosure.protect import Protection
    from geolyft.disclosure.raw import Raw


def protect_summaries(
    raw: Raw[pd.DataFrame], steps: Mapping[str, float], protection: Protection, *, exempt: bool
) -> pd.DataFrame:
    """Return summaries that may be published.

    Parameters
    ----------
    raw
        A row for each area, with ``users``, how many it is of, and a column for each summary.
    steps
        What each is rounded to a multiple of, where nobody has protected the persons.

    Examples
    --------
    >>> import pandas as pd
    >>> from geolyft.disclosure.protect import Protection
    >>> from geolyft.disclosure.raw import Raw
    >>> raw = Raw(pd.DataFrame({"users": [19.0, 20.0], "median": [212.0, 230.0]}))
    >>> protect_summaries(raw, {"median": 50}, Protection(), exempt=False)["median"].tolist()
    [nan, 250.0]
    """
    held = opened(raw)
    table = held[list(steps)].replace([np.inf, -np.inf], np.nan)
    if exempt:
        return table
    enough = held["users"] >= 2 * protection.threshold
    rounded = {name: (table[name] / step).round() * step for name, step in steps.items()}
    return table.assign(**rounded).where(enough, axis="index")

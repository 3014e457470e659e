"""A publication in code of which much is sure: ways to compute, women and men, pockets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.publication import Publication


def with_findings(made: Publication) -> Publication:
    """The same with pockets, women and men, children, and ways to compute, in every period."""
    inner, codes = made.inner[0], list(made.catalogue.codes)
    small = list(inner.areas.index)
    pockets = pd.DataFrame(
        [
            (area, small[2 * n], period, what, "deso2025", (n + m) % 2 == 0)
            for period in made.periods
            for n, area in enumerate(made.areas.index)
            for m, what in enumerate(("E1", "E2", "ekonomi"))
        ],
        columns=["area", "small", "period", "what", "level", "sure"],
    )
    sexes = pd.DataFrame(
        [
            (area, period, code, 60.0 + n, 58.0, 2.0 + n, n % 3 == m % 3)
            for period in made.periods
            for n, area in enumerate([CITY, *made.areas.index])
            for m, code in enumerate(codes)
        ],
        columns=["area", "period", "indicator", "first", "second", "gap", "exceeds"],
    )
    shares = (1.0, 0.9034, 0.8999, 0.2, 1.0, 0.0)
    ways = pd.DataFrame(
        [
            (area, period, share, 3, 1305)
            for period in made.periods
            for area, share in zip(made.areas.index, shares, strict=True)
        ],
        columns=["area", "period", "share_among_lowest", "lowest", "n_variants"],
    )
    places = [*made.areas.index, CITY]
    people = pd.DataFrame(
        [(a, p, 4000.0 * (7 if a == CITY else 1), 500.0 + 100 * n)
         for p in made.periods for n, a in enumerate(places)],
        columns=["area", "period", "population", "children"],
    )  # fmt: skip
    homes = pd.DataFrame(
        [
            (area, period, code, 500.0 + 100 * n, 123.0 + 40 * n, 1 / 6)
            for period in made.periods
            for n, area in enumerate(made.areas.index)
            for code in ("E1", "E3", "B2")
        ],
        columns=["area", "period", "indicator", "children", "exposed", "share"],
    )
    more = {
        "befolkning": people,
        "barn": homes,
        "fickor": pockets,
        "kon_skillnad": sexes,
        "robusthet": ways,
    }
    return replace(made, tables={**made.tables, **more})

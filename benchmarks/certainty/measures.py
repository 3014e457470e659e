"""How often intervals hold the truth, and how often nothing is called something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from worlds import BASE_YEAR, World

from geolyft.certainty.draws import draw_scores, percentiles, summarise_draws
from geolyft.certainty.errors.correlation import INDEPENDENT, Correlation, SamePeople
from geolyft.certainty.errors.counted import counted_correlations, no_correlations
from geolyft.disclosure.protect import Protection
from geolyft.disclosure.together.pairs import protect_pairs
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.certainty.noise import Noise

_BATCH: Final = 20
KEY: Final = ["area", "what"]


def judged(
    world: World,
    *,
    declared: Correlation = INDEPENDENT,
    count: bool = False,
    noise: Sequence[Noise] = (),
    cells: int = 1,
    worlds: int = 1500,
    draws: int = 1000,
    years: int = 1,
    seed: int = 1,
) -> pd.DataFrame:
    """Return for each world, area and figure whether its interval holds the truth.

    Parameters
    ----------
    count
        Whether what figures have in common is counted where the world has persons.

    Returns
    -------
    pandas.DataFrame
        ``area, what, world, holds`` (the score), ``apart`` (called surely apart from the city),
        and, with two years or more, ``moved`` (the last year is called changed from the first).
    """
    rng = np.random.default_rng(seed)
    parts = pd.DataFrame({"area": [*map(str, range(1, 15))], "source": "register", "cells": cells})
    truth, scales = world.truth(), world.scales()
    found = []
    for start in range(0, worlds, _BATCH):
        times = min(_BATCH, worlds - start)
        seen, pairs = world.sample(rng, times, years)
        counted = counted_correlations(protect_pairs(pairs, Protection()), seen)
        people = SamePeople(said=declared, counted=counted if count else no_correlations())
        drawn = draw_scores(
            seen,
            scales,
            world.catalogue,
            noise=noise,
            parts=parts.assign(split=0.0),
            same_people=people,
            draws=draws,
            seed=seed + start,
        )
        table = summarise_draws(drawn).merge(truth, on=KEY)
        table["edition"] = table["period"].astype("int64") - int(BASE_YEAR)
        table["world"] = start + table["edition"] // years
        table["holds"] = table["truth"].between(table["low"], table["high"])
        first = table[table["edition"] % years == 0]
        found.append(
            first[[*KEY, "world", "holds"]].assign(
                apart=first["distinct"], moved=_moved(drawn.keys, drawn.scores, first, years)
            )
        )
    return pd.concat(found, ignore_index=True)


def _moved(keys: pd.DataFrame, scores: np.ndarray, first: pd.DataFrame, years: int) -> np.ndarray:
    """Say whether the interval of the change from the first to the last year does not hold 0."""
    places = pd.Series(keys.index, index=pd.MultiIndex.from_frame(keys[[*KEY, "period"]]))
    last = (first["period"].astype("int64") + years - 1).astype("str")
    ends = [
        places[pd.MultiIndex.from_arrays([first["area"], first["what"], of])].to_numpy()
        for of in (first["period"], last)
    ]
    low, high = percentiles(scores[ends[1]] - scores[ends[0]])
    moved: np.ndarray = (low > 0) | (high < 0)
    return moved


def rate(table: pd.DataFrame, column: str) -> tuple[float, float]:
    """Return how often something holds, and the standard error: areas of a world are not alone."""
    by_world = table.groupby("world")[column].mean()
    return float(by_world.mean()), float(by_world.std() / len(by_world) ** 0.5)


def of_kind(table: pd.DataFrame, world: World) -> dict[str, pd.DataFrame]:
    """Part the rows of areas by what they are of: indicators, dimensions, index."""
    areas = table[table["area"] != CITY]
    indicator, index = areas["what"].isin(world.catalogue.codes), areas["what"] == "index"
    parts = {"indicator": indicator, "dimension": ~indicator & ~index, "index": index}
    return {name: areas[mine] for name, mine in parts.items()}

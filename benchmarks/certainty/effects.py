"""Plant effects in made-up cities, and see how often their intervals hold and nothing is found.

Prints the table of docs/effects.md: ``python benchmarks/certainty/effects.py --cities 200``. Each
city has 14 areas and 4 + 4 years of an indicator: levels, a common path, and chance that may hang
on in the next year. Half of the cities have an effect, planted in size, the other half none; the
areas are chosen by chance.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math

import numpy as np
import pandas as pd

from geolyft.action.effects.compute import effects_of
from geolyft.action.effects.panel import Published
from geolyft.action.effects.permutation import attained
from geolyft.action.effects.plan import Plan
from geolyft.action.effects.registered import Registered
from geolyft.indicators.catalogue import load_catalogue

AREAS, YEARS, START = 14, tuple(str(year) for year in range(2018, 2026)), "2022"
EFFECT, NOISE = 3.0, 1.0


def city(seed: int, *, chosen: list[int], effect: float, rho: float) -> pd.DataFrame:
    """Return the published figures of a made-up city."""
    rng = np.random.default_rng(seed)
    chance = rng.normal(size=(len(YEARS), AREAS))
    for n in range(1, len(YEARS)):
        chance[n] = rho * chance[n - 1] + math.sqrt(1 - rho**2) * chance[n]
    values = rng.uniform(40, 80, AREAS) + rng.normal(size=(len(YEARS), 1)) + NOISE * chance
    values[np.ix_([year >= START for year in YEARS], chosen)] += effect
    cells = [(str(a), year, values[n, a]) for n, year in enumerate(YEARS) for a in range(AREAS)]
    rows = pd.DataFrame(cells, columns=["area", "period", "value"])
    same = {"sex": "alla", "indicator": "U3", "status": "synthetic", "denominator": 1000.0}
    return rows.assign(reference=rows["period"], **same)


def effect_in(seed: int, *, areas: int, effect: float, rho: float) -> pd.Series:
    """Return the row of a plan of so many areas in a made-up city."""
    picked = np.random.default_rng(10_000 + seed).choice(AREAS, areas, replace=False)
    chosen = sorted(picked.tolist())
    plan = Plan(
        id="planted",
        title="Planted",
        board="Synthetic",
        areas=[str(each) for each in chosen],
        start=START,
        indicator="U3",
        direction="up",
        smallest=EFFECT,
    )
    figures = city(seed, chosen=chosen, effect=effect, rho=rho)
    published = Published(observations=figures, index=pd.DataFrame(), catalogue=load_catalogue())
    table, _ = effects_of([Registered(plan, dt.date(2021, 12, 31))], published)
    return table.iloc[0]


def told(cities: int, *, areas: int, rho: float) -> str:
    """Return a line of the table."""
    level = attained(AREAS, areas)
    planted = [effect_in(n, areas=areas, effect=EFFECT, rho=rho) for n in range(cities)]
    none = [effect_in(n, areas=areas, effect=0.0, rho=rho) for n in range(cities)]
    held = np.mean([row["lag"] <= EFFECT <= row["hog"] for row in planted])
    seen = np.mean([row["p"] <= level + 1e-12 for row in planted])
    false = np.mean([row["p"] <= level + 1e-12 for row in none])
    slack = 2 * math.sqrt(level * (1 - level) / cities)
    mde = np.mean([row["mde"] for row in planted])
    shares = [held, seen, false, level, slack]
    return f"| {areas} | {rho} | {' | '.join(f'{100 * each:.1f}' for each in shares)} | {mde:.2f} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=200)
    asked = parser.parse_args()
    print("| areas | autocorrelation | in the interval, % | found, % | found of nothing, % "
          "| level, % | ± 2 se | smallest effect |")  # fmt: skip
    print("| --- " * 8 + "|")
    for number in (1, 2, 3):
        for hangs_on in (0.0, 0.6):
            print(told(asked.cities, areas=number, rho=hangs_on), flush=True)

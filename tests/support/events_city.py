"""Made-up events in the city of fourteen squares: more of them in two areas, in the evenings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from effects_city import RUN, write_city

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "Kanariefågel 7 åttio"
ODD = (118_123.4567, 6_164_321.7654)
"""A place that no output may hold."""
TABLE = """
[[events]]
name = "Felanmälan"
file = "handelser.csv"
x = "x"
y = "y"
crs = 3008
time = "tid"
kind = "typ"
"""
EVENTS = f"""{TABLE}
[lagesbild]
cycle_days = 365
themes = {{ buller = ["trygghet", "vardag"] }}

[[source]]"""


def events(seed: int = 1, *, size: int = 6000) -> pd.DataFrame:
    """Return events of two years: types, times and places, and a text that nobody may see."""
    rng = np.random.default_rng(seed)
    weights = np.array([4.0, 3, *np.ones(11), 0.1])
    area = rng.choice(14, size, p=weights / weights.sum())
    late = (area < 2) & (rng.random(size) < 0.6)
    hour = np.where(late, rng.integers(18, 23, size), rng.integers(0, 24, size))
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 731, size), unit="D")
    grown = (area == 2) & (day.year == 2023) & (rng.random(size) < 0.7)
    when = pd.Series(day + pd.to_timedelta(hour, unit="h")).dt.strftime("%Y-%m-%d %H:%M")
    table = pd.DataFrame(
        {
            "tid": when,
            "typ": rng.choice(["buller", "skadegörelse", "nedskräpning"], size, p=[0.5, 0.3, 0.2]),
            "x": 118_000 + 1000 * (area % 4) + rng.uniform(1, 999, size).round(1),
            "y": 6_164_000 + 1000 * (area // 4) + rng.uniform(1, 999, size).round(1),
            "fritext": CANARY,
        }
    )[~grown]
    odd = pd.DataFrame({"tid": ["2024-02-02 20:00"], "typ": ["buller"], "x": [ODD[0]],
                        "y": [ODD[1]], "fritext": [CANARY]})  # fmt: skip
    unplaced = table.head(30).assign(x=np.nan, y=np.nan)
    return pd.concat([table, odd, unplaced], ignore_index=True)


def write_few_events(folder: Path) -> None:
    """Write events of two years in four squares of 10 m."""
    rng, size = np.random.default_rng(2), 1200
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 731, size), unit="D")
    when = day + pd.to_timedelta(rng.integers(0, 24, size), unit="h")
    table = pd.DataFrame({"tid": pd.Series(when).dt.strftime("%Y-%m-%d %H:%M")})
    places = {"x": 118_000 + rng.uniform(0, 20, size), "y": 6_164_000 + rng.uniform(0, 20, size)}
    table.assign(typ="buller", **places).to_csv(folder / "handelser.csv", index=False)


def write_events_city(folder: Path, table: pd.DataFrame | None = None) -> Path:
    """Write the city with its plans and events, and return its run file."""
    run_file = write_city(folder)
    made = events() if table is None else table
    made.to_csv(folder / "handelser.csv", sep=";", decimal=",", index=False)
    run_file.write_text(RUN.replace("[[source]]", EVENTS.lstrip(), 1), encoding="utf-8")
    return run_file

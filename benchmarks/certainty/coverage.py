"""Simulate how often intervals hold, and how often "säkert skild" is said of nothing.

Prints the tables of docs/method.md: ``make coverage``. WORLDS of each setting are made up; with the
1500 of the page it takes half an hour.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from measures import judged, of_kind, rate
from people import people
from worlds import World, null_world, small_world, uneven_world

from geolyft.certainty.errors.correlation import DEFAULT_CORRELATION, INDEPENDENT, Correlation
from geolyft.certainty.noise import Noise
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    import pandas as pd

CATALOGUE = load_catalogue()


def everywhere(years: float, among: float) -> Correlation:
    """Return a declaration without exceptions: the made-up people stay in every indicator."""
    every = dict.fromkeys(CATALOGUE.codes, years)
    return Correlation(indicators=among, years=years, years_of=every)


def print_coverage(worlds: int, draws: int) -> None:
    """Print between which bounds the coverage of each area and figure lies."""
    print("| what is drawn | indicators | dimensions | index | city |")
    print("| --- | --- | --- | --- | --- |")
    noise = [Noise(cell_sd=1.46), Noise(count_base=5)]
    settings = [
        ("chance", uneven_world(CATALOGUE, fewest=300, most=20_000), {}),
        (
            "chance, cell noise in 15 small areas, rounding to 5",
            uneven_world(CATALOGUE, fewest=300, most=20_000, cell_sd=1.46, cells=15, base=5),
            {"noise": noise, "cells": 15},
        ),
        ("chance, areas of 1 000", uneven_world(CATALOGUE, fewest=1000, most=1001), {}),
        ("chance, areas of 10 to 20 and high shares", small_world(CATALOGUE), {}),
    ]
    for name, world, said in settings:
        table = judged(world, worlds=worlds, draws=draws, **said)
        cells = []
        for part in (*of_kind(table, world).values(), table[table["area"] == "city"]):
            held = part.groupby(["area", "what"])["holds"].mean()
            cells.append(f"{100 * held.min():.1f}–{100 * held.max():.1f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def print_false(worlds: int, draws: int) -> None:
    """Print how often something is said of nothing: all areas alike, and no change."""
    print("| the errors' correlation | declared | indicator | dimension | index | index changed |")
    print("| --- | --- | --- | --- | --- | --- |")
    for among, years in ((0.0, 0.0), (0.2, 0.3), (0.2, 0.5), (0.4, 0.8)):
        world = null_world(CATALOGUE, indicators=among, years=years)
        stated = everywhere(DEFAULT_CORRELATION.years, DEFAULT_CORRELATION.indicators)
        same = everywhere(years, among)
        ways = {"none": INDEPENDENT, "the default": stated, "the same": same}
        for name, declared in ways.items():
            if name == "the same" and same in (stated, everywhere(0, 0)):
                continue
            table = judged(world, declared=declared, worlds=worlds, draws=draws, years=2)
            print(f"| {among:g}, {years:g} | {name} | {false_rates(table, world)} |", flush=True)
    world = people(CATALOGUE)
    ways = {"none": (INDEPENDENT, False), "the default": (DEFAULT_CORRELATION, False),
            "counted": (DEFAULT_CORRELATION, True)}  # fmt: skip
    for name, (declared, count) in ways.items():
        table = judged(world, declared=declared, count=count, worlds=worlds, draws=draws, years=2)
        print(f"| of persons | {name} | {false_rates(table, world)} |", flush=True)


def false_rates(table: pd.DataFrame, world: World) -> str:
    """Return the cells of a row: how often each kind is called apart, and the index changed."""
    kinds = of_kind(table, world)
    said = [rate(part, "apart") for part in kinds.values()]
    said.append(rate(kinds["index"], "moved"))
    return " | ".join(f"{100 * mean:.1f} ± {200 * error:.1f}" for mean, error in said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1500)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--only", choices=["coverage", "false"])
    given = parser.parse_args()
    if given.only != "false":
        print_coverage(given.worlds, given.draws)
    if given.only != "coverage":
        print()
        print_false(given.worlds, given.draws)

"""What a table of events says of those that are hidden: a count of each area, type and time."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import pandas as pd
from attacker import attacked
from delivered import ALL, CITY, RESIDUAL, Delivered
from unknown_numbers import IN, INSIDE, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attacker import Sides

WAYS = AREA, KIND, BAND = "area", "kind", "band"
NAMES = {"typ": KIND, "tid": BAND, "antal": "count_"}


def delivered_events(folder: Path) -> pd.DataFrame:
    """Return the counts that a delivery has of events."""
    return Delivered(folder).table("tabeller/handelser_typer").rename(columns=NAMES)


def attack_events(events: pd.DataFrame, *, threshold: int, base: int, enough: float) -> list[Sides]:
    """Return between what each hidden count lies, for each way to look at the table.

    Whoever looks believes that each hidden count is below the threshold, along all sums, along
    those of two kinds and along those of one; and once he believes nothing.
    """
    made = known_events(events, threshold=threshold, base=base)
    some = [each for size in (1, 2, 3) for each in combinations(WAYS, size)]
    every = [(WAYS, False), *product(some, [True])]
    return [attacked(made, kinds, enough, believing=believing) for kinds, believing in every]


def attack_inside(
    events: pd.DataFrame, inside: pd.Series[float], *, threshold: int, base: int, enough: float
) -> list[Sides]:
    """Return what `attack_events` does, for who has turned the classes of small areas round.

    Parameters
    ----------
    inside
        What classes are made of: by small area, whose area is the first sign of its code, its count
        of all types and times; missing where it has no class for its sake.
    """
    made = known_events(events, threshold=threshold, base=base)
    period = str(events["period"].max())
    parts: dict[str, list[int]] = {}
    for code, count in inside.items():
        cell = (str(code), period, ALL, ALL, "")
        number = made.number(cell, IN)
        made.shown[cell] = bool(pd.notna(count))
        if made.shown[cell]:
            made.rounded(number, count)
            made.between(number, threshold, made.high[number])
        parts.setdefault(str(code)[0], []).append(number)
    for area, numbers in parts.items():
        made.total(INSIDE, made.number((area, period, ALL, ALL, ""), IN), numbers)
    some = [(), (AREA,), (KIND,), (BAND,), (AREA, KIND), (AREA, BAND), (KIND, BAND), WAYS]
    every = [(WAYS, False), *product(some, [True])]
    return [attacked(made, [*of, INSIDE], enough, believing=believing) for of, believing in every]


def known_events(events: pd.DataFrame, *, threshold: int, base: int) -> Unknown:
    """Return counts of events and their sums, over areas, types and times."""
    made = Unknown(threshold=threshold, base=base)
    for row in events.itertuples():
        cell = (str(row.area), str(row.period), str(row.kind), str(row.band), "")
        number = made.number(cell, IN)
        made.shown[cell] = bool(pd.notna(row.count_))
        if made.shown[cell]:
            made.rounded(number, row.count_)
            made.between(number, threshold, made.high[number])
    for way, whole, parts in _sums(set(made.shown)):
        made.total(way, made.number(whole, IN), [made.number(part, IN) for part in parts])
    return made


def _sums(cells: set[tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...], list]]:
    """Yield each whole and its parts; what lies in no area is part of the city."""
    for n, (way, total) in zip((0, 2, 3), zip(WAYS, (CITY, ALL, ALL), strict=True), strict=True):
        parts = sorted({cell[n] for cell in cells} - {total})
        more = [RESIDUAL] if way == AREA else []
        for whole in sorted(cell for cell in cells if cell[n] == total):
            yield way, whole, [(*whole[:n], part, *whole[n + 1 :]) for part in [*parts, *more]]

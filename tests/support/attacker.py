"""Somebody who has a delivery and nothing else, and works out what its hidden cells hold.

Written apart from the auditor: what is read (`delivered`) are the delivered files, and every
relation is said anew, a row of a programme each (`unknown_numbers`).
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from delivered_counts import all_that_is_known
from unknown_numbers import AREAS, BANDS, BASES, CELLS, INSIDE, KINDS, SEXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from unknown_numbers import Cell, Unknown

Sides = dict[tuple["Cell", str], tuple[int, int]]


def attack(delivery: Path, *, enough: float = np.inf) -> Sides:
    """Return between what each side of each hidden cell lies, of those that can be of a few.

    He believes of all hidden cells that they are of a few. Where that contradicts itself he
    believes nothing of it, of all that hangs together with it: of all that is a share of the same
    people, then of each indicator by itself.

    Parameters
    ----------
    enough
        What solutions show to be so wide is taken to lie between them, for nobody claims it.
    """
    made = all_that_is_known(delivery)
    alone = [kind for kind in KINDS if kind != BASES]
    found = attacked(made, KINDS, enough, believing=False)
    for kinds in (alone, KINDS):
        found |= attacked(made, kinds, enough, believing=True)
    return found


def attack_by_parts(delivery: Path, *, enough: float = np.inf) -> list[Sides]:
    """Return what those believe who look at some relations alone, such as women and men.

    So fewer of their beliefs are contradicted.
    """
    made = all_that_is_known(delivery)
    return [attacked(made, kinds, enough, believing=True) for kinds in ways(made)]


def ways(made: Unknown) -> Iterator[list[str]]:
    """Yield some kinds of sums: never all, and small areas in their own larger one alone."""
    there = {row.kind for row in made.rows}
    kinds = [kind for kind in (SEXES, BANDS, AREAS, INSIDE) if kind in there]
    for size in range(1, len(kinds)):
        for some in combinations(kinds, size):
            if not {AREAS, INSIDE} <= set(some):
                yield [CELLS, *some]


def attacked(made: Unknown, kinds: Collection[str], enough: float, *, believing: bool) -> Sides:
    """Return what sums of some kinds tell, where they do not contradict what is believed."""
    found: Sides = {}
    names = {number: name for name, number in made.names.items()}
    answers: dict[bytes, list[tuple[int, int]] | None] = {}
    for programme in made.programmes(kinds, believing=believing):
        said = programme.known()
        if said not in answers:
            answers[said] = programme.intervals(enough)
        sides = programme.numbers[programme.asked].tolist()
        for number, (low, high) in zip(sides, answers[said] or [], strict=False):
            if low < made.threshold:
                found[names[number]] = low, high
    return found

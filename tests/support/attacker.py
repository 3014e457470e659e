"""Somebody who has a delivery and nothing else, and works out what its hidden cells hold.

Written apart from the auditor: what is read here are the delivered files, and every relation is
said anew, a row of a programme each.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from scipy.sparse import csr_array

Cell = tuple[str, str, str, str, str]
"""Area, period, sex, indicator and group."""
Bases = dict[tuple[str, str, str, str], dict[str, float]]
"""By area, period, sex and group: what is shown of each base."""
Sides = dict[tuple[Cell, str], tuple[int, int]]
KINDS = CELLS, SEXES, BANDS, AREAS = "cells", "sexes", "bands", "areas"
FEW = "few"
EVERYONE = "{}"
MUCH = 20_000
"""More than live in the cities that are attacked; a larger number makes programmes slow."""
SMALL = 1e-4
NODES = {"node_limit": 5_000}
SIDES = ("in", "out")
IMPOSSIBLE = 2
"""What milp calls status."""
LOOKS = 20


@dataclass(frozen=True)
class Row:
    """A row of a programme: what unknowns sum to, and of what kind of relation it is."""

    kind: str
    terms: dict[int, float]
    low: float
    high: float


@dataclass
class Attack:
    """Unknown whole numbers, and rows of a programme about them."""

    threshold: int
    base: int
    names: dict[tuple[Cell, str], int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hidden: list[Cell] = field(default_factory=list)

    def number(self, cell: Cell, side: str) -> int:
        """Return the number of an unknown."""
        if (cell, side) not in self.names:
            self.names[cell, side] = len(self.low)
            self.low.append(0)
            self.high.append(MUCH)
        return self.names[cell, side]

    def rounded(self, cell: Cell, side: str, shown: float, less: int = 0) -> None:
        """Take in that a number is published as this."""
        n = self.number(cell, side)
        self.low[n] = max(self.low[n], shown - self.base // 2 - less)
        self.high[n] = min(self.high[n], shown + (self.base - 1) // 2)

    def total(self, kind: str, whole: int, parts: list[int]) -> None:
        """Take in that parts make a whole."""
        row: dict[int, float] = {whole: -1.0}
        for part in parts:
            row[part] = row.get(part, 0.0) + 1.0
        self.rows.append(Row(kind, row, 0.0, 0.0))

    def few(self, cell: Cell) -> None:
        """Take in that one side of a hidden cell is below the threshold."""
        which = len(self.low)
        self.low.append(0)
        self.high.append(1)
        for side, sign in (("in", 1), ("out", -1)):
            room = self.threshold - 1 + (MUCH if sign < 0 else 0)
            row = {self.number(cell, side): 1.0, which: -sign * float(MUCH)}
            self.rows.append(Row(FEW, row, -np.inf, room))

    def parts(self, kinds: Collection[str]) -> list[Programme]:
        """Return what hangs together by rows of some kinds, a programme each."""
        from scipy.sparse import csr_array as table_of  # noqa: PLC0415
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        rows = [row for row in self.rows if row.kind in kinds]
        at = [(n, which, by) for n, row in enumerate(rows) for which, by in row.terms.items()]
        row, column, by = (np.array(each) for each in zip(*at, strict=True))
        matrix = table_of((by, (row, column)), shape=(len(rows), len(self.low)))
        count, of = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
        first = np.array([of[next(iter(each.terms))] for each in rows])
        ends = np.array([(each.low, each.high) for each in rows])
        low, high = np.array(self.low), np.array(self.high)
        made = []
        for part in range(count):
            taken, numbers = np.flatnonzero(first == part), np.flatnonzero(of == part)
            inner = matrix[taken][:, numbers]
            made.append(Programme(numbers, inner, ends[taken], low[numbers], high[numbers]))
        return made


class Programme:
    """Unknowns that hang together, and between what each lies in the solutions found so far."""

    def __init__(
        self,
        numbers: np.ndarray,
        rows: csr_array,
        ends: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
    ) -> None:
        self.place = {int(number): n for n, number in enumerate(numbers)}
        self._rows, self._ends, self._low, self._high = rows, ends, low, high
        self.least, self.most = np.full(len(low), np.inf), np.full(len(low), -np.inf)

    def solve(self, aim: np.ndarray) -> float | None:
        """Return what an aim is at least; None where nothing fits."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

        made = milp(
            aim,
            constraints=LinearConstraint(self._rows, *self._ends.T),
            bounds=Bounds(self._low, self._high),
            integrality=np.ones(len(aim)),
            options=NODES,
        )
        if made.x is not None:
            self.least = np.minimum(self.least, np.rint(made.x))
            self.most = np.maximum(self.most, np.rint(made.x))
        return None if made.status == IMPOSSIBLE else float(made.mip_dual_bound)

    def fits(self) -> bool:
        """Say whether there is a solution."""
        return self.solve(np.zeros(len(self.least))) is not None

    def look_around(self, places: np.ndarray, enough: float) -> None:
        """Find solutions in which some unknowns are far from what they are in others."""
        random = np.random.default_rng(0)  # any signs would do
        for _ in range(LOOKS):
            left = places[(self.most - self.least)[places] < enough]
            if not len(left):
                return
            aim = np.zeros(len(self.least))
            aim[left] = random.choice([-1.0, 1.0], len(left))
            self.solve(aim)
            self.solve(-aim)

    def ends(self, place: int, enough: float) -> tuple[int, int]:
        """Return between what an unknown lies, or what solutions say where that is enough."""
        if self.most[place] - self.least[place] >= enough:
            return int(self.least[place]), int(self.most[place])
        aim = np.zeros(len(self.least))
        aim[place] = 1
        least, most = self.solve(aim), -self.solve(-aim)  # type: ignore[operator]
        return math.ceil(least - SMALL), math.floor(most + SMALL)  # type: ignore[operator]


def attack(delivery: Path, *, enough: float = np.inf) -> Sides:
    """Return between what each side of each hidden cell lies, of those that can be of a few.

    He believes of all hidden cells that they are of a few. Where that contradicts itself he
    believes nothing of it, of all that hangs together with it.

    Parameters
    ----------
    enough
        What solutions show to be so wide is taken to lie between them, for nobody claims it.
    """
    made = _all_that_is_known(delivery)
    return {**_attacked(made, KINDS, enough), **_attacked(made, [*KINDS, FEW], enough)}


def attack_by_parts(delivery: Path, *, enough: float = np.inf) -> list[Sides]:
    """Return what those believe who look at some relations alone, such as women and men.

    So fewer of their beliefs are contradicted.
    """
    made = _all_that_is_known(delivery)
    some = [each for size in (1, 2) for each in combinations((SEXES, BANDS, AREAS), size)]
    return [_attacked(made, [CELLS, *each, FEW], enough) for each in some]


def _attacked(made: Attack, kinds: Collection[str], enough: float) -> Sides:
    """Return what rows of some kinds tell, where they do not contradict themselves."""
    found: Sides = {}
    asked = {made.number(cell, side): (cell, side) for cell, side in product(made.hidden, SIDES)}
    for part in made.parts(kinds):
        sides = [number for number in asked if number in part.place]
        if not sides or not part.fits():
            continue
        places = np.array([part.place[number] for number in sides])
        if np.isfinite(enough):
            part.look_around(places, enough)
        for number, place in zip(sides, places.tolist(), strict=True):
            least, most = part.ends(place, enough)
            if least < made.threshold:
                found[asked[number]] = least, most
    return found


def _all_that_is_known(delivery: Path) -> Attack:
    manifest = json.loads((delivery / "manifest.json").read_text(encoding="utf-8"))
    rule = manifest["definition"]["protection"]
    made = Attack(threshold=rule["threshold"], base=rule["base"])
    exempt = {s["name"] for s in manifest["config"]["source"] if s.get("protected_by")}
    text = {"area": str, "period": str, "sex": str, "group": str, "group_by": str}
    seen = pd.read_csv(delivery / "resultat.csv", dtype=text).assign(group="")
    bands = delivery / "tabeller" / "grupper.csv"
    if bands.exists():
        groups = pd.read_csv(bands, dtype=text).assign(sex="alla")
        seen = pd.concat([seen, groups[groups["group"] != "alla"]])
    seen = seen[seen["source"].notna() & ~seen["source"].isin(exempt)]
    people = pd.read_csv(delivery / "tabeller" / "befolkning.csv", dtype=text)
    of = _bases(manifest)
    bases: Bases = defaultdict(dict)
    for row in people.itertuples():
        bases[row.area, row.period, "alla", ""][EVERYONE] = row.population
    for row in seen.itertuples():
        bases[_place(row)][of[row.indicator]] = row.denominator
    cells = [_take(made, row, bases[_place(row)], of[row.indicator]) for row in seen.itertuples()]
    _sums(made, set(cells), manifest)
    for cell in made.hidden:
        made.few(cell)
    return made


def _place(row: object) -> tuple[str, str, str, str]:
    return (row.area, row.period, row.sex, row.group)  # type: ignore[attr-defined]


def _bases(manifest: dict[str, object]) -> dict[str, str]:
    """Return whom each indicator is a share of, as the run file has it."""
    measures = [m for s in manifest["config"]["source"] for m in s["measure"]]  # type: ignore[index]
    return {m["indicator"]: json.dumps(m.get("among", {}), sort_keys=True) for m in measures}


def _take(made: Attack, row: object, bases: dict[str, float], of: str) -> Cell:
    """Take in what a row of the results says, beside the bases that are shown of its place."""
    cell: Cell = (row.area, row.period, row.sex, row.indicator, row.group)  # type: ignore[attr-defined]
    base, inside, outside = (made.number(cell, side) for side in ("base", "in", "out"))
    made.total(CELLS, base, [inside, outside])
    if "hidden" in row.status:  # type: ignore[attr-defined]
        made.hidden.append(cell)
        return cell
    made.rounded(cell, "in", row.numerator)  # type: ignore[attr-defined]
    made.low[inside] = max(made.low[inside], made.threshold)
    made.low[outside] = made.threshold
    shown = row.denominator  # type: ignore[attr-defined]
    # A base that looks like another one may be that one, which is larger; so may it where one is
    # not shown, or where others that look alike may be one another.
    others = [each for name, each in bases.items() if name != of]
    alike = shown in others or any(map(math.isnan, others)) or len(set(others)) < len(others)
    made.rounded(cell, "base", shown, made.threshold - 1 if alike else 0)
    return cell


def _sums(made: Attack, cells: set[Cell], manifest: dict[str, object]) -> None:
    """Take in that women and men, bands, and areas with the residual make their wholes."""
    of_city = {(each[1], each[2], each[3], each[4]) for each in cells if each[0] == "city"}
    areas = sorted({each[0] for each in cells} - {"city"})
    for side in ("base", "in", "out"):
        for area, period, sex, indicator, group in sorted(cells):
            whole = made.number((area, period, sex, indicator, group), side)
            if sex != "alla" or group:
                continue
            for kind, of in (
                (SEXES, [(s, "") for s in ("kvinnor", "män")]),
                (BANDS, _bands(cells)),
            ):
                parts = [(area, period, s, indicator, g) for s, g in of]
                if parts and cells.issuperset(parts):
                    made.total(kind, whole, [made.number(part, side) for part in parts])
        for period, sex, indicator, group in sorted(of_city):
            key = (period, sex, indicator, group)
            left = made.number(("residual", *key), side)
            parts = [made.number((area, *key), side) for area in areas]
            made.total(AREAS, made.number(("city", *key), side), [*parts, left])
    lines = [line for line in manifest["ledger"] if not line["exact"]]  # type: ignore[attr-defined]
    for line in lines:
        side = {"numerator": "in", "denominator": "base"}.get(line["count"])
        if side and line["residual"] is not None:
            cell = ("residual", line["period"], "alla", line["indicator"], "")
            made.rounded(cell, side, line["residual"])


def _bands(cells: set[Cell]) -> list[tuple[str, str]]:
    return [("alla", group) for group in sorted({each[4] for each in cells}) if group]

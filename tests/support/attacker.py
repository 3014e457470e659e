"""Somebody who has a delivery and nothing else, and works out what its hidden cells hold.

Written apart from the auditor: what is read here are the delivered files, and every relation is
said anew, a row of a programme each.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

Cell = tuple[str, str, str, str, str]
"""Area, period, sex, indicator and group."""
Bases = dict[tuple[str, str, str, str], dict[str, float]]
"""By area, period, sex and group: what is shown of each base."""
EVERYONE = "{}"
MUCH = 20_000
"""More than live in the cities that are attacked; a larger number makes programmes slow."""
SMALL = 1e-4
NODES = {"node_limit": 5_000}


@dataclass
class Attack:
    """Unknown whole numbers, and rows of a programme about them."""

    threshold: int
    base: int
    names: dict[tuple[Cell, str], int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    hidden: list[Cell] = field(default_factory=list)
    bold: int = 0

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

    def total(self, whole: int, parts: list[int]) -> None:
        """Take in that parts make a whole."""
        row: dict[int, float] = {whole: -1.0}
        for part in parts:
            row[part] = row.get(part, 0.0) + 1.0
        self.rows.append((row, 0.0, 0.0))

    def few(self, cell: Cell) -> None:
        """Take in that one side of a hidden cell is below the threshold."""
        which = len(self.low)
        self.low.append(0)
        self.high.append(1)
        for side, sign in (("in", 1), ("out", -1)):
            room = self.threshold - 1 + (MUCH if sign < 0 else 0)
            row = {self.number(cell, side): 1.0, which: -sign * float(MUCH)}
            self.rows.append((row, -np.inf, room))

    def programme(self, rows: int) -> dict[str, object]:
        """Return the first rows as a programme."""
        from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415

        matrix = np.zeros((rows, len(self.low)))
        for n, (row, _, _) in enumerate(self.rows[:rows]):
            matrix[n, list(row)] = list(row.values())
        ends = np.array([(low, high) for _, low, high in self.rows[:rows]])
        return {
            "constraints": LinearConstraint(matrix, ends[:, 0], ends[:, 1]),
            "bounds": Bounds(self.low, self.high),
            "integrality": np.ones(len(self.low)),
        }


def attack(delivery: Path) -> dict[tuple[Cell, str], tuple[int, int]]:
    """Return between what each side of each hidden cell lies, of those that can be of a few."""
    from scipy.optimize import milp  # noqa: PLC0415

    made = _all_that_is_known(delivery)
    for believed in (len(made.rows), made.bold):
        programme = made.programme(believed)
        if milp(np.zeros(len(made.low)), **programme).status == 0:
            break
    else:
        raise AssertionError("what is published contradicts itself")
    found = {}
    for cell, side in product(made.hidden, ("in", "out")):
        aim = np.zeros(len(made.low))
        aim[made.number(cell, side)] = 1
        ends = [milp(s * aim, options=NODES, **programme).mip_dual_bound for s in (1, -1)]
        least, most = math.ceil(ends[0] - SMALL), math.floor(-ends[1] + SMALL)
        if least < made.threshold:
            found[cell, side] = least, most
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
    made.bold = len(made.rows)
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
    made.total(base, [inside, outside])
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
            for kind in ([(s, "") for s in ("kvinnor", "män")], _bands(cells)):
                parts = [(area, period, s, indicator, g) for s, g in kind]
                if parts and cells.issuperset(parts):
                    made.total(whole, [made.number(part, side) for part in parts])
        for period, sex, indicator, group in sorted(of_city):
            key = (period, sex, indicator, group)
            left = made.number(("residual", *key), side)
            parts = [made.number((area, *key), side) for area in areas]
            made.total(made.number(("city", *key), side), [*parts, left])
    lines = [line for line in manifest["ledger"] if not line["exact"]]  # type: ignore[attr-defined]
    for line in lines:
        side = {"numerator": "in", "denominator": "base"}.get(line["count"])
        if side and line["residual"] is not None:
            cell = ("residual", line["period"], "alla", line["indicator"], "")
            made.rounded(cell, side, line["residual"])


def _bands(cells: set[Cell]) -> list[tuple[str, str]]:
    return [("alla", group) for group in sorted({each[4] for each in cells}) if group]

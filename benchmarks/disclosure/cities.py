"""What the audit prevents: prints the figures of small cities in docs/disclosure.md.

Small cities made at random are run, and attacked by somebody who has the delivery alone. Everything
is synthetic.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from geolyft import load_config
from geolyft.disclosure.auditor import programmes
from geolyft.disclosure.auditor.judge import by_bounds
from geolyft.disclosure.auditor.knowledge.believing import believers
from geolyft.disclosure.auditor.knowledge.family import MOST, NONE
from geolyft.disclosure.auditor.knowledge.known import cells_of
from geolyft.disclosure.auditor.knowledge.relations import known_of
from geolyft.errors import GeolyftError
from geolyft.pipeline.account.audited import audited, meaning_of
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.pipeline.run import run
from geolyft.pipeline.scoring.score import protect_levels

if TYPE_CHECKING:
    from geolyft.disclosure.auditor.knowledge.family import Family
    from geolyft.disclosure.auditor.knowledge.relations import Known
    from geolyft.run_file.config import Config

    City = dict[str, Any]
    Side = tuple[tuple[str, str, str, str, str], str]

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from attacker import Sides, attack, attack_by_parts  # noqa: E402 - it lies with the tests
from random_city import truth_of, write_random_city  # noqa: E402

WIDTH = 5


def main() -> None:
    """Print what attackers claim, and where the auditor sees less than they."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cities", type=int, default=200)
    asked.add_argument(
        "--compared", type=int, default=20, help="cities that the auditor is held against him in"
    )
    asked.add_argument("--results", type=Path, help="keeps what is done, a city on each line")
    said = asked.parse_args()
    warnings.simplefilter("ignore")
    kept = said.results.read_text(encoding="utf-8") if _is_there(said.results) else ""
    cities: dict[int, City] = {city["seed"]: city for city in map(json.loads, kept.splitlines())}
    for seed in range(said.cities):
        if seed not in cities:
            cities[seed] = _city(seed, compared=seed < said.compared)
            if said.results:
                with said.results.open("a", encoding="utf-8") as file:
                    print(json.dumps(cities[seed]), file=file)
    _print([cities[seed] for seed in range(said.cities)])


def _is_there(path: Path | None) -> bool:
    return path is not None and path.exists()


def _city(seed: int, *, compared: bool) -> City:
    """Return what is found out of a city, in figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_random_city(folder, seed)
        try:
            run(path, out=folder / "out")
        except GeolyftError as error:
            return {"seed": seed, "refused": error.code}
        found, truth = attack(folder / "out", enough=WIDTH), truth_of(folder)
        parts = attack_by_parts(folder / "out", enough=WIDTH)
        return {
            "seed": seed,
            "sides": len(found),
            "claims": _claims([found], truth),
            "by_parts": _claims(parts, truth),
            "compared": _compared(path, folder / "out", truth) if compared else None,
        }


def _claims(found: list[Sides], truth: dict[Side, int]) -> list[tuple[int, int, int]]:
    """Return what is claimed to less than the width, and what is true."""
    every = [(*ends, truth.get(side, -1)) for each in found for side, ends in each.items()]
    return [(low, high, true) for low, high, true in every if high - low < WIDTH]


def _compared(path: Path, delivery: Path, truth: dict[Side, int]) -> tuple[int, int, int]:
    """Return of how many sides the auditor sees less than the attacker, as much, and more."""
    config = load_config(path)
    known, alone = (_known(config, alone=each) for each in (False, True))
    views = [_seen(known, known.family), _seen(alone, next(believers(alone, alone.family)))]
    signs = Counter[int]()
    for side, (low, high) in attack(delivery).items():
        if side not in truth:
            continue
        width = min(most - least for least, most in (view[side] for view in views))
        if low <= truth[side] <= high:
            signs[int(np.sign(width - (high - low)))] += 1
    return signs[1], signs[0], signs[-1]


def _known(config: Config, *, alone: bool) -> Known:
    """Return what the auditor knows of what a run publishes."""
    levels = levels_of(config, read_areas(config))
    protected = protect_levels(config, config.catalogue(), levels, gather(config, levels))
    published, _ = audited(config, levels, protected)
    cells = cells_of(published, config.exempt())
    return known_of(cells, config.protection, meaning_of(config, levels), alone=alone)


def _seen(known: Known, view: Family) -> Sides:
    """Return between what each side of each cell lies, looked at without a limit."""
    verdict = by_bounds(view)
    with patch.multiple(programmes, COUNTS=MOST, _REACH=(MOST, MOST)):  # all of the city
        low, high, _ = programmes.intervals(verdict.bounded, verdict.sides, width=MOST)
    bounds = np.array([verdict.bounded.low, verdict.bounded.high])
    bounds[0, verdict.sides] = np.maximum(low, bounds[0, verdict.sides])
    bounds[1, verdict.sides] = np.minimum(high, bounds[1, verdict.sides])
    cells = known.cells[["area", "period", "sex", "indicator", "group"]].to_numpy().tolist()
    found: Sides = {}
    for side, name in (("in", "numerator"), ("out", "rest")):
        numbers = known.cells[name].fillna(NONE).astype("int64").tolist()
        for cell, number in zip(cells, numbers, strict=True):
            if number != NONE:
                least, most = bounds[:, number].tolist()
                found[tuple(cell), side] = least, most
    return found


def _print(cities: list[City]) -> None:
    refused = Counter(city["refused"] for city in cities if "refused" in city)
    codes = ", ".join(f"{count} {code}" for code, count in sorted(refused.items()))
    print(f"{len(cities)} cities made at random; refused: {codes or 'none'}")
    done = [city for city in cities if "refused" not in city]
    sides = sum(city["sides"] for city in done)
    for name, who in (("claims", "who believes all"), ("by_parts", "those who look at parts")):
        claims = [claim for city in done for claim in city[name]]
        exact = sum(low == high for low, high, _ in claims)
        right = sum(low <= true <= high for low, high, true in claims)
        print(f"of {sides} hidden sides {who} claims to know {len(claims)} to less than {WIDTH}, "
              f"{exact} exactly; {right} hold")  # fmt: skip
    held = [city["compared"] for city in done if city["compared"]]
    less, as_much, more = (sum(each) for each in zip(*held, strict=True)) if held else (0, 0, 0)
    print(f"in {len(held)} of them: the auditor sees less than the attacker of {less} sides, "
          f"as much of {as_much} and more of {more}")  # fmt: skip


if __name__ == "__main__":
    main()

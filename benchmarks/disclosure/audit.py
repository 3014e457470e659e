"""What the audit costs and what it prevents: prints the tables of docs/disclosure.md.

Registers of some sizes are run with and without it. Small cities made at random are run, and
attacked by somebody who has the delivery alone. Everything is synthetic.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from geolyft import load_config
from geolyft.disclosure.auditor import programmes
from geolyft.disclosure.auditor.family import MOST, NONE
from geolyft.disclosure.auditor.judge import by_bounds
from geolyft.disclosure.auditor.known import cells_of
from geolyft.disclosure.auditor.relations import known_of
from geolyft.errors import GeolyftError
from geolyft.frames import CITY, EVERYONE, has_status
from geolyft.pipeline.audited import audited, meaning_of
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.run import levels_of, publish, read_areas, run
from geolyft.pipeline.score import protect_levels

if TYPE_CHECKING:
    from geolyft.export.publication import Publication
    from geolyft.run_file.config import Config

    Sides = dict[tuple[tuple[str, str, str, str, str], str], tuple[int, int]]

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from attacker import attack  # noqa: E402 - it lies with the tests
from random_city import truth_of, write_random_city  # noqa: E402

WIDTH = 5
RUN = ROOT / "examples" / "register" / "run.toml"
WAYS = {
    "as they are": "",
    "four years together": "years = 4",
    "merged": "group = true",
    "both": "group = true\nyears = 4",
}


def main() -> None:
    """Print both tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--residents", type=int, nargs="*", default=[367_886, 60_000, 20_000])
    asked.add_argument("--cities", type=int, default=200)
    asked.add_argument(
        "--compared", type=int, default=20, help="cities that the auditor is held against him in"
    )
    said = asked.parse_args()
    warnings.simplefilter("ignore")
    print("| residents | audit | seconds | GeSO cells hidden | residents in them | hidden by it "
          "| narrowest | not settled |\n|" + " --- |" * 8)  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folders = {residents: Path(name) / str(residents) for residents in said.residents}
        for residents, folder in folders.items():
            _register(folder, residents)
        _small_areas(folders)
    _cities(said.cities)
    _compared(said.compared)


def _register(folder: Path, residents: int) -> None:
    generate = [sys.executable, ROOT / "examples" / "register" / "generate.py"]
    options = ["--residents", str(residents), "--out", folder / "data"]
    subprocess.run([*generate, *options], check=True, stdout=subprocess.DEVNULL)
    text = RUN.read_text(encoding="utf-8")
    for audit in ("false", "true"):
        path = folder / f"{audit}.toml"
        asked = text.replace("[protection]", f"[protection]\naudit = {audit}")
        path.write_text(asked, encoding="utf-8")
        start = time.perf_counter()
        made = publish(load_config(path))
        seconds = time.perf_counter() - start
        print(f"| {residents} | {audit} | {seconds:.1f} | {_hidden(made)} |", flush=True)


def _hidden(made: Publication) -> str:
    """Return the share of cells that are hidden, and of the residents who live in them."""
    seen = made.observations[
        (made.observations["sex"] == EVERYONE) & (made.observations["area"] != CITY)
    ]
    people = made.population.set_index(["area", "period"])["population"]
    of = people.reindex(seen.set_index(["area", "period"]).index).to_numpy()
    hidden = has_status(seen["status"], "hidden").to_numpy()
    shares = f"{100 * hidden.mean():.1f} % | {100 * of[hidden].sum() / of.sum():.1f} %"
    found = made.audit
    return shares + (f" | {found.further} | {found.narrowest} | {found.unsettled}" if found else
                     " | | |")  # fmt: skip


def _small_areas(folders: dict[int, Path]) -> None:
    """Print what can be shown of small areas, by how they are published."""
    print("\n| residents | DeSO | areas | figures hidden | areas with the dimension utbildning |\n|"
          + " --- |" * 5)  # fmt: skip
    for residents, folder in folders.items():
        text = RUN.read_text(encoding="utf-8")
        regso, first = text.index('[[inside]]\ndivision = "regso2025"'), text.index("[[source]]")
        alone = text[:regso] + text[first:]
        for way, said in WAYS.items():
            path = folder / "small.toml"
            asked = alone.replace('"deso2025_geso"', f'"deso2025_geso"\n{said}')
            path.write_text(asked, encoding="utf-8")
            inner = publish(load_config(path)).inner[0]
            seen = inner.observations[inner.observations["period"] == "2024"]
            seen = seen[(seen["sex"] == EVERYONE) & (seen["area"] != CITY) & (seen["source"] != "")]
            hidden = has_status(seen["status"], "hidden").mean()
            index = inner.index[(inner.index["area"] != CITY) & (inner.index["period"] == "2024")]
            known = int(index["utbildning"].notna().sum())
            print(f"| {residents} | {way} | {len(inner.areas)} | {100 * hidden:.0f} % | {known} |",
                  flush=True)  # fmt: skip


def _cities(count: int) -> None:
    refused = exact = narrow = right = sides = 0
    for seed in range(count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                run(write_random_city(Path(folder), seed), out=Path(folder) / "out")
            except GeolyftError as error:
                refused += 1
                print(f"city {seed}: {error.code}", file=sys.stderr)
                continue
            found, truth = attack(Path(folder) / "out"), truth_of(Path(folder))
        claims = {side: ends for side, ends in found.items() if ends[1] - ends[0] < WIDTH}
        sides += len(found)
        narrow += len(claims)
        exact += sum(low == high for low, high in claims.values())
        right += sum(low <= truth[side] <= high for side, (low, high) in claims.items())
    print(
        f"\n{count} cities made at random, {refused} refused; of {sides} hidden sides the attacker "
        f"claims to know {narrow} to less than {WIDTH}, {exact} of them exactly; {right} hold."
    )


def _compared(count: int) -> None:
    """Print how often the auditor sees less than the attacker, who is right."""
    less = as_much = more = 0
    for seed in range(count):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = write_random_city(folder, seed)
            try:
                run(path, out=folder / "out")
            except GeolyftError:
                continue
            known, truth = _seen_by_auditor(load_config(path)), truth_of(folder)
            for side, (low, high) in attack(folder / "out").items():
                if not low <= truth.get(side, low) <= high:
                    continue
                least, most = known[side]
                less += most - least > high - low
                as_much += most - least == high - low
                more += most - least < high - low
    print(
        f"\n{count} of them: the auditor sees less than the attacker of {less} sides, as much of "
        f"{as_much} and more of {more}."
    )


def _seen_by_auditor(config: Config) -> Sides:
    """Return between what each side of each cell lies, looked at without a limit."""
    levels = levels_of(config, read_areas(config))
    gathered = gather(config, levels)
    protected = protect_levels(config, config.catalogue(), levels, gathered)
    published, _ = audited(config, levels, protected)
    cells = cells_of(published, config.exempt())
    made = known_of(cells, config.protection, meaning_of(config, levels))
    verdict = by_bounds(made.family)
    with patch.multiple(programmes, COUNTS=MOST, _REACH=(MOST, MOST)):  # all of the city
        low, high, _ = programmes.intervals(verdict.bounded, verdict.sides, width=MOST)
    bounds = np.array([verdict.bounded.low, verdict.bounded.high])
    bounds[0, verdict.sides] = np.maximum(low, bounds[0, verdict.sides])
    bounds[1, verdict.sides] = np.minimum(high, bounds[1, verdict.sides])
    cells = made.cells[["area", "period", "sex", "indicator", "group"]].to_numpy().tolist()
    found: Sides = {}
    for side, name in (("in", "numerator"), ("out", "rest")):
        numbers = made.cells[name].fillna(NONE).astype("int64").tolist()
        for cell, number in zip(cells, numbers, strict=True):
            if number != NONE:
                least, most = bounds[:, number].tolist()
                found[tuple(cell), side] = least, most
    return found


if __name__ == "__main__":
    main()

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

from geolyft import load_config
from geolyft.errors import GeolyftError
from geolyft.frames import CITY, EVERYONE, has_status
from geolyft.pipeline.run import publish, run

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from attacker import attack  # noqa: E402 - it lies with the tests
from random_city import write_random_city  # noqa: E402

WIDTH = 5


def main() -> None:
    """Print both tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--residents", type=int, nargs="*", default=[367_886, 60_000, 20_000])
    asked.add_argument("--cities", type=int, default=200)
    said = asked.parse_args()
    warnings.simplefilter("ignore")
    print("| residents | audit | seconds | GeSO cells hidden | residents in them | hidden by it "
          "| narrowest | not settled |\n|" + " --- |" * 8)  # fmt: skip
    for residents in said.residents:
        with tempfile.TemporaryDirectory() as folder:
            _register(Path(folder), residents)
    _cities(said.cities)


def _register(folder: Path, residents: int) -> None:
    generate = [sys.executable, ROOT / "examples" / "register" / "generate.py"]
    options = ["--residents", str(residents), "--out", folder / "data"]
    subprocess.run([*generate, *options], check=True, stdout=subprocess.DEVNULL)
    text = (ROOT / "examples" / "register" / "run.toml").read_text(encoding="utf-8")
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


def _cities(count: int) -> None:
    refused = exact = narrow = sides = 0
    for seed in range(count):
        with tempfile.TemporaryDirectory() as folder:
            try:
                run(write_random_city(Path(folder), seed), out=Path(folder) / "out")
            except GeolyftError as error:
                refused += 1
                print(f"city {seed}: {error.code}", file=sys.stderr)
                continue
            widths = [high - low for low, high in attack(Path(folder) / "out").values()]
        sides += len(widths)
        exact += widths.count(0)
        narrow += sum(width < WIDTH for width in widths)
    print(
        f"\n{count} cities made at random, {refused} refused; of {sides} hidden sides the attacker "
        f"knows {exact} exactly and {narrow} to less than {WIDTH}."
    )


if __name__ == "__main__":
    main()

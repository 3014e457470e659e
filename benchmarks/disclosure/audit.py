"""What the audit costs: prints the tables of registers and of small areas in docs/disclosure.md.

Registers of some sizes are run with and without it. Everything is synthetic.
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
from geolyft.frames import CITY, EVERYONE, has_status
from geolyft.pipeline.run import publish

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

    Sides = dict[tuple[tuple[str, str, str, str, str], str], tuple[int, int]]

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))


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
    said = asked.parse_args()
    warnings.simplefilter("ignore")
    print("| residents | audit | seconds | GeSO cells hidden | residents in them | hidden by it "
          "| narrowest | not settled |\n|" + " --- |" * 8)  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folders = {residents: Path(name) / str(residents) for residents in said.residents}
        for residents, folder in folders.items():
            _register(folder, residents)
        _small_areas(folders)


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


if __name__ == "__main__":
    main()

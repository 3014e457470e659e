"""What an attacker gets out of register examples: prints the table of docs/disclosure.md.

He has the delivery alone, and looks at all that hangs together and at parts of it. Everything is
synthetic.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import warnings
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from geolyft import run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from attacker import attacked, ways  # noqa: E402 - it lies with the tests
from delivered_counts import all_that_is_known  # noqa: E402
from unknown_numbers import BASES, KINDS  # noqa: E402

REGISTER = ROOT / "examples" / "register"
WIDTH = 5


def main() -> None:
    """Print what is claimed of each register, by what is looked at."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--residents", type=int, nargs="*", default=[367_886, 60_000, 20_000])
    asked.add_argument("--deliveries", type=Path, nargs="*", help="made before, in their place")
    asked.add_argument("--only", nargs="*", help="ways to look, such as sexes+inside")
    said = asked.parse_args()
    warnings.simplefilter("ignore")
    print("| delivery | looks at | believes | sides | claimed to less than 5 | exactly |\n|"
          + " --- |" * 6)  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        made = said.deliveries or (_delivery(Path(name), each) for each in said.residents)
        for delivery in made:
            for row in _rows(delivery, said.only):
                print(f"| {delivery.parent.name} | {row} |", flush=True)


def _delivery(folder: Path, residents: int) -> Path:
    made = folder / str(residents)
    generate = [sys.executable, REGISTER / "generate.py", "--residents", str(residents)]
    subprocess.run([*generate, "--out", made / "data"], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(REGISTER / "run.toml", made)
    run(made / "run.toml", out=made / "out")
    return made / "out"


def _rows(delivery: Path, only: list[str] | None) -> Iterator[str]:
    known = all_that_is_known(delivery)
    alone = [kind for kind in KINDS if kind != BASES]
    every = [(KINDS, False), *product([*ways(known), alone, list(KINDS)], [True])]
    for kinds, believing in every:
        name = "+".join(kinds[1:])
        if only and name not in only:
            continue
        found = attacked(known, kinds, WIDTH, believing=believing)
        widths = [high - low for low, high in found.values()]
        claimed, exact = sum(each < WIDTH for each in widths), widths.count(0)
        said = "yes" if believing else "no"
        yield f"{name} | {said} | {len(found)} | {claimed} | {exact}"


if __name__ == "__main__":
    main()

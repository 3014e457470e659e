"""Measure the processor time of writing the register's delivery, by this version and another.

``python benchmarks/speed/writing.py --of b718102 --pairs 5`` makes the register, publishes it once
with each version, and lets them write in turn: each time in a process of its own, with everything
imported before the clock starts. Time that other programs take does not count.
"""

from __future__ import annotations

import argparse
import io
import os
import pickle
import pkgutil
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geolyft
import geolyft.export
from geolyft.pipeline import publish

ROOT: Final = Path(__file__).parents[2]
REGISTER: Final = ROOT / "examples" / "register"


def main() -> None:
    """Measure, or do one of the two steps that a version does in a process of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--of", help="a revision to measure besides, by turns")
    asked.add_argument("--pairs", type=int, default=5, help="how often each version writes")
    asked.add_argument("--residents", default="40000")
    asked.add_argument("--step", choices=["publish", "write"], help=argparse.SUPPRESS)
    asked.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.step == "publish":
        run_file, pickled = options.files
        pickled.write_bytes(pickle.dumps(publish(geolyft.load_config(run_file))))
    elif options.step == "write":
        print(seconds(options.files[0]))
    else:
        with TemporaryDirectory(prefix="writing-") as folder:
            measure(Path(folder), options.of, options.pairs, options.residents)


def measure(folder: Path, revision: str | None, pairs: int, residents: str) -> None:
    """Print the median of each version, and this one's as a share of the other's."""
    versions = {"here": ROOT}
    if revision:
        versions[revision] = of_revision(revision, folder / "other")
    _call(ROOT, REGISTER / "generate.py", "--residents", residents, "--out", folder / "data")
    run_file = Path(shutil.copy(REGISTER / "run.toml", folder))
    for name, root in versions.items():
        _call(root, __file__, "--step", "publish", run_file, folder / f"{name}.pickle")
    taken: dict[str, list[float]] = {name: [] for name in versions}
    for _ in range(pairs):
        for name, root in versions.items():
            found = _call(root, __file__, "--step", "write", folder / f"{name}.pickle")
            taken[name].append(float(found))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        each = ", ".join(f"{seconds:.2f}" for seconds in taken[name])
        print(f"{name}: median {median:.2f} s of processor time ({each})")
    if revision:
        print(f"here / {revision}: {medians['here'] / medians[revision]:.0%}")


def seconds(pickled: Path) -> float:
    """Return the processor time of writing a delivery without optional formats."""
    publication = pickle.loads(pickled.read_bytes())  # noqa: S301 - written by the step before
    for module in pkgutil.walk_packages(geolyft.export.__path__, "geolyft.export."):
        import_module(module.name)
    write_contents = import_module("geolyft.export.contents").write_contents
    with TemporaryDirectory(prefix="writing-") as folder:
        begun = time.process_time()
        write_contents(publication, Path(folder))
        return time.process_time() - begun


def of_revision(revision: str, folder: Path) -> Path:
    """Unpack a revision of the repository into a folder."""
    archive = ["git", "-C", str(ROOT), "archive", revision]
    packed = subprocess.run(archive, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


def _call(root: Path, *command: object) -> str:
    """Run a script of ours with the package that lies in a folder."""
    path = os.environ | {"PYTHONPATH": str(root)}
    words = [sys.executable, *map(str, command)]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=path).stdout


if __name__ == "__main__":
    main()

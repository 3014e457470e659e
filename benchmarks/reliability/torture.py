"""What geolyft bears, in figures: bad and broken files, failing disks, kills, flips, bombs.

``make torture`` runs all of it; the figures of docs/reliability.md are its lines.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT)]

from bombs import READERS, write_bombs  # noqa: E402 - after the path is set
from broken import bad_inputs, broken_files  # noqa: E402
from faulty_disk import failures  # noqa: E402
from hostile import texts  # noqa: E402
from kills import killed_assign, killed_publish, killed_run  # noqa: E402
from material import small_run  # noqa: E402

import geolyft  # noqa: E402
from geolyft.errors import GeolyftError, ReadError  # noqa: E402
from geolyft.read.delivery import Delivery  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def disks(folder: Path, share: float, _chance: random.Random) -> Iterator[str]:
    """Let every file's first, middle and last call fail, with five errors."""
    (folder / "disk").mkdir()
    most = None if share == 1 else int(480 * share)
    made = failures(folder / "disk", small_run(folder), most=most)
    held = sum(each["code"] == "output-write" and each["same"] for each in made)
    yield f"writes that fail: {held} of {len(made)} refused, old delivery whole, nothing left"


def flips(folder: Path, share: float, chance: random.Random) -> Iterator[str]:
    """Flip one bit of a delivery at a time."""
    out, found, times = folder / "flipped", 0, int(1000 * share)
    geolyft.run(small_run(folder), out=out)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    for n in range(times):
        file = files[n % len(files)]
        whole = file.read_bytes()
        bit = chance.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        try:
            found += not Delivery(out).verify().intact
        except ReadError:
            found += 1
        file.write_bytes(whole)
    yield f"flipped bits: {found} of {times} found, the manifest's own included"


def bombs(folder: Path, _share: float, _chance: random.Random) -> Iterator[str]:
    """Read what says to hold more than fits; time and memory are of this process."""
    (folder / "bombs").mkdir()
    as_said, longest, most, number = 0, (0.0, ""), 0, 0
    for file, reader, code in write_bombs(folder / "bombs"):
        before, begun = _memory(), time.process_time()
        try:
            READERS[reader](file)
        except GeolyftError as refused:
            as_said += refused.code == code
        longest = max(longest, (time.process_time() - begun, file.name))
        most, number = max(most, _memory() - before), number + 1
    yield f"bombs: {as_said} of {number} refused by their code"
    yield f"the slowest took {longest[0]:.1f} s of processor ({longest[1]}), the largest {most} MB"


def again(folder: Path, share: float, _chance: random.Random) -> Iterator[str]:
    """Run in one process again and again."""
    run_file, times, seen = small_run(folder), max(10, int(50 * share)), []
    for _ in range(times):
        geolyft.run(run_file, out=folder / "again")
        seen.append((_memory(), len(list(Path("/proc/self/fd").iterdir()))))
    half = times // 2
    yield (
        f"{times} runs in a process: memory {seen[half][0]} MB halfway and {seen[-1][0]} MB at the"
        f" end, files open {seen[half][1]} and {seen[-1][1]}"
    )


def _memory() -> int:
    """Return the most memory that this process has had, in MB."""
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


PARTS: dict[str, Callable[[Path, float, random.Random], Iterator[str]]] = {
    each.__name__: each
    for each in (
        bad_inputs,
        broken_files,
        disks,
        killed_run,
        killed_assign,
        killed_publish,
        flips,
        bombs,
        texts,
        again,
    )
}


def main() -> None:
    """Try each part and print its figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--share", type=float, default=1, help="of all that is tried")
    asked.add_argument("--seed", type=int, default=20)
    options = asked.parse_args()
    warnings.simplefilter("ignore")
    for name in options.parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            chance = random.Random(options.seed)  # noqa: S311 - to try the same again
            for line in PARTS[name](Path(folder), options.share, chance):
                print(line, flush=True)


if __name__ == "__main__":
    main()

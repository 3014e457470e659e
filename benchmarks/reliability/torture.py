"""What geolyft bears, in figures: bad and broken files, failing disks, kills, flips, bombs.

``make torture`` runs all of it; the figures of docs/reliability.md are its lines.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT)]

from bombs import READERS, write_bombs  # noqa: E402 - after the path is set
from broken import bad_inputs, broken_files  # noqa: E402
from faulty_disk import failures  # noqa: E402
from hostile import texts  # noqa: E402
from kills import killed_assign, killed_publish, killed_run  # noqa: E402
from material import Figure, small_run  # noqa: E402

import geolyft  # noqa: E402
from geolyft.errors import GeolyftError, ReadError  # noqa: E402
from geolyft.read.delivery import Delivery  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOMB_SECONDS: Final = 5
BOMB_MEMORY: Final = 1000
"""MB over the process before; files of bombs are small."""
FLAT: Final = 1.02
"""How much more memory than halfway through runs in a process is still none."""


def disks(folder: Path, share: float, _chance: random.Random) -> Iterator[Figure]:
    """Let every file's first, middle and last call fail, with five errors."""
    (folder / "disk").mkdir()
    most = None if share == 1 else int(480 * share)
    made = failures(folder / "disk", small_run(folder), most=most)
    held = sum(each["code"] == "output-write" and each["same"] for each in made)
    words = f"writes that fail: {held} of {len(made)} refused, old delivery whole, nothing left"
    yield Figure(words, held == len(made))


def flips(folder: Path, share: float, chance: random.Random) -> Iterator[Figure]:
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
    words = f"flipped bits: {found} of {times} found, the manifest's own included"
    yield Figure(words, found == times)


def bombs(folder: Path, _share: float, _chance: random.Random) -> Iterator[Figure]:
    """Read what says to hold more than fits; time and memory are over those of the process."""
    (folder / "bombs").mkdir()
    as_said, longest, most, number = 0, (0.0, ""), (0, ""), 0
    for file, reader, code in write_bombs(folder / "bombs"):
        Path("/proc/self/clear_refs").write_text("5")  # it begins to count the most anew
        before, begun = _memory("VmRSS"), time.process_time()
        try:
            READERS[reader](file)
        except GeolyftError as refused:
            as_said += refused.code == code
        longest = max(longest, (time.process_time() - begun, file.name))
        most, number = max(most, (_memory("VmHWM") - before, file.name)), number + 1
    yield Figure(f"bombs: {as_said} of {number} refused by their code", as_said == number)
    yield Figure(
        f"the slowest took {longest[0]:.1f} s of processor ({longest[1]}),"
        f" the largest {most[0]} MB ({most[1]})",
        longest[0] < BOMB_SECONDS and most[0] < BOMB_MEMORY,
    )


def again(folder: Path, share: float, _chance: random.Random) -> Iterator[Figure]:
    """Run in one process again and again."""
    run_file, times, seen = small_run(folder), max(10, int(50 * share)), []
    for _ in range(times):
        geolyft.run(run_file, out=folder / "again")
        seen.append((_memory("VmRSS"), len(list(Path("/proc/self/fd").iterdir()))))
    (early, opened), (late, open_last) = seen[times // 2], seen[-1]
    yield Figure(
        f"{times} runs in a process: memory {early} MB halfway and {late} MB at the"
        f" end, files open {opened} and {open_last}",
        late <= FLAT * early and open_last == opened,
    )


def _memory(what: str) -> int:
    """Return the memory of this process in MB: what it has (`VmRSS`), or has had (`VmHWM`)."""
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(said[what].split()[0]) // 1000


PARTS: dict[str, Callable[[Path, float, random.Random], Iterator[Figure]]] = {
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


def main() -> int:
    """Try each part and print its figures; 1 if anything did not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--share", type=float, default=1, help="of all that is tried")
    asked.add_argument("--seed", type=int, default=20)
    options = asked.parse_args()
    warnings.simplefilter("ignore")
    failed = 0
    for name in options.parts or PARTS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            chance = random.Random(options.seed)  # noqa: S311 - to try the same again
            for words, holds in PARTS[name](Path(folder), options.share, chance):
                print(words if holds else f"DOES NOT HOLD: {words}", flush=True)
                failed += not holds
        print(f"  ({name}: {time.monotonic() - begun:.0f} s)", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Deliveries on a disk that fails: one process, preloaded with faults.c, writes again and again.

As a script it takes the folder of a small run, and prints a line of JSON for each failure that it
made: which file, which call, which error, and what became of it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import warnings
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KINDS: Final = ("ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE")
_SOURCE: Final = Path(__file__).with_name("faults.c")


def built(folder: Path) -> Path:
    """Return the library that stands before the system's calls, made of its source."""
    library = folder / "faults.so"
    asked = ["cc", "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"]
    subprocess.run(asked, check=True)  # noqa: S603 - our own source
    return library


def failures(folder: Path, run_file: Path, *, most: int | None = None) -> list[dict[str, Any]]:
    """Return what became of each failure, or of `most` of them, spread over all."""
    asked = [sys.executable, __file__, str(run_file), str(folder / "out"), str(most or 0)]
    library = str(built(folder))
    more = {"LD_PRELOAD": library, "GEOLYFT_FAULTS": library, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - ourselves
        asked, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Disk:
    """The folder under which writing fails."""

    def __init__(self, folder: Path) -> None:
        self._library = ctypes.CDLL(os.environ["GEOLYFT_FAULTS"])
        self._library.fault_set.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.c_long,
                                            ctypes.c_char_p)  # fmt: skip
        self._folder = os.fsencode(folder)

    def fail(self, number: int, at: int) -> None:
        """Let every call from the given one on fail with an error's number."""
        self._library.fault_set(self._folder, number, at, None)

    def watch(self, log: Path) -> None:
        """Write down every call, and let none fail."""
        self._library.fault_set(self._folder, 0, 0, os.fsencode(log))

    def mend(self) -> None:
        """Let nothing fail any more."""
        self._library.fault_set(b"", 0, 0, None)


def moments(log: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the first, a middle and the last call on each file: number, call and file."""
    of_file: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, line in enumerate(log.read_text().splitlines(), start=1):
        call, _, name = line.partition(" ")
        # What is written aside has a folder whose name is made anew each time.
        inside = name.strip("/").partition("/")[2] if name.strip("/").startswith(".") else name
        of_file[inside.removesuffix("-journal")].append((number, call))
    for name, calls in of_file.items():
        for at in sorted({0, len(calls) // 2, len(calls) - 1}):
            yield *calls[at], name


def state_of(folder: Path) -> dict[str, str]:
    """Return everything below a folder, with the digest of each file."""
    return {
        path.relative_to(folder).as_posix(): ""
        if path.is_dir()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
    }


def main(arguments: Sequence[str]) -> None:
    """Deliver once, and again with each failure."""
    from geolyft import load_config, verify  # noqa: PLC0415 - after the library is preloaded
    from geolyft.errors import GeolyftError  # noqa: PLC0415
    from geolyft.pipeline.deliver import deliver  # noqa: PLC0415
    from geolyft.pipeline.run import publish  # noqa: PLC0415

    run_file, out, most = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    # With another thread nothing is given to a second process, whose calls nobody would count.
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    warnings.simplefilter("ignore")
    publication = publish(load_config(run_file))
    place = out.parent / "place"
    place.mkdir()
    disk, out = Disk(place), place / "out"
    deliver(publication, out)
    log = out.parent.parent / "calls.log"
    disk.watch(log)
    deliver(publication, out)
    disk.mend()
    before = state_of(place)
    cases = [(at, kind) for at in moments(log) for kind in KINDS]
    step = max(1, len(cases) // most) if most else 1
    for (number, call, name), kind in cases[::step]:
        said = {"file": name, "call": call, "error": kind}
        disk.fail(getattr(errno, kind), number)
        try:
            deliver(publication, out)
            said["code"] = "done"
        except GeolyftError as refused:
            said |= {"code": refused.code, "exit": refused.exit_code, "text": str(refused)}
        except Exception as bug:  # noqa: BLE001 - that is what is looked for
            said |= {"code": "bug", "text": repr(bug)}
        finally:
            disk.mend()
        said["same"] = state_of(place) == before
        said["intact"] = verify(out).intact if out.exists() else False
        if not said["same"]:
            shutil.rmtree(place)
            place.mkdir()
            deliver(publication, out)
            said["restored"] = state_of(place) == before
        print(json.dumps(said), flush=True)  # noqa: T201 - what it is for


if __name__ == "__main__":
    main(sys.argv[1:])

"""Every reader is given whole files that were broken by chance, and only ever refuses or reads.

As a script it reads the cases of its standard input in a process that a crash may end, and prints
a line of JSON for each.
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bad_inputs.case import FOREIGN
from efforts_register import KNOWN
from mutations import mutated

import geolyft
from geolyft.action.effects.plan import read_plan
from geolyft.action.effects.registered import read_register as read_plans
from geolyft.action.efforts.register import read_register
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.errors import CODES, GeolyftError
from geolyft.index.scales import read_scales
from geolyft.pipeline.earlier import read_earlier
from geolyft.pipeline.levels import read_areas
from geolyft.read import (
    FileSeen,
    RasterFile,
    check_undeclared,
    open_points,
    open_raster,
    read_layer,
    read_table,
    seen_in,
)
from geolyft.read.cell_grid import Window
from geolyft.read.delivery import Delivery, sealed
from geolyft.read.releases import read_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SECONDS: Final = 10
"""Of processor, for one case."""
_PATIENCE: Final = 300
"""Seconds until nothing is heard of a process, on however busy a machine."""
_MEMORY: Final = 4 << 30
"""Bytes that the process may address; what asks for more is none of the family."""
ACCEPTED: Final = "accepted"
_MANIFEST: Final = "delivery/manifest.json"


@dataclass(frozen=True)
class Reader:
    """Something that reads files: the file it is given, which of its parts break, and how.

    Parameters
    ----------
    parts
        Files of which one breaks in each case.
    read
        Reads the first of them; another file where that is said by it.
    mend
        What is done to the broken bytes, so that they are looked at more closely.
    """

    parts: tuple[str, ...]
    read: Callable[[Path], object]
    mend: Callable[[bytes], bytes] = bytes


def _points(file: Path) -> None:
    is_layer = file.suffix == ".gpkg"
    place: dict[str, Any] = {} if is_layer else {"x": "x", "y": "y", "crs": 3008}
    points = open_points(file, columns=["kon"], numbers=["alder"], **place)
    points.finish(sum(map(seen_in, points.batches()), FileSeen()))


def _raster(file: Path) -> None:
    with open_raster(RasterFile(path=file)) as raster:
        window = Window(0, 0, raster.grid.rows, raster.grid.columns)
        raster.read(window)
        check_undeclared(raster, window)


def _delivery(file: Path) -> None:
    folder = file.parent
    run_file = folder.parent / "continued.toml"
    for read in (
        lambda: Delivery(folder).verify(),
        lambda: geolyft.open(folder).observations,
        lambda: geolyft.open(folder).index,
        lambda: read_scales(folder, geolyft.load_catalogue(folder.parent / "catalogue.toml")),
        lambda: _earlier(run_file),
    ):
        with suppress(GeolyftError):
            read()
    if not Delivery(folder).verify().intact:
        raise GeolyftError("verify-differs", "is not as it was", remedy="see geolyft verify")


def _earlier(run_file: Path) -> object:
    config = geolyft.load_config(run_file)
    return read_earlier(config, config.catalogue(), read_areas(config))


def _sealed(manifest: bytes) -> bytes:
    """Let a broken manifest be one that proves itself, as of another version of geolyft."""
    try:
        said = json.loads(manifest)
        said.pop("sha256", None)
        return sealed(json.dumps(said, indent=1)).encode()
    except (ValueError, AttributeError, RecursionError):
        return manifest


def _efforts(file: Path) -> object:
    return read_register(file, catalogue=geolyft.load_catalogue(), known=KNOWN)


def _table(file: Path) -> object:
    return read_table(file, numbers=["ja", "folk"])


READERS: Final[dict[str, Reader]] = {
    "CSV": Reader(("votes.csv",), _table),
    "CSV of points": Reader(("people.csv",), _points),
    "xlsx": Reader(("votes.xlsx",), _table),
    "ODS": Reader(("votes.ods",), _table),
    "gzip": Reader(("votes.csv.gz",), _table),
    "Parquet": Reader(("votes.parquet",), _table),
    "Parquet of points": Reader(("people.parquet",), _points),
    "JSON-stat": Reader(("cube.json",), read_table),
    "PX": Reader(("cube.px",), read_table),
    "GeoPackage": Reader(("areas.gpkg",), read_layer),
    "GeoPackage of points": Reader(("people.gpkg",), _points),
    "GeoJSON": Reader(("areas.geojson",), read_layer),
    "FlatGeobuf": Reader(("areas.fgb",), read_layer),
    "GeoParquet": Reader(("areas.parquet",), read_layer),
    "Shapefile": Reader(
        tuple(f"areas.{each}" for each in ("shp", "shx", "dbf", "prj", "cpg")), read_layer
    ),
    "GeoTIFF": Reader(("noise.tif",), _raster),
    "run file": Reader(("run.toml",), geolyft.load_config),
    "catalogue": Reader(("catalogue.toml",), geolyft.load_catalogue),
    "crosswalk": Reader(("crosswalk.csv",), load_crosswalk),
    "register of efforts": Reader(
        ("insatser.csv", "insatser_platser.csv", "insatser_tider.csv"), _efforts
    ),
    "workbook of efforts": Reader(("insatser.xlsx",), _efforts),
    "plan": Reader(("plan.toml",), read_plan),
    "register of plans": Reader(("planer.jsonl",), read_plans),
    "ledger": Reader(("releases.sqlite",), read_ledger),
    "delivery": Reader((_MANIFEST, "delivery/resultat.parquet", "delivery/index.csv"), _delivery),
    "manifest, sealed again": Reader((_MANIFEST,), _delivery, _sealed),
}


def fuzz(
    whole: Path, readers: Sequence[str], cases: int, seed: int = 20
) -> dict[str, Counter[str]]:
    """Return, by reader, how many cases were refused by each code, accepted, or anything else.

    Parameters
    ----------
    whole
        A folder of whole files, see `fuzzed_files.write_fuzzed_files`; it is copied.
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in readers}
    todo = [(name, case) for name in readers for case in range(cases)]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(whole, folder, dirs_exist_ok=True)
        while todo:
            done = 0
            for done, what in enumerate(_in_a_process(Path(folder), todo, seed), start=1):
                found[todo[done - 1][0]][what] += 1
            todo = todo[done:]
    return found


def unlike(found: Counter[str]) -> dict[str, int]:
    """Return what was neither accepted nor refused by a known code."""
    return {what: n for what, n in found.items() if what not in {ACCEPTED, *CODES}}


def _in_a_process(folder: Path, todo: list[tuple[str, int]], seed: int) -> Iterator[str]:
    """Yield what became of each case, until one ends the process."""
    asked, here = json.dumps(todo), {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, __file__, str(folder), str(seed)]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=here
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(asked)
        child.stdin.close()
        for _, case in todo:
            ready, _, _ = select.select([child.stdout], [], [], _PATIENCE)
            line = child.stdout.readline() if ready else ""
            if not line:
                child.kill()
                yield f"case {case}: " + (f"ended by {child.wait()}" if ready else "stalled")
                return
            yield json.loads(line)


def _became(reader: Reader, folder: Path, case: int, seed: int) -> str:
    """Break a part, read, and put it right again; return what became of it."""
    chance = random.Random(f"{seed} {reader.parts} {case}")  # noqa: S311 - to try the same again
    part = folder / chance.choice(reader.parts)
    whole = part.read_bytes()
    part.write_bytes(reader.mend(mutated(whole, chance)))
    try:
        reader.read(folder / reader.parts[0])
    except GeolyftError as refused:
        foreign = FOREIGN.search(str(refused))
        return f"case {case}: says {foreign[0]}: {refused}" if foreign else refused.code
    except Exception as problem:  # noqa: BLE001 - that there is none is what is tried
        steps = traceback.extract_tb(problem.__traceback__)
        frame = [each for each in steps if "geolyft" in Path(each.filename).parts][-1]
        where = f"{Path(frame.filename).name}, line {frame.lineno}"
        return f"case {case}: {type(problem).__name__} in {where}: {problem}"[:200]
    finally:
        part.write_bytes(whole)
    return ACCEPTED


def main() -> None:
    """Try the cases that are asked for, each within its time of the processor."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, signal.default_int_handler)
    for name, case in json.load(sys.stdin):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            what = _became(READERS[name], folder, case, seed)
        except KeyboardInterrupt:
            what = f"case {case}: longer than {SECONDS} s of processor"
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(what), flush=True)  # noqa: T201 - to the parent


if __name__ == "__main__":
    main()

"""Hold the files of whole deliveries against what they were: a change of the house changes no byte.

``python benchmarks/house/deliveries.py record out/before.json`` makes every kind of delivery and
writes down what each file is. After the change, ``… compare out/before.json`` makes them again and
says which files differ. The manifest is compared without what has to differ: versions, and the
checksums of files that are listed anyway.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import rasterio

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "examples"
sys.path.insert(0, str(Path(__file__).parent))

import other_city  # noqa: E402 - it is found once its folder is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FORMATS: Final = """
[delivery]
formats = ["geoparquet", "flatgeobuf", "geojson", "excel", "webstyles", "pdf", "pictures"]

[portal]
address = "https://example.org/omradeslyft"
publisher = "Exempelstad"
contact = "Statistik"
email = "statistik@example.org"
licence = "http://creativecommons.org/publicdomain/zero/1.0/"
"""
SECOND_OPINION: Final = """
[second_opinion]
indicators = ["E3", "U1", "E2"]
national = { "2021" = [14.0, 7.0], "2024" = [13.0, 7.0] }
"""
NOISE: Final = """
[[source]]
name = "Buller (påhittat)"
file = "noise.tif"
kind = "raster"

[[source.measure]]
indicator = "B2"
statistic = "share_over"
limit = 55
complement = true
"""
OWN_FIELDS: Final = ("versions", "outputs")
"""Of a manifest: what differs with the version, and what is compared file by file."""


def demo(folder: Path) -> Iterator[Path]:
    """Write the shipped example with all that a delivery can hold."""
    yield _with(_copy(EXAMPLES / "demo", folder), FORMATS)


def register(folder: Path) -> Iterator[Path]:
    """Write the made-up register, in both languages."""
    maker = EXAMPLES / "register" / "generate.py"
    data = folder / "data"
    _call(sys.executable, str(maker), "--residents", "40000", "--out", str(data))
    text = (EXAMPLES / "register" / "run.toml").read_text(encoding="utf-8")
    for lang in ("sv", "en"):
        run_file = folder / f"{lang}.toml"
        said = text.replace("[run]\n", f'[run]\nlang = "{lang}"\n', 1)
        run_file.write_text(said, encoding="utf-8")
        yield _with(run_file, FORMATS + SECOND_OPINION)


def second_city(folder: Path) -> Iterator[Path]:
    """Write another city with another index."""
    folder.mkdir(parents=True, exist_ok=True)
    yield _with(other_city.write_inputs(folder), FORMATS)


def raster(folder: Path) -> Iterator[Path]:
    """Write the shipped example with a made-up noise map as one more source."""
    run_file = _copy(EXAMPLES / "demo", folder)
    rows, columns = np.mgrid[0:180, 0:160]
    values = (55 + 15 * np.sin(rows / 17) * np.cos(columns / 11)).astype("float32")
    where = rasterio.Affine(100, 0, 112_000, 0, -100, 6_170_000)
    profile = {"width": 160, "height": 180, "count": 1, "dtype": "float32", "crs": 3008}
    with rasterio.open(folder / "noise.tif", "w", "GTiff", transform=where, **profile) as out:
        out.write(values, 1)
    yield _with(run_file, FORMATS + NOISE)


def chain(folder: Path) -> Iterator[Path]:
    """Write three runs of a period each, every one after the delivery before it."""
    folder.mkdir(parents=True, exist_ok=True)
    other_city.write_inputs(folder)
    districts = other_city.geopandas.read_file(folder / "stadsdelar.gpkg")
    later = other_city.register(districts, year=2026)
    later.to_csv(folder / "invanare_2026.csv", sep=";", decimal=",", index=False)
    for year in (2024, 2025, 2026):
        said = f'periods = ["{year}"]'
        if year > 2024:  # noqa: PLR2004 - the first of the chain has none before it
            said += f'\nearlier = "../out/chain-{year - 1}"'
        text = other_city.RUN.replace('periods = ["2024", "2025"]', said)
        run_file = folder / f"{year}.toml"
        run_file.write_text(text, encoding="utf-8")
        yield _with(run_file, FORMATS)


KINDS: Final[dict[str, Callable[[Path], Iterator[Path]]]] = {
    "demo": demo,
    "register": register,
    "second-city": second_city,
    "raster": raster,
    "chain": chain,
}


def make(work: Path, kinds: Iterable[str] = KINDS) -> dict[str, str]:
    """Make deliveries of these kinds below a folder, and return the SHA-256 of each file."""
    found: dict[str, str] = {}
    for kind in kinds:
        shutil.rmtree(work / kind, ignore_errors=True)
        for run_file in KINDS[kind](work / kind):
            name = kind if run_file.stem == "run" else f"{kind}-{run_file.stem}"
            out = work / "out" / name
            begun = time.perf_counter()
            _call(sys.executable, "-m", "geolyft", "run", str(run_file), "--out", str(out))
            print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
            found |= {f"{name}/{file}": digest for file, digest in hashes(out)}
    return found


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of a delivery and its SHA-256, the manifest without what has to differ."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        if file.name == "manifest.json":
            kept = {k: v for k, v in json.loads(content).items() if k not in OWN_FIELDS}
            content = json.dumps(kept, ensure_ascii=False).encode()
        yield file.relative_to(folder).as_posix(), hashlib.sha256(content).hexdigest()


def compare(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Say which files came, went and changed."""
    lines = [f"gone      {name}" for name in sorted(before.keys() - after.keys())]
    lines += [f"new       {name}" for name in sorted(after.keys() - before.keys())]
    shared = sorted(before.keys() & after.keys())
    return lines + [f"different {name}" for name in shared if before[name] != after[name]]


def _copy(source: Path, folder: Path) -> Path:
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder / "run.toml"


def _with(run_file: Path, more: str) -> Path:
    text = run_file.read_text(encoding="utf-8")
    if more not in text:
        run_file.write_text(f"{text}\n{more}", encoding="utf-8")
    return run_file


def _call(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")


def main() -> None:
    """Record, or compare with what was recorded; exit 5 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["record", "compare"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "deliveries")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    made = make(options.work, options.only)
    if options.what == "record":
        options.file.write_text(json.dumps(made, indent=1), encoding="utf-8")
        print(f"{len(made)} files recorded in {options.file}")
        return
    before = json.loads(options.file.read_text(encoding="utf-8"))
    changed = compare({k: v for k, v in before.items() if k.startswith((*options.only,))}, made)
    print(*changed, sep="\n")
    print(f"{len(made)} files made, {len(changed)} of them not as recorded")
    sys.exit(5 if changed else 0)


if __name__ == "__main__":
    main()

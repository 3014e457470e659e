"""Commands that are killed (kill -9) at random moments: what they replace is old or new, whole."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from material import Figure, small_run

from geolyft.read.delivery import Delivery
from geolyft.read.releases import TABLES, key_file, read_ledger

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

TIMES: Final = 200
_ROOT: Final = Path(__file__).resolve().parents[2]
_POINTS: Final = 50
"""How many times over the small run's residents are assigned: enough to be caught writing."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass
class Trial:
    """A command, begun on one version of its input after the other and killed in a stage of it."""

    words: list[str]
    place: Path
    chance: random.Random
    stages: dict[str, Callable[[], bool]] = field(default_factory=dict)
    lasts: dict[str, float] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=dict)
    whole: int = 0
    open: int = 0

    def __post_init__(self) -> None:
        """Add the stages that every command has."""
        self.place.mkdir()
        self.stages = {"anywhere": lambda: True, "while writing": self._writing, **self.stages}

    def _writing(self) -> bool:
        with suppress(FileNotFoundError):
            return any(each.stat().st_mtime for each in self.left())
        return False

    def left(self) -> list[Path]:
        """Return what is hidden; what a killed command left there is made to look old."""
        return [each for each in self.place.iterdir() if each.name.startswith(".")]

    def started(self, version: int) -> subprocess.Popen[bytes]:
        """Start it on a version of its input."""
        words = [word.replace("VERSION", str(version)) for word in self.words]
        return subprocess.Popen(
            [sys.executable, "-m", "geolyft", *words],
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def finish(self, version: int) -> None:
        """Let it end, and keep how long before the end each stage had begun."""
        running, begun = self.started(version), dict[str, float]()
        while running.poll() is None:
            for stage, is_there in self.stages.items():
                if stage not in begun and is_there():
                    begun[stage] = time.monotonic()
            time.sleep(0.002)
        if running.returncode:
            raise SystemExit(f"{self.words} ended with {running.returncode}")
        ended = time.monotonic()
        self.lasts = {stage: ended - begun.get(stage, ended) for stage in self.stages}

    def kill(self, stage: str, version: int) -> bool:
        """Kill it at a random moment after a stage began; False if it had ended before."""
        running = self.started(version)
        while running.poll() is None and not self.stages[stage]():
            time.sleep(0.001)
        with suppress(subprocess.TimeoutExpired):
            running.wait(self.chance.uniform(0, self.lasts[stage]))
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        return running.wait() == -signal.SIGKILL

    def repeat(self, share: float, held: Callable[[], bool], versions: tuple[int, ...]) -> None:
        """Kill until enough were hit, and count how often the law held."""
        self.hits, stages = dict.fromkeys(self.stages, 0), list(self.stages)
        times = max(len(stages), int(TIMES * share))
        for n in range(10 * times):
            stage = stages[n % len(stages)]
            hit = self.kill(stage, versions[n // len(stages) % len(versions)])
            good = held()
            self.open += sum(bool(each.stat().st_mode & _OTHERS) for each in self.left())
            for each in self.left():
                os.utime(each, (0, 0))
            if hit or not good:
                self.hits[stage], self.whole = self.hits[stage] + hit, self.whole + (hit and good)
            if sum(self.hits.values()) == times:
                return
        raise SystemExit(f"{self.words} ended before it was killed, again and again")

    def said(self, name: str, law: str) -> Figure:
        """Return the figures in a line."""
        moments = ", ".join(f"{count} {stage}" for stage, count in self.hits.items())
        times, stayed = sum(self.hits.values()), len(self.left())
        return Figure(
            f"kill -9 of {name}: {self.whole} of {times} ({moments}) left {law};"
            f" after the next one {stayed} folders stayed",
            self.whole == times and not stayed,
        )


def killed_run(folder: Path, share: float, chance: random.Random) -> Iterator[Figure]:
    """Kill a run that replaces one delivery by another."""
    inputs, out = _two_runs(folder), folder / "killed" / "out"
    words = ["run", f"{inputs}/runVERSION.toml", "--out", str(out), "--quiet"]
    trial, known = Trial(words, out.parent, chance), set[bytes]()
    for version in (0, 1):
        trial.finish(version)
        known.add((out / "manifest.json").read_bytes())

    def held() -> bool:
        return Delivery(out).verify().intact and (out / "manifest.json").read_bytes() in known

    trial.repeat(share, held, (0, 1))
    trial.finish(0)
    yield trial.said("run", "the old delivery or the new one, whole")


def killed_assign(folder: Path, share: float, chance: random.Random) -> Iterator[Figure]:
    """Kill `assign` while one file of points takes another's place."""
    inputs, out = _two_runs(folder), folder / "killed" / "out.csv"
    for version, year in enumerate((2023, 2024)):
        head, *rows = (inputs / f"people_{year}.csv").read_bytes().splitlines()
        (inputs / f"points{version}.csv").write_bytes(b"\n".join([head, *rows * _POINTS, b""]))
    words = f"assign {inputs}/pointsVERSION.csv --areas {inputs}/areas.gpkg --code kod --name namn"
    words += f" --x x --y y --crs 3008 --out {out}"
    trial, known = Trial(words.split(), out.parent, chance), set[bytes]()
    for version in (0, 1):
        trial.finish(version)
        known.add(out.read_bytes())
    trial.repeat(share, lambda: out.read_bytes() in known, (0, 1))
    trial.finish(0)
    yield trial.said("assign", "the old file or the new one, whole")
    words = f"of what it left aside, as sensitive as the input, others could read {trial.open}"
    yield Figure(words, not trial.open)


def killed_publish(folder: Path, share: float, chance: random.Random) -> Iterator[Figure]:
    """Kill `run --publish`, which adds a second release to a ledger."""
    place = folder / "killed"
    inputs, ledger, one = _two_runs(folder), place / "releases.sqlite", folder / "one.sqlite"
    for run_file in inputs.glob("run[01].toml"):
        with run_file.open("a", encoding="utf-8") as opened:
            opened.write(f'\n[releases]\nfile = "{ledger}"\n')
    words = ["run", f"{inputs}/runVERSION.toml", "--out", f"{place}/out", "--publish"]
    trial = Trial(words, place, chance, {"once delivered": lambda: any(place.glob("out_*"))})
    trial.finish(0)
    shutil.copy(ledger, one)
    before, key = _dump(ledger), key_file(ledger).read_bytes()
    _whole(place)
    trial.finish(1)
    after, added = _dump(ledger), 0
    _whole(place)
    shutil.copy(one, ledger)

    def held() -> bool:
        nonlocal added
        delivered, whole = len(list(place.glob("out_*"))), _whole(place)
        now = _dump(ledger)
        if now == after:
            added += 1
            shutil.copy(one, ledger)
        is_one = now == before or (now == after and delivered > 0)
        return whole and is_one and key_file(ledger).read_bytes() == key

    trial.repeat(share, held, (1,))
    trial.finish(1)
    law = "no delivery that is not whole, and the ledger as before or with the release"
    yield trial.said("run --publish", law)
    is_added = _dump(ledger) == after
    yield Figure(f"it had the release {added} times; after the next one: {is_added}", is_added)


def _two_runs(folder: Path) -> Path:
    """Write two runs that differ in their titles, and return where they are."""
    run_file = small_run(folder)
    said = run_file.read_text(encoding="utf-8")
    for version in (0, 1):
        text = said.replace("Provstaden", f"Provstaden {version}")
        run_file.with_name(f"run{version}.toml").write_text(text, encoding="utf-8")
    return run_file.parent


def _whole(place: Path) -> bool:
    """Say whether every dated delivery is whole, and remove them."""
    found = list(place.glob("out_*"))
    whole = all(Delivery(each).verify().intact for each in found)
    for each in found:
        shutil.rmtree(each)
    return whole


def _dump(ledger: Path) -> dict[str, list[str]]:
    """Return all that a ledger holds but the days on which releases were added."""
    read_ledger(ledger)  # as the next run does, who takes out what was half added
    found = {}
    with closing(sqlite3.connect(ledger)) as opened:
        for table, columns in TABLES.items():
            kept = ", ".join(column for column in columns if column != "added")
            found[table] = sorted(map(str, opened.execute(f'SELECT {kept} FROM "{table}"')))  # noqa: S608 - our own names
    return found

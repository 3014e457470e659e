"""A hundred hostile texts in every field of a city, over every sink: nothing runs, all is text."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hostile_city import TOGETHER, write_hostile_city
from hostile_sinks import Pages, unseen, wrong_files, wrong_in_qgis, wrong_on_terminal
from hostile_texts import TEXTS
from material import Figure, four_squares
from needs import chromium, is_there
from qgis_check import ask
from web_browser import FLAGS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

_ROOT: Final = Path(__file__).resolve().parents[2]
FORMATS: Final = ("excel", "geojson", "geoparquet", "flatgeobuf", "webstyles", "pictures", "pdf")
# As long as the others, so that what moves on a map for a long text moves here too.
_PLAIN: Final = tuple(f"Text {n} utan mening" * 4 for n in ("ett", "två", "tre", "fyra"))


def texts(folder: Path, share: float, _chance: random.Random) -> Iterator[Figure]:
    """Make a delivery of four texts at a time, read all its files and open all its pages."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - optional

    every = [TEXTS[n : n + TOGETHER] for n in range(0, len(TEXTS), TOGETHER)]
    every = every[:: max(1, round(1 / share))]
    wrong, files, projects = [], 0, []
    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium(), args=FLAGS)
        pages = Pages(started.new_context(bypass_csp=True))
        shapes = pages.open(_delivered(folder / "plain", _PLAIN)[0])
        for n, some in enumerate(every):
            out, said = _delivered(folder / str(n), some)
            wrong += wrong_on_terminal(said) + wrong_files(out)
            pages.open(out, shapes)
            files += sum(each.is_file() for each in out.rglob("*"))
            projects.append({"open": f"{out}/omradeslyft.qgz", "steps": [{"do": "texts"}]})
            beside = {each.name for each in out.parent.iterdir()} - {"in", "out"}
            wrong += [f"written outside the delivery: {each}" for each in beside]
        wrong += pages.wrong + unseen(chain.from_iterable(every), pages.texts)
        started.close()
    number, projects = sum(map(len, every)), projects if is_there("qgis") else []
    for some, said in zip(every, ask(projects), strict=False):
        wrong += wrong_in_qgis(said) + unseen(some, said["steps"][0]["texts"])
    yield Figure(
        f"hostile texts: {number} in every field of {len(every)} deliveries, {files} files read,"
        f" {pages.number} pages opened in Chromium without their policy,"
        f" {len(projects)} projects in QGIS: {len(wrong)} faults",
        not wrong,
    )
    yield from (Figure(each, holds=False) for each in wrong)


def _delivered(folder: Path, some: Sequence[str]) -> tuple[Path, str]:
    """Return a delivery with some texts everywhere, and all that the commands said of it."""
    folder.mkdir()
    (folder / "in").mkdir()
    run_file = write_hostile_city(folder / "in", four_squares(), some, formats=FORMATS)
    out = folder / "out"
    asked = (["run", str(run_file), "--out", str(out)], ["verify", str(out)])
    said = ""
    for words in asked:
        done = subprocess.run(
            [sys.executable, "-m", "geolyft", *words],
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{words} with {some}: {done.stderr}")
        said += done.stdout + done.stderr
    return out, said

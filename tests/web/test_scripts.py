"""The scripts of the page without a browser: what they compute, in node, on what Python made."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

import needs
import pytest
from web_levels import publication as with_levels

from geolyft.export.web.bundle import bundle
from geolyft.export.web.content import cells_by_sex, page_content
from geolyft.export.web.levels import generalise
from geolyft.export.web.views import changes
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from geolyft.export.figures.cells import Cell
    from geolyft.export.publication import Publication

FOLDER: Final = Path(__file__).with_name("js")
NAMES: Final = {"difference": "part", "gap_low": "gapLow", "gap_high": "gapHigh"}
AREAS: Final = ("Vid Hamnen", "Hamnen", *(f"Område Å{n}, Ö{n}berg" for n in range(3, 7)))
NUMBERS: Final = (0, 0.04, 1.5, 99.9, 100.0, 999.96, 1234.5, 1234567.0)


@pytest.fixture(scope="module")
def node() -> str:
    """Return where node is."""
    return str(needs.node())


def shown(cell: Cell) -> dict[str, object]:
    """Return a cell as the scripts name its parts; how many there should be is the theme's."""
    parts = {NAMES.get(name, name): part for name, part in cell.items() if name != "total"}
    return {"value": None} | {name: part for name, part in parts.items() if part is not None}


def written(publication: Publication) -> dict[str, object]:
    """Return the page's content, and what the scripts should read of it."""
    levels = (publication, *publication.inner)
    words = load_words(publication.lang)
    return {
        "content": page_content(
            publication, shapes={level.division: generalise(level.areas) for level in levels}
        ),
        "cells": [
            [{"level": level.division, "sex": sex, "period": period}, theme, area, shown(cell)]
            for level in levels
            for sex, cells in cells_by_sex(level).items()
            for (theme, period, area), cell in cells.items()
        ],
        "changes": [
            [theme, area, shown(cell)] for (theme, area), cell in changes(publication).items()
        ],
        "numbers": [
            [value, 1, words.number(value), words.signed(value)]
            for number in NUMBERS
            for value in (number, -number)
        ],
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.json"
    path.write_text(json.dumps(written(with_levels(small=2, names=AREAS))), encoding="utf-8")
    return path


@pytest.mark.parametrize("script", sorted(path.name for path in FOLDER.glob("*.test.js")))
def test_the_scripts_compute_what_they_say(script: str, node: str, page: Path) -> None:
    run = subprocess.run(  # noqa: S603 - our own tests
        [node, "--test", script],
        cwd=FOLDER,
        env={**os.environ, "GEOLYFT_PAGE": str(page)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_modules_keep_their_names_to_themselves(node: str) -> None:
    texts = {
        "a": "import { told } from './b.js';\nconst own = 'a';\nconsole.log(told(), own);\n",
        "b": "const own = 'b';\nexport function told() {\n  return own;\n}\n",
    }
    script = bundle("a", texts.__getitem__) + "console.log(typeof own, typeof told, typeof $b);"
    run = [node, "--eval", script]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert told.split() == ["b", "a", "undefined", "undefined", "undefined"]

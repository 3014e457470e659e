"""The scripts of the page without a browser: what they compute, in node, on what Python made."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import needs
import pandas as pd
import pytest
from web_levels import publication as with_levels

from geolyft.divisions.gazetteer.finding import find_places
from geolyft.divisions.gazetteer.places import Place
from geolyft.export.figures.cells import theme_codes
from geolyft.export.figures.reader import reader_of
from geolyft.export.findings import contrasts_of
from geolyft.export.web.bundle import bundle
from geolyft.export.web.content import cells_by_sex, page_content
from geolyft.export.web.levels import generalise
from geolyft.export.web.views import changes
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.figures.cells import Cell
    from geolyft.export.publication import Publication

FOLDER: Final = Path(__file__).with_name("js")
NAMES: Final = {"difference": "part", "gap_low": "gapLow", "gap_high": "gapHigh"}
AREAS: Final = ("Vid Hamnen", "Hamnen", *(f"Område Å{n}, Ö{n}berg" for n in range(3, 7)))
PLACES: Final = (
    Place("alias", "NHL", "5", "Nydala, Hermodsdal"),
    Place("alias", "NHL", "6", "Lindängen"),
    Place("alias", "Rosengård", "4", "Apelgården, Herrgården"),
    Place("delomrade", "Herrgården", "4"),
    Place("delomrade", "Möllevången", "2"),
    Place("street", "Amiralsgatan", "1", "Lugnet", "1-23", "2-14"),
    Place("street", "Amiralsgatan", "2", "Möllevången, Annelund", "27-89", "16-98 102"),
    Place("street", "Rosengatan", "3", "Annelund"),
    Place("street", "S:t Knuts väg", "2"),
    Place("street", "Torngatan", "1"),
    Place("street", "Törngatan", "2"),
)
ASKED: Final = (
    *("", "  ", "!", "10", "område", "hamn", "st knuts", "sankt knuts väg", "n"),
    *(f"amiralsgatan {number}" for number in ("1", "20 B", "24", "25", "102c", "999999", "rum")),
    *("Amiralsgattan 20", "rosengrad", "mollevongn", "vägen", "m fl", "1010 1"),
)
NUMBERS: Final = (0, 0.04, 1.5, 99.9, 100.0, 999.96, 1234.5, 1234567.0)


@pytest.fixture(scope="module")
def node() -> str:
    """Return where node is."""
    return str(needs.node())


def shown(cell: Cell) -> dict[str, object]:
    """Return a cell as the scripts name its parts; how many there should be is the theme's."""
    parts = {NAMES.get(name, name): part for name, part in cell.items() if name != "total"}
    return {"value": None} | {name: part for name, part in parts.items() if part is not None}


def asked() -> Iterator[str]:
    """Yield names as they are, and with each slip of the pen at each letter."""
    yield from ASKED
    for name in {each.name for each in PLACES}:
        yield from (name, name.upper(), name[:4])
        for n in range(len(name)):
            yield from (name[:n] + name[n + 1 :], name[:n] + "x" + name[n:])
            yield name[:n] + name[n : n + 2][::-1] + name[n + 2 :]


def written(publication: Publication) -> dict[str, object]:
    """Return the page's content, and what the scripts should read of it."""
    levels = (publication, *publication.inner)
    words = load_words(publication.lang)
    shapes = {level.division: level.areas for level in levels}
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
        "asked": [
            [query, found[["kind", "name", "area"]].to_numpy().tolist()]
            for query in sorted(asked())
            for found in [find_places(query, areas=shapes, places=pd.DataFrame(PLACES))]
        ],
        "changes": [
            [theme, area, shown(cell)] for (theme, area), cell in changes(publication).items()
        ],
        "contrasts": [
            [period, theme, *pair, *(round(each, 1) + 0.0 for each in size)]
            for period in publication.periods
            for theme in theme_codes(publication)
            for pair, size in contrasts_of(reader_of(publication), theme, period).items()
        ],
        "classes": dict(words.section("classes")),
        "numbers": [
            [value, 1, words.number(value), words.signed(value)]
            for number in NUMBERS
            for value in (number, -number)
        ],
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.json"
    path.write_text(
        json.dumps(written(replace(with_levels(small=2, names=AREAS), places=PLACES))),
        encoding="utf-8",
    )
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

"""Names of modules and files that pages and docstrings give are names that exist."""

from __future__ import annotations

import ast
import re
import warnings
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geolyft.moved import MOVED

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "geolyft"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
# The change log also says what was called otherwise before.
TODAY = [page for page in PAGES if page.name != "CHANGELOG.md"]
MODULES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted([*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "docs").glob("*.py")])
# Not where a file's name begins, nor inside a longer word or an address.
DOTTED = re.compile(r"(?<![\w./\-])geolyft(?:\.[A-Za-z_]\w*)+(?![\w/])")
FILES = re.compile(
    r"`((?:geolyft|docs|tests|benchmarks|examples|boundaries)/[\w./-]*|pyproject\.toml|Makefile|[A-Z]+\.md)`"
)


@cache
def resolves(name: str) -> bool:
    """Say whether a dotted name is a module, or what one has."""
    parts = name.split(".")
    with warnings.catch_warnings():
        # The old names of modules may stand where old names are the subject.
        warnings.simplefilter("ignore", DeprecationWarning)
        for n in range(len(parts), 0, -1):
            try:
                found = import_module(".".join(parts[:n]))
            except ModuleNotFoundError:
                continue
            for part in parts[n:]:
                if not hasattr(found, part) and part not in getattr(found, "model_fields", {}):
                    return False
                found = getattr(found, part, None)
            return True
    return False


def is_old(name: str) -> bool:
    return name.split(".")[1] in MOVED


def texts_of(path: Path) -> Iterator[str]:
    """Yield every docstring of a file, also those of what is not a function or class."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def names_in(text: str) -> set[str]:
    return set(DOTTED.findall(text))


@pytest.mark.parametrize("page", TODAY, ids=lambda page: page.name)
def test_every_dotted_name_on_a_page_is_one_of_today(page: Path) -> None:
    named = names_in(page.read_text(encoding="utf-8"))
    # The page of the library says what old names do.
    named -= {"geolyft.composite"} if page.name == "api.md" else set()
    assert sorted(name for name in named if is_old(name) or not resolves(name)) == []


def test_every_dotted_name_in_the_change_log_still_leads_somewhere() -> None:
    named = names_in((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert sorted(name for name in named if not resolves(name)) == []


@pytest.mark.parametrize(
    "path", [*MODULES, *SCRIPTS], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_every_dotted_name_in_a_docstring_is_one_of_today(path: Path) -> None:
    named = {name for text in texts_of(path) for name in names_in(text)}
    assert sorted(name for name in named if is_old(name) or not resolves(name)) == []


@pytest.mark.parametrize("page", TODAY, ids=lambda page: page.name)
def test_every_file_of_the_tree_named_on_a_page_is_there(page: Path) -> None:
    named = FILES.findall(page.read_text(encoding="utf-8"))
    gone = [path for path in named if not (ROOT / path).exists()]
    assert [path for path in gone if not path.startswith("docs/_build")] == []  # make docs makes it


def test_adding_names_a_file_for_each_kind_of_change() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    adding = text.partition("## Adding\n")[2].partition("\n## ")[0]
    rows = [row for row in adding.splitlines() if row.startswith("| ")][2:]
    assert len(rows) > 8
    assert [row for row in rows if not FILES.findall(row)] == []


def test_every_folder_has_a_row_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    named = set(re.findall(r"^\| `([\w/]+)/`", page, re.MULTILINE))
    assert folders <= named
    assert all((PACKAGE / name).is_dir() for name in named)
    steps = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", page)
    assert [each for each in steps if not any((r / each).exists() for r in (ROOT, PACKAGE))] == []


def test_the_picture_of_the_house_is_that_of_today(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    house = import_module("pictures_house")
    monkeypatch.setattr(house, "IMAGE", tmp_path / "house.svg")
    house.main()
    drawn = (ROOT / "docs" / "images" / "house.svg").read_text(encoding="utf-8")
    assert (tmp_path / "house.svg").read_text(encoding="utf-8") == drawn, (
        "run python docs/pictures_house.py"
    )


def test_no_arrow_of_the_picture_goes_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    house = import_module("pictures_house")
    floors = [floor.name for floor in house.floors()]
    assert len(house.arrows()) > len(floors)
    assert [pair for pair in house.arrows() if floors.index(pair[0]) > floors.index(pair[1])] == []

"""Measure the house: modules per folder, layers of imports, lines, sizes of functions, comments.

Of the checkout this stands in, and with ``--of REV`` of another revision of it::

    python benchmarks/house/house.py
    python benchmarks/house/house.py --of v0.1.0
"""

from __future__ import annotations

import argparse
import ast
import io
import subprocess
import tarfile
import tempfile
import tokenize
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "geolyft"
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def folder_of(path: Path, package: Path) -> str:
    """Return the folder a module lies in."""
    return path.parent.relative_to(package).as_posix()


def lines_of(text: str) -> int:
    """Count lines that are not empty."""
    return sum(bool(line.strip()) for line in text.splitlines())


def comments_of(text: str) -> int:
    """Count comments that say something: not what linters are told."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    said = (token.string for token in tokens if token.type == tokenize.COMMENT)
    told = ("# noqa", "# type:", "# fmt:", "#!")
    return sum(not each.startswith(told) for each in said)


def body_lines(function: Functions) -> int:
    """Count the lines of a function from its name to its end, its docstring apart."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def functions_of(text: str) -> list[int]:
    """Return the size of every function and method."""
    tree = ast.parse(text)
    return [body_lines(node) for node in ast.walk(tree) if isinstance(node, Functions)]


def spread(sizes: list[int]) -> str:
    """Return median, the ninetieth of a hundred, and the largest."""
    middle, most = np.percentile(sizes, [50, 90])
    return f"{middle:.0f} / {most:.0f} / {max(sizes)}"


def layers_of(root: Path) -> list[int]:
    """Return how many layers each contract of the import linter has."""
    said = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    contracts = said["tool"]["importlinter"]["contracts"]
    return [len(each["layers"]) for each in contracts if each["type"] == "layers"]


def measured(root: Path) -> list[tuple[str, str]]:
    """Return every figure of a checkout with its name."""
    package = root / PACKAGE
    modules = sorted(package.rglob("*.py"))
    texts = [path.read_text("utf-8") for path in modules]
    rooms = [path for path in modules if path.name != "__init__.py"]
    folders = Counter(folder_of(path, package) for path in rooms)
    scripts = [path.read_text("utf-8") for path in sorted(package.rglob("*.js"))]
    tests = [path.read_text("utf-8") for path in sorted((root / "tests").rglob("*.py"))]
    code = sum(map(lines_of, texts))
    return [
        ("modules", str(len(rooms))),
        ("folders", str(len(folders))),
        ("modules of the largest folder", "{0[1]} ({0[0]})".format(folders.most_common(1)[0])),
        ("modules lying at the top", str(folders["."])),
        ("layers of each contract of imports", ", ".join(map(str, layers_of(root)))),
        ("lines of Python", str(code)),
        ("lines of the page's scripts", str(sum(map(lines_of, scripts)))),
        ("scripts of the page", str(len(scripts))),
        ("lines of tests", str(sum(map(lines_of, tests)))),
        (
            "lines of a function: median / p90 / max",
            spread([n for t in texts for n in functions_of(t)]),
        ),
        (
            "lines of a module: median / p90 / max",
            spread([len(t.splitlines()) for t in texts if t]),
        ),
        ("comments on 100 lines", f"{100 * sum(map(comments_of, texts)) / code:.1f}"),
        *((f"modules in {name}", str(count)) for name, count in sorted(folders.items())),
    ]


def main() -> None:
    """Print the figures, as rows of a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", metavar="REV", help="a revision of this repository")
    revision = parser.parse_args().of
    with tempfile.TemporaryDirectory() as folder:
        root = ROOT
        if revision:
            asks = ["git", "-C", str(ROOT), "archive", "--format=tar", revision]
            archive = subprocess.run(asks, check=True, capture_output=True).stdout
            with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
                packed.extractall(folder, filter="data")
            root = Path(folder)
        print(f"| {revision or 'this checkout'} | |\n| --- | --- |")
        for name, figure in measured(root):
            print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()

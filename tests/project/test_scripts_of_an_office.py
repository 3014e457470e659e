"""The scripts of a planner's office are short, and so is what is said of them."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from needs import marked

ROOT = Path(__file__).parents[2]
PLAIN = ROOT / "benchmarks" / "side_by_side" / "plain"
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
MOST = 15


def lines_of_code(script: Path) -> int:
    """Count lines without blank ones, comments and the docstring."""
    text = script.read_text(encoding="utf-8")
    about = ast.parse(text).body[0]
    assert isinstance(about, ast.Expr), "a script begins with what it is"
    lines = text.splitlines()[about.end_lineno or 0 :]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_at_most_fifteen_lines_of_code(script: Path) -> None:
    assert lines_of_code(script) <= MOST


def test_the_page_has_the_lines_that_the_scripts_have() -> None:
    page = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\.py)` \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    assert {name for name, *_ in rows} == {path.name for path in PLAIN.glob("*.py")}
    for name, ours, theirs in rows:
        assert int(ours) == lines_of_code(ROOT / "examples" / name)
        assert int(theirs) == lines_of_code(PLAIN / name)
    assert all(f"| `{path.name}` |" in page for path in SCRIPTS)


def test_the_index_is_the_one_that_plain_geopandas_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ours = runpy.run_path(str(ROOT / "examples" / "other_city.py"))["made"]
    plain = runpy.run_path(str(PLAIN / "other_city.py"))["made"].drop("city", level="area")
    both = ours.reset_index().set_index(["period", "area"]).join(plain.add_suffix("_plain"))
    np.testing.assert_allclose(both["index"], both["index_plain"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(both["index_low"], both["low_plain"], rtol=0, atol=1)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of scipy's, in tobler
@pytest.mark.parametrize(
    "script",
    marked(
        [PLAIN / "own_points.py", PLAIN / "from_pxweb.py"],
        {"from_pxweb.py": "tobler"},
        lambda path: path.name,
    ),
    ids=lambda path: path.name,
)
def test_what_is_compared_with_runs(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

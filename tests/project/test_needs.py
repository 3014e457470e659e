"""What a machine may not have is skipped with the words that install it, and can be hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import needs
import pytest

TESTS = Path(__file__).parents[1]
HIDDEN = """
import needs
needs.hide()
for name in sorted(needs.NAMES):
    print(name, needs.is_there(name))
from geolyft.errors import OutputError
from geolyft.export.formats import check_formats
for name in ("pdf", "excel", "pictures"):
    try:
        check_formats([name])
    except OutputError as refused:
        print(refused.code, refused.remedy)
"""


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this run itself hides and demands."""
    for variable in (needs.HIDE, needs.NEED):
        monkeypatch.delenv(variable, raising=False)


def outcome(*names: str) -> str:
    """Return how a test with these needs ends, and what it says."""
    try:
        needs.require(names)
    except (pytest.skip.Exception, pytest.fail.Exception) as ended:
        return f"{type(ended).__name__}: {ended}"
    return "runs"


@pytest.mark.parametrize("name", sorted(needs.NAMES))
def test_what_is_not_there_is_skipped_with_the_words_that_install_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "is_there", lambda each: each != name)
    others = needs.NAMES - {name}
    assert outcome(*others) == "runs"
    assert outcome(*others, name) == f"Skipped: no {name}: {needs.words(name)}"
    assert "install" in needs.words(name)


@pytest.mark.parametrize("demanded", ["all", "qgis", "node, qgis"])
def test_what_is_demanded_and_not_there_is_a_failure(
    demanded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(needs.NEED, demanded)
    monkeypatch.setattr(needs, "is_there", lambda _name: False)
    assert outcome("qgis").startswith("Failed: no qgis")
    assert outcome("duckdb").startswith("Failed" if demanded == "all" else "Skipped")


def test_a_name_that_nobody_knows_is_no_need(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome("qgsi").startswith("Failed")
    monkeypatch.setenv(needs.HIDE, "qgsi")
    with pytest.raises(pytest.UsageError, match="qgsi"):
        needs.asked(needs.HIDE)


def test_nothing_is_both_hidden_and_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(needs.HIDE, "all")
    monkeypatch.setenv(needs.NEED, "node")
    with pytest.raises(pytest.UsageError, match="node"):
        needs.hide()


def test_what_is_hidden_is_hidden_from_the_program_too() -> None:
    done = run_hidden("all", HIDDEN)
    *there, pdf, excel, pictures = done.splitlines()
    assert there == [f"{name} False" for name in sorted(needs.NAMES)]
    assert "libpango" in pdf
    assert 'pip install "geolyft[excel]"' in excel
    assert 'pip install "geolyft[pictures]"' in pictures


@pytest.mark.needs("openpyxl")
def test_what_is_not_hidden_stays() -> None:
    assert "openpyxl True" in run_hidden("pypdf,qgis", HIDDEN)


def run_hidden(names: str, script: str) -> str:
    path = os.pathsep.join([str(TESTS / "support"), str(TESTS.parent)])
    env = {**os.environ, "PYTHONPATH": path, needs.HIDE: names}
    run = [sys.executable, "-W", "error", "-c", script]
    return subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603

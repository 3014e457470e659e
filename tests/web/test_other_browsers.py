"""The map in Firefox and WebKitGTK: every control once, nothing wrong, and axe finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from other_browsers import Asked, address_of, open_firefox, open_webkit, violations
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.export.figures.stems import file_stems
from geolyft.export.web.page import Siblings, write_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSERS = [
    pytest.param(open_firefox, id="firefox", marks=pytest.mark.needs("firefox", "axe")),
    pytest.param(open_webkit, id="webkit", marks=pytest.mark.needs("webkit", "axe")),
]
TOOLS = """(() => {
  window.wrong = [];
  const hear = (kind, part) => addEventListener(kind, (it) => window.wrong.push(it[part]));
  hear('error', 'message');
  hear('securitypolicyviolation', 'violatedDirective');
  window.el = (css) => document.querySelector(css);
  window.press = (css) => (el(css).click(), 1);
  window.pick = (css, value) => {
    el(css).value = value;
    return el(css).dispatchEvent(new Event('change', { bubbles: true }));
  };
  window.type = (css, text) => {
    el(css).value = text;
    return el(css).dispatchEvent(new Event('input', { bubbles: true }));
  };
  window.key = (css, name) =>
    el(css).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
})()"""
CONTROLS = [
    # What is done, what is then asked, and what the answer has in it.
    ("press('input[name=tema][value=E1]')", "el('#tema-rubrik').innerText", "förvärvsarbetar"),
    ("press('input[name=vy][value=gap]')", "location.hash", "tema=skillnad-E1"),
    ("press('input[name=vy][value=value]')", "location.hash", "tema=E1"),
    ("pick('#kon', 'kvinnor')", "el('#tema-rubrik').innerText", "kvinnor"),
    ("pick('#kon', 'alla')", "location.hash", "omrade="),
    ("press('#forra')", "el('#tema-rubrik').innerText", "2023"),
    ("press('#nasta')", "el('#tema-rubrik').innerText", "2024"),
    ("key('path[data-area=\"1\"]', 'Enter')", "el('#panel-rubrik').innerText", "Område Å1"),
    ("type('#sok', 'Område Å3')", "el('#sok-lista').innerText", "Område Å3"),
    ("key('#sok', 'Enter')", "el('#panel-rubrik').innerText", "Område Å3"),
    ("press('#fynd a')", "el('#fynd-rubrik').innerText", "Förvärvsarbetar"),
    ("press('#jamforelser input[value=sida]')", "location.hash", "visa=sida"),
    ("press('#jamforelser input[value=samband]')", "location.hash", "visa=samband"),
    ("press('#jamforelser input[value=tid]')", "location.hash", "visa=tid"),
    ("press('#jamforelser input[value=granser]')", "el('#forklaring').innerText", "kontrast"),
    ("press('#tabell thead button')", "location.hash", "ordning="),
    ("press('#gratt')", "location.hash", "monster=ja"),
    ("press('.leaflet-control-zoom-in')", "el('.leaflet-control-scale').innerText", "m"),
    ("press('#badda-in')", "el('#lank').value", "<iframe "),
    ("press('#allt')", "String(el('#allt').checked)", "true"),
    ("pick('#niva', 'deso')", "el('#tema-rubrik').innerText", "DeSO"),
]


@pytest.fixture(scope="module", params=BROWSERS)
def other(request: pytest.FixtureRequest) -> Iterator[Asked]:
    with request.param() as started:
        yield started


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = with_findings(with_levels(small=2))
    path = tmp_path_factory.mktemp("page") / "karta.html"
    write_map(made, path, siblings=Siblings(profiles=file_stems(made.areas.index)))
    return path


def test_every_control_works_and_nothing_goes_wrong(other: Asked, page: Path) -> None:
    other.open(address_of(page, "#omrade=3"))
    other.run(TOOLS)
    for done, asked, expected in CONTROLS:
        other.run(done)
        assert expected in other.run(asked), done
    assert other.run("window.wrong") == []


@pytest.mark.parametrize("state", ["", "#tema=E1&omrade=3", "#niva=deso&tema=E1", "#visa=sida"])
def test_axe_finds_nothing(other: Asked, page: Path, state: str) -> None:
    other.open(address_of(page, state))
    assert violations(other) == []

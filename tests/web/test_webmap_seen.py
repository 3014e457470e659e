"""Seen at a glance: dark screens, marks of small areas from afar, and dots only where they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, Window, assert_quiet, violations
from web_findings import with_findings
from web_levels import publication as with_levels
from web_publication import observations, publish

from geolyft.export.web.page import write_map

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
pytestmark = pytest.mark.needs("chromium")
STATES = ["", "#tema=E1&omrade=3", "#niva=deso&tema=E1", "#tema=E1&visa=sida&jamfor=1&jamfor=3"]
FILL = "path => getComputedStyle(path).fill"


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2))


@pytest.mark.needs("axe")
@pytest.mark.parametrize("state", STATES)
def test_a_dark_screen_is_accessible_and_keeps_the_colours_of_the_classes(
    window: Window, made: Publication, tmp_path: Path, state: str
) -> None:
    path = tmp_path / "karta.html"
    write_map(made, path)
    seen = {look: window.open(path, state=state, color_scheme=look) for look in ("light", "dark")}
    grounds, fills = {}, {}
    for look, each in seen.items():
        grounds[look] = each.page.evaluate("getComputedStyle(document.body).backgroundColor")
        fills[look] = each.page.eval_on_selector_all("path[data-area]", f"all => all.map({FILL})")
    assert grounds["light"] != grounds["dark"]
    assert fills["light"] == fills["dark"]
    assert violations(seen["dark"].page) == []
    assert_quiet(seen["dark"])


def test_paper_is_white_also_from_a_dark_screen(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "karta.html"
    write_map(publish(), path)
    page = window.open(path, color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 40, 48)"


def test_small_areas_have_their_marks_from_afar_and_their_numbers_when_near(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, state="#niva=deso&tema=E1").page
    own = ".label:not(.quiet):not(.waiting)"
    shown = page.eval_on_selector_all(f"{own} .name", "all => all.map((one) => one.innerText)")
    assert set(filter(None, shown)) == {"▲", "▼"}
    for _ in range(3):
        page.click(".leaflet-control-zoom-in")
    near = page.eval_on_selector_all(f"{own} .name", "all => all.map((one) => one.innerText)")
    assert any(text.rstrip("▲▼").isalnum() for text in near)


def with_partial(areas: list[str]) -> Publication:
    seen = observations()
    rows = (seen["indicator"] == "E1") & seen["area"].isin(areas)
    seen.loc[rows, "status"] = "partial"
    return publish(observations=seen)


def dotted(page: Page) -> list[str]:
    drawn = "all => all.filter(p => p.getAttribute('fill').includes('delvis'))"
    return page.eval_on_selector_all("path[data-area]", f"{drawn}.map(p => p.dataset.area)")


def test_dots_stand_where_some_areas_are_partial_and_words_say_which(opened: Opener) -> None:
    page = opened(publication=with_partial(["1", "3"]), state="#tema=E1").page
    assert sorted(dotted(page)) == ["1", "3"]
    assert "I 1, 3: ofullständigt underlag." in page.inner_text("#tema-text")
    assert "ofullständigt underlag" in page.inner_text("#forklaring")


def test_what_all_areas_are_is_said_once_and_drawn_on_none(opened: Opener) -> None:
    codes = list(publish().areas.index)
    page = opened(publication=with_partial(codes), state="#tema=E1").page
    assert dotted(page) == []
    assert "Alla områden: ofullständigt underlag." in page.inner_text("#tema-text")
    assert "ofullständigt underlag" not in page.inner_text("#forklaring")

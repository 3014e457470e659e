"""The map answers in which area a place lies, by the names people use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, assert_quiet, violations
from web_levels import publication as with_levels
from web_publication import CODES, publish

from geolyft.divisions.areas import load_areas
from geolyft.divisions.gazetteer.places import Place, places_of
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
WORDS = load_words("sv")
REAL = ["1", "3", "9", "10", "11", "12"]
"""Areas of Malmö that the names below lead to; where they lie is made up."""


@pytest.fixture(scope="module")
def malmo() -> Publication:
    # The page's areas are called 1 to 6.
    codes = {code: str(n) for n, code in enumerate(REAL, 1)}
    places = [each for each in places_of("geso") if each.area in codes]
    names = load_areas("geso").loc[REAL, "name"]
    return replace(
        with_levels(small=2, names=[*names]),
        places=tuple(each._replace(area=codes[each.area]) for each in places),
    )


def options(page: Page, asked: str) -> list[list[str]]:
    page.fill("#sok", asked)
    return [text.split("\n") for text in page.locator("#sok-lista li").all_inner_texts()]


@pytest.mark.parametrize("asked", ["Rosengård", "rosengard", "Rosengrad"])
def test_rosengard_leads_to_its_area(opened: Opener, malmo: Publication, asked: str) -> None:
    seen = opened(publication=malmo)
    page = seen.page
    title, where = options(page, asked)[0]
    assert title == "Rosengård"
    assert where.startswith("i dagligt tal, i Apelgården, Kryddgården, Törnrosen, Örtagården, ")
    assert where.endswith("Herrgården · område 4 Örtagården, Herrgården med flera")
    page.keyboard.press("Enter")
    assert page.inner_text("#panel-rubrik").endswith("Örtagården, Herrgården med flera")
    assert page.evaluate("document.activeElement.id") == "panel-rubrik"
    assert "Rosengård (i dagligt tal" in page.inner_text(".place")
    assert page.inner_text(".parts").startswith("Delområden: Apelgården, Emilstorp, Herrgården")
    assert_quiet(seen)


def test_a_street_is_told_with_its_numbers_and_a_number_decides(
    opened: Opener, malmo: Publication
) -> None:
    page = opened(publication=malmo).page
    assert [title for title, _ in options(page, "amiralsgattan")] == [
        "Amiralsgatan, udda nummer 1–23 och jämna 2–14",
        "Amiralsgatan, udda nummer 101 och jämna 110",
        "Amiralsgatan, udda nummer 27–89 och jämna 16–98",
    ]
    ((title, where),) = options(page, "Amiralsgatan 20 B")
    assert title == "Amiralsgatan, udda nummer 27–89 och jämna 16–98"
    assert where.endswith("område 3 Möllevången, Rådmansvången med flera")
    page.keyboard.press("Enter")
    answer = page.inner_text(".place")
    assert "udda nummer 27–89 och jämna 16–98, ligger i det här området" in answer
    assert "Amiralsgatan ligger också i:" in answer
    page.click(".place button >> nth=0")
    assert page.inner_text("#panel-rubrik").endswith("Västra hamnen, Gamla staden med flera")
    assert "udda nummer 1–23 och jämna 2–14, ligger i det här" in page.inner_text(".place")
    # Another area is no answer to what was asked.
    page.click('#tabell tr[data-area="5"] button')
    assert page.locator(".place").count() == 0


def test_an_unknown_name_says_so_and_what_to_do(opened: Opener, malmo: Publication) -> None:
    page = opened(publication=malmo).page
    assert options(page, "finns inte alls") == []
    assert page.inner_text("#sok-svar") == WORDS.say("page.search_none_places")
    assert "eller välj på kartan" in page.inner_text("#sok-svar")
    # Without places the page knows areas alone, and promises no more.
    page = opened(publication=publish()).page
    assert WORDS.say("html.search_hint") in page.inner_text(".search label")
    assert options(page, "Amiralsgatan") == []
    assert page.inner_text("#sok-svar") == WORDS.say("page.search_none")


def test_small_areas_that_share_a_name_are_told_apart_by_code(opened: Opener) -> None:
    whole = with_levels(small=2)
    (inner,) = whole.inner
    named = replace(inner, areas=inner.areas.assign(name="Herrgården"))
    page = opened(publication=replace(whole, inner=(named,)), state="#niva=deso").page
    first, second = inner.areas.index[:2]
    assert [title for title, _ in options(page, "herrgarden")][:2] == [
        f"Herrgården {first}",
        f"Herrgården {second}",
    ]
    page.keyboard.press("Enter")
    assert page.inner_text("#panel-rubrik").endswith(f"Herrgården {first}")
    row = page.locator(f'#tabell tr[data-area="{second}"] th')
    assert row.inner_text() == f"Herrgården {second}"


@pytest.mark.needs("axe")
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_places_are_found_by_everyone(
    opened: Opener, malmo: Publication, size: tuple[int, int]
) -> None:
    page = opened(publication=malmo, size=size).page
    options(page, "Amiralsgatan")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#sok", "aria-activedescendant") == "sok-0"
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


def test_a_places_name_is_text(opened: Opener) -> None:
    name = "<img src=x onerror=document.title=1>{{7*7}}"
    places = (Place(name, name, CODES[0], name), Place("street", name, CODES[1], name, "1-3"))
    seen = opened(publication=publish(places=places), csp=False)
    page = seen.page
    assert len(options(page, "img src")) == 2
    assert name in page.text_content("#sok-lista")
    page.keyboard.press("Enter")
    assert name in page.text_content(".place")
    assert page.title() != "1"
    assert page.locator("img").count() == 0
    assert_quiet(seen)

"""On a phone: the map first, the panel of an area as a sheet, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, assert_quiet, violations
from web_findings import with_findings
from web_levels import publication as with_levels

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
pytestmark = pytest.mark.needs("chromium")
PHONES = [(390, 844), (320, 640)]
BEFORE = """([one, other]) => Boolean(document.querySelector(one).compareDocumentPosition(
    document.querySelector(other)) & Node.DOCUMENT_POSITION_FOLLOWING)"""
# Whether what has the focus can be seen: whether it is what lies at one of its own points.
SEEN = """() => {
    const it = document.activeElement;
    const box = it.getBoundingClientRect();
    const steps = [...Array(40).keys()].map((step) => (step + 0.5) / 40);
    return steps.some((part) => steps.some((down) => {
        const top = document.elementFromPoint(
            box.left + box.width * part, box.top + box.height * down);
        return top !== null && it.contains(top);
    }));
}"""


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2, synthetic=True))


def on_top(page: Page, selector: str) -> float:
    return page.locator(selector).bounding_box()["y"]


@pytest.mark.parametrize("size", [*PHONES, (844, 390)])
def test_the_map_stands_first_and_what_is_sure_after_it(
    opened: Opener, made: Publication, size: tuple[int, int]
) -> None:
    page = opened(publication=made, size=size).page
    assert on_top(page, "#karta") < (0.6 * size[1] if size in PHONES else size[1])
    assert page.evaluate(BEFORE, ["#karta", "#fynd"])
    assert on_top(page, "#karta") < on_top(page, "#fynd")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    # Turned to a wide window it is as on other screens.
    page.set_viewport_size({"width": 1280, "height": 720})
    assert page.evaluate(BEFORE, ["#fynd", "#karta"])
    assert on_top(page, "#fynd") < on_top(page, "#karta")
    assert on_top(page, ".care") < on_top(page, "#fynd")


@pytest.mark.parametrize("size", PHONES)
def test_an_area_opens_as_a_sheet_under_the_map_and_back_leads_to_the_map(
    opened: Opener, made: Publication, size: tuple[int, int]
) -> None:
    page = opened(publication=made, size=size).page
    assert page.locator("#till-kartan").is_hidden()
    page.click('path[data-area="3"]')
    sheet, drawn = page.locator("#panel").bounding_box(), page.locator("#karta").bounding_box()
    assert drawn["y"] >= 0
    assert drawn["y"] + drawn["height"] <= sheet["y"]
    assert sheet["y"] + sheet["height"] == size[1]
    assert page.locator("#panel-rubrik").is_visible()
    assert page.locator(".back.home").is_hidden()
    page.click("#storre")
    assert page.locator("#panel").bounding_box()["height"] > 0.7 * size[1]
    page.click("#till-kartan")
    assert page.locator("#till-kartan").is_hidden()
    assert "omrade" not in page.evaluate("location.hash")
    # The next sheet is as low as the first.
    page.click('path[data-area="1"]')
    assert page.locator("#panel").bounding_box()["y"] == sheet["y"]


def test_a_sheet_is_opened_read_and_left_by_keyboard_alone(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, size=PHONES[0]).page
    page.focus('path[data-area="3"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-rubrik"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.get_attribute("#storre", "aria-pressed") == "true"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "till-kartan"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.area") == "3"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.area") == "3"
    assert page.locator("#till-kartan").is_hidden()


def test_nothing_with_the_focus_lies_behind_the_sheet(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, size=PHONES[0], state="#tema=E1&omrade=3").page
    page.focus("#fler-val")
    for _ in range(70):
        page.keyboard.press("Tab")
        what = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(SEEN), what


def test_choices_unfold_and_stay_when_one_is_made(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, size=PHONES[0]).page
    assert page.locator("#kon").is_hidden()
    page.click("#fler-val")
    page.select_option("#kon", "kvinnor")
    assert page.locator("#kon").is_visible()
    assert "kvinnor" in page.inner_text("#tema-rubrik")


def test_a_comparison_is_not_behind_a_tall_sheet(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, size=PHONES[0], state="#omrade=3&jamfor=1").page
    page.click("#storre")
    page.click("#panel .back:not(.home, #fast)")
    assert page.get_attribute("#storre", "aria-pressed") == "false"
    assert on_top(page, "#jamfor-rubrik") < on_top(page, "#panel")


@pytest.mark.needs("axe")
@pytest.mark.parametrize("size", PHONES)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_state_of_a_phone_is_accessible(
    opened: Opener, made: Publication, size: tuple[int, int], look: str
) -> None:
    seen = opened(publication=made, size=size)
    page = seen.page
    page.emulate_media(color_scheme=look)
    assert violations(page) == []
    page.click("#fler-val")
    assert violations(page) == []
    page.click('path[data-area="3"]')
    assert violations(page) == []
    page.click("#storre")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert_quiet(seen)

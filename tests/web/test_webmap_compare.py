"""Areas beside each other, in order, in two themes, over time, and across their borders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, assert_quiet, settle, violations
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.export.figures.cells import theme_codes
from geolyft.export.figures.reader import reader_of
from geolyft.export.findings import contrasts_of
from geolyft.export.web.contrasts import border_contrasts
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
WORDS = load_words("sv")
WAYS = ("alla", "sida", "samband", "tid", "granser")


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2))


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(each.split()) for each in page.locator(selector).all_inner_texts()]


def test_contrasts_of_a_border_are_told_for_every_period_and_theme(made: Publication) -> None:
    told = border_contrasts(made)
    assert set(told) == set(made.periods)
    judged = [t for t in theme_codes(made) if contrasts_of(reader_of(made), t, "2024")]
    assert list(told["2024"]) == judged
    assert {len(part) for themes in told.values() for c in themes.values() for part in c.values()} \
        == {7}  # fmt: skip


def test_all_areas_stand_in_order_with_their_intervals_and_the_city_among_them(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made, state="#tema=E1")
    codes = seen.page.eval_on_selector_all(
        "[data-ranked]", "all => all.map((row) => row.dataset.ranked)"
    )
    reader = reader_of(made)
    values = [reader.value("E1", code) for code in codes]
    assert values == sorted(values)
    assert set(codes) == {*made.areas.index, "city"}
    row = texts(seen.page, '[data-ranked="3"]')[0]
    cell = reader.cell("E1", "3")
    assert f"{WORDS.number(cell['value'])}\u00a0%" in row.replace(" %", "\u00a0%")
    assert f"osäkerhet {WORDS.number(cell['low'])}–{WORDS.number(cell['high'])}" in row
    assert_quiet(seen)


def test_areas_that_are_not_told_apart_share_places(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, state="#tema=E1").page
    reader = reader_of(made)
    for code in made.areas.index:
        own = reader.cell("E1", code)
        others = [reader.cell("E1", other) for other in made.areas.index if other != code]
        first = 1 + sum(other["high"] < own["low"] for other in others)
        last = len(others) + 1 - sum(other["low"] > own["high"] for other in others)
        place = page.inner_text(f'[data-ranked="{code}"] .rank')
        assert place == (str(first) if first == last else f"{first}–{last}")


def test_two_areas_are_beside_each_other_and_the_city_on_every_theme(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, size=(1280, 720), state="#tema=E1").page
    page.click('path[data-area="3"]')
    page.select_option("#lagg-till", "1")
    page.check('input[name="jamfor"][value="sida"]')
    heads = texts(page, ".compared thead th")
    assert [head.split()[0] for head in heads] == ["Tema", "Malmö", "3", "1", "Statistiskt"]
    assert page.locator(".compared tbody tr").count() == 18
    row = texts(page, ".compared [aria-current]")[0]
    assert row.startswith("Förvärvsarbetar")
    assert row.endswith("3 och 1")
    assert "jamfor=3&jamfor=1" in page.evaluate("location.hash")


def test_at_most_three_areas_are_pinned_and_each_can_be_taken_away(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made, state="#omrade=3")
    page = seen.page
    page.click("#fast")
    assert page.evaluate("document.activeElement.id") == "fast"
    for code in ("1", "2"):
        page.select_option("#lagg-till", code)
    assert page.locator("#lagg-till").is_disabled()
    assert "högst tre" in page.inner_text("#fasta-text")
    page.click('path[data-area="4"]')
    assert page.locator("#fast").count() == 0
    page.click("#fasta li:first-child button")
    assert page.locator("#lagg-till").is_enabled() or page.locator("#fasta li").count() == 3
    assert "jamfor=3" not in page.evaluate("location.hash")
    page.go_back()
    assert "jamfor=3" in page.evaluate("location.hash")
    assert_quiet(seen)


def test_another_level_keeps_the_pins_and_breaks_on_none(opened: Opener, made: Publication) -> None:
    seen = opened(publication=made, state="#tema=E1&niva=deso&jamfor=1280C1010&jamfor=3&visa=sida")
    page = seen.page
    settle(page)
    assert page.locator("#fasta li").count() == 2
    page.select_option("#niva", "geso")
    assert page.locator("#fasta li").count() == 1
    for way in WAYS:
        page.check(f'input[name="jamfor"][value="{way}"]')
    page.select_option("#niva", "deso")
    assert page.locator("#fasta li").count() == 2
    assert_quiet(seen)


def test_two_themes_name_every_area_and_have_a_table(opened: Opener, made: Publication) -> None:
    seen = opened(publication=made, state="#tema=E1&visa=samband")
    page = seen.page
    page.select_option("#mot", "U2")
    assert "mot=U2" in page.evaluate("location.hash")
    assert page.evaluate("document.activeElement.id") == "mot"
    titles = page.locator(".scatter circle title").all_text_contents()
    known = [code for code in made.areas.index if reader_of(made).value("U2", code) is not None]
    assert [title.split()[0] for title in sorted(titles)] == known
    page.click("#jamforelse summary")
    rows = texts(page, "#jamforelse .over-time tbody tr")
    assert len(rows) == len(known)
    assert WORDS.number(reader_of(made).value("U2", "3")) in next(r for r in rows if r[0] == "3")
    assert_quiet(seen)


def test_small_charts_are_on_one_scale_and_have_their_figures(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, state="#tema=E1&visa=tid").page
    assert page.locator(".multiples li").count() == len(made.areas)
    axes = page.eval_on_selector_all(
        ".multiples .trend",
        "all => all.map((chart) => [...chart.querySelectorAll('text')].map((t) => t.textContent))",
    )
    assert len({tuple(axis) for axis in axes}) == 1
    page.select_option("#lagg-till", "1")
    page.select_option("#lagg-till", "2")
    assert page.locator(".multiples li").count() == 2
    page.click(".multiples li:first-child summary")
    assert "2022" in page.inner_text(".multiples li:first-child table")


def test_borders_are_listed_widest_first_and_drawn_as_wide(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made, state="#tema=E1&visa=granser")
    page = seen.page
    found = contrasts_of(reader_of(made), "E1", "2024")
    widest = max(found.values(), key=lambda each: each.size)
    row = texts(page, "[data-border] >> nth=0")[0]
    assert f"{WORDS.number(widest.size)} osäkerhet {WORDS.number(widest.least)}" in row
    sizes = [
        float(re.search(r"([\d,]+) osäkerhet", text)[1].replace(",", "."))
        for text in texts(page, "[data-border]")
    ]
    assert sizes == sorted(sizes, reverse=True)
    widths = page.eval_on_selector_all(
        "path.contrast", "all => all.map((path) => path.getAttribute('stroke-width'))"
    )
    assert len(widths) == len(found)
    assert len(set(widths)) > 1
    assert "kontrast" in page.inner_text("#forklaring")
    page.check('input[name="jamfor"][value="alla"]')
    assert page.locator("path.contrast").count() == 0
    assert "kontrast" not in page.inner_text("#forklaring")
    assert_quiet(seen)


def test_what_has_no_interval_says_that_places_are_only_an_order(opened: Opener) -> None:
    page = opened(state="#tema=index").page
    assert page.locator("[data-ranked]").count() > 1
    assert "inte räknad" in page.inner_text("#jamforelse") or "Spannet" in page.inner_text(
        "#jamforelse"
    )


def test_a_comparison_can_be_reached_at_once_and_by_keyboard(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, size=(1280, 720)).page
    box = page.locator("#till-jamfor").bounding_box()
    assert box["y"] + box["height"] < 200
    page.focus("#till-jamfor")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "jamfor-rubrik"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.is_checked('input[name="jamfor"][value="sida"]')


@pytest.mark.needs("axe")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("width", [1280, 320])
def test_every_comparison_is_accessible(
    opened: Opener, made: Publication, way: str, width: int
) -> None:
    state = f"#tema=E1&visa={way}&jamfor=1&jamfor=3"
    page = opened(publication=made, state=state, size=(width, 720)).page
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

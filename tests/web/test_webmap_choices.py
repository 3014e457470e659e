"""Every control of the map, by mouse and by keyboard, and the link that carries what is chosen."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, assert_quiet, settle, table_codes, until
from web_levels import publication as with_levels
from web_publication import publish

from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from playwright.sync_api import Page

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened

WORDS = load_words("sv")
STATUS = "#meddelande"


def hash_of(page: Page) -> str:
    return page.evaluate("location.hash")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.area || document.activeElement.id")


# ---- what is chosen ---


def test_each_choice_by_mouse_is_in_the_link(opened: Opener) -> None:
    seen = opened(publication=with_levels(small=2))
    page = seen.page
    assert hash_of(page) == "#tema=index&period=2024"
    page.check('input[name="tema"][value="E1"]')
    page.check('input[name="vy"][value="gap"]')
    page.select_option("#period", "2022")
    page.select_option("#kon", "män")
    page.select_option("#niva", "deso")
    page.click('path[data-area="1280C1050"]')
    expected = "#tema=skillnad-E1&period=2022&kon=m%C3%A4n&niva=deso&omrade=1280C1050"
    assert hash_of(page) == expected
    heading = page.inner_text("#tema-rubrik")
    assert all(part in heading for part in ("skillnad mot Malmö", "2022", "män", "DeSO"))
    assert "1280C1050" in page.inner_text("#panel-rubrik")
    assert_quiet(seen)


def test_each_choice_by_keyboard_alone(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2)).page
    page.focus('input[name="tema"]:checked')
    page.keyboard.press("ArrowDown")
    assert hash_of(page) == "#tema=delaktighet&period=2024"
    page.focus('input[name="vy"]:checked')
    page.keyboard.press("ArrowRight")
    assert hash_of(page) == "#tema=skillnad-delaktighet&period=2024"
    for control, key in (("#kon", "ArrowDown"), ("#niva", "ArrowDown"), ("#period", "ArrowUp")):
        page.focus(control)
        page.keyboard.press(key)
    # No small area has a dimension by sex: the page goes to an indicator that has.
    assert hash_of(page) == "#tema=skillnad-D2&period=2023&kon=kvinnor&niva=deso"
    page.focus('path[data-area="1280C1010"]')
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1280C1020"
    page.keyboard.press("Enter")
    assert focused(page) == "panel-rubrik"
    assert hash_of(page).endswith("&omrade=1280C1020")
    page.keyboard.press("Escape")
    assert focused(page) == "1280C1020"
    assert "omrade" not in hash_of(page)


def test_a_reader_who_listens_is_told_what_changed(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2)).page
    page.check('input[name="tema"][value="E1"]')
    assert "förvärvsarbetar" in page.inner_text(STATUS)
    page.select_option("#kon", "kvinnor")
    assert "kvinnor" in page.inner_text(STATUS)
    page.click('path[data-area="3"]')
    assert "Område Å3" in page.inner_text(STATUS)


def test_only_what_a_run_has_can_be_chosen(opened: Opener) -> None:
    page = opened(publication=publish(periods=("2024",))).page
    for control in ("#niva", "#kon", "#period", "#spela"):
        assert page.locator(control).count() == 0
    assert page.locator('input[name="vy"][value="change"]').count() == 0


def test_small_areas_of_fewer_periods_offer_only_theirs(opened: Opener) -> None:
    whole = with_levels(small=2)
    whole = replace(whole, inner=(replace(whole.inner[0], periods=("2024",)),))
    page = opened(publication=whole, state="#tema=E1&period=2022").page
    page.select_option("#niva", "deso")
    assert page.input_value("#period") == "2024"
    assert page.locator("#period option[disabled]").count() == 2
    page.select_option("#niva", "geso")
    page.select_option("#period", "2022")
    assert hash_of(page) == "#tema=E1&period=2022"


def test_many_small_areas_are_one_stop_for_the_tab_key(opened: Opener) -> None:
    page = opened(publication=with_levels(small=6), state="#tema=E1&niva=deso").page
    settle(page)
    assert page.locator('path[data-area][tabindex="0"]').count() == 1
    page.focus('path[data-area][tabindex="0"]')
    first = focused(page)
    page.keyboard.press("ArrowRight")
    assert focused(page) != first
    assert page.get_attribute(f'path[data-area="{focused(page)}"]', "tabindex") == "0"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.hasAttribute('data-area')")


def test_what_cannot_be_shown_says_why(opened: Opener) -> None:
    whole = with_levels(small=2)
    page = opened(publication=whole, state="#tema=D1&kon=kvinnor").page
    assert "Valdeltagande, 2024, kvinnor" in page.inner_text("#tema-tomt")
    page.check('input[name="tema"][value="E1"]')
    assert page.inner_text("#tema-tomt") == ""
    page.check('input[name="vy"][value="change"]')
    assert "kan inte anges" in page.inner_text("#tema-tomt")
    page.select_option("#niva", "deso")
    page.check('input[name="vy"][value="quality"]')
    page.select_option("#kon", "alla")
    page.check('input[name="tema"][value="ekonomi"]')
    assert "har inte räknats" in page.inner_text("#tema-tomt")


def test_lists_say_which_themes_are_empty_for_what_is_chosen(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2), state="#tema=E1").page
    turnout = page.locator('label:has(input[value="D1"])')
    assert "saknas" not in turnout.inner_text()
    page.select_option("#kon", "kvinnor")
    assert "saknas" in turnout.inner_text()
    assert "(saknas)" in page.text_content('#tema option[value="D1"]')


def test_neighbours_and_the_area_around_can_be_gone_to(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2), state="#tema=E1&niva=deso").page
    page.click('path[data-area="1280C1050"]')
    page.click('[data-neighbour="1280C1040"]')
    assert "omrade=1280C1040" in hash_of(page)
    assert focused(page) == "panel-rubrik"
    page.focus("#panel .link")
    page.keyboard.press("Enter")
    assert hash_of(page) == "#tema=E1&period=2024&omrade=2"


# ---- the link ---


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("#tema=boende&period=2022&omrade=3", "#tema=boende&period=2022&omrade=3"),
        ("#tema=forandring&omrade=1", "#tema=forandring&period=2024&omrade=1"),
        ("#omrade=2", "#tema=index&period=2024&omrade=2"),
        ("#tema=kvalitet", "#tema=kvalitet&period=2024"),
        ("#tema=kvalitet-U3&kon=kvinnor", "#tema=kvalitet-U3&period=2024&kon=kvinnor"),
        ("#tema=E1&niva=deso&omrade=3", "#tema=E1&period=2024&niva=deso&omrade=3"),
        ("#tema=okant&period=1999&kon=annat&niva=land", "#tema=index&period=2024"),
    ],
)
def test_a_link_opens_what_it_says(opened: Opener, old: str, now: str) -> None:
    seen = opened(publication=with_levels(small=2), state=old)
    assert hash_of(seen.page) == now
    assert_quiet(seen)


def test_the_back_button_takes_a_choice_back_and_forward_again(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2), state="#tema=E1").page
    page.check('input[name="vy"][value="gap"]')
    page.click('path[data-area="3"]')
    page.select_option("#niva", "deso")
    page.go_back()
    until(page, "location.hash.includes('omrade=3')")
    assert page.input_value("#niva") == "geso"
    assert "Område Å3" in page.inner_text("#panel-rubrik")
    page.go_back()
    until(page, "!location.hash.includes('omrade')")
    assert page.inner_text("#panel-rubrik").endswith("Malmö")
    page.go_back()
    until(page, "!location.hash.includes('skillnad')")
    assert page.is_checked('input[name="vy"][value="value"]')
    page.go_forward()
    until(page, "location.hash.includes('skillnad')")
    assert page.is_checked('input[name="vy"][value="gap"]')


# ---- search ---


def test_an_area_is_found_by_a_part_of_its_name_without_accents(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2)).page
    page.focus("#sok")
    page.keyboard.type("o3berg")
    assert page.get_attribute("#sok", "aria-expanded") == "true"
    assert page.locator("#sok-lista li").count() == 1
    page.keyboard.press("Enter")
    assert hash_of(page) == "#tema=index&period=2024&omrade=3"
    assert focused(page) == "panel-rubrik"
    assert page.input_value("#sok") == ""


def test_a_number_finds_its_area_first_and_small_areas_by_code(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2)).page
    page.fill("#sok", "1")
    assert page.locator("#sok-lista li").first.inner_text().startswith("1 Område Å1")
    assert "träffar visas" in page.inner_text("#sok-svar")
    page.fill("#sok", "c1050")
    option = page.locator("#sok-lista li")
    assert option.count() == 1
    assert "DeSO i 3 Område Å3" in option.inner_text()
    option.click()
    assert hash_of(page) == "#tema=index&period=2024&niva=deso&omrade=1280C1050"
    assert page.input_value("#niva") == "deso"


def test_the_list_is_walked_with_arrows_and_left_with_escape(opened: Opener) -> None:
    page = opened(publication=with_levels(small=2)).page
    page.focus("#sok")
    page.keyboard.type("område")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#sok", "aria-activedescendant") == "sok-1"
    assert page.get_attribute("#sok-1", "aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("#sok", "aria-activedescendant") == "sok-5"
    page.keyboard.press("Escape")
    assert page.get_attribute("#sok", "aria-expanded") == "false"
    assert page.input_value("#sok") == "område"
    page.keyboard.press("Escape")
    assert page.input_value("#sok") == ""
    page.fill("#sok", "finns inte")
    assert page.inner_text("#sok-svar") == WORDS.say("page.search_none")
    page.keyboard.press("Enter")
    assert "omrade" not in hash_of(page)


# ---- the table as a file ---


def downloaded(page: Page) -> tuple[str, str]:
    with page.expect_download() as download:
        page.click("#hamta")
    content = Path(download.value.path()).read_bytes().decode("utf-8")
    return download.value.suggested_filename, content


def test_the_download_has_the_figures_of_the_table(opened: Opener) -> None:
    whole = with_levels(small=2)
    seen = opened(publication=whole, state="#tema=E1&kon=kvinnor&period=2023")
    name, text = downloaded(seen.page)
    assert name == "E1-2023-kvinnor-geso.csv"
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))
    assert [row["kod"] for row in rows] == ["", "1", "2", "3", "4", "5", "6"]
    published = whole.observations.query(
        "indicator == 'E1' and sex == 'kvinnor' and period == '2023'"
    )
    for row in rows:
        seen_row = published[published["area"] == (row["kod"] or CITY)].iloc[0]
        assert float(row["Förvärvsarbetar"].replace(",", ".")) == round(seen_row["value"], 1)
        assert int(row["täljare"]) == seen_row["numerator"]
        assert int(row["nämnare"]) == seen_row["denominator"]
        low = row["Förvärvsarbetar, osäkerhet från"]
        assert float(low.replace(",", ".")) == round(seen_row["low"], 1)
        assert (row["nivå"], row["kön"], row["period"]) == ("GeSO", "kvinnor", "2023")
    assert_quiet(seen)


def test_the_download_follows_view_level_and_order(opened: Opener) -> None:
    whole = with_levels(small=6, synthetic=True)
    page = opened(publication=whole, state="#tema=skillnad-U2&niva=deso&kon=män").page
    page.click("#tabell thead th:nth-child(2) button")
    _, text = downloaded(page)
    rows = list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))
    assert [row["kod"] or CITY for row in rows] == table_codes(page)
    hidden = [row for row in rows if row["anmärkning"].startswith("dold")]
    assert hidden
    for row in hidden:
        assert row["Behöriga till yrkesprogram: skillnad mot Malmö"] == ""
        assert row["täljare"] == row["nämnare"] == ""
    assert {row["data"] for row in rows} == {"SYNTETISKA DATA"}


def test_an_english_download_has_commas_and_points(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0, lang="en"), state="#tema=E1").page
    page.focus("#hamta")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert float(rows[0]["Index"]) > 0
    assert rows[0]["significant difference"] == ""
    assert rows[1]["significant difference"] in ("yes", "no")


# ---- the years ---


def test_years_play_when_asked_and_stop_at_the_last(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#tema=E1&period=2023").page
    page.clock.install()
    page.clock.run_for(10_000)
    assert page.input_value("#period") == "2023"
    page.select_option("#period", "2024")
    page.click("#spela")
    assert page.input_value("#period") == "2022"
    assert page.inner_text("#spela-text") == WORDS.say("page.stop")
    page.clock.run_for(1_600)
    assert page.input_value("#period") == "2023"
    page.clock.run_for(10_000)
    assert page.input_value("#period") == "2024"
    assert page.inner_text("#spela-text") == WORDS.say("html.play")
    page.go_back()
    until(page, "location.hash.includes('period=2024')")


def test_a_choice_or_the_button_stops_the_play(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#tema=E1&period=2022").page
    page.clock.install()
    page.focus("#spela")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.clock.run_for(10_000)
    assert page.input_value("#period") == "2022"
    page.click("#spela")
    page.check('input[name="tema"][value="E3"]')
    page.clock.run_for(10_000)
    assert page.input_value("#period") == "2022"


def test_who_wants_no_motion_steps_by_hand(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#period=2022", motion="reduce").page
    assert not page.locator("#spela").is_visible()
    page.click("#nasta")
    assert page.input_value("#period") == "2023"
    page.focus("#nasta")
    page.keyboard.press("Enter")
    assert page.input_value("#period") == "2024"
    assert page.get_attribute("#nasta", "aria-disabled") == "true"
    page.keyboard.press("Enter")
    assert focused(page) == "nasta"
    page.click("#forra")
    assert page.input_value("#period") == "2023"

"""The map in a real browser: how it looks, reads and is reached; cut off from every network."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import web_browser
from small_run import write_small_run
from web_browser import Opener, assert_quiet, table_codes, violations
from web_levels import publication as with_levels
from web_publication import CODES, NO_DATA, observations, publish

from geolyft import load_config, pipeline
from geolyft.export.figures.palette import SCALE
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened

WORDS = load_words("sv")


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.needs("axe")
def test_the_page_is_quiet_accessible_and_in_its_language(opened: Opener, lang: str) -> None:
    seen = opened(publication=with_levels(lang=lang, synthetic=lang == "en"))
    assert violations(seen.page) == []
    assert seen.page.get_attribute("html", "lang") == lang
    assert seen.page.title()
    assert_quiet(seen)


def test_no_word_of_the_other_language_is_on_the_page(opened: Opener) -> None:
    whole = replace(with_levels(lang="en"), stories={})
    page = opened(publication=whole, state="#tema=skillnad-E1&omrade=3").page
    page.evaluate("for (const one of document.querySelectorAll('[lang=sv]')) one.remove()")
    text = page.inner_text("body").lower()
    for word in ("kvinnor", "skillnad", "område ", "säkert", "förändring", "hämta", "grann"):
        assert word not in text.replace("område å", "").replace("befolkning", ""), word


@pytest.mark.parametrize(
    ("state", "size"),
    [
        ("#tema=U2&period=2024&kon=kvinnor&omrade=2", (1440, 900)),
        ("#tema=skillnad-E1&niva=deso&omrade=1280C1050", (1440, 900)),
        ("#tema=forandring&omrade=2", (1024, 768)),
        ("#tema=kvalitet-U3&kon=män", (1024, 768)),
        ("#tema=forandring-D3&period=2022&niva=deso", (1024, 768)),
        ("#tema=D3&period=2024&omrade=6", (375, 800)),
        ("#tema=kvalitet&omrade=3", (320, 800)),
    ],
)
@pytest.mark.needs("axe")
def test_every_state_is_accessible(opened: Opener, state: str, size: tuple[int, int]) -> None:
    seen = opened(publication=with_levels(synthetic=True), state=state, size=size)
    page = seen.page
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.focus("path[data-area]")
    assert violations(page) == []
    page.fill("#sok", "1")
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.check("#gratt")
    page.click("#tabell thead th:nth-child(2) button")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert_quiet(seen)


@pytest.mark.needs("axe")
def test_an_empty_theme_is_accessible(opened: Opener) -> None:
    seen = opened(state=f"#tema={NO_DATA}&period=2022", size=(1024, 768))
    assert violations(seen.page) == []
    assert_quiet(seen)


def test_the_page_has_no_global_names_but_those_of_the_drawing(opened: Opener) -> None:
    (opened.folder / "bare.html").write_text("<title>Nothing</title>")
    names = "Object.getOwnPropertyNames(window)"
    bare = opened.window.open(opened.folder / "bare.html").page.evaluate(names)
    page = opened(publication=with_levels(small=2)).page
    added = set(page.evaluate(names)) - set(bare)
    # What Leaflet and folium's map name for themselves; our own script adds nothing to it.
    drawn = {name for name in added if name.lstrip("_").startswith("leaflet")}
    assert added - drawn == {"L", "karta"}


def test_the_whole_page_can_be_used_by_keyboard(opened: Opener) -> None:
    page = opened(state="#tema=index&period=2024").page
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.dataset.area || document.activeElement.id"
                " || document.activeElement.name || document.activeElement.tagName"
            )
        )
    assert [code for code in dict.fromkeys(reached) if code in CODES] == CODES
    assert {"period", "tema", "karta", "panel"} <= set(reached)
    page.focus('path[data-area="10"]')
    page.keyboard.press("Enter")
    assert "Område Å10" in page.text_content("#panel-rubrik")
    assert page.evaluate("document.activeElement.id") == "panel-rubrik"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.area") == "10"
    assert page.text_content("#panel-rubrik").endswith("Malmö")


def test_focus_can_be_seen_and_names_the_area(opened: Opener) -> None:
    page = opened().page
    page.focus('path[data-area="3"]')
    assert "Område Å3" in page.text_content(".leaflet-tooltip")
    assert page.get_attribute(".focus-ring.over", "d") != "M0 0"
    assert page.get_attribute('path[data-area="3"]', "role") == "button"
    page.keyboard.press("Escape")
    assert page.locator(".leaflet-tooltip").count() == 0


def test_the_panel_says_counts_city_difference_and_status(opened: Opener) -> None:
    text = opened(state="#tema=index&period=2024&omrade=12").page.inner_text("#panel")
    assert "58,5\xa0%" in text
    assert "−12,0 procentenheter mot Malmö 70,5\xa0%" in text
    assert "11\u202f708 av 20\u202f000" in text
    assert "äldre uppgift" in text
    assert "2 av 3 indikatorer" in text
    assert "Plats 1–3 av 6" in text


def test_an_empty_theme_says_why_and_stays_a_map(opened: Opener) -> None:
    page = opened(state=f"#tema={NO_DATA}&period=2024").page

    def fills() -> set[str]:
        read = "all => all.map((one) => one.getAttribute('fill'))"
        return set(page.eval_on_selector_all("path[data-area]", read))

    # A link to it opens on what there is; who chooses it sees that there is nothing.
    assert WORDS.say("page.theme_empty") in page.inner_text("#tema-tomt")
    assert fills() - {"url(#monster-saknas)"}
    page.check(f'input[value="{NO_DATA}"]')
    assert WORDS.say("page.theme_empty") in page.inner_text("#tema-tomt")
    assert fills() == {"url(#monster-saknas)"}
    label = page.locator(f'label:has(input[value="{NO_DATA}"])')
    assert WORDS.say("html.no_data") in label.inner_text()


def test_missing_hidden_and_partial_do_not_look_alike(opened: Opener) -> None:
    shares = observations()
    shares.loc[(shares["indicator"] == "E1") & (shares["area"] == "12"), "status"] = "partial"
    page = opened(publication=publish(observations=shares), state="#tema=U2&period=2024").page
    assert page.get_attribute('path[data-area="2"]', "fill") == "url(#monster-dold)"
    page.check('input[value="D3"]')
    assert page.get_attribute('path[data-area="12"]', "fill") == "url(#monster-saknas)"
    page.check('input[value="E1"]')
    assert "monster-delvis" in page.get_attribute('path[data-area="12"]', "fill")
    assert page.get_attribute('path[data-area="12"]', "stroke-dasharray")


def test_colour_follows_the_class(opened: Opener) -> None:
    page = opened(state="#tema=B1&period=2024").page
    assert page.get_attribute('path[data-area="1"]', "fill") == SCALE[4]
    assert page.get_attribute('path[data-area="12"]', "fill") == SCALE[0]


def test_what_is_surely_apart_is_told_without_colour(opened: Opener) -> None:
    whole = with_levels(small=0)
    page = opened(publication=whole, state="#tema=E1").page
    judged = whole.tables["osakerhet"].query("what == 'E1' and period == '2024' and area != 'city'")
    sure = judged.set_index("area")["distinct"]
    marks = page.eval_on_selector_all(
        ".label:not(.quiet) .name", "all => all.map((one) => one.textContent)"
    )
    expected = {
        "▲" if row["difference"] > 0 else "▼" for _, row in judged[sure.to_numpy()].iterrows()
    }
    assert expected == {"▲", "▼"}
    assert {mark[-1] for mark in marks if not mark[-1].isdecimal()} == expected
    assert sum(mark[-1] in "▲▼" for mark in marks) == sure.sum() < len(sure)
    for area, distinct in sure.items():
        assert ("osaker" in page.get_attribute(f'path[data-area="{area}"]', "fill")) != distinct
    legend = page.inner_text("#forklaring")
    unsure = "ingen statistiskt säkerställd skillnad mot Malmö 2024"
    assert f"{unsure} {(~sure).sum()} område" in legend


def test_patterns_tell_the_worse_side_when_asked(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#tema=skillnad-E1").page
    worst = page.locator(f'path[data-area][fill*="{SCALE[0][1:]}"]').first
    assert "lag2" not in worst.get_attribute("fill")
    page.focus("#gratt")
    page.keyboard.press("Space")
    assert "lag2" in worst.get_attribute("fill")
    assert page.locator('#forklaring .classes rect[fill*="lag"]').count() == 2


def test_the_panel_has_a_spine_a_trend_contributions_and_neighbours(opened: Opener) -> None:
    whole = with_levels(small=0)
    page = opened(publication=whole, state="#tema=E1&omrade=3").page
    assert page.locator("#panel .spine").count() == 12
    assert page.locator("#panel .spine circle").count() == 12
    assert page.locator("#panel .trend circle").count() == len(whole.periods)
    sums = page.locator("#panel .parts td.value").all_inner_texts()
    numbers = [float(text.replace("−", "-").replace("+", "").replace(",", ".")) for text in sums]
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=1e-9)
    assert [
        one.get_attribute("data-neighbour") for one in page.locator("[data-neighbour]").all()
    ] == ["2", "6"]
    shown = page.locator('[data-neighbour="2"] .value').inner_text()
    assert shown == page.inner_text('tr[data-area="2"] td.chosen').split("\n")[0]


def test_what_is_not_compared_is_not_joined(opened: Opener) -> None:
    whole = with_levels(small=0)

    def line(state: str) -> str:
        page = opened(publication=whole, state=state).page
        return page.locator("#panel .trend path").last.get_attribute("d")

    assert line("#tema=E1&omrade=3").count("L") == len(whole.periods) - 1
    # A break between the editions, and a figure that is only carried forward.
    assert line("#tema=E1&omrade=2").count("L") == 0
    assert line("#tema=D1&omrade=3").count("L") == 0


def test_paper_has_the_whole_panel_and_no_controls(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#tema=E1&omrade=3").page
    page.check("#allt")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#panel .over-time").is_visible()
    for control in ("#val", "#teman", "#vyer .views", "#jamforelser", "#hamta", "#gratt"):
        assert not page.locator(control).is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.locator("#panel .over-time").is_visible()


def test_high_contrast_keeps_the_classes_and_shows_the_choice(opened: Opener) -> None:
    page = opened(publication=with_levels(small=0), state="#tema=E1&omrade=3").page
    page.emulate_media(forced_colors="active")
    assert page.locator('path[data-area][fill^="#"]').count() > 0
    chosen = page.locator('label:has(input[name="vy"]:checked)')
    assert chosen.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"
    assert page.locator("#forklaring .swatch").first.is_visible()


def test_the_table_sorts_and_what_is_missing_stays_last(opened: Opener) -> None:
    page = opened(state="#tema=D3&period=2024").page
    assert table_codes(page) == [CITY, *CODES]
    page.click("#tabell thead th:nth-child(2) button")
    assert table_codes(page) == [CITY, "11", "10", "3", "2", "1", "12"]
    assert page.get_attribute("#tabell thead th:nth-child(2)", "aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert table_codes(page) == [CITY, "1", "2", "3", "10", "11", "12"]


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
def test_nothing_runs_off_the_side(opened: Opener, width: int) -> None:
    page = opened(size=(width, 800), synthetic=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width >= 1024:
        # The map with its legend beside it has most of the page, and is about as wide as high, for
        # cities are about square.
        map_and_legend, drawn = (page.locator(each).bounding_box() for each in (".seen", "#karta"))
        assert map_and_legend["width"] > 0.57 * width
        assert drawn["width"] >= 0.95 * drawn["height"]


def test_synthetic_data_say_so_on_page_map_and_paper(opened: Opener) -> None:
    page = opened(synthetic=True).page
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        assert page.locator(".synthetic").is_visible()
        assert page.locator(".stamp").is_visible()
    assert WORDS.say("html.synthetic") == page.inner_text(".synthetic")
    assert opened().page.locator(".synthetic, .stamp").count() == 0


def test_the_json_is_the_published_result(opened: Opener) -> None:
    page = opened().page
    data = json.loads(page.text_content("script#data"))
    level = data["levels"][0]
    # Whole tenths, in the order of the areas with the city last.
    assert level["figures"]["alla"]["2024"]["index"]["value"][0] == 1314
    assert [area["code"] for area in level["areas"]] == CODES
    assert page.locator("#karta.leaflet-container").count() == 1


@pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
@pytest.mark.parametrize("size", [(1440, 900), (320, 800)])
@pytest.mark.needs("axe")
def test_change_certainty_and_words_are_on_the_page(
    opened: Opener, tmp_path: Path, squares: gpd.GeoDataFrame, size: tuple[int, int]
) -> None:
    whole = pipeline.publish(load_config(write_small_run(tmp_path / "in", squares)))
    seen = opened(publication=whole, state="#tema=forandring&omrade=1", size=size)
    panel = seen.page.inner_text("#panel-innehall")
    for sentence in whole.stories["1"]:
        assert sentence in panel
    assert "än Provstad 2024, statistiskt säkerställt" in panel
    assert "sätt att räkna" in panel
    moved = whole.tables["forandring"].query("area == '1' and what == 'index'").iloc[0]
    name = seen.page.get_attribute('[data-area="1"]', "aria-label") or ""
    shown = load_words("sv").signed(float(moved["change"]))
    assert shown in name
    assert ("inte säkert förändrat" in name) != bool(moved["exceeds"])
    assert violations(seen.page) == []
    assert_quiet(seen)

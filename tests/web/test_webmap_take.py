"""What is taken along: a link to the view, a picture that stands alone, the pages beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import web_browser
from shapely import Polygon
from web_browser import Opener, Window, assert_quiet, until, violations
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.export.figures.stems import file_stems
from geolyft.export.web.page import Siblings, write_map
from geolyft.read import read_layer

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2))


def test_a_link_carries_zoom_order_pattern_and_pins(opened: Opener, made: Publication) -> None:
    seen = opened(publication=made, state="#tema=E1&omrade=3")
    page = seen.page
    page.click("#fast")
    page.check("#gratt")
    page.click("#tabell thead button >> nth=1")
    page.click(".leaflet-control-zoom-in")
    page.click("#kopiera")
    until(page, "document.getElementById('ta-med-svar').textContent !== ''")
    link = page.evaluate("location.hash")
    for part in ("jamfor=3", "monster=ja", "ordning=1", "plats=55."):
        assert part in link
    zoom, center = page.evaluate("[karta.getZoom(), karta.getCenter().lat]")
    again = opened(publication=made, state=link)
    assert again.page.evaluate("karta.getZoom()") == pytest.approx(zoom, abs=0.01)
    assert again.page.evaluate("karta.getCenter().lat") == pytest.approx(center, abs=0.001)
    assert again.page.is_checked("#gratt")
    assert again.page.locator("#tabell th[aria-sort]").get_attribute("aria-sort") == "ascending"
    again.page.click('path[data-area="2"]')
    assert "plats" not in again.page.evaluate("location.hash")
    assert_quiet(again)


def test_code_to_embed_has_the_view_and_no_folder_of_this_computer(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made, state="#tema=E1&omrade=3")
    seen.page.click("#badda-in")
    until(seen.page, "document.getElementById('ta-med-svar').textContent !== ''")
    frame = ET.fromstring(seen.page.input_value("#lank"))  # noqa: S314 - the page's own
    assert frame.tag == "iframe"
    assert frame.get("src", "").startswith("karta.html#")
    assert {"tema=E1", "omrade=3"} <= set(frame.get("src", "").partition("#")[2].split("&"))
    assert frame.get("title") == seen.page.title()
    assert_quiet(seen)


@pytest.mark.parametrize("state", ["", "#tema=E1&omrade=3", "#niva=deso", "#tema=E1&visa=granser"])
def test_a_map_is_one_sheet_of_paper_and_whole_when_asked(
    opened: Opener, made: Publication, state: str
) -> None:
    page = opened(publication=replace(made, synthetic=True, contact="Statistik"), state=state).page
    sheets = []
    for whole in (False, True):
        page.set_checked("#allt", checked=whole)
        sheets.append(
            len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, format="A4")))
        )
    assert sheets[0] == 1
    assert sheets[1] > 1


def test_a_page_says_when_it_was_made_and_whom_to_ask(opened: Opener) -> None:
    page = opened(contact="Statistik, Provstad", created="2026-01-15").page
    said = page.inner_text(".foot")
    assert all(part in said for part in ("Frågor: Statistik, Provstad.", "2026-01-15", "geolyft "))


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_has_title_legend_source_and_date(
    opened: Opener, made: Publication, tmp_path: Path, kind: str
) -> None:
    seen = opened(publication=made, state="#tema=E1&visa=granser")
    with seen.page.expect_download() as loading:
        seen.page.click(f"#bild-{kind}")
    path = tmp_path / loading.value.suggested_filename
    assert path.name == f"E1-2024-geso.{kind}"
    loading.value.save_as(path)
    assert_quiet(seen)
    if kind == "png":
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 20_000
        return
    tree = ET.fromstring(path.read_text("utf-8"))  # noqa: S314 - our own
    said = " ".join(each.text for each in tree.iter(f"{SVG}text") if each.text)
    for part in (
        "förvärvsarbetar",
        "2024",
        "mycket lägre än Malmö 2022",
        "Källa: SCB",
        "2026-01-15",
    ):
        assert part in said
    assert len(list(tree.iter(f"{SVG}path"))) >= len(made.areas) + 7


def test_a_picture_of_made_up_data_says_so(opened: Opener, tmp_path: Path) -> None:
    seen = opened(publication=with_levels(small=0, synthetic=True), state="#tema=E1")
    with seen.page.expect_download() as loading:
        seen.page.click("#bild-svg")
    loading.value.save_as(tmp_path / "a.svg")
    assert "SYNTETISKA DATA" in (tmp_path / "a.svg").read_text("utf-8")


def test_a_map_in_a_delivery_leads_to_the_pages_beside_it(
    window: Window, made: Publication, tmp_path: Path
) -> None:
    path = tmp_path / "karta.html"
    stems = file_stems(made.areas.index)
    write_map(made, path, siblings=Siblings(profiles=stems, files=("omradeslyft.xlsx",)))
    seen = window.open(path, state="#omrade=3")
    links = seen.page.eval_on_selector_all(
        "#panel a, footer a", "all => all.map((link) => link.getAttribute('href'))"
    )
    assert links == [
        f"omraden/{stems['3']}.html",
        "omraden/index.html",
        "rapport.html",
        "omradeslyft.xlsx",
    ]
    assert "be då om hela mappen" in seen.page.inner_text("footer")
    assert_quiet(seen)


def test_a_map_that_stands_alone_leads_nowhere(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, state="#omrade=3").page
    assert page.locator("#panel a, footer a").count() == 0


@pytest.mark.needs("axe")
@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_taken_along_is_accessible(
    window: Window, made: Publication, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "karta.html"
    write_map(made, path, siblings=Siblings(profiles=file_stems(made.areas.index)))
    page = window.open(path, state="#omrade=3", size=(width, 720)).page
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_place_is_drawn_and_saved_for_the_command_that_reads_it(
    opened: Opener, made: Publication, tmp_path: Path
) -> None:
    seen = opened(publication=made)
    page = seen.page
    page.click("#rita")
    page.locator("#karta").scroll_into_view_if_needed()
    box = page.locator("#karta").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    clicked = []
    for across, down in ((-40, -40), (40, -40), (40, 40), (-60, 50)):
        x, y = middle[0] + across, middle[1] + down
        page.mouse.click(x, y)
        clicked.append(
            page.evaluate(
                "([x, y]) => { const at = karta.containerPointToLatLng([x, y]);"
                " return [at.lng, at.lat]; }",
                [x - box["x"], y - box["y"]],
            )
        )
    assert "omrade=" not in page.evaluate("location.hash")
    page.click("#hornet-bort")
    with page.expect_download() as download:
        page.click("#plats-spara")
    assert download.value.suggested_filename == "plats.geojson"
    download.value.save_as(tmp_path / "plats.geojson")
    (place,) = read_layer(tmp_path / "plats.geojson").frame.to_crs(4326).geometry
    drawn = Polygon(clicked[:3])
    assert place.symmetric_difference(drawn).area < 0.05 * drawn.area
    page.click("#rita")
    page.click('path[data-area="2"]')
    assert "omrade=2" in page.evaluate("location.hash")
    assert_quiet(seen)


@pytest.mark.needs("axe")
def test_a_place_is_drawn_by_keyboard(opened: Opener, made: Publication) -> None:
    page = opened(publication=made).page
    page.focus("#rita")
    page.keyboard.press("Enter")
    page.focus("#hornet")
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert page.inner_text("#ta-med-svar") == "3 hörn."
    assert page.is_enabled("#plats-spara")
    assert violations(page) == []

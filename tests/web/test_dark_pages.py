"""Every kind of page: dark in three browsers, white on paper, and with the way to all others."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pytest
import web_browser
from efforts_register import effort, place, write_register
from other_browsers import address_of, open_firefox, open_webkit
from other_browsers import violations as violations_elsewhere
from small_run import write_small_run
from web_browser import Window, violations

from geolyft.errors import GeolyftWarning
from geolyft.pipeline.run import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import geopandas as gpd
    from other_browsers import Asked

browser, window = web_browser.browser, web_browser.window
PAGES = [
    "karta.html",
    "rapport.html",
    "insatser.html",
    "perspektiv.html",
    "omraden/index.html",
    "omraden/1.html",
]
GROUND = "getComputedStyle(document.body).backgroundColor"
# How bright what a drawing is drawn with is, from 0 to 255, of each sign that is there.
SIGNS = """[...document.querySelectorAll('.sheet svg:not(.plan svg) [stroke]')]
    .map((sign) => getComputedStyle(sign).stroke.match(/[\\d.]+/g)?.slice(0, 3).map(Number))
    .filter(Boolean).map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)"""


@pytest.fixture(scope="module")
def delivery(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_file = write_small_run(tmp_path_factory.mktemp("dark"), squares)
    said = run_file.read_text(encoding="utf-8")
    said = said.replace("[[source]]", '[efforts]\nfile = "insatser.csv"\n\n[[source]]', 1)
    counted = "population = true\nchildren = { alder = { max = 17 } }\n"
    run_file.write_text(said.replace("population = true\n", counted), encoding="utf-8")
    efforts = [effort("a", namn="Kvällsöppet", namnd="Nämnd ett", tema="vardag")]
    write_register(run_file.parent, efforts, [place("a", "1")])
    out = run_file.parent / "delivery"
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(run_file, out=out)
    return out


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leads_to_all_others(delivery: Path, page: str) -> None:
    text = re.sub(r"<script.*?</script>", "", (delivery / page).read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r'<a [^>]*href="([^"#]+)', text)
    ends = {((delivery / page).parent / link).resolve() for link in links}
    assert {delivery / each for each in PAGES[:-1] if each != page} <= ends


@pytest.mark.needs("chromium", "axe")
@pytest.mark.parametrize("page", PAGES)
def test_a_dark_page_is_accessible_and_its_paper_white(
    window: Window, delivery: Path, page: str
) -> None:
    light = window.open(delivery / page).page
    dark = window.open(delivery / page, color_scheme="dark").page
    assert light.evaluate(GROUND) != dark.evaluate(GROUND)
    assert violations(light) == []
    assert violations(dark) == []
    assert all(bright > 55 for bright in dark.evaluate(SIGNS))
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(GROUND) in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert dark.evaluate("getComputedStyle(document.body).color") == "rgb(28, 40, 48)"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(open_firefox, id="firefox", marks=pytest.mark.needs("firefox", "axe")),
        pytest.param(open_webkit, id="webkit", marks=pytest.mark.needs("webkit", "axe")),
    ],
)
def dark_browser(request: pytest.FixtureRequest) -> Iterator[Asked]:
    start: Callable[..., AbstractContextManager[Asked]] = request.param
    with start(dark=True) as started:
        yield started


@pytest.mark.parametrize("page", PAGES)
def test_other_browsers_show_it_dark_and_accessible_too(
    dark_browser: Asked, delivery: Path, page: str
) -> None:
    dark_browser.open(address_of(delivery / page))
    assert dark_browser.run(GROUND) == "rgb(18, 24, 28)"
    assert violations_elsewhere(dark_browser) == []

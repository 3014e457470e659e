"""Whatever stands in names, codes, texts and addresses: nothing of it runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import Opener, assert_quiet, try_a_script, until
from web_levels import catalogue
from web_levels import publication as with_levels
from web_publication import publish

from geolyft.frames import FORMULA_SIGNS
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from geolyft.indicators.catalogue import Catalogue

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened

PAYLOADS = [
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "${window.ran=1}",
    "`+(window.ran=1)+`",
    "\\';window.ran=1;//\\",
    '"onfocus=window.ran=1 autofocus tabindex=1 x="',
    "{{ 7*7 }}{% raw %}$& {city} {0}",
    "a\u2028window.ran=1\u2029//]]>--><!--",
]
EVERY = " ".join(PAYLOADS)


def poisoned(shipped: Catalogue) -> Catalogue:
    changes = {"name": EVERY, "short": EVERY, "notes": (EVERY,), "source": EVERY}
    changes |= {"numerator": EVERY, "denominator": EVERY}
    indicators = tuple(i.model_copy(update=changes) for i in shipped.indicators)
    return shipped.model_copy(update={"indicators": indicators})


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    sinks = "#panel, #tabell, #sok-lista, #forklaring, .leaflet-pane, #tema-text, #teman"
    inside = ", ".join(f"{sink} {tag}" for sink in sinks.split(", ") for tag in ("script", "img"))
    assert page.locator(inside).count() == 0


@pytest.mark.parametrize("csp", [True, False], ids=["policy", "no policy"])
def test_nothing_in_the_data_runs_as_script(opened: Opener, *, csp: bool) -> None:
    codes = [f"{n}{payload}".strip() for n, payload in enumerate(PAYLOADS[:6])]
    seen = opened(
        csp=csp,
        codes=codes,
        names=PAYLOADS[3:],
        title=EVERY,
        city=EVERY,
        warnings=(EVERY,),
        created=EVERY,
        catalogue=poisoned(load_catalogue()),
    )
    page = seen.page
    for place, name in enumerate(PAYLOADS[3:]):
        page.locator("path[data-area]").nth(place).focus()
        assert name in page.text_content(".leaflet-tooltip")
        page.keyboard.press("Enter")
        assert name in page.text_content("#panel-rubrik")
    page.locator("path[data-area]").first.hover()
    for theme in ("B3", "index"):
        page.check(f'input[value="{theme}"]')
        for view in ("gap", "quality", "value"):
            page.check(f'input[name="vy"][value="{view}"]')
    assert_nothing_ran(page)
    assert page.text_content("h1") == EVERY
    assert page.title().split() == f"{EVERY} – {EVERY}".split()
    assert_quiet(seen)


@pytest.mark.parametrize("csp", [True, False], ids=["policy", "no policy"])
def test_nothing_runs_in_stories_levels_trends_or_search(opened: Opener, *, csp: bool) -> None:
    whole = with_levels(small=2, names=PAYLOADS[:6], catalogue=poisoned(catalogue()), city=EVERY)
    small = whole.inner[0].areas.assign(name=[f"{payload}-" for payload in EVERY[:12]])
    inner = (replace(whole.inner[0], areas=small),)
    whole = replace(whole, stories={"3": (EVERY,)}, inner=inner)
    seen = opened(publication=whole, csp=csp, state="#tema=E1&omrade=3")
    page = seen.page
    assert EVERY in page.text_content("#panel .story")
    for name in PAYLOADS[:6]:
        page.fill("#sok", name)
        assert name in page.text_content("#sok-lista")
        page.keyboard.press("Enter")
        assert name in page.text_content("#panel-rubrik")
    page.select_option("#niva", "deso")
    page.locator("path[data-area]").first.focus()
    page.keyboard.press("Enter")
    assert PAYLOADS[0] in page.text_content("#panel .link")
    page.check('input[name="vy"][value="change"]')
    assert_nothing_ran(page)
    assert_quiet(seen)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_address_can_say_anything_and_nothing_runs(opened: Opener, payload: str) -> None:
    seen = opened(publication=with_levels(small=0))
    page = seen.page
    for name in ("tema", "period", "kon", "niva", "omrade", "annat"):
        page.evaluate(
            "([name, text]) => { location.hash = `#${name}=${text}&tema=E1`; }", [name, payload]
        )
        page.evaluate("([text]) => { location.hash = text; }", [payload])
        until(page, "document.activeElement !== null")
    assert_nothing_ran(page)
    assert page.locator("#panel-rubrik").inner_text().endswith("Malmö")
    assert_quiet(seen)


def test_an_address_takes_nothing_from_the_prototype(opened: Opener) -> None:
    state = "#tema=constructor&period=__proto__&kon=toString&niva=valueOf&omrade=hasOwnProperty"
    seen = opened(publication=with_levels(small=2), state=state)
    assert seen.page.evaluate("location.hash") == "#tema=index&period=2024"
    assert_quiet(seen)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_no_cell_of_a_download_is_a_formula(opened: Opener, sign: str) -> None:
    names = [f'{sign}HYPERLINK("{n}")' for n in range(6)]
    codes = [f"{sign}{n}" for n in range(6)]
    page = opened(codes=codes, names=names, city=f"{sign}1+1").page
    with page.expect_download() as download:
        page.click("#hamta")
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 8
    for cell in (cell for row in rows for cell in row):
        is_number = cell.lstrip("-").replace(",", "").isdecimal()
        assert is_number or not cell.startswith(FORMULA_SIGNS)
    assert rows[2][1] == "'" + names[0].replace("\r", " ")


def test_the_policy_lets_no_other_script_run(opened: Opener) -> None:
    try_a_script(opened())


def test_a_publication_without_small_areas_has_none(opened: Opener) -> None:
    assert opened(publication=publish(), state="#niva=deso").page.locator("#niva").count() == 0

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from small_run import write_small_run
from web_publication import (
    CODES,
    HIDDEN,
    MISSING,
    NO_DATA,
    PERIODS,
    observations,
    publish,
    squares,
)

from geolyft import load_config, pipeline
from geolyft.export.cells import apportion, area_order, theme_codes
from geolyft.export.classes import COLOURS, PLACES, score_classes, share_classes
from geolyft.export.schemes import INDEX
from geolyft.export.web.content import page_content
from geolyft.export.webmap import _draw, _generalise, render_map, write_map
from geolyft.export.words import load_words
from geolyft.frames import CITY
from geolyft.indicators import Direction, load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    from playwright.sync_api import Browser, BrowserContext, Page

    from geolyft.export.publication import Publication

LABELS = dict.fromkeys(CODES, (55.6, 13.0))
WORDS = load_words("sv")
THEMES = theme_codes(publish())
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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


# ---- classes ---


def test_a_class_has_a_colour_and_a_meaning() -> None:
    assert len(COLOURS) == len(PLACES) == len(score_classes().ranges())


@given(
    value=st.floats(0, 100),
    reference=st.floats(0, 100),
    half_range=st.floats(0, 50),
    direction=st.sampled_from(["high", "low"]),
)
def test_a_value_lies_in_the_range_its_class_shows(
    value: float, reference: float, half_range: float, direction: Direction
) -> None:
    classes = share_classes(reference, half_range, direction=direction)
    low, high = classes.ranges()[classes.place(value)]
    shown = round(value, 1)
    assert (low is None or low <= shown) and (high is None or shown < high)  # noqa: PT018


@given(reference=st.floats(0, 100), half_range=st.floats(0, 50))
def test_what_is_like_the_city_is_in_the_middle(reference: float, half_range: float) -> None:
    classes = share_classes(reference, half_range, direction="high")
    assert classes.place(reference) == 2
    assert len(set(classes.breaks)) == 4


def test_a_low_share_is_on_the_good_side_where_low_is_good() -> None:
    assert share_classes(20, 12, direction="low").place(5) == 4
    assert share_classes(20, 12, direction="high").place(5) == 0


def test_a_share_is_in_the_class_of_its_score() -> None:
    share = share_classes(70, 12, direction="high")
    for value in (60.0, 65.0, 69.0, 70.0, 72.5, 77.0):
        assert share.place(value) == score_classes().place(100 + 30 * (value - 70) / 12)


# ---- content ---


def test_areas_come_in_the_order_people_count() -> None:
    assert area_order(["10", "2", "1280A", "1"]) == ["1", "2", "10", "1280A"]


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=12))
def test_rounded_parts_sum_to_the_rounded_total(values: list[float]) -> None:
    parts = {f"I{n}": value for n, value in enumerate(values)}
    total = round(sum(values), 1)
    rounded = apportion(parts, total=total)
    assert round(sum(rounded.values()), 1) == pytest.approx(total, abs=1e-9)
    assert all(abs(rounded[code] - parts[code]) <= 0.1 + 1e-9 for code in parts)


def content(**changes: object) -> dict[str, object]:
    return page_content(publish(**changes), labels=LABELS)


def test_a_hidden_row_leaves_nothing_but_that_it_is_hidden() -> None:
    cell = content()["values"][HIDDEN[0]]["2024"][HIDDEN[1]]
    assert cell == {"value": None, "status": "hidden", "reference": "2024"}


def test_a_missing_value_is_missing_and_not_zero() -> None:
    assert content()["values"][MISSING[0]]["2024"][MISSING[1]]["value"] is None
    assert content()["values"][NO_DATA]["2024"]["1"] == {"value": None, "status": "missing"}


def test_a_value_that_claims_to_be_ok_but_is_empty_is_missing() -> None:
    seen = observations()
    seen.loc[(seen["indicator"] == "B1") & (seen["area"] == "1"), "value"] = None
    cell = content(observations=seen)["values"]["B1"]["2024"]["1"]
    assert (cell["value"], cell["status"]) == (None, "missing")


def test_a_dimension_says_how_many_of_its_indicators_it_has() -> None:
    values = content()["values"]
    assert values["ekonomi"]["2024"]["1"]["counted"] == 2
    assert values["ekonomi"]["2024"]["1"]["status"] == "partial"
    assert values["boende"]["2024"]["1"]["status"] == "ok"


def test_contributions_sum_to_the_distance_from_100() -> None:
    values = content()["values"]
    for area in CODES:
        for period in PERIODS:
            cells = [values[code][period][area] for code in load_catalogue().codes]
            total = sum(cell.get("difference", 0) for cell in cells)
            assert total == pytest.approx(values[INDEX][period][area]["value"] - 100, abs=1e-9)


def test_a_theme_without_data_is_listed_and_marked() -> None:
    empty = {theme["code"]: theme["empty"] for theme in content()["themes"]}
    assert list(empty) == THEMES
    assert [code for code in THEMES if empty[code]] == [NO_DATA]


def test_the_page_opens_on_a_theme_that_has_data() -> None:
    full = publish()
    nothing = full.index.assign(index=None, **{d.code: None for d in full.catalogue.dimensions})
    assert content(index=nothing)["start"] == "D1"


def test_without_a_scale_the_classes_start_from_the_areas_median() -> None:
    full = publish()
    themes = {t["code"]: t for t in content(scales=full.scales.iloc[:0])["themes"]}
    assert themes["B1"]["classes"][2]["meaning"] == WORDS.say("classes.median_2")


# ---- the file ---


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import hashlib; from web_publication import publish\n"
        "from geolyft.export.webmap import render_map\n"
        "print(hashlib.sha256(render_map(publish()).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.path.dirname(__file__)}  # noqa: PTH120
        run = [sys.executable, "-c", script]
        seen.add(subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    assert len(seen) == 1
    for name in ("one.html", "two.html"):
        write_map(publish(), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_only_listed_columns_are_in_the_file() -> None:
    full = publish()
    canary = "kanariefågel"
    page = render_map(
        publish(
            areas=full.areas.assign(note=canary),
            observations=full.observations.assign(personnummer=canary, source=canary),
            index=full.index.assign(note=canary),
            scores=full.scores.assign(note=canary),
            population=full.population.assign(note=canary),
            provenance={"path": canary},
        )
    )
    assert canary not in page


def test_figures_of_a_hidden_row_are_nowhere_in_the_file() -> None:
    page = render_map(publish())
    for figure in ("61.98", "12397", "12\u202f397", "60.4321", "63.1234"):
        assert figure not in page.split('id="data">')[1].split("</script>")[0]
        assert figure not in page.split('<table id="tabell"')[1].split("</table>")[0]


def test_the_file_names_no_other_file() -> None:
    page = render_map(publish())
    assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=\"(?!data:)", page)
    assert not re.search(r"@import|url\((?!#monster)|sourceMappingURL", page.split("<script>")[0])
    assert "\r" not in page


def test_the_file_is_small() -> None:
    assert len(render_map(publish()).encode()) < 300_000


def test_the_table_stands_in_the_file_before_any_script_runs() -> None:
    full = publish()
    table = render_map(full).split('<table id="tabell"')[1].split("</table>")[0]
    row = full.index[(full.index["area"] == "10") & (full.index["period"] == "2024")].iloc[0]
    texts = re.findall(r"<td>([^<]*)</td>", table.split("10 Område Å10")[1].split("</tr>")[0])
    names = [INDEX, *(dimension.code for dimension in full.catalogue.dimensions)]
    assert texts == [WORDS.number(row[name]) for name in names]


def test_neighbours_keep_one_border_when_generalised() -> None:
    areas = squares()
    wavy = shapely.LineString([(119_000 + 7 * (n % 3), 6_160_000 + n) for n in range(0, 2001, 2)])
    block = shapely.box(118_000, 6_160_000, 120_500, 6_162_000)
    halves = shapely.ops.split(block, shapely.LineString([*wavy.coords, (119_000, 6_163_000)]))
    areas = areas.iloc[:2].set_geometry(list(halves.geoms), crs=3008)
    shapes = _generalise(areas)
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    before, after = (shapely.get_num_coordinates(a.geometry).sum() for a in (areas, shapes))
    assert after < before / 20


def test_folium_is_told_no_word_about_an_area() -> None:
    codes = [f"{n} {{{{ cycler.__init__ }}}}" for n in range(6)]
    drawing = _draw(_generalise(squares(codes, names=["Hemligt namn"] * 6)))
    assert "Hemligt" not in drawing
    assert "cycler" not in drawing
    assert '{"place": 5}' in drawing
    # Leaflet's own simplifying would part the neighbours again.
    assert "smoothFactor: 0," in drawing


# ---- in the browser ---


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None and os.environ.get("GEOLYFT_NEED_BROWSER"):
        pytest.fail("no Chromium, and GEOLYFT_NEED_BROWSER is set")
    if path is None:
        pytest.skip("no Chromium: apt-get install -y --no-install-recommends chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@dataclass
class Seen:
    """A page and all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@dataclass
class Opener:
    """Opens publications in the browser, cut off from every network."""

    browser: Browser
    folder: Path
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        *,
        size: tuple[int, int] = (1440, 900),
        state: str = "",
        csp: bool = True,
        publication: Publication | None = None,
        **changes: object,
    ) -> Seen:
        path = self.folder / "karta.html"
        write_map(publication or publish(**changes), path)
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, bypass_csp=not csp
        )
        self.contexts.append(context)
        context.route(
            "**/*",
            lambda route: (
                route.continue_() if route.request.url.startswith(path.as_uri()) else route.abort()
            ),
        )
        seen = Seen(context.new_page())
        seen.page.on("console", lambda message: seen.said.append(message.text))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.goto(path.as_uri() + state)
        seen.asked[:] = [url for url in seen.asked if not url.startswith(path.as_uri())]
        return seen


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    opener = Opener(browser, tmp_path)
    yield opener
    for context in opener.contexts:
        context.close()


def assert_quiet(seen: Seen) -> None:
    assert seen.said == []
    assert seen.asked == []


def violations(page: Page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    return [rule["id"] for rule in axe.run(page).response["violations"]]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_page_is_quiet_accessible_and_in_its_language(opened: Opener, lang: str) -> None:
    seen = opened(lang=lang, synthetic=lang == "en")
    assert violations(seen.page) == []
    assert seen.page.get_attribute("html", "lang") == lang
    assert seen.page.title()
    assert_quiet(seen)


@pytest.mark.parametrize(
    ("state", "size"),
    [
        ("#tema=U2&period=2024&omrade=2", (1440, 900)),
        ("#tema=E2&period=2022", (1024, 768)),
        ("#tema=ekonomi&period=2022&omrade=12", (1024, 768)),
        ("#tema=D3&period=2024&omrade=12", (375, 800)),
    ],
)
def test_every_state_is_accessible(opened: Opener, state: str, size: tuple[int, int]) -> None:
    seen = opened(state=state, size=size, synthetic=True)
    seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    seen.page.focus("path[data-area]")
    assert violations(seen.page) == []
    assert_quiet(seen)


def test_the_map_shows_what_was_published_in_every_theme(opened: Opener) -> None:
    seen = opened()
    full = publish()
    for period in PERIODS:
        seen.page.select_option("#period", period)
        for theme in THEMES:
            seen.page.check(f'input[name="tema"][value="{theme}"]')
            expected = {code: expected_text(full, theme, period, code) for code in CODES}
            assert shown_on_map(seen.page) == expected, (theme, period)
            expected[CITY] = expected_text(full, theme, period, CITY)
            assert shown_in_table(seen.page) == expected, (theme, period)
    assert_quiet(seen)


def expected_text(full: object, theme: str, period: str, area: str) -> str:
    if theme in full.catalogue.codes:
        rows = full.observations
        rows = rows[(rows["indicator"] == theme) & (rows["period"] == period)]
        rows = rows[rows["area"] == area]
        if rows.empty or "missing" in rows["status"].iloc[0]:
            return "saknas"
        if "hidden" in rows["status"].iloc[0]:
            return "dold"
        return WORDS.percent(rows["value"].iloc[0])
    row = full.index[(full.index["area"] == area) & (full.index["period"] == period)].iloc[0]
    return WORDS.number(row[theme])


def shown_on_map(page: Page) -> dict[str, str]:
    names = page.eval_on_selector_all(
        "path[data-area]", "all => all.map(p => [p.dataset.area, p.getAttribute('aria-label')])"
    )
    pattern = r": \D*?(?:\w+ )*?(saknas|dold|[\d,]+(?:\xa0%)?)(?:, |$)"
    return {
        code: re.search(pattern, name.split(":", 1)[0] + ":" + name.split(":", 1)[1]).group(1)
        for code, name in names
    }


def shown_in_table(page: Page) -> dict[str, str]:
    rows = page.eval_on_selector_all(
        "#tabell tbody tr",
        "all => all.map(r => [r.dataset.area, r.querySelector('.chosen').firstChild.textContent])",
    )
    return dict(rows)


def test_script_and_python_write_numbers_alike(opened: Opener) -> None:
    page = opened().page
    for value in (0, -0.04, 1.5, -1234.5, 99.9, 1234567.0, 100.0):
        assert page.evaluate("(v) => number(v)", value) == WORDS.number(value)
        assert page.evaluate("(v) => signed(v)", value) == WORDS.signed(value)
    assert page.evaluate("number(367886, 0)") == WORDS.count(367886)


@pytest.mark.parametrize("csp", [True, False], ids=["policy", "no policy"])
def test_nothing_in_the_data_runs_as_script(opened: Opener, *, csp: bool) -> None:
    every = " ".join(PAYLOADS)
    changes = {"name": every, "short": every, "notes": (every,), "source": every}
    changes |= {"numerator": every, "denominator": every}
    catalogue = load_catalogue()
    poisoned = tuple(i.model_copy(update=changes) for i in catalogue.indicators)
    codes = [f"{n}{payload}".strip() for n, payload in enumerate(PAYLOADS[:6])]
    seen = opened(
        csp=csp,
        codes=codes,
        names=PAYLOADS[3:],
        title=every,
        city=every,
        warnings=(every,),
        created=every,
        catalogue=catalogue.model_copy(update={"indicators": poisoned}),
    )
    page = seen.page
    for place, name in enumerate(PAYLOADS[3:]):
        page.locator("path[data-area]").nth(place).focus()
        assert name in page.text_content(".leaflet-tooltip")
        page.keyboard.press("Enter")
        assert name in page.text_content("#panel-rubrik")
    page.locator("path[data-area]").first.hover()
    page.check('input[value="B3"]')
    assert page.evaluate("window.ran") is None
    assert page.text_content("h1") == every
    assert page.title().split() == f"{every} – {every}".split()
    assert page.locator("#panel script, #panel img, #tabell script, #tabell img").count() == 0
    assert_quiet(seen)


def test_the_policy_lets_no_other_script_run(opened: Opener) -> None:
    seen = opened()
    seen.page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);
        }"""
    )
    assert seen.page.evaluate("window.ran") is None
    assert "Content Security Policy" in seen.said[0]


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
    assert WORDS.say("page.theme_empty") in page.inner_text("#tema-text")
    fills = page.eval_on_selector_all(
        "path[data-area]", "all => all.map((one) => one.getAttribute('fill'))"
    )
    assert set(fills) == {"url(#monster-saknas)"}
    label = page.locator(f'label:has(input[value="{NO_DATA}"])')
    assert WORDS.say("html.no_data") in label.inner_text()


def test_missing_hidden_and_partial_do_not_look_alike(opened: Opener) -> None:
    page = opened(state="#tema=U2&period=2024").page
    assert page.get_attribute('path[data-area="2"]', "fill") == "url(#monster-dold)"
    page.check('input[value="D3"]')
    assert page.get_attribute('path[data-area="12"]', "fill") == "url(#monster-saknas)"
    page.check('input[value="index"]')
    assert "monster-delvis" in page.get_attribute('path[data-area="12"]', "fill")
    assert page.get_attribute('path[data-area="12"]', "stroke-dasharray")


def test_colour_follows_the_class(opened: Opener) -> None:
    page = opened(state="#tema=B1&period=2024").page
    assert page.get_attribute('path[data-area="1"]', "fill") == COLOURS[4]
    assert page.get_attribute('path[data-area="12"]', "fill") == COLOURS[0]


def test_the_table_sorts_and_what_is_missing_stays_last(opened: Opener) -> None:
    page = opened(state="#tema=D3&period=2024").page

    def order() -> list[str]:
        return page.eval_on_selector_all(
            "#tabell tbody tr", "all => all.map((row) => row.dataset.area)"
        )

    assert order() == [CITY, *CODES]
    page.click("#tabell thead th:nth-child(2) button")
    assert order() == [CITY, "11", "10", "3", "2", "1", "12"]
    assert page.get_attribute("#tabell thead th:nth-child(2)", "aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert order() == [CITY, "1", "2", "3", "10", "11", "12"]


def test_the_address_carries_the_state(opened: Opener) -> None:
    seen = opened(state="#tema=boende&period=2022&omrade=10")
    assert seen.page.input_value("#period") == "2022"
    assert "Område Å10" in seen.page.text_content("#panel-rubrik")
    seen.page.check('input[value="B2"]')
    assert seen.page.evaluate("location.hash") == "#tema=B2&period=2022&omrade=10"
    seen.page.evaluate("location.hash = '#tema=<b>&period=1&omrade=constructor'")
    seen.page.wait_for_function("document.activeElement !== null")
    assert_quiet(seen)


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
def test_nothing_runs_off_the_side(opened: Opener, width: int) -> None:
    page = opened(size=(width, 800), synthetic=True).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width >= 1024:
        assert page.evaluate("document.getElementById('karta').offsetWidth") >= 0.6 * width


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
    assert data["values"]["index"]["2024"]["1"]["value"] == pytest.approx(131.35, abs=0.051)
    assert [area["code"] for area in data["areas"]] == CODES
    assert page.locator("#karta.leaflet-container").count() == 1


@pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
@pytest.mark.parametrize("size", [(1440, 900), (320, 800)])
def test_change_certainty_and_words_are_on_the_page(
    opened: Opener, tmp_path: Path, squares: gpd.GeoDataFrame, size: tuple[int, int]
) -> None:
    made = pipeline.publish(load_config(write_small_run(tmp_path / "in", squares)))
    seen = opened(publication=made, state="#tema=forandring&omrade=1", size=size)
    panel = seen.page.inner_text("#panel-innehall")
    for sentence in made.stories["1"]:
        assert sentence in panel
    assert "säkert skild från Provstad" in panel
    assert "sätt att räkna" in panel
    moved = made.tables["forandring"].query("area == '1' and what == 'index'").iloc[0]
    name = seen.page.get_attribute('[data-area="1"]', "aria-label") or ""
    shown = load_words("sv").signed(float(moved["change"]))
    assert shown in name
    assert ("inte mer än slumpen kan ge" in name) != bool(moved["exceeds"])
    assert violations(seen.page) == []
    assert_quiet(seen)

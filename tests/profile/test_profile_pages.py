from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import web_browser
from profile_publication import full, usual
from web_browser import Seen, Window, assert_quiet, try_a_script, until, violations
from web_publication import CODES

from geolyft.export.figures.stems import file_stems
from geolyft.export.profile.page import Profiles, render_list, render_profile, write_profiles
from geolyft.export.words import load_words
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from geolyft.export.publication import Publication

from pathlib import Path

from profile_page import article, profiles_of, text_of

SV = load_words("sv")
PAYLOADS = [
    "<script>window.ran=1</script>",
    "</title></svg></style><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"onfocus=window.ran=1 autofocus tabindex=1 x="',
    "{{ 7*7 }}{% raw %}${window.ran=1}{city} {0}",
    "\\';window.ran=1;//]]>--><!--&lt;",
]


# ---- files ---


def test_each_area_has_a_page_and_all_are_listed(tmp_path: Path) -> None:
    write_profiles(usual(), tmp_path)
    names = sorted(path.name for path in (tmp_path / "omraden").iterdir())
    assert names == sorted([*(f"{code}.html" for code in CODES), "index.html"])
    page = (tmp_path / "omraden" / "index.html").read_text("utf-8")
    assert re.findall(r'href="(\w+)\.html">', page) == CODES
    for code in CODES:
        own = (tmp_path / "omraden" / f"{code}.html").read_text("utf-8")
        assert f"<h1>{code} Område Å{code}</h1>" in own
        assert "omrade={code}" not in own
        assert f"&amp;omrade={code}" in own


def test_links_lead_to_pages_that_are_there(tmp_path: Path) -> None:
    codes = ["../1", "a/b", "A", "a", "con", "index"]  # as many as the publication's areas
    write_profiles(full(codes=codes), tmp_path)
    folder = tmp_path / "omraden"
    names = {path.name for path in folder.iterdir()}
    assert len(names) == len(codes) + 1
    assert {path.name for path in tmp_path.iterdir()} == {"omraden"}
    for path in folder.iterdir():
        links = set(re.findall(r'href="([^"#:]+\.html)"', path.read_text("utf-8")))
        assert {link for link in links if not link.startswith("../")} <= names


def test_the_same_publication_gives_the_same_bytes() -> None:
    script = (
        "import hashlib; from profile_publication import full\n"
        "from geolyft.export.profile.page import Profiles, render_list, render_profile\n"
        "p = Profiles(full())\n"
        "text = render_list(p) + ''.join(render_profile(p, a) for a in p.reader.codes)\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path(__file__).parents[1] / "support"),
        }
        run = [sys.executable, "-c", script]
        found.add(subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    assert len(found) == 1


def test_the_order_of_rows_decides_nothing() -> None:
    turned = {name: table.iloc[::-1] for name, table in usual().tables.items()}
    other = full(tables=turned, observations=usual().observations.iloc[::-1])
    turned_pages = Profiles(other)
    for area in CODES:
        assert render_profile(turned_pages, area) == render_profile(profiles_of(usual()), area)


def test_only_what_is_published_is_in_the_file() -> None:
    latest = usual()
    canary = "kanariefågel"
    marked = full(
        areas=latest.areas.assign(note=canary),
        observations=latest.observations.assign(personnummer=canary, source=canary),
        index=latest.index.assign(note=canary),
        scores=latest.scores.assign(note=canary),
        population=latest.population.assign(note=canary),
        tables={name: table.assign(extra=canary) for name, table in latest.tables.items()},
        provenance={"path": canary},
    )
    profiles = Profiles(marked)
    assert canary not in "".join(render_profile(profiles, area) for area in CODES)
    assert canary not in render_list(profiles)


def test_the_page_asks_for_no_file_and_runs_no_script() -> None:
    for page in (render_profile(profiles_of(usual()), "1"), render_list(profiles_of(usual()))):
        assert "<script" not in page
        assert not re.search(r"(src|srcset|data|action)=\"(?!data:)", page)
        assert not re.search(r"@import|url\(|@font-face|style=\"", page)
        assert re.findall(r'<link[^>]+href="([^"]+)"', page) == ["data:,"]
        assert "script-src ;" in page
        assert "\r" not in page


def test_a_page_is_small() -> None:
    assert max(len(render_profile(profiles_of(usual()), area)) for area in CODES) < 120_000


def test_english_pages_are_english_and_say_where_they_are_not() -> None:
    latest = usual("en")
    root = article(latest, "12")
    text = text_of(root)
    assert "Below Malmö 2024" in text
    assert "72.0" not in text
    for swedish in ("säkerställ", "Uppgift saknas", "Områdesprofil", "poäng)", "Skillnad"):
        assert swedish not in text
    foreign = [span for span in root.iter("span") if span.attrib.get("lang") == "sv"]
    assert any("Danmark" in (span.text or "") for span in foreign)


def test_made_up_figures_say_so_first(tmp_path: Path) -> None:
    write_profiles(usual(synthetic=True), tmp_path)
    for path in (tmp_path / "omraden").iterdir():
        page = path.read_text("utf-8")
        assert SV.say("html.synthetic") in page
        assert page.index(SV.say("html.synthetic")) < page.index("<h1>")
    assert "SYNTETISKA" not in render_profile(profiles_of(usual()), "1")


# ---- in the browser ---


browser, window = web_browser.browser, web_browser.window


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Callable[..., Seen]:
    def open_page(publication: Publication, name: str, **options: object) -> Seen:
        profiles = profiles_of(publication)
        areas = {stem: area for area, stem in profiles.stems.items()}
        page = render_list(profiles) if name == "index" else render_profile(profiles, areas[name])
        path = tmp_path / f"{name}.html"
        path.write_text(page, "utf-8")
        return window.open(path, **options)

    return open_page


@pytest.mark.parametrize(
    ("lang", "name", "width"),
    [
        ("sv", "1", 1200),
        ("sv", "1", 320),
        ("sv", "2", 320),
        ("sv", "12", 1200),
        ("en", "11", 1200),
        ("en", "11", 320),
        ("sv", "index", 1200),
        ("en", "index", 320),
    ],
)
@pytest.mark.needs("axe")
def test_pages_are_quiet_accessible_and_fit(
    opened: Callable[..., Seen], lang: str, name: str, width: int
) -> None:
    seen_page = opened(usual(lang, synthetic=lang == "en"), name, size=(width, 900))
    assert violations(seen_page.page) == []
    assert seen_page.page.get_attribute("html", "lang") == lang
    assert seen_page.page.evaluate("document.documentElement.scrollWidth") <= width
    assert_quiet(seen_page)


@pytest.mark.parametrize("width", [375, 600, 768, 1024, 1440])
def test_nothing_runs_off_the_side(opened: Callable[..., Seen], width: int) -> None:
    page = opened(usual(synthetic=True), "1", size=(width, 900)).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.eval_on_selector_all(
        ".scroll", "all => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    )
    if width >= 1024:
        assert wide == 0


def test_tables_can_be_scrolled_by_keyboard(opened: Callable[..., Seen]) -> None:
    page = opened(usual(), "1", size=(320, 900)).page
    page.focus("#omrade-1-indikatorer-om + .scroll")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('#omrade-1-indikatorer-om + .scroll').scrollLeft > 0")


def test_names_stay_text_wherever_they_stand(opened: Callable[..., Seen]) -> None:
    every = " ".join(PAYLOADS)
    catalogue = load_catalogue()
    poisoned = tuple(
        i.model_copy(update={"short": every, "name": every, "notes": (every,)})
        for i in catalogue.indicators
    )
    dimensions = tuple(d.model_copy(update={"name": every}) for d in catalogue.dimensions)
    update = {"indicators": poisoned, "dimensions": dimensions}
    latest = full(names=PAYLOADS, catalogue=catalogue.model_copy(update=update))
    tables = {name: table.copy() for name, table in latest.tables.items()}
    tables["forandring"]["note"] = every
    tables["fickor"]["small"] = tables["fickor"]["small"] + every
    sources = tuple(
        type(s)(name=every, publisher=every, licence=every, note=every, indicators=s.indicators)
        for s in latest.sources
    )
    latest = full(
        names=PAYLOADS,
        catalogue=latest.catalogue,
        title=every,
        city=every,
        sources=sources,
        created=every,
        tables=tables,
    )
    for name, payload in (("1", PAYLOADS[0]), ("11", PAYLOADS[4]), ("index", every)):
        seen_page = opened(latest, name)
        page = seen_page.page
        page.mouse.move(400, 400)
        assert page.evaluate("window.ran") is None
        assert page.locator("script, img, [onfocus], [onerror], [autofocus]").count() == 0
        assert payload in (page.text_content("body") or "")
        if name != "index":
            assert page.text_content("h1") == f"{name} {payload}"
            assert payload in (page.text_content(".locator svg title") or "")
            assert page.locator("style").count() == 3
        assert_quiet(seen_page)


def test_hostile_codes_run_nothing(opened: Callable[..., Seen]) -> None:
    codes = ["<script>window.ran=1</script>", "../../x", '"x', "%2e%2e", "a\\b", "{{7*7}}"]
    latest = full(codes=codes)
    stems = file_stems(codes)
    for code in codes:
        seen_page = opened(latest, stems[code])
        assert seen_page.page.evaluate("window.ran") is None
        assert (seen_page.page.text_content("h1") or "").startswith(code)
        assert_quiet(seen_page)


def test_the_policy_lets_no_script_run(opened: Callable[..., Seen]) -> None:
    try_a_script(opened(usual(), "1"))


def test_on_paper_links_go_and_the_warning_stays(opened: Callable[..., Seen]) -> None:
    page = opened(usual(synthetic=True), "1").page
    page.emulate_media(media="print")
    assert page.locator(".synthetic").is_visible()
    assert not page.locator(".links").is_visible()
    assert page.locator("h1").is_visible()


@pytest.mark.needs("axe")
def test_charts_stay_readable_in_colours_of_the_readers_own(opened: Callable[..., Seen]) -> None:
    page = opened(usual(), "1", forced_colors="active").page
    style = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).forcedColorAdjust]"
    assert page.eval_on_selector(".locator svg", style) == ["rgb(255, 255, 255)", "none"]
    assert violations(page) == []

"""What planners come to do: each answer stands on the page after at most three actions.

The tasks and their numbers are those that an områdeskoordinator, a trygghetssamordnare and a
communicator were given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import shapely
import web_browser
from web_browser import Opener, Window, assert_quiet, until, violations
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.divisions.areas import load_areas
from geolyft.divisions.gazetteer.places import Place
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.stems import file_stems
from geolyft.export.findings import contrasts_of, findings_of
from geolyft.export.profile.page import write_profiles
from geolyft.export.web.page import Siblings, write_map

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
SMALL = (1280, 720)
MOST_ACTIONS = 3
CORNERS = """(n) => {
    const box = document.querySelectorAll('.label .name')[n].getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
}"""


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2))


@dataclass
class Reader:
    """Someone at the page, whose actions are counted."""

    page: Page
    actions: int = 0

    def click(self, selector: str) -> None:
        self._act()
        self.page.click(selector)

    def choose(self, selector: str, value: str) -> None:
        self._act()
        self.page.select_option(selector, value)

    def press(self, key: str) -> None:
        self._act()
        self.page.keyboard.press(key)

    def _act(self) -> None:
        self.actions += 1
        assert self.actions <= MOST_ACTIONS

    def sees(self, where: str) -> str:
        return " ".join(self.page.inner_text(where).split())


@pytest.fixture
def at(opened: Opener, made: Publication) -> Reader:
    return Reader(opened(publication=made, size=SMALL).page)


def test_1_which_areas_most_need_efforts_how_surely_and_why(at: Reader) -> None:
    told = at.sees("#fynd")
    assert "Område 1 och 5 är bland de tre lägsta i alla 1 305 sätt att räkna, 2 i 90,3 %" in told
    assert "i alla fyra dimensioner" in told
    at.click("#fynd li:first-child a")
    assert "Område 1 " in at.sees("#panel-rubrik")
    assert "Under Malmö" in at.sees("#panel")
    assert "Drar upp, drar ner" in at.sees("#panel")


def test_2_what_has_changed_in_an_area_and_is_it_real(at: Reader) -> None:
    at.click('path[data-area="3"]')
    told = at.sees("#panel")
    title = "Index, förändring 2022–2024"
    assert title in told
    after = told.split(title)[1][:120]
    assert "inte säkert förändrat" in after or "statistiskt säkerställd förändring" in after
    # What is not sure is told before any number of points.
    if "inte säkert" in after:
        assert after.index("inte säkert") < after.index("poäng")


def test_3_results_of_girls_and_boys_side_by_side(at: Reader) -> None:
    at.choose("#tema", "U2")
    at.click('path[data-area="3"]')
    table = at.sees(".by-sex")
    assert table.startswith("flickor pojkar")
    assert table.count("osäkerhet") == 2
    assert "Skillnad" in at.sees("#panel")
    assert at.page.locator(".by-sex + small").inner_text().count("säkerställd") == 1


def test_4_where_in_an_area_the_pockets_are(at: Reader) -> None:
    at.choose("#tema", "E1")
    at.click('path[data-area="3"]')
    at.choose("#niva", "deso")
    assert "Område Å3" in at.sees("#panel-rubrik")
    assert "DeSO i området" in at.sees("#panel")
    first = at.page.locator(".small-areas li").first.inner_text()
    assert "1280C1050" in first
    assert "ficka, statistiskt säkerställd" in first
    # The area is zoomed to.
    box = at.page.locator('path[data-area="1280C1050"]').bounding_box()
    frame = at.page.locator("#karta").bounding_box()
    assert box["height"] > 0.7 * frame["height"]


def test_5_how_many_persons_the_gap_to_the_city_in_work_is(at: Reader, made: Publication) -> None:
    at.choose("#tema", "E1")
    area = next(a for a in made.areas.index if reader_of(made).cell("E1", a).get("persons", 0) < 0)
    at.click(f'path[data-area="{area}"]')
    first = at.page.locator("#panel .headline + .fact").inner_text().replace("\u202f", " ")
    cell = reader_of(made).cell("E1", area)
    assert f"omkring {abs(cell['persons'])} färre förvärvsarbetande" in first
    assert "procentenheter mot Malmö" in first
    assert "av " in first.split("omkring")[1]


def test_6_one_page_for_the_namnd_is_one_step_away(window: Window, tmp_path: Path) -> None:
    made, path = replace(with_levels(), tables={}), tmp_path / "karta.html"
    stems = file_stems(made.areas.index)
    write_map(made, path, siblings=Siblings(profiles=stems))
    write_profiles(made, tmp_path)
    at = Reader(window.open(path, size=SMALL).page)
    at.click('path[data-area="3"]')
    link = at.page.locator("#panel a:has-text('Sida att skriva ut')")
    assert (tmp_path / link.get_attribute("href")).is_file()


def test_7_exactly_this_view_is_sent(at: Reader, opened: Opener, made: Publication) -> None:
    at.click('#tabell thead button:has-text("Boende")')
    at.click(".leaflet-control-zoom-in")
    at.click("#kopiera")
    until(at.page, "document.getElementById('ta-med-svar').textContent !== ''")
    assert "länk" in at.sees("#ta-med-svar").lower()
    link, zoom = at.page.evaluate("[location.hash, karta.getZoom()]")
    rows = ("#tabell tr", "all => all.map((row) => row.dataset.area)")
    order = at.page.eval_on_selector_all(*rows)
    other = opened(publication=made, size=SMALL, state=link).page
    assert other.evaluate("karta.getZoom()") == pytest.approx(zoom, abs=0.01)
    assert (
        other.eval_on_selector_all("#tabell tr", "all => all.map((r) => r.dataset.area)") == order
    )


def test_8_in_which_area_a_street_lies(opened: Opener, made: Publication) -> None:
    street = Place("street", "Rosengatan", "3", "Annelund")
    at = Reader(opened(publication=replace(made, places=(street,)), size=SMALL).page)
    at.page.fill("#sok", "rosengattan")
    at.click("#sok-lista li >> nth=0")
    assert "Rosengatan" in at.sees("#panel")
    assert "Område Å3" in at.sees("#panel-rubrik")


def test_9_the_figures_for_a_spreadsheet_are_one_step_away(
    window: Window, made: Publication, tmp_path: Path
) -> None:
    path = tmp_path / "karta.html"
    siblings = Siblings(profiles=file_stems(made.areas.index), files=("omradeslyft.xlsx",))
    write_map(made, path, siblings=siblings)
    at = Reader(window.open(path, size=SMALL, accept_downloads=True).page)
    assert at.page.locator("footer a:has-text('Excel')").get_attribute("href") == siblings.files[0]
    with at.page.expect_download() as loading:
        at.click("#hamta")
    assert loading.value.suggested_filename == "index-2024-geso.csv"


def test_10_what_is_missing_and_whether_it_can_be_trusted(
    window: Window, made: Publication, tmp_path: Path
) -> None:
    path = tmp_path / "karta.html"
    write_map(made, path, siblings=Siblings(profiles=file_stems(made.areas.index)))
    at = Reader(window.open(path, size=SMALL).page)
    legend = at.sees("#forklaring")
    assert "uppgift saknas 1 område" in legend
    assert "ingen statistiskt säkerställd skillnad mot Malmö 2024" in legend
    assert at.page.locator("footer a[href='rapport.html']").is_visible()
    at.click('input[value="quality"]')
    assert "Halva osäkerhetsintervallet (95 %)" in at.sees("#tema-text")


def test_11_where_the_contrast_across_a_border_is_largest(at: Reader, made: Publication) -> None:
    assert "gränsen" in at.sees("#fynd")
    assert "poäng (osäkerhet" in at.sees("#fynd")
    at.click("#fynd a:has-text('gränsen')")
    assert at.sees("#panel-rubrik").startswith("Område")
    # All of them, widest first, and as wide on the map.
    found = contrasts_of(reader_of(made), "index", "2024")
    (low, high), widest = max(found.items(), key=lambda item: item[1].size)
    first = at.page.locator("[data-border] >> nth=0")
    assert set(first.get_attribute("data-border").split("|")) == {low, high}
    assert f"{widest.size:.1f}".replace(".", ",") in first.inner_text()
    assert at.page.locator("path.contrast").count() == len(found)


def test_12_how_children_fare_here(at: Reader) -> None:
    at.choose("#tema", "barn")
    at.click('path[data-area="3"]')
    told = at.sees("#panel")
    # 700 of 4000 residents, and of 1100 children in the city.
    assert "Här bor 700 barn, 0–17 år. Det är 18 av 100 invånare, och 64 av 100 barn" in told
    assert "Fritidsaktiviteter: " in told
    assert "omkring 205 barn" not in told
    assert "omkring 200 barn bor trångt" in told
    assert "Inget barn har räknats." in told
    assert "Fritidsaktiviteter: statistiskt säkerställ" in at.sees("#fynd")


def test_13_the_same_by_keyboard_alone(at: Reader) -> None:
    """A theme, an area, its comparison: three actions, none with a mouse."""
    at.page.focus("#tema")
    at.press("f")
    assert "Fritidsaktiviteter" in at.sees("#tema-rubrik") or "fritid" in at.sees("#tema-rubrik")
    at.page.focus('path[data-area="3"]')
    at.press("Enter")
    assert at.page.evaluate("document.activeElement.id") == "panel-rubrik"
    at.page.focus("#till-jamfor")
    at.press("Enter")
    assert at.page.evaluate("document.activeElement.id") == "jamfor-rubrik"
    assert at.page.locator('[data-ranked="3"].pinned').count() == 1


# ---- findings ---


def test_findings_follow_theme_and_period_and_each_sets_its_view(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made)
    page, reader = seen.page, reader_of(made)
    for theme in ("index", "E1", "ekonomi", "E2"):
        page.check(f'input[name="tema"][value="{theme}"]')
        told = [each.text for each in findings_of(reader, theme, "2024")]
        assert [t.strip() for t in page.locator("#fynd a").all_text_contents()] == told
    for place, finding in enumerate(findings_of(reader, "E2", "2024")):
        page.locator("#fynd a").nth(place).click()
        state = page.evaluate("location.hash")
        assert ("skillnad-" in state) == (finding.view == "gap")
        assert ("niva=deso" in state) == (finding.level == "deso")
        assert page.evaluate("document.activeElement.tagName") == "A"
    page.select_option("#period", "2022")
    assert "2022" in page.inner_text("#fynd-rubrik")
    assert_quiet(seen)


def test_where_nothing_is_judged_the_page_says_that(opened: Opener) -> None:
    page = opened().page
    assert page.locator("#fynd").is_hidden()
    assert "har inte räknats" in page.inner_text("#fynd-text")


def test_findings_are_of_everyone_and_say_so(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, state="#tema=E1&kon=kvinnor").page
    assert page.inner_text("#fynd-rubrik").endswith("gäller alla")
    page.click("#fynd a >> nth=0")
    assert "kon=" not in page.evaluate("location.hash")


@pytest.mark.parametrize("theme", ["index", "E1", "E2"])
def test_map_and_legend_are_on_the_first_screen(
    opened: Opener, made: Publication, theme: str
) -> None:
    page = opened(publication=made, size=SMALL, state=f"#tema={theme}").page
    box = page.locator("#karta").bounding_box()
    assert box["y"] + box["height"] <= SMALL[1]
    for each in page.locator("#forklaring li").all():
        item = each.bounding_box()
        assert item["y"] + item["height"] <= SMALL[1], each.inner_text()
    assert "▲" in page.inner_text("#forklaring")


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (390, 800)])
def test_every_number_is_on_the_map(window: Window, tmp_path: Path, size: tuple[int, int]) -> None:
    """Areas of Malmö's shape are narrow: their numbers move aside before they vanish."""
    areas = load_areas("geso").to_crs(3008)
    made = with_levels(areas=14, small=0)
    shapes = made.areas.set_geometry(areas.geometry.loc[made.areas.index])
    path = tmp_path / "karta.html"
    write_map(replace(made, areas=shapes), path)
    page = window.open(path, size=size).page
    texts = page.locator(".label .name")
    assert texts.count() == 14
    assert all(texts.nth(n).is_visible() for n in range(14))
    boxes = [shapely.box(*page.evaluate(CORNERS, n)) for n in range(14)]
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            # Their rims may touch, their digits not.
            assert one.buffer(-4).intersection(other.buffer(-4)).area < 1


# ---- what is chosen is answered first ---


def test_the_panel_begins_with_the_chosen_theme_and_has_the_index_second(at: Reader) -> None:
    at.choose("#tema", "E1")
    at.click('path[data-area="3"]')
    told = at.sees("#panel-innehall")
    assert told.index("Förvärvsarbetar") < told.index("kvinnor") < told.index("Index")
    at.click('input[value="gap"]')
    assert "Skillnad" in at.sees(".headline") or "skillnad" in at.sees(".headline")
    assert at.sees(".headline .big")[0] in "+\u22120"


def test_another_level_keeps_the_area_and_going_back_does_too(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, state="#tema=E1&omrade=2").page
    page.select_option("#niva", "deso")
    assert page.evaluate("location.hash").endswith("niva=deso&omrade=2")
    page.click('path[data-area="1280C1030"]')
    assert "1280C1030" in page.inner_text("#panel-rubrik")
    page.select_option("#niva", "geso")
    assert page.evaluate("location.hash").endswith("omrade=2")
    page.select_option("#niva", "deso")
    page.click(".back")
    assert "omrade" not in page.evaluate("location.hash")


def test_a_link_into_an_area_opens_it_zoomed_with_its_small_areas(
    opened: Opener, made: Publication
) -> None:
    seen = opened(publication=made, state="#tema=E1&niva=deso&omrade=2")
    assert seen.page.locator(".small-areas li").count() == 2
    assert "Område Å2" in seen.page.inner_text("#panel-rubrik")
    assert_quiet(seen)


# ---- never an empty map without a reason ---


def test_a_page_opens_on_figures_and_says_what_it_could_not_show(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, state="#tema=D1&kon=kvinnor").page
    told = page.inner_text("#tema-tomt")
    assert "Redovisas inte efter kön: Valdeltagande, 2024, kvinnor" in told
    assert "i stället" in told
    assert page.locator("#karta path[data-area]").count() > 0
    assert "tema=D1" not in page.evaluate("location.hash")
    page.click("#tema-tomt button:has-text('alla')")
    assert page.evaluate("location.hash") == "#tema=D1&period=2024"
    assert page.inner_text("#tema-tomt") == ""


def test_another_sex_never_leads_to_an_empty_map(opened: Opener, made: Publication) -> None:
    page = opened(publication=made, state="#tema=index").page
    page.select_option("#kon", "kvinnor")
    assert "Valdeltagande" in page.inner_text("#tema-tomt")
    assert page.locator('#forklaring .classes small:not(:text-is("0 områden"))').count() > 0
    page.check('input[name="tema"][value="E1"]')
    assert page.inner_text("#tema-tomt") == ""


def test_a_theme_that_is_chosen_though_it_is_empty_says_what_to_choose(
    opened: Opener, made: Publication
) -> None:
    page = opened(publication=made, state="#tema=E1&kon=kvinnor").page
    page.check('input[name="tema"][value="D1"]')
    assert "Redovisas inte efter kön" in page.inner_text("#tema-tomt")
    page.click("#tema-tomt button")
    assert page.inner_text("#tema-tomt") == ""


@pytest.mark.needs("axe")
@pytest.mark.parametrize(
    "state",
    ["#tema=E1&omrade=3", "#tema=E1&niva=deso&omrade=3", "#tema=D1&kon=kvinnor&omrade=2"],
)
@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_said_first_is_accessible(
    opened: Opener, made: Publication, state: str, width: int
) -> None:
    page = opened(publication=made, state=state, size=(width, 720)).page
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

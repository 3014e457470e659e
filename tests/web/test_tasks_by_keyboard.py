"""The thirteen tasks of planners by keyboard alone, in Swedish and in English.

Everything is reached with the tab key from where the focus is, and pressed. An action is a key that
changes something, or a text that is typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import web_browser
from web_browser import until
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.divisions.gazetteer.places import Place
from geolyft.export.figures.stems import file_stems
from geolyft.export.web.page import Siblings, write_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from web_browser import Window

browser, window = web_browser.browser, web_browser.window
pytestmark = pytest.mark.needs("chromium")
SIZE = (1280, 720)
MOST_ACTIONS = 3
MOST_STEPS = 200
AREA = 'path[data-area="3"]'
PLACES = (
    Place("alias", "Rosengård", "3", "Annelund"),
    Place("street", "Rosengatan", "2", "Annelund"),
)


@dataclass
class Reader:
    """Someone at the keys, whose actions are counted and whose steps are not."""

    page: Page
    actions: int = 0

    def reach(self, selector: str) -> None:
        """Go there with the tab key, from where the focus is."""
        for _ in range(MOST_STEPS):
            if self.page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tab key does not lead to {selector}")

    def act(self, *keys: str) -> None:
        """Press keys, or type what is no key, as one action."""
        self.actions += 1
        assert self.actions <= MOST_ACTIONS
        for key in keys:
            self.page.keyboard.press(key)

    def press(self, selector: str, key: str = "Enter") -> None:
        self.reach(selector)
        self.act(key)

    def choose(self, selector: str, value: str) -> None:
        """Choose in a list with the arrow keys."""
        self.reach(selector)
        place = self.page.eval_on_selector(
            selector,
            "(it, value) => [...it.options].findIndex((one) => one.value === value)"
            " - it.selectedIndex",
            value,
        )
        self.act(*["ArrowDown" if place > 0 else "ArrowUp"] * abs(place))
        assert self.page.input_value(selector) == value

    def type(self, text: str) -> None:
        self.reach("#sok")
        self.actions += 1
        self.page.keyboard.type(text)

    def sees(self, where: str) -> str:
        return " ".join(self.page.inner_text(where).split())


def what_needs_most(at: Reader) -> str:
    told = at.sees("#fynd")
    at.press("#fynd li:first-child a")
    return told + at.sees("#panel")


def what_changed(at: Reader) -> str:
    at.type("Rosengård")
    at.act("Enter")
    return at.sees("#panel")


def girls_and_boys(at: Reader) -> str:
    at.choose("#tema", "U2")
    at.press(AREA)
    return at.sees(".by-sex") + at.sees(".by-sex + small")


def pockets(at: Reader) -> str:
    at.choose("#tema", "E1")
    at.press(AREA)
    at.choose("#niva", "deso")
    return at.sees("#panel-rubrik") + at.sees(".small-areas")


def persons(at: Reader) -> str:
    at.choose("#tema", "E1")
    at.press(AREA)
    return at.sees("#panel .headline + .fact")


def one_page(at: Reader) -> str:
    at.press(AREA)
    at.reach("#panel .fact a")
    return at.page.evaluate("document.activeElement.getAttribute('href')")


def exactly_this_view(at: Reader) -> str:
    at.press(".leaflet-control-zoom-in")
    at.press("#kopiera")
    until(at.page, "document.getElementById('ta-med-svar').textContent !== ''")
    return at.page.evaluate("location.hash") + at.sees("#ta-med-svar")


def street(at: Reader) -> str:
    at.type("rosengattan")
    at.act("Enter")
    return at.sees("#panel")


def spreadsheet(at: Reader) -> str:
    at.reach("#hamta")
    with at.page.expect_download() as loading:
        at.act("Enter")
    return loading.value.suggested_filename + at.sees("footer")


def trust(at: Reader) -> str:
    missing = at.sees("#forklaring")
    at.press('input[name="vy"]', "ArrowLeft")
    at.reach("footer a[href='rapport.html']")
    return missing + at.sees("#tema-text")


def contrast(at: Reader) -> str:
    at.press("#fynd a[href*='granser']")
    return at.sees("#panel-rubrik") + at.sees("#jamforelse")


def children(at: Reader) -> str:
    at.choose("#tema", "barn")
    at.press(AREA)
    return at.sees("#panel")


def compared(at: Reader) -> str:
    at.press(AREA)
    at.press("#till-jamfor")
    return at.page.evaluate("document.activeElement.id") + at.sees("#jamforelse")


TASKS: dict[Callable[[Reader], str], dict[str, list[str]]] = {
    what_needs_most: {
        "sv": ["bland de tre lägsta i alla 1 305 sätt att räkna, 2 i 90,3 %", "Under Malmö"],
        "en": ["Among the three lowest in all 1,305 ways", "2 in 90.3%", "Below Malmö"],
    },
    what_changed: {
        "sv": ["Index, förändring 2022–2024: ", "osäkerhet", "Rosengård"],
        "en": ["Index, change 2022–2024: ", "uncertainty", "Rosengård"],
    },
    girls_and_boys: {"sv": ["flickor pojkar", "säkerställd"], "en": ["girls boys", "signific"]},
    pockets: {
        "sv": ["Område Å3", "1280C1050", "ficka, statistiskt säkerställd"],
        "en": ["Område Å3", "1280C1050", "pocket, "],
    },
    persons: {
        "sv": ["procentenheter mot Malmö", "omkring", "förvärvsarbetande"],
        "en": ["percentage points", "about", "förvärvsarbetande"],
    },
    one_page: {"sv": ["omraden/3.html"], "en": ["omraden/3.html"]},
    exactly_this_view: {"sv": ["plats=", "Länk"], "en": ["plats=", "link"]},
    street: {"sv": ["Rosengatan", "ligger i det här området"], "en": ["Rosengatan", "lies in"]},
    spreadsheet: {"sv": ["index-2024-geso.csv", "Excel"], "en": ["index-2024-geso.csv", "Excel"]},
    trust: {
        "sv": ["uppgift saknas 1 område", "Halva osäkerhetsintervallet (95 %)"],
        "en": ["no data 1 area", "95%"],
    },
    contrast: {"sv": ["Område", "poäng", "osäkerhet"], "en": ["Område", "points", "uncertainty"]},
    children: {
        "sv": ["Här bor 700 barn, 0–17 år. Det är 18 av 100 invånare"],
        "en": ["700 children", "18 of 100"],
    },
    compared: {"sv": ["jamfor-rubrik", "Område Å3"], "en": ["jamfor-rubrik", "Område Å3"]},
}


@pytest.fixture(scope="module", params=["sv", "en"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    made = replace(with_findings(with_levels(small=2, lang=request.param)), places=PLACES)
    path = tmp_path_factory.mktemp(request.param) / "karta.html"
    stems = file_stems(made.areas.index)
    write_map(made, path, siblings=Siblings(profiles=stems, files=("omradeslyft.xlsx",)))
    return request.param, path


@pytest.fixture
def at(window: Window, written: tuple[str, Path]) -> Reader:
    return Reader(window.open(written[1], size=SIZE, accept_downloads=True).page)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_each_task_is_done_by_keyboard_alone(
    at: Reader, written: tuple[str, Path], task: Callable[[Reader], str]
) -> None:
    told = task(at).replace("\u202f", " ").replace("\u00a0", " ")
    for part in TASKS[task][written[0]]:
        assert part in told, told

"""Opens pages in a real browser that is cut off from every network, and hears all they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from needs import chromium
from web_publication import publish

from geolyft.export.web.page import write_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from geolyft.export.publication import Publication

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# One at a time: two of Playwright in one process do not get along.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - optional

    with sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@dataclass
class Seen:
    """A page and all that it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def until(page: Page, expression: str, seconds: float = 20) -> None:
    """Wait for what becomes true; asked from outside, for the page's own policy evaluates nothing.

    Playwright's own waiting evaluates inside the page when its first look says no,
    which the policy refuses: it passes on a fast machine and fails on a slow one.
    """
    for _ in range(int(seconds * 50)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never true: {expression}")


@dataclass
class Window:
    """Opens files in the browser, cut off from every network."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: Path,
        *,
        size: tuple[int, int] = (1200, 900),
        state: str = "",
        csp: bool = True,
        **options: object,
    ) -> Seen:
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, bypass_csp=not csp, **options
        )
        self.contexts.append(context)
        own = path.as_uri()
        context.route(
            "**/*",
            lambda route: route.continue_() if route.request.url.startswith(own) else route.abort(),
        )
        seen = Seen(context.new_page())
        seen.page.on("console", lambda message: seen.said.append(message.text))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.goto(own + state)
        seen.asked[:] = [url for url in seen.asked if not url.startswith(own)]
        return seen


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    made = Window(browser)
    yield made
    for context in made.contexts:
        context.close()


@dataclass
class Opener:
    """Opens the maps of publications."""

    window: Window
    folder: Path

    def __call__(
        self,
        *,
        size: tuple[int, int] = (1440, 900),
        state: str = "",
        csp: bool = True,
        motion: str = "no-preference",
        publication: Publication | None = None,
        **changes: object,
    ) -> Seen:
        path = self.folder / "karta.html"
        write_map(publication or publish(**changes), path)
        options = {"reduced_motion": motion, "accept_downloads": True}
        return self.window.open(path, size=size, state=state, csp=csp, **options)


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Opener:
    return Opener(window, tmp_path)


def assert_quiet(seen: Seen) -> None:
    assert seen.said == []
    assert seen.asked == []


def violations(page: Page) -> list[str]:
    """Return the rules of accessibility that a page breaks; who asks needs axe."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - optional

    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def try_a_script(seen: Seen) -> None:
    """Put a script into the page, and see that its policy does not let it run."""
    seen.page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = 1';
            document.body.append(script);
        }"""
    )
    assert seen.page.evaluate("window.ran") is None
    assert "Content Security Policy" in seen.said[0]


def settle(page: Page) -> None:
    """Wait until the table of a large level has followed the map."""
    page.wait_for_selector("#tabell:not([aria-busy])")


def table_codes(page: Page) -> list[str]:
    """The areas of the table, in the order of its rows."""
    settle(page)
    return page.eval_on_selector_all(
        "#tabell tbody tr", "all => all.map((row) => row.dataset.area)"
    )

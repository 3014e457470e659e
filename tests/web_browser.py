"""Opens maps in a real browser that is cut off from every network, and hears all that they say."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from web_publication import publish

from geolyft.export.webmap import write_map

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
        motion: str = "no-preference",
        publication: Publication | None = None,
        **changes: object,
    ) -> Seen:
        path = self.folder / "karta.html"
        write_map(publication or publish(**changes), path)
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            bypass_csp=not csp,
            reduced_motion=motion,
            accept_downloads=True,
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


def settle(page: Page) -> None:
    """Wait until the table of a large level has followed the map."""
    page.wait_for_selector("#tabell:not([aria-busy])")


def table_codes(page: Page) -> list[str]:
    """The areas of the table, in the order of its rows."""
    settle(page)
    return page.eval_on_selector_all(
        "#tabell tbody tr", "all => all.map((row) => row.dataset.area)"
    )

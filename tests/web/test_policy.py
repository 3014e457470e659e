"""The pages' content security policy, held by three engines: no script of others, no request."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import web_browser
from other_browsers import Asked, address_of, open_firefox, open_webkit
from web_publication import publish

from geolyft.export.web.page import write_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

browser, window = web_browser.browser, web_browser.window

SCRIPT = """(() => {
  const made = document.createElement('script');
  made.textContent = 'window.ran = 1';
  document.body.append(made);
  const button = document.createElement('button');
  button.setAttribute('onclick', 'window.ran = 2');
  document.body.append(button);
  button.click();
  return new Promise((done) => setTimeout(() => done(window.ran ?? 0), 300));
})()"""
REQUESTS = """(async () => {
  const refused = [];
  addEventListener('securitypolicyviolation', (it) => refused.push(it.effectiveDirective));
  await fetch('ADDRESS/fetch', { mode: 'no-cors' }).catch(() => 0);
  navigator.sendBeacon('ADDRESS/beacon', 'x');
  for (const [name, at] of [['img', 'src'], ['script', 'src'], ['iframe', 'src']]) {
    const made = document.createElement(name);
    made[at] = `ADDRESS/${name}`;
    document.body.append(made);
  }
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = 'ADDRESS/style';
  document.head.append(style);
  await new Promise((done) => setTimeout(done, 1000));
  return [...new Set(refused)].sort();
})()"""
DIRECTIVES = {"connect-src", "img-src", "frame-src", "script-src-elem", "style-src-elem"}


class Chromium:
    """Chromium, asked as the others are."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, address: str) -> None:
        self._page.goto(address)

    def run(self, expression: str) -> object:
        return self._page.evaluate(expression)


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine, and yield the address and what was asked for there."""
    asked: list[str] = []

    class Heard(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - so the server calls it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Heard) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(
    params=[
        pytest.param("chromium", marks=pytest.mark.needs("playwright", "chromium")),
        pytest.param("firefox", marks=pytest.mark.needs("firefox")),
        pytest.param("webkit", marks=pytest.mark.needs("webkit")),
    ]
)
def asked(request: pytest.FixtureRequest) -> Iterator[Asked]:
    if request.param == "chromium":
        context = request.getfixturevalue("browser").new_context()
        yield Chromium(context.new_page())
        context.close()
    else:
        with {"firefox": open_firefox, "webkit": open_webkit}[request.param]() as started:
            yield started


def test_the_policy_of_the_map_lets_no_script_of_others_run_and_no_request_out(
    asked: Asked, tmp_path: Path
) -> None:
    page, plain = tmp_path / "karta.html", tmp_path / "plain.html"
    write_map(publish(), page)
    plain.write_text("<!doctype html><body>", encoding="utf-8")
    with listening() as (address, heard):
        requests = REQUESTS.replace("ADDRESS", address)
        asked.open(address_of(page))
        assert asked.run(SCRIPT) == 0
        assert set(asked.run(requests)) >= DIRECTIVES
        assert heard == []
        # Without a policy all of them work: what was refused was refused by it.
        asked.open(address_of(plain))
        assert asked.run(SCRIPT) == 2
        asked.run(requests)
        assert {"/fetch", "/beacon", "/img", "/script", "/iframe", "/style"} <= set(heard)

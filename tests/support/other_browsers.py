"""Firefox and WebKitGTK as Debian has them, asked in their own protocols: no driver is downloaded.

Firefox speaks WebDriver BiDi by itself, WebKitGTK has a driver in its package. Both open a page and
run an expression in it, which is all that a short script of every control takes.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from needs import firefox, module, webkit

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0


class Asked(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None:
        """Go to an address."""

    def run(self, expression: str) -> Any:  # noqa: ANN401 - what JSON holds
        """Return what an expression is in the page, a promise when it is kept."""


@contextmanager
def ended(run: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:  # noqa: ANN401
    """Start a program in a session of its own, and end all of that however this ends."""
    started = subprocess.Popen(run, text=True, start_new_session=True, **options)  # noqa: S603
    try:
        yield started
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(PATIENCE)
        if started.stderr:
            started.stderr.close()


class _Firefox:
    def __init__(self, address: str) -> None:
        import websocket  # noqa: PLC0415 - optional

        self._socket = websocket.create_connection(
            f"{address}/session", timeout=PATIENCE, suppress_origin=True
        )
        self._number = itertools.count(1)
        self._call("session.new", capabilities={})
        (page,) = self._call("browsingContext.getTree")["contexts"]
        self._page = page["context"]

    def _call(self, method: str, **params: object) -> Any:  # noqa: ANN401
        number = next(self._number)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self._page, url="about:blank")
        self._call("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def run(self, expression: str) -> Any:  # noqa: ANN401
        told = f"Promise.resolve({expression}).then((it) => JSON.stringify(it ?? null))"
        where = {"context": self._page}
        said = self._call("script.evaluate", expression=told, target=where, awaitPromise=True)
        assert said["type"] == "success", said
        return json.loads(said["result"]["value"])

    def close(self) -> None:
        self._socket.close()


class _WebKit:
    def __init__(self, address: str) -> None:
        self._address = address
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": _mini_browser()}
        session = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._address += f"/{session['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:  # noqa: ANN401
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self._address + path, data, method=method)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": address})

    def run(self, expression: str) -> Any:  # noqa: ANN401
        script = f"const [done] = arguments; Promise.resolve({expression}).then(done)"
        return self._call("POST", "/execute/async", {"script": script, "args": []})

    def close(self) -> None:
        self._call("DELETE", "")


def _mini_browser() -> dict[str, object]:
    (path,) = subprocess.run(
        ["find", "/usr/lib", "-name", "MiniBrowser", "-path", "*webkit2gtk-4.1*"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[:1]
    return {"binary": path, "args": ["--automation"]}


@contextmanager
def open_firefox(*, dark: bool = False) -> Iterator[Asked]:
    """Start Firefox without a window, on a computer whose owner likes it light or dark."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        liked = f"user_pref('ui.systemUsesDarkTheme', {int(dark)});"
        Path(profile, "user.js").write_text(liked, encoding="utf-8")
        run = [str(firefox()), "--headless", "--no-remote", "--profile", profile]
        run.append("--remote-debugging-port=0")
        with ended(run, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as started:
            heard = started.stderr or []
            said = (re.search(r"listening on (ws://\S+)", line) for line in heard)
            asked = _Firefox(next(each[1] for each in said if each))
            yield asked
            asked.close()


@contextmanager
def open_webkit(*, dark: bool = False) -> Iterator[Asked]:
    """Start WebKitGTK's small browser by its driver, on a light or dark display of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = ["xvfb-run", "-a", str(webkit()), f"--port={port}"]
    theme = {"GTK_THEME": "Adwaita:dark" if dark else "Adwaita"}
    with ended(
        run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **theme}
    ):
        _wait_for(port)
        asked = _WebKit(f"http://127.0.0.1:{port}/session")
        yield asked
        asked.close()


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def violations(other: Asked) -> list[str]:
    """Return the rules of accessibility that the page breaks; who asks needs axe."""
    axe = module("axe_playwright_python.sync_playwright").Axe()
    other.run(f"(() => {{ {axe.axe_script}; return 1; }})()")
    return list(other.run("axe.run().then((it) => it.violations.map((one) => one.id))"))


def address_of(path: Path, state: str = "") -> str:
    """Return the address of a file with what stands after the sign."""
    return path.as_uri() + state

"""Print how large the planners' map is and how fast it answers, measured in a real browser.

Two pages: the open-data demo, and a made-up city with 209 small areas, eight periods and both
sexes. Times are medians over several turns on this machine, with the
fastest, which other work on the machine disturbs least; nothing is asserted. Run it with

    .venv/bin/python benchmarks/speed/map_speed.py
"""

import shutil
import statistics
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

import geolyft
from geolyft import load_config
from geolyft.divisions.areas import demo_folder
from geolyft.export.web.page import write_map
from geolyft.pipeline.run import publish

# The made-up city is built as the tests build theirs, only larger.
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "support"))
from web_browser import FLAGS
from web_levels import publication as made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from geolyft.export.publication import Publication

TURNS: Final = 7
SIZE: Final = {"width": 1440, "height": 900}
# From the press of a control until everything that follows from it has been laid out: first what
# the reader looks at, then, of many areas, the table as well.
MEASURE: Final = """async ({ name, values, turns }) => {
  const rest = () => new Promise((done) => setTimeout(done, 60));
  const press = (value) => {
    const control = document.querySelector(`[name="${name}"][value="${value}"]`)
      || document.querySelector(`select[name="${name}"]`);
    if (control.type === 'radio') control.checked = true; else control.value = value;
    control.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const [map, whole] = [[], []];
  for (let turn = 0; turn < turns; turn += 1) for (const value of values) {
    const start = performance.now();
    press(value);
    document.body.getBoundingClientRect();
    map.push(performance.now() - start);
    while (document.querySelector('#tabell[aria-busy]')) await new Promise(requestAnimationFrame);
    document.body.getBoundingClientRect();
    whole.push(performance.now() - start);
    await rest();
  }
  return [map, whole];
}"""
PAINT: Final = """() => performance.getEntriesByType('paint')
  .filter((one) => one.name === 'first-contentful-paint').map((one) => one.startTime)"""


def demo() -> "Publication":
    """Return the result of the shipped open-data example."""
    return publish(load_config(demo_folder() / "run.toml"))


def city() -> "Publication":
    """Return a made-up city of 14 areas and 210 small ones, eight periods and both sexes."""
    periods = [str(year) for year in range(2017, 2025)]
    return made_up(areas=14, small=15, periods=periods, synthetic=True)


def opened(browser: "Browser", path: Path, state: str = "") -> "Page":
    """Open a page that may reach no network, and wait until its map is drawn."""
    context = browser.new_context(viewport=SIZE, offline=True)
    page = context.new_page()
    page.goto(f"{path.as_uri()}{state}")
    page.wait_for_selector("path[data-area]")
    return page


def first_paint(browser: "Browser", path: Path) -> list[float]:
    """Return milliseconds to the first paint with content, page after page."""
    times = []
    for _ in range(TURNS):
        page = opened(browser, path)
        page.wait_for_function("performance.getEntriesByType('paint').length > 1")
        times += page.evaluate(PAINT)
        page.context.close()
    return times


def processor(browser: "Browser", path: Path) -> list[float]:
    """Return milliseconds of processor time until a page is whole: other work leaves it alone."""
    times = []
    for _ in range(TURNS):
        page = browser.new_context(viewport=SIZE, offline=True).new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        page.wait_for_selector("path[data-area]")
        told = devtools.send("Performance.getMetrics")["metrics"]
        times += [1000 * each["value"] for each in told if each["name"] == "TaskDuration"]
        page.context.close()
    return times


def answers(browser: "Browser", path: Path, state: str, name: str, values: list[str]) -> str:
    """Return how long a choice takes, as text: the map, and the table after it."""
    page = opened(browser, path, state)
    page.wait_for_timeout(500)
    shown, whole = page.evaluate(MEASURE, {"name": name, "values": values, "turns": TURNS})
    page.context.close()
    return f"{_times(shown)}, with the table {_times(whole)}"


def _times(milliseconds: list[float]) -> str:
    return f"{statistics.median(milliseconds):5.0f} ms (fastest {min(milliseconds):.0f})"


def measure(browser: "Browser", title: str, make: "Callable[[], Publication]", path: Path) -> None:
    """Print the measures of one publication."""
    made = make()
    start = perf_counter()
    write_map(made, path)
    levels = [made.division, *(inner.division for inner in made.inner)]
    print(
        f"{title}: {path.stat().st_size / 1000:.0f} kB, written in {perf_counter() - start:.1f} s"
    )
    print(f"  {'first paint':20} {_times(first_paint(browser, path))}")
    print(f"  {'processor time':20} {_times(processor(browser, path))}")
    for level in levels:
        state = f"#tema=E1&niva={level}"
        themes = answers(browser, path, state, "tema", ["E3", "B3", "ekonomi", "E1"])
        views = answers(browser, path, state, "vy", ["gap", "quality", "value"])
        print(f"  {level + ': theme':20} {themes}")
        print(f"  {level + ': view':20} {views}")
    print(f"  {'level':20} {answers(browser, path, '#tema=E1', 'niva', levels[::-1])}")


def main() -> None:
    """Measure both pages."""
    warnings.simplefilter("ignore", geolyft.GeolyftWarning)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        measure(browser, "demo", demo, Path(folder, "demo.html"))
        measure(browser, "made-up city", city, Path(folder, "city.html"))
        browser.close()


if __name__ == "__main__":
    main()

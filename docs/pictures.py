"""Make the pictures of the pages: the demo's map in a browser that may not reach the network."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from playwright.sync_api import sync_playwright

import geolyft
from geolyft.boundaries import demo_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = Path(__file__).with_name("images")
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_BYTES: Final = 350_000
"""Pictures are kept in the repository: a larger one is refused."""


class Picture(NamedTuple):
    """One picture: its file, the part of the page's address after #, and the window's size."""

    name: str
    place: str
    width: int
    height: int


PICTURES: Final = (
    Picture("karta.png", "tema=index&period=2025", 1200, 1040),
    Picture("karta-omrade.png", "tema=index&period=2025&omrade=10", 1200, 1180),
    Picture("karta-telefon.png", "tema=index&period=2025&omrade=10", 390, 1560),
)


def take(browser: "Browser", page_file: Path, picture: Picture) -> int:
    """Take one picture, and return its size in bytes."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=1,
        reduced_motion="reduce",
        offline=True,
        locale="sv-SE",
    )
    page = context.new_page()
    page.goto(f"{page_file.as_uri()}#{picture.place}")
    page.wait_for_selector("#karta path")
    file = IMAGES / picture.name
    page.screenshot(path=file)
    context.close()
    return file.stat().st_size


def main() -> None:
    """Run the demo, and take every picture of its map."""
    warnings.simplefilter("ignore", geolyft.GeolyftWarning)  # the page itself shows them
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder, "demo")
        geolyft.run(demo_folder() / "run.toml", out=out)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            size = take(browser, out / "karta.html", picture)
            if size > MOST_BYTES:
                raise SystemExit(f"{picture.name} has {size} bytes, {MOST_BYTES} are allowed")
            print(f"{picture.name}: {size} bytes")
        browser.close()


if __name__ == "__main__":
    main()

"""Make the pictures of the pages: the demo's, in a browser that may not reach the network.

What is delivered is looked at as different readers meet it: wide, on a phone, at 200 % zoom, in
their own high-contrast colours, on paper, and with the common colour-vision deficiencies.
"""

import shutil
import sys
import warnings
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

import geolyft
from geolyft.divisions.areas import demo_folder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from web_browser import FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES: Final = Path(__file__).with_name("images")
MOST_BYTES: Final = 350_000
"""Pictures are kept in the repository: a larger one is refused."""
DEFICIENCIES: Final = ("protanopia", "deuteranopia", "tritanopia", "achromatopsia")


class Picture(NamedTuple):
    """One picture: its file, the page's address, the window's size, and how the page is met."""

    name: str
    place: str
    width: int
    height: int
    met: str = "screen"  # or "forced", "dark", "print", or a whole number: the zoom in per cent


PICTURES: Final = (
    Picture("karta.png", "karta.html#tema=index&period=2025", 1440, 1000),
    Picture("karta-omrade.png", "karta.html#tema=E1&period=2025&omrade=10", 1440, 1000),
    Picture("karta-skillnad.png", "karta.html#tema=skillnad-E3&period=2025&omrade=8", 1440, 1000),
    Picture("karta-deso.png", "karta.html#tema=E1&niva=deso&omrade=1280C1180", 1440, 1000),
    Picture("karta-laptop.png", "karta.html#tema=E1&period=2025", 1280, 720),
    Picture("karta-telefon.png", "karta.html#tema=E1&period=2025&omrade=10", 390, 844),
    Picture("karta-320.png", "karta.html#tema=index&period=2025", 320, 844),
    Picture("karta-200.png", "karta.html#tema=index&period=2025", 1280, 1024, "200"),
    Picture("karta-kontrast.png", "karta.html#tema=E3&period=2025&omrade=10", 1280, 900, "forced"),
    Picture("karta-mork.png", "karta.html#tema=E3&period=2025&omrade=10", 1280, 900, "dark"),
    Picture("karta-papper.png", "karta.html#tema=E3&period=2025&omrade=10", 794, 1123, "print"),
    Picture("profil.png", "omraden/10.html", 1000, 1420),
    Picture("profil-320.png", "omraden/10.html", 320, 844),
    Picture("profil-mork.png", "omraden/10.html", 1000, 1420, "dark"),
    Picture("omraden.png", "omraden/index.html", 1000, 900),
    Picture("rapport.png", "rapport.html", 1100, 1300),
)


def met(browser: "Browser", picture: Picture) -> "Page":
    """Open a page as the picture says a reader meets it."""
    zoom = int(picture.met) / 100 if picture.met.isdecimal() else 1
    context = browser.new_context(
        # A browser's zoom makes the window narrower in the page's own pixels, and each one larger.
        viewport={"width": round(picture.width / zoom), "height": round(picture.height / zoom)},
        device_scale_factor=zoom,
        reduced_motion="reduce",
        offline=True,
        locale="sv-SE",
    )
    page = context.new_page()
    if picture.met == "forced":
        page.emulate_media(forced_colors="active", color_scheme="dark")
    if picture.met == "dark":
        page.emulate_media(color_scheme="dark")
    if picture.met == "print":
        page.emulate_media(media="print")
    return page


def take(browser: "Browser", folder: Path, picture: Picture) -> Image.Image:
    """Take one picture of a page of the delivery in `folder`."""
    page = met(browser, picture)
    page.goto(f"{folder.as_uri()}/{picture.place}")
    if picture.place.startswith("karta"):
        page.wait_for_selector("#karta path", state="attached")
    if picture.met == "print":
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    taken = Image.open(BytesIO(page.screenshot()))
    page.context.close()
    return taken


def deficiencies(browser: "Browser", folder: Path) -> Image.Image:
    """Return the map of the index as four kinds of eyes see it, side by side."""
    page = met(browser, Picture("", "", 1440, 900))
    page.goto(f"{folder.as_uri()}/karta.html#tema=index&period=2025")
    page.wait_for_selector("#karta path", state="attached")
    devtools = page.context.new_cdp_session(page)
    seen = []
    for kind in DEFICIENCIES:
        devtools.send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
        seen.append(Image.open(BytesIO(page.screenshot())))
    page.context.close()
    width, height = (side // 2 for side in seen[0].size)
    sheet = Image.new("RGB", (2 * width, 2 * height), "white")
    for place, one in enumerate(seen):
        small = one.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (place % 2 * width, place // 2 * height))
    return sheet


def keep(name: str, taken: Image.Image) -> None:
    """Write a picture in 256 colours among those of the documentation, unless it is too large."""
    out = BytesIO()
    taken.convert("RGB").quantize(256).save(out, "PNG", optimize=True)
    size = len(out.getvalue())
    if size > MOST_BYTES:
        raise SystemExit(f"{name} has {size} bytes, {MOST_BYTES} are allowed")
    (IMAGES / name).write_bytes(out.getvalue())
    print(f"{name}: {size} bytes")


def main() -> None:
    """Run the demo, and take every picture of its pages."""
    warnings.simplefilter("ignore", geolyft.GeolyftWarning)  # the pages themselves show them
    IMAGES.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder, "demo")
        geolyft.run(demo_folder() / "run.toml", out=out)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for picture in PICTURES:
            keep(picture.name, take(browser, out, picture))
        keep("karta-seende.png", deficiencies(browser, out))
        browser.close()


if __name__ == "__main__":
    main()

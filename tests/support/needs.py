"""What tests need and a machine may not have: how it is found, and the words that install it.

A test says what it needs, ``@pytest.mark.needs("qgis")``, and is skipped where that is not there.
Two environment variables take names with commas between them, or ``all``:

``GEOLYFT_HIDE``
    Pretend that these are not there: neither tests nor the program can import them.
``GEOLYFT_NEED``
    That one of these is not there is a failure.

``GEOLYFT_QGIS_PYTHON`` is the Python that has QGIS, where that is another than Debian's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from postgis_server import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from _pytest.mark.structures import ParameterSet

HIDE, NEED = "GEOLYFT_HIDE", "GEOLYFT_NEED"
QGIS_PYTHON = os.environ.get("GEOLYFT_QGIS_PYTHON", "/usr/bin/python3")
OLDEST_NODE = (20, 19)
"""The first that takes a file of script for a module because it imports and exports."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

PACKAGES = {
    # Not scipy: without it a run of people nobody has protected is refused, and most are of them.
    # What is needed: the modules to import, and the extra of geolyft that has them.
    "axe": (("axe_playwright_python",), "test"),
    "duckdb": (("duckdb",), "test"),
    "esda": (("esda", "libpysal"), "test"),
    "distributed": (("distributed", "dask"), "dask"),
    "matplotlib": (("matplotlib",), "pictures"),
    "openpyxl": (("openpyxl",), "excel"),
    "playwright": (("playwright",), "test"),
    "pooch": (("pooch",), "fetch"),
    "pypdf": (("pypdf",), "test"),
    "raster": (("rasterio", "exactextract"), "raster"),
    "rdflib": (("rdflib",), "test"),
    "tobler": (("tobler",), "test"),
}
SYSTEM = {
    # What is needed: the words that install it.
    "cc": "apt-get install --no-install-recommends gcc libc6-dev",
    "chromium": "apt-get install --no-install-recommends chromium",
    "firefox": 'pip install "geolyft[test]"; '
    "apt-get install --no-install-recommends firefox-esr (129 or newer)",
    "node": "apt-get install --no-install-recommends nodejs npm (20.19 or newer)",
    "pango": 'pip install "geolyft[pdf]"; apt-get install --no-install-recommends '
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "postgis": 'pip install "geolyft[test]"; '
    "apt-get install --no-install-recommends postgresql postgresql-postgis",
    "qgis": "apt-get install --no-install-recommends python3-qgis",
    "webkit": "apt-get install --no-install-recommends webkit2gtk-driver xvfb xauth",
}
NAMES = frozenset({*PACKAGES, *SYSTEM})
FIXTURES = {
    # A test that takes one of these fixtures needs what the fixture does.
    "browser": ("playwright", "chromium"),
    "database": ("postgis",),
    "node": ("node",),
    "qgis": ("qgis",),
    "raster_of": ("raster",),
    "scheduler": ("distributed",),
}


def chromium() -> str | None:
    """Return where the browser is."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def firefox() -> str | None:
    """Return where a Firefox is that can be asked without a driver, if we can ask it."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    return path if find_spec("websocket") else None


def webkit() -> str | None:
    """Return where WebKitGTK's driver is, if there is a display to make for it."""
    return shutil.which("WebKitWebDriver") if shutil.which("xvfb-run") else None


def words(name: str) -> str:
    """Return the words that install what is needed."""
    return SYSTEM.get(name) or f'pip install "geolyft[{PACKAGES[name][1]}]"'


@cache
def is_there(name: str) -> bool:
    """Say whether a test can have what it needs."""
    if name in PACKAGES:
        return all(find_spec(module) for module in PACKAGES[name][0])
    if name in asked(HIDE):
        return False
    found = {
        "cc": lambda: shutil.which("cc"),
        "chromium": chromium,
        "firefox": firefox,
        "node": node,
        "pango": pango,
        "postgis": postgis,
        "qgis": qgis,
        "webkit": webkit,
    }
    return found[name]() is not None


def node() -> str | None:
    """Return where node is, if it is new enough."""
    path = shutil.which("node")
    if path is None:
        return None
    run = [path, "--version"]
    version = subprocess.run(run, check=True, capture_output=True, text=True).stdout  # noqa: S603
    number = tuple(int(part) for part in version.strip("v\n").split(".")[:2])
    return path if number >= OLDEST_NODE else None


def pango() -> str | None:
    """Return a text where WeasyPrint finds every library, HarfBuzz-Subset too.

    Without that one a PDF can be set, but slowly, and its fonts have the hour in them.
    """
    from geolyft.errors import OutputError  # noqa: PLC0415 - after what is hidden is hidden
    from geolyft.export.formats.pdf import require_weasyprint  # noqa: PLC0415

    try:
        require_weasyprint()
    except OutputError:
        return None
    return import_module("weasyprint.text.ffi").harfbuzz_subset and "every library"


def postgis() -> str | None:
    """Return where a PostgreSQL with PostGIS is, if we can speak to it."""
    return programs() if find_spec("psycopg") else None


def qgis() -> str | None:
    """Return the Python that has QGIS."""
    asks = "import importlib.util as u, sys; sys.exit(u.find_spec('qgis') is None)"
    if not Path(QGIS_PYTHON).exists():
        return None
    refused = subprocess.run([QGIS_PYTHON, "-c", asks], check=False).returncode  # noqa: S603
    return None if refused else QGIS_PYTHON


def asked(variable: str) -> frozenset[str]:
    """Return the names in an environment variable."""
    said = {each.strip() for each in os.environ.get(variable, "").split(",")} - {""}
    if unknown := said - {*NAMES, "all"}:
        raise pytest.UsageError(f"{variable}: {sorted(unknown)} is none of {sorted(NAMES)}")
    return NAMES if "all" in said else frozenset(said)


def require(names: Collection[str]) -> None:
    """Skip where one of these is not there, or fail where the environment demands it."""
    for name in names:
        if name not in NAMES:
            pytest.fail(f"needs({name!r}): it is none of {sorted(NAMES)}")
        if is_there(name):
            continue
        text = f"no {name}: {words(name)}"
        if name in asked(NEED):
            pytest.fail(f"{text}; {NEED} demands it")
        # Where a whole file needs it, that may be before there is a test.
        pytest.skip(text, allow_module_level=True)


def module(name: str) -> Any:  # noqa: ANN401 - the attributes of a module are not typed
    """Import a package for tests that are marked with its need; nothing where it is not there."""
    return import_module(name) if find_spec(name.partition(".")[0]) else None


def marked(
    values: Iterable[Any], needed: Mapping[str, str], name_of: Callable[[Any], str] = str
) -> list[ParameterSet]:
    """Return parameters of a test, some of which, by name, need something."""
    names = [(each, needed.get(name_of(each))) for each in values]
    return [
        pytest.param(each, marks=pytest.mark.needs(need) if need else ()) for each, need in names
    ]


def needs_of(item: pytest.Item) -> list[str]:
    """Return what a test needs, by its marks and its fixtures."""
    marked = [name for mark in item.iter_markers("needs") for name in mark.args]
    taken = [name for each in getattr(item, "fixturenames", ()) for name in FIXTURES.get(each, ())]
    return list(dict.fromkeys([*marked, *taken]))


def hide() -> None:
    """Let no import find what the environment hides."""
    hidden = asked(HIDE)
    if twice := hidden & asked(NEED):
        raise pytest.UsageError(f"both hidden and demanded: {sorted(twice)}")
    modules = {module for name in hidden & {*PACKAGES} for module in PACKAGES[name][0]}
    if modules & {*sys.modules}:
        raise pytest.UsageError(f"imported before it is hidden: {sorted(modules & {*sys.modules})}")
    find = PathFinder.find_spec

    def find_what_is_not_hidden(
        fullname: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        if fullname == "weasyprint.text.ffi" and "pango" in hidden:
            # So it ends where WeasyPrint opens a library that is not there.
            raise OSError("cannot load library 'libpango-1.0-0'")
        if fullname.partition(".")[0] in modules:
            return None
        return find(fullname, path, target)  # type: ignore[arg-type]

    if hidden:
        PathFinder.find_spec = find_what_is_not_hidden  # type: ignore[method-assign,assignment]

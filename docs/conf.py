"""How Sphinx builds these pages: from this folder and the code, nothing from the network."""

from importlib.metadata import version as installed
from pathlib import Path

from sphinx.application import Sphinx

from geolyft.moved import MOVED

project = "geolyft"
author = "The geolyft authors"
copyright = "2026, The geolyft authors"  # noqa: A001 - Sphinx's own name for it
release = version = installed("geolyft")
language = "en"
smartquotes = False  # --out has to stay two hyphens

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_click",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "_templates"]
default_role = "py:obj"  # what docstrings put in single backticks

myst_heading_anchors = 3
autosummary_generate = True
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "furo"
html_title = f"geolyft {release}"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"source_edit_link": ""}

# What pages were called before their modules moved: links to them stay true.
OLD_PAGES = {**MOVED, "area_grid.AreaGrid": "join.area_lookup"}
LEADS_ON = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>geolyft.{old}</title>
<meta http-equiv="refresh" content="0; url={page}"><link rel="canonical" href="{page}"></head>
<body><p><a href="{page}">geolyft.{old} is now geolyft.{new}</a></p></body></html>
"""


def write_old_addresses(app: Sphinx, exception: Exception | None) -> None:
    """Write a page under each old address that leads to the new one."""
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "api" / "generated"
    for old, new in OLD_PAGES.items():
        page = f"geolyft.{new}.html"
        if not (folder / page).exists():
            page = "../../api.html"  # where its functions stand one by one
        text = LEADS_ON.format(old=old, new=new, page=page)
        (folder / f"geolyft.{old}.html").write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Tell Sphinx what to do at the end."""
    app.connect("build-finished", write_old_addresses)

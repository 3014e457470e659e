"""How Sphinx builds these pages: from this folder and the code, nothing from the network."""

from importlib.metadata import version as installed

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

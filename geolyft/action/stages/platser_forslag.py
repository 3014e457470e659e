"""New places as a chapter: points, with what they change."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from geolyft.export.chapter import load_chapter

CODE: Final = "platser_forslag"
CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml")

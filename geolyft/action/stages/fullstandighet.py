"""What there is in each area as a chapter: school, work, leisure, meeting places."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from geolyft.export.chapter import load_chapter

CODE: Final = "fullstandighet"
CHAPTER: Final = load_chapter(CODE, files(__package__) / f"{CODE}.toml")

"""A profile prints on one A4, and whole where the reader asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import web_browser
from profile_publication import full
from web_browser import Window

from geolyft.export.profile.page import Profiles, render_profile

if TYPE_CHECKING:
    from pathlib import Path

browser, window = web_browser.browser, web_browser.window


def test_a_profile_prints_on_one_sheet_and_whole_when_asked(window: Window, tmp_path: Path) -> None:
    made = full()
    path = tmp_path / "1.html"
    path.write_text(render_profile(Profiles(made), str(made.areas.index[0])), encoding="utf-8")
    page = window.open(path).page
    sheets = []
    for _ in range(2):
        sheets.append(len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))))
        page.check("#allt")
    assert sheets[0] == 1
    assert sheets[1] > 1

"""The map as a screen reader has it: the browser's accessibility tree, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import web_browser
from web_publication import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from web_browser import Opener

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened

CONTROLS = {"button", "checkbox", "combobox", "link", "radio", "searchbox", "textbox"}


def named(page: Page) -> Iterator[tuple[str, str]]:
    """Yield role and name of what a screen reader meets, in its order."""
    tree: dict[str, Any] = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    for node in tree["nodes"]:
        if not node["ignored"]:
            yield node["role"]["value"], str(node.get("name", {}).get("value", "")).strip()


@pytest.mark.parametrize("state", ["", "#tema=U2&kon=kvinnor&omrade=2", "#jamfor=1.2&omrade=3"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 800)])
def test_every_control_has_a_name_that_says_what_it_does(
    opened: Opener, state: str, size: tuple[int, int]
) -> None:
    every = list(named(opened(state=state, size=size).page))
    assert [role for role, name in every if role in CONTROLS and not name] == []
    buttons = [name for role, name in every if role == "button"]
    # The same name is the same deed: an area is chosen from the table and from the ordered dots.
    again = {name for name in buttons if buttons.count(name) > 1}
    assert {name for name in again if name.split()[0] not in CODES} == set()


def test_every_area_of_the_map_says_what_it_is_and_what_it_has(opened: Opener) -> None:
    every = list(named(opened(state="#tema=E1").page))
    for code in CODES:
        said = [name for role, name in every if role == "button" and name.split()[:1] == [code]]
        assert any(word in " ".join(said) for word in ("%", "dolt", "saknas")), (code, said)


def test_headings_and_landmarks_lead_through_the_page(opened: Opener) -> None:
    every = list(named(opened().page))
    assert [role for role, _ in every].count("main") == 1
    headings = [name for role, name in every if role == "heading"]
    assert headings
    assert all(headings)

"""What lies around the areas, on the page: within its budget, under the areas, named when near."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import web_browser
from shapely import LineString, Point, box
from web_browser import Opener, assert_quiet
from web_publication import publish

from geolyft.divisions.background import Background, BackgroundKind
from geolyft.export.web.background import page_background

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.export.publication import Publication

browser, window, opened = web_browser.browser, web_browser.window, web_browser.opened
pytestmark = pytest.mark.needs("chromium")
PUBLISHED = publish()
WEST, SOUTH, EAST, NORTH = PUBLISHED.areas.total_bounds


def layer(
    kind: BackgroundKind, shapes: Sequence[object], names: Sequence[str] | None = None
) -> Background:
    told = {"namn": names or [""] * len(shapes)}
    frame = gpd.GeoDataFrame(told, geometry=list(shapes), crs=PUBLISHED.areas.crs)
    code = {"road": "vagar", "water": "vatten", "place": "platser"}[kind]
    return Background(code=code, kind=kind, frame=frame)


def surrounded() -> Publication:
    middle = (SOUTH + NORTH) / 2
    road = LineString([(WEST - 900, middle), (EAST + 900, middle)])
    sea = box(WEST - 900, SOUTH, WEST + 100, NORTH)
    square = Point((WEST + EAST) / 2, SOUTH + (NORTH - SOUTH) * 0.55)
    layers = [
        layer("road", [road], ["Vägen"]),
        layer("water", [sea]),
        layer("place", [square], ["Torget"]),
    ]
    return publish(background=tuple(layers))


def streets(many: int) -> Background:
    """Streets that wind, each longer than the one before."""
    ends = np.linspace(WEST, EAST, 60)
    bends = np.random.default_rng(1).normal(0, 40, (many, 60))
    lines = [
        LineString(np.column_stack([ends[: 3 + n % 57], SOUTH + n * 10 + each[: 3 + n % 57]]))
        for n, each in enumerate(bends)
    ]
    return layer("road", lines)


def size(shown: object) -> int:
    return len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("many", [10, 2000])
def test_the_background_is_within_its_budget_and_says_what_is_left_out(many: int) -> None:
    most = 30_000
    whole = publish(background=(streets(many), layer("place", [Point(WEST, SOUTH)], ["Torget"])))
    shown = page_background(whole, most_bytes=most)
    assert 0 < size(shown) <= most
    roads = shown[0]
    assert ("left_out" in roads) == (many > 10)
    assert roads["lines"]


def test_no_budget_leaves_nothing_that_breaks_a_page() -> None:
    shown = page_background(publish(background=(streets(3),)), most_bytes=60)
    assert size(shown) < 100
    assert shown[0]["left_out"] == 3


def test_lines_come_back_to_the_metre() -> None:
    road = LineString([(WEST, SOUTH), (EAST, NORTH)])
    (shown,) = page_background(publish(background=(layer("road", [road]),)))
    (steps,) = shown["lines"]  # type: ignore[misc]
    corners = np.array(steps).reshape(-1, 2).cumsum(axis=0)[:, ::-1] / 1e5
    back = gpd.GeoSeries([LineString(corners)], crs=4326).to_crs(road_crs := PUBLISHED.areas.crs)
    assert back.iloc[0].hausdorff_distance(road) < 1.5, road_crs


def test_what_lies_around_is_under_the_areas_and_out_of_their_way(opened: Opener) -> None:
    seen = opened(publication=surrounded())
    page = seen.page
    panes = page.eval_on_selector_all(
        "path.ground", "all => all.map(p => getComputedStyle(p.closest('.leaflet-pane')).zIndex)"
    )
    areas = "getComputedStyle(document.querySelector('.leaflet-overlay-pane'))"
    assert set(panes) < {str(n) for n in range(int(page.evaluate(f"{areas}.zIndex")))}
    assert page.evaluate(f"{areas}.mixBlendMode") == "multiply"
    assert page.locator("path.ground[role], path.ground[tabindex]").count() == 0
    page.click('path[data-area="3"]')
    assert "Område Å3" in page.text_content("#panel-rubrik")
    assert "Vägar, Vatten, Platser" in page.text_content("#bakgrund")
    assert_quiet(seen)


def test_names_wait_until_the_map_is_near_and_lie_on_no_label(opened: Opener) -> None:
    page = opened(publication=surrounded()).page
    assert page.locator(".ground-name").count() == 0
    for _ in range(3):
        page.click(".leaflet-control-zoom-in")
    names = page.locator(".ground-name").all_text_contents()
    assert names
    assert set(names) <= {"Vägen", "Torget"}
    boxes = page.eval_on_selector_all(
        ".ground-name span, .label .name",
        "all => all.map(e => { const b = e.getBoundingClientRect();"
        " return [b.left, b.top, b.right, b.bottom]; })",
    )
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert not box(*one).buffer(-4).intersects(box(*other).buffer(-4))


def test_without_shapes_no_colour_is_mixed(opened: Opener) -> None:
    place = layer("place", [Point(WEST, SOUTH)], ["Torget"])
    page = opened(publication=publish(background=(place,))).page
    blend = "getComputedStyle(document.querySelector('.leaflet-overlay-pane')).mixBlendMode"
    assert page.evaluate(blend) == "normal"


def test_a_hostile_name_is_text(opened: Opener) -> None:
    name = "<img src=x onerror=alert(1)>"
    middle = Point((WEST + EAST) / 2, SOUTH + (NORTH - SOUTH) * 0.55)
    seen = opened(publication=publish(background=(layer("place", [middle], [name]),)))
    for _ in range(3):
        seen.page.click(".leaflet-control-zoom-in")
    assert seen.page.locator(".ground-name").all_text_contents() == [name]
    assert_quiet(seen)

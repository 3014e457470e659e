from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from geolyft.export.html.charts import (
    BETTER,
    INK,
    ROW_WIDTH,
    WORSE,
    Drawing,
    Reading,
    Spread,
    bar_row,
    interval_row,
    scale_row,
    strip_row,
)
from geolyft.export.html.maps import locator, pocket_map
from geolyft.export.html.scatter import Dot, _around_dot, _meet, _named, scatter
from geolyft.export.html.trends import Trend, round_ticks, trend
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from markupsafe import Markup

AXIS = (-60.0, 60.0)
HOSTILE = [
    "</title></svg><script>window.ran=1</script>",
    '"onload="window.ran=1',
    "{{ 7*7 }}{% raw %}${1}`\\",
    "]]>--><!--&lt;",
    "a\x00\x01\ud800b\u2028",
]


def parsed(markup: Markup) -> ET.Element:
    return ET.fromstring(str(markup))  # noqa: S314 - our own markup


def centre(markup: Markup) -> float:
    return float(parsed(markup).find("circle").attrib["cx"])


def spine(value: float | None, *, sure: bool = True, **more: object) -> Markup:
    reading = Reading(value, None if value is None else value - 2, value and value + 2)
    return interval_row(reading, axis=AXIS, reference=0, name="E1", sure=sure, **more)


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_better_lies_to_the_right(one: float, other: float) -> None:
    if round(one) < round(other):
        assert centre(spine(one)) < centre(spine(other))


def test_only_what_is_sure_is_filled() -> None:
    fills = [
        parsed(spine(value, sure=sure)).find("circle").attrib["fill"]
        for value, sure in ((-9.0, True), (9.0, True), (-9.0, False), (9.0, False))
    ]
    assert fills == [WORSE, BETTER, "#fff", "#fff"]


def test_without_the_city_nothing_is_called_better_or_worse() -> None:
    row = interval_row(Reading(9), axis=AXIS, reference=None, name="E1", sure=True)
    assert parsed(row).find("circle").attrib["fill"] == "#fff"
    assert parsed(row).find("line") is None


def test_a_missing_value_has_no_dot_and_no_interval() -> None:
    row = parsed(interval_row(Reading(None, 1, 2), axis=AXIS, reference=0, name="E1"))
    assert row.find("circle") is None
    assert len(row.findall("line")) == 1


def test_the_interval_goes_from_its_low_to_its_high() -> None:
    lines = parsed(spine(10.0)).findall("line")
    ends = [float(lines[1].attrib[end]) for end in ("x1", "x2")]
    assert ends[0] < centre(spine(10.0)) < ends[1]
    unit = (ROW_WIDTH - 12) / 120
    assert ends[1] - ends[0] == pytest.approx(4 * unit, abs=0.2)


def test_the_spread_shows_all_areas_and_their_middle_half() -> None:
    bars = parsed(spine(0.0, spread=Spread(-40, -10, 10, 40))).findall("rect")
    widths = [float(bar.attrib["width"]) for bar in bars]
    assert widths[0] == pytest.approx(4 * widths[1], rel=0.02)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_what_lies_outside_the_axis_stays_in_the_drawing(value: float, low: float) -> None:
    row = interval_row(Reading(value, low, value), axis=AXIS, reference=0, name="")
    for each in parsed(row).iter():
        for name in ("cx", "x1", "x2"):
            assert 0 <= float(each.attrib.get(name, 0)) <= ROW_WIDTH


def test_a_bar_goes_to_its_own_side() -> None:
    down, up = (parsed(bar_row(value, reach=5, name="")).find("rect") for value in (-5, 2.5))
    assert float(down.attrib["x"]) + float(down.attrib["width"]) == pytest.approx(ROW_WIDTH / 2)
    assert float(up.attrib["x"]) == pytest.approx(ROW_WIDTH / 2)
    assert float(down.attrib["width"]) == pytest.approx(2 * float(up.attrib["width"]), abs=0.2)
    assert (down.attrib["fill"], up.attrib["fill"]) == (WORSE, BETTER)
    assert parsed(bar_row(None, reach=5, name="")).find("rect") is None


def test_pockets_are_the_long_ticks() -> None:
    row = strip_row([40, 60, 80], axis=(30, 130), reference=100, mean=75, below=60, name="")
    long = [line for line in parsed(row).findall("line") if line.attrib["stroke"] == WORSE]
    assert len(long) == 2
    none = strip_row([40, 60, 80], axis=(30, 130), reference=100, mean=75, below=None, name="")
    assert WORSE not in none


def test_the_scale_stands_where_its_values_do() -> None:
    texts = parsed(scale_row([(-60, "sämre"), (0, "Å"), (60, "bättre")], axis=AXIS, name=""))
    places = [
        (t.text, t.attrib["text-anchor"], float(t.attrib["x"])) for t in texts.findall("text")
    ]
    assert places == [
        ("sämre", "start", 0),
        ("Å", "middle", ROW_WIDTH / 2),
        ("bättre", "end", ROW_WIDTH),
    ]


PERIODS = ["2021", "2022", "2023"]
READINGS = [Reading(60, 58, 62), Reading(62, 60, 64), Reading(65, 63, 67)]


def lines_between(markup: Markup, colour: str) -> int:
    """Count the lines that join two periods: they are not upright and not level marks."""
    return sum(
        line.attrib["stroke"] == colour
        and abs(float(line.attrib["x2"]) - float(line.attrib["x1"])) > 10
        for line in parsed(markup).findall("line")
    )


def drawn(linked: list[bool], readings: list[Reading] = READINGS) -> Markup:
    series = Trend(periods=PERIODS, readings=readings, city=[100, 101, None], linked=linked)
    return trend(series, axis=(50, 110), name="Index")


def test_points_are_joined_only_where_they_may_be_compared() -> None:
    assert lines_between(drawn([True, True]), INK) == 2
    assert lines_between(drawn([True, False]), INK) == 1
    assert lines_between(drawn([False, False]), INK) == 0


def test_a_missing_period_leaves_a_gap() -> None:
    holed = drawn([True, True], [READINGS[0], Reading(None), READINGS[2]])
    assert lines_between(holed, INK) == 0
    assert len(parsed(holed).findall("circle")) == 2


def test_up_is_more() -> None:
    heights = [float(dot.attrib["cy"]) for dot in parsed(drawn([True, True])).findall("circle")]
    assert heights == sorted(heights, reverse=True)
    assert [t.text for t in parsed(drawn([True, True])).findall("text")][-2:] == ["2021", "2023"]


@given(st.floats(-500, 500), st.floats(0.5, 400))
@example(5e-324, 5.0)
def test_ticks_are_few_round_and_within(low: float, width: float) -> None:
    ticks = round_ticks(low, low + width)
    assert len(ticks) <= 5
    assert all(low <= tick <= low + width for tick in ticks)
    assert all(tick == int(tick) for tick in ticks)


SQUARES = {"1": shapely.box(0, 0, 100, 100), "2": shapely.box(100, 0, 200, 100)}


def test_the_map_marks_one_area_and_is_north_up() -> None:
    paths = parsed(locator(SQUARES, "2", name="Område 2")).findall("path")
    assert len(paths) == 2
    assert paths[0].attrib["fill"] != paths[1].attrib["fill"]
    tall = {"1": shapely.box(0, 0, 100, 100), "2": shapely.box(0, 100, 100, 200)}
    south, north = (
        min(float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path.attrib["d"]))
        for path in parsed(locator(tall, "2", name="")).findall("path")
    )
    assert north < south


def test_pockets_are_numbered_as_in_the_table() -> None:
    whole = shapely.box(0, 0, 200, 100)
    root = parsed(pocket_map(whole, SQUARES, ["2", "gone", "1"], name=""))
    assert [text.text for text in root.findall("text")] == ["1", "3"]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_stay_text(text: str) -> None:
    readings = Trend(periods=[text], readings=[Reading(1)], city=[2], linked=[])
    for markup in (
        Drawing(1, 1, name=text).markup(),
        interval_row(Reading(1), axis=AXIS, reference=0, name=text),
        bar_row(1, reach=2, name=text),
        scale_row([(0, text)], axis=AXIS, name=text),
        strip_row([1], axis=AXIS, reference=0, mean=1, below=None, name=text),
        trend(readings, axis=(0, 100), name=text),
        locator(SQUARES, "1", name=text),
    ):
        root = parsed(markup)
        shown = re.sub("[\x00-\x08\ud800]", "\ufffd", text)
        assert root.find("title").text == shown
        tags = {each.tag for each in root.iter()}
        assert tags <= {"svg", "title", "line", "circle", "rect", "text", "path", "polygon"}
        assert not {name for each in root.iter() for name in each.attrib if name.startswith("on")}
        markup.encode("utf-8")


def test_every_chart_is_an_image_with_a_name() -> None:
    root = parsed(spine(1.0))
    assert root.attrib["role"] == "img"
    assert root[0].tag == "title"
    assert root[0].text == "E1"


# ---- two figures at once --------------------------------------------------------------------


def write(tick: float, decimals: int) -> str:
    return load_words("sv").number(tick, decimals=decimals)


places = st.tuples(st.floats(60, 500), st.floats(30, 330))


@given(st.lists(places, min_size=1, max_size=14))
def test_names_of_dots_lie_on_no_other_and_next_to_their_own(at: list[tuple[float, float]]) -> None:
    dots = [Dot(f"{n} Område med namn", str(n), Reading(0), 0) for n in range(len(at))]
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in at]
    named = _named(dots, at, taken)
    boxes = [box for _, box in named]
    for n, (text, box) in enumerate(named):
        assert not any(_meet(box, other) for other in [*taken, *boxes[:n]])
        assert box in _around_dot(text, *at[int(text.split()[0])])


def test_a_scatter_has_a_dot_an_area_its_interval_and_axes_of_round_numbers() -> None:
    dots = [Dot("Norr", "1", Reading(90, 80, 95), 0.12), Dot("Söder", "2", Reading(110), 0.31)]
    drawn = scatter(dots, across="Index", up="Andel", name="Index och andel", number=write)
    root = parsed(drawn)
    circles = [each for each in root.iter() if each.tag == "circle"]
    assert len(circles) == 2
    across, up = ([float(each.attrib[key]) for each in circles] for key in ("cx", "cy"))
    assert across[0] < across[1]
    assert up[0] > up[1]
    texts = {each.text for each in root.iter() if each.tag == "text"}
    assert {"Norr", "Söder", "0,2", "100"} <= texts
    assert len([each for each in root.iter() if each.get("stroke-width") == "1.2"]) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_of_a_dot_stays_text(text: str) -> None:
    dots = [Dot(text, "1", Reading(90), 1.0)]
    parsed(scatter(dots, across=text, up=text, name=text, number=write))

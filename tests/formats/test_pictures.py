"""Static maps: the same classes and patterns as everywhere, the same bytes, and words as words."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import needs
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from web_publication import CODES, HIDDEN, MISSING, NO_DATA, publish

from geolyft.errors import OutputError
from geolyft.export.figures.classes import score_classes
from geolyft.export.figures.palette import SCALE
from geolyft.export.pictures import require_matplotlib, write_pictures
from geolyft.export.pictures.content import Placing, StaticMap, line_colour, static_maps
from geolyft.export.words import load_words
from geolyft.frames import CITY
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from geolyft.export.publication import Publication

needs.require(["matplotlib"])

from geolyft.export.pictures import lettering  # noqa: E402
from geolyft.export.pictures import page as draw_module  # noqa: E402

draw = draw_module.draw
pytestmark = pytest.mark.needs("matplotlib")

HOSTILE = [
    "$\\frac{1}{0}$ unbalanced $",
    "</svg><script>alert(1)</script>",
    "a\x00b\nc\u202ed\ufffe",
    "]]> --> <!-- &amp; (x) Tj ET /JS",
    "${x} {0} %s {{ 7*7 }}",
    "\\write18{ls} 😀 漢",
]


def map_of(code: str, publication: Publication | None = None) -> StaticMap:
    (plan,) = static_maps(publication or publish(), only=[code])
    return plan


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return draw(map_of("U2", publish(synthetic=True)), publish())


# ---- the plan ----


def test_there_is_a_map_of_every_theme_that_has_a_figure() -> None:
    full = publish()
    codes = [plan.code for plan in static_maps(full)]
    expected = ["index", *(d.code for d in full.catalogue.dimensions), *full.catalogue.codes]
    assert codes == [*(code for code in expected if code != NO_DATA), "kvalitet"]


def test_every_area_has_the_colour_of_its_class() -> None:
    full = publish()
    plan = map_of("index", full)
    rows = full.index[(full.index["period"] == "2024") & (full.index["area"] != CITY)]
    values = rows.set_index("area")["index"]
    assert [place.code for place in plan.places] == CODES
    for place in plan.places:
        assert place.colour == SCALE[score_classes().place(float(values[place.code]))]
        assert place.patterns == ()
    # What is true of every area is said once, and drawn on none.
    assert plan.about.endswith("Alla områden: ofullständigt underlag.")
    assert [key.colour for key in plan.keys[:5]] == list(SCALE)


def test_missing_and_hidden_are_patterns_and_never_a_colour_of_the_scale() -> None:
    missing = {place.code: place for place in map_of(MISSING[0]).places}[MISSING[1]]
    hidden = {place.code: place for place in map_of(HIDDEN[0]).places}[HIDDEN[1]]
    assert missing.patterns == ("missing",)
    assert hidden.patterns == ("hidden",)
    assert not {missing.colour, hidden.colour} & set(SCALE)


def test_the_legend_has_every_class_and_the_patterns_on_the_map() -> None:
    words = load_words("sv")
    said = [key.label for key in map_of(HIDDEN[0]).keys]
    assert len(said) == 6
    assert said[-1] == words.say("page.legend_hidden")
    assert said[0].endswith("mycket lägre än Malmö 2022")
    assert len(map_of("B1").keys) == 5


def test_what_is_not_surely_apart_is_marked_on_the_map_of_certainty() -> None:
    patterns = {place.code: place.patterns for place in map_of("kvalitet").places}
    assert [code for code in CODES if "unsure" in patterns[code]] == ["3"]


@given(
    value=st.one_of(st.none(), st.floats(40, 160)),
    status=st.sampled_from(["ok", "partial", "missing", "hidden", "hidden+synthetic"]),
)
def test_every_area_has_one_fill(value: float | None, status: str) -> None:
    full = publish()
    mine = (full.index["area"] == "1") & (full.index["period"] == "2024")
    table = full.index.copy()
    table.loc[mine, "index"] = np.nan if value is None else value
    table.loc[mine, "status"] = status
    place = map_of("index", replace(full, index=table)).places[0]
    if value is None:
        expected = "hidden" if "hidden" in status else "missing"
        assert place.patterns == (expected,)
    else:
        assert place.colour == SCALE[score_classes().place(value)]


def test_change_is_titled_with_its_ends_and_pale_where_it_is_not_sure() -> None:
    rows = [
        {"area": code, "what": "index", "first": "2022", "last": "2024", "change": 3.0}
        | {"value_first": 97.0, "value_last": 100.0, "low": -1.0, "high": 7.0, "points": None}
        | {"exceeds": code == "1", "comparable": True, "reason": "", "note": ""}
        for code in CODES
    ]
    plan = map_of("forandring", publish(tables={"forandring": pd.DataFrame(rows)}))
    assert plan.title == "Förändring av index 2022–2024"
    assert [place.colour for place in plan.places] == [SCALE[3]] + [SCALE[2]] * 5


def test_a_map_stands_by_itself() -> None:
    plan = map_of("D1")
    assert plan.title == "D1 Valdeltagande 2024"
    assert "röstande i valdistrikt" in plan.about
    assert "Avser 2022" in plan.about
    assert "Valmyndigheten: Riksdagsval 2022" in plan.credit
    assert "inte de människor som bor där" in plan.credit
    assert plan.mark == ""
    assert map_of("D1", publish(synthetic=True)).mark.startswith("SYNTETISKA DATA")


def test_long_codes_are_numbered_on_the_map() -> None:
    codes = [f"1280C{n}" for n in range(1010, 1070, 10)]
    plan = map_of("index", publish(codes=codes))
    assert [place.label for place in plan.places] == ["1", "2", "3", "4", "5", "6"]


def test_neighbours_keep_one_border() -> None:
    shapes = np.array([place.shape for place in map_of("index").places])
    assert shapely.coverage_is_valid(shapes)


def test_patterns_are_seen_on_every_colour() -> None:
    for colour in SCALE:
        assert line_colour("partial", colour) != colour
    assert line_colour("missing", "#ffffff") != "#ffffff"


# ---- the files ----


def test_the_png_is_300_dots_per_inch_and_large_enough_for_paper(files: dict[str, bytes]) -> None:
    raw = files["png"]
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", raw[16:24]) == (2400, 1800)
    at = raw.index(b"pHYs") + 4
    across, down, unit = struct.unpack(">IIB", raw[at : at + 9])
    assert (across, down, unit) == (11811, 11811, 1)
    assert len(raw) < 1_000_000


def test_the_map_is_drawn_in_the_classes_and_patterns(files: dict[str, bytes]) -> None:
    import io  # noqa: PLC0415 - here alone

    from matplotlib import image  # noqa: PLC0415 - optional

    pixels = image.imread(io.BytesIO(files["png"]), format="png")
    codes = (pixels[..., :3] * 255).round().astype(int) @ (65536, 256, 1)
    counts = dict(zip(*np.unique(codes, return_counts=True), strict=True))
    plan = map_of("U2")
    for colour in {place.colour for place in plan.places} | {"#ffd84d"}:
        assert counts.get(int(colour[1:], 16), 0) > 5_000, colour


def test_the_svg_is_one_document_with_a_title_and_fetches_nothing(files: dict[str, bytes]) -> None:
    root = ET.fromstring(files["svg"])  # noqa: S314 - our own
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert title == f"{load_words('sv').say('html.synthetic')} {map_of('U2').title}"
    assert b"<!DOCTYPE" not in files["svg"]
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert all(link.startswith("#") for link in links)
    assert b"<text" not in files["svg"]


def test_the_pdf_carries_its_letters_and_no_clock(files: dict[str, bytes]) -> None:
    raw = files["pdf"]
    assert raw.startswith(b"%PDF")
    assert b"/FontFile2" in raw
    assert b"CreationDate" not in raw
    assert b"matplotlib" not in raw.lower()
    assert len(raw) < 200_000


def test_the_same_map_is_the_same_bytes(files: dict[str, bytes]) -> None:
    script = (
        "import hashlib, sys; from web_publication import publish\n"
        "from geolyft.export.pictures.content import static_maps\n"
        "from geolyft.export.pictures.page import draw\n"
        "import matplotlib; matplotlib.rcParams['font.size'] = 31\n"
        "matplotlib.rcParams['svg.fonttype'] = 'none'\n"
        "(plan,) = static_maps(publish(synthetic=True), only=['U2'])\n"
        "made = draw(plan, publish())\n"
        "assert matplotlib.rcParams['font.size'] == 31\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "print([hashlib.sha256(made[name]).hexdigest() for name in ('png', 'svg', 'pdf')])"
    )
    # Of another hash seed, place and time; settings of the caller's own change nothing.
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    env["PYTHONPATH"] = str(Path(__file__).parents[1] / "support")
    run = [sys.executable, "-c", script]
    told = subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout  # noqa: S603
    import hashlib  # noqa: PLC0415 - here alone

    mine = [hashlib.sha256(files[name]).hexdigest() for name in ("png", "svg", "pdf")]
    assert told.strip() == str(mine)


def test_every_map_is_written_as_three_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {"png": b"png", "svg": b"svg", "pdf": b"pdf"}
    monkeypatch.setattr(draw_module, "draw", lambda _sheet, _publication: content)
    full = publish()
    write_pictures(full, tmp_path)
    names = {file.name for file in (tmp_path / "bilder").iterdir()}
    assert names == {f"{s.code}.{end}" for s in static_maps(full) for end in content}


def test_without_matplotlib_maps_are_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_matplotlib()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError) as refusal:
        write_pictures(publish(), tmp_path)
    assert refusal.value.code == "format-extra"
    assert "geolyft[pictures]" in str(refusal.value)
    assert not list(tmp_path.iterdir())


# ---- words ----


def test_hostile_words_are_drawn_and_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name was read as a formula")

    monkeypatch.setattr("matplotlib.mathtext.MathTextParser.parse", refuse)
    every = " ".join(HOSTILE)
    full = publish(names=HOSTILE, city=every, title=every, created=every)
    catalogue = load_catalogue()
    changed = {"short": every, "name": every, "numerator": every, "denominator": every}
    poisoned = tuple(i.model_copy(update=changed) for i in catalogue.indicators)
    source = replace(full.sources[0], name=every, publisher=every)
    full = replace(
        full, catalogue=catalogue.model_copy(update={"indicators": poisoned}), sources=(source,)
    )
    made = draw(map_of("D1", full), full)
    root = ET.fromstring(made["svg"])  # noqa: S314 - that it can be read is the point
    assert {e.tag.split("}")[1] for e in root.iter()}.isdisjoint({"script", "text", "image"})
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert "$\\frac{1}{0}$ unbalanced $ </svg><script>" in title
    assert_pdf_does_nothing(made["pdf"])
    assert made["png"].startswith(b"\x89PNG")


def assert_pdf_does_nothing(raw: bytes) -> None:
    """Look at the file's own objects, those that are packed included."""
    parts = re.split(rb"stream\r?\n.*?endstream", raw, flags=re.DOTALL)
    for name in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction", b"/AA"):
        outside = b"".join(re.sub(rb"\((?:\\.|[^()\\])*\)", b"", part) for part in parts)
        assert name not in outside, name
    for packed in re.findall(rb"/ObjStm.*?stream\r?\n(.*?)endstream", raw, flags=re.DOTALL):
        assert b"/JavaScript" not in zlib.decompress(packed)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_shown_text_is_one_line_of_known_signs(text: str) -> None:
    shown = lettering.plain(text)
    assert shown == " ".join(shown.split())
    assert not re.search(r"[\x00-\x1f\u202e\ufffe]", shown)
    assert "$" in shown or "$" not in text


@given(st.text(max_size=80), st.floats(0.5, 3))
def test_lines_fit_their_width(text: str, inches: float) -> None:
    for line in lettering.wrap(text, inches, 8, most=2):
        assert lettering.width(line, 8) <= inches


def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    lines = lettering.wrap("ord " * 50, 1.0, 8, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_text_of_thousands_of_signs_is_measured_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    width, asked = lettering.width, []

    def counted(text: str, size: float, *, bold: bool = False) -> float:
        asked.append(text)
        return width(text, size, bold=bold)

    monkeypatch.setattr(lettering, "width", counted)
    assert lettering.fit("A" * 3000, 1.0, 8) == "A" * 11 + "…"
    assert len(asked) < 20


@given(st.floats(1, 1e6))
def test_the_scale_bar_is_a_round_length(longest: float) -> None:
    length = draw_module.round_length(longest)
    assert length <= longest < 2.5 * length * 1.001
    assert f"{length:e}"[0] in "125"


def test_many_areas_are_drawn_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = map_of("index")
    many = replace(plan, places=plan.places * 20)
    said: list[str] = []
    real = draw_module.mpl.axes.Axes.text

    def text(self: object, x: float, y: float, s: str, **looks: object) -> object:
        said.append(s)
        return real(self, x, y, s, **looks)

    monkeypatch.setattr("matplotlib.axes.Axes.text", text)
    draw(many, publish())
    assert any("120 områden" in each for each in said)
    assert "Område Å1" not in said
    assert "1" not in said


def test_a_hole_in_an_area_is_left_open() -> None:
    box, hole = shapely.box(0, 0, 1000, 1000), shapely.box(400, 400, 600, 600)
    to_paper = Placing(0, 0, 1)
    outline = draw_module._outline(shapely.difference(box, hole), to_paper)  # noqa: SLF001
    outer, inner = (shapely.LinearRing(ring) for ring in outline.to_polygons())
    # Fills go by the way round: a hole that turned as its area does would be painted over.
    assert outer.is_ccw != inner.is_ccw

"""Colours mean the same in QGIS, in SLD and on the page, and every area has exactly one."""

from __future__ import annotations

import math
import re
import sqlite3
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_publication import publish

from geolyft.export.figures.classes import change_classes, score_classes
from geolyft.export.figures.palette import PALETTE, SCALE, UNCERTAIN
from geolyft.export.figures.rules import (
    AllOf,
    AnyOf,
    Between,
    Empty,
    Has,
    Holds,
    Not,
    Test,
    rules_of,
)
from geolyft.export.figures.themes import Theme, all_themes, shown_bounds
from geolyft.export.geo.geopackage import write_geopackage
from geolyft.export.geo.sld import sld
from geolyft.export.layers.build import all_layers
from geolyft.export.qgis.drawn.style import qml
from geolyft.export.web.columns import Texts, column
from geolyft.export.words import load_words

if TYPE_CHECKING:
    from geolyft.export.figures.cells import Cell
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

HOSTILE = "Åäö'); DROP TABLE a; -- \"</Option><script>[% 1 + 1 %]&amp;\x01${x}"


@pytest.fixture(scope="module")
def publication() -> Publication:
    return publish()


@pytest.fixture(scope="module")
def layers(publication: Publication) -> list[Layer]:
    return all_layers(publication)


@pytest.fixture(scope="module")
def themes(layers: list[Layer], publication: Publication) -> dict[str, Theme]:
    made = all_themes(layers, publication)
    # As of a city where some areas rest on too little, and some do not.
    return {
        theme.code: replace(theme, partial="some") if theme.status else theme
        for theme in reversed(made)
    }


def meets(row: dict[str, object], test: Test) -> bool:
    """Say what a test says of a row: rules read as people read them."""
    match test:
        case Between(column, low, high):
            shown = round(row[column], 1) if isinstance(row[column], float) else math.nan
            met = (shown >= (-math.inf if low is None else low)) and (
                shown < (math.inf if high is None else high)
            )
        case Empty(column):
            met = row[column] is None
        case Has(column, part):
            met = part in str(row[column]).split("+")
        case Holds(column):
            met = row[column] is True
        case Not(inner):
            met = not meets(row, inner)
        case AllOf(tests):
            met = all(meets(row, each) for each in tests)
        case AnyOf(tests):
            met = any(meets(row, each) for each in tests)
    return met


VALUES = st.none() | st.floats(40, 160)
STATUSES = st.sampled_from(
    ["ok", "missing", "hidden", "partial", "stale+partial", "hidden+synthetic"]
)


@pytest.mark.parametrize("code", ["index", "delaktighet", "D1", "kvalitet"])
@given(value=VALUES, status=STATUSES, sure=st.sampled_from([True, False, None]))
def test_every_area_has_one_colour_and_what_lies_over_it(
    themes: dict[str, Theme], code: str, value: float | None, status: str, sure: object
) -> None:
    theme = themes[code]
    row = {theme.column: value, theme.status: status, "sakert_skild": sure}
    met = [rule.look for rule in rules_of(theme) if meets(row, rule.test)]
    fills = [look for look in met if look not in ("partial", "unsure")]
    assert len(fills) == 1
    assert isinstance(fills[0], str) == (value is None)
    assert ("partial" in met) == (value is not None and "partial" in status)
    assert ("unsure" in met) == (code == "kvalitet" and value is not None and sure is not True)


@given(cells=st.lists(st.tuples(VALUES, STATUSES), min_size=1, max_size=6))
def test_page_and_layers_have_dots_on_the_same_areas_and_never_on_all(
    cells: list[tuple[float | None, str]], themes: dict[str, Theme]
) -> None:
    frame = pd.DataFrame(cells, columns=["index", "status"]).astype({"index": "float64"})
    theme = themes["index"].seen_in(frame)
    rows = [{"index": value, "status": status} for value, status in cells]
    rules = [rule for rule in rules_of(theme) if rule.look == "partial"]
    layer = ["1" if any(meets(row, rule.test) for rule in rules) else "0" for row in rows]
    city: Cell = {"value": 100.0, "status": "partial"}
    page = column([*({"value": v, "status": s} for v, s in cells), city], Texts())
    known = [n for n, (value, _) in enumerate(cells) if value is not None]
    drawn = [layer[n] for n in known]
    assert drawn == [str(page.get("dotted", "0" * len(cells)))[n] for n in known]
    assert set(drawn) != {"1"}
    assert bool(theme.note) == (bool(known) and all("partial" in cells[n][1] for n in known))


@given(value=st.floats(40, 160))
def test_a_score_has_the_colour_it_has_on_the_page(themes: dict[str, Theme], value: float) -> None:
    rules = rules_of(themes["index"])
    (look,) = (r.look for r in rules if meets({"index": value, "status": "ok"}, r.test))
    assert not isinstance(look, str)
    assert look.colour == SCALE[score_classes().place(value)]


def test_a_change_within_its_uncertainty_is_pale_however_large() -> None:
    classes = change_classes()
    shades = [
        r.look for r in rules_of(change_theme()) if meets(
            {"forandring": 12.0, "overstiger_osakerhet": False}, r.test)
    ]  # fmt: skip
    assert [look.colour for look in shades if not isinstance(look, str)] == [SCALE[2]]
    (sure,) = (
        r.look for r in rules_of(change_theme()) if meets(
            {"forandring": 12.0, "overstiger_osakerhet": True}, r.test)
    )  # fmt: skip
    assert not isinstance(sure, str)
    assert sure.colour == SCALE[classes.place(12.0)]


def change_theme() -> Theme:
    from geolyft.export.figures.themes import Shade  # noqa: PLC0415

    bounds = change_classes().ranges()
    shades = tuple(
        Shade(label=c, colour=c, low=low, high=high)
        for c, (low, high) in zip(SCALE, bounds, strict=True)
    )
    return Theme(
        code="forandring", title="", layer="", column="forandring", shades=shades,
        sure="overstiger_osakerhet", neutral=2, labels={"missing": "jämförs inte"},
    )  # fmt: skip


def test_classes_are_the_same_in_every_period(
    layers: list[Layer], publication: Publication
) -> None:
    by_code: dict[str, set[object]] = {}
    for theme in all_themes(layers, publication):
        by_code.setdefault(theme.code, set()).add(theme.shades)
    assert {len(shades) for shades in by_code.values()} == {1}


def test_the_legend_says_missing_hidden_and_partial(themes: dict[str, Theme]) -> None:
    said = [rule.label for rule in rules_of(themes["index"])]
    assert said[-3:] == ["uppgift saknas", "dold för att skydda enskilda", "ofullständigt underlag"]


@given(value=st.floats(0, 200), low=st.sampled_from([85.0, 95.0, 105.0, -1.0, 69.3]))
def test_bounds_without_rounding_class_as_bounds_with_it(value: float, low: float) -> None:
    shifted = shown_bounds(low, None)[0]
    assert shifted is not None
    # On the half itself a tie is broken by how a float happens to be stored.
    if abs(value - shifted) > 1e-9:
        assert (value >= shifted) == (round(value, 1) >= low)


def test_every_style_is_xml_whatever_names_there_are(publication: Publication) -> None:
    areas = publication.areas.assign(name=HOSTILE)
    hostile = replace(publication, areas=areas, title=HOSTILE, city=HOSTILE)
    made = all_layers(hostile)
    words = load_words("sv")
    of = {layer.name: layer for layer in made}
    for theme in all_themes(made, hostile):
        written = ET.fromstring(qml(of[theme.layer], theme, words))  # noqa: S314 - our own
        labels = [each.get("label", "") for each in written.iter("rule")]
        assert not any("[%" in label for label in labels), "QGIS would compute it"
        assert not any("script" in each.tag for each in written.iter())
        ET.fromstring(sld(of[theme.layer], theme))  # noqa: S314
        expressions = [each.get("filter", "") for each in written.iter("rule")]
        expressions += [each.get("fieldName", "") for each in written.iter("text-style")]
        assert not any("DROP" in each for each in expressions)


def test_an_sld_has_the_pattern_of_each_rule_that_has_one(
    layers: list[Layer], themes: dict[str, Theme]
) -> None:
    space = {"sld": "http://www.opengis.net/sld"}
    theme = themes["kvalitet"]
    (layer,) = (each for each in layers if each.name == theme.layer)
    written = ET.fromstring(sld(layer, theme))  # noqa: S314 - our own
    marks = {}
    for rule in written.iterfind(".//sld:Rule", space):
        found = rule.find(".//sld:GraphicFill", space)
        if found is not None:
            name = found.findtext(".//sld:WellKnownName", namespaces=space)
            colour = found.findtext(".//sld:CssParameter[@name='stroke']", namespaces=space)
            marks[rule.findtext("sld:Title", namespaces=space)] = (name, colour)
    assert marks == {
        theme.labels["missing"]: ("shape://slash", PALETTE["missing"]),
        theme.labels["hidden"]: ("shape://times", PALETTE["hidden"]),
        theme.labels["partial"]: ("shape://dot", PALETTE["pattern"]),
        theme.labels["unsure"]: ("shape://vertline", PALETTE["pattern"]),
    }


def test_only_the_style_that_loads_by_itself_says_what_fields_are_called(
    publication: Publication, layers: list[Layer], tmp_path: Path
) -> None:
    write_geopackage(layers, all_themes(layers, publication), tmp_path / "a.gpkg", publication)
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        styles = database.execute("SELECT useAsDefault, styleQML FROM layer_styles").fetchall()
    database.close()
    assert {bool(first) for first, _ in styles} == {True, False}
    for first, text in styles:
        assert ("<aliases>" in text) == bool(first)
        assert ("AllStyleCategories" in text) == bool(first)


def test_one_style_of_each_layer_loads_by_itself(
    publication: Publication, layers: list[Layer], tmp_path: Path
) -> None:
    write_geopackage(layers, all_themes(layers, publication), tmp_path / "a.gpkg", publication)
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        default = database.execute(
            "SELECT f_table_name, f_table_schema, f_geometry_column, styleQML FROM layer_styles"
            " WHERE useAsDefault = 1"
        ).fetchall()
        columns = database.execute(
            "SELECT table_name, column_name, title, description FROM gpkg_data_columns"
        ).fetchall()
        about = database.execute("SELECT count(*) FROM gpkg_metadata_reference").fetchone()
    database.close()
    assert sorted(name for name, *_ in default) == sorted(layer.name for layer in layers)
    assert {schema for _, schema, *_ in default} == {""}
    spatial = {layer.name for layer in layers if layer.is_spatial}
    assert all((column == "geom") == (name in spatial) for name, _, column, _ in default)
    assert len(columns) == sum(len(layer.fields) for layer in layers)
    assert all(title and description for *_, title, description in columns)
    # Of each layer twice, and of the whole.
    assert about == (2 * len(layers) + 1,)


def test_the_same_publication_gives_the_same_bytes(
    publication: Publication, layers: list[Layer], tmp_path: Path
) -> None:
    for name in ("a.gpkg", "b.gpkg"):
        write_geopackage(layers, all_themes(layers, publication), tmp_path / name, publication)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_a_colour_of_the_palette_is_written_nowhere_else() -> None:
    package = Path(str(files("geolyft")))
    once = {*PALETTE.values(), *SCALE, *UNCERTAIN}
    elsewhere = {
        (path.name, colour)
        for path in package.rglob("*")
        if path.suffix in {".py", ".css", ".js", ".html"}
        for line in path.read_text(encoding="utf-8").splitlines()
        # Examples in docstrings may show one.
        if not line.strip().startswith((">>>", "'", "('"))
        for colour in re.findall(r"#[0-9a-fA-F]{6}\b", line)
        if colour.lower() in once
    }
    assert elsewhere == set()


def test_every_colour_that_is_named_is_in_the_palette_and_every_one_is_used() -> None:
    package = Path(str(files("geolyft")))
    texts = [
        p.read_text("utf-8") for p in package.rglob("*") if p.suffix in {".css", ".js", ".html"}
    ]
    code = [p.read_text("utf-8") for p in package.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"palette\(([a-z-]+)\)", text)}
    in_code = {name for text in code for name in re.findall(r'PALETTE\["([a-z-]+)"\]', text)}
    assert named | in_code == set(PALETTE)

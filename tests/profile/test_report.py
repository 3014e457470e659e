"""The report says how this run was made: every figure is the publication's, and gaps are named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import web_browser
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from small_run import CANARY, write_small_run
from web_browser import Seen, Window, assert_quiet, try_a_script, until, violations
from web_publication import CODES, HIDDEN, HIDDEN_VALUE, NO_DATA, publish

import geolyft
from geolyft import pipeline
from geolyft.export.figures.cells import area_order, percent_of_ways
from geolyft.export.figures.reader import reader_of
from geolyft.export.html.charts import Drawing
from geolyft.export.report import render_report, write_report
from geolyft.export.report.measures import (
    chance_limit,
    correlate,
    oriented,
    rank_agreement,
    shares_of_spread,
    with_index,
    without_each,
)
from geolyft.export.report.sections.doubts import INPUTS
from geolyft.export.report.sections.ledger import closes, shown_parts
from geolyft.export.report.sections.overview import sentences
from geolyft.export.words import load_words
from geolyft.findings.stages import scb_index
from geolyft.frames import CITY, EVERYONE
from geolyft.index.transforms import words_of
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geolyft.export.publication import Publication

WORDS = load_words("sv")
STEPS = [
    "1 Teoretisk ram",
    "2 Val av indikatorer",
    "3 Saknade värden",
    "4 Multivariat analys",
    "5 Normalisering",
    "6 Viktning och sammanvägning",
    "7 Robusthet och känslighet",
    "8 Tillbaka till data",
    "9 Samband med andra mått",
    "10 Presentation och spridning",
]
PAYLOADS = [
    "<script>window.ran=1</script>",
    "</style><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "${window.ran=1}`{{ 7*7 }}{% raw %}{city} {0} %s",
    "\\';window.ran=1;//\\",
    '"onfocus=window.ran=1 autofocus tabindex=1 x="',
    "javascript:window.ran=1",
    "]]>--><!-- &lt;b&gt; &amp; \u2028",
    "</caption></table><svg onload=window.ran=1>",
]
EVERY = " ".join(PAYLOADS)


# ---- what is read ----


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    """Return a register of two editions with hidden residuals, a change and a target year."""
    file = write_small_run(tmp_path_factory.mktemp("small"), squares)
    file.write_text(file.read_text("utf-8") + "\n[target]\nyear = 2030\n", "utf-8")
    with warnings.catch_warnings(action="ignore"):
        return pipeline.publish(geolyft.load_config(file))


class Reader(HTMLParser):
    """Reads a page as a browser's reader would: headings, tables by name, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._text: list[str] = []
        self._rows: list[list[str]] = []
        self._name = ""
        self.feed(page)
        self.text = " ".join("".join(self._text).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "caption":
            self._rows, self._name = [], str(dict(attrs)["id"]).removeprefix("t-")
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif tag == "small" and self._inside("th", "td"):
            self._rows[-1][-1] += " "
        self._open = [*getattr(self, "_open", []), tag]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "table":
            self.tables[self._name] = self._rows
        self._text.append(" ")

    def handle_data(self, data: str) -> None:
        if self._inside("style", "title"):
            return
        self._text.append(data)
        if self._inside("h1", "h2", "h3"):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)
        elif self._inside("th", "td"):
            self._rows[-1][-1] += data

    def _inside(self, *tags: str) -> bool:
        return any(tag in getattr(self, "_open", []) for tag in tags)


def read(publication: Publication) -> Reader:
    return Reader(render_report(publication))


def rows_of(reader: Reader, name: str) -> dict[str, list[str]]:
    """Return a table's rows by what they are called."""
    body = reader.tables[name][1:]
    return {row[0].strip().replace("\u00a0", " "): row[1:] for row in body}


@pytest.fixture(scope="module")
def pages(demo: Publication, small: Publication) -> dict[str, Reader]:
    return {"demo": read(demo), "small": read(small), "bare": read(publish())}


def number_in(text: str) -> float:
    return float(re.sub(r"[\s\u202f\u00a0%]", "", text).replace("−", "-").replace(",", "."))


def area_name(publication: Publication, code: str) -> str:
    return reader_of(publication).title(code)


# ---- the whole ----


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_the_ten_steps_of_the_handbook_are_there_in_order(
    pages: dict[str, Reader], name: str
) -> None:
    steps = [text for level, text in pages[name].headings if level == 2 and text[:1].isdigit()]
    assert [" ".join(step.split()) for step in steps] == STEPS


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_headings_go_down_one_level_at_a_time(pages: dict[str, Reader], name: str) -> None:
    levels = [level for level, _ in pages[name].headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_every_section_is_in_the_contents_and_every_name_is_used_once(
    pages: dict[str, Reader], name: str
) -> None:
    elements = pages[name].elements
    names = [said["id"] for _, said in elements if "id" in said]
    patterns = [each for each in names if str(each).startswith("monster-")]
    names = [each for each in names if each not in patterns]
    assert len(names) == len(set(names))
    links = [str(said["href"]) for tag, said in elements if tag == "a"]
    links = [link.removeprefix("#") for link in links if link.startswith("#")]
    assert set(links) <= set(names)
    sections = [said["aria-labelledby"] for tag, said in elements if tag == "section"]
    assert links[1:] == sections


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_tables_say_what_their_cells_are_and_can_be_rolled(
    pages: dict[str, Reader], name: str
) -> None:
    elements = pages[name].elements
    assert all(said.get("scope") in ("row", "col") for tag, said in elements if tag == "th")
    scrollers = [said for _, said in elements if said.get("class") == "scroll"]
    assert len(scrollers) == len(pages[name].tables)
    assert all(said["tabindex"] == "0" and said["role"] == "region" for said in scrollers)
    for rows in pages[name].tables.values():
        assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_every_row_of_areas_is_in_order_of_areas(pages: dict[str, Reader], name: str) -> None:
    tables = {
        "demo": ["index", "dimensionstal", "bidrag", "osakerhet", "robusthet-tabell", "beroende"],
        "small": [
            "index",
            "dimensionstal",
            "bidrag",
            "osakerhet",
            "robusthet-tabell",
            "forandring",
        ],
        "bare": ["index", "dimensionstal"],
    }[name]
    for table in tables:
        codes = [row[0].split("\u00a0")[0] for row in pages[name].tables[table][1:]]
        codes = [code for code in codes if code.isdigit()]
        assert len(codes) > 1, table
        assert codes == area_order(codes), table


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_the_run_is_told_in_five_sentences(
    pages: dict[str, Reader], demo: Publication, small: Publication, name: str
) -> None:
    publication = {"demo": demo, "small": small, "bare": publish()}[name]
    said = sentences(reader_of(publication))
    assert len(said) == 5
    for sentence in said:
        assert sentence.endswith(".")
        assert " ".join(sentence.split()) in pages[name].text


def test_the_five_sentences_say_what_matters(demo: Publication) -> None:
    about, basis, sure, robust, care = sentences(reader_of(demo))
    assert "14 områden i Malmö" in about
    assert "4 av 12 indikatorer" in basis
    assert "D2, D3, U1, U2, U3, E2, B1, B2" in basis
    rows = demo.index[demo.index["area"] != CITY]
    apart = int(rows["distinct"].sum())
    assert sure.startswith("I alla 14" if apart == 14 else f"{apart} av 14")
    table = demo.tables["robusthet"].set_index("area")
    often = area_order(table.index[table["share_among_lowest"] >= 0.9])
    assert all(reader_of(demo).read_name(code) in robust for code in often)
    assert f"Räknat på {int(table['n_variants'].iloc[0])} rimliga sätt" in robust
    assert "inte jämföras över tid" in care
    assert "D1" in care


def test_where_few_have_an_index_nobody_is_called_one_of_the_lowest(demo: Publication) -> None:
    ranked = demo.tables["robusthet"].assign(share_among_lowest=float("nan"), lowest=14)
    few = replace(demo, tables={**demo.tables, "robusthet": ranked})
    robust = sentences(reader_of(few))[3]
    assert robust.startswith("Bara 14 områden har ett index, så vilka som är de 14 lägsta")
    still = replace(few, tables={**few.tables, "robusthet": ranked.assign(rank_p5=1, rank_p95=1)})
    assert "plats 1 till 1" not in sentences(reader_of(still))[3]


def test_a_share_that_rests_on_a_few_samples_is_not_told(demo: Publication) -> None:
    seldom = demo.tables["kanslighet"].assign(total=1.34, error=0.4)
    page = read(replace(demo, tables={**demo.tables, "kanslighet": seldom}))
    shown = rows_of(page, "kanslighet-omraden")
    assert {cell for cells in shown.values() for cell in cells} == {"–"}


def test_nothing_is_said_of_people_or_of_best_and_worst(pages: dict[str, Reader]) -> None:
    for reader in pages.values():
        assert not re.search(r"\b(bäst|sämst|värst|topplista|invandrare|utsatta)", reader.text)


# ---- figures ----


@pytest.mark.parametrize("name", ["demo", "small"])
def test_the_index_and_its_interval_are_the_publications(
    pages: dict[str, Reader], demo: Publication, small: Publication, name: str
) -> None:
    own = {"demo": demo, "small": small}[name]
    shown = rows_of(pages[name], "index")
    last = own.index[own.index["period"] == own.periods[-1]].set_index("area")
    for code in [CITY, *own.areas.index]:
        cells = shown[own.city if code == CITY else area_name(own, code)]
        row = last.loc[code]
        assert cells[0] == WORDS.number(row["index"])
        low, high = WORDS.number(row["index_low"]), WORDS.number(row["index_high"])
        assert cells[1] == f"{low}–{high}"
        if code != CITY:
            assert cells[3] == ("ja" if row["distinct"] else "nej")


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
def test_dimensions_are_the_publications(
    pages: dict[str, Reader], demo: Publication, small: Publication, name: str
) -> None:
    own = {"demo": demo, "small": small, "bare": publish()}[name]
    last = own.index[own.index["period"] == own.periods[-1]].set_index("area")
    themes = ["index", *(d.code for d in own.catalogue.dimensions)]
    for code in own.areas.index:
        cells = rows_of(pages[name], "dimensionstal")[area_name(own, code)]
        for theme, cell in zip(themes, cells, strict=True):
            value = last.loc[code, theme]
            assert cell == WORDS.number(value) if pd.notna(value) else cell in ("saknas", "dold")


@pytest.mark.parametrize("name", ["demo", "small"])
def test_contributions_sum_on_the_page(pages: dict[str, Reader], name: str) -> None:
    for cells in rows_of(pages[name], "bidrag").values():
        *parts, total = [number_in(cell) for cell in cells]
        assert round(sum(parts), 1) == total


def test_robustness_and_sensitivity_are_the_tables(
    pages: dict[str, Reader], demo: Publication
) -> None:
    table = demo.tables["robusthet"].set_index("area")
    index = demo.index.set_index("area")
    shown = rows_of(pages["demo"], "robusthet-tabell")
    for code, row in table.iterrows():
        cells = shown[area_name(demo, str(code))]
        low, high = index.loc[code, ["rank_low", "rank_high"]]
        assert cells[1] == (f"{low}–{high}" if low != high else f"{low}")
        ends = int(row["rank_p5"]), int(row["rank_p95"])
        assert cells[2] == (f"{ends[0]}–{ends[1]}" if ends[0] != ends[1] else f"{ends[0]}")
        assert cells[3] == WORDS.number(row["rank_median"])
        assert cells[4] == WORDS.percent(percent_of_ways(row["share_among_lowest"]))
    city = demo.tables["kanslighet_stad"]
    shown = rows_of(pages["demo"], "kanslighet")
    assert list(shown) == [WORDS.say(f"report.input_{name}") for name in city["input"]]
    for row in city.to_dict("records"):
        cells = shown[WORDS.say(f"report.input_{row['input']}")]
        assert cells[1] == WORDS.percent(100 * max(row["total"], 0), decimals=0)


def test_no_variance_is_not_told_as_no_share(pages: dict[str, Reader], demo: Publication) -> None:
    table = demo.tables["kanslighet"]
    for code in table.loc[table["variance"] == 0, "area"].unique():
        cells = rows_of(pages["demo"], "kanslighet-omraden")[area_name(demo, code)]
        assert cells == ["–"] * len(INPUTS)


def test_change_and_the_way_to_the_target_are_the_tables(
    pages: dict[str, Reader], small: Publication
) -> None:
    table = small.tables["forandring"].query("what == 'index'").set_index("area")
    shown = rows_of(pages["small"], "forandring")
    for code in small.areas.index:
        row, cells = table.loc[code], shown[area_name(small, code)]
        assert cells[2] == WORDS.signed(float(row["change"]))
        expected = "page.sure_change" if row["exceeds"] else "page.unsure_change"
        assert cells[4] == WORDS.say(expected)
    mal = small.tables["mal"].query("what == 'index' and goal == 'fixed' and area != 'city'")
    counts = mal["verdict"].value_counts()
    said = WORDS.say(
        "report.target_fixed",
        all=len(mal),
        **{name: counts.get(name, 0) for name in ("on_track", "not_on_track", "cannot_be_told")},
    )
    assert said in pages["small"].text


def test_what_is_not_comparable_is_said_and_not_subtracted(small: Publication) -> None:
    table = small.tables["forandring"].copy()
    mine = (table["what"] == "index") & (table["area"] == "2")
    table.loc[mine, ["change", "low", "high"]] = np.nan
    table.loc[mine, "comparable"] = False
    table.loc[mine, ["reason", "note"]] = ["break", "A: nytt register"]
    page = read(replace(small, tables={**small.tables, "forandring": table}))
    cells = rows_of(page, "forandring")[area_name(small, "2")]
    assert cells[2:] == ["–", "–", "jämförs inte: tidsseriebrott. A: nytt register"]


def test_scales_are_the_publications(pages: dict[str, Reader], demo: Publication) -> None:
    shown = rows_of(pages["demo"], "skalor")
    assert len(shown) == len(demo.scales)
    for row in demo.scales.to_dict("records"):
        cells = shown[f"{row['indicator']} {demo.catalogue[row['indicator']].label('sv')}"]
        assert cells[0] == WORDS.percent(row["reference_value"])
        assert cells[2] == WORDS.number(row["half_range"])
        low, high = (number_in(end) for end in cells[1].split("–"))
        assert (high - low) / 2 == pytest.approx(row["half_range"], abs=0.06)


def test_weights_are_those_the_areas_got(pages: dict[str, Reader], demo: Publication) -> None:
    shown = rows_of(pages["demo"], "vikter")
    weights = demo.scores[demo.scores["area"] != CITY].groupby("indicator")["weight"].first()
    for indicator in demo.catalogue.indicators:
        cells = shown[f"{indicator.code} {indicator.label('sv')}"]
        assert cells[1] == "8,3\u00a0%"
        got = weights.get(indicator.code)
        assert cells[2] == ("–" if got is None else WORDS.percent(100 * got))


@pytest.mark.parametrize("name", ["demo", "small", "bare"])
@pytest.mark.parametrize("table", ["definitioner", "ursprung", "tackning", "vikter"])
def test_every_indicator_has_its_row(
    pages: dict[str, Reader], demo: Publication, small: Publication, name: str, table: str
) -> None:
    own = {"demo": demo, "small": small, "bare": publish()}[name]
    codes = [row.split()[0] for row in rows_of(pages[name], table)]
    assert codes == list(own.catalogue.codes)


def test_definitions_are_the_catalogues(pages: dict[str, Reader], demo: Publication) -> None:
    for row in pages["demo"].tables["definitioner"][1:]:
        indicator = demo.catalogue[row[0].split()[0]]
        assert row[0].startswith(f"{indicator.code} {indicator.name}")
        assert row[1:3] == [indicator.numerator, indicator.denominator]
        known = demo.observations.query("indicator == @indicator.code")["value"].notna().any()
        assert row[4] == ("ja" if known else "nej, saknas")
    for indicator in demo.catalogue.indicators:
        for note in indicator.notes:
            assert note in pages["demo"].text


def test_an_open_question_and_its_answer_are_told(demo: Publication) -> None:
    assert "körningen antar ”minst”" in read(demo).text
    provenance = {**demo.provenance}
    index = {**provenance["definition"]["index"], "readings": {"U1": "högst"}}
    provenance["definition"] = {**provenance["definition"], "index": index}
    decided = demo.catalogue.decide({"U1": "högst"})
    text = read(replace(demo, catalogue=decided, provenance=provenance)).text
    assert "läsningen ”högst” är bestämd" in text
    assert "körningen antar" not in text


# ---- data quality and the ledger ----


def test_quality_counts_areas_by_what_is_to_be_said(
    pages: dict[str, Reader], demo: Publication
) -> None:
    parts = ["ok", "approximate", "stale", "partial", "missing", "hidden"]
    seen = demo.observations[(demo.observations["sex"] == EVERYONE)]
    seen = seen[seen["area"] != CITY]
    for row in pages["demo"].tables["tackning"][1:]:
        mine = seen[seen["indicator"] == row[0].split()[0]]
        said = [set(status.split("+")) for status in mine["status"]]
        assert int(row[1]) == mine["value"].notna().sum()
        assert [int(n) for n in row[2:8]] == [sum(p in each for each in said) for p in parts]


def test_quality_names_source_year_and_lag(pages: dict[str, Reader]) -> None:
    shown = rows_of(pages["demo"], "ursprung")
    assert shown["D1 Valdeltagande"] == [
        "Riksdagsvalet 2022 per valdistrikt",
        "Valmyndigheten",
        "Öppna data",
        "2022",
        "3 år (vanligen högst 0)",
    ]
    assert shown["D2 Fritidsaktiviteter"] == ["–"] * 5


def test_hidden_and_missing_are_counted_apart() -> None:
    shown = rows_of(read(publish()), "tackning")
    assert shown["U2 Behöriga till yrkesprogram"][0] == "5"
    assert shown["U2 Behöriga till yrkesprogram"][6] == "1"
    assert shown["D3 Enkätsvar"][5] == "1"
    assert shown["E2 Utan långvarigt bistånd"][5] == "6"


@pytest.mark.parametrize("name", ["demo", "small"])
def test_every_count_closes_on_the_page(
    pages: dict[str, Reader], demo: Publication, small: Publication, name: str
) -> None:
    own = {"demo": demo, "small": small}[name]
    rows = pages[name].tables["avstamning-tabell"][1:]
    lines = [line for line in own.provenance["ledger"] if line["period"] == own.periods[-1]]
    assert len(rows) == len(lines)
    for row, line in zip(rows, lines, strict=True):
        if row[5] == "dold":
            assert line["residual"] is None
            assert row[2:4] == ["dold", "dold"]
            continue
        areas, residual, city = (number_in(cell) for cell in row[2:5])
        assert areas + residual == city
        assert city == round(line["city"])
        assert row[5] == "ja"
    assert "Alla" in pages[name].text or "går ihop, så som de publiceras" in pages[name].text


@given(st.floats(0, 1e6), st.floats(0, 1e5))
def test_rounded_parts_of_a_count_still_close(areas: float, residual: float) -> None:
    line = {"areas": areas, "residual": residual, "city": areas + residual}
    shown = shown_parts(line)
    assert closes(line)
    assert shown[0] + shown[1] == shown[2]
    assert abs(shown[0] - areas) <= 1


def test_a_count_that_does_not_close_is_said_in_plain_words(demo: Publication) -> None:
    first, *others = demo.provenance["ledger"]
    wrong = {**first, "areas": first["areas"] - 3}
    page = read(replace(demo, provenance={**demo.provenance, "ledger": [wrong, *others]}))
    assert page.tables["avstamning-tabell"][1][5] == "går inte ihop"
    assert number_in(page.tables["avstamning-tabell"][1][2]) == wrong["areas"]
    assert f"1 av {len(others) + 1} räkningar går INTE ihop" in page.text


def test_a_hidden_residual_is_not_worked_out(demo: Publication) -> None:
    first, *others = demo.provenance["ledger"]
    hidden = {**first, "areas": None, "residual": None}
    page = read(replace(demo, provenance={**demo.provenance, "ledger": [hidden, *others]}))
    assert page.tables["avstamning-tabell"][1][2:4] == ["dold", "dold"]
    assert "I 1 är resten dold" in page.text


def test_files_are_named_with_short_checksums(pages: dict[str, Reader], demo: Publication) -> None:
    shown = rows_of(pages["demo"], "filer")
    for each in demo.provenance["inputs"]:
        cells = shown[each["path"]]
        assert cells[-1] == each["sha256"][:12]
        assert cells[1] == WORDS.count(each["rows"])
    assert demo.provenance["versions"]["numpy"] in pages["demo"].text


# ---- what the report works out itself ----

TABLES = arrays(
    np.float64, st.tuples(st.integers(4, 20), st.integers(2, 4)), elements=st.floats(-100, 100)
)


@given(TABLES)
def test_correlations_are_pearsons(values: np.ndarray) -> None:
    table = pd.DataFrame(values, columns=[f"I{n}" for n in range(values.shape[1])])
    for row in correlate(table).to_dict("records"):
        x, y = (table[row[name]].to_numpy() for name in ("first", "second"))
        if np.std(x) < 1e-6 or np.std(y) < 1e-6:
            continue
        assert row["n"] == len(values)
        assert row["r"] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-6)


def test_a_correlation_is_over_the_areas_that_have_both() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, 4, np.nan], "b": [2, 4, 6, 8, -90.0], "c": [1.0] * 5})
    made = correlate(table).set_index(["first", "second"])
    assert made.loc[("a", "b")].tolist() == [1.0, 4]
    assert np.isnan(made.loc[("a", "c"), "r"])
    assert np.isnan(correlate(table.iloc[:3])["r"]).all()


def test_shares_are_turned_so_that_higher_is_better() -> None:
    full = publish()
    catalogue = load_catalogue().decide({"U1": "högst"})
    table = oriented(full.observations, catalogue, period="2024")
    assert (table["U1"] < 0).all()
    assert (table["E1"] > 0).all()
    assert np.isnan(table.loc[HIDDEN[1], HIDDEN[0]])


def test_fourteen_areas_give_half_a_correlation_by_chance() -> None:
    rng = np.random.default_rng(1)
    pairs = rng.normal(size=(4000, 2, 14))
    found = [abs(np.corrcoef(x, y)[0, 1]) for x, y in pairs]
    assert np.mean(np.array(found) > chance_limit(14)) == pytest.approx(0.05, abs=0.012)


def test_an_indicator_is_held_against_the_others_without_itself(demo: Publication) -> None:
    made = with_index(demo.scores, demo.index, period="2025").set_index("indicator")
    scores = demo.scores[demo.scores["area"] != CITY].pivot_table(
        index="area", columns="indicator", values="score"
    )
    weights = demo.scores.groupby("indicator")["weight"].first()
    others = [code for code in scores if code != "D1"]
    rest = (scores[others] * weights[others]).sum(axis=1)
    assert made.loc["D1", "rest"] == pytest.approx(np.corrcoef(scores["D1"], rest)[0, 1])
    assert (made["n"] == 14).all()


def test_parts_of_the_spread_sum_to_one(demo: Publication) -> None:
    parts = shares_of_spread(demo.scores, demo.index, period="2025")
    assert set(parts) == {"B3", "D1", "E1", "E3"}
    assert sum(parts.values()) == pytest.approx(1)
    last = demo.index[demo.index["area"] != CITY]
    assert shares_of_spread(demo.scores, last.assign(index=100.0), period="2025") == {}


@pytest.mark.parametrize("name", ["demo", "small"])
def test_leaving_out_one_at_a_time_gives_the_published_ranges(
    demo: Publication, small: Publication, name: str
) -> None:
    own = {"demo": demo, "small": small}[name]
    last = own.index[(own.index["period"] == own.periods[-1]) & (own.index["area"] != CITY)]
    made = without_each(own.scores, own.catalogue, period=own.periods[-1], areas=list(last["area"]))
    ends = made.groupby("area")[["rank", "without"]].agg(["min", "max"])
    for row in last.to_dict("records"):
        mine = ends.loc[row["area"]]
        assert min(mine["rank", "min"], mine["without", "min"]) == row["rank_low"]
        assert max(mine["rank", "max"], mine["without", "max"]) == row["rank_high"]


def test_the_second_opinion_is_held_against_the_index(demo: Publication) -> None:
    codes = list(demo.areas.index)
    ours = demo.index[demo.index["area"] != CITY].set_index("area")["index"]
    other = pd.DataFrame(
        {"area": codes, "period": "2025", "index": (200 - ours[codes]) / 4, "type": 3.0}
    )
    page = read(replace(demo, tables={**demo.tables, "scb_index": other.reset_index(drop=True)}))
    assert "sambandet 1,00 (Spearman, 14 områden)" in page.text
    first = rows_of(page, "scb")[area_name(demo, codes[0])]
    assert first[1:] == [WORDS.percent(float(other["index"].iloc[0])), "3"]
    assert rank_agreement({"1": 1.0}, {"1": 2.0})[1] == 1


# ---- what there is not ----


def test_a_run_without_tables_says_what_it_did_not_do(pages: dict[str, Reader]) -> None:
    text = pages["bare"].text
    for key in (
        "no_robustness",
        "no_sensitivity",
        "trust_chance_none",
        "trust_levels_none",
        "uneven_none",
        "ledger_none",
        "inputs_none",
        "gaps_rule_unknown",
        "protection_unknown",
        "scaling_unknown",
        "weighting_unknown",
        "catalogue_unknown",
        "back_no_change",
        "back_no_parts",
    ):
        assert WORDS.say(f"report.{key}") in text, key


def test_a_run_without_a_stage_says_so(pages: dict[str, Reader]) -> None:
    assert scb_index.STAGE.chapter.say("sv", "none") in pages["demo"].text


def test_a_run_without_any_index_says_so() -> None:
    full = publish()
    empty = full.index.assign(index=None, index_low=None, index_high=None, n_indicators=0)
    page = read(publish(index=empty, scores=full.scores.iloc[:0], scales=full.scales.iloc[:0]))
    assert "Inget område har något index 2024" in page.text
    assert WORDS.say("report.no_index", period="2024") in page.text
    assert not any(said.get("class") == "plan" for _, said in page.elements)
    assert {cells[0] for cells in rows_of(page, "index").values()} == {"saknas"}


def test_another_method_is_told_and_claims_nothing_of_the_default(demo: Publication) -> None:
    index = {
        **demo.provenance["definition"]["index"],
        "normalisation": "zscore",
        "aggregation": "arithmetic",
    }
    definition = {**demo.provenance["definition"], "index": index}
    page = read(replace(demo, provenance={**demo.provenance, "definition": definition}))
    assert words_of("zscore", "sv")["about"] in page.text
    assert WORDS.say("report.scaling_one_time") in page.text
    assert WORDS.say("report.back_no_parts") in page.text
    assert "bidrag" not in page.tables
    assert WORDS.say("report.q_indicators_no_parts") in page.text


def test_figures_of_a_hidden_row_are_nowhere_in_the_file() -> None:
    page = render_report(publish())
    for figure in (str(HIDDEN_VALUE)[:5], "12397", "12\u202f397", "60.43", "63.12"):
        assert figure not in page
    assert NO_DATA in page


def test_only_what_is_shown_is_in_the_file(small: Publication) -> None:
    canary = "kanariefågel"
    page = render_report(
        replace(
            small,
            areas=small.areas.assign(note=canary),
            observations=small.observations.assign(personnummer=canary),
            index=small.index.assign(note=canary),
            scores=small.scores.assign(note=canary),
            population=small.population.assign(note=canary),
            tables={**small.tables, "hemlig": pd.DataFrame({"area": ["1"], "x": [canary]})},
            provenance={**small.provenance, "path": canary, "marks": [canary]},
        )
    )
    assert canary not in page
    assert CANARY not in page


# ---- the file ----


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path, demo: Publication) -> None:
    script = (
        "import hashlib; from web_publication import publish\n"
        "from geolyft.export.report import render_report\n"
        "print(hashlib.sha256(render_report(publish()).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        env = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path(__file__).parents[1] / "support"),
        }
        run = [sys.executable, "-c", script]
        seen.add(subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    assert len(seen) == 1
    write_report(demo, tmp_path / "one.html")
    write_report(demo, tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_the_file_loads_no_other_file_and_has_no_script(demo: Publication) -> None:
    page = render_report(demo)
    assert len(page.encode()) < 200_000
    assert "<script" not in page
    pages = set(re.findall(r'<a href="([^#"]+)"', page))
    assert pages == {"karta.html", "omraden/index.html"}
    assert not re.search(r'src=|<link[^>]+href="(?!data:,")', page)
    assert not re.search(r"@import|url\((?!#monster)|https?://", page)
    assert "default-src &#39;none&#39;; script-src ;" in page
    assert "\r" not in page


def test_synthetic_data_says_so_at_the_top_and_in_the_title() -> None:
    page = render_report(publish(synthetic=True))
    assert page.index("SYNTETISKA DATA – påhittade") < page.index("<h1>")
    assert "<title>SYNTETISKA DATA" in page
    assert Reader(page).text.count("Alla tal är påhittade") == 1
    assert "SYNTETISKA" not in render_report(publish())


def test_an_english_report_is_english() -> None:
    reader = Reader(render_report(publish(lang="en")))
    steps = [" ".join(text.split()) for level, text in reader.headings if level == 2]
    assert "1 Theoretical framework" in steps
    assert "10 Presentation and dissemination" in steps
    assert not re.search(r"\b(och|inte|områden)\b", " ".join(steps))
    assert "95%" in reader.text


def test_every_text_of_the_report_is_used() -> None:
    import geolyft.export.report as package  # noqa: PLC0415 - its folder

    folder = Path(str(package.__file__)).parent
    sources = [file for file in folder.rglob("*") if file.suffix in {".py", ".html"}]
    code = "".join(file.read_text(encoding="utf-8") for file in sources)
    # A name may be put together: of a beginning, f"gaps_{part}", or of an end, f"{of}_caption".
    begins = [part for part in re.findall(r"""f["']([a-z_]+)\{""", code) if part.endswith("_")]
    ends = re.findall(r"""f["']\{\w+\}(_[a-z_]+)["']""", code)

    def is_used(name: str) -> bool:
        name = name.removesuffix("_one")  # of `Words.plural`
        stems = [name.removesuffix(end) for end in ends if name.endswith(end)]
        quoted = any(re.search(rf"['\"]{each}['\"]", code) for each in (name, *stems))
        return quoted or name.startswith((*begins,))

    assert [name for name in WORDS.section("report") if not is_used(name)] == []


# ---- hostile words ----


def hostile() -> Publication:
    """Return a publication in which everything that people write runs as script where it can."""
    changes = {"name": EVERY, "short": EVERY, "notes": (EVERY,), "source": EVERY}
    changes |= {"numerator": EVERY, "denominator": EVERY}
    catalogue = load_catalogue()
    poisoned = tuple(i.model_copy(update=changes) for i in catalogue.indicators)
    full = publish()
    source = replace(
        full.sources[0], name=EVERY, publisher=EVERY, licence=EVERY, note=EVERY, references=(EVERY,)
    )
    ledger = {"source": EVERY, "period": "2024", "indicator": EVERY, "count": EVERY}
    return publish(
        names=PAYLOADS[: len(CODES)],
        title=EVERY,
        city=EVERY,
        created=EVERY,
        warnings=(EVERY,),
        sources=(source,),
        catalogue=catalogue.model_copy(update={"indicators": poisoned}),
        provenance={
            "definition": {"index": {"catalogue": EVERY, "weights": {EVERY: 2.0}}},
            "config": {"source": [{"name": EVERY}], "delivery": {"formats": [EVERY]}},
            "inputs": [{"path": EVERY, "source": EVERY, "period": "2024", "sha256": EVERY}],
            "ledger": [{**ledger, "areas": 1.0, "residual": 0.0, "city": 1.0}],
            "versions": {EVERY: EVERY},
            "division": {"sha256": EVERY, "crosswalks": {EVERY: EVERY}},
        },
    )


def test_hostile_words_stay_words() -> None:
    reader = Reader(render_report(hostile()))
    shown = " ".join(EVERY.split())
    assert reader.headings[0][1].split() == EVERY.split()
    assert reader.text.count(shown) > 40
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "img", "iframe", "object", "form", "b"}
    for _, said in reader.elements:
        assert not [
            name for name in said if name.startswith("on") or name in ("style", "autofocus")
        ]
    assert all(len(row) == 5 for row in reader.tables["definitioner"])


# ---- in the browser ----


browser, window = web_browser.browser, web_browser.window


@pytest.fixture
def opened(window: Window, tmp_path: Path) -> Callable[..., Seen]:
    def open_page(publication: Publication, *, width: int = 1200, **options: object) -> Seen:
        path = tmp_path / "rapport.html"
        write_report(publication, path)
        return window.open(path, size=(width, 900), **options)

    return open_page


@pytest.mark.parametrize("name", ["demo", "small", "english", "hostile"])
@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.needs("axe")
def test_the_page_is_quiet_accessible_and_fits(
    opened: Callable[..., Seen], demo: Publication, small: Publication, name: str, width: int
) -> None:
    english = publish(lang="en", synthetic=True)
    own = {"demo": demo, "small": small, "english": english, "hostile": hostile()}[name]
    seen = opened(own, width=width)
    assert violations(seen.page) == []
    assert seen.page.get_attribute("html", "lang") == own.lang
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert_quiet(seen)


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"color_scheme": "dark"}])
@pytest.mark.needs("axe")
def test_the_page_is_accessible_in_colours_of_the_readers_own(
    opened: Callable[..., Seen], small: Publication, options: dict[str, str]
) -> None:
    seen = opened(small, **options)
    assert violations(seen.page) == []


@pytest.mark.parametrize("csp", [True, False], ids=["policy", "no policy"])
def test_nothing_in_the_words_runs_as_script(opened: Callable[..., Seen], *, csp: bool) -> None:
    seen = opened(hostile(), csp=csp)
    assert seen.page.evaluate("window.ran") is None
    assert seen.page.text_content("h1") == EVERY
    assert seen.page.locator("script, img, iframe").count() == 0
    assert_quiet(seen)


def test_the_policy_lets_no_script_run(opened: Callable[..., Seen], demo: Publication) -> None:
    try_a_script(opened(demo))


def test_tables_roll_by_keyboard_and_keep_their_names(
    opened: Callable[..., Seen], demo: Publication
) -> None:
    page = opened(demo, width=320).page
    scroller = page.locator(".scroll", has=page.locator("#t-robusthet-tabell"))
    scroller.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 20")
    name = scroller.locator("tbody th").first
    assert name.bounding_box()["x"] >= 0
    assert scroller.locator("caption span").bounding_box()["x"] >= 0


def test_the_first_tab_leads_past_the_contents(
    opened: Callable[..., Seen], demo: Publication
) -> None:
    page = opened(demo).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"


def test_the_map_is_named_and_drawn_in_the_classes(
    opened: Callable[..., Seen], demo: Publication
) -> None:
    page = opened(demo).page
    drawing = page.locator(".plan .drawing svg")
    assert drawing.get_attribute("role") == "img"
    title = demo.catalogue.index.title("sv")
    assert title in drawing.locator("title").text_content()
    labels = drawing.locator("text").all_text_contents()
    assert sorted(labels, key=int) == [str(n) for n in range(1, 15)]
    box = drawing.bounding_box()
    assert min(box["width"], box["height"]) > 300


def test_print_drops_nothing_off_the_paper(
    opened: Callable[..., Seen], small: Publication, demo: Publication
) -> None:
    for own in (small, demo):
        page = opened(own, width=700).page  # about the width of A4 within its margins
        page.emulate_media(media="print")
        wide = page.eval_on_selector_all(
            "table", "all => all.map((t) => [t.querySelector('caption').id, t.offsetWidth])"
        )
        assert [name for name, width in wide if width > 700] == []
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_drawing_of_the_report_says_what_it_shows(pages: dict[str, Reader]) -> None:
    for reader in pages.values():
        drawings = [said for tag, said in reader.elements if tag == "svg"]
        assert drawings
        assert all(said.get("role") == "img" for said in drawings)
    assert Drawing(1, 1, name="Å").markup()

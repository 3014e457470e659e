"""What stands above the map is sure, and the tables say the same.

The rules are those of docs/pages.md, *What a word may say*.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_findings import with_findings
from web_levels import publication as with_levels
from web_publication import publish

from geolyft.export.figures.cells import area_order, theme_codes
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX, units_of_point
from geolyft.export.findings import MOST, Finding, findings_of
from geolyft.export.layers.rows import border_rows
from geolyft.export.report.sections.overview import overview
from geolyft.export.words import load_words
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.publication import Publication

SV = load_words("sv")


@pytest.fixture(params=["small", "levels", "demo"])
def published(request: pytest.FixtureRequest) -> Publication:
    return request.getfixturevalue(request.param)


def every(published: Publication) -> Iterator[tuple[str, str, Finding]]:
    reader = reader_of(published)
    for theme in theme_codes(published):
        for period in published.periods:
            for finding in findings_of(reader, theme, period) or []:
                yield theme, period, finding


def found(published: Publication, theme: str, kind: str, period: str = "") -> Finding | None:
    reader = reader_of(published)
    known = findings_of(reader, theme, period or reader.period) or []
    return next((each for each in known if each.kind == kind), None)


def rows_of(published: Publication, table: str, **where: str) -> dict[str, dict[str, object]]:
    frame = published.tables[table]
    for column, text in where.items():
        frame = frame[frame[column] == text]
    return {str(row["area"]): row for row in frame.to_dict("records")}


def numbers_in(text: str) -> list[float]:
    plain = text.replace("\u202f", "").replace("\u2212", "-")
    return [float(n.replace(",", ".")) for n in re.findall(r"-?\d+(?:,\d+)?", plain)]


# ---- no finding contradicts the tables ---


def test_whatever_is_told_is_of_known_areas_in_few_and_whole_sentences(
    published: Publication,
) -> None:
    kinds = set()
    for theme, period, finding in every(published):
        kinds.add(finding.kind)
        assert set(finding.areas) <= {*published.areas.index}
        assert finding.text.endswith(".")
        assert not re.search(r"[{}]|None|nan|  |\.\.", finding.text)
        if finding.view != "change" and not finding.level and finding.kind != "sexes":
            reader = reader_of(published)
            values = [reader.value(theme, area, period) for area in finding.areas]
            assert None not in values
    assert {"apart"} <= kinds
    for theme in theme_codes(published):
        for period in published.periods:
            assert len(findings_of(reader_of(published), theme, period) or []) <= MOST


def test_who_is_below_and_above_the_city_is_told_apart_in_the_table(
    published: Publication,
) -> None:
    for theme in theme_codes(published):
        for period in published.periods:
            rows = rows_of(published, "osakerhet", what=theme, period=period)
            shown = [a for a in rows if a != CITY
                     and reader_of(published).value(theme, a, period) is not None]  # fmt: skip
            below, above = (
                [a for a in shown if rows[a]["distinct_fdr"] and side * rows[a]["difference"] > 0]
                for side in (-1, 1)
            )
            assert all(rows[a]["distinct"] for a in (*below, *above))
            told = found(published, theme, "apart", period)
            areas = (*area_order(below), *area_order(above))
            if told is not None:
                assert told.areas == areas
                words = ("under", "Över") if theme not in published.catalogue.codes else (
                    "sämre", "Bättre")  # fmt: skip
                assert (f"{words[0]} än" in told.text or words[0] in told.text) or not below
            elif theme != INDEX:
                assert not areas


def test_who_is_below_in_every_dimension_is(published: Publication) -> None:
    for period in published.periods:
        told = found(published, INDEX, "deep", period)
        if told is None:
            continue
        tables = [rows_of(published, "osakerhet", what=d.code, period=period)
                  for d in published.catalogue.dimensions]  # fmt: skip
        for area in told.areas:
            mine = [rows[area] for rows in tables if area in rows]
            assert mine
            assert all(row["distinct_fdr"] and row["difference"] < 0 for row in mine)


def test_a_contrast_is_that_of_the_layer_and_cannot_be_none(published: Publication) -> None:
    seen = 0
    for theme, period, told in every(published):
        if told.kind != "contrast" or theme in published.catalogue.codes:
            continue
        seen += 1
        lines = border_rows(published, period).dropna(subset=["kod_2", theme])
        widest = lines.loc[lines[theme].idxmax()]
        assert {widest["kod_1"], widest["kod_2"]} == set(told.areas)
        assert SV.number(widest[theme]) in told.text
        rows = rows_of(published, "osakerhet", what=theme, period=period)
        low, high = told.areas
        least = rows[high]["low"] - rows[low]["high"]
        assert least > 0
        assert SV.number(least) in told.text
        # Called the largest, it is so wherever in their intervals all figures lie.
        if told.text.startswith("Störst"):
            pairs = [
                {one, other} for one, other in zip(lines["kod_1"], lines["kod_2"], strict=True)
            ]
            others = [tuple(pair) for pair in pairs if pair != set(told.areas)]
            for one, other in others:
                ends = [(rows[a]["low"], rows[a]["high"]) for a in (one, other)]
                assert max(ends[0][1] - ends[1][0], ends[1][1] - ends[0][0]) < least
    assert seen


def test_of_how_many_persons_a_distance_is_is_the_cell_and_at_least_its_end(
    published: Publication,
) -> None:
    units = units_of_point(published)
    for theme, period, told in every(published):
        if told.kind != "persons":
            continue
        (area,) = told.areas
        row = rows_of(published, "osakerhet", what=theme, period=period)[area]
        cell = reader_of(published).cell(theme, area, period)
        assert row["distinct_fdr"]
        assert row["difference"] < 0
        assert f"omkring {SV.count(abs(cell['persons']))} " in told.text
        is_more = cell["persons"] > 0
        assert ("fler" in told.text.split("än med")[0]) == is_more
        ends = [abs(row[f"difference_{end}"] * units[theme]) / 100 * cell["denominator"]
                for end in ("low", "high")]  # fmt: skip
        if "minst" in told.text.split("(")[0]:
            least = numbers_in(told.text.split("minst")[1].split("(")[0])[0]
            assert 0 < least <= min(ends) + 1e-6
        largest = max(
            abs(reader_of(published).cell(theme, a, period).get("persons") or 0)
            for a, each in rows_of(published, "osakerhet", what=theme, period=period).items()
            if a in published.areas.index and each["distinct_fdr"] and each["difference"] < 0
        )
        assert abs(cell["persons"]) == largest


def test_what_is_said_to_have_moved_exceeds_its_uncertainty(published: Publication) -> None:
    if "forandring" not in published.tables:
        assert not [told for *_, told in every(published) if told.kind == "moved"]
        return
    for theme, period, told in every(published):
        if told.kind != "moved":
            continue
        assert period == published.periods[-1]
        rows = rows_of(published, "forandring", what=theme)
        column = "points" if theme in published.catalogue.codes else "change"
        moved = {a for a, row in rows.items() if row["comparable"] and row["exceeds"] and a != CITY}
        assert set(told.areas) == moved
        up = [a for a in told.areas if rows[a][column] > 0]
        assert list(told.areas) == [*area_order(up), *area_order(set(told.areas) - set(up))]
        assert ("stigit i" in told.text) == bool(up)
        is_city = rows[CITY]["comparable"] and rows[CITY]["exceeds"]
        assert ("är inte säkert förändrat" in told.text) == (not is_city)


def test_sexes_that_are_told_apart_are_so_in_the_table(levels: Publication) -> None:
    seen = set()
    for theme, period, told in every(levels):
        if told.kind != "sexes":
            continue
        rows = rows_of(levels, "kon_skillnad", indicator=theme, period=period)
        assert set(told.areas) == {a for a in levels.areas.index if rows[a]["exceeds"]}
        assert ("inte i hela" in told.text) == (not rows[CITY]["exceeds"])
        is_child = levels.catalogue[theme].children
        assert ("flickor" in told.text) == is_child
        seen.add((is_child, bool(rows[CITY]["exceeds"])))
    assert len(seen) > 2


def test_pockets_are_sure_and_the_index_takes_those_of_several_indicators(
    levels: Publication,
) -> None:
    for theme, _, told in every(levels):
        if told.kind == "pockets":
            assert told.level == "deso"
            assert theme in (INDEX, "ekonomi", "E1", "E2")
    # Of each area's strip E1 or E2 is sure, and never both.
    assert found(levels, INDEX, "pockets") is None
    assert found(levels, "E1", "pockets").areas == ("1", "3", "5")
    assert found(levels, "ekonomi", "pockets").text.startswith("3 DeSO")
    rows = levels.tables["fickor"]
    both = levels.tables | {"fickor": rows.assign(sure=rows["area"] == "2")}
    told = found(replace(levels, tables=both), INDEX, "pockets")
    assert told.areas == ("2",)
    assert "minst två indikatorer" in told.text
    assert told.text.startswith("En DeSO")


# ---- the lowest, by hand ---


def test_the_lowest_are_those_of_nearly_all_ways_and_no_share_is_rounded_up(
    levels: Publication,
) -> None:
    reader = reader_of(levels)
    assert [a for a in levels.areas.index if reader.value(INDEX, a) is None] == ["6"]
    told = found(levels, INDEX, "lowest")
    # 5 of 6 areas have an index; 0.8999 is not nine of ten.
    said = ("Område 1 och 5 är bland de tre lägsta i alla 1\u202f305 sätt att räkna, "
            "2 i 90,3\u00a0% (5 av 6 områden har tal).")  # fmt: skip
    assert told.text == said
    assert told.areas == ("1", "5", "2")


def test_where_no_more_have_an_index_than_are_told_nothing_is(levels: Publication) -> None:
    ways = levels.tables["robusthet"]
    none = ways.assign(lowest=5, share_among_lowest=float("nan"))
    few = replace(levels, tables={**levels.tables, "robusthet": none})
    assert found(few, INDEX, "lowest") is None


@given(st.lists(st.integers(0, 1305), min_size=6, max_size=6))
def test_whoever_is_named_is_among_the_lowest_in_nine_of_ten(counts: list[int]) -> None:
    made = _levels()
    ways = made.tables["robusthet"]
    shares = dict(zip(made.areas.index, (n / 1305 for n in counts), strict=True))
    ways = ways.assign(share_among_lowest=ways["area"].map(shares))
    told = found(replace(made, tables={**made.tables, "robusthet": ways}), INDEX, "lowest")
    often = {a for a, n in zip(made.areas.index, counts, strict=True) if 10 * n >= 9 * 1305}
    often -= {"6"}
    assert set(told.areas if told else ()) == often
    if told is None:
        return
    always = {a for a, n in zip(made.areas.index, counts, strict=True) if n == 1305} - {"6"}
    assert ("i alla 1\u202f305" in told.text) == bool(always)
    for share in re.findall(r"i (\d+),(\d)\u00a0%", told.text):
        assert 90 <= float(".".join(share)) < 100


_MADE: list[Publication] = []


def _levels() -> Publication:
    if not _MADE:
        _MADE.append(with_findings(with_levels(small=2)))
    return _MADE[0]


# ---- nothing sure, nobody asked, another language ---


def test_where_nothing_is_sure_nothing_is_told_and_where_nobody_judged_that_is(
    levels: Publication,
) -> None:
    sure = levels.tables["osakerhet"]
    dull = sure.assign(distinct_fdr=False, low=sure["value"] - 500, high=sure["value"] + 500)
    quiet = replace(levels, tables={"osakerhet": dull})
    reader = reader_of(quiet)
    assert findings_of(reader, INDEX, reader.period) == []
    assert findings_of(reader, "E1", reader.period) == []
    alone = reader_of(publish())
    assert findings_of(alone, INDEX, alone.period) is None
    assert "Det här är säkert" not in str(overview(alone))


@pytest.mark.parametrize("which", ["small", "demo"])
def test_the_report_says_the_same_sentences(which: str, request: pytest.FixtureRequest) -> None:
    published = request.getfixturevalue(which)
    reader = reader_of(published)
    said = str(overview(reader))
    told = findings_of(reader, INDEX, reader.period) or []
    assert all(each.text in said for each in told)
    assert ("Det här är säkert" in said) == bool(told)


def test_english_tells_the_same_of_the_same(levels: Publication) -> None:
    english = replace(levels, lang="en")
    mine, theirs = ([(t, p, f.kind, f.areas, f.view) for t, p, f in every(each)]
                    for each in (levels, english))  # fmt: skip
    assert mine == theirs
    for *_, told in every(english):
        assert not re.search(r"[åäö]|säker|område", told.text.replace("Malmö", "").split("(")[0])

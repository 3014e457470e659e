"""A fact has one number and one word: on the map, in profiles and report, and in the layers.

The rules are those of docs/pages.md, *What a word may say*.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from held import held
from hypothesis import given
from hypothesis import strategies as st
from profile_page import article, rows, section, text_of
from web_levels import publication as with_levels

from geolyft.export.figures.cells import percent_of_ways
from geolyft.export.figures.classes import score_classes
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import score_legend, share_legend
from geolyft.export.layers.rows import change_rows, index_rows, indicator_rows
from geolyft.export.profile.blocks.key import key_figures
from geolyft.export.profile.blocks.parts import standing_out
from geolyft.export.profile.figures import standings, verdict_of
from geolyft.export.profile.page import Profiles
from geolyft.export.report.sections.overview import not_apart, sentences
from geolyft.export.report.sections.results import back
from geolyft.export.report.sections.trust import trust
from geolyft.export.web.content import _facts, cells_by_sex
from geolyft.export.web.views import changes
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE
from geolyft.index.scales import SIGN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geolyft.export.figures.cells import Cell
    from geolyft.export.publication import Publication
    from geolyft.export.report.blocks import Grid, Section

SV = load_words("sv")


@pytest.fixture(scope="module")
def levels() -> Iterator[Publication]:
    """Sexes, small areas, a change, and an indicator where low is good."""
    made = with_levels(small=2)
    moved = made.tables["forandring"].assign(note="")
    yield from held(replace(made, tables={**made.tables, "forandring": moved}))


@pytest.fixture(params=["small", "levels", "demo"])
def published(request: pytest.FixtureRequest) -> Publication:
    return request.getfixturevalue(request.param)


def every_cell(published: Publication) -> Iterator[tuple[Publication, str, str, str, str, Cell]]:
    for level in (published, *published.inner):
        for sex, cells in cells_by_sex(level).items():
            for (theme, period, area), cell in cells.items():
                if area != CITY and cell["value"] is not None:
                    yield level, sex, theme, period, area, cell


def grid_of(part: Section, code: str) -> Grid:
    return next(block for block in part.blocks if getattr(block, "code", "") == code)


def as_shown(value: object, decimals: int = 1) -> float | None:
    return None if pd.isna(value) else round(float(value), decimals) + 0.0


# ---- numbers ---


def test_a_difference_and_its_persons_have_the_same_digits_everywhere(
    published: Publication,
) -> None:
    compared = 0
    for level, sex, theme, period, area, cell in every_cell(published):
        if sex != EVERYONE or theme not in level.catalogue.codes:
            continue
        layer = _indicators(level, period)
        assert cell.get("gap") == as_shown(layer.loc[area, f"{theme}_skillnad"])
        assert cell.get("persons") == as_shown(layer.loc[area, f"{theme}_personer"], 0)
        compared += 1
    assert compared
    reader = reader_of(published)
    for area in published.areas.index:
        page = article(published, area)
        indicators, scores = rows(page, "indikatorer"), rows(page, "delar")
        for what in [*reader.known, *reader.whats]:
            cell, is_share = reader.cell(what, area), what in published.catalogue.codes
            table, name = (indicators, f"{what} ") if is_share else (scores, reader.label(what))
            line = next(cells for head, cells in table.items() if head.startswith(name))
            if cell["value"] is None:
                continue
            assert line[3] == SV.signed(cell["gap"])
            if is_share:
                persons = cell.get("persons")
                assert line[4] == SV.signed(persons, decimals=0)


_layers: dict[tuple[int, str], pd.DataFrame] = {}


def _indicators(level: Publication, period: str) -> pd.DataFrame:
    key = (id(level), period)
    if key not in _layers:
        layer = indicator_rows(level, period)
        _layers[key] = layer.set_index(f"{level.division}_kod")
    return _layers[key]


def test_a_difference_of_scores_is_that_of_the_table(published: Publication) -> None:
    for row in published.tables["osakerhet"].to_dict("records"):
        if row["area"] == CITY or row["what"] in published.catalogue.codes:
            continue
        cell = reader_of(published).cell(row["what"], row["area"], row["period"])
        assert cell["gap"] == as_shown(row["difference"])


@pytest.mark.parametrize("which", ["small", "levels"])
def test_a_change_has_the_same_digits_everywhere(
    which: str, request: pytest.FixtureRequest
) -> None:
    published = request.getfixturevalue(which)
    table = published.tables["forandring"].set_index(["what", "area"])
    for (what, area), cell in changes(published).items():
        row = table.loc[what, area]
        column = "points" if what in published.catalogue.codes else "change"
        assert cell["value"] == as_shown(row[column] if row["comparable"] else None)
    if which != "small":
        return
    reader, moved = reader_of(published), changes(published)
    layer = change_rows(published).set_index("stadsdel_kod")
    report = {row.cells[0].text: row for row in grid_of(back(reader), "forandring").rows}
    for area in published.areas.index:
        said = SV.signed(moved["index", area]["value"])
        assert as_shown(layer.loc[area, "forandring"]) == moved["index", area]["value"]
        assert report[reader.area(area)].cells[3].text == said
        assert rows(article(published, area), "utveckling")["Index"][2].startswith(said)
        assert any(f"{said[1:]} poäng" in sentence for sentence in published.stories[area])


@given(st.integers(1, 2000), st.data())
def test_what_reads_ninety_per_cent_is_at_least_nine_of_ten(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n) | st.just(9 * n // 10))
    shown = percent_of_ways(k / n)
    assert (shown >= 90) == (10 * k >= 9 * n)
    assert 0 <= 100 * k / n - shown < 0.1 + 1e-9


def test_a_share_of_ways_is_the_same_everywhere_and_crosses_no_limit(small: Publication) -> None:
    shares = dict(zip(small.areas.index, (0.897, 0.8999, 0.9, 1.0), strict=True))
    robust = small.tables["robusthet"]
    robust = robust.assign(share_among_lowest=robust["area"].map(shares))
    index = small.index.assign(share_among_lowest=small.index["area"].map(shares))
    made = replace(small, index=index, tables={**small.tables, "robusthet": robust})
    reader, period = reader_of(made), made.periods[-1]
    layer = index_rows(made, period).set_index("stadsdel_kod")["andel_bland_lagsta"]
    report = {row.cells[0].text: row for row in grid_of(trust(reader), "robusthet-tabell").rows}
    for area, percent in zip(shares, (89.7, 89.9, 90.0, 100.0), strict=True):
        assert _facts(made)[period][area]["often"] == percent
        assert round(layer[area], 3) == round(percent / 100, 3)
        said = "i alla" if percent == 100 else SV.percent(percent)
        assert said in key_figures(reader, area).often
        assert report[reader.area(area)].cells[-1].text == SV.percent(percent)
        assert (reader.area(area) in sentences(reader)[3].split(" lägsta")[0]) == (percent >= 90)


# ---- words ---


def test_a_class_says_the_year_it_compares_with_and_the_side_the_value_is_on(
    published: Publication,
) -> None:
    sides = {"much_lower": -1, "lower": -1, "near": 0, "higher": 1, "much_higher": 1}
    for level, sex, theme, _, _, cell in every_cell(published):
        reader, is_share = reader_of(level), theme in level.catalogue.codes
        if theme not in (*reader.whats, *level.catalogue.codes):
            continue
        classes = reader.share_classes[theme] if is_share else score_classes()
        assert classes is not None
        said = (share_legend(theme, classes, level, SV) if is_share else score_legend(level, SV))[
            classes.place(cell["value"])
        ]["meaning"]
        than = f"{level.city} {level.base_period}"
        key = next(k for k in sides if said == SV.say(f"classes.{k}", than=than))
        away = cell["value"] - classes.reference
        assert sides[key] in (0, (away > 0) - (away < 0))
        base = reader.value(theme, CITY, level.base_period)
        if base is not None and sex == EVERYONE and sides[key]:
            assert (cell["value"] > base) == (sides[key] > 0)


def test_better_and_worse_are_said_of_what_is_sure_on_the_side_of_the_difference(
    published: Publication,
) -> None:
    told = set()
    for level, sex, theme, period, area, cell in every_cell(published):
        told.add(cell.get("apart"))
        assert ("better" in cell) == (cell.get("apart") is True)
        is_share = theme in level.catalogue.codes
        sign = SIGN[level.catalogue[theme].direction] if is_share else 1
        if cell.get("apart"):
            assert cell["better"] in (cell["gap"] * sign > 0, cell["gap"] == 0)
        if level is published and sex == EVERYONE and period == published.periods[-1]:
            reader = reader_of(published)
            key = {True: "better", False: "worse"}.get(cell.get("better"), "unsure")
            verdict = verdict_of(reader, theme, area, better_is_more=sign > 0)
            assert verdict == SV.say(f"profile.verdict_{key}", city=published.city, period=period)
    assert {True, False} <= told


def test_the_headline_is_one_and_counts_what_is_sure(published: Publication) -> None:
    reader = reader_of(published)
    for area in published.areas.index:
        said = Profiles(published).headline(area)
        # Those of made-up levels are made up too.
        if len(published.stories.get(area, ())) > 1:
            assert published.stories[area][0] == said
        known = [each for each in standings(reader, area) if each.difference is not None]
        for word, below in (("under", True), ("över", False)):
            some = [e for e in known if e.distinct and (e.difference < 0) == below]
            assert (f"{word} " in said.split("Ingen")[0]) == bool(some)
            for each in some:
                assert each.name.lower() in said.lower().split(f"{word} ")[1]


def test_only_what_is_surely_apart_is_a_strength_or_a_challenge(published: Publication) -> None:
    reader = reader_of(published)
    for area in published.areas.index:
        for kind in ("strength", "challenge"):
            for item in standing_out(reader, area, kind):
                codes = [c for c in reader.known if item.startswith(f"{reader.label(c)} (")]
                cells = [cells_by_sex(published)[EVERYONE][c, reader.period, area] for c in codes]
                assert [cell["better"] for cell in cells] == [kind == "strength"]


def test_no_page_says_that_something_moved_which_is_not_sure(small: Publication) -> None:
    table = small.tables["forandring"].set_index(["what", "area"])
    for area in small.areas.index:
        sure = {name: bool(table.loc["index", name]["exceeds"]) for name in (area, CITY)}
        page = text_of(section(article(small, area), "utveckling")).split("Heldragen")[0]
        for text in (" ".join(small.stories[area]), page):
            mine, _, city = text.partition(f"Hela {small.city}")
            for part, is_sure in ((mine, sure[area]), (city, sure[CITY])):
                moves = any(word in part for word in ("stigit", "sjunkit"))
                assert moves == is_sure
                assert ("inte säkert förändrat" in part) != is_sure


def test_the_report_and_the_map_name_the_same_areas_as_not_apart(published: Publication) -> None:
    reader = reader_of(published)
    cells = cells_by_sex(published)[EVERYONE]
    unsure = [c for c in reader.codes if cells["index", reader.period, c].get("apart") is False]
    told = not_apart(reader)
    assert told is None or told == unsure

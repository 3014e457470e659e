"""What the map's file holds, before any browser opens it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_levels import LOW_IS_GOOD, SCORE
from web_levels import publication as with_levels
from web_publication import (
    CODES,
    HIDDEN,
    MISSING,
    NO_DATA,
    PERIODS,
    observations,
    publish,
    squares,
)

from geolyft.export.figures.cells import apportion, area_order, theme_codes
from geolyft.export.figures.reader import reader_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.web.content import cells_by_sex, page_content
from geolyft.export.web.levels import generalise
from geolyft.export.web.page import _draw, render_map, write_map
from geolyft.export.web.views import changes
from geolyft.export.words import load_words
from geolyft.frames import CITY, EVERYONE
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from geolyft.export.figures.cells import Cells
    from geolyft.export.publication import Publication

WORDS = load_words("sv")
THEMES = theme_codes(publish())


def cells(publication: Publication | None = None, **changes: object) -> Cells:
    return cells_by_sex(publication or publish(**changes))[EVERYONE]


def content(publication: Publication | None = None, **changes: object) -> dict[str, object]:
    whole = publication or publish(**changes)
    _held = reader_of(whole)  # as `render_map` does
    levels = (whole, *whole.inner)
    return page_content(whole, shapes={each.division: generalise(each.areas) for each in levels})


def data_of(page: str) -> str:
    return page.split('id="data">')[1].split("</script>", maxsplit=1)[0]


# ---- cells and views ---


def test_areas_come_in_the_order_people_count() -> None:
    assert area_order(["10", "2", "1280A", "1"]) == ["1", "2", "10", "1280A"]


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=12))
def test_rounded_parts_sum_to_the_rounded_total(values: list[float]) -> None:
    parts = {f"I{n}": value for n, value in enumerate(values)}
    total = round(sum(values), 1)
    rounded = apportion(parts, total=total)
    assert round(sum(rounded.values()), 1) == pytest.approx(total, abs=1e-9)
    assert all(abs(rounded[code] - parts[code]) <= 0.1 + 1e-9 for code in parts)


def test_a_hidden_row_leaves_nothing_but_that_it_is_hidden() -> None:
    cell = cells()[HIDDEN[0], "2024", HIDDEN[1]]
    assert cell == {"value": None, "status": "hidden", "reference": "2024"}


def test_a_missing_value_is_missing_and_not_zero() -> None:
    assert cells()[MISSING[0], "2024", MISSING[1]]["value"] is None
    assert cells()[NO_DATA, "2024", "1"] == {"value": None, "status": "missing"}


def test_a_value_that_claims_to_be_ok_but_is_empty_is_missing() -> None:
    seen = observations()
    seen.loc[(seen["indicator"] == "B1") & (seen["area"] == "1"), "value"] = None
    cell = cells(observations=seen)["B1", "2024", "1"]
    assert (cell["value"], cell["status"]) == (None, "missing")


def test_a_dimension_says_how_many_of_its_indicators_it_has() -> None:
    known = cells()
    assert known["ekonomi", "2024", "1"]["counted"] == 2
    assert known["ekonomi", "2024", "1"]["status"] == "partial"
    assert known["boende", "2024", "1"]["status"] == "ok"


def test_contributions_sum_to_the_distance_from_100() -> None:
    known = cells()
    for area in CODES:
        for period in PERIODS:
            parts = [known[code, period, area] for code in load_catalogue().codes]
            total = sum(part.get("difference", 0) for part in parts)
            assert total == pytest.approx(known[INDEX, period, area]["value"] - 100, abs=1e-9)


def test_each_sex_has_its_own_figures() -> None:
    whole = with_levels(small=0)
    by_sex = cells_by_sex(whole)
    assert list(by_sex) == ["alla", "kvinnor", "män"]
    women = whole.tables["kon_index"].query("area == '1' and period == '2024' and sex == 'kvinnor'")
    shown = by_sex["kvinnor"]["ekonomi", "2024", "1"]
    assert shown["value"] == round(float(women["ekonomi"].iloc[0]), 1)
    # Turnout is not known by sex: what rests on it is missing, and says nothing of everyone.
    assert by_sex["kvinnor"]["D1", "2024", "1"]["value"] is None
    assert by_sex["kvinnor"]["delaktighet", "2024", "1"]["value"] is None
    assert by_sex["kvinnor"]["delaktighet", "2024", "1"]["counted"] == 2


def test_a_dimension_with_a_hidden_part_is_hidden_for_that_sex_alone() -> None:
    by_sex = cells_by_sex(with_levels(small=0))
    assert by_sex["män"]["utbildning", "2024", "2"]["status"] == "hidden"
    assert by_sex["alla"]["utbildning", "2024", "2"]["status"] == "ok"


def test_what_the_run_judged_is_not_judged_again() -> None:
    whole = with_levels(small=4)
    judged, inner = cells(whole), cells(whole.inner[0])
    row = (
        whole.tables["osakerhet"].query("area == '1' and period == '2024' and what == 'E1'").iloc[0]
    )
    cell = judged["E1", "2024", "1"]
    assert cell["apart"] == bool(row["distinct"])
    assert cell["gap_low"] == round(float(row["difference_low"]) / SCORE, 1)
    small = inner["E1", "2024", "1280C1010"]
    city = inner["E1", "2024", CITY]["value"]
    assert small["apart"] == (not small["low"] <= city <= small["high"])
    assert "gap_low" not in small


def test_a_difference_is_rounded_once_from_what_is_not_rounded() -> None:
    """It may differ by the last digit from that of the shown figures; so may persons by more."""
    whole, differing = with_levels(small=4), set()
    for each in (whole, whole.inner[0]):
        seen = each.observations
        for sex, by_key in cells_by_sex(each).items():
            rows = seen[seen["sex"] == sex].set_index(["indicator", "period", "area"])
            for (code, period, area), cell in by_key.items():
                if code not in each.catalogue.codes or "gap" not in cell:
                    continue
                city = by_key[code, period, CITY]["value"]
                exact, base = rows.loc[(code, period, area), ["value", "denominator"]]
                exact -= rows.loc[(code, period, CITY), "value"]
                assert cell["gap"] == round(exact, 1)
                differing.add(cell["gap"] == round(cell["value"] - city, 1))
                if area != CITY:
                    step = 5 if abs(exact / 100 * base) < 100 else 10
                    assert cell["persons"] == round(exact / 100 * base / step) * step
    assert differing == {True, False}


def test_a_side_is_told_where_it_is_sure_and_by_the_difference_that_is_not_rounded() -> None:
    whole = with_levels(small=4)
    for each in (whole, whole.inner[0]):
        for cell in cells(each).values():
            assert ("better" in cell) == (cell.get("apart") is True)
    row = whole.tables["osakerhet"].query(f"what == '{LOW_IS_GOOD}' and distinct").iloc[0]
    cell = cells(whole)[LOW_IS_GOOD, str(row["period"]), str(row["area"])]
    assert cell["better"] == (row["difference"] > 0) == (cell["gap"] < 0)


def test_an_interval_turns_where_less_is_better() -> None:
    whole = with_levels(small=0)
    row = (
        whole.tables["osakerhet"]
        .query(f"area == '1' and period == '2024' and what == '{LOW_IS_GOOD}'")
        .iloc[0]
    )
    cell = cells(whole)[LOW_IS_GOOD, "2024", "1"]
    assert cell["gap_low"] == round(-float(row["difference_high"]) / SCORE, 1)
    assert cell["gap_high"] == round(-float(row["difference_low"]) / SCORE, 1)


def test_a_change_is_in_the_themes_own_unit_and_says_why_it_is_not_told() -> None:
    whole = with_levels(small=0)
    moved = changes(whole)
    points = whole.tables["forandring"].query("area == '1' and what == 'E1'").iloc[0]
    assert moved["E1", "1"]["value"] == round(float(points["points"]), 1)
    assert moved[INDEX, "1"]["value"] == round(
        float(
            whole.tables["forandring"].query("area == '1' and what == 'index'").iloc[0]["change"]
        ),
        1,
    )
    assert moved[INDEX, "2"] == {"value": None, "status": "missing", "reason": "break"}
    assert changes(publish()) == {}


# ---- content ---


@pytest.mark.parametrize("theme", ["U2", "utbildning"])
def test_what_is_hidden_takes_no_number_into_the_page(theme: str) -> None:
    columns = content(with_levels(small=4))["levels"][0]["figures"]["män"]["2024"][theme]
    for name, part in columns.items():
        if isinstance(part, list) and name not in ("status", "reference", "counted"):
            assert part[1] is None


def test_a_level_that_is_not_there_is_not_offered() -> None:
    assert [level["code"] for level in content()["levels"]] == ["geso"]
    page = content(with_levels())
    assert [level["code"] for level in page["levels"]] == ["geso", "deso"]
    assert page["levels"][1]["areas"][5]["inside"] == 1


def test_views_are_those_the_run_can_tell() -> None:
    assert content()["views"] == ["value", "gap", "quality"]
    assert content(with_levels(small=0))["views"] == ["value", "gap", "change", "quality"]
    bare = observations().assign(low=None, high=None)
    assert content(observations=bare)["views"] == ["value", "gap"]


def test_a_theme_without_data_is_listed_and_marked() -> None:
    empty = {theme["code"]: theme["empty"] for theme in content()["themes"]}
    assert list(empty) == THEMES
    assert [code for code in THEMES if empty[code]] == [NO_DATA]


def test_the_page_opens_on_a_theme_that_has_data() -> None:
    full = publish()
    nothing = full.index.assign(index=None, **{d.code: None for d in full.catalogue.dimensions})
    assert content(index=nothing)["start"] == "D1"


def test_without_a_scale_the_classes_start_from_the_areas_median() -> None:
    legends = content(scales=publish().scales.iloc[:0])["legends"]
    assert legends["B1"]["classes"][2]["meaning"] == WORDS.say(
        "classes.near", than=WORDS.say("classes.median")
    )


# ---- the file ---


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import hashlib; from web_levels import publication\n"
        "from geolyft.export.web.page import render_map\n"
        "print(hashlib.sha256(render_map(publication()).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        env["PYTHONPATH"] = os.pathsep.join(
            [str(Path(__file__).parents[1] / "support"), env.get("PYTHONPATH", "")]
        )
        run = [sys.executable, "-c", script]
        seen.add(subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    assert len(seen) == 1
    for name in ("one.html", "two.html"):
        write_map(publish(), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_only_listed_columns_are_in_the_file() -> None:
    canary = "kanariefågel"

    def marked(publication: Publication) -> Publication:
        return replace(
            publication,
            areas=publication.areas.assign(note=canary),
            observations=publication.observations.assign(personnummer=canary, source=canary),
            index=publication.index.assign(note=canary),
            scores=publication.scores.assign(note=canary),
            population=publication.population.assign(note=canary),
            tables={
                **{name: table.assign(note=canary) for name, table in publication.tables.items()},
                "annat": pd.DataFrame({"note": [canary]}),
            },
            inner=tuple(marked(inner) for inner in publication.inner),
            provenance={"path": canary},
        )

    assert canary not in render_map(marked(with_levels()))


def test_a_cell_in_the_file_has_only_what_the_page_shows() -> None:
    allowed = {"value", "low", "high", "half", "gap", "gap_low", "gap_high", "part", "apart"}
    allowed |= {"better", "sure", "numerator", "denominator", "persons", "counted"}
    allowed |= {"status", "reference", "reason"}
    page = content(with_levels())
    for level in page["levels"]:
        by_period = [period for sex in level["figures"].values() for period in sex.values()]
        for columns in [*by_period, level["change"], *level["sexes"].values()]:
            assert {name for one in columns.values() for name in one} <= allowed
        assert set(level) <= {
            *("code", "name", "periods", "figures", "change", "population", "facts", "stories"),
            *("areas", "shapes", "sexes"),
        }


def test_figures_of_a_hidden_row_are_nowhere_in_the_file() -> None:
    page = render_map(publish())
    for figure in ("61.98", "620", "12397", "12\u202f397", "60.4321", "604", "63.1234", "631"):
        for part in json.loads(data_of(page))["levels"][0]["figures"]["alla"]["2024"][
            "U2"
        ].values():
            assert figure not in json.dumps(part).replace(" ", "").strip("[]").split(",")
        assert figure not in page.split('<table id="tabell"')[1].split("</table>")[0]


def test_the_file_names_no_other_file() -> None:
    page = render_map(publish())
    assert not re.search(r"<(script|img|link|iframe)[^>]+(src|href)=\"(?!data:)", page)
    assert not re.search(r"@import|url\((?!#monster)|sourceMappingURL", page.split("<script>")[0])
    assert "\r" not in page


def test_the_file_is_small() -> None:
    # The map library, the page's own scripts and styles, and two areas: of the 600 kB that the
    # demo may take, 190 are left for what the page is about.
    assert len(render_map(publish()).encode()) < 410_000


def test_a_city_with_small_areas_sexes_and_many_periods_is_within_its_budget() -> None:
    """As many cells of each kind as a city of 209 small areas and eight periods has, in little."""
    few, many = (
        len(data_of(render_map(with_levels(areas=6, small=small, periods=("2023", "2024")))))
        for small in (4, 12)
    )
    # Cells of both levels, the city's included, are all but the whole of the file's data.
    grown = (many - few) / (6 * 8 * 2)
    assert 8 * (14 + 209 + 2) * grown < 2_500_000


def test_the_table_stands_in_the_file_before_any_script_runs() -> None:
    full = publish()
    table = render_map(full).split('<table id="tabell"')[1].split("</table>")[0]
    row = full.index[(full.index["area"] == "10") & (full.index["period"] == "2024")].iloc[0]
    texts = re.findall(r"<td>([^<]*)</td>", table.split("10 Område Å10")[1].split("</tr>")[0])
    names = [INDEX, *(dimension.code for dimension in full.catalogue.dimensions)]
    assert texts == [WORDS.number(row[name]) for name in names]


def test_folium_is_told_no_word_about_an_area() -> None:
    codes = [f"{n} {{{{ cycler.__init__ }}}}" for n in range(6)]
    drawing = _draw(generalise(squares(codes, names=["Hemligt namn"] * 6)))
    assert "Hemligt" not in drawing
    assert "cycler" not in drawing
    assert drawing.count("L.map(") == 1

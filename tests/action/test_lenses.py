"""Lenses: any group counted, protected, held against efforts and given its part."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from efforts_register import effort, place, write_register
from hypothesis import given
from hypothesis import strategies as st
from small_run import write_small_run

from geolyft import load_config
from geolyft.action.needs.matrix import GAP, MET
from geolyft.disclosure.door import Counted, publish_counts
from geolyft.disclosure.protect import Protection
from geolyft.disclosure.raw import Raw
from geolyft.disclosure.together.families import OWN
from geolyft.errors import ConfigError, GeolyftError, GeolyftWarning
from geolyft.export.perspective.page import perspective_page
from geolyft.frames import CHILDREN, OBSERVATION_COLUMNS, lenses_of
from geolyft.pipeline.dry_run import check
from geolyft.pipeline.releases.record import origins
from geolyft.pipeline.run import Result, run
from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

RULE = Protection()


def published(people: dict[str, list[int]]) -> pd.DataFrame:
    """Return what may be published of residents and lenses alone."""
    areas = [str(n + 1) for n in range(len(people["population"]))]
    raw = pd.DataFrame({"area": areas, "period": "2025", "source": "s", **people})
    raw = raw.astype(dict.fromkeys(people, "float64"))
    none = pd.DataFrame(columns=OBSERVATION_COLUMNS)
    groups = pd.DataFrame(
        columns=["area", "period", "indicator", "group_by", "group", "numerator", "denominator",
                 "value", "low", "high", "status", "source"]
    )  # fmt: skip
    counted = Counted(level=OWN, observations=Raw(none), people=Raw(raw), groups=Raw(groups))
    (made,) = publish_counts([counted], RULE)
    return made.people


def test_the_rest_beside_several_lenses_is_a_side_too() -> None:
    # 8 children are hidden; with adults and the elderly both shown they would be what is left.
    shown = published(
        {
            "population": [260, 400],
            "children": [8, 100],
            "adults": [200, 200],
            "elderly": [52, 100],
        }
    )
    first, second = (shown.loc[n].isna() for n in (0, 1))
    assert first[["children", "adults", "elderly"]].tolist() == [True, False, True]
    # All are in one of the groups, and none of these is small.
    assert not second[["children", "adults", "elderly"]].any()


@given(parts=st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_no_lenses_together_leave_a_few(parts: list[int]) -> None:
    names = ["children", "adults", "elderly"]
    people = dict(zip(names, ([n] for n in parts), strict=False))
    shown = published({"population": [sum(parts)], **people}).loc[0]
    known = [name for name in names if not np.isnan(shown[name])]
    for many in range(1, len(known) + 1):
        for some in combinations(known, many):
            left = sum(parts) - sum(people[name][0] for name in some)
            assert not 0 < left < RULE.threshold
            assert many > 1 or left >= RULE.threshold


# ---- in a whole run -------------------------------------------------------------------------

ASKED = """
[efforts]
file = "insatser.csv"

[allocation]
sum = 1_000_000
share = "A"

[[lens]]
name = "barn"
heard = "Barnen på Torget vill ha en plan."

[[lens]]
name = "aldre"
label = "65 år och äldre"
label_en = "Aged 65 and over"
target_groups = ["äldre"]
follow_up = 2026-05-01

[[source]]"""
COUNTED = """population = true
children = { alder = { max = 17 } }
lens.aldre = { alder = { min = 65 } }
"""


@pytest.fixture(scope="module")
def run_file(squares: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_file = write_small_run(tmp_path_factory.mktemp("lenses"), squares)
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", ASKED, 1)
    run_file.write_text(said.replace("population = true\n", COUNTED), encoding="utf-8")
    rows = [
        effort("a", tema="vardag"),
        effort("b", tema="vardag", malgrupp="alla"),
        effort("c", tema="medborgare", malgrupp="äldre"),
    ]
    write_register(run_file.parent, rows, [place("a", "1"), place("b", "1"), place("c", "1")])
    return run_file


@pytest.fixture(scope="module")
def made(run_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return run(load_config(run_file), out=tmp_path_factory.mktemp("made") / "out")


def tables(made: Result) -> dict[str, pd.DataFrame]:
    return dict(made.publication.tables)


def test_children_are_the_first_lens_and_their_own_tables_say_the_same(made: Result) -> None:
    of = tables(made)
    assert of["linser"]["lins"].unique().tolist() == ["barn", "aldre"]
    children = of["linser"][of["linser"]["lins"] == "barn"]
    assert children["antal"].tolist() == of["befolkning"]["children"].tolist()
    weighed = of["lins_utsatta"][of["lins_utsatta"]["lins"] == "barn"]
    assert weighed["exposed"].tolist() == of["barn"]["exposed"].tolist()
    means = of["lins_stad"][of["lins_stad"]["lins"] == "barn"]
    assert means["lens_mean"].tolist() == of["barn_stad"]["child_mean"].tolist()


def test_every_lens_counts_whom_its_source_says(made: Result, run_file: Path) -> None:
    people = pd.read_csv(
        run_file.parent / "people_2024.csv", sep=";", decimal=",", encoding="cp1252"
    )
    city = tables(made)["linser"].query("area == 'city' and period == '2024'").set_index("lins")
    counts = {"barn": (people["alder"] <= 17).sum(), "aldre": (people["alder"] >= 65).sum()}
    for lens, count in counts.items():
        assert abs(city.loc[lens, "antal"] - count) <= RULE.base / 2
    assert city["av_staden"].tolist() == [100, 100]


def test_only_efforts_for_a_group_fill_its_gaps(made: Result) -> None:
    cells = tables(made)["behov_lins"].query("area == '1'").set_index(["lins", "tema"])
    assert cells.loc[("barn", "vardag"), "lage"] == MET
    assert cells.loc[("barn", "vardag"), ["insatser", "insatser_alla"]].tolist() == [1, 1]
    assert cells.loc[("barn", "medborgare"), "lage"] == GAP
    assert cells.loc[("aldre", "vardag"), "lage"] == GAP
    assert cells.loc[("aldre", "medborgare"), "lage"] == MET


def test_every_rule_of_a_lens_parts_the_whole_sum_and_bounds_what_an_area_gets(
    made: Result,
) -> None:
    of = tables(made)
    parts = of["fordelning_lins"].groupby("lins")[["per_person", "per_utsatt"]]
    assert (parts.sum() == 1_000_000).all().all()
    children = of["fordelning_lins"].query("lins == 'barn'")
    assert children["per_person"].tolist() == of["fordelning"]["per_barn"].tolist()
    bounds = of["fordelning"].set_index("area")
    for _, rows in of["fordelning_lins"].groupby("lins"):
        given = rows.set_index("area")["per_utsatt"]
        assert (given >= bounds["minst"]).all()
        assert (given <= bounds["mest"]).all()


def test_the_page_says_what_is_known_and_what_nobody_has_told(made: Result) -> None:
    assert made.folder is not None
    text = (made.folder / "perspektiv.html").read_text("utf-8")
    parts = text.split("<section ")[1:]
    barn, aldre, sexes, rights = parts
    assert "Barnen på Torget vill ha en plan." in barn
    assert "65 år och äldre: har inte hörts." in aldre
    assert "2026-05-01" in aldre
    assert "Ingen dag för uppföljning är bestämd." in barn
    # Turnout is of a table that has no sexes.
    assert "Uppgift per kön saknas för" in sexes
    assert "Andel som arbetar" in sexes
    known = [row.count("uppgift saknas") for row in rights.split("<tr") if "uppgift" in row]
    assert sum(known) == 5
    for part in parts:
        for title in ("Det som är känt", "Det som inte är känt", "Alternativ som har prövats"):
            assert title in part
    assert "Bor där tal finns" in barn
    assert "aldre" not in (made.folder / "insatser.html").read_text("utf-8")
    assert "65 år och äldre: per utsatt" in (made.folder / "insatser.html").read_text("utf-8")


def test_a_mean_of_some_areas_is_not_told_as_the_citys(made: Result) -> None:
    few = made.publication.tables["lins_stad"].assign(coverage=0.89)
    tables = {**made.publication.tables, "lins_stad": few}
    text = perspective_page(replace(made.publication, tables=tables))
    own = text.split('id="t-kant-barn"')[1].split("</table>")[0]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", own)
    assert cells == ["–", "–", "–", "89,0\u00a0%"] * (len(cells) // 4)
    assert cells


def test_a_profile_says_how_many_of_each_group_live_in_the_area(made: Result) -> None:
    assert made.folder is not None
    rows = tables(made)["linser"].query("period == '2024' and lins == 'aldre' and area != 'city'")
    assert rows["antal"].notna().any()
    for area, count in zip(rows["area"], rows["antal"], strict=True):
        text = (made.folder / "omraden" / f"{area}.html").read_text("utf-8")
        told = "hur många som bor här visas inte" if np.isnan(count) else f"{count:.0f} invånare"
        assert f"65 år och äldre: {told}" in text
        assert text.count("Barn 0–17 år: ") == 0


def test_a_later_run_and_the_ledger_of_releases_know_the_lenses(
    made: Result, run_file: Path
) -> None:
    assert made.folder is not None
    read = Delivery(made.folder).people
    assert lenses_of(read) == [CHILDREN, "aldre"]
    city = read[read["area"] == "city"].set_index("period")["aldre"]
    said = tables(made)["linser"].query("lins == 'aldre' and area == 'city'").set_index("period")
    assert city.to_dict() == said["antal"].to_dict()
    config = load_config(run_file)
    assert ("2024", "aldre", "alla") in origins(config)
    ledger = made.publication.provenance["ledger"]
    assert "aldre" in {line["count"] for line in ledger}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("lens.aldre = { alder = { min = 65 } }\n", "", "'aldre' is in only one"),
        ("lens.aldre", "lens.gamla", "in only one"),
        ('name = "aldre"', 'name = "A"', "'A' has the name"),
        ('name = "aldre"', 'name = "barn"', "'barn' has the name"),
        ("children = { alder = { max = 17 } }\n", "", "no source counts the children"),
        ('name = "aldre"', 'name = "population"', "may not be called"),
        ('label = "65 år och äldre"\n', "", "label has to say whom"),
        ("lens.aldre = { alder = { min = 65 } }", 'lens.aldre = "alder"', "aldre is a column"),
    ],
)
def test_a_lens_that_counts_nobody_or_takes_a_name_is_refused(
    run_file: Path, before: str, after: str, said: str
) -> None:
    text = run_file.read_text(encoding="utf-8")
    assert before in text
    other = run_file.with_name("other.toml")
    other.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_config(other)


@pytest.mark.parametrize(
    ("code", "share", "before", "after"),
    [
        # Nobody is counted, so that no more than two rules are left.
        ("allocation-rules", "A", "population = true\n", ""),
        # Everybody votes in the end: nobody is exposed.
        ("allocation-weights", "C", "votes.csv", "votes_{period}.csv"),
    ],
)
def test_a_sum_that_cannot_be_parted_is_found_before_the_run(
    squares: gpd.GeoDataFrame, tmp_path: Path, code: str, share: str, before: str, after: str
) -> None:
    run_file = write_small_run(tmp_path, squares)
    votes = (tmp_path / "votes.csv").read_text(encoding="cp1252").splitlines()
    full = [votes[0], *(f"{row[0]};2 000;2 000" for row in votes[1:])]
    for period, rows in {"2023": votes, "2024": full}.items():
        (tmp_path / f"votes_{period}.csv").write_text("\n".join(rows), encoding="cp1252")
    asked = f'[allocation]\nsum = 1000\nshare = "{share}"\n\n[[source]]'
    said = run_file.read_text(encoding="utf-8").replace("[[source]]", asked, 1)
    run_file.write_text(said.replace(before, after, 1), encoding="utf-8")
    quiet = warnings.catch_warnings(action="ignore", category=GeolyftWarning)
    with quiet, pytest.raises(GeolyftError) as refused:
        check(load_config(run_file))
    assert refused.value.code == code

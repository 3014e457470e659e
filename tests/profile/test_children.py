"""What is told of children is what was counted of them, or said to be an estimate."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft.export.children import (
    CHILDREN,
    children_breaks,
    children_cells,
    children_findings,
    children_told,
)
from geolyft.export.figures.reader import reader_of
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.publication import Publication


@pytest.fixture(scope="module")
def made() -> Publication:
    return with_findings(with_levels(small=2))


def test_a_share_of_children_is_of_published_counts(made: Publication) -> None:
    cells = children_cells(made)
    table = made.tables["befolkning"]
    assert len(cells) == len(table)
    for row in table.to_dict("records"):
        cell = cells[CHILDREN, row["period"], row["area"]]
        assert cell["value"] == round(100 * row["children"] / row["population"], 1)
        assert (cell["numerator"], cell["denominator"]) == (row["children"], row["population"])


def test_more_children_than_residents_or_none_counted_is_no_share(made: Publication) -> None:
    table = made.tables["befolkning"]
    odd = table.assign(children=table["children"].where(table["area"] != "1", 9000.0))
    odd.loc[odd["area"] == "2", "children"] = None
    cells = children_cells(replace(made, tables={**made.tables, "befolkning": odd}))
    assert {area for _, _, area in cells} == {"3", "4", "5", "6", CITY}
    none = replace(made, tables={**made.tables, "befolkning": table.assign(children=None)})
    assert children_cells(none) == {}
    assert children_breaks(none) is None
    assert children_told(reader_of(none), "1", "2024") == []
    assert children_cells(with_levels(small=0)) == {}


def test_the_side_of_the_city_is_told_only_where_it_is_sure(made: Publication) -> None:
    reader, sure = reader_of(made), made.tables["osakerhet"]
    rows = sure[(sure["what"] == "D2") & (sure["period"] == "2024")].set_index("area")
    sides = set()
    for area in made.areas.index:
        told = next(t for t in children_told(reader, area, "2024") if t.startswith("Fritids"))
        side = "bättre" if "säkert bättre" in told else "sämre" if "säkert sämre" in told else ""
        row = rows.loc[area]
        expected = "" if not row["distinct"] else "bättre" if row["difference"] > 0 else "sämre"
        assert side == expected
        assert ("bero på slumpen" in told) == (not side)
        sides.add(side)
    assert len(sides) > 1


def test_what_is_hidden_of_children_is_not_told(made: Publication) -> None:
    seen = made.observations
    here = (seen["indicator"] == "D2") & (seen["area"] == "3")
    hidden = seen.assign(status=seen["status"].where(~here, "hidden"))
    reader = reader_of(replace(made, observations=hidden))
    told = next(t for t in children_told(reader, "3", "2024") if t.startswith("Fritids"))
    assert "skydda enskilda barn" in told
    assert len(re.findall(r"\d+,\d", told)) == 1


def test_homes_are_an_estimate_and_only_of_the_catalogue_whose_words_they_are(
    made: Publication,
) -> None:
    reader = reader_of(made)
    told = children_told(reader, "1", "2024")[-1]
    # 123 of the table, to tens.
    assert told.count("omkring 120 barn") == 2
    assert told.startswith("Uppskattning")
    own = made.catalogue.model_copy(
        update={
            "indicators": tuple(
                each.model_copy(update={"numerator": "annat"}) if each.code == "E3" else each
                for each in made.catalogue.indicators
            )
        }
    )
    assert (
        "ekonomisk" not in children_told(reader_of(replace(made, catalogue=own)), "1", "2024")[-1]
    )


def test_findings_of_children_are_those_of_their_indicators(made: Publication) -> None:
    found = children_findings(reader_of(made), "2024")
    assert found
    assert {each.theme for each in found} <= {"D2", "U2"}
    silent = replace(made, tables={"befolkning": made.tables["befolkning"]})
    assert children_findings(reader_of(silent), "2024") is None


@given(st.lists(st.integers(0, 4000), min_size=6, max_size=6))
def test_limits_of_classes_ascend_whatever_the_areas(counts: list[int]) -> None:
    table = _MADE.tables["befolkning"]
    of = dict(zip(_MADE.areas.index, map(float, counts), strict=True))
    some = table.assign(children=table["area"].map(of))
    breaks = children_breaks(replace(_MADE, tables={"befolkning": some}))
    assert breaks is not None
    assert breaks[0] < breaks[1] < breaks[2]


_MADE = with_findings(with_levels(small=2))

"""Layers are the same in every run but for their figures, which are those published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from web_publication import CODES, HIDDEN, MISSING, NO_DATA, PERIODS, publish

from geolyft.export.figures.borders import border_lines
from geolyft.export.layers.build import all_layers
from geolyft.frames import CITY

if TYPE_CHECKING:
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

FIGURES = ["numerator", "denominator", "value", "low", "high"]


@pytest.fixture(scope="module")
def publication() -> Publication:
    return publish()


@pytest.fixture(scope="module")
def layers(publication: Publication) -> dict[str, Layer]:
    return {layer.name: layer for layer in all_layers(publication)}


def empty(publication: Publication) -> Publication:
    """The same run with nothing known of anything."""
    seen, index = publication.observations.copy(), publication.index.copy()
    seen[FIGURES] = np.nan
    seen["status"] = "missing"
    known = [c for c in index if c not in ("area", "name", "period", "n_indicators", "status")]
    index[known] = None
    return replace(
        publication,
        observations=seen,
        index=index.assign(status="missing", n_indicators=0),
        scores=publication.scores.iloc[:0],
        population=publication.population.iloc[:0],
    )


def shape_of(layer: Layer) -> tuple[object, ...]:
    return layer.name, list(layer.frame), [str(each) for each in layer.frame.dtypes], layer.fields


def test_names_order_and_types_of_fields_do_not_depend_on_figures(publication: Publication) -> None:
    full, bare = all_layers(publication), all_layers(empty(publication))
    assert [shape_of(each) for each in full] == [shape_of(each) for each in bare]


def test_the_promised_columns_come_first_and_in_order(layers: dict[str, Layer]) -> None:
    promised = "geso_kod geso_namn period index delaktighet utbildning ekonomi boende"
    promised += " rang_lag rang_hog befolkning antal_indikatorer status"
    assert list(layers["geso_index"].frame)[:13] == promised.split()
    twelve = "geso_kod geso_namn period D1 D2 D3 U1 U2 U3 E1 E2 E3 B1 B2 B3 status"
    assert list(layers["geso_indikatorer"].frame)[:16] == twelve.split()


def test_the_latest_period_has_the_plain_name_and_each_earlier_its_own(
    layers: dict[str, Layer],
) -> None:
    for kind in ("index", "indikatorer"):
        assert set(layers[f"geso_{kind}"].frame["period"]) == {PERIODS[-1]}
        assert set(layers[f"geso_{kind}_{PERIODS[0]}"].frame["period"]) == {PERIODS[0]}


def test_every_period_stands_in_one_layer_as_in_its_own(layers: dict[str, Layer]) -> None:
    tid = layers["geso_tid"].frame
    assert tid["period"].unique().tolist() == list(PERIODS)
    for period in PERIODS:
        own = layers["geso_index" if period == PERIODS[-1] else f"geso_index_{period}"].frame
        mine = tid[tid["period"] == period].reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.DataFrame(mine[list(own)]), pd.DataFrame(own))
        assert set(mine["fran"]) == {f"{period}-01-01"}
        assert set(mine["till"]) == {f"{period}-12-31"}
    assert list(tid.columns[-3:]) == ["fran", "till", "geometry"]


@pytest.mark.parametrize("code", ["D1", "D3", "U2", "E2", "B3"])
def test_a_difference_in_persons_is_the_one_in_points_of_the_base(
    layers: dict[str, Layer], publication: Publication, code: str
) -> None:
    rows = layers["geso_indikatorer"].frame.set_index("geso_kod")
    seen = publication.observations
    seen = seen[(seen["indicator"] == code) & (seen["period"] == PERIODS[-1])].set_index("area")
    for area, row in rows.iterrows():
        if pd.isna(row[code]):
            assert row[[f"{code}_skillnad", f"{code}_personer"]].isna().all()
            continue
        assert row[f"{code}_skillnad"] == pytest.approx(row[code] - seen["value"][CITY])
        persons = row[f"{code}_skillnad"] / 100 * seen["denominator"][area]
        # About so many: in tens, or fives.
        assert row[f"{code}_personer"] % 5 == 0
        assert row[f"{code}_personer"] == pytest.approx(persons, abs=5)


def test_what_is_hidden_or_missing_leaves_only_its_status(layers: dict[str, Layer]) -> None:
    rows = layers["geso_indikatorer"].frame.set_index("geso_kod")
    for (code, area), status in ((HIDDEN, "hidden"), (MISSING, "missing")):
        figures = [f"{code}{part}" for part in ("", "_skillnad", "_personer", "_lag", "_hog")]
        assert rows.loc[area, figures].isna().all()
        assert rows.loc[area, f"{code}_status"] == status
    assert set(rows[f"{NO_DATA}_status"]) == {"missing"}


def test_a_dimension_says_why_it_has_no_figure(layers: dict[str, Layer]) -> None:
    rows = layers["geso_index"].frame.set_index("geso_kod")
    assert "partial" in rows.loc[HIDDEN[1], "utbildning_status"]
    assert "partial" in rows.loc[MISSING[1], "delaktighet_status"]


def test_every_title_is_there_once(layers: dict[str, Layer]) -> None:
    titles = [layer.title for layer in layers.values()]
    assert len(titles) == len(set(titles))


def test_a_synthetic_run_says_so_in_every_layer() -> None:
    assert all(each.title.startswith("SYNTETISKA") for each in all_layers(publish(synthetic=True)))


def test_small_areas_have_layers_named_after_their_level(publication: Publication) -> None:
    inner = replace(publication, division="deso", tables={})
    made = all_layers(replace(publication, inner=(inner,)))
    names = [layer.name for layer in made]
    assert {"deso_index", "deso_indikatorer", f"deso_index_{PERIODS[0]}"} <= set(names)
    assert len(names) == len(set(names))


def test_the_audit_is_the_ledger_and_the_files(publication: Publication) -> None:
    line = {"source": "Register", "period": "2024", "indicator": "E1", "count": "numerator"}
    line |= {"areas": 90.0, "residual": 10.0, "city": 100.0, "exact": True}
    read = {"source": "Register", "period": "2024", "reference": "2024", "path": "a.csv"}
    read |= {"kind": "csv", "rows": 110, "sha256": "ab"}
    points = {"placed": {"total": 110, "placed": 90, "outside": None, "unplaced": 10}}
    totals = {"placed": {"sources": 12, "split": 1, "residual_sources": 2, "absent_sources": 0}}
    said = {"ledger": [line], "inputs": [read | points, read | totals]}
    made = {each.name: each.frame for each in all_layers(replace(publication, provenance=said))}
    ledger = made["granskning"].iloc[0]
    assert ledger["omraden"] + ledger["rest"] == ledger["staden"]
    files = made["granskning_filer"][["placerade", "utanfor", "utan_plats"]]
    assert files.astype("object").where(files.notna(), None).to_numpy().tolist() == [
        [90, None, 10],
        [10, 2, None],
    ]


@given(cells=st.lists(st.integers(0, 15), min_size=1, max_size=16, unique=True))
def test_inner_borders_twice_and_the_outline_once_are_all_perimeters(cells: list[int]) -> None:
    shapes = [shapely.box(c % 4, c // 4, c % 4 + 1, c // 4 + 1) for c in cells]
    areas = gpd.GeoDataFrame(geometry=shapes, index=[str(c) for c in cells])
    lines = border_lines(areas)
    inner = lines["kod_2"].notna()
    assert 2 * lines[inner].length.sum() + lines[~inner].length.sum() == areas.length.sum()
    outline = lines[~inner].length.sum()
    assert outline == pytest.approx(areas.union_all().boundary.length)
    pairs = {frozenset(pair) for pair in lines.loc[inner, ["kod_1", "kod_2"]].to_numpy().tolist()}
    assert len(pairs) == inner.sum(), "each border once"


def test_areas_that_meet_in_a_point_share_no_border() -> None:
    areas = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)], index=["a", "b"]
    )
    assert border_lines(areas)["kod_2"].isna().all()


def test_the_contrast_of_a_border_is_the_distance_between_its_sides(
    layers: dict[str, Layer],
) -> None:
    index = layers["geso_index"].frame.set_index("geso_kod")["index"]
    borders = layers["geso_granser"].frame
    inner = borders[borders["slag"] == "inre"]
    assert len(inner) == 7, "two rows of three squares"
    for row in inner.to_dict("records"):
        assert row["index"] == pytest.approx(abs(index[row["kod_1"]] - index[row["kod_2"]]))
    outline = borders[borders["slag"] == "yttre"]
    assert outline["index"].isna().all()
    assert set(outline["kod_1"]) == set(CODES)


@pytest.mark.parametrize("epsg", [3006, 4326])
def test_layers_come_in_the_crs_that_was_asked_for(publication: Publication, epsg: int) -> None:
    made = [layer for layer in all_layers(publication, crs=epsg) if layer.is_spatial]
    assert {layer.frame.crs.to_epsg() for layer in made} == {epsg}

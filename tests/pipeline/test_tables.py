"""What stands behind the index reaches the delivery, and agrees with it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, get_args

import pandas as pd
import pytest
from small_run import write_small_run

from geolyft import load_config, run
from geolyft.divisions.areas import demo_folder
from geolyft.divisions.blocks import find_blocks, load_changes
from geolyft.errors import ConfigError, GeolyftWarning
from geolyft.frames import CITY
from geolyft.index.means import Aggregation
from geolyft.index.normalise import incompatible
from geolyft.index.transforms import Normalisation
from geolyft.pipeline.run import publish

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")
MORE = """
[target]
year = 2030

[second_opinion]
indicators = ["A", "B", "C"]
national = { "2024" = [30.0, 5.0] }
"""


SERIES = """
[run]
title = "Serie"
city = "Malmö"
periods = ["2023", "2024"]

[areas]
division = "geso"

[index]
minimum_indicators = 1
minimum_dimensions = 1

[[source]]
name = "SCB"
file = "deso_{period}.csv"
kind = "totals"
area = "kod"
crosswalk = { "2023" = "deso2018_geso", "2024" = "deso2025blocks_geso" }
protected_by = "SCB"

[[source.measure]]
indicator = "E1"
numerator = "n"
denominator = "alla"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    path = write_small_run(tmp_path_factory.mktemp("run"), squares)
    text = path.read_text().replace("population = true", "population = true\nchildren = "
                                    "{ alder = { max = 17 } }")  # fmt: skip
    bands = 'sex = { column = "kon", women = "K", men = "M" }'
    text = text.replace(bands, bands + '\ngroups.alder = { column = "alder", breaks = [20, 65] }')
    path.write_text(text + MORE)
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return publish(load_config(path))


def index_of(publication: Publication, period: str) -> pd.Series:
    rows = publication.index[publication.index["period"] == period]
    return rows.set_index("area")["index"]


def test_the_worst_area_is_worst_in_every_indicator_and_in_the_index(made: Publication) -> None:
    seen = made.observations.query("sex == 'alla' and area != 'city' and period == '2024'")
    worst = seen.loc[seen.groupby("indicator")["value"].idxmin(), "area"]
    assert worst.tolist() == ["1", "1", "1"]
    assert index_of(made, "2024").idxmin() == "1"
    often = made.tables["robusthet"].query("period == '2024'").set_index("area")
    assert often.loc["1", ["rank_p5", "rank_p95"]].tolist() == [1, 1]


def test_contributions_and_causes_add_up_to_what_is_published(made: Publication) -> None:
    parts = made.tables["bidrag"].groupby(["area", "period"])["contribution"].sum()
    whole = made.index.set_index(["area", "period"])["index"]
    assert (parts - whole).abs().max() < 1e-9
    causes = made.tables["forandring_orsaker"].query("sex == 'alla'")
    moved = causes.groupby("area")["part"].sum()
    assert (moved - (index_of(made, "2024") - index_of(made, "2023"))).abs().max() < 1e-9


def test_intervals_hold_what_they_are_of_and_the_map_and_table_agree(made: Publication) -> None:
    sure = made.tables["osakerhet"]
    assert ((sure["low"] <= sure["value"]) & (sure["value"] <= sure["high"])).all()
    mine = sure[sure["what"] == "index"].set_index(["area", "period"])["low"]
    table = made.index.set_index(["area", "period"])["index_low"]
    pd.testing.assert_series_equal(mine.sort_index(), table.sort_index(), check_names=False)


def test_a_figure_that_is_carried_forward_has_not_changed(made: Publication) -> None:
    moved = made.tables["forandring"]
    turnout = moved[moved["what"] == "C"]
    assert turnout["change"].isna().all()
    assert set(turnout["reason"]) == {"carried"}
    assert moved.loc[moved["what"] == "A", "comparable"].all()


def test_children_and_sexes_are_told_apart(made: Publication) -> None:
    share = made.tables["barn"].groupby(["period", "indicator"])["share"].sum()
    assert share.to_numpy() == pytest.approx(1)
    gap = made.tables["kon_skillnad"].query("area == '1' and indicator == 'A'")
    assert (gap["gap"] == gap["first"] - gap["second"]).all()
    assert set(made.tables["kon_index"]["sex"]) == {"kvinnor", "män"}


def test_the_way_to_2030_starts_at_the_distance_to_the_city(made: Publication) -> None:
    away = made.tables["avstand"].query(
        "goal == 'moving' and period == '2024' and indicator == 'A'"
    )
    assert away.set_index("area").loc["1", "behind"] > 0
    assert set(made.tables["mal"]["target_year"]) == {2030}


def test_the_second_opinion_ranks_the_same_area_worst(made: Publication) -> None:
    other = made.tables["scb_index"].query("period == '2024'").set_index("area")
    assert other["index"].drop(CITY).idxmax() == "1"
    assert other.loc["1", "type"] < other.loc["4", "type"]


def test_every_area_has_a_story_about_the_area(made: Publication) -> None:
    assert set(made.stories) == {"1", "2", "3", "4"}
    assert made.stories["1"][0].startswith("Statistiskt säkerställt under Provstad 2024 i ")


def test_a_later_run_on_the_stored_scales_gives_the_same_index(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    both = run(path, out=tmp_path / "first").publication
    later = path.read_text().replace('["2023", "2024"]', '["2024"]')
    later = later.replace('catalogue = "catalogue.toml"',
                          'catalogue = "catalogue.toml"\nscales = "../first"')  # fmt: skip
    later = later.replace('"2023" = "2022", ', "")
    (tmp_path / "in" / "later.toml").write_text(later)
    alone = publish(load_config(tmp_path / "in" / "later.toml"))
    pd.testing.assert_series_equal(index_of(alone, "2024"), index_of(both, "2024"))
    refitted = later.replace('scales = "../first"', "")
    (tmp_path / "in" / "later.toml").write_text(refitted)
    fresh = publish(load_config(tmp_path / "in" / "later.toml"))
    assert index_of(fresh, "2024")[CITY] == 100
    assert index_of(alone, "2024")[CITY] != 100


def test_stored_scales_of_another_definition_are_refused(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    run(path, out=tmp_path / "first")
    catalogue = tmp_path / "in" / "catalogue.toml"
    catalogue.write_text(catalogue.read_text().replace("arbetande", "heltidsarbetande"))
    path.write_text(path.read_text().replace('catalogue = "catalogue.toml"',
                    'catalogue = "catalogue.toml"\nscales = "../first"'))  # fmt: skip
    with pytest.raises(Exception, match="not what they were") as refusal:
        publish(load_config(path))
    assert refusal.value.code == "timeline-definition"


@pytest.mark.parametrize("normalisation", get_args(Normalisation))
@pytest.mark.parametrize("aggregation", get_args(Aggregation))
def test_every_method_by_name_is_made_or_refused_before_anything_is_read(
    normalisation: str, aggregation: str, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    said = f'normalisation = "{normalisation}"\naggregation = "{aggregation}"\n'
    path.write_text(path.read_text().replace("[index]\n", f"[index]\n{said}"))
    if incompatible(normalisation, aggregation):
        with pytest.raises(ConfigError, match=r"run\.toml"):
            load_config(path)
        return
    publication = publish(load_config(path))
    base = index_of(publication, "2023")
    assert base[CITY] == pytest.approx(100)
    assert base.drop(CITY).idxmin() == "1"
    told = "forandring" in publication.tables
    assert told == (normalisation == "goalpost" and aggregation == "arithmetic")


def test_weights_by_name_move_the_index(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    plain = index_of(publish(load_config(path)), "2023")
    path.write_text(
        path.read_text().replace("[index]\n", "[index]\nweights = { C = 1, vardag = 3 }\n")
    )
    heavy = publish(load_config(path))
    dimensions = heavy.index[heavy.index["period"] == "2023"].set_index("area")
    by_hand = (3 * dimensions["vardag"] + dimensions["medborgare"]) / 4
    assert (index_of(heavy, "2023") - by_hand).abs().max() < 1e-9
    assert (plain - index_of(heavy, "2023")).abs().max() > 0.1


def test_breaks_stop_comparisons_and_say_why(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    broken = '\n[[break]]\nindicator = "A"\nbetween = ["2023", "2024"]\nkind = "register"\n'
    path.write_text(path.read_text() + broken)
    moved = publish(load_config(path)).tables["forandring"].query("area == '1'").set_index("what")
    assert moved.loc["A", "reason"] == moved.loc["index", "reason"] == "break"
    assert moved.loc["B", "comparable"]


def test_the_demo_looks_inside_its_areas() -> None:
    tables = publish(load_config(demo_folder() / "run.toml")).tables
    inside = tables["inuti"].query("what == 'ekonomi' and level == 'deso2025'").set_index("area")
    assert inside["extent"].idxmax() == "10"
    unequal = tables["ojamlikhet"].query("what == 'ekonomi' and level == 'deso2025'").iloc[0]
    assert unequal["between"] + unequal["within"] == pytest.approx(unequal["variance"])
    levels = tables["nivaer"].query("what == 'ekonomi'").set_index("level")
    assert levels["n"].to_dict() == {"omraden": 14, "deso2025": 209, "regso2025": 91}
    assert (
        levels.loc["deso2025", "sd"] > levels.loc["regso2025", "sd"] > levels.loc["omraden", "sd"]
    )


def test_a_series_crosses_the_change_of_deso_without_a_step_from_the_crosswalk(
    tmp_path: Path,
) -> None:
    blocks = find_blocks(load_changes())
    for year, division in (("2023", "2018"), ("2024", "2025")):
        own = blocks[blocks["division"] == division]
        # A hundred persons per block, shared by its areas: nothing changes between the years.
        persons = 100 / own.groupby("block")["area"].transform("size")
        level = own["block"].str[-3:].astype(int) % 50 + 20
        table = pd.DataFrame({"kod": own["area"], "n": persons * level / 100, "alla": persons})
        table.to_csv(tmp_path / f"deso_{year}.csv", index=False)
    (tmp_path / "run.toml").write_text(SERIES)
    seen = publish(load_config(tmp_path / "run.toml")).observations.query("indicator == 'E1'")
    by_year = seen.pivot_table(index="area", columns="period", values="value")
    assert (by_year["2023"] - by_year["2024"]).abs().max() < 0.01


def test_what_may_not_be_compared_is_not_put_in_words_either(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    told = publish(load_config(path))
    assert any(text.startswith("Från 2023 till 2024") for text in told.stories["1"])
    broken = '\n[[break]]\nindicator = "A"\nbetween = ["2023", "2024"]\nkind = "register"\n'
    path.write_text(path.read_text() + broken)
    silent = publish(load_config(path))
    assert not any("2023" in text for text in silent.stories["1"])
    assert "forandring_orsaker" not in silent.tables


def test_kept_scales_are_kept_in_every_table(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    run(path, out=tmp_path / "first")
    text = path.read_text().replace('["2023", "2024"]', '["2024"]').replace('"2023" = "2022", ', "")
    text = text.replace("[index]\n", '[index]\nscales = "../first"\n')
    path.write_text(text)
    later = publish(load_config(path))
    assert later.base_period == "2023"
    ranks = later.tables["robusthet"].set_index("area")["nominal"]
    index = index_of(later, "2024").drop(CITY)
    assert (index.rank() == ranks[index.index]).all()
    assert later.tables["avstand"].query("goal == 'fixed'")["city"].notna().all()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (
            '[[break]]\nindicator = "Z"\nbetween = ["2023", "2024"]\nkind = "method"',
            "run-indicator",
        ),
        ('[[uncertainty.noise]]\nsource = "Nobody"\ncell_sd = 1', "run-name"),
        ("[uncertainty.correlation]\nyears_of = { Nobody = 0.5 }", "run-indicator"),
        ('[[inside]]\ndivision = "deso2025"\ncrosswalk = "deso2025_geso"', "join-targets"),
        ("[target]\nyear = 2024", "targets-year"),
    ],
)
def test_statements_about_nothing_are_refused(
    more: str, code: str, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    path.write_text(f"{path.read_text()}\n{more}\n")
    with pytest.raises(ConfigError) as refusal:
        load_config(path)
    assert refusal.value.code == code


def test_groups_add_up_and_part_the_distance_to_the_city(made: Publication) -> None:
    groups = made.tables["grupper"]
    own = groups.query("area == '1' and indicator == 'A' and period == '2024'").set_index("group")
    assert set(own.index) == {"<20", "20-<65", "65+", "alla"}
    parts = own.drop(index="alla")["denominator"].sum()
    assert parts == pytest.approx(own.loc["alla", "denominator"], abs=10)
    effects = made.tables["sammansattning"]
    whole = effects["rate_effect"] + effects["composition_effect"]
    assert (whole - effects["difference"]).abs().max() < 1e-9
    # The city less the area's people works less because fewer work, not because of their ages.
    worst = effects.query("area == '1' and indicator == 'A' and period == '2024'").iloc[0]
    assert worst["rate_effect"] < -10 < worst["composition_effect"]
    assert worst["standardised_low"] < worst["standardised"] < worst["standardised_high"]


def test_what_is_unevenly_spread_is_measured(made: Publication) -> None:
    apart = made.tables["segregation"].set_index(["indicator", "period"])["dissimilarity"]
    assert apart.between(0, 1).all()
    slope = made.tables["lutning"].set_index(["indicator", "period"])["slope"]
    assert (slope > 0).all()

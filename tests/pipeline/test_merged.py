"""A run whose small areas are merged: what it publishes of groups, and what it remembers."""

from __future__ import annotations

import json
import warnings
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from small_areas import write_small_areas

from geolyft import load_config, run
from geolyft.disclosure.raw import Raw, opened
from geolyft.divisions.areas import load_areas
from geolyft.divisions.crosswalks import load_crosswalk
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY
from geolyft.pipeline.levels import count_levels, levels_of, read_areas
from geolyft.pipeline.releases.recall import recall
from geolyft.pipeline.releases.record import add_release
from geolyft.pipeline.run import publish

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

DAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("merged")
    made = write_small_areas(path, group=True)
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(made, out=path / "out")
    return path


@pytest.fixture(scope="module")
def made(folder: Path) -> Publication:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        return publish(load_config(folder / "run.toml"))


@pytest.fixture(scope="module")
def members(made: Publication) -> pd.DataFrame:
    return made.tables["sammanslagna"]


def test_groups_lie_whole_in_an_area_and_in_a_regso(members: pd.DataFrame) -> None:
    for name in ("deso2025_geso", "deso2025_regso2025"):
        walk = load_crosswalk(name).table
        home = walk[walk["weight"] == 1].set_index("source")["target"]
        homes = set(zip(members["small"], members["part"].map(home), strict=True))
        assert len(homes) == members["small"].nunique()


def test_a_group_is_the_union_of_its_members(made: Publication, members: pd.DataFrame) -> None:
    groups, parts = made.inner[0].areas, load_areas("deso2025")
    assert groups.area.sum() == pytest.approx(parts.area.sum())
    by_group = parts.area.reindex(members["part"]).groupby(members["small"].to_numpy()).sum()
    assert groups.area.reindex(by_group.index).to_numpy() == pytest.approx(by_group.to_numpy())
    alone = set(groups.index) - set(members["small"])
    assert alone == set(parts.index) - set(members["part"])


def test_counts_of_groups_close(folder: Path) -> None:
    config = load_config(folder / "run.toml")
    plain = levels_of(config, read_areas(config))
    levels, gathered, _ = count_levels(config, plain)
    of_all = [opened(Raw.all(each.counts).then(pd.concat)) for each in gathered]
    sums = [table.groupby("indicator")[["numerator", "denominator"]].sum() for table in of_all]
    assert sums[1].equals(sums[0])
    residents = [opened(Raw.all(each.people).then(pd.concat))["population"] for each in gathered]
    assert residents[1].sum() == residents[0].sum()
    assert len(residents[1]) == len(levels[1].areas) + 1
    assert len(levels[1].areas) < len(plain[1].areas)
    assert len(levels[2].areas) == len(plain[2].areas)


def test_fewer_figures_are_hidden_and_the_run_says_how_many(
    made: Publication, tmp_path: Path
) -> None:
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        plain = publish(load_config(write_small_areas(tmp_path)))
    shares = [
        (seen["status"].str.contains("hidden") & (seen["area"] != CITY)).mean()
        for seen in (plain.inner[0].observations, made.inner[0].observations)
    ]
    assert shares[1] < shares[0]
    assert any("har slagits ihop" in each for each in made.warnings)


def test_a_release_of_groups_is_known_by_its_polygons(folder: Path) -> None:
    file = folder / "releases.sqlite"
    add_release(folder / "out", file, day=DAY, config=load_config(folder / "run.toml"))
    path = folder / "again.toml"
    said = (folder / "run.toml").read_text(encoding="utf-8").replace("group = true\n", "")
    path.write_text(f'{said}\n[releases]\nfile = "releases.sqlite"\n', encoding="utf-8")
    config = load_config(path)
    memory = recall(config, levels_of(config, read_areas(config)))
    parents = [each for each in memory.parents["deso2025"] if each]
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    digest = manifest["division"]["merged"]["deso2025"]["sha256"]
    assert f"deso2025 {digest[:16]}" in set(memory.counts["level"])
    assert any("+" in parent for each in parents for parent in each.values())


@pytest.mark.parametrize("group", [False, True])
def test_years_together_are_audited_beside_the_residents_of_one(
    tmp_path: Path, *, group: bool
) -> None:
    # Each lives there in both years, so the base of both is twice the residents.
    path = write_small_areas(tmp_path, group=group)
    said = path.read_text(encoding="utf-8").replace('["2024"]', '["2023", "2024"]')
    asked = 'crosswalk = "deso2025_geso"\n'
    path.write_text(said.replace(asked, f"{asked}years = 2\n"), encoding="utf-8")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = publish(load_config(path))
    seen = made.inner[0].observations
    people = made.inner[0].population.set_index(["area", "period"])["population"]
    whole = seen[(seen["indicator"] == "A") & (seen["sex"] == "alla") & seen["value"].notna()]
    of = people.reindex(whole.set_index(["area", "period"]).index).to_numpy()
    assert (whole["denominator"].to_numpy() / of).round().mean() == 2
    assert made.audit is not None

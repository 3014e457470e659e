"""What is added to the made-up register: an effect of stated size, and nothing else changed."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from register_scripts import register_scripts

from geolyft.action.effects.registered import read_register
from geolyft.divisions.areas import load_areas
from geolyft.errors import GeolyftWarning
from geolyft.join.points import assign_points
from geolyft.pipeline.around.effects import read_plans
from geolyft.pipeline.counting.events import event_files
from geolyft.pipeline.run import publish
from geolyft.run_file.config import load_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import SimpleNamespace

MODULES = ("city", "people", "traits", "generate", "action")


@pytest.fixture(scope="module")
def register() -> Iterator[SimpleNamespace]:
    with register_scripts(MODULES) as scripts:
        yield scripts


@pytest.fixture(scope="module")
def folder(register: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("action")
    data = made / "data"
    register.generate.generate(data, residents=8_000, years=[2022, 2023], seed=5)
    register.action.add(data, made / "action", seed=5)
    return made


def children(file: Path) -> pd.DataFrame:
    table = pd.read_csv(file, sep=";", decimal=",", encoding="cp1252")
    xs, ys = (table[axis].to_numpy(dtype="float64") for axis in ("x", "y"))
    area = assign_points(xs, load_areas("geso"), y=ys, crs=3008, max_outside=0.2)
    return table.assign(area=area.to_numpy())


def test_the_effect_is_as_large_as_it_says_in_its_areas_and_years_alone(
    register: SimpleNamespace, folder: Path
) -> None:
    for year in (2022, 2023):
        before, after = (
            children(folder / where / f"fritid_{year}.csv") for where in ("data", "action")
        )
        own = before["area"].isin(register.action.CHOSEN)
        changed = before["antal_aktiviteter"] != after["antal_aktiviteter"]
        assert not changed[~own].any()
        if year < register.action.START:
            assert not changed.any()
            continue
        for code in register.action.CHOSEN:
            here = before["area"] == code
            assert changed[here].sum() == round(register.action.EFFECT / 100 * here.sum())
            assert (after.loc[here & changed, "antal_aktiviteter"] == 1).all()


def test_the_run_file_names_files_that_are_there_and_plans_in_time(folder: Path) -> None:
    config = load_config(folder / "action" / "run.toml")
    assert all(path.is_file() for path in event_files(config))
    plans = read_plans(config)
    assert [each.plan.id for each in plans] == ["aktiviteter", "ingenting", "ensam"]
    assert not any(each.is_exploratory for each in plans)
    assert config.run.synthetic
    for source in config.sources:
        path = config.path(source.file.replace("{reference}", "2023"))
        assert path.parent.is_dir()


def test_places_are_made_up_and_have_users(folder: Path) -> None:
    config = load_config(folder / "action" / "run.toml")
    assert [each.code for each in config.access] == ["forskola", "motesplats"]
    for said in config.access:
        assert config.path(said.users.file).is_file()
        table = pd.read_csv(config.path(said.places.file), sep=";", decimal=",", encoding="cp1252")
        assert len(table) >= 3
        assert table["namn"].str.endswith("(påhittad)").all()


def test_one_run_file_does_all_of_it(register: SimpleNamespace, tmp_path: Path) -> None:
    register.generate.generate(
        tmp_path / "data", residents=8_000, years=[2021, 2022, 2023, 2024], seed=5
    )
    register.action.add(tmp_path / "data", tmp_path / "action", seed=5)
    run_file = tmp_path / "action" / "run.toml"
    regso = '[[inside]]\ndivision = "regso2025"\ncrosswalk = "regso2025_geso"\n'
    run_file.write_text(run_file.read_text("utf-8").replace(regso, ""), encoding="utf-8")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        made = publish(load_config(run_file))
    # So few residents have most figures hidden; what is asked is that every stage is there.
    assert len(made.index) == 4 * 15
    action = {"insatser", "tillganglighet", "tillganglighet_motesplats", "effekter", "handelser"}
    assert {*action, "handelser_runtom", "lagesbild", "fullstandighet"} <= set(made.tables)
    assert "handelser_runtom" in made.inner[0].tables
    assert list(made.tables["effekter"]["plan_id"]) == ["aktiviteter", "ingenting", "ensam"]


def test_the_same_seed_gives_the_same_bytes(register: SimpleNamespace, folder: Path) -> None:
    register.action.add(folder / "data", folder / "again", seed=5)
    for file in (folder / "action").iterdir():
        assert file.read_bytes() == (folder / "again" / file.name).read_bytes(), file.name
    assert len(read_register(folder / "again" / "effektplaner.jsonl")) == 3


def test_every_event_says_that_it_is_synthetic(folder: Path) -> None:
    table = pd.read_csv(folder / "action" / "handelser.csv", sep=";", encoding="cp1252")
    assert (table["syntetisk"] == "ja").all()
    assert set(table["typ"]) == {"buller", "skadegörelse", "nedskräpning"}

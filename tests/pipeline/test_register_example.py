"""The synthetic register: seeded, complete, calibrated, and nobody's real data."""

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import copy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from register_scripts import EXAMPLE, register_scripts

from geolyft.divisions.areas import demo_folder, load_areas
from geolyft.join.points import assign_points
from geolyft.pipeline.counting.gather import editions
from geolyft.run_file.config import Config, load_config

MODULES = ("city", "people", "traits", "generate")
RESIDENTS = 6_000
MODERATE = 60_000
YEARS = [2021, 2022, 2023, 2024]


@pytest.fixture(scope="module")
def register() -> Iterator[SimpleNamespace]:
    with register_scripts(MODULES) as scripts:
        yield scripts


@pytest.fixture(scope="module")
def small(register: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the README describes: the run file, and a small register beside it."""
    folder = tmp_path_factory.mktemp("register")
    copy(EXAMPLE / "run.toml", folder)
    arguments = ["--residents", str(RESIDENTS), "--out", str(folder / "data")]
    register.generate.main(arguments)
    return folder


@pytest.fixture(scope="module")
def config(small: Path) -> Config:
    return load_config(small / "run.toml")


@pytest.fixture(scope="module")
def moderate(register: SimpleNamespace) -> SimpleNamespace:
    """Homes and people at a size where a DeSO has a few hundred of them."""
    city = register.city.load_city()
    homes, people = register.people.settle(city, MODERATE, np.random.default_rng(1))
    return SimpleNamespace(city=city, homes=homes, people=people)


def residents(folder: Path, year: int) -> pd.DataFrame:
    return pd.read_parquet(folder / "data" / f"befolkning_{year}.parquet")


def office_csv(path: Path) -> pd.DataFrame:
    encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "cp1252"
    return pd.read_csv(path, sep=";", decimal=",", encoding=encoding)


def digests(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def two_years(register: SimpleNamespace, out: Path, seed: int) -> dict[str, str]:
    register.generate.generate(out, residents=2_500, years=[2022, 2023], seed=seed)
    return digests(out)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    register: SimpleNamespace, tmp_path: Path
) -> None:
    first, again, other = (
        two_years(register, tmp_path / name, seed)
        for name, seed in zip("abc", (1, 1, 2), strict=True)
    )
    assert first == again
    assert first.keys() == other.keys()
    assert not set(first.values()) & set(other.values())


def test_only_the_asked_years_and_what_they_rest_on_are_written(
    register: SimpleNamespace, tmp_path: Path
) -> None:
    names = two_years(register, tmp_path, 1)
    assert {name.partition(".")[0] for name in names} == {
        *(f"befolkning_{year}" for year in (2022, 2023)),
        *(f"kvarboende_{year}" for year in (2022, 2023)),
        *(f"fritid_{year}" for year in (2022, 2023)),
        *(f"elever_ak9_{year}" for year in (2022, 2023)),
        *(f"avgangna_gymnasiet_{year}" for year in (2022, 2023)),
        "enkat_2022",
        "valdeltagande_2022",
        "SYNTETISKA DATA",
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_number_of_residents_is_the_one_asked_for_every_year(small: Path, year: int) -> None:
    people = residents(small, year)
    assert len(people) == people["person_id"].nunique() == RESIDENTS
    assert len(office_csv(small / "data" / f"kvarboende_{year}.csv")) == RESIDENTS


@pytest.mark.parametrize("year", YEARS)
def test_about_half_a_per_cent_have_no_coordinates(small: Path, year: int) -> None:
    people = residents(small, year)
    assert people["x"].isna().equals(people["y"].isna())
    assert 0.002 < people["x"].isna().mean() < 0.009


def test_a_handful_lives_just_outside_the_city(small: Path) -> None:
    people = residents(small, 2024).dropna(subset=["x"])
    city = shapely.union_all(load_areas("geso").geometry.to_numpy())
    outside = people[~shapely.intersects_xy(city, people["x"], people["y"])]
    assert 1 <= len(outside) <= 30
    assert shapely.intersects_xy(city.buffer(401), outside["x"], outside["y"]).all()


def test_the_run_file_is_a_run_of_all_twelve_and_says_it_is_synthetic(config: Config) -> None:
    assert config.run.synthetic
    assert not config.catalogue().open_questions()
    for period in config.run.periods:
        measured = [
            measure.indicator
            for source in config.sources
            if source.reference(period)
            for measure in source.measures
        ]
        assert sorted(measured) == sorted(config.catalogue().codes)


def test_every_file_the_run_file_names_is_there_with_its_columns(config: Config) -> None:
    for edition in editions(config):
        asked, _ = edition.source.columns()
        asked |= {column for column in (edition.source.x, edition.source.y) if column}
        if edition.path.suffix == ".parquet":
            columns = set(pq.read_schema(edition.path).names)
        else:
            columns = set(office_csv(edition.path).columns)
        assert asked <= columns, edition.path.name


def test_every_file_is_used_by_the_run_file(config: Config, small: Path) -> None:
    used = {edition.path.name for edition in editions(config)}
    written = {file.name for file in (small / "data").iterdir()}
    assert written - used == {"SYNTETISKA DATA.txt"}


def test_every_text_the_run_file_counts_occurs(config: Config) -> None:
    for edition in editions(config):
        read = pd.read_parquet if edition.path.suffix == ".parquet" else office_csv
        table = read(edition.path)
        for measure in edition.source.measures:
            for conditions in (measure.among, measure.counted or {}):
                for column, condition in conditions.items():
                    assert set(condition.one_of or ()) <= set(table[column].dropna()), column


def test_every_file_says_that_it_is_synthetic(small: Path) -> None:
    for file in (small / "data").iterdir():
        if file.suffix == ".parquet":
            assert b"SYNTETISKA DATA" in pq.read_schema(file).metadata
        elif file.suffix == ".csv":
            assert (office_csv(file)["syntetisk"] == "ja").all()
        else:
            assert file.read_text(encoding="utf-8").startswith("SYNTETISKA DATA")


def test_csv_is_as_swedish_offices_write_it(small: Path) -> None:
    old = (small / "data" / "kvarboende_2022.csv").read_bytes()
    new = (small / "data" / "enkat_2022.csv").read_bytes()
    assert b"vid_\xe5rets_slut" in old
    assert new.startswith(b"\xef\xbb\xbfperson_id;")
    assert b"k\xc3\xb6n" in new
    for text in (old.decode("cp1252"), new.decode("utf-8-sig")):
        header, *rows = csv.reader(text.splitlines(), delimiter=";")
        assert {len(row) for row in rows} == {len(header)}
        assert any("," in row[header.index("x")] for row in rows)
        assert not any("." in row[header.index("x")] for row in rows)


def test_identities_cannot_be_taken_for_personal_numbers(small: Path) -> None:
    for year in YEARS:
        assert residents(small, year)["person_id"].str.fullmatch(r"syn-\d{7}").all()


def test_staying_is_judged_by_the_areas_of_both_addresses(small: Path) -> None:
    areas = load_areas("geso")
    start = office_csv(small / "data" / "kvarboende_2022.csv").set_index("person_id")
    end = residents(small, 2022).set_index("person_id")
    both = start.join(end[["x", "y"]].add_suffix("_slut"), how="inner")
    both = both.dropna(subset=["x", "x_slut"])
    before = assign_points(both["x"], areas, y=both["y"], crs=3008).fillna("")
    after = assign_points(both["x_slut"], areas, y=both["y_slut"], crs=3008).fillna("")
    assert both["bor_kvar"].eq("ja").equals(before == after)
    assert (start.loc[start.index.difference(end.index), "bor_kvar"] == "nej").all()
    moved = (both["x"] != both["x_slut"]) & (both["bor_kvar"] == "ja")
    assert moved.any(), "somebody moves within an area, which is not leaving it"


def test_the_start_of_a_year_is_the_end_of_the_one_before(small: Path) -> None:
    end = residents(small, 2021).set_index("person_id")[["x", "y"]]
    start = office_csv(small / "data" / "kvarboende_2022.csv").set_index("person_id")[["x", "y"]]
    pd.testing.assert_frame_equal(start, end, check_index_type=False)


def test_people_live_in_their_deso(moderate: SimpleNamespace) -> None:
    homes = moderate.homes[moderate.homes["geso"] != ""]
    polygons = moderate.city.polygons[homes["deso"]]
    assert shapely.intersects_xy(polygons, homes["x"], homes["y"]).all()
    codes = moderate.city.figures.index[homes["deso"]]
    found = assign_points(homes["x"], load_areas("deso2025"), y=homes["y"], crs=3008)
    # The shipped borders are rounded to the centimetre; a point may lie on one.
    assert (found.to_numpy() == codes.to_numpy()).mean() > 0.9999


def test_residents_per_deso_are_the_open_figures_scaled(moderate: SimpleNamespace) -> None:
    deso = moderate.homes["deso"].to_numpy()[moderate.people["home"]]
    counted = np.bincount(deso, minlength=len(moderate.city.figures))
    real = moderate.city.figures["residents"]
    assert counted.sum() == MODERATE
    assert np.abs(counted - real / real.sum() * MODERATE).max() <= 1


def test_people_share_addresses(moderate: SimpleNamespace) -> None:
    addresses = moderate.homes.drop_duplicates(["x", "y"])
    assert 3 < MODERATE / len(addresses) < 15
    assert moderate.people.groupby("home").size().max() > 3


@pytest.mark.parametrize(
    ("column", "hit", "among", "figure"),
    [
        ("forvarvsarbetar", ["ja"], ["ja", "nej"], "employed_share_2024"),
        ("lag_ekonomisk_standard", ["ja"], ["ja", "nej"], "low_econ_share_2024"),
    ],
)
def test_shares_per_deso_follow_the_open_figures(
    register: SimpleNamespace,
    moderate: SimpleNamespace,
    column: str,
    hit: list[str],
    among: list[str],
    figure: str,
) -> None:
    rng = np.random.default_rng(2)
    people, homes = moderate.people.copy(), moderate.homes
    base, trend = register.traits.base_rates(moderate.city, rng)
    rates = register.traits.rates_in(base, trend, register.traits.ANCHOR, rng)
    register.traits.educate(people, homes, rates, rng)
    rows = register.traits.register(people, homes, rates, rng)
    rows = rows[rows[column].isin(among)]
    if column == "forvarvsarbetar":
        rows = rows[rows["alder"].between(20, 64)]
    deso = homes["deso"].to_numpy()[people["home"].to_numpy()[rows.index]]
    share = rows[column].isin(hit).groupby(deso).mean() * 100
    real = moderate.city.figures[figure]
    assert np.corrcoef(share, real)[0, 1] > 0.9
    assert abs(share.mean() - real.mean()) < 1.5


def test_no_election_figure_is_copied(register: SimpleNamespace) -> None:
    city = register.city.load_city()
    real = pd.read_csv(demo_folder() / "turnout2022.csv", dtype={"valdistrikt_kod": "str"})
    real = real.set_index("valdistrikt_kod").sort_index()
    made = register.generate.election(city, register.generate.MALMO, 2022, np.random.default_rng(3))
    made = made.set_index("valdistrikt")
    assert made.index.tolist() == real.index.tolist()
    assert (made["röstberättigade"] != real["entitled"]).all()
    assert (made["röstande"] != real["voted"]).all()
    assert (made["röstande"] <= made["röstberättigade"]).all()
    turnout = [
        100 * counts.sum().iloc[1] / counts.sum().iloc[0]
        for counts in (made[["röstberättigade", "röstande"]], real[["entitled", "voted"]])
    ]
    assert abs(turnout[0] - turnout[1]) < 1.5


def test_cohorts_are_small_and_of_their_age(small: Path) -> None:
    for year in YEARS:
        pupils = office_csv(small / "data" / f"elever_ak9_{year}.csv")
        assert set(pupils["ålder"]) == {16}
        assert 0.005 < len(pupils) / RESIDENTS < 0.02
        children = office_csv(small / "data" / f"fritid_{year}.csv")
        assert children["ålder"].between(6, 19).all()
        assert children["person_id"].is_unique


def test_women_and_men_differ_a_little(small: Path) -> None:
    people = pd.concat([residents(small, year) for year in YEARS])
    working_age = people[people["alder"].between(20, 64)]
    works = (working_age["forvarvsarbetar"] == "ja").groupby(working_age["kon"]).mean()
    assert 0.0 < works["M"] - works["K"] < 0.12


def test_too_few_residents_are_refused(
    register: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        register.generate.main(["--residents", "10"])
    assert refusal.value.code == 2
    assert "give 2000 or more" in capsys.readouterr().err

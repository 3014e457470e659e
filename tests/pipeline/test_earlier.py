"""A later period goes into a new delivery that carries the earlier ones, and changes nothing."""

from __future__ import annotations

import json
import shutil
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import CATALOGUE, people, write_small_run

from geolyft import check, load_config, publish, run, verify
from geolyft.divisions.areas import load_areas
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.export.delivery import new_delivery, sha256, write_manifest
from geolyft.export.layers.tables import write_csv, write_index, write_observations, write_tables
from geolyft.pipeline.compare import compare
from geolyft.read.delivery import Delivery, sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.publication import Publication

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

AT = 'earlier = "../2023"'
WALK = "source,target,weight\n1,1,1\n2,2,1\n3,3,1\n4,3,0.25\n4,4,0.75\n"
BREAK = """
[[break]]
indicator = "A"
between = ["2023", "2024"]
kind = "register"
"""
# Turnout is known in the first edition only and carried on; everything else is counted anew.
MORE = {
    'periods = ["2023", "2024"]': 'periods = ["2023", "2024"]\ncarry = 4',
    '{ "2023" = "2022", "2024" = "2022" }': '{ "2023" = "2022" }',
    'area = "kod"': 'area = "kod"\ncrosswalk = { "2023" = "walk.csv" }',
    "population = true": "population = true\nchildren = { alder = { max = 17 } }\n"
    'groups.alder = { column = "alder", breaks = [20, 65] }',
    "[[source]]": f"[target]\nyear = 2030\n{BREAK}\n[[source]]",
}


def of(path: Path, periods: Sequence[str], *, earlier: str = "") -> Path:
    """Write the same run for other periods, after an earlier delivery."""
    said = 'periods = ["' + '", "'.join(periods) + '"]'
    text = path.read_text(encoding="utf-8")
    if earlier:
        said += f'\nearlier = "{earlier}"'
        # The earlier run said so, and that is enough.
        text = text.replace(BREAK, "")
    made = path.with_name(f"run_{'_'.join(periods)}.toml")
    made.write_text(text.replace('periods = ["2023", "2024"]', said), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Path:
    """Deliveries of 2023, and of 2024 and 2025 after it, beside those of one run each."""
    folder = tmp_path_factory.mktemp("chain")
    path = write_small_run(folder / "in", squares)
    text = path.read_text(encoding="utf-8")
    for old, new in MORE.items():
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    (folder / "in" / "walk.csv").write_text(WALK, encoding="utf-8")
    people(squares, year=2025).to_csv(
        folder / "in" / "people_2025.csv", sep=";", decimal=",", encoding="cp1252", index=False
    )
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(of(path, ["2023", "2024"]), out=folder / "two")
        run(of(path, ["2023", "2024", "2025"]), out=folder / "three")
        run(of(path, ["2023"]), out=folder / "2023")
        # What is published is not read again.
        (folder / "in" / "people_2023.csv").unlink()
        run(of(path, ["2024"], earlier="../2023"), out=folder / "2024")
        run(of(path, ["2025"], earlier="../2024"), out=folder / "2025")
    return folder


def run_tables(path: Path, out: Path) -> Publication:
    """Make a delivery of what scripts read only: maps take the most time, and are tested above."""
    publication = publish(load_config(path))
    with new_delivery(out) as folder:
        write_observations(publication, folder / "resultat.parquet")
        write_observations(publication, folder / "resultat.csv")
        write_index(publication, folder / "index.csv")
        write_tables(publication, folder / "tabeller")
        write_manifest(folder, publication.provenance)
    return publication


def tables_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all that scripts read."""
    files = [*folder.glob("resultat.*"), folder / "index.csv", *folder.glob("tabeller/*")]
    return {file.name: file.read_bytes() for file in sorted(files)}


def rows_of(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / name, dtype={"area": "str", "period": "str", "first": "str"})


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


# ---- nothing changes ------------------------------------------------------------------------


@pytest.mark.parametrize(("appended", "at_once"), [("2024", "two"), ("2025", "three")])
def test_periods_appended_one_by_one_are_the_same_bytes_as_one_run_of_all(
    deliveries: Path, appended: str, at_once: str
) -> None:
    one, other = tables_of(deliveries / appended), tables_of(deliveries / at_once)
    assert one.keys() == other.keys()
    names = ("befolkning", "forandring", "grupper", "kon_index", "mal", "robusthet")
    assert {f"{name}.csv" for name in ("resultat", "index", *names)} <= one.keys()
    assert "resultat.parquet" in one
    assert [name for name in one if one[name] != other[name]] == []


def test_an_edition_more_moves_no_earlier_interval(deliveries: Path) -> None:
    two, three = (rows_of(deliveries / name, "tabeller/osakerhet.csv") for name in ("two", "three"))
    earlier = three[three["period"].isin(["2023", "2024"])].reset_index(drop=True)
    assert len(earlier) < len(three)
    pd.testing.assert_frame_equal(two, earlier, check_exact=True)


def test_what_splits_do_is_read_from_the_earlier_manifest(deliveries: Path) -> None:
    appended, at_once = (
        manifest_of(deliveries / name)["uncertainty"]["splits"] for name in ("2025", "three")
    )
    assert appended == at_once
    moves = {row["area"]: row["moves"] for row in appended["weights"]}
    assert moves.keys() == {"3", "4"}
    assert {row["part"] for row in appended["weights"]} == {"4"}
    # Area 4 is its small area of that code alone: it has the same share whatever the weight.
    assert moves["4"] == 0
    assert moves["3"] != 0


def test_a_map_project_finds_every_layer_of_last_year_with_the_same_fields(
    deliveries: Path,
) -> None:
    def fields(folder: Path) -> dict[str, list[tuple[str, str]]]:
        path = folder / "omradeslyft.gpkg"
        infos = {name: pyogrio.read_info(path, name) for name, _ in pyogrio.list_layers(path)}
        return {
            name: list(zip(i["fields"], i["ogr_types"], strict=True)) for name, i in infos.items()
        }

    before, after = fields(deliveries / "2024"), fields(deliveries / "2025")
    assert len(before) > 10
    assert {name: after.get(name) for name in before} == before


def test_what_is_carried_on_is_shown_to_the_reader(deliveries: Path) -> None:
    one, other = (deliveries / name / "karta.html" for name in ("2025", "three"))
    assert one.read_bytes() == other.read_bytes()


def test_a_figure_is_carried_forward_across_deliveries(deliveries: Path) -> None:
    seen = rows_of(deliveries / "2025", "resultat.csv").query("indicator == 'C' and area == '1'")
    assert seen["period"].tolist() == ["2023", "2024", "2025"]
    assert set(seen["reference"]) == {2022}
    assert set(seen["value"]) == {70.0}
    assert seen["status"].str.contains("stale").tolist() == [False, True, True]


def test_a_break_stays_one_when_the_later_run_does_not_say_so(deliveries: Path) -> None:
    moved = rows_of(deliveries / "2025", "tabeller/forandring.csv").query("area == '1'")
    reasons = moved.set_index("what")["reason"].to_dict()
    assert (reasons["A"], reasons["C"]) == ("break", "carried")
    assert moved.set_index("what").loc["B", ["first", "comparable"]].tolist() == ["2023", True]


def test_every_figure_says_where_it_comes_from(deliveries: Path) -> None:
    made, at_once = manifest_of(deliveries / "2025"), manifest_of(deliveries / "three")
    assert made["periods"] == at_once["periods"] == ["2023", "2024", "2025"]
    assert made["earlier"] == [
        {
            "folder": name,
            "sha256": sha256(deliveries / name / "manifest.json"),
            "periods": periods,
        }
        for name, periods in (("2023", ["2023"]), ("2024", ["2023", "2024"]))
    ]
    for part in ("ledger", "inputs"):
        texts = [sorted(json.dumps(each) for each in of[part]) for of in (made, at_once)]
        assert texts[0] == texts[1]
        assert {each["period"] for each in made[part]} == {"2023", "2024", "2025"}
    for part in ("scales", "sources", "division", "uncertainty", "breaks"):
        assert made[part] == at_once[part]
    assert made["definition"] == at_once["definition"]
    assert verify(deliveries / "2025").intact


def test_comparing_with_the_earlier_delivery_shows_the_new_period_only(deliveries: Path) -> None:
    found = compare(deliveries / "2023", deliveries / "2024")
    assert found.causes == ("data",)
    assert set(found.moved["period"]) == {"2024"}
    assert found.moved["value_a"].isna().all()


def changed(deliveries: Path, tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """Write the run of 2024 after 2023 with changes, beside its files."""
    path = of(deliveries / "in" / "run.toml", ["2024"], earlier="../2023")
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = path.with_name(f"{tmp_path.name}.toml")
    path.write_text(text, encoding="utf-8")
    return path


def published(path: Path) -> Publication:
    return publish(load_config(path))


def test_another_protection_leaves_what_is_published_as_it_is(
    deliveries: Path, tmp_path: Path
) -> None:
    stricter = ("[[source]]", "[protection]\nbase = 10\nthreshold = 30\n\n[[source]]")
    seen = published(changed(deliveries, tmp_path, stricter)).observations
    with pd.option_context("mode.string_storage", "python"):  # as a run has its texts
        own = pd.read_parquet(deliveries / "2023" / "resultat.parquet")
    kept = seen[seen["period"] == "2023"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, own, check_exact=True)


def test_a_source_that_the_run_no_longer_has_keeps_its_note_and_its_noise(
    deliveries: Path, tmp_path: Path
) -> None:
    stricter = ("[[source]]", "[protection]\nbase = 10\n\n[[source]]")
    made = published(changed(deliveries, tmp_path, stricter, ('"Register"', '"Nytt register"')))
    named = {each.name: each.references for each in made.sources}
    assert named == {"Nytt register": ("2024",), "Val": ("2022",), "Register": ("2023",)}
    noise = made.provenance["uncertainty"]["noise"]  # type: ignore[index]
    rounded = {each["source"]: each["count_base"] for each in noise if "count_base" in each}
    assert rounded == {"Nytt register": 10, "Register": 5}


def test_a_run_without_population_or_groups_keeps_those_of_before(
    deliveries: Path, tmp_path: Path
) -> None:
    text = MORE["population = true"]
    made = published(changed(deliveries, tmp_path, (text, "population = false")))
    for name in ("befolkning", "grupper"):
        assert set(made.tables[name]["period"]) == {"2023"}
    assert set(made.population["period"]) == {"2023"}


def test_with_another_method_and_a_later_base_the_index_is_that_of_one_run(
    deliveries: Path, tmp_path: Path
) -> None:
    """Relative scores need the earlier figures and not only their scales."""
    folder = tmp_path / "in"
    shutil.copytree(deliveries / "in", folder)
    shutil.copy(folder / "people_2025.csv", folder / "people_2023.csv")
    path = folder / "run.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("carry = 4", 'carry = 4\nbase_period = "2024"')
    path.write_text(text.replace("[index]", '[index]\nnormalisation = "zscore"'), encoding="utf-8")
    run_tables(of(path, ["2023", "2024"]), tmp_path / "two")
    appended = published(of(path, ["2025"], earlier="../two"))
    at_once = published(of(path, ["2023", "2024", "2025"]))
    pd.testing.assert_frame_equal(appended.index, at_once.index)
    assert appended.base_period == at_once.base_period == "2024"


def test_scales_that_the_earlier_delivery_had_kept_are_kept_on(
    deliveries: Path, tmp_path: Path
) -> None:
    """Fitted on its own figures, the city of 2024 would be 100."""
    path = changed(deliveries, tmp_path, (AT, ""), ("[index]", '[index]\nscales = "../2023"'),
                   ('{ "2023" = "2022" }', '{ "2024" = "2022" }'))  # fmt: skip
    run_tables(path, deliveries / "kept")
    later = path.with_name(f"{tmp_path.name}_later.toml")
    text = path.read_text(encoding="utf-8").replace('scales = "../2023"', "")
    later.write_text(text.replace('["2024"]', '["2025"]\nearlier = "../kept"'), encoding="utf-8")
    made = published(later)
    assert made.provenance["scales"] == manifest_of(deliveries / "2023")["scales"]
    then = pd.read_csv(deliveries / "kept" / "index.csv", dtype={"area": "str", "period": "str"})
    assert (then["vardag"] != 100).all()
    now = made.index[made.index["period"] == "2024"].reset_index(drop=True)
    pd.testing.assert_series_equal(now["vardag"], then["vardag"], check_exact=True)


# ---- what does not fit is refused -----------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('["2024"]', '["2023", "2024"]', "earlier-period"),
        ('["2024"]', '["2022"]', "earlier-period"),
        ('"stadsdel"', '"omrade"', "earlier-division"),
        ('"areas.gpkg"', '"fewer.gpkg"', "earlier-division"),
        ('"areas.gpkg"', '"moved.gpkg"', "earlier-division"),
        ("[index]", "[index]\nminimum_indicators = 1", "earlier-definition"),
        ("[index]", '[index]\naggregation = "geometric"', "earlier-definition"),
        ("[index]", "[index]\nweights = { A = 2 }", "earlier-definition"),
        ('"catalogue.toml"', '"order.toml"', "earlier-definition"),
        ('"catalogue.toml"', '"turned.toml"', "timeline-definition"),
        ("[areas]", "synthetic = true\n\n[areas]", "earlier-synthetic"),
        (AT, AT + '\nbase_period = "2024"', "earlier-base"),
        ("[index]", '[index]\nscales = "../2024"', "earlier-scales"),
        ('{ "2023" = "2022" }', '{ "2021" = "2020" }', "run-name"),
        (AT, 'earlier = "../in"', "verify-manifest"),
        (AT, 'earlier = "../none"', "verify-manifest"),
        (AT, 'earlier = "../damaged"', "earlier-damaged"),
        (AT, 'earlier = "../added"', "earlier-damaged"),
        (AT, 'earlier = "../older"', "earlier-lacks"),
        (AT, 'earlier = "../hollow"', "earlier-lacks"),
    ],
)
def test_what_does_not_fit_the_earlier_delivery_is_refused_with_its_code(
    misfits: Path, tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = changed(misfits, tmp_path, (old, new))
    with pytest.raises(GeolyftError) as refusal:
        check(path)
    assert refusal.value.code == code
    assert refusal.value.remedy


def write_again(folder: Path, manifest: dict[str, object]) -> None:
    """Write a manifest that proves itself, of whatever it says."""
    said = {name: each for name, each in manifest.items() if name != "sha256"}
    (folder / "manifest.json").write_text(sealed(json.dumps(said, indent=1)), encoding="utf-8")


@pytest.fixture(scope="module")
def misfits(deliveries: Path) -> Path:
    """Deliveries, areas and catalogues beside the right ones that are wrong in one thing."""
    first, given = deliveries / "2023", deliveries / "in"
    for name in ("damaged", "added", "older", "hollow"):
        shutil.copytree(first, deliveries / name)
    (deliveries / "damaged" / "index.csv").write_text("x", encoding="utf-8")
    (deliveries / "added" / "note.txt").write_text("x", encoding="utf-8")
    older = manifest_of(first)
    del older["periods"]
    write_again(deliveries / "older", older)
    hollow = manifest_of(first)
    (deliveries / "hollow" / "resultat.parquet").unlink()
    hollow["outputs"] = [e for e in hollow["outputs"] if e["path"] != "resultat.parquet"]
    write_again(deliveries / "hollow", hollow)
    areas = pyogrio.read_dataframe(given / "areas.gpkg")
    areas.iloc[1:].to_file(given / "fewer.gpkg", driver="GPKG")
    areas.set_geometry(areas.translate(1, 0)).to_file(given / "moved.gpkg", driver="GPKG")
    turned = CATALOGUE.replace('"high"', '"low"', 1)
    (given / "turned.toml").write_text(turned, encoding="utf-8")
    head, *indicators = CATALOGUE.split("[[indicator]]")
    order = "[[indicator]]".join([head, *reversed(indicators)])
    (given / "order.toml").write_text(order, encoding="utf-8")
    return deliveries


@pytest.mark.parametrize(
    "said",
    [AT + '\nbase_period = "2023"', AT],
    ids=["the same base period", "nothing more"],
)
def test_check_reads_the_earlier_delivery(deliveries: Path, tmp_path: Path, said: str) -> None:
    same = ("[index]", '[index]\nscales = "../2023/"')
    assert check(changed(deliveries, tmp_path, (AT, said), same))[0] == "2023: delivery, 2023"


@pytest.mark.parametrize("out", ["2023", "2023/new", "in/../2023/tabeller"])
def test_the_earlier_delivery_is_not_written_into(
    deliveries: Path, tmp_path: Path, out: str
) -> None:
    path = changed(deliveries, tmp_path, ("[areas]", "[areas]"))
    with pytest.raises(GeolyftError) as refusal:
        run(path, out=deliveries / out)
    assert refusal.value.code == "output-occupied"
    assert verify(deliveries / "2023").intact


# ---- small areas, and texts that spreadsheets would compute ---------------------------------


INSIDE = """
[run]
title = "Inuti"
city = "Malmö"
periods = ["2023", "2024"]
synthetic = true
carry = 1

[areas]
division = "geso"

[index]
catalogue = "catalogue.toml"

[[inside]]
division = "deso2025"
crosswalk = "deso2025_geso"

[[inside]]
division = "regso2025"
crosswalk = "regso2025_geso"

[[source]]
name = "=Register"
file = "people_{period}.parquet"
kind = "points"
x = "x"
y = "y"
crs = 3008
population = true
sex = { column = "kon", women = "K", men = "M" }
groups.grupp = { column = "grupp" }

[[source.measure]]
indicator = "A"
counted = { arbetar = { one_of = ["ja"] } }

[[source.measure]]
indicator = "B"
among = { alder = { min = 20, max = 64 } }
counted = { trangbodd = { one_of = ["nej"] } }

[[source]]
name = "Enkät"
file = "people_{period}.parquet"
kind = "points"
x = "x"
y = "y"
crs = 3008
editions = { "2023" = "2023" }

[[source.measure]]
indicator = "C"
counted = { rostade = { one_of = ["ja"] } }
"""
OF_SMALL_AREAS = {
    f"{name}.csv"
    for name in ("inuti", "fickor", "ojamlikhet", "nivaer", "nivaer_jamforda", "utjamnade")
}


def residents(year: int, *, each: int = 150) -> pd.DataFrame:
    """Make residents of every DeSO, whose conditions differ by DeSO and year."""
    rng = np.random.default_rng(year)
    places = load_areas("deso2025").representative_point()
    deso = np.repeat(np.arange(len(places)), each)
    level = np.random.default_rng(0).uniform(0.3, 0.7, len(places))[deso] + 0.01 * (year - 2023)
    yes = [np.where(rng.random(len(deso)) < level, "ja", "nej") for _ in range(3)]
    return pd.DataFrame(
        {
            "x": places.x.to_numpy()[deso],
            "y": places.y.to_numpy()[deso],
            "kon": rng.choice(["K", "M"], len(deso)),
            "alder": rng.integers(0, 90, len(deso)),
            "grupp": rng.choice(["=1+1", "-5", "NA", 'ö, "ä"'], len(deso)),
            "arbetar": yes[0],
            "trangbodd": np.where(yes[1] == "ja", "nej", "ja"),
            "rostade": yes[2],
        }
    )


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries of a synthetic register with small areas and groups of awkward names."""
    folder = tmp_path_factory.mktemp("inside")
    (folder / "in").mkdir()
    path = folder / "in" / "run.toml"
    path.write_text(INSIDE, encoding="utf-8")
    (folder / "in" / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    for year in (2023, 2024):
        residents(year).to_parquet(folder / "in" / f"people_{year}.parquet")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run_tables(of(path, ["2023"]), folder / "2023")
        run_tables(of(path, ["2024"], earlier="../2023"), folder / "2024")
        run_tables(of(path, ["2023", "2024"]), folder / "two")
    return folder


def test_beside_small_areas_everything_is_the_same_bytes(inside: Path) -> None:
    one, other = tables_of(inside / "2024"), tables_of(inside / "two")
    assert one.keys() == other.keys()
    assert OF_SMALL_AREAS | {"grupper.csv"} <= one.keys()
    differ = {name for name in one if one[name] != other[name]}
    assert differ <= OF_SMALL_AREAS, "small areas carry nothing over"


@pytest.mark.parametrize("name", sorted(OF_SMALL_AREAS))
def test_of_small_areas_only_what_would_be_carried_forward_is_missing(
    inside: Path, name: str
) -> None:
    def rows(of: str) -> pd.DataFrame:
        return pd.read_csv(inside / of / "tabeller" / name, dtype="str")

    appended, at_once = rows("2024"), rows("two")
    # C, and what it is a part of, is known in 2023 only.
    of = at_once["indicator" if name == "utjamnade.csv" else "what"]
    carried = of.isin(["index", "medborgare", "C"]) & (at_once["period"] == "2024")
    assert carried.any()
    pd.testing.assert_frame_equal(appended, at_once[~carried].reset_index(drop=True))
    assert set(appended["period"]) == {"2023", "2024"}


@pytest.mark.parametrize("name", ["fickor.csv", "utjamnade.csv"])
def test_small_areas_of_every_period_have_their_names(inside: Path, name: str) -> None:
    table = pd.read_csv(inside / "2024" / "tabeller" / name, dtype="str")
    names = pd.concat([load_areas(code)["name"] for code in ("deso2025", "regso2025")])
    assert table["small_name"].tolist() == names[table["small"]].tolist()
    assert (table["small_name"] != table["small"]).any()


def test_earlier_small_areas_stay_for_the_divisions_that_the_run_names(
    inside: Path, tmp_path: Path
) -> None:
    text = (inside / "in" / "run_2024.toml").read_text(encoding="utf-8")
    deso = '[[inside]]\ndivision = "deso2025"\ncrosswalk = "deso2025_geso"\n'
    assert deso in text
    path = inside / "in" / f"{tmp_path.name}.toml"
    path.write_text(text.replace(deso, ""), encoding="utf-8")
    table = published(path).tables["inuti"]
    rows = table[["period", "level"]].drop_duplicates().to_numpy().tolist()
    assert rows == [["2023", "regso2025"], ["2024", "regso2025"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'=+-@\t\r5.")),
                min_size=1), st.lists(st.floats(allow_nan=True), min_size=1))  # fmt: skip
def test_a_table_is_read_as_it_was_before_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], numbers: list[float]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "round"
    (folder / "tabeller").mkdir(parents=True, exist_ok=True)
    size = min(len(texts), len(numbers))
    written = pd.DataFrame(
        {
            "group": pd.Series(texts[:size], dtype="str"),
            "value": np.array(numbers[:size]),
            "n": np.arange(size),
            "hidden": [True] * size,
        }
    )
    # An apostrophe before a formula is what defusing looks like: nobody can tell the two apart.
    ambiguous = written["group"].str.match(r"'[=+\-@\t\r]")
    written = written[~ambiguous].reset_index(drop=True)
    if len(written):
        write_csv(written, folder / "tabeller" / "t.csv")
        pd.testing.assert_frame_equal(Delivery(folder).table("t"), written, check_exact=True)

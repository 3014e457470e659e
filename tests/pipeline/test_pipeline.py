"""A run from files to delivery: known answers, closed counts, no person in any byte."""

from __future__ import annotations

import json
import sqlite3
import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from needs import module
from small_run import CANARY, in_malmo, people, write_small_run

from geolyft import load_config, run, verify
from geolyft.divisions.areas import demo_folder, load_areas
from geolyft.errors import GeolyftWarning
from geolyft.frames import CITY
from geolyft.pipeline.compare import compare
from geolyft.pipeline.run import publish

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.export.publication import Publication

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")


@pytest.fixture(scope="module")
def demo() -> Publication:
    return publish(load_config(demo_folder() / "run.toml"))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Path:
    folder = tmp_path_factory.mktemp("small")
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        run(write_small_run(folder / "in", squares), out=folder / "out")
    return folder / "out"


def files_of(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file()]


def city(demo: Publication, code: str) -> pd.Series:
    seen = demo.observations
    return seen[(seen["area"] == CITY) & (seen["indicator"] == code)].iloc[0]


def test_the_demo_counts_every_voter_of_the_city(demo: Publication) -> None:
    assert city(demo, "D1")["denominator"] == pytest.approx(251_172, abs=1e-6)
    assert city(demo, "D1")["numerator"] == pytest.approx(189_143, abs=1e-6)
    assert demo.population.set_index("area")["population"][CITY] == pytest.approx(367_886)


def test_the_demo_knows_the_areas_everybody_knows(demo: Publication) -> None:
    table = demo.observations.pivot_table(index="area", columns="indicator", values="value")
    assert table["D1"].idxmin() == "10"
    assert table.loc["10", "D1"] == pytest.approx(55, abs=1)
    assert table.loc["10", "E3"] == pytest.approx(50, abs=1)
    assert table.loc["7", "D1"] == pytest.approx(85, abs=0.5)
    assert demo.index.set_index("area")["index"].idxmin() == "10"


def test_the_demo_says_what_it_lacks(demo: Publication) -> None:
    missing = demo.observations.groupby("indicator")["value"].count()
    assert sorted(missing[missing == 0].index) == ["B1", "B2", "D2", "D3", "E2", "U1", "U2", "U3"]
    assert demo.index["utbildning"].isna().all()
    assert (demo.index["n_indicators"] == 4).all()
    assert demo.index["status"].str.contains("partial").all()
    assert any("U1" in note and "minst" in note for note in demo.warnings)


def test_shares_without_counts_are_approximate_and_old_elections_stale(demo: Publication) -> None:
    assert "approximate" in city(demo, "E1")["status"]
    assert "approximate" in city(demo, "E3")["status"]
    assert "stale" in city(demo, "D1")["status"]


def test_the_base_year_city_is_100(demo: Publication) -> None:
    assert demo.index.set_index("area").loc[CITY, "index"] == 100


def test_every_line_of_the_ledger_closes(delivery: Path, tmp_path: Path) -> None:
    run(demo_folder() / "run.toml", out=tmp_path / "demo")
    for folder in (delivery, tmp_path / "demo"):
        ledger = json.loads((folder / "manifest.json").read_text())["ledger"]
        assert ledger
        shown = [line for line in ledger if line["residual"] is not None]
        assert {line["source"] for line in ledger if line not in shown} <= {"Register"}
        assert len(shown) > len(ledger) / 2
        for line in shown:
            assert line["areas"] + line["residual"] == pytest.approx(line["city"], rel=1e-12)


def test_what_is_delivered_is_what_is_promised(delivery: Path) -> None:
    names = {file.name for file in delivery.iterdir()}
    assert {
        "omradeslyft.gpkg",
        "karta.html",
        "resultat.parquet",
        "resultat.csv",
        "index.csv",
        "manifest.json",
    } <= names
    assert verify(delivery).intact
    header = "area,name,period,index,vardag,medborgare,rank_low,rank_high,n_indicators,status"
    assert (delivery / "index.csv").read_text().startswith(header + ",index_low,index_high,")


def test_csv_and_parquet_hold_the_same(delivery: Path) -> None:
    parquet = pd.read_parquet(delivery / "resultat.parquet")
    text = [c for c in parquet.columns if parquet[c].dtype != "float64"]
    csv = pd.read_csv(
        delivery / "resultat.csv", dtype=dict.fromkeys(text, "str"), keep_default_na=False,
        na_values={c: [""] for c in parquet.columns if c not in text},
    )  # fmt: skip
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False)


def test_other_readers_read_the_geopackage(delivery: Path) -> None:
    path = delivery / "omradeslyft.gpkg"
    with sqlite3.connect(path) as database:
        contents = dict(database.execute("SELECT table_name, srs_id FROM gpkg_contents").fetchall())
        rows = database.execute("SELECT count(*) FROM observationer").fetchone()[0]
    database.close()
    layers = {name: srs for name, srs in contents.items() if not name.startswith("tabell_")}
    assert layers == {
        "stadsdel_index": 3008,
        "stadsdel_indikatorer": 3008,
        "stadsdel_tid": 3008,
        "stadsdel_index_2023": 3008,
        "stadsdel_indikatorer_2023": 3008,
        "stadsdel_forandring": 3008,
        "stadsdel_granser": 3008,
        "observationer": 0,
        "granskning": 0,
        "granskning_filer": 0,
        "kartteman": 0,
        "layer_styles": 0,
    }
    tables = {name.removeprefix("tabell_") for name in contents if name.startswith("tabell_")}
    assert {f"{name}.csv" for name in tables} == {
        file.name for file in (delivery / "tabeller").iterdir()
    }
    assert rows == len(pd.read_parquet(delivery / "resultat.parquet"))
    layer = gpd.read_file(path, layer="stadsdel_index")
    assert layer.columns.tolist() == [
        "stadsdel_kod", "stadsdel_namn", "period", "index", "vardag", "medborgare", "rang_lag",
        "rang_hog", "befolkning", "antal_indikatorer", "status", "index_lag", "index_hog",
        "sakert_skild", "andel_bland_lagsta", "osakerhet", "vardag_status", "medborgare_status",
        "vardag_lag", "vardag_hog", "vardag_sakert_skild",
        "medborgare_lag", "medborgare_hog", "medborgare_sakert_skild",
        "distinct_fdr", "geometry",
    ]  # fmt: skip
    index = pd.read_csv(delivery / "index.csv", dtype={"area": str, "period": str})
    latest = index[(index["period"] == "2024") & (index["area"] != CITY)].set_index("area")
    assert layer.set_index("stadsdel_kod")["index"].to_dict() == latest["index"].to_dict()
    assert (layer.geom_type == "MultiPolygon").all()
    said = pd.read_csv(delivery / "tabeller/osakerhet.csv", dtype={"area": str, "period": str})
    of = layer.set_index("stadsdel_kod")
    for what in ("vardag", "medborgare"):
        own = said[(said["what"] == what) & (said["period"] == "2024")].set_index("area")
        for column, part in {"lag": "low", "hog": "high", "sakert_skild": "distinct"}.items():
            shown = own[part].drop(CITY, errors="ignore").reindex(of.index)
            pd.testing.assert_series_equal(
                of[f"{what}_{column}"],
                shown,
                check_names=False,
                check_dtype=False,
                rtol=1e-15,  # older pandas read the last digit of a text otherwise
            )


@pytest.mark.needs("duckdb")
def test_duckdb_reads_the_parquet_and_gets_the_same_share(delivery: Path) -> None:
    path = str(delivery / "resultat.parquet")
    gap = (
        module("duckdb")
        .execute(
            "select max(abs(value - 100 * numerator / denominator)) from read_parquet(?)", [path]
        )
        .fetchone()
    )
    assert gap is not None
    assert gap[0] < 1e-9


def test_no_person_is_in_any_byte_of_the_delivery(delivery: Path) -> None:
    for file in files_of(delivery):
        assert CANARY.encode() not in file.read_bytes(), file.name


def test_published_counts_of_the_register_are_rounded(delivery: Path) -> None:
    seen = pd.read_parquet(delivery / "resultat.parquet")
    register = seen[(seen["source"] == "Register") & seen["value"].notna()]
    assert (register["denominator"] % 5 == 0).all()
    assert (register["numerator"] % 5 == 0).all()
    assert {"alla", "kvinnor", "män"} == set(register["sex"])
    votes = seen[(seen["source"] == "Val") & (seen["area"] == "1")]
    assert votes["numerator"].tolist() == [1400, 1400]


def test_the_register_gives_the_shares_that_counting_by_hand_gives(
    delivery: Path, squares: gpd.GeoDataFrame
) -> None:
    table = people(squares, year=2024)
    placed = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["x"], table["y"]), crs=3008
    ).dropna(subset=["x"])
    joined = placed.sjoin(in_malmo(squares).reset_index(), predicate="intersects")
    first = joined[~joined.index.duplicated()]
    by_hand = 100 * (first["arbetar"] == "ja").groupby(first["area"]).mean()
    seen = pd.read_parquet(delivery / "resultat.parquet").query(
        "period == '2024' and indicator == 'A' and sex == 'alla'"
    )
    ours = seen.set_index("area")["value"]
    # Counts of about 1 000, each rounded to 5.
    assert (ours[by_hand.index] - by_hand).abs().max() < 0.6
    whole = 100 * (table["arbetar"] == "ja").mean()
    assert ours[CITY] == pytest.approx(whole, abs=0.2)


def test_the_same_input_gives_the_same_bytes(
    delivery: Path, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run(write_small_run(tmp_path / "in", squares), out=tmp_path / "out")
    for file in files_of(delivery):
        again = tmp_path / "out" / file.relative_to(delivery)
        assert again.read_bytes() == file.read_bytes(), file.name


def test_the_order_of_rows_and_files_does_not_matter(
    delivery: Path, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    table = pd.read_csv(tmp_path / "in" / "people_2024.csv", sep=";", encoding="cp1252", dtype=str)
    table.sample(frac=1, random_state=1).to_csv(
        tmp_path / "in" / "people_2024.csv", sep=";", encoding="cp1252", index=False
    )
    run(path, out=tmp_path / "out")
    for name in ("resultat.csv", "index.csv", "karta.html", "omradeslyft.gpkg"):
        assert (tmp_path / "out" / name).read_bytes() == (delivery / name).read_bytes(), name


def test_comparing_says_what_changed(
    delivery: Path, tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    run(path, out=tmp_path / "same")
    same = compare(delivery, tmp_path / "same")
    assert same.causes == ()
    assert same.moved.empty
    votes = tmp_path / "in" / "votes.csv"
    votes.write_bytes(votes.read_bytes().replace(b"1 400", b"1 300"))
    run(path, out=tmp_path / "data")
    assert "data" in compare(delivery, tmp_path / "data").causes
    moved = compare(delivery, tmp_path / "data").moved
    assert {"1", CITY} <= set(moved.loc[moved["indicator"] == "C", "area"])


def test_a_changed_missing_or_added_file_is_found(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    out = tmp_path / "out"
    run(write_small_run(tmp_path / "in", squares), out=out)
    (out / "index.csv").write_text("x")
    (out / "resultat.csv").unlink()
    (out / "extra.txt").write_text("x")
    found = verify(out)
    assert (found.changed, found.missing, found.unlisted) == (
        ("index.csv",),
        ("resultat.csv",),
        ("extra.txt",),
    )


def test_every_synthetic_output_says_so(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    path.write_text(path.read_text().replace("title =", "synthetic = true\ntitle ="))
    run(path, out=tmp_path / "out")
    assert "SYNTETISKA DATA" in (tmp_path / "out" / "karta.html").read_text()
    with sqlite3.connect(tmp_path / "out" / "omradeslyft.gpkg") as database:
        said = database.execute(
            "SELECT identifier, description FROM gpkg_contents WHERE table_name <> 'layer_styles'"
        ).fetchall()
    database.close()
    assert all("SYNTETISKA DATA" in title and "SYNTETISKA DATA" in text for title, text in said)
    for name in ("resultat.csv", "index.csv"):
        table = pd.read_csv(tmp_path / "out" / name)
        assert table["status"].str.contains("synthetic").all()
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["synthetic"] is True


def test_english_is_an_option(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    config = load_config(write_small_run(tmp_path / "in", squares)).in_language("en")
    assert publish(config).warnings != publish(config.in_language("sv")).warnings


def test_the_shipped_areas_carry_the_demo(demo: Publication) -> None:
    assert demo.areas.index.tolist() == [str(n) for n in range(1, 15)]
    assert demo.areas.index.equals(load_areas("geso").index)


def test_what_the_publisher_hides_is_hidden_and_not_missing(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    path = write_small_run(tmp_path / "in", squares)
    votes = tmp_path / "in" / "votes.csv"
    votes.write_bytes(votes.read_bytes().replace(b"1 400", b"..").replace(b"1 500", b"."))
    seen = publish(load_config(path)).observations
    turnout = seen[(seen["indicator"] == "C") & (seen["period"] == "2023")].set_index("area")
    assert turnout["status"].to_dict() == {
        "1": "hidden", "2": "missing", "3": "ok", "4": "ok", CITY: "partial",
    }  # fmt: skip


def test_counts_of_persons_in_the_manifest_are_protected(delivery: Path) -> None:
    inputs = json.loads((delivery / "manifest.json").read_text())["inputs"]
    register = [each for each in inputs if each["source"] == "Register"]
    assert register
    assert not any("sha256" in each for each in register)
    assert all(each["sha256"] for each in inputs if each["source"] != "Register")
    assert register
    for each in register:
        counts = [each["rows"], *each["placed"].values()]
        assert all(count is None or count % 5 == 0 for count in counts)
        assert isinstance(each["marks"], list)


def test_a_period_without_any_index_is_a_warning(tmp_path: Path, squares: gpd.GeoDataFrame) -> None:
    path = write_small_run(tmp_path / "in", squares)
    text = path.read_text().replace('{ "2023" = "2022", "2024" = "2022" }', '{ "2023" = "2022" }')
    path.write_text(text)
    assert any("2024" in note and "index" in note for note in publish(load_config(path)).warnings)

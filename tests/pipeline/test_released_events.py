"""Events are remembered: a later delivery shows nothing of them that an earlier one did not."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from delivered_events import delivered_events
from events_city import events, write_events_city
from needs import module

from geolyft import load_config, run
from geolyft.errors import DisclosureError
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.pipeline.releases.events_before import recall_events
from geolyft.pipeline.releases.listed import explained, listed
from geolyft.pipeline.releases.recall import recall
from geolyft.pipeline.releases.record import add_release
from geolyft.read.releases import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

module("rasterio")
pytestmark = [
    pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning"),
    pytest.mark.needs("raster"),
]
DAY = date(2026, 3, 1)
KEY = ["area", "period", "kind", "band"]
LEDGER = '[releases]\nfile = "releases.sqlite"\n'


def some() -> pd.DataFrame:
    return events(size=1500)


def write(folder: Path, table: pd.DataFrame | None = None, **said: str) -> Path:
    """Write the city with a ledger of releases, and some words of its run file exchanged."""
    path = write_events_city(folder, some() if table is None else table)
    text = path.read_text(encoding="utf-8")
    for old, new in said.items():
        text = text.replace(old, new)
    path.write_text(f"{text}\n{LEDGER}", encoding="utf-8")
    return path


def release(path: Path, folder: Path) -> Path:
    run(path, out=folder)
    add_release(folder, path.parent / "releases.sqlite", day=DAY, config=load_config(path))
    return folder


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a city and its first release, ``first``."""
    folder = tmp_path_factory.mktemp("events")
    release(write(folder), folder / "first")
    return folder


@pytest.fixture
def city(released: Path, tmp_path: Path) -> Path:
    return shutil.copytree(released, tmp_path / "city")


def shown(folder: Path) -> pd.Series[float]:
    return delivered_events(folder).set_index(KEY)["count_"]


def test_the_same_events_are_the_same_to_the_byte_with_themselves_in_the_ledger(
    city: Path,
) -> None:
    run(city / "run.toml", out=city / "again")
    names = [
        *(f"tabeller/{name}.csv" for name in ("handelser", "handelser_typer", "handelser_nara")),
        "tabeller/handelser_runtom.csv",
        "handelser_tathet.tif",
    ]
    for name in names:
        assert (city / "again" / name).read_bytes() == (city / "first" / name).read_bytes()


def test_what_was_hidden_stays_hidden_when_more_has_happened(city: Path) -> None:
    before = shown(city / "first")
    grown = pd.concat([some(), events(5, size=300)], ignore_index=True)
    again = write(city, grown)
    run(again, out=city / "more")
    after = shown(city / "more").reindex(before.index)
    assert after[before.isna()].isna().all()
    assert not (city / "more" / "handelser_tathet.tif").exists(), "its cells are in no ledger"
    shutil.move(city / "releases.sqlite", city / "other.sqlite")
    run(again, out=city / "forgetful")
    assert shown(city / "forgetful").reindex(before.index)[before.isna()].notna().any()
    assert (city / "forgetful" / "handelser_tathet.tif").exists()


def test_a_higher_threshold_tells_no_more_than_the_first_release_did(city: Path) -> None:
    first, path = shown(city / "first"), city / "run.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[protection]\nthreshold = 15\n", encoding="utf-8")
    run(path, out=city / "second")
    second = shown(city / "second").dropna()
    assert second.size
    assert second.equals(first[second.index])
    assert not (city / "second" / "handelser_tathet.tif").exists()


def test_other_areas_are_refused(city: Path) -> None:
    areas = gpd.read_file(city / "areas.gpkg")
    areas["geometry"] = areas.translate(2, 0)
    areas.to_file(city / "areas.gpkg", driver="GPKG")
    config = load_config(city / "run.toml")
    with pytest.raises(DisclosureError) as refused:
        recall_events(config, read_areas(config))
    assert refused.value.code == "protect-overlap"
    assert "events Felanmälan" in str(refused.value)


SECOND = """[[events]]
name = "Andra"
file = "handelser.csv"
x = "x"
y = "y"
crs = 3008
time = "tid"

[[source]]"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "typ"\n', ""),
        ("cycle_days = 365", "cycle_days = 365\ncell = 1000"),
        ("[[source]]", SECOND),
        ("[run]", "[protection]\nwidth = 7\n\n[run]"),
        ("[run]", "[protection]\nbase = 3\n\n[run]"),
    ],
)
def test_events_counted_in_another_way_are_refused(city: Path, old: str, new: str) -> None:
    path = city / "run.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    config = load_config(path)
    with pytest.raises(DisclosureError) as refused:
        recall(config, levels_of(config, read_areas(config)))
    assert refused.value.code == "protect-released"


def test_the_ledger_holds_published_counts_of_events_and_no_row(city: Path) -> None:
    ledger = city / "releases.sqlite"
    counts = read_ledger(ledger)["count"]
    counts = counts[counts["source"] == "events Felanmälan"]
    assert len(counts) == len(shown(city / "first"))
    numbers = counts["denominator"].dropna()
    assert (numbers % 5 == 0).all()
    assert numbers.min() >= 10
    said = explained(ledger, listed(ledger)["release"].item())
    assert said["known again by"] == "the rows of its sources"
    assert "events Felanmälan 2024" in str(said["sources"])


def test_the_words_of_an_english_delivery_are_the_same_events(city: Path) -> None:
    path = city / "run.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[run]", '[run]\nlang = "en"', 1), encoding="utf-8")
    run(path, out=city / "english")
    add_release(city / "english", city / "releases.sqlite", day=DAY)
    counts = read_ledger(city / "releases.sqlite")["count"]
    assert set(counts["indicator"]) >= {"alla", "buller"}
    assert "all" not in set(counts["indicator"]) | set(counts["label"])

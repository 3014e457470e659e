"""A register is released twice: refused, or nobody can tell more from both than from one."""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import stat
import sys
import warnings
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from shapely import box
from town import (
    CANARY,
    PEOPLE,
    SQUARES,
    attack,
    drawn,
    forgetful,
    register,
    squares,
    told,
    write_town,
)

from geolyft import load_config, publish, run
from geolyft.cli import main
from geolyft.errors import DisclosureError, GeolyftWarning, OutputError, ReadError
from geolyft.export.releases import add_to_ledger, own_key, withdraw
from geolyft.frames import RESIDUAL, has_status
from geolyft.pipeline.counting.gather import gather
from geolyft.pipeline.levels import levels_of, read_areas
from geolyft.pipeline.releases.listed import explained, find, listed
from geolyft.pipeline.releases.recall import recall
from geolyft.pipeline.releases.record import add_release
from geolyft.pipeline.scoring.score import protect_levels
from geolyft.read.releases import Ledger, key_file, read_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.disclosure.releases import Memory

pytestmark = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")

DAY = date(2026, 3, 1)
RULE = (10, 5)
WHOLE = [("city", ["1", "2", "3", "4"])]


def release(path: Path) -> Path:
    """Run and release, as ``run --publish`` does."""
    folder = path.with_suffix("")
    run(path, out=folder)
    add_release(folder, path.parent / "releases.sqlite", day=DAY, config=load_config(path))
    return folder


def recalled(path: Path) -> Memory:
    config = load_config(path)
    return recall(config, levels_of(config, read_areas(config)))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release, ``first``."""
    folder = tmp_path_factory.mktemp("town")
    release(write_town(folder, "first"))
    return folder


@pytest.fixture
def town(released: Path, tmp_path: Path) -> Path:
    return shutil.copytree(released, tmp_path / "town")


def hidden_in(path: Path) -> set[str]:
    config = load_config(path)
    levels = levels_of(config, read_areas(config))
    counted, memory = gather(config, levels), recall(config, levels)
    # A town of which one area is left has no index, and still has what is hidden.
    published = protect_levels(config, config.catalogue(), levels, counted, memory)
    seen = published[0].observations
    seen = seen[seen["area"] != RESIDUAL]
    return set(seen.loc[has_status(seen["status"], "hidden"), "area"])


# ---- another rule, another division, a later edition -------------------------------------------


def test_the_first_release_alone_leaves_a_hidden_side_wide(town: Path) -> None:
    low, high = attack([told(town / "first", RULE)], WHOLE, "rest")["1"]
    assert low <= 6 <= high
    assert high - low >= 5


@pytest.mark.parametrize(("threshold", "base"), [(5, 5), (10, 3), (20, 3)])
def test_another_base_or_a_lower_threshold_is_refused_and_would_have_told(
    town: Path, threshold: int, base: int
) -> None:
    second = write_town(town, "second", THRESHOLD=threshold, BASE=base)
    with pytest.raises(DisclosureError, match="released with threshold 10 and base 5"):
        publish(load_config(second))
    run(forgetful(second), out=town / "told")
    maps = [told(town / "first", RULE), told(town / "told", (threshold, base))]
    alone, both = (attack(each, WHOLE, "rest") for each in (maps[:1], maps))
    widths = {code: (b[1] - b[0], alone[code][1] - alone[code][0]) for code, b in both.items()}
    assert any(together < before for together, before in widths.values())


def test_a_higher_threshold_tells_no_more_than_the_first_release_did(town: Path) -> None:
    second = write_town(town, "second", THRESHOLD=15)
    run(second, out=town / "second")
    first, both = told(town / "first", RULE), [told(town / "first", RULE)]
    both.append(told(town / "second", (15, 5)))
    for side in ("work", "base", "rest"):
        assert attack(both, WHOLE, side)["1"] == attack([first], WHOLE, side)["1"]


def test_areas_that_cut_released_ones_are_refused_and_would_have_told(town: Path) -> None:
    # All of the fourth square, and a strip of the second beside it in which two people live.
    areas = drawn({"ritad": box(9.7, 10, 20, 20), "3": box(10, 0, 20, 10)})
    second = write_town(town, "second", areas=areas)
    with pytest.raises(DisclosureError) as refused:
        publish(load_config(second))
    assert refused.value.code == "protect-overlap"
    assert "'ritad'" in str(refused.value)
    run(forgetful(second), out=town / "told")
    maps = [told(town / "first", RULE), told(town / "told", RULE)]
    strip = attack(maps, [("ritad", ["4", "strip"])], "base")["strip"]
    assert strip[0] <= 2 <= strip[1] < 10


def test_areas_made_of_released_ones_hide_what_would_give_one_of_these_back(town: Path) -> None:
    # The first square was hidden, and the second beside it: the third less these is the first.
    south = {"s": box(0, 0, 20, 10), "2": box(0, 10, 10, 20), "4": box(10, 10, 20, 20)}
    second = write_town(town, "second", areas=drawn(south))
    assert hidden_in(second) == {"s", "2"}
    assert hidden_in(forgetful(second)) == set()


def test_parts_of_a_released_area_are_hidden_by_two(town: Path) -> None:
    strips = {
        f"{code}{n}": box(x, y + 2.5 * n, x + 10, y + 2.5 * n + 2.5)
        for code, (x, y) in SQUARES.items()
        for n in range(4)
    }
    people = register(dict.fromkeys(SQUARES, (400, 0)))
    people["arbetar"] = ["ja", "nej"] * 800
    # In the first strip of the second square all but five work.
    people.loc[405:499, "arbetar"] = "ja"
    people.loc[:50, "arbetar"] = "ja"
    second = write_town(town, "second", areas=drawn(strips), people=people)
    assert recalled(second).parents[""] == [{code: code[0] for code in strips}]
    assert [code for code in hidden_in(forgetful(second)) if code[0] == "2"] == ["20"]
    assert len([code for code in hidden_in(second) if code[0] == "2"]) == 2


def test_what_was_hidden_stays_hidden_in_a_later_edition(town: Path) -> None:
    more = register({**PEOPLE, "1": (66, 54), "2": (71, 31)})
    second = write_town(town, "second", people=more)
    assert "1" not in hidden_in(forgetful(second))
    assert hidden_in(second) >= {"1"}


def test_other_people_under_the_same_name_are_refused(town: Path) -> None:
    second = write_town(town, "second")
    text = second.read_text(encoding="utf-8")
    second.write_text(text.replace("min = 0", "min = 1"), encoding="utf-8")
    with pytest.raises(DisclosureError, match="A of 'Register' in 2024 counts others"):
        publish(load_config(second))


def test_another_year_is_another_register(town: Path) -> None:
    second = write_town(town, "second", BASE=3)
    text = second.read_text(encoding="utf-8").replace("2024", "2025")
    second.write_text(text, encoding="utf-8")
    publish(load_config(second))


# ---- what is a release, and how it is known again ------------------------------------------------


def test_the_same_release_is_the_same_to_the_byte_with_itself_in_the_ledger(town: Path) -> None:
    again = write_town(town, "first")
    run(again, out=town / "again")
    names = ("resultat.csv", "index.csv", "karta.html")
    for name in names:
        assert (town / "again" / name).read_bytes() == (town / "first" / name).read_bytes()
    said = json.loads((town / "again" / "manifest.json").read_text("utf-8"))["disclosure"]
    assert [each["title"] for each in said["releases"]] == ["Småstaden"]


def test_adding_twice_is_adding_once_and_a_trial_run_is_never_added(town: Path) -> None:
    ledger = town / "releases.sqlite"
    before = ledger.read_bytes()
    name, new = add_release(town / "first", ledger, day=date(2027, 1, 1))
    assert (name, new) == (listed(ledger)["release"].item(), False)
    run(write_town(town, "second"), out=town / "second")
    _, new = add_release(town / "second", ledger, day=DAY)
    assert not new, "the same figures are the same release, wherever they lie"
    assert ledger.read_bytes() == before


def test_a_delivery_added_with_its_run_file_is_known_again_by_its_rows(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(town)
    known = []
    for name, more in (("without", []), ("with", ["--run", "first.toml"])):
        asked = ["geolyft", "releases", "add", "first", "--file", f"{name}.sqlite", *more]
        monkeypatch.setattr(sys, "argv", asked)
        main()
        ledger = town / f"{name}.sqlite"
        known.append(explained(ledger, listed(ledger)["release"].item())["known again by"])
    assert known[0] != known[1] == "the rows of its sources"


def test_a_delivery_is_not_added_with_another_run_file_than_its_own(town: Path) -> None:
    other = write_town(town, "second", NAME="Annat")
    with pytest.raises(ReadError) as refused:
        add_release(town / "first", town / "other.sqlite", day=DAY, config=load_config(other))
    assert refused.value.code == "releases-run"
    assert not (town / "other.sqlite").exists()


def test_publishing_adds_and_the_commands_list_show_and_withdraw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_town(tmp_path, "stad")

    def said(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["geolyft", *arguments])
        main()
        return capsys.readouterr().out

    said("run", str(path), "--out", "ut")
    assert not (tmp_path / "releases.sqlite").exists()
    said("run", str(path), "--out", "ut", "--publish")
    name = json.loads(said("releases", "list", "--json"))[0]["release"]
    assert json.loads(said("releases", "show", name[:4], "--json"))["withdrawn"] == "no"
    said("releases", "withdraw", name, "--reason", "fel år")
    assert "fel år; what it showed stays known" in said("releases", "show", name)
    assert said("releases", "add", str(next(tmp_path.glob("ut_*")))) == ""
    assert len(json.loads(said("releases", "list", "--json"))) == 1


def test_what_was_withdrawn_is_still_known(town: Path) -> None:
    ledger = town / "releases.sqlite"
    withdraw(ledger, find(ledger, listed(ledger)["release"].item()), "fel")
    second = write_town(town, "second", BASE=3)
    with pytest.raises(DisclosureError):
        publish(load_config(second))
    assert recalled(write_town(town, "third")).releases[0]["withdrawn"] == "fel"


def test_the_same_rows_are_known_under_another_name_and_in_another_order(town: Path) -> None:
    shuffled = register().sample(frac=1.0, random_state=1)
    second = write_town(town, "second", people=shuffled, NAME="Folkbokföring", BASE=3)
    with pytest.raises(DisclosureError, match="Folkbokföring"):
        publish(load_config(second))


def test_other_rows_in_other_columns_under_another_name_are_another_register(town: Path) -> None:
    other = register().rename(columns={"manader": "antal"}).assign(antal=2)
    second = write_town(town, "second", people=other, NAME="Annat", BASE=3)
    text = second.read_text(encoding="utf-8").replace("manader", "antal")
    second.write_text(text, encoding="utf-8")
    publish(load_config(second))


def test_without_the_key_names_and_columns_are_enough_and_that_is_said(town: Path) -> None:
    ledger = town / "releases.sqlite"
    assert explained(ledger, listed(ledger)["release"].item())["known again by"] == (
        "the rows of its sources"
    )
    key_file(ledger).unlink()
    second = write_town(town, "second", BASE=3)
    with (
        pytest.raises(DisclosureError),
        pytest.warns(GeolyftWarning, match="known by their names and columns only"),
    ):
        publish(load_config(second))
    assert not key_file(ledger).exists(), "only a release makes a key"
    own_key(ledger)
    said = explained(ledger, listed(ledger)["release"].item())["known again by"]
    assert said.endswith("is not the key of then")


def test_only_its_owner_may_read_the_key(town: Path) -> None:
    assert stat.S_IMODE(key_file(town / "releases.sqlite").stat().st_mode) == 0o600


def test_a_key_that_cannot_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as on_a_full_disk:
        on_a_full_disk.setattr("os.replace", full)
        with pytest.raises(OutputError) as refused:
            own_key(tmp_path / "releases.sqlite")
    assert (refused.value.code, refused.value.exit_code) == ("output-write", 4)
    assert not any(tmp_path.iterdir())
    assert own_key(tmp_path / "releases.sqlite") == own_key(tmp_path / "releases.sqlite")


def test_the_ledger_holds_no_raw_count_and_no_row(town: Path) -> None:
    with sqlite3.connect(town / "releases.sqlite") as opened:
        written = "\n".join(opened.iterdump())
    assert str(CANARY) not in written
    counts = read_ledger(town / "releases.sqlite")["count"]
    for numbers in (counts["numerator"].dropna(), counts["denominator"].dropna()):
        assert (numbers % 5 == 0).all()
        assert numbers.min() >= 10


def test_neither_a_hash_nor_how_a_source_was_known_is_in_the_delivery(town: Path) -> None:
    run(write_town(town, "first"), out=town / "again")
    marks = read_ledger(town / "releases.sqlite")["source"]["mark"]
    assert (marks.str.len() == 64).all()
    for file in (file for file in (town / "again").rglob("*") if file.is_file()):
        assert marks.item().encode() not in file.read_bytes()


def test_a_run_without_a_ledger_says_that_it_has_no_memory(town: Path) -> None:
    path = forgetful(write_town(town, "second"))
    said = publish(load_config(path))
    assert any("utan minne av tidigare leveranser" in note for note in said.warnings)
    assert said.provenance["disclosure"]["releases"] is None
    english = publish(load_config(path).in_language("en"))
    assert any("no memory of earlier releases" in note for note in english.warnings)
    kept = publish(load_config(write_town(town, "third")))
    assert not any("minne" in note for note in kept.warnings)


# ---- refusals ------------------------------------------------------------------------------------


def test_what_is_no_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = write_town(tmp_path, "stad")
    (tmp_path / "releases.sqlite").write_text("en anteckning", encoding="utf-8")
    with pytest.raises(ReadError) as refused:
        publish(load_config(path))
    assert refused.value.code == "releases-file"
    run(forgetful(path), out=tmp_path / "ut")
    with pytest.raises(ReadError):
        add_release(tmp_path / "ut", tmp_path / "releases.sqlite", day=DAY)
    assert (tmp_path / "releases.sqlite").read_text("utf-8") == "en anteckning"


def test_a_damaged_delivery_is_no_release(town: Path) -> None:
    (town / "first" / "resultat.csv").write_text("", encoding="utf-8")
    with pytest.raises(ReadError) as refused:
        add_release(town / "first", town / "other.sqlite", day=DAY)
    assert refused.value.code == "releases-run"


def test_a_name_that_begins_no_release_is_refused(town: Path) -> None:
    for name in ("", "x"):
        with pytest.raises(ReadError) as refused:
            find(town / "releases.sqlite", name)
        assert refused.value.code == "releases-unknown"


@pytest.mark.parametrize("first", [True, False])
def test_what_a_killed_process_had_half_added_is_no_release(
    town: Path, tmp_path: Path, *, first: bool
) -> None:
    whole, broken = tmp_path / "whole.sqlite", tmp_path / "broken.sqlite"
    if not first:
        shutil.copy(town / "releases.sqlite", whole)
    before = read_ledger(whole)
    with closing(sqlite3.connect(whole, isolation_level=None)) as opened:
        opened.execute("PRAGMA cache_size = 5")  # so that pages reach the disk before the end
        opened.execute("BEGIN IMMEDIATE")
        opened.execute("CREATE TABLE IF NOT EXISTS level (release, level, crs)")
        opened.executemany("INSERT INTO level VALUES (?, ?, ?)", [("x" * 99, "", "")] * 999)
        for ending in ("", "-journal"):
            shutil.copy(f"{whole}{ending}", f"{broken}{ending}")
    assert broken.stat().st_size > (0 if first else 2 * (town / "releases.sqlite").stat().st_size)
    after = read_ledger(broken)
    for table, content in before.tables.items():
        pd.testing.assert_frame_equal(after[table], content)
    assert not list(tmp_path.glob("broken*-journal"))


def test_a_ledger_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    ledger = tmp_path / "releases.sqlite"
    ledger.mkdir()
    with pytest.raises((OutputError, ReadError)), warnings.catch_warnings():
        add_to_ledger(ledger, Ledger.empty())


def test_the_areas_of_a_release_are_the_ones_in_its_map(town: Path) -> None:
    ledger = read_ledger(town / "releases.sqlite")
    assert set(ledger["area"]["area"]) == set(squares()["kod"])

"""A delivery is whole or not there."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from geolyft.errors import GeolyftWarning, OutputError, ReadError
from geolyft.export import delivery
from geolyft.export.aside import folder_aside, one_by_one
from geolyft.export.delivery import (
    check_destination,
    dated,
    new_delivery,
    new_file,
    write_manifest,
)
from geolyft.read.delivery import Delivery


def deliver(final: Path, text: str) -> None:
    with new_delivery(final) as folder:
        (folder / "a.txt").write_text(text)
        (folder / "tables").mkdir()
        (folder / "tables" / text).write_text(text)
        write_manifest(folder, {})


def contents(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def refused(final: Path, **more: object) -> OutputError:
    with pytest.raises(OutputError) as refusal:
        check_destination(final, **more)
    return refusal.value


@pytest.fixture(params=["exchange", "two renames"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the step that Linux has, and with what stands in for it elsewhere."""
    if request.param == "two renames":
        monkeypatch.setattr(delivery, "_exchange", lambda *_: False)
    elif sys.platform != "linux":
        pytest.skip("only Linux lets two folders change names in one step")
    return str(request.param)


@pytest.mark.usefixtures("either_way")
def test_an_earlier_delivery_is_replaced_whole(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")
    deliver(tmp_path / "out", "two")
    assert (tmp_path / "out" / "a.txt").read_text() == "two"
    assert contents(tmp_path / "out") == ["a.txt", "manifest.json", "tables/two"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("earlier", ["empty", "delivery", "none"])
def test_the_folder_keeps_its_rights(tmp_path: Path, earlier: str) -> None:
    final = tmp_path / "out"
    if earlier == "delivery":
        deliver(final, "one")
    elif earlier == "empty":
        final.mkdir()
    if earlier != "none":
        final.chmod(0o2750)
    deliver(final, "two")
    assert stat.S_IMODE(final.stat().st_mode) == (0o755 if earlier == "none" else 0o2750)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the one step")
def test_a_kill_at_the_moment_of_replacing_leaves_a_whole_delivery(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")
    script = """
import os, pathlib, signal, sys
from geolyft.export.delivery import new_delivery, write_manifest
pathlib.Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # would leave nothing
import shutil
shutil.rmtree = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
with new_delivery(pathlib.Path(sys.argv[1])) as folder:
    (folder / "a.txt").write_text("two")
    write_manifest(folder, {})
"""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, tmp_path / "out"], check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "out" / "a.txt").read_text() == "two"
    assert contents(tmp_path / "out") == ["a.txt", "manifest.json"]


@pytest.mark.parametrize("manifest", ["{}", "[]", '{"name": "my web app"}', '{"outputs": []}',
                                      '{"geolyft": "1"}', '{"a":' * 100_000, "mine"])  # fmt: skip
def test_a_folder_with_somebody_elses_manifest_is_never_replaced(
    tmp_path: Path, manifest: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(manifest)
    assert refused(tmp_path / "out").code == "output-occupied"


@pytest.mark.parametrize("own", ["notes.txt", "tables/mine.qgz", "inputs/people.csv"])
def test_what_was_added_to_a_delivery_is_never_lost(tmp_path: Path, own: str) -> None:
    deliver(tmp_path / "out", "one")
    (tmp_path / "out" / own).parent.mkdir(exist_ok=True)
    (tmp_path / "out" / own).write_text("mine")
    said = refused(tmp_path / "out")
    assert said.code == "output-occupied"
    assert own.partition("/")[0] in str(said)
    with pytest.raises(OutputError):
        deliver(tmp_path / "out", "two")
    assert (tmp_path / "out" / own).read_text() == "mine"


def packaged(final: Path, text: str) -> None:
    """Write a delivery with a project and a GeoPackage; what is in them says which it is."""
    with new_delivery(final) as folder:
        (folder / "omradeslyft.qgz").write_text(text)
        with closing(sqlite3.connect(folder / "omradeslyft.gpkg")) as database, database:
            database.execute("CREATE TABLE figures (fid INTEGER PRIMARY KEY, said TEXT)")
            database.execute("INSERT INTO figures (said) VALUES (?)", (text,))
        write_manifest(folder, {})


def says(package: Path) -> list[str]:
    with closing(sqlite3.connect(package)) as database:
        return [row[0] for row in database.execute("SELECT said FROM figures ORDER BY fid")]


def worked_on(file: Path, day: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").timestamp()
    os.utime(file, (noon, noon))


@pytest.mark.usefixtures("either_way")
def test_a_project_somebody_has_worked_in_is_kept_under_its_day(tmp_path: Path) -> None:
    final = tmp_path / "out"
    packaged(final, "one")
    for day, text in (("2026-03-01", "mine"), ("2026-03-01", "again"), ("2026-04-02", "later")):
        (final / "omradeslyft.qgz").write_text(text)
        worked_on(final / "omradeslyft.qgz", day)
        with pytest.warns(GeolyftWarning, match=f"kept as omradeslyft_{day}"):
            packaged(final, "two")
    kept = {path.name: path.read_text() for path in final.glob("*.qgz")}
    assert kept == {
        "omradeslyft.qgz": "two",
        "omradeslyft_2026-03-01.qgz": "mine",
        "omradeslyft_2026-03-01_2.qgz": "again",
        "omradeslyft_2026-04-02.qgz": "later",
    }
    assert Delivery(final).verify().intact
    # Nobody has worked in it since: what was kept goes along without a word.
    packaged(final, "three")
    assert len(list(final.glob("*.qgz"))) == 4


def test_an_edit_of_the_geopackage_is_kept_and_a_look_at_it_is_none(tmp_path: Path) -> None:
    final = tmp_path / "out"
    packaged(final, "one")
    package = final / "omradeslyft.gpkg"
    with closing(sqlite3.connect(package)) as database:
        # As QGIS does when it opens one, whoever only looks at it.
        database.execute("PRAGMA journal_mode = WAL")
    assert Delivery(final).verify().changed == ("omradeslyft.gpkg",)
    packaged(final, "two")
    with closing(sqlite3.connect(package)) as database, database:
        database.execute("INSERT INTO figures (said) VALUES ('mine')")
    worked_on(package, "2026-03-01")
    with pytest.warns(GeolyftWarning, match="omradeslyft.gpkg was changed"):
        packaged(final, "three")
    assert says(package) == ["three"]
    assert says(final / "omradeslyft_2026-03-01.gpkg") == ["two", "mine"]


def test_while_a_program_holds_the_geopackage_nothing_is_replaced(tmp_path: Path) -> None:
    final = tmp_path / "out"
    packaged(final, "one")
    package = final / "omradeslyft.gpkg"
    with closing(sqlite3.connect(package)) as program:
        program.execute("PRAGMA journal_mode = WAL")
        program.execute("INSERT INTO figures (said) VALUES ('mine')")
        program.commit()
        said = refused(final)
        assert (said.code, said.exit_code) == ("output-open", 4)
        assert "'omradeslyft.gpkg': is open in another program (QGIS" in str(said)
        assert says(package) == ["one", "mine"]


def test_what_a_program_left_behind_neither_blocks_nor_loses_an_edit(tmp_path: Path) -> None:
    final = tmp_path / "out"
    packaged(final, "one")
    script = """
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA journal_mode = WAL")
database.execute("INSERT INTO figures (said) VALUES ('mine')")
database.commit()
os._exit(0)  # as a program that crashed: its journal stays
"""
    package = final / "omradeslyft.gpkg"
    subprocess.run([sys.executable, "-c", script, package], check=True)  # noqa: S603 - our own
    assert package.with_name("omradeslyft.gpkg-wal").stat().st_size
    with pytest.warns(GeolyftWarning, match="kept as omradeslyft_"):
        packaged(final, "two")
    assert says(package) == ["two"]
    (kept,) = final.glob("omradeslyft_*.gpkg")
    assert says(kept) == ["one", "mine"]
    assert not list(final.glob("*-wal"))


def test_what_is_added_during_the_work_is_never_lost(tmp_path: Path) -> None:
    final = tmp_path / "out"
    deliver(final, "one")

    def work() -> None:
        with new_delivery(final) as folder:
            write_manifest(folder, {})
            (final / "mine.txt").write_text("mine")

    with pytest.raises(OutputError, match="not of the delivery"):
        work()
    assert contents(final) == ["a.txt", "manifest.json", "mine.txt", "tables/one"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("either_way")
def test_of_two_runs_at_once_the_last_one_is_there_whole(tmp_path: Path) -> None:
    with new_delivery(tmp_path / "out") as first:
        (first / "a.txt").write_text("first")
        write_manifest(first, {})
        deliver(tmp_path / "out", "second")
    assert contents(tmp_path / "out") == ["a.txt", "manifest.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_input_inside_the_destination_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "out" / "in" / "people.csv"
    inside.parent.mkdir(parents=True)
    inside.write_text("a")
    assert "input" in str(refused(tmp_path / "out", inputs=[tmp_path / "run.toml", inside]))
    (tmp_path / "link").symlink_to(tmp_path / "out" / "in")
    linked = tmp_path / "link" / "people.csv"
    assert "input" in str(refused(tmp_path / "out", inputs=[linked]))
    check_destination(tmp_path / "other", inputs=[inside])


@pytest.mark.parametrize("name", ["a\nb", "a\0b", "\x1b[31m", "x" * 201, "å" * 101, "a\nb/out"])
def test_a_name_no_folder_can_have_is_refused_before_work(tmp_path: Path, name: str) -> None:
    said = refused(tmp_path / name)
    assert (said.code, said.exit_code) == ("output-write", 4)
    assert str(said).isprintable()
    assert not any(tmp_path.iterdir())


def test_a_parent_that_cannot_be_written_is_refused_before_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("mine")
    assert refused(tmp_path / "file" / "deep" / "out").code == "output-write"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert refused(tmp_path / "deep" / "out").code == "output-write"
    assert not (tmp_path / "deep").exists()


def test_the_root_of_the_disk_is_no_destination() -> None:
    assert refused(Path(Path.cwd().anchor)).exit_code == 4


def test_a_failure_leaves_the_earlier_delivery_and_nothing_else(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")

    def fail() -> None:
        with new_delivery(tmp_path / "out") as folder:
            (folder / "a.txt").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "out" / "a.txt").read_text() == "one"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_delivery_is_never_replaced(tmp_path: Path, kind: str) -> None:
    final = tmp_path / "out"
    if kind == "file":
        final.write_text("mine")
    elif kind == "folder":
        final.mkdir()
        (final / "mine.txt").write_text("mine")
    else:
        deliver(tmp_path / "real", "one")
        final.symlink_to(tmp_path / "real")
    with pytest.raises(OutputError) as refusal:
        deliver(final, "two")
    assert refusal.value.code == "output-occupied"
    assert refusal.value.exit_code == 4


def test_a_full_or_forbidden_disk_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError, match="No space left on device"):
        deliver(tmp_path / "out", "one")
    assert not any(tmp_path.iterdir())


DAY = date(2026, 3, 1)


def test_a_dated_delivery_never_takes_a_name_that_is_there(tmp_path: Path) -> None:
    names = []
    for n in range(3):
        final = dated(tmp_path / "malmo", DAY)
        names.append(final.name)
        deliver(final, str(n))
    assert names == ["malmo_2026-03-01", "malmo_2026-03-01_02", "malmo_2026-03-01_03"]
    assert [(tmp_path / name / "a.txt").read_text() for name in names] == ["0", "1", "2"]


def test_a_dangling_link_is_a_name_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "malmo_2026-03-01").symlink_to(tmp_path / "gone")
    assert dated(tmp_path / "malmo", DAY).name == "malmo_2026-03-01_02"


@pytest.mark.parametrize("folder", [".", "..", "a/.."])
def test_a_folder_without_a_name_of_its_own_is_dated_by_the_one_it_means(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert dated(Path(folder), DAY).name.endswith("_2026-03-01")
    assert dated(Path("/"), DAY) == Path("/")


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def is_found(folder: Path) -> bool:
    try:
        return not Delivery(folder).verify().intact
    except ReadError as refusal:
        return refusal.code == "verify-manifest"


def test_every_flipped_bit_is_found_the_manifest_s_own_too(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")
    assert not is_found(tmp_path / "out")
    files = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    for file in files:
        whole = file.read_bytes()
        for bit in range(len(whole) * 8):
            file.write_bytes(flipped(whole, bit))
            assert is_found(tmp_path / "out"), (file.name, bit)
        file.write_bytes(whole)
    assert not is_found(tmp_path / "out")


def test_what_is_added_or_linked_is_not_the_delivery_s(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")
    folder = tmp_path / "out"
    (folder / "empty").mkdir()
    (folder / "link").symlink_to("a.txt")
    assert Delivery(folder).verify().unlisted == ("empty", "link")
    (folder / "a.txt").rename(tmp_path / "elsewhere")
    (folder / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert Delivery(folder).verify().changed == ("a.txt",)


ENDED = """
import os, pathlib, signal, sys, time
from geolyft.export.delivery import new_delivery
from geolyft.terminal import end_as_interrupted
# What a shell starts in the background ignores it.
signal.signal(signal.SIGINT, signal.default_int_handler)
end_as_interrupted()
with new_delivery(pathlib.Path(sys.argv[1])) as folder:
    (folder / "a.txt").write_text("two")
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    time.sleep(60)
"""


def ended_by(name: str, out: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", ENDED, out, name], check=False, stderr=subprocess.DEVNULL
    )
    assert done.returncode != 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_ended_leaves_nothing(tmp_path: Path, name: str) -> None:
    ended_by(name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


TWICE = """
import os, pathlib, signal, sys
from geolyft.export.delivery import new_delivery
from geolyft.terminal import end_as_interrupted
end_as_interrupted()
with new_delivery(pathlib.Path(sys.argv[1])) as folder:
    (folder / "a.txt").write_text("two")
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        os.kill(os.getpid(), signal.SIGHUP)  # while it is cleaned up after the first
        print("cleaned up")
"""


def test_a_second_signal_does_not_break_off_the_cleaning(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", TWICE, tmp_path / "out"], capture_output=True, check=False, text=True
    )
    assert (done.returncode != 0, done.stdout) == (True, "cleaned up\n")
    assert list(tmp_path.iterdir()) == []


def test_a_run_goes_on_when_its_terminal_closes_if_that_was_asked_for(tmp_path: Path) -> None:
    going_on = ENDED.replace("time.sleep(60)", "")
    done = subprocess.run(  # noqa: S603 - our own program, as nohup starts it
        [sys.executable, "-c", going_on, tmp_path / "out", "SIGHUP"], check=False,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    assert (done.returncode, contents(tmp_path / "out")) == (0, ["a.txt"])


def half_written(file: Path) -> None:
    with new_file(file) as draft:
        draft.write_text("tw")
        raise OSError(28, "No space left on device")


def test_a_file_keeps_its_rights_and_is_whole_or_as_before(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with new_file(file) as draft:
        draft.write_text("one")
    file.chmod(0o600)
    with pytest.raises(OutputError):
        half_written(file)
    assert file.read_text() == "one"
    with new_file(file) as draft:
        draft.write_text("two")
        draft.with_name("beside").write_text("what is made of it")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("two", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_two_read_and_write_again_loses_neither(tmp_path: Path) -> None:
    file = tmp_path / "count"
    file.write_text("0")

    def add(_: int) -> None:
        with one_by_one(file):
            told = int(file.read_text())
            time.sleep(0.001)
            file.write_text(str(told + 1))

    with ThreadPoolExecutor(4) as four:
        list(four.map(add, range(20)))
    assert file.read_text() == "20"


def test_what_a_killed_run_left_is_gone_after_the_next_and_what_is_in_use_is_not(
    tmp_path: Path,
) -> None:
    ended_by("SIGKILL", tmp_path / "out")
    (left,) = tmp_path.iterdir()
    assert stat.S_IMODE(left.stat().st_mode) == stat.S_IRWXU
    with new_delivery(tmp_path / "out") as in_use:
        for each in (left, in_use):
            os.utime(each, (0, 0))
        (tmp_path / ".out.mine").mkdir()
        with folder_aside(tmp_path / "out"):
            assert not left.exists()
        assert in_use.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.mine", "out"]

"""A delivery is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from geolyft.errors import OutputError
from geolyft.export.delivery import new_delivery, write_manifest


def deliver(final: Path, text: str) -> None:
    with new_delivery(final) as folder:
        (folder / "a.txt").write_text(text)
        write_manifest(folder, {})


def test_an_earlier_delivery_is_replaced_whole(tmp_path: Path) -> None:
    deliver(tmp_path / "out", "one")
    (tmp_path / "out" / "left over.txt").write_text("x")
    deliver(tmp_path / "out", "two")
    assert (tmp_path / "out" / "a.txt").read_text() == "two"
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.txt", "manifest.json"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


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

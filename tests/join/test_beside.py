"""Work that is shared out is done once, whole, and its errors are ordinary ones."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from geolyft.join import beside as beside_module
from geolyft.join.beside import beside, shared

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["copied", "in turn"])
def copied(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Let there be a second process, or none."""
    if request.param == "copied" and not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    monkeypatch.setattr(beside_module, "_can_fork", lambda: request.param == "copied")
    return str(request.param) == "copied"


def test_both_are_done_when_the_block_is(tmp_path: Path, *, copied: bool) -> None:
    with beside(lambda: (tmp_path / "other").write_text(str(os.getpid()))):
        (tmp_path / "mine").write_text(str(os.getpid()))
    assert (tmp_path / "mine").read_text() == str(os.getpid())
    assert ((tmp_path / "other").read_text() != str(os.getpid())) == copied


@pytest.mark.usefixtures("copied")
def test_an_error_there_is_an_error_here() -> None:
    def fails() -> None:
        raise OSError(28, "no space left")

    with pytest.raises(OSError, match="no space left"), beside(fails):
        pass


@pytest.mark.usefixtures("copied")
def test_an_error_here_waits_for_nobody(tmp_path: Path) -> None:
    def waits() -> None:
        threading.Event().wait(60)
        (tmp_path / "late").touch()

    # A command answers this one itself, and its copy may be stopped before it is whole.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    for _ in range(20):
        with pytest.raises(KeyboardInterrupt), beside(waits):
            raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, before)
    assert not (tmp_path / "late").exists()
    if hasattr(os, "fork"):
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def test_parts_come_in_their_order_and_every_other_one_from_a_copy(*, copied: bool) -> None:
    with shared(lambda part: (part, os.getpid()), range(5)) as made:
        parts, makers = zip(*made, strict=True)
    assert parts == (0, 1, 2, 3, 4)
    assert [maker != os.getpid() for maker in makers] == [copied and n % 2 == 1 for n in parts]


@pytest.mark.parametrize("wrong", [0, 1, 2, 3])
@pytest.mark.usefixtures("copied")
def test_the_first_error_and_what_was_said_before_it_are_those_of_work_in_turn(wrong: int) -> None:
    def work(part: int) -> int:
        warnings.warn(f"part {part}", UserWarning, stacklevel=1)
        if part >= wrong:
            raise ValueError(part)
        return part

    with (
        warnings.catch_warnings(record=True, action="always") as warned,
        pytest.raises(ValueError, match=f"^{wrong}$"),
        shared(work, range(4)) as parts,
    ):
        list(parts)
    said = [str(each.message) for each in warned]
    assert said == [f"part {part}" for part in range(wrong + 1)]


@pytest.mark.usefixtures("copied")
def test_parts_that_nobody_waits_for_are_left_undone() -> None:
    def work(part: int) -> int:
        threading.Event().wait(60 * part)
        return part

    with shared(work, range(2)) as made:
        assert next(made) == 0
    if hasattr(os, "fork"):
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def test_what_the_copy_does_instead_is_done_there_alone(*, copied: bool) -> None:
    with shared(lambda _: "here", range(3), there=lambda _: "there") as made:
        assert list(made) == ["here", "there" if copied else "here", "here"]


def test_nothing_is_copied_where_another_thread_runs() -> None:
    goes_on = threading.Event()
    other = threading.Thread(target=goes_on.wait)
    other.start()
    try:
        assert not beside_module._can_fork()  # noqa: SLF001 - what it decides by
    finally:
        goes_on.set()
        other.join()

"""Work that is shared out is done once, whole, and its errors are ordinary ones."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from geolyft.export import beside as beside_module
from geolyft.export.beside import beside

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

    with pytest.raises(KeyboardInterrupt), beside(waits):
        raise KeyboardInterrupt
    assert not (tmp_path / "late").exists()
    if hasattr(os, "fork"):
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


def test_nothing_is_copied_where_another_thread_runs() -> None:
    goes_on = threading.Event()
    other = threading.Thread(target=goes_on.wait)
    other.start()
    try:
        assert not beside_module._can_fork()  # noqa: SLF001 - what it decides by
    finally:
        goes_on.set()
        other.join()

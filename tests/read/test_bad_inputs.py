"""Every bad input is refused by its code: one line with the way out, and nothing is written.

All of them are tried by ``make torture``; here are some of each kind, the same ones each time.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest
from bad_inputs import KINDS, Bad, bad_inputs, faults_of
from whole_files import write_whole_files

from geolyft.errors import CODES

if TYPE_CHECKING:
    from pathlib import Path

_OF_A_KIND: Final = 2


def sample() -> list[Bad]:
    chance = random.Random(20)  # noqa: S311 - the same ones each time
    return [bad for kind in KINDS for bad in chance.sample([*kind()], _OF_A_KIND)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_whole_files(tmp_path_factory.mktemp("whole"))


@pytest.mark.needs("raster", "openpyxl")
@pytest.mark.parametrize("bad", sample(), ids=lambda bad: bad.name)
def test_a_bad_input_is_one_line_with_its_code_and_the_way_out(
    bad: Bad, whole: Path, tmp_path: Path
) -> None:
    assert faults_of(bad, whole, tmp_path / "bad") == []


@pytest.mark.needs("raster", "openpyxl")
def test_there_are_at_least_250_of_known_codes_and_each_has_a_name() -> None:
    every = [*bad_inputs()]
    assert len({bad.name for bad in every}) == len(every) >= 250
    assert {bad.code for bad in every} <= {*CODES, "usage"}

"""Files that were broken by chance are refused by a known code, or read: nothing else happens.

``make torture`` breaks a thousand files of each reader; here are some, the same ones each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fuzzed import READERS, fuzz, unlike
from fuzzed_files import write_fuzzed_files

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("raster", "openpyxl")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fuzzed_files(tmp_path_factory.mktemp("fuzzed"))


def test_a_broken_file_is_refused_by_a_known_code_or_read(whole: Path) -> None:
    for name, found in fuzz(whole, [*READERS], 4).items():
        assert not unlike(found), name
        assert found.total() == 4


def test_a_whole_file_of_every_reader_is_read(whole: Path) -> None:
    refused = {"ODS", "gzip"}  # which nobody reads
    for name in READERS.keys() - refused:
        reader = READERS[name]
        reader.read(whole / reader.parts[0])

"""The register of plans is added to at its end, and nothing in it is changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from geolyft.export.delivery import check_place, new_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def add_plan_line(file: Path, said: Mapping[str, object]) -> None:
    """Write the register again with one more line: half a line would spoil all that come after.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    check_place(file)
    line = json.dumps(said, ensure_ascii=False, sort_keys=True)
    before = file.read_bytes() if file.exists() else b""
    with new_file(file.resolve()) as draft:  # a link stays one
        draft.write_bytes(before + f"{line}\n".encode())

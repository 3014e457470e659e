"""The register of plans is added to at its end, and nothing in it is changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from geolyft.export.delivery import writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def add_plan_line(file: Path, said: Mapping[str, object]) -> None:
    """Write one more line.

    Raises
    ------
    OutputError
        ``output-write``.
    """
    line = json.dumps(said, ensure_ascii=False, sort_keys=True)
    with writing(file.name), file.open("a", encoding="utf-8", newline="\n") as opened:
        opened.write(f"{line}\n")

"""The register of plans: a line of JSON for each, and each line bound to the one before it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from geolyft.allowed import open_file
from geolyft.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

FIRST: Final = "0" * 64
"""What the first line is bound to."""


def mark_of(line: str) -> str:
    """Return what the next line is bound to."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest()


def read_plan_lines(file: Path) -> tuple[list[dict[str, Any]], str]:
    """Return what each line of a register says, and what the next one is bound to.

    A file that is not there is a register without plans.

    Raises
    ------
    ReadError
        ``effects-register`` when it cannot be read, or a line was changed or taken out.
    """
    try:
        lines = _lines(file) if file.exists() else []
        said = [json.loads(line) for line in lines]
    except (OSError, ValueError, RecursionError):
        raise _refusal(file, "cannot be read as lines of JSON") from None
    before = FIRST
    for number, (line, each) in enumerate(zip(lines, said, strict=True), start=1):
        if not isinstance(each, dict) or each.get("previous") != before:
            raise _refusal(file, f"line {number} does not follow on the line before it")
        before = mark_of(line)
    return said, before


def _lines(file: Path) -> list[str]:
    """Return the lines of a file; a text in one may have signs that Python takes for an end."""
    with open_file(file) as opened:
        text = opened.read().decode()
    return text.removesuffix("\n").split("\n") if text else []


def _refusal(file: Path, what: str) -> ReadError:
    remedy = "get the register as geolyft effects register wrote it; no line is changed or removed"
    return ReadError("effects-register", what, remedy=remedy, where=file.name)

"""Every refusal has a documented code."""

from __future__ import annotations

import re
from pathlib import Path

import geolyft
from geolyft.errors import CODES

PACKAGE = Path(geolyft.__file__).parent
# What a code looks like, in a raise or in a table of refusals.
FAMILIES = {code.split("-")[0] for code in CODES}
CODE = re.compile(rf'"((?:{"|".join(sorted(FAMILIES))})-[a-z-]+)"')


def test_codes_in_the_program_and_in_the_list_are_the_same() -> None:
    used = set()
    for file in PACKAGE.rglob("*.py"):
        if file.name != "errors.py":
            used |= set(CODE.findall(file.read_text(encoding="utf-8")))
    # load_form puts these together from a prefix.
    used |= {f"{prefix}-{part}" for prefix in ("run", "catalogue") for part in ("file", "form")}
    assert used == set(CODES)


def test_every_explanation_is_one_sentence() -> None:
    assert all(text.endswith(".") and "\n" not in text for text in CODES.values())

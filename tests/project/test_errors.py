"""Every refusal has a documented code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geolyft
from geolyft.errors import CODES, brief

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
    used |= {
        f"{prefix}-{part}"
        for prefix in ("run", "catalogue", "effects")
        for part in ("file", "form")
    }
    assert used == set(CODES)


@pytest.mark.parametrize(
    "personal",
    ["191212121212", "19121212-1212", "121212-1212", "121212+1212", "1912 12 12 12 12",
     "Anna 121212-1212 Ek", "0701-23 45 67", "anna@example.org", 191212121212, "x" * 40 + "@y"],
)  # fmt: skip
def test_a_value_that_could_be_personal_is_not_shown(personal: object) -> None:
    assert brief(personal) == "'…'"


@pytest.mark.parametrize(
    "code",
    ["1280C1010", "1280C1010_DeSO2025", "12800101", "0180", "Möllevången", "2018-2025",
     "people_2023_2024-01-01.csv", "@fik", "=1+1"],
)  # fmt: skip
def test_codes_and_names_are_shown(code: str) -> None:
    assert brief(code) == repr(code)


def test_every_explanation_is_one_sentence() -> None:
    assert all(text.endswith(".") and "\n" not in text for text in CODES.values())

import string

import pytest

from geolyft.export.words import load_words
from geolyft.frames import STATUSES

SWEDISH = load_words("sv")
ENGLISH = load_words("en")


def test_both_languages_have_the_same_texts() -> None:
    keys = [
        {(section, name) for section, texts in words.sections.items() for name in texts}
        for words in (SWEDISH, ENGLISH)
    ]
    assert keys[0] == keys[1]


def test_a_text_takes_the_same_parts_in_both_languages() -> None:
    for section, texts in SWEDISH.sections.items():
        for name, text in texts.items():
            assert parts(text) == parts(ENGLISH.sections[section][name]), f"{section}.{name}"


def parts(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (0, "0,0", "0.0"),
        (-0.04, "0,0", "0.0"),
        (77.25, "77,2", "77.2"),
        (-12.34, "−12,3", "−12.3"),
        (1234.5, "1\u202f234,5", "1,234.5"),
        (1234567.89, "1\u202f234\u202f567,9", "1,234,567.9"),
        (None, "", ""),
        (float("nan"), "", ""),
    ],
)
def test_a_number_is_written_as_its_readers_write_it(
    value: float | None, swedish: str, english: str
) -> None:
    assert (SWEDISH.number(value), ENGLISH.number(value)) == (swedish, english)


def test_a_missing_share_is_no_per_cent() -> None:
    assert SWEDISH.percent(None) == ""
    assert SWEDISH.percent(0.0) == "0,0\xa0%"


@pytest.mark.parametrize(("value", "text"), [(3, "+3,0"), (-3, "−3,0"), (0.01, "0,0"), (0, "0,0")])
def test_a_difference_has_its_sign_when_it_has_one(value: float, text: str) -> None:
    assert SWEDISH.signed(value) == text


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ok"])
def test_every_status_has_words(status: str) -> None:
    assert SWEDISH.status(status)
    assert ENGLISH.status(status)


def test_nothing_is_said_about_what_is_in_order() -> None:
    assert SWEDISH.status("ok") == ""


def test_a_part_is_put_in_as_it_is() -> None:
    assert SWEDISH.say("page.area_kicker", code="{lang}") == "Område {lang}"

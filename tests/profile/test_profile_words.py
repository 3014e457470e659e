from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geolyft.export.figures.classes import score_classes
from geolyft.export.profile.names import RESERVED, file_stems
from geolyft.export.profile.sentences import Standing, headline
from geolyft.export.words import load_words
from geolyft.findings.stories import _on_dimensions
from geolyft.index.scales import NEAR, side_of_city

SV, EN = load_words("sv"), load_words("en")


# ---- file names ---


@given(st.lists(st.text(min_size=1), unique=True))
@example(["a", "A"])
@example(["con", "Nul", "com1", "index", "Alla"])
def test_every_code_has_a_safe_file_name_of_its_own(codes: list[str]) -> None:
    stems = file_stems(codes)
    assert list(stems) == codes
    names = [stem.lower() for stem in stems.values()]
    assert len(set(names)) == len(codes)
    for name in names:
        assert re.fullmatch(r"[a-z0-9_-]{1,60}", name)
        assert name not in RESERVED
        assert not re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", name)


def test_a_plain_code_is_its_own_file_name() -> None:
    assert file_stems(["1", "10", "1280C1010"]) == {c: c for c in ("1", "10", "1280C1010")}


# ---- sentences ---


def standing(name: str, difference: float | None, *, sure: bool | None = None) -> Standing:
    return Standing(name=name, difference=difference, distinct=sure)


def said(*standings: Standing, words: object = SV) -> str:
    return headline(standings, area="10 Å", period="2024", city="Malmö", words=words)


A, B, C, D = "Delaktighet", "Utbildning", "Ekonomi", "EU-stöd"


@pytest.mark.parametrize(
    ("standings", "swedish"),
    [
        (
            [(A, -8, False), (B, -9, True), (C, -12, True), (D, 3, True)],
            (
                "Under Malmö i tre av fyra dimensioner; skillnaden är säkerställd i två: ekonomi"
                " och utbildning. Nära Malmö i en."
            ),
        ),
        (
            [(A, -8, True), (B, -9, True), (C, -12, True)],
            (
                "Under Malmö i alla tre dimensioner; skillnaden är säkerställd i alla tre: ekonomi,"
                " utbildning och delaktighet."
            ),
        ),
        (
            [(A, -8, True), (D, -9, True)],
            (
                "Under Malmö i båda dimensionerna; skillnaden är säkerställd i båda: EU-stöd och"
                " delaktighet."
            ),
        ),
        (
            [(A, -8, False), (B, -9, False), (C, 2, True)],
            (
                "Under Malmö i två av tre dimensioner, utbildning och delaktighet, men skillnaden"
                " är inte säkerställd. Nära Malmö i en."
            ),
        ),
        (
            [(A, -8, True), (B, 9, False)],
            (
                "Under Malmö i en av två dimensioner, delaktighet, och skillnaden är säkerställd."
                " Över Malmö i en."
            ),
        ),
        (
            [(A, -8, None), (B, -9, None), (C, 2, None)],
            ("Under Malmö i två av tre dimensioner: utbildning och delaktighet. Nära Malmö i en."),
        ),
        (
            [(A, -8, True)],
            (
                "Under Malmö i den enda dimension som har uppgifter, delaktighet, och skillnaden är"
                " säkerställd."
            ),
        ),
        (
            [(A, -8, False)],
            (
                "Under Malmö i den enda dimension som har uppgifter, delaktighet, men skillnaden"
                " är inte säkerställd."
            ),
        ),
        (
            [(A, -8, None)],
            "Under Malmö i den enda dimension som har uppgifter, delaktighet.",
        ),
        (
            [(A, 2, False), (B, 9, True), (C, -3, True)],
            (
                "Nära eller över Malmö i alla tre dimensioner; skillnaden uppåt är säkerställd i"
                " en: utbildning."
            ),
        ),
        (
            [(A, 2, True), (B, 9, True)],
            (
                "Nära eller över Malmö i båda dimensionerna; skillnaden uppåt är säkerställd i"
                " båda: utbildning och delaktighet."
            ),
        ),
        (
            [(A, 2, False), (B, 9, False), (C, 1, False)],
            "Nära eller över Malmö i alla tre dimensioner; ingen skillnad uppåt är säkerställd.",
        ),
        (
            [(A, -9, True), (B, -5, True), (C, 5.5, False)],
            (
                "Under Malmö i en av tre dimensioner, delaktighet, och skillnaden är säkerställd."
                " Nära Malmö i en och över i en."
            ),
        ),
        ([(A, -2, True), (B, -1, False)], "Nära eller över Malmö i båda dimensionerna."),
        ([(A, 9, None), (B, -1, None)], "Nära eller över Malmö i båda dimensionerna."),
        (
            [(A, 9, True)],
            (
                "Nära eller över Malmö i den enda dimension som har uppgifter, och skillnaden är"
                " säkerställd."
            ),
        ),
        (
            [(A, None, None), (B, -9, True), (C, 1, False)],
            (
                "Under Malmö i en av två dimensioner, utbildning, och skillnaden är säkerställd."
                " Nära Malmö i en. Uppgifter saknas för delaktighet."
            ),
        ),
        (
            [(A, None, None), (B, None, None)],
            (
                "10 Å har inget att jämföra med Malmö 2024: uppgifter saknas eller är dolda i alla"
                " dimensioner."
            ),
        ),
    ],
)
def test_the_headline_says_what_the_figures_say(
    standings: list[tuple[str, float | None, bool | None]], swedish: str
) -> None:
    assert said(*(standing(name, away, sure=sure) for name, away, sure in standings)) == swedish


def test_the_headline_is_in_english_too() -> None:
    three = [standing(A, -8, sure=False), standing(B, -9, sure=True), standing(C, 1, sure=True)]
    assert said(*three, words=EN) == (
        "Below Malmö in two of three dimensions; the difference is certain in one: utbildning."
        " Close to Malmö in one."
    )


def test_hidden_is_not_called_missing() -> None:
    hidden = Standing(name=A, difference=None, hidden=True)
    text = said(hidden, standing(B, 1, sure=False))
    assert "dold av sekretesskäl: delaktighet" in text
    assert "saknas" not in text


@given(
    st.lists(
        st.tuples(st.none() | st.floats(-60, 60), st.none() | st.booleans()),
        min_size=1,
        max_size=5,
    )
)
def test_no_difference_is_claimed_that_is_not_sure(
    drawn: list[tuple[float | None, bool | None]],
) -> None:
    names = ["Aa", "Bb", "Cc", "Dd", "Ee"]
    standings = [standing(n, d, sure=s) for n, (d, s) in zip(names, drawn, strict=False)]
    text = said(*standings)
    known = [each for each in standings if each.difference is not None]
    below = [each for each in known if side_of_city(each.difference) < 0]
    claimed = re.search(r"(?<!inte )(?<!ingen skillnad uppåt är )säkerställd", text)
    if claimed:
        assert any(each.distinct for each in known)
        listed = text[claimed.end() :].split(".")[0]
        pool = below or [each for each in known if each.difference > 0]
        for each in pool:
            assert (each.name.lower() in listed) <= bool(each.distinct)
    for each in standings:
        gone = each.difference is None
        assert (each.name.lower() in text.split("saknas för")[-1]) >= (gone and bool(known))
    assert ("Under Malmö" in text) == bool(below)


@given(st.floats(-20, 20))
def test_headline_story_and_map_agree_on_how_near_is_near(difference: float) -> None:
    shown = round(difference, 1)
    side = side_of_city(difference)
    head = said(standing(A, difference, sure=True))
    (story,) = _on_dimensions(pd.Series({A: difference}), SV, "Malmö")
    assert (side < 0) == ("Under Malmö" in head) == ("Under Malmö" in story)
    assert (side == 0) == (abs(shown) <= NEAR)
    # A class begins on its bound, so that the map's middle ends just before 5 points.
    if abs(shown) != NEAR:
        assert (score_classes().place(100 + shown) == 2) == (side == 0)

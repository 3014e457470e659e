from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geolyft.export.figures.stems import RESERVED, file_stems
from geolyft.export.standing import Standing, headline, movement
from geolyft.export.words import load_words

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
            [(A, -8, False), (B, -9, True), (C, -1.2, True), (D, 3, True)],
            (
                "Statistiskt säkerställt under Malmö 2024 i två av fyra dimensioner: utbildning och"
                " ekonomi; över i en: EU-stöd. Ingen säkerställd skillnad i en: delaktighet."
            ),
        ),
        (
            [(A, -8, True), (B, -9, True), (C, -0.02, True)],
            (
                "Statistiskt säkerställt under Malmö 2024 i alla tre dimensioner: utbildning,"
                " delaktighet och ekonomi."
            ),
        ),
        (
            [(A, 8, True), (D, 9, True)],
            (
                "Statistiskt säkerställt över Malmö 2024 i båda dimensionerna: EU-stöd och"
                " delaktighet."
            ),
        ),
        (
            [(A, -8, False), (B, 9, False)],
            ("Ingen statistiskt säkerställd skillnad mot Malmö 2024: delaktighet och utbildning."),
        ),
        (
            [(A, -8, True)],
            (
                "Statistiskt säkerställt under Malmö 2024 i den enda dimension som har uppgifter:"
                " delaktighet."
            ),
        ),
        (
            [(A, -8, None), (B, 9, None)],
            (
                "Talet är lägre än Malmö 2024 i en av två dimensioner: delaktighet."
                " Hur säker skillnaden är har inte räknats."
            ),
        ),
        (
            [(A, None, None), (B, -9, True), (C, 1, False)],
            (
                "Statistiskt säkerställt under Malmö 2024 i en av två dimensioner: utbildning."
                " Ingen säkerställd skillnad i en: ekonomi. Uppgifter saknas för delaktighet."
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
        "Below Malmö 2024, statistically significant, in one of three dimensions: utbildning;"
        " above in one: ekonomi. No significant difference in one: delaktighet."
    )


def test_hidden_is_not_called_missing() -> None:
    hidden = Standing(name=A, difference=None, hidden=True)
    text = said(hidden, standing(B, 1, sure=False))
    assert "dold av sekretesskäl: delaktighet" in text
    assert "saknas" not in text


STANDINGS = st.lists(
    st.tuples(st.none() | st.floats(-60, 60), st.none() | st.booleans()), min_size=1, max_size=5
)


@given(STANDINGS)
def test_every_dimension_is_named_once_and_on_the_side_that_is_sure(
    drawn: list[tuple[float | None, bool | None]],
) -> None:
    names = ["Aa", "Bb", "Cc", "Dd", "Ee"]
    standings = [standing(n, d, sure=s) for n, (d, s) in zip(names, drawn, strict=False)]
    text = said(*standings)
    clauses = {
        "below": r"säkerställt under Malmö 2024 i [^:]*: ([^.;]*)",
        "above": r"(?:säkerställt över Malmö 2024 i|; över i) [^:]*: ([^.;]*)",
        "level": r"säkerställd skillnad (?:mot Malmö 2024|i [^:]*): ([^.;]*)",
    }
    found = {key: re.search(pattern, text) for key, pattern in clauses.items()}
    told = {key: re.findall(r"[a-e]{2}", m[1]) if m else [] for key, m in found.items()}
    known = [each for each in standings if each.difference is not None]
    side = {
        "below": [e for e in known if e.distinct and e.difference < 0],
        "above": [e for e in known if e.distinct and e.difference > 0],
        "level": [e for e in known if e.distinct is False],
    }
    for key, wanted in side.items():
        assert sorted(told[key]) == sorted(each.name.lower() for each in wanted), text
    assert ("har inte räknats" in text) == any(each.distinct is None for each in known)


@pytest.mark.parametrize("words", [SV, EN])
@given(change=st.floats(-30, 30), half=st.floats(0, 30))
def test_a_direction_is_said_only_of_a_change_that_exceeds_its_uncertainty(
    words: object, change: float, half: float
) -> None:
    low, high = change - half, change + half
    row = {"first": "2021", "last": "2024", "change": change, "low": low, "high": high}
    row["exceeds"] = low > 0 or high < 0
    for text in movement(row, row, city="Malmö", words=words):
        moves = re.search("stigit|sjunkit|risen|fallen", text)
        assert bool(moves) == row["exceeds"]
        if moves:
            assert (moves[0] in ("stigit", "risen")) == (change > 0)
        assert words.number(abs(change)) in text

"""What planners read is plain Swedish: short sentences, one term for one thing, plus for better.

LIX is words per sentence and the share of words of more than six letters in per cent; a colon ends
a sentence, as Björnsson counts. Newspapers have about 40, easy reading 30.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pytest
from profile_page import profiles_of
from profile_publication import full
from web_publication import publish

from geolyft.columns import declared, shipped
from geolyft.export.profile.page import render_profile
from geolyft.export.report import render_report
from geolyft.export.words import load_words
from geolyft.indicators.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

HARDEST: Final = 40.0
RUNNING: Final = ("p", "li", "dd", "figcaption")
ASIDE: Final = ("head", "script", "style", "svg", "table")
SWEDISH: Final = load_words("sv")


class Sentences(HTMLParser):
    """The running text of a page, without what drawings and tables say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._aside: list[str] = []
        self._open: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ASIDE:
            self._aside.append(tag)
        elif tag in RUNNING and not self._aside:
            self._open = []

    def handle_endtag(self, tag: str) -> None:
        if self._aside and tag == self._aside[-1]:
            self._aside.pop()
        elif tag in RUNNING and self._open is not None:
            text = " ".join("".join(self._open).split())
            self.texts += [text] if text.endswith((".", "?")) else []
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and not self._aside:
            self._open.append(data)


def lix(texts: list[str]) -> float:
    text = " ".join(texts)
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    sentences = len(re.findall(r"[.:!?](?=\s|$)", text))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


def test_lix_is_counted_as_it_is_defined() -> None:
    # Six words in two sentences, one of them long.
    assert lix(["Katten sover. Den drömmer om mat."]) == pytest.approx(6 / 2 + 100 / 6)


def panel() -> list[str]:
    """The sentences the map's panel is made of, with something in every place."""
    texts = (SWEDISH.section(name) for name in ("page", "html", "explain", "warning"))
    return [
        re.sub(r"\{\w+\}", "Malmö", text)
        for each in texts
        for text in each.values()
        if text.endswith(".")
    ]


def pages() -> dict[str, list[str]]:
    publication = full()
    return {
        "profile": Sentences(render_profile(profiles_of(publication), "1")).texts,
        "report": Sentences(render_report(publish())).texts,
        "map": panel(),
    }


def test_what_planners_read_is_easier_than_a_newspaper() -> None:
    means = {name: round(lix(texts), 1) for name, texts in pages().items()}
    print(means)  # noqa: T201 - shown with -s
    assert max(means.values()) < HARDEST, means
    assert min(len(texts) for texts in pages().values()) > 20


def said() -> Iterator[tuple[str, str]]:
    """Every Swedish text that is delivered, and where it stands."""
    for section, texts in SWEDISH.sections.items():
        yield from ((f"{section}.{name}", text) for name, text in texts.items())
    stages = [
        declared(each)
        for each in files("geolyft.findings.stages").iterdir()
        if each.name.endswith(".toml")
    ]
    for section, found in (
        (s, c) for each in (shipped(), *stages) for s, c in each.sections.items()
    ):
        for column in found:
            yield from ((f"{section}.{column.key}", t) for t in column.words["sv"].values())
    for each in load_catalogue().indicators:
        yield from ((each.code, text) for text in (each.name, each.short, *each.notes))


def test_there_is_one_term_for_certainty() -> None:
    for place, text in said():
        assert not re.search(r"säkert skil[dt]|signifikan", text, re.IGNORECASE), (place, text)


def test_ages_and_months_stand_with_a_dash() -> None:
    for place, text in said():
        assert not re.search(r"\d-\d+ (år|månader)", text), (place, text)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_one_is_not_said_as_many(lang: str) -> None:
    words = load_words(lang)
    assert words.say("warning.hidden_one") != words.say("warning.hidden", n=1)
    assert words.say("warning.hidden_one").startswith("1 ")


def test_a_page_says_better_with_plus_and_girls_where_it_means_them() -> None:
    publication = full()
    page = render_profile(profiles_of(publication), "1")
    assert "(− är under Malmö)" in page or "Mot Malmö till" not in page
    assert "plus = högre andel bland kvinnor, inte bättre" in page
    assert "Största styrkorna" in page
    assert "Störst styrk" not in page

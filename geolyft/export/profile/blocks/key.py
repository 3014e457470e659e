"""The figures at the top of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.export.figures.schemes import INDEX
from geolyft.export.profile.book import float_of, shown
from geolyft.export.profile.figures import UNSAID, absent, interval_text, verdict_of
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.profile.book import Book


@dataclass(frozen=True, kw_only=True)
class Key:
    """The figures at the top of a profile; what is not there is empty."""

    index: str
    absent: str
    interval: str
    verdict: str
    city: str
    rank: str
    often: str
    residents: str
    counted: str
    status: str


def key_figures(book: Book, area: str) -> Key:
    """Return the figures at the top of a profile."""
    words, cell = book.words, book.cell(INDEX, area)
    own, city = float_of(cell["value"]), book.value(INDEX, CITY)
    row = book.index_row(area)
    interval = interval_text(book, cell)
    low, _, high = interval.partition("–")
    verdict = verdict_of(book, own, city, book.distinct.get((INDEX, area)), better_is_more=True)
    total = len(book.publication.catalogue.indicators)
    counted = shown(row.get("n_indicators"))
    return Key(
        index=words.number(own),
        absent="" if own is not None else absent(book, cell),
        interval=book.say("key_uncertain", low=low, high=high) if interval else "",
        verdict="" if own is None else verdict,
        city=book.say("city_is", value=words.number(city)) if city is not None else "",
        rank=_rank(book, row) if own is not None else "",
        often=_often(book, area) if own is not None else "",
        residents=words.count(_residents(book, area)),
        counted=book.say("key_of", n=words.count(counted or 0), all=total),
        status=words.status(str(cell["status"]), without=UNSAID),
    )


def _rank(book: Book, row: Mapping[str, object]) -> str:
    low, high = (shown(row.get(name)) for name in ("rank_low", "rank_high"))
    if low is None or high is None:
        return ""
    known = sum(book.value(INDEX, area) is not None for area in book.codes)
    key = "key_rank_one" if low == high else "key_rank_span"
    said = {"low": book.words.count(low), "high": book.words.count(high)}
    return book.say(key, count=known, **said)


def _often(book: Book, area: str) -> str:
    for row in book.rows("robusthet", area=area, period=book.period):
        share, lowest, count = (
            shown(row[name]) for name in ("share_among_lowest", "lowest", "n_variants")
        )
        exact = float_of(row["share_among_lowest"])
        if share is None or lowest is None or count is None or exact is None:
            return ""
        words = book.words
        return words.say(
            "page.often",
            lowest=words.count(lowest),
            share=words.count(100 * exact),
            count=words.count(count),
        )
    return ""


def _residents(book: Book, area: str) -> float | None:
    people = book.publication.population
    rows = people[(people["area"] == area) & (people["period"] == book.period)]
    return float_of(rows["population"].iloc[0]) if len(rows) else None

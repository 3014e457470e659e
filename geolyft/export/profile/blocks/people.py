"""For whom: women and men, and children. Said of the area, counted in nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geolyft.export.profile.book import float_of
from geolyft.export.profile.sentences import inline, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.profile.book import Book

_MOST = 3


@dataclass(frozen=True, kw_only=True)
class Gap:
    """An indicator where women's and men's shares surely differ."""

    code: str
    label: str
    women: str
    men: str
    gap: str


@dataclass(frozen=True, kw_only=True)
class Sexes:
    """The gaps that are larger than their uncertainty, and in words those that are not."""

    gaps: Sequence[Gap]
    sentences: Sequence[str]


def sexes_of(book: Book, area: str) -> Sexes | None:
    """Return how women's and men's shares differ, where the run has figures by sex."""
    rows = {
        str(row["indicator"]): row
        for row in book.rows("kon_skillnad", area=area, period=book.period)
    }
    order = [code for code in book.publication.catalogue.codes if code in rows]
    if not order:
        return None
    known = [code for code in order if float_of(rows[code]["gap"]) is not None]
    sure = [code for code in known if _is_true(rows[code]["exceeds"])]
    rest = [code for code in known if code not in sure]
    gone = [code for code in book.publication.catalogue.codes if code not in known]
    said = []
    if known and not sure:
        said.append(book.say("sexes_all"))
    elif rest:
        said.append(book.say("sexes_rest", list=_labels(book, rest)))
    if gone:
        said.append(book.say("sexes_missing", list=_labels(book, gone)))
    return Sexes(gaps=[_gap(book, code, rows[code]) for code in sure], sentences=said)


def _is_true(value: object) -> bool:
    # What is empty in a nullable column is neither true nor false.
    return str(value) == "True"


def _labels(book: Book, codes: Sequence[str]) -> str:
    return listed([inline(book.label(code)) for code in codes], book.words)


def _gap(book: Book, code: str, row: Mapping[str, object]) -> Gap:
    signed = book.words.signed
    gap, low, high = (signed(float_of(row[name])) for name in ("gap", "low", "high"))
    return Gap(
        code=code,
        label=book.label(code),
        women=book.words.percent(float_of(row["first"])),
        men=book.words.percent(float_of(row["second"])),
        gap=book.say("change_range", change=gap, low=low, high=high) if low and high else gap,
    )


def children_of(book: Book, area: str) -> list[str]:
    """Say how many children live in an area, and where their part is furthest from even.

    The table weighs children by the shares of all residents: no child has been counted.
    """
    everywhere = book.rows("barn", period=book.period)
    own = {str(row["indicator"]): row for row in everywhere if row["area"] == area}
    children = {str(row["area"]): float_of(row["children"]) for row in everywhere}
    here, known = children.get(area), [each for each in children.values() if each is not None]
    if here is None or not sum(known):
        return []
    even = here / sum(known)
    percent = book.words.percent
    said = [book.say("children_about", count=book.words.count(here), share=percent(100 * even))]
    shares = {code: float_of(row["share"]) for code, row in own.items()}
    for key, sign in (("children_more", 1), ("children_less", -1)):
        items = _furthest(book, {c: s for c, s in shares.items() if s is not None}, even, sign)
        if items:
            said.append(book.say(key, list=listed(items, book.words)))
    return [*said, book.say("children_care")] if len(said) > 1 else said


def _furthest(book: Book, shares: Mapping[str, float], even: float, sign: int) -> list[str]:
    """Return where an area's part of the children differs most from an even one, on one side."""
    percent = book.words.percent
    apart = {
        code: sign * (share - even)
        for code, share in shares.items()
        if percent(100 * share) != percent(100 * even)
    }
    most = sorted((code for code in apart if apart[code] > 0), key=lambda c: (-apart[c], c))[:_MOST]
    return [
        book.say("children_item", name=book.label(code), share=percent(100 * shares[code]))
        for code in most
    ]

"""For whom: women and men, and children. Said of the area, counted in nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of
from geolyft.export.profile.figures import Block, change_text
from geolyft.export.profile.sentences import inline, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.reader import Reader

_MOST = 3


def sexes_of(reader: Reader, area: str) -> Block | None:
    """Return how women's and men's shares differ, where the run has figures by sex."""
    rows = {
        str(row["indicator"]): row
        for row in reader.rows("kon_skillnad", area=area, period=reader.period)
    }
    order = [code for code in reader.publication.catalogue.codes if code in rows]
    if not order:
        return None
    known = [code for code in order if float_of(rows[code]["gap"]) is not None]
    sure = [code for code in known if _is_true(rows[code]["exceeds"])]
    rest = [code for code in known if code not in sure]
    gone = [code for code in reader.publication.catalogue.codes if code not in known]
    sentences = []
    if known and not sure:
        sentences.append(say(reader, "sexes_all"))
    elif rest:
        sentences.append(say(reader, "sexes_rest", list=_labels(reader, rest)))
    if gone:
        sentences.append(say(reader, "sexes_missing", list=_labels(reader, gone)))
    return Block(gaps=[_gap(reader, code, rows[code]) for code in sure], sentences=sentences)


def _is_true(value: object) -> bool:
    # What is empty in a nullable column is neither true nor false.
    return str(value) == "True"


def _labels(reader: Reader, codes: Sequence[str]) -> str:
    return reader.words.listed([inline(reader.label(code)) for code in codes])


def _gap(reader: Reader, code: str, row: Mapping[str, object]) -> Block:
    return Block(
        code=code,
        label=reader.label(code),
        women=reader.words.percent(float_of(row["first"])),
        men=reader.words.percent(float_of(row["second"])),
        gap=change_text(reader, row["gap"], row["low"], row["high"]),
    )


def children_of(reader: Reader, area: str) -> list[str]:
    """Say how many children live in an area, and where their part is furthest from even.

    The table weighs children by the shares of all residents: no child has been counted.
    """
    everywhere = reader.rows("barn", period=reader.period)
    rows = {str(row["indicator"]): row for row in everywhere if row["area"] == area}
    children = {str(row["area"]): float_of(row["children"]) for row in everywhere}
    here, known = children.get(area), [each for each in children.values() if each is not None]
    if here is None or not sum(known):
        return []
    even = here / sum(known)
    percent = reader.words.percent
    sentences = [
        say(reader, "children_about", count=reader.words.count(here), share=percent(100 * even))
    ]
    shares = {code: float_of(row["share"]) for code, row in rows.items()}
    for key, sign in (("children_more", 1), ("children_less", -1)):
        items = _furthest(reader, {c: s for c, s in shares.items() if s is not None}, even, sign)
        if items:
            sentences.append(say(reader, key, list=reader.words.listed(items)))
    return [*sentences, say(reader, "children_care")] if len(sentences) > 1 else sentences


def _furthest(reader: Reader, shares: Mapping[str, float], even: float, sign: int) -> list[str]:
    """Return where an area's part of the children differs most from an even one, on one side."""
    percent = reader.words.percent
    apart = {
        code: sign * (share - even)
        for code, share in shares.items()
        if percent(100 * share) != percent(100 * even)
    }
    most = sorted((code for code in apart if apart[code] > 0), key=lambda c: (-apart[c], c))[:_MOST]
    return [
        say(reader, "children_item", name=reader.label(code), share=percent(100 * shares[code]))
        for code in most
    ]

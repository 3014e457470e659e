"""The figures at the top of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of, percent_of_ways
from geolyft.export.figures.schemes import INDEX
from geolyft.export.profile.figures import (
    UNSAID,
    Block,
    absent,
    as_shown,
    interval_text,
    verdict_of,
)
from geolyft.export.profile.sentences import say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader


def key_figures(reader: Reader, area: str) -> Block:
    """Return the figures at the top of a profile."""
    words, cell = reader.words, reader.cell(INDEX, area)
    value, city = float_of(cell["value"]), reader.value(INDEX, CITY)
    row = reader.index_rows.get(area, {})
    interval = interval_text(reader, cell)
    low, _, high = interval.partition("–")
    total = len(reader.publication.catalogue.indicators)
    counted = as_shown(row.get("n_indicators"))
    return Block(
        index=words.number(value),
        absent="" if value is not None else absent(reader, cell),
        interval=say(reader, "key_uncertain", low=low, high=high) if interval else "",
        verdict="" if value is None else verdict_of(reader, INDEX, area),
        city=say(reader, "city_is", value=words.number(city)) if city is not None else "",
        rank=_rank(reader, row) if value is not None else "",
        often=_often(reader, area) if value is not None else "",
        residents=words.count(_residents(reader, area)),
        counted=say(reader, "key_of", n=words.count(counted or 0), all=total),
        status=words.status(str(cell["status"]), without=UNSAID),
    )


def _rank(reader: Reader, row: Mapping[str, object]) -> str:
    low, high = (as_shown(row.get(name)) for name in ("rank_low", "rank_high"))
    if low is None or high is None:
        return ""
    key = "key_rank_one" if low == high else "key_rank_span"
    ends = {"low": reader.words.count(low), "high": reader.words.count(high)}
    return say(reader, key, count=len(reader.with_index), **ends)


def _often(reader: Reader, area: str) -> str:
    row = next(iter(reader.rows("robusthet", area=area, period=reader.period)), {})
    names = ("share_among_lowest", "lowest", "n_variants")
    share, lowest, count = (float_of(row.get(name)) for name in names)
    if share is None or lowest is None or count is None:
        return ""
    write = reader.words
    parts = {"lowest": write.count(lowest), "count": write.count(count)}
    if share == 1:
        return write.say("page.often_all", **parts)
    return write.say("page.often", share=write.percent(percent_of_ways(share)), **parts)


def _residents(reader: Reader, area: str) -> float | None:
    people = reader.publication.population
    rows = people[(people["area"] == area) & (people["period"] == reader.period)]
    return float_of(rows["population"].iloc[0]) if len(rows) else None

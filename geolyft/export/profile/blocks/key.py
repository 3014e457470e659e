"""The figures at the top of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.profile.figures import UNSAID, Block, absent, interval_text, shown, verdict_of
from geolyft.export.profile.sentences import say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader


def key_figures(reader: Reader, area: str) -> Block:
    """Return the figures at the top of a profile."""
    words, cell = reader.words, reader.cell(INDEX, area)
    own, city = float_of(cell["value"]), reader.value(INDEX, CITY)
    row = reader.index_rows.get(area, {})
    interval = interval_text(reader, cell)
    low, _, high = interval.partition("–")
    verdict = verdict_of(reader, own, city, reader.distinct.get((INDEX, area)), better_is_more=True)
    total = len(reader.publication.catalogue.indicators)
    counted = shown(row.get("n_indicators"))
    return Block(
        index=words.number(own),
        absent="" if own is not None else absent(reader, cell),
        interval=say(reader, "key_uncertain", low=low, high=high) if interval else "",
        verdict="" if own is None else verdict,
        city=say(reader, "city_is", value=words.number(city)) if city is not None else "",
        rank=_rank(reader, row) if own is not None else "",
        often=_often(reader, area) if own is not None else "",
        residents=words.count(_residents(reader, area)),
        counted=say(reader, "key_of", n=words.count(counted or 0), all=total),
        status=words.status(str(cell["status"]), without=UNSAID),
    )


def _rank(reader: Reader, row: Mapping[str, object]) -> str:
    low, high = (shown(row.get(name)) for name in ("rank_low", "rank_high"))
    if low is None or high is None:
        return ""
    known = sum(reader.value(INDEX, area) is not None for area in reader.codes)
    key = "key_rank_one" if low == high else "key_rank_span"
    said = {"low": reader.words.count(low), "high": reader.words.count(high)}
    return say(reader, key, count=known, **said)


def _often(reader: Reader, area: str) -> str:
    for row in reader.rows("robusthet", area=area, period=reader.period):
        share, lowest, count = (
            shown(row[name]) for name in ("share_among_lowest", "lowest", "n_variants")
        )
        exact = float_of(row["share_among_lowest"])
        if share is None or lowest is None or count is None or exact is None:
            return ""
        words = reader.words
        return words.say(
            "page.often",
            lowest=words.count(lowest),
            share=words.count(100 * exact),
            count=words.count(count),
        )
    return ""


def _residents(reader: Reader, area: str) -> float | None:
    people = reader.publication.population
    rows = people[(people["area"] == area) & (people["period"] == reader.period)]
    return float_of(rows["population"].iloc[0]) if len(rows) else None

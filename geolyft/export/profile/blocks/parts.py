"""What makes up an area's index, what stands out in it, and the areas around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.schemes import INDEX
from geolyft.export.html.charts import NARROW, bar_row, interval_row
from geolyft.export.profile.figures import Block, figure_texts, reading_of, value_text, verdict_of
from geolyft.export.profile.sentences import say
from geolyft.frames import CITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.export.figures.reader import Reader


def parts_of(reader: Reader, area: str) -> Block | None:
    """Return what pulls an area's index from 100, where the index is made of parts."""
    index = reader.value(INDEX, area)
    points = _points(reader, area)
    if index is None or not points:
        return None
    reach = max(
        [1.0, *(abs(each) for code in reader.codes for each in _points(reader, code).values())]
    )
    ordered = sorted(points.items(), key=lambda item: (item[1], item[0]))
    return Block(
        rows=[
            Block(
                code=code,
                label=reader.label(code),
                chart=bar_row(value, reach=reach, name=_pull(reader, code, value), width=NARROW),
                points=reader.words.signed(value),
            )
            for code, value in ordered
        ],
        total=reader.words.signed(index - 100),
    )


def _points(reader: Reader, area: str) -> dict[str, float]:
    cells = {code: reader.cell(code, area) for code in reader.publication.catalogue.codes}
    known = {code: float_of(cell.get("difference")) for code, cell in cells.items()}
    return {code: value for code, value in known.items() if value is not None}


def _pull(reader: Reader, code: str, value: float) -> str:
    text = reader.words.number(abs(value))
    way = "still" if not value else "up" if value > 0 else "down"
    return say(reader, f"parts_name_{way}", name=reader.label(code), points=text)


def standing_out(reader: Reader, area: str, kind: Literal["strength", "challenge"]) -> list[str]:
    """Say what stands out most in an area against the city, of what surely does."""
    rows = reader.rows("styrkor", area=area, period=reader.period, kind=kind)
    # One page has one answer: that of the difference's own interval, where it is known.
    sure = [
        row
        for row in sorted(rows, key=lambda row: float_of(row["rank"]) or 0.0)
        if reader.distinct.get((str(row["indicator"]), area), str(row.get("sure")) == "True")
    ]
    return [
        say(
            reader,
            f"strong_item_{kind}",
            name=reader.label(str(row["indicator"])),
            points=reader.words.number(abs(float_of(row["difference"]) or 0.0)),
        )
        for row in sure
    ]


def neighbour_rows(reader: Reader, areas: Sequence[str], stems: Mapping[str, str]) -> list[Block]:
    """Return some areas with their index, as they are listed; `stems` name their pages."""
    return [_neighbour(reader, area, stems[area]) for area in areas]


def _neighbour(reader: Reader, area: str, stem: str) -> Block:
    cell, city = reader.cell(INDEX, area), reader.value(INDEX, CITY)
    distinct = reader.distinct.get((INDEX, area))
    verdict = verdict_of(reader, INDEX, area)
    value = value_text(reader, cell)
    name = say(reader, "neighbour_name", area=reader.title(area), value=value, verdict=verdict)
    return Block(
        code=area,
        title=reader.title(area),
        stem=stem,
        chart=interval_row(
            reading_of(cell),
            axis=reader.index_axis,
            reference=city,
            name=name,
            sure=bool(distinct),
            width=NARROW,
        ),
        **figure_texts(reader, cell),
    )

"""Steps 4 to 6 of the handbook: how indicators hang together, their scales, and their weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.names import NONE
from geolyft.export.report.blocks import (
    Block,
    Cell,
    Grid,
    Points,
    Section,
    Text,
    Texts,
    grid,
    words_cell,
)
from geolyft.export.report.measures import chance_limit, correlate, oriented, with_index
from geolyft.export.report.method import (
    aggregation_of,
    defined_count,
    defined_names,
    is_default,
    normalisation_of,
)
from geolyft.export.report.phrases import recorded, say, span
from geolyft.frames import CITY
from geolyft.index.transforms import COMPARABLE

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.figures.reader import Reader

STRONG: Final = 0.8
"""A correlation from which two indicators say much of the same."""
_MOST_NAMED: Final = 5
_DECIMALS: Final = 2


def structure(reader: Reader) -> Section:
    """Return step 4: correlations between the indicators and with the index."""
    publication = reader.publication
    table = oriented(reader.observed(), publication.catalogue, period=reader.period)[reader.known]
    pairs = correlate(table)
    blocks: list[Block] = []
    if pairs["r"].notna().any():
        blocks += [
            Text(text=say(reader, "structure_about", period=reader.period)),
            Text(text=_caution(reader, pairs), look="care"),
            _matrix(reader, pairs),
        ]
    else:
        blocks.append(Text(text=say(reader, "structure_none", n=len(reader.known)), look="absent"))
    blocks += _to_index(reader)
    blocks.append(Text(text=say(reader, "structure_not")))
    return Section(
        code="multivariat", number="4", title=say(reader, "step_4"), blocks=tuple(blocks)
    )


def _caution(reader: Reader, pairs: pd.DataFrame) -> str:
    fewest, most = int(pairs["n"].min()), int(pairs["n"].max())
    n = span(reader, fewest, most, 0)
    limit = reader.number(chance_limit(most), _DECIMALS)
    strong = [
        f"{row['first']}–{row['second']} ({reader.number(row['r'], _DECIMALS)})"
        for row in pairs.to_dict("records")
        if abs(row["r"]) >= STRONG
    ]
    said = say(reader, "structure_caution", n=n, limit=limit, pairs=len(pairs))
    if not strong:
        return f"{said} {say(reader, 'structure_not_strong')}"
    if len(strong) <= _MOST_NAMED:
        return f"{said} {say(reader, 'structure_strong', list=reader.words.listed(strong))}"
    level = reader.number(STRONG, 1)
    return f"{said} {say(reader, 'structure_many', n=len(strong), all=len(pairs), strong=level)}"


def _matrix(reader: Reader, pairs: pd.DataFrame) -> Grid:
    """Return the lower triangle: each pair once."""
    found = {(r["first"], r["second"]): (r["r"], r["n"]) for r in pairs.to_dict("records")}
    codes = reader.known
    rows: list[Texts] = [
        [
            words_cell(reader.indicator(second)),
            *(_tinted(reader, *found[first, second]) for first in codes[:place]),
            *(Cell(text="") for _ in codes[place:-1]),
        ]
        for place, second in enumerate(codes)
        if place
    ]
    return grid(
        "samband",
        say(reader, "matrix_caption", period=reader.period),
        [say(reader, "indicator"), *codes[:-1]],
        rows,
        note=say(reader, "matrix_note", strong=reader.number(STRONG, 1)),
        look="matrix",
    )


def _tinted(reader: Reader, r: float, n: int) -> Cell:
    if math.isnan(r):
        return Cell(text=NONE)
    look = "strong" if abs(r) >= STRONG else "seen" if abs(r) > chance_limit(n) else ""
    return Cell(text=reader.number(r, _DECIMALS), look=look)


def _to_index(reader: Reader) -> list[Block]:
    publication = reader.publication
    found = with_index(publication.scores, publication.index, period=reader.period).set_index(
        "indicator"
    )
    found = found.reindex([code for code in publication.catalogue.codes if code in found.index])
    if found.empty or found["whole"].isna().all():
        return [Text(text=say(reader, "to_index_none", period=reader.period), look="absent")]
    rows: list[Texts] = [
        [
            reader.indicator(str(code)),
            reader.number(row["whole"], _DECIMALS),
            reader.number(row["rest"], _DECIMALS),
            reader.count(row["n"]),
        ]
        for code, row in found.iterrows()
    ]
    head: Texts = [
        say(reader, "indicator"),
        say(reader, "to_whole"),
        say(reader, "to_rest"),
        say(reader, "n_areas"),
    ]
    return [
        grid(
            "samband-index",
            say(reader, "to_index_caption", period=reader.period),
            head,
            rows,
            note=say(reader, "to_index_note"),
        )
    ]


def scaling(reader: Reader) -> Section:
    """Return step 5: how shares became scores, and the scales."""
    normalisation = normalisation_of(reader)
    publication = reader.publication
    parts = {"city": publication.city, "base": publication.base_period}
    blocks: list[Block] = [Text(text=say(reader, f"scaling_{normalisation or 'unknown'}", **parts))]
    if normalisation == "goalpost":
        blocks.append(Text(text=say(reader, "scaling_formula", **parts), look="formula"))
    elif normalisation is not None:
        blocks.append(Text(text=say(reader, "scaling_rebased", **parts)))
    if len(publication.scales):
        blocks.append(_scales(reader))
    points = [say(reader, "scaling_no_cut")]
    if normalisation is not None:
        comparable = normalisation in COMPARABLE
        points.insert(0, say(reader, "scaling_over_time" if comparable else "scaling_one_time"))
    kept = recorded(reader, "definition", "index", "scales")
    if kept:
        points.append(say(reader, "scaling_kept"))
    blocks.append(Points(items=tuple(points)))
    return Section(
        code="normalisering", number="5", title=say(reader, "step_5"), blocks=tuple(blocks)
    )


def _scales(reader: Reader) -> Grid:
    publication = reader.publication
    scales = {str(scale["indicator"]): scale for scale in publication.scales.to_dict("records")}
    table = oriented(reader.observed(), publication.catalogue, period=publication.base_period).abs()
    rows: list[Texts] = []
    for code in publication.catalogue.codes:
        if code not in scales:
            continue
        scale = scales[code]
        values = table[code].dropna()
        half = float(scale["half_range"])
        rows.append(
            [
                reader.indicator(code),
                reader.words.percent(float(scale["reference_value"])),
                span(reader, values.min(), values.max()),
                reader.number(half),
                reader.number(30 / half, 1) if half > 0 else NONE,
                words_cell(say(reader, f"good_{publication.catalogue[code].direction}")),
            ]
        )
    head: Texts = [
        say(reader, "indicator"),
        say(reader, "reference", city=publication.city, base=publication.base_period),
        say(reader, "range_areas"),
        say(reader, "half_range"),
        say(reader, "points_per"),
        words_cell(say(reader, "good")),
    ]
    caption = say(reader, "scales_caption", base=publication.base_period)
    return grid("skalor", caption, head, rows, note=say(reader, "scales_note"))


def weighting(reader: Reader) -> Section:
    """Return step 6: weights and means."""
    aggregation = aggregation_of(reader)
    blocks: list[Block] = [Text(text=say(reader, f"weighting_{aggregation or 'unknown'}"))]
    own = defined_names(reader, "weights")
    if own:
        said = ", ".join(f"{code} {reader.number(weight)}" for code, weight in own.items())
        blocks.append(Text(text=say(reader, "weighting_own", weights=said)))
    elif aggregation is not None:
        blocks.append(Text(text=say(reader, "weighting_catalogue")))
    blocks.append(_weights(reader))
    points = [say(reader, "weighting_equal")]
    if is_default(reader):
        points.append(say(reader, "weighting_compensates"))
    if any(defined_count(reader, f"minimum_{what}") for what in ("indicators", "dimensions")):
        points.append(say(reader, "weighting_moved"))
    blocks.append(Points(items=tuple(points)))
    return Section(code="viktning", number="6", title=say(reader, "step_6"), blocks=tuple(blocks))


def _weights(reader: Reader) -> Grid:
    publication = reader.publication
    planned = publication.catalogue.weights()
    rows: list[Texts] = [
        [
            reader.indicator(indicator.code),
            words_cell(reader.label(indicator.dimension)),
            reader.percent(float(planned[indicator.code]), decimals=1),
            actual_weight(reader, indicator.code),
        ]
        for indicator in publication.catalogue.indicators
    ]
    head: Texts = [
        say(reader, "indicator"),
        words_cell(say(reader, "dimension")),
        say(reader, "weight_planned"),
        say(reader, "weight_actual", period=reader.period),
    ]
    return grid("vikter", say(reader, "weights_caption"), head, rows)


def actual_weight(reader: Reader, code: str) -> str:
    """Write the weight an indicator had in the areas' indices; a range where areas differ."""
    scores = reader.publication.scores
    mine = scores[(scores["indicator"] == code) & (scores["period"] == reader.period)]
    weights = mine.loc[(mine["area"] != CITY) & mine["weight"].notna(), "weight"]
    if weights.empty:
        return NONE
    ends = [reader.percent(float(end), decimals=1) for end in (weights.min(), weights.max())]
    return ends[0] if ends[0] == ends[1] else say(reader, "to", low=ends[0], high=ends[1])

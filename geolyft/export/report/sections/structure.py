"""Steps 4 to 6 of the handbook: how indicators hang together, their scales, and their weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geolyft.export.figures.names import NONE
from geolyft.export.report import method
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
from geolyft.export.report.measures import FEWEST, chance_limit, correlate, oriented, with_index
from geolyft.export.report.phrases import (
    Columns,
    InWords,
    absence,
    paragraph,
    recorded,
    say,
    span,
    step,
    table,
)
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
    catalogue = reader.publication.catalogue
    shares = oriented(reader.observed(), catalogue, period=reader.period)[reader.known]
    pairs = correlate(shares)
    blocks: list[Block] = [absence(reader, "structure_none", n=len(reader.known))]
    if pairs["r"].notna().any():
        blocks = [
            paragraph(reader, "structure_about", period=reader.period),
            Text(_caution(reader, pairs), "care"),
            _matrix(reader, pairs),
        ]
    blocks += [_to_index(reader), paragraph(reader, "structure_not")]
    return step(reader, 4, "multivariat", blocks)


def _caution(reader: Reader, pairs: pd.DataFrame) -> str:
    told = pairs[pairs["r"].notna()]
    fewest, most = int(told["n"].min()), int(told["n"].max())
    limit, widest = (reader.number(chance_limit(n), _DECIMALS) for n in (most, fewest))
    few = say(reader, "structure_fewest", n=reader.count(fewest), limit=widest)
    strong = [
        f"{row['first']}–{row['second']} ({reader.number(row['r'], _DECIMALS)})"
        for row in told.to_dict("records")
        if abs(row["r"]) >= STRONG
    ]
    caution = say(
        reader,
        "structure_caution",
        n=span(reader, fewest, most, 0),
        limit=limit,
        fewest=few if fewest < most else "",
        pairs=len(told),
    )
    parts = {"n": len(strong), "all": len(told), "strong": reader.number(STRONG, 1)}
    names = reader.words.listed(strong)
    some = "strong" if len(strong) <= _MOST_NAMED else "many"
    which = some if strong else "not_strong"
    return f"{caution} {say(reader, f'structure_{which}', list=names, **parts)}"


def _matrix(reader: Reader, pairs: pd.DataFrame) -> Grid:
    """Return the lower triangle: each pair once."""
    known = {(r["first"], r["second"]): (r["r"], r["n"]) for r in pairs.to_dict("records")}
    codes = reader.known
    rows: list[Texts] = [
        [
            words_cell(reader.indicator(second)),
            *(_tinted(reader, *known[first, second]) for first in codes[:place]),
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


def _to_index(reader: Reader) -> Block:
    publication = reader.publication
    rows = with_index(publication.scores, publication.index, period=reader.period).set_index(
        "indicator"
    )
    rows = rows.reindex([code for code in publication.catalogue.codes if code in rows.index])
    if rows.empty or rows["whole"].isna().all():
        return absence(reader, "to_index_none", period=reader.period, fewest=FEWEST)
    columns: Columns = {
        "indicator": lambda row: reader.indicator(row["indicator"]),
        "to_whole": lambda row: reader.number(row["whole"], _DECIMALS),
        "to_rest": lambda row: reader.number(row["rest"], _DECIMALS),
        "n_areas": lambda row: reader.count(row["n"]),
    }
    records = rows.reset_index().to_dict("records")
    note = say(reader, "to_index_note")
    return table(reader, "samband-index", "to_index", columns, records, note=note)


def scaling(reader: Reader) -> Section:
    """Return step 5: how shares became scores, and the scales."""
    normalisation = method.normalisation_of(reader)
    publication = reader.publication
    parts = {"city": publication.city, "base": publication.base_period}
    blocks: list[Block] = [Text(method.normalisation_told(reader, "about", "scaling_unknown"))]
    if normalisation == "goalpost":
        blocks.append(paragraph(reader, "scaling_formula", look="formula", **parts))
    elif normalisation is not None:
        blocks.append(paragraph(reader, "scaling_rebased", **parts))
    if len(publication.scales):
        blocks.append(_scales(reader))
    points = [say(reader, "scaling_no_cut")]
    if normalisation is not None:
        comparable = normalisation in COMPARABLE
        points.insert(0, say(reader, "scaling_over_time" if comparable else "scaling_one_time"))
    if recorded(reader, "definition", "index", "scales"):
        points.append(say(reader, "scaling_kept"))
    return step(reader, 5, "normalisering", [*blocks, Points(points)])


def _scales(reader: Reader) -> Grid:
    publication = reader.publication
    catalogue, base = publication.catalogue, publication.base_period
    scales = {str(scale["indicator"]): scale for scale in publication.scales.to_dict("records")}
    shares = oriented(reader.observed(), catalogue, period=base).abs()

    def half(code: str) -> float:
        return float(scales[code]["half_range"])

    columns: Columns = {
        "indicator": reader.indicator,
        "reference": lambda code: reader.words.percent(float(scales[code]["reference_value"])),
        "range_areas": lambda code: span(reader, shares[code].min(), shares[code].max()),
        "half_range": lambda code: reader.number(half(code)),
        "points_per": lambda code: reader.number(30 / half(code), 1) if half(code) > 0 else NONE,
        "good": InWords(lambda code: say(reader, f"good_{catalogue[code].direction}")),
    }
    codes = [code for code in catalogue.codes if code in scales]
    return table(reader, "skalor", "scales", columns, codes, note=say(reader, "scales_note"))


def weighting(reader: Reader) -> Section:
    """Return step 6: weights and means."""
    aggregation = method.aggregation_of(reader)
    blocks: list[Block] = [paragraph(reader, f"weighting_{aggregation or 'unknown'}")]
    changed = method.defined_names(reader, "weights")
    if changed:
        weights = ", ".join(f"{code} {reader.number(weight)}" for code, weight in changed.items())
        blocks.append(paragraph(reader, "weighting_own", weights=weights))
    elif aggregation is not None:
        blocks.append(paragraph(reader, "weighting_catalogue"))
    points = [say(reader, "weighting_equal")]
    if method.is_default(reader):
        points.append(say(reader, "weighting_compensates"))
    if any(
        method.defined_count(reader, f"minimum_{what}") for what in ("indicators", "dimensions")
    ):
        points.append(say(reader, "weighting_moved"))
    return step(reader, 6, "viktning", [*blocks, _weights(reader), Points(points)])


def _weights(reader: Reader) -> Grid:
    catalogue = reader.publication.catalogue
    planned = catalogue.weights()
    columns: Columns = {
        "indicator": reader.indicator,
        "dimension": InWords(lambda code: reader.label(catalogue[code].dimension)),
        "weight_planned": lambda code: reader.percent(float(planned[code]), decimals=1),
        "weight_actual": lambda code: actual_weight(reader, code),
    }
    return table(reader, "vikter", "weights", columns, catalogue.codes)


def actual_weight(reader: Reader, code: str) -> str:
    """Write the weight an indicator had in the areas' indices; a range where areas differ."""
    scores = reader.publication.scores
    mine = scores[(scores["indicator"] == code) & (scores["period"] == reader.period)]
    weights = mine.loc[(mine["area"] != CITY) & mine["weight"].notna(), "weight"]
    if weights.empty:
        return NONE
    ends = [reader.percent(float(end), decimals=1) for end in (weights.min(), weights.max())]
    return ends[0] if ends[0] == ends[1] else say(reader, "to", low=ends[0], high=ends[1])

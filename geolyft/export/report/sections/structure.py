"""Steps 4 to 6 of the handbook: how indicators hang together, their scales, and their weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

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
    count_said,
    is_default,
    names_said,
    normalisation_of,
)
from geolyft.export.report.run import NONE
from geolyft.frames import CITY
from geolyft.index.transforms import COMPARABLE

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.export.report.run import Run

STRONG: Final = 0.8
"""A correlation from which two indicators say much of the same."""
_MOST_NAMED: Final = 5
_DECIMALS: Final = 2


def structure(run: Run) -> Section:
    """Return step 4: correlations between the indicators and with the index."""
    own = run.publication
    table = oriented(run.observed(), own.catalogue, period=run.period)[run.known]
    pairs = correlate(table)
    blocks: list[Block] = []
    if pairs["r"].notna().any():
        blocks += [
            Text(text=run.say("structure_about", period=run.period)),
            Text(text=_caution(run, pairs), look="care"),
            _matrix(run, pairs),
        ]
    else:
        blocks.append(Text(text=run.say("structure_none", n=len(run.known)), look="absent"))
    blocks += _to_index(run)
    blocks.append(Text(text=run.say("structure_not")))
    return Section(code="multivariat", number="4", title=run.say("step_4"), blocks=tuple(blocks))


def _caution(run: Run, pairs: pd.DataFrame) -> str:
    fewest, most = int(pairs["n"].min()), int(pairs["n"].max())
    n = run.span(fewest, most, 0)
    limit = run.number(chance_limit(most), _DECIMALS)
    strong = [
        f"{row['first']}–{row['second']} ({run.number(row['r'], _DECIMALS)})"
        for row in pairs.to_dict("records")
        if abs(row["r"]) >= STRONG
    ]
    said = run.say("structure_caution", n=n, limit=limit, pairs=len(pairs))
    if not strong:
        return f"{said} {run.say('structure_not_strong')}"
    if len(strong) <= _MOST_NAMED:
        return f"{said} {run.say('structure_strong', list=run.listed(strong))}"
    level = run.number(STRONG, 1)
    return f"{said} {run.say('structure_many', n=len(strong), all=len(pairs), strong=level)}"


def _matrix(run: Run, pairs: pd.DataFrame) -> Grid:
    """Return the lower triangle: each pair once."""
    found = {(r["first"], r["second"]): (r["r"], r["n"]) for r in pairs.to_dict("records")}
    codes = run.known
    rows: list[Texts] = [
        [
            words_cell(run.indicator(second)),
            *(_tinted(run, *found[first, second]) for first in codes[:place]),
            *(Cell(text="") for _ in codes[place:-1]),
        ]
        for place, second in enumerate(codes)
        if place
    ]
    return grid(
        "samband",
        run.say("matrix_caption", period=run.period),
        [run.say("indicator"), *codes[:-1]],
        rows,
        note=run.say("matrix_note", strong=run.number(STRONG, 1)),
        look="matrix",
    )


def _tinted(run: Run, r: float, n: int) -> Cell:
    if math.isnan(r):
        return Cell(text=NONE)
    look = "strong" if abs(r) >= STRONG else "seen" if abs(r) > chance_limit(n) else ""
    return Cell(text=run.number(r, _DECIMALS), look=look)


def _to_index(run: Run) -> list[Block]:
    own = run.publication
    found = with_index(own.scores, own.index, period=run.period).set_index("indicator")
    found = found.reindex([code for code in own.catalogue.codes if code in found.index])
    if found.empty or found["whole"].isna().all():
        return [Text(text=run.say("to_index_none", period=run.period), look="absent")]
    rows: list[Texts] = [
        [
            run.indicator(str(code)),
            run.number(row["whole"], _DECIMALS),
            run.number(row["rest"], _DECIMALS),
            run.count(row["n"]),
        ]
        for code, row in found.iterrows()
    ]
    head: Texts = [
        run.say("indicator"),
        run.say("to_whole"),
        run.say("to_rest"),
        run.say("n_areas"),
    ]
    return [
        grid(
            "samband-index",
            run.say("to_index_caption", period=run.period),
            head,
            rows,
            note=run.say("to_index_note"),
        )
    ]


def scaling(run: Run) -> Section:
    """Return step 5: how shares became scores, and the scales."""
    normalisation = normalisation_of(run)
    own = run.publication
    parts = {"city": own.city, "base": own.base_period}
    blocks: list[Block] = [Text(text=run.say(f"scaling_{normalisation or 'unknown'}", **parts))]
    if normalisation == "goalpost":
        blocks.append(Text(text=run.say("scaling_formula", **parts), look="formula"))
    elif normalisation is not None:
        blocks.append(Text(text=run.say("scaling_rebased", **parts)))
    if len(own.scales):
        blocks.append(_scales(run))
    points = [run.say("scaling_no_cut")]
    if normalisation is not None:
        comparable = normalisation in COMPARABLE
        points.insert(0, run.say("scaling_over_time" if comparable else "scaling_one_time"))
    kept = run.said("definition", "index", "scales")
    if kept:
        points.append(run.say("scaling_kept"))
    blocks.append(Points(items=tuple(points)))
    return Section(code="normalisering", number="5", title=run.say("step_5"), blocks=tuple(blocks))


def _scales(run: Run) -> Grid:
    own = run.publication
    scales = {str(scale["indicator"]): scale for scale in own.scales.to_dict("records")}
    table = oriented(run.observed(), own.catalogue, period=own.base_period).abs()
    rows: list[Texts] = []
    for code in own.catalogue.codes:
        if code not in scales:
            continue
        scale = scales[code]
        values = table[code].dropna()
        half = float(scale["half_range"])
        rows.append(
            [
                run.indicator(code),
                run.words.percent(float(scale["reference_value"])),
                run.span(values.min(), values.max()),
                run.number(half),
                run.number(30 / half, 1) if half > 0 else NONE,
                words_cell(run.say(f"good_{own.catalogue[code].direction}")),
            ]
        )
    head: Texts = [
        run.say("indicator"),
        run.say("reference", city=own.city, base=own.base_period),
        run.say("range_areas"),
        run.say("half_range"),
        run.say("points_per"),
        words_cell(run.say("good")),
    ]
    caption = run.say("scales_caption", base=own.base_period)
    return grid("skalor", caption, head, rows, note=run.say("scales_note"))


def weighting(run: Run) -> Section:
    """Return step 6: weights and means."""
    aggregation = aggregation_of(run)
    blocks: list[Block] = [Text(text=run.say(f"weighting_{aggregation or 'unknown'}"))]
    own = names_said(run, "weights")
    if own:
        said = ", ".join(f"{code} {run.number(weight)}" for code, weight in own.items())
        blocks.append(Text(text=run.say("weighting_own", weights=said)))
    elif aggregation is not None:
        blocks.append(Text(text=run.say("weighting_catalogue")))
    blocks.append(_weights(run))
    points = [run.say("weighting_equal")]
    if is_default(run):
        points.append(run.say("weighting_compensates"))
    if any(count_said(run, f"minimum_{what}") for what in ("indicators", "dimensions")):
        points.append(run.say("weighting_moved"))
    blocks.append(Points(items=tuple(points)))
    return Section(code="viktning", number="6", title=run.say("step_6"), blocks=tuple(blocks))


def _weights(run: Run) -> Grid:
    own = run.publication
    planned = own.catalogue.weights()
    rows: list[Texts] = [
        [
            run.indicator(indicator.code),
            words_cell(run.what(indicator.dimension)),
            run.percent(float(planned[indicator.code]), decimals=1),
            actual_weight(run, indicator.code),
        ]
        for indicator in own.catalogue.indicators
    ]
    head: Texts = [
        run.say("indicator"),
        words_cell(run.say("dimension")),
        run.say("weight_planned"),
        run.say("weight_actual", period=run.period),
    ]
    return grid("vikter", run.say("weights_caption"), head, rows)


def actual_weight(run: Run, code: str) -> str:
    """Write the weight an indicator had in the areas' indices; a range where areas differ."""
    scores = run.publication.scores
    mine = scores[(scores["indicator"] == code) & (scores["period"] == run.period)]
    weights = mine.loc[(mine["area"] != CITY) & mine["weight"].notna(), "weight"]
    if weights.empty:
        return NONE
    ends = [run.percent(float(end), decimals=1) for end in (weights.min(), weights.max())]
    return ends[0] if ends[0] == ends[1] else run.say("to", low=ends[0], high=ends[1])

"""The effect of each plan, from published figures: a row each, and the years behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geolyft.action.effects import verdict as words
from geolyft.action.effects.panel import AFTER, BEFORE, panel_of
from geolyft.action.effects.permutation import can_be_tested, exact_test
from geolyft.action.effects.power import returns_by_itself, smallest_effect
from geolyft.action.effects.synthetic import gap, p_of_gap
from geolyft.frames import BETWEEN, combine_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geolyft.action.effects.panel import Panel, Published
    from geolyft.action.effects.registered import Registered
    from geolyft.frames import Floats

YEARS_IF_LOW: Final = 3
"""Years before that are asked for of an area that was chosen because it stood low."""
_MOST_CONTROLS: Final = 4000
_SHOWN: Final = 0.005
_NUMBERS: Final = (
    *("skillnad", "lag", "hog", "p", "minsta_p", "mde", "personer"),
    *("niva", "atergang", "syntetisk", "syntetisk_p"),
)


def effects_of(
    registered: Sequence[Registered], published: Published
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the effect of each plan, and its years.

    Returns
    -------
    tuple of pandas.DataFrame
        A row for each plan, also where nothing can be said; and for each plan and year the mean of
        its areas, of the others and of its synthetic control. Figures are per cent or points,
        differences percentage points or points.

    Raises
    ------
    ConfigError
        See `geolyft.action.effects.panel.panel_of`.
    """
    rows, years = [], []
    for each in registered:
        panel = panel_of(each.plan, published)
        row, series = _effect(each, panel)
        rows.append({**_said(each, panel), **row})
        years.append(series)
    table = pd.DataFrame(rows).astype(dict.fromkeys(_NUMBERS, "float64")) if rows else _none()
    return table, pd.concat(years, ignore_index=True) if years else _no_years()


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["plan_id", *_NUMBERS, "ord"])


def _no_years() -> pd.DataFrame:
    return pd.DataFrame(columns=["plan_id", "ar", "fas", "omraden", "ovriga", "syntetisk"])


def _said(each: Registered, panel: Panel) -> dict[str, Any]:
    """Return what is known before anything is computed."""
    plan = each.plan
    return {
        "plan_id": plan.id,
        "indikator": plan.indicator,
        "plan": plan.title,
        "namnd": plan.board,
        "insats_id": plan.effort,
        "omraden": f"{BETWEEN} ".join(plan.areas),
        "start": plan.start,
        "fordrojning": plan.lag,
        "riktning": {"up": "upp", "down": "ner"}[plan.direction],
        "minsta_effekt": plan.smallest,
        "vald_lag": plan.chosen_low,
        "utforskande": each.is_exploratory,
        "registrerad": each.day.isoformat() if each.day else "",
        "avtryck": plan.mark,
        "ar_fore": panel.phases.count(BEFORE),
        "ar_efter": panel.phases.count(AFTER),
        "antal_omraden": panel.chosen,
        "antal_ovriga": len(panel.figures) - panel.chosen,
        "utelamnade": f"{BETWEEN} ".join(panel.left_out),
        "vikter": "",
        "status": combine_status(*panel.statuses) if panel.statuses else "missing",
        **dict.fromkeys(_NUMBERS, math.nan),
    }


def _effect(each: Registered, panel: Panel) -> tuple[dict[str, Any], pd.DataFrame]:
    before, after = panel.part(BEFORE), panel.part(AFTER)
    if word := _hindrance(each, panel):
        told = words.said(word, exploratory=each.is_exploratory)
        return {"ord": told}, _years(each, panel, None)
    chosen, areas = list(range(panel.chosen)), len(panel.figures)
    changes = after.mean(axis=0) - before.mean(axis=0)
    mde = smallest_effect(changes[panel.chosen :], areas=areas, chosen=panel.chosen)
    found = exact_test(changes, chosen)
    apart, weights = gap(before, after, chosen)
    row = {
        "skillnad": found.difference,
        "lag": found.low,
        "hog": found.high,
        "p": found.p,
        "minsta_p": found.smallest,
        "mde": mde,
        "personer": round(found.difference * panel.people / 100, 0),
        "niva": 100 * (1 - found.alpha),
        "atergang": returns_by_itself(before, chosen),
        "syntetisk": apart,
        "syntetisk_p": p_of_gap(
            before, after, apart, chosen=panel.chosen, most=_MOST_CONTROLS
        ),
        "vikter": _weights(panel, weights),
        "ord": words.verdict(each.plan, found, mde=mde, exploratory=each.is_exploratory),
    }  # fmt: skip
    return row, _years(each, panel, weights)


def _hindrance(each: Registered, panel: Panel) -> str:
    """Return in words why nothing is computed; empty where something is."""
    before, after = panel.phases.count(BEFORE), panel.phases.count(AFTER)
    if not panel.phases:
        return words.UNKNOWN
    if not after:
        return words.EARLY
    if before < (YEARS_IF_LOW if each.plan.chosen_low else 1):
        return words.SHORT
    return "" if can_be_tested(len(panel.figures), panel.chosen) else words.FEW


def _weights(panel: Panel, weights: Floats) -> str:
    """Return the areas of the control with their shares, the largest first."""
    pairs = sorted(zip(-weights, panel.figures.index, strict=True))
    shown = (f"{area} ({-share:.2f})" for share, area in pairs if -share >= _SHOWN)
    return f"{BETWEEN} ".join(shown)


def _years(each: Registered, panel: Panel, weights: Floats | None) -> pd.DataFrame:
    """Return the means of each year; the control's from the level that the plan's areas had."""
    every = panel.figures.to_numpy(dtype="float64")
    own, others = every[: panel.chosen], every[panel.chosen :]
    table = pd.DataFrame(
        {
            "plan_id": each.plan.id,
            "ar": [str(year) for year in panel.figures.columns],
            "fas": panel.phases,
            "omraden": own.mean(axis=0),
            "ovriga": others.mean(axis=0) if len(others) else math.nan,
            "syntetisk": math.nan,
        }
    )
    if weights is not None:
        is_before = np.array([phase == BEFORE for phase in panel.phases])
        mix = weights @ (every - every[:, is_before].mean(axis=1, keepdims=True))
        table["syntetisk"] = mix + own[:, is_before].mean()
    return table

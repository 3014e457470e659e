"""The register as a stage: each row of efforts, once for each area it is in."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.action.efforts.form import KEY
from geolyft.action.needs.matrix import THEME, stands
from geolyft.findings.stages.stage import Stage
from geolyft.frames import BETWEEN

if TYPE_CHECKING:
    from geolyft.action.known import Known

_CLOCK: Final = ["veckodag", "tid_pa_dagen", "fran", "till"]


def _compute(known: Known, _settings: None) -> pd.DataFrame:
    rows = known.located.merge(known.register.efforts, on=KEY)
    hours = _hours(known.register.times)
    about = {key: f"{BETWEEN} ".join(of[THEME]) for key, of in known.themes.groupby(KEY)}
    rows["teman"] = pd.Series([about.get(key, "") for key in rows[KEY]], dtype="str")
    rows["status_nu"] = stands(rows, known.as_of)
    rows["tider"] = pd.Series([hours.get(key, "") for key in rows[KEY]], dtype="str")
    # A column of this table is called as its layer's, whatever the division.
    return rows.rename(columns={"area": f"{known.level}_kod"})


def _hours(times: pd.DataFrame) -> dict[str, str]:
    """Return the hours of each row as one text."""
    said: dict[str, list[str]] = {}
    for row in times.to_dict("records"):
        day, part, opens, closes = (str(row[name]) for name in _CLOCK)
        clock = f"{opens}–{closes}" if opens or closes else part
        said.setdefault(str(row[KEY]), []).append(f"{day} {clock}".strip())
    return {key: f"{BETWEEN} ".join(parts) for key, parts in said.items()}


STAGE: Final = Stage("insatser", _compute, setting="efforts", folder=files(__package__))

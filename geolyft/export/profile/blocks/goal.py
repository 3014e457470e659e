"""How far an area is from the city, and whether it will be there by the target year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.export.figures.cells import float_of
from geolyft.export.figures.schemes import CHANGE
from geolyft.export.profile.figures import Block, change_text
from geolyft.export.profile.sentences import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.export.figures.reader import Reader


def goal_of(reader: Reader, area: str) -> Block | None:
    """Return an area's way to the city's moving value, where the run has a target year."""
    rows = {str(row["what"]): row for row in reader.rows("mal", area=area, goal="moving")}
    ordered = [rows[what] for what in reader.whats if what in rows]
    known = [row for row in ordered if float_of(row["gap"]) is not None]
    if not known:
        return None
    return Block(
        year=str(known[0]["target_year"]),
        first=str(known[0]["first"]),
        last=str(known[0]["last"]),
        steps=[_step(reader, row) for row in known],
    )


def _step(reader: Reader, row: Mapping[str, object]) -> Block:
    gap = float_of(row["gap"])
    is_behind = gap is not None and gap > 0
    # The table says how far behind an area is; on a page plus is better than the city.
    ahead = (
        -part if (part := float_of(row[name])) is not None else None
        for name in ("gap", "gap_high", "gap_low")
    )
    return Block(
        label=reader.label(str(row["what"])),
        gap=change_text(reader, *ahead),
        required=reader.words.number(float_of(row["required"])) if is_behind else "–",
        pace=change_text(reader, row["pace"], row["pace_low"], row["pace_high"]),
        verdict=_goal_verdict(reader, row, is_behind=is_behind),
    )


def _goal_verdict(reader: Reader, row: Mapping[str, object], *, is_behind: bool) -> str:
    """Say the run's own verdict in words that fit both sides of the city."""
    if row["reason"]:
        return say(reader, f"reason_{row['reason']}", note=_note(reader, row))
    high = float_of(row["gap_high"])
    if not is_behind and row["verdict"] == "not_on_track":
        return say(reader, "goal_falling")
    if row["verdict"] == "on_track" and high is not None and high < 0:
        return say(reader, "goal_ahead")
    return say(reader, f"goal_{row['verdict']}")


def _note(reader: Reader, row: Mapping[str, object]) -> str:
    judged = reader.rows(CHANGE, area=str(row["area"]), what=str(row["what"]))
    return str(judged[0]["note"]) if judged else ""

"""Which plans were registered, when, and whether that was in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from geolyft.action.effects.plan import Plan
from geolyft.errors import ConfigError, ReadError, brief
from geolyft.export.aside import one_by_one
from geolyft.export.plans import add_plan_line
from geolyft.read.plans import read_plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Registered:
    """A plan, and the day on which it was registered; none of an exploratory one."""

    plan: Plan
    day: dt.date | None

    @property
    def is_exploratory(self) -> bool:
        """Whether it may have been said when the figures were known."""
        return self.plan.exploratory or self.day is None


def register_plan(file: Path, plan: Plan, day: dt.date) -> bool:
    """Add a plan to a register, and say whether it was new.

    Raises
    ------
    ConfigError
        ``effects-changed`` when another plan has its id, ``effects-late`` when its figures can be
        known already.
    ReadError
        ``effects-register``.
    """
    with one_by_one(file):
        said, before = read_plan_lines(file)
        known = _plans(said, file)
        _check_same(plan, known, file.name)
        if any(each.plan.sha256 == plan.sha256 for each in known):
            return False
        if not plan.exploratory:
            check_in_time(plan, day, file.name)
        whole = {"plan": plan.model_dump(mode="json"), "registered": day.isoformat()}
        add_plan_line(file, {**whole, "sha256": plan.sha256, "previous": before})
    return True


def read_register(file: Path) -> list[Registered]:
    """Return the plans of a register, in the order in which they came.

    Raises
    ------
    ReadError
        ``effects-register``.
    ConfigError
        ``effects-late``.
    """
    known = _plans(read_plan_lines(file)[0], file)
    for each in known:
        if not each.plan.exploratory and each.day is not None:
            check_in_time(each.plan, each.day, file.name)
    return known


def with_plans(registered: list[Registered], plans: Iterable[Plan]) -> list[Registered]:
    """Return the registered plans, and after them those that are exploratory.

    Raises
    ------
    ConfigError
        ``effects-unregistered`` or ``effects-changed``.
    """
    every = list(registered)
    known = {each.plan.sha256 for each in registered}
    for plan in plans:
        _check_same(plan, every, plan.id)
        if plan.sha256 in known:
            continue
        if not plan.exploratory:
            raise ConfigError(
                "effects-unregistered",
                f"the plan {plan.id} is not in the register",
                remedy="register it before its figures are there (geolyft effects register), "
                "or say exploratory = true in it",
            )
        every.append(Registered(plan, None))
    return every


def check_in_time(plan: Plan, day: dt.date, where: str) -> None:
    """Refuse a plan that was registered when its first figure could be known.

    Raises
    ------
    ConfigError
        ``effects-late``.
    """
    last = plan.last_day_to_register
    if day > last:
        what = f"the plan {plan.id} is registered {day}, its first figure is of {last.year}"
        remedy = f"register by {last}, or say exploratory = true in it"
        raise ConfigError("effects-late", what, remedy=remedy, where=where)


def _check_same(plan: Plan, known: Iterable[Registered], where: str) -> None:
    """Refuse another plan of the same id: what was registered stands."""
    for each in known:
        if each.plan.id == plan.id and each.plan.sha256 != plan.sha256:
            what = f"the plan {plan.id} is not as it was registered"
            remedy = "use the registered plan, or register the new one under an id of its own"
            raise ConfigError("effects-changed", what, remedy=remedy, where=where)


def _plans(said: list[dict[str, object]], file: Path) -> list[Registered]:
    plans = []
    for number, line in enumerate(said, start=1):
        where = f"{file.name}, line {number}"
        plan, day = _plan(line.get("plan")), _day(line.get("registered"))
        if plan is None or day is None or plan.sha256 != line.get("sha256"):
            named = "line" if plan is None else f"plan {brief(plan.id)}"
            what = f"the {named} is not the one that its fingerprint is of"
            remedy = "get the register as geolyft effects register wrote it"
            raise ReadError("effects-register", what, remedy=remedy, where=where)
        plans.append(Registered(plan, day))
    return plans


def _plan(form: object) -> Plan | None:
    try:
        return Plan.model_validate(form)
    except ValidationError:
        return None


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None

"""The commands of effects: a plan is registered beforehand, and held against what came."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import click

from geolyft.commands.options import FILE, Group, as_json
from geolyft.terminal import in_place, print_line, print_out

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_register = click.option("--file", "register", type=FILE, default="effektplaner.jsonl",
                         show_default=True, help="The register of plans.")  # fmt: skip


@click.group("effects", cls=Group)
def effects_group() -> None:
    """Say beforehand what an effort is to change, and see afterwards whether it did.

    \b
    Example:
      geolyft effects register plan.toml
    """


@effects_group.command("register")
@click.argument("plan", metavar="PLAN.toml", type=FILE)
@_register
def register_command(plan: Path, register: Path) -> None:
    """Register a plan with its fingerprint and today's date. What is registered is never changed.

    \b
    Example:
      geolyft effects register plan.toml --file effektplaner.jsonl
    """
    from geolyft.action.effects.plan import read_plan  # noqa: PLC0415
    from geolyft.action.effects.registered import register_plan  # noqa: PLC0415

    asked = read_plan(plan)
    new = register_plan(register, asked, date.today())  # noqa: DTZ011
    with in_place():
        print_out([f"{asked.id}: {'registered' if new else 'is there already'}, {asked.sha256}"],
                  as_json=False)  # fmt: skip


@effects_group.command("compute")
@click.argument("folder", metavar="DIR", type=FILE)
@click.argument("plans", metavar="[PLAN.toml]...", nargs=-1, type=FILE)
@_register
@as_json
def compute_command(
    folder: Path, plans: tuple[Path, ...], register: Path, *, as_json: bool
) -> None:
    """Hold every registered plan against a delivery: first what can be seen, then what is.

    \b
    Example:
      geolyft effects compute out/register --file effektplaner.jsonl
    """
    from geolyft.action.effects.compute import effects_of  # noqa: PLC0415
    from geolyft.action.effects.plan import read_plan  # noqa: PLC0415
    from geolyft.action.effects.registered import read_register, with_plans  # noqa: PLC0415
    from geolyft.pipeline.around.effects import published_in  # noqa: PLC0415

    known = with_plans(read_register(register), map(read_plan, plans))
    table, _ = effects_of(known, published_in(folder))
    if as_json:
        print_line(table.to_json(orient="records", force_ascii=False))
    else:
        print_out([line for _, row in table.iterrows() for line in _lines(row)], as_json=False)


def _lines(row: pd.Series) -> list[str]:
    """Return a plan in lines, in the order in which it should be read."""
    seen = f"smallest effect that shows {row['mde']:.2f}, of interest {row['minsta_effekt']:.2f}"
    found = f"difference {row['skillnad']:+.2f}, p {row['p']:.3f} (at least {row['minsta_p']:.3f})"
    is_computed = not math.isnan(row["skillnad"])
    said = [seen, f"{found}; {row['ord']}"] if is_computed else [str(row["ord"])]
    return [f"{row['plan_id']}: {each}" for each in said]

"""The commands of the ledger of releases: what it holds, and what is added and withdrawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

import geolyft
from geolyft.commands.options import FILE, Group, as_json
from geolyft.errors import GeolyftError
from geolyft.terminal import in_place, print_out, print_table, say

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from pathlib import Path

    from geolyft.run_file.config import Config


def remember(
    folder: Path,
    ledger: Path,
    day: date,
    config: Config | None = None,
    *,
    known: Container[str] | None = None,
) -> None:
    """Add a delivery to a ledger, and say whether it was there."""
    from geolyft.pipeline.releases.record import add_release  # noqa: PLC0415

    name, new = add_release(folder, ledger, day=day, config=config, known=known)
    told = "added" if new else "is there already"
    say(f"{ledger.name}: release {name} {told}")


def make_and_remember(
    make: Callable[[], None], config: Config, ledger: Path, run_file: Path, folder: Path
) -> None:
    """Make a run and add it to the ledger, where others may be added meanwhile."""
    from geolyft.read.releases import read_ledger  # noqa: PLC0415

    known = set(read_ledger(ledger)["release"]["release"])
    make()
    try:
        remember(folder, ledger, date.today(), config, known=known)  # noqa: DTZ011
    except GeolyftError as refused:
        what = f"{refused.what}; the delivery is made, and not in it"
        again = f"geolyft releases add {folder} --run {run_file} --file {ledger}"
        remedy = refused.remedy if refused.code == "releases-meanwhile" else again
        raise type(refused)(refused.code, what, remedy=remedy, where=refused.where) from None


@click.group("releases", cls=Group)
def releases_group() -> None:
    """See and keep the ledger of what has been released of registers.

    \b
    Example:
      geolyft releases list --file releases.sqlite
    """


_ledger = click.option("--file", "ledger", type=FILE, default="releases.sqlite",
                       show_default=True, help="The ledger.")  # fmt: skip


@releases_group.command("list")
@_ledger
@as_json
def releases_list_command(ledger: Path, *, as_json: bool) -> None:
    """List the releases, withdrawn ones too: what was public is known.

    \b
    Example:
      geolyft releases list
    """
    from geolyft.pipeline.releases.listed import listed  # noqa: PLC0415

    print_table(listed(ledger), as_json=as_json)


@releases_group.command("show")
@click.argument("release")
@_ledger
@as_json
def releases_show_command(release: str, ledger: Path, *, as_json: bool) -> None:
    """Say what a release published, of whom, and how much of it is hidden.

    \b
    Example:
      geolyft releases show 3f2a9c
    """
    from geolyft.pipeline.releases.listed import explained  # noqa: PLC0415

    said = explained(ledger, release)
    print_out(said if as_json else [f"{name}: {each}" for name, each in said.items()],
              as_json=as_json)  # fmt: skip


@releases_group.command("add")
@click.argument("folder", metavar="DIR", type=FILE)
@click.option(
    "--run", "run_file", type=FILE, help="The run file that made it, where its sources still are."
)
@_ledger
def releases_add_command(folder: Path, ledger: Path, run_file: Path | None) -> None:
    """Add a delivery that was released. Adding it twice is adding it once.

    With the run file that made it the rows of its sources are known again, whatever files are
    called later; without it sources are known by their names and columns.

    \b
    Example:
      geolyft releases add out/register_2026-03-01 --run register.toml
    """
    config = None if run_file is None else geolyft.load_config(run_file)
    remember(folder, ledger, date.today(), config)  # noqa: DTZ011


@releases_group.command("withdraw")
@click.argument("release")
@click.option("--reason", required=True, help="Why; it is kept in the ledger.")
@_ledger
def releases_withdraw_command(release: str, reason: str, ledger: Path) -> None:
    """Note that a release is no longer public. What it showed stays known to every later run.

    \b
    Example:
      geolyft releases withdraw 3f2a9c --reason "wrong year in the register"
    """
    from geolyft.export.releases import withdraw  # noqa: PLC0415
    from geolyft.pipeline.releases.listed import STAYS, find  # noqa: PLC0415

    name = find(ledger, release)
    withdraw(ledger, name, reason)
    with in_place():
        print_out([f"{name}: withdrawn; {STAYS}"], as_json=False)

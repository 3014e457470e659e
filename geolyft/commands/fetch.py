"""The commands that download what publishers have: their polygons, and SCB's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geolyft.commands.options import FILE, Group, as_json
from geolyft.terminal import in_place, print_out

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.fetch.scb import Kind


@click.group("boundaries", cls=Group)
def boundaries_group() -> None:
    """Get the publishers' own polygons.

    \b
    Example:
      geolyft boundaries fetch deso2025
    """


@boundaries_group.command("fetch")
@click.argument("names", nargs=-1)
@click.option("--cache", type=FILE, help="Folder to keep the files in.")
@click.option("--update", is_flag=True, help="Accept a file the publisher has changed.")
@as_json
def fetch_command(
    names: tuple[str, ...], cache: Path | None, *, update: bool, as_json: bool
) -> None:
    """Download the publishers' originals, kept and checksummed.

    \b
    Example:
      geolyft boundaries fetch deso2025 --cache originals
    """
    from geolyft.fetch.originals import fetch  # noqa: PLC0415 - needs the optional package pooch

    got = fetch(names, cache=cache, update=update)
    rows = [{"name": g.name, "path": str(g.path), "sha256": g.sha256, "url": g.url} for g in got]
    with in_place():
        print_out(rows if as_json else [f"{r['name']}: {r['path']}" for r in rows], as_json=as_json)


@click.group("fetch", cls=Group)
def fetch_group() -> None:
    """Download tables of publishers, kept and checksummed.

    \b
    Example:
      geolyft fetch scb TAB6638 --select Region=1280* --select Tid=2025
    """


@fetch_group.command("scb")
@click.argument("table")
@click.option("--select", multiple=True, metavar="VARIABLE=VALUES", required=True,
              help="A variable and its values, with commas between; once each.")  # fmt: skip
@click.option("--format", "kind", type=click.Choice(["json", "px", "csv", "xlsx"]), default="json",
              help="JSON-stat 2 by default.")  # fmt: skip
@click.option("--name", help="What to call the file, without its ending.")
@click.option("--cache", type=FILE, help="Folder to keep the file in.")
@click.option("--update", is_flag=True, help="Accept a file that SCB has changed.")
@click.option("--api", help="Another server than SCB's.")
@as_json
def fetch_scb_command(
    table: str, select: tuple[str, ...], kind: Kind, name: str | None, cache: Path | None,
    api: str | None, *, update: bool, as_json: bool,
) -> None:  # fmt: skip
    """Download a table of SCB's statistical database as it is, and say what it holds.

    \b
    Example:
      geolyft fetch scb TAB6638 --select Region=1280* --select Tid=2025 --cache data
    """
    # Imported here: it needs the optional package pooch.
    from geolyft.fetch.scb import API, fetch_table  # noqa: PLC0415
    from geolyft.read import read_table  # noqa: PLC0415

    pairs = [each.partition("=") for each in select]
    got = fetch_table(
        table,
        select={variable: values.split(",") for variable, _, values in pairs},
        kind=kind,
        name=name,
        cache=cache,
        update=update,
        api=api or API,
    )
    row = {"path": str(got.path), "sha256": got.sha256, "url": got.url}
    told = kind in ("json", "px") and not as_json
    said = [read_table(got.path).understood.sentence()] if told else []
    with in_place():
        print_out(row if as_json else [row["path"], *said], as_json=as_json)

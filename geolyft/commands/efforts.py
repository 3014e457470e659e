"""The commands of the register of efforts: a template to fill in, its check, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geolyft.commands.options import FILE, Group, as_json
from geolyft.terminal import in_place, print_line, print_out, print_table, say

if TYPE_CHECKING:
    from pathlib import Path

    from geolyft.action.efforts.gazetteer import Gazetteer
    from geolyft.action.efforts.register import Register
    from geolyft.indicators.catalogue import Catalogue, Language

_run = click.option("--run", "run_file", type=FILE, metavar="RUN.toml", help="The run whose areas "
                    "and catalogue hold; by default GeSO and the shipped one.")  # fmt: skip
_board = click.option("--board", metavar="NAME", help="Only the rows of this board or company.")


@click.group("efforts", cls=Group)
def efforts_group() -> None:
    """Keep the register of efforts: write its template, check it, see what was corrected.

    \b
    Example:
      geolyft efforts template --out insatser.xlsx
    """


@efforts_group.command("template")
@click.option("--out", required=True, type=FILE, help="Workbook to write, .xlsx.")
@click.option("--from", "file", type=FILE, metavar="FILE", help="A register to fill it with.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", help="Of the explanations.")
@_board
@_run
def template_command(
    out: Path, file: Path | None, lang: Language, board: str | None, run_file: Path | None
) -> None:
    """Write the register's workbook with its lists to choose from, empty or with a register.

    \b
    Example:
      geolyft efforts template --from insatser.csv --board Kulturnämnden --out kultur.xlsx
    """
    from geolyft.action.efforts.template import write_template  # noqa: PLC0415

    catalogue, known = _holding(run_file)
    if board and not file:
        raise click.UsageError("--board goes with --from FILE")
    register = _read(file, catalogue, known, board) if file else None
    write_template(out, catalogue=catalogue, known=known, register=register, lang=lang)
    with in_place():
        print_line(str(out))


@efforts_group.command("check")
@click.argument("file", metavar="FILE", type=FILE)
@_run
@as_json
def check_command(file: Path, run_file: Path | None, *, as_json: bool) -> None:
    """Check a register: every fault at once, with row, column and the way out.

    \b
    Example:
      geolyft efforts check examples/efforts/insatser.csv
    """
    from geolyft.action.efforts.located import summary  # noqa: PLC0415

    catalogue, known = _holding(run_file)
    register = _read(file, catalogue, known)
    counts = summary(register, known)
    lines = [f"{name}: {count:g}" for name, count in counts.items()]
    doubts = list(register.doubts)
    print_out({"ok": True, **counts, "doubts": doubts} if as_json else lines, as_json=as_json)
    for doubt in () if as_json else doubts:
        say(doubt)


@efforts_group.command("diff")
@click.argument("before", metavar="BEFORE", type=FILE)
@click.argument("after", metavar="AFTER", type=FILE)
@_board
@_run
@as_json
def diff_command(
    before: Path, after: Path, board: str | None, run_file: Path | None, *, as_json: bool
) -> None:
    """Say what differs between two registers, cell by cell.

    \b
    Example:
      geolyft efforts diff insatser.csv kultur.xlsx --board Kulturnämnden
    """
    from geolyft.action.efforts.diff import diff  # noqa: PLC0415

    catalogue, known = _holding(run_file)
    changed = diff(*(_read(each, catalogue, known, board) for each in (before, after)))
    if as_json or len(changed):
        print_table(changed, as_json=as_json)


def _holding(run_file: Path | None) -> tuple[Catalogue, Gazetteer]:
    """Return the catalogue and the areas that hold for a register."""
    from geolyft.action.efforts.gazetteer import gazetteer  # noqa: PLC0415
    from geolyft.divisions.areas import load_areas  # noqa: PLC0415
    from geolyft.indicators.catalogue import load_catalogue  # noqa: PLC0415
    from geolyft.pipeline.levels import read_areas  # noqa: PLC0415
    from geolyft.run_file.config import load_config  # noqa: PLC0415

    if run_file is None:
        return load_catalogue(), gazetteer(load_areas("geso"), division="geso")
    config = load_config(run_file)
    return config.catalogue(), gazetteer(read_areas(config), division=config.areas.division)


def _read(file: Path, catalogue: Catalogue, known: Gazetteer, board: str | None = None) -> Register:
    from geolyft.action.efforts.register import of_board, read_register  # noqa: PLC0415

    register = read_register(file, catalogue=catalogue, known=known)
    return of_board(register, board) if board else register

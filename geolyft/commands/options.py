"""What commands have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from geolyft.terminal import Talk

FILE: Final = click.Path(path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def _quiet(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it
    talk: Talk | None = context.find_root().obj
    if value and talk:
        talk.quiet = True


def _debug(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it
    talk: Talk | None = context.find_root().obj
    if value and talk:
        talk.debug = True


def _progress(context: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it
    talk: Talk | None = context.find_root().obj
    if value and talk:
        talk.steps = True


def _log(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    talk: Talk | None = context.find_root().obj
    if value and talk:
        talk.keep(value, context.command_path)


def _of_every_command() -> list[click.Option]:
    return [
        click.Option(["--quiet"], is_flag=True, expose_value=False, callback=_quiet,
                     help="Say nothing but the answer and refusals."),
        click.Option(["--progress"], is_flag=True, expose_value=False, callback=_progress,
                     help="Tell a program how far it has come, a line a step on stderr."),
        click.Option(["--log"], type=FILE, metavar="FILE", expose_value=False, callback=_log,
                     help="Add to this file when it began, every note, and how it ended."),
        click.Option(["--debug"], is_flag=True, expose_value=False, callback=_debug,
                     help="Show where in geolyft a bug is; that may quote your files."),
    ]  # fmt: skip


class Command(click.Command):
    """A command with the options that all of them have."""

    def __init__(self, name: str | None, **settings: Any) -> None:  # noqa: ANN401 - click's own
        params = [*(settings.pop("params", None) or []), *_of_every_command()]
        super().__init__(name, params=params, **settings)


class Group(click.Group):
    """A group of such commands."""

    command_class = Command

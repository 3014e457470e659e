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


def _log(context: click.Context, _option: click.Parameter, value: Path | None) -> None:
    talk: Talk | None = context.find_root().obj
    if value and talk:
        talk.keep(value, context.command_path)


def _limits(context: click.Context, _option: click.Parameter, value: float) -> None:
    if value != 1:
        from geolyft.read.understand.limits import limits  # noqa: PLC0415 - few raise them

        context.with_resource(limits(value))


def _of_every_command() -> list[click.Option]:
    return [
        click.Option(["--quiet"], is_flag=True, expose_value=False, callback=_quiet,
                     help="Say nothing but the answer and refusals."),
        click.Option(["--log"], type=FILE, metavar="FILE", expose_value=False, callback=_log,
                     help="Add to this file when it began, every note, and how it ended."),
        click.Option(["--limits"], type=click.FloatRange(min=1), default=1, metavar="TIMES",
                     expose_value=False, callback=_limits,
                     help="Raise the limits on what a file may hold, where one is refused for it."),
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

"""What commands have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geolyft.terminal import Talk

FILE: Final = click.Path(path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


class Named(click.Path):
    """The name of something shipped, or a file; shells complete both.

    Parameters
    ----------
    names
        Gives the names, when a shell asks: what has them is slow to import.
    """

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self._names = names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Let the shell complete files, and return the names that begin so."""
        names = [name for name in self._names() if name.startswith(incomplete)]
        # Files first: where bash is told of them, it forgets what came before.
        return [*super().shell_complete(ctx, param, incomplete), *map(CompletionItem, names)]


def _divisions() -> Iterable[str]:
    from geolyft.divisions.areas import DIVISIONS  # noqa: PLC0415 - half a second

    return DIVISIONS


def _crosswalks() -> Iterable[str]:
    from geolyft.divisions.crosswalks import CROSSWALKS  # noqa: PLC0415 - half a second

    return CROSSWALKS


DIVISION: Final = Named(_divisions)
CROSSWALK: Final = Named(_crosswalks)


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


def _limits(context: click.Context, _option: click.Parameter, value: float) -> None:
    if value != 1:
        from geolyft.allowed import limits  # noqa: PLC0415 - few raise them

        context.with_resource(limits(value))


def _of_every_command() -> list[click.Option]:
    return [
        click.Option(["--quiet"], is_flag=True, expose_value=False, callback=_quiet,
                     help="Say nothing but the answer and refusals."),
        click.Option(["--progress"], is_flag=True, expose_value=False, callback=_progress,
                     help="Tell a program how far it has come, a line a step on stderr."),
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

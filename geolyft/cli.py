"""Arguments in, one library call, a few lines out.

`geolyft` loads what is asked of it, and what is not in it is imported where it is used: no command
waits for the modules of the others.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import warnings
from collections import Counter
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import shell_complete

import geolyft
from geolyft.commands.effects import effects_group
from geolyft.commands.efforts import efforts_group
from geolyft.commands.fetch import boundaries_group, fetch_group
from geolyft.commands.options import CROSSWALK, DIVISION, FILE, Group, as_json
from geolyft.commands.place import place_command
from geolyft.commands.releases import make_and_remember, releases_group
from geolyft.errors import AreaError, GeolyftError, GeolyftWarning, ReadError, brief
from geolyft.terminal import (
    BUG,
    Bar,
    Talk,
    answer,
    aside,
    end_as_interrupted,
    in_place,
    open_streams,
    print_line,
    print_out,
    print_table,
)

if TYPE_CHECKING:
    from geolyft.indicators.catalogue import Language
    from geolyft.run_file.config import Config

_COMPLETE: Final = "_GEOLYFT_COMPLETE"
_DIFFERENT: Final = 5
"""The exit code of a comparison that was asked for one, and found a difference."""
_SELDOM: Final = (200_000, 50, 50)
_out = click.option("--out", type=FILE, help="Folder of the delivery.")
_lang = click.option("--lang", type=click.Choice(["sv", "en"]), help="Language of the outputs.")


@click.group(
    cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(geolyft.__version__, prog_name="geolyft")
def cli() -> None:
    """Show where a city's conditions differ, why, how surely, and which way they go.

    \b
    Example:
      geolyft demo
    """


for group in (efforts_group, effects_group, releases_group, boundaries_group, fetch_group):
    cli.add_command(group)
cli.add_command(place_command)


@cli.command("demo")
@_out
@_lang
@as_json
def demo_command(out: Path | None, lang: Language | None, *, as_json: bool) -> None:
    """Make the shipped example of open data for Malmö.

    \b
    Example:
      geolyft demo --out out/demo
    """
    from geolyft.divisions.areas import demo_folder  # noqa: PLC0415

    _run(geolyft.load_config(demo_folder() / "run.toml"), out or Path("out", "demo"), lang,
         as_json=as_json)  # fmt: skip


@cli.command("run")
@click.argument("run_file", metavar="RUN.toml", type=FILE)
@_out
@_lang
@click.option("--publish", is_flag=True, help="Add today's date to the folder's name: no delivery "
              "is replaced, and nobody's open file with it. It is a release, and is added to the "
              "run file's ledger.")  # fmt: skip
@as_json
def run_command(
    run_file: Path, out: Path | None, lang: Language | None, *, publish: bool, as_json: bool
) -> None:
    """Make one run. The delivery goes to out/ and the run file's name unless --out says otherwise.

    \b
    Example:
      geolyft run examples/register/run.toml --out out/register --publish
    """
    folder = out or Path("out", run_file.resolve().stem)
    from geolyft.export.delivery import dated  # noqa: PLC0415

    config, today = geolyft.load_config(run_file), date.today()  # noqa: DTZ011
    folder = dated(folder, today) if publish else folder
    make = partial(_run, config, folder, lang, as_json=as_json)
    if publish and config.releases is not None:
        make_and_remember(make, config, config.path(config.releases.file), run_file, folder)
    else:
        make()


@cli.command("check")
@click.argument("run_file", metavar="RUN.toml", type=FILE)
@as_json
def check_command(run_file: Path, *, as_json: bool) -> None:
    """Check a run without writing it: files, columns, codes, CRS, figures, forbidden choices.

    \b
    Example:
      geolyft check examples/demo/run.toml
    """
    from geolyft.pipeline.dry_run import inspect, sentence  # noqa: PLC0415

    read = inspect(geolyft.load_config(run_file))
    said = [sentence(each) for each in read]
    print_out({"ok": True, "inputs": said, "files": read} if as_json else said, as_json=as_json)


@cli.command("assign")
@click.argument("points", metavar="POINTS", type=FILE)
@click.option("--areas", required=True, type=DIVISION, metavar="geso|FILE",
              help="A shipped division or a file.")  # fmt: skip
@click.option("--layer", help="Layer of the areas' file.")
@click.option("--code", help="Column of the areas' codes, when --areas is a file.")
@click.option("--name", help="Column of the areas' names, when --areas is a file.")
@click.option("--areas-crs", type=int, metavar="EPSG", help="CRS of an areas' file without one.")
@click.option("--points-layer", help="Layer, or sheet, of the points' file.")
@click.option("--x", help="Column of the points' x (east).")
@click.option("--y", help="Column of the points' y (north).")
@click.option("--crs", type=int, metavar="EPSG", help="CRS of the points; where the areas' is "
              "another, the points are transformed to be placed.")  # fmt: skip
@click.option("--max-outside", type=click.FloatRange(0, 1), default=0.05, show_default=True,
              help="Share of points with coordinates that may lie outside every area.")  # fmt: skip
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local",
              show_default=True, help="Who places the points.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="Of dask, such as tcp://10.0.0.5:8786; "
              "without it a cluster on this machine.")  # fmt: skip
@click.option("--out", required=True, type=FILE, help="File to write: .parquet, .csv, .gpkg "
              "or .xlsx.")  # fmt: skip
@as_json
def assign_command(points: Path, out: Path, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Give each point the code of its area, with the audit.

    The file that is written has the points' own columns as they were, and is as sensitive as they
    are.

    \b
    Example:
      geolyft assign residents.csv --areas geso --x x --y y --crs 3008 --out residents.parquet
    """
    bar = Bar(click.get_current_context().find_object(Talk))
    try:
        audit = asdict(geolyft.assign_file(points, out=out, progress=bar, **options))
    except GeolyftError as refused:
        raise _with_options(refused, options["areas"]) from None
    finally:
        bar.clear()
    lines = [f"{name} {count}" for name, count in audit.items()]
    with in_place():
        print_out(audit if as_json else lines, as_json=as_json)


@cli.command("move")
@click.argument("table", metavar="TABLE", type=FILE)
@click.option("--area", required=True, metavar="COLUMN", help="Column of the small areas' codes.")
@click.option("--column", "columns", required=True, multiple=True, metavar="COLUMN",
              help="A column of counts, which may be given several times.")  # fmt: skip
@click.option("--crosswalk", required=True, type=CROSSWALK, metavar="NAME|FILE", help="A shipped "
              "crosswalk, or a table with source, target and weight.")  # fmt: skip
@click.option("--sheet", help="Sheet of a workbook, or layer of a vector file.")
@click.option("--residual", multiple=True, metavar="CODE", help="A code that belongs to no area.")
@click.option("--allow-absent", is_flag=True, help="Small areas may lack a row.")
@click.option("--out", required=True, type=FILE, help="File to write: .csv or .gpkg.")
@as_json
def move_command(table: Path, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401
    """Move counts of small areas onto the areas they lie in, with the audit.

    All of it sums: what lies in no area is the row "residual". The file is as sensitive as the
    counts are.

    \b
    Example:
      geolyft move deso.csv --area kod --column folk --crosswalk deso2025_geso --out geso.csv
    """
    audit = asdict(geolyft.move_file(table, **options))
    lines = [f"{name} {number}" for name, number in audit.items()]
    with in_place():
        print_out(audit if as_json else lines, as_json=as_json)


_OPTIONS: Final = {
    r"\bcrs = (\d+)": (r"--crs \1", r"--areas-crs \1"),
    r"\b(layer|sheet) = ": ("--points-layer ", "--layer "),
    r"\bx \(east\) and y \(north\)": ("--x (east) and --y (north)",) * 2,
    r"\bmax_outside\b": ("--max-outside",) * 2,
}
"""What the library calls a parameter, and `assign` an option: of the points, of the areas."""


def _with_options(refused: GeolyftError, areas: str) -> GeolyftError:
    what, remedy = refused.what, refused.remedy
    of_areas = refused.where.startswith(Path(areas).name)
    for parameter, options in _OPTIONS.items():
        what, remedy = (re.sub(parameter, options[of_areas], text) for text in (what, remedy))
    return type(refused)(refused.code, what, remedy=remedy, where=refused.where)


@cli.command("areas")
@click.option("--find", "query", metavar="NAME", help="Instead, say in which areas a delområde, "
              "a street (with or without a number) or a DeSO of Malmö lies.")  # fmt: skip
@as_json
def areas_command(query: str | None, *, as_json: bool) -> None:
    """List the divisions geolyft ships, or find an area by the names people use.

    \b
    Example:
      geolyft areas --find "amiralsgatan 20"
    """
    from geolyft.divisions.areas import list_divisions  # noqa: PLC0415

    found = list_divisions() if query is None else geolyft.find_places(query)
    if found.empty:
        raise AreaError(
            "areas-unknown",
            f"nothing is called {brief(query)}, nor nearly so",
            remedy="give a part of the name, or another: delområde, street, GeSO or code of a DeSO",
        )
    print_table(found, as_json=as_json)


@cli.command("indicators")
@click.option("--catalogue", type=FILE, help="Another catalogue than the shipped one.")
@as_json
def indicators_command(catalogue: Path | None, *, as_json: bool) -> None:
    """List the indicators of a catalogue, with what is counted among whom.

    \b
    Example:
      geolyft indicators
    """
    indicators = geolyft.load_catalogue(catalogue).indicators
    columns = ["code", "dimension", "name", "direction", "numerator", "denominator"]
    rows = [{column: getattr(each, column) for column in columns} for each in indicators]
    import pandas as pd  # noqa: PLC0415

    print_table(pd.DataFrame(rows), as_json=as_json)


@cli.command("compare")
@click.argument("dir_a", metavar="DIR_A", type=FILE)
@click.argument("dir_b", metavar="DIR_B", type=FILE)
@click.option("--exit-code", is_flag=True, help="Exit with 5 when the two differ.")
@as_json
def compare_command(dir_a: Path, dir_b: Path, *, exit_code: bool, as_json: bool) -> None:
    """Say what moved between two runs and why: data, division, definition, or real change.

    \b
    Example:
      geolyft compare out/2024 out/2025 --exit-code
    """
    found = geolyft.compare(dir_a, dir_b)
    if as_json:
        rows = {name: json.loads(getattr(found, name).to_json(orient="records"))
                for name in ("moved", "became")}  # fmt: skip
        said = {"differ": found.differ, "causes": found.causes, "named": found.named, **rows}
        print_out(said, as_json=True)
    else:
        causes = [f"{cause} ({', '.join(found.named[cause])})" for cause in found.causes]
        changed = ", ".join(found.causes) or "nothing"
        print_out([f"changed: {changed}", *causes, f"values that moved: {len(found.moved)}"],
                  as_json=False)  # fmt: skip
        if len(found.moved):
            print_table(found.moved, as_json=False)
        if len(found.became):
            counts = Counter(zip(found.became["kind"], found.became["became"], strict=True))
            print_out([f"{kind}: {n} {word}" for (kind, word), n in counts.items()], as_json=False)
            print_table(found.became[found.became["became"] != "same"], as_json=False)
    if exit_code and found.differ:
        click.get_current_context().exit(_DIFFERENT)


@cli.command("verify")
@click.argument("folder", metavar="DIR", type=FILE)
@as_json
def verify_command(folder: Path, *, as_json: bool) -> None:
    """Hold a delivery's files against its manifest.

    \b
    Example:
      geolyft verify out/demo
    """
    from geolyft.read.geopackage import LEFT_BEHIND  # noqa: PLC0415

    verification = geolyft.verify(folder)
    if as_json:
        with in_place():
            print_out({"intact": verification.intact, **asdict(verification)}, as_json=True)
    if not verification.intact:
        problems = [
            f"{kind}: {', '.join(names)}" for kind, names in asdict(verification).items() if names
        ]
        remedy = "make the delivery again, or get it again from its sender"
        if any(name.endswith(LEFT_BEHIND) for name in verification.unlisted):
            remedy = "close it where it is open (QGIS keeps such files beside it), and verify again"
        raise ReadError("verify-differs", "; ".join(problems), remedy=remedy, where=folder.name)
    if not as_json:
        with in_place():
            print_out(["intact"], as_json=False)


def main() -> None:
    """Run the command line with the promised exit codes; a refusal is one line."""
    # A run holds hundreds of thousands of texts and next to no cycles: looking for these after
    # every few hundred objects, as Python does, is a third of its time.
    gc.set_threshold(*_SELDOM)
    open_streams()
    asked = os.environ.get(_COMPLETE)
    if asked:
        sys.exit(shell_complete(cli, {}, "geolyft", _COMPLETE, asked))
    end_as_interrupted()
    talk = Talk()
    status = _invoke(talk)
    talk.done(status)
    if status:
        sys.exit(status)


def _invoke(talk: Talk) -> int:
    """Run what the arguments ask for, and return the exit code."""
    try:
        with warnings.catch_warnings():
            # What other packages remark on says nothing about the reader's result.
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", GeolyftWarning)
            warnings.showwarning = talk.note
            # Not cli.main(), which answers an interrupt with an empty line of its own.
            with cli.make_context("geolyft", sys.argv[1:], obj=talk) as context:
                cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        aside(f"{bare.format_message()}\n")
        return 2
    except BrokenPipeError:
        return 0  # who asked has read enough
    except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001 - the outermost handler
        talk.trace(problem)
        status = BUG
        # Everything that is wrong with a file is told, a line each.
        for each in getattr(problem, "faults", (problem,)):
            line, status = answer(each)
            talk.refuse(line)
        return status
    return 0


def _run(config: Config, out: Path, lang: Language | None, *, as_json: bool = False) -> None:
    if lang is not None:
        config = config.in_language(lang)
    bar = Bar(click.get_current_context().find_object(Talk))
    try:
        made = geolyft.run(config, out=out, progress=bar).publication
    finally:
        bar.clear()
    if not as_json:
        with in_place():
            print_line(str(out))
        return
    about = {"folder": str(out), "title": made.title, "periods": made.periods}
    notes = {"warnings": made.warnings, "set_aside": made.set_aside}
    from geolyft.read.delivery import Delivery  # noqa: PLC0415

    files = sorted(Delivery(out).listed)
    with in_place():
        print_out({**about, **notes, "files": files}, as_json=True)

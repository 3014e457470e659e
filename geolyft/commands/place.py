"""The command of places: what is known of a polygon that somebody drew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geolyft.commands.options import FILE, Command
from geolyft.terminal import in_place, print_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command("place", cls=Command)
@click.argument("polygons", metavar="POLYGON", type=FILE)
@click.argument("run_file", metavar="RUN.toml", type=FILE)
@click.option("--out", required=True, type=FILE, metavar="DIR", help="Folder to write.")
@click.option("--layer", metavar="NAME", help="Which layer, where the file has several.")
@click.option("--name", metavar="COLUMN", help="The column with the places' names.")
@click.option("--pdf", is_flag=True, help="Write plats.pdf (PDF/UA) as well.")
def place_command(
    polygons: Path, run_file: Path, out: Path, layer: str | None, name: str | None, *, pdf: bool
) -> None:
    """Say what is known of places: polygons drawn in QGIS or exported from the map.

    \b
    Example:
      geolyft place kvarter.gpkg examples/register/run.toml --out out/kvarter --pdf
    """
    from geolyft.pipeline.place.make import make_places  # noqa: PLC0415

    make_places(polygons, run_file, out=out, layer=layer, name=name, pdf=pdf)
    with in_place():
        print_line(str(out))

"""Deliveries and ledgers that are not as geolyft left them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from bad_inputs.case import Bad, edits, gone, nothing, pipe, replaces, writes
from geolyft.read.releases import TABLES, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bad_inputs.case import Spoil

VERIFY: Final = ("verify", "delivery")
COMPARE: Final = ("compare", "delivery", "other")
LIST: Final = ("releases", "list", "--file", "releases.sqlite")


def _manifest(change: Callable[[dict[str, Any]], Any]) -> Spoil:
    def spoil(folder: Path) -> None:
        file = folder / "delivery" / "manifest.json"
        said = json.loads(file.read_text(encoding="utf-8"))
        changed = change(said)
        file.write_text(json.dumps(said if changed is None else changed), encoding="utf-8")

    return spoil


def _bytes(file: str, content: bytes) -> Spoil:
    return writes(f"delivery/{file}", content)


def _more(file: str) -> Spoil:
    def spoil(folder: Path) -> None:
        with (folder / "delivery" / file).open("ab") as opened:
            opened.write(b"\n")

    return spoil


def _cut(file: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / "delivery" / file
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return spoil


VERIFIED: Final[dict[str, tuple[str, Spoil]]] = {
    "no manifest": ("verify-manifest", gone("delivery/manifest.json")),
    "an empty manifest": ("verify-manifest", _bytes("manifest.json", b"")),
    "a manifest cut off": ("verify-manifest", _cut("manifest.json")),
    "a manifest that is a list": ("verify-manifest", _manifest(lambda _: [])),
    "a manifest that is a number": ("verify-manifest", _manifest(lambda _: 5)),
    "a manifest in UTF-16": ("verify-manifest", _bytes("manifest.json", "{}".encode("utf-16"))),
    "a manifest of nothing": ("verify-manifest", _manifest(lambda _: {})),
    "a manifest nested without end": ("verify-manifest", _bytes("manifest.json", b"[" * 100_000)),
    "a manifest with a number without end": (
        "verify-manifest", _bytes("manifest.json", b'{"a":' + b"9" * 100_000 + b"}")),
    "a title edited": ("verify-differs", _manifest(lambda said: said.update(title="Annan"))),
    "no outputs": ("verify-manifest", _manifest(lambda said: said.pop("outputs"))),
    "outputs that are a text": (
        "verify-manifest", _manifest(lambda said: said.update(outputs="x"))),
    "a digest edited": ("verify-differs", _manifest(
        lambda said: said["outputs"][0].update(sha256="0" * 64))),
    "files of its own that are a number": (
        "verify-manifest", _manifest(lambda said: said.update(kept=5))),
    "files of its own that lie elsewhere": (
        "verify-manifest", _manifest(lambda said: said.update(kept=["../run.toml"]))),
    "a GeoPackage that is open": ("verify-differs", _bytes("omradeslyft.gpkg-wal", b"x")),
    "a file that is gone": ("verify-differs", gone("delivery/index.csv")),
    "a file that is cut": ("verify-differs", _cut("omradeslyft.gpkg")),
    "a file with a byte more": ("verify-differs", _more("index.csv")),
    "a file too many": ("verify-differs", _bytes("mer.txt", b"x")),
    "a folder too many": ("verify-differs", lambda folder: (folder / "delivery/mer").mkdir()),
    "a link too many": (
        "verify-differs", lambda folder: (folder / "delivery/mer").symlink_to("nowhere")),
    "a link in place of a file": ("verify-differs", lambda folder: (
        (folder / "delivery/index.csv").rename(folder / "index.csv"),
        (folder / "delivery/index.csv").symlink_to("../index.csv"))),
    "a folder in place of a file": ("verify-differs", lambda folder: (
        (folder / "delivery/index.csv").unlink(), (folder / "delivery/index.csv").mkdir())),
    "a pipe in place of a file": ("verify-differs", pipe("delivery/index.csv")),
    "a pipe in place of the manifest": ("verify-manifest", pipe("delivery/manifest.json")),
    "a device in place of the manifest": ("verify-manifest", lambda folder: (
        (folder / "delivery/manifest.json").unlink(),
        (folder / "delivery/manifest.json").symlink_to("/dev/zero"))),
    "nothing there": ("verify-manifest", lambda folder: shutil.rmtree(folder / "delivery")),
    "a file in its place": ("verify-manifest", lambda folder: (
        shutil.rmtree(folder / "delivery"), (folder / "delivery").write_text("x"))),
}  # fmt: skip
READ_ON: Final[dict[str, tuple[str, Spoil]]] = {
    "figures edited": ("earlier-damaged", _more("resultat.parquet")),
    "the manifest edited": ("earlier-damaged", _manifest(lambda said: said.update(title="Annan"))),
    "no manifest": ("verify-manifest", gone("delivery/manifest.json")),
    "no scales": ("verify-manifest", _manifest(lambda said: said.pop("scales", None))),
}
SCALED: Final[dict[str, tuple[str, Spoil]]] = {
    "the manifest edited": (
        "timeline-manifest", _manifest(lambda said: said.update(title="Annan"))),
    "no manifest": ("timeline-manifest", gone("delivery/manifest.json")),
    "scales that are a text": (
        "timeline-manifest", _manifest(lambda said: said.update(scales="x"))),
}  # fmt: skip
CONTINUED: Final = {
    "a period that is there": ("earlier-period", '["2024"]', '["2024"]\nearlier = "delivery"'),
    "a period before": ("earlier-period", '["2024"]', '["2023"]\nearlier = "delivery"'),
    "another base": (
        "earlier-base",
        '["2024"]',
        '["2025"]\nbase_period = "2025"\nearlier = "delivery"',
    ),
    "made-up figures": (
        "earlier-synthetic",
        '["2024"]',
        '["2025"]\nsynthetic = true\nearlier = "delivery"',
    ),
}
LEDGERS: Final[dict[str, tuple[str, bytes]]] = {
    "a text": ("releases-file", b"release\n"),
    "other SQLite": ("releases-file", b"SQLite format 3\0" + bytes(84)),
    "zeros": ("releases-file", bytes(4096)),
}


def deliveries() -> Iterator[Bad]:
    """Yield every bad delivery and ledger."""
    for name, (code, spoil) in VERIFIED.items():
        yield Bad(f"delivery: {name}", code, spoil, VERIFY)
    for name, (code, spoil) in READ_ON.items():
        yield Bad(
            f"earlier delivery: {name}",
            code,
            _with("[run]\n", '[run]\nearlier = "delivery"\n', spoil),
        )
    for name, (code, spoil) in SCALED.items():
        yield Bad(
            f"scales of a delivery: {name}",
            code,
            _with("[index]\n", '[index]\nscales = "delivery"\n', spoil),
        )
    for bad in edits("run.toml", CONTINUED):
        yield Bad(f"delivery continued: {bad.name}", bad.code, bad.spoil)
    yield Bad("compare a delivery with nothing", "verify-manifest", nothing, COMPARE)
    yield Bad("compare a delivery: cut", "compare-damaged", _other, COMPARE)
    for name, (code, content) in LEDGERS.items():
        yield Bad(f"releases.sqlite: {name}", code, writes("releases.sqlite", content), LIST)
    yield Bad("releases.sqlite: of a later version", "releases-file", _later, LIST)
    yield Bad(
        "releases.sqlite: a folder",
        "releases-file",
        lambda folder: (folder / "releases.sqlite").mkdir(),
        LIST,
    )
    yield Bad("releases.sqlite: a pipe", "releases-file", pipe("releases.sqlite"), LIST)
    for name, where in {"without end": "", "that never gives a row": "WHERE i < 0"}.items():
        yield Bad(f"releases.sqlite: a view {name}", "releases-file", _endless(where), LIST)
    yield Bad("releases.sqlite: periods that are none", "releases-file", _periods, LIST)
    show = ("releases", "show", "abc", "--file", "releases.sqlite")
    yield Bad("releases: nobody's", "releases-unknown", nothing, show)
    add = ("releases", "add", "delivery", "--file", "releases.sqlite")
    yield Bad("releases: a pipe as its key", "releases-file", pipe("releases.sqlite.key"), add)
    yield Bad("releases: add a delivery that is damaged", "releases-run", _more("index.csv"), add)


def _with(old: str, new: str, spoil: Spoil) -> Spoil:
    def both(folder: Path) -> None:
        spoil(folder)
        replaces("run.toml", old, new)(folder)
        if "earlier" in new:
            replaces("run.toml", '"2024"', '"2025"')(folder)

    return both


def _other(folder: Path) -> None:
    shutil.copytree(folder / "delivery", folder / "other")
    (folder / "other" / "resultat.parquet").write_bytes(b"PAR1")


def _later(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "releases.sqlite")) as database, database:
        database.execute("CREATE TABLE release (release TEXT)")
        database.execute("PRAGMA user_version = 99")


def _endless(where: str) -> Spoil:
    asked = ", ".join(f"i AS {column}" for column in TABLES["release"])

    def spoil(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "releases.sqlite")) as database, database:
            database.execute(
                "CREATE VIEW release AS WITH RECURSIVE r(i) AS"  # noqa: S608 - our own names
                f" (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT {asked} FROM r {where}"
            )
            database.execute(f"PRAGMA user_version = {VERSION}")

    return spoil


def _periods(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "releases.sqlite")) as database, database:
        for name, columns in TABLES.items():
            database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
        database.execute("INSERT INTO release VALUES ('a', 'a', '2024', 10, 5, '', '')")
        database.execute(f"PRAGMA user_version = {VERSION}")

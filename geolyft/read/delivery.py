"""A folder that geolyft delivered, read again: manifest, observations, index and tables."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geolyft.allowed import open_file
from geolyft.columns import shipped
from geolyft.errors import ReadError
from geolyft.frames import CHILDREN, PEOPLE_KEY, POPULATION
from geolyft.read.geopackage import content_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.columns import Columns, Kind

MANIFEST: Final = "manifest.json"
_SEAL: Final = re.compile(rb'"sha256": "([0-9a-f]{64})"\n}\n\Z')
"""The end of a manifest: its digest, taken with zeros in the digest's place."""
UNREADABLE: Final = (OSError, ValueError, KeyError, TypeError, pa.ArrowException)
"""What reading a table raises when it is missing, damaged or another than geolyft writes."""
_DATA: Final = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_TEXT: Final = frozenset(
    {"area", "small", "small_name", "period", "indicator", "what", "level", "group_by", "group"}
    | {"status", "source", "lins", "lins_namn"}
)
# What geolyft.export.layers.tables.write_csv puts before a text that a spreadsheet would compute.
_DEFUSED: Final = re.compile(
    r"'(?=[=+\-@\t\r])(?![+-]?([0-9][0-9 \u00a0\u202f]*([.,][0-9]+)?([eE][+-]?[0-9]+)?)?\Z)"
)


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a delivery's files are against its manifest; all three empty when it is intact."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unlisted: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether every file is the one that was delivered."""
        return not (self.changed or self.missing or self.unlisted)


@dataclass(frozen=True)
class Delivery:
    """A delivery's folder; each of its files is read when it is asked for.

    What cannot be read raises one of ``UNREADABLE``, the manifest alone a refusal: what a damaged
    table means, the caller knows.

    Examples
    --------
    >>> Delivery(Path("no such folder")).manifest
    Traceback (most recent call last):
    ...
    geolyft.errors.ReadError: no such folder: manifest.json is missing or damaged; give the folder \
of a delivery
    """

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What ``manifest.json`` says.

        Raises
        ------
        ReadError
            ``verify-manifest`` when it is missing or damaged, or names files outside the folder.
        """
        try:
            with open_file(self.folder / MANIFEST) as opened:
                content: dict[str, Any] = json.loads(opened.read().decode())
            names = [Path(each["path"]) for each in content["outputs"] if each["sha256"]]
            names += map(Path, content.get("kept", ()))
            ours = bool(content["geolyft"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            ours, names = False, []
        if not ours or any(name.is_absolute() or ".." in name.parts for name in names):
            what = f"{MANIFEST} is missing or damaged"
            remedy = "give the folder of a delivery"
            raise ReadError("verify-manifest", what, remedy=remedy, where=self.folder.name)
        return content

    @property
    def listed(self) -> dict[str, str]:
        """Every file in the manifest with its SHA-256."""
        return {each["path"]: each["sha256"] for each in self.manifest["outputs"]}

    @property
    def kept(self) -> tuple[str, ...]:
        """Files that are somebody's own work on an earlier delivery, kept beside this one's."""
        return tuple(str(each) for each in self.manifest.get("kept", ()))

    def edited(self) -> list[Path]:
        """Return the project and the GeoPackage, where somebody has worked in them."""
        worked_in = (e for e in self.manifest["outputs"] if e["path"].endswith((".qgz", ".gpkg")))
        return [self.folder / each["path"] for each in worked_in if self._is_edited(each)]

    def _is_edited(self, output: dict[str, Any]) -> bool:
        file = self.folder / output["path"]
        if not file.exists() or _is(file, output["sha256"]):
            return False
        try:
            return "content" not in output or content_of(file) != output["content"]
        except sqlite3.Error:
            return True

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which holds those of all files."""
        return sha256(self.folder / MANIFEST)

    @cached_property
    def observations(self) -> pd.DataFrame:
        """``resultat.parquet``."""
        return pd.read_parquet(self.folder / "resultat.parquet")

    @cached_property
    def index(self) -> pd.DataFrame:
        """``index.csv``."""
        return _read_csv(self.folder / "index.csv", kinds_of(shipped(), "index"))

    @cached_property
    def people(self) -> pd.DataFrame:
        """Residents by area and period, children, and those of every other lens."""
        table = self.table("befolkning", [*PEOPLE_KEY, POPULATION, CHILDREN])
        lenses = self.table("linser", [*PEOPLE_KEY, "lins", "antal"])
        wide = lenses.pivot(index=PEOPLE_KEY, columns="lins", values="antal")
        others = wide.drop(columns="barn", errors="ignore").rename_axis(columns=None)
        return table.merge(others.reset_index(), on=PEOPLE_KEY, how="left")

    @cached_property
    def page(self) -> dict[str, Any]:
        """What ``karta.html`` knows: the only file with the counts of small areas."""
        text = (self.folder / "karta.html").read_text(encoding="utf-8")
        found = _DATA.search(text)
        if found is None:
            raise ValueError("no data in the page")
        content: dict[str, Any] = json.loads(found[1])
        return content

    def areas(self, word: str, crs: str) -> gpd.GeoDataFrame:
        """Return the areas of the layers that begin with a word, by code."""
        file = self.folder / "omradeslyft.gpkg"
        layer = gpd.read_file(file, layer=f"{word}_index", columns=[f"{word}_kod"])
        return layer.set_index(f"{word}_kod").rename_axis("area").to_crs(crs)

    def rows(self, layer: str) -> pd.DataFrame:
        """Return the rows of a layer of the GeoPackage, without their shapes."""
        file = self.folder / "omradeslyft.gpkg"
        return pd.DataFrame(gpd.read_file(file, layer=layer, ignore_geometry=True))

    def table(
        self, name: str, columns: Sequence[str] = (), kinds: Mapping[str, Kind] | None = None
    ) -> pd.DataFrame:
        """Read a table as it was before it was written; an empty one has no file.

        Parameters
        ----------
        columns
            Those of an empty table.
        kinds
            What columns hold, by name; told by name and cells where nothing is said.
        """
        path = self.folder / "tabeller" / f"{name}.csv"
        if not path.exists():
            return pd.DataFrame(columns=list(columns))
        return _read_csv(path, kinds or {})

    def verify(self) -> Verification:
        """Compare every file with the manifest's SHA-256, and the manifest with its own.

        A folder that no file of the delivery lies in, and a link, are not the delivery's.

        Raises
        ------
        ReadError
            ``verify-manifest``.
        """
        listed = self.listed
        folders = {parent.as_posix() for each in listed for parent in Path(each).parents}
        present = {each.relative_to(self.folder).as_posix() for each in self.folder.rglob("*")}
        both = sorted(set(listed) & present)
        changed = [each for each in both if not _is(self.folder / each, listed[each])]
        manifest = self.folder / MANIFEST
        proven = not manifest.is_symlink() and is_sealed(manifest.read_bytes())
        return Verification(
            changed=(*changed, *(() if proven else (MANIFEST,))),
            missing=tuple(sorted(set(listed) - present)),
            unlisted=tuple(sorted(present - set(listed) - folders - {MANIFEST, *self.kept})),
        )

    def proven(self) -> dict[str, Any]:
        """Return the manifest of a delivery that is as it was made.

        Raises
        ------
        ReadError
            ``verify-manifest``, or ``verify-differs`` when a file is another.
        """
        if not self.verify().intact:
            what = "is not as it was delivered"
            remedy = "see geolyft verify, and get it again as it was made"
            raise ReadError("verify-differs", what, remedy=remedy, where=self.folder.name)
        return self.manifest


def sha256(path: Path) -> str:
    """Return a file's SHA-256.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as empty:
    ...     sha256(Path(empty.name))[:8]
    'e3b0c442'
    """
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sealed(text: str) -> str:
    r"""Return a JSON object's text with a last entry ``sha256``, its own digest.

    Parameters
    ----------
    text
        As ``json.dumps`` writes it with ``indent=1``, with something in it.

    Examples
    --------
    >>> manifest = sealed('{\n "a": 1\n}')
    >>> is_sealed(manifest.encode()), is_sealed(manifest.replace("1", "2", 1).encode())
    (True, False)
    """
    body, zeros = text.removesuffix("\n}"), "0" * 64
    blank = f'{body},\n "sha256": "{zeros}"\n}}\n'
    digest = hashlib.sha256(blank.encode()).hexdigest()
    return f'{body},\n "sha256": "{digest}"\n}}\n'


def is_sealed(content: bytes) -> bool:
    """Say whether a manifest is as `sealed` wrote it, to the bit."""
    seal = _SEAL.search(content)
    if seal is None:
        return False
    blank = content[: seal.start(1)] + b"0" * 64 + content[seal.end(1) :]
    return hashlib.sha256(blank).hexdigest().encode() == seal[1]


def _is(file: Path, digest: str) -> bool:
    try:
        return not file.is_symlink() and sha256(file) == digest
    except OSError:  # what cannot be read cannot be shown to be what was delivered
        return False


def kinds_of(columns: Columns, section: str) -> dict[str, Kind]:
    """Return what the columns of a section hold, by the names that scripts know.

    Examples
    --------
    >>> kinds_of(shipped(), "index")["rank_low"]
    'whole'
    """
    declared = columns.sections.get(section, ())
    return {each.key if each.source is None else each.source: each.kind for each in declared}


def _read_csv(path: Path, kinds: Mapping[str, Kind]) -> pd.DataFrame:
    # An area called NA is no missing value.
    table = pd.read_csv(path, dtype="str", keep_default_na=False, lineterminator="\n")
    table = table.drop(columns="synthetic", errors="ignore")
    return table.apply(lambda column: _typed(column, kinds.get(str(column.name))))


def _typed(column: pd.Series[str], kind: Kind | None) -> pd.Series:
    """Return a column with the type that it was written from, and every digit of its numbers."""
    if kind == "text" or (kind is None and column.name in _TEXT):
        return column.map(_restored)
    if column.isin(["True", "False"]).all():
        return column == "True"
    if kind == "truth":
        return column.map({"True": True, "False": False}).astype("boolean")
    numbers = column.map(lambda text: float(text) if text else float("nan")).astype("float64")
    if column.str.fullmatch(r"-?\d+").all():
        return numbers.astype("int64")
    return numbers.astype("Int64") if kind == "whole" else numbers


def _restored(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text

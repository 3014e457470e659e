"""What became of hostile texts in a delivery: whether files parse, and whether anything runs."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pandas as pd
from hostile_texts import RECKONED

from geolyft.frames import FORMULA_SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

Wrong = list[str]
"""What does not hold, a line each."""
_NUMBER: Final = re.compile(r"[-+]?\d[\d\s.,]*(e[-+]?\d+)?%?", re.IGNORECASE)
_ACTIVE: Final = {"script", "foreignobject", "iframe", "object", "embed", "animate", "set", "image"}
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def wrong_files(folder: Path) -> Wrong:
    """Read every file of a delivery by its own kind, and say what is wrong with it."""
    found = []
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        read = _READERS.get(file.suffix)
        try:
            found += [f"{file.relative_to(folder)}: {each}" for each in read(file)] if read else []
        except Exception as problem:  # noqa: BLE001 - whatever a reader says of a file
            found.append(f"{file.relative_to(folder)}: {type(problem).__name__} {problem}")
    return found


def _csv(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8-sig")
    separator = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    if len({len(row) for row in rows}) != 1:
        yield "rows are not of one length"
    parts = re.split("[,;\t\n]", text)  # cells of whoever takes another separator
    for cell in chain(*rows, parts):
        if cell.startswith(FORMULA_SIGNS) and not _NUMBER.fullmatch(cell):
            yield f"a formula: {cell[:40]!r}"


def _xlsx(file: Path) -> Iterator[str]:
    from openpyxl import load_workbook  # noqa: PLC0415 - optional

    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                yield from _of_xml(packed.read(name), {"f", "externalReference", "ddeLink"})
    for page in load_workbook(file):
        for cell in (cell for row in page.iter_rows() for cell in row):
            if cell.data_type == "f" or (cell.hyperlink and cell.hyperlink.target):
                yield f"{page.title} {cell.coordinate} computes or leads somewhere"


def _package(file: Path) -> Iterator[str]:
    with closing(sqlite3.connect(file)) as opened:
        (said,) = opened.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            yield said
        tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
        if not {"gpkg_contents", "layer_styles"} <= tables:
            yield "a table is gone"
        for qml, sld in opened.execute("SELECT styleQML, styleSLD FROM layer_styles"):
            for text in (qml, sld):
                yield from _of_xml(text.encode()) if text else ()


def _project(file: Path) -> Iterator[str]:
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if name.endswith(".qgs"):
                yield from _of_xml(packed.read(name))


def _of_xml(content: bytes, never: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    doctype = re.search(rb"<!DOCTYPE (.{0,40})|<!ENTITY", content)
    if doctype and b"qgis" not in doctype.group(0):
        yield "a document type of its own"
    for each in ET.fromstring(content).iter():  # noqa: S314 - what is being tried
        if each.tag.rpartition("}")[2] in never:
            yield f"has {each.tag}"


def _svg(file: Path) -> Iterator[str]:
    for each in ET.parse(file).iter():  # noqa: S314 - what is being tried
        name = each.tag.rpartition("}")[2].lower()
        handlers = [at for at in each.attrib if at.lower().startswith("on")]
        if name in _ACTIVE or handlers:
            yield f"{name} {handlers} is active"


def _pdf(file: Path) -> Iterator[str]:
    from pypdf import PdfReader  # noqa: PLC0415 - optional

    reader = PdfReader(file, strict=True)
    _ = [page.extract_text() for page in reader.pages]
    for number in reader.xref[0]:
        said = str(reader.get_object(number))
        if re.search(r"'/(JS|JavaScript|Launch|SubmitForm|GoToR|EmbeddedFile)'", said):
            yield f"an action: {said[:80]}"
        elif "/URI" in said and "x.invalid" in said:
            yield f"a link: {said[:80]}"


def _json(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    json.loads(text, parse_constant=_refused)
    yield from ()


def _refused(name: str) -> None:
    """Refuse what JSON has not, such as NaN."""
    raise ValueError(f"{name} is no JSON")


def _xml(file: Path) -> Iterator[str]:
    yield from _of_xml(file.read_bytes())


def _parquet(file: Path) -> Iterator[str]:
    if pd.read_parquet(file).empty:
        yield "has no rows"


_READERS: Final[dict[str, Callable[[Path], Iterator[str]]]] = {
    ".csv": _csv, ".xlsx": _xlsx, ".gpkg": _package, ".qgz": _project, ".sld": _xml, ".rdf": _xml,
    ".jsonld": _json, ".json": _json, ".geojson": _json, ".svg": _svg, ".pdf": _pdf,
    ".parquet": _parquet,
}  # fmt: skip


def wrong_on_terminal(said: str) -> Wrong:
    """Say which signs would steer a terminal or turn the direction of its text."""
    return [f"a control sign {found!r}" for found in sorted(set(_CONTROL.findall(said)))]


def wrong_in_qgis(said: dict[str, Any]) -> Wrong:
    """Say what QGIS, which answered what it shows, reckons of a text or cannot read."""
    (shown,) = said["steps"]
    found = [f"no layer: {each['name'][:60]!r}" for each in said["layers"] if not each["valid"]]
    found += [f"reckoned: {each[:120]!r}" for each in shown["texts"] if RECKONED in each]
    return found + [f"no expression: {each}" for each in shown["problems"]]


def unseen(texts: Iterable[str], shown: Iterable[str]) -> Wrong:
    """Return the texts that are nowhere shown as they are, spaces and unseen signs apart."""
    every = " ".join(map(_seen, shown))
    return [f"nowhere as text: {each[:60]!r}" for each in texts if _seen(each) not in every]


@dataclass
class Pages:
    """Opens every page of a delivery without its policy, and touches everything on it."""

    context: BrowserContext
    number: int = 0
    wrong: Wrong = field(default_factory=list)
    texts: set[str] = field(default_factory=set)

    def open(self, folder: Path, shapes: set[str] | None = None) -> set[str]:
        """Return the elements and attributes of all pages; some may say which are allowed."""
        seen: set[str] = set()
        for file in sorted(folder.rglob("*.html")):
            made = self._page(folder, file)
            if shapes is not None and made - shapes:
                self.wrong.append(f"{file.relative_to(folder)}: new elements {made - shapes}")
            seen |= made
            self.number += 1
        return seen

    def _page(self, folder: Path, file: Path) -> set[str]:
        page, name = self.context.new_page(), file.relative_to(folder)
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri())
        answer: dict[str, Any] = page.evaluate(_TOUCH)
        own = folder.as_uri()
        self.wrong += [f"{name}: says {each[:200]}" for each in said]
        self.wrong += [f"{name}: asks {url[:200]}" for url in asked if not url.startswith(own)]
        if answer["ran"] is not None:
            self.wrong.append(f"{name}: script {answer['ran']} ran")
        self.wrong += [f"{name}: leads to {each}" for each in answer["links"]]
        self.wrong += [f"{name}: has {each}" for each in answer["shapes"] if " on" in each]
        self.texts.add(answer["text"])
        page.close()
        return set(answer["shapes"])


def _seen(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZC")


_TOUCH: Final = """async () => {
  const wait = () => new Promise((done) => setTimeout(done, 30));
  const all = () => [...document.querySelectorAll('*')];
  let text = document.title + ' ' + document.body.textContent;
  for (const each of document.querySelectorAll('details')) each.open = true;
  const at = {bubbles: true, clientX: 9, clientY: 9};
  for (const kind of ['mouseover', 'mouseenter', 'pointerover', 'focus', 'focusin', 'toggle'])
    for (const each of all()) each.dispatchEvent(new MouseEvent(kind, at));
  await wait();
  for (const each of document.querySelectorAll('path[data-area]')) {
    each.dispatchEvent(new MouseEvent('click', at));
    await wait();
    text += ' ' + document.body.textContent;
  }
  for (const each of document.querySelectorAll('input[type=radio]')) { each.click(); }
  await wait();
  const links = all().filter((each) => ['href', 'src', 'action', 'data', 'srcdoc', 'formaction']
      .some((name) => /^\\s*(javascript|data:text|vbscript|\\/\\/)|x\\.invalid/i
        .test((each.getAttribute(name) || '').split('#')[0])))
      .map((each) => each.outerHTML.slice(0, 120));
  const shapes = [...new Set(all().flatMap((each) =>
      each.getAttributeNames().map((name) => each.localName + ' ' + name)))];
  return {ran: window.ran === undefined ? null : window.ran, links, shapes,
    text: text + ' ' + document.body.textContent};
}"""

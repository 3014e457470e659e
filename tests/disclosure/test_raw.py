"""A raw count gets into no text, file, log, refusal or manifest; only disclosure opens its box."""

from __future__ import annotations

import ast
import copy
import json
import logging
import pickle
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import geolyft
from geolyft.disclosure.raw import Raw, opened
from geolyft.errors import GeolyftError, GeolyftWarning
from geolyft.export.delivery import write_manifest
from geolyft.export.layers.tables import write_tables
from geolyft.pipeline.counting.ledger import Gathered

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = 8_675_309
PACKAGE = Path(geolyft.__file__).parent


@pytest.fixture
def raw() -> Raw[pd.DataFrame]:
    return Raw(pd.DataFrame({"area": ["1"], "numerator": [SECRET]}))


def test_no_text_of_it_says_what_is_in_it(
    raw: Raw[pd.DataFrame], caplog: pytest.LogCaptureFixture
) -> None:
    texts = [str(raw), repr(raw), f"{raw} {[raw]} {{raw!r}}", "%s" % raw, str({"n": raw})]  # noqa: UP031
    with warnings.catch_warnings(record=True, action="always") as warned:
        warnings.warn(f"{raw}", GeolyftWarning, stacklevel=1)
    texts += [str(each.message) for each in warned]
    texts.append(str(GeolyftError("index-empty", f"{raw}", remedy=str(raw))))
    logging.getLogger("geolyft").warning("%s", raw)
    texts.append(caplog.text)
    assert not any(str(SECRET) in text for text in texts)


def write_csv(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return raw.to_csv(folder / "a.csv")  # type: ignore[attr-defined]


def write_manifest_of(raw: Raw[pd.DataFrame], folder: Path) -> None:
    write_manifest(folder, {"ledger": raw})


def write_as_table(raw: Raw[pd.DataFrame], folder: Path) -> None:
    write_tables(raw, folder / "tables")  # type: ignore[arg-type]


def send_to_a_worker(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return (folder / "a.pickle").write_bytes(pickle.dumps(raw))


def copy_it(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return copy.deepcopy(raw), copy.copy(raw), folder


def as_records(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return json.dumps(asdict(Gathered(counts=[raw]))), folder


def count_it(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return len(raw), folder  # type: ignore[arg-type]


def go_through_it(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return list(raw), folder  # type: ignore[call-overload]


def look_into_it(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return raw["numerator"], folder  # type: ignore[index]


def take_it_apart(raw: Raw[pd.DataFrame], folder: Path) -> object:
    return vars(raw), folder


@pytest.mark.parametrize(
    "way",
    [
        write_csv, write_manifest_of, write_as_table, send_to_a_worker, copy_it, as_records,
        count_it, go_through_it, look_into_it, take_it_apart,
    ],
)  # fmt: skip
def test_no_way_out_is_open(
    way: Callable[[Raw[pd.DataFrame], Path], object], raw: Raw[pd.DataFrame], tmp_path: Path
) -> None:
    with pytest.raises((TypeError, AttributeError)):
        way(raw, tmp_path)
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(str(SECRET).encode() in each for each in written)


def test_what_is_made_of_raw_counts_is_raw(raw: Raw[pd.DataFrame]) -> None:
    both = Raw.all([raw, raw]).then(pd.concat)
    assert isinstance(both, Raw)
    assert len(opened(both)) == 2


def test_only_disclosure_opens_it() -> None:
    openers = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and any(a.name == "opened" for a in node.names))
        or (isinstance(node, ast.Attribute) and node.attr in {"opened", "_Raw__held"})
    }
    assert openers == {"disclosure"}

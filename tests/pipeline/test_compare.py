"""Two deliveries are compared when both are whole, by what was put in and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geolyft.errors import ReadError
from geolyft.export.delivery import write_manifest
from geolyft.frames import OBSERVATION_COLUMNS
from geolyft.pipeline.compare import compare, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def delivery(tmp_path: Path, seen: Callable[..., pd.DataFrame]) -> Callable[..., Path]:
    def make(name: str, value: float = 50.0, *, index: str = "98.5", **manifest: object) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        seen(("NA", "2024", "A", value)).to_parquet(folder / "resultat.parquet")
        (folder / "index.csv").write_text(f"area,name,period,index\nNA,Namn,2024,{index}\n")
        write_manifest(folder, manifest)
        return folder

    return make


def refused(one: Path, other: Path) -> ReadError:
    with pytest.raises(ReadError) as refusal:
        compare(one, other)
    return refusal.value


def test_an_area_called_na_is_an_area(delivery: Callable[..., Path]) -> None:
    found = compare(delivery("a"), delivery("b", 51.0, index=""))
    assert found.moved["area"].tolist() == ["NA", "NA"]
    assert found.moved["indicator"].tolist() == ["A", "index"]
    assert found.moved["value_b"].isna().tolist() == [False, True]


def test_efforts_and_problems_are_followed_by_what_they_are(
    delivery: Callable[..., Path],
) -> None:
    def with_tables(name: str, status: str, state: str, *more: str) -> Path:
        folder = delivery(name)
        (folder / "tabeller").mkdir()
        efforts = "\n".join(["insats_id,namnd,namn,status_nu", f"X,Nämnd,Läger,{status}", *more])
        (folder / "tabeller" / "insatser.csv").write_text(efforts, encoding="utf-8")
        problems = f"area,typ,lage\n1,buller,{state}\n"
        (folder / "tabeller" / "lagesbild.csv").write_text(problems, encoding="utf-8")
        write_manifest(folder, {"config": {}})
        return folder

    one = with_tables("a", "pågår", "ingen åtgärd kopplad", "Y,Nämnd,Kör,pågår")
    other = with_tables("b", "avslutad", "åtgärd kopplad")
    assert compare(one, other).became.to_numpy().tolist() == [
        ["effort", "X/Nämnd", "Läger", "changed", "pågår", "avslutad"],
        ["effort", "Y/Nämnd", "Kör", "gone", "pågår", ""],
        ["problem", "1/buller", "buller", "changed", "ingen åtgärd kopplad", "åtgärd kopplad"],
    ]
    assert len(compare(delivery("c"), delivery("d")).became) == 0


def test_scales_follow_the_data_and_are_no_definition(delivery: Callable[..., Path]) -> None:
    one = delivery("a", inputs=[1], scales=[1], definition={"base": "2024"})
    assert compare(one, delivery("b", inputs=[2], scales=[2], definition={"base": "2024"})).causes \
        == ("data",)  # fmt: skip
    other = delivery("c", inputs=[1], scales=[1], definition={"base": "2023"})
    assert compare(one, other).causes == ("definition",)


@pytest.mark.parametrize("name", ["resultat.parquet", "index.csv"])
@pytest.mark.parametrize("content", [None, b"", b"mine", b"PAR1 and no more", b"\xff\xfe"])
def test_a_delivery_without_its_tables_is_refused(
    delivery: Callable[..., Path], name: str, content: bytes | None
) -> None:
    broken = delivery("b")
    (broken / name).unlink()
    if content is not None:
        (broken / name).write_bytes(content)
    write_manifest(broken, {})
    assert refused(delivery("a"), broken).code == "compare-damaged"


@pytest.mark.parametrize("index", ["many", "98.5\nNA,Namn,2024,98.5"])
def test_an_index_that_is_no_number_or_there_twice_is_refused(
    delivery: Callable[..., Path], index: str
) -> None:
    assert refused(delivery("b", index=index), delivery("a")).code == "compare-damaged"


def test_columns_that_are_missing_are_refused(delivery: Callable[..., Path]) -> None:
    broken = delivery("b")
    pd.DataFrame(columns=OBSERVATION_COLUMNS[:3]).to_parquet(broken / "resultat.parquet")
    write_manifest(broken, {})
    assert refused(broken, delivery("a")).code == "compare-damaged"


@pytest.mark.parametrize("text", ['{"a":' * 100_000, "[]", '{"outputs": []}', "\x00"])
def test_a_manifest_that_is_none_is_refused(delivery: Callable[..., Path], text: str) -> None:
    broken = delivery("b")
    (broken / "manifest.json").write_text(text)
    assert refused(broken, delivery("a")).code == "verify-manifest"


def test_a_file_that_cannot_be_read_is_not_intact(
    delivery: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_: Path) -> str:
        raise PermissionError

    folder = delivery("a")
    monkeypatch.setattr("geolyft.read.delivery.sha256", forbidden)
    assert verify(folder).changed == ("index.csv", "resultat.parquet")

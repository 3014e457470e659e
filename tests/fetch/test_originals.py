"""The publishers' originals arrive whole, once, and unchanged; else nothing does."""

from __future__ import annotations

import hashlib
import json
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from publisher import GPKG, OTHER_GPKG, ZIP, Answer, Publisher

from geolyft.errors import CODES, AreaError
from geolyft.fetch.originals import ORIGINALS, fetch

if TYPE_CHECKING:
    from pathlib import Path


def listing(*urls: str) -> bytes:
    return json.dumps({"result": {"resources": [{"url": url} for url in urls]}}).encode()


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} if folder.exists() else set()


@pytest.mark.needs("pooch")
def test_a_file_arrives_whole_and_is_registered(publisher: Publisher, tmp_path: Path) -> None:
    (got,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert got.path.read_bytes() == GPKG
    assert got.sha256 == hashlib.sha256(GPKG).hexdigest()
    assert files_in(tmp_path) == {"deso2025_1280.gpkg", "register.json"}
    register = json.loads((tmp_path / "register.json").read_text())
    assert register["deso2025_1280.gpkg"]["sha256"] == got.sha256


@pytest.mark.needs("pooch")
def test_the_second_time_nothing_is_asked(publisher: Publisher, tmp_path: Path) -> None:
    first = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases) == first
    assert len(publisher.asked) == 1


@pytest.mark.needs("pooch")
def test_scb_is_asked_for_one_municipality_or_all(publisher: Publisher, tmp_path: Path) -> None:
    fetch(["regso2025"], cache=tmp_path, base_urls=publisher.bases, kommun="0180")
    fetch(["regso2025"], cache=tmp_path, base_urls=publisher.bases, kommun=None)
    one, everything = (parse_qs(urlsplit(path).query) for path in publisher.asked)
    assert one["CQL_FILTER"] == ["kommunkod='0180'"]
    assert one["typeName"] == ["stat:RegSO_2025"]
    assert "CQL_FILTER" not in everything
    assert {"regso2025_0180.gpkg", "regso2025.gpkg"} < files_in(tmp_path)


@pytest.mark.needs("pooch")
def test_the_citys_listing_leads_to_the_file_in_metres(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a_4326.gpkg", "b_3008.gpkg", "c_4326.geojson"]
    addresses = listing(*(f"{publisher.url}/{name}" for name in names))
    answer = Answer.do_GET

    def list_first(handler: Answer) -> None:
        handler.server.body = addresses if "package_show" in handler.path else GPKG
        answer(handler)

    monkeypatch.setattr(Answer, "do_GET", list_first)
    (got,) = fetch(["delomraden"], cache=tmp_path, base_urls=publisher.bases)
    assert got.url == f"{publisher.url}/b_3008.gpkg"
    assert got.path.read_bytes() == GPKG


@pytest.mark.needs("pooch")
def test_without_names_every_original_is_asked_for(publisher: Publisher, tmp_path: Path) -> None:
    for original, name in ((o, n) for n, o in ORIGINALS.items()):
        suffix = "_1280" if "{filter}" in original.path else ""
        (tmp_path / f"{name}{suffix}.{original.kind}").write_bytes(
            ZIP if original.kind == "zip" else GPKG
        )
    got = fetch(cache=tmp_path, base_urls=publisher.bases)
    assert [one.name for one in got] == list(ORIGINALS)


@pytest.mark.needs("pooch")
def test_a_file_put_in_the_cache_by_hand_is_used(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "valdistrikt2022.zip").write_bytes(ZIP)
    (got,) = fetch(["valdistrikt2022"], cache=tmp_path, base_urls=publisher.bases)
    assert got.path.read_bytes() == ZIP
    assert publisher.asked == []


@pytest.mark.needs("pooch")
def test_changed_bytes_are_refused_until_asked_for(publisher: Publisher, tmp_path: Path) -> None:
    (first,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    publisher.body = OTHER_GPKG
    first.path.unlink()
    with pytest.raises(AreaError, match="--update") as refusal:
        fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert refusal.value.code == "fetch-changed"
    assert files_in(tmp_path) == {"register.json"}
    (updated,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases, update=True)
    assert updated.path.read_bytes() == OTHER_GPKG
    assert updated.sha256 != first.sha256


@pytest.mark.needs("pooch")
def test_a_damaged_cached_file_is_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    (first,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    first.path.write_bytes(GPKG[:-1])
    (again,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert again.path.read_bytes() == GPKG


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        ({"status": 404, "body": b""}, "fetch-network", "status 404"),
        ({"status": 500, "body": b""}, "fetch-network", "status 500"),
        ({"body": GPKG, "promised_more": 50}, "fetch-network", "broke off"),
        ({"body": b"<ows:ExceptionReport/>"}, "fetch-content", "no gpkg file"),
        ({"body": b""}, "fetch-content", "no gpkg file"),
    ],
)
@pytest.mark.needs("pooch")
def test_a_failed_download_leaves_nothing_and_says_how_by_hand(
    publisher: Publisher, tmp_path: Path, answer: dict[str, object], code: str, says: str
) -> None:
    vars(publisher).update(answer)
    with pytest.raises(AreaError, match=says) as refusal:
        fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert refusal.value.code == code
    assert refusal.value.code in CODES
    assert ORIGINALS["deso2025"].page in refusal.value.remedy
    assert "deso2025_1280.gpkg" in refusal.value.remedy
    assert files_in(tmp_path) == set()


@pytest.mark.needs("pooch")
def test_a_failed_update_keeps_what_was_there(publisher: Publisher, tmp_path: Path) -> None:
    (first,) = fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    publisher.status = 503
    with pytest.raises(AreaError, match="status 503"):
        fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases, update=True)
    assert first.path.read_bytes() == GPKG
    assert fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases) == [first]


@pytest.mark.needs("pooch")
def test_without_a_server_the_refusal_says_how_by_hand(
    publisher: Publisher, tmp_path: Path
) -> None:
    # A port that is bound and never listens refuses at once.
    silent = ThreadingHTTPServer(("127.0.0.1", 0), Answer, bind_and_activate=False)
    silent.server_bind()
    bases = dict.fromkeys(publisher.bases, f"http://127.0.0.1:{silent.server_port}")
    with silent, pytest.raises(AreaError, match="no connection") as refusal:
        fetch(["valdistrikt2022"], cache=tmp_path, base_urls=bases)
    assert refusal.value.code == "fetch-network"
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize(
    "body", [b"{}", b"<html>", listing("file:///etc/hosts.gpkg"), listing("x.json")]
)
@pytest.mark.needs("pooch")
def test_a_listing_without_the_file_is_refused(
    publisher: Publisher, tmp_path: Path, body: bytes
) -> None:
    publisher.body = body
    with pytest.raises(AreaError) as refusal:
        fetch(["delomraden"], cache=tmp_path, base_urls=publisher.bases)
    assert refusal.value.code == "fetch-content"
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize("text", ["no json", "[]", '{"deso2025_1280.gpkg": {}}'])
def test_a_broken_register_is_refused(publisher: Publisher, tmp_path: Path, text: str) -> None:
    (tmp_path / "register.json").write_text(text)
    with pytest.raises(AreaError) as refusal:
        fetch(["deso2025"], cache=tmp_path, base_urls=publisher.bases)
    assert refusal.value.code == "fetch-register"


@pytest.mark.parametrize("names", [["regso2018"], ["deso2025", "../../x"]])
def test_an_unknown_name_is_refused_before_anything_is_asked(
    publisher: Publisher, tmp_path: Path, names: list[str]
) -> None:
    with pytest.raises(AreaError) as refusal:
        fetch(names, cache=tmp_path, base_urls=publisher.bases)
    assert refusal.value.code == "fetch-name"
    assert publisher.asked == []


def test_a_municipality_that_is_no_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="municipality") as refusal:
        fetch(["deso2025"], cache=tmp_path, kommun="1280' OR '1'='1")
    assert refusal.value.code == "fetch-name"


def test_without_pooch_the_refusal_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pooch", None)
    with pytest.raises(AreaError, match=r"geolyft\[fetch\]") as refusal:
        fetch(["deso2025"], cache=tmp_path, base_urls={"scb": "http://127.0.0.1:9"})
    assert refusal.value.code == "fetch-extra"

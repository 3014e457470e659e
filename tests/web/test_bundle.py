"""Modules become one script: each once, after what it imports, and nothing is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geolyft
from geolyft.export.web.bundle import bundle, parse
from geolyft.export.web.page import page_script

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES: Final = Path(geolyft.__file__).parent / "export" / "web" / "karta"
SCOPE: Final = re.compile(r"^(?:const \$(\w+) = )?\(function \(\) \{$", re.MULTILINE)


def module(name: str, imports: Mapping[str, str]) -> str:
    lines = [f"import {{ {wanted} }} from './{other}.js';" for other, wanted in imports.items()]
    return "\n".join([*lines, "", f"export const {name} = '{name}';", ""])


@st.composite
def houses(draw: st.DrawFn) -> dict[str, set[str]]:
    """Modules and what each imports, without a circle; the last one is the entry."""
    names = [f"m{n}" for n in range(draw(st.integers(1, 8)))]
    return {
        name: draw(st.sets(st.sampled_from(names[:n]))) if n else set()
        for n, name in enumerate(names)
    }


def reached(house: Mapping[str, set[str]], entry: str) -> set[str]:
    return {entry}.union(*(reached(house, other) for other in house[entry]))


@given(houses())
def test_every_module_stands_once_and_after_what_it_imports(house: dict[str, set[str]]) -> None:
    texts = {name: module(name, {other: other for other in house[name]}) for name in house}
    entry = list(house)[-1]
    script = bundle(entry, texts.__getitem__)
    # The first scope is the one around them all.
    order = SCOPE.findall(script)[1:]
    assert sorted(order) == sorted(reached(house, entry))
    for name in order:
        assert {other for other in house[name] if order.index(other) >= order.index(name)} == set()
        assert script.count(f"const {name} = '{name}';") == 1
    assert script == bundle(entry, texts.__getitem__)


@given(houses(), st.data())
def test_a_circle_is_refused_and_named(house: dict[str, set[str]], data: st.DataObject) -> None:
    entry = list(house)[-1]
    back = data.draw(st.sampled_from(sorted(reached(house, entry))))
    house[back] = house[back] | {entry}
    texts = {name: module(name, {other: other for other in house[name]}) for name in house}
    with pytest.raises(ValueError, match=rf"in a circle: .*\b{entry}\b.* → {entry}$"):
        bundle(entry, texts.__getitem__)


def test_a_name_that_is_not_exported_is_refused() -> None:
    texts = {"a": "import { one, two } from './b.js';\n", "b": "export const one = 1, two = 2;\n"}
    with pytest.raises(ValueError, match=r"a\.js imports two, which b\.js does not export"):
        bundle("a", texts.__getitem__)


@pytest.mark.parametrize(
    "line",
    [
        "import one from './b.js';",
        "import * as all from './b.js';",
        "import { one as two } from './b.js';",
        "import './b.js';",
        "import { one } from 'b';",
        "import { one } from '../b.js';",
        "  import { one } from './b.js';",
        "const b = await import('./b.js');",
        "const here = import.meta.url;",
        "export default 1;",
        "export { one };",
        "export * from './b.js';",
        "export let one = 1;",
        "export var one = 1;",
        "export const { one } = two;",
        "one(); export const two = 2;",
        "const text = '</script>';",
        "const text = '<!--';",
    ],
)
def test_what_is_not_known_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"^a\.js: "):
        parse("a", f"// Reasons.\n{line}\n")


def test_every_form_that_is_known_is_taken() -> None:
    parsed = parse(
        "a",
        "// What we import, and export, may be told.\n"
        "/**\n * @param {import('./b.js').One} one\n */\n"
        "import { one } from './b.js';\n"
        'import { two } from "./c.js";\n'
        "import {\n  three,\n  four,\n} from './b.js';\n"
        "export const five = one;\n"
        "export function six() {}\n"
        "export function* seven() {}\n"
        "export async function eight() {}\n"
        "export class Nine {}\n"
        "const ten = five;\n",
    )
    assert parsed.imports == {"b": ("one", "three", "four"), "c": ("two",)}
    assert parsed.exports == ("five", "six", "seven", "eight", "Nine")
    assert "import" not in parsed.script
    assert "export" not in parsed.script
    assert parsed.script.endswith("const ten = five;")


# ---- the page's own ---


def test_every_module_of_the_page_is_in_its_script() -> None:
    names = {path.stem for path in MODULES.glob("*.js")}
    assert {name or "start" for name in SCOPE.findall(page_script())[1:]} == names


def test_every_export_is_imported_somewhere() -> None:
    modules = {
        path.stem: parse(path.stem, path.read_text("utf-8")) for path in MODULES.glob("*.js")
    }
    tests = Path(__file__).with_name("js").glob("*.test.js")
    loaded = re.findall(
        r"const \{([^}]*)\} = await load\('(\w+)'\)",
        "".join(one.read_text("utf-8") for one in tests),
    )
    used = {
        (name, one)
        for each in modules.values()
        for name, ones in each.imports.items()
        for one in ones
    }
    used |= {(name, one.strip()) for ones, name in loaded for one in ones.split(",")}
    exported = {(name, one) for name, each in modules.items() for one in each.exports}
    assert exported == used


def test_what_comes_from_outside_comes_in_through_one_module() -> None:
    """What else no module may take, eslint says in ``make lint``."""
    for path in MODULES.glob("*.js"):
        text = path.read_text("utf-8")
        assert text.startswith("// @ts-check\n"), path.name
        assert ("/* global " in text) == (path.name == "folium.js"), path.name

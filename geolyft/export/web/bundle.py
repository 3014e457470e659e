"""Modules of script joined to one script, so that the page stays one file without a network.

A module in a page cannot import another from a file, and a wheel is built where there is no node.
What our modules use of the language is little, and anything else is refused rather than guessed:
an import of names from a file in the same folder, and an export before a function, class or
constant.

Each module gets a scope of its own, not one that all share: names need not differ between modules,
and what a module does not export no other can reach, as in the browser's own modules. Only what
never changes can be exported and no module needs itself, so a name that is copied when it is
imported is as good as the living one.

Comments of whole lines stay in the modules, with the types that are told there, and so does what
lines are indented by: readers of a page do not pay for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_IMPORT: Final = re.compile(r"^import \{([^{}]*)\} from (['\"])\./(\w+)\.js\2;$", re.MULTILINE)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async function|function\*?|class|const) (\w+))", re.MULTILINE
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_COMMENT: Final = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)\n?", re.MULTILINE | re.DOTALL)
_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_UNKNOWN: Final = re.compile(r"\b(?:import|export)\b.*")
# What would end the script where it stands in a page.
_CLOSING: Final = re.compile(r"<!--|<(?=/?script)", re.IGNORECASE)


class Module(NamedTuple):
    """One file: what it imports from each module, what it exports, and its script without both."""

    imports: dict[str, tuple[str, ...]]
    exports: tuple[str, ...]
    script: str


def bundle(entry: str, read: Callable[[str], str]) -> str:
    r"""Return the entry and all it imports as one script, each module once and after its imports.

    Parameters
    ----------
    entry
        The module that starts the page, without its ending.
    read
        Returns the text of a module.

    Raises
    ------
    ValueError
        Where modules import each other in a circle, a name is imported that is not exported, or
        a module uses a form of import or export that is not known here.

    Examples
    --------
    >>> modules = {
    ...     "start": "import { two } from './two.js';\nwindow.two = two;\n",
    ...     "two": "export const two = 2;\n",
    ... }
    >>> print(bundle("start", modules.__getitem__))
    (function () {
    'use strict';
    const $two = (function () {
    const two = 2;
    return { two };
    })();
    (function () {
    const { two } = $two;
    window.two = two;
    })();
    })();
    <BLANKLINE>
    """
    modules: dict[str, Module] = {}
    _add(entry, read, modules, ())
    for name, module in modules.items():
        _check_imports(name, module, modules)
    scopes = [_scope(name, module) for name, module in modules.items()]
    return "\n".join(["(function () {", "'use strict';", *scopes, "})();", ""])


def _add(
    name: str, read: Callable[[str], str], modules: dict[str, Module], above: tuple[str, ...]
) -> None:
    """Add a module after everything it imports."""
    path = (*above, name)
    if name in above:
        raise ValueError(f"modules import each other in a circle: {' → '.join(path)}")
    if name in modules:
        return
    module = parse(name, read(name))
    for other in module.imports:
        _add(other, read, modules, path)
    modules[name] = module


def parse(name: str, text: str) -> Module:
    """Return what a module imports and exports, and refuse what it says in any other way."""
    text = _COMMENT.sub("", text)
    if any(line.count("`") % 2 for line in text.splitlines()):
        raise ValueError(f"{name}.js: a text of several lines would lose its indents")
    imports: dict[str, tuple[str, ...]] = {}
    for names, _, other in _IMPORT.findall(text):
        wanted = tuple(part.strip() for part in names.strip().rstrip(",").split(","))
        if not all(_NAME.fullmatch(part) for part in wanted):
            raise ValueError(f"{name}.js: a name is imported as it is: {{{names}}}")
        imports[other] = (*imports.get(other, ()), *wanted)
    script = _EXPORT.sub("", _IMPORT.sub("", text)).strip("\n")
    for unknown in (_UNKNOWN.search(script), _CLOSING.search(script)):
        if unknown:
            raise ValueError(f"{name}.js: this is not known to the bundler: {unknown.group()}")
    return Module(imports, tuple(_EXPORT.findall(text)), _INDENT.sub("", script))


def _check_imports(name: str, module: Module, modules: dict[str, Module]) -> None:
    for other, names in module.imports.items():
        for missing in sorted(set(names) - set(modules[other].exports)):
            raise ValueError(f"{name}.js imports {missing}, which {other}.js does not export")


def _scope(name: str, module: Module) -> str:
    imports = [f"const {{ {', '.join(names)} }} = ${it};" for it, names in module.imports.items()]
    exports = [f"return {{ {', '.join(module.exports)} }};"] if module.exports else []
    opening = f"const ${name} = (function () {{" if exports else "(function () {"
    return "\n".join([opening, *imports, module.script, *exports, "})();"])

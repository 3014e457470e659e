"""Write geolyft/typed.py: what a run file and a catalogue say, as types of Python's own dicts.

The forms are the one place where keys are declared; this says them once more for type checkers.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import types
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from geolyft.form import Form
from geolyft.indicators.catalogue import Catalogue
from geolyft.run_file.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE: Final = Path(__file__).parents[1] / "geolyft" / "typed.py"
ROOTS: Final = {"CatalogueFile": Catalogue, "RunFile": Config}
ONE_OR_MORE: Final = {("Measure", "numerator"), ("Measure", "denominator")}
"""Where a form takes one value for a list of it."""
PLAIN: Final = {str: "str", int: "int", float: "float", bool: "bool", type(None): "None"}

HEAD: Final = '''\
"""What a run file and a catalogue say, as types of dicts. Do not edit: docs/typed.py writes it.

A dict with these keys stands for the file of the same content, see `geolyft.load_config` and
`geolyft.load_catalogue`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

'''


def name_of(form: type[Form]) -> str:
    """Return what the dict of a form is called."""
    roots = {each: name for name, each in ROOTS.items()}
    return roots.get(form, f"{form.__name__.removesuffix('Settings')}Table")


def forms_in(form: type[Form], met: dict[type[Form], None]) -> dict[type[Form], None]:
    """Return a form and those in it, the inner ones first."""
    for field in form.model_fields.values():
        for inner in inner_forms(field.annotation):
            if inner not in met:
                forms_in(inner, met)
    met[form] = None
    return met


def inner_forms(annotation: Any) -> Iterator[type[Form]]:  # noqa: ANN401 - any annotation
    """Yield the forms that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for each in get_args(annotation):
        yield from inner_forms(each)


def said(annotation: Any) -> str:  # noqa: ANN401, PLR0911 - any annotation, a kind a line
    """Return an annotation as a dict has it: lists for tuples, dicts for forms."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if annotation is dt.date:
        return "dt.date"
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return name_of(annotation)
    if origin is Annotated:
        # A validator that comes before takes one text for a list of them.
        takes_one = any(type(each).__name__ == "BeforeValidator" for each in args[1:])
        return f"str | {said(args[0])}" if takes_one else said(args[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, args))}]"
    if origin in (Union, types.UnionType):
        kinds = list(dict.fromkeys(map(said, args)))
        return " | ".join(k for k in kinds if not (k.startswith("Literal['']") and "str" in kinds))
    if origin is tuple:
        return f"Sequence[{' | '.join(dict.fromkeys(said(a) for a in args if a is not ...))}]"
    if origin in (dict, Mapping):
        return f"Mapping[str, {said(args[1])}]"
    raise TypeError(f"no words for {annotation}")


def keys_of(form: type[Form]) -> dict[str, str]:
    """Return the keys of a dict with their types."""
    keys = {}
    for name, field in form.model_fields.items():
        kind = said(field.annotation)
        if (form.__name__, name) in ONE_OR_MORE:
            kind = f"str | SelectionTable | {kind}"
        keys[field.alias or name] = f"Required[{kind}]" if field.is_required() else kind
    return keys


def block(form: type[Form]) -> str:
    """Return the dict of a form; a key that Python keeps for itself needs the long way."""
    name, keys = name_of(form), keys_of(form)
    if any(map(iskeyword, keys)):
        rows = "".join(f"{key!r}: {kind}," for key, kind in keys.items())
        return f"{name} = TypedDict({name!r}, {{{rows}}}, total=False)\n"
    about = (form.__doc__ or "").strip().splitlines()[0]
    rows = "\n".join(f"    {key}: {kind}" for key, kind in keys.items())
    return f'class {name}(TypedDict, total=False):\n    """{about}"""\n\n{rows}\n'


def page() -> str:
    """Return the module's text, as the formatter leaves it."""
    met: dict[type[Form], None] = {}
    for form in ROOTS.values():
        forms_in(form, met)
    text = "\n\n".join([HEAD, *map(block, met)])
    ruff: list[str | Path] = [
        Path(sys.executable).with_name("ruff"),
        "format",
        "--stdin-filename",
        str(PAGE),
        "-",
    ]
    return subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(ROOTS)} files")

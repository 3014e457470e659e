"""TOML files as strict forms: what a file says, and one line about what is wrong with it."""

from __future__ import annotations

import errno
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from geolyft.allowed import allowed, open_file
from geolyft.errors import nearest
from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from geolyft.errors import GeolyftError

FormT = TypeVar("FormT", bound="Form")


class Form(Shown, BaseModel):
    """A part of a file: known keys only, finite numbers, and not changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def load_form(
    kind: type[FormT], path: Path | Traversable, *, error: type[GeolyftError], prefix: str
) -> FormT:
    """Read a TOML file into its form.

    Parameters
    ----------
    error, prefix
        What a refusal is: ``<prefix>-file`` when the file cannot be read, ``<prefix>-form`` when
        it is no TOML in UTF-8 or does not fit the form.
    """
    try:
        content = tomllib.loads(_bytes(path).decode())
    except OSError as problem:
        code, what, remedy = "file", f"cannot be read ({problem.strerror})", "check the path"
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        code, what = "form", f"no TOML in UTF-8: line {line} has other letters"
        remedy = "save the file as UTF-8"
    except (ValueError, RecursionError) as problem:
        code, what, remedy = "form", f"no TOML in UTF-8: {problem}", "correct the file"
    else:
        return form_of(kind, content, error=error, prefix=prefix, where=path.name)
    raise error(f"{prefix}-{code}", what, remedy=remedy, where=path.name)


def form_of(
    kind: type[FormT],
    content: Mapping[str, object],
    *,
    error: type[GeolyftError],
    prefix: str,
    where: str,
) -> FormT:
    """Return a file's content, or a dict that stands for one, as its form.

    Parameters
    ----------
    error, prefix
        What a refusal is: ``<prefix>-form``.
    where
        What to call it.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as problem:
        what = _first_problem(kind, problem)
    raise error(f"{prefix}-form", what, remedy="correct the file", where=where)


def _bytes(path: Path | Traversable) -> bytes:
    most, dots = allowed(_MOST_BYTES), allowed(_MOST_DOTS)
    try:
        with open_file(path) as opened:
            content = opened.read(int(most) + 1)
    except ValueError as problem:  # a path that no system could have, such as one with a NUL
        raise OSError(errno.EINVAL, str(problem)) from None
    if len(content) > most:
        raise OSError(errno.EFBIG, f"has more than the {most:.0f} bytes of a form; see --limits")
    if any(key.count(b".") > dots for key in _KEY.findall(content)):
        raise OSError(errno.EINVAL, f"has a key of more than {dots:.0f} parts; see --limits")
    return content


_MOST_BYTES: Final = 500_000
"""Of a run file or a catalogue; the longest that is shipped has 8 000."""
_MOST_DOTS: Final = 16
"""Of a key: the deepest has three, and Python's reader takes time with their square."""
_KEY: Final = re.compile(rb"^[ \t]*\[*([^=\"'#\n]*)", re.MULTILINE)


_SAID: Final = {
    "missing": "is missing",
    "extra_forbidden": "is no key here",
    "string_type": "has to be a text",
    "string_pattern_mismatch": "has signs that do not belong, or is too long",
    "string_too_short": "has to have at least {min_length} signs",
    "string_too_long": "may have at most {max_length} signs",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "finite_number": "has to be a finite number",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "tuple_type": "has to be a list",
    "dict_type": "has to be a table",
    "mapping_type": "has to be a table",
    "model_type": "has to be a table",
    "model_attributes_type": "has to be a table",
    "too_short": "has to have at least {min_length}",
    "too_long": "may have at most {max_length}",
    "literal_error": "has to be {expected}",
    "greater_than": "has to be above {gt}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than": "has to be below {lt}",
    "less_than_equal": "may be at most {le}",
    "date_type": "has to be a date such as 2026-03-01",
    "date_parsing": "has to be a date such as 2026-03-01",
    "date_from_datetime_parsing": "has to be a date such as 2026-03-01",
    "value_error": "{error}",
}
"""What does not fit, in words of ours, by what pydantic calls it."""


def _first_problem(kind: type[Form], problem: ValidationError) -> str:
    """Say the first finding in one line, without the offending value."""
    types = {"str", "bool", "int", "float", *(form.__name__ for form in _all_forms(Form))}
    errors = [(_path(each["loc"], types), each) for each in problem.errors(include_url=False)]
    begin = errors[0][0]
    # Where one of several forms may stand, each says what it misses: the one that came furthest.
    path, first = max(
        (each for each in errors if each[0][: len(begin)] == begin), key=lambda each: len(each[0])
    )
    what = _SAID.get(first["type"], "does not fit").format(**first.get("ctx", {}))
    if first["type"] == "extra_forbidden":
        what += nearest(str(path[-1]), _keys(kind, path[:-1]))
    place, more = ".".join(map(str, path)) or "file", len({tuple(each) for each, _ in errors}) - 1
    return f"{place}: {what}" + (f" (and {more} more)" if more else "")


def _path(place: Sequence[int | str], types: Collection[str]) -> list[int | str]:
    """Return where a finding is by the file's own keys; pydantic puts names of types between."""
    return [
        part
        for part in place
        if isinstance(part, int) or not (part in types or "[" in part or "(" in part)
    ]


def _all_forms(kind: type[Form]) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all_forms(each)


def _keys(kind: type[Form], path: Sequence[int | str]) -> list[str]:
    """Return the keys that a table of a form has; none where several forms may stand there."""
    form: type[Form] | None = kind
    for part in path:
        if form is None or isinstance(part, int):
            continue
        annotations = (f.annotation for n, f in form.model_fields.items() if (f.alias or n) == part)
        form = next((each for every in annotations for each in _forms(every)), None)
    return [field.alias or name for name, field in form.model_fields.items()] if form else []


def _forms(annotation: Any) -> Iterator[type[Form]]:  # noqa: ANN401 - any annotation
    """Yield the forms that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for each in get_args(annotation):
        yield from _forms(each)

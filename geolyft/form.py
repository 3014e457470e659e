"""TOML files as strict forms: what a file says, and one line about what is wrong with it."""

from __future__ import annotations

import errno
import tomllib
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from geolyft.errors import GeolyftError

FormT = TypeVar("FormT", bound="Form")


class Form(Shown, BaseModel):
    """A part of a file: known keys only, and not changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
        what = _first_problem(problem)
    raise error(f"{prefix}-form", what, remedy="correct the file", where=where)


def _bytes(path: Path | Traversable) -> bytes:
    try:
        return path.read_bytes()
    except ValueError as problem:  # a path that no system could have, such as one with a NUL
        raise OSError(errno.EINVAL, str(problem)) from None


def _first_problem(problem: ValidationError) -> str:
    """Say the first finding in one line, without the offending value."""
    first = problem.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "file"
    more = problem.error_count() - 1
    return f"{place}: {first['msg']}" + (f" (and {more} more)" if more else "")

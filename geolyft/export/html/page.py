"""What every page shares: its styles and scripts inside it, and a policy that lets no other run.

Names, figures and words reach a page as text or as JSON, never as markup or script.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from geolyft.export.figures.palette import coloured
from geolyft.export.html.beside import pages_beside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geolyft.export.figures.reader import Reader


@cache
def environment() -> jinja2.Environment:
    """Return where templates are read: every value is escaped, and a missing one is an error."""
    return jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(package_text),
    )


def render(
    template: str, reader: Reader, styles: Iterable[str], *, page: str = "", **content: object
) -> str:
    """Return a page without scripts: a template filled in, its styles inside it.

    Parameters
    ----------
    page
        Where it lies in its delivery, whose other pages it then leads to.
    """
    texts = [package_text(name) for name in (*styles, "html/dark.css")]
    return (
        environment()
        .get_template(template)
        .render(
            publication=reader.publication,
            words=reader.words,
            version=version("geolyft"),
            beside=pages_beside(reader.publication, page) if page else [],
            policy=policy([], texts),
            styles=[Markup(text) for text in texts],  # noqa: S704 - our own
            **content,
        )
    )


def package_text(name: str) -> str:
    """Return one of the package's templates, styles or scripts, in the colours of the palette."""
    return one_newline(coloured((files("geolyft.export") / name).read_text("utf-8")))


def one_newline(text: str) -> str:
    """Return a text with one kind of line end.

    The browser hashes what it parsed, and its parser knows one kind.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n")


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return a content security policy that allows these scripts and styles and nothing else.

    Examples
    --------
    >>> policy([], ["p {}"]).split("; ")[:2]
    ["default-src 'none'", 'script-src ']
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(_hash(script) for script in scripts),
            "style-src " + " ".join(_hash(style) for style in styles),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def json_text(content: object) -> str:
    r"""Return JSON that closes no element and ends no line inside a script.

    Examples
    --------
    >>> json_text("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text

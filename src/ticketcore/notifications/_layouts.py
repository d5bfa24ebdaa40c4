"""Lay out an e-mail as plain text and as HTML, with Jinja files that come with the library.

Jinja runs in a sandbox, escapes every value in HTML, and treats an undefined name as an error.
Text written by people is only ever a value; no layout is made from it.
"""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ticketcore.notifications._email import Email

if TYPE_CHECKING:
    from jinja2 import Environment

_LAYOUTS = files("ticketcore.notifications") / "layouts"


def as_text(email: Email) -> str:
    """Return the e-mail as plain text."""
    return _environment().get_template("email.txt.jinja").render(email=email)


def as_html(email: Email) -> str:
    """Return the e-mail as an HTML page."""
    return _environment().get_template("email.html.jinja").render(email=email)


@cache
def _environment() -> "Environment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def read(name: str) -> str:
        return (_LAYOUTS / name).read_text(encoding="utf-8")

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(read),
        autoescape=lambda name: name is None or name.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

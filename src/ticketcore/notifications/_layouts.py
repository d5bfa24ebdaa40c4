"""The mails' templates, which come with the library. What people wrote is only ever a value."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ticketcore.notifications._email import Letter

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = files("ticketcore.notifications") / "layouts"


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return _environment().get_template("email.txt.jinja").render(letter=letter)


def as_html(letter: Letter) -> str:
    """The letter as a page of HTML, every value escaped."""
    return _environment().get_template("email.html.jinja").render(letter=letter)


@cache
def _environment() -> "Environment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def read(name: str) -> str:
        return (_TEMPLATES / name).read_text(encoding="utf-8")

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(read),
        autoescape=lambda name: name is None or name.endswith(".html.jinja"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

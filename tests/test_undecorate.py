"""Mutation tests change functions whose decorators became calls."""

from functools import cache
from typing import Any

from undecorate import undecorated

SOURCE = """
@shout
@say("hello")
def greeting(name):
    return f"{name}!"

class Account:
    @property
    def balance(self):
        return 7

    @classmethod
    @cache
    def kinds(cls):
        return ("open", "closed")
"""


def _say(word: str) -> Any:
    return lambda function: lambda name: f"{word} {function(name)}"


def _shout(function: Any) -> Any:
    return lambda name: function(name).upper()


def test_decorators_become_calls_that_have_the_same_effect() -> None:
    """The decorator next to the function is called first; a property stays a property."""
    names: dict[str, Any] = {"say": _say, "shout": _shout, "cache": cache}
    source = undecorated(SOURCE)

    exec(source, names)

    assert [line for line in source.splitlines() if "@" in line] == [
        "    @classmethod",
        "    @cache",
    ]
    assert "HELLO ANN!" == names["greeting"]("Ann")
    assert 7 == names["Account"]().balance
    assert ("open", "closed") == names["Account"].kinds()

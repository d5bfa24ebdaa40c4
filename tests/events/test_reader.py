from typing import Any, Literal

import attrs
import pytest

from ticketcore._internal.strict_json import reader
from ticketcore.errors import CodecError


@attrs.frozen
class Colours:
    """A value with a list of words from a closed set, which no event has as yet."""

    favourite: Literal["red", "blue"]
    others: tuple[Literal["red", "blue"], ...] = ()


def test_words_of_a_closed_set_are_read() -> None:
    """By themselves, and in a list."""
    body = {"favourite": "red", "others": ["blue", "red"]}
    assert Colours("red", ("blue", "red")) == reader(Colours)(body)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"favourite": "green"}, "favourite"),
        ({"favourite": ["red"]}, "favourite"),
        ({"favourite": "red", "others": ["blue", "green"]}, "others[1]"),
        ({"others": []}, ""),
    ],
)
def test_other_words_are_refused(body: dict[str, Any], path: str) -> None:
    """With the place where they stand; so is a field that is missing."""
    with pytest.raises(CodecError) as caught:
        reader(Colours)(body)
    assert path == caught.value.path

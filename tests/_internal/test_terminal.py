"""Text that is safe to print on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._internal.terminal import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 谢谢", "Grüße, 谢谢"),
        ("1\u202f000\xa0€", "1\u202f000\xa0€"),  # French and Swiss numbers have such spaces
        ("a\x1b[31m\n", r"a\x1b[31m\n"),
        ("\u200b\u202e", r"\u200b\u202e"),
        ("\ud800", r"\ud800"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    """So are bidirectional characters; spaces of any width are not."""
    assert shown == visible(text)


@given(st.text())
def test_visible_text_stays_on_one_line(text: str) -> None:
    """Escaping twice changes nothing."""
    shown = visible(text)

    assert 1 >= len(shown.splitlines())
    assert shown == visible(shown)

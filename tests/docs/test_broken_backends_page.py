"""The page of broken backends."""

from broken_backends import PAGE, page
from support.broken.stores import ALL_BROKEN


def test_the_page_is_current() -> None:
    """The page of broken backends equals the output of `make docs`."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_it_lists_thirty_faults() -> None:
    """The page of broken backends lists thirty faults, each with a sentence."""
    assert 30 <= len(ALL_BROKEN)
    assert all(broken.__doc__ for broken in ALL_BROKEN)

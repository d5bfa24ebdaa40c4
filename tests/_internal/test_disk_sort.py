"""Sorting on disk."""

from ticketcore._internal.disk_sort import sorted_on_disk


def test_items_are_sorted_by_key_and_number() -> None:
    """Items sort by key, then by number; keys are any text, and payloads come back unchanged."""
    items = [("b", 2, b"x"), ("a", 3, None), ("b", 1, b""), ("\ud800", 0, None), ("", 9, b"\0")]

    assert [
        ("", 9, b"\0"),
        ("a", 3, None),
        ("b", 1, b""),
        ("b", 2, b"x"),
        ("\ud800", 0, None),
    ] == [*sorted_on_disk(iter(items))]

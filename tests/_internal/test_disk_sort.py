"""Sorting on disk."""

import subprocess
import sys

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


def _peak(rows: int) -> int:
    """Return the most memory of a process that sorts this many rows of 200 bytes."""
    code = (
        "import resource\n"
        "from ticketcore._internal.disk_sort import sorted_on_disk\n"
        f"items = ((str(n * 7919 % 100_003), n, bytes(200)) for n in range({rows}))\n"
        f"assert {rows} == sum(1 for _ in sorted_on_disk(items))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(ran.stdout)


def test_memory_does_not_grow_with_the_items() -> None:
    """Four times the rows, which are 18 MB more, take hardly more memory."""
    assert _peak(120_000) < 1.1 * _peak(30_000)

"""Files that are not histories are recognized once, with what to do."""

import gzip

import pytest

from ticketcore.events import BrokenHistory, scan_histories


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"number,state\n1,New\n" * 50, "is a table such as CSV, not a history: convert it"),
        ("\ufeffNummer;Status\n1;Neu\n".encode(), "is a table such as CSV"),
        (b'#:schema policy.schema.json\nname = "x"\n', "is a TOML file, such as a policy"),
        (b'\n\nname = "x"\n', "is a TOML file, such as a policy"),
        (b"[[timer]]\n", "is a TOML file, such as a policy"),
        (b"a=1\n" * 50, "is a TOML file, such as a policy"),
        (b'<?xml version="1.0"?>\n<log/>\n', "is XML, not a history"),
        (b'{\n "issues": [\n', "is JSON of another system"),
        (b'[\n{"id": 1}\n]\n', "is JSON of another system"),
        (b'{"id":1,"title":"x"}\n{"id":2}\n', "is JSON of another system"),
        (b'[{"ticket":"1"}]\n', "is JSON of another system"),
        (gzip.compress(b"x", mtime=0), "is compressed: let its name end in .gz"),
        (b"PK\x03\x04\n", "is a zip file"),
        ('{"ticket":"1"}\n'.encode("utf-16"), "is UTF-16: save the file as UTF-8"),
        (b"\x7fELF, a program\n", "contains the byte 0x7f, which no text has"),
    ],
)
def test_another_kind_of_file_is_reported_once(content: bytes, message: str) -> None:
    """Another kind of file is reported once, with what to do."""
    (broken,) = scan_histories(content.splitlines(keepends=True))

    assert isinstance(broken, BrokenHistory)
    assert (1, "not-a-history") == (broken.line, getattr(broken.error, "problem", None))
    assert str(broken.error).startswith(message)


@pytest.mark.parametrize("content", [b"?\n", b'{"ticket":"1"\n', b'{"seq":1}\n', b"{}\n", b"7\n"])
def test_a_damaged_history_is_not_another_file(content: bytes) -> None:
    """The lines of a damaged history are reported one by one."""
    (broken,) = scan_histories([content])

    assert isinstance(broken, BrokenHistory)
    assert "not-a-history" != getattr(broken.error, "problem", None)


def test_a_line_of_a_history_shows_what_the_file_is() -> None:
    """A file with a line of a history is one, although it begins as another file does."""
    (broken, *_) = scan_histories([b"a=1\n", b'{"ticket":"1","seq":1}\n'])

    assert isinstance(broken, BrokenHistory)
    assert "not-json" == getattr(broken.error, "problem", None)

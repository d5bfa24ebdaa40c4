"""Fuzz the reader of history files: `python -m fuzz.histories -max_total_time=60`."""

import io

import atheris

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.errors import DataError
    from ticketcore.events import History, read_histories, scan_histories, write_histories
    from ticketcore.ticket import fold

from fuzz._harness import ROOT, fuzz

_CORPUS = ROOT / "tests/events/stored/corpus/v1.jsonl"
_WHOLE = ROOT / "examples/histories/service-desk.jsonl"


def read(data: bytes) -> None:
    """Check that every valid history folds, and is equal after it is written and read again."""
    for item in scan_histories(io.BytesIO(data)):
        if not isinstance(item, History):
            str(item.error)
            continue
        fold(item.events)
        file = io.BytesIO()
        write_histories(file, [(item.ticket, item.events)])
        file.seek(0)
        (again,) = read_histories(file)
        if again.events != item.events:
            raise AssertionError(f"{item} is read back as {again}")


if __name__ == "__main__":
    lines = _CORPUS.read_bytes().splitlines(keepends=True)
    tickets = b"".join(_WHOLE.read_bytes().splitlines(keepends=True)[:7])
    fuzz(read, [*lines, tickets], refuses=DataError)

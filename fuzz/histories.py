"""History files: `python -m fuzz.histories -max_total_time=60`."""

import io

import atheris

with atheris.instrument_imports(include=["ticketcore"]):
    from ticketcore.errors import DataError
    from ticketcore.events import History, read_histories, scan_histories, write_histories
    from ticketcore.ticket import fold

from fuzz._harness import ROOT, fuzz

_CORPUS = ROOT / "tests/events/corpus/v1.jsonl"
_WHOLE = ROOT / "examples/histories/service-desk.jsonl"


def read(data: bytes) -> None:
    """Every history that is found folds, and is written and read again as the same one."""
    for found in scan_histories(io.BytesIO(data)):
        if not isinstance(found, History):
            str(found.error)
            continue
        fold(found.events)
        file = io.BytesIO()
        write_histories(file, [(found.ticket, found.events)])
        file.seek(0)
        (again,) = read_histories(file)
        if again.events != found.events:
            raise AssertionError(f"{found} is read back as {again}")


if __name__ == "__main__":
    lines = _CORPUS.read_bytes().splitlines(keepends=True)
    tickets = b"".join(_WHOLE.read_bytes().splitlines(keepends=True)[:7])
    fuzz(read, [*lines, tickets], refuses=DataError)

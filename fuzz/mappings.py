"""Fuzz mappings and the rows of logs: `python -m fuzz.mappings -max_total_time=60`."""

import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ticketcore.importers", "ticketcore._toml"]):
    from ticketcore.errors import DataError, MappingError, TicketcoreError
    from ticketcore.events import impossible_events
    from ticketcore.importers import import_log, parse_mapping, sketch_log

from fuzz._harness import ROOT, fuzz, paragraphs

_SEPARATOR = b"\n=====\n"
_FOLDER = tempfile.TemporaryDirectory()
_LOG = Path(_FOLDER.name, "log")
_LOGS = (
    b"id,at,state,who\n1,2026-01-05,new,a\n1,2026-01-06,Resolved,\n",
    b'#TYPE a\nid,at,state,who\n1,2026-01-05,new,"a <b>\n1,2026-01-06,"new",a\n',
    b'{"id": 1, "at": "2026-01-05"}\n{"id": "\\ud800\xed\xa0\x80\n',
    b'id;at;state;who\n1;05.01.2026;"new ";a\n1;Tue, 6 Jan 2026 10:00 GMT;Paid;1.234,50\n',
    b'[{"number": 1, "created_at": "2026-01-05", "timeline": [{"event": "closed"}]}]',
    b'{"issues": [{"key": "A", "fields": {"created": "2026-01-05"}}]}',
    b'<log><trace><string key="concept:name" value="1"/><event></event></trace></log>',
)

_REFUNDS = b"""[log]
ticket = "id"
time = "at"
time_format = ["day-first", "email", "%d %b %Y %Z"]
id = "{state} {at}"
[people]
actor = { column = "who", after = "<", before = ">" }
system = "b"
support = "c"
opener = "customer"
names = { d = "c" }
[opened]
type = "x"
[[event]]
event = "refunded"
by = "vendor"
where = { state = { not = ["", { contains = "new" }] } }
amount = "{who} EUR"
"""


def read(data: bytes) -> None:
    """Check that a mapping and a log give possible histories, or an error of the library."""
    text, _, log = data.partition(_SEPARATOR)
    mapping = parse_mapping(text)
    _LOG.write_bytes(log)
    for read_one in (lambda: parse_mapping(sketch_log(_LOG).to_toml()), lambda: _import(mapping)):
        try:
            read_one()
        except MappingError as refused:
            str(refused)
        except DataError as refused:
            str(refused)


def _import(mapping: object) -> None:
    for ticket, events in import_log(_LOG, mapping, "Europe/Berlin"):  # type: ignore[arg-type]
        for impossible in impossible_events(ticket, events):
            raise AssertionError(impossible)


if __name__ == "__main__":
    files = [*(ROOT / "src/ticketcore/importers/mappings").glob("*.toml")]
    head = b'[log]\nticket = "id"\ntime = "at"\nstate = "state"\n[opened]\ntype = "x"\n'
    texts = {_REFUNDS}
    texts |= {*(file.read_bytes() for file in files), *paragraphs(files, head)}
    seeds = [text + _SEPARATOR + log for text in texts for log in _LOGS]
    fuzz(read, seeds, refuses=TicketcoreError)

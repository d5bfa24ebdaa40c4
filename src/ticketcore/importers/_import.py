"""Import a log of another system: rows become events as a mapping says."""

import marshal
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby, islice
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.files import sorted_on_disk
from ticketcore._internal.limits import MAX_UNMAPPED
from ticketcore._internal.terminal import has_visible
from ticketcore.calendar import zone_of
from ticketcore.errors import LogError
from ticketcore.events import Event
from ticketcore.importers._report import ImportReport
from ticketcore.importers._rules import Plan
from ticketcore.importers._tickets import TicketMaker
from ticketcore.importers._times import time_reader
from ticketcore.importers.logs._files import LogPath, check_hash, naming
from ticketcore.importers.logs._row import Row
from ticketcore.importers.logs._rows import all_columns, csv_header, read_rows
from ticketcore.importers.mapping._file import LogMapping
from ticketcore.importers.mapping._load import without_effect, wrong_columns
from ticketcore.importers.mapping._values import CellTemplate, CellValue

_NO_NAME = re.compile(r"[\W_]+")  # characters that no name of a field has
_LONG = 10_000  # bytes of a row whose events may be too long for a history
_REPLACEMENT = "\ufffd"


def import_log(
    logs: LogPath | Iterable[LogPath],
    mapping: LogMapping,
    zone: str | ZoneInfo,
    *,
    report: ImportReport | None = None,
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield each ticket of one or several logs with its events, by ticket number.

    A log is a CSV, JSON, JSON Lines or XES file, perhaps in a gzip or zip file. Several files may
    be tables with different columns if `log.rows` of the mapping names the files.

    *zone* is the IANA time zone of times without an offset, and of the tickets. A local time that
    occurs twice is read as the order of the rows says, else as its first occurrence; one that the
    clocks skip is read as the instant of the change. *report* is updated while tickets are read.

    The rows are sorted in a temporary file, so memory does not grow with the log, and they may
    have any order. A row that cannot be read is counted and left out.

    Raises CalendarError for an unknown zone, LogError for a log that cannot be read as a whole,
    MappingError for a mapping that names columns that the log lacks, and OSError for the files.
    """
    paths = [logs] if isinstance(logs, (str, os.PathLike)) else [*logs]
    zone = zone_of(zone)
    report = ImportReport() if report is None else report
    if mapping.log.sha256 is not None:
        for path in paths:
            with naming(path, paths):
                check_hash(path, mapping.log.sha256)
    return _tickets(paths, mapping, zone, report)


def _tickets(
    paths: list[LogPath], mapping: LogMapping, zone: ZoneInfo, report: ImportReport
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    read_time = time_reader(mapping.log.time_format, zone)
    with_fields = mapping
    if mapping.log.unmapped == "fields":
        fields = [*islice(_unmapped_fields(paths, mapping), MAX_UNMAPPED + 1)]
        if len(fields) > MAX_UNMAPPED:
            raise LogError(
                f"more than {MAX_UNMAPPED:,} columns would become fields: name those that are "
                "wanted in [fields], and leave log.unmapped out"
            )
        with_fields = attrs.evolve(mapping, fields={**dict(fields), **mapping.fields})
    plan = Plan(with_fields, zone.key, lambda text: read_time(text).first)
    maker = TicketMaker(plan, read_time, report)
    items = sorted_on_disk(_items(paths, mapping, plan, report))
    for ticket, group in groupby(items, key=itemgetter(0)):
        payloads = [payload or b"" for _, _, payload in group]
        long = max(map(len, payloads)) > _LONG
        events = maker.events(ticket, [_unpacked(payload) for payload in payloads], long=long)
        if events:
            report.tickets += 1
            report.events += len(events)
            yield ticket, events
    report.without_effect = without_effect(
        mapping, plan.unseen, maker.fitted, maker.overtaken, plan.unmet
    )


def _unmapped_fields(paths: list[LogPath], mapping: LogMapping) -> Iterator[tuple[str, CellValue]]:
    """Yield a field for each column that the mapping does not name."""
    known = {column for column, _ in mapping.columns}
    for path in paths:
        with naming(path, paths):
            for column, whole in all_columns(path, mapping.log):
                field = _NO_NAME.sub("-", column.casefold()).strip("-")
                if field and known.isdisjoint((column, whole)):
                    known.add(column)
                    yield field, CellValue((CellTemplate(("", column, "")),))


def _items(
    paths: list[LogPath], mapping: LogMapping, plan: Plan, report: ImportReport
) -> Iterator[tuple[str, int, bytes]]:
    """Yield the ticket, the position in the logs and the packed cells of each row."""
    log = mapping.log
    headers = [] if log.rows is None else [csv_header(path, log) for path in paths]
    columns = [column for header in headers for column in header or ()]

    def check(header: Sequence[str]) -> None:
        known = tuple(dict.fromkeys((*header, *columns)))
        error = wrong_columns(mapping, known)
        if error is not None and None not in headers:  # a JSON file may have any columns
            raise error

    numbers = count()
    read_ticket, used = plan.ticket, plan.used
    index, unseen = plan.index, plan.unseen
    for path in paths:
        file = f"{Path(path).name}, " if len(paths) > 1 else ""

        def reject(error: LogError, file: str = file) -> None:
            report.reject(LogError(error.message, f"{file}{error.place}"))

        with naming(path, paths):
            rows = read_rows(path, log, plan.columns, check=check, reject=reject)
            for row in rows:
                report.rows += 1
                cells = _storable(row.cells, report)
                if unseen:
                    unseen -= {column for column in unseen if cells[index[column]] is not None}
                if used and not all(test(cells) for test in used):
                    report.left_out += 1
                    continue
                ticket = read_ticket(cells)
                if ticket is None or not has_visible(ticket):
                    reject(LogError("has no ticket number", row.place))
                    continue
                yield ticket, next(numbers), marshal.dumps((file + row.place, row.name, cells))


def _unpacked(payload: bytes) -> Row:
    return Row(*marshal.loads(payload))  # noqa: S302  # packed by `_items` a moment ago


def _storable(cells: tuple[str | None, ...], report: ImportReport) -> tuple[str | None, ...]:
    """Replace what databases refuse: NUL, lone surrogates, and bytes that are not text."""
    joined = "".join(filter(None, cells))
    if joined.isascii() and "\0" not in joined:
        return cells
    if joined.isprintable() and _REPLACEMENT not in joined:
        return cells
    clean = tuple(None if cell is None else _clean(cell) for cell in cells)
    report.damaged += sum(_REPLACEMENT in cell for cell in clean if cell)
    return clean


def _clean(cell: str) -> str:
    text = cell.replace("\0", _REPLACEMENT)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""Import of a real ticket log: the audit trail of a ServiceNow service desk, 2016 to 2017.

Amaral, Fantinato, Peres (2018), Incident management process enriched event log, UCI Machine
Learning Repository, doi:10.24432/C57S4H. A row is a snapshot of a ticket after an update; what
happened is read from the difference between two rows.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar import zone_of
from ticketcore.errors import LogError
from ticketcore.events import Closed, Escalated, Event, Opened, Replied, TypeChanged
from ticketcore.importers._servicenow_rows import LogRow, check_hash, read_rows

ASKED = "Awaiting User Info"
RESOLVED = "Resolved"
SETTLED = (RESOLVED, "Closed")
BAD_STATE = "-100"
UNCATEGORISED = "incident"


@attrs.define
class ImportReport:
    """What an import met so far. *bad_rows* have no state and were left out; *corrections* are
    events stamped before the one they follow, which were moved to its instant."""

    rows: int = 0
    tickets: int = 0
    events: int = 0
    bad_rows: int = 0
    corrections: int = 0


def import_servicenow(
    source: str | os.PathLike[str],
    zone: str | ZoneInfo,
    *,
    infer_escalations: bool = False,
    skip_checksum: bool = False,
    report: ImportReport | None = None,
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """The tickets of the log in *source*, a CSV file or a zip file with one, one by one.

    Its times have no offset: *zone* says in which IANA zone they were written. A local time that
    occurs twice is its first occurrence, one that clocks skipped is the instant of the change.

    - the first row: Opened by the customer, the category as its type
    - into Awaiting User Info: a reply by the desk
    - into Resolved, or the update at ``resolved_at``: a reply by the desk that is a solution
    - out of Awaiting User Info to Active, out of Resolved or Closed: a reply by the customer
    - another category: TypeChanged
    - with *infer_escalations*, a higher priority or another reassignment: Escalated, a mere proxy
    - ``closed_at``: Closed by the system, the last event

    Counts into *report*. Raises LogError for anything but the published log, which its sha256
    proves, unless *skip_checksum* is allowed; CalendarError for an unknown zone, OSError for the file.
    """
    path, zone = Path(source), zone_of(zone)
    if not skip_checksum:
        check_hash(path)
    return _tickets(path, zone, infer_escalations, ImportReport() if report is None else report)


def _tickets(
    path: Path, zone: ZoneInfo, infer_escalations: bool, report: ImportReport
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    seen = set()
    for ticket, group in groupby(read_rows(path, zone), key=attrgetter("ticket")):
        rows = list(group)
        if ticket in seen:
            raise LogError(f"the rows of {ticket} are not together", line=rows[0].line)
        seen.add(ticket)
        usable = sorted((row for row in rows if row.state != BAD_STATE), key=attrgetter("order"))
        report.rows += len(rows)
        report.bad_rows += len(rows) - len(usable)
        if usable:
            events = _in_order(_history(usable, zone.key, infer_escalations), report)
            report.tickets += 1
            report.events += len(events)
            yield ticket, events


def _history(rows: list[LogRow], zone: str, infer_escalations: bool) -> Iterator[Event]:
    first, last = rows[0], rows[-1]
    yield _opened(first, zone)
    before = attrs.evolve(first, state="New")
    for row in rows:
        yield from _changes(before, row, infer_escalations)
        before = row
    if last.closed_at is not None:
        yield Closed(at=last.closed_at, by="system")


def _opened(row: LogRow, zone: str) -> Opened:
    return Opened(
        at=row.opened_at,
        by="customer",
        actor=row.caller,
        type=_type(row),
        zone=zone,
        default_handler="support",
        waiting_for="support",
        channel=row.channel,
    )


def _changes(before: LogRow, row: LogRow, infer_escalations: bool) -> Iterator[Event]:
    at, entered = row.updated_at, row.state != before.state
    if _type(row) != _type(before):
        yield TypeChanged(at=at, by="support", type=_type(row))
    if infer_escalations and (reason := _escalation(before, row)):
        yield Escalated(at=at, by="support", reason=reason)
    if _customer_answered(before.state, row.state):
        yield Replied(at=at, by="customer", actor=row.caller)
    if entered and row.state == ASKED:
        yield Replied(at=at, by="support")
    # The last update of the resolution stands at resolved_at: the five days count from there.
    if row.state == RESOLVED and (entered or at == row.resolved_at):
        yield Replied(at=at, by="support", solution=True)


def _customer_answered(before: str, after: str) -> bool:
    if before == ASKED:
        return after == "Active"
    return before in SETTLED and after not in SETTLED


def _escalation(before: LogRow, row: LogRow) -> str | None:
    if row.priority < before.priority:
        return "priority"
    return "reassigned" if row.reassigned > before.reassigned else None


def _type(row: LogRow) -> str:
    return row.category or UNCATEGORISED


def _in_order(events: Iterator[Event], report: ImportReport) -> tuple[Event, ...]:
    ordered: list[Event] = []
    for event in events:
        if ordered and event.at < ordered[-1].at:
            ordered.append(attrs.evolve(event, at=ordered[-1].at))
            report.corrections += 1
        else:
            ordered.append(event)
    return tuple(ordered)

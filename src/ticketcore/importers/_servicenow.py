"""Import a real ticket log: the audit trail of a ServiceNow service desk, 2016 to 2017.

Source: Amaral, Fantinato, Peres (2018), Incident management process enriched event log, UCI
Machine Learning Repository, doi:10.24432/C57S4H. A row of the log is a snapshot of a ticket after
an update. The differences between a row and the one before it give the events:

- the first row: `Opened` by the customer, with the category as the type
- a change to the state Awaiting User Info: `Replied` by support
- a change to Resolved, or the update at ``resolved_at``: `Replied` by support, as a solution
- a change from Awaiting User Info to Active, or from Resolved or Closed: `Replied` by the customer
- another category: `TypeChanged`
- a more urgent priority or one more reassignment: `Escalated`, only if asked for
- ``closed_at``: `Closed` by the system, as the last event
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

_AWAITING_CUSTOMER = "Awaiting User Info"
_RESOLVED = "Resolved"
_SETTLED = (_RESOLVED, "Closed")
_NO_STATE = "-100"
_DEFAULT_TYPE = "incident"  # of a ticket without a category


@attrs.define
class ImportReport:
    """Counts of an import so far.

    *bad_rows* have no state and were left out. *corrections* counts events that were dated before
    the previous event of their ticket, and were moved to its instant.
    """

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
    """Yield each ticket of the log with its events.

    *source* is a CSV file, or a zip file with one. The log's timestamps have no offset: *zone* is
    the IANA time zone in which they were written. A local time that occurs twice is read as its
    first occurrence, and one that the clocks skip as the instant of the change.

    *infer_escalations* adds `Escalated` where the priority rose or the ticket was reassigned; the
    log does not record escalations. *report* is updated as tickets are read.

    Raises LogError if the log differs from the published one (unless *skip_checksum* is set) or
    cannot be read, CalendarError for an unknown zone, and OSError for the file.
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
        usable = sorted((row for row in rows if row.state != _NO_STATE), key=attrgetter("order"))
        report.rows += len(rows)
        report.bad_rows += len(rows) - len(usable)
        if usable:
            events = _in_order(_events(usable, zone.key, infer_escalations), report)
            report.tickets += 1
            report.events += len(events)
            yield ticket, events


def _events(rows: list[LogRow], zone: str, infer_escalations: bool) -> Iterator[Event]:
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
    if infer_escalations and (reason := _escalation_reason(before, row)):
        yield Escalated(at=at, by="support", reason=reason)
    if _customer_answered(before.state, row.state):
        yield Replied(at=at, by="customer", actor=row.caller)
    if entered and row.state == _AWAITING_CUSTOMER:
        yield Replied(at=at, by="support")
    # The desk closes tickets five days after resolved_at, so the update at that instant counts.
    if row.state == _RESOLVED and (entered or at == row.resolved_at):
        yield Replied(at=at, by="support", solution=True)


def _customer_answered(before: str, after: str) -> bool:
    if before == _AWAITING_CUSTOMER:
        return after == "Active"
    return before in _SETTLED and after not in _SETTLED


def _escalation_reason(before: LogRow, row: LogRow) -> str | None:
    if row.priority < before.priority:
        return "priority"
    return "reassigned" if row.reassigned > before.reassigned else None


def _type(row: LogRow) -> str:
    return row.category or _DEFAULT_TYPE


def _in_order(events: Iterator[Event], report: ImportReport) -> tuple[Event, ...]:
    """Move an event that is dated before its predecessor to the predecessor's instant."""
    ordered: list[Event] = []
    for event in events:
        if ordered and event.at < ordered[-1].at:
            ordered.append(attrs.evolve(event, at=ordered[-1].at))
            report.corrections += 1
        else:
            ordered.append(event)
    return tuple(ordered)

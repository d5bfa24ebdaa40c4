"""Small logs of other systems, and what an import makes of them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from ticketcore.events import Event, format_instant
from ticketcore.importers import ImportReport, LogMapping, import_log, parse_mapping

HEAD = """
[log]
ticket = "id"
time = "at"
state = "state"
[opened]
type = "incident"
default_handler = "support"
"""


def short(event: Event) -> str:
    """Return an event as ``05T09:00 replied support solution``: its fields that are not usual."""
    facts = [
        _short(name, getattr(event, name))
        for name, field in attrs.fields_dict(type(event)).items()
        if name not in _USUAL and getattr(event, name) != field.default
    ]
    actor = [] if event.actor is None else [event.actor]
    return " ".join([f"{event.at:%dT%H:%M}", event.NAME, event.by, *facts, *actor])


_USUAL = {"at", "by", "actor", "derived", "zone", "default_handler", "waiting_for", "fields"}


def _short(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, tuple):
        return "+".join(map(str, value))
    return name if value is True else str(value)


def imported(
    folder: Path,
    content: str | bytes | Any,
    mapping: str | LogMapping,
    *,
    zone: str = "UTC",
    report: ImportReport | None = None,
    name: str = "log",
) -> dict[str, list[str]]:
    """Write a log and return the events of each ticket in short; other values become JSON."""
    path = folder / name
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    parsed = parse_mapping(mapping) if isinstance(mapping, str) else mapping
    return {
        ticket: [*map(short, events)]
        for ticket, events in import_log(path, parsed, zone, report=report)
    }

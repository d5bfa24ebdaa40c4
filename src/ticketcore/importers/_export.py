"""Write histories as XES (IEEE 1849), the form of event logs that process-mining tools read.

A ticket is a trace and an event an event. The standard attributes are ``concept:name``,
``time:timestamp``, ``org:resource`` (the person), ``org:role`` (the party) and
``lifecycle:transition``; the others have the names of the library's fields, such as ``timer``.
"""

import gzip
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ticketcore._internal.arguments import typed
from ticketcore._internal.files import replacing
from ticketcore._internal.terminal import xml_text
from ticketcore.events import Event, History, Opened, Scheduled, Unknown, dump_event

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
"""


@typed
def write_xes(target: str | os.PathLike[str], histories: Iterable[History]) -> int:
    """Write histories as an XES log and return the number of traces.

    A path that ends in ``.gz`` is compressed; an existing file is replaced once everything is
    written. `Scheduled` and unknown events are left out: nobody did anything then. Raises OSError
    for the file.
    """
    path = Path(target)
    traces = 0
    with (
        replacing(path) as part,
        gzip.open(part, "wb") if path.suffix == ".gz" else part.open("wb") as file,
    ):
        file.write(_HEAD.encode())
        for history in histories:
            file.write("".join(_trace(history)).encode())
            traces += 1
        file.write(b"</log>\n")
    return traces


def _trace(history: History) -> Iterator[str]:
    yield f"<trace>{_attribute('concept:name', history.ticket)}"
    opened = history.events[0]
    assert isinstance(opened, Opened)
    for name in ("type", "customer", "vendor", "storefront"):
        yield _attribute(name, getattr(opened, name))
    for name, field in opened.fields.items():
        yield _attribute(f"field:{name}", field.value)
    yield "\n"
    for event in history.events:
        if not isinstance(event, Scheduled | Unknown):
            yield from _event(event)
    yield "</trace>\n"


def _event(event: Event) -> Iterator[str]:
    name, _, body = dump_event(event)
    yield f"<event>{_attribute('concept:name', name)}"
    yield _attribute("time:timestamp", event.at.isoformat(), "date")
    yield _attribute("org:resource", event.actor)
    yield _attribute("org:role", event.by)
    yield _attribute("lifecycle:transition", "complete")
    for key, value in body.items():
        if key not in ("actor", "by"):
            yield _attribute(key, value)
    yield "</event>\n"


def _attribute(key: str, value: Any, kind: str = "string") -> str:
    """Return an attribute, or nothing for a value that has no text of its own."""
    if isinstance(value, bool):
        kind, value = "boolean", "true" if value else "false"
    if not isinstance(value, str):
        return ""
    return f'<{kind} key="{xml_text(key)}" value="{xml_text(value)}"/>'

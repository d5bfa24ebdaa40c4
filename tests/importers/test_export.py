"""Histories as XES, which other tools read and the included mapping reads back."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.histories.logs import short
from ticketcore import events as e
from ticketcore.errors import HistoryError
from ticketcore.events import Event, History
from ticketcore.importers import import_log, load_mapping, write_xes

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIELDS = {"priority": e.FieldValue(kind="text", value="high")}
EVENTS: tuple[Event, ...] = (
    e.Opened(
        at=AT,
        by="customer",
        actor="eve",
        type="refund",
        zone="UTC",
        default_handler="support",
        waiting_for="support",
        fields=FIELDS,
    ),
    e.Scheduled(at=AT),
    e.Assigned(at=AT, by="support", assignee="Net"),
    e.Replied(at=AT + timedelta(hours=1), by="support", actor="ada", text="<&\x01>"),
    e.Replied(at=AT + timedelta(hours=2), by="vendor", solution=True),
    e.Closed(at=AT + timedelta(hours=3), by="system", timer="late"),
    e.Reopened(at=AT + timedelta(hours=4), by="customer", actor="eve"),
)


def test_a_history_becomes_a_log(tmp_path: Path) -> None:
    """A ticket becomes a trace with its facts, and events without a person are left out."""
    path = tmp_path / "log.xes"
    traces = write_xes(path, [History("T1", EVENTS, 1)])
    tree = ElementTree.parse(path).getroot()
    (trace,) = (element for element in tree if element.tag.endswith("trace"))
    facts = {each.get("key"): each.get("value") for each in trace if each.get("key")}
    events = [
        {each.get("key"): each.get("value") for each in element}
        for element in trace
        if element.tag.endswith("event")
    ]

    assert 1 == traces
    assert {"concept:name": "T1", "type": "refund", "field:priority": "high"} == facts
    assert ["opened", "assigned", "replied", "replied", "closed", "reopened"] == [
        event["concept:name"] for event in events
    ]
    assert {
        "concept:name": "replied",
        "time:timestamp": "2026-01-05T10:00:00+00:00",
        "org:resource": "ada",
        "org:role": "support",
        "lifecycle:transition": "complete",
        "text": "<&\ufffd>",
    } == events[2]
    assert "true" == events[3]["solution"]


def test_a_log_is_replaced_only_by_a_complete_one(tmp_path: Path) -> None:
    """A history that breaks off leaves the log of an earlier export as it was."""
    path = tmp_path / "log.xes"
    path.write_text("earlier", "utf-8")
    lines = [e.to_line(e.Recorded("T1", seq, event)) + "\n" for seq, event in enumerate(EVENTS, 1)]
    with pytest.raises(HistoryError, match="not JSON"):
        write_xes(path, e.read_histories([*lines, "?\n"]))
    assert ("earlier", [path]) == (path.read_text("utf-8"), [*tmp_path.iterdir()])


def test_an_exported_history_is_read_back(tmp_path: Path) -> None:
    """An exported history is read back by the included mapping."""
    path = tmp_path / "log.xes.gz"
    write_xes(path, [History("T1", EVENTS, 1)])
    ((ticket, events),) = import_log(path, load_mapping("xes"), "UTC")

    assert b"<?xml" == gzip.decompress(path.read_bytes())[:5]
    assert (
        "T1",
        [
            "05T09:00 opened customer refund",
            "05T09:00 assigned support Net",
            "05T10:00 replied support ada",
            "05T11:00 replied vendor solution",
            "05T12:00 closed system",
            "05T13:00 reopened customer eve",
        ],
    ) == (ticket, [*map(short, events)])

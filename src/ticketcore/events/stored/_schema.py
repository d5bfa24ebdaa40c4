"""The JSON Schema of a line of a history file."""

from ticketcore._internal.json_schema import DIALECT, INSTANT_REFERENCE, Definitions, closed_object
from ticketcore.events._events import ENVELOPE, EVENTS


def event_schema() -> dict[str, object]:
    """Return the JSON Schema of one line of a history file.

    The body of an event with an unknown name or a newer schema may be any object. An unknown key
    or word in another body is invalid, although the codec keeps it: it may be a mistake.
    """
    definitions = Definitions()
    cases = [
        {
            "if": {
                "properties": {"event": {"const": name}, "schema": {"const": cls.SCHEMA}},
                "required": ["event", "schema"],
            },
            "then": {"properties": {"data": definitions.refer(cls, beside=ENVELOPE)}},
        }
        for name, cls in EVENTS.items()
    ]
    text, number = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}
    null = {"type": "null"}
    line = {
        "ticket": text,
        "seq": number,
        "event": text,
        "schema": number,
        "occurred_at": INSTANT_REFERENCE,
        "recorded_at": {"anyOf": [INSTANT_REFERENCE, null]},
        "command_id": {"anyOf": [text, null]},
        "derived": {"type": "boolean", "default": False},
        "data": {"type": "object"},
    }
    optional = {"recorded_at", "command_id", "derived"}
    return {
        "$schema": DIALECT,
        "title": "One event of a ticket, as a line of a history file",
        **closed_object(line, required=[key for key in line if key not in optional]),
        "allOf": cases,
        "$defs": definitions.found,
    }

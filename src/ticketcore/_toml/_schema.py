"""Write each part of a JSON Schema once: a repeated part becomes one of its `$defs`."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

_ONE: Final = ("items", "additionalProperties", "propertyNames", "if", "then", "else")
_LISTS: Final = ("anyOf", "oneOf", "allOf")
_LEAST: Final = 200  # characters: a shorter part is easier to read in its place


def share_parts(schema: Schema) -> Schema:
    """Return a schema with the same meaning, in which each large part is written once.

    The name of a definition is that of the first key that it describes.
    """
    counts: Counter[str] = Counter()

    def count(name: str, part: Schema) -> Schema:
        text = json.dumps(part)
        counts[text] += 1
        return part if counts[text] > 1 else _changed(name, part, count)

    _changed("part", schema, count)
    references: dict[str, Schema] = {}
    definitions: dict[str, Schema] = {}

    def refer(name: str, part: Schema) -> Schema:
        text = json.dumps(part)
        if counts[text] == 1 or len(text) < _LEAST:
            return _changed(name, part, refer)
        if text not in references:
            number = sum(each.partition("-")[0] == name for each in definitions)
            unique = f"{name}-{number + 1}" if number else name
            references[text] = {"$ref": f"#/$defs/{unique}"}
            definitions[unique] = {}  # before its parts, whose names may be equal
            definitions[unique] = _changed(name, part, refer)
        return references[text]

    return {**_changed("part", schema, refer), "$defs": definitions}


def _changed(name: str, schema: Schema, change: Callable[[str, Schema], Schema]) -> Schema:
    """Return a schema whose direct parts are changed; *change* gets the nearest key of each."""
    parts: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            parts[keyword] = {key: change(key, part) for key, part in value.items()}
        elif keyword in _ONE and isinstance(value, dict):
            parts[keyword] = change(name, value)
        elif keyword in _LISTS:
            parts[keyword] = [change(name, part) for part in value]
    return {**schema, **parts}

"""JSON Schemas without references, for tests that look at each key."""

from typing import Any


def without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with each reference replaced by its definition, and without `$defs`."""
    definitions = schema.get("$defs", {})

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(each) for each in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return resolved(definitions[part["$ref"].removeprefix("#/$defs/")])
        return {name: resolved(each) for name, each in part.items()}

    whole: dict[str, Any] = resolved({k: v for k, v in schema.items() if k != "$defs"})
    return whole

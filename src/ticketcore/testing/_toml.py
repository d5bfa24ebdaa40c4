"""Writing TOML: as much of it as policies and scenarios need."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any


def dump(document: Mapping[str, Any]) -> str:
    """A document of texts, numbers, flags, dates, aware instants, lists and tables."""
    return "\n".join(_table(document, ())) + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    below = {key: value for key, value in table.items() if _is_table(value)}
    for key, value in table.items():
        if key not in below:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in below.items():
        inner = (*path, key)
        head = ".".join(map(_key, inner))
        if isinstance(value, Mapping):
            if not value or not all(map(_is_table, value.values())):
                yield from ("", f"[{head}]")
            yield from _table(value, inner)
            continue
        for entry in value:
            yield from ("", f"[[{head}]]")
            yield from (f"{_key(name)} = {_value(one)}" for name, one in entry.items())


def _is_table(value: Any) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return all(isinstance(entry, Mapping) for entry in value)
    return isinstance(value, Mapping)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case Sequence() if not isinstance(value, str):
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return _text(str(value))


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

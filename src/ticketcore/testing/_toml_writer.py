"""Write TOML: the part of it that policies and scenarios need."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeGuard


def dump(document: Mapping[str, object]) -> str:
    """Return a document as TOML text.

    Its values are texts, integers, booleans, dates, aware datetimes, lists and tables.
    """
    return "\n".join(_table_lines(document, ())) + "\n"


def _table_lines(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in table.items():
        if not (isinstance(value, Mapping) or _is_array_of_tables(value)):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        inner_path = (*path, key)
        header = ".".join(map(_key, inner_path))
        if isinstance(value, Mapping):
            if not value or not all(map(_is_table, value.values())):
                yield from ("", f"[{header}]")
            yield from _table_lines(value, inner_path)
        elif _is_array_of_tables(value):
            for entry in value:
                yield from ("", f"[[{header}]]")
                yield from (f"{_key(name)} = {_value(inner)}" for name, inner in entry.items())


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or _is_array_of_tables(value)


def _is_array_of_tables(value: object) -> TypeGuard[Sequence[Mapping[str, object]]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return bool(value) and all(isinstance(entry, Mapping) for entry in value)


def _value(value: object) -> str:
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
            pairs = ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case Sequence() if not isinstance(value, str):
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return _text(str(value))


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

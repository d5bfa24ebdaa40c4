"""Say in plain words what DuckDB refuses: the place in the SQL, the fault, and what is right."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import duckdb

from ticketcore._internal.terminal import quoted
from ticketcore.errors import QueryError

_TYPES: Final = {
    "LAMBDA": "a lambda",
    r"\[\]": "a list",
    "STRUCT|TUPLE": "a group of columns",
    "MAP": "a map",
    "VARCHAR|STRING": "a text",
    "BOOL": "true or false",
    "TIMESTAMP": "an instant",
    "DATE": "a date",
    "TIME": "a time of day",
    "INTERVAL": "a span",
    "INT|DECIMAL|DOUBLE|FLOAT": "a number",
    "NULL": "nothing",
}
"""The types of DuckDB, by a part of their names; the first that fits counts."""

_SPAN: Final = "write a span as INTERVAL 3 DAYS"
_HINTS: Final = {
    frozenset(
        ("a text", "a number")
    ): "write both as texts, or the text as a number, as in x::int",
    frozenset(("a text", "a list")): "a list has a value if list_contains(tags, 'vip')",
    frozenset(("a number", "a group of columns")): "name one of them, as in base.late",
    frozenset(("a number", "an instant")): _SPAN,
    frozenset(("a number", "a date")): _SPAN,
    frozenset(("a number", "a span")): _SPAN,
    frozenset(("a text", "a span")): _SPAN,
}
"""The way out where two types do not fit."""

_OPERATORS: Final = {"~~": "LIKE", "!~~": "NOT LIKE", "~~*": "ILIKE", "!~~*": "NOT ILIKE"}
_LISTED: Final = 4  # of the values that a function takes


def refusal(error: duckdb.Error, sql: str) -> str:
    """Return what is wrong with *sql*, where, and what would be right.

    DuckDB writes its errors as JSON, but for those about a text that is not Unicode.
    """
    _, _, text = str(error).partition(": ")
    if not text.startswith("{"):
        return text
    found = json.loads(text)
    message = found["exception_message"]
    for pattern, reason in _REASONS.items():
        if match := re.match(pattern, message, re.DOTALL):
            message = reason(*match.groups())
            break
    first, _, _ = message.partition("\n")
    return f"wrong SQL{_place(found, sql)}: {first}"


def refuse_other_types(kind: str) -> None:
    """Raise QueryError unless the type of a condition is true or false."""
    if kind not in ("BOOLEAN", '"NULL"'):
        found = _type_in_words(kind)
        raise QueryError(f"a condition is true or false, not {found}: compare it with a value")


def _type_in_words(text: str) -> str:
    """Return the type that a text of DuckDB names, such as ``a number``."""
    plain = _without_brackets(text)
    return next((words for part, words in _TYPES.items() if re.search(part, plain)), "a value")


def _place(found: Mapping[str, Any], sql: str) -> str:
    start, length = json.loads(found.get("location", "[0, 0]"))
    part = sql.encode()[start : start + length].decode().strip()
    return f" at {quoted(part)}" if part else ""


def _without_brackets(text: str) -> str:
    """Return a text without the parts of types: ``STRUCT(a INTEGER)[]`` is ``STRUCT[]``."""
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return text


def _values(types: str) -> str:
    each_type = re.split(", ?", _without_brackets(types))
    return f"({', '.join(_type_in_words(each) for each in each_type if each not in ('', '/'))})"


def _hint(*types: str) -> str:
    hint = _HINTS.get(frozenset(map(_type_in_words, types)))
    return "" if hint is None else f": {hint}"


def _wrong_text(text: str, wanted: str, column: str | None = None) -> str:
    is_number = column is None and _type_in_words(wanted) == "a number"
    hint = "" if is_number else _hint("VARCHAR", wanted)
    return f"the text {quoted(text)} is not {_type_in_words(wanted)}{hint}"


def _no_instant(text: str) -> str:
    right = "write it as '2026-03-01' or '2026-03-01 15:00+01:00'"
    return f"the text {quoted(text)} is not an instant: {right}"


def _no_function(name: str, types: str, candidates: str = "") -> str:
    refused = f"{_OPERATORS.get(name, name)} does not take {_values(types)}"
    if not name.isidentifier():
        return refused + _hint(*types.split(", "))
    taken = dict.fromkeys(map(_values, re.findall(r"\((.*)\) ->", candidates)))
    return f"{refused}: it takes {' or '.join([*taken][:_LISTED])}" if taken else refused


_REASONS: Final[Mapping[str, Callable[..., str]]] = {
    r"Could not convert string '(.*)' to (\w+)(?: when casting from source column (.*))?": (
        _wrong_text
    ),
    r"Type VARCHAR with value '(.*)' can't be cast to the destination type (.*)": _wrong_text,
    r'invalid (?:timestamp|date) field format: "(.*)", expected': _no_instant,
    r'(?:timestamp|date) field value out of range: "(.*)"': _no_instant,
    r"Unimplemented type for cast \((.*) -> (.*)\)": lambda have, want: (
        f"{_type_in_words(have)} cannot become {_type_in_words(want)}{_hint(have, want)}"
    ),
    r"Cannot (?:compare|mix) values of type (.*?) and (?:type )?(.*?)(?: in .*)? - an": (
        lambda one, other: (
            f"{_type_in_words(one)} does not go with {_type_in_words(other)}{_hint(one, other)}"
        )
    ),
    r"Cannot deduce .*'(.*)', from first.*'(.*)', which": lambda one, other: (
        f"{_type_in_words(one)} does not go with {_type_in_words(other)}{_hint(one, other)}"
    ),
    "(?:Cannot extract field|Could not find key) ['\"](.*?)['\"]": lambda part: (
        f"there is no part {quoted(part)}"
    ),
    r"No function matches .* argument types '(.*?)\((.*)\)'\..*Candidate functions:(.*)": (
        _no_function
    ),
    r'Could not choose .* function call "(.*?)\((.*)\)"': _no_function,
    r'Macro .*Candidate macros:\n\t"?(\w+)"?(\(.*\))': lambda name, values: (
        f"{name} takes other values: {name}{values}"
    ),
    "invalid lambda": lambda: (
        "a lambda stands in list_filter, as in list_filter(tags, lambda x: …)"
    ),
    r"Type with name (\S*) does not exist": lambda name: (
        f"there is no type {quoted(name)}: write text, int, double, date, timestamptz or bool"
    ),
    r"Unknown TimeZone '(.*?)'": lambda zone: (
        f"there is no time zone {quoted(zone)}: write an IANA name such as 'Europe/Berlin'"
    ),
    r'extract specifier "(.*)" not recognized': lambda part: (
        f"there is no unit of time {quoted(part)}: write one such as year, month, day or hour"
    ),
    "Overflow in|ICU date overflows|.* out of range": lambda: "a value becomes too large",
    "(missing|unexpected|trailing|no argument|bad|invalid|Unrecognized Regex)(.*)": (
        lambda *parts: f"the regular expression cannot be read: {''.join(parts)}"
    ),
}
"""DuckDB's messages, and the words for each. Others are printed as they are."""

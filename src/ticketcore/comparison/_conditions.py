"""Conditions in SQL that anybody may write: expressions over the columns of one ticket.

A condition is parsed before it runs. It may use known names, and the functions below only. None of
these makes a value that is longer than its arguments together, reads a file, a setting or the
clock, or changes anything. Without subqueries, and with one lambda inside another refused, the
time for a ticket grows with the length of the condition and of the ticket's lists.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from ticketcore._internal.limits import MAX_CONDITION
from ticketcore._toml import closest, nearest, quoted
from ticketcore.errors import QueryError

_OPERATORS: Final = frozenset(
    "+ - * / // % @ ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape".split()
)
CONDITION_FUNCTIONS: Final = frozenset(
    (
        "abs sign round trunc floor ceil greatest least if ifnull nullif "
        "len length lower upper trim ltrim rtrim left right substring substr position strpos "
        "contains prefix suffix starts_with ends_with regexp_matches regexp_full_match "
        "list_value list_contains list_has list_has_any list_has_all list_position list_filter "
        "list_sum list_min list_max list_avg list_count list_unique list_distinct "
        "array_contains array_has struct_pack row map map_contains map_keys map_values "
        "epoch date_trunc date_part date_diff datediff timezone year quarter month week day hour "
        "minute second dayofweek isodow dayofyear dayname monthname "
        "to_years to_months to_weeks to_days to_hours to_minutes to_seconds "
        "movements paid first_paid order_began"
    ).split()
)
"""The functions of conditions; the last four are macros of the table."""

_CLASSES: Final = frozenset(
    "CONSTANT COLUMN_REF FUNCTION LAMBDA COMPARISON CONJUNCTION OPERATOR BETWEEN CASE CAST "
    "TYPE".split()
)


Query: TypeAlias = Callable[[str], list[tuple[Any, ...]]]

Names: TypeAlias = Mapping[str, Collection[str]]
"""The names that a condition may use, each with its parts if it is a structured column."""


def refuse_unbounded(query: Query, condition: str, names: Names) -> None:
    """Raise QueryError unless the SQL is one expression over *names* and listed functions."""
    if len(condition) > MAX_CONDITION:
        raise QueryError(f"the condition has more than {MAX_CONDITION:,} characters")
    try:
        columns, query_around = _parsed(query, f"({condition}\n)")
        if query_around != _parsed(query, "true")[1]:
            raise _not_one_expression()
        _parsed(query, condition)  # in brackets, `true) or (` would be two conditions
        _check(columns)
        _check_names(columns, names)
    except RecursionError:
        raise QueryError("the condition has too many operators inside one another") from None


def _parsed(query: Query, expression: str) -> tuple[Any, Any]:
    """Return the syntax trees of the columns of a query, and those of the rest of it."""
    sql = f"SELECT {expression}"
    literal = sql.replace("'", "''")
    [(text,)] = query(f"SELECT json_serialize_sql('{literal}')")
    parsed = json.loads(text)
    if parsed["error"]:
        is_at_its_end = parsed.get("position") == str(len(sql.encode()) - 1)
        ends_early = "something is missing at its end, or it has a bracket too many"
        why = ends_early if is_at_its_end and sql.endswith(")") else parsed["error_message"]
        if why.startswith("Only SELECT"):
            raise _not_one_expression()
        if why == "SELECT clause without selection list":
            why = "it is empty"
        raise QueryError(f"the condition cannot be read: {why}")
    statements = parsed["statements"]
    return [each["node"].pop("select_list", None) for each in statements], statements


def _not_one_expression() -> QueryError:
    return QueryError(
        "a condition is one expression over the columns of a ticket, such as base.late > 0, "
        "without SELECT, *, OVER and parameters"
    )


def _unknown(name: str, *, is_operator: bool) -> QueryError:
    if is_operator:
        return QueryError(
            f'unknown operator "{name}" in a condition: it may use + - * / // %, comparisons, '
            f"LIKE, AND, OR and NOT"
        )
    return QueryError(
        f'unknown function "{name}" in a condition: {nearest(name, CONDITION_FUNCTIONS)}'
    )


def _check(node: object, *, in_lambda: bool = False) -> None:
    if isinstance(node, list):
        for each in node:
            _check(each, in_lambda=in_lambda)
    elif isinstance(node, dict):
        kind = node.get("class", "TYPE")
        if kind not in _CLASSES:
            raise _not_one_expression()
        if kind == "FUNCTION" and node["function_name"] not in CONDITION_FUNCTIONS | _OPERATORS:
            raise _unknown(
                node["function_name"].removesuffix("_star"), is_operator=node["is_operator"]
            )
        if kind == "LAMBDA" and in_lambda:
            raise QueryError("a condition has no lambda inside another one")
        for each in node.values():
            _check(each, in_lambda=in_lambda or kind == "LAMBDA")


def _check_names(columns: object, names: Names) -> None:
    parameters = {
        reference[0]
        for node in _nodes(columns, "LAMBDA")
        for reference in _references(node["lhs"])
    }
    for name, *parts in _references(columns):
        if name in parameters:
            continue
        if name.lower() not in names:
            if not parts:
                raise _unknown_name(name, names, f": write '{name}' if it is a text")
            with_parts = [known for known, own in names.items() if own]
            raise _unknown_name(name, with_parts or names)
        own = names[name.lower()]
        if parts and own and parts[0].lower() not in own:
            raise _unknown_name(f"{name}.{parts[0]}", [f"{name}.{part}" for part in own])
        deepest = 1 if own or name.lower() == "fields" else 0
        if len(parts) > deepest:
            raise _without_parts(name, parts[: deepest + 1])


def _unknown_name(name: str, known: Collection[str], otherwise: str = "") -> QueryError:
    near = closest(name, known)
    hint = otherwise if near is None else f": did you mean {quoted(near)}?"
    return QueryError(
        f"unknown name {quoted(name)} in a condition{hint}\nThe names are: {', '.join(known)}"
    )


def _without_parts(name: str, parts: Sequence[str]) -> QueryError:
    whole = ".".join((name, *parts))
    column = whole.removesuffix(f".{parts[-1]}")
    return QueryError(
        f"unknown name {quoted(whole)} in a condition: {quoted(column)} has no parts. "
        "The money of one currency is paid(base, 'refund', 'EUR', '*'); "
        "list_filter(base.deadlines, lambda d: d.timer = 'x') selects from a list"
    )


def _references(tree: object) -> Iterator[list[str]]:
    """Yield the columns and parameters that a syntax tree refers to, each with its parts."""
    for node in _nodes(tree, "COLUMN_REF"):
        yield node["column_names"]


def _nodes(tree: object, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes of one class in a syntax tree."""
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each, kind)
    elif isinstance(tree, dict):
        if tree.get("class") == kind:
            yield tree
        yield from _nodes(list(tree.values()), kind)

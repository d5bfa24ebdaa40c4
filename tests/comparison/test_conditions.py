"""Conditions in SQL: what they may use, and that nothing else is run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.histories.backtests import SERVICE_DESK, opened
from ticketcore.comparison import CONDITION_FUNCTIONS, Outcomes, outcomes
from ticketcore.errors import QueryError
from ticketcore.events import write_histories


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """The outcomes of one open ticket, T1."""
    path: Path = tmp_path_factory.mktemp("conditions") / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    with outcomes(path, [SERVICE_DESK], workers=1) as found:
        yield found


@pytest.mark.parametrize(
    "condition",
    [
        "ticket = 'T1' -- a remark",
        "ticket LIKE 'T%' AND NOT changed AND base.late + 1 = 1",
        "ticket IN ('T1', 'T2') AND coalesce(category, '') = ''",
        "CASE WHEN base.closed_at IS NULL THEN base.late::text ELSE '1' END = '0'",
        "opened_at > timestamptz '2000-01-01' + INTERVAL 3 DAYS",
        "len(list_filter(base.deadlines, lambda d: d.outcome = 'missed')) = 0",
        "paid(base, 'refund', 'EUR', '*') = 0",
        "extract(year FROM opened_at AT TIME ZONE 'Europe/Berlin') > 2000",
        "fields['x'] IS NULL AND fields.x IS NULL AND len(tags[1:2]) = 0",
        "Base.LATE = 0 AND [] = list_filter(tags, lambda x, i: x = 'vip' AND i > 1)",
        " OR ".join(["ticket = 'T1'"] * 1_000),
    ],
)
def test_a_condition_compares_the_columns_of_a_ticket(table: Outcomes, condition: str) -> None:
    """A condition may use operators, casts, lists, maps, times and the macros of the table."""
    assert 1 == table.count(condition)


@pytest.mark.parametrize(
    "name", ["repeat", "range", "generate_series", "lpad", "format", "list_resize", "replace"]
)
def test_functions_that_make_long_values_are_refused(table: Outcomes, name: str) -> None:
    """Functions that make long values are refused, because DuckDB would run them for minutes."""
    with pytest.raises(QueryError, match=f'unknown function "{name}" in a condition: '):
        table.count(f"len({name}(ticket, 2000000000)) > 0")


@pytest.mark.parametrize(
    "name", ["current_setting", "getenv", "now", "nextval", "query", "read_text", "count"]
)
def test_functions_that_read_anything_else_are_refused(table: Outcomes, name: str) -> None:
    """Functions that read settings, the environment, the clock or other rows are refused."""
    with pytest.raises(QueryError, match=f'unknown function "{name}" in a condition: '):
        table.count(f"{name}('x') IS NULL")


def test_the_nearest_function_is_named(table: Outcomes) -> None:
    """An unknown function gets the nearest name; a forbidden one is reported as forbidden."""
    with pytest.raises(QueryError, match=r'did you mean "list_contains"\?$'):
        table.count("list_contain(tags, 'vip')")
    assert "list_contains" in CONDITION_FUNCTIONS


@pytest.mark.parametrize(
    "condition",
    [
        "(SELECT count(*) FROM outcomes a, outcomes b) > 0",
        "ticket IN (SELECT column0 FROM read_csv('/etc/hostname'))",
        "EXISTS (WITH RECURSIVE t AS (SELECT 1 UNION ALL FROM t) FROM t)",
        "true) UNION ALL SELECT * FROM outcomes WHERE (true",
        "true) GROUP BY ALL HAVING (true",
        "true); SELECT (true",
        "true) FROM duckdb_settings() WHERE (true",
        "row_number() OVER () > 0",
        "COLUMNS(*) IS NULL",
        "ticket = $1",
    ],
)
def test_a_condition_is_one_expression(table: Outcomes, condition: str) -> None:
    """A condition is one expression, without other statements or rows."""
    with pytest.raises(QueryError, match="is one expression over the columns of a ticket"):
        table.rows(condition)


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("true); COPY outcomes TO '/tmp/x'; SELECT (1", "cannot be read: Only SELECT"),
        ("'", "cannot be read: unterminated string"),
        (
            "late +",
            "cannot be read: something is missing at its end, or it has a bracket too many",
        ),
        ("title = 'ä' and (true", "cannot be read: something is missing at its end"),
        ("true)", "cannot be read: something is missing at its end, or it has a bracket too many"),
        ("true) or (", r'cannot be read: syntax error at or near "\)"'),
        ("true) or (true", r'cannot be read: syntax error at or near "\)"'),
        ("1) + (1 > 0", r'cannot be read: syntax error at or near "\)"'),
        (" ", "cannot be read: it is empty"),
        ("base.late +* 2 > 0", r'unknown operator "\+\*" in a condition: it may use \+ - \* /'),
        ("base.late ^ 2 > 0", r'unknown operator "\^" in a condition: it may use'),
        ("late late", 'cannot be read: syntax error at or near "late"'),
        ("ticket = '\ud800'", "cannot encode str as UTF-8"),
        ("1" + " + 1" * 500 + " > 0", "too many operators inside one another"),
        ("x" * 20_001, "more than 20,000 characters"),
        (
            "[] = list_filter(tags, lambda x: [] = list_filter(tags, lambda y: x = y))",
            "no lambda inside another one",
        ),
    ],
)
def test_a_condition_that_cannot_be_checked_is_refused(
    table: Outcomes, condition: str, why: str
) -> None:
    """A condition that cannot be checked is refused, and the message says why."""
    with pytest.raises(QueryError, match=why):
        table.count(condition)


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (
            "typ = 'x'",
            '"typ" in a condition: did you mean "type"?\nThe names are: ticket, order_key',
        ),
        ("bas.late > 0", '"bas" in a condition: did you mean "base"?\nThe names are: base'),
        (
            "base.lat > 0",
            '"base.lat" in a condition: did you mean "base.late"?\nThe names are: base.opened, ',
        ),
        ("nothing_like_it", '"nothing_like_it" in a condition\nThe names are: ticket, order_key'),
        ("opened_at < current_date", '"current_date" in a condition'),
        ("[] = list_filter(tags, lambda x: y = x)", '"y" in a condition'),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(
    table: Outcomes, condition: str, why: str
) -> None:
    """A name that is neither a column nor a parameter is refused, with the nearest one and all."""
    with pytest.raises(QueryError) as caught:
        table.count(condition)
    assert str(caught.value).startswith(f"unknown name {why}")


def test_a_value_of_another_type_is_refused_in_words(table: Outcomes) -> None:
    """A condition that DuckDB cannot evaluate is refused without the names of its errors."""
    with pytest.raises(
        QueryError,
        match=r"^values of different types are compared: Could not convert string 'incident'",
    ):
        table.count("type = 3")
    with pytest.raises(QueryError, match=r"^missing \)"):
        table.count("regexp_matches(type, '(')")


@pytest.mark.parametrize("condition", ["type + 1 > 2", "substring(opened_at, 1) = ''"])
def test_a_function_of_other_types_is_refused_in_one_line(table: Outcomes, condition: str) -> None:
    """The error names the types that were found, without a list of all that DuckDB has."""
    with pytest.raises(QueryError, match=r"^No function matches .*types '.*\(.*$") as caught:
        table.count(condition)
    assert 1 == len(str(caught.value).splitlines())

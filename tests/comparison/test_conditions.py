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
        ("true); COPY outcomes TO '/tmp/x'; SELECT (1", "is one expression over the columns"),
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
        (
            "type = refund",
            "\"refund\" in a condition: write 'refund' if it is a text\nThe names are: ticket, ",
        ),
        ("nothing.like_it", '"nothing" in a condition\nThe names are: base'),
        (
            "base.refunded.EUR > 1",
            '"base.refunded.EUR" in a condition: "base.refunded" has no parts. The money of one '
            "currency is paid(base, 'refund', 'EUR', '*'); list_filter(base.deadlines, ",
        ),
        ("fields.x.y = 1", '"fields.x.y" in a condition: "fields.x" has no parts. '),
        ("ticket.x.y = 1", '"ticket.x" in a condition: "ticket" has no parts. '),
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


GROUP = "name one of them, as in base.late"
NUMBER = "write both as texts, or the text as a number, as in x::int"
SPAN = "write a span as INTERVAL 3 DAYS"
LIST = "a list has a value if list_contains(tags, 'vip')"
INSTANT = "write it as '2026-03-01' or '2026-03-01 15:00+01:00'"


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("type = 3", f' at "type": the text "incident" is not a number: {NUMBER}'),
        ("base.late > 'x'", ' at "\'x\'": the text "x" is not a number'),
        ("NOT ticket", ' at "ticket": the text "T1" is not true or false'),
        ("fields.x > 1", f' at "fields.x > 1": a text does not go with a number: {NUMBER}'),
        (
            "coalesce(type, 3) = 3",
            f' at "coalesce(type, 3)": a text does not go with a number: {NUMBER}',
        ),
        (
            "base > 1",
            f' at "base > 1": a group of columns does not go with a number: {GROUP}',
        ),
        ("type = 'ä' AND tags = 'vip'", f' at "\'vip\'": the text "vip" is not a list: {LIST}'),
        ("list_contains(tags, 3)", f' at "3": a text does not go with a number: {NUMBER}'),
        ("opened_at > 'now'", f' at "\'now\'": the text "now" is not an instant: {INSTANT}'),
        (
            "opened_at > DATE '2026-13-01'",
            f' at "DATE \'2026-13-01\'": the text "2026-13-01" is not an instant: {INSTANT}',
        ),
        ("opened_at > 3", f' at "opened_at > 3": an instant does not go with a number: {SPAN}'),
        (
            "base.late::timestamptz > opened_at",
            f' at "::timestamptz": a number cannot become an instant: {SPAN}',
        ),
        ("opened_at + 1 > opened_at", f": + does not take (an instant, a number): {SPAN}"),
        ("type LIKE 3", f' at "LIKE 3": LIKE does not take (a text, a number): {NUMBER}'),
        ("base + 'x' = 1", ": + does not take (a group of columns, a text)"),
        ("abs(ticket) > 1", ' at "abs(ticket)": abs does not take (a text): it takes (a number)'),
        ("abs() > 1", ' at "abs()": abs does not take (): it takes (a number)'),
        (
            "left(base, 1) = ''",
            ' at "left(base, 1)": left does not take (a group of columns, a number): it takes '
            "(a text, a number)",
        ),
        ("round('x') > 1", " at \"round('x')\": round does not take (a text)"),
        ("if(base.late)", ' at "if(base.late)": if takes other values: if(a, b, c)'),
        (
            "paid(base) > 1",
            ' at "paid(base)": paid takes other values: paid(outcome, what, unit, payer)',
        ),
        ("len(list_filter(tags, lambda x: x.y = 1)) > 0", ' at "x.y": there is no part "y"'),
        ("struct_pack(a := 1).b = 1", ': there is no part "b"'),
        ("lambda x: x", ": a lambda stands in list_filter, as in list_filter(tags, lambda x: …)"),
        (
            "ticket::foo = 1",
            ' at "foo": there is no type "foo": write text, int, double, date, timestamptz or '
            "bool",
        ),
        (
            "timezone('Mars', opened_at) > '2026-01-01'",
            ": there is no time zone \"Mars\": write an IANA name such as 'Europe/Berlin'",
        ),
        (
            "date_trunc('x', opened_at) = opened_at",
            ': there is no unit of time "x": write one such as year, month, day or hour',
        ),
        ("base.late + 9223372036854775807 * 100 > 1", ": a value becomes too large"),
        ("regexp_matches(type, '(')", ": the regular expression cannot be read: missing ): ("),
    ],
)
def test_a_value_of_another_type_is_refused_in_words(
    table: Outcomes, condition: str, why: str
) -> None:
    """A condition that DuckDB refuses is refused with the place, and what is wrong and right."""
    with pytest.raises(QueryError) as caught:
        table.count(condition)
    assert f"wrong SQL{why}" == str(caught.value)


@pytest.mark.parametrize(
    "condition", ["base.late > 'x'", "tags = 'vip'", "opened_at > 'now'", "abs(ticket) > 1"]
)
def test_a_wrong_value_is_refused_before_the_tickets_are_read(
    tmp_path: Path, condition: str
) -> None:
    """A table without tickets refuses what every table refuses."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    with (
        pytest.raises(QueryError, match=r"^wrong SQL"),
        outcomes(path, [SERVICE_DESK], check=lambda empty: empty.rows(condition)),
    ):
        raise AssertionError("the tickets were read")


@pytest.mark.parametrize(
    ("condition", "kind"),
    [("base.late", "a number"), ("type", "a text"), ("tags", "a list"), ("base", "a group of")],
)
def test_a_condition_is_true_or_false(table: Outcomes, condition: str, kind: str) -> None:
    """A condition of another type is refused: DuckDB would take every number but 0 as true."""
    with pytest.raises(QueryError, match=f"^a condition is true or false, not {kind}.*: compare"):
        table.count(condition)
    assert 0 == table.count("NULL")


def test_a_refusal_without_words_is_the_first_line_of_duckdb(table: Outcomes) -> None:
    """A message that is not known is printed as it is, without its list of candidates."""
    with pytest.raises(
        QueryError, match=r"^wrong SQL.*: Referenced column \"nope\" not found .*!$"
    ):
        table.query("SELECT nope FROM outcomes")

"""One mistake at any place of a policy file gives one problem."""

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ticketcore.diagrams import build_diagram, to_mermaid
from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy
from ticketcore.terms import policy_terms
from ticketcore.testing._toml_writer import dump

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "policies.md").read_text(encoding="utf-8")
_, *BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WHOLE = tomllib.loads("\n".join(block for block in BLOCKS if not block.startswith("extends")))
"""A policy with every key, which the page on policy files describes."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield every value of a file that is not a table, and every array."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from places(below, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for i, below in enumerate(value):
            yield from places(below, (*path, i))
    else:
        yield path


PLACES = list(places(WHOLE))
# The keys of these tables are names that the file chooses.
OWN_NAMES = ("items", "holidays", "exceptions", "hours", "waiting_for", "fields", "after")
KEYS = [
    path
    for path in PLACES
    if isinstance(path[-1], str) and path[0] != "words" and not {*path[-2:-1]} & {*OWN_NAMES}
]


def table_at(document: Any, path: tuple[Any, ...]) -> Any:
    """Return the table or array that holds the value at a path."""
    for step in path[:-1]:
        document = document[step]
    return document


def problems(document: Any) -> list[str]:
    """Return the problems of a policy as text."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(dump(document))
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


def test_the_whole_policy_is_right() -> None:
    """The base of these tests is valid, so each problem comes from its one mistake."""
    assert WHOLE["name"] == parse_policy(dump(WHOLE)).name


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_another_type_is_one_problem(path: tuple[Any, ...]) -> None:
    """A wrong value is reported at its place, and no check uses it."""
    document = copy.deepcopy(WHOLE)
    table = table_at(document, path)
    number = type(table[path[-1]]) is int
    table[path[-1]] = "seven" if number else 7

    (problem,) = problems(document)
    assert ('found the text "seven"' if number else "found the integer 7") in problem


@pytest.mark.parametrize("path", KEYS, ids=lambda path: ".".join(map(str, path)))
def test_a_misspelt_key_is_one_problem(path: tuple[Any, ...]) -> None:
    """A misspelt key is one problem, which suggests the right key."""
    document = copy.deepcopy(WHOLE)
    table, key = table_at(document, path), path[-1]
    table[f"{key}x"] = table.pop(key)

    (problem,) = problems(document)
    assert f'unknown key; did you mean "{key}"?' in problem


WRONG_WORDS = [
    ("permission", 1, "requires", "consnt"),
    ("timer", 0, "after", "24 hourz"),
    ("timer", 0, "from", "waiting"),
    ("timer", 0, "effect", "breached"),
    ("timer", 2, "boundary", "closing"),
    ("types", "refund", "windows", {"customer": "3 business days"}),
    ("calendars", "shop-hours", "zone", "EST"),
    ("notification", 0, "to", "buyer"),
    ("default_handler", "agent"),
]


@pytest.mark.parametrize("empty", [[], {}], ids=["array", "table"])
@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_an_empty_value_is_refused_or_means_nothing(path: tuple[Any, ...], empty: Any) -> None:
    """An empty array or table is a mistake, or the policy has terms and a drawing."""
    document = copy.deepcopy(WHOLE)
    table_at(document, path)[path[-1]] = empty
    try:
        policy = parse_policy(dump(document))
    except PolicyError:
        return

    assert policy_terms(policy)
    assert to_mermaid(build_diagram(policy))


@pytest.mark.parametrize("mistake", WRONG_WORDS, ids=lambda mistake: ".".join(map(str, mistake)))
def test_a_wrong_word_is_one_problem(mistake: tuple[Any, ...]) -> None:
    """A wrong word is one problem, even in a key that is compared with others."""
    *path, value = mistake
    document = copy.deepcopy(WHOLE)
    table_at(document, tuple(path))[path[-1]] = value

    assert 1 == len(problems(document))


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("after", '"3 business days"', "3 working days"),
        ("after", '"48h"', "48 hours"),
        ("after", '"60 min"', "60 minutes"),
        ("after", '"PT1H"', "1 hour"),
        ("after", '"24 hourz"', "24 hours"),
        ("when", '{ waiting_for = "buyer" }', "customer"),
        ("when", '{ waiting_for = "seller" }', "vendor"),
        ("when", '{ waiting_for = "agent" }', "support"),
        ("effect", '"wran"', "warn"),
    ],
)
def test_a_wrong_word_gets_the_right_one(key: str, wrong: str, right: str) -> None:
    """A wrong word is quoted in the problem, with the right one."""
    document = copy.deepcopy(WHOLE)
    document["timer"][0][key] = tomllib.loads(f"value = {wrong}")["value"]
    (problem,) = problems(document)
    written = re.findall(r'"([^"]*)"', wrong)[-1]

    assert f'"{written}"' in problem
    assert problem.endswith(f'did you mean "{right}"?')


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("EST", "America/New_York"),
        ("MST", "America/Denver"),
        ("HST", "Pacific/Honolulu"),
        ("Etc/GMT+5", "Europe/Berlin"),
    ],
)
@pytest.mark.parametrize(
    "path", [("zone",), ("calendars", "shop-hours", "zone"), ("storefronts", "at", "zone")]
)
def test_a_fixed_offset_is_no_zone(path: tuple[str, ...], zone: str, place: str) -> None:
    """A zone with a fixed offset is refused, because its clocks never change."""
    document = copy.deepcopy(WHOLE)
    table_at(document, path)[path[-1]] = zone
    (problem,) = problems(document)

    assert f'"{zone}" is a fixed offset' in problem
    assert place in problem


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT", "GMT", "America/Phoenix"])
def test_a_zone_without_clock_changes_may_be_meant(zone: str) -> None:
    """A zone without clock changes, such as UTC, is accepted."""
    assert zone == parse_policy(dump({**WHOLE, "zone": zone})).zone


CALENDARS = """
name = "p"
effective = 2026-01-01
[types.request]
[calendars.ticket]
[calendars.shop]
zone = "Europe/Vienna"
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "t"
from = "opened"
effect = "warn"
"""


@pytest.mark.parametrize(
    ("timer", "message"),
    [
        (
            'after = "4 hours"\ncalendar = "ticket"',
            'calendar: "4 hours" does not use a calendar: remove it, or write "4 working hours"',
        ),
        (
            'after = "4 hours"\ncalendar = "shop"',
            'calendar: "4 hours" does not use a calendar: remove it, or write "4 working hours"',
        ),
        (
            'after = "4 days"\ncalendar = "ticket"',
            'calendar: "4 days" does not use a calendar: remove it, or write "4 working days"',
        ),
        (
            'after = "2 weeks"\ncalendar = "ticket"',
            'calendar: "2 weeks" does not use a calendar: remove it',
        ),
        (
            'after = "4 days"\nboundary = "next-open"',
            "boundary: only works with working hours, minutes or seconds: remove it",
        ),
        (
            'after = "4 days"\nnotice_deadline = false',
            'notice_deadline: only works with from = "dispute-opened"',
        ),
    ],
)
def test_a_key_without_effect_is_a_mistake(timer: str, message: str) -> None:
    """A key without effect is a mistake, because its author expects something of it."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(CALENDARS + timer)

    assert [f"timer[0].{message}"] == [f"{p.path}: {p.message}" for p in caught.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        'after = "4 working hours"\ncalendar = "ticket"\nboundary = "next-open"',
        'after = "4 hours"\nthen = "1 working day"\ncalendar = "ticket"',
        'after = "4 hours"\nroll = "forward"\ncalendar = "ticket"',
        'after = "4 days"\ncalendar = "shop"',  # the same local time in the shop's zone
    ],
)
def test_a_calendar_that_a_span_uses_is_right(text: str) -> None:
    """A calendar counts as used by working time, a roll, or dates in another zone."""
    assert ("t",) == tuple(timer.name for timer in parse_policy(CALENDARS + text).timers)


def test_an_empty_table_of_targets_is_a_mistake() -> None:
    """A table without a target would be a timer that never runs, whatever the fact."""
    document = copy.deepcopy(WHOLE)
    document["timer"][0] |= {"after": {}, "after_by": "channel"}

    assert ["timer[0].after: an empty table: the timer never runs; add an entry"] == problems(
        document
    )

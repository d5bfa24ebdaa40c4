"""Lists by field and tag in SQL select the tickets that they select in memory."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from support.stores.databases import SYNC, database
from support.stores.store_stories import AT
from ticketcore.commands import Open, Untag
from ticketcore.inbox import Query
from ticketcore.policies import parse_policy
from ticketcore.testing.store import Host

POLICY = parse_policy(
    """
name = "fields"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[fields.priority]
choices = ["low", "high"]
[fields.cost]
type = "money"
[fields.note]
type = "text"
[[permission]]
commands = ["open", "untag"]
by = "customer"
"""
)
FIELDS: tuple[dict[str, Any], ...] = (
    {},
    {"priority": "high", "cost": "49.00 USD"},
    {"priority": "low", "note": 'a "note", with \\ and [brackets'},
    {"priority": "high", "note": "high"},
)
TAGS = ((), ("vip",), ("vip", 'v"ip'), ("old", "vip, late"))
QUERIES = (
    Query(fields={"priority": "high"}),
    Query(fields={"priority": ["high", None]}),
    Query(fields={"priority": None}),
    Query(fields={"priority": []}),
    Query(fields={"priority": "high", "cost": "49.00 USD"}),
    Query(fields={"note": "high"}),
    Query(fields={"note": 'a "note", with \\ and [brackets'}),
    Query(fields={"nothing": "high"}),
    Query(tags="vip"),
    Query(tags=["old", 'v"ip']),
    Query(tags=[None]),
    Query(tags="late"),
    Query(tags=[]),
)


@pytest.mark.parametrize("driver", SYNC)
def test_a_list_is_that_of_the_inbox(driver: str) -> None:
    """Every query finds the same tickets in their order, with their fields and tags."""
    used = database(driver)
    host = Host(used.harness(), POLICY)
    numbers = [f"{n:011}" for n in range(4)]
    for number, fields, tags in zip(numbers, FIELDS, TAGS, strict=True):
        host.send(number, Open(at=AT, by="customer", number=number, fields=fields, tags=tags))
    host.send(numbers[3], Untag(at=AT + timedelta(hours=1), by="customer", tag="old"))
    rows = [used.run(partial(used.store.summary, number=n)) for n in numbers]
    summaries = [row for row in rows if row is not None]

    assert ("vip, late",) == summaries[3].tags
    for query in QUERIES:
        expected = query.select(summaries)
        assert expected == [*used.run(partial(used.store.search, query=query))], query

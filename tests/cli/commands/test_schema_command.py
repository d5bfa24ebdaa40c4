"""`ticketcore schema` prints the JSON Schemas."""

import json
from typing import Any

import pytest

from support.command_line import ticketcore, usage_error
from ticketcore.commands import command_schema
from ticketcore.events import event_schema
from ticketcore.importers import mapping_schema
from ticketcore.policies import policy_schema
from ticketcore.scenarios import scenario_schema


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("commands", command_schema()),
        ("events", event_schema()),
        ("policy", policy_schema()),
        ("scenario", scenario_schema()),
        ("mapping", mapping_schema()),
    ],
)
def test_a_schema_is_printed_as_json(of: str, expected: dict[str, Any]) -> None:
    """`ticketcore schema` prints the schema of each kind of document as JSON."""
    ran = ticketcore("schema", of)

    assert (0, "") == (ran.code, ran.err)
    assert expected == json.loads(ran.out)


def test_an_unknown_kind_of_document_is_refused() -> None:
    """An unknown kind of document is refused with the list of kinds."""
    ran = ticketcore("schema", "policies")

    assert 2 == ran.code
    assert "'policies' is not one of 'commands', 'events', 'policy', 'scenario', 'mapping'" in (
        usage_error(ran)
    )

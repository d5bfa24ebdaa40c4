"""Dated cases of the timers of every system (C5, C6, C7, C15, C21, K2, A1, O1).

The cases are in dated_cases.json, and in `shared/cases` if that folder is next to the repository.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from support.builders import order, preset
from ticketcore.commands import Open, OpenDispute
from ticketcore.decider import decide_and_apply
from ticketcore.events import Scheduled, Timer

HERE = Path(__file__)
FILES = (
    HERE.with_name("dated_cases.json"),
    HERE.parents[3] / "shared" / "cases" / "deadlines.json",
)
CASES = [
    pytest.param(case, id=case["id"])
    for file in FILES
    if file.exists()
    for case in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_timer_is_due_at_the_instant_of_the_case(case: dict[str, Any]) -> None:
    """C5, C6, C7, C15, C21, K2, A1, O1: the first recorded deadline equals that of the case."""
    due = datetime.fromisoformat(case["due"])
    pending = {timer.name: timer.due for timer in first_timers(case)}

    assert {case["timer"]: due} == {case["timer"]: pending.get(case["timer"])}


def first_timers(case: dict[str, Any]) -> tuple[Timer, ...]:
    """Return the timers of the first `Scheduled`, with those that fired at once."""
    policy, at = preset(case["policy"]), datetime.fromisoformat(case["opened_at"])
    opening = Open(
        at=at,
        by=case["by"],
        type=case.get("type"),
        zone=case["zone"],
        storefront=case.get("storefront"),
        order=order(case["opened_at"], billing="recurring"),
        channel="portal",
        category="servers" if case["policy"] == "office" else None,
        subject="A case",
        text="A dated case.",
    )
    ticket, events = decide_and_apply(None, opening, policy)
    if "dispute" in case:
        dispute = OpenDispute(at=at, by=case["by"], dispute="D1", kind=case["dispute"])
        _, events = decide_and_apply(ticket, dispute, policy)
    return next(event.timers for event in events if isinstance(event, Scheduled))

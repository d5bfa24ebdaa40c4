"""Four timers with three levels and two pauses each: a reply beside a note on the same ticket."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.histories import START
from benchmarks.measure import best, micros, show
from ticketcore.commands import AddNote, Open, Reply, SetField
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Scheduled, dump_event
from ticketcore.policies import Policy, load_policy
from ticketcore.ticket import Ticket

MINUTE = timedelta(minutes=1)


def main() -> None:
    policy = load_policy(Path(__file__).with_suffix(".toml"))
    rows = []
    for pauses in (3, 1000):
        ticket = _paused(policy, pauses)
        at = ticket.at + MINUTE
        commands = {
            "note": AddNote(at=at, by="support", text="a note"),
            "reply": Reply(at=at, by="customer", text="and now?"),
            "answer": Reply(at=at, by="support", text="wait"),
        }
        seconds = best(
            {name: partial(decide, ticket, each, policy) for name, each in commands.items()}
        )
        sizes = [
            len(json.dumps(dump_event(event)[2], separators=(",", ":")))
            for command in commands.values()
            for event in decide(ticket, command, policy)
            if isinstance(event, Scheduled)
        ]
        rows.append(
            (
                f"{pauses:,}",
                micros(seconds["note"]),
                *(f"{seconds[name] / seconds['note']:.1f} x" for name in ("reply", "answer")),
                f"{max(sizes):,} bytes",
            )
        )
    header = (
        "pauses before",
        "note",
        "customer replies",
        "desk answers",
        "largest body of Scheduled",
    )
    show("Four timers with three levels and two pauses each", header, rows)


def _paused(policy: Policy, times: int) -> Ticket:
    ticket, _ = decide_and_apply(
        None, Open(at=START, by="customer", zone="Europe/Rome", text="help"), policy
    )
    for _ in range(times):
        for value in ("with-a-supplier", "with-us"):
            command = SetField(at=ticket.at + MINUTE, by="support", field="state", value=value)
            ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


main()

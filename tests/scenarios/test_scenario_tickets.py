"""Scenarios of several tickets of one order: steps and expectations name their ticket."""

from pathlib import Path

import pytest

from ticketcore.errors import CalendarRangeError, ScenarioError
from ticketcore.events import Closed, DisputeResolved
from ticketcore.scenarios import (
    ScenarioRun,
    load_scenario,
    parse_scenario,
    run_scenario,
    timeline_of,
)

HEAD = """
policy = "amazon-pay"
until = 2026-01-13T12:00:00
[ticket]
id = "1"
zone = "UTC"
order = { number = "P1", sold_at = 2026-01-02T12:00:00, amount = "100.00 EUR" }
[[step]]
at = 2026-01-12T09:00:00
command = "open"
by = "customer"
[[step]]
at = 2026-01-12T10:00:00
ticket = "2"
command = "open"
by = "customer"
"""
DISPUTES = """
[[step]]
at = 2026-01-12T11:00:00
command = "open-dispute"
by = "customer"
dispute = "A"
kind = "claim"
[[step]]
at = 2026-01-12T12:00:00
ticket = "2"
command = "open-dispute"
by = "system"
dispute = "B"
kind = "chargeback"
"""


def refund(ticket: str, amount: str, refused: str = "") -> str:
    """Return a step that refunds an amount on a ticket."""
    expected = f'expect = {{ refused = "{refused}" }}\n' if refused else ""
    return (
        f'[[step]]\nat = 2026-01-12T13:00:00\nticket = "{ticket}"\ncommand = "refund"\n'
        f'by = "vendor"\nreference = "r{ticket}"\namount = "{amount}"\n{expected}'
    )


def run(text: str) -> ScenarioRun:
    """Read and run a scenario."""
    return run_scenario(parse_scenario(text))


def problems(text: str) -> list[str]:
    """Return the problems of a scenario, without their lines."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text)
    return [str(problem).split(": ", 1)[1] for problem in caught.value.problems]


def test_the_tickets_share_the_order_and_its_limit() -> None:
    """A4: two tickets pay no more than the limit together; facts of `[ticket]` are for both."""
    result = run(HEAD + refund("1", "60.00 EUR") + refund("2", "55.01 EUR", "cap-exceeded"))

    assert () == result.failures
    assert [6000, 0] == [ticket.refunded for ticket in result.tickets.values()]
    assert ["1", "2"] == [ticket.number for ticket in result.tickets.values()]


def test_tickets_of_two_orders_do_not_share_a_limit() -> None:
    """A4: an opening that names another order has a limit of its own."""
    other = '{ number = "P2", sold_at = 2026-01-02T12:00:00, amount = "100.00 EUR" }'
    text = HEAD + f"order = {other}\n" + refund("1", "60.00 EUR") + refund("2", "115.00 EUR")

    assert () == run(text).failures


def test_tickets_without_an_order_stand_alone() -> None:
    """Two tickets without an order have nothing in common."""
    lines = [line for line in HEAD.splitlines() if not line.startswith("order")]
    result = run("\n".join(lines) + '\n[expect]\nstatus = "open"\n[expect.tickets.2]\nevents = []')

    assert ["ticket 2: events: nothing"] == [failure.expected for failure in result.failures]


def test_a_chargeback_ends_the_claim_of_another_ticket() -> None:
    """A2: the claim ends at the instant of the chargeback, in the ticket of the claim."""
    result = run(HEAD + DISPUTES)
    (ended,) = (event for event in result.events_of("1") if isinstance(event, DisputeResolved))

    assert ("A", "superseded", "12:00") == (ended.dispute, ended.outcome, f"{ended.at:%H:%M}")
    entries = [number for number, entry in timeline_of(result) if entry.at == ended.at]
    assert ["2", "2", "1", "1"] == entries


def test_the_histories_follow_each_other() -> None:
    """`recorded` has the whole history of each ticket, with its own sequence numbers."""
    places = [(each.ticket, each.seq) for each in run(HEAD + DISPUTES).recorded]

    assert places == sorted(places)
    assert [1, 1] == [seq for _, seq in places if seq == 1]


def test_an_expected_event_of_another_ticket_extends_the_run() -> None:
    """The clock runs until the last expected event of any ticket."""
    text = HEAD.replace("until = 2026-01-13T12:00:00\n", "").replace("amazon-pay", "clickbank")
    late = '[[expect.tickets.2.event]]\nevent = "refunded"\nat = 2026-01-13T10:00:00\n'

    assert () == run(f'{text}type = "refund"\n{late}').failures


def test_a_refused_step_names_no_event() -> None:
    """A refusal is an entry of its ticket's timeline."""
    result = run(HEAD + refund("2", "115.01 EUR", "cap-exceeded"))

    assert ("2", "refusal") == next(
        (number, entry.kind) for number, entry in timeline_of(result) if entry.kind == "refusal"
    )


def test_a_ticket_of_expectations_needs_a_step() -> None:
    """An expectation about a ticket that no step names is a mistake."""
    assert ['expect.tickets.3: no step has the ticket "3"; expected one of "1", "2"'] == problems(
        HEAD + '[expect.tickets.3]\nstatus = "open"'
    )


def test_types_are_checked_for_each_ticket() -> None:
    """A type that the policy lacks is a mistake in the expectations of any ticket."""
    assert [
        'expect.type: no type "refund"; expected "enquiry"',
        'expect.tickets.2.type: no type "enquiri"; did you mean "enquiry"?',
    ] == problems(HEAD + '[expect]\ntype = "refund"\n[expect.tickets.2]\ntype = "enquiri"')


def test_a_ticket_opened_with_another_number_is_a_mistake() -> None:
    """A ledger goes by numbers, so the number of an opening is that of its step's ticket."""
    text = HEAD.replace('ticket = "2"', 'ticket = "2"\nnumber = "3"')

    assert [
        'step[1].number: found "3", but the step opens ticket "2": leave the number out'
    ] == problems(text)
    assert () == run(text.replace('"3"', '"2"')).failures


def test_one_ticket_is_opened_without_a_number() -> None:
    """In a scenario of one ticket, the opening has no number unless the file gives one."""
    result = run(HEAD.split("[[step]]\nat = 2026-01-12T10", maxsplit=1)[0])

    assert result.ticket is not None
    assert None is result.ticket.number


FAR = """
name = "far"
effective = 2020-01-01
zone = "UTC"
default_type = "question"
[types.question]
[fields.level]
choices = ["first", "second"]
default = "first"
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "raised"
from = "opened"
after = "1 hours"
effect = "set-field"
fields = { level = "second" }
[[timer]]
name = "far"
when = { fields.level = "second" }
from = "applied"
after = "36525 working days"
calendar = "week"
effect = "warn"
[calendars.week]
hours = "mon-fri 09:00-17:00"
"""


def test_a_deadline_out_of_range_is_raised(tmp_path: Path) -> None:
    """A timer that cannot be advanced fails the run."""
    (tmp_path / "far.toml").write_text(FAR)
    (tmp_path / "late.toml").write_text(
        'policy = "far.toml"\nuntil = 2026-01-13T12:00:00\n'
        '[[step]]\nat = 2026-01-12T09:00:00\ncommand = "open"\nby = "customer"\n'
    )
    with pytest.raises(CalendarRangeError):
        run_scenario(load_scenario(tmp_path / "late.toml"))


def test_the_other_ticket_closes() -> None:
    """A command acts on the ticket that its step names, and on no other."""
    result = run(
        HEAD
        + '[[step]]\nat = 2026-01-12T11:00:00\nticket = "2"\ncommand = "close"\nby = "vendor"\n'
        + '[expect]\nstatus = "open"\n[expect.tickets.2]\nclosed_by = "vendor"'
    )

    assert () == result.failures
    assert [Closed] == [type(each) for each in result.events_of("2") if each.NAME == "closed"]

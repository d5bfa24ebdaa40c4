"""Scenario files are loaded, with all their mistakes at once."""

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from support.stories.scenarios import CLOSED, LATE_CLOSE, REFUND
from ticketcore.commands import COMMANDS, Open
from ticketcore.errors import ScenarioError
from ticketcore.events import Money, Order, Shipment, Unit
from ticketcore.scenarios import is_scenario, load_scenario, parse_scenario


def problems(text: str) -> list[str]:
    """Return the mistakes of a text, each with line, key path and message."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text)
    return [f"{p.line}: {p.path}: {p.message}" for p in caught.value.problems]


def test_an_opening_has_the_facts_of_the_ticket() -> None:
    """An opening has the facts in [ticket], unless its step gives others."""
    text = REFUND.replace('id = "00123456789"', 'customer = "c-1"\nchannel = "phone"')
    command = parse_scenario(text + 'channel = "portal"\n').steps[0].command
    assert isinstance(command, Open)
    assert ("America/Boise", "c-1", "portal") == (command.zone, command.customer, command.channel)
    assert Money(4900, "USD") == (command.order.amount if command.order else None)


def test_an_order_is_read_with_its_units_and_shipments() -> None:
    """Times of shipments are local to the ticket."""
    text = """
    policy = "kaufland"
    [ticket]
    storefront = "de"
    [ticket.order]
    number = "1"
    sold_at = "2026-01-02T09:00"
    amount = "20.00 EUR"
    units = [{ id = "u1", amount = "10.00 EUR" }, { id = "u2" }]
    shipments = [{ number = "s1", shipped_at = 2026-01-03T09:00:00 }]
    [[step]]
    command = "open"
    at = "2026-01-12T09:00"
    by = "customer"
    units = ["u1"]
    """
    command = parse_scenario(text).steps[0].command
    assert isinstance(command, Open)
    assert ("u1",) == command.units
    expected = Order(
        number="1",
        sold_at=datetime(2026, 1, 2, 8, tzinfo=UTC),
        amount=Money(2000, "EUR"),
        units=(Unit(id="u1", amount=Money(1000, "EUR")), Unit(id="u2")),
        shipments=(Shipment(number="s1", shipped_at=datetime(2026, 1, 3, 8, tzinfo=UTC)),),
    )
    assert expected == command.order


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_can_be_a_step(name: str) -> None:
    """A step has the fields of its command, in TOML."""
    forms = {
        "amount": '"5.00 USD"',
        "abuse": "true",
        "units": '["u1"]',
        "outcome": '"won"',
        "order": '{ number = "1", sold_at = 2026-01-02T09:00:00, amount = "5.00 USD" }',
        "shipment": '{ number = "s1", shipped_at = 2026-01-03T09:00:00 }',
        "due": "2026-01-12T09:00:00",
        "target": '{ kind = "ticket", number = "1" }',
    }
    fields = [
        field.name
        for field in attrs.fields(COMMANDS[name])
        if field.default is attrs.NOTHING and field.name not in ("at", "by")
    ]
    lines = [f"{field} = {forms.get(field, chr(34) + 'refund' + chr(34))}" for field in fields]
    step = f'[[step]]\nat = 2026-01-09T16:00:00-07:00\nby = "support"\ncommand = "{name}"\n'
    command = parse_scenario(REFUND + step + "\n".join(lines)).steps[1].command
    assert COMMANDS[name] is type(command)
    assert datetime(2026, 1, 9, 23, tzinfo=UTC) == command.at


def test_all_mistakes_come_at_once() -> None:
    """All mistakes are reported, each with line, key path, the value found and the right form."""
    text = """policy = "clikbank"
[ticket]
id = 7
zone = "America/Boisse"
[ticket.order]
number = "MZ8X2K"
sold_at = "2026-13-02"
amount = "49 USD"
biling = "one-time"
[[step]]
at = 2026-01-09T15:00:00-07:00
command = "opn"
by = "customer"
[[step]]
command = "replay"
[[step]]
at = 2026-01-08T15:00:00-07:00
command = "close"
by = "vendr"
txet = "x"
consent = "yes"
[expect]
status = "close"
events = ["opened", "sheduled"]
[[expect.event]]
event = "refunded"
amout = "49.00 USD"
[[expect.event]]
event = "refnded"
"""
    found = "\n".join(problems(text))
    expected = [
        '1: policy: clikbank: no such preset; did you mean "clickbank"?',
        "3: ticket.id: expected text, found the integer 7",
        '4: ticket.zone: unknown zone "America/Boisse"',
        "7: ticket.order.sold_at: expected a date and time",
        "8: ticket.order.amount: '49 USD' is not an amount of money",
        '9: ticket.order.biling: unknown key; did you mean "billing"?',
        '12: step[0].command: unknown "opn"; did you mean "open"?',
        "14: step[1].at: missing; expected a date and time",
        "14: step[1].by: missing; expected one of",
        '15: step[1].command: unknown "replay"; did you mean "reply"?',
        "17: step[2].at: this step is dated before the previous one",
        '19: step[2].by: unknown "vendr"; did you mean "vendor"?',
        '20: step[2].txet: unknown key; did you mean "text"?',
        '21: step[2].consent: expected true or false, found the text "yes"',
        '23: expect.status: unknown "close"; did you mean "closed"?',
        '24: expect.events[1]: unknown "sheduled"; did you mean "scheduled"?',
        '27: expect.event[0].amout: unknown key; did you mean "amount"?',
        '29: expect.event[1].event: unknown "refnded"; did you mean "refunded"?',
    ]
    assert [] == [line for line in expected if line not in found]
    assert len(expected) == len(found.splitlines())


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("F" * 300, "file name too long"),
        ("", "is not a plain file"),
        ("a\\u0000b", "not a file name"),
        ("clikbank", "no such preset or file; did you mean"),
        ("../policy.toml", "lies outside the folder"),
    ],
)
def test_an_impossible_file_name_is_one_mistake(name: str, problem: str, tmp_path: Path) -> None:
    """A name that the operating system refuses is reported like a missing file."""
    text = f'''
policy = "{name}"
[[step]]
at = 2026-01-08T15:00:00-07:00
command = "open"
by = "customer"
'''
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, folder=tmp_path)

    (found,) = caught.value.problems
    assert problem in str(found)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('[expect]\ndeadlines = [{ tmer = "refund" }]', 'unknown key; did you mean "timer"?'),
        ('[expect]\ntype = "refnd"', 'no type "refnd"; did you mean "refund"?'),
        (LATE_CLOSE.replace("12T", "08T"), "dated before the previous one"),
        ("until = 2026-01-09T14:00:00-07:00", "lies before the last step"),
        ("until = 2026-03-08T02:30:00", "does not exist in America/Boise"),
    ],
)
def test_names_and_times_are_checked(more: str, message: str) -> None:
    """Names are checked against the policy, and times against each other."""
    text = f"{more}\n{REFUND}" if more.startswith("until") else REFUND + more
    assert message in "".join(problems(text))


def test_an_earlier_step_can_expect_its_refusal() -> None:
    """A step that is dated before the previous one is allowed if it expects `out-of-order`."""
    step = LATE_CLOSE.replace("12T", "08T") + 'expect = { refused = "out-of-order" }'
    assert "out-of-order" == parse_scenario(REFUND + step).steps[1].refused


def test_a_scenario_needs_a_step() -> None:
    """A scenario without a step is a mistake."""
    assert ["1: step: missing; expected a [[step]] that opens the ticket"] == problems(
        'policy = "clickbank"'
    )


def test_a_policy_path_is_relative_to_the_scenario(tmp_path: Path) -> None:
    """The mistakes of a policy file are reported with their own lines."""
    (tmp_path / "mine.toml").write_text('extends = "clickbank"\nname = "mine"\n')
    (tmp_path / "scenario.toml").write_text(REFUND.replace('"clickbank"', '"mine.toml"'))
    assert "mine" == load_scenario(tmp_path / "scenario.toml").policies.versions[0].name

    (tmp_path / "mine.toml").write_text('extends = "clickbank"\nname = "mine"\ndesc = "?"\n')
    with pytest.raises(ScenarioError, match=r"mine\.toml:3:1: desc: unknown key"):
        load_scenario(tmp_path / "scenario.toml")


def test_an_invalid_file_name_is_one_problem() -> None:
    """A name with a NUL character cannot be opened."""
    with pytest.raises(ScenarioError, match="not a file name"):
        load_scenario("a\0b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REFUND.replace('"clickbank"', "7"), ["2: policy: expected text, found the integer 7"]),
        (
            'policy = "clickbank"\nstep = []\n',
            ["2: step: a scenario needs a [[step]] that opens the ticket"],
        ),
    ],
)
def test_a_policy_and_a_step_are_required(text: str, expected: list[str]) -> None:
    """A wrong policy, and an empty list of steps, are one problem each."""
    assert expected == problems(text)


def test_an_empty_list_of_policies_is_a_mistake() -> None:
    """A list of versions names at least one policy."""
    text = REFUND.replace('"clickbank"', "[]")
    assert ["2: policy: an empty list names no policy; expected one of"] == [
        problem[:57] for problem in problems(text)
    ]


def test_a_missing_policy_is_one_mistake() -> None:
    """Without the policy the zone of local times is unknown, and that is not reported too."""
    step = '[[step]]\nat = 2026-01-09T15:00:00\ncommand = "open"\nby = "customer"\n'
    text = f'policy = "clickbnk"\n{step}'
    (problem,) = problems(text)
    assert 'no such preset; did you mean "clickbank"?' in problem


def test_two_versions_with_one_date_are_a_mistake(tmp_path: Path) -> None:
    """Two versions with one effective date are refused, and so is one that is listed twice."""
    (tmp_path / "a.toml").write_text('extends = "clickbank"\nname = "a"\n')
    text = REFUND.replace('"clickbank"', '["clickbank", "a.toml"]')

    with pytest.raises(ScenarioError, match="versions need different effective dates"):
        parse_scenario(text, folder=tmp_path)
    (found,) = problems(REFUND.replace('"clickbank"', '["clickbank", "clickbank"]'))
    assert "listed twice" in found


def test_many_wrong_events_are_a_hundred_problems() -> None:
    """Reading a scenario ends at its hundredth problem."""
    with pytest.raises(ScenarioError, match="100 problems, and perhaps more") as caught:
        parse_scenario(f"expect = {{ events = [{'7, ' * 300}] }}\n")

    assert 100 == len(caught.value.problems)


def test_the_zone_may_come_from_storefront_or_policy() -> None:
    """A ticket without a zone has the zone of its storefront, else of its policy."""
    step = '[[step]]\ncommand = "open"\nby = "customer"\nat = 2026-01-12T09:00:00'
    kaufland = parse_scenario(f'policy = "kaufland"\n[ticket]\nstorefront = "pl"\n{step}')
    assert "Europe/Warsaw" == kaufland.zone
    assert "Europe/Rome" == parse_scenario(f'policy = "office"\n{step}').zone
    assert "the ticket has no zone" in problems(f'policy = "clickbank"\n{step}')[0]


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    """A missing file raises ScenarioError, like every other mistake."""
    with pytest.raises(ScenarioError, match="no such file or directory"):
        load_scenario(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REFUND, True),
        ('policy = "clickbank"', True),
        ("this is = not TOML =", True),
        ('name = "mine"\nextends = "clickbank"', False),
    ],
)
def test_scenarios_are_distinguished_from_other_files(text: str, expected: bool) -> None:
    """A file is a scenario if it has a key that only scenarios have, or cannot be read."""
    assert expected == is_scenario(text)


def test_any_type_can_be_expected_of_a_policy_without_types() -> None:
    """service-desk declares no types, so any expected type is accepted."""
    text = REFUND.replace('"clickbank"', '"service-desk"') + CLOSED + 'type = "Category 7"'
    assert "Category 7" == parse_scenario(text).expected.type


def test_a_negative_amount_is_a_mistake_of_the_opening() -> None:
    """The step that opens the ticket has the mistake."""
    message = "-49.00 USD is not an amount of money: the amounts of an order cannot be negative"
    assert [f"13: step[0].order: {message}"] == problems(
        REFUND.replace('"49.00 USD"', '"-49.00 USD"')
    )

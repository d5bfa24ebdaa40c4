"""Permissions in time: a party must wait, and may act for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.policy_problems import HEAD, OPEN, problems
from support.policies.small_policies import opened, refusal
from ticketcore import commands as c
from ticketcore.decider import available_commands, decide, decide_and_apply
from ticketcore.events import format_instant
from ticketcore.policies import Policy, parse_policy
from ticketcore.testing import explore
from ticketcore.ticket import Ticket

DAY = timedelta(days=1)


def policy_with(permissions: str) -> Policy:
    """Return a policy in which support may do most, and these permissions."""
    return parse_policy(
        f"""
name = "small"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[fields.delivered_at]
type = "instant"
[calendars.weekdays]
hours = "mon-fri 09:00-17:00"
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = ["reply", "close", "set-field"]
by = ["vendor", "support"]
{permissions}"""
    )


WAITING = policy_with(
    """
[[permission]]
commands = "escalate"
by = "customer"
from = "waiting-since"
after = "3 working days"
calendar = "weekdays"
rule = "V4"
"""
)
APPEAL = policy_with(
    """
[[permission]]
commands = ["request-review", "reopen"]
by = "customer"
from = "closed"
after = "1 day"
within = "30 days"
rule = "V6"
"""
)
RETURN = policy_with(
    """
[[permission]]
commands = "reply"
by = "customer"
when = { fields.delivered_at = { not = 2000-01-01T00:00:00Z } }
from = "fields.delivered_at"
within = "14 days"
"""
)


def closed() -> Ticket:
    """Return a ticket that the vendor closed at its opening."""
    return decide_and_apply(opened(APPEAL), c.Close(at=T0, by="vendor"), APPEAL)[0]


def test_a_party_must_wait() -> None:
    """A party must wait three working days from the start of the wait before it may act."""
    first = T0 + 3 * DAY
    early = c.Escalate(at=first - timedelta(microseconds=1), by="customer")
    refused = refusal(opened(WAITING), early, WAITING)

    assert ("too-early", "V4") == (refused.code, refused.rule)
    assert (
        'the customer may use "escalate" only 3 working days after the ticket began to wait, '
        "from Thu 2026-01-08 09:00 UTC+00:00 on"
    ) == refused.reason
    assert decide(opened(WAITING), c.Escalate(at=first, by="customer"), WAITING)


def test_an_answer_starts_the_waiting_again() -> None:
    """An answer restarts the waiting time of a permission that counts from it."""
    ticket = opened(WAITING)
    for command in (
        c.Reply(at=at(1), by="vendor", text="which one?"),
        c.SetField(at=at(2), by="vendor", field="delivered_at"),
    ):
        ticket, _ = decide_and_apply(ticket, command, WAITING)

    escalate = c.Escalate(at=T0 + 3 * DAY, by="customer")
    assert "too-early" == refusal(ticket, escalate, WAITING).code


def test_a_window_closes() -> None:
    """A command at the last instant of the window is in time."""
    last = T0 + 30 * DAY
    late = c.RequestReview(at=last + timedelta(microseconds=1), by="customer")
    refused = refusal(closed(), late, APPEAL)

    assert ("window-passed", "V6") == (refused.code, refused.rule)
    assert (
        'the customer may use "request-review" only within 30 days after the closing, '
        "until Wed 2026-02-04 09:00 UTC+00:00"
    ) == refused.reason
    assert decide(closed(), c.RequestReview(at=last, by="customer"), APPEAL)
    assert "too-early" == refusal(closed(), c.Reopen(at=at(2), by="customer"), APPEAL).code


def test_a_ticket_without_the_instant_lacks_the_permission() -> None:
    """A permission does not apply if the ticket lacks the instant from which it counts."""
    review = c.RequestReview(at=at(1), by="customer")
    reply = c.Reply(at=at(1), by="customer")

    assert "not-permitted" == refusal(opened(APPEAL), review, APPEAL).code
    assert "not-permitted" == refusal(opened(RETURN), reply, RETURN).code


def test_a_window_counts_from_a_field() -> None:
    """The buyer may return goods until 14 days after the delivery."""
    delivered = c.SetField(at=at(1), by="vendor", field="delivered_at", value=T0 - 13 * DAY)
    ticket = decide_and_apply(opened(RETURN), delivered, RETURN)[0]

    assert decide(ticket, c.Reply(at=T0 + DAY, by="customer", text="back"), RETURN)
    late = c.Reply(at=T0 + DAY + timedelta(seconds=1), by="customer", text="back")
    assert "window-passed" == refusal(ticket, late, RETURN).code


def test_the_next_permission_counts_where_the_first_is_closed() -> None:
    """Each of two permissions for one command applies in its own window.

    Between the windows the refusal names the instant at which the second one opens.
    """
    policy = policy_with(
        """
[[permission]]
commands = "escalate"
by = "customer"
from = "opened"
within = "1 day"
requires = "text"
[[permission]]
commands = "escalate"
by = "customer"
from = "opened"
after = "3 days"
"""
    )
    ticket = opened(policy)

    assert decide(ticket, c.Escalate(at=at(1), by="customer", text="urgent"), policy)
    between = refusal(ticket, c.Escalate(at=at(48), by="customer"), policy)
    assert "too-early" == between.code
    assert decide(ticket, c.Escalate(at=at(72), by="customer"), policy)


BERLIN = policy_with(
    """
[calendars.berlin]
zone = "Europe/Berlin"
country = "DE"
hours = "mon-fri 09:00-17:00"
[[permission]]
commands = "escalate"
by = "customer"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "3 working days"
within = "30 days"
calendar = "berlin"
[[permission]]
commands = "reopen"
by = "customer"
within = "10 working days"
calendar = "berlin"
[[permission]]
commands = "set-field"
by = "customer"
fields = "delivered_at"
from = "opened"
within = "1 working hour"
calendar = "berlin"
"""
)


def utc_text(instant: datetime | None) -> str:
    """Return an instant to the minute."""
    return f"{instant:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("opened_at", "opens", "closes"),
    [
        # The clocks change on Sunday, 29 March; three working days keep the local time 10:00.
        ("2026-03-27T09:00", "2026-04-01T08:00", "2026-04-26T08:00"),
        # From a Saturday they end on Wednesday, at the local time of the start.
        ("2026-03-28T11:00", "2026-04-01T10:00", "2026-04-27T10:00"),
        # Good Friday and Easter Monday do not count.
        ("2026-04-02T08:00", "2026-04-09T08:00", "2026-05-02T08:00"),
        # A start after hours waits for the opening of the third day.
        ("2026-03-23T20:00", "2026-03-27T08:00", "2026-04-22T19:00"),
    ],
)
def test_a_window_opens_and_closes_by_the_local_calendar(
    opened_at: str, opens: str, closes: str
) -> None:
    """Working days skip weekends and holidays, and both bounds keep the local time."""
    start = datetime.fromisoformat(f"{opened_at}+00:00")
    opening = c.Open(at=start, by="customer", zone="Europe/Berlin")
    ticket = decide_and_apply(None, opening, BERLIN)[0]
    escalate = c.Escalate(at=start, by="customer")

    refused = refusal(ticket, escalate, BERLIN)
    assert "too-early" == refused.code
    every = available_commands(ticket, "customer", BERLIN, start)
    (early,) = (each for each in every if isinstance(each.command, c.Escalate))
    assert opens == utc_text(early.changes_at)
    first = early.changes_at
    assert first is not None
    every = available_commands(ticket, "customer", BERLIN, first)
    (allowed,) = (each for each in every if isinstance(each.command, c.Escalate))
    assert ("allowed", closes) == (allowed.state, utc_text(allowed.changes_at))


def test_a_window_counts_from_the_last_closing() -> None:
    """A ticket that is closed again may be reopened for ten working days from then on."""
    ticket = opened(BERLIN)
    first = T0 + 2 * DAY
    for command in (
        c.Close(at=T0 + DAY, by="vendor"),
        c.Reopen(at=first, by="customer"),
        c.Close(at=first + DAY, by="vendor"),
    ):
        ticket, _ = decide_and_apply(ticket, command, BERLIN)

    # Only some states of Germany close on 6 January, so the ten days end on Thursday, 22 January.
    last = T0 + 17 * DAY
    assert decide(ticket, c.Reopen(at=last, by="customer"), BERLIN)
    late = c.Reopen(at=last + timedelta(microseconds=1), by="customer")
    assert "window-passed" == refusal(ticket, late, BERLIN).code


def test_a_window_of_some_fields_changes_nothing_for_others() -> None:
    """A window for one field does not say when another field can be set."""
    policy = policy_with(
        """
[fields.size]
choices = ["s", "l"]
[[permission]]
commands = "set-field"
by = "customer"
fields = "delivered_at"
from = "opened"
within = "1 hour"
[[permission]]
commands = "set-field"
by = "customer"
fields = "size"
"""
    )
    every = available_commands(opened(policy), "customer", policy, T0)
    changes = {
        each.command.field: each.changes_at
        for each in every
        if isinstance(each.command, c.SetField)
    }

    assert {"delivered_at": T0 + timedelta(hours=1), "size": None} == changes


def test_a_window_without_a_wait_is_open_before_a_later_instant() -> None:
    """A field may hold an instant that lies ahead. Only `after` makes a party wait for it."""
    waits = policy_with(
        """
[[permission]]
commands = "reply"
by = "customer"
from = "fields.delivered_at"
after = "0 minutes"
within = "14 days"
"""
    )
    due = c.SetField(at=at(1), by="vendor", field="delivered_at", value=T0 + 3 * DAY)
    reply = c.Reply(at=at(2), by="customer", text="not wanted any more")

    assert decide(decide_and_apply(opened(RETURN), due, RETURN)[0], reply, RETURN)
    refused = refusal(decide_and_apply(opened(waits), due, waits)[0], reply, waits)
    assert "too-early" == refused.code


@pytest.mark.parametrize(
    ("hours", "state", "changes_at"),
    [
        (2, "refused", datetime(2026, 1, 6, 9, tzinfo=UTC)),
        (48, "allowed", datetime(2026, 2, 4, 9, tzinfo=UTC)),
        (24 * 40, "refused", None),
    ],
)
def test_the_available_commands_name_the_next_change(
    hours: float, state: str, changes_at: datetime | None
) -> None:
    """An available command names the instant at which its permission opens or closes."""
    every = available_commands(closed(), "customer", APPEAL, at(hours))
    (review,) = (each for each in every if isinstance(each.command, c.RequestReview))

    assert (state, changes_at) == (review.state, review.changes_at)


PERMISSION = '[[permission]]\ncommands = "escalate"\nby = "customer"\n'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            'after = "1 day"\n',
            "8:1: permission[1].from: missing; after and within count from an instant, such as "
            '"opened"',
        ),
        ('from = "opened"\n', "11:1: permission[1].from: only works with after or within"),
        (
            'from = "opened"\nafter = "3 days"\nwithin = "36 hours"\n',
            '13:1: permission[1].within: the permission is never open: after "3 days", "36 hours" '
            "have passed",
        ),
        (
            'from = "opened"\nafter = "3 days"\nwithin = "2 days"\n',
            '13:1: permission[1].within: the permission is never open: after "3 days", "2 days" '
            "have passed",
        ),
        (
            'from = "opened"\nafter = "1 working day"\n',
            '8:1: permission[1].calendar: missing: required for "1 working day"',
        ),
        (
            'from = "opened"\nafter = "1 day"\ncalendar = "c"\n[calendars.c]\n',
            "13:1: permission[1].calendar: only works with spans of working time: remove it",
        ),
        (
            'from = "opend"\nafter = "1 day"\n',
            '11:1: permission[1].from: unknown "opend"; did you mean "opened"?',
        ),
        (
            'from = "fields.arived"\nafter = "1 day"\n[fields.arrived]\ntype = "instant"\n',
            '11:1: permission[1].from: no field "arived"; did you mean "arrived"?',
        ),
        (
            'from = "fields.arrived"\nafter = "1 day"\n',
            '11:1: permission[1].from: no field "arrived"; '
            "this file declares none: add [fields.arrived]",
        ),
        (
            'from = "fields.size"\nafter = "1 day"\n[fields.size]\ntype = "number"\n',
            "11:1: permission[1].from: size is not an instant: "
            'it is a number such as "12.5", of at most 30 digits',
        ),
    ],
)
def test_mistakes(lines: str, expected: str) -> None:
    """Each mistake in the window of a permission is reported with the right form."""
    assert [expected] == problems(HEAD + OPEN + PERMISSION + lines)


def test_an_opening_counts_from_its_fields_alone() -> None:
    """A window of an opening counts from a field, since no other instant comes before it."""
    window = '[[permission]]\nfrom = "opened"\nwithin = "1 day"'
    (found,) = problems(HEAD + OPEN.replace("[[permission]]", window))

    assert found.endswith("an opening has no instants to count from but those of its fields")


WINDOW = """after = "2 working days"
within = "30 days"
calendar = "weekdays"
"""
PARCEL = f"""
name = "small"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[fields.expected_at]
type = "instant"
[calendars.weekdays]
hours = "mon-fri 09:00-17:00"
[[permission]]
commands = "open"
by = "customer"
from = "fields.expected_at"
{WINDOW}
[[permission]]
commands = ["reply", "close"]
by = ["customer", "support"]
"""
LATE_PARCEL = parse_policy(PARCEL)


@pytest.mark.parametrize(
    ("expected", "code", "words"),
    [
        ({}, "not-permitted", "only after expected_at"),
        ({"expected_at": T0 - DAY}, "too-early", "only 2 working days after expected_at"),
        ({"expected_at": T0 - 31 * DAY}, "window-passed", "only within 30 days after expected_at"),
    ],
)
def test_an_opening_is_refused_out_of_its_time(
    expected: dict[str, datetime], code: str, words: str
) -> None:
    """A ticket about a parcel is refused until its expected day, long after it, and without it."""
    fields = {name: format_instant(value) for name, value in expected.items()}
    found = refusal(None, c.Open(at=T0, by="customer", fields=fields), LATE_PARCEL)

    assert (code, True) == (found.code, words in str(found))


def test_an_opening_is_allowed_in_its_time() -> None:
    """A ticket about a parcel is opened within the time after its expected day."""
    fields = {"expected_at": format_instant(T0 - 10 * DAY)}

    assert decide(None, c.Open(at=T0, by="customer", fields=fields), LATE_PARCEL)


def test_the_exploration_opens_tickets_in_time() -> None:
    """The exploration opens tickets with an instant at which the permission is open."""
    explored = explore(LATE_PARCEL)

    assert () == explored.findings


@pytest.mark.parametrize(("days", "findings"), [(500, []), (4_000, ["type-never-used"])])
def test_the_exploration_waits_ten_years_for_an_opening(days: int, findings: list[str]) -> None:
    """The exploration knows no opening more than ten years after the instant of the field."""
    window = f'after = "{days} days"\nwithin = "{days + 1} days"\n'
    policy = parse_policy(PARCEL.replace(WINDOW, window))

    assert findings == [finding.code for finding in explore(policy).findings]

"""Guarantees of a policy, checked on histories."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.commands import ChangeType, Close, Command, Open, Reopen, Reply, SetField, Tag
from ticketcore.events import Party
from ticketcore.guarantees import broken_guarantees
from ticketcore.policies import Policy, parse_policy
from ticketcore.testing import TicketStory

AT = datetime(2026, 1, 12, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = """\
name = "g"
effective = 2026-01-01
default_type = "question"
zone = "UTC"
types = { question = {}, complaint = {} }
calendars.weekdays.hours = "mon-fri 00:00-24:00"
[[permission]]
commands = ["open", "reply", "close", "reopen", "change-type"]
by = ["customer", "vendor"]
[[guarantee]]
name = "g"
rule = "G1"
"""


def policy(part: str) -> Policy:
    """Return a policy with one guarantee."""
    return parse_policy(HEAD + part)


def violations(rules: Policy, *commands: Command, until: datetime | None = None) -> list[str]:
    """Return what a ticket breaks after these commands."""
    story = TicketStory(policy=rules, commands=commands)
    return [str(violation) for violation in broken_guarantees(story.events(), rules, until)]


def opened(kind: str = "question") -> Open:
    """Return an opening by the customer."""
    return Open(at=AT, by="customer", type=kind, zone="Europe/Berlin")


def reply(after: timedelta, by: Party = "vendor") -> Reply:
    """Return a reply at the time *after* from the opening."""
    return Reply(at=AT + after, by=by, text="x")


NEVER = policy('never = { event = "reopened", by = "customer", when = { type = "complaint" } }')
ANSWERED = policy(
    'always = { event = "replied", by = "vendor", when = { waiting_for = "vendor" }, '
    'within = "2 days", from = "waiting-since" }'
)


def test_a_policy_without_guarantees_breaks_none() -> None:
    """A policy without guarantees breaks none, and the events are not read."""
    assert [] == violations(parse_policy(HEAD.partition("[[guarantee]]")[0]), opened())


def test_an_event_that_never_happens_is_named_with_its_instant() -> None:
    """A `never` that happens is reported with its instant, its rule and its condition."""
    close = Close(at=AT + HOUR, by="vendor")
    reopen = Reopen(at=AT + 2 * HOUR, by="customer")

    assert [
        'guarantee "g" (G1): reopened on Mon 2026-01-12 13:00 UTC+01:00 '
        "although this holds: type complaint"
    ] == violations(NEVER, opened("complaint"), close, reopen)


@pytest.mark.parametrize(("kind", "by"), [("question", "customer"), ("complaint", "vendor")])
def test_other_tickets_and_parties_may_do_it(kind: str, by: Party) -> None:
    """A `never` is broken only if both the party and the condition fit."""
    reopen = Reopen(at=AT + 2 * HOUR, by=by)

    assert [] == violations(NEVER, opened(kind), Close(at=AT + HOUR, by="vendor"), reopen)


def test_the_condition_is_asked_before_the_event() -> None:
    """The condition of a guarantee is checked on the ticket before the event."""
    before = policy('never = { event = "reopened", when = { status = "closed" } }')
    after = policy('never = { event = "reopened", when = { status = "pending" } }')
    commands = opened(), Close(at=AT, by="vendor"), Reopen(at=AT, by="customer")

    assert 1 == len(violations(before, *commands))
    assert [] == violations(after, *commands)


def test_an_opening_is_judged_by_the_ticket_that_it_opens() -> None:
    """A guarantee about an opening checks the ticket that the opening makes."""
    rules = policy('never = { event = "opened", when = { type = "complaint" } }')

    assert 1 == len(violations(rules, opened("complaint")))
    assert [] == violations(rules, opened())


@pytest.mark.parametrize(
    ("answered", "broken"),
    [(2 * DAY, False), (2 * DAY + timedelta(microseconds=1), True)],
)
def test_an_event_at_the_last_instant_is_in_time(answered: timedelta, broken: bool) -> None:
    """An event at the last instant of a guarantee's span is in time."""
    assert broken == bool(violations(ANSWERED, opened(), reply(answered)))


def test_a_missing_event_is_named_with_its_last_instant() -> None:
    """A guarantee reports the last instant at which the missing event would have been in time."""
    assert [
        'guarantee "g" (G1): replied is missing on Wed 2026-01-14 11:00 UTC+01:00, '
        "the last instant for it"
    ] == violations(ANSWERED, opened(), reply(DAY, "customer"), until=AT + 3 * DAY)


def test_a_history_is_judged_up_to_its_last_event() -> None:
    """A history is checked up to its last event, or up to the instant that the caller gives."""
    assert [] == violations(ANSWERED, opened(), reply(DAY, "customer"))
    assert [] == violations(ANSWERED, opened(), until=AT + 2 * DAY)


def test_a_new_span_begins_where_its_instant_moves() -> None:
    """A new span begins when its anchor changes, for example when the customer asks again."""
    again = reply(5 * DAY, "customer")

    assert [] == violations(ANSWERED, opened(), reply(DAY), again, until=AT + 6 * DAY)
    assert 1 == len(violations(ANSWERED, opened(), reply(DAY), again, until=AT + 8 * DAY))


def test_an_event_counts_for_its_span_whether_or_not_the_condition_held_then() -> None:
    """An event counts for its span even if the condition did not hold at the event."""
    rules = policy(
        'always = { event = "replied", by = "vendor", when = { type = "complaint" }, '
        'within = "2 days", from = "opened" }'
    )
    change = ChangeType(at=AT + 3 * DAY, by="customer", type="complaint", text="x")

    assert [] == violations(rules, opened(), reply(DAY), change)
    assert 1 == len(violations(rules, opened(), change))


def test_nothing_is_owed_while_the_ticket_lacks_the_instant() -> None:
    """Nothing is required while the ticket lacks the anchor, such as a closing."""
    rules = policy('always = { event = "reopened", within = "2 days", from = "closed" }')
    close = Close(at=AT + HOUR, by="vendor")

    assert [] == violations(rules, opened(), until=AT + 9 * DAY)
    assert 1 == len(violations(rules, opened(), close, until=AT + 9 * DAY))
    reopen = Reopen(at=AT + DAY, by="customer")
    assert [] == violations(rules, opened(), close, reopen, until=AT + 9 * DAY)


def test_a_span_may_count_in_a_calendar() -> None:
    """From Monday, three working days end on Thursday; five end after the weekend."""
    part = 'always = {{ event = "closed", within = "{}", from = "opened", calendar = "weekdays" }}'
    three, five = (policy(part.format(f"{n} working days")) for n in (3, 5))

    assert 1 == len(violations(three, opened(), until=AT + 4 * DAY))
    assert [] == violations(five, opened(), until=AT + 6 * DAY)
    assert 1 == len(violations(five, opened(), until=AT + 8 * DAY))


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(["customer", "vendor"])), max_size=6
    ).map(sorted)
)
def test_answers_are_owed_as_counted_by_hand(replies: list[tuple[int, Party]]) -> None:
    """An answer is missing if the vendor stays silent for two days after each change of sides."""
    commands = [reply(timedelta(hours=hours), by) for hours, by in replies]
    waits_since: int | None = 0
    late = False
    for hours, by in (*replies, (1000, None)):
        late = late or (waits_since is not None and hours > waits_since + 48)
        if by == "vendor":
            waits_since = None
        elif waits_since is None:
            waits_since = hours

    assert late == bool(violations(ANSWERED, opened(), *commands, until=AT + 1000 * HOUR))


def test_fields_tags_and_exceptions_decide_whether_a_guarantee_applies() -> None:
    """A guarantee applies to a vip's ticket, except if its priority is low."""
    rules = parse_policy(
        HEAD.replace(
            '[[permission]]\ncommands = ["open", ',
            '[fields.priority]\nchoices = ["low", "high"]\ndefault = "high"\n'
            '[[permission]]\ncommands = ["set-field", "tag", "open", ',
        )
        + 'always = { event = "replied", by = "vendor", within = "2 days", from = "opened", '
        'when = { tags = "vip" }, unless = { fields.priority = "low" } }\n'
    )
    late = AT + 3 * DAY
    tagged = Tag(at=AT + HOUR, by="customer", tag="vip")
    lowered = SetField(at=AT + 2 * HOUR, by="vendor", field="priority", value="low")

    assert [] == violations(rules, opened(), until=late)
    assert [
        'guarantee "g" (G1): replied is missing on Wed 2026-01-14 11:00 UTC+01:00, '
        "the last instant for it"
    ] == violations(rules, opened(), tagged, until=late)
    assert [] == violations(rules, opened(), tagged, lowered, until=late)


def test_an_event_may_happen_where_an_exception_holds() -> None:
    """An exception allows an event: a vip's ticket may be reopened, and others may not."""
    rules = parse_policy(
        HEAD.replace('commands = ["open", ', 'commands = ["tag", "open", ')
        + 'never = { event = "reopened", unless = { tags = "vip" } }\n'
    )
    tagged = Tag(at=AT + HOUR, by="customer", tag="vip")
    closed = Close(at=AT + 2 * HOUR, by="vendor")
    reopened = Reopen(at=AT + 3 * HOUR, by="customer", text="x")

    assert 1 == len(violations(rules, opened(), closed, reopened))
    assert [] == violations(rules, opened(), tagged, closed, reopened)

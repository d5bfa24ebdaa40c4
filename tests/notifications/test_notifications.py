"""Tests of recipients and their notifications, under each preset and under any policy."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.stories.notifications import (
    body,
    boise,
    clickbank,
    notify,
    opening,
    recipient_in,
)
from support.strategies import EVENTS_OF_ALL_KINDS, histories
from ticketcore import commands as c
from ticketcore.errors import CodecError, FieldError
from ticketcore.events import (
    EVENTS,
    Event,
    FieldValue,
    Money,
    NoteAdded,
    Opened,
    Party,
    Recorded,
    Replied,
    Reviewed,
    ReviewRequested,
    Scheduled,
    Shared,
    Unknown,
    Unshared,
)
from ticketcore.notifications import (
    Notification,
    dump_notification,
    load_notification,
    notifications,
)
from ticketcore.policies import (
    NOTIFICATION_KINDS,
    NotificationKind,
    Policy,
    RecipientRole,
    load_policy,
    parse_policy,
)
from ticketcore.ticket import fold, fold_each

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
EVERYTHING = parse_policy(
    'name = "all"\neffective = 2026-01-01\nany_type = true\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    "[[notification]]\n"
    'name = "all"\n'
    f"on = {sorted(NOTIFICATION_KINDS.keys() - {'note-added'})}\n"
    'to = ["customer", "vendor", "support", "account", "shared"]\n'
)
MEMBERS = {"shop-1": ("bela", "anna")}


def notifications_of(policy: Policy, *events: Event) -> tuple[Notification, ...]:
    """Return all notifications about a history."""
    return tuple(
        notification
        for seq, (after, event) in enumerate(fold_each(events), 1)
        for notification in notifications(Recorded("T", seq, event), after, policy, MEMBERS)
    )


def briefly(sent: Iterable[Notification]) -> list[tuple[str, str, str | None]]:
    """Return event name, role and person of each notification."""
    return [(one.event_name, one.role, one.person) for one in sent]


def opened(**changes: Any) -> Opened:
    """Return the opening of a ticket by a user of an account."""
    given_: dict[str, Any] = {"at": AT, "by": "customer", "type": "request", "zone": "UTC"}
    return Opened(**(given_ | {"customer": "anna", "account": "shop-1"} | changes))


def replied(by: Party) -> Replied:
    """Return a reply by a party."""
    return Replied(at=AT, by=by, text="Look here.")


def test_clickbank_notifies_both_sides_of_every_action() -> None:
    """C2: both sides are notified of openings, answers, changes, closings and refunds."""
    sent = Counter((one.notification.kind, one.notification.role) for one in clickbank())
    kinds: dict[NotificationKind, int] = {
        "opened": 1,
        "reply": 1,
        "changed": 2,
        "inactivity-warning": 1,
        "refund-confirmation": 1,
        "closed": 1,
    }
    expected = {(kind, role): n for kind, n in kinds.items() for role in ("customer", "vendor")}
    assert expected == sent


def test_clickbank_notifies_both_sides_of_a_review() -> None:
    """C23: both sides are notified of a requested review and of its decision."""
    sent = notifications_of(
        load_policy("clickbank"),
        opened(type="technical"),
        ReviewRequested(at=AT, by="customer"),
        Reviewed(at=AT, by="support", abuse=True),
    )

    assert [
        ("review", event, role)
        for event in ("review-requested", "reviewed")
        for role in ("customer", "vendor")
    ] == [(one.kind, one.event_name, one.role) for one in sent if one.kind != "opened"]


def test_clickbank_reminds_only_the_customer_of_the_refund() -> None:
    """C18: each warning tells the customer that the ticket can become a refund request."""
    warnings = [
        one.notification for one in clickbank() if one.notification.kind == "inactivity-warning"
    ]
    expected = {"customer": ("refund-is-possible", "C2 C18"), "vendor": (None, "C2")}
    assert expected == {one.role: (one.include, one.rule) for one in warnings}


def test_kaufland_notifies_nobody() -> None:
    """Kaufland's preset notifies nobody, because it defines no notifications."""
    sent = notify(
        load_policy("kaufland"),
        opening(None, storefront="de", reason="other", zone=None),
        c.Reply(at=boise(12, 11), by="vendor", text="Hello."),
        until=boise(31, 0),
    )
    assert () == sent


def test_webshippy_notifies_everybody_who_sees_the_ticket() -> None:
    """W4, W5: customer, account users and persons of a share are notified of every answer, once
    each, and the person of a share of the share itself."""
    sent = notifications_of(
        load_policy("webshippy"),
        opened(),
        Shared(at=AT, by="customer", with_person="csaba"),
        replied("support"),
        Unshared(at=AT, by="customer", with_person="csaba"),
        replied("customer"),
    )
    viewers = [("customer", "anna"), ("account", "bela")]
    expected = [
        *(("opened", *viewer) for viewer in viewers),
        ("shared", "shared", "csaba"),
        *(("replied", *viewer) for viewer in (*viewers, ("shared", "csaba"))),
        *(("replied", *viewer) for viewer in viewers),
    ]
    assert expected == briefly(sent)


def test_a_person_is_told_that_a_ticket_is_shared_with_them() -> None:
    """W5: the e-mail about a share says to its person that it is with them, else with whom."""
    sent = notify(
        load_policy("webshippy"),
        opening(None, category="orders", account="shop-1"),
        c.Share(at=boise(12, 11), by="customer", actor="anna", with_person="csaba"),
        c.Share(at=boise(12, 12), by="customer", actor="anna", with_person="dora"),
    )
    why = [body(one.email_to(recipient_in("en"))).partition("\n")[0] for one in sent[-3:]]

    assert [
        "The customer shared ticket 00123456789 with you.",
        "The customer shared ticket 00123456789 with dora.",
        "The customer shared ticket 00123456789 with you.",
    ] == why


def test_a_text_in_place_of_an_accounts_users_is_refused() -> None:
    """W5: "anna" does not stand for the persons a and n."""
    first = opened()
    with pytest.raises(FieldError, match="expected a list of persons"):
        notifications(Recorded("T", 1, first), fold([first]), EVERYTHING, {"shop-1": "anna"})


def test_an_account_user_is_notified_after_their_own_share_has_ended() -> None:
    """W5: all users of the account see its tickets, with or without a share."""
    sent = notifications_of(
        load_policy("webshippy"),
        opened(),
        Shared(at=AT, by="customer", with_person="bela"),
        Unshared(at=AT, by="customer", with_person="bela"),
        replied("support"),
    )
    expected = [("replied", "customer", "anna"), ("replied", "account", "bela")]
    assert expected == briefly(sent)[-2:]


def test_the_office_notifies_the_customer_of_answers_and_the_closing() -> None:
    """O2: the office notifies the customer of answers and of the closing only."""
    sent = notify(
        load_policy("office"),
        opening(None, order=None, category="servers"),
        c.Reply(at=boise(12, 11), by="support", text="We look into it."),
        c.Reply(at=boise(12, 12), by="customer", text="Thanks.", channel="portal"),
        c.Close(at=boise(12, 13), by="support"),
    )
    expected = [("replied", "customer", "anna"), ("closed", "customer", "anna")]
    assert expected == briefly(one.notification for one in sent)


def test_amazon_pay_notifies_each_side_of_different_events() -> None:
    """A7: the vendor is notified of openings and disputes, the customer of answers; both of
    refunds."""
    sent = notify(
        load_policy("amazon-pay"),
        opening(None),
        c.Reply(at=boise(12, 11), by="vendor", text="We refund it."),
        c.Refund(at=boise(12, 12), by="vendor", reference="R", amount=Money.parse("9.00 USD")),
        c.ConfirmRefund(at=boise(12, 13), by="system", reference="R"),
        c.OpenDispute(at=boise(12, 14), by="customer", dispute="A-7", kind="claim"),
        until=boise(31, 0),
    )
    expected = [
        ("opened", "vendor", None),
        ("replied", "customer", "anna"),
        ("refund-confirmed", "customer", "anna"),
        ("refund-confirmed", "vendor", None),
        ("dispute-opened", "vendor", None),
        ("dispute-resolved", "customer", "anna"),
        ("dispute-resolved", "vendor", None),
    ]
    assert expected == briefly(one.notification for one in sent)


def test_the_first_definition_that_names_a_recipient_counts() -> None:
    """The first definition that names a recipient counts, so nobody gets two e-mails."""
    policy = parse_policy(
        'extends = "office"\nname = "twice"\n'
        '[[notification]]\nname = "again"\non = "replied"\nto = ["customer", "vendor"]\n'
        'rule = "X1"\n'
    )
    sent = notifications_of(policy, opened(), replied("support"))
    assert [("customer", "O2"), ("vendor", "X1")] == [(one.role, one.rule) for one in sent]


def test_when_limits_a_definition_to_some_tickets() -> None:
    """The `when` of a notification is compared with the ticket after the event."""
    policy = parse_policy(
        'extends = "webshippy"\nname = "w"\n[[notification]]\nname = "progress"\nremove = true\n'
        '[[notification]]\nname = "answer"\non = "opened"\nto = "customer"\n'
        'when = { category = "stock" }'
    )
    assert [("opened", "customer", "anna")] == briefly(
        notifications_of(policy, opened(category="stock"))
    )
    assert [] == briefly(notifications_of(policy, opened(category="inbound")))


def test_fields_and_tags_limit_a_definition_to_some_tickets() -> None:
    """Fields and tags can limit a notification to some tickets."""
    policy = parse_policy(
        'name = "fields"\neffective = 2026-01-01\nany_type = true\n'
        '[fields.priority]\nchoices = ["low", "high"]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[notification]]\nname = "urgent"\non = "opened"\nto = "vendor"\n'
        'when = { fields.priority = "high" }\nunless = { tags = "test" }\n'
    )
    high = {"priority": FieldValue(kind="text", value="high")}
    low = {"priority": FieldValue(kind="text", value="low")}

    assert [1, 0, 0, 0] == [
        len(notifications_of(policy, opened(fields=fields, tags=tags, vendor="shop-1")))
        for fields, tags in ((high, ()), (low, ()), ({}, ()), (high, ("test",)))
    ]


@pytest.mark.parametrize("name", ["a", "é", "opened"])
def test_nobody_is_notified_of_an_unknown_event(name: str) -> None:
    """An event that this version does not know has no kind of notification."""
    sent = notifications_of(EVERYTHING, opened(), Unknown(name=name, schema=9, at=AT))
    assert {"opened"} == {one.event_name for one in sent}


def test_every_event_but_scheduled_has_a_kind() -> None:
    """Every event but `Scheduled` has a kind of notification."""
    assert EVENTS.keys() - {"scheduled"} == NOTIFICATION_KINDS.keys()
    assert set(get_args(NotificationKind)) == set(NOTIFICATION_KINDS.values())


Addressee = tuple[RecipientRole, str | None]


def expected_recipients(history: tuple[Event, ...], upto: int) -> Counter[Addressee]:
    """Return the parties, the account's users and the persons of a share, by a naive model."""
    first = history[0]
    assert isinstance(first, Opened)
    shares: list[str] = []
    for event in history[: upto + 1]:
        if isinstance(event, Shared) and event.with_person not in shares:
            shares.append(event.with_person)
        if isinstance(event, Unshared) and event.with_person in shares:
            shares.remove(event.with_person)
    persons: dict[str, RecipientRole] = {}
    for role, group in (
        ("customer", [first.customer] if first.customer is not None else []),
        ("account", MEMBERS.get(first.account or "", ())),
        ("shared", shares),
    ):
        for person in group:
            persons.setdefault(person, role)  # type: ignore[arg-type]  # role is one of three
    parties: list[Addressee] = [("vendor", None), ("support", None)]
    if first.customer is None:
        parties.append(("customer", None))
    return Counter([*parties, *((role, person) for person, role in persons.items())])


@st.composite
def shared_histories(draw: st.DrawFn) -> tuple[Event, ...]:
    """Draw a history with shares that begin and end, between events of all kinds."""
    persons = st.sampled_from(["anna", "csaba", "dora"])
    shares = st.sampled_from([Shared, Unshared]).flatmap(
        lambda cls: st.builds(cls, at=st.just(AT), by=st.just("customer"), with_person=persons)
    )
    first = opened(
        customer=draw(st.sampled_from([None, "anna", "dora"])),
        account=draw(st.sampled_from([None, "shop-1"])),
    )
    others: list[Event] = draw(st.lists(st.one_of(shares, EVENTS_OF_ALL_KINDS), max_size=12))
    later = (attrs.evolve(e, at=AT + timedelta(hours=i)) for i, e in enumerate(others))
    return (first, *later)


@given(shared_histories())
def test_each_recipient_is_notified_exactly_once_of_each_event(
    history: tuple[Event, ...],
) -> None:
    """Recipients are the parties and viewers of the ticket, without shares that have ended."""
    sent = notifications_of(EVERYTHING, *history)
    for seq, event in enumerate(history, 1):
        recipients = Counter((one.role, one.person) for one in sent if one.seq == seq)
        without_kind = isinstance(event, Scheduled | Unknown | NoteAdded)
        silent = without_kind or getattr(event, "awaits_confirmation", False)
        assert (Counter() if silent else expected_recipients(history, seq - 1)) == recipients


@given(histories())
@settings(max_examples=50)
def test_identities_are_unique(history: tuple[str, tuple[Event, ...]]) -> None:
    """No two notifications of a history have the same identity, and it never changes."""
    _, events = history
    first, second = (
        [one.identity for one in notifications_of(EVERYTHING, *events)] for _ in range(2)
    )

    assert sorted(set(first)) == sorted(first)
    assert first == second


def test_a_person_named_like_a_party_is_not_the_party() -> None:
    """A person whose id is the name of a party is not that party."""
    sent = notifications_of(EVERYTHING, opened(customer="vendor", account=None))
    assert 3 == len({one.identity for one in sent})


@given(histories())
@settings(max_examples=50)
def test_a_notification_is_read_as_it_was_written(
    history: tuple[str, tuple[Event, ...]],
) -> None:
    """A notification that was written as JSON is read back unchanged."""
    for one in notifications_of(EVERYTHING, *history[1]):
        assert one == load_notification(json.loads(json.dumps(dump_notification(one))))


def test_a_notification_without_its_event_is_refused() -> None:
    """A notification without its event is refused with the place of the mistake."""
    (sent, *_) = notifications_of(EVERYTHING, opened())
    with pytest.raises(CodecError) as caught:
        load_notification({**dump_notification(sent), "event": None})

    assert "event" == caught.value.path


def test_the_identity_does_not_reveal_a_person() -> None:
    """The identity of a notification does not reveal a person."""
    sent = notifications_of(EVERYTHING, opened(customer="anna"))

    assert not [one for one in sent if "anna" in one.identity]

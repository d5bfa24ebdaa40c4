"""Who is told of what, by each preset and by any policy."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notification_samples import boise, clickbank, opening, told
from support.strategies import EVENTS_OF_ALL_KINDS, histories
from ticketcore import commands as c
from ticketcore.events import (
    EVENTS,
    Event,
    Money,
    Opened,
    Party,
    Recorded,
    Replied,
    Scheduled,
    Shared,
    Unknown,
    Unshared,
)
from ticketcore.notices import Notice, Recipient, notices
from ticketcore.policies import KINDS, Kind, Policy, Role, load_policy, parse_policy
from ticketcore.ticket import replay

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
EVERYTHING = parse_policy(
    'name = "all"\neffective = 2026-01-01\nany_type = true\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    "[[notification]]\n"
    'name = "all"\n'
    f"on = {sorted(KINDS)}\n"
    'to = ["customer", "vendor", "support", "account", "shared"]\n'
)
MEMBERS = {"shop-1": ("bela", "anna")}


def told_of(policy: Policy, *events: Event) -> tuple[Notice, ...]:
    """All notices of a history."""
    return tuple(
        notice
        for seq, (after, event) in enumerate(replay(events), 1)
        for notice in notices(Recorded("T", seq, event), after, policy, MEMBERS)
    )


def briefly(found: tuple[Notice, ...]) -> list[tuple[str, str, str | None]]:
    """What each notice is about, and whom it tells."""
    return [(n.about, n.to.role, n.to.person) for n in found]


def opened(**changes: Any) -> Opened:
    """A ticket of an account, opened by one of its users."""
    given_: dict[str, Any] = {"at": AT, "by": "customer", "type": "request", "zone": "UTC"}
    return Opened(**(given_ | {"customer": "anna", "account": "shop-1"} | changes))


def replied(by: Party) -> Replied:
    """An answer."""
    return Replied(at=AT, by=by, text="Look here.")


def test_clickbank_tells_both_of_every_kind_on_whoevers_action() -> None:
    """C2: whenever anybody opens, answers, changes or closes, and when money goes back."""
    found = Counter((one.notice.kind, one.notice.to.role) for one in clickbank())
    kinds: dict[Kind, int] = {
        "opened": 1,
        "reply": 1,
        "changed": 2,
        "inactivity-warning": 1,
        "refund-confirmation": 1,
        "closed": 1,
    }
    expected = {(kind, role): n for kind, n in kinds.items() for role in ("customer", "vendor")}
    assert expected == found


def test_clickbank_reminds_the_customer_and_not_the_vendor_of_the_refund() -> None:
    """C18: each warning reminds the customer that the ticket can become a refund request."""
    warnings = [n.notice for n in clickbank() if n.notice.kind == "inactivity-warning"]
    expected = {"customer": ("refund-is-possible", "C2 C18"), "vendor": (None, "C2")}
    assert expected == {notice.to.role: (notice.include, notice.rule) for notice in warnings}


def test_kaufland_tells_nobody_anything() -> None:
    """Its source says nothing of notices, and nobody is told what the policy does not say."""
    found = told(
        load_policy("kaufland"),
        opening(None, storefront="de", reason="other", zone=None),
        c.Reply(at=boise(12, 11), by="vendor", text="Hello."),
        until=boise(31, 0),
    )
    assert () == found


def test_webshippy_tells_everybody_who_sees_the_ticket_of_every_answer() -> None:
    """W4, W5: the customer, the users of the account, and whom it is shared with, each once."""
    found = told_of(
        load_policy("webshippy"),
        opened(),
        Shared(at=AT, by="customer", with_person="csaba"),
        replied("support"),
        Unshared(at=AT, by="customer", with_person="csaba"),
        replied("customer"),
    )
    seen = [("customer", "anna"), ("account", "bela")]
    expected = [
        *(("opened", *actor) for actor in seen),
        *(("replied", *actor) for actor in (*seen, ("shared", "csaba"))),
        *(("replied", *actor) for actor in seen),
    ]
    assert expected == briefly(found)


def test_a_user_of_the_account_stays_told_when_his_own_share_ends() -> None:
    """W5: all users of the account see its tickets, with a share or without."""
    found = told_of(
        load_policy("webshippy"),
        opened(),
        Shared(at=AT, by="customer", with_person="bela"),
        Unshared(at=AT, by="customer", with_person="bela"),
        replied("support"),
    )
    expected = [("replied", "customer", "anna"), ("replied", "account", "bela")]
    assert expected == briefly(found)[-2:]


def test_the_office_tells_the_customer_of_its_answers_and_of_the_closing() -> None:
    """O2: answers and the closing; the customer's own words and the opening are not told."""
    found = told(
        load_policy("office"),
        opening(None, order=None, category="servers"),
        c.Reply(at=boise(12, 11), by="support", text="We look into it."),
        c.Reply(at=boise(12, 12), by="customer", text="Thanks.", channel="portal"),
        c.Close(at=boise(12, 13), by="support"),
    )
    expected = [("replied", "customer", "anna"), ("closed", "customer", "anna")]
    assert expected == briefly(tuple(one.notice for one in found))


def test_amazon_pay_tells_each_what_its_policy_prefers() -> None:
    """A7: the vendor what awaits him, the customer what was done for him."""
    found = told(
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
    assert expected == briefly(tuple(one.notice for one in found))


def test_the_first_rule_that_names_somebody_counts() -> None:
    """Two rules about one event do not make two letters."""
    policy = parse_policy(
        'extends = "office"\nname = "twice"\n'
        '[[notification]]\nname = "again"\non = "replied"\nto = ["customer", "vendor"]\nrule = "X1"\n'
    )
    found = told_of(policy, opened(), replied("support"))
    assert [("customer", "O2"), ("vendor", "X1")] == [(n.to.role, n.rule) for n in found]


def test_a_rule_applies_to_the_tickets_that_it_names() -> None:
    """`when` asks for facts of the ticket as the event made it."""
    policy = parse_policy(
        'extends = "webshippy"\nname = "w"\n[[notification]]\nname = "progress"\nremove = true\n'
        '[[notification]]\nname = "answer"\non = "opened"\nto = "customer"\n'
        'when = { category = "stock" }'
    )
    assert [("opened", "customer", "anna")] == briefly(told_of(policy, opened(category="stock")))
    assert [] == briefly(told_of(policy, opened(category="inbound")))


@pytest.mark.parametrize("name", ["a", "é", "opened"])
def test_nobody_is_told_of_an_event_that_is_not_known(name: str) -> None:
    """Unknown events are kept, and that is all."""
    found = told_of(EVERYTHING, opened(), Unknown(name=name, schema=9, at=AT))
    assert {"opened"} == {notice.about for notice in found}


def test_every_event_but_a_plan_has_a_kind() -> None:
    """A plan is nothing that happened: `scheduled` cannot be told."""
    assert EVENTS.keys() - {"scheduled"} == KINDS.keys()
    assert set(get_args(Kind)) == set(KINDS.values())


def expected_recipients(history: tuple[Event, ...], upto: int) -> Counter[Recipient]:
    """A naive model: the parties, the account's users, and the shares that are not withdrawn."""
    first = history[0]
    assert isinstance(first, Opened)
    shares: list[str] = []
    for event in history[: upto + 1]:
        if isinstance(event, Shared) and event.with_person not in shares:
            shares.append(event.with_person)
        if isinstance(event, Unshared) and event.with_person in shares:
            shares.remove(event.with_person)
    persons: dict[str, Role] = {}
    for role, group in (
        ("customer", [first.customer] if first.customer is not None else []),
        ("account", MEMBERS.get(first.account or "", ())),
        ("shared", shares),
    ):
        for person in group:
            persons.setdefault(person, role)  # type: ignore[arg-type]  # role is one of three
    parties: list[Recipient] = [Recipient("vendor"), Recipient("support")]
    if first.customer is None:
        parties.append(Recipient("customer"))
    return Counter([*parties, *(Recipient(role, person) for person, role in persons.items())])


@st.composite
def shared_histories(draw: st.DrawFn) -> tuple[Event, ...]:
    """Histories in which persons come and go, amid events of all kinds."""
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
def test_all_that_a_rule_names_are_told_exactly_once_of_each_event(
    history: tuple[Event, ...],
) -> None:
    """The parties and who sees the ticket, never a withdrawn share, and never of a plan."""
    found = told_of(EVERYTHING, *history)
    for seq, event in enumerate(history, 1):
        whom = Counter(notice.to for notice in found if notice.seq == seq)
        planned = isinstance(event, Scheduled | Unknown)
        quiet = planned or getattr(event, "awaits_confirmation", False)
        assert (Counter() if quiet else expected_recipients(history, seq - 1)) == whom


@given(histories())
@settings(max_examples=50)
def test_identities_are_unique(history: tuple[str, tuple[Event, ...]]) -> None:
    """Sending twice can be told from sending once."""
    _, events = history
    found = [notice.identity for notice in told_of(EVERYTHING, *events)]
    assert sorted(set(found)) == sorted(found)
    again = [notice.identity for notice in told_of(EVERYTHING, *events)]
    assert found == again


def test_a_person_named_like_a_party_is_not_the_party() -> None:
    """Ids of persons are the host's, and can be any text."""
    found = told_of(EVERYTHING, opened(customer="vendor", account=None))
    assert 3 == len({notice.identity for notice in found})

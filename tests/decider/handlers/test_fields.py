"""Fields, tags and notes: what a policy declares, and how commands change it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import opened, policy_of, refusal
from ticketcore import commands as c
from ticketcore.decider import available_commands, decide, decide_and_apply
from ticketcore.errors import CodecError, FieldError
from ticketcore.events import (
    Attachment,
    FieldSet,
    FieldValue,
    Money,
    NoteAdded,
    Opened,
    PolicyChanged,
    Tagged,
    Untagged,
)
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
FIELDS = """
[fields.priority]
rule = "F1"
choices = ["low", "normal", "high"]
default = "normal"
[fields.state]
choices = ["new", "open", "pending"]
waiting_for = { pending = "customer", open = "support" }
[fields.cost]
type = "money"
[fields.weight]
type = "number"
default = 1.5
[fields.flight]
type = "date"
[fields.delivered_at]
type = "instant"
[fields.vip]
type = "yes-no"
[fields.name]
type = "text"
personal = true
[tags]
rule = "F2"
values = ["vip", "outage"]
"""
POLICY = policy_of(FIELDS)
DEFAULTS = {"priority": "normal", "weight": Decimal("1.5")}


def after(*commands: c.Command, policy: Policy = POLICY, **facts: Any) -> Ticket:
    """Return a ticket after these commands."""
    ticket = opened(policy, **facts)
    for command in commands:
        ticket, _ = decide_and_apply(ticket, command, policy)
    return ticket


class TestOpenings:
    """A new ticket has the values of its opening, and the defaults of the other fields."""

    def test_defaults_are_recorded(self) -> None:
        """Defaults of fields are recorded at the opening, so no later policy changes them."""
        (event,) = decide(None, c.Open(at=T0, by="customer"), POLICY)

        assert isinstance(event, Opened)
        assert {
            "priority": FieldValue(kind="text", value="normal"),
            "weight": FieldValue(kind="number", value="1.5"),
        } == event.fields
        assert DEFAULTS == opened(POLICY).fields

    def test_values_are_read_by_their_kind(self) -> None:
        """Fields of a ticket have Python values, in the order of the policy."""
        fields = {
            "name": "Ada",
            "vip": "no",
            "cost": "49.00 USD",
            "weight": "2.50",
            "flight": "2026-02-28",
            "delivered_at": "2026-01-09T22:00:00.000000Z",
            "priority": "high",
        }
        ticket = opened(POLICY, fields=fields, tags=("vip",))

        assert {
            "priority": "high",
            "cost": Money(4900, "USD"),
            "weight": Decimal("2.5"),
            "flight": date(2026, 2, 28),
            "delivered_at": datetime(2026, 1, 9, 22, tzinfo=UTC),
            "vip": False,
            "name": "Ada",
        } == ticket.fields
        assert ("vip",) == ticket.tags
        assert "2.5" == ticket.opened.fields["weight"].value
        assert ticket.opened.fields["name"].personal

    def test_a_value_may_say_whose_answer_is_awaited(self) -> None:
        """A value of a field may say whose answer is awaited; else the handler must answer."""
        assert "vendor" == opened(POLICY, fields={"state": "new"}).waiting_for
        assert "customer" == opened(POLICY, fields={"state": "pending"}).waiting_for

    def test_opening_twice_changes_nothing(self) -> None:
        """An opening with the same values in another spelling is the same; others are refused."""
        command = c.Open(at=T0, by="customer", fields={"weight": "2.50"})
        ticket = decide_and_apply(None, command, POLICY)[0]
        other = c.Open(at=T0, by="customer", fields={"weight": "3"})
        further = c.Open(at=T0, by="customer", fields={"name": "Ada"})

        assert () == decide(ticket, command, POLICY)
        assert () == decide(ticket, c.Open(at=T0, by="customer"), POLICY)
        assert "already-opened" == refusal(ticket, other, POLICY).code
        assert "already-opened" == refusal(ticket, further, POLICY).code

    @pytest.mark.parametrize(
        ("facts", "code", "reason", "rule"),
        [
            (
                {"fields": {"colour": "red"}},
                "unknown-field",
                'unknown field "colour"; base has priority, state, cost, weight, flight, '
                "delivered_at, vip, name",
                None,
            ),
            (
                {"fields": {"priority": "huge"}},
                "unknown-value",
                'the field priority cannot be "huge": expected "low", "normal" or "high"',
                "F1",
            ),
            (
                {"fields": {"flight": "2026-02-30"}},
                "unknown-value",
                'the field flight cannot be "2026-02-30": expected a date such as "2026-01-31"',
                None,
            ),
            (
                {"tags": ("vip", "angry")},
                "unknown-tag",
                'unknown tag "angry"; base has vip, outage',
                "F2",
            ),
        ],
    )
    def test_what_the_policy_does_not_declare_is_refused(
        self, facts: dict[str, Any], code: str, reason: str, rule: str | None
    ) -> None:
        """An undeclared field, tag or value is refused with the right names."""
        refused = refusal(None, c.Open(at=T0, by="customer", **facts), POLICY)

        assert (code, reason, rule) == (refused.code, refused.reason, refused.rule)

    def test_a_policy_without_fields_has_none(self) -> None:
        """A policy without fields refuses `set-field` and says so."""
        refused = refusal(None, c.Open(at=T0, by="customer", fields={"a": "b"}), policy_of(""))

        assert 'unknown field "a"; base has none' == refused.reason


class TestSetting:
    """`set-field` gives a field another value, or removes its value."""

    @pytest.mark.parametrize(
        ("field", "value", "kind", "text"),
        [
            ("priority", "high", "text", "high"),
            ("cost", Money(4900, "USD"), "money", "49.00 USD"),
            ("weight", Decimal("2.50"), "number", "2.5"),
            ("weight", Decimal("-0.0"), "number", "0"),
            ("weight", Decimal("1E+3"), "number", "1000"),
            ("flight", date(2026, 2, 28), "date", "2026-02-28"),
            (
                "delivered_at",
                datetime.fromisoformat("2026-01-09T23:00+01:00"),
                "instant",
                "2026-01-09T22:00:00.000000Z",
            ),
            (
                "delivered_at",
                "2026-01-09T23:00:00+01:00",
                "instant",
                "2026-01-09T22:00:00.000000Z",
            ),
            ("vip", True, "yes-no", "yes"),
        ],
    )
    def test_a_value_becomes_its_one_text(
        self, field: str, value: Any, kind: Any, text: str
    ) -> None:
        """A value becomes its one text, so that the event can be read without the policy."""
        command = c.SetField(**BY, field=field, value=value)
        expected = FieldSet(**BY, field=field, kind=kind, value=text)

        assert (expected,) == decide(opened(POLICY), command, POLICY)

    def test_a_field_can_lose_its_value(self) -> None:
        """A field can lose its value, unless it has a default."""
        ticket = after(c.SetField(**BY, field="name", value="Ada"))
        events = decide(ticket, c.SetField(**BY, field="name"), POLICY)
        refused = refusal(ticket, c.SetField(**BY, field="priority"), POLICY)

        assert (FieldSet(**BY, field="name", kind="text", personal=True),) == events
        assert "name" not in after(c.SetField(**BY, field="name")).fields
        assert ("field-required", "F1") == (refused.code, refused.rule)

    def test_the_same_value_changes_nothing(self) -> None:
        """Setting an equal value, or clearing an empty field, changes nothing."""
        ticket = opened(POLICY)

        assert () == decide(ticket, c.SetField(**BY, field="weight", value="1.50"), POLICY)
        assert () == decide(ticket, c.SetField(**BY, field="name"), POLICY)

    def test_the_same_instant_with_another_offset_changes_nothing(self) -> None:
        """C19: an instant of a field may have any offset, and is the same instant."""
        fields = {"delivered_at": "2026-01-09T22:00:00Z"}
        there = "2026-01-10T00:00:00+02:00"
        ticket = opened(POLICY, fields=fields)
        again = c.Open(at=ticket.at, by="customer", fields={"delivered_at": there})

        assert () == decide(ticket, c.SetField(**BY, field="delivered_at", value=there), POLICY)
        assert () == decide(ticket, again, POLICY)

    @pytest.mark.parametrize(
        "value", ["2026-01-09T22:00:00", "2026-02-30T22:00:00Z", "0001-01-01T00:00:00+02:00"]
    )
    def test_a_wrong_instant_is_refused(self, value: str) -> None:
        """An instant of a field without an offset, or of no day, is refused with the form."""
        command = c.SetField(**BY, field="delivered_at", value=value)
        refused = refusal(opened(POLICY), command, POLICY)

        assert refused.reason.endswith(
            'expected an instant with an offset, such as "2026-01-09T22:00:00Z"'
        )

    def test_a_value_may_say_whose_answer_is_awaited(self) -> None:
        """Setting a field changes whose answer is awaited only if the value says so."""
        pending = after(c.SetField(**BY, field="state", value="pending"))
        new = after(
            c.SetField(**BY, field="state", value="pending"),
            c.SetField(at=at(3), by="support", field="state", value="new"),
        )

        assert ("customer", at(2)) == (pending.waiting_for, pending.waiting_since)
        assert ("customer", at(2)) == (new.waiting_for, new.waiting_since)

    def test_it_is_neither_an_answer_nor_an_activity(self) -> None:
        """A field, a tag or a note is neither an answer nor an activity."""
        ticket = opened(POLICY)
        changed = after(
            c.SetField(**BY, field="priority", value="high"),
            c.Tag(**BY, tag="vip"),
            c.Untag(**BY, tag="vip"),
            c.AddNote(**BY, text="rings often"),
        )

        assert (T0, None, False) == (
            changed.active_at,
            changed.support_active_at,
            changed.answered,
        )
        assert (ticket.waiting_for, ticket.waiting_since) == (
            changed.waiting_for,
            changed.waiting_since,
        )

    def test_a_closed_ticket_can_still_be_sorted(self) -> None:
        """Fields, tags and notes of a closed ticket can change: they are for the desk's own
        use."""
        closed = after(c.Close(**BY))
        later: dict[str, Any] = {"at": at(3), "by": "support"}

        for command in (
            c.SetField(**later, field="state", value="pending"),
            c.Tag(**later, tag="vip"),
            c.AddNote(**later, text="was a joke"),
        ):
            ticket, events = decide_and_apply(closed, command, POLICY)
            assert (1, None) == (len(events), ticket.waiting_for)


class TestTagsAndNotes:
    """Tags are words on a ticket, notes are messages inside the desk."""

    def test_tags_come_and_go(self) -> None:
        """Adding a tag that a ticket has, or removing one that it lacks, changes nothing."""
        ticket = after(c.Tag(**BY, tag="vip"))

        assert (Tagged(**BY, tag="vip"),) == decide(opened(POLICY), c.Tag(**BY, tag="vip"), POLICY)
        assert () == decide(ticket, c.Tag(**BY, tag="vip"), POLICY)
        assert (Untagged(**BY, tag="vip"),) == decide(ticket, c.Untag(**BY, tag="vip"), POLICY)
        assert () == decide(ticket, c.Untag(**BY, tag="outage"), POLICY)

    def test_only_listed_tags_are_known(self) -> None:
        """A policy with a list of tags refuses any other tag."""
        assert "unknown-tag" == refusal(opened(POLICY), c.Tag(**BY, tag="x"), POLICY).code
        assert ("x",) == after(c.Tag(**BY, tag="x"), policy=policy_of("")).tags

    def test_a_note_is_recorded(self) -> None:
        """A note is recorded with its text and its files."""
        photo = Attachment(
            name="bell.jpg", media_type="image/jpeg", size=17, digest="sha256:9f", location="17"
        )
        content: dict[str, Any] = {**BY, "text": "rings often", "attachments": (photo,)}

        assert (NoteAdded(**content),) == decide(opened(POLICY), c.AddNote(**content), POLICY)

    def test_a_note_that_is_sent_twice_is_recorded_once(self) -> None:
        """A note that is sent twice is recorded once."""
        command = c.AddNote(**BY, text="rings often", command_id="1")
        again = c.AddNote(**BY, text="rings often", command_id="2")
        later = c.AddNote(at=at(3), by="support", actor="ann", text="rings often")

        assert () == decide(after(command), again, POLICY)
        assert 1 == len(decide(after(command), later, POLICY))


RESTRICTED = parse_policy(
    """
name = "small"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[fields.priority]
choices = ["normal", "high"]
[fields.product]
type = "text"
[[permission]]
commands = ["open", "set-field"]
by = "customer"
fields = "product"
rule = "P1"
[[permission]]
commands = "set-field"
by = "support"
"""
)


SEVERAL_PERMISSIONS = """
name = "small"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = "set-field"
by = "customer"
when = { status = "closed" }
fields = ["name", "flight"]
rule = "P1"
[[permission]]
commands = "set-field"
by = "customer"
fields = "cost"
rule = "P2"
"""


class TestPermissions:
    """A permission may be for some fields only."""

    def test_other_fields_are_refused(self) -> None:
        """Fields that the permission does not list are refused, at the opening and later."""
        opening = c.Open(at=T0, by="customer", fields={"priority": "high"})
        setting = c.SetField(at=at(1), by="customer", field="priority", value="high")
        by_opening = refusal(None, opening, RESTRICTED)
        by_setting = refusal(opened(RESTRICTED), setting, RESTRICTED)

        assert ("not-permitted", "P1") == (by_opening.code, by_opening.rule)
        assert ("not-permitted", "P1") == (by_setting.code, by_setting.rule)

    def test_the_refusal_lists_what_a_permission_is_for(self) -> None:
        """A refusal lists the fields for which each permission is, with the rule."""
        policy = parse_policy(SEVERAL_PERMISSIONS + FIELDS)
        setting = c.SetField(at=at(1), by="customer", field="weight", value="2")

        assert (
            'the customer may use "set-field" only if the status is closed, for name, flight '
            "(P1), or for cost (P2)"
        ) == refusal(opened(policy), setting, policy).reason

    def test_its_fields_are_allowed(self) -> None:
        """A permission without a list of fields is for all fields."""
        ticket = opened(RESTRICTED, fields={"product": "kettle"})
        product = c.SetField(at=at(1), by="customer", field="product", value="pot")
        priority = c.SetField(at=at(1), by="support", field="priority", value="high")

        assert {"product": "kettle"} == ticket.fields
        assert 1 == len(decide(ticket, product, RESTRICTED))
        assert 1 == len(decide(ticket, priority, RESTRICTED))


def test_the_available_commands_list_the_values() -> None:
    """The available commands list each other choice, and the tags that can be added or removed."""
    ticket = after(c.Tag(**BY, tag="vip"))
    available = available_commands(ticket, "support", POLICY, at(3))
    commands = [each.command for each in available if each.state == "allowed"]
    fields = [(each.field, each.value) for each in commands if isinstance(each, c.SetField)]

    assert [
        ("priority", "low"),
        ("priority", "high"),
        ("state", "new"),
        ("state", "open"),
        ("state", "pending"),
        ("cost", "1.00 USD"),
        ("weight", "1"),
        ("flight", "2026-01-31"),
        ("delivered_at", "2026-01-31T00:00:00.000000Z"),
        ("vip", "yes"),
        ("name", "…"),
    ] == fields
    assert ["outage"] == [each.tag for each in commands if isinstance(each, c.Tag)]
    assert ["vip"] == [each.tag for each in commands if isinstance(each, c.Untag)]


class TestChangesOfPolicy:
    """A ticket that moves to another policy keeps its values and gets the new defaults."""

    NEXT = policy_of(
        """
[fields.priority]
choices = ["normal", "urgent"]
default = "normal"
[fields.team]
choices = ["first", "second"]
default = "first"
[fields.floor]
type = "number"
""",
        effective="2026-02-01",
    )
    CHANGE = c.ChangePolicy(**BY)

    def test_new_defaults_are_recorded(self) -> None:
        """Values of fields that the new policy does not declare stay, but cannot be set."""
        ticket = opened(POLICY, fields={"name": "Ada"})
        moved, events = decide_and_apply(ticket, self.CHANGE, self.NEXT)
        team = FieldSet(**BY, field="team", kind="text", value="first", derived=True)
        refused = refusal(
            moved, c.SetField(at=at(3), by="support", field="name", value="Eve"), self.NEXT
        )

        assert isinstance(events[0], PolicyChanged)
        assert (team,) == events[1:]
        assert {**DEFAULTS, "name": "Ada", "team": "first"} == moved.fields
        assert "unknown-field" == refused.code

    def test_a_value_that_the_new_policy_lacks_refuses_it(self) -> None:
        """A move to a policy that lacks a value of the ticket is refused with that value."""
        ticket = opened(POLICY, fields={"priority": "high"})

        assert (
            'unknown-value: the field priority cannot be "high": expected "normal" or "urgent"'
            == str(refusal(ticket, self.CHANGE, self.NEXT))
        )

    def test_a_default_of_a_personal_field_is_personal(self) -> None:
        """A default of a personal field is erased with the person."""
        personal = policy_of(
            '[fields.nickname]\ntype = "text"\npersonal = true\ndefault = "-"\n',
            effective="2026-02-01",
        )
        _, events = decide_and_apply(opened(POLICY), self.CHANGE, personal)

        assert [True] == [event.personal for event in events if isinstance(event, FieldSet)]


def test_wrong_values_of_an_opening_are_named() -> None:
    """Wrong values of an opening are named, with their path in a client's JSON."""
    with pytest.raises(FieldError, match=r"Open\.fields: expected a mapping of names to text"):
        c.Open(at=T0, by="customer", fields=5)  # type: ignore[arg-type]
    for fields, path in ((5, "fields"), ({"weight": 5}, "fields.weight")):
        with pytest.raises(CodecError) as caught:
            c.load_command({"command": "open", "fields": fields}, at=T0, by="customer")
        assert path == caught.value.path

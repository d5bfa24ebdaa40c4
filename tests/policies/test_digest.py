"""The digest of a policy tells files apart that decide differently."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticketcore.commands import ChangePolicy, Open
from ticketcore.decider import decide
from ticketcore.policies import Policy, load_policy, parse_policy, preset_text, presets
from ticketcore.ticket import fold

AT = datetime(2026, 1, 5, tzinfo=UTC)
SHOP = """
name = "shop"
title = "A shop"
effective = 2026-01-01
zone = "Europe/Vienna"
[types.request]
[calendars.office]
hours = "mon-fri 09:00-17:00"
closures = [{ rule = "FREQ=WEEKLY;BYDAY=WE", name = "closed on Wednesdays" }]
[[timer]]
name = "late"
rule = "R1"
from = "opened"
after = "8 working hours"
calendar = "office"
effect = "breach"
[[permission]]
commands = ["open", "change-policy"]
by = ["customer", "support"]
[[template]]
name = "hello"
language = "en"
text = "Hello."
"""
LIBRARY = parse_policy(SHOP)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8 working hours", "9 working hours"),
        ("09:00-17:00", "09:00-18:00"),
        ("BYDAY=WE", "BYDAY=TH"),
        ('"customer", "support"', '"customer"'),
        ("Europe/Vienna", "Europe/Rome"),
        ("2026-01-01", "2026-02-01"),
    ],
)
def test_a_changed_rule_changes_the_digest(old: str, new: str) -> None:
    """A change deep in the file counts too, such as in a closure or a permission."""
    assert LIBRARY.digest != parse_policy(SHOP.replace(old, new)).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A shop", "The shop"),
        ("Hello.", "Good morning."),
        ("# a comment", ""),
        ('rule = "R1"', 'rule = "R2"'),
        ('effect = "breach"', 'effect = "breach"\nfires = "after"'),
    ],
)
def test_texts_and_values_that_are_the_default_do_not(old: str, new: str) -> None:
    """Texts for people, and values equal to the default, do not change the digest."""
    assert LIBRARY.digest == parse_policy("# a comment\n" + SHOP.replace(old, new)).digest


def test_a_calendar_file_belongs_to_the_digest(tmp_path: Path) -> None:
    """The digest of a policy covers its iCalendar files."""
    (tmp_path / "policy.toml").write_text(
        SHOP.replace("[calendars.office]", '[calendars.office]\nics = "holidays.ics"')
    )
    digests = []
    for day in ("20260106", "20260107"):
        (tmp_path / "holidays.ics").write_bytes(
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            b"DTSTAMP:20260101T000000Z\r\nSUMMARY:Closed\r\nDTSTART;VALUE=DATE:"
            + day.encode()
            + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        digests.append(load_policy(tmp_path / "policy.toml").digest)

    assert 2 == len(set(digests))


def test_presets_have_digests_of_their_own() -> None:
    """A preset that extends another has its own digest."""
    assert len(presets()) == len({load_policy(name).digest for name in presets()})
    assert load_policy("clickbank").digest == parse_policy(preset_text("clickbank")).digest


def _edited() -> Policy:
    return parse_policy(SHOP.replace("8 working hours", "9 working hours"))


def test_a_ticket_records_the_digest_and_an_edit_is_noticed() -> None:
    """A policy with the same name and version but other rules is noticed, and blocks nothing."""
    ticket = fold(decide(None, Open(at=AT, by="customer", type="request"), LIBRARY))

    assert LIBRARY.digest == ticket.policy_digest
    assert [False, True] == [policy.was_edited_since(ticket) for policy in (LIBRARY, _edited())]


def test_another_version_is_not_an_edit() -> None:
    """A ticket that moves to a new version records its digest."""
    ticket = fold(decide(None, Open(at=AT, by="customer", type="request"), LIBRARY))
    later = parse_policy(SHOP.replace("2026-01-01", "2026-02-01"))
    moved = fold(decide(ticket, ChangePolicy(at=AT, by="support"), later), ticket)

    assert not later.was_edited_since(ticket)
    assert later.digest == moved.policy_digest

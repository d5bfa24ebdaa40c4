"""Checks of a whole policy, each with its exact message."""

import pytest

from support.policies.policy_problems import HEAD, OPEN, TIMER, problems
from ticketcore.policies import parse_policy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[[permission]]\ncommands = "open"\nby = "customer"\n',
            "1:1: types: missing; a policy needs a type of ticket: add one, "
            "such as [types.request]",
        ),
        (
            'default_type = "requst"\n' + OPEN,
            '3:1: default_type: no type "requst"; did you mean "request"?',
        ),
        (
            "[types.request]\n",
            "1:1: permission: nobody may open a ticket: "
            'add a [[permission]] with commands = "open"',
        ),
        (
            OPEN + TIMER + TIMER.replace('"warn"', '"close"'),
            '14:1: timer[1].name: timers named "t" are alternatives: one effect, one from',
        ),
        (
            OPEN + TIMER + TIMER,
            '14:1: timer[1].name: never applies: the "t" before it always does',
        ),
        *(
            (
                OPEN + TIMER.replace("opened", "closed").replace("warn", effect),
                '12:1: timer[0].effect: with from = "closed" '
                'a timer can only have effect = "warn"',
            )
            for effect in ("close", "refund", "breach", "escalate")
        ),
        (
            OPEN + TIMER + 'when = { status = "closed" }\n',
            '13:10: timer[0].when.status: status = "closed" can never hold here: '
            'a timer that counts from "opened" stops when the ticket closes',
        ),
        (
            OPEN + TIMER.replace("opened", "closed") + 'when = { status = ["open", "pending"] }\n',
            '13:10: timer[0].when.status: status = ["open", "pending"] can never hold here: '
            'a timer that counts from "closed" runs only while the ticket is closed',
        ),
        (
            OPEN + '[[permission]]\ncommands = "open"\nby = "customer"\nrequires = "text"\n',
            "8:1: permission[1]: never applies: a permission before it always does",
        ),
        (
            'rules = ["C1"]\ntitle = "C1"\n' + OPEN,
            '3:10: rules[0]: no rule key of the file mentions "C1"',
        ),
        (
            'reasons = ["late", "late"]\n' + OPEN,
            '3:20: reasons[1]: the text "late" is listed twice',
        ),
        (
            OPEN + '[escalation]\nreasons = ["late", "late"]\n',
            '9:20: escalation.reasons[1]: the text "late" is listed twice',
        ),
        (
            OPEN + '[categories.a]\nsubcategories = ["b", "b"]\n',
            '9:23: categories.a.subcategories[1]: the text "b" is listed twice',
        ),
        (
            OPEN + '[disputes.a]\n[disputes.b]\nsupersedes = ["a", "a"]\n',
            '10:20: disputes.b.supersedes[1]: the text "a" is listed twice',
        ),
        (
            OPEN + '[disputes.claim]\nsupersedes = "clam"\n',
            '9:1: disputes.claim.supersedes: no dispute "clam"; did you mean "claim"?',
        ),
        (
            OPEN + "[refunds]\nmax_refunds = 0\n",
            "9:1: refunds.max_refunds: expected an integer of at least 1, found the integer 0",
        ),
        (
            OPEN + "[refunds]\nover_refund_percent = 101\n",
            "9:1: refunds.over_refund_percent: expected an integer of at least 0 and at most 100, "
            "found the integer 101",
        ),
        (
            OPEN + "[refunds]\nover_refund_percent = -1\n",
            "9:1: refunds.over_refund_percent: expected an integer of at least 0 and at most 100, "
            "found the integer -1",
        ),
        (
            OPEN + '[types.late]\nwindows = { customer = "60 days" }\n',
            "9:1: types.late.windows: a window counts from the order: add order = true",
        ),
        (
            'zone = "Europe/Roma"\n' + OPEN,
            '3:1: zone: unknown zone "Europe/Roma": did you mean "Europe/Rome"?',
        ),
        (
            OPEN + '[storefronts.fr]\ncountry = "FR"\n',
            '8:1: storefronts.fr.zone: missing; expected text such as "Europe/Berlin"',
        ),
        (
            OPEN + '[opening]\nnumber = "["\n',
            '9:1: opening.number: "[" is not a regular expression: '
            "unterminated character set at position 0",
        ),
        (
            OPEN
            + TIMER.replace("1 hour", "1 working hour")
            + 'calendar = "days"\n[calendars.days]\nzone = "storefront"\n'
            + 'hours = "mon-fri 09:00-17:00"\n',
            '15:1: calendars.days.zone: "storefront" needs storefronts: '
            "add one, such as [storefronts.de]",
        ),
        ('rules = ["C1"]\n' + OPEN, '3:10: rules[0]: no rule key of the file mentions "C1"'),
        (
            OPEN
            + TIMER.replace('"opened"', '"dispute-opened"').replace('"warn"', '"lose-dispute"'),
            "10:1: timer[0].from: also needs when = { dispute_kind = … }: "
            "name the kinds of disputes",
        ),
        (
            OPEN + TIMER + 'when = { dispute_kind = "claim" }\n[disputes.claim]\n',
            '13:10: timer[0].when.dispute_kind: only works with from = "dispute-opened"',
        ),
        (
            OPEN + TIMER.replace('"warn"', '"lose-dispute"'),
            '12:1: timer[0].effect: effect = "lose-dispute" '
            'only works with from = "dispute-opened"',
        ),
        (
            OPEN + TIMER + 'pauses = "asked"\n',
            '13:1: timer[0].pauses: no pause "asked"; this file declares none: '
            "add one, such as [pauses.customer-owes]",
        ),
        (
            OPEN
            + TIMER
            + '[[timer.level]]\nname = "soon"\nused = "75 %"\neffect = "warn"\nnotify = "boss"\n',
            '17:1: timer[0].level[0].notify: no role "boss"; this file declares none: '
            "add one, such as [roles.lead]",
        ),
        (
            OPEN
            + TIMER
            + '[[timer.level]]\nname = "soon"\nused = "75 %"\neffect = "set-field"\n'
            + 'fields = { team = "second" }\n',
            '17:12: timer[0].level[0].fields.team: no field "team"; this file declares none: '
            "add one, such as [fields.team]",
        ),
        (
            OPEN + TIMER + '[[timer.level]]\nname = "soon"\nused = "75"\neffect = "warn"\n',
            '15:1: timer[0].level[0].used: expected a share such as "75 %", found "75"',
        ),
        (
            OPEN + TIMER + 'calendar = "weekdays"\n',
            '13:1: timer[0].calendar: no calendar "weekdays"; this file declares none: '
            "add one, such as [calendars.weekdays]",
        ),
        (
            OPEN + TIMER.replace("1 hour", "1 working hour") + 'roll = "forward"\n',
            '8:1: timer[0].calendar: missing: required for "1 working hour" and roll = "forward"',
        ),
        (
            OPEN + TIMER + 'then = ["1 working day"]\n',
            '8:1: timer[0].calendar: missing: required for "1 working day"',
        ),
        (
            OPEN + TIMER + 'roll = "forward"\n',
            '8:1: timer[0].calendar: missing: required for roll = "forward"',
        ),
        (
            OPEN + TIMER + 'then = ["1 hour", "soon"]\n',
            '13:19: timer[0].then[1]: "soon" is not a span: '
            "write a whole number and a unit, such as "
            '"24 hours", "6 days", "2 months", "48 working hours" or "7 working days"',
        ),
        (
            OPEN + '[calendars.c]\nhours = "mon 9-17"\n',
            '9:1: calendars.c.hours: monday: "9" is not a time: write HH:MM or HH:MM:SS',
        ),
        (
            OPEN + '[calendars.c.holidays]\nxmas = "Christmas"\n',
            '9:1: calendars.c.holidays.xmas: "xmas" is not a date: write it like "2026-12-24"',
        ),
        (
            OPEN + '[calendars.c.hours]\nmon = "09:00-17:00"\ntue = 9\n',
            "10:1: calendars.c.hours.tue: expected text, found the integer 9",
        ),
        (
            OPEN + '[[permission]]\ncommands = "assign"\nby = "vendor"\nrequires = "consent"\n',
            '11:1: permission[1].requires: command "assign" has no field consent, '
            "so it cannot be required",
        ),
        (
            OPEN + '[[permission]]\ncommands = "close"\nby = "vendor"\nrequires = "reason"\n',
            '11:1: permission[1].requires: command "close" has no field reason, '
            "so it cannot be required",
        ),
        (
            OPEN + '[[permission]]\ncommands = ["close", "reopen"]\nby = "vendor"\n'
            'within = "14 days"\n',
            "8:1: permission[1].from: missing; after and within count from an instant, "
            'such as "opened"',
        ),
        (
            OPEN
            + '[[permission]]\ncommands = "reply"\nby = "vendor"\nchannels = ["web", "web"]\n',
            '11:20: permission[1].channels[1]: the text "web" is listed twice',
        ),
    ],
)
def test_a_mistake_has_one_message(text: str, expected: str) -> None:
    """Each mistake gives exactly this message."""
    assert [expected] == problems(HEAD + text)


def test_an_empty_name_is_a_problem() -> None:
    """Two empty names are two problems, not a third one about equal names."""
    nameless = TIMER.replace('"t"', '""')
    text = HEAD.replace('"p"', '""') + OPEN + '[categories.""]\n' + nameless + nameless

    empty = "name: expected a name, found an empty text"
    assert [
        f"1:1: {empty}",
        '8:1: categories."": expected a name as key, found an empty one',
        f"10:1: timer[0].{empty}",
        f"15:1: timer[1].{empty}",
    ] == problems(text)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (
            "2 working days",
            '"2 working days" needs a calendar, which only timers have: write days',
        ),
        ("101 years", '"101 years" is more than a hundred years: use a shorter span'),
    ],
)
def test_a_window_counts_without_a_calendar(window: str, words: str) -> None:
    """Working days and spans of more than a hundred years are refused."""
    asked = f'[types.a]\norder = true\nwindows = {{ customer = "{window}" }}\n'

    assert [f"10:13: types.a.windows.customer: {words}"] == problems(HEAD + OPEN + asked)


def test_a_permission_that_adds_something_may_come_later() -> None:
    """A later permission is allowed for another party or command, or after conditional ones."""
    again = '[[permission]]\ncommands = ["open", "reply"]\nby = ["customer", "vendor"]\n'
    some = (
        '[[permission]]\ncommands = "reply"\nby = "support"\nwhen = { waiting_for = "vendor" }\n'
    )
    more = some.replace('when = { waiting_for = "vendor" }', 'requires = "text"')

    assert 4 == len(parse_policy(HEAD + OPEN + again + some + more).permissions)
    assert ["19:1: permission[4]: never applies: a permission before it always does"] == problems(
        HEAD + OPEN + again + some + more + again
    )


def test_negative_amounts_are_refused() -> None:
    """A negative amount would put the cap below the amount paid."""
    text = '[refunds]\nover_refund_max = "-5.00 EUR"\n[advice]\nrefund_below = "-1.00 EUR"\n'

    assert [
        '9:1: refunds.over_refund_max: "-5.00 EUR" is negative',
        '11:1: advice.refund_below: "-1.00 EUR" is negative',
    ] == problems(HEAD + OPEN + text)


def test_a_value_listed_twice_is_a_problem() -> None:
    """A value that a list has twice is reported at its second place."""
    text = HEAD + OPEN + TIMER + 'when = { waiting_for = ["vendor", "vendor"] }\n'
    assert ['13:35: timer[0].when.waiting_for[1]: the text "vendor" is listed twice'] == problems(
        text
    )
    text = HEAD + 'rules = ["C1", "C1"]\n' + OPEN.replace("]\n", ']\nrule = "C1"\n', 1)
    assert ['3:16: rules[1]: the text "C1" is listed twice'] == problems(text)
    text = HEAD + OPEN + TIMER + 'when = { dispute_kind = ["claim", "claim"] }\n'
    assert 'timer[0].when.dispute_kind[1]: the text "claim" is listed twice' in str(problems(text))


def test_each_mistake_of_amounts_is_reported_at_its_key() -> None:
    """An amount that cannot be read does not hide the next mistake."""
    advice = '[advice]\nrefund_below = ["20 USD", "2.00 EUR", "3.00 EUR"]\n'
    found = [problem.split(": ")[:3] for problem in problems(HEAD + OPEN + advice)]

    assert [
        ["9:17", "advice.refund_below[0]", "'20 USD' is not an amount of money"],
        ["9:39", "advice.refund_below[2]", "another amount is in EUR already"],
    ] == found

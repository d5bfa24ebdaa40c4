"""The messages about mistakes in a policy: place, key path, value found, correct value."""

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy

HEAD = 'name = "p"\neffective = 2026-01-01\n'
OPEN = '[types.request]\n[types.complaint]\n[[permission]]\ncommands = "open"\nby = "customer"\n'
TIMER = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
NAMED = 'reasons = ["broken"]\n[categories.bills]\n[storefronts.de]\nzone = "Europe/Berlin"\n'
PARTIES = 'expected one of "customer", "support", "system", "vendor"'


def problems(text: str) -> list[str]:
    """Return the problems of a policy, without the name of its file."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return [str(problem).removeprefix("policy.toml:") for problem in caught.value.problems]


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
        ('rules = ["C1"]\n' + OPEN, '3:10: rules[0]: no rule key of the file mentions "C1"'),
        (
            OPEN
            + TIMER.replace('"opened"', '"dispute-opened"').replace('"warn"', '"lose-dispute"'),
            "10:1: timer[0].from: also needs when = { dispute_kind = … }: "
            "name the kinds of disputes",
        ),
        (
            OPEN + TIMER.replace('"warn"', '"lose-dispute"'),
            '12:1: timer[0].effect: effect = "lose-dispute" '
            'only works with from = "dispute-opened"',
        ),
        (
            OPEN + TIMER + 'calendar = "weekdays"\n',
            '13:1: timer[0].calendar: no calendar "weekdays"; this file declares none: '
            "add one, such as [calendars.weekdays]",
        ),
        (
            OPEN + TIMER.replace("1 hour", "1 working hour") + 'roll = "forward"\n',
            '8:1: timer[0].calendar: missing; it is needed for "1 working hour" '
            'and roll = "forward"',
        ),
        (
            OPEN + TIMER + 'then = ["1 working day"]\n',
            '8:1: timer[0].calendar: missing; it is needed for "1 working day"',
        ),
        (
            OPEN + TIMER + 'roll = "forward"\n',
            '8:1: timer[0].calendar: missing; it is needed for roll = "forward"',
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
            '11:1: permission[1].within: only works with commands = "reopen"',
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


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        *(
            (actor, '"clerk"', f'unknown "clerk"; {PARTIES}')
            for actor in (
                "requested_by",
                "opened_by",
                "waiting_for",
                "handler",
            )
        ),
        ("type", '"requst"', 'no type "requst"; did you mean "request"?'),
        ("category", '"bill"', 'no category "bill"; did you mean "bills"?'),
        ("storefront", '"at"', 'no storefront "at"; expected "de"'),
        ("reason", '"brokn"', 'no reason "brokn"; did you mean "broken"?'),
        ("billing", '"weekly"', 'unknown "weekly"; expected one of "one-time", "recurring"'),
        ("status", '"done"', 'unknown "done"; expected one of "closed", "open", "pending"'),
        (
            "dispute_kind",
            '"claim"',
            'no dispute "claim"; this file declares none: add one, such as [disputes.claim]',
        ),
        ("answered", '"yes"', 'expected true or false, found the text "yes"'),
        ("waiting_for", "[]", "an empty list never applies: name a value"),
    ],
)
def test_an_unknown_value_of_a_condition(fact: str, value: str, expected: str) -> None:
    """The message lists the allowed values, or names the nearest one."""
    found = problems(HEAD + NAMED + OPEN + TIMER + f"when = {{ {fact} = {value} }}\n")

    assert f"17:10: timer[0].when.{fact}: {expected}" in found
    assert len(found) == 1 + (fact == "dispute_kind")


@pytest.mark.parametrize("fact", ["category", "storefront", "reason", "subcategory", "type"])
def test_an_open_set_accepts_any_text(fact: str) -> None:
    """If the policy lists no values, a condition may name any."""
    types = "any_type = true\n" if fact == "type" else ""
    policy = parse_policy(HEAD + types + OPEN + TIMER + f'when = {{ {fact} = "anything" }}\n')

    assert {fact: frozenset({"anything"})} == policy.timers[0].when.facts


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
    again = f'[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "{window}"\n'

    assert [f"10:13: types.a.windows.customer: {words}"] == problems(HEAD + OPEN + asked)
    assert [f"11:1: permission[1].within: {words}"] == problems(HEAD + OPEN + again)


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
        '9:1: refunds.over_refund_max: "-5.00 EUR" is less than nothing',
        '11:1: advice.refund_below: "-1.00 EUR" is less than nothing',
    ] == problems(HEAD + OPEN + text)


def test_a_value_listed_twice_is_a_problem() -> None:
    """The author probably meant another value."""
    text = HEAD + OPEN + TIMER + 'when = { waiting_for = ["vendor", "vendor"] }\n'
    assert ['13:35: timer[0].when.waiting_for[1]: the text "vendor" is listed twice'] == problems(
        text
    )
    text = HEAD + 'rules = ["C1", "C1"]\n' + OPEN.replace("]\n", ']\nrule = "C1"\n', 1)
    assert ['3:16: rules[1]: the text "C1" is listed twice'] == problems(text)
    text = HEAD + OPEN + TIMER + 'when = { dispute_kind = ["claim", "claim"] }\n'
    assert 'timer[0].when.dispute_kind[1]: the text "claim" is listed twice' in str(problems(text))


CALENDAR = """\
[calendars.c]
zone = "Mars/X"
country = "XX"
subdivision = "B"
[calendars.c.hours]
mon = 7
tue = "9 to 5"
foo = "09:00-10:00"
[calendars.c.holidays]
"2026-02-30" = "never"
"xmas" = "no date"
[calendars.c.exceptions]
"2026-02-20" = "25:00"
"2026-02-21" = "closed"
"""


def test_each_mistake_of_a_calendar_is_reported_at_its_key() -> None:
    """Eight mistakes give eight problems."""
    found = [problem.split(": ")[:2] for problem in problems(OPEN.join([HEAD, CALENDAR]))]

    assert [
        ["9:1", "calendars.c.zone"],
        ["10:1", "calendars.c.country"],
        ["13:1", "calendars.c.hours.mon"],
        ["14:1", "calendars.c.hours.tue"],
        ["15:1", "calendars.c.hours.foo"],
        ["17:1", "calendars.c.holidays.2026-02-30"],
        ["18:1", "calendars.c.holidays.xmas"],
        ["20:1", "calendars.c.exceptions.2026-02-20"],
    ] == found


def test_each_mistake_of_amounts_is_reported_at_its_key() -> None:
    """An amount that cannot be read does not hide the next mistake."""
    advice = '[advice]\nrefund_below = ["20 USD", "2.00 EUR", "3.00 EUR"]\n'
    found = [problem.split(": ")[:3] for problem in problems(HEAD + OPEN + advice)]

    assert [
        ["9:17", "advice.refund_below[0]", "'20 USD' is no amount of money"],
        ["9:39", "advice.refund_below[2]", "another amount is in EUR already"],
    ] == found


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("hours = { mon = 7 }", "hours.mon", "expected text, found the integer 7"),
        ("hours = 7", "hours", "expected text, found the integer 7"),
        ('hours = ""', "hours", "the calendar never opens"),
        ("hours = {}", "hours", "the calendar never opens"),
        ('hours = { mon-fri = "9:00-17:00", mon = "" }', "hours", "monday is given twice"),
        ('hours = "mon 9:00-12:00 11:00-13:00"', "hours", "overlap"),
        ('hours = ""\nexceptions = { 2020-01-01 = "9:00-17:00" }', "hours", "2100"),
        ('hours = ""\nexceptions = { 2027-01-01 = "9:00" }', "exceptions.2027-01-01", "opening"),
        ('holidays = { 2026-01-01 = "a", 20260101 = "b" }', "holidays.20260101", "given twice"),
        ('exceptions = { 2026-W01-4 = "", 2026-01-01 = "" }', "exceptions.2026-01-01", "twice"),
        ('country = "DE"\nsubdivision = "XX"', "subdivision", "unknown subdivision of DE"),
        ('subdivision = "BY"', "subdivision", "needs a country"),
        ('country = 7\nsubdivision = "BY"', "country", "expected text"),
        ('country = "utils"', "country", 'unknown country "utils"'),
        ('zone = "Europe/Brlin"', "zone", 'did you mean "Europe/Berlin"?'),
        ('zone = "storefront"', "zone", '"storefront" needs storefronts: add one'),
        ('country = "storefront"', "country", '"storefront" needs storefronts: add one'),
        (
            'holidays = { 1899-12-31 = "a" }',
            "holidays.1899-12-31",
            "outside the supported years 1900 to 2100",
        ),
        ('exceptions = { 2101-01-01 = "" }', "exceptions.2101-01-01", "2101-01-01 is outside"),
    ],
)
def test_a_calendar_with_one_mistake_has_one_problem(text: str, key: str, words: str) -> None:
    """The problem is at the key of the mistake."""
    (problem,) = problems(f"{HEAD}{OPEN}[calendars.c]\n{text}\n")

    assert f": calendars.c.{key}: " in problem
    assert words in problem


@pytest.mark.parametrize(("subdivision", "wrong"), [("9", ["GB"]), ("BY", ["AT", "GB"])])
def test_a_subdivision_is_one_of_every_storefronts_country(
    subdivision: str, wrong: list[str]
) -> None:
    """Otherwise the first ticket of another country's storefront would fail."""
    places = "".join(
        f'[storefronts.{name}]\nzone = "UTC"\ncountry = "{name.upper()}"\n'
        for name in ("at", "gb")
    )
    calendar = f'[calendars.c]\ncountry = "storefront"\nsubdivision = "{subdivision}"\n'
    found = problems(HEAD + OPEN + places + '[storefronts.x]\nzone = "UTC"\n' + calendar)

    told = "18:1: calendars.c.subdivision: holidays: unknown subdivision of"
    assert [f'{told} {country} "{subdivision}"' for country in wrong] == [
        problem.rsplit(":", 1)[0] for problem in found
    ]


def test_a_storefront_has_a_country_with_known_holidays() -> None:
    """Otherwise the first ticket of the storefront would fail."""
    (problem,) = problems(f'{HEAD}{OPEN}[storefronts.x]\nzone = "UTC"\ncountry = "storefront"\n')

    assert problem.startswith("10:1: storefronts.x.country: holidays: unknown country")

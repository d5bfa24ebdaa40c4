"""Who acted: persons with several names, machines that store mail, and the one who opened."""

from pathlib import Path

import pytest

from support.histories.logs import HEAD, imported
from ticketcore.importers import ImportReport

REPLIED = '[[event]]\nevent = "replied"\n'
ASSIGNED = '[[event]]\nevent = "assigned"\nwhere = { to = { not = "" } }\nassignee = "{to}"\n'


def log(*lines: str) -> str:
    """Return a CSV file."""
    return "\n".join(["id,at,who,to,state", *lines, ""])


def mapping(people: str, rules: str = REPLIED, opened: str = "") -> str:
    """Return a mapping with these lines in `[people]`."""
    return f'{HEAD}{opened}\n[people]\nactor = "who"\n{people}\n{rules}'


def test_a_person_in_two_spellings_is_one(tmp_path: Path) -> None:
    """A person with two spellings has one name in the history."""
    people = """customer = "to"
system = ["Robot"]
names = { "j.weiß" = "Jürgen", "7" = "Jürgen", bot = "robot" }"""
    rows = log(
        "1,2026-01-05,eve,Jürgen,",
        "1,2026-01-06,J.WEISS,,",
        "1,2026-01-07,7,j.weiß,",
        "1,2026-01-08,BOT,,",
    )
    made = imported(
        tmp_path, rows, mapping(people, REPLIED + ASSIGNED, 'actor = "{who}"\ncustomer = "{to}"')
    )

    assert [
        "05T00:00 opened customer incident Jürgen eve",
        "05T00:00 replied support eve",
        "05T00:00 assigned support Jürgen eve",
        "06T00:00 replied support Jürgen",
        "07T00:00 replied customer Jürgen",
        "07T00:00 assigned customer Jürgen Jürgen",
        "08T00:00 replied system robot",
    ] == made["1"]


def test_the_actor_of_a_rule_has_a_party_too(tmp_path: Path) -> None:
    """If a rule names the actor but not the party, the party is that of this actor."""
    mapping = f"""{HEAD}
[people]
actor = "owner"
customer = "reporter"
[[event]]
event = "replied"
where = {{ state = {{ contains = ";" }} }}
actor = {{ column = "state", before = ";" }}
text = {{ column = "state", after = ";" }}
"""
    log = (
        "id,at,state,owner,reporter\n1,2026-01-05,new,ada,eve\n1,2026-01-06,eve;x,ada,eve\n"
        "1,2026-01-07,ben;y,ada,eve\n"
    )

    assert ["06T00:00 replied customer x eve", "07T00:00 replied support y ben"] == imported(
        tmp_path, log, mapping
    )["1"][1:]


def test_who_opened_the_ticket_can_be_the_customer(tmp_path: Path) -> None:
    """If the log has no column for the customer, the person who opened the ticket can be it."""
    people = 'system = "Robot"\nsupport = ["Ada"]\nopener = "customer"\notherwise = "vendor"'
    rows = log(
        "1,2026-01-05,eve,,",
        "1,2026-01-06,Ada,,",
        "1,2026-01-07,EVE,,",
        "1,2026-01-08,Robot,,",
        "1,2026-01-09,ben,,",
        "2,2026-01-05,Ada,,",
        "2,2026-01-06,ada,,",
        "2,2026-01-07,eve,,",
        "2,2026-01-08,,,",
    )
    made = imported(tmp_path, rows, mapping(people, opened='actor = "{who}"'))

    assert ["customer", "support", "customer", "system", "vendor"] == [
        event.split()[2] for event in made["1"]
    ]
    assert ["customer", "support", "support", "vendor", "vendor"] == [
        event.split()[2] for event in made["2"]
    ]


def test_a_machine_is_not_named_as_another_party(tmp_path: Path) -> None:
    """A machine that stores mail of customers is not recorded as a customer."""
    rules = f"""{REPLIED}where = {{ state = "mail" }}
by = "customer"
{REPLIED}where = {{ state = "hint" }}
"""
    rows = log("1,2026-01-05,root,,", "1,2026-01-06,Root,,mail", "1,2026-01-07,root,,hint")

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied customer",
        "07T00:00 replied system root",
    ] == imported(tmp_path, rows, mapping('system = "root"', rules))["1"]


@pytest.mark.parametrize(
    ("people", "rules", "expected"),
    [
        ('system = ["root", "Batch"]', REPLIED, ['people.system: no event is by "Batch"']),
        (
            'support = "Eva"\nnames = { x = "root" }',
            REPLIED,
            ['support: no event is by "Eva"', 'names: no event is by "x"'],
        ),
        (
            'system = "root"',
            f'{REPLIED}by = "support"\n{REPLIED}by = "support"\nwhere = {{ state = "a" }}',
            ['event[1]: an earlier rule takes each row of this rule for "replied"'],
        ),
        (
            'system = "root"',
            f'{REPLIED}at = "at"\n{REPLIED}at = "at"',
            ['event[1]: an earlier rule takes each row of this rule for "replied"'],
        ),
    ],
)
def test_what_has_no_effect_is_reported(
    tmp_path: Path, people: str, rules: str, expected: list[str]
) -> None:
    """A misspelt name and a rule that comes too late are reported as without effect."""
    rows = log("1,2026-01-05,root,,a", "1,2026-01-06,root,,a", "1,2026-01-07,root,Ada,a")
    report = ImportReport()
    imported(tmp_path, rows, mapping(people, rules), report=report)

    assert [True] * len(expected) == [
        text in str(problem) for text, problem in zip(expected, report.without_effect, strict=True)
    ]


def test_an_opening_takes_what_it_lacks_from_rows_at_its_instant(tmp_path: Path) -> None:
    """An opening takes missing facts from other rows at its instant."""
    opened = """subject = "{to}"
customer = { column = "state", after = "user=", before = ";" }
"""
    rows = log(
        "1,2026-01-05,eve,,new",
        "1,2026-01-05,eve,Help,org=acme;user=eve;",
        "1,2026-01-05,eve,Other,user=ben",
        "2,2026-01-05,eve,,new",
        "2,2026-01-06,eve,Help,user=eve",
    )
    made = imported(tmp_path, rows, mapping("", "", opened))

    assert ["05T00:00 opened customer incident eve Help eve"] == made["1"]
    assert ["05T00:00 opened customer incident eve"] == made["2"]

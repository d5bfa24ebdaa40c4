from pathlib import Path

import pytest

from cli_runs import ticketcore
from ticketcore.policies import preset_text, presets


def test_presets_are_listed() -> None:
    """Every policy that comes with the library, with its title."""
    lines = ticketcore("policy", "list").out.splitlines()
    assert list(presets()) == [line.split()[0] for line in lines]


def test_good_files_are_summed_up(tmp_path: Path) -> None:
    """A good file gets a line that says what it holds."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')
    ran = ticketcore("policy", "check", file)
    assert (0, "") == (ran.code, ran.err)
    assert ran.out.startswith(f"{file}: mine 2020-01-01, 1 type, 1 timer, ")


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Each mistake with file, line and key path; one good file does not hide another's."""
    bad, worse = tmp_path / "bad.toml", tmp_path / "worse.toml"
    bad.write_text('extends = "office"\nname = "bad"\ndesc = "?"\n')
    worse.write_text('extends = "offic"\neffective = "soon"\n')
    ran = ticketcore("policy", "check", bad, "clickbank", worse)
    assert 2 == ran.code
    assert f"{bad}:3:1: desc: unknown key" in ran.err
    assert f"{worse}:1:1: extends: " in ran.err
    assert f"{worse}:2:1: effective: " in ran.err
    assert ran.out.startswith("clickbank: clickbank 2013-01-01, 3 types, ")


def test_a_policy_is_shown_with_its_rules() -> None:
    """Types, timers, permissions as a matrix, calendars: each line with its rule."""
    out = ticketcore("policy", "show", "clickbank", width=240).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert [
        "cancellation an order, recurring (C9) C1",
        "refund C5 type refund; requested by customer or support; saving window type-set "
        "24 working hours on saving, not at closing time refund",
        "change-type C12 C11 with consent if type cancellation or refund, requested by customer "
        "or support; C12 C12",
        "saving C6 vendor mon-fri 00:00-24:00",
    ] == [
        line
        for line in lines
        if line.startswith(("cancellation an", "refund C5", "change-t", "saving C"))
    ]


def test_what_a_policy_extends_is_shown() -> None:
    """A preset that changes another names it."""
    assert "extends clickbank" in ticketcore("policy", "show", "clickbank-24-7").out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "amazon-pay",
            "in parts; at most 10; in total 15 % above what was paid, at most 75.00 USD",
        ),
        ("amazon-pay", "dispute chargeback A2 ends a claim"),
        (
            "amazon-pay",
            "claim A1 A2 dispute claim dispute 7 days on always, once it is over concede",
        ),
        ("amazon-pay", "asked for first A3 order, reason, shipment"),
        ("kaufland", "storefront de Europe/Berlin, holidays of DE"),
        ("kaufland", "closing K8 each party for itself; for good by support"),
        ("kaufland", "escalation for K6 unable-to-help"),
        ("kaufland", "reasons not-as-described"),
        ("office", "reply O3 by portal O2"),
        ("office", "category payroll O5 to payroll"),
        ("webshippy", "opening needs W1 category"),
        ("service-desk", "a reply by customer reopens"),
        ("service-desk", "resolved solved activity 120 hours"),
    ],
)
def test_what_else_a_policy_says_is_shown(name: str, said: str) -> None:
    """Limits, reasons, categories, disputes and closings stand in parts of their own."""
    out = ticketcore("policy", "show", name, width=240).out
    assert said in " ".join(out.split())


def test_the_rarer_things_that_a_policy_says_are_shown(tmp_path: Path) -> None:
    """Reopening within a span, spans in turn, hours day by day, holidays, refunds at once."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\neffective = 2020-01-01\ndesk = "support"\n[types.request]\n'
        '[categories.bare]\n[calendars.days]\nhours = { mon = "09:00-12:00", '
        'tue = "09:00-17:00" }\n'
        'country = "DE"\nsubdivision = "BY"\n[calendars.days.holidays]\n"2026-12-24" = "eve"\n'
        '[calendars.days.exceptions]\n"2026-12-30" = "09:00-12:00"\n"2026-12-31" = ""\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "14 days"\nrequires = "text"\n'
        '[[permission]]\ncommands = "refund"\nby = "vendor"\n'
        '[types.return]\norder = true\nwindows = { customer = "14 days" }\nwindow_bound = "end-of-day"\n'
        '[types.swap]\norder = true\nwindows = { customer = "14 days" }\nwindow_bound = "exclusive"\n'
        'window_checked = "when-due"\nwindow_rule = "R9"\n[disputes.claim]\n[opening]\n'
        'possible_duplicates = "refuse"\nduplicates_rule = "R8"\n'
        '[storefronts.x]\nzone = "UTC"\n'
        '[[timer]]\nname = "d"\nwhen = { dispute_kind = "claim" }\nfrom = "dispute-opened"\nafter = "1 day"\n'
        'effect = "lose-dispute"\nfires = "at"\nnotice_deadline = false\n'
        '[[timer]]\nname = "t"\nwhen = { solved = false }\nfrom = "opened"\nafter = "1 hour"\n'
        'then = "1 day"\nroll = "forward"\ncalendar = "days"\neffect = "warn"\n'
    )
    out = " ".join(ticketcore("policy", "show", str(file), width=200).out.split())
    for said in (
        "support answers the customer; the zone is each ticket's own",
        "yes with comment within 14 days",
        "t not solved opened 1 hour, then 1 day on days, rolled to the next opening warn",
        "mon 09:00-12:00; tue 09:00-17:00; 2026-12-30 09:00-12:00; 2026-12-31 closed "
        "DE-BY, 2026-12-24 eve",
        "refunds all of it at once",
        "category bare",
        "return an order customer 14 days, to the end of its last day",
        "swap an order customer 14 days, without its end, judged when due (R9)",
        "d dispute claim dispute 1 day, whatever the notice says concede",
        "possible duplicates R8 refused",
        "storefront x UTC",
    ):
        assert said in out


def test_the_file_itself_can_be_printed(tmp_path: Path) -> None:
    """--toml prints what to copy and change, of a preset and of a file."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')
    assert preset_text("clickbank") == ticketcore("policy", "show", "clickbank", "--toml").out
    assert file.read_text() == ticketcore("policy", "show", file, "--toml").out

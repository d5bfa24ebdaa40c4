"""`ticketcore policy list`, `policy check` and `policy show`."""

from pathlib import Path

import pytest

from support.command_line import ticketcore
from ticketcore.policies import preset_text, presets

RARE = (
    'name = "mine"\neffective = 2020-01-01\ndefault_handler = "support"\n[types.request]\n'
    '[categories.bare]\n[calendars.days]\nhours = { mon = "09:00-12:00", '
    'tue = "09:00-17:00" }\n'
    'country = "DE"\nsubdivision = "BY"\n[calendars.days.holidays]\n"2026-12-24" = "eve"\n'
    '[calendars.days.exceptions]\n"2026-12-30" = "09:00-12:00"\n"2026-12-31" = ""\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "14 days"\n'
    'requires = "text"\n'
    '[[permission]]\ncommands = "refund"\nby = "vendor"\n'
    '[types.return]\norder = true\nwindows = { customer = "14 days" }\n'
    'window_bound = "end-of-day"\n'
    '[types.swap]\norder = true\nwindows = { customer = "14 days" }\n'
    'window_bound = "exclusive"\nwindow_checked = "when-due"\nwindow_rule = "R9"\n'
    '[disputes.claim]\n[opening]\npossible_duplicates = "refuse"\nduplicates_rule = "R8"\n'
    '[storefronts.x]\nzone = "UTC"\n'
    '[[timer]]\nname = "d"\nwhen = { dispute_kind = "claim" }\nfrom = "dispute-opened"\n'
    'after = "1 day"\neffect = "lose-dispute"\nfires = "at"\nnotice_deadline = false\n'
    '[[timer]]\nname = "t"\nwhen = { solved = false }\nfrom = "opened"\nafter = "1 hour"\n'
    'then = "1 day"\nroll = "forward"\ncalendar = "days"\neffect = "warn"\n'
)


def shown(policy: str | Path) -> str:
    """Return what `policy show` prints on a wide terminal, with single blanks."""
    return " ".join(ticketcore("policy", "show", policy, width=240).out.split())


def test_presets_are_listed() -> None:
    """Every policy that comes with the library has a line with its title."""
    lines = ticketcore("policy", "list").out.splitlines()

    assert list(presets()) == [line.split()[0] for line in lines]


def test_a_valid_file_gets_a_summary(tmp_path: Path) -> None:
    """The line has the policy's name and version, and counts types, timers and permissions."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')
    ran = ticketcore("policy", "check", file)

    assert (0, "") == (ran.code, ran.err)
    assert ran.out.startswith(f"{file}: mine 2020-01-01, 1 type, 1 timer, ")


def test_a_policy_that_accepts_any_type_does_not_count_them() -> None:
    """The summary says "any type" instead of "0 types"."""
    out = ticketcore("policy", "check", "service-desk").out

    assert "service-desk: service-desk 2016-01-01, any type, 1 timer, 3 permissions\n" == out


def test_all_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    """Each mistake has file, line and key; a valid file between two others is summarized."""
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
    """Types, timers, permissions and calendars have a line each, with the rule ids."""
    out = ticketcore("policy", "show", "clickbank", width=240).out
    lines = [" ".join(line.split()) for line in out.splitlines()]

    assert {
        "cancellation an order, recurring (C9) C1",
        "refund C5 type refund; requested by customer or support; with grace period type-set "
        "24 working hours (saving), not at closing time refund",
        "change-type C12 C11 with consent if type cancellation or refund, requested by customer "
        "or support; C12 C12",
        "saving C6 vendor mon-fri 00:00-24:00",
    } <= set(lines)


@pytest.mark.parametrize("name", presets())
def test_a_policy_is_complete_at_80_columns(name: str) -> None:
    """No line is wider than the terminal, no word is broken, and no line ends with a blank."""
    narrow = ticketcore("policy", "show", name, width=80).out
    lines = narrow.splitlines()

    assert set(shown(name).split()) <= set(narrow.split())
    assert [] == [line for line in lines if len(line) > 80 or line != line.rstrip()]


def test_the_extended_policy_is_named() -> None:
    """A preset that changes another names it."""
    assert "extends clickbank" in shown("clickbank-24-7")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amazon-pay", "in parts; at most 10; up to 15 % above the payment, at most 75.00 USD"),
        ("amazon-pay", "dispute kind chargeback A2 supersedes a claim"),
        ("amazon-pay", "later than 7 days (always) lose-dispute"),
        ("amazon-pay", "ask first for A3 order, reason, shipment"),
        ("amazon-pay", "refund without asking A3 below 20.00 USD"),
        ("kaufland", "storefront de Europe/Berlin, holidays of DE"),
        ("kaufland", "closing K8 per party; final if by support"),
        ("kaufland", "escalation for K6 unable-to-help"),
        ("kaufland", "reasons not-as-described"),
        ("office", "reply O3 by portal O2"),
        ("office", "category payroll O5 team payroll"),
        ("webshippy", "opening requires W1 category"),
        ("service-desk", "a reply by customer reopens"),
        ("service-desk", "resolved solved last-activity 120 hours"),
        ("clickbank", "without grace period type-set 0 minutes refund"),
    ],
)
def test_the_limits_of_a_policy_are_shown(name: str, words: str) -> None:
    """Limits, reasons, categories, disputes and closings have lines of their own."""
    assert words in shown(name)


@pytest.mark.parametrize(
    "words",
    [
        "support answers the customer; each ticket has its time zone",
        "yes with text within 14 days",
        "t not solved opened 1 hour, then 1 day (days), moved to the next opening warn",
        "mon 09:00-12:00; tue 09:00-17:00; 2026-12-30 09:00-12:00; 2026-12-31 closed "
        "DE-BY, 2026-12-24 eve",
        "refunds the whole amount at once",
        "category bare",
        "return an order customer 14 days, to the end of its last day",
        "swap an order customer 14 days, excluding its last instant, checked when due (R9)",
        "d dispute kind claim dispute-opened 1 day, ignoring the notice's deadline lose-dispute",
        "dispute kind claim supersedes no other",
        "possible duplicates R8 refused",
        "storefront x UTC",
    ],
)
def test_rare_parts_of_a_policy_are_shown(tmp_path: Path, words: str) -> None:
    """Every key of a policy file that affects a decision can be seen."""
    file = tmp_path / "mine.toml"
    file.write_text(RARE)

    assert words in shown(file)


def test_the_file_can_be_printed_unchanged(tmp_path: Path) -> None:
    """--toml prints a preset, or a policy file, to be copied and changed."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')

    assert preset_text("clickbank") == ticketcore("policy", "show", "clickbank", "--toml").out
    assert file.read_text() == ticketcore("policy", "show", file, "--toml").out

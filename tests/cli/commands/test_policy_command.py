"""`ticketcore policy list`, `policy check` and `policy show`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs
import pytest

from support.command_line import ticketcore
from ticketcore._toml import keys_of, settings, written
from ticketcore.policies import load_policy, preset_text, presets

RARE = (
    'name = "mine"\neffective = 2020-01-01\ndefault_handler = "support"\n[types.request]\n'
    '[categories.bare]\n[calendars.days]\nhours = { mon = "09:00-12:00", '
    'tue = "09:00-17:00" }\n'
    'country = "DE"\nsubdivision = "BY"\n[calendars.days.holidays]\n"2026-12-24" = "eve"\n'
    '[calendars.days.exceptions]\n"2026-12-30" = "09:00-12:00"\n"2026-12-31" = ""\n'
    '[[permission]]\ncommands = "open"\nby = "customer"\n'
    '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "14 days"\n'
    'requires = "text"\n'
    '[[permission]]\ncommands = ["refund", "open-dispute"]\nby = "vendor"\n'
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
    return " ".join(ticketcore("policy", "show", policy, width=900).out.split())


def test_presets_are_listed() -> None:
    """Every policy that comes with the library has a line with its title."""
    lines = ticketcore("policy", "list").out.splitlines()

    assert list(presets()) == [line.split()[0] for line in lines]


def test_a_valid_file_gets_a_summary(tmp_path: Path) -> None:
    """A valid file gets a line with its name, its version and the number of its parts."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')
    ran = ticketcore("policy", "check", file)

    assert (0, "") == (ran.code, ran.err)
    assert ran.out.startswith(f"{file}: mine 2020-01-01, 1 type, 1 timer, ")


def test_possible_mistakes_stand_below_the_summary(tmp_path: Path) -> None:
    """A timer that comes back with its old start is named with its line.

    The exit code stays 0, and is 1 with ``--strict``, for checks in continuous integration.
    """
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "help-desk"\nname = "mine"\n[[timer]]\nname = "vip"\nfrom = "opened"\n'
        'when = { fields.priority = "urgent" }\nmet_by = "closed"\nafter = "1 hour"\n'
        'effect = "breach"\n'
    )
    ran = ticketcore("policy", "check", file)
    summary, mistake = ran.out.splitlines()

    assert (0, "") == (ran.code, ran.err)
    assert summary.startswith(f"{file}: mine ")
    assert mistake.startswith(
        f'{file}:3: possible mistake: timer "vip" ends while fields.priority has another value, '
    )
    strict = ticketcore("policy", "check", file, "office", "--strict")
    assert (1, "") == (strict.code, strict.err)
    assert 0 == ticketcore("policy", "check", "office", "--strict").code


def test_a_policy_that_accepts_any_type_does_not_count_them() -> None:
    """A policy that accepts any type has "any type" in its summary."""
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
        "cancellation C1 true billing recurring; billing_rule C9",
        "refund C5 type refund, requested by customer or support, has grace period type-set "
        "fully-refunded 24 working hours saving refund boundary next-open",
        "change-type C12 C11 when type cancellation or refund, requested by customer or support "
        "requires consent; C12 C12",
        "saving C6 mon-fri 00:00-24:00",
    } <= set(lines)


@pytest.mark.parametrize("name", presets())
def test_a_policy_is_complete_at_80_columns(name: str) -> None:
    """A policy is shown completely at 80 columns, without a broken word."""
    narrow = ticketcore("policy", "show", name, width=80).out
    lines = narrow.splitlines()

    assert set(shown(name).split()) <= set(narrow.split())
    assert [] == [line for line in lines if len(line) > 80 or line != line.rstrip()]


def test_a_policy_without_a_title_shows_its_name_once(tmp_path: Path) -> None:
    """A policy without a title shows its name and version in the first line only."""
    policy = tmp_path / "mine.toml"
    policy.write_text(
        'name = "mine"\neffective = 2026-01-01\n[types.question]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
    )

    assert "mine 2026-01-01" == ticketcore("policy", "show", policy).out.splitlines()[0]


def test_the_extended_policy_is_named() -> None:
    """A preset that extends another policy names it."""
    assert "extends clickbank" in shown("clickbank-24-7")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("amazon-pay", "refunds A4 partial true; max_refunds 10; over_refund_percent 15"),
        ("amazon-pay", "chargeback claim"),
        ("amazon-pay", "advice A3 refund_below 20.00 USD"),
        ("kaufland", "de Europe/Berlin DE"),
        ("kaufland", "closing K8 per_party true; final_by support"),
        ("kaufland", "reasons not-as-described"),
        ("office", "reply O3 channels portal O2"),
        ("webshippy", "opening W1 required category, subject, text"),
        ("service-desk", "closing reply_reopens customer"),
    ],
)
def test_limits_have_lines_of_their_own(name: str, words: str) -> None:
    """A key is shown with its name in the file, its value and its rule ids."""
    assert words in shown(name)


def set_values(instance: attrs.AttrsInstance) -> Iterator[str]:
    """Yield what a policy sets, at any depth, as one line each."""
    for name, text in settings(instance):
        value = getattr(instance, keys_of(type(instance))[name].attribute)
        below = value.values() if isinstance(value, Mapping) else value
        if attrs.has(type(value)):
            yield from set_values(value) if keys_of(type(value)) else [text]
        elif isinstance(value, str) or not isinstance(below, Iterable):
            yield " ".join(text.split())[:100]
        else:
            for each in below:
                yield from set_values(each) if attrs.has(type(each)) else [written(each)]


@pytest.mark.parametrize("name", [*presets(), "rare"])
def test_everything_that_a_policy_sets_is_shown(tmp_path: Path, name: str) -> None:
    """`policy show` shows every key that a policy sets."""
    file = tmp_path / "mine.toml"
    file.write_text(RARE)
    source: str | Path = file if name == "rare" else name
    out = shown(source)

    assert [] == [text for text in set_values(load_policy(source)) if text not in out]


def test_the_file_can_be_printed_unchanged(tmp_path: Path) -> None:
    """--toml prints the file of a preset or policy unchanged."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "office"\nname = "mine"\n')

    assert preset_text("clickbank") == ticketcore("policy", "show", "clickbank", "--toml").out
    assert file.read_text() == ticketcore("policy", "show", file, "--toml").out

"""Loading policy files: presets, files that extend others, and files that cannot be read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketcore.errors import PolicyError
from ticketcore.policies import Policy, load_policy, parse_policy, preset_text, presets

SMALL = """
name = "small"
effective = 2026-01-01
[types.request]
[[permission]]
commands = "open"
by = "customer"
"""


def problems_of(text: str) -> list[str]:
    """Return the problems of a policy as text."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", presets())
def test_every_preset_loads(name: str) -> None:
    """Each preset loads under its own name, with a title."""
    policy = load_policy(name)

    assert (name, True) == (policy.name, bool(policy.title))


def test_a_small_policy_is_enough() -> None:
    """A policy needs a type and a permission to open tickets."""
    policy = parse_policy(SMALL)

    assert ("small", "2026-01-01", ("request",)) == (
        policy.name,
        policy.version,
        tuple(policy.types),
    )


def test_all_mistakes_are_reported_at_once() -> None:
    """Each problem has line, column, key path, the value found and the nearest right one."""
    text = SMALL + (
        "[[timer]]\n"
        'name = "close"\n'
        'aftr = "6 days"\n'
        'after = "six days"\n'
        'from = "activty"\n'
        'effect = "close"\n'
        'when = { type = "reqest" }\n'
        'calendar = "weekdays"\n'
    )

    expected = [
        'policy.toml:10:1: timer[0].aftr: unknown key; did you mean "after"?',
        'policy.toml:11:1: timer[0].after: "six days" is not a span',
        'policy.toml:12:1: timer[0].from: did you mean "last-activity"?',
        'policy.toml:14:10: timer[0].when.type: no type "reqest"; did you mean "request"?',
        'policy.toml:15:1: timer[0].calendar: no calendar "weekdays"',
    ]
    found = problems_of(text)
    assert len(expected) == len(found)
    for start, problem in zip(expected, found, strict=True):
        assert start.rpartition(": ")[0] == problem[: len(start.rpartition(": ")[0])]
    assert 'did you mean "last-activity"?' in found[2]


MISTAKES = {
    "no types": ('name = "x"\neffective = 2026-01-01\n', "a policy needs a type"),
    "nobody opens": ('name = "x"\neffective = 2026-01-01\n[types.a]\n', "nobody may open"),
    "default type": ('default_type = "reqest"\n' + SMALL, 'did you mean "request"'),
    "zone": ('zone = "Europe/Roma"\n' + SMALL, "Europe/Roma"),
    "window without order": (
        SMALL.replace("[types.request]", '[types.request]\nwindows = { customer = "60 days" }'),
        "order = true",
    ),
    "unknown party": (
        SMALL.replace("[types.request]", '[types.request]\nwindows = { custmer = "60 days" }'),
        'did you mean "customer"',
    ),
    "closed calendar": (SMALL + '[calendars.c]\nhours = ""\n', "calendars.c"),
    "absurd hours": (SMALL + '[calendars.c]\nhours = "mon 25:00-26:00"\n', "calendars.c"),
    "absurd hours by day": (SMALL + '[calendars.c.hours]\nmon = "9 to 5"\n', "calendars.c"),
    "hours of another kind": (SMALL + "[calendars.c]\nhours = 7\n", "expected"),
    "holiday no date": (SMALL + '[calendars.c.holidays]\nxmas = "Christmas"\n', "2026-12-24"),
    "country": (SMALL + '[calendars.c]\ncountry = "XX"\n', "XX"),
    "storefront zone": (SMALL + '[storefronts.de]\ncountry = "DE"\n', "Europe/Berlin"),
    "amount": (SMALL + '[advice]\nrefund_below = ["20 USD"]\n', "49.00 USD"),
    "another amount is in USD": (
        SMALL + '[advice]\nrefund_below = ["2.00 USD", "3.00 USD"]\n',
        "another amount is in USD",
    ),
    "dispute ends": (SMALL + '[disputes.claim]\nsupersedes = ["clam"]\n', 'did you mean "claim"'),
    "empty condition": (SMALL + "when = { type = [] }\n", "never applies"),
    "need": (SMALL + 'requires = "consent"\n', "cannot be required"),
    "within": (SMALL + 'within = "14 days"\n', "count from an instant"),
    "roll without calendar": (
        SMALL + '[[timer]]\nname="t"\nfrom="opened"\nafter="2 days"\nroll="forward"\n'
        'effect="warn"\n',
        "required for roll",
    ),
    "unknown dispute": (
        SMALL
        + '[[timer]]\nname="t"\nfrom="dispute-opened"\nafter="2 days"\neffect="lose-dispute"\n'
        'when={dispute_kind="claim"}\n',
        'no dispute "claim"',
    ),
    "dispute without": (
        SMALL
        + '[[timer]]\nname="t"\nfrom="dispute-opened"\nafter="2 days"\neffect="lose-dispute"\n',
        "also needs when",
    ),
    "concede": (
        SMALL + '[[timer]]\nname="t"\nfrom="opened"\nafter="2 days"\neffect="lose-dispute"\n',
        'effect = "lose-dispute" only works',
    ),
    "alternatives": (
        SMALL + '[[timer]]\nname="t"\nfrom="opened"\nafter="2 days"\neffect="warn"\n'
        'when={type="request"}\n'
        '[[timer]]\nname="t"\nfrom="opened"\nafter="2 days"\neffect="close"\n',
        "alternatives",
    ),
    "never reached": (
        SMALL + '[[timer]]\nname="t"\nfrom="opened"\nafter="2 days"\neffect="warn"\n'
        '[[timer]]\nname="t"\nfrom="opened"\nafter="3 days"\neffect="warn"\n',
        "never applies",
    ),
    "rule not carried": ('rules = ["C1", "C2"]\n' + SMALL + 'rule = "C1"\n', 'mentions "C2"'),
    "not toml": ("name = ", "policy.toml:1"),
    "empty": ("", "missing"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_with_the_way_to_correct_it(mistake: str) -> None:
    """Each mistake is reported with the values that its key accepts."""
    text, words = MISTAKES[mistake]

    assert words in "\n".join(problems_of(text))


def test_a_file_extends_a_preset_by_name() -> None:
    """C21: a file extends a preset by its name, and changes only the calendar."""
    base, later = load_policy("clickbank"), load_policy("clickbank-24-7")

    assert ("clickbank",) == later.extends
    assert base.timers == later.timers
    assert base.calendars["saving"].hours != later.calendars["saving"].hours


def test_an_extending_file_removes_an_item_of_the_checklist() -> None:
    """A6: an item of the vendor's profile, as any name in a table, can be removed."""
    text = 'extends = "amazon-pay"\nname = "a"\n[profile.items]\n'
    every = load_policy("amazon-pay").profile.items
    fewer = parse_policy(text + "decision_model = { remove = true }").profile.items

    assert "decision_model" in every
    assert {**fewer, "decision_model": every["decision_model"]} == every
    with pytest.raises(PolicyError, match='no "decisions" to remove; did you mean "decision_mod'):
        parse_policy(text + "decisions = { remove = true }")


def test_a_file_extends_a_file_in_its_folder(tmp_path: Path) -> None:
    """In a file that extends another, a permission of the same commands replaces it."""
    (tmp_path / "base.toml").write_text(SMALL)
    (tmp_path / "mine.toml").write_text(
        'extends = "base.toml"\nname = "mine"\n[[permission]]\ncommands = "open"\nby = "support"\n'
    )

    policy = load_policy(tmp_path / "mine.toml")

    assert ("mine", ("support",)) == (policy.name, policy.parties("open"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('extends = "mine.toml"\n', "circle"),
        ('extends = "nobody.toml"\n', "no such preset or file"),
        ('extends = "clickbanc"\n', 'did you mean "clickbank"'),
        ('extends = "."\n', "is not a plain file"),
        ('extends = "pipe.toml"\n', "is not a plain file"),
        ('extends = "round.toml"\n', "too many levels of symbolic links"),
        ('extends = "/dev/zero"\n', "lies outside the folder"),
        ('extends = "../mine.toml"\n', "lies outside the folder"),
        ('extends = "link.toml"\n', "lies outside the folder"),
        ('extends = "a\\u0000b"\n', "not a file name"),
        (f'extends = "{"a" * 5000}"\n', "file name too long"),
        ("extends = 7\n", "expected text, found the integer 7"),
        ('extends = ""\n', "expected a name, found an empty text"),
    ],
)
def test_a_base_that_cannot_be_read_is_reported_where_it_is_named(
    tmp_path: Path, text: str, words: str
) -> None:
    """A base that cannot be read is reported where it is named, such as a circle of files."""
    path = tmp_path / "mine.toml"
    path.write_text(text + SMALL)
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "link.toml").symlink_to("/etc/passwd")
    (tmp_path / "round.toml").symlink_to("round.toml")

    with pytest.raises(PolicyError) as caught:
        load_policy(path)

    (problem,) = caught.value.problems
    assert words in str(problem)
    assert (1, "extends") == (problem.line, problem.path)


def test_a_text_opens_files_of_a_named_folder_only(tmp_path: Path) -> None:
    """A text can extend a preset, and files only of a folder that is named."""
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases/base.toml").write_text('extends = "../root.toml"\nname = "base"\n')
    (tmp_path / "root.toml").write_text(SMALL)
    path = tmp_path / "bases/base.toml"
    text = f'extends = "{path}"\nname = "mine"\n'

    with pytest.raises(PolicyError, match="without a folder can only extend a preset"):
        parse_policy(text)

    policy = parse_policy('extends = "bases/base.toml"\nname = "mine"\n', folder=tmp_path)
    assert (str(path), str(tmp_path / "bases/../root.toml")) == policy.extends


def test_a_name_from_outside_is_looked_for_in_a_folder(tmp_path: Path) -> None:
    """A policy from outside is found in the given folder or among the presets only."""
    (tmp_path / "mine.toml").write_text(SMALL)

    assert "office" == load_policy("office", folder=tmp_path).name
    assert "small" == load_policy("mine.toml", folder=tmp_path).name
    with pytest.raises(PolicyError, match="lies outside the folder"):
        load_policy("/etc/passwd", folder=tmp_path)


def test_a_mistake_in_a_base_is_reported_in_its_own_file(tmp_path: Path) -> None:
    """A mistake in a base is reported with the base's own file and line."""
    (tmp_path / "base.toml").write_text(SMALL + "wrong = 1\n")
    (tmp_path / "mine.toml").write_text('extends = "base.toml"\nname = "mine"\n')

    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "mine.toml")

    assert str(tmp_path / "base.toml") == caught.value.problems[0].source


def test_a_misspelt_preset_names_the_nearest() -> None:
    """A misspelt preset is reported with the nearest preset."""
    with pytest.raises(PolicyError, match='did you mean "kaufland"'):
        load_policy("kaufand")
    with pytest.raises(PolicyError) as caught:
        preset_text("offic")
    assert 'offic: no such preset; did you mean "office"?' == str(caught.value.problems[0])


def test_a_preset_is_found_from_any_folder(tmp_path: Path) -> None:
    """A problem of the preset is reported in the preset's own file."""
    source = str(tmp_path / "mine.toml")
    assert ("office",) == parse_policy('extends = "office"\nname = "mine"\n', source).extends
    with pytest.raises(PolicyError) as caught:
        parse_policy('extends = "amazon-pay"\nname = "mine"\n[profile]\nrule = ""\n', source)
    message = 'amazon-pay.toml:7:40: rules[5]: no rule key of the file mentions "A6"'
    assert [message] == [str(problem) for problem in caught.value.problems]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_a_policy_or_has_problems_with_lines(data: st.DataObject) -> None:
    """A file that is cut, reordered or misspelt is a policy or has problems with lines."""
    lines = preset_text("clickbank").splitlines()
    damage = data.draw(st.sampled_from(["cut", "drop", "swap", "misspell"]))
    i = data.draw(st.integers(0, len(lines) - 1))
    j = data.draw(st.integers(0, len(lines) - 1))
    match damage:
        case "cut":
            text = "\n".join(lines)[: i * 40]
        case "drop":
            text = "\n".join(lines[:i] + lines[i + 1 :])
        case "swap":
            lines[i], lines[j] = lines[j], lines[i]
            text = "\n".join(lines)
        case _:
            letters = list(lines[i])
            if letters:
                letters[j % len(letters)] = data.draw(st.sampled_from('xq"=[{ '))
            text = "\n".join([*lines[:i], "".join(letters), *lines[i + 1 :]])
    numbers = [1]
    try:
        assert isinstance(parse_policy(text), Policy)
    except PolicyError as error:
        numbers = [problem.line for problem in error.problems]

    assert min(numbers) >= 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("clickbanc", 'no such preset or file; did you mean "clickbank"?'),
        (Path("no-such-file.toml"), "no such preset or file; "),
        (Path("/"), "is a directory"),
        (Path("/dev/null"), "is a device, not a file"),
        ("a\0b", "not a file name"),
    ],
)
def test_a_path_that_cannot_be_read_is_a_problem_of_the_file(
    source: str | Path, message: str
) -> None:
    """A path that cannot be read is one problem without a line."""
    with pytest.raises(PolicyError) as caught:
        load_policy(source)
    (problem,) = caught.value.problems

    assert (str(source), 0, 0, "") == (problem.source, problem.line, problem.column, problem.path)
    assert problem.message.startswith(message)


def test_a_chain_of_files_is_limited(tmp_path: Path) -> None:
    """A chain of more than 50 files that extend one another is refused."""
    for number in range(100):
        text = f'extends = "{number + 1}.toml"\nname = "p{number}"\n'
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "100.toml").write_text(SMALL, encoding="utf-8")

    assert "p50" == load_policy(tmp_path / "50.toml").name
    with pytest.raises(PolicyError, match="extends: more than 50 files extend one another"):
        load_policy(tmp_path / "49.toml")


def test_a_circle_is_reported_in_its_order(tmp_path: Path) -> None:
    """The message about a circle of files begins with the file that was loaded."""
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.toml").write_text(f'extends = "{other}.toml"\n{SMALL}')
    a, b = str(tmp_path / "a.toml"), str(tmp_path / "b.toml")

    with pytest.raises(PolicyError) as caught:
        load_policy(a)

    message = f"{b}:1:1: extends: the files extend one another in a circle: {a} -> {b} -> {a}"
    assert [message] == [str(problem) for problem in caught.value.problems]


def test_a_preset_is_read_as_utf_8_on_every_machine() -> None:
    """A preset is read as UTF-8, whatever the machine's encoding is."""
    read = "import locale, sys; assert 'utf' not in locale.getencoding().lower();"
    read += "from ticketcore.policies import preset_text;"
    read += "sys.stdout.buffer.write(preset_text('clickbank').encode())"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", read]
    there = subprocess.run(command, env=environment, capture_output=True, check=True)

    assert preset_text("clickbank") == there.stdout.decode()

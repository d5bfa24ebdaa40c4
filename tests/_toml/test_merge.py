import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._toml import Document, merge, parse

BY_NAME = {"timer": ("name",), "allow": ("do", "by")}

PARENT = """\
name = "parent"
list = [1, 2, 3]

[refund]
days = 30
texts = { late = "too late", early = "too early" }

[[timer]]
name = "a"
after = 1

[[timer]]
name = "b"
after = 2

[[timer]]
name = "a"
after = 3

[[timer]]
name = "c"
after = 4
"""


def merged(parent: str, child: str) -> Document:
    """Merge two texts."""
    return merge(parse(parent, "parent.toml"), parse(child, "child.toml"), BY_NAME)


def timers(child: str) -> Any:
    """Return name and value of the timers of PARENT after a merge with a child."""
    data: Any = merged(PARENT, child).tree.plain()
    return [(timer.get("name"), timer.get("after")) for timer in data["timer"]]


def timer(name: str, rest: str) -> str:
    """Write one timer."""
    return f'[[timer]]\nname = "{name}"\n{rest}\n'


class TestTables:
    def test_empty_child(self) -> None:
        """An empty child changes nothing, and the places stay those of the parent."""
        parent = parse(PARENT, "parent.toml")

        assert parent.tree.value == merged(PARENT, "").tree.value

    def test_empty_parent(self) -> None:
        """An empty parent changes nothing in a child."""
        assert parse(PARENT, "child.toml") == merged("", PARENT)

    def test_key_by_key(self) -> None:
        """Tables merge key by key at any depth; other values are replaced as a whole."""
        child = 'list = [4]\nrefund = { days = 60, texts = { early = "wait", none = "" } }'
        data = merged(PARENT, child).tree.plain()
        expected = tomllib.loads(PARENT) | {
            "list": [4],
            "refund": {"days": 60, "texts": {"late": "too late", "early": "wait", "none": ""}},
        }

        assert expected == data

    def test_removed_by_name(self) -> None:
        """`remove = true` removes the value of this name, at any depth."""
        child = "refund = { texts = { late = { remove = true } } }"
        text: Any = merged(PARENT, child).tree.plain()
        texts: Any = merged(PARENT, "refund.texts.remove = true").tree.plain()

        assert {"days": 30, "texts": {"early": "too early"}} == text["refund"]
        assert {"days": 30} == texts["refund"]

    def test_another_type(self) -> None:
        """A value of another type replaces that of the parent, and the reader reports it."""
        data: Any = merged(PARENT, "refund = 1\nlist = {}\ntimer = 2").tree.plain()
        expected: dict[str, object] = {"name": "parent", "refund": 1, "list": {}, "timer": 2}

        assert expected == data

    def test_places(self) -> None:
        """A merged value keeps the file, the line and the path where it was written."""
        tree = merged(PARENT, "\n[refund]\ndays = 1\n" + timer("b", "x = 1")).tree
        found = [
            tree.problem("", *path)
            for path in (
                ("days",),
                ("refund", "days"),
                ("refund", "texts", "late"),
                ("timer", 0, "after"),
                ("timer", 1, "x"),
                ("timer", 2, "after"),
                ("timer", 3, "after"),
            )
        ]
        expected = [
            "child.toml:1:1: days: ",
            "child.toml:3:1: refund.days: ",
            "parent.toml:6:11: refund.texts.late: ",
            "parent.toml:10:1: timer[0].after: ",
            "child.toml:6:1: timer[0].x: ",
            "parent.toml:18:1: timer[2].after: ",
            "parent.toml:22:1: timer[3].after: ",
        ]

        assert expected == [str(problem) for problem in found]

    def test_problems_of_both(self) -> None:
        """A merged document has the problems of both files, and is broken if one is."""
        document = merged("a =", "b = ]")

        assert document.broken
        assert {"parent.toml", "child.toml"} == {p.source for p in document.problems}

    def test_inputs_stay_as_they_are(self) -> None:
        """Merging changes neither of the two documents."""
        parent, child = parse(PARENT, "p"), parse("refund = { days = 1 }", "c")
        merge(parent, child, BY_NAME).notes.append(parent.tree.problem("wrong"))

        assert parse(PARENT, "p") == parent
        assert parse("refund = { days = 1 }", "c") == child
        assert not parent.problems + child.problems


class TestByName:
    @pytest.mark.parametrize(
        ("child", "expected"),
        [
            (timer("b", "after = 9"), [("a", 1), ("b", 9), ("a", 3), ("c", 4)]),
            (timer("a", "after = 9"), [("a", 9), ("b", 2), ("c", 4)]),
            (
                timer("c", "after = 8") + timer("c", "after = 9"),
                [("a", 1), ("b", 2), ("a", 3), ("c", 8), ("c", 9)],
            ),
            (
                timer("d", "after = 8")
                + timer("b", "after = 9")
                + timer("e", "after = 6")
                + timer("d", "after = 7"),
                [("a", 1), ("b", 9), ("a", 3), ("c", 4), ("d", 8), ("e", 6), ("d", 7)],
            ),
            (timer("a", "remove = true"), [("b", 2), ("c", 4)]),
            (
                timer("a", "remove = true") + timer("a", "after = 9"),
                [("a", 9), ("b", 2), ("c", 4)],
            ),
            ("timer = []", [("a", 1), ("b", 2), ("a", 3), ("c", 4)]),
            (
                "[[timer]]\nafter = 9",
                [("a", 1), ("b", 2), ("a", 3), ("c", 4), (None, 9)],
            ),
        ],
        ids=["one", "group", "by group", "new", "removed", "replaced", "none", "nameless"],
    )
    def test_groups(self, child: str, expected: object) -> None:
        """Entries of the child replace those of their name; others stay, and new ones follow."""
        assert expected == timers(child)

    def test_several_keys(self) -> None:
        """The identity of an entry can have several keys, of which one may be missing."""
        parent = '[[allow]]\ndo = "close"\nby = ["a", "b"]\nn = 1\n[[allow]]\ndo = "close"\nn = 2'
        child = '[[allow]]\nn = 3\nby = ["a", "b"]\ndo = "close"'
        expected = {
            "allow": [
                {"do": "close", "by": ["a", "b"], "n": 3},
                {"do": "close", "n": 2},
            ],
        }

        assert expected == merged(parent, child).tree.plain()

    @pytest.mark.parametrize(
        ("child", "expected"),
        [
            (
                timer("aa", "remove = true"),
                'child.toml:1:1: timer[0]: no timer "aa" to remove; did you mean "a"?',
            ),
            (
                timer("x", "remove = true"),
                'child.toml:1:1: timer[0]: no timer "x" to remove; expected one of "a", "b", "c"',
            ),
            (
                '[[allow]]\ndo = "close"\nremove = true',
                'child.toml:1:1: allow[0]: no allow "close" to remove; the extended file has none',
            ),
            (
                "refund = { dyas = { remove = true } }",
                'child.toml:1:12: refund.dyas: no "dyas" to remove; did you mean "days"?',
            ),
            (
                "[refund.texts]\nlate = { remove = true, early = 1 }",
                "child.toml:2:25: refund.texts.late.early: has no effect with remove = true: "
                "delete one of the two",
            ),
            (
                timer("a", "after = 1\nremove = true"),
                "child.toml:3:1: timer[0].after: has no effect with remove = true: "
                "delete one of the two",
            ),
        ],
    )
    def test_idle_removal(self, child: str, expected: str) -> None:
        """Removing a missing entry, and further keys in an entry with `remove`, are mistakes."""
        assert [expected] == [str(problem) for problem in merged(PARENT, child).problems]

    def test_remove_says_true(self) -> None:
        """Only `remove = true` removes; with another value, `remove` is an unknown key."""
        document = merged(PARENT, timer("b", "remove = 1"))
        expected = [("a", 1), ("b", None), ("a", 3), ("c", 4)]

        assert expected == timers(timer("b", "remove = 1"))
        assert not document.problems

    def test_entries_that_are_no_tables(self) -> None:
        """An entry that is not a table is kept in a merge, so that its reader can report it."""
        expected = {"timer": [{"name": "a"}, 1]}

        assert expected == merged('timer = [{ name = "a" }]', "timer = [1]").tree.plain()


names = st.sampled_from(["a", "b", "c", "d"])
entries = st.lists(st.tuples(names, st.integers(0, 99), st.booleans()), max_size=6)


def written(rows: list[tuple[str, int, bool]], *, removing: bool) -> str:
    """Write timers, some of which remove."""
    texts = [
        timer(name, "remove = true" if gone and removing else f"after = {after}")
        for name, after, gone in rows
    ]
    return "".join(texts)


class TestProperties:
    @given(entries, entries)
    def test_groups_by_a_naive_model(
        self, old: list[tuple[str, int, bool]], new: list[tuple[str, int, bool]]
    ) -> None:
        """A merge keeps the order of old entries; new ones replace the first of their name."""
        staying = [(name, after) for name, after, gone in new if not gone]
        touched = {name for name, _, _ in new}
        first = {name: i for i, (name, _, _) in reversed(list(enumerate(old)))}
        expected: list[tuple[str, int]] = []
        for i, (name, after, _) in enumerate(old):
            if name not in touched:
                expected.append((name, after))
            elif first[name] == i:
                expected.extend(row for row in staying if row[0] == name)
        expected.extend(row for row in staying if row[0] not in first)
        data: Any = merged(written(old, removing=False), written(new, removing=True)).tree.plain()

        assert expected == [(t["name"], t["after"]) for t in data.get("timer", [])]

    @given(entries)
    def test_empty_child_is_the_identity(self, rows: list[tuple[str, int, bool]]) -> None:
        """Merging an empty child leaves the parent unchanged."""
        text = written(rows, removing=False)

        assert parse(text, "parent.toml").tree.value == merged(text, "").tree.value

    @given(entries)
    def test_idempotent(self, rows: list[tuple[str, int, bool]]) -> None:
        """Merging a file a second time changes no value."""
        child = parse(written(rows, removing=False), "child.toml")
        once = merge(parse(PARENT, "parent.toml"), child, BY_NAME)

        assert once == merge(once, child, BY_NAME)

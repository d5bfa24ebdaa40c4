"""The published schema of policy files follows from the declared keys, and editors can use it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.schemas import without_references
from ticketcore._toml import json_value
from ticketcore.policies import policy_schema, preset_text, presets

ROOT = Path(__file__).parents[2]
PRESETS = ROOT / "src" / "ticketcore" / "policies" / "presets"
SCHEMA = policy_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
POLICIES = [
    *PRESETS.glob("*.toml"),
    *(
        file
        for file in sorted((ROOT / "examples").rglob("*.toml"))
        if tomllib.loads(text := file.read_text(encoding="utf-8")).keys()
        & {"extends", "effective"}
    ),
]


def as_json(text: str) -> Any:
    """Return a policy as JSON has it, with dates as text."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Check files as editors do."""
    schema = f"--schema={(PRESETS / 'policy.schema.json').as_uri()}"
    taplo = Path(sys.executable).with_name("taplo")
    return subprocess.run(
        [taplo, "lint", schema, *files], capture_output=True, text=True, check=False
    )


def test_it_is_published() -> None:
    """The schema beside the presets is what `make docs` writes."""
    schema = policy_schema()
    Draft202012Validator.check_schema(schema)
    published = (PRESETS / "policy.schema.json").read_text("utf-8")
    assert json.dumps(schema, indent=2, ensure_ascii=False) + "\n" == published


@pytest.mark.parametrize("name", presets())
def test_a_preset_is_valid_and_names_the_schema(name: str) -> None:
    """An editor that opens a preset finds the schema in its folder, and no mistake."""
    text = preset_text(name)

    assert "#:schema policy.schema.json" == text.splitlines()[0]
    assert [] == [error.message for error in VALIDATOR.iter_errors(as_json(text))]


def test_editors_accept_every_policy() -> None:
    """Presets and examples have no mistake, including those that extend others."""
    assert len(POLICIES) > len(presets())
    assert "" == "".join(line for line in lint(*POLICIES).stderr if line.startswith("error"))
    assert 0 == lint(*POLICIES).returncode


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('effect = "warn"', 'effect = "wran"'),
        ('from = "type-set"', 'from = "typeset"'),
        ('by = ["customer", "support"]', 'by = ["costumer", "support"]'),
        ("order = true", 'order = "yes"'),
        ("after = ", "aftr = "),
        ('requested_by = "vendor"', 'requested_by = "seller"'),
    ],
)
def test_editors_report_a_misspelt_word(tmp_path: Path, right: str, wrong: str) -> None:
    """A key or a value that the reader would refuse is underlined while the author types."""
    file = tmp_path / "policy.toml"
    file.write_text(preset_text("clickbank").replace(right, wrong), encoding="utf-8")
    checked = lint(file)

    assert 1 == checked.returncode
    assert "error: " in checked.stderr


@pytest.mark.parametrize(
    "path",
    [("timer", 0, "aftr"), ("alow",), ("types", "refund", "order_"), ("calendars", "x", "y")],
)
def test_an_unknown_key_is_not_valid(path: tuple[Any, ...]) -> None:
    """A key that the reader does not know is refused by the schema, at any depth."""
    policy = as_json(preset_text("clickbank"))
    table = policy
    for step in path[:-1]:
        table = table[step] if isinstance(step, int) else table.setdefault(step, {})
    table[path[-1]] = "x"

    assert not VALIDATOR.is_valid(policy)


@pytest.mark.parametrize("key", ["name", "effective"])
def test_only_a_file_that_extends_another_may_leave_out_a_required_key(key: str) -> None:
    """Only a file that extends another may leave out a required key."""
    policy = as_json(preset_text("clickbank"))
    del policy[key]

    assert not VALIDATOR.is_valid(policy)
    assert VALIDATOR.is_valid({**policy, "extends": "office"})


def test_an_entry_that_is_removed_needs_its_name_only() -> None:
    """In a file that extends another, an entry with `remove` needs only its name."""
    entry = {"name": "refund", "remove": True}

    assert VALIDATOR.is_valid({"extends": "clickbank", "timer": [entry]})
    assert not VALIDATOR.is_valid({"extends": "clickbank", "timer": [{"name": "refund"}]})
    removed = {"remove": True}
    for tables in (
        {"profile": {"items": {"decision": removed}}},
        {"types": {"cancellation": removed}},
        {"words": {"hu": removed}},
        {"words": {"hu": {"refund": removed}}},
    ):
        assert VALIDATOR.is_valid({"extends": "clickbank", **tables})


def described(schema: Any, path: str = "") -> list[tuple[str, Any]]:
    """Yield every key of a schema with its own schema."""
    found = []
    if isinstance(schema, dict):
        for name, below in schema.get("properties", {}).items():
            found += [(f"{path}.{name}", below), *described(below, f"{path}.{name}")]
        for name in ("items", "additionalProperties"):
            found += described(schema.get(name), f"{path}[]")
    return found


def test_every_key_has_a_description_and_an_example() -> None:
    """Every key in the schema has a description and an example, which editors show."""
    keys = dict(described(without_references(SCHEMA)))
    bare = [
        path
        for path, key in keys.items()
        if not ("description" in key and ("examples" in key or "const" in key))
    ]

    assert len(keys) > 100
    # The keys of these tables are names, and the table itself has the example.
    named = {".windows[].", ".addresses.", ".opening.waiting_for."}
    assert [] == [path for path in bare if not any(n in path for n in (".windows.", *named))]


def test_every_example_is_valid() -> None:
    """Every example in the schema is valid."""
    for path, key in described(without_references(SCHEMA)):
        for example in key.get("examples", ()):
            errors = Draft202012Validator(key).iter_errors(example)
            assert [] == [f"{path}: {error.message}" for error in errors]


def test_a_date_is_text_in_json() -> None:
    """Dates in a policy file are text in the JSON that the schema checks."""
    assert {"day": "2026-01-31"} == json_value("{ day = 2026-01-31 }")

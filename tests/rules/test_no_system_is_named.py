"""The differences between ticket systems are in policy files: the code names no system."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "ticketcore"
PRESETS = SOURCE / "policies" / "presets"
# Policies to begin with, the command that lists them, and the policy of the stories for stores.
OTHERS = {
    *(SOURCE / "policies" / "starters").iterdir(),
    SOURCE / "cli" / "commands" / "policy" / "_new.py",
    SOURCE / "testing" / "store" / "_stories.py",
}

# "office" is an ordinary word too, so it counts only as a quoted name.
NAMES = re.compile(r"clickbank|kaufland|webshippy|amazon|[\"']office[\"']", re.IGNORECASE)


def files() -> list[Path]:
    """Return all files of the package except the presets and those in `OTHERS`."""
    packaged = (path for path in SOURCE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted(path for path in packaged if not {PRESETS, path} & {*path.parents, *OTHERS})


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_names_a_system(path: Path) -> None:
    """No code, docstring or template names a system, so a new system changes none of them."""
    found = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMES.search(line)
    ]
    assert [] == found


def test_the_search_finds_the_names_in_the_presets() -> None:
    """The search for names of systems finds those in the presets."""
    texts = {path.stem: path.read_text("utf-8") for path in PRESETS.glob("*.toml")}
    named = {name for name, text in texts.items() if NAMES.search(text)}

    assert {
        "amazon-pay",
        "clickbank",
        "clickbank-24-7",
        "kaufland",
        "office",
        "webshippy",
    } == named

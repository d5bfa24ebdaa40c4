"""The code names no ticket system: all their differences are in policy files."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "ticketcore"
PRESETS = SOURCE / "policies" / "presets"

# The office is a word of the language too, so it counts where it is a text: a policy's name.
NAMES = re.compile(r"clickbank|kaufland|webshippy|amazon|[\"']office[\"']", re.IGNORECASE)


def files() -> list[Path]:
    """Return all shipped files except the policy files."""
    shipped = (path for path in SOURCE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sorted(path for path in shipped if PRESETS not in path.parents)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_names_a_system(path: Path) -> None:
    """No code, docstring or template names a system, because a new one must touch none of them."""
    found = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMES.search(line)
    ]
    assert [] == found


def test_the_names_are_found_where_they_are() -> None:
    """The search finds the names in the presets, so it would find them elsewhere."""
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

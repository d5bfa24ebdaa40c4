"""Small policies to begin with, each with a scenario: what `ticketcore policy new` writes."""

import re
from collections.abc import Mapping
from pathlib import Path

from ticketcore._internal.arguments import typed
from ticketcore._toml import Place, Problem, nearest
from ticketcore.errors import PolicyError

_STARTERS = Path(__file__).parents[1] / "starters"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def starters() -> tuple[str, ...]:
    """Return the kinds of desks that have a policy to begin with, in alphabetical order."""
    return tuple(sorted(path.name.split(".")[0] for path in _STARTERS.glob("*.scenario.toml")))


@typed
def starter_files(kind: str, name: str) -> Mapping[str, str]:
    """Return the files of a new policy of that name: the policy, and a scenario for it.

    *kind* is one of `starters`. Raises PolicyError for another kind, and for a name that is not
    made of lower-case words with hyphens between them.
    """
    if kind not in starters():
        raise _refused(kind, f"no such kind of desk; {nearest(kind, starters())}")
    if not _NAME.fullmatch(name):
        raise _refused(name, "not a name: write lower-case words, such as my-desk")
    return {
        f"{name}{suffix}": _text(f"{kind}{suffix}").replace("NAME", name)
        for suffix in (".toml", ".scenario.toml")
    }


def _text(file: str) -> str:
    return (_STARTERS / file).read_text(encoding="utf-8")


def _refused(word: str, message: str) -> PolicyError:
    return PolicyError([Problem.at(Place(word, 0, 0), message)])

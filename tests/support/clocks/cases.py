"""Files of stories with their expectations, each under a policy."""

import tomllib
from pathlib import Path
from typing import Any

import attrs

HELP_DESKS = Path(__file__).parents[3] / "examples" / "help-desks"


@attrs.frozen(kw_only=True)
class Case:
    """A story under a policy. The files that the policy extends are in *folder*."""

    group: str
    title: str
    policy: str
    folder: Path
    story: str

    def __str__(self) -> str:
        return f"{self.group}: {self.title}"


def read_cases(file: Path) -> list[Case]:
    """Return the cases of a file.

    Its `policy` is the policy that each case extends by its `changes`: a preset, or a file under
    `examples/help-desks`. A file without it has a `text` to which each case adds its `changes`.
    """
    data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    path = Path(data.get("policy", ""))
    head = data.get("text") or f'extends = "{path.name}"\nname = "case"\neffective = 2000-01-01\n'
    return [
        Case(
            group=file.stem,
            title=case["title"],
            policy=head + case.get("changes", ""),
            folder=HELP_DESKS / path.parent,
            story=case["story"],
        )
        for case in data["case"]
    ]

"""Write docs/generated/refusals.md: the sentence of each refusal, as the presets give it.

    PYTHONPATH=tests python tools/refusal_sentences.py

The sentences are those of real refusals: commands of every party are tried on tickets in many
states. A test compares the page with `page`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from support.stories.refusals import Refusal, refusals

PAGE = Path(__file__).parents[1] / "docs" / "generated" / "refusals.md"

HEAD = """# Sentences of refusals

For each code, the commands and parties that can meet it, with a sentence and the rule ids of the
policy that refused. Where several policies refuse a command for one reason, one of them is shown.
The policies are presets, and for refusals that no preset gives the policy `strict` of the tests.
[Refusals](../reference/refusals.md) explains the codes.

The script `tools/refusal_sentences.py` writes this page from real refusals; a test keeps it
current.
"""


def page() -> str:
    """Return the page, in Markdown."""
    return HEAD + "".join(_sections(refusals()))


def _sections(found: Mapping[str, list[Refusal]]) -> Iterator[str]:
    for code in sorted(found):
        yield f"\n## {code}\n\n| command | by | policy | sentence | rule |\n"
        yield "|---|---|---|---|---|\n"
        for refusal in found[code]:
            sentence = refusal.reason.replace("|", "\\|")
            cells = (f"`{refusal.command}`", refusal.by, refusal.policy, sentence, refusal.rule)
            yield f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""The table of rules in the docs: where each rule stands, and which tests check it.

Everything in it is found: rule ids in presets, in the code and in the tests' docstrings. After a
change, `python tools/rule_table.py` writes it anew.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRESETS = ROOT / "src" / "ticketcore" / "policies" / "presets"
SOURCE = ROOT / "src" / "ticketcore"
TESTS = ROOT / "tests"
PAGE = ROOT / "docs" / "generated" / "rules.md"

ID = re.compile(r"\b[CKWAO]\d{1,2}\b")
SYSTEMS = dict(
    zip("CKWAO", ("ClickBank", "Kaufland", "Webshippy", "Amazon Pay", "The office"), strict=True)
)

RULES = {
    "C1": "three types of ticket, opened by customer, vendor or support",
    "C2": "both are told by e-mail of every opening, reply, change, warning, closing and refund",
    "C3": "every e-mail has one shape",
    "C4": "the vendor's e-mails go to the support address, else to the account's",
    "C5": "a refund or cancellation after 24 hours of Monday to Friday",
    "C6": "the vendor's weekends: nothing expires on one; holidays do not count",
    "C7": "5 minutes for what the vendor asks for, who may close within them",
    "C8": "a refund pays, of a subscription the latest invoice, ends it, and closes the ticket",
    "C9": "a cancellation ends the subscription, without money; recurring products only",
    "C10": "no reply stops a refund; closing and changing to technical support do",
    "C11": "the vendor ends a customer's request with consent only",
    "C12": "support becomes a refund at any time; who sets the type is its requester",
    "C13": "review; abuse costs the saving window",
    "C14": "60 days for the customer, 90 for the vendor",
    "C15": "the vendor is silent: warned twice, closed after 6 days, not at a weekend",
    "C16": "the customer is silent: warned after 7 working days, closed after 14",
    "C17": "system events are no activity",
    "C18": "each warning says that the ticket can become a refund",
    "C19": "commands as JSON",
    "C20": "what may be done now, and why not the rest",
    "C21": "later: refunds round the clock, for tickets opened from then on",
    "K1": "open, waiting, closed",
    "K2": "48 hours on working days of the storefront's country; late is recorded",
    "K3": "ticket numbers are text of 11 digits",
    "K4": "search by order or ticket number, filters",
    "K5": "units, partial refunds, cancelling units",
    "K6": "support is called in for a reason, and hands back",
    "K7": "five reasons; an unknown one can be read",
    "K8": "who closed is kept; support closes finally",
    "K9": "an interim notice keeps the turn and the clock",
    "K10": "text modules, checked with the policy",
    "K11": "service figures",
    "K12": "seven storefronts",
    "W1": "category, subject and description are required",
    "W2": "the category decides on the team",
    "W3": "an expectation, without consequence",
    "W4": "every answer is notified by e-mail",
    "W5": "the account's users see and add; sharing with a further person",
    "W6": "the customer withdraws",
    "W7": "open tickets are listed, closed ones on demand; all can be looked back at",
    "A1": "7 days for a claim, 11 for a chargeback, or the notice's own deadline",
    "A2": "silence decides for the buyer; a chargeback ends a claim",
    "A3": "advice: refund below an amount, or ask for more",
    "A4": "at most 10 refunds, up to a cap",
    "A5": "order and shipment are kept as evidence",
    "A6": "what a vendor's profile lacks",
    "A7": "who is told what, by the policy",
    "O1": "opened at any hour, taken up in office hours",
    "O2": "answers and the closing are notified",
    "O3": "a reply by e-mail is refused",
    "O4": "possible duplicates; a duplicate's clocks end",
    "O5": "the kind decides on the team",
    "O6": "the history stays readable, with everybody who worked on it",
}


def ids_in(text: str | None) -> set[str]:
    """The rule ids in a text."""
    return set(ID.findall(text or ""))


def policy_lines() -> Iterator[tuple[str, Path, str]]:
    """Each rule id of each preset, with its file and the section that carries it.

    An id stands in a `rule` key, in a comment beside a line, or in one above it.
    """
    for path in sorted(PRESETS.glob("*.toml")):
        section, above = "", set[str]()
        for line in path.read_text(encoding="utf-8").splitlines():
            code, _, comment = line.partition("#")
            section = _section(code, section)
            found = ids_in(comment) | (ids_in(code) if re.match(r"\w*rule = ", code) else set())
            if not code.strip():
                above = above | found if comment else set()
            elif code.startswith("[["):
                above |= found  # its name follows
            else:
                yield from ((rule, path, section) for rule in found | above)
                above = set()


def _section(code: str, section: str) -> str:
    """Where a line stands: "types.refund", "timer refund", "allow share/unshare"."""
    if header := re.match(r"\[+([\w.-]+)\]+", code):
        return header[1]
    named = re.match(r"(?:name|do) = (.*)", code)
    if section and named:
        return f"{section.split(maxsplit=1)[0]} {'/'.join(re.findall('[a-z0-9-]+', named[1]))}"
    return section


def code_files() -> Iterator[tuple[str, Path]]:
    """Each rule id of each file of the code, which quotes it where it keeps the rule."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from ((rule, path) for rule in ids_in(path.read_text(encoding="utf-8")))


def checks() -> Iterator[tuple[str, Path, str]]:
    """Each rule id of each docstring of a test: its file, and the test's class or function."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inner = [n for n in ast.walk(node) if isinstance(n, ast.ClassDef | ast.FunctionDef)]
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and _has_tests(inner):
                found = set[str]().union(*(ids_in(ast.get_docstring(n)) for n in inner))
                yield from ((rule, path, node.name) for rule in sorted(found))


def _has_tests(nodes: list[ast.ClassDef | ast.FunctionDef]) -> bool:
    return any(node.name.startswith("test_") for node in nodes)


def link(path: Path, text: str | None = None) -> str:
    """A link from the page to a file."""
    return f"[{text or path.name}](../../{path.relative_to(ROOT)})"


def cell(places: list[tuple[Path, str]]) -> str:
    """Files, each with what it has of a rule, in their order."""
    files = dict.fromkeys(path for path, _ in places)
    texts = []
    for path in files:
        names = sorted({name for p, name in places if p == path and name})
        texts.append(": ".join(filter(None, [link(path), ", ".join(names)])))
    return "<br>".join(texts)


def table() -> str:
    """The whole page."""
    policies, code, tested = list(policy_lines()), list(code_files()), list(checks())
    page = HEAD
    for letter, system in SYSTEMS.items():
        page += f"\n## {system}\n\n| rule | | policy | code | tests |\n|---|---|---|---|---|\n"
        for rule in (rule for rule in RULES if rule[0] == letter):
            cells = [
                cell([(path, section) for r, path, section in policies if r == rule]),
                cell([(path, "") for r, path in code if r == rule]),
                cell([(path, _shown(path, name)) for r, path, name in tested if r == rule]),
            ]
            page += f"| {rule} | {RULES[rule]} | {' | '.join(cells)} |\n"
    return page


def _shown(path: Path, name: str) -> str:
    """Tests of rules are named, those of rooms only by their file, which quotes the rule too."""
    return name if path.parent.name == "rules" else ""


HEAD = """# Rules

The rules of the five ticket systems: the lines of the policies that carry each, the code that
keeps what is no policy's choice, and the tests that check it. The page is found from the rule ids
in these files and written by `python tools/rule_table.py`; a test keeps it current. Each rule that
can be read in two ways has its other reading in [examples/readings](../../examples/readings).
"""


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")

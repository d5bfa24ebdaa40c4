"""Write the page of rules: where each rule is kept, and which tests check it.

The script finds rule ids in presets, in the code and in the docstrings of tests.
Run ``python tools/rule_table.py`` after a change.
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

DOCS = ROOT / "docs" / "reference"

ID = re.compile(r"\b[CKWAO]\d{1,2}\b")
SYSTEMS = dict(
    zip("CKWAO", ("ClickBank", "Kaufland", "Webshippy", "Amazon Pay", "The office"), strict=True)
)

RULES = {
    "C1": "There are three types of ticket. Customer, vendor or support open them.",
    "C2": "Both parties get an email for each opening, reply, change, warning, closing, refund.",
    "C3": "Every email has the same parts.",
    "C4": "The vendor's emails go to the support address, else to the account's.",
    "C5": "A refund or cancellation is carried out after 24 hours of Monday to Friday.",
    "C6": "Weekends follow the vendor's zone. Nothing expires on one; holidays do not count.",
    "C7": "A request by the vendor takes 5 minutes, in which the vendor may close it.",
    "C8": "A refund pays the order or latest invoice, ends a subscription, closes the ticket.",
    "C9": "A cancellation ends the subscription without money. It needs a recurring product.",
    "C10": "No reply stops a refund. Closing the ticket or changing it to technical support does.",
    "C11": "The vendor ends a customer's request only with the customer's consent.",
    "C12": "Support becomes a refund at any time. The party that sets the type is the requester.",
    "C13": "Support reviews closings and changes. Abuse costs the vendor the grace period.",
    "C14": "The customer may ask for 60 days, the vendor for 90.",
    "C15": "A silent vendor is warned twice; the ticket closes after 6 days, not at a weekend.",
    "C16": "A silent customer is warned after 7 working days; the ticket closes after 14.",
    "C17": "Events by the system are not activity.",
    "C18": "Each warning says that the ticket can become a refund.",
    "C19": "Commands can be sent as JSON.",
    "C20": "A party sees the commands that are possible now, and why the others are not.",
    "C21": "A later version refunds round the clock, for tickets opened from then on.",
    "C22": "The subject of an email tells its kind.",
    "C23": "Both parties get an email when a review is requested, and when it has ended.",
    "C24": "Downloads, invoices, receipts and addresses are the shop's own business.",
    "K1": "A ticket is open, pending or closed.",
    "K2": "An answer is due after 48 hours on working days of the storefront's country.",
    "K3": "Ticket numbers are texts of 11 digits. Another number is refused.",
    "K4": "Tickets are found by order number, ticket number and filters.",
    "K5": "A ticket has an order. A unit is refunded once, for its price at most, or cancelled.",
    "K6": "Support takes a ticket over for a reason, and hands it back.",
    "K7": "There are five reasons. An unknown one can be read.",
    "K8": "The ticket keeps who closed it. A closing by support is final.",
    "K9": "An interim notice leaves the waiting party and the deadline unchanged.",
    "K10": "Templates are checked together with the policy.",
    "K11": "There are service metrics.",
    "K12": "There are seven storefronts.",
    "K13": "Sellers add templates of their own, which are checked like those of the policy.",
    "K14": "Openings and replies carry attachments as references.",
    "W1": "Category, subject and description are required.",
    "W2": "The category selects the team.",
    "W3": "An expected answer time is shown. Missing it has no consequence.",
    "W4": "Every answer is notified by email.",
    "W5": "The account's users see a ticket and add to it. It can be shared with others.",
    "W6": "The customer can withdraw a ticket.",
    "W7": "Lists show open tickets, and closed ones on demand. All of them can be read.",
    "W8": "A ticket can name several orders, shipments or products as examples.",
    "W9": "Without a contract, a customer may open tickets of some categories only.",
    "A1": "A claim has 7 days, a chargeback 11, unless the notice states a deadline.",
    "A2": "Silence decides for the customer. A chargeback ends the claims on its order.",
    "A3": "Advice: refund below an amount, or ask for more information.",
    "A4": "An order has at most 10 refunds, up to a limit.",
    "A5": "Order and shipments are kept as evidence, and can be corrected and completed.",
    "A6": "A checklist shows the gaps in a vendor's profile.",
    "A7": "The policy lists who is notified of which event.",
    "O1": "A ticket can be opened at any hour. Work begins in office hours.",
    "O2": "Answers and the closing are notified.",
    "O3": "A reply by email is refused.",
    "O4": "Possible duplicates are reported. Closing a duplicate ends its timers.",
    "O5": "The kind of problem selects the team.",
    "O6": "The history stays readable, with everybody who worked on the ticket.",
    "O7": "An opening by email is refused.",
    "O8": "An opening needs subject, text and category.",
    "O9": "A ticket with several problems is split. A wrong category is corrected.",
    "O10": "A new ticket can name an earlier, closed one.",
}


def ids_in(text: str | None) -> set[str]:
    """Return the rule ids in a text."""
    return set(ID.findall(text or ""))


def policy_lines() -> Iterator[tuple[str, Path, str]]:
    """Yield each rule id of each preset, with its file and the section that keeps the rule.

    An id is in a `rule` key, in a comment on the same line, or in a comment above it.
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
                above |= found  # its name is on the next line
            else:
                yield from ((rule, path, section) for rule in found | above)
                above = set()


def _section(code: str, section: str) -> str:
    """Return the section of a line: "types.refund", "timer refund", "permission share/unshare"."""
    if header := re.match(r"\[+([\w.-]+)\]+", code):
        return header[1]
    named = re.match(r"(?:name|commands) = (.*)", code)
    if section and named:
        return f"{section.split(maxsplit=1)[0]} {'/'.join(re.findall('[a-z0-9-]+', named[1]))}"
    return section


def code_files() -> Iterator[tuple[str, Path]]:
    """Yield each rule id that a file of the code quotes, or the page on what is out of scope."""
    for path in [*sorted(SOURCE.rglob("*.py")), DOCS / "out-of-scope.md"]:
        yield from ((rule, path) for rule in ids_in(path.read_text(encoding="utf-8")))


def checks() -> Iterator[tuple[str, Path, str]]:
    """Yield each rule id in the docstring of a test, with its file and its class or function."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inner = [n for n in ast.walk(node) if isinstance(n, ast.ClassDef | ast.FunctionDef)]
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and _has_tests(inner):
                found = set[str]().union(*(ids_in(ast.get_docstring(n)) for n in inner))
                yield from ((rule, path, node.name) for rule in sorted(found))


def _has_tests(nodes: list[ast.ClassDef | ast.FunctionDef]) -> bool:
    return any(node.name.startswith("test_") for node in nodes)


def link(path: Path, text: str | None = None) -> str:
    """Return a link from the page to a file."""
    return f"[{text or path.name}](../../{path.relative_to(ROOT)})"


def cell(places: list[tuple[Path, str]]) -> str:
    """Return a table cell: files, each with the names in it that concern a rule."""
    files = dict.fromkeys(path for path, _ in places)
    texts = []
    for path in files:
        names = sorted({name for p, name in places if p == path and name})
        texts.append(": ".join(filter(None, [link(path), ", ".join(names)])))
    return "<br>".join(texts)


def table() -> str:
    """Return the text of the page."""
    policies, code, tested = list(policy_lines()), list(code_files()), list(checks())
    page = HEAD
    for letter, system in SYSTEMS.items():
        page += f"\n## {system}\n\n| id | rule | policy | code | tests |\n|---|---|---|---|---|\n"
        for rule in (rule for rule in RULES if rule[0] == letter):
            cells = [
                cell([(path, section) for r, path, section in policies if r == rule]),
                cell([(path, "") for r, path in code if r == rule]),
                cell([(path, _shown(path, name)) for r, path, name in tested if r == rule]),
            ]
            page += f"| {rule} | {RULES[rule]} | {' | '.join(cells)} |\n"
    return page


def _shown(path: Path, name: str) -> str:
    """Name the tests under tests/rules; for other tests the file is enough."""
    return name if path.parent.name == "rules" else ""


HEAD = """# Rules

The rules of the five support desks. For each rule, the table lists the lines of the policies
that contain it, the code (or page) that keeps it if a policy has no choice, and the tests for it.

The script `tools/rule_table.py` writes this page from the rule ids in these files; a test keeps it
current. A rule that can be read in two ways has its other reading in
[examples/readings](../../examples/readings).
"""


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")

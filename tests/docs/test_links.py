"""The links of README, of the contributing guide and of the docs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def text_of(page: Path) -> str:
    """Return the text of a page without its code blocks and code spans."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
    return re.sub(r"`[^`\n]*`", "code", text)


def links_of(page: Path) -> Iterator[tuple[Path, str]]:
    """Return the target file and the anchor of each relative link on a page."""
    for link in _LINK.findall(text_of(page)):
        if not re.match(r"\w+:", link):
            path, _, anchor = link.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that a forge gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    """Each relative link names an existing file or folder, and a heading if it has an anchor."""
    broken = [
        (str(path), anchor)
        for path, anchor in links_of(page)
        if not path.exists() or (anchor and anchor not in anchors_of(path))
    ]

    assert [] == broken


def test_the_index_leads_to_every_page() -> None:
    """A reader who begins at the index reaches each page of the docs in two clicks."""
    index = ROOT / "docs" / "index.md"
    first = {path for path, _ in links_of(index)}
    second = {path for page in first if page.suffix == ".md" for path, _ in links_of(page)}
    pages = set((ROOT / "docs").rglob("*.md")) - {index}

    assert set() == pages - first - second

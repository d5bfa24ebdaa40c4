"""Texts from files and people, where they are shown: they act on no terminal."""

from unicodedata import category


def visible(text: str) -> str:
    """A text on one line that moves no cursor and turns no direction: what would is escaped."""
    if text.isprintable():
        return text
    return "".join(c if _is_seen(c) else c.encode("unicode_escape").decode() for c in text)


def _is_seen(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"  # a blank that does not break

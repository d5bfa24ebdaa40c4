"""Make text from files and people safe to print on a terminal."""

from unicodedata import category


def visible(text: str) -> str:
    """Escape control and bidirectional characters so that *text* prints safely on one line.

    Every character that Unicode counts as unprintable is escaped, line breaks included. Spaces
    of any width, such as the no-break space in French and Swiss numbers, stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) else c.encode("unicode_escape").decode() for c in text)


def _is_shown(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"

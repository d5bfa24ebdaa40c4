"""Make text from files and people safe to show: on a terminal, in messages, in CSV and in XML.

The cost of a function that cuts depends only on the part that it shows.
"""

import re
from collections.abc import Iterable
from reprlib import Repr
from typing import Final
from unicodedata import category

from ticketcore._internal.limits import MAX_MESSAGE, MAX_QUOTED

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONG_WORD: Final = re.compile(rf"\S{{{MAX_QUOTED + 1},}}")
_NOT_IN_XML: Final = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


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


def csv_cell(value: object) -> object:
    """Return *value* for a CSV file: a text that a spreadsheet would run begins with a quote."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def xml_text(text: str) -> str:
    """Return *text* escaped for an element or attribute of XML.

    Each control character and lone surrogate is replaced by U+FFFD.
    """
    from html import escape

    return escape(re.sub(_NOT_IN_XML, "\N{REPLACEMENT CHARACTER}", text))


def cut(text: str) -> str:
    """Return a text of at most MAX_QUOTED characters; one that was longer ends with ``…``."""
    return text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 1]}…"


def cut_path(path: str) -> str:
    """Return a path, cut only if it is longer than a message: people want to open the file."""
    return path if len(path) <= MAX_MESSAGE else cut(path)


def quoted(text: str) -> str:
    """Return a text in double quotes, on one line; a long one is cut."""
    return f'"{visible(cut(text))}"'


def short(value: object) -> str:
    """Return *value* as Python writes it, shortened as `cut` does, even if nested or very long."""
    try:
        return cut(_SHORT.repr(value))
    except ValueError:  # Python refuses to write an integer with more than 4,300 digits
        return "a number with thousands of digits"


_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 4 * MAX_QUOTED  # the middle is left out
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = MAX_QUOTED // 2


def briefly(sentence: str) -> str:
    """Return at most MAX_MESSAGE characters of a sentence, with long words shortened by `cut`.

    It is for sentences that contain a name or a text from outside.
    """
    if len(sentence) <= MAX_QUOTED:
        return sentence
    words_cut = _LONG_WORD.sub(lambda word: cut(word[0]), sentence)
    return words_cut if len(words_cut) <= MAX_MESSAGE else f"{words_cut[: MAX_MESSAGE - 1]}…"


def has_visible(text: str) -> bool:
    """Return whether *text* has a character that a reader sees.

    Spaces, control characters, marks without a letter, and letters that are drawn as nothing are
    not visible.
    """
    return any(_is_visible(character) for character in text)


_DRAWN_AS_NOTHING = "\N{BRAILLE PATTERN BLANK}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
_DRAWN_AS_NOTHING += "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"


def _is_visible(character: str) -> bool:
    if "!" <= character <= "~":
        return True
    return category(character)[0] in "LNPS" and character not in _DRAWN_AS_NOTHING


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal, such as ``84.5 %``; ``-`` of nothing.

    Only nothing is ``0.0 %``, and only the whole is ``100.0 %``.
    """
    if not whole:
        return "-"
    tenths = round(1000 * part / whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths / 10:.1f} %"


def time_words(seconds: float) -> str:
    """Return a signed time in its two largest units: ``-3 d``, ``+2 h 5 min``."""
    rest = round(abs(seconds))
    parts = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number} {unit}")
    if not parts:
        return "0 min"
    return f"{'-' if seconds < 0 else '+'}{' '.join(parts[:2])}"


def either(choices: Iterable[str]) -> str:
    """List choices as a sentence does: ``a``, ``a or b``, ``a, b or c``."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last

"""Text for XML documents: escaped, and without the characters that XML cannot hold."""

import re
from html import escape

_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return *text* escaped for an element or attribute.

    Each control character and lone surrogate is replaced by U+FFFD.
    """
    return escape(_IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text))

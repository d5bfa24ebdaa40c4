"""Text for XML documents: escaped, and without the characters that XML cannot hold."""

import re

_IMPOSSIBLE = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def xml_text(text: str) -> str:
    """Return *text* escaped for an element or attribute.

    Each control character and lone surrogate is replaced by U+FFFD.
    """
    return re.sub(_IMPOSSIBLE, "\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPED)

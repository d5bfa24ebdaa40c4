"""Amounts of money as logs write them: `1.234,50 EUR`, `EUR 1,234.5`, `$12 USD`, `49.9900 USD`."""

import re
from contextlib import suppress
from typing import Final
from unicodedata import category

from ticketcore.errors import MoneyError
from ticketcore.events import Money

_CODE: Final = re.compile(r"\b[A-Z]{3}\b")
_NUMBER: Final = re.compile(
    r"(-?)\s*([0-9]{1,3}(?:(?P<mark>[.,'\u2019\s])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[0-9]+)"
    r"(?:(?!(?P=mark))[.,]([0-9]+))?"
)


def amount_of(text: str) -> Money:
    """Read an amount with the code of its currency, without rounding.

    Marks between groups of three digits separate thousands. Raises MoneyError for other text,
    and for one that can be read in two ways, such as ``1.234 EUR``.
    """
    with suppress(MoneyError):
        return Money.parse(text)
    codes = _CODE.findall(text)
    if len(codes) != 1:
        raise MoneyError(text, 'expected one code of a currency; add it, as in "{Amount} EUR"')
    (code,) = codes
    bare = "".join([c for c in _CODE.sub("", text) if category(c) != "Sc"])
    match = _NUMBER.fullmatch(bare.strip())
    if match is None:
        raise MoneyError(text, "write it like '49.00 USD'")
    sign, whole, mark, part = match.groups(default="")
    digits = len(str(Money(0, code)).partition(" ")[0].partition(".")[2])
    if mark in (".", ",") and whole.count(mark) == 1 and digits and not part:
        raise MoneyError(
            text, f"the mark may be for thousands or decimals: write {digits} decimals"
        )
    minor = (part[:digits] + part[digits:].rstrip("0")).ljust(digits, "0")
    plain = "".join(re.findall("[0-9]+", whole))
    return Money.parse(f"{sign}{plain}{'.' if minor else ''}{minor} {code}")

"""The languages of templates and words."""

import pytest
from babel import Locale

from ticketcore.policies.tables._languages import CODES, LANGUAGE


def test_the_codes_are_those_of_another_library() -> None:
    """The two-letter codes are those that Babel names, without a withdrawn one."""
    named = {code for code in map(str, Locale("en").languages) if len(code) == 2}

    assert named - {"sh"} == CODES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xx", '"xh"'),
        ("zz", 'one of "za", "zh", "zu"'),
        ("DE", '"de"'),
        ("de-AT", '"de"'),
        ("ita", '"it"'),
        ("German", 'one such as "de"'),
        ("", 'one such as "de"'),
        ("99", 'one such as "de"'),
        ("xd", '"xh"'),
    ],
)
def test_another_text_is_refused_with_the_nearest_codes(text: str, expected: str) -> None:
    """K13: a wrong code is refused with the code that it begins with, or those like it."""
    with pytest.raises(ValueError, match="not an ISO 639-1 language code") as caught:
        LANGUAGE.parse(text)

    assert str(caught.value).endswith(f"expected {expected}")

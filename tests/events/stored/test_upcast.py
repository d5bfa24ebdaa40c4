"""Converting bodies of older schemas."""

from typing import Any

import pytest

from ticketcore.errors import CodecError
from ticketcore.events.stored._upcast import upcast


def test_a_body_passes_all_upcasters_up_to_the_present_schema() -> None:
    """A body of the present schema is returned as it is."""
    upcasters = {
        ("replied", 1): lambda body: {"party": body["actor"]},
        ("replied", 2): lambda body: {"by": body["party"].lower()},
    }

    def current(schema: int, body: dict[str, Any]) -> dict[str, Any]:
        return upcast("replied", schema, body, current=3, upcasters=upcasters)

    assert [{"by": "vendor"}] * 3 == [
        current(1, {"actor": "VENDOR"}),
        current(2, {"party": "Vendor"}),
        current(3, {"by": "vendor"}),
    ]


@pytest.mark.parametrize("schema", [0, -1])
def test_a_schema_that_never_existed_is_refused(schema: int) -> None:
    """A schema number that never existed is refused with the event's name."""
    with pytest.raises(CodecError) as caught:
        upcast("replied", schema, {}, current=1)

    message = f"schema: expected a schema of 'replied' that exists, found {schema}"
    assert message == str(caught.value)

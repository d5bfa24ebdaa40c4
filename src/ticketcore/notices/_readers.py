"""How somebody reads and is reached, as the host's directory knows it."""

import re
from collections.abc import Mapping

import attrs

from ticketcore.calendar import zone_of
from ticketcore.errors import CalendarError, NoticeError
from ticketcore.notices._plain import one_line
from ticketcore.policies import Address, Policy, Role

# What HTML takes for an e-mail address: one address, in ASCII, without comments or quotes.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def _checked(reader: object, attribute: object, address: str) -> None:
    if not _ADDRESS.fullmatch(address):
        raise NoticeError("address", address, "is no e-mail address in ASCII")


def _check_all(reader: object, attribute: object, addresses: Mapping[Address, str]) -> None:
    for address in addresses.values():
        _checked(reader, attribute, address)


def _known_zone(reader: object, attribute: object, zone: str) -> None:
    try:
        zone_of(zone)
    except CalendarError:
        raise NoticeError("zone", zone, "is no IANA time zone") from None


@attrs.frozen(kw_only=True)
class Reader:
    """Somebody who reads: where he is reached, in which language, and in which zone.

    *locale* is a language, perhaps with a country ("de", "de-AT"): dates and money are written
    its way. *zone* is an IANA zone. Raises NoticeError for an address or a zone that is none.
    """

    addresses: Mapping[Address, str] = attrs.field(factory=dict, validator=_check_all)
    name: str = attrs.field(default="", converter=one_line)
    locale: str = "en"
    zone: str = attrs.field(default="UTC", validator=_known_zone)


@attrs.frozen(kw_only=True)
class Sender:
    """Who sends. The domain of *address* is that of the message ids, too."""

    address: str = attrs.field(validator=_checked)
    name: str = attrs.field(default="", converter=one_line)

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


def address_of(reader: Reader, role: Role, policy: Policy) -> str:
    """Where somebody is told, by the policy's choice for his role (C4, O2).

    Without a choice it is the address of the account. Raises NoticeError where there is none.
    """
    wanted = policy.notification_settings.addresses.get(role, ("account",))
    for address in wanted:
        if address in reader.addresses:
            return reader.addresses[address]
    found = ", ".join(reader.addresses) or "none"
    why = f"is not there: the {role} is reached at {' or '.join(wanted)}"
    raise NoticeError("address", found, why)

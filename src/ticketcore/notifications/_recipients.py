"""Recipients and senders of e-mails, and the choice between a recipient's addresses."""

import re
from collections.abc import Mapping

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.terminal import either
from ticketcore.calendar import zone_of
from ticketcore.errors import CalendarError, NotificationError
from ticketcore.notifications._sanitizing import one_line
from ticketcore.policies import AddressKind, Policy

# The addresses that an HTML form accepts: one address, in ASCII, without comments or quotes.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def _check_address(instance: object, attribute: object, address: str) -> None:
    if not _ADDRESS.fullmatch(address):
        raise NotificationError("address", address, "is not an e-mail address in ASCII")


def _check_addresses(
    instance: object, attribute: object, addresses: Mapping[AddressKind, str]
) -> None:
    for address in addresses.values():
        _check_address(instance, attribute, address)


def _check_zone(instance: object, attribute: object, zone: str) -> None:
    try:
        zone_of(zone)
    except CalendarError:
        why = "is not a time zone: give an IANA name such as Europe/Rome"
        raise NotificationError("zone", zone, why) from None


@attrs.frozen(kw_only=True)
class Recipient:
    """A person or party that receives e-mails: addresses, language and time zone.

    *locale* is a language with or without a country, such as "de" or "de-AT"; it decides how dates
    and money are written. *zone* is an IANA time zone. Raises NotificationError for an invalid
    address or zone.
    """

    addresses: Mapping[AddressKind, str] = attrs.field(factory=dict, validator=_check_addresses)
    name: str = attrs.field(default="", converter=one_line)
    locale: str = "en"
    zone: str = attrs.field(default="UTC", validator=_check_zone)


@attrs.frozen(kw_only=True)
class Sender:
    """The sender of e-mails. Message ids use the domain of *address*.

    Raises NotificationError for an invalid address.
    """

    address: str = attrs.field(validator=_check_address)
    name: str = attrs.field(default="", converter=one_line)

    @property
    def domain(self) -> str:
        """The part of the address after the @."""
        return self.address.rpartition("@")[2]


@typed
def address_of(recipient: Recipient, role: str, policy: Policy) -> str:
    """Return the address at which to reach a recipient, as the policy chooses for the role.

    The policy may list several kinds of address for a role, of which the first that the recipient
    has is used (C4, O2). Without a list it is the address of the account. Raises NotificationError
    if the recipient has none of them.
    """
    addresses = policy.notification_settings.addresses.items()
    wanted = next((kinds for name, kinds in addresses if name == role), ("account",))
    for kind in wanted:
        if kind in recipient.addresses:
            return recipient.addresses[kind]
    known = ", ".join(recipient.addresses) or "none"
    why = f"is not where the policy sends to: add the {either(wanted)} address of the {role}"
    raise NotificationError("address", known, why)

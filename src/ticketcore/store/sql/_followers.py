"""Followers: which tickets they have not seen, and leases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from ticketcore.errors import LeaseLostError
from ticketcore.store._order import check_follower
from ticketcore.store._store import Lease
from ticketcore.store.sql._base import of_tenant
from ticketcore.store.sql._orders import Orders


class Followers(Orders):
    """The methods of `SqlStore` for followers."""

    def take(
        self,
        db: Connection,
        follower: str,
        *,
        now: datetime,
        until: datetime,
        tenant: str | None = None,
    ) -> Lease | None:
        self._check_locks(db)
        check_follower(follower, self.followers)
        name, values = of_tenant("next_mark", tenant)
        row = self._run(db, name, {**values, "at_follower": follower, "now": now}).one_or_none()
        if row is None:
            return None
        lease = Lease(
            tenant=row.tenant,
            follower=follower,
            ticket=row.ticket,
            seen=row.seen,
            events=self.events(db, row.ticket, after=row.seen, tenant=row.tenant),
            rewrites=row.rewrites,
            attempts=row.attempts + 1,
            token=uuid4().hex,
        )
        self._run(
            db, "lease_mark", {**_place(lease), "new_lease": lease.token, "new_free_at": until}
        )
        return lease

    def settle(self, db: Connection, lease: Lease) -> None:
        # An append that runs at the same time holds the mark or waits for it. So one of the two
        # statements finds the mark in its final state.
        place = {**_place(lease), "at_lease": lease.token}
        newest = {"at_newest": lease.last_seq, "at_rewrites": lease.rewrites}
        if self._run(db, "end_mark", {**place, **newest}).rowcount:
            return
        left = {**place, "new_seen": lease.last_seq, "done": lease.rewrites}
        if not self._run(db, "settle_mark", left).rowcount:
            raise LeaseLostError(lease.follower, lease.ticket)

    def give_back(
        self, db: Connection, lease: Lease, *, until: datetime | None, reason: str
    ) -> None:
        values = {
            **_place(lease),
            "at_lease": lease.token,
            "new_free_at": until,
            "new_set_aside": reason if until is None else None,
        }
        if not self._run(db, "give_back", values).rowcount:
            raise LeaseLostError(lease.follower, lease.ticket)

    def retry(self, db: Connection, follower: str, number: str, *, tenant: str = "") -> None:
        check_follower(follower, self.followers)
        place = {"at_tenant": tenant, "at_follower": follower, "at_ticket": number}
        self._run(db, "retry_mark", place)

    def start_follower(self, db: Connection, follower: str) -> None:
        check_follower(follower, self.followers)
        self._run(db, "mark_all", {"follower": follower})


def _place(lease: Lease) -> Mapping[str, Any]:
    return {
        "at_tenant": lease.tenant,
        "at_follower": lease.follower,
        "at_ticket": lease.ticket,
    }

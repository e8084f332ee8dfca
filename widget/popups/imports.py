"""Storing the addresses of a file, so that importing it again adds nothing; nobody is mailed."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from widget.core.background import pause
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.core.import_runs import RowImport, Rows, Stored
from widget.core.importing import RowFile, RowRefused
from widget.customers.schemas import is_address
from widget.customers.suppressions import find_suppressed, hash_address, suppress_address
from widget.popups.asking import take_address_turns
from widget.popups.confirming import unsubscribe_lead
from widget.popups.consents import Agreed, add_consent
from widget.popups.import_rows import AddressRow, choose_targets, read_address
from widget.popups.joining import join_confirmed
from widget.popups.lead_models import Lead
from widget.popups.lead_queries import map_leads

SOURCE = "import"


class AddressImporter:
    """One import into one site: of leads, or of those who want no more mails."""

    def __init__(self, site_id: uuid.UUID, mapping: Mapping[str, str], day_order: str | None, now: datetime) -> None:
        self._site_id, self._mapping, self._day_order, self._now = site_id, mapping, day_order, now
        self._seen: set[str] = set()

    def to_run(self, file: RowFile, *, dry_run: bool) -> RowImport[AddressRow]:
        """Return the run over a file; raise FileRefused for columns that do not fit."""
        choose_targets(file.columns, self._mapping)
        return RowImport(file, self.parse, self.foresee if dry_run else self.store)

    def parse(self, rows: Rows) -> AddressRow:
        """Read a row; raise RowRefused, also for no address a mail can be sent to."""
        row = read_address(rows[0], self._mapping, self._day_order)
        if not is_address(row.email):
            raise RowRefused("", "A mail cannot be sent to this address.")
        return row

    def foresee(self, batch: list[AddressRow]) -> Stored:
        """Return what a real import would do with a batch."""
        stored = self._store_all(batch)
        db.session.rollback()
        return stored

    def store(self, batch: list[AddressRow]) -> Stored:
        """Store a batch in one transaction."""
        stored = self._store_all(batch)
        db.session.commit()
        pause()
        return stored

    def _store_all(self, batch: list[AddressRow]) -> Stored:
        begin_writing_anew()
        # Who signs up meanwhile is known, or waits.
        take_address_turns(self._site_id, [row.key for row in batch])
        known = map_leads(self._site_id, [row.key for row in batch])
        suppressed = find_suppressed(self._site_id, [row.email for row in batch])
        outcomes = []
        for row in sorted(batch, key=lambda row: row.key):
            if row.key in self._seen:
                continue
            self._seen.add(row.key)
            outcomes.append(self._take(row, known.get(row.key), is_suppressed=row.email in suppressed))
        return Stored(outcomes.count("new"), outcomes.count("changed"))

    def _take(self, row: AddressRow, lead: Lead | None, *, is_suppressed: bool) -> str:
        """Store one address: an import changes nothing of a known one but that its mails end."""
        if lead is not None:
            is_changed = row.state == "unsubscribed" and unsubscribe_lead(lead, self._now)
            return "changed" if is_changed else "known"
        lead = Lead(
            site_id=self._site_id,
            id=new_id(),
            email=row.email,
            email_key=row.key,
            name=row.name,
            fields={},
            # Who wants no more mails stays so, whatever an older list says.
            state="unsubscribed" if is_suppressed else row.state,
            source=SOURCE,
            language=row.language,
            created_at=row.created_at or row.confirmed_at or self._now,
        )
        self._set_times(lead, row)
        db.session.add(lead)
        db.session.flush()
        self._keep_steps(lead, row)
        return "new"

    def _set_times(self, lead: Lead, row: AddressRow) -> None:
        lead.confirmed_at = row.confirmed_at if lead.state != "unconfirmed" else None
        if lead.state == "unsubscribed":
            lead.unsubscribed_at = row.unsubscribed_at or self._now

    def _keep_steps(self, lead: Lead, row: AddressRow) -> None:
        agreed = Agreed(row.consent, None, None, row.language) if row.consent else None
        add_consent(lead, "given", agreed, lead.created_at)
        if lead.confirmed_at is not None:
            add_consent(lead, "confirmed", agreed, lead.confirmed_at)
            join_confirmed(lead)
        if lead.unsubscribed_at is not None:
            add_consent(lead, "withdrawn", None, lead.unsubscribed_at)
            suppress_address(self._site_id, hash_address(self._site_id, lead.email))


class UnsubscribeImporter(AddressImporter):
    """An import of addresses whose readers want no more mails, leads or not."""

    def _take(self, row: AddressRow, lead: Lead | None, *, is_suppressed: bool) -> str:
        is_ended = lead is not None and unsubscribe_lead(lead, self._now)
        suppress_address(self._site_id, hash_address(self._site_id, row.email))
        return "new" if is_ended or not is_suppressed else "known"

"""Storing the balances of a file, so that importing it again adds nothing."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from widget.core.background import pause
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.hot import HotCursor
from widget.core.import_runs import RowImport, Rows, Stored
from widget.core.importing import FileRefused, RowFile, RowRefused
from widget.customers.buyers import Told, resolve_buyers
from widget.loyalty.entries import Cause
from widget.loyalty.import_formats import OURS
from widget.loyalty.import_rows import Balance, BalanceReader, Reading
from widget.loyalty.ledger import open_book
from widget.loyalty.models import LedgerEntry
from widget.loyalty.tier_pins import pin_tier

# What a file says of a name is older than whatever the store itself told.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def prepare_import(site_id: uuid.UUID, file: RowFile, reading: Reading, actor: str) -> "BalanceImporter":
    """Return the importer of a file into a site; raise FileRefused for columns that do not fit."""
    targets = list(reading.form.targets.values())
    for name in reading.mapping.values():
        if name and name not in OURS:
            raise FileRefused(f"The map names {name}, which is no column of ours. Ours are: {', '.join(OURS)}.")
    if file.columns:
        if missing := reading.mapping.keys() - set(file.columns):
            raise FileRefused(f"The map names a column that the file does not have: {min(missing)}.")
        for name in targets:
            if targets.count(name) > 1:
                raise FileRefused(f'Two columns would be {name}: leave one out with a map to "".')
        if "points" not in targets or not {"email", "customer"} & set(targets):
            raise FileRefused(
                "The file is no export known here: no column is called points, or none email or customer. Name them "
                'with a map: {"their column": "points", "another": "email"}.'
            )
    return BalanceImporter(site_id, reading, actor)


class BalanceImporter:
    """One import into one site: every row is an entry of its own, known again by whose balance it is."""

    def __init__(self, site_id: uuid.UUID, reading: Reading, actor: str) -> None:
        self._site_id, self._reading, self._actor = site_id, reading, actor
        self._reader = BalanceReader(reading)
        self._told: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def to_run(self, file: RowFile, *, dry_run: bool) -> RowImport[Balance]:
        """Return the run over a file."""
        return RowImport(file, self.parse, self.foresee if dry_run else self.store)

    def parse(self, rows: Rows) -> Balance:
        """Read a row; raise RowRefused, also for a balance that was told otherwise before."""
        balance = self._reader.read(rows[0])
        key = balance.key(self._reading.source)
        if self._told.setdefault(key, balance.content) != balance.content:
            raise RowRefused("", "This customer stands further up in the file, with another balance.")
        before = self._find_known(key)
        if before is not None and before != balance.content:
            message = (
                f"A balance of this customer was brought over from {self._reading.source} before, and it was another. "
                "Adjust it by hand, or name what this file is with --source."
            )
            raise RowRefused(self._reading.form.name_column("points"), message)
        return balance

    def foresee(self, batch: list[Balance]) -> Stored:
        """Return what a real import would do with a batch."""
        new = self._pick_new(batch)
        self._note(new)
        db.session.rollback()
        return Stored(len(new))

    def store(self, batch: list[Balance]) -> Stored:
        """Store a batch in one transaction."""
        new = self._pick_new(batch)
        if new:
            begin_writing_anew()
            told = [Told(balance.buyer, _LONG_AGO) for balance in new.values()]
            ids = resolve_buyers(self._site_id, told).ids
            owned = [(customer_id, key) for customer_id, key in zip(ids, new, strict=True) if customer_id is not None]
            cursor = session_cursor()
            # Accounts are locked in one order everywhere, so that two transactions never wait for each other.
            for customer_id, key in sorted(owned, key=lambda pair: (str(pair[0]), pair[1])):
                self._bring(cursor, customer_id, key, new[key])
            db.session.commit()
            pause()
        self._note(new)
        return Stored(len(new))

    def _bring(self, cursor: HotCursor, customer_id: uuid.UUID, key: str, balance: Balance) -> None:
        reading = self._reading
        if balance.points:
            opened = open_book(cursor, self._site_id, customer_id, reading.now)
            cause = Cause(
                source=key,
                actor=self._actor,
                rule="import",
                reason={"from": reading.source, "content": balance.content},
                key=key,
            )
            if balance.points > 0:
                usual = reading.program.expires_at(reading.now) if reading.program else None
                opened.book.credit(balance.points, "adjust", cause, expires_at=balance.expires_at or usual)
            else:
                opened.book.take_back(-balance.points, "adjust", cause)
            opened.save()
        if balance.tier:
            reason = f"Brought over from {reading.source}"
            said = {"actor": self._actor, "reason": reason}
            pin_tier(cursor, self._site_id, customer_id, balance.tier, reading.now, **said)

    def _pick_new(self, batch: list[Balance]) -> dict[str, Balance]:
        """Return the balances of a batch that are not there yet, by their keys, each once."""
        new: dict[str, Balance] = {}
        for balance in batch:
            key = balance.key(self._reading.source)
            if key not in self._known and (balance.points or balance.tier):
                new[key] = balance
                self._known[key] = balance.content
            self.counts["empty"] += not balance.points
        return new

    def _note(self, new: Mapping[str, Balance]) -> None:
        self.counts["points"] += sum(balance.points for balance in new.values())
        self.counts["tiers"] += sum(balance.tier is not None for balance in new.values())

    def _find_known(self, key: str) -> str | None:
        """Return what an entry with a key says of its row, None where there is none."""
        if key not in self._known:
            is_known = (LedgerEntry.site_id == self._site_id, LedgerEntry.key == key)
            reason = db.session.scalar(select(LedgerEntry.reason).where(*is_known))
            if reason is None:
                return None
            self._known[key] = reason.get("content", "")
        return self._known[key]


def list_notes(importer: BalanceImporter, *, dry_run: bool) -> Iterator[str]:
    """Yield what an import did beside its counts."""
    counts = importer.counts
    came, were = ("would come", "would be") if dry_run else ("came", "were")
    yield f"{counts['points']} points {came} with them."
    if counts["tiers"]:
        yield f"{counts['tiers']} tiers {were} set by hand; let them go on a customer's page."
    if counts["empty"]:
        yield f"{counts['empty']} rows have no points: nothing stands in the ledger for those."

"""Storing the orders of a file, so that importing it again changes nothing."""

import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime

from widget.core.background import pause
from widget.core.db import begin_writing, db
from widget.core.import_runs import RowImport, Rows, Stored
from widget.core.importing import FileRefused, RowFile, RowRefused
from widget.intake.import_formats import find_unknown_target
from widget.intake.import_orders import OrderReader, Reading
from widget.intake.service import take_orders
from widget.orders.documents import OrderDocument
from widget.orders.recording import foresee_orders

SOURCE = "import"
NEEDED = ("placed_at", "total")


def prepare_import(
    site_id: uuid.UUID, file: RowFile, reading: Reading, as_of: datetime | None, *, dry_run: bool
) -> RowImport[OrderDocument]:
    """Return the import of a file into a site; raise FileRefused for columns that do not fit."""
    _require_columns(file, reading)
    importer = OrderImporter(site_id, OrderReader(reading, file.columns), as_of)
    store = importer.foresee if dry_run else importer.store
    return RowImport(file, importer.parse, store, importer.gather)


def _require_columns(file: RowFile, reading: Reading) -> None:
    form = reading.form
    if unknown := find_unknown_target(form):
        raise FileRefused(f"The map names {unknown}, which is no column of ours.")
    if not file.columns:
        return
    if missing := reading.mapping.keys() - set(file.columns):
        raise FileRefused(f"The map names a column that the file does not have: {min(missing)}.")
    targets = list(form.targets.values())
    if form.title in ("plain orders", "orders with a map"):
        for name in targets:
            if targets.count(name) > 1:
                raise FileRefused(f'Two columns would be {name}: leave one out with a map to "".')
    if "currency" not in targets and reading.currency is None:
        raise FileRefused("No column is called currency, and the site has no reporting currency: say --currency EUR.")
    for name in NEEDED:
        if name not in targets:
            raise FileRefused(
                f"No column is called {name}. The file is no export known here; name the column with a map: "
                f'{{"their column": "{name}"}}.'
            )


class OrderImporter:
    """One import into one site.

    An order without an id gets one from its content and from how often that came before in the file: the same
    file names the same orders again, and real duplicates stay.
    """

    def __init__(self, site_id: uuid.UUID, reader: OrderReader, as_of: datetime | None) -> None:
        self._site_id, self._reader, self._as_of = site_id, reader, as_of
        self.gather = reader.gather
        self._occurrences: Counter[bytes] = Counter()
        self._digests: dict[str, str] = {}

    def parse(self, rows: Rows) -> OrderDocument:
        """Read an order and give it its id; raise RowRefused."""
        order = self._reader.read(rows)
        if not order.external_id:
            content = uuid.uuid5(self._site_id, order.version.digest)
            self._occurrences[content.bytes] += 1
            order = replace(order, external_id=f"row-{uuid.uuid5(content, str(self._occurrences[content.bytes]))}")
        elif not self._reader.tells_changes or self._reader.has_lines:
            self._require_once(order)
        if self._as_of and order.updated_at < self._as_of and not self._reader.tells_changes:
            order = replace(order, updated_at=self._as_of)
        return order

    def _require_once(self, order: OrderDocument) -> None:
        """Refuse an order that stands in the file already and says something else: nothing tells which is newer."""
        digest = order.version.digest
        if self._digests.setdefault(order.external_id, digest) != digest:
            name = order.external_id
            raise RowRefused("", f"The order {name} stands further up in the file, and says something else there.")

    def foresee(self, batch: list[OrderDocument]) -> Stored:
        """Return what a real import would do with a batch."""
        stored = _count(foresee_orders(self._site_id, batch))
        db.session.rollback()
        return stored

    def store(self, batch: list[OrderDocument]) -> Stored:
        """Store a batch in one transaction."""
        begin_writing()
        recorded = take_orders(self._site_id, batch, SOURCE)
        db.session.commit()
        pause()
        return _count([one.outcome for one in recorded])


def _count(outcomes: list[str]) -> Stored:
    counts = Counter(outcomes)
    return Stored(counts["new"], counts["changed"], counts["older"])

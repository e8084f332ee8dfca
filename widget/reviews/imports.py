"""Storing the reviews of a file, so that importing it again changes nothing."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from widget.core.background import pause
from widget.core.db import begin_writing, db
from widget.core.import_runs import RowImport, Rows, Stored
from widget.core.importing import FileRefused, RowFile, RowRefused, SourceRow
from widget.reviews.history import SYSTEM
from widget.reviews.import_formats import is_target
from widget.reviews.import_headers import OURS
from widget.reviews.import_products import ProductNames
from widget.reviews.import_rows import ImportedReview, Reading, RowReader
from widget.reviews.import_scan import gather_replies, is_answer, settle_days
from widget.reviews.import_storing import ReviewStoring
from widget.reviews.media_fetching import FetchedPhotos
from widget.reviews.models import Review
from widget.sites.models import Site

Identified = tuple[uuid.UUID, ImportedReview]
# Fetches the pictures of a review from their addresses, in a transaction that is to be committed.
Fetch = Callable[[uuid.UUID, uuid.UUID, Sequence[str]], FetchedPhotos]


@dataclass(frozen=True)
class Wishes:
    """What an owner wants of an import; without `fetch` the addresses of pictures are passed over."""

    only_known_products: bool = False
    fetch: Fetch | None = None
    actor: str = SYSTEM


def prepare_import(site: Site, file: RowFile, reading: Reading, wishes: Wishes) -> "ReviewImporter":
    """Return the importer of a file into a site; raise FileRefused for columns or dates that cannot be read."""
    _require_columns(file, reading)
    reading = settle_days(file, reading)
    return ReviewImporter(site, reading, gather_replies(file, reading), wishes)


def _require_columns(file: RowFile, reading: Reading) -> None:
    targets = list(reading.form.targets.values())
    ours = f"Ours are: {', '.join(OURS)}, and attribute.<key> for what you ask beyond stars."
    for name in reading.mapping.values():
        if name and not is_target(name):
            raise FileRefused(f"The map names {name}, which is no column of ours. {ours}")
    if reading.form.provider is None and (strange := [name for name in targets if not is_target(name)]):
        raise FileRefused(
            f"{strange[0][:80]} is no attribute: its key is made of small letters, digits and underscores."
        )
    if not file.columns:
        return
    if missing := reading.mapping.keys() - set(file.columns):
        raise FileRefused(f"The map names a column that the file does not have: {min(missing)}.")
    for name in targets:
        if targets.count(name) > 1:
            raise FileRefused(f'Two columns would be {name}: leave one out with a map to "".')
    if "rating" not in targets or not {"product", "handle", "sku"} & set(targets):
        raise FileRefused(
            "The file is no export known here: no column is called rating, or none product. Name them with a map: "
            f'{{"their column": "rating", "another": "product", "a third": ""}}. {ours}'
        )


class ReviewImporter:
    """One import into one site.

    A review without an id gets one from what it says and from how often that came before in the file: the same file
    names the same reviews again, and real duplicates stay.
    """

    def __init__(self, site: Site, reading: Reading, replies: Mapping[str, Any], wishes: Wishes) -> None:
        self._site_id, self._form, self._wishes = site.id, reading.form, wishes
        self._storing = ReviewStoring(site, reading.now, wishes.actor)
        self._reader, self._replies = RowReader(reading, replies), replies
        self._occurrences: Counter[str] = Counter()
        self._tried_ids: set[uuid.UUID] = set()
        self.products = ProductNames(site.id)
        self.attributes = reading.attributes
        # What happened beside the counts of every import: rows that are something else, and pictures.
        self.counts: Counter[str] = Counter()
        # Why pictures could not be fetched.
        self.failures: Counter[str] = Counter()

    def to_run(self, file: RowFile, *, dry_run: bool) -> RowImport[Identified]:
        """Return the run over a file."""
        return RowImport(file, self.parse, self.foresee if dry_run else self.store, self.gather)

    def gather(self, rows: Iterable[SourceRow]) -> Iterator[Rows]:
        """Yield the rows that are reviews of products, one by one."""
        for row in rows:
            values = {} if row.problem else self._reader.take(row)
            if not row.problem and is_answer(values):
                self.counts["answers"] += 1
            elif not row.problem and self._is_other(values):
                self.counts["others"] += 1
            else:
                yield (row,)

    def _is_other(self, values: Mapping[str, Any]) -> bool:
        without = self._form.other_without
        if without == "product":
            return not {"product", "handle", "sku"} & values.keys() or values.get("product") == "yotpo_site_reviews"
        return bool(without) and str(values.get(without, "0")).strip() == "0"

    def parse(self, rows: Rows) -> Identified:
        """Read a row and give it its id; raise RowRefused."""
        review = self._reader.read(rows[0])
        if self._wishes.only_known_products and self.products.find(review.products) is None:
            column = self._form.name_column("product")
            raise RowRefused(column, f"Neither orders nor the store know a product called {review.products[0]}.")
        self.counts["replies"] += review.file_id in self._replies
        return self._identify(review), review

    def _identify(self, review: ImportedReview) -> uuid.UUID:
        if review.file_id:
            if self._form.provider is None and _is_uuid(review.file_id):
                return uuid.UUID(review.file_id)
            return uuid.uuid5(self._site_id, f"{self._form.provider or ''}:{review.file_id}")
        self._occurrences[review.content] += 1
        return uuid.uuid5(self._site_id, f"{review.content}{self._occurrences[review.content]}")

    def foresee(self, batch: list[Identified]) -> Stored:
        """Return what a real import would do with a batch."""
        new = {review_id: row for review_id, row in self._pick_new(batch).items() if review_id not in self._tried_ids}
        self._tried_ids.update(new)
        for _, row in batch:
            self.products.choose(row.products)
            self.counts["pictures"] += len(row.photos)
        db.session.rollback()
        return Stored(len(new))

    def store(self, batch: list[Identified]) -> Stored:
        """Store a batch in one transaction, and then the pictures of its reviews."""
        begin_writing()
        chosen = {review_id: self.products.choose(row.products) for review_id, row in batch}
        stored = self._storing.store(self._pick_new(batch), chosen)
        db.session.commit()
        pause()
        self._fetch_pictures(batch)
        return Stored(len(stored))

    def _pick_new(self, batch: list[Identified]) -> dict[uuid.UUID, ImportedReview]:
        ids = {review_id for review_id, _ in batch}
        is_one = (Review.site_id == self._site_id, Review.id.in_(ids))
        known = set(db.session.scalars(select(Review.id).where(*is_one)))
        new: dict[uuid.UUID, ImportedReview] = {}
        for review_id, row in batch:
            if review_id not in known:
                new.setdefault(review_id, row)
        return new

    def _fetch_pictures(self, batch: list[Identified]) -> None:
        """Fetch the pictures of reviews that have none yet, each review in a transaction of its own."""
        with_pictures = {review_id: row.photos for review_id, row in batch if row.photos}
        self.counts["pictures"] += sum(map(len, with_pictures.values()))
        if self._wishes.fetch is None or not with_pictures:
            return
        is_bare = (Review.site_id == self._site_id, Review.id.in_(with_pictures), Review.photos == 0)
        bare = set(db.session.scalars(select(Review.id).where(*is_bare)))
        db.session.rollback()
        for review_id in sorted(bare):
            fetched = self._wishes.fetch(self._site_id, review_id, with_pictures[review_id])
            db.session.commit()
            self.counts["fetched"] += len(fetched.stored)
            self.failures.update(fetched.failed.values())


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False

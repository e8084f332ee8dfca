"""What an import of reviews tells beside its counts, without anything personal."""

from collections.abc import Iterator

from widget.reviews.import_rows import Reading
from widget.reviews.imports import ReviewImporter, Wishes

NAMED_PRODUCTS = 10


def list_notes(importer: ReviewImporter, reading: Reading, wishes: Wishes) -> Iterator[str]:
    """Yield what an owner should know of a file that was read."""
    counts, attributes = importer.counts, importer.attributes
    if counts["others"]:
        yield f"Rows that are no reviews of products, passed over: {counts['others']}."
    if counts["answers"]:
        yield f"Rows that answer others: {counts['answers']}; the store's, put to their reviews: {counts['replies']}."
    if "written_at" not in reading.form.targets.values() and reading.form.targets:
        yield "The file has no dates: its reviews are written on the day of the import."
    yield from _tell_products(importer)
    yield from _tell_pictures(importer, asked_for=wishes.fetch is not None)
    if attributes.unknown:
        yield f"Attributes that the settings do not define: {', '.join(sorted(attributes.unknown))}."
    if attributes.too_long:
        yield f"Answers too long for an attribute, left out: {attributes.too_long}."


def _tell_pictures(importer: ReviewImporter, *, asked_for: bool) -> Iterator[str]:
    counts, failures = importer.counts, importer.failures
    if counts["pictures"] and not asked_for:
        yield f"Addresses of pictures, passed over: {counts['pictures']}; --photos fetches them."
    elif counts["pictures"]:
        yield f"Pictures fetched: {counts['fetched']} of {counts['pictures']}."
    if failures:
        reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(failures.items()))
        yield f"Pictures that could not be fetched: {reasons}."


def _tell_products(importer: ReviewImporter) -> Iterator[str]:
    unknown = importer.products.unknown
    if not unknown:
        return
    named = ", ".join(name for name, _ in unknown.most_common(NAMED_PRODUCTS))
    more = f" and {len(unknown) - NAMED_PRODUCTS} more" if len(unknown) > NAMED_PRODUCTS else ""
    yield (
        f"Reviews of products that neither orders nor the store told of: {unknown.total()}; "
        f"the products: {named}{more}. Pages show them where they ask for exactly these names."
    )

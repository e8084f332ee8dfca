"""What an import of reviews tells beside its counts, without anything personal."""

from collections.abc import Iterator

from widget.reviews.import_rows import Reading
from widget.reviews.imports import ReviewImporter

NAMED_PRODUCTS = 10


def list_notes(importer: ReviewImporter, reading: Reading) -> Iterator[str]:
    """Yield what an owner should know of a file that was read."""
    counts, attributes = importer.counts, importer.attributes
    if counts["others"]:
        yield f"Rows that are no reviews of products, passed over: {counts['others']}."
    if counts["answers"]:
        yield f"Rows that answer others: {counts['answers']}; the store's, put to their reviews: {counts['replies']}."
    if "written_at" not in reading.form.targets.values() and reading.form.targets:
        yield "The file has no dates: its reviews are written on the day of the import."
    yield from _tell_products(importer)
    if counts["pictures"] and counts["fetched"]:
        yield f"{counts['fetched']} of {counts['pictures']} pictures were fetched."
    elif counts["pictures"]:
        yield f"{counts['pictures']} addresses of pictures were passed over; --photos fetches them."
    if attributes.unknown:
        yield f"Attributes that the settings do not define: {', '.join(sorted(attributes.unknown))}."
    if attributes.too_long:
        yield f"{attributes.too_long} answers are too long for an attribute and were left out."


def _tell_products(importer: ReviewImporter) -> Iterator[str]:
    unknown = importer.products.unknown
    if not unknown:
        return
    named = ", ".join(name for name, _ in unknown.most_common(NAMED_PRODUCTS))
    more = f" and {len(unknown) - NAMED_PRODUCTS} more" if len(unknown) > NAMED_PRODUCTS else ""
    yield (
        f"{unknown.total()} reviews are of {len(unknown)} products that neither orders nor the store told of: "
        f"{named}{more}. "
        "Pages show them where they ask for exactly these names."
    )

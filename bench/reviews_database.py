"""Sites full of reviews with what is counted of them, made in the database itself."""

import uuid

from sqlalchemy import text

from bench.databases import AT, BIND, ID, SERIES
from widget.core.db import db

PRODUCTS = 1_000
FIRST_SECOND = 1_704_067_200  # 2024-01-01
# Ids begin with it, so that they are those of no one else.
_SALT = 55_000_000
# Two years, in no order of the ids.
_SECONDS = "(((i % 250000) * 7919) % 63072000)"
_ATTRIBUTES = {"sqlite": "json_object('fit', 1 + i % 5)", "postgresql": "jsonb_build_object('fit', 1 + i % 5)"}
_REVIEWS = """
    INSERT INTO reviews (site_id, id, product_id, author_name, rating, title, body, attributes, language, state,
        hold_reason, flags, verified_by, is_incentivized, is_featured, source, revision, photos, videos, helpful,
        reports, submission_digest, text_digest, edits, written_at, published_at, created_at)
    SELECT :site_id, {id}, 'P-' || (i % :products), 'Carol ' || i, 1 + (i / :products + i) % 5,
        CASE i % 4 WHEN 0 THEN 'Pours well' WHEN 1 THEN 'Exactly what I hoped for' WHEN 2 THEN 'Mixed feelings'
            ELSE 'Smaller than in the picture' END,
        'Bought in order ' || i || '. It came within two days and was packed with care. The handle stays cool, the lid'
            || ' fits, and it keeps the tea warm for an hour; only the spout drips a little when it is quite full.'
            || CASE i % 3 WHEN 0 THEN ' I would buy it again, and a second one is on its way to my sister.' ELSE '' END,
        {attributes}, CASE i % 3 WHEN 0 THEN 'it' ELSE 'en' END,
        CASE WHEN i % 50 = 7 THEN 'pending' ELSE 'published' END, CASE WHEN i % 50 = 7 THEN 'moderation' END,
        '[]', CASE WHEN i % 3 = 0 THEN 'import' END, {no}, {no}, 'widget', 1, 0, 0, i % 7, 0, '', '', '{{}}',
        {at}, {at}, {at}
    FROM {series} AS series
"""
_REPLIES = """
    INSERT INTO review_replies (site_id, review_id, body, author_name, replied_at)
    SELECT site_id, id, 'Thank you for taking the time to write.', 'Maple Store', written_at
    FROM reviews WHERE site_id = :site_id AND helpful = 3
"""
_STARS = ", ".join(f"sum(CASE WHEN rating = {stars} THEN 1 ELSE 0 END)" for stars in range(1, 6))
_PRODUCT_ROWS = f"""
    INSERT INTO reviewed_products (site_id, product_id, title, url, reviews, rating_sum, stars_1, stars_2, stars_3,
        stars_4, stars_5, with_photos, verified, version, created_at)
    SELECT site_id, product_id, 'Teapot ' || product_id, 'https://maple.example/' || product_id, count(*), sum(rating),
        {_STARS}, 0, count(verified_by), count(*), min(created_at)
    FROM reviews WHERE site_id = :site_id AND state = 'published' GROUP BY site_id, product_id
"""
_LANGUAGES = """
    INSERT INTO review_facets (site_id, product_id, facet, value, reviews)
    SELECT site_id, product_id, 'language', language, count(*)
    FROM reviews WHERE site_id = :site_id AND state = 'published' GROUP BY site_id, product_id, language
"""
_TALLIES = """
    INSERT INTO review_tallies (site_id, state, reason, rating, reviews)
    SELECT site_id, state, coalesce(hold_reason, ''), rating, count(*)
    FROM reviews WHERE site_id = :site_id GROUP BY site_id, state, hold_reason, rating
"""


def fill_reviews(site_id: uuid.UUID, reviews: int, products: int = PRODUCTS) -> None:
    """Give a site so many reviews of so many products, with the summaries, and commit."""
    name = db.engine.dialect.name
    db.session.rollback()
    made = {
        "id": ID[name],
        "at": AT[name].format(seconds=_SECONDS),
        "series": SERIES[name],
        "attributes": _ATTRIBUTES[name],
        "no": "0" if name == "sqlite" else "false",
    }
    values = {
        "site_id": BIND[name](site_id),
        "rows": reviews,
        "products": products,
        "first": FIRST_SECOND,
        "salt": _SALT,
    }
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        else:
            # Without room for the indexes each of their pages would be written many times.
            connection.execute(text("PRAGMA cache_size = -1500000"))
        for statement in (_REVIEWS.format(**made), _REPLIES, _PRODUCT_ROWS, _LANGUAGES, _TALLIES):
            wanted = {key: value for key, value in values.items() if f":{key}" in statement}
            connection.execute(text(statement.replace("::", "\\:\\:")), wanted)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))

"""Files of reviews, and the commands that take them in and give them out."""

from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.cast import SiteOfCast
from widget.core.db import db
from widget.reviews.models import Review, ReviewReply

FILES = Path(__file__).parent / "files"


def write(folder: Path, *lines: str, name: str = "reviews.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    return path


def run(app: Flask, *arguments: Any) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def run_import(app: Flask, path: Path, site: SiteOfCast, *options: Any, exit_code: int = 0) -> str:
    result = run(app, "import", "reviews", path, "--site", site.key, *options)
    assert result.exit_code == exit_code, result.output
    return result.output


def run_export(app: Flask, site: SiteOfCast, path: Path, *options: Any) -> Path:
    result = run(app, "export", "reviews", "--site", site.key, "--output", path, *options)
    assert result.exit_code == 0, result.output
    return path


def list_reviews(app: Flask, site: SiteOfCast) -> list[Review]:
    with app.app_context():
        reviews = select(Review).where(Review.site_id == site.id).order_by(Review.written_at, Review.title, Review.id)
        return list(db.session.scalars(reviews))


def map_replies(app: Flask, site: SiteOfCast) -> dict[str, ReviewReply]:
    """Return the replies by the titles of their reviews."""
    with app.app_context():
        is_of_review = (ReviewReply.site_id == Review.site_id) & (ReviewReply.review_id == Review.id)
        rows = select(Review.title, ReviewReply).join(ReviewReply, is_of_review).where(Review.site_id == site.id)
        return dict(db.session.execute(rows).tuples().all())

"""A thousand real reviews without customer or date come in through a map the owner wrote, once and exactly."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast, SiteOfCast
from tests.reviews.builders import count_summaries, read_summaries
from tests.reviews.import_files import FILES, run_import
from widget.core.db import db
from widget.reviews.models import Review
from widget.reviews.product_models import ReviewedProduct

MAP = ("--map", FILES / "clothing-map.json")


@pytest.fixture(scope="module")
def clothing(shared_data: Path) -> bytes:
    return (shared_data / "womens_clothing_reviews_1000.csv").read_bytes()


@pytest.fixture
def path(clothing: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "clothing.csv"
    path.write_bytes(clothing)
    return path


def count_stars(path: Path) -> dict[str, Counter[str]]:
    """Count stars by product in the file itself."""
    products: dict[str, Counter[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            products.setdefault(row["Clothing ID"], Counter())[row["Rating"]] += 1
    return products


def read_products(site: SiteOfCast) -> list[Any]:
    products = select(ReviewedProduct).where(ReviewedProduct.site_id == site.id)
    return list(db.session.scalars(products))


def test_thousand_reviews_come_in_once_and_the_summaries_are_what_the_file_says(
    app: Flask, cast: Cast, path: Path
) -> None:
    said = run_import(app, path, cast.maple, *MAP)
    assert "clothing.csv is read as reviews with a map." in said
    assert "1000 rows: 1000 new, 0 known already, 0 refused." in said
    assert "its reviews are written on the day of the import" in said
    expected = count_stars(path)
    with app.app_context():
        kept = {
            row.product_id: {str(stars): getattr(row, f"stars_{stars}") for stars in range(1, 6)}
            for row in read_products(cast.maple)
        }
        averages = {row.product_id: row.rating_sum / row.reviews for row in read_products(cast.maple)}
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)
    assert kept == {
        name: {str(stars): counts[str(stars)] for stars in range(1, 6)} for name, counts in expected.items()
    }
    for name, counts in expected.items():
        total = sum(int(stars) * count for stars, count in counts.items())
        assert averages[name] == pytest.approx(total / counts.total())
    assert "0 new, 1000 known already, 0 refused." in run_import(app, path, cast.maple, *MAP)


def test_cut_file_gives_up_the_row_it_was_cut_in_and_no_other(
    app: Flask, cast: Cast, path: Path, clothing: bytes
) -> None:
    whole = clothing[: clothing.index(b"\n500,")]
    path.write_bytes(whole + b'\n500,1080,34,Cut,"The text ends in the mid')
    said = run_import(app, path, cast.maple, *MAP, exit_code=3)
    assert "501 rows: 500 new, 0 known already, 1 refused." in said
    assert "row 502: The row is broken or cut off" in said
    (errors,) = path.parent.glob("*.errors.csv")
    assert "The text ends in the mid" in errors.read_text()
    with app.app_context():
        assert not db.session.scalars(select(Review).where(Review.title == "Cut")).all()

"""The owner's pages of reviewed products: their summaries, and what catalogues elsewhere need to know of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.parsing import load_document
from widget.core.problems import InvalidFields
from widget.reviews import owner_queries
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.products import LENGTHS, NEEDED, ProductIn, get_product, save_product
from widget.reviews.rules import RATINGS, average_rating
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

blueprint = pages_blueprint("reviewed_products", __name__)

PRODUCTS_A_PAGE = 50


@blueprint.route("/reviews/products")
def show_products() -> str:
    """Show the products with their summaries, and which of them lack something."""
    after = request.args.get("after") or None
    products, next_after = owner_queries.list_products(current_site().id, after, PRODUCTS_A_PAGE)
    return render_template(
        "reviews/products.html",
        products=[(product, _describe(product)) for product in products],
        next_after=next_after,
        is_continued=after is not None,
    )


@blueprint.route("/reviews/products/<store_id:product_id>/facts")
def show_product(product_id: str) -> str:
    """Show what is known of a product, to be changed."""
    return _render(get_product(current_site().id, product_id), {}, [])


@blueprint.route("/reviews/products/<store_id:product_id>/facts", methods=["POST"])
def save_facts(product_id: str) -> Any:
    """Keep what the owner says of a product."""
    site = current_site()
    product = get_product(site.id, product_id)
    typed = {name: request.form.get(name, "").strip() for name in LENGTHS}
    try:
        told = load_document(ProductIn(), {name: value or None for name, value in typed.items()})
    except InvalidFields as problem:
        return _render(product, typed, problem.errors), problem.status
    save_product(site.id, product_id, told)
    note_action("reviewed_product.changed", told["title"] or product_id)
    flash(_("What is known of the product is saved."))
    return _back()


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with an address of the list."""
    return render_template("reviews/refused.html", errors=problem.errors), problem.status


def _back() -> BaseResponse:
    return redirect(url_for(".show_products"))


def _describe(product: ReviewedProduct) -> dict[str, Any]:
    average = average_rating(product.rating_sum, product.reviews)
    return {
        "average": None if average is None else float(average),
        "stars": [(stars, getattr(product, f"stars_{stars}")) for stars in reversed(RATINGS)],
        "missing": [name for name in NEEDED if not getattr(product, name)],
    }


def _render(product: ReviewedProduct, typed: dict[str, str], errors: Any) -> str:
    values = {name: typed.get(name, getattr(product, name) or "") for name in LENGTHS}
    summary = _describe(product)
    return render_template(
        "reviews/product.html", product=product, values=values, errors=errors, summary=summary, lengths=LENGTHS
    )

"""The public door of the demo: Maple Store's pages, as any shop would make them."""

import secrets
from dataclasses import replace
from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.problems import NotFound
from widget.core.static_files import CONTENT_TYPES, STATIC_DIR, StaticFiles, read_texts
from widget.coupons.models import MAX_CODE_LENGTH
from widget.demo.accounts import DemoAccount, find_account
from widget.demo.catalogue import CURRENCY, PRODUCTS, PRODUCTS_BY_SLUG, SHOPPERS, SHOPPERS_BY_ID, format_price
from widget.demo.checkout import Checkout, check_out
from widget.demo.orders import describe_order, describe_refund
from widget.demo.photos import take_photo
from widget.demo.signing import sign_customer
from widget.demo.visits import Visit, keep_visit, list_lines, read_visit
from widget.intake.service import take_orders, take_refunds
from widget.sites.doors import public_blueprint
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key, list_signing_keys
from widget.sites.rules import normalise_origin

IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
PICTURE_CACHE = "public, max-age=86400"
SHOP_FILES = StaticFiles(read_texts(STATIC_DIR / "demo"))
STYLE_SHEETS = ("shop.css", "home.css", "pages.css", "points.css")
RELATED_PRODUCTS = 3

blueprint = public_blueprint("demo", __name__)


@blueprint.get("/shop/")
def show_home() -> Response:
    """Show the shelf."""
    return _show("home", products=PRODUCTS)


@blueprint.get("/shop/products/<slug>")
def show_product(slug: str) -> Response:
    """Show one product, with a question below it."""
    product = PRODUCTS_BY_SLUG.get(slug)
    if product is None:
        raise NotFound("Maple Store does not sell this.")
    position = PRODUCTS.index(product)
    related = (PRODUCTS + PRODUCTS)[position + 1 : position + 1 + RELATED_PRODUCTS]
    return _show("product", product=product, related=related, fields={"product": product.sku})


@blueprint.get("/shop/pictures/<slug>.jpg")
def show_picture(slug: str) -> Response:
    """Return the picture of a product that lists of ratings elsewhere show."""
    if slug not in PRODUCTS_BY_SLUG:
        raise NotFound("Maple Store does not sell this.")
    response = Response(take_photo(slug, 0), content_type="image/jpeg")
    response.headers["Cache-Control"] = PICTURE_CACHE
    return response


@blueprint.get("/shop/cart")
def show_cart() -> Response:
    """Show the cart."""
    checkout = _check_out(read_visit(request))
    wrong_code = checkout.wrong_code or request.args.get("wrong", "")[:MAX_CODE_LENGTH]
    return _show("cart", checkout=checkout, wrong_code=wrong_code)


@blueprint.post("/shop/cart")
def change_cart() -> Response:
    """Add a product, or set its quantity; none takes it out."""
    visit, sku = read_visit(request), request.form.get("sku", "")
    quantity = request.form.get("quantity", 1, type=int)
    if request.form.get("change") == "add":
        visit = visit.with_product(sku, quantity)
    else:
        visit = visit.with_quantity(sku, quantity)
    return _go(url_for(".show_cart"), visit)


@blueprint.post("/shop/cart/code")
def use_code() -> Response:
    """Take a discount code, or take it off again."""
    visit = replace(read_visit(request), code=request.form.get("code", "").strip()[:MAX_CODE_LENGTH])
    if _check_out(visit).wrong_code:
        return _go(url_for(".show_cart", wrong=visit.code), replace(visit, code=""))
    return _go(url_for(".show_cart"), visit)


@blueprint.post("/shop/orders")
def place_order() -> Response:
    """Order what is in the cart; nothing is charged. A real shop's server would post the order."""
    visit = read_visit(request)
    if not list_lines(visit.cart):
        return _go(url_for(".show_cart"), visit)
    order_id = f"M{secrets.randbelow(900_000) + 100_000}"
    begin_writing()
    checkout = _check_out(visit)
    take_orders(_get_site().id, [describe_order(order_id, checkout, visit.shopper, utc_now())], "api")
    db.session.commit()
    visit = visit.with_order(order_id, checkout.discount_minor, checkout.delivery_minor)
    return _go(url_for(".show_order", order_id=order_id), visit)


@blueprint.get("/shop/orders/<order_id>")
def show_order(order_id: str) -> Response:
    """Thank for the last order; the page names the event `order_placed`."""
    visit = read_visit(request)
    checkout = _find_order(visit, order_id)
    fields = {"order-id": order_id, "product": checkout.lines[0].product.sku}
    return _show("order", checkout=checkout, event=None if visit.is_order_returned else "order_placed", fields=fields)


@blueprint.post("/shop/orders/<order_id>/return")
def return_order(order_id: str) -> Response:
    """Take the last order back; nothing was paid. A real shop's server would post the refund."""
    visit = read_visit(request)
    checkout = _find_order(visit, order_id)
    begin_writing()
    take_refunds(_get_site().id, [(order_id, describe_refund(order_id, checkout, utc_now()))])
    db.session.commit()
    return _go(url_for(".show_order", order_id=order_id), replace(visit, is_order_returned=True))


@blueprint.get("/shop/account")
def show_account() -> Response:
    """Show the points of whoever is logged in, or how to collect some."""
    return _show("account")


@blueprint.get("/shop/friends")
def show_friends() -> Response:
    """Show an advocate's link, or the offer of whoever sent the visitor."""
    return _show("friends")


@blueprint.get("/shop/login")
def show_login() -> Response:
    """Show who has an account here."""
    return _show("login", shoppers=SHOPPERS)


@blueprint.post("/shop/login")
def log_in() -> Response:
    """Log a customer in; the demo asks for no password."""
    shopper_id = request.form.get("shopper", "")
    if shopper_id not in SHOPPERS_BY_ID:
        raise NotFound("Nobody of this name has an account here.")
    return _go(url_for(".show_home"), replace(read_visit(request), shopper_id=shopper_id, code=""))


@blueprint.post("/shop/logout")
def log_out() -> Response:
    """Log the customer out and empty the cart."""
    return _go(url_for(".show_home"), Visit())


@blueprint.get("/shop/files/<version>/<path:path>")
def show_file(version: str, path: str) -> Response:  # noqa: ARG001 - the version only makes the address new.
    """Return one of the shop's own files."""
    body = SHOP_FILES.find_body(path)
    if body is None:
        raise NotFound()
    return body.answer(request, CONTENT_TYPES[f".{path.rpartition('.')[2]}"], IMMUTABLE_CACHE)


def _check_out(visit: Visit) -> Checkout:
    return check_out(_get_site().id, visit, utc_now())


def _find_order(visit: Visit, order_id: str) -> Checkout:
    if order_id != visit.order_id:
        raise NotFound("This browser has no such order.")
    return Checkout(list_lines(visit.order_lines), visit.order_discount_minor, visit.order_delivery_minor)


def _go(address: str, visit: Visit) -> Response:
    response: Any = redirect(address, 303)
    return keep_visit(response, visit)


def _show(page: str, **content: Any) -> Response:
    """Render a page as a shop would: the one script line, and a strict policy that lets it in."""
    account, visit = _get_account(), read_visit(request)
    base_url = current_app.config["BASE_URL"]
    response = Response(
        render_template(
            f"demo/{page}.html",
            account=account,
            visit=visit,
            customer_token=_sign_visitor(account, visit),
            script_url=f"{base_url}/embed/v1/{account.site_key}.js",
            base_url=base_url,
            style_urls=[url_for(".show_file", version=SHOP_FILES.version, path=path) for path in STYLE_SHEETS],
            format_price=format_price,
            currency=CURRENCY,
            **content,
        )
    )
    response.headers["Content-Security-Policy"] = _policy(normalise_origin(base_url))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


def _get_account() -> DemoAccount:
    account = find_account(current_app.config["SETTINGS"].data_dir)
    if account is None:
        raise NotFound("Maple Store is not stocked yet; run: flask --app wsgi demo")
    return account


def _get_site() -> Site:
    site = find_site_by_key(_get_account().site_key)
    if site is None:
        raise NotFound("Maple Store is of another database; run: flask --app wsgi demo")
    return site


def _policy(api_origin: str) -> str:
    return (
        f"default-src 'none'; script-src {api_origin}; connect-src {api_origin}; "
        f"style-src 'self'; img-src data: {api_origin}; media-src {api_origin} blob:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def _sign_visitor(account: DemoAccount, visit: Visit) -> str | None:
    """Return the token of the customer who is logged in, or None."""
    site = find_site_by_key(account.site_key)
    if site is None or visit.shopper is None:
        return None
    keys = list_signing_keys(site)
    return sign_customer(site.key, keys[-1], visit.shopper) if keys else None

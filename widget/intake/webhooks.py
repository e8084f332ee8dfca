"""The doors of Shopify and WooCommerce: what they send is kept, taken in, and answered 200."""

import re
from typing import Any

from flask import Request, request
from marshmallow import Schema, fields

from widget.core.clock import utc_now
from widget.core.parsing import load_json
from widget.core.problems import NotAuthenticated
from widget.intake.customer_tokens import sign_customer_token
from widget.intake.platform_events import take_event
from widget.intake.platforms import secrets_of
from widget.intake.reading import find_id
from widget.intake.signatures import is_body_signed, is_query_signed
from widget.sites.doors import current_site, webhooks_blueprint

PING = re.compile(rb"webhook_id=\d{1,20}")


class EventAnswer(Schema):
    """What became of an event: taken, known already, ignored or failed; nothing is asked of the platform."""

    outcome = fields.String(required=True)


class CustomerTokenAnswer(Schema):
    """A customer token for the script line's `data-customer`, good for ten minutes."""

    customer_token = fields.String(required=True)


def _find_header(name: str) -> str:
    """Return one of Shopify's headers, of the older or the newer family."""
    return request.headers.get(f"X-Shopify-{name}") or request.headers.get(f"Shopify-{name}") or ""


def _is_from_shopify(asked: Request, secret: str) -> bool:
    """Tell whether Shopify sent a request: its webhooks sign the body, its app proxy the query."""
    if asked.method == "POST":
        return is_body_signed(secret, asked.get_data(), _find_header("Hmac-Sha256"))
    return is_query_signed(secret, asked.args.items(multi=True), utc_now().timestamp())


def _is_ping(asked: Request) -> bool:
    """Tell whether WooCommerce only tries the address: its ping is a form, and it signs none."""
    is_form = asked.mimetype == "application/x-www-form-urlencoded"
    return is_form and PING.fullmatch(asked.get_data()) is not None


def _is_from_woocommerce(asked: Request, secret: str) -> bool:
    signature = asked.headers.get("X-WC-Webhook-Signature", "")
    return _is_ping(asked) or is_body_signed(secret, asked.get_data(), signature)


shopify = webhooks_blueprint(
    "shopify",
    __name__,
    "Shopify's webhooks and app proxy",
    find_secrets=secrets_of("shopify"),
    is_from_platform=_is_from_shopify,
)
woocommerce = webhooks_blueprint(
    "woocommerce",
    __name__,
    "WooCommerce's webhooks",
    find_secrets=secrets_of("woocommerce"),
    is_from_platform=_is_from_woocommerce,
)


@shopify.route("", methods=["POST"])
@shopify.response(200, EventAnswer)
def take_shopify_event() -> dict[str, Any]:
    """Take in an event of Shopify's, once."""
    return _take("shopify", _find_header("Topic"), _find_header("Event-Id"))


@woocommerce.route("", methods=["POST"])
@woocommerce.response(200, EventAnswer)
def take_woocommerce_event() -> dict[str, Any]:
    """Take in an event of WooCommerce's; two deliveries of one second have one id, so that says nothing."""
    if _is_ping(request):
        return {"outcome": "ignored"}
    return _take("woocommerce", request.headers.get("X-WC-Webhook-Topic", ""), "")


@shopify.route("/customer-token")
@shopify.response(200, CustomerTokenAnswer)
def show_customer_token() -> Any:
    """Sign a token for the customer who is logged in to the shop, whom its app proxy names."""
    customer = find_id(request.args.get("logged_in_customer_id"))
    if customer is None:
        raise NotAuthenticated("No customer is logged in.")
    token = sign_customer_token(current_site(), customer)
    if token is None:
        raise NotAuthenticated("The site has no signing key.")
    return {"customer_token": token}, 200, {"Cache-Control": "no-store"}


def _take(platform: str, topic: str, event_id: str) -> dict[str, Any]:
    # Read once as a check: what is kept is what was signed.
    load_json(request)
    event = take_event(current_site().id, platform, _name(topic, 100) or "?", _name(event_id, 190), request.get_data())
    return {"outcome": event.outcome if event else "known"}


def _name(text: str, length: int) -> str | None:
    return text if 1 <= len(text) <= length and text.isascii() and text.isprintable() else None

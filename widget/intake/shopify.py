"""What Shopify's bodies say, in the shop's own currency. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from widget.customers.rules import Buyer
from widget.intake.reading import (
    BodyNotUnderstood,
    find_id,
    find_time,
    join_name,
    limit,
    list_objects,
    read_code,
    read_email,
    read_id,
    read_money,
    read_quantity,
    read_text,
    read_time,
)
from widget.intake.shopify_refunds import read_refund
from widget.orders.documents import CartDocument, LineDocument, OrderDocument

# What the shop has its money for; of an order that is partly paid, pending or only authorised it has not.
PAID = frozenset({"paid", "partially_refunded", "refunded"})
MAX_COUPONS = 50


def read_order(body: Mapping[str, Any]) -> OrderDocument:
    """Return the order a body describes; raise BodyNotUnderstood."""
    currency = read_code(body.get("currency"))
    created_at = read_time(body.get("created_at"), "created_at")
    placed_at = find_time(body.get("processed_at"), "processed_at") or created_at
    cancelled_at = find_time(body.get("cancelled_at"), "cancelled_at")
    is_paid = body.get("financial_status") in PAID
    fulfilled_at, delivered_at = _read_fulfilment(body)
    state = _state_of(body, is_cancelled=cancelled_at is not None, is_paid=is_paid, delivered_at=delivered_at)
    shipping = _shop_money(body.get("total_shipping_price_set"))
    return OrderDocument(
        external_id=read_id(body),
        updated_at=read_time(body.get("updated_at"), "updated_at"),
        placed_at=placed_at,
        state=state,
        currency=currency,
        total_minor=limit(read_money(body.get("total_price"), currency)),
        buyer=read_buyer_of(body),
        number=read_text(body.get("name"), 100),
        tax_minor=limit(read_money(body.get("total_tax"), currency)),
        shipping_minor=limit(read_money(shipping, currency) if shipping else _sum_shipping(body, currency)),
        discount_minor=limit(read_money(body.get("total_discounts"), currency)),
        is_test=body.get("test") is True,
        coupon_codes=_read_codes(body),
        cart_external_id=read_cart_id(body),
        # Shopify says that an order is paid, not since when.
        paid_at=placed_at if is_paid else None,
        fulfilled_at=fulfilled_at,
        delivered_at=delivered_at,
        cancelled_at=cancelled_at,
        lines=[_read_line(line, body, currency) for line in list_objects(body.get("line_items"))],
        refunds=[read_refund(refund, currency)[1] for refund in list_objects(body.get("refunds"))],
    )


def _state_of(body: Mapping[str, Any], *, is_cancelled: bool, is_paid: bool, delivered_at: datetime | None) -> str:
    if is_cancelled:
        return "cancelled"
    if delivered_at is not None:
        return "delivered"
    if body.get("fulfillment_status") == "fulfilled":
        return "fulfilled"
    return "paid" if is_paid else "placed"


def _read_fulfilment(body: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return when the whole order was sent, and when all of it had arrived."""
    sent = [one for one in list_objects(body.get("fulfillments")) if one.get("status") == "success"]
    if body.get("fulfillment_status") != "fulfilled" or not sent:
        return None, None
    fulfilled_at = max(read_time(one.get("created_at"), "created_at") for one in sent)
    if any(one.get("shipment_status") != "delivered" for one in sent):
        return fulfilled_at, None
    return fulfilled_at, max(read_time(one.get("updated_at"), "updated_at") for one in sent)


def _read_line(line: Mapping[str, Any], order: Mapping[str, Any], currency: str) -> LineDocument:
    price, quantity = read_money(line.get("price"), currency), read_quantity(line.get("quantity"))
    shares = [read_money(one.get("amount"), currency) for one in list_objects(line.get("discount_allocations"))]
    discount = sum(shares) if shares else read_money(line.get("total_discount"), currency)
    tax = sum(read_money(one.get("price"), currency) for one in list_objects(line.get("tax_lines")))
    added_tax = 0 if order.get("taxes_included") is True else tax
    return LineDocument(
        external_id=read_id(line),
        title=read_text(line.get("name") or line.get("title"), 500) or "",
        quantity=quantity,
        unit_price_minor=price,
        total_minor=limit(price * quantity - discount + added_tax),
        discount_minor=limit(discount),
        tax_minor=limit(tax),
        product_id=find_id(line.get("product_id")),
        variant_id=find_id(line.get("variant_id")),
        sku=read_text(line.get("sku"), 200),
        is_gift_card=line.get("gift_card") is True,
    )


def _read_codes(body: Mapping[str, Any]) -> list[str]:
    codes = (read_text(one.get("code"), 200) for one in list_objects(body.get("discount_codes")))
    return [code for code in codes if code][:MAX_COUPONS]


def _shop_money(amounts: Any) -> Any:
    shop = amounts.get("shop_money") if isinstance(amounts, dict) else None
    return shop.get("amount") if isinstance(shop, dict) else None


def _sum_shipping(body: Mapping[str, Any], currency: str) -> int:
    return sum(read_money(line.get("price"), currency) for line in list_objects(body.get("shipping_lines")))


def read_buyer_of(body: Mapping[str, Any]) -> Buyer:
    """Return who bought: Shopify has a customer also for guests, whose account is not enabled."""
    customer = body.get("customer")
    if isinstance(customer, dict) and find_id(customer.get("id")):
        return read_customer(customer, body)
    accepts = body.get("buyer_accepts_marketing")
    return Buyer(
        email=read_email(body.get("email"), body.get("contact_email")),
        accepts_marketing=accepts if isinstance(accepts, bool) else None,
        is_guest=True,
    )


def read_customer(customer: Mapping[str, Any], order: Mapping[str, Any] | None = None) -> Buyer:
    """Return a customer; the e-mail of an order is not known to be theirs."""
    own_email = read_email(customer.get("email"))
    verified = customer.get("verified_email")
    consent = customer.get("email_marketing_consent")
    accepts = consent.get("state") == "subscribed" if isinstance(consent, dict) else customer.get("accepts_marketing")
    return Buyer(
        external_id=read_id(customer),
        email=own_email or read_email((order or {}).get("email")),
        name=join_name(customer.get("first_name"), customer.get("last_name")),
        is_email_verified=verified if own_email and isinstance(verified, bool) else None,
        accepts_marketing=accepts if isinstance(accepts, bool) else None,
        is_guest=customer.get("state") != "enabled",
    )


def read_told_customer(body: Mapping[str, Any]) -> tuple[Buyer, datetime]:
    """Return the customer of a body of their own, and when it was true."""
    return read_customer(body), read_time(body.get("updated_at"), "updated_at")


def read_merge(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the customer that is gone and the one that is kept.

    >>> kept, gone = "gid://shopify/Customer/1", "gid://shopify/Customer/2"
    >>> read_merge({"admin_graphql_api_customer_kept_id": kept, "admin_graphql_api_customer_deleted_id": gone})
    ('2', '1')
    """
    names = ("admin_graphql_api_customer_deleted_id", "admin_graphql_api_customer_kept_id")
    gone, kept = (find_id(str(body.get(name) or "").rpartition("/")[2]) for name in names)
    if gone is None or kept is None:
        raise BodyNotUnderstood("The body names no two customers.")
    return gone, kept


def read_cart_id(body: Mapping[str, Any]) -> str | None:
    """Return what cart, checkout and order share: the cart's token, where there was a cart.

    >>> read_cart_id({"cart_token": "68778783ad298f1c?key=abc", "checkout_token": "bd5a8aa1ecd0"})
    '68778783ad298f1c'
    """
    tokens = (body.get("cart_token"), body.get("checkout_token"), body.get("checkout_id"))
    return next((found for token in tokens if (found := find_id(str(token or "").partition("?")[0]))), None)


def read_checkout(body: Mapping[str, Any], currency: str | None) -> CartDocument:
    """Return the cart that a checkout continues."""
    code = read_code(body.get("currency") or currency)
    return _make_cart(body, read_cart_id({"checkout_token": body.get("token"), **body}), code, body.get("total_price"))


def read_cart(body: Mapping[str, Any], currency: str | None) -> CartDocument:
    """Return a cart, whose body names no currency and no buyer."""
    lines = list_objects(body.get("line_items"))
    sets = (line.get("price_set") for line in lines)
    named = (one["shop_money"].get("currency_code") for one in sets if isinstance(one, dict) and _shop_money(one))
    code = read_code(next(named, None) or currency)
    return _make_cart(body, read_cart_id({"cart_token": body.get("token") or body.get("id")}), code, None)


def _make_cart(body: Mapping[str, Any], name: str | None, currency: str, total: Any) -> CartDocument:
    if name is None:
        raise BodyNotUnderstood("The body has no usable “token”.")
    items: list[dict[str, Any]] = [
        {
            "product_id": find_id(line.get("product_id")),
            "title": read_text(line.get("title"), 500),
            "quantity": read_quantity(line.get("quantity")),
            "price_minor": read_money(line.get("price"), currency),
        }
        for line in list_objects(body.get("line_items"))
    ]
    value = sum(item["price_minor"] * item["quantity"] for item in items)
    return CartDocument(
        external_id=name,
        updated_at=read_time(body.get("updated_at"), "updated_at"),
        created_at=read_time(body.get("created_at"), "created_at"),
        currency=currency,
        value_minor=limit(value if total is None else read_money(total, currency)),
        buyer=read_buyer_of(body),
        items=items,
    )

"""Made-up orders and carts of Maple Store, the same for the same day each time.

Whoever is asked after an order has ordered: asks and orders of a day are made from the same chance.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from widget.customers.rules import Buyer
from widget.demo.catalogue import CURRENCY, PRODUCTS, Product, Shopper
from widget.demo.checkout import DELIVERY_MINOR, FREE_DELIVERY_FROM_MINOR, Checkout
from widget.demo.generator import NPS_PLAN, MadeUpAsk, make_asks
from widget.demo.people import count_days_open, find_guest, find_person
from widget.orders.documents import CartDocument, LineDocument, OrderDocument, RefundDocument

COUPONS = {"WELCOME10": 10, "LEAVES15": 15}
COUPON_RATIO, REFUND_RATIO, CANCELLED_RATIO, NAMELESS_RATIO = 0.14, 0.035, 0.02, 0.3
DELIVERED_AFTER = timedelta(days=4)
# For every cart that is bought there are so many that are left.
CARTS_LEFT_PER_ORDER = 1.7


@dataclass(frozen=True)
class MadeUpDay:
    """What was ordered and what was left in carts on one day."""

    orders: list[OrderDocument]
    carts: list[CartDocument]


def make_orders(opened_on: date, day: date, until: datetime) -> MadeUpDay:
    """Return the orders and carts of a UTC day up to a moment; the shop opened on a day before."""
    rng = random.Random(f"maple orders {day.isoformat()}")  # noqa: S311 - made-up people, no secrets.
    orders, carts = [], []
    for ask in make_asks(NPS_PLAN, opened_on, day):
        # Both are made even if they lie ahead: later runs of the day draw the same.
        order = _make_order(rng, opened_on, ask, until)
        left = list(_make_left_carts(rng, ask))
        if order.placed_at <= until:
            orders.append(order)
            carts.append(_cart_of(order))
        carts += [cart for cart in left if cart.created_at <= until]
    return MadeUpDay(orders, carts)


def describe_order(order_id: str, checkout: Checkout, shopper: Shopper | None, placed_at: datetime) -> OrderDocument:
    """Return the order of somebody who is trying the shop out, as the shop tells of it."""
    buyer = Buyer(shopper.id, shopper.email, shopper.name, is_email_verified=True) if shopper else Buyer()
    return OrderDocument(
        external_id=order_id,
        number=order_id,
        updated_at=placed_at,
        placed_at=placed_at,
        paid_at=placed_at,
        state="paid",
        currency=CURRENCY,
        total_minor=checkout.total_minor,
        shipping_minor=checkout.delivery_minor,
        discount_minor=checkout.discount_minor,
        coupon_codes=[checkout.code] if checkout.code else [],
        buyer=buyer,
        lines=[describe_line(place, line.product, line.quantity) for place, line in enumerate(checkout.lines)],
    )


def describe_refund(order_id: str, checkout: Checkout, refunded_at: datetime) -> RefundDocument:
    """Return the refund of a whole order, as the shop tells of it."""
    delivery_minor = checkout.delivery_minor
    return RefundDocument(f"R{order_id}", checkout.total_minor, refunded_at, delivery_minor, reason="Sent back")


def _make_order(rng: random.Random, opened_on: date, ask: MadeUpAsk, until: datetime) -> OrderDocument:
    placed_at = ask.at - timedelta(seconds=2)
    lines = list(_make_lines(rng, ask.product))
    goods_minor = sum(line.total_minor for line in lines)
    coupon = rng.choice(list(COUPONS)) if rng.random() < COUPON_RATIO else None
    discount_minor = goods_minor * COUPONS[coupon] // 100 if coupon else 0
    shipping_minor = 0 if goods_minor >= FREE_DELIVERY_FROM_MINOR else DELIVERY_MINOR
    is_cancelled, is_refunded = rng.random() < CANCELLED_RATIO, rng.random() < REFUND_RATIO
    delivered_at = placed_at + DELIVERED_AFTER
    is_delivered = delivered_at <= until and not is_cancelled
    refunded_at = delivered_at + timedelta(days=3)
    order_id = ask.hidden["order-id"]
    return OrderDocument(
        external_id=order_id,
        number=order_id,
        updated_at=delivered_at if is_delivered else placed_at,
        placed_at=placed_at,
        paid_at=placed_at,
        delivered_at=delivered_at if is_delivered else None,
        cancelled_at=placed_at if is_cancelled else None,
        state="cancelled" if is_cancelled else "delivered" if is_delivered else "paid",
        currency=CURRENCY,
        total_minor=goods_minor - discount_minor + shipping_minor,
        shipping_minor=shipping_minor,
        discount_minor=discount_minor,
        coupon_codes=[coupon] if coupon else [],
        cart_external_id=f"cart-{order_id}",
        buyer=_find_buyer(rng, opened_on, ask),
        lines=lines,
        refunds=[RefundDocument(f"R{order_id}", lines[0].total_minor, refunded_at, reason="Sent back")]
        if is_refunded and is_delivered and refunded_at <= until
        else [],
    )


def _make_lines(rng: random.Random, product: Product) -> Iterator[LineDocument]:
    others = [other for other in PRODUCTS if other is not product]
    (count,) = rng.choices((0, 1, 2), (60, 30, 10))
    for position, one in enumerate([product, *rng.sample(others, count)]):
        (quantity,) = rng.choices((1, 2, 4), (78, 18, 4))
        yield describe_line(position, one, quantity)


def describe_line(position: int, product: Product, quantity: int) -> LineDocument:
    """Return a line of an order as the shop tells of it."""
    return LineDocument(
        external_id=str(position + 1),
        title=product.name,
        product_id=product.sku,
        sku=product.sku,
        quantity=quantity,
        unit_price_minor=product.price_minor,
        total_minor=product.price_minor * quantity,
    )


def _find_buyer(rng: random.Random, opened_on: date, ask: MadeUpAsk) -> Buyer:
    is_nameless, accepts_marketing = rng.random() < NAMELESS_RATIO, ask.shopper_number % 3 == 0
    days_open = count_days_open(opened_on, ask.at.date())
    if ask.shopper_number % 2 == 0:
        person = find_person(ask.shopper_number, days_open)
        return Buyer(person.id, person.email, person.name, is_email_verified=True, accepts_marketing=accepts_marketing)
    guest = find_guest(ask.shopper_number, days_open)
    return Buyer() if is_nameless else Buyer(email=guest.email, name=guest.name, accepts_marketing=accepts_marketing)


def _cart_of(order: OrderDocument) -> CartDocument:
    created_at = order.placed_at - timedelta(minutes=9)
    return CartDocument(
        external_id=order.cart_external_id or "",
        updated_at=created_at,
        created_at=created_at,
        currency=CURRENCY,
        value_minor=sum(line.total_minor for line in order.lines),
        buyer=order.buyer,
        items=[{"product_id": line.product_id, "quantity": line.quantity} for line in order.lines],
    )


def _make_left_carts(rng: random.Random, ask: MadeUpAsk) -> Iterator[CartDocument]:
    for number in range(round(rng.expovariate(1 / CARTS_LEFT_PER_ORDER))):
        product = rng.choice(PRODUCTS)
        created_at = ask.at - timedelta(minutes=rng.randrange(60))
        yield CartDocument(
            external_id=f"left-{ask.hidden['order-id']}-{number}",
            updated_at=created_at,
            created_at=created_at,
            currency=CURRENCY,
            value_minor=product.price_minor,
            items=[{"product_id": product.sku, "quantity": 1}],
            abandoned_at=created_at + timedelta(hours=1),
        )

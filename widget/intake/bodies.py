"""Which topics of the platforms are read, and how, also where a body is wrapped or is a list. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from widget.intake import shopify, shopify_refunds, woocommerce
from widget.intake.reading import BodyNotUnderstood, Reading, find_id, list_objects, read_id
from widget.orders.documents import OrderDocument

PLATFORMS = ("shopify", "woocommerce")
SHOPIFY_ORDER_TOPICS = frozenset({"create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled"})
NOT_READ = "Nothing is read from this topic."
# Reading trips over what has another shape than the platform's documents describe.
_TRIPS = (AttributeError, KeyError, IndexError, TypeError, ValueError, ArithmeticError, RecursionError)


def read_body(platform: str, topic: str, document: Any, currency: str | None = None) -> Reading:
    """Return what a body tells; raise BodyNotUnderstood.

    `currency` is that of the site, for the few bodies that name none.
    """
    read = _read_shopify if platform == "shopify" else _read_woocommerce
    if not isinstance(document, (dict, list)) or not document:
        raise BodyNotUnderstood("The body holds no object.")
    try:
        return read(topic, document, currency)
    except BodyNotUnderstood:
        raise
    except _TRIPS as error:
        raise BodyNotUnderstood("The body has another shape than the platform describes.") from error


def _read_shopify(topic: str, document: Any, currency: str | None) -> Reading:
    subject, _, what = topic.partition("/")
    if subject == "orders" and what == "delete":
        return Reading(deleted=[read_id(one) for one in _unwrap(document, "order")])
    if subject == "orders" and what in SHOPIFY_ORDER_TOPICS:
        return Reading(orders=[shopify.read_order(one) for one in _unwrap(document, "order")])
    if subject == "refunds":
        bodies = list(_unwrap(document, "refund"))
        if any(shopify_refunds.is_suggestion(one) for one in bodies):
            return Reading(reason="The body reckons a refund; nothing was given back.")
        return Reading(refunds=[shopify_refunds.read_refund_alone(one, currency) for one in bodies])
    if topic in ("checkouts/create", "checkouts/update"):
        return Reading(carts=[shopify.read_checkout(one, currency) for one in _unwrap(document, "checkout")])
    if topic in ("carts/create", "carts/update"):
        return Reading(carts=[shopify.read_cart(one, currency) for one in _unwrap(document, "cart")])
    if topic in ("customers/create", "customers/update", "customers/enable", "customers/disable"):
        return Reading(customers=[shopify.read_told_customer(one) for one in _unwrap(document, "customer")])
    if topic == "customers/merge":
        return Reading(merged=[shopify.read_merge(one) for one in _unwrap(document, "customer_merge")])
    return Reading(reason=NOT_READ)


def _read_woocommerce(topic: str, document: Any, currency: str | None) -> Reading:
    if topic.startswith("refund"):
        return Reading(refunds=[woocommerce.read_refund(one, currency) for one in _unwrap(document, "refund")])
    if topic in ("customer.created", "customer.updated"):
        return Reading(customers=[woocommerce.read_told_customer(one) for one in _unwrap(document, "customer")])
    if not topic.startswith("order."):
        return Reading(reason=NOT_READ)
    if isinstance(document, dict) and not find_id(document.get("id")) and document.keys() & _BATCH.keys():
        return _read_batch(document)
    bodies = [one for one in _unwrap(document, "order") if not woocommerce.is_draft(one)]
    if not bodies:
        return Reading(reason="The body is of a checkout in the making.")
    if topic == "order.deleted":
        return _read_deleted(bodies)
    return Reading(orders=[woocommerce.read_order(one) for one in bodies])


def _read_deleted(bodies: list[dict[str, Any]]) -> Reading:
    """A webhook says no more than the id; what answers a request to delete says all of the order."""
    whole = [one for one in bodies if "currency" in one]
    return Reading(
        orders=[woocommerce.read_order(one, is_deleted=True) for one in whole],
        deleted=[read_id(one) for one in bodies if "currency" not in one],
    )


def _read_batch(document: Mapping[str, Any]) -> Reading:
    orders = [read(one) for name, read in _BATCH.items() for one in list_objects(document.get(name))]
    return Reading(orders=orders)


def _delete(body: Mapping[str, Any]) -> OrderDocument:
    return woocommerce.read_order(body, is_deleted=True)


_BATCH: dict[str, Callable[[Mapping[str, Any]], OrderDocument]] = {
    "create": woocommerce.read_order,
    "update": woocommerce.read_order,
    "delete": _delete,
}


def _unwrap(document: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a body, which may be one, a list, or either below its name."""
    if isinstance(document, dict):
        for key in (name, f"{name}s"):
            if isinstance(document.get(key), (dict, list)) and "id" not in document:
                document = document[key]
                break
    if isinstance(document, dict):
        yield document
    elif not isinstance(document, list) or any(not isinstance(one, dict) for one in document):
        raise BodyNotUnderstood("The body holds no object.")
    else:
        yield from document

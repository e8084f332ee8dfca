"""What the pages of customers call things, in the owner's language."""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import current_locale
from widget.customers.models import Customer, CustomerAttribute
from widget.orders.models import Cart, Order

SORT_NAMES = {
    "last_order": _l("Last order"),
    "revenue": _l("Revenue"),
    "orders": _l("Number of orders"),
    "newest": _l("Newest customers"),
}
ATTRIBUTE_NAMES = {
    "birthday": _l("Birthday"),
    "gender": _l("Gender"),
    "area": _l("Area"),
    "interests": _l("Interests"),
}
STATE_NAMES = {
    "placed": _l("placed"),
    "paid": _l("paid"),
    "fulfilled": _l("fulfilled"),
    "delivered": _l("delivered"),
    "cancelled": _l("cancelled"),
}
_LEAP_YEAR = 2000


def name_customer(customer: Customer) -> str:
    """Return how a page calls a customer: by name, else by e-mail, else by the store's id."""
    return customer.name or customer.email or customer.external_id or str(_("Somebody"))


def name_attribute(attribute: CustomerAttribute) -> str:
    """Return what an attribute is called."""
    return str(ATTRIBUTE_NAMES.get(attribute.name, attribute.name.replace("_", " ").capitalize()))


def spell_attribute(attribute: CustomerAttribute) -> str:
    """Return what a customer told, as people read it; what has an unknown form stays as it is."""
    value: Any = attribute.value
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if attribute.name == "birthday" and isinstance(value, str):
        return _spell_birthday(value)
    return str(value)


def name_source(attribute: CustomerAttribute) -> str:
    """Return where a customer told it."""
    return str(_("in a survey") if attribute.source.startswith("survey:") else _("told by your store"))


def name_order_state(order: Order) -> str:
    """Return how far an order has come."""
    return str(STATE_NAMES[order.state])


def name_cart_state(cart: Cart) -> str:
    """Return what became of a cart."""
    if cart.bought_at:
        return str(_("bought after it was left") if cart.abandoned_at or cart.recovered_at else _("bought"))
    return str(_("left") if cart.abandoned_at else _("not bought so far"))


def _spell_birthday(value: str) -> str:
    try:
        year = value[:4] if not value.startswith("--") else ""
        month, day = int(value[-5:-3]), int(value[-2:])
        born = date(int(year or _LEAP_YEAR), month, day)
    except ValueError:
        return value
    return format_date(born, "d MMMM y" if year else "d MMMM", locale=current_locale())

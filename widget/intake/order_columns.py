"""The columns of an order file as we call them, ours and other people's names for them. Pure."""

ORDER_COLUMNS = (
    "id",
    "number",
    "state",
    "placed_at",
    "updated_at",
    "paid_at",
    "fulfilled_at",
    "delivered_at",
    "cancelled_at",
    "customer",
    "guest",
    "email",
    "email_verified",
    "name",
    "accepts_marketing",
    "currency",
    "total",
    "tax",
    "shipping",
    "discount",
    "refunded",
    "refunded_at",
    "refunds",
    "coupon_codes",
    "cart_id",
    "test",
    "lines",
)
LINE_COLUMNS = (
    "line_id",
    "product_id",
    "variant_id",
    "sku",
    "title",
    "quantity",
    "unit_price",
    "line_discount",
    "line_tax",
    "line_total",
    "gift_card",
)
OURS = frozenset(ORDER_COLUMNS + LINE_COLUMNS)
# A row that says which product it is about holds a line of its order.
NAMING_A_LINE = ("line_id", "product_id", "sku", "title")
# Columns of our own exports that follow from others.
DERIVED = frozenset({"net", "reporting_currency", "reporting_net", "source"})
# What plain files of others call the same things, so that most need no map.
ALIASES = {
    "order_id": "id",
    "order_number": "number",
    "status": "state",
    "date": "placed_at",
    "order_date": "placed_at",
    "created_at": "placed_at",
    "customer_id": "customer",
    "customer_email": "email",
    "customer_name": "name",
    "amount": "total",
    "order_total": "total",
    "coupon_code": "coupon_codes",
    "product": "title",
    "price": "unit_price",
}
# What stores call the states of an order; platforms' own words among them.
STATES = {
    "placed": "placed",
    "pending": "placed",
    "on-hold": "placed",
    "open": "placed",
    "authorized": "placed",
    "pending payment": "placed",
    "on hold": "placed",
    "paid": "paid",
    "processing": "paid",
    "partially_paid": "placed",
    "partially_refunded": "paid",
    "refunded": "paid",
    "fulfilled": "fulfilled",
    "shipped": "fulfilled",
    "completed": "fulfilled",
    "complete": "fulfilled",
    "delivered": "delivered",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "failed": "cancelled",
    "voided": "cancelled",
}
WHOLLY_REFUNDED = "refunded"


def name_column(column: str) -> str:
    """Return what a column is called here, empty for one that is not known.

    >>> name_column("Placed at"), name_column("Order date"), name_column("Gift wrap")
    ('placed_at', 'placed_at', '')
    """
    plain = column.strip().lower().replace(" ", "_")
    name = ALIASES.get(plain, plain)
    return name if name in OURS else ""


def read_state(word: str) -> str:
    """Return the state that a store's word means; raise ValueError for a word that is not known.

    >>> read_state("wc-completed"), read_state("Refunded"), read_state("on-hold")
    ('fulfilled', 'paid', 'placed')
    """
    state = STATES.get(word.strip().lower().removeprefix("wc-"))
    if state is None:
        raise ValueError(f"{word[:40]} is no state known here: placed, paid, fulfilled, delivered or cancelled.")
    return state

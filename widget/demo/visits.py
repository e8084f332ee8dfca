"""What the shop remembers of a visit: the cart, who is logged in, the last order. It is one signed cookie."""

from dataclasses import asdict, dataclass, field, replace

from flask import Request, Response, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from widget.demo.catalogue import PRODUCTS_BY_SKU, SHOPPERS_BY_ID, Product, Shopper

COOKIE = "maple_store"
COOKIE_LASTS_SECONDS = 30 * 24 * 3600
MAX_QUANTITY = 9


@dataclass(frozen=True)
class Visit:
    """One browser at the shop; `cart` and `order_lines` map SKUs to quantities, `code` takes something off the cart."""

    cart: dict[str, int] = field(default_factory=dict)
    shopper_id: str | None = None
    order_id: str | None = None
    order_lines: dict[str, int] = field(default_factory=dict)
    order_discount_minor: int = 0
    order_delivery_minor: int = 0
    is_order_returned: bool = False
    code: str = ""

    @property
    def shopper(self) -> Shopper | None:
        return SHOPPERS_BY_ID.get(self.shopper_id or "")

    @property
    def cart_size(self) -> int:
        return sum(self.cart.values())

    def with_product(self, sku: str, quantity: int) -> "Visit":
        """Return the visit with so many more of a product in the cart.

        >>> Visit(cart={"MUG-02": 8}).with_product("MUG-02", 3).cart
        {'MUG-02': 9}
        """
        return self.with_quantity(sku, self.cart.get(sku, 0) + quantity)

    def with_quantity(self, sku: str, quantity: int) -> "Visit":
        """Return the visit with exactly so many of a product in the cart; none takes it out.

        >>> Visit(cart={"MUG-02": 1}).with_quantity("MUG-02", 0).cart
        {}
        """
        others = {other: count for other, count in self.cart.items() if other != sku}
        if sku not in PRODUCTS_BY_SKU or quantity < 1:
            return replace(self, cart=others)
        return replace(self, cart={**others, sku: min(quantity, MAX_QUANTITY)})

    def with_order(self, order_id: str, discount_minor: int, delivery_minor: int) -> "Visit":
        """Return the visit after the cart was ordered."""
        emptied = replace(self, cart={}, code="", order_id=order_id, order_lines=self.cart, is_order_returned=False)
        return replace(emptied, order_discount_minor=discount_minor, order_delivery_minor=delivery_minor)


@dataclass(frozen=True)
class Line:
    """One product in a cart or an order."""

    product: Product
    quantity: int

    @property
    def amount_minor(self) -> int:
        return self.product.price_minor * self.quantity


def list_lines(quantities: dict[str, int]) -> list[Line]:
    """Return the lines of a cart or an order; products the shop no longer has are left out."""
    return [Line(PRODUCTS_BY_SKU[sku], count) for sku, count in quantities.items() if sku in PRODUCTS_BY_SKU]


def read_visit(request: Request) -> Visit:
    """Return the visit of the request's cookie, or a new one."""
    try:
        return Visit(**_serializer().loads(request.cookies.get(COOKIE, "")))
    except (BadSignature, TypeError):
        return Visit()


def keep_visit(response: Response, visit: Visit) -> Response:
    """Put the visit into the response's cookie."""
    response.set_cookie(
        COOKIE,
        _serializer().dumps(asdict(visit)),
        max_age=COOKIE_LASTS_SECONDS,
        path="/shop",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="regulars.demo.visit")

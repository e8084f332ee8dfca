"""What coupons are worth and what has become of them, in the owner's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import format_decimal, format_money
from widget.coupons.models import CouponPool

KIND_NAMES = {
    "amount_off": _l("Amount off"),
    "percent_off": _l("Percent off"),
    "free_shipping": _l("Free shipping"),
    "free_product": _l("Free product"),
    "gift_card": _l("Gift card"),
    "custom": _l("Something of your own"),
}
SOURCE_NAMES = {
    "made": _l("Made one by one, when somebody gets one"),
    "uploaded": _l("From a list you upload"),
}
STATE_NAMES = {
    "available": _l("left"),
    "issued": _l("given out"),
    "redeemed": _l("used"),
    "expired": _l("expired"),
    "cancelled": _l("taken back"),
}


def describe_worth(pool: CouponPool) -> str:
    """Return what a coupon of a pool is worth."""
    said = _say_worth(pool)
    if not pool.minimum_minor or not pool.currency:
        return said
    minimum = format_money(pool.minimum_minor, pool.currency)
    return str(_("%(worth)s, for orders from %(minimum)s on", worth=said, minimum=minimum))


def _say_worth(pool: CouponPool) -> str:
    if pool.kind == "percent_off" and pool.percent_basis_points is not None:
        hundredths = pool.percent_basis_points
        percent = format_decimal(hundredths / 100, 2 if hundredths % 100 else 0)
        return str(_("%(percent)s %% off", percent=percent))
    if pool.kind == "amount_off":
        return str(_("%(amount)s off", amount=format_money(pool.amount_minor, pool.currency)))
    if pool.kind == "gift_card":
        return str(_("Gift card of %(amount)s", amount=format_money(pool.amount_minor, pool.currency)))
    if pool.kind == "free_product":
        return str(_("Product %(product)s for free", product=pool.product_id))
    return str(KIND_NAMES[pool.kind])

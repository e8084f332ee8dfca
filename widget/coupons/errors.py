"""What the coupons room refuses."""

from widget.core.problems import Conflict, NotFound


class PoolNotFound(NotFound):
    slug, title = "coupon-pool-not-found", "This site has no such pool of coupons"


class CouponNotFound(NotFound):
    slug, title = "coupon-not-found", "This site has no such coupon"


class PoolEmpty(Conflict):
    slug, title = "coupon-pool-empty", "There are no codes left"


class PoolNotUploadable(Conflict):
    slug, title = "coupon-pool-not-uploadable", "This pool takes no codes from a list"


class CouponNotUsable(Conflict):
    slug, title = "coupon-not-usable", "This coupon cannot be used, or no longer"

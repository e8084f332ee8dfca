"""What of an order earns points: its amount after discounts, what came back, and what is left out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class BoughtLine:
    """One line of an order; `total_minor` is what was paid for it, after discounts and with its tax."""

    id: str
    total_minor: int
    tax_minor: int = 0
    products: frozenset[str] = frozenset()
    is_gift_card: bool = False


@dataclass(frozen=True)
class GivenBack:
    """One refund: the money, the part of it that is shipping, and what it says of lines."""

    amount_minor: int
    shipping_minor: int = 0
    lines: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Bought:
    """An order as it stands; `is_earning` is False for one that is not paid, cancelled, or a test."""

    is_earning: bool
    total_minor: int
    tax_minor: int = 0
    shipping_minor: int = 0
    lines: Sequence[BoughtLine] = ()
    refunds: Sequence[GivenBack] = ()


@dataclass(frozen=True)
class Basis:
    """What counts: with or without tax and shipping; gift cards never do, nor do these products."""

    with_tax: bool = False
    with_shipping: bool = False
    excluded_products: frozenset[str] = frozenset()

    def counts(self, line: BoughtLine) -> bool:
        """Return whether a line earns points.

        >>> Basis(excluded_products=frozenset({"CUP"})).counts(BoughtLine("1", 100, products=frozenset({"CUP", "42"})))
        False
        """
        return not line.is_gift_card and not (line.products & self.excluded_products)


def basis_of(order: Bought, basis: Basis) -> Fraction:
    """Return what of an order earns points, in minor units, however its refunds were split.

    A refund takes away what it says of lines, in the share of them that counts; what it gives back beyond its lines and
    shipping is spread over all goods. Goods that came back earn nothing, even where less money was given back.

    >>> lines = [BoughtLine(str(n), 19964, 398) for n in (1, 2)] + [BoughtLine("3", 19966, 398)]
    >>> order = Bought(True, 59894, 1194, lines=lines)
    >>> basis_of(order, Basis())
    Fraction(58700, 1)
    >>> back = [GivenBack(20900, lines=[("1", 19964), ("3", 19966)])]
    >>> basis_of(Bought(True, 59894, 1194, lines=lines, refunds=back), Basis())
    Fraction(19566, 1)
    """
    if not order.is_earning:
        return Fraction(0)
    left_out = [line for line in order.lines if not basis.counts(line)]
    goods = order.total_minor - order.shipping_minor - (0 if basis.with_tax else order.tax_minor)
    goods -= sum(line.total_minor - (0 if basis.with_tax else line.tax_minor) for line in left_out)
    goods = max(0, goods)
    all_goods = order.total_minor - order.shipping_minor
    share = Fraction(goods, all_goods) if all_goods > 0 else Fraction(0)
    lines = {line.id: line for line in order.lines}
    back = sum((_goods_back(refund, lines, basis, share) for refund in order.refunds), Fraction(0))
    amount = max(Fraction(0), goods - back)
    if basis.with_shipping:
        shipping_back = sum(refund.shipping_minor for refund in order.refunds)
        amount += max(0, order.shipping_minor - shipping_back)
    return amount


def _goods_back(refund: GivenBack, lines: dict[str, BoughtLine], basis: Basis, share: Fraction) -> Fraction:
    known = [(lines[line_id], amount) for line_id, amount in refund.lines if line_id in lines]
    rest = max(0, refund.amount_minor - refund.shipping_minor - sum(amount for _, amount in known))
    back = rest * share
    for line, amount in known:
        if basis.counts(line):
            untaxed = Fraction(line.total_minor - line.tax_minor, line.total_minor) if line.total_minor else Fraction(0)
            back += amount * (Fraction(1) if basis.with_tax else untaxed)
    return back

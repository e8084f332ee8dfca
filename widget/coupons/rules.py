"""When two spellings of a code are one, and what coupons may be. Pure."""

KINDS = ("amount_off", "percent_off", "free_shipping", "free_product", "gift_card", "custom")
STATES = ("available", "issued", "redeemed", "expired", "cancelled")
MAX_CODE_LENGTH = 64


def code_key(code: str) -> str:
    """Return the form in which two spellings of one code are equal.

    >>> code_key(" tea-abcde "), code_key("TEA-ABCDE")
    ('TEA-ABCDE', 'TEA-ABCDE')
    """
    return code.strip().upper()

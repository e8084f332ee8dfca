"""Who wrote a review, as far as it is proven: two reviews of a product by one author cannot be. Pure."""

import hashlib
import uuid

from widget.customers.rules import email_key


def key_of_customer(customer_id: uuid.UUID) -> str:
    """Return the author's key of a customer.

    >>> key_of_customer(uuid.UUID(int=7))
    'c:00000000000000000000000000000007'
    """
    return f"c:{customer_id.hex}"


def key_of_email(site_id: uuid.UUID, email: str | None) -> str | None:
    """Return the author's key of an e-mail address, None for what is none.

    >>> key_of_email(uuid.UUID(int=1), "Jo.Do@gmail.com") == key_of_email(uuid.UUID(int=1), "jodo@gmail.com")
    True
    """
    key = email_key(email)
    return f"e:{hashlib.sha256((site_id.hex + key).encode()).hexdigest()}" if key else None

"""Finding customers by a part of their name or e-mail, or by the beginning of their id."""

import uuid
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from widget.customers.models import Customer


def list_spellings(text: str) -> list[str]:
    """Return the ways one word is written with large and small letters.

    Databases fold the case of ASCII letters everywhere and of others only in some locales.

    >>> list_spellings("female")
    ['FEMALE', 'Female', 'female']
    """
    word = text.strip()
    return sorted({word, word.lower(), word.upper(), word.capitalize(), word.title()})


def is_called(site_id: uuid.UUID, text: str) -> Any:
    """Return the condition that a customer, or one who became one with them, is called so."""
    former = aliased(Customer)
    own, other = _matches(Customer, text), _matches(former, text)
    became = select(former.merged_into_id).where(former.site_id == site_id, former.merged_into_id.is_not(None), other)
    return or_(own, Customer.id.in_(became))


def _matches(customer: Any, text: str) -> Any:
    names = (customer.name.icontains(spelling, autoescape=True) for spelling in list_spellings(text))
    return or_(
        *names,
        customer.email.icontains(text.lower(), autoescape=True),
        customer.external_id.startswith(text, autoescape=True),
    )

"""The page of one account, with the forms that were refused."""

import uuid
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.customers.models import Customer
from widget.customers.queries import map_customers
from widget.loyalty import account_queries, account_words, entry_words
from widget.loyalty.account_forms import AdjustmentForm, PinForm
from widget.loyalty.entries import MAX_NUMBER
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.programs import CurrentProgram, find_current
from widget.loyalty.verifying import find_fault
from widget.sites.doors import current_site

ENTRIES_A_PAGE = 25
REDEMPTIONS_SHOWN = 50
# The check reads every entry; of a longer ledger the command tells.
MAX_CHECKED_ENTRIES = 5_000


def find_site_program() -> CurrentProgram | None:
    """Return the current site's program."""
    return find_current(session_cursor(), current_site().id)


def make_pin_form(program: CurrentProgram | None, **values: Any) -> PinForm:
    """Return the form of a tier by hand."""
    form = PinForm(**values)
    form.tier.choices = list(account_words.list_tier_choices(program.rules if program else None, with_any=False))
    return form


def render_account(customer: Customer, **submitted: FlaskForm) -> str:
    """Return the page; forms that were not submitted are empty."""
    now, program = utc_now(), find_site_program()
    account = account_queries.find_account(customer.site_id, customer.id)
    before = _read_place(request.args.get("cursor"))
    forms = {
        "adjustment": AdjustmentForm(formdata=None, id=str(new_id())),
        "pin": make_pin_form(program, formdata=None, tier=account.tier if account else None),
    }
    history = _tell_history(account, before) if account else {}
    is_checked = account is not None and account.last_number <= MAX_CHECKED_ENTRIES
    return render_template(
        "loyalty/account.html",
        customer=customer,
        name=account_words.name_customer(customer),
        account=account,
        book=account_queries.read_settled(account, now) if account else None,
        now=now,
        rules=program.rules if program else None,
        forms=forms | submitted,
        redemptions=account_queries.list_redemptions(customer.site_id, customer.id, REDEMPTIONS_SHOWN),
        is_checked=is_checked,
        fault=find_fault(account) if account and is_checked else None,
        is_first_page=before is None,
        words=account_words,
        entry_words=entry_words,
        **history,
    )


def _tell_history(account: LoyaltyAccount, before: int | None) -> dict[str, Any]:
    entries = list(account_queries.list_entries(account, before, ENTRIES_A_PAGE))
    shown = entries[:ENTRIES_A_PAGE]
    rewards = account_queries.map_rewards(account.site_id, entry_words.list_reward_ids(shown))
    others = _name_others(account.site_id, shown)
    return {
        "entries": [(entry, entry_words.tell_entry(entry, rewards, others)) for entry in shown],
        "next_cursor": shown[-1].number if len(entries) > ENTRIES_A_PAGE else None,
    }


def _name_others(site_id: uuid.UUID, entries: list[LedgerEntry]) -> dict[str, str]:
    """Return the names of the customers that merges speak of, by their ids as sources spell them."""
    ids = {uuid.UUID(entry.source.partition(":")[2]) for entry in entries if entry.source.startswith("merge:")}
    found = map_customers(site_id, ids) if ids else {}
    return {str(customer_id): account_words.name_customer(customer) for customer_id, customer in found.items()}


def _read_place(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MAX_NUMBER):
        raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")])
    return int(text)

"""The owner's pages of customers by points: the list, and one account whole."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from widget.core.clock import utc_now
from widget.core.problems import InvalidFields
from widget.loyalty import account_queries, account_words
from widget.loyalty.account_filters import read_filter
from widget.loyalty.account_view import find_site_program, render_account
from widget.sites.doors import current_site, pages_blueprint

ACCOUNTS_A_PAGE = 50

blueprint = pages_blueprint("loyalty_accounts", __name__)


@blueprint.route("/loyalty/customers")
def show_accounts() -> str:
    """Show the accounts a filter selects."""
    site_id, now = current_site().id, utc_now()
    wanted, cursor = read_filter(request.args), request.args.get("cursor")
    program = find_site_program()
    page = account_queries.list_accounts(site_id, wanted, cursor, ACCOUNTS_A_PAGE, now)
    return render_template(
        "loyalty/accounts.html",
        page=page,
        wanted=wanted,
        query=wanted.to_query(),
        has_accounts=bool(page.rows) or account_queries.has_accounts(site_id),
        is_first_page=not cursor,
        rules=program.rules if program else None,
        words=account_words,
    )


@blueprint.route("/loyalty/customers/<uuid:customer_id>")
def show_account(customer_id: uuid.UUID) -> Any:
    """Show one account whole; a customer who became another leads there."""
    customer = account_queries.get_survivor(current_site().id, customer_id)
    if customer.id != customer_id:
        return redirect(url_for(".show_account", customer_id=customer.id))
    return render_account(customer)


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with an address of these pages."""
    return render_template(
        "loyalty/accounts_refused.html",
        title=_("Customers by points"),
        problem=problem,
        part="customers",
        address=url_for("loyalty_accounts_pages.show_accounts"),
        back=_("Show everybody with points"),
    ), problem.status

"""The settings page of a site's currency and its rates."""

from datetime import date
from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from widget.core.formats import current_locale, format_number
from widget.core.money import CURRENCIES
from widget.core.problems import NotFound
from widget.orders import rate_queries, service
from widget.orders.rate_files import LineRefused, read_pasted_rates, read_rate_row
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

pages = pages_blueprint("rates", __name__, reading="owner", writing="owner")

MAX_PASTED_LENGTH = 200_000
# What most stores have stands first, so that a list of all currencies is seldom read.
USUAL = ("EUR", "USD", "GBP", "CHF", "IDR", "JPY")


class CurrencyForm(FlaskForm):
    """The currency of all figures."""

    currency = SelectField(_l("Currency of all figures"), choices=sorted(CURRENCIES))


class RateForm(FlaskForm):
    """One rate."""

    currency = StringField(_l("Currency"), [InputRequired(_l("Type a currency such as CHF."))])
    valid_on = StringField(_l("From"), [InputRequired(_l("Choose a day."))])
    rate = StringField(_l("One unit is worth"), [InputRequired(_l("Type a rate such as 1.0523."))])


class ManyRatesForm(FlaskForm):
    """Many rates, one a line."""

    lines = TextAreaField(
        _l("One a line"), [InputRequired(_l("Paste at least one line.")), Length(max=MAX_PASTED_LENGTH)]
    )


@pages.route("/settings/rates")
def show_rates() -> str:
    """Show the currency, the rates, and how far orders are reckoned anew."""
    return _render()


@pages.route("/settings/rates/currency", methods=["POST"])
def change_currency() -> Any:
    """Choose the currency of all figures."""
    form = CurrencyForm()
    if not form.validate():
        return _render(currency=form), 422
    if service.choose_reporting_currency(current_site(), form.currency.data):
        note_action("currency.changed", form.currency.data)
        return _back(_("Figures are reckoned in %(currency)s from now on.", currency=form.currency.data))
    return _back(_("Nothing has changed."))


@pages.route("/settings/rates", methods=["POST"])
def add_rate() -> Any:
    """Add one rate."""
    form = RateForm()
    if not form.validate():
        return _render(rate=form), 422
    try:
        key, rate = read_rate_row(form.data, current_site().reporting_currency)
    except LineRefused as refusal:
        form[refusal.column].errors = [refusal.message]
        return _render(rate=form), 422
    service.save_rates(current_site().id, {key: rate})
    note_action("rates.added", key[0], count=1)
    return _back(_("The rate is saved."))


@pages.route("/settings/rates/many", methods=["POST"])
def add_many_rates() -> Any:
    """Add every rate of the lines, or none."""
    form = ManyRatesForm()
    if not form.validate():
        return _render(many=form), 422
    try:
        rates = read_pasted_rates(form.lines.data, current_site().reporting_currency)
    except LineRefused as refusal:
        form.lines.errors = [_("Line %(number)s:", number=refusal.number), refusal.message]
        return _render(many=form), 422
    if not rates:
        form.lines.errors = [_("Paste at least one line.")]
        return _render(many=form), 422
    service.save_rates(current_site().id, rates)
    note_action("rates.added", ", ".join(sorted({currency for currency, _day in rates})), count=len(rates))
    count = len(rates)
    return _back(
        ngettext("%(number)s rate is saved.", "%(number)s rates are saved.", count, number=format_number(count))
    )


@pages.route("/settings/rates/<currency>/<valid_on>/delete", methods=["POST"])
def delete_rate(currency: str, valid_on: str) -> BaseResponse:
    """Forget a rate."""
    try:
        day = date.fromisoformat(valid_on)
    except ValueError as error:
        raise NotFound() from error
    site = current_site()
    if not any((rate.currency, rate.valid_on) == (currency, day) for rate in rate_queries.list_rates(site.id)):
        raise NotFound()
    service.delete_rate(site.id, currency, day)
    note_action("rates.deleted", currency, day=day.isoformat())
    return _back(_("The rate is deleted."))


def _back(message: str) -> BaseResponse:
    flash(message)
    return redirect(url_for(".show_rates"))


def _render(**submitted: FlaskForm) -> str:
    site = current_site()
    forms = {
        "currency": CurrencyForm(formdata=None, currency=site.reporting_currency),
        "rate": RateForm(formdata=None),
        "many": ManyRatesForm(formdata=None),
    }
    return render_template(
        "orders/rates.html",
        forms=forms | submitted,
        currency_choices=_list_choices(current_locale(), site.reporting_currency),
        rates=rate_queries.list_rates(site.id),
        unpriced_currencies=rate_queries.count_unpriced_by_currency(site.id),
        progress=rate_queries.find_progress(site.id),
    )


def _list_choices(locale: Locale, chosen: str | None) -> list[tuple[str, str]]:
    codes = [*USUAL, *sorted(CURRENCIES - set(USUAL))]
    names = [(code, f"{code} · {locale.currencies[code]}") for code in codes if code in locale.currencies]
    return names if chosen else [("", _("None yet")), *names]
